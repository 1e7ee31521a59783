//! Which files belong to a site, and which folders were looked into to know.
//!
//! All walks go in the order of names, follow links, and note the folders they went through, in
//! which a file of the site may come up later.

use super::{ASSETS, CONFIGURATION, PUBLISHED, TEMPLATES};
use crate::config::Config;
use crate::failure::Failure;
use crate::paths::{absolute, relative};
use crate::yaml::Text;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What a walk found.
#[derive(Default)]
pub(super) struct Walked {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// The folders that it went through.
    pub folders: BTreeSet<PathBuf>,
}

/// The files below the content folder that belong to the site, rule files among them.
pub(super) fn content_paths(
    site: &Path,
    content: &Path,
    config: &Config,
    output: &Path,
) -> Result<Walked, Failure> {
    let mut kept_out = vec![
        absolute(output),
        absolute(&site.join(CONFIGURATION)),
        absolute(&site.join(TEMPLATES)),
        absolute(&site.join(ASSETS)),
    ];
    let configured = config.data.iter().chain(&config.metrics);
    kept_out.extend(configured.map(|configured| absolute(&site.join(&configured.path))));
    let walk = WalkDir::new(content).follow_links(true).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| {
        let hidden = entry.file_name().to_string_lossy().starts_with(['.', '_']);
        // Most names are none of these, which is quicker to see than where a path leads.
        let may_be_out = kept_out.iter().any(|path| path.file_name() == Some(entry.file_name()));
        let is_out = may_be_out && kept_out.contains(&absolute(entry.path()));
        let path = relative(site, entry.path());
        let excluded = config.exclude.iter().any(|glob| glob.is_match(&path));
        // What was published into another folder is no content either.
        let published = || entry.file_type().is_dir() && entry.path().join(PUBLISHED).is_file();
        entry.depth() == 0 || !(hidden || excluded || is_out || published())
    });
    let mut walked = Walked::default();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => walked.files.push(entry.into_path()),
            Ok(entry) if entry.file_type().is_dir() => {
                walked.folders.insert(entry.into_path());
            }
            Ok(_) => {}
            // A link that leads in a circle or nowhere is no file of the site.
            Err(error) if error.loop_ancestor().is_some() || error.path().is_some_and(is_link) => {}
            Err(error) => return Err(Failure::World(error.to_string())),
        }
    }
    Ok(walked)
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
}

/// The rule files that the configuration's globs name, each once; and which of the globs name none.
pub(super) fn rule_paths<'c>(site: &Path, config: &'c Config) -> (Walked, Vec<&'c Text>) {
    let mut walked = Walked::default();
    let mut without_files = Vec::new();
    for glob in &config.rules {
        let base = site.join(glob.folder());
        let before = walked.files.len();
        walked.folders.insert(base.clone());
        let walk = WalkDir::new(&base).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                walked.folders.insert(entry.path().to_owned());
            }
            let below = entry.path().strip_prefix(&base).unwrap_or(entry.path());
            if entry.file_type().is_file() && glob.is_match_below(below) {
                walked.files.push(entry.into_path());
            }
        }
        if walked.files.len() == before {
            without_files.push(&glob.text);
        }
    }
    walked.files.sort();
    walked.files.dedup();
    (walked, without_files)
}

/// The files below a folder that are not hidden, each with its path below it, in order; none if it
/// is not there.
pub(super) fn files_below(
    folder: &Path,
    folders: &mut BTreeSet<PathBuf>,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut files = Vec::new();
    folders.insert(folder.to_owned());
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| Failure::World(error.to_string()))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().is_dir() {
            folders.insert(entry.into_path());
        } else if entry.file_type().is_file() && !hidden {
            let name = relative(folder, entry.path());
            files.push((name, entry.into_path()));
        }
    }
    Ok(files)
}
