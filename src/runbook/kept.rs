//! What of a runbook's running text is no prose, kept for the next time that its tree is read.
//!
//! To find it takes a good part of the time that a tree takes, and there is little of it.

use crate::lang::{
    self,
    promql::{self, Part, Read},
};
use crate::markdown::{self, Asked, Document, Kept};
use crate::source::Source;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, PoisonError};

/// The answers to what the reader of Markdown asks about texts. It asks in the same order each time that
/// it reads the same source, so they are known by their number; most are that all is prose, and are left
/// out.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptTexts(Box<[(u32, Kept)]>);

impl KeptTexts {
    /// The document that a source holds from byte `body` on, what is to be kept of its texts, and the
    /// queries in them.
    pub fn find(source: &Arc<Source>, body: usize) -> (Document, Self, QueriesOfProse) {
        let found = RefCell::new(Vec::new());
        let asked = Cell::new(0);
        let queries = RefCell::new(QueriesOfProse::default());
        let document = markdown::parse(source, body, &|text, asked_for| {
            let taken = |Part { range, read }: Part| {
                let read = read.map(|read| (text[range.clone()].to_owned(), read));
                queries.borrow_mut().0.extend(read);
                range
            };
            let number = asked.replace(asked.get() + 1);
            let kept: Kept = match asked_for {
                Asked::Queries => {
                    let parts = promql::in_prose(text);
                    // Most texts have none.
                    if parts.is_empty() {
                        return Kept::default();
                    }
                    parts.into_iter().map(taken).collect()
                }
                Asked::Commands => lang::commands_in_prose(text),
            };
            if !kept.is_empty() {
                found.borrow_mut().push((number, kept.clone()));
            }
            kept
        });
        (document, Self(found.into_inner().into()), queries.into_inner())
    }

    /// The document that the same source holds from the same byte on.
    pub fn document(&self, source: &Arc<Source>, body: usize) -> Document {
        let asked = Cell::new(0);
        let left = Cell::new(&*self.0);
        markdown::parse(source, body, &|_, _| {
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

/// The queries that were read where a text was looked through for what is no prose, by what is written
/// there.
#[derive(Debug, Default)]
pub(super) struct QueriesOfProse(FxHashMap<String, Read>);

impl QueriesOfProse {
    /// Takes out what was read, if nobody has. None whose holes are others where it is known to be a
    /// query.
    pub fn take(&mut self, text: &str) -> Option<Read> {
        let read = self.0.remove(text)?;
        let declared = promql::declared_among(text, &read.placeholders);
        let holes = read.placeholders.iter().map(|placeholder| &placeholder.range);
        declared.iter().eq(holes).then_some(read)
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
            let (document, kept, _) = KeptTexts::find(&source, 0);
            let again = kept.document(&source, 0);
            prop_assert_eq!(document.blocks, again.blocks);
            prop_assert_eq!(document.habits, again.habits);
        }
    }
}
