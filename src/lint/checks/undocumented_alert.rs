//! A rule raises an alert that no runbook documents.
//!
//! Whoever it pages has nothing to go by.
//!
//! A row of an alert table documents an alert, as do `alerts:` in front matter and a page whose
//! title is its file's name. An example alert, a heading or code with the alert's name is taken for
//! documentation as well, so that only alerts which no runbook knows at all are reported.
//!
//! To fix it, add a row to an alert table with a link to the section to start at.

use super::Check;
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Severity};
use crate::site::Site;

pub const CHECK: Check =
    Check { name: "undocumented-alert", severity: Severity::Warning, needs_rules: true, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let unknown: Vec<_> = site.claims.iter().filter(|claim| claim.alerts.is_empty()).collect();
    let undocumented = site.alerts.iter().filter(|(_, alert)| {
        !alert.rules.is_empty() && alert.claims.is_empty() && alert.mentions.is_empty()
    });
    undocumented
        .map(|(name, alert)| {
            let rule_name = site.rule(alert.rules[0]).2.name();
            let message = format!("no runbook documents the alert `{name}`");
            let mut found = Diagnostic::new(CHECK.name, rule_name.span().clone(), message)
                .with_label("pages people who find nothing to go by")
                .with_alert(name)
                .with_help("add it to the alert table of a runbook, with a link to the section to start at");
            for place in &alert.rules[1..] {
                let also = site.rule(*place).2.name();
                found = found.with_related(also.span().clone(), "also raised here");
            }
            let near = nearest(name, unknown.iter().map(|claim| claim.name.as_str()));
            if let Some(claim) = unknown.iter().find(|claim| Some(claim.name.as_str()) == near) {
                let message = "a similar alert, which no rule raises, is documented here";
                found = found.with_related(claim.span.clone(), message);
            }
            found
        })
        .collect()
}
