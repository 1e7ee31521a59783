//! The checks: what can be wrong between runbooks, rules and links.
//!
//! A check is a file in `checks` and a line in [`CHECKS`]. It reads the frozen [`Site`] and says
//! what it found; how bad a finding is in this site is decided here, from the configured levels.
//!
//! Architecture invariant: a check touches no file and changes nothing, and its finding says the
//! exact characters it is about.

mod addresses;
mod allow;
mod arriving;
mod checks;
mod drift;
mod explain;
mod findings;
mod loaded;
mod metric_names;
mod open_page;
mod renames;
mod runbook_url;
mod tidy;
mod warnings;
mod wording;

pub use checks::CHECKS;
pub use explain::Explanation;
pub use findings::Findings;
pub use open_page::OpenPage;
pub use tidy::tidy;

use crate::diag::{Diagnostic, Report, Severity};
use crate::site::Site;

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
    pub run: Run,
}

/// How a check goes over a site, and so when it has to do so again.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Page by page. Of other pages it knows no more than what [`Site::with_runbooks`] holds still.
    Pages(fn(&Site) -> InPage<'_>),
    /// Over the whole site, of whose pages it knows no more than that, and where things stand.
    Site(fn(&Site) -> Vec<Diagnostic>),
    /// Both.
    Both(fn(&Site) -> Vec<Diagnostic>, fn(&Site) -> InPage<'_>),
    /// Over the whole site, and it may look at all that pages say.
    Anew(fn(&Site) -> Vec<Diagnostic>),
}

/// What a check finds on a page.
pub type InPage<'s> = Box<dyn Fn(&OpenPage<'s>) -> Vec<Diagnostic> + Send + Sync + 's>;

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
    Findings::new(site).report(site)
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
