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
use crate::rules::{Label, Rule, RuleKind};
use crate::site::Site;
use crate::yaml::Text;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

pub const CHECK: Check = Check {
    name: "duplicate-rule",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Rules(run),
};

/// A rule as what must not be there twice: whether it raises an alert, its name, and its labels in any
/// order. No rule has a label twice: of two with one name, its file keeps the last.
struct Identity<'r>(&'r Rule);

impl PartialEq for Identity<'_> {
    fn eq(&self, other: &Self) -> bool {
        let Self(rule) = self;
        let Self(other) = other;
        rule.alert_name().is_some() == other.alert_name().is_some()
            && rule.name().as_str() == other.name().as_str()
            && rule.labels.len() == other.labels.len()
            && rule.labels.iter().all(|label| {
                other.label(label.name.as_str()).map(Text::as_str) == Some(label.value.as_str())
            })
    }
}

impl Eq for Identity<'_> {}

impl Hash for Identity<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self(rule) = self;
        let of_label = |label: &Label| {
            let mut hasher = FxHasher::default();
            (label.name.as_str(), label.value.as_str()).hash(&mut hasher);
            hasher.finish()
        };
        let of_labels = rule.labels.iter().map(of_label).fold(0, u64::wrapping_add);
        (rule.alert_name().is_some(), rule.name().as_str(), of_labels).hash(state);
    }
}

#[expect(clippy::mutable_key_type, reason = "what rules are told apart by does not change")]
fn run(site: &Site) -> Vec<Diagnostic> {
    let mut known: FxHashSet<Identity<'_>> = FxHashSet::default();
    let mut found = Vec::new();
    // What servers have loaded is there once for each of them.
    let files = site.rule_files.iter().filter(|file| !file.is_loaded);
    for rule in files.flat_map(|file| file.rules()) {
        // The first of several stays.
        if !known.insert(Identity(rule))
            && let Some(Identity(first)) = known.get(&Identity(rule))
        {
            found.push(duplicate(first, rule));
        }
    }
    found
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
