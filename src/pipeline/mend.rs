//! Mending: the fixes of all findings, applied again and again until nothing is left to apply.
//!
//! The site is read once and checked in memory after each round, as ruff does it: fixes that are in
//! each other's way come one after the other, and what a fix uncovers is mended as well. A fix whose
//! finding is still there afterwards is taken back, and not tried again before something else has
//! changed. Nothing is written here;
//! [`Mended::files`] says what each file should hold.

use super::{Builder, Checked, Project, Timings};
use crate::diag::baseline::Baseline;
use crate::diag::fix::{self, Applied, Fix, Safety};
use crate::diag::{Diagnostic, Report};
use crate::failure::Failure;
use crate::lint;
use crate::load::Inputs;
use crate::output::ChangedFile;
use crate::source::Source;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// How often a site is checked again. Fixes that undo each other would never end; ruff stops here
/// too.
const MOST_ROUNDS: usize = 100;

/// A site as it would be with its findings mended.
#[derive(Debug)]
pub struct Mended {
    /// The mended site, with the findings that are left.
    pub checked: Checked,
    /// The files that change, by path.
    pub files: Vec<ChangedFile>,
    /// How many findings were mended.
    pub mended: usize,
    /// How many places were tidied that are no findings.
    pub tidied: usize,
    /// Files that could have been mended if they were UTF-8, by path.
    pub unreadable: Vec<String>,
}

/// Reads a site and mends what can be mended: with [`Safety::Safe`] what is safe, with
/// [`Safety::Unsafe`] the rest as well. Findings that are known stay, and beside them nothing is
/// tidied either: who leaves the old ones wants to see a change of what is new.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn mend(project: &Project, boldness: Safety, known: &[&Baseline]) -> Result<Mended, Failure> {
    let mut builder = Builder::keeping();
    let inputs = builder.load(project)?;
    let mut checked = builder.assemble(inputs, Timings::default());
    let mut site = Mending {
        project,
        known,
        files: BTreeMap::new(),
        useless: Vec::new(),
        mended: 0,
        tidied: 0,
    };
    for _ in 0..MOST_ROUNDS {
        let round = site.apply_fixes(&checked, boldness)?;
        if round.applied.is_empty() {
            break;
        }
        let next = builder.assemble(round.inputs(&checked), Timings::default());
        let useless = round.useless(&next);
        if useless.is_empty() {
            site.keep(&round);
            checked = next;
            // What did not help before may help now.
            site.useless.clear();
        } else {
            // The same again, without those.
            site.useless.extend(useless);
        }
    }
    Ok(site.finish(checked))
}

/// A site between two rounds.
struct Mending<'p> {
    project: &'p Project,
    /// The findings that are known, and stay.
    known: &'p [&'p Baseline],
    /// The files that have fixes, by path; `None` for those that are not text.
    files: BTreeMap<String, Option<ChangedFile>>,
    /// The findings that stayed when they were mended. Their fixes are not what they need in these
    /// texts.
    useless: Vec<Finding>,
    mended: usize,
    tidied: usize,
}

/// What makes a finding the same one in a text that has changed around it.
#[derive(Debug, Clone)]
struct Finding {
    check: &'static str,
    message: String,
    path: String,
    range: Range<usize>,
}

impl Finding {
    fn of(found: &Diagnostic) -> Self {
        let (check, message) = (found.check, found.message.clone());
        let path = found.span.source().path().to_owned();
        Self { check, message, path, range: found.span.range() }
    }

    fn is(&self, found: &Diagnostic) -> bool {
        let range = found.span.range();
        let is_there =
            self.range == range || (self.range.start < range.end && range.start < self.range.end);
        is_there
            && (self.check, self.message.as_str(), self.path.as_str())
                == (found.check, found.message.as_str(), found.span.source().path())
    }

    /// The same finding in the texts after a round.
    fn after(self, round: &Round) -> Self {
        match round.applied.get(&self.path) {
            Some(applied) => Self { range: applied.moved(&self.range), ..self },
            None => self,
        }
    }
}

/// Fixes that were applied together.
struct Round {
    /// The new texts, by path.
    applied: BTreeMap<String, Applied>,
    /// The findings that should be gone now, where they stood before.
    mended: Vec<Finding>,
    tidied: usize,
}

impl Round {
    /// What the site is made of with the new texts.
    fn inputs(&self, before: &Checked) -> Inputs {
        let mut inputs = before.inputs.clone();
        for source in inputs.texts_mut() {
            if let Some(applied) = self.applied.get(source.path()) {
                *source = Source::new(source.path(), applied.text.as_str());
            }
        }
        inputs
    }

    /// The findings that should be gone, and are still there.
    fn useless(&self, after: &Checked) -> Vec<Finding> {
        let mut left: HashMap<(&str, &str), Vec<&Diagnostic>> = HashMap::new();
        for (_, found) in after.report.entries() {
            left.entry((found.check, &found.message)).or_default().push(found);
        }
        let is_left = |finding: &&Finding| {
            let Some(alike) = left.get(&(finding.check, finding.message.as_str())) else {
                return false;
            };
            let moved = (*finding).clone().after(self);
            alike.iter().any(|found| moved.is(found))
        };
        self.mended.iter().filter(is_left).cloned().collect()
    }
}

impl Mending<'_> {
    /// Applies the fixes of all findings that are not in each other's way.
    fn apply_fixes(&mut self, checked: &Checked, boldness: Safety) -> Result<Round, Failure> {
        let mut round = Round { applied: BTreeMap::new(), mended: Vec::new(), tidied: 0 };
        let (new, tidying) = if self.known.is_empty() {
            (Cow::Borrowed(&checked.report), lint::tidy(&checked.site))
        } else {
            let report = checked.report.clone();
            let new = self.known.iter().fold(report, |new, known| known.filter(&new).report);
            (Cow::Owned(new), Vec::new())
        };
        for (path, mut wanted) in by_path(&new, &tidying, boldness) {
            if !self.is_text(path)? {
                continue;
            }
            wanted.retain(|(why, _)| match why {
                Why::Finding(found) => !self.useless.iter().any(|useless| useless.is(found)),
                Why::Tidying => true,
            });
            let fixes: Vec<&Fix> = wanted.iter().map(|(_, fix)| *fix).collect();
            let Some(first) = fixes.first() else { continue };
            let text = first.edits()[0].span().source().text();
            let applied = fix::apply(text, &fixes);
            if applied.text == text {
                continue;
            }
            for ((why, _), _) in wanted.iter().zip(&applied.taken).filter(|(_, taken)| **taken) {
                match why {
                    Why::Finding(found) => round.mended.push(Finding::of(found)),
                    Why::Tidying => round.tidied += 1,
                }
            }
            round.applied.insert(path.to_owned(), applied);
        }
        Ok(round)
    }

    /// Keeps what a round has changed.
    fn keep(&mut self, round: &Round) {
        self.mended += round.mended.len();
        self.tidied += round.tidied;
        let useless = std::mem::take(&mut self.useless);
        self.useless = useless.into_iter().map(|finding| finding.after(round)).collect();
    }

    /// Whether a file is text, so that the bytes which no fix names can be kept.
    fn is_text(&mut self, path: &str) -> Result<bool, Failure> {
        if let Some(known) = self.files.get(path) {
            return Ok(known.is_some());
        }
        let file = ChangedFile::read(&self.project.site, path)?;
        let is_text = file.is_some();
        self.files.insert(path.to_owned(), file);
        Ok(is_text)
    }

    fn finish(mut self, mut checked: Checked) -> Mended {
        for source in checked.inputs.texts_mut() {
            if let Some(slot) = self.files.get_mut(source.path()) {
                *slot = slot.take().map(|file| file.with_text(source.text()));
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
#[derive(Debug, Clone, Copy)]
enum Why<'f> {
    Finding(&'f Diagnostic),
    Tidying,
}

/// The fixes that may be applied, by the file they change.
fn by_path<'f>(
    report: &'f Report,
    tidying: &'f [Fix],
    boldness: Safety,
) -> BTreeMap<&'f str, Vec<(Why<'f>, &'f Fix)>> {
    let found = report.entries().iter();
    let found = found.filter_map(|(_, found)| Some((Why::Finding(found), found.fix.as_ref()?)));
    let tidying = tidying.iter().map(|fix| (Why::Tidying, fix));
    let mut by_path: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (why, fix) in found.chain(tidying).filter(|(_, fix)| fix.safety() <= boldness) {
        by_path.entry(fix.path()).or_default().push((why, fix));
    }
    by_path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::fix::Edit;
    use crate::source::Span;
    use std::sync::Arc;

    fn found(source: &Arc<Source>, range: Range<usize>) -> Diagnostic {
        Diagnostic::new("a-check", Span::new(source, range), "a message")
    }

    /// Whether a finding at a range is the same one in a text mended by one edit.
    fn is_same(text: &str, range: Range<usize>, edit: (Range<usize>, &str), now: &str) -> bool {
        let source = Source::new("a.md", text);
        let fix = Fix::new(Safety::Safe, [Edit::new(&source, edit.0, edit.1)]);
        let applied = fix::apply(text, &[&fix.expect("a fix")]);
        let after = Source::new("a.md", applied.text.as_str());
        let at = applied.text.rfind(now).expect("the finding");
        let applied = BTreeMap::from([("a.md".to_owned(), applied)]);
        let round = Round { applied, mended: Vec::new(), tidied: 0 };
        let finding = Finding::of(&found(&source, range)).after(&round);
        finding.is(&found(&after, at..at + now.len()))
    }

    #[test]
    fn a_finding_that_stays_is_told_from_one_that_comes_up() {
        let name = "<name>";
        assert!(is_same("a <name> b", 2..8, (2..2, "\\"), name));
        assert!(is_same("a <name> b", 2..8, (2..3, "<"), name));
        assert!(is_same("a <name> b", 2..8, (0..1, "and so"), name));
        assert!(!is_same("a <name> <name>", 2..8, (2..2, "\\"), name));
        assert!(!is_same("## ## ## a", 3..6, (3..6, ""), "## "));
    }
}
