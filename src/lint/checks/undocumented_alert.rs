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
use crate::lint::renames;
use crate::site::{Claim, Site};
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
    let mut former: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for unknown in renames::unknown(site) {
        if let Some(meant) = unknown.meant {
            former.entry(meant.alert).or_default().push(unknown.claim);
        }
    }
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
            for claim in former.get(name.as_str()).into_iter().flatten() {
                let message = "probably documented here, by a name that no rule has";
                found = found
                    .with_help("rename it in the runbook, or give it a row of its own")
                    .with_related(claim.span.clone(), message);
            }
            Some(found)
        })
        .collect()
}
