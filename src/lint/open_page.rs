//! A page in the hands of the checks.

use super::drift::section::{self, Section};
use crate::markdown::Document;
use crate::site::{Page, Site};
use std::cell::OnceCell;

/// A page that checks look at, one after the other. Runbooks don't keep their trees: it is read
/// again when the first check asks for it, and is there until the last one is done.
pub struct OpenPage<'s> {
    /// The site.
    pub site: &'s Site,
    /// Which of its pages this is.
    pub index: usize,
    document: OnceCell<Document>,
    sections: OnceCell<Vec<Section<'s>>>,
}

impl<'s> OpenPage<'s> {
    /// Opens the page of this index.
    pub fn new(site: &'s Site, index: usize) -> Self {
        Self { site, index, document: OnceCell::new(), sections: OnceCell::new() }
    }

    /// The page.
    pub fn page(&self) -> &'s Page {
        &self.site.pages[self.index]
    }

    /// The tree of its text.
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| self.page().runbook.document())
    }

    /// Its sections at which readers of alerts start.
    pub fn sections(&self) -> &[Section<'s>] {
        self.sections.get_or_init(|| section::sections(self))
    }
}
