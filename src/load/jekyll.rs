//! What there is to read of a Jekyll site before alertbook knows it.

use super::Files;
use crate::config::jekyll::JekyllSite;
use crate::failure::Failure;
use crate::paths::{relative, shown};
use std::path::Path;
use walkdir::WalkDir;

/// The file with which a Jekyll site is set up.
pub const CONFIGURATION: &str = "_config.yml";

/// Reads what a Jekyll site says about itself.
///
/// # Errors
///
/// The folder holds no Jekyll site, or it can't be read.
pub fn read(folder: &Path) -> Result<JekyllSite, Failure> {
    let path = folder.join(CONFIGURATION);
    if !path.is_file() {
        let message = if folder.is_dir() {
            format!("there is no Jekyll site in {}: it has no {CONFIGURATION}", shown(folder))
        } else {
            format!("the folder {} does not exist", shown(folder))
        };
        return Err(Failure::Usage(message));
    }
    let source = Files::default().text(&path, CONFIGURATION)?;
    // The folders that mean something to Jekyll are at the top, of the site or of its source.
    let walk = WalkDir::new(folder).min_depth(1).max_depth(2).follow_links(true).into_iter();
    let entries = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_dir());
    let below = |entry: walkdir::DirEntry| Some(relative(folder, entry.path()));
    Ok(JekyllSite { source, folders: entries.filter_map(below).collect() })
}
