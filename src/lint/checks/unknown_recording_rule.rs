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

use super::Check;
use crate::lint::metric_names::{Use, used};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Severity};
use crate::rules::RuleFile;
use crate::site::Site;
use std::collections::BTreeSet;

pub const CHECK: Check =
    Check { name: "unknown-recording-rule", severity: Severity::Warning, needs_rules: true, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let recorded: BTreeSet<&str> = site
        .rule_files
        .iter()
        .flat_map(|file| RuleFile::rules(file))
        .filter(|rule| rule.alert_name().is_none())
        .map(|rule| rule.name().as_str())
        .collect();
    let levels: BTreeSet<&str> = recorded.iter().filter_map(|name| level(name)).collect();
    let is_known = |name: &str| match &site.metrics {
        _ if recorded.contains(name) => true,
        Some(inventory) => inventory.contains(name),
        None => level(name).is_none_or(|level| !levels.contains(level)),
    };
    let unknown = used(site, |name| name.contains(':') && !is_known(name));
    unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
}

/// The part of a name before its first colon: what the rule aggregates to, by custom.
fn level(name: &str) -> Option<&str> {
    name.split_once(':').map(|(level, _)| level).filter(|level| !level.is_empty())
}

fn diagnostic(Use { name, span, alert }: Use, recorded: &BTreeSet<&str>) -> Diagnostic {
    let message = format!("no rule records `{name}`");
    let help = did_you_mean(&name, recorded.iter().copied());
    let mut found = Diagnostic::new(CHECK.name, span, message).with_help(
        help.unwrap_or_else(|| "write the name that a recording rule has, or add the rule".to_owned()),
    );
    found.alert = alert;
    found
}
