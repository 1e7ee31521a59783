//! Files that are written once, into a folder of somebody's own, and belong to them from then on.

use super::cant;
use crate::failure::Failure;
use crate::paths::shown;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// Writes new files into a folder, which is made if it does not exist. `files` are paths below it
/// with their texts.
///
/// # Errors
///
/// One of the files exists, and nothing was written; or a file can't be written.
pub fn write_new(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let places = || files.iter().map(|(path, text)| (folder.join(path), text));
    if let Some((taken, _)) = places().find(|(place, _)| place.symlink_metadata().is_ok()) {
        let message = format!("{} exists, and nothing is overwritten", shown(&taken));
        return Err(Failure::Usage(message));
    }
    for (place, text) in places() {
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(cant("make the folder", parent))?;
        }
        // Somebody may have made the file in the meantime.
        let file = OpenOptions::new().write(true).create_new(true).open(&place);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(cant("write", &place))?;
    }
    Ok(())
}
