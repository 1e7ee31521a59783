//! Patterns for code, nearly all of which is ASCII.
//!
//! `\w` names some hundred thousand characters, and a pattern with a few of them takes ten million steps to
//! be made. In a text of ASCII it finds what a pattern finds that knows no other characters, and that one
//! is made in no time.

use regex::{Regex, bytes};
use std::sync::OnceLock;

/// A pattern that begins with `^`, and is made when it is needed.
pub(super) struct Pattern {
    written: fn() -> String,
    /// None if it has letters beyond ASCII itself.
    of_ascii: OnceLock<Option<bytes::Regex>>,
    of_all: OnceLock<Regex>,
}

impl Pattern {
    /// A pattern as it is written.
    pub const fn new(written: fn() -> String) -> Self {
        Self { written, of_ascii: OnceLock::new(), of_all: OnceLock::new() }
    }

    /// Where it ends in a text, if the text begins so.
    pub fn end(&self, text: &str) -> Option<usize> {
        let of_ascii = || {
            let written = (self.written)();
            let pattern = bytes::RegexBuilder::new(&written).unicode(false).build();
            written.is_ascii().then(|| pattern.expect("a pattern"))
        };
        if text.is_ascii()
            && let Some(pattern) = self.of_ascii.get_or_init(of_ascii)
        {
            return Some(pattern.find(text.as_bytes())?.end());
        }
        let of_all = || Regex::new(&(self.written)()).expect("a pattern");
        self.of_all.get_or_init(of_all).find(text).map(|found| found.end())
    }

    /// Whether a text begins so.
    pub fn begins(&self, text: &str) -> bool {
        self.end(text).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_of_ascii_is_read_as_any(text in "[a-c_\\d \\n.-]{0,6}é?", which in 0..5_usize) {
            let patterns: [fn() -> String; 5] = [
                || r"^\w+(?: |$)".to_owned(),
                || r"^[^\w\s]|\d[^a\d]".to_owned(),
                || r"^(?i:A\W|B.)\b".to_owned(),
                || r"^[\w.-]*\s*\S".to_owned(),
                || r"^[aé]+ ?[^ü]".to_owned(),
            ];
            let of_all = Regex::new(&patterns[which]()).unwrap().find(&text).map(|it| it.end());
            prop_assert_eq!(Pattern::new(patterns[which]).end(&text), of_all);
        }
    }
}
