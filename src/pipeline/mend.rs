//! Mending: the fixes of all findings, applied again and again until nothing is left to apply.
//!
//! The site is read once and checked in memory after each round, as ruff does it: fixes that are in
//! each other's way come one after the other, and what a fix uncovers is mended as well. Nothing is
//! written here; [`Mended::files`] says what each file should hold.

use super::{Builder, Checked, Project, Timings};
use crate::diag::fix::{self, Fix, Safety};
use crate::lint;
use crate::load::{self, Inputs, LoadError};
use crate::source::Source;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// How often a site is checked again. Fixes that undo each other would never end; ruff stops here
/// too.
const MOST_ROUNDS: usize = 100;

/// A site as it would be with its findings mended.
#[derive(Debug)]
pub struct Mended {
    /// The mended site, with the findings that are left.
    pub checked: Checked,
    /// The files that change, by path.
    pub files: Vec<MendedFile>,
    /// How many findings were mended.
    pub mended: usize,
    /// How many places were tidied that are no findings.
    pub tidied: usize,
    /// Files that could have been mended if they were UTF-8, by path.
    pub unreadable: Vec<String>,
}

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedFile {
    /// Its path relative to the site.
    pub path: String,
    /// Where it is.
    pub place: PathBuf,
    /// All that it holds, a byte order mark included.
    pub before: String,
    /// What it should hold.
    pub after: String,
}

/// Reads a site and mends what can be mended: with [`Safety::Safe`] what is safe, with
/// [`Safety::Unsafe`] the rest as well.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn mend(project: &Project, boldness: Safety) -> Result<Mended, LoadError> {
    let mut builder = Builder::keeping();
    let mut site = Mending {
        project,
        inputs: builder.load(project)?,
        files: BTreeMap::new(),
        mended: 0,
        tidied: 0,
    };
    let mut checked = builder.assemble(site.inputs.clone(), Timings::default());
    for _ in 0..MOST_ROUNDS {
        if !site.apply_fixes(&checked, boldness)? {
            break;
        }
        checked = builder.assemble(site.inputs.clone(), Timings::default());
    }
    Ok(site.finish(checked))
}

/// A site between two rounds.
struct Mending<'p> {
    project: &'p Project,
    inputs: Inputs,
    /// The files that have fixes, by path; `None` for those that are not text.
    files: BTreeMap<String, Option<MendedFile>>,
    mended: usize,
    tidied: usize,
}

impl Mending<'_> {
    /// Applies the fixes of all findings that are not in each other's way. Whether anything
    /// changed.
    fn apply_fixes(&mut self, checked: &Checked, boldness: Safety) -> Result<bool, LoadError> {
        let mut changed = BTreeMap::new();
        let tidying = lint::tidy(&checked.site);
        for (path, wanted) in by_path(checked, &tidying, boldness) {
            if !self.is_text(path)? {
                continue;
            }
            let fixes: Vec<&Fix> = wanted.iter().map(|(_, fix)| *fix).collect();
            let text = fixes[0].edits()[0].span().source().text();
            let applied = fix::apply(text, &fixes);
            if applied.text == text {
                continue;
            }
            changed.insert(path.to_owned(), Source::new(path, applied.text));
            for ((why, _), _) in wanted.iter().zip(applied.taken).filter(|(_, taken)| *taken) {
                match why {
                    Why::Finding => self.mended += 1,
                    Why::Tidying => self.tidied += 1,
                }
            }
        }
        for source in self.inputs.texts_mut() {
            if let Some(new) = changed.get(source.path()) {
                *source = Arc::clone(new);
            }
        }
        Ok(!changed.is_empty())
    }

    /// Whether a file is text, so that the bytes which no fix names can be kept.
    fn is_text(&mut self, path: &str) -> Result<bool, LoadError> {
        if let Some(known) = self.files.get(path) {
            return Ok(known.is_some());
        }
        let place = self.project.site.join(path);
        let file = load::stored_text(&place)?.map(|before| MendedFile {
            path: path.to_owned(),
            place,
            after: before.clone(),
            before,
        });
        let is_text = file.is_some();
        self.files.insert(path.to_owned(), file);
        Ok(is_text)
    }

    fn finish(mut self, checked: Checked) -> Mended {
        for source in self.inputs.texts_mut() {
            if let Some(Some(file)) = self.files.get_mut(source.path()) {
                file.after = match file.before.strip_prefix(load::BYTE_ORDER_MARK) {
                    Some(_) => format!("{}{}", load::BYTE_ORDER_MARK, source.text()),
                    None => source.text().to_owned(),
                };
            }
        }
        let unreadable = self.files.iter().filter(|(_, file)| file.is_none());
        let unreadable = unreadable.map(|(path, _)| path.clone()).collect();
        let files = self.files.into_values().flatten().filter(|file| file.before != file.after);
        let Self { mended, tidied, .. } = self;
        Mended { checked, files: files.collect(), mended, tidied, unreadable }
    }
}

/// What a fix is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Finding,
    Tidying,
}

/// The fixes that may be applied, by the file they change.
fn by_path<'f>(
    checked: &'f Checked,
    tidying: &'f [Fix],
    boldness: Safety,
) -> BTreeMap<&'f str, Vec<(Why, &'f Fix)>> {
    let found = checked.report.entries().iter().filter_map(|(_, found)| found.fix.as_ref());
    let found = found.map(|fix| (Why::Finding, fix));
    let tidying = tidying.iter().map(|fix| (Why::Tidying, fix));
    let mut by_path: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (why, fix) in found.chain(tidying).filter(|(_, fix)| fix.safety() <= boldness) {
        by_path.entry(fix.path()).or_default().push((why, fix));
    }
    by_path
}
