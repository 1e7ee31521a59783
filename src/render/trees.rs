//! Trees of runbooks on their way from one file of the output to the next.
//!
//! A page and its part of the full text are made of the same tree, one soon after the other, and in a
//! build the checks have read it right before. Whoever comes first leaves it for the other; where
//! nobody left one it is read again, so that it is there in any order.

use crate::markdown::Document;
use crate::site::Page;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Trees that somebody will ask for, by the indices of their pages.
#[derive(Default)]
pub(super) struct Trees(Mutex<HashMap<usize, Document>>);

impl Trees {
    /// The tree of a page.
    pub fn take(&self, index: usize, page: &Page) -> Document {
        let left = self.left().remove(&index);
        left.unwrap_or_else(|| page.runbook.document())
    }

    /// Leaves the tree of a page for who takes it next.
    pub fn leave(&self, index: usize, document: Document) {
        self.left().insert(index, document);
    }

    fn left(&self) -> MutexGuard<'_, HashMap<usize, Document>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
