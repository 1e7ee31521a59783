//! The checks: what can be wrong between runbooks, rules and links.
//!
//! A check is a file in `checks` and two lines in the registry there. It reads the frozen [`Site`]
//! and says what it found; how bad a finding is in this site is decided here, from the configured
//! levels.
//!
//! Architecture invariant: a check touches no file and changes nothing, and its finding says the
//! exact characters it is about.

mod addresses;
mod affected;
mod allow;
mod arriving;
mod checks;
mod drift;
mod explain;
mod findings;
mod loaded;
mod metric_names;
mod on_rules;
mod open_page;
mod open_rule_file;
mod renames;
mod runbook_url;
mod runs;
mod shapes;
mod tidy;
mod warnings;
mod word_set;
mod wording;

pub use checks::CHECKS;
pub use explain::Explanation;
pub use findings::{Findings, OnPage};
pub use open_page::OpenPage;
pub use open_rule_file::OpenRuleFile;
pub use tidy::tidy;

use crate::diag::{Diagnostic, Report, Severity};
use crate::site::Site;
use std::collections::BTreeSet;

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
///
/// When the preview reads a page again whose front matter, headings, anchors, alert tables and links
/// to sections are as they were (see [`Site::with_runbooks`]), only that page is checked again. So a
/// check has to be `Anew` if it reads anything else of a page that is not the one it is about: its
/// snippets, its commands, its text; or `Texts`, and say of which pages.
///
/// When a page is read again of which these are others, the pages and the rule files are checked again
/// that this may matter to (see `affected`), and the whole site by all checks but those that say here
/// what little they read of it.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// On each page by itself.
    Page(fn(&OpenPage<'_>) -> Vec<Diagnostic>),
    /// On each page by itself, with something that is found out once about the whole site.
    Pages(fn(&Site) -> InPage<'_>),
    /// On each rule file by itself, by the addresses of runbooks in it and the alerts that it raises, with
    /// something that is found out once about the whole site.
    RuleFiles(fn(&Site) -> InRuleFile<'_>),
    /// Once for the whole site; again if it has found something on a page that is read again.
    Site(fn(&Site) -> Vec<Diagnostic>),
    /// Once for the whole site, by its rules alone: whatever pages say, it finds the same.
    Rules(fn(&Site) -> Vec<Diagnostic>),
    /// Once for the whole site, by the titles and the front matter of its pages.
    Titles(fn(&Site) -> Vec<Diagnostic>),
    /// Once for the whole site, by what stands at which address; also by where alerts start, if it says
    /// that it went by some pages.
    Addresses(fn(&Site) -> InSite),
    /// `Site` and `Pages`, for what rules and pages have in common.
    Both(fn(&Site) -> Vec<Diagnostic>, fn(&Site) -> InPage<'_>),
    /// `Rules` and `Pages`.
    RulesAndPages(fn(&Site) -> Vec<Diagnostic>, fn(&Site) -> InPage<'_>),
    /// Once for the whole site, and again whenever a page is read again.
    Anew(fn(&Site) -> Vec<Diagnostic>),
    /// Once for the whole site; again if a page is read again by whose text it went, or on which it
    /// has found something.
    Texts(fn(&Site) -> InSite),
}

/// What a check finds in a whole site, or in a rule file of it.
#[derive(Debug, Clone, Default)]
pub struct InSite {
    /// Its findings.
    pub found: Vec<Diagnostic>,
    /// The pages by whose texts it went, as indexes.
    pub read: BTreeSet<usize>,
}

/// What a check finds on a page.
pub type InPage<'s> = Box<dyn Fn(&OpenPage<'_>) -> Vec<Diagnostic> + Send + Sync + 's>;

/// What a check finds in a rule file.
pub type InRuleFile<'s> = Box<dyn Fn(&OpenRuleFile<'_>) -> InSite + Send + Sync + 's>;

/// The check of this name.
pub fn check_named(name: &str) -> Option<&'static Check> {
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
