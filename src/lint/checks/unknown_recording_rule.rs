//! A query uses a metric that looks like a recording rule's, and no rule records it.
//!
//! Names with a colon are made by recording rules. When such a rule is renamed or dropped, queries
//! that use it answer nothing, and an alert that uses it never fires again.
//!
//! Looked at are the queries of runbooks and the expressions of rules. Since rules may be recorded
//! elsewhere, a name is told only if the site has recording rules whose names begin alike (with the
//! same part before the first colon), or if the inventory of metrics does not have it.
//!
//! # Example
//!
//! ```yaml
//! - record: node:disk_free:ratio
//!   expr: disk_free / disk_size
//! - alert: DiskFull
//!   expr: node:disk_free:rate < 0.1
//! ```
//!
//! # To fix it
//!
//! Write the name that the rule has now, or add the rule.

use super::{Check, InPage, Run};
use crate::lint::metric_names::{Use, used_in_page, used_in_rules};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Severity};
use crate::rules::RuleFile;
use crate::site::Site;
use std::collections::BTreeSet;

pub const CHECK: Check =
    Check { name: "unknown-recording-rule", severity: Severity::Warning, needs_rules: true, run: Run::Both(run, in_pages) };

fn run(site: &Site) -> Vec<Diagnostic> {
    let recorded = Recorded::new(site);
    let unknown = used_in_rules(site, |name| recorded.lacks(name));
    unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
}

fn in_pages(site: &Site) -> InPage<'_> {
    let recorded = Recorded::new(site);
    Box::new(move |open| {
        let unknown = used_in_page(open.page(), |name| recorded.lacks(name));
        unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
    })
}

/// What recording rules record.
struct Recorded<'s> {
    names: BTreeSet<&'s str>,
    levels: BTreeSet<&'s str>,
    inventory: Option<&'s BTreeSet<String>>,
}

impl<'s> Recorded<'s> {
    fn new(site: &'s Site) -> Self {
        let rules = site.rule_files.iter().flat_map(|file| RuleFile::rules(file));
        let rules = rules.filter(|rule| rule.alert_name().is_none());
        let names: BTreeSet<&str> = rules.map(|rule| rule.name().as_str()).collect();
        let levels = names.iter().filter_map(|name| level(name)).collect();
        Self { names, levels, inventory: site.metrics.as_deref() }
    }

    /// Whether a name is one that a recording rule would have to record, and none does.
    fn lacks(&self, name: &str) -> bool {
        let is_known = || match self.inventory {
            _ if self.names.contains(name) => true,
            Some(inventory) => inventory.contains(name),
            None => level(name).is_none_or(|level| !self.levels.contains(level)),
        };
        name.contains(':') && !is_known()
    }
}

/// The part of a name before its first colon: what the rule aggregates to, by custom.
fn level(name: &str) -> Option<&str> {
    name.split_once(':').map(|(level, _)| level).filter(|level| !level.is_empty())
}

fn diagnostic(Use { name, span, alert }: Use, recorded: &Recorded<'_>) -> Diagnostic {
    let message = format!("no rule records `{name}`");
    let help = did_you_mean(&name, recorded.names.iter().copied());
    let mut found = Diagnostic::new(CHECK.name, span, message).with_help(
        help.unwrap_or_else(|| "write the name that a recording rule has, or add the rule".to_owned()),
    );
    found.alert = alert;
    found
}
