//! What of a runbook's running text is no prose, kept for the next time that its tree is read.
//!
//! To find it takes a good part of the time that a tree takes, and there is little of it.

use crate::lang;
use crate::markdown::{self, Document, Kept};
use crate::source::Source;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, PoisonError};

/// The answers to what the reader of Markdown asks about each text. It asks in the same order each
/// time that it reads the same source, so they are known by their number; most are that all is prose,
/// and are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptTexts(Box<[(u32, Kept)]>);

impl KeptTexts {
    /// The document that a source holds from byte `body` on, and what is to be kept of its texts.
    pub fn find(source: &Arc<Source>, body: usize) -> (Document, Self) {
        let found = RefCell::new(Vec::new());
        let asked = Cell::new(0);
        let document = markdown::parse(source, body, &|text| {
            let kept = lang::kept_in_prose(text);
            let number = asked.replace(asked.get() + 1);
            if kept != Kept::default() {
                found.borrow_mut().push((number, kept.clone()));
            }
            kept
        });
        (document, Self(found.into_inner().into()))
    }

    /// The document that the same source holds from the same byte on.
    pub fn document(&self, source: &Arc<Source>, body: usize) -> Document {
        let asked = Cell::new(0);
        let left = Cell::new(&*self.0);
        markdown::parse(source, body, &|_| {
            let number = asked.replace(asked.get() + 1);
            match left.get() {
                [(next, kept), behind @ ..] if *next == number => {
                    left.set(behind);
                    kept.clone()
                }
                _ => Kept::default(),
            }
        })
    }
}

/// The tree that a runbook was read from, for who asks for one first. Most sites are small enough for all
/// of theirs to wait.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<Option<Document>>);

impl Waiting {
    /// A tree that somebody will ask for.
    pub fn of(document: Document) -> Self {
        Self(Mutex::new(Some(document)))
    }

    /// The tree, if nobody has taken it.
    pub fn take(&self) -> Option<Document> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// There is one tree, and it stays where it is.
impl Clone for Waiting {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tree_is_the_same_when_it_is_read_again(
            parts in prop::collection::vec(prop::sample::select(vec![
                "Run: ", "x_total{a=\"*b*\"} > 0", "kubectl get pods -l \"a=b\" ", "app=\"foo\" ",
                "| ", "|--\n", "\n", "\n\n", "- ", "# ", "> ", "`", "{a=\"b c\", d=\"e\"} ", "*", "word ",
                "sum(rate(x_total[5m])) ", "1. ", "    ",
            ]), 0..30)
        ) {
            let source = Source::new("a.md", parts.concat());
            let (document, kept) = KeptTexts::find(&source, 0);
            let again = kept.document(&source, 0);
            prop_assert_eq!(document.blocks, again.blocks);
            prop_assert_eq!(document.habits, again.habits);
        }
    }
}
