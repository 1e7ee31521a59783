//! Front matter: the YAML between two `---` lines at the top of a runbook.
//!
//! Where it begins and ends is Jekyll's rule (`YAML_FRONT_MATTER_REGEXP` in `jekyll/document.rb`):
//! the first line is `---`, and the first later line that is `---` or `...` closes it.

use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use crate::yaml::{self, Entry, Node, Text};
use std::ops::Range;
use std::sync::Arc;

/// The name of the check that front matter which can't be read belongs to.
pub const INVALID_FRONT_MATTER: &str = "invalid-front-matter";

/// What a text says that has a character which stands for bytes that are none.
const NOT_UTF8: &str = "this is not UTF-8; the bytes here can't be read";

/// The front matter of a runbook. Keys are those of its author; none has a meaning here.
#[derive(Debug, Clone)]
pub struct FrontMatter {
    root: Option<Node>,
    body: usize,
}

impl FrontMatter {
    /// Whether a text begins as a page with front matter does.
    pub fn opens(text: &str) -> bool {
        text.lines().next().is_some_and(|line| line.trim_end() == "---" && line.starts_with('-'))
    }

    /// Reads the front matter of a source. What can't be read is as good as absent, and said.
    pub fn read(source: &Arc<Source>) -> (Self, Vec<Diagnostic>) {
        let text = source.text();
        if !Self::opens(text) {
            return (Self { root: None, body: 0 }, Vec::new());
        }
        let Some((inside, body)) = find_end(text) else {
            let first = 0..text.lines().next().map_or(0, str::len);
            let unclosed = Diagnostic::new(
                INVALID_FRONT_MATTER,
                Span::new(source, first),
                "the front matter is not closed",
            )
            .with_label("opened here")
            .with_help("put a line `---` below the last key");
            return (Self { root: None, body: 0 }, vec![unclosed]);
        };
        let (root, mut diagnostics) = read_yaml(source, inside.clone());
        if let Some(at) = text[inside.clone()].find(char::REPLACEMENT_CHARACTER) {
            let start = inside.start + at;
            let place = start..start + char::REPLACEMENT_CHARACTER.len_utf8();
            diagnostics.push(
                Diagnostic::new(INVALID_FRONT_MATTER, Span::new(source, place), NOT_UTF8)
                    .with_help("save the file as UTF-8"),
            );
        }
        (Self { root, body }, diagnostics)
    }

    /// Where the Markdown below it begins, in bytes.
    pub fn body(&self) -> usize {
        self.body
    }

    /// Its keys and values in the order of the file, a key that is written twice there twice.
    pub fn entries(&self) -> &[Entry] {
        self.root.as_ref().map_or(&[], Node::entries)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.root.as_ref()?.get(key)
    }

    /// The text of a key whose value is a scalar, unless it is empty.
    pub fn text(&self, key: &str) -> Option<Text> {
        self.get(key)?.text().filter(|text| !text.as_str().trim().is_empty())
    }

    /// The texts of a key that holds a list, or one text.
    pub fn texts(&self, key: &str) -> Vec<Text> {
        let Some(node) = self.get(key) else { return Vec::new() };
        match node.text() {
            Some(one) => vec![one],
            None => node.items().iter().filter_map(Node::text).collect(),
        }
    }

    /// All of it, for templates.
    pub fn to_json(&self) -> serde_json::Value {
        self.root.as_ref().map_or_else(|| serde_json::json!({}), Node::to_json)
    }
}

/// The bytes between the marks, and where the text below begins.
fn find_end(text: &str) -> Option<(Range<usize>, usize)> {
    let mut at = text.find('\n')? + 1;
    let start = at;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") && !line.starts_with([' ', '\t']) {
            return Some((start..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn read_yaml(source: &Arc<Source>, inside: Range<usize>) -> (Option<Node>, Vec<Diagnostic>) {
    match yaml::parse(source, inside) {
        Err(error) => (None, vec![error.into_diagnostic(INVALID_FRONT_MATTER)]),
        Ok(documents) => match documents.into_iter().next() {
            Some(node) if node.is_null() => (None, Vec::new()),
            Some(node) if matches!(node.value, yaml::Value::Mapping(_)) => (Some(node), Vec::new()),
            Some(node) => {
                let message = format!("the front matter is {}, not a mapping", node.kind());
                let wrong = Diagnostic::new(INVALID_FRONT_MATTER, node.span, message)
                    .with_help("write `key: value` lines, such as `title: …`");
                (None, vec![wrong])
            }
            None => (None, Vec::new()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (FrontMatter, Vec<Diagnostic>) {
        FrontMatter::read(&Source::new("a.md", text))
    }

    #[test]
    fn keys_are_kept_as_written() {
        let text = "---\r\ntitle: A # note\r\nnav_order: 3\r\ntags: [a, b]\r\nplaybooks: [\"<NoPlaybooksSpecified>\"]\r\n---\r\nText\r\n";
        let (found, diagnostics) = read(text);
        assert_eq!(diagnostics, []);
        assert_eq!(found.text("title").unwrap(), "A");
        assert_eq!(found.texts("tags").len(), 2);
        assert_eq!(&text[found.body()..], "Text\r\n");
        assert_eq!(found.to_json()["nav_order"], 3);
    }

    #[test]
    fn what_can_not_be_read_is_said_with_its_place() {
        for (text, place, message) in [
            ("---\ntitle: A\nText", "---", "the front matter is not closed"),
            ("---\njust words\n---\n", "just words", "the front matter is a text, not a mapping"),
        ] {
            let (found, diagnostics) = read(text);
            assert!(found.get("title").is_none());
            assert_eq!(diagnostics[0].span.text(), place);
            assert_eq!(diagnostics[0].message, message);
        }
        let (_, diagnostics) = read("---\na: 1\ntitle: a: b\n---\n");
        assert_eq!(diagnostics[0].span.start().line, 3);
    }

    #[test]
    fn a_text_without_front_matter_has_none() {
        let (found, diagnostics) = read("# Title\n---\n");
        assert_eq!((found.body(), diagnostics.len()), (0, 0));
    }
}
