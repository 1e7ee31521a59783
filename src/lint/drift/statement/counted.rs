//! What stands behind a number: the things it counts, the whole it is a part of, the time it is for.

use super::measure::{Measure, time_unit};
use super::{Reader, Said, Unit};
use crate::lint::drift::words::{TokenKind, number_word};
use std::ops::Range;

impl Reader<'_> {
    /// The words behind a number that name what it counts.
    pub(super) fn counted(&self, end: usize) -> Option<Range<usize>> {
        const MOST_WORDS: usize = 4;
        let mut of = usize::from(matches!(self.word(end), "of" | "different" | "or"));
        if self.word(end) == "of" {
            let is_article = |word: &str| matches!(word, "the" | "all" | "these" | "our" | "its");
            of += usize::from(is_article(self.word(end + of)));
        }
        // `25% of the time` counts nothing.
        if self.word(end + of) == "time" {
            return None;
        }
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

    /// The seconds of `per minute` or `per 15 minutes`, within a few words, and where that ends.
    pub(super) fn per(&self, end: usize) -> Option<(f64, usize)> {
        (end..end + 3).find_map(|at| {
            let unit = match self.word(at) {
                // `within an hour` is no rate.
                "a" | "an" if at > end && !is_of_noun(self.before(at, 1)) => return None,
                "per"
                    if let Some(Measure { value, unit: Unit::Time(unit), end, .. }) =
                        self.measure(at + 1) =>
                {
                    #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
                    return Some((value * unit as f64 / 1000.0, end));
                }
                "per" | "a" | "an" | "each" | "every" => self.word(at + 1),
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

    /// Whether a number only says which things are meant, of which something else is told:
    /// `messages older than 7 days pile up`, `nodes with more than 100 pods are slow`.
    pub(super) fn restricts(&self, start: usize, end: usize, said: &Said) -> bool {
        const MOST_WORDS: usize = 12;
        const COMPARATIVES: [&str; 10] = [
            "older", "newer", "larger", "bigger", "smaller", "longer", "shorter", "slower",
            "higher", "lower",
        ];
        const VERBS: [&str; 12] = [
            "take", "takes", "took", "taking", "last", "lasts", "run", "runs", "grows", "stays",
            "gets", "remains",
        ];
        // `in 9 of 10 cases it is the network`; but `expires in less than 7 days`.
        let is_amount = matches!(said, Said::Number(quantity) if quantity.milliseconds().is_none());
        if is_amount && self.before(start, 1) == "in" {
            return true;
        }
        // The clause that a number stands in is no longer.
        let from = start.saturating_sub(MOST_WORDS);
        let goes_on = |at: usize| is_of_noun(self.word(at)) || is_auxiliary(self.word(at));
        let behind = self.counted(end).map_or(end, |counted| counted.end);
        let is_relative = |at: usize| {
            matches!(self.word(at), "who" | "which" | "that" | "with" | "having")
                || self.word(at) == "of" && at + 1 == start
        };
        if (from..start).any(is_relative) {
            let counts = matches!(said, Said::Number(quantity) if quantity.counts());
            return is_auxiliary(self.word(end)) || goes_on(behind) || !counts && goes_on(end);
        }
        let noun = self.before(start, 1);
        let is_noun =
            is_of_noun(noun) && !noun.ends_with("ly") && !matches!(noun, "now" | "there" | "means");
        let is_compared = COMPARATIVES.contains(&self.word(start)) && !VERBS.contains(&noun);
        let is_subject = !(from..start).any(|at| is_auxiliary(self.word(at)));
        is_noun
            && (is_compared && goes_on(end) && !matches!(self.word(end), "behind" | "free" | "ago")
                || is_subject && (is_auxiliary(self.word(end)) || is_auxiliary(self.word(behind))))
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

/// Whether a word is a verb that others are built with.
fn is_auxiliary(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "were"
            | "has"
            | "have"
            | "had"
            | "get"
            | "gets"
            | "will"
            | "can"
            | "cannot"
            | "do"
            | "does"
    )
}
