//! The only writer of site files: from rendered pages to the output folder.
//!
//! What changed is written beside the old files first and moved into place when all of it is
//! there, so that a full disk leaves the old site whole. What did not change keeps its time. A
//! list of what was written lies in the folder; nothing that is not on it is ever deleted, and a
//! folder with files and no such list is not touched at all.

use crate::load::absolute;
use crate::render::RenderedFile;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The list of the files of an output folder, one path in a line.
const LIST: &str = ".alertbook-files";
/// Where files wait until all are written.
const STAGING: &str = ".alertbook-staging";

/// What publishing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// Files that are new or have changed.
    pub written: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Files of the last time that are gone.
    pub removed: usize,
}

/// Why nothing was published.
#[derive(Debug)]
pub enum PublishError {
    /// The folder is not one to write to.
    Refused(String),
    /// A file can't be written.
    World(String),
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(message) | Self::World(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for PublishError {}

/// Makes the output folder hold these files, and no others of ours. `copies` are files to be
/// copied: the path in the output and the file.
///
/// # Errors
///
/// The folder is one that holds something else, or a file can't be written; the files in the
/// folder are then as they were.
pub fn publish(
    site: &Path,
    out: &Path,
    files: &[RenderedFile],
    copies: &[(String, PathBuf)],
) -> Result<Published, PublishError> {
    let old = old_files(site, out)?;
    let world = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| {
            PublishError::World(format!("can't write {}: {error}", path.display()))
        }
    };
    let staging = out.join(STAGING);
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(world(&staging))?;
    }
    fs::create_dir_all(&staging).map_err(world(&staging))?;
    let mut published = Published::default();
    let staged = stage(out, &staging, files, copies, &mut published);
    let staged = match staged {
        Ok(staged) => staged,
        Err((path, error)) => {
            let _ = fs::remove_dir_all(&staging);
            return Err(world(&path)(error));
        }
    };
    let new: BTreeSet<&str> = files
        .iter()
        .map(|file| file.path.as_str())
        .chain(copies.iter().map(|(path, _)| path.as_str()))
        .collect();
    for stale in old.iter().filter(|path| !new.contains(path.as_str())) {
        published.removed += usize::from(remove(out, stale));
    }
    for (waiting, path) in staged {
        let place = out.join(&path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(world(folder))?;
        }
        fs::rename(&waiting, &place).map_err(world(&place))?;
    }
    let _ = fs::remove_dir_all(&staging);
    let mut list = new.into_iter().collect::<Vec<_>>().join("\n");
    list.push('\n');
    let list_path = out.join(LIST);
    if fs::read_to_string(&list_path).ok().as_deref() != Some(&list) {
        fs::write(&list_path, list).map_err(world(&list_path))?;
    }
    Ok(published)
}

/// The files that were published into a folder the last time.
fn old_files(site: &Path, out: &Path) -> Result<BTreeSet<String>, PublishError> {
    let (site, folder) = (absolute(site), absolute(out));
    if site.starts_with(&folder) {
        let message = format!("{} holds the site itself; choose another --out", out.display());
        return Err(PublishError::Refused(message));
    }
    if folder.exists() && !folder.is_dir() {
        return Err(PublishError::Refused(format!("{} is not a folder", out.display())));
    }
    if let Ok(list) = fs::read_to_string(out.join(LIST)) {
        return Ok(list.lines().map(str::to_owned).collect());
    }
    let mut entries = fs::read_dir(out).into_iter().flatten().filter_map(Result::ok);
    if entries.any(|entry| entry.file_name() != STAGING) {
        let message = format!(
            "{} holds files that alertbook did not write; empty it, or choose another --out",
            out.display()
        );
        return Err(PublishError::Refused(message));
    }
    Ok(BTreeSet::new())
}

/// A file that waits in the staging folder, and its path in the output.
type Staged = Vec<(PathBuf, String)>;

/// Writes what differs from the files of the last time, and counts.
fn stage(
    out: &Path,
    staging: &Path,
    files: &[RenderedFile],
    copies: &[(String, PathBuf)],
    published: &mut Published,
) -> Result<Staged, (PathBuf, io::Error)> {
    let mut staged = Staged::new();
    for file in files {
        let place = out.join(&file.path);
        if has_content(&place, &file.bytes) {
            published.unchanged += 1;
            continue;
        }
        let waiting = staging.join(staged.len().to_string());
        fs::write(&waiting, &file.bytes).map_err(|error| (place, error))?;
        staged.push((waiting, file.path.clone()));
    }
    for (path, from) in copies {
        let place = out.join(path);
        let same_length =
            |a: &Path, b: &Path| Some(a.metadata().ok()?.len() == b.metadata().ok()?.len());
        if same_length(&place, from) == Some(true)
            && fs::read(from).is_ok_and(|bytes| has_content(&place, &bytes))
        {
            published.unchanged += 1;
            continue;
        }
        let waiting = staging.join(staged.len().to_string());
        fs::copy(from, &waiting).map_err(|error| (from.clone(), error))?;
        staged.push((waiting, path.clone()));
    }
    published.written = staged.len();
    Ok(staged)
}

fn has_content(path: &Path, bytes: &[u8]) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|old| old == bytes)
}

/// Removes a file of ours, and the folders that are empty without it.
fn remove(out: &Path, path: &str) -> bool {
    // The list may have been edited by hand; nothing outside of the folder is ours.
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return false;
    }
    let place = out.join(path);
    let removed = fs::remove_file(&place).is_ok();
    let mut folder = place.parent();
    while let Some(empty) = folder.filter(|folder| *folder != out) {
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> RenderedFile {
        RenderedFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn what_changed_is_written_and_what_is_gone_is_removed() {
        let site = tempfile::tempdir().unwrap();
        let out = site.path().join("public");
        let image = site.path().join("a.png");
        fs::write(&image, "png").unwrap();
        let copies = vec![("img/a.png".to_owned(), image)];
        let first = [file("a.html", "1"), file("b/c/d.html", "2")];
        let done = publish(site.path(), &out, &first, &copies).unwrap();
        assert_eq!(done, Published { written: 3, unchanged: 0, removed: 0 });
        let time = fs::metadata(out.join("a.html")).unwrap().modified().unwrap();
        fs::write(out.join("foreign.txt"), "kept").unwrap();
        let second = [file("a.html", "1"), file("b/e.html", "3")];
        let done = publish(site.path(), &out, &second, &[]).unwrap();
        assert_eq!(done, Published { written: 1, unchanged: 1, removed: 2 });
        assert_eq!(fs::metadata(out.join("a.html")).unwrap().modified().unwrap(), time);
        assert!(!out.join("b/c").exists() && !out.join("img").exists());
        assert!(out.join("foreign.txt").exists() && !out.join(STAGING).exists());
    }

    #[test]
    fn folders_that_hold_something_else_are_left_alone() {
        let site = tempfile::tempdir().unwrap();
        let out = site.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("thesis.txt"), "years of work").unwrap();
        for folder in [out.as_path(), site.path(), site.path().parent().unwrap()] {
            let refused = publish(site.path(), folder, &[file("a.html", "")], &[]);
            assert!(matches!(refused, Err(PublishError::Refused(_))), "{}", folder.display());
        }
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }
}
