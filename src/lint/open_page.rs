//! A page in the hands of the checks.

use super::drift::entries::{self, Entry};
use super::drift::own_part::{self, Part};
use super::drift::section::{self, AlertRow, Section};
use crate::markdown::Document;
use crate::site::{Page, Site};
use std::cell::OnceCell;

/// A page that checks look at, one after the other, and what the first of them that asked for it has
/// found out about it.
pub struct OpenPage<'o> {
    /// The site.
    pub site: &'o Site,
    /// Which of its pages this is.
    pub index: usize,
    tree: &'o Tree,
    is_report: OnceCell<bool>,
    rows: OnceCell<Vec<AlertRow<'o>>>,
    sections: OnceCell<Vec<Section<'o>>>,
    parts: OnceCell<Vec<Vec<Part<'o>>>>,
    entries: OnceCell<Vec<Entry<'o>>>,
}

/// The tree of a page. Runbooks don't keep theirs: it is read again when the first check asks for it,
/// and is there until the last one is done.
pub type Tree = OnceCell<Document>;

impl<'o> OpenPage<'o> {
    /// Opens the page of this index; `tree` is a place for its tree.
    pub fn new(site: &'o Site, index: usize, tree: &'o Tree) -> Self {
        let (rows, sections) = (OnceCell::new(), OnceCell::new());
        let (parts, entries) = (OnceCell::new(), OnceCell::new());
        let is_report = OnceCell::new();
        Self { site, index, tree, is_report, rows, sections, parts, entries }
    }

    /// The page.
    pub fn page(&self) -> &'o Page {
        &self.site.pages[self.index]
    }

    /// The tree of its text.
    pub fn document(&self) -> &'o Document {
        self.tree.get_or_init(|| self.page().runbook.document())
    }

    /// Whether it is the report of one time, which says how things were that day.
    pub fn is_report(&self) -> bool {
        *self.is_report.get_or_init(|| self.page().runbook.is_report())
    }

    /// The rows of its alert tables that name alerts of the rules.
    pub fn rows(&self) -> &[AlertRow<'o>] {
        self.rows.get_or_init(|| section::rows(self))
    }

    /// Its sections at which readers of alerts start.
    pub fn sections(&self) -> &[Section<'o>] {
        self.sections.get_or_init(|| section::sections(self))
    }

    /// The parts of each of these sections, in their order.
    pub fn parts(&self) -> &[Vec<Part<'o>>] {
        let parts = || self.sections().iter().map(|section| own_part::parts(self, section));
        self.parts.get_or_init(|| parts().collect())
    }

    /// What its lists say of alerts that have neither a row nor a section.
    pub fn entries(&self) -> &[Entry<'o>] {
        self.entries.get_or_init(|| entries::entries(self))
    }
}
