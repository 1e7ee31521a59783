//! A page shows an image that does not exist.
//!
//! To fix it, add the file, or correct the path; it is relative to the page.

use super::Check;
use super::broken_link::explain_missing;
use crate::diag::{Diagnostic, Severity};
use crate::runbook::LinkKind;
use crate::site::{Resolved, Site};
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "missing-image", severity: Severity::Error, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &site.pages {
        for link in page.runbook.links.iter().filter(|link| link.kind == LinkKind::Image) {
            if link.url.starts_with("data:") {
                continue;
            }
            if let Resolved::Missing { path } = site.resolve(&page.path, &link.url) {
                let span = Span::new(page.runbook.source(), link.range.clone());
                let message = format!("the image `{path}` does not exist");
                let diagnostic = Diagnostic::new(CHECK.name, span, message);
                found.push(explain_missing(site, page, &path, diagnostic));
            }
        }
    }
    found
}
