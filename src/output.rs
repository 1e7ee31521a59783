//! The only writer of site files: from rendered pages to the output folder.
//!
//! What changed is written beside the old files first and moved into place when all of it is
//! there, so that a full disk leaves the old site whole. What did not change keeps its time. A
//! list of what was written lies in the folder; nothing that is not on it is ever deleted or
//! overwritten, and a folder with files and no such list is not touched at all.

mod new_files;
mod rewrite;
mod save;

pub use new_files::write_new;
pub use rewrite::{ChangedFile, rewrite};
pub use save::save;

use crate::failure::{Failure, why};
use crate::load::{ASSETS, PUBLISHED, TEMPLATES};
use crate::paths::{absolute, shown};
use crate::render::RenderedFile;
use memchr::memchr_iter;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// Makes an output folder hold the files that are given to it, and no others of ours.
///
/// Files come in any order, from any thread, and are written at once beside the old ones, so that
/// nothing has to be kept in memory. Only [`finish`](Self::finish) touches the old ones; a publisher
/// that is dropped before leaves them as they were.
#[derive(Debug)]
pub struct Publisher<'p> {
    out: &'p Path,
    staging: PathBuf,
    /// Whether there was no such folder.
    is_new: bool,
    /// Whether nothing was in it.
    was_empty: bool,
    /// Whether the last time ended while files were moved, so that old and new ones may stand there.
    was_interrupted: bool,
    /// The files of the last time.
    old: BTreeSet<String>,
    /// The files of this time.
    new: BTreeSet<String>,
    progress: Mutex<Progress>,
}

/// What has been done so far.
#[derive(Debug, Default)]
struct Progress {
    /// What waits to be moved, by its path in the output.
    staged: Vec<String>,
    unchanged: usize,
    /// Folders in the staging folder that are there already, by their paths in the output.
    folders: FxHashSet<String>,
    finished: bool,
}

impl<'p> Publisher<'p> {
    /// Begins to publish files with these paths into a folder.
    ///
    /// # Errors
    ///
    /// The folder is one that holds something else, two of the paths exclude each other, or nothing
    /// can be written there.
    pub fn begin(
        site: &Path,
        out: &'p Path,
        paths: impl IntoIterator<Item = String>,
    ) -> Result<Self, Failure> {
        let old = old_files(site, out)?;
        let mut paths: Vec<String> = paths.into_iter().collect();
        // The set is made much faster of what is sorted.
        paths.par_sort_unstable();
        refuse_file_and_folder(&paths)?;
        let new = BTreeSet::from_iter(paths);
        let is_new = !out.exists();
        let was_empty = is_new || !has_entries(out);
        let staging = out.join(STAGING);
        let was_interrupted = staging.exists();
        if was_interrupted {
            fs::remove_dir_all(&staging).map_err(cant("write to", out))?;
        }
        fs::create_dir_all(&staging).map_err(cant("make the folder", out))?;
        Ok(Self {
            out,
            staging,
            is_new,
            was_empty,
            was_interrupted,
            old,
            new,
            progress: Mutex::default(),
        })
    }

    /// Takes a file that was made.
    ///
    /// # Errors
    ///
    /// It can't be written.
    pub fn write(&self, file: &RenderedFile) -> Result<(), Failure> {
        // Nearly always nobody asks where it will stand.
        let place = || self.out.join(&file.path);
        if !self.was_empty && has_content(&place(), &file.bytes) {
            self.progress().unchanged += 1;
            return Ok(());
        }
        let waiting = self.stage(&file.path)?;
        fs::write(&waiting, &file.bytes).map_err(|error| cant("write", &place())(error))
    }

    /// Whether this is what a file holds that was published the last time.
    pub fn holds(&self, file: &RenderedFile) -> bool {
        !self.was_interrupted
            && self.old.contains(&file.path)
            && has_content(&self.out.join(&file.path), &file.bytes)
    }

    /// Leaves a file as it was published the last time, if it is there.
    pub fn keep(&self, path: &str) -> bool {
        let is_there = self.old.contains(path) && self.out.join(path).is_file();
        self.progress().unchanged += usize::from(is_there);
        is_there
    }

    /// Takes a file that is to be copied from somewhere else.
    ///
    /// # Errors
    ///
    /// It can't be read or written.
    pub fn copy(&self, path: &str, from: &Path) -> Result<(), Failure> {
        let place = self.out.join(path);
        let same_length =
            |a: &Path, b: &Path| Some(a.metadata().ok()?.len() == b.metadata().ok()?.len());
        if !self.was_empty
            && same_length(&place, from) == Some(true)
            && fs::read(from).is_ok_and(|bytes| has_content(&place, &bytes))
        {
            self.progress().unchanged += 1;
            return Ok(());
        }
        let waiting = self.stage(path)?;
        fs::copy(from, &waiting).map(|_| ()).map_err(cant("copy", from))
    }

    /// Puts the new files in place, and removes what is left of the last time.
    ///
    /// # Errors
    ///
    /// Something of somebody else is in the way, or a file can't be moved.
    pub fn finish(self) -> Result<Published, Failure> {
        let staged = std::mem::take(&mut self.progress().staged);
        if !self.was_empty {
            refuse_what_is_in_the_way(self.out, &staged, &self.old)?;
        }
        self.progress().finished = true;
        // Should the power go while files are moved, the list names all that may be there.
        write_list(self.out, self.old.union(&self.new))?;
        let mut removed = 0;
        for stale in self.old.difference(&self.new) {
            removed += usize::from(remove(self.out, stale));
        }
        move_into(&self.staging, self.out)?;
        let _ = fs::remove_dir_all(&self.staging);
        write_list(self.out, self.new.iter())?;
        let unchanged = self.progress().unchanged;
        Ok(Published { written: staged.len(), unchanged, removed })
    }

    /// The place where a file waits; its folder is there.
    fn stage(&self, path: &str) -> Result<PathBuf, Failure> {
        let mut waiting = PathBuf::with_capacity(self.staging.as_os_str().len() + 1 + path.len());
        waiting.push(&self.staging);
        waiting.push(path);
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let is_there = folder.is_empty() || self.progress().folders.contains(folder);
        if !is_there && let Some(folder) = waiting.parent() {
            fs::create_dir_all(folder).map_err(cant("make the folder", folder))?;
        }
        let mut progress = self.progress();
        if !is_there {
            progress.folders.insert(folder.to_owned());
        }
        progress.staged.push(path.to_owned());
        Ok(waiting)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Publisher<'_> {
    fn drop(&mut self) {
        if !self.progress().finished {
            let _ = fs::remove_dir_all(&self.staging);
            if self.is_new {
                let _ = fs::remove_dir(self.out);
            }
        }
    }
}

/// Moves what is in a folder into another one, whole folders at once where there is none of the
/// name.
fn move_into(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(cant("read", from))? {
        let entry = entry.map_err(cant("read", from))?;
        let (waiting, place) = (entry.path(), to.join(entry.file_name()));
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && place.is_dir() {
            move_into(&waiting, &place)?;
        } else {
            fs::rename(&waiting, &place).map_err(cant("write", &place))?;
        }
    }
    Ok(())
}

/// Whether a folder holds anything but what waits in it.
fn has_entries(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.any(|entry| entry.file_name() != STAGING)
}

/// Whether a [`Publisher`] would write to a folder: it does not hold the site, and nothing but what was
/// published into it before.
///
/// # Errors
///
/// Why not.
pub fn check_folder(site: &Path, out: &Path) -> Result<(), Failure> {
    old_files(site, out).map(|_| ())
}

/// An error of the world, as a sentence: what could not be done, and why.
fn cant<'p>(what: &'p str, path: &'p Path) -> impl FnOnce(io::Error) -> Failure + use<'p> {
    move |error| Failure::World(format!("can't {what} {}: {}", shown(path), why(&error)))
}

/// Writes the list, unless it says the same already.
fn write_list<'p>(out: &Path, paths: impl Iterator<Item = &'p String>) -> Result<(), Failure> {
    let mut list = paths.map(String::as_str).collect::<Vec<_>>().join("\n");
    list.push('\n');
    let path = out.join(PUBLISHED);
    if fs::read_to_string(&path).ok().as_deref() == Some(&list) {
        return Ok(());
    }
    fs::write(&path, list).map_err(cant("write", &path))
}

/// Refuses paths, sorted, of which one would have to be a file and a folder at once.
fn refuse_file_and_folder(paths: &[String]) -> Result<(), Failure> {
    let files: FxHashSet<&str> = paths.iter().map(String::as_str).collect();
    let mut before = "";
    for path in paths {
        // What is above the path before as well was looked for there.
        let shared = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        before = path;
        let slashes = memchr_iter(b'/', path.as_bytes()).filter(|slash| *slash >= shared);
        let mut folders = slashes.map(|slash| &path[..slash]);
        if let Some(file) = folders.find(|folder| files.contains(*folder)) {
            let message = format!(
                "{file} would be a file and, for {path}, a folder as well; rename one of the two in the content"
            );
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}

/// Refuses to overwrite what is not on the list of the last time.
fn refuse_what_is_in_the_way(
    out: &Path,
    staged: &[String],
    old: &BTreeSet<String>,
) -> Result<(), Failure> {
    let is_ours = |path: &Path| {
        let below = path.strip_prefix(out).unwrap_or(path);
        old.contains(&below.to_string_lossy().replace('\\', "/"))
    };
    for path in staged {
        let foreign = Path::new(path).ancestors().map(|part| out.join(part)).find(|place| {
            match place.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => {
                    *place == out.join(path) && leaves_below(place).iter().any(|it| !is_ours(it))
                }
                Ok(_) => !is_ours(place),
                Err(_) => false,
            }
        });
        if let Some(foreign) = foreign {
            let message = format!(
                "{} is in the way, and alertbook did not write it; move it elsewhere",
                shown(&foreign)
            );
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}

/// What is below a folder: files, and folders with nothing in them.
fn leaves_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let is_leaf = |entry: &walkdir::DirEntry| {
        let is_empty =
            || fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none());
        !entry.file_type().is_dir() || is_empty()
    };
    entries.filter(is_leaf).map(walkdir::DirEntry::into_path).collect()
}

/// The files that were published into a folder the last time.
fn old_files(site: &Path, out: &Path) -> Result<BTreeSet<String>, Failure> {
    let (root, folder) = (absolute(site), absolute(out));
    let refused = |why: &str| Err(Failure::Usage(format!("{} {why}", shown(out))));
    if root.starts_with(&folder) {
        return refused("holds the site itself; choose another folder with --out");
    }
    // The next build would take pages for templates.
    if [TEMPLATES, ASSETS].iter().any(|part| folder.starts_with(root.join(part))) {
        return refused("belongs to the site's theme; choose another folder with --out");
    }
    if folder.exists() && !folder.is_dir() {
        return refused("is a file; choose a folder with --out");
    }
    if let Ok(list) = fs::read_to_string(out.join(PUBLISHED)) {
        return Ok(list.lines().map(str::to_owned).collect());
    }
    if has_entries(out) {
        return refused(
            "holds files that alertbook did not write; empty it, or choose another folder with --out",
        );
    }
    Ok(BTreeSet::new())
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

    /// Publishes files and copies, all at once.
    fn publish(
        site: &Path,
        out: &Path,
        files: &[RenderedFile],
        copies: &[(String, PathBuf)],
    ) -> Result<Published, Failure> {
        let paths = files.iter().map(|file| &file.path).chain(copies.iter().map(|(path, _)| path));
        let publisher = Publisher::begin(site, out, paths.cloned())?;
        files.iter().try_for_each(|file| publisher.write(file))?;
        copies.iter().try_for_each(|(path, from)| publisher.copy(path, from))?;
        publisher.finish()
    }

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
    fn files_of_somebody_else_are_not_overwritten() {
        let site = tempfile::tempdir().unwrap();
        let out = site.path().join("public");
        publish(site.path(), &out, &[file("a.html", "1"), file("b/c.html", "1")], &[]).unwrap();
        fs::write(out.join("mine.html"), "mine").unwrap();
        fs::create_dir_all(out.join("d.html")).unwrap();
        fs::write(out.join("d.html/mine"), "mine").unwrap();
        fs::create_dir_all(out.join("e.html/empty")).unwrap();
        for path in ["mine.html", "mine.html/f.html", "d.html", "e.html"] {
            let refused = publish(site.path(), &out, &[file("a.html", "2"), file(path, "2")], &[]);
            assert!(matches!(refused, Err(Failure::Usage(_))), "{path}");
            assert_eq!(fs::read_to_string(out.join("a.html")).unwrap(), "1");
            assert!(out.join("b/c.html").exists() && !out.join(STAGING).exists());
        }
        // What alertbook wrote may change from a folder to a file, and back.
        publish(site.path(), &out, &[file("b", "3")], &[]).unwrap();
        publish(site.path(), &out, &[file("b/c.html", "4")], &[]).unwrap();
        assert_eq!(fs::read_to_string(out.join("b/c.html")).unwrap(), "4");
        assert_eq!(fs::read_to_string(out.join("mine.html")).unwrap(), "mine");
    }

    #[test]
    fn what_would_be_file_and_folder_is_refused_before_anything_is_touched() {
        let site = tempfile::tempdir().unwrap();
        let out = site.path().join("public");
        publish(site.path(), &out, &[file("a.html", "1"), file("b.html", "1")], &[]).unwrap();
        let colliding = [file("a.html", "2"), file("d.html", ""), file("d.html/e.html", "")];
        let refused = publish(site.path(), &out, &colliding, &[]);
        assert!(matches!(refused, Err(Failure::Usage(_))), "{refused:?}");
        assert_eq!(fs::read_to_string(out.join("a.html")).unwrap(), "1");
        assert!(out.join("b.html").exists() && !out.join(STAGING).exists());
    }

    #[test]
    fn a_path_is_no_file_where_another_has_it_for_a_folder() {
        for (paths, is_fine) in [
            (&["a", "b/a", "b/b", "c"][..], true),
            (&["a/b/c", "a/bc", "a/bc-d", "a/bd/b"], true),
            (&["a", "a-b", "a/b"], false),
            (&["a/b", "a/b-c", "a/b/c"], false),
            (&["a/b/c/d", "a/b/c/e/f", "a/b/c/e"], false),
            (&["a/b/c", "a/b/d/e", "a/b/d/f/g", "a/b/d/f"], false),
            (&["a", "a-b/c", "a/b/c/d"], false),
        ] {
            let mut sorted: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            sorted.sort_unstable();
            assert_eq!(refuse_file_and_folder(&sorted).is_ok(), is_fine, "{paths:?}");
        }
    }

    #[test]
    fn folders_that_hold_something_else_are_left_alone() {
        let site = tempfile::tempdir().unwrap();
        let out = site.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("thesis.txt"), "years of work").unwrap();
        let templates = site.path().join("templates/pages");
        for folder in [out.as_path(), site.path(), site.path().parent().unwrap(), &templates] {
            let refused = publish(site.path(), folder, &[file("a.html", "")], &[]);
            assert!(matches!(refused, Err(Failure::Usage(_))), "{}", folder.display());
        }
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }
}
