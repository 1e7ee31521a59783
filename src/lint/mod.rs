//! The checks: what can be wrong between runbooks, rules and links.
//!
//! A check is a file in `checks` and a line in [`CHECKS`]. It reads the frozen [`Site`] and says
//! what it found; how bad a finding is in this site is decided here, from the configured levels.
//!
//! Architecture invariant: a check touches no file and changes nothing, and its finding says the
//! exact characters it is about.

mod addresses;
mod checks;
mod renames;
mod tidy;

pub use checks::CHECKS;
pub use tidy::tidy;

use crate::diag::{Diagnostic, Report, Severity};
use crate::site::Site;
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

/// Runs all checks that are on in this site.
pub fn run(site: &Site) -> Report {
    let entries = CHECKS
        .par_iter()
        .filter(|check| site.has_rules() || !check.needs_rules)
        .filter_map(|check| Some((severity(site, check)?, check)))
        .flat_map_iter(|(severity, check)| {
            (check.run)(site).into_iter().map(move |diagnostic| (severity, diagnostic))
        })
        .collect();
    Report::new(entries)
}

/// How bad the findings of a check are in this site; `None` if it is off.
fn severity(site: &Site, check: &Check) -> Option<Severity> {
    site.config.severity(check.name).unwrap_or(Some(check.severity))
}

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
const SPOKEN_FOR: &[&str] = &[
    "accidental-table",
    "destructive-command",
    "duplicate-rule",
    "example-drift",
    "invalid-shell",
    "query-drift",
    "runbook-url-elsewhere",
    "runbook-url-label",
    "runbook-url-missing",
    "severity-drift",
    "split-table-row",
    "stale-runbook",
    "stray-attribute-list",
    "threshold-drift",
    "unclosed-fence",
    "unknown-metric",
    "unknown-recording-rule",
    "unused-allow",
    "vanished-placeholder",
];
