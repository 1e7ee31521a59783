//! Which section was probably meant by a fragment that leads nowhere.
//!
//! Thousands of links may lead to one page, which lists what to do about each alert, and all of them
//! are broken once its headings are written anew. So what its sections are called is put in order once,
//! when the first of them asks.

use super::{Destination, Site};
use crate::diag::suggest::KnownNames;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The anchors of what links lead to, for the pages of each destination that was asked about. A site in
/// which a page has other ones begins anew; until then they are the same for the sites that share them.
#[derive(Debug, Clone, Default)]
pub(super) struct NearSections(Arc<Mutex<HashMap<Vec<usize>, Arc<Sections>>>>);

/// What the sections of some pages are called.
#[derive(Debug)]
pub struct Sections {
    /// All anchors by their lower case, in order.
    by_lower_case: HashMap<String, Vec<String>>,
    headings: KnownNames<String>,
    anchors: KnownNames<String>,
}

impl Site {
    /// The sections that links to a destination may lead to.
    pub fn sections_of(&self, destination: &Destination) -> Arc<Sections> {
        let pages = self.landing_pages(destination);
        let kept = &self.near_sections.0;
        if let Some(known) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(pages) {
            return Arc::clone(known);
        }
        // Two that ask at the same time make the same.
        let sections = Arc::new(Sections::new(self, pages));
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(kept.entry(pages.to_vec()).or_insert(sections))
    }
}

impl Sections {
    fn new(site: &Site, pages: &[usize]) -> Self {
        let runbooks = || pages.iter().map(|page| &site.pages[*page].runbook);
        let anchors: BTreeSet<&str> = runbooks().flat_map(|it| it.anchors.iter()).collect();
        let mut by_lower_case: HashMap<String, Vec<String>> = HashMap::new();
        for anchor in &anchors {
            by_lower_case.entry(anchor.to_lowercase()).or_default().push((*anchor).to_owned());
        }
        let mut met = HashSet::new();
        let headings = runbooks().flat_map(|runbook| &runbook.headings);
        let headings = headings.map(|heading| &heading.id).filter(|id| met.insert(*id));
        Self {
            by_lower_case,
            headings: KnownNames::new(headings.cloned()),
            anchors: KnownNames::new(anchors.into_iter().map(str::to_owned)),
        }
    }

    /// The anchors that are a fragment in another case, in order.
    pub fn in_another_case(&self, fragment: &str) -> &[String] {
        self.by_lower_case.get(&fragment.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The id of the heading that was probably meant by a fragment, and whether no other one is as near.
    pub fn heading_like(&self, fragment: &str) -> Option<(&str, bool)> {
        self.headings.nearest(fragment).map(|(id, is_only)| (id.as_str(), is_only))
    }

    /// The anchor that was probably meant, of whatever kind.
    pub fn anchor_like(&self, fragment: &str) -> Option<&str> {
        self.anchors.nearest(fragment).map(|(anchor, _)| anchor.as_str())
    }
}
