//! The link of an alert table's row does not land.
//!
//! The row says where to start; a link that goes nowhere, or to the top of a long page because the
//! section was renamed, costs minutes when they matter.
//!
//! To fix it, link to a heading that exists; its id is its text in lower case with `-` for spaces.

use super::Check;
use super::broken_anchor::explain_anchor;
use super::broken_link::explain_missing;
use crate::diag::{Diagnostic, Severity};
use crate::site::{Resolved, Site};
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "alert-link-broken", severity: Severity::Error, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &site.pages {
        let rows = page.runbook.alert_tables.iter().flat_map(|table| &table.rows);
        for row in rows {
            let Some((url, range)) = &row.start else { continue };
            let span = Span::new(page.runbook.source(), range.clone());
            let alert = &row.alerts[0].name;
            let start = format!("the link to start at for `{alert}`");
            let diagnostic = match site.resolve(&page.path, url) {
                Resolved::External => continue,
                Resolved::Missing { path } => {
                    let message = format!("{start} leads to `{path}`, which does not exist");
                    let diagnostic = Diagnostic::new(CHECK.name, span, message);
                    explain_missing(site, page, &path, diagnostic)
                }
                Resolved::Internal { destination, fragment, .. } => {
                    let fragment = fragment.unwrap_or_default();
                    if site.has_anchor(&destination, &fragment) != Some(false) {
                        continue;
                    }
                    let message = format!("{start} leads to `#{fragment}`, which does not exist");
                    let diagnostic = Diagnostic::new(CHECK.name, span, message);
                    explain_anchor(site, &destination, &fragment, diagnostic)
                }
            };
            found.push(diagnostic.with_alert(alert));
        }
    }
    found
}
