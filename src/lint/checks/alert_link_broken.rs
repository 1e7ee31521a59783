//! The link of an alert table's row does not land.
//!
//! The row says where to start; a link that goes nowhere, or to the top of a long page because the
//! section was renamed, costs minutes when they matter.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info | Start |
//! |-------|------|-------|
//! | `DiskFull` | A disk is full. | [Disks](#disks) |
//!
//! ## Full disks
//! ```
//!
//! # To fix it
//!
//! Link to a heading that exists; its id is its text in lower case with `-` for spaces.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::addresses::{
    Part, no_such_section, nothing_there, suggest_fragment, suggest_path,
};
use crate::runbook::{Link, LinkKind};
use crate::site::{Page, Resolved, Site};
use std::ops::Range;

pub const CHECK: Check = Check {
    name: "alert-link-broken",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    for (alert, row) in site.alert_rows(open.index) {
        if let Some((url, range)) = &row.start {
            let diagnostic = check(site, page, alert, (url, range));
            found.extend(diagnostic.map(|found| found.with_alert(alert)));
        }
    }
    found
}

fn check(
    site: &Site,
    page: &Page,
    alert: &str,
    (url, range): (&String, &Range<usize>),
) -> Option<Diagnostic> {
    let link = || Link { kind: LinkKind::Link, url: url.clone(), range: range.clone() };
    let lead = || format!("the link of the alert `{alert}` leads to");
    match site.resolve(&page.path, url) {
        Resolved::Missing { path } => {
            let (link, lead) = (&link(), lead());
            let message = format!("{lead} `{path}`, which {}", nothing_there(&path));
            let part = Part::path(page, link);
            let diagnostic = Diagnostic::new(CHECK.name, part.span(), message)
                .with_label("no such page or file")
                .with_help("link to the section to start at");
            Some(suggest_path(site, Some(&page.path), &link.url, &path, Some(&part), diagnostic))
        }
        Resolved::Internal { destination, fragment: Some(fragment), .. }
            if site.has_anchor(destination, &fragment) == Some(false) =>
        {
            let (link, lead) = (&link(), lead());
            let which = no_such_section(site, &page.path, destination);
            let message = format!("{lead} `#{fragment}`, {which}");
            let part = Part::fragment(page, link);
            let diagnostic = Diagnostic::new(CHECK.name, part.span(), message);
            Some(suggest_fragment(site, destination, &fragment, Some(&part), diagnostic))
        }
        Resolved::External | Resolved::Internal { .. } => None,
    }
}
