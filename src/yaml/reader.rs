//! Taking a tree apart where only certain keys may stand, and saying what else is there.

use super::{Node, Text, Value};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::diag::wording::{alternatives, joined_names};
use crate::source::Span;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fmt;

/// Reads nodes as what they should be and gathers the complaints of one check. Nothing stops at
/// the first fault: what can be read is read. What a node is meant to be is put into words only where it
/// is none.
#[derive(Debug)]
pub struct Reader {
    check: &'static str,
    diagnostics: Vec<Diagnostic>,
}

/// The values of a mapping by their keys.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'n> {
    node: &'n Node,
}

impl Reader {
    /// A reader without complaints yet; those to come carry the name of `check`.
    pub fn new(check: &'static str) -> Self {
        Self { check, diagnostics: Vec::new() }
    }

    /// The complaints, in the order in which they were found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// The complaints so far, to say more about them.
    pub fn complaints(&mut self) -> &mut [Diagnostic] {
        &mut self.diagnostics
    }

    /// Complains, and hands out the complaint so that more can be said.
    pub fn complain(&mut self, span: &Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(self.check, span.clone(), message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// The fields of a mapping that may have the keys `known` and no others. `what` names it in
    /// messages: `a rule`. None if it is no mapping.
    pub fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Option<Fields<'n>> {
        self.fields_or(node, what, known, &[])
    }

    /// The same, with keys that are taken as well, and that no message offers.
    pub fn fields_or<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&str],
        others: &[&str],
    ) -> Option<Fields<'n>> {
        let fields = self.open_fields(node, what)?;
        for entry in node.entries() {
            let name = entry.name();
            if !known.contains(&name) && !others.contains(&name) {
                let help = did_you_mean(name, known.iter().copied())
                    .or_else(|| Some(format!("{what} has the keys {}", joined_names(known))));
                self.complain(&entry.key.span, format!("unknown key `{name}` in {what}")).help =
                    help;
            }
        }
        Some(fields)
    }

    /// The fields of a mapping that may have any keys, once each.
    pub fn open_fields<'n>(
        &mut self,
        node: &'n Node,
        what: impl fmt::Display,
    ) -> Option<Fields<'n>> {
        /// Of so many keys each is compared with those before it.
        const FEW: usize = 8;
        if !matches!(node.value, Value::Mapping(_)) {
            self.wrong_kind(node, what, "a mapping");
            return None;
        }
        let entries = node.entries();
        let is_there = |at: usize| {
            let name = entries[at].name();
            entries[..at].iter().any(|before| before.is(name))
        };
        if entries.len() <= FEW && !(1..entries.len()).any(is_there) {
            return Some(Fields { node });
        }
        let mut first = FxHashMap::default();
        for entry in entries {
            match first.entry(entry.name()) {
                Vacant(place) => {
                    place.insert(&entry.key.span);
                }
                Occupied(place) => {
                    let message = format!("the key `{}` is there twice", entry.name());
                    self.complain(&entry.key.span, message)
                        .relate((*place.get()).clone(), "first here");
                }
            }
        }
        Some(Fields { node })
    }

    /// A scalar; numbers and booleans are texts as well, as they are written.
    pub fn text(&mut self, node: &Node, what: impl fmt::Display) -> Option<Text> {
        let text = node.text();
        if text.is_none() {
            self.wrong_kind(node, what, "a text");
        }
        text
    }

    /// What a text stands for, out of all that it could be. `what` names it in messages.
    pub fn one_of<T: Copy>(&mut self, text: &Text, what: &str, all: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = all.iter().find(|(name, _)| *name == text.as_str()) {
            return Some(*value);
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let help = did_you_mean(text.as_str(), names.iter().copied());
        let help = help.unwrap_or_else(|| format!("it can be {}", alternatives(&names)));
        self.complain(text.span(), format!("{what} can't be `{text}`")).help = Some(help);
        None
    }

    /// A list's nodes; nothing is an empty list.
    pub fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        if !matches!(node.value, Value::Sequence(_) | Value::Null) {
            self.wrong_kind(node, what, "a list");
        }
        node.items()
    }

    /// A mapping of texts to texts, as it is written; nothing is an empty mapping, and an empty
    /// value an empty text.
    pub fn pairs(&mut self, node: &Node, what: impl fmt::Display) -> Vec<(Text, Text)> {
        let before = self.diagnostics.len();
        if node.is_null() || self.open_fields(node, what).is_none() {
            return Vec::new();
        }
        // Of a key that is there twice, of which there is a complaint now, the last one counts.
        let mut last = FxHashMap::default();
        if self.diagnostics.len() > before {
            last.extend(
                node.entries().iter().enumerate().map(|(index, entry)| (entry.name(), index)),
            );
        }
        let mut pairs = Vec::with_capacity(node.entries().len());
        for (index, entry) in node.entries().iter().enumerate() {
            if last.get(entry.name()).is_some_and(|last| *last != index) {
                continue;
            }
            let value = if entry.value.is_null() {
                Some(Text::empty(entry.value.span.clone()))
            } else {
                self.text(&entry.value, format_args!("`{}`", entry.name()))
            };
            pairs.extend(entry.key.text().zip(value));
        }
        pairs
    }

    /// Says that a node is something else than it should be.
    pub fn wrong_kind(&mut self, node: &Node, what: impl fmt::Display, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.kind());
        self.complain(&first_line(&node.span), message);
    }
}

impl<'n> Fields<'n> {
    /// The value of a key, unless nothing is there.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key).filter(|value| !value.is_null())
    }

    /// Where a key stands.
    pub fn key_span(&self, key: &str) -> Option<&'n Span> {
        let mut entries = self.node.entries().iter();
        entries.find(|entry| entry.is(key)).map(|entry| &entry.key.span)
    }

    /// A place for what is missing in the mapping: its first key, or all of it when it has none.
    pub fn place(&self) -> &'n Span {
        let first = self.node.entries().first();
        first.map_or(&self.node.span, |entry| &entry.key.span)
    }
}

/// The part of a span that stands on its first line: carets under twenty lines say nothing.
fn first_line(span: &Span) -> Span {
    let length = span.text().lines().next().map_or(0, str::len);
    let start = span.range().start;
    Span::new(span.source(), start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn node(text: &str) -> Node {
        let source = Source::new("a.yaml", text);
        super::super::parse(&source, 0..text.len()).unwrap().remove(0)
    }

    fn said(reader: Reader) -> Vec<(String, String, Option<String>)> {
        let diagnostics = reader.into_diagnostics().into_iter();
        diagnostics.map(|it| (it.message, it.span.text().to_owned(), it.help)).collect()
    }

    #[test]
    fn unknown_and_duplicate_keys_are_named() {
        let node = node("titel: a\ncontent: b\nzzz: c\ncontent: d\n");
        let mut reader = Reader::new("test");
        let fields = reader.fields(&node, "the site", &["title", "content"]).unwrap();
        assert_eq!(fields.get("content").and_then(Node::as_str), Some("d"));
        assert_eq!(
            said(reader),
            [
                ("the key `content` is there twice".to_owned(), "content".to_owned(), None),
                (
                    "unknown key `titel` in the site".to_owned(),
                    "titel".to_owned(),
                    Some("did you mean `title`?".to_owned())
                ),
                (
                    "unknown key `zzz` in the site".to_owned(),
                    "zzz".to_owned(),
                    Some("the site has the keys `title` and `content`".to_owned())
                ),
            ]
        );
    }

    #[test]
    fn pairs_keep_the_order_and_the_spelling() {
        let node = node("b: 1.50\na: true\nempty:\nb: x\nlist: [1]\n");
        let mut reader = Reader::new("test");
        let pairs = reader.pairs(&node, "the labels");
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "true"), ("empty", ""), ("b", "x")]);
        let said = said(reader);
        assert_eq!(said[0].0, "the key `b` is there twice");
        assert_eq!(said[1].0, "`list` must be a text, not a list");
    }

    #[test]
    fn kinds_are_told_apart() {
        let node = node("- a\n- [b]\n- ~\n");
        let mut reader = Reader::new("test");
        for item in reader.list(&node, "the hosts") {
            reader.text(item, "a host");
        }
        assert!(reader.fields(&node, "a rule", &[]).is_none());
        assert!(reader.pairs(&node, "the labels").is_empty());
        let said: Vec<_> =
            said(reader).into_iter().map(|(message, span, _)| (message, span)).collect();
        assert_eq!(
            said,
            [
                ("a host must be a text, not a list".to_owned(), "[b]".to_owned()),
                ("a host must be a text, not nothing".to_owned(), "~".to_owned()),
                ("a rule must be a mapping, not a list".to_owned(), "- a".to_owned()),
                ("the labels must be a mapping, not a list".to_owned(), "- a".to_owned()),
            ]
        );
    }
}
