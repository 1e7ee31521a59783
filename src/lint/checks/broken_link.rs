//! A link leads to a page or file of this site that does not exist.
//!
//! Pages are renamed and moved; links to them stay behind. Links out of the site are not followed.
//! Liquid's tag `link` has to name a page or file wherever it stands: Jekyll refuses any other.
//! A link to an image that its page also shows counts with the image (`missing-image`), and the
//! links of alert tables are `alert-link-broken`.
//!
//! # Example
//!
//! ```markdown
//! See [the workers](worker.html), which is `workers.md` by now.
//! ```
//!
//! # To fix it
//!
//! Write the path of the page as it is now, relative to this one.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::addresses::{Part, nothing_there, suggest_path};
use crate::runbook::{Link, LinkKind};
use crate::site::{Resolved, Site};
use std::collections::HashSet;

pub const CHECK: Check = Check {
    name: "broken-link",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    let missing: Vec<(&Link, String)> = links_beside_tables(site, open.index)
        .filter_map(|link| match site.resolve(&page.path, &link.url) {
            Resolved::Missing { path } => Some((link, path)),
            _ => None,
        })
        .collect();
    let images: HashSet<&str> = missing
        .iter()
        .filter(|(link, _)| link.kind == LinkKind::Image)
        .map(|(_, path)| path.as_str())
        .collect();
    for (link, path) in &missing {
        if link.kind == LinkKind::Image || images.contains(path.as_str()) {
            continue;
        }
        let message = format!("the link leads to `{path}`, which {}", nothing_there(path));
        let part = Part::path(page, link);
        let diagnostic = Diagnostic::new(CHECK.name, part.span(), message)
            .with_label("no such page or file")
            .with_help("write the path of a page that exists, or add the missing one");
        found.push(suggest_path(site, Some(&page.path), &link.url, path, Some(&part), diagnostic));
    }
    for (address, place) in &page.runbook.named_addresses {
        let Resolved::Missing { path } = site.resolve(&page.path, address) else { continue };
        let message = format!("the tag `link` names `{path}`, which {}", nothing_there(&path));
        let diagnostic = Diagnostic::new(CHECK.name, place.clone(), message)
            .with_label("no such page or file")
            .with_help("write the path of a file that exists, from the folder of all pages on");
        // Its paths are relative to the folder of all pages, whatever page they stand on.
        found.push(suggest_path(site, Some(""), place.text(), &path, None, diagnostic));
    }
    found
}

/// The links of a page without those at which the rows of its alert tables start.
pub fn links_beside_tables(site: &Site, page: usize) -> impl Iterator<Item = &Link> {
    let rows = site.alert_rows(page);
    let mut starts: Vec<usize> =
        rows.filter_map(|(_, row)| Some(row.start.as_ref()?.1.start)).collect();
    starts.sort_unstable();
    let is_beside = move |link: &&Link| starts.binary_search(&link.range.start).is_err();
    site.pages[page].runbook.links.iter().filter(is_beside)
}
