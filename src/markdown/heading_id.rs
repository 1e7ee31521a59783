//! The ids of headings, as GitHub and kramdown's GFM parser make them.
//!
//! Source: `generate_gfm_header_id` in `kramdown/parser/gfm.rb` of kramdown-parser-gfm 1.1: lower
//! case; drop all but letters, marks, digits, `_`, `-`, spaces and tabs; each space or tab becomes
//! `-`; a repeated id gets `-1`, `-2`, …

use super::document::{Inline, InlineKind, walk_inlines};
use regex::Regex;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Hands out ids, each once.
#[derive(Debug, Default)]
pub struct HeadingIds {
    /// How often each id was asked for.
    asked: FxHashMap<String, usize>,
    /// The same within HTML elements.
    asked_within_html: FxHashMap<String, usize>,
}

impl HeadingIds {
    /// The id of the next heading with this text.
    pub fn next(&mut self, text: &str) -> String {
        let id = slug(text);
        let asked = self.asked.entry(id.clone()).or_insert(0);
        *asked += 1;
        match *asked {
            1 => id,
            again => format!("{id}-{}", again - 1),
        }
    }
}

impl HeadingIds {
    /// The id of the next heading that stands within an HTML element: kramdown makes it by other
    /// rules (`basic_generate_id` in `kramdown/converter/base.rb`).
    pub fn next_within_html(&mut self, text: &str) -> String {
        let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        let kept = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
        let mut id = kept.collect::<String>().replace(' ', "-").to_ascii_lowercase();
        if id.is_empty() {
            id.push_str("section");
        }
        let asked = self.asked_within_html.entry(id.clone()).or_insert(0);
        *asked += 1;
        match *asked {
            1 => id,
            again => format!("{id}-{}", again - 1),
        }
    }
}

/// The text of a heading that its id is made of: what kramdown shows of it, so that links which were
/// written for it go on to work. `content` is the heading as kramdown reads it.
pub fn id_text(content: &[Inline]) -> String {
    let mut text = String::new();
    walk_inlines(content, &mut |inline| match &inline.kind {
        InlineKind::Text(part) => text.push_str(part),
        InlineKind::Code(code) => text.push_str(code.text()),
        _ => {}
    });
    text
}

/// The id of a text, before repetitions are told apart.
pub fn slug(text: &str) -> String {
    // Ruby's `\p{Word}`, which kramdown uses, and this crate's `\w` name the same characters.
    static DROPPED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\w\- \t]").expect("a constant pattern"));
    if text.is_ascii() {
        let mut slug = String::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b' ' | b'\t' => slug.push('-'),
                b'_' | b'-' => slug.push(char::from(byte)),
                _ if byte.is_ascii_alphanumeric() => {
                    slug.push(char::from(byte.to_ascii_lowercase()));
                }
                _ => {}
            }
        }
        return slug;
    }
    let lower = text.to_lowercase();
    DROPPED.replace_all(&lower, "").replace([' ', '\t'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kramdowns() {
        let mut ids = HeadingIds::default();
        for (text, id) in [
            ("Bootstrap Request Handler Failed", "bootstrap-request-handler-failed"),
            ("## Example Alert(s)", "-example-alerts"),
            ("What's `up`? 100% sure", "whats-up-100-sure"),
            ("Über_uns  zwei", "über_uns--zwei"),
            ("Actions", "actions"),
            ("Actions", "actions-1"),
            ("Actions", "actions-2"),
        ] {
            assert_eq!(ids.next(text), id, "{text}");
        }
    }
}
