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

use super::{Check, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::renames::{self, FormerNames};
use crate::site::Site;
use crate::source::Span;
use std::collections::BTreeMap;

pub const CHECK: Check =
    Check { name: "undocumented-alert", severity: Severity::Warning, needs_rules: true, run: Run::Site(run) };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut undocumented = site
        .alerts
        .iter()
        .filter(|(_, alert)| {
            !alert.rules.is_empty() && alert.claims.is_empty() && alert.mentions.is_empty()
        })
        .peekable();
    if undocumented.peek().is_none() {
        return Vec::new();
    }
    let mut former: BTreeMap<&str, Vec<(&str, &Span)>> = BTreeMap::new();
    for unknown in renames::unknown(site) {
        if let Some(meant) = unknown.meant {
            let claim = unknown.claim;
            former.entry(meant.alert).or_default().push((&claim.name, &claim.span));
        }
    }
    let by_page = FormerNames::new(site);
    undocumented
        .filter_map(|(name, alert)| {
            let mut places = alert.rules.iter().map(|place| site.rule(*place).2.name().span());
            let first = places.next().cloned();
            let message = format!("no runbook documents the alert `{name}`");
            let mut found = Diagnostic::new(CHECK.name, first?, message)
                .with_label("pages people who find nothing to go by")
                .with_alert(name)
                .with_help("add it to the alert table of a runbook, with a link to the section to start at");
            for place in places {
                found = found.with_related(place.clone(), "also raised here");
            }
            let claims = former.get(name.as_str()).into_iter().flatten().copied();
            let on_page = || by_page.former(name).filter(|_| !former.contains_key(name.as_str()));
            for (former, span) in claims.chain(on_page()) {
                let message = "probably documented here, by a name that no rule has";
                found = found
                    .with_help(format!(
                        "rename `{former}` in the runbook, or give this alert a row of its own"
                    ))
                    .with_related(span.clone(), message);
            }
            Some(found)
        })
        .collect()
}
