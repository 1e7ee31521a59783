//! What Prometheus 3 takes and promql-parser does not know, written as the parser takes it.
//!
//! - `1_000`: the parser gets `1000`;
//! - `[5m + step()]`, `offset (2 * 5m)`: a duration that is computed becomes one that is not;
//! - `smoothed` and `anchored` behind a selector are left out;
//! - `x </ 5` and `x >/ 5`, which trim histograms, become comparisons.
//!
//! All places that come out are of the text as it was written. Sources:
//! <https://prometheus.io/docs/prometheus/latest/querying/basics/> and
//! <https://prometheus.io/docs/prometheus/latest/feature_flags/>. Some of it stands behind a flag
//! of the server; whether the flag is set, no check can know, so nothing of it is told.

use super::grammar::is_keyword;
use super::scan::{Lexeme, LexemeKind};
use crate::source::MappedText;
use std::ops::Range;

/// The text in the words of promql-parser; `None` if it is in them already.
pub(super) fn in_older_words(filled: &MappedText, lexemes: &[Lexeme]) -> Option<MappedText> {
    let text = filled.text();
    let reader = Reader { text, lexemes };
    let replacements = reader.replacements();
    if replacements.is_empty() {
        return None;
    }
    let mut mapped = MappedText::new();
    let mut at = 0;
    for (range, replacement) in replacements {
        mapped.push_mapped(&filled.part(at..range.start));
        at = range.end;
        mapped.push_replaced(&replacement, filled.to_source(range));
    }
    mapped.push_mapped(&filled.part(at..text.len()));
    Some(mapped)
}

/// What stands for a duration that is computed.
const ANY_DURATION: &str = "5m";

/// How deep the brackets of a duration may be nested.
const DEEPEST: usize = 20;

/// Functions of durations.
const FUNCTIONS: [&str; 6] = ["step", "range", "min", "max", "min_of", "max_of"];

struct Reader<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
}

impl<'a> Reader<'a> {
    fn word(&self, at: usize) -> &'a str {
        let lexeme = self.lexemes.get(at);
        lexeme.and_then(|lexeme| self.text.get(lexeme.range.clone())).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> Option<LexemeKind> {
        self.lexemes.get(at).map(|lexeme| lexeme.kind)
    }

    /// The bytes of some lexemes.
    fn bytes(&self, lexemes: Range<usize>) -> Range<usize> {
        let start = self.lexemes.get(lexemes.start).map_or(0, |first| first.range.start);
        let last = lexemes.end.checked_sub(1).and_then(|last| self.lexemes.get(last));
        start..last.map_or(start, |last| last.range.end)
    }

    /// The parts to be written otherwise, in order and apart from each other.
    fn replacements(&self) -> Vec<(Range<usize>, String)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(lexeme) = self.lexemes.get(at) {
            let word = match lexeme.kind {
                LexemeKind::Open
                | LexemeKind::Colon
                | LexemeKind::Word
                | LexemeKind::Number
                | LexemeKind::Operator => self.word(at),
                // Of other kinds nothing is spelled otherwise.
                _ => {
                    at += 1;
                    continue;
                }
            };
            let computed = match lexeme.kind {
                LexemeKind::Open if word == "[" => self.computed_duration(at + 1),
                LexemeKind::Colon => self.computed_duration(at + 1),
                LexemeKind::Word if word.eq_ignore_ascii_case("offset") => {
                    self.computed_offset(at + 1)
                }
                _ => None,
            };
            if let Some(lexemes) = computed {
                at = lexemes.end;
                found.push((self.bytes(lexemes), ANY_DURATION.to_owned()));
                continue;
            }
            match lexeme.kind {
                LexemeKind::Number if word.contains('_') => {
                    found.push((lexeme.range.clone(), word.replace('_', "")));
                }
                LexemeKind::Word if is_modifier(self.text, self.lexemes, at) => {
                    found.push((lexeme.range.clone(), " ".to_owned()));
                }
                LexemeKind::Operator
                    if matches!(word, "<" | ">")
                        && self.word(at + 1) == "/"
                        && self.bytes(at..at + 2).len() == 2 =>
                {
                    found.push((self.bytes(at..at + 2), word.to_owned()));
                    at += 1;
                }
                _ => {}
            }
            at += 1;
        }
        found
    }

    /// The lexemes of a duration between `[`, `:` and `]`, if it is computed.
    fn computed_duration(&self, from: usize) -> Option<Range<usize>> {
        let end = self.duration(from, 0)?;
        let is_whole = matches!(self.word(end), "]" | ":");
        (is_whole && end > from + 1).then_some(from..end)
    }

    /// The lexemes of an offset, if it is computed: in parentheses, or by a function.
    fn computed_offset(&self, from: usize) -> Option<Range<usize>> {
        let end = self.operand(from, 0)?;
        let is_signed = matches!(self.word(from), "+" | "-");
        (end > from + 1 + usize::from(is_signed)).then_some(from..end)
    }

    /// The end of what computes a duration, by its lexemes: operands with operators between them.
    fn duration(&self, from: usize, depth: usize) -> Option<usize> {
        let mut at = self.operand(from, depth)?;
        while matches!(self.word(at), "+" | "-" | "*" | "/" | "%" | "^") {
            at = self.operand(at + 1, depth)?;
        }
        Some(at)
    }

    /// The end of an operand.
    fn operand(&self, from: usize, depth: usize) -> Option<usize> {
        let mut at = from;
        while matches!(self.word(at), "+" | "-") {
            at += 1;
        }
        if depth > DEEPEST {
            return None;
        }
        match self.kind(at)? {
            LexemeKind::Number | LexemeKind::Duration => Some(at + 1),
            LexemeKind::Open if self.word(at) == "(" => {
                let end = self.duration(at + 1, depth + 1)?;
                (self.word(end) == ")").then_some(end + 1)
            }
            LexemeKind::Word if FUNCTIONS.contains(&self.word(at)) && self.word(at + 1) == "(" => {
                at += 2;
                while self.word(at) != ")" {
                    at = self.duration(at, depth + 1)?;
                    if self.word(at) == "," {
                        at += 1;
                    } else if self.word(at) != ")" {
                        return None;
                    }
                }
                Some(at + 1)
            }
            _ => None,
        }
    }
}

/// Whether a lexeme is `smoothed` or `anchored` behind a selector.
pub(super) fn is_modifier(text: &str, lexemes: &[Lexeme], at: usize) -> bool {
    const MODIFIERS: [&str; 2] = ["smoothed", "anchored"];
    let reader = Reader { text, lexemes };
    let Some(before) = at.checked_sub(1) else { return false };
    // Both have as many letters, and few words do.
    lexemes.get(at).is_some_and(|lexeme| lexeme.range.len() == MODIFIERS[0].len())
        && MODIFIERS.iter().any(|known| reader.word(at).eq_ignore_ascii_case(known))
        && match reader.kind(before) {
            Some(LexemeKind::Word) => !is_keyword(reader.word(before)),
            Some(LexemeKind::Close | LexemeKind::Duration | LexemeKind::Number) => true,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    fn older(text: &str) -> Option<String> {
        let mapped = in_older_words(&MappedText::verbatim(text, 0), &scan(text))?;
        Some(mapped.text().to_owned())
    }

    #[test]
    fn what_the_parser_does_not_know_is_written_in_its_words() {
        for (text, expected) in [
            ("x > 1_000", "x > 1000"),
            ("x > 1_000.5e1_0", "x > 1000.5e10"),
            ("rate(x[5m] smoothed)", "rate(x[5m]  )"),
            ("x anchored > 1", "x   > 1"),
            ("x[5m] offset 1m ANCHORED", "x[5m] offset 1m  "),
            ("x[5m + 1m]", "x[5m]"),
            ("x[(5m)]", "x[5m]"),
            ("rate(x[step()])", "rate(x[5m])"),
            ("x[max(5m, 2 * step()):-range() % 7]", "x[5m:5m]"),
            ("x[5m:step()] offset -(1m ^ 2)", "x[5m:5m] offset 5m"),
            ("x offset min(1m, step()) > 5", "x offset 5m > 5"),
            ("x </ 5 + (y >/ 3)", "x < 5 + (y > 3)"),
        ] {
            assert_eq!(older(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn all_else_is_left_alone() {
        for text in [
            "rate(x[5m:1m] offset -1h) > 5",
            "smoothed + anchored{a=\"b\"}",
            "x and smoothed",
            "x[5m 1m]",
            "x[5m +]",
            "x[y]",
            "x[f(5m)]",
            "x offset 5m + 1",
            "x[(5m]",
            "x < / 5",
            "5__0",
            "5_",
        ] {
            assert_eq!(older(text), None, "{text}");
        }
    }
}
