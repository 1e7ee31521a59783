//! A link leads to a section that its page does not have.
//!
//! Headings are reworded, and links to their ids stay behind: the browser shows the top of the
//! page and says nothing.
//!
//! # Example
//!
//! ```markdown
//! See [how to drain](workers.html#drain), where the heading is *Drain a worker* by now.
//! ```
//!
//! # To fix it
//!
//! Link to a heading that exists; its id is its text in lower case with `-` for spaces.

use super::broken_link::links_beside_tables;
use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::addresses::{Part, no_such_section, suggest_fragment};
use crate::site::Resolved;

pub const CHECK: Check = Check {
    name: "broken-anchor",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    for link in links_beside_tables(site, open.index) {
        let resolved = site.resolve(&page.path, &link.url);
        let Resolved::Internal { destination, fragment: Some(fragment), .. } = resolved else {
            continue;
        };
        if site.has_anchor(destination, &fragment) != Some(false) {
            continue;
        }
        let which = no_such_section(site, &page.path, destination);
        let message = format!("the link leads to `#{fragment}`, {which}");
        let part = Part::fragment(page, link);
        let diagnostic = Diagnostic::new(CHECK.name, part.span(), message);
        found.push(suggest_fragment(site, destination, &fragment, Some(&part), diagnostic));
    }
    found
}
