//! A link leads to a section that its page does not have.
//!
//! Headings are reworded, and links to their ids stay behind: the browser shows the top of the
//! page and says nothing.
//!
//! To fix it, link to a heading that exists; its id is its text in lower case with `-` for spaces.

use super::Check;
use super::broken_link::links_beside_tables;
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Severity};
use crate::site::{Destination, Resolved, Site};
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "broken-anchor", severity: Severity::Error, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &site.pages {
        for link in links_beside_tables(page) {
            let resolved = site.resolve(&page.path, &link.url);
            let Resolved::Internal { path, destination, fragment: Some(fragment), .. } = resolved
            else {
                continue;
            };
            if site.has_anchor(&destination, &fragment) != Some(false) {
                continue;
            }
            let span = Span::new(page.runbook.source(), link.range.clone());
            let message = if path == page.path {
                format!("the link leads to `#{fragment}`, which this page does not have")
            } else {
                format!("the link leads to `#{fragment}`, which `{path}` does not have")
            };
            let diagnostic = Diagnostic::new(CHECK.name, span, message);
            found.push(explain_anchor(site, &destination, &fragment, diagnostic));
        }
    }
    found
}

/// Adds what is known about a fragment that leads nowhere: the nearest one that leads somewhere.
pub fn explain_anchor(
    site: &Site,
    destination: &Destination,
    fragment: &str,
    found: Diagnostic,
) -> Diagnostic {
    let found = found.with_label("no such section");
    let pages: &[usize] = match destination {
        Destination::Page(page) => std::slice::from_ref(page),
        Destination::Alias(pages) => pages,
        _ => &[],
    };
    let headings = || pages.iter().flat_map(|page| &site.pages[*page].runbook.headings);
    let anchors = pages.iter().flat_map(|page| site.pages[*page].runbook.anchors.iter());
    let ids = headings().map(|heading| heading.id.as_str());
    let near = nearest(fragment, ids).or_else(|| {
        let mut anchors: Vec<&str> = anchors.collect();
        anchors.sort_unstable();
        nearest(fragment, anchors)
    });
    let Some(near) = near else {
        return found.with_help("link to the id of a heading, or to the page without a fragment");
    };
    let found = found.with_help(format!("did you mean `#{near}`?"));
    let owner = pages.iter().map(|page| &site.pages[*page].runbook).find_map(|runbook| {
        let heading = runbook.headings.iter().find(|heading| heading.id == near)?;
        Some(Span::new(runbook.source(), first_line(runbook.source().text(), heading)))
    });
    match owner {
        Some(span) => found.with_related(span, "this section"),
        None => found,
    }
}

fn first_line(text: &str, heading: &crate::runbook::Heading) -> std::ops::Range<usize> {
    let line = text[heading.range.clone()].lines().next().unwrap_or_default();
    heading.range.start..heading.range.start + line.len()
}
