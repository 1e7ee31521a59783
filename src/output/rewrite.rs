//! Files of an author's own that get a new text.

use super::cant;
use crate::failure::Failure;
use crate::load::shown;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use tempfile::{NamedTempFile, TempPath};

/// A file that gets a new text.
#[derive(Debug, Clone, Copy)]
pub struct Rewrite<'f> {
    /// Where it is.
    pub place: &'f Path,
    /// What it held when the new text was made of it.
    pub before: &'f str,
    /// What it is to hold.
    pub after: &'f str,
}

/// Writes new texts. Each file is replaced as a whole and keeps its permissions, and a link stays
/// one; nobody ever sees half of a text.
///
/// # Errors
///
/// A file holds something else by now, or can't be written. All new texts are written beside the
/// old ones before the first is put in place, so that nearly always nothing was changed then.
pub fn rewrite(files: &[Rewrite<'_>]) -> Result<(), Failure> {
    let mut waiting = Vec::new();
    for file in files {
        // The folder of a link is not that of the file.
        let place = file.place.canonicalize().map_err(cant("write", file.place))?;
        let now = fs::read(&place).map_err(cant("read", file.place))?;
        if now != file.before.as_bytes() {
            let message =
                format!("{} was changed in the meantime; run this again", shown(file.place));
            return Err(Failure::Usage(message));
        }
        let written = write_beside(&place, file.after).map_err(cant("write", file.place))?;
        waiting.push((written, place, file.place));
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

    #[test]
    fn all_files_are_rewritten_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a.md", "b.md"].map(|name| folder.path().join(name));
        fs::write(&a, "a").unwrap();
        fs::write(&b, "b, changed").unwrap();
        let one = Rewrite { place: &a, before: "a", after: "A" };
        let other = Rewrite { place: &b, before: "b", after: "B" };
        assert!(matches!(rewrite(&[one, other]), Err(Failure::Usage(_))));
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
        rewrite(&[Rewrite { place: &link, before: "a", after: "A" }]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "A");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
