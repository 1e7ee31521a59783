//! Two places document the same alert.
//!
//! They drift apart, and whoever is paged reads the one that was not kept up.
//!
//! Rows of alert tables and `alerts:` in front matter count; a page may name an alert in its front
//! matter and in a table of its own. Other mentions are no documentation in this sense.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info | Start |
//! |-------|------|-------|
//! | `DiskFull` | A disk is full. | [Disks](#disks) |
//! | `DiskFull` | Delete old logs. | [Logs](logs.html) |
//! ```
//!
//! # To fix it
//!
//! Keep one and let the other link to it.

use super::{Check, Run};
use crate::diag::{Diagnostic, Severity};
use crate::site::{Claim, ClaimedBy, Site};

pub const CHECK: Check =
    Check { name: "alert-documented-twice", severity: Severity::Warning, needs_rules: false, run: Run::Site(run) };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, alert) in site.alerts.iter() {
        let mut kept: Vec<&Claim> = Vec::new();
        for claim in alert.claims.iter().map(|index| &site.claims[*index]) {
            if claim.by == ClaimedBy::Title || kept.iter().any(|one| is_one(one, claim)) {
                continue;
            }
            if let Some(first) = kept.first() {
                let message = format!("the alert `{name}` is documented twice");
                found.push(
                    Diagnostic::new(CHECK.name, claim.span.clone(), message)
                        .with_label("documented again")
                        .with_alert(name)
                        .with_help("keep one of them, and let the other link to it")
                        .with_related(first.span.clone(), "first documented here"),
                );
            }
            kept.push(claim);
        }
    }
    found
}

/// Whether two claims are one piece of documentation: front matter and table of one page.
fn is_one(a: &Claim, b: &Claim) -> bool {
    a.page == b.page && (a.by == ClaimedBy::FrontMatter || b.by == ClaimedBy::FrontMatter)
}
