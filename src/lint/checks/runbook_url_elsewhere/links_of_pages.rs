//! Where the links of pages lead.

use crate::site::{Destination, Resolved, Site};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The links of the pages of a site.
///
/// The rules of a site may all lead to its start page, which has a link to each other page. So the links
/// of a page are followed once, when it is first asked about.
pub(super) struct LinksOfPages<'s> {
    site: &'s Site,
    /// What is known of each page.
    pages: Vec<OnceLock<Box<Leads>>>,
}

/// Where the links of a page lead.
#[derive(Default)]
struct Leads {
    alerts: FxHashSet<String>,
    pages: FxHashSet<usize>,
}

impl<'s> LinksOfPages<'s> {
    /// Those of a site.
    pub fn new(site: &'s Site) -> Self {
        Self { site, pages: site.pages.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Whether a link of a page leads to an alert or to one of the pages that document it.
    pub fn lead(&self, page: usize, alert: &str, documenting: &BTreeSet<usize>) -> bool {
        let leads = self.pages[page].get_or_init(|| Box::new(Leads::of(self.site, page)));
        leads.alerts.contains(alert) || documenting.iter().any(|page| leads.pages.contains(page))
    }
}

impl Leads {
    fn of(site: &Site, page: usize) -> Self {
        let page = &site.pages[page];
        let mut leads = Self::default();
        for link in &page.runbook.links {
            match site.resolve(&page.path, &link.url) {
                Resolved::Internal { destination: Destination::Alert(alert), .. } => {
                    leads.alerts.insert(alert.clone());
                }
                Resolved::Internal { destination, .. } => {
                    leads.pages.extend(site.landing_pages(destination));
                }
                Resolved::External | Resolved::Missing { .. } => {}
            }
        }
        leads
    }
}
