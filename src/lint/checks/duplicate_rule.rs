//! Two rules have the same name and the same labels.
//!
//! Both make the same series, or raise the same alert: whoever changes one of them changes half of
//! what happens, and a recording rule that is there twice may write two values at one time.
//!
//! Rules of all files are compared, and labels that a group gives to its rules count. Rules that
//! differ in a label, such as the same alert with another severity, are no duplicates.
//!
//! # Example
//!
//! ```yaml
//! - alert: DiskFull
//!   expr: disk_free < 1
//!   labels: {severity: page}
//! - alert: DiskFull
//!   expr: disk_free < 5
//!   labels: {severity: page}
//! ```
//!
//! # To fix it
//!
//! Delete one of the rules; or give them a label that tells them apart, if both are meant.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::rules::{Rule, RuleKind};
use crate::site::Site;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::hash_map::Entry;

pub const CHECK: Check = Check {
    name: "duplicate-rule",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Rules(run),
};

/// What must not be there twice: whether a rule raises an alert, its name, its labels by name.
type Identity<'r> = (bool, &'r str, SmallVec<[(&'r str, &'r str); 4]>);

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut first: FxHashMap<Identity<'_>, &Rule> = FxHashMap::default();
    let mut found = Vec::new();
    // What servers have loaded is there once for each of them.
    let files = site.rule_files.iter().filter(|file| !file.is_loaded);
    for rule in files.flat_map(|file| file.rules()) {
        match first.entry(identity(rule)) {
            Entry::Vacant(place) => {
                place.insert(rule);
            }
            Entry::Occupied(place) => found.push(duplicate(place.get(), rule)),
        }
    }
    found
}

fn identity(rule: &Rule) -> Identity<'_> {
    let labels = rule.labels.iter().map(|label| (label.name.as_str(), label.value.as_str()));
    let mut labels: SmallVec<_> = labels.collect();
    labels.sort_unstable();
    (rule.alert_name().is_some(), rule.name().as_str(), labels)
}

fn duplicate(first: &Rule, rule: &Rule) -> Diagnostic {
    let name = rule.name();
    let same = first.expr.as_str().split_whitespace().eq(rule.expr.as_str().split_whitespace());
    let labels = if rule.labels.is_empty() { "without labels" } else { "with the same labels" };
    let message = match (&rule.kind, same) {
        (RuleKind::Alerting { .. }, true) => {
            format!("the rule of the alert `{name}` is there twice")
        }
        (RuleKind::Alerting { .. }, false) => {
            format!("two rules raise the alert `{name}` {labels}")
        }
        (RuleKind::Recording { .. }, true) => {
            format!("the rule that records `{name}` is there twice")
        }
        (RuleKind::Recording { .. }, false) => format!("two rules record `{name}` {labels}"),
    };
    let help = if same {
        "delete one of them"
    } else {
        "delete one of them, or give them a label that tells them apart"
    };
    let found = Diagnostic::new(CHECK.name, name.span().clone(), message)
        .with_label("again here")
        .with_help(help)
        .with_related(first.name().span().clone(), "first here");
    match rule.alert_name() {
        Some(alert) => found.with_alert(alert.as_str()),
        None => found,
    }
}
