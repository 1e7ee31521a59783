//! Words of comparison before and behind numbers: `more than`, `at least`, `or more`.

use super::{Bound, Reader, telling};
use crate::lint::drift::words::TokenKind;

impl Reader<'_> {
    /// The words of comparison before a number and where they begin. `None` where something else is
    /// said there that nobody can be sure of.
    pub(super) fn bound_before(&self, at: usize) -> Option<(Option<Bound>, usize)> {
        let mut from = at;
        if matches!(self.before(from, 1), "a" | "an" | "total") && self.word(at) != "a" {
            from -= 1;
        }
        // `exceeds the 50ms threshold`
        if self.before(from, 1) == "the" && self.is_limit(at) {
            from -= 1;
        }
        let sign = from.checked_sub(1).and_then(|before| self.tokens.get(before));
        if let Some(TokenKind::Sign(sign)) = sign.map(|token| &token.kind) {
            let bound = match *sign {
                ">" => Bound::Above,
                ">=" => Bound::AtLeast,
                "<" => Bound::Below,
                "<=" => Bound::AtMost,
                _ => Bound::Plain,
            };
            return Some((Some(bound), from - 1));
        }
        let (bound, length) = self.words_before(from)?;
        let Some(bound) = bound else { return Some((None, at)) };
        let start = from - length;
        let negated = |word: &str| {
            matches!(word, "not" | "no" | "never" | "without" | "cannot") || word.ends_with("n't")
        };
        match (negated(self.before(start, 1)), bound) {
            (false, _) => Some((Some(bound), start)),
            (true, Bound::Above) if self.before(from, 1) == "than" => {
                Some((Some(Bound::AtMost), start - 1))
            }
            (true, Bound::Below) if self.before(from, 1) == "than" => {
                Some((Some(Bound::AtLeast), start - 1))
            }
            (true, _) => None,
        }
    }

    /// Whether what stands behind a number says that something is compared with it.
    fn is_limit(&self, at: usize) -> bool {
        let end = self.measure(at).map_or(at, |measure| measure.end);
        matches!(self.word(end), "threshold" | "limit" | "mark")
    }

    /// What the words before a token compare by, and how many they are.
    fn words_before(&self, from: usize) -> Option<(Option<Bound>, usize)> {
        let word = |distance| self.before(from, distance);
        let comparative = |word: &str| match word {
            "more" | "greater" | "higher" | "larger" | "bigger" | "longer" | "older" | "slower"
            | "warmer" | "hotter" | "deeper" => Some(Bound::Above),
            "less" | "fewer" | "lower" | "smaller" | "shorter" | "colder" | "cooler" => {
                Some(Bound::Below)
            }
            _ => None,
        };
        let or_equal = |bound| match bound {
            Bound::Above => Bound::AtLeast,
            _ => Bound::AtMost,
        };
        Some(match word(1) {
            "than" => {
                let bound = comparative(word(2))?;
                if word(3) == "or" && matches!(word(4), "to" | "equal") {
                    (Some(or_equal(bound)), if word(4) == "to" { 5 } else { 4 })
                } else {
                    (Some(bound), 2)
                }
            }
            // `greater than or equal to`
            "to" if word(2) == "equal" && word(3) == "or" => {
                let bound = comparative(word(if word(4) == "than" { 5 } else { 4 }))?;
                (Some(or_equal(bound)), if word(4) == "than" { 5 } else { 4 })
            }
            "to" if word(2) == "equal" => (Some(Bound::Plain), 2),
            "to" if word(2) == "up" => return None,
            "over" | "above" | "exceeds" | "exceed" | "exceeded" | "exceeding" | "beyond"
            | "surpasses" | "surpassed" | "surpassing" => (Some(Bound::Above), 1),
            "of" if word(2) == "excess" && word(3) == "in" => (Some(Bound::Above), 3),
            "of" if word(2) == "minimum" => (Some(Bound::AtLeast), 2),
            "below" | "under" | "beneath" => (Some(Bound::Below), 1),
            "least" if word(2) == "at" => (Some(Bound::AtLeast), 2),
            "most" if word(2) == "at" => (Some(Bound::AtMost), 2),
            "reaches" | "reached" | "reaching" | "hits" => (Some(Bound::AtLeast), 1),
            "exactly" | "equals" => (Some(Bound::Plain), 1),
            // `fires at 50`
            "at" if telling::FIRING.contains(word(2)) => (Some(Bound::AtLeast), 1),
            // Names of things that are numbered, and numbers that something is by.
            "by" | "to" | "from" | "port" | "step" | "version" | "level" | "error" | "code"
            | "status" | "exit" | "number" | "no" | "rfc" | "http" | "top" | "first" | "next"
            | "other" => return None,
            _ => (None, 0),
        })
    }

    /// `or more` behind a number and the things it counts, and where that ends.
    pub(super) fn bound_behind(&self, end: usize) -> (Option<Bound>, usize) {
        for nouns in 0..3 {
            let at = end + nouns;
            let bound = match (self.word(at), self.word(at + 1)) {
                // `64 GB of memory and less than 1 GB of swap`
                ("and", _) if self.word(at + 2) == "than" => break,
                ("or", "more" | "greater" | "higher" | "above" | "longer" | "older" | "over")
                | ("and", "above" | "more" | "higher" | "over" | "up") => Bound::AtLeast,
                ("or", "less" | "fewer" | "lower" | "below") | ("and", "below" | "less") => {
                    Bound::AtMost
                }
                ("", _) => break,
                _ => continue,
            };
            return (Some(bound), at + 2);
        }
        (None, end)
    }
}
