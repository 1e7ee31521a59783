//! What stands behind a number: the things it counts, the whole it is a part of, the time it is for.

use super::Reader;
use super::measure::time_unit;
use crate::lint::drift::words::{TokenKind, number_word};
use std::ops::Range;

impl Reader<'_> {
    /// The words behind a number that name what it counts.
    pub(super) fn counted(&self, end: usize) -> Option<Range<usize>> {
        const MOST_WORDS: usize = 4;
        let of = usize::from(matches!(self.word(end), "of" | "different" | "or"));
        let words = (end + of..end + of + MOST_WORDS).take_while(|at| is_of_noun(self.word(*at)));
        let count = words.count();
        (count > 0).then_some(end + of..end + of + count)
    }

    /// The whole that a number is a part of, `of three`, `out of 3`, and where that ends.
    pub(super) fn whole(&self, end: usize) -> Option<(f64, usize)> {
        let mut at = end;
        if self.word(at) == "out" {
            at += 1;
        }
        if self.word(at) != "of" {
            return None;
        }
        at += 1;
        if matches!(self.word(at), "the" | "our" | "its" | "all") {
            at += 1;
        }
        let value = match &self.tokens.get(at)?.kind {
            TokenKind::Number { value, unit: "" } => *value,
            TokenKind::Word(word) => number_word(word)?,
            _ => return None,
        };
        Some((value, at + 1))
    }

    /// The seconds of `per minute`, within a few words, and where that ends.
    pub(super) fn per(&self, end: usize) -> Option<(f64, usize)> {
        (end..end + 3).find_map(|at| {
            let unit = match self.word(at) {
                "per" | "a" | "every" => self.word(at + 1),
                _ => return None,
            };
            let unit = time_unit(unit)?;
            #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
            Some((unit as f64 / 1000.0, at + 2))
        })
    }

    /// Whether things are named behind a number, within two words: `20 unique workers`.
    pub(super) fn is_plural_noun(&self, end: usize) -> bool {
        let is_plural = |word: &str| {
            word.len() > 3
                && word.ends_with('s')
                && !word.ends_with("ss")
                && !matches!(word, "this" | "was" | "has" | "does")
        };
        is_plural(self.word(end)) || is_plural(self.word(end + 1))
    }
}

/// Whether a word can be part of the name of what is counted, rather than go on with the sentence.
fn is_of_noun(word: &str) -> bool {
    !word.is_empty()
        && !matches!(
            word,
            "a" | "an"
                | "the"
                | "of"
                | "in"
                | "on"
                | "at"
                | "for"
                | "to"
                | "by"
                | "from"
                | "with"
                | "within"
                | "during"
                | "over"
                | "per"
                | "and"
                | "or"
                | "but"
                | "than"
                | "that"
                | "which"
                | "who"
                | "when"
                | "while"
                | "if"
                | "is"
                | "are"
                | "was"
                | "were"
                | "be"
                | "been"
                | "has"
                | "have"
                | "had"
                | "do"
                | "does"
                | "did"
                | "can"
                | "not"
                | "this"
                | "these"
                | "those"
                | "it"
                | "they"
                | "as"
                | "then"
                | "so"
                | "because"
                | "since"
                | "across"
                | "without"
                | "after"
                | "before"
                | "each"
                | "every"
                | "under"
                | "above"
        )
}
