//! Links to pages by the name of their file: `drain.md` instead of `drain.html`.
//!
//! Pages have the ending `.html` wherever they are published, and Jekyll does not change a link.
//! The source of an image is left alone: no page is one.

use crate::diag::fix::{Fix, Safety};
use crate::lint::addresses::Part;
use crate::runbook::LinkKind;
use crate::site::{Destination, Page, Resolved, Site};
use std::collections::HashSet;

pub fn find(site: &Site, page: &Page) -> Vec<Fix> {
    let of_kind = |kind| page.runbook.links.iter().filter(move |link| link.kind == kind);
    // A reference definition may serve both.
    let images: HashSet<usize> = of_kind(LinkKind::Image).map(|image| image.range.start).collect();
    let links = of_kind(LinkKind::Link).filter(|link| !images.contains(&link.range.start));
    let fixes = links.filter_map(|link| {
        let part = Part::path(page, link);
        let span = part.span();
        let stem = span.text().strip_suffix(".md")?;
        let leads_to_page = matches!(
            site.resolve(&page.path, &link.url),
            Resolved::Internal { destination: Destination::Page(_), .. }
        );
        part.fix(Safety::Safe, &format!("{stem}.html")).filter(|_| leads_to_page)
    });
    fixes.collect()
}
