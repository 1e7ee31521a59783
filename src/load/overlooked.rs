//! Files that are not read as their authors mean them, though nothing is wrong enough for a finding.

use super::{CONFIGURATION, stored_text};
use crate::config::{Config, Glob};
use crate::failure::Failure;
use crate::markdown::FrontMatter;
use crate::paths::relative;
use crate::source::{BYTE_ORDER_MARK, Source};
use memchr::memmem::Finder;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to know about globs that leave nothing out, since they are written from the content folder
/// on.
pub(super) fn not_excluded(site: &Path, content: &Path, config: &Config) -> Vec<String> {
    let is_written_from_content = |place: &str| {
        !place.is_empty() && !site.join(place).exists() && content.join(place).exists()
    };
    let globs = config.exclude.iter().filter(|glob| is_written_from_content(glob.place()));
    let warning = |glob: &Glob| {
        let (glob, content) = (glob.as_str(), &config.content.path);
        format!(
            "`{glob}` in `exclude` leaves nothing out, since globs are read from the folder of \
             {CONFIGURATION} on; did you mean `{content}/{glob}`?"
        )
    };
    globs.map(warning).collect()
}

/// What to know about runbooks with bytes that are no UTF-8.
pub(super) fn not_utf8(
    site: &Path,
    content: &Path,
    runbooks: &[(String, Arc<Source>)],
) -> Result<Vec<String>, Failure> {
    let replacement = char::REPLACEMENT_CHARACTER.to_string();
    let replacement = Finder::new(&replacement);
    let warning = |(below, source): &(String, Arc<Source>)| {
        let at = replacement.find(source.text().as_bytes())?;
        let path = content.join(below);
        // Somebody may have written that very character.
        let is_lossy = match stored_text(&path) {
            Ok(stored) => stored.is_none(),
            Err(failure) => return Some(Err(failure)),
        };
        is_lossy.then(|| {
            let line = source.text()[..at].matches('\n').count() + 1;
            Ok(format!(
                "`{}:{line}` is not UTF-8, so that some of its characters are lost; save it as UTF-8",
                relative(site, &path)
            ))
        })
    };
    let warnings: Vec<_> = runbooks.par_iter().filter_map(warning).collect();
    warnings.into_iter().collect()
}

/// What to know about copied files that are pages to Jekyll: those with front matter.
pub(super) fn pages_elsewhere(
    site: &Path,
    files: &[(String, PathBuf)],
) -> Result<Vec<String>, Failure> {
    const ENDINGS: [&str; 6] = [".html", ".htm", ".markdown", ".mkd", ".mkdn", ".mkdown"];
    let mut warnings = Vec::new();
    for (below, path) in files {
        if !ENDINGS.iter().any(|ending| below.ends_with(ending)) {
            continue;
        }
        if stored_text(path)?.is_some_and(|text| {
            FrontMatter::opens(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text))
        }) {
            let path = relative(site, path);
            let way = if below.contains(".htm") { "rewrite it as" } else { "rename it to" };
            warnings.push(format!(
                "`{path}` has front matter, but is no page, and is published as it stands; {way} `.md`"
            ));
        }
    }
    Ok(warnings)
}
