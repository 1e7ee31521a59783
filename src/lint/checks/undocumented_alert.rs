//! A rule raises an alert that no runbook documents.
//!
//! Whoever it pages has nothing to go by.
//!
//! A row of an alert table documents an alert, as do `alerts:` in front matter and a page whose
//! title is its file's name. An example alert, a heading or code with the alert's name is taken for
//! documentation as well, so that only alerts which no runbook knows at all are reported.
//!
//! # Example
//!
//! ```yaml
//! - alert: DiskFull
//!   expr: disk_free < 1
//! ```
//!
//! where no runbook has `DiskFull`.
//!
//! # To fix it
//!
//! Add a row to an alert table with a link to the section to start at.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::renames::{self, FormerNames};
use crate::site::{Alert, Named, Naming, Site};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub const CHECK: Check = Check {
    name: "undocumented-alert",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Anew(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut undocumented: Vec<(&String, &Alert)> = Vec::new();
    let mut in_passing: Vec<(&String, &Alert)> = Vec::new();
    for (name, alert) in site.alerts.iter() {
        let is_in_passing = |named: &Named| named.naming == Naming::Elsewhere;
        if alert.rules.is_empty() || !alert.claims.is_empty() {
        } else if alert.mentions.is_empty() {
            undocumented.push((name, alert));
        } else if alert.mentions.iter().all(is_in_passing) {
            in_passing.push((name, alert));
        }
    }
    if undocumented.is_empty() && in_passing.is_empty() {
        return Vec::new();
    }
    let mut claimed: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for unknown in renames::unknown(site) {
        if let Some(meant) = unknown.meant {
            let claim = unknown.claim;
            known.insert(claim.name.as_str());
            let place = (claim.name.as_str(), claim.span.clone());
            claimed.entry(meant.alert).or_default().push(place);
        }
    }
    let alerts = undocumented.iter().chain(&in_passing).map(|(name, _)| name.as_str());
    let former = FormerNames::new(site, alerts, &known);
    let of_undocumented = undocumented.into_iter().map(|(name, alert)| {
        let names = former_names(name, claimed.remove(name.as_str()), &former);
        (name, alert, names)
    });
    let mut found: Vec<_> = of_undocumented.collect();
    // What a section was called by this name, but for a letter, is called by none now.
    found.extend(in_passing.into_iter().filter_map(|(name, alert)| {
        let renamed = former.slip_in_place(name)?;
        Some((name, alert, vec![renamed]))
    }));
    found
        .into_iter()
        .filter_map(|(name, alert, names)| diagnostic(site, name, alert, names))
        .collect()
}

fn diagnostic(
    site: &Site,
    name: &str,
    alert: &Alert,
    former_names: Vec<(&str, Span)>,
) -> Option<Diagnostic> {
    let mut places = site.rules_of(alert).map(|rule| rule.name().span());
    let first = places.next().cloned();
    let message = format!("no runbook documents the alert `{name}`");
    let mut found = Diagnostic::new(CHECK.name, first?, message)
        .with_label("pages people who find nothing to go by")
        .with_alert(name)
        .with_help(
            "add it to the alert table of a runbook, with a link to the section to start at",
        );
    for place in places {
        found = found.with_related(place.clone(), "also raised here");
    }
    for (former, span) in former_names {
        let is_of_another = site.alerts.get(former).is_some_and(|it| !it.rules.is_empty());
        let message = if is_of_another {
            "probably documented here, by the name of another rule"
        } else {
            "probably documented here, by a name that no rule has"
        };
        found = found
            .with_help(format!(
                "rename `{former}` in the runbook, or give this alert a row of its own"
            ))
            .with_related(span, message);
    }
    Some(found)
}

/// The names that an alert probably had before, with their places: those that claim to document it,
/// and one that a page says without a claim, if that is nearer or there is no other. The last one is
/// the most likely.
fn former_names<'s>(
    alert: &str,
    claimed: Option<Vec<(&'s str, Span)>>,
    former: &FormerNames<'s>,
) -> Vec<(&'s str, Span)> {
    let mut names = claimed.unwrap_or_default();
    match former.slip(alert) {
        Some(slip) => names.push(slip),
        None if names.is_empty() => names.extend(former.stated(alert)),
        None => {}
    }
    names
}
