//! Files that a command makes anew each time: a baseline, an inventory.

use super::cant;
use crate::failure::Failure;
use std::io::Write as _;
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a text to a file, in place of what is there; nobody ever sees half of it.
///
/// # Errors
///
/// The file can't be written.
pub fn save(place: &Path, text: &str) -> Result<(), Failure> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = NamedTempFile::with_prefix_in(".alertbook-", folder)?;
        file.write_all(text.as_bytes())?;
        // A temporary file is for its owner alone, unlike a new one.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = place.metadata().map_or(0o644, |old| old.permissions().mode() & 0o777);
            file.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
        }
        file.persist(place)?;
        Ok(())
    };
    write().map_err(cant("write", place))
}
