//! Links to pages by the name of their file: `drain.md` instead of `drain.html`.
//!
//! Pages have the ending `.html` wherever they are published, and Jekyll does not change a link.

use crate::diag::fix::{Fix, Safety};
use crate::lint::addresses::Part;
use crate::runbook::LinkKind;
use crate::site::{Destination, Page, Resolved, Site};

pub fn find(site: &Site, page: &Page) -> Vec<Fix> {
    let links = page.runbook.links.iter().filter(|link| link.kind == LinkKind::Link);
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
