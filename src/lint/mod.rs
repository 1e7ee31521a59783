//! The checks: what can be wrong between runbooks, rules and links.
//!
//! A check is a file in `checks` and a line in [`CHECKS`]. It reads the frozen [`Site`] and says
//! what it found; how bad a finding is in this site is decided here, from the configured levels.
//!
//! Architecture invariant: a check touches no file and changes nothing, and its finding says the
//! exact characters it is about.

mod addresses;
mod allow;
mod checks;
mod drift;
mod explain;
mod loaded;
mod metric_names;
mod renames;
mod runbook_url;
mod tidy;
mod warnings;
mod wording;

pub use checks::CHECKS;
pub use explain::Explanation;
pub use tidy::tidy;

use crate::diag::{Diagnostic, Report, Severity};
use crate::site::Site;
use crate::source::Span;
use rayon::prelude::*;

/// A check, as the registry has it.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, which says the fault in kebab-case.
    pub name: &'static str,
    /// How bad its findings are unless the configuration says otherwise.
    pub severity: Severity,
    /// Whether it compares runbooks with rules, so that a site without rules has none of it.
    pub needs_rules: bool,
    /// Finds its faults in a site.
    pub run: fn(&Site) -> Vec<Diagnostic>,
}

/// The check of this name.
pub fn find(name: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.name == name)
}

/// The check that has to know how old things are, which takes time to find out.
pub const STALE_RUNBOOK: &str = checks::stale_runbook::CHECK.name;

/// Whether a check is on anywhere in this site.
pub fn is_on(site: &Site, check: &str) -> bool {
    site.config.levels.is_on(check)
}

/// Runs all checks that are on in this site, and leaves out what its authors allow.
pub fn run(site: &Site) -> Report {
    let runs = |check: &Check| {
        (site.has_rules() || !check.needs_rules) && site.config.levels.is_on(check.name)
    };
    let running: Vec<&Check> = CHECKS.iter().filter(|check| runs(check)).collect();
    let found = running.par_iter().flat_map_iter(|check| (check.run)(site)).collect();
    let was_run =
        |name: &str| running.iter().any(|check| check.name == name && !check.may_be_silent());
    let (mut found, complaints) = allow::apply(site, found, was_run);
    found.extend(complaints);
    let entries = found.into_iter().filter_map(|diagnostic| {
        let check = find(diagnostic.check)?;
        let path = diagnostic.span.source().path();
        let severity = site.config.levels.severity(check.name, path, check.severity)?;
        Some((severity, diagnostic))
    });
    let mut entries: Vec<(Severity, Diagnostic)> = entries.collect();
    // A captured text is read wherever it is used, and has its findings each time.
    entries.sort_by(|(_, a), (_, b)| place(a).cmp(&place(b)));
    entries.dedup_by(|(_, a), (_, b)| place(a) == place(b));
    Report::new(entries)
}

/// What makes two findings the same.
fn place(found: &Diagnostic) -> (&Span, &str, &str) {
    (&found.span, found.check, &found.message)
}

impl Check {
    /// Whether it says nothing where something outside of the site's files is missing, so that its
    /// silence does not mean that there is nothing to find.
    fn may_be_silent(&self) -> bool {
        matches!(self.name, "stale-runbook" | "unknown-metric") || LIVE.contains(&self.name)
    }
}

/// The checks of what carriers answer: silent unless they are asked.
const LIVE: [&str; 5] =
    ["carrier-unreachable", "query-fails", "rule-differs", "rule-not-in-files", "rule-not-loaded"];

/// Whether a configuration may name this check.
pub fn is_name(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The names that a configuration may have: of all checks, and of those that are spoken for.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name).chain(SPOKEN_FOR.iter().copied())
}

/// Names that are spoken for by checks which this version does not have. A configuration that is
/// shared with a later version may set their levels.
const SPOKEN_FOR: &[&str] = &["stale-runbook"];
