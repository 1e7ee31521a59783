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
    /// What it looks at beside the pages.
    pub needs: Needs,
    /// Finds its faults in a site.
    pub run: Run,
}

/// What a check looks at beside the pages of a site, and is silent without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it always has its say.
    Pages,
    /// Rules that page people.
    Rules,
    /// The history of the site, unless a page itself says how old it is.
    History,
    /// The inventory of metrics.
    Inventory,
    /// What carriers answer.
    Carriers,
    /// Rules, and what carriers answer.
    RulesAndCarriers,
}

impl Needs {
    /// Whether it needs rules.
    pub fn has_rules(self) -> bool {
        matches!(self, Self::Rules | Self::RulesAndCarriers)
    }

    /// Whether it needs what carriers answer, which a build does not ask for.
    pub fn has_carriers(self) -> bool {
        matches!(self, Self::Carriers | Self::RulesAndCarriers)
    }

    /// Whether a site may well go without something it needs, so that its silence does not mean that
    /// there is nothing to find.
    fn may_be_missing(self) -> bool {
        !matches!(self, Self::Pages | Self::Rules)
    }
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

/// The names of all checks, which are those that a configuration may have.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}
