//! What a value has to be that is put into a hole, told from the lexemes around it.

use super::dummies::choose_dummies;
use super::{Marked, Operand};
use crate::promql::scan::{Lexeme, LexemeKind, scan};
use std::ops::Range;

/// What may stand in a hole of a query without changing the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoleKind {
    /// A part of a string, or all of it.
    InString {
        /// The quotes around it: `"`, `'` or a backtick.
        quote: char,
        /// Whether the string is matched as a regular expression, by `=~`, `!~` or `label_replace`.
        regex: bool,
    },
    /// A part of what `label_replace` makes a value of, in which `$1` is a part of what was matched.
    Replacement,
    /// A string that lacks its quotes: `{pod=<pod>}`.
    Unquoted {
        /// Whether the string is matched as a regular expression.
        regex: bool,
    },
    /// A name of a metric, a label or a function, or a part of one.
    Name,
    /// A number, or some of its digits.
    Number,
    /// A length of time, or a part of one.
    Duration,
    /// A number or the name of a metric: what an operator takes.
    Operand,
    /// A part of a comment.
    Comment,
    /// More than a lexeme: a list of matchers, a whole range vector.
    Fragment,
}

/// The holes of a query that can be used, in order, each with what may stand in it.
pub fn hole_kinds(text: &str, holes: &[Range<usize>]) -> Vec<(Range<usize>, HoleKind)> {
    let marked = Marked::new(text, holes);
    if marked.holes.is_empty() {
        return Vec::new();
    }
    let lexemes = scan(marked.text());
    let (numbers, has_operands) = choose_dummies(&marked, &lexemes, Operand::Number);
    let vectors = has_operands.then(|| choose_dummies(&marked, &lexemes, Operand::Vector).0);
    let vectors = vectors.as_ref().unwrap_or(&numbers);
    let mut found = Vec::with_capacity(marked.holes.len());
    let mut position = 0;
    for (index, hole) in marked.holes.iter().enumerate() {
        let Some(place) = marked.markers.get(index) else { break };
        while lexemes.get(position).is_some_and(|lexeme| lexeme.range.end <= place.start) {
            position += 1;
        }
        let kind = match lexemes.get(position).map(|lexeme| lexeme.kind) {
            Some(LexemeKind::Comment) => HoleKind::Comment,
            Some(LexemeKind::String | LexemeKind::UnclosedString) => {
                match role(marked.text(), &lexemes, position) {
                    Role::Replacement => HoleKind::Replacement,
                    role => HoleKind::InString {
                        quote: quote_of(marked.text(), lexemes.get(position)),
                        regex: role == Role::Regex,
                    },
                }
            }
            _ => {
                let [number, vector] = [&numbers, vectors]
                    .map(|dummies| dummies.get(index).and_then(Option::as_deref));
                let regex = role(marked.text(), &lexemes, position) == Role::Regex;
                if number == vector {
                    number.map_or(HoleKind::Name, |dummy| of_dummy(dummy, regex))
                } else {
                    HoleKind::Operand
                }
            }
        };
        found.push((hole.clone(), kind));
    }
    found
}

fn of_dummy(dummy: &str, regex: bool) -> HoleKind {
    match dummy {
        "1" => HoleKind::Number,
        "5m" | "5" | "m" => HoleKind::Duration,
        "rate" | "sum" => HoleKind::Name,
        _ if dummy.starts_with('"') => HoleKind::Unquoted { regex },
        _ => HoleKind::Fragment,
    }
}

fn quote_of(text: &str, lexeme: Option<&Lexeme>) -> char {
    let string = lexeme.and_then(|lexeme| text.get(lexeme.range.clone()));
    string.and_then(|string| string.chars().next()).unwrap_or('"')
}

/// What a string is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It means itself.
    Text,
    /// It is matched: by an operator that compares with a regular expression, or as the last argument
    /// of `label_replace`.
    Regex,
    /// The third argument of `label_replace`.
    Replacement,
}

/// What a lexeme is for, by what stands before it, comments aside.
fn role(text: &str, lexemes: &[Lexeme], position: usize) -> Role {
    let before = lexemes.get(..position).unwrap_or_default();
    let mut signs = before
        .iter()
        .rev()
        .filter(|lexeme| lexeme.kind != LexemeKind::Comment)
        .map(|lexeme| text.get(lexeme.range.clone()).unwrap_or_default());
    let mut closed = 0;
    let mut commas = 0;
    while let Some(sign) = signs.next() {
        match sign {
            "=~" | "!~" if closed == 0 && commas == 0 => return Role::Regex,
            ")" | "}" | "]" => closed += 1,
            "{" | "[" | "(" if closed > 0 => closed -= 1,
            "(" => {
                return match (commas, signs.next()) {
                    (2, Some("label_replace")) => Role::Replacement,
                    (4, Some("label_replace")) => Role::Regex,
                    _ => Role::Text,
                };
            }
            "{" | "[" => return Role::Text,
            "," if closed == 0 && commas < 4 => commas += 1,
            "," if closed == 0 => return Role::Text,
            // Only the first argument holds more than a string.
            _ if commas == 0 => return Role::Text,
            _ => {}
        }
    }
    Role::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hole_says_what_may_stand_in_it() {
        use HoleKind::*;
        let string = |quote, regex| InString { quote, regex };
        let cases: &[(&str, &[HoleKind])] = &[
            ("x{a=\"‹b›\"}", &[string('"', false)]),
            ("x{a=~\"‹b›-.*\", c!~'‹d›'}", &[string('"', true), string('\'', true)]),
            (
                "x{a=`‹b›`, c=‹d›, e=~‹f›}",
                &[string('`', false), Unquoted { regex: false }, Unquoted { regex: true }],
            ),
            ("app_‹r›_up{‹label›=\"v\"}", &[Name, Name]),
            ("rate(‹metric›[‹window›] offset ‹n›h)", &[Name, Duration, Duration]),
            ("x > ‹threshold›", &[Operand]),
            ("x > ‹n›00", &[Number]),
            ("topk(‹n›, x{‹matchers›})", &[Number, Fragment]),
            ("sum by (‹label›) (rate(‹range›))", &[Name, Fragment]),
            ("# ‹note›\nx", &[Comment]),
            ("label_replace(x, \"a\", \"‹b›", &[Replacement]),
            (
                "label_replace(x{a=\"b\"}, \"‹a›\", \"$1‹b›\", \"‹c›\", \"(‹d›)-.*\")",
                &[string('"', false), Replacement, string('"', false), string('"', true)],
            ),
            (
                "label_replace(rate(x[5m]), 'a', '', 'b', # ‹n›\n'‹d›')",
                &[Comment, string('\'', true)],
            ),
            ("label_replace(x, 'a', 'b', 'c', ‹d›)", &[Unquoted { regex: true }]),
            ("label_replace(x, 'a', '‹b›', 'c', 'd')", &[Replacement]),
            ("label_join(x, 'a', '‹b›', 'c')", &[string('\'', false)]),
            ("label_join(x, 'a', 'b', 'c', '‹d›')", &[string('\'', false)]),
            ("x{a=~'b', c='‹d›', e!~'f'}", &[string('\'', false)]),
            ("x{a=~'b', c=~ # d\n '‹d›'}", &[string('\'', true)]),
            ("sum(label_replace(x, 'a', 'b', 'c', 'd')) > on ('‹d›')", &[string('\'', false)]),
        ];
        for (pattern, expected) in cases {
            let (text, holes) = crate::promql::tests::with_holes(pattern);
            let kinds: Vec<_> =
                hole_kinds(&text, &holes).into_iter().map(|(_, kind)| kind).collect();
            assert_eq!(kinds, *expected, "{pattern}");
        }
    }
}
