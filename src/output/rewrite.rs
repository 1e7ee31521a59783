//! Files of an author's own that get a new text.

use super::cant;
use crate::failure::Failure;
use crate::load::stored_text;
use crate::paths::shown;
use crate::source::BYTE_ORDER_MARK;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

/// A file of a site that gets a new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path relative to the site.
    pub path: String,
    /// Where it is.
    pub place: PathBuf,
    /// All that it held when the new text was made of it, a byte order mark included.
    pub before: String,
    /// All that it is to hold.
    pub after: String,
}

impl ChangedFile {
    /// A file as it is. `None` if it is not UTF-8, so that the bytes which nobody means to change
    /// could not be kept.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn read(site: &Path, path: &str) -> Result<Option<Self>, Failure> {
        let place = site.join(path);
        let before = stored_text(&place)?;
        Ok(before.map(|before| Self {
            path: path.to_owned(),
            place,
            after: before.clone(),
            before,
        }))
    }

    /// Gives it another text; a byte order mark stays.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        let mark = if self.before.starts_with(BYTE_ORDER_MARK) { "\u{FEFF}" } else { "" };
        Self { after: format!("{mark}{text}"), ..self }
    }
}

/// Writes new texts. Each file is replaced as a whole and keeps its permissions, and a link stays
/// one; nobody ever sees half of a text.
///
/// # Errors
///
/// A file holds something else by now, or can't be written. All new texts are written beside the
/// old ones before the first is put in place, so that nearly always nothing was changed then.
pub fn rewrite(files: &[ChangedFile]) -> Result<(), Failure> {
    let mut waiting = Vec::new();
    for file in files {
        // The folder of a link is not that of the file.
        let place = file.place.canonicalize().map_err(cant("write", &file.place))?;
        let now = fs::read(&place).map_err(cant("read", &file.place))?;
        if now != file.before.as_bytes() {
            let message =
                format!("{} was changed in the meantime; run this again", shown(&file.place));
            return Err(Failure::Usage(message));
        }
        let written = write_beside(&place, &file.after).map_err(cant("write", &file.place))?;
        waiting.push((written, place, &file.place));
    }
    for (written, place, shown_as) in waiting {
        written.persist(place).map_err(|error| cant("write", shown_as)(error.error))?;
    }
    Ok(())
}

/// A new file in the folder of another and with its permissions, which goes away unless it is kept.
fn write_beside(place: &Path, text: &str) -> std::io::Result<TempPath> {
    let metadata = place.metadata()?;
    // Renaming over a file needs no right to write to it; whoever took that right away meant it.
    fs::OpenOptions::new().append(true).open(place)?;
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::with_prefix_in(".alertbook-", folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(metadata.permissions())?;
    Ok(file.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that gets its own text in capitals.
    fn changed(folder: &Path, path: &str) -> ChangedFile {
        let file = ChangedFile::read(folder, path).unwrap().unwrap();
        let text = file.before.trim_start_matches(BYTE_ORDER_MARK).to_uppercase();
        file.with_text(&text)
    }

    #[test]
    fn a_byte_order_mark_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "\u{FEFF}a").unwrap();
        fs::write(folder.path().join("b.md"), b"\xff").unwrap();
        assert_eq!(changed(folder.path(), "a.md").after, "\u{FEFF}A");
        assert_eq!(ChangedFile::read(folder.path(), "b.md").unwrap(), None);
    }

    #[test]
    fn all_files_are_rewritten_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a.md", "b.md"].map(|name| folder.path().join(name));
        fs::write(&a, "a").unwrap();
        fs::write(&b, "b").unwrap();
        let [one, other] = ["a.md", "b.md"].map(|path| changed(folder.path(), path));
        fs::write(&b, "b, changed").unwrap();
        assert!(matches!(rewrite(&[one.clone(), other]), Err(Failure::Usage(_))));
        assert_eq!(fs::read_to_string(&a).unwrap(), "a");
        rewrite(&[one]).unwrap();
        assert_eq!(fs::read_to_string(&a).unwrap(), "A");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["a.md", "link.md"].map(|name| folder.path().join(name));
        fs::write(&file, "a").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.md", &link).unwrap();
        rewrite(&[changed(folder.path(), "link.md")]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "A");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
