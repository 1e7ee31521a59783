//! The ids of headings, as GitHub and kramdown's GFM parser make them.
//!
//! Source: `generate_gfm_header_id` in `kramdown/parser/gfm.rb` of kramdown-parser-gfm 1.1: lower
//! case; drop all but letters, marks, digits, `_`, `-`, spaces and tabs; each space or tab becomes
//! `-`; a repeated id gets `-1`, `-2`, …

use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Hands out ids, each once.
#[derive(Debug, Default)]
pub struct HeadingIds {
    /// How often each id was asked for.
    asked: HashMap<String, usize>,
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

/// The id of a text, before repetitions are told apart.
pub fn slug(text: &str) -> String {
    // Ruby's `\p{Word}`, which kramdown uses, and this crate's `\w` name the same characters.
    static DROPPED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\w\- \t]").expect("a constant pattern"));
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
