//! Which dummy fits the place of a hole, told from the lexemes around it.

use super::{Marked, Operand};
use crate::promql::explain::without_comments;
use crate::promql::functions::{self, ValueType};
use crate::promql::scan::{Lexeme, LexemeKind};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// What stands in a hole in place of its marker.
pub(super) type Dummy = Cow<'static, str>;

/// The dummy for each hole, unless its marker does. Few queries have more than two holes.
pub(super) type Dummies = SmallVec<[Option<Dummy>; 2]>;

/// A bracket that is open at some place.
struct Frame<'a> {
    bracket: &'a str,
    /// The word before a parenthesis: a function, `by`, or nothing.
    word: &'a str,
    /// How many commas were passed in it.
    argument: usize,
}

/// The dummy for each hole, unless its marker does, and whether `operand` decided about one.
pub(super) fn choose_dummies(
    marked: &Marked<'_>,
    lexemes: &[Lexeme],
    operand: Operand,
) -> (Dummies, bool) {
    let lexemes = without_comments(lexemes);
    let mut dummies: Dummies = smallvec![None; marked.holes.len()];
    let mut has_operands = false;
    let mut stack: SmallVec<[Frame; 4]> = SmallVec::new();
    let mut next_hole = 0;
    for (position, lexeme) in lexemes.iter().enumerate() {
        let place = Place { marked, lexemes: &lexemes, position, frame: stack.last() };
        // A comment may have swallowed some holes, for which any dummy does.
        while let Some(marker) = marked.markers.get(next_hole)
            && marker.start < lexeme.range.end
        {
            if marker.start >= lexeme.range.start {
                let (before, behind) = marked.within(next_hole, &lexeme.range);
                let dummy = if lexeme.kind == LexemeKind::String {
                    None
                } else if before.is_empty() && behind.is_empty() {
                    place.dummy_for_whole(next_hole, operand, &mut has_operands)
                } else {
                    place.dummy_for_part(before, behind)
                };
                if let Some(slot) = dummies.get_mut(next_hole) {
                    *slot = dummy;
                }
            }
            next_hole += 1;
        }
        match lexeme.kind {
            LexemeKind::Open => stack.push(Frame {
                bracket: place.text_at(0),
                word: place.word_before_parenthesis(),
                argument: 0,
            }),
            LexemeKind::Close => {
                stack.pop();
            }
            LexemeKind::Comma => {
                if let Some(frame) = stack.last_mut() {
                    frame.argument += 1;
                }
            }
            _ => {}
        }
    }
    (dummies, has_operands)
}

/// One lexeme with what stands around it.
struct Place<'a, 's> {
    marked: &'a Marked<'a>,
    lexemes: &'s [Lexeme],
    position: usize,
    frame: Option<&'s Frame<'a>>,
}

impl<'a> Place<'a, '_> {
    /// The text of a lexeme before (negative) or after this one; empty beyond the ends.
    fn text_at(&self, distance: isize) -> &'a str {
        self.position
            .checked_add_signed(distance)
            .and_then(|position| self.lexemes.get(position))
            .and_then(|lexeme| self.marked.text().get(lexeme.range.clone()))
            .unwrap_or_default()
    }

    fn kind_at(&self, distance: isize) -> Option<LexemeKind> {
        let position = self.position.checked_add_signed(distance)?;
        Some(self.lexemes.get(position)?.kind)
    }

    /// The function, aggregation or keyword that a parenthesis belongs to; the aggregation also
    /// where its grouping stands in between: `topk by (a) (<n>, x)`.
    fn word_before_parenthesis(&self) -> &'a str {
        if self.kind_at(-1) == Some(LexemeKind::Word) {
            return self.text_at(-1);
        }
        let mut distance = -1;
        if self.text_at(distance) != ")" {
            return "";
        }
        while !matches!(self.text_at(distance), "(" | "") {
            distance -= 1;
        }
        let grouping = self.text_at(distance - 1);
        if grouping.eq_ignore_ascii_case("by") || grouping.eq_ignore_ascii_case("without") {
            self.text_at(distance - 2)
        } else {
            ""
        }
    }

    fn bracket(&self) -> &str {
        self.frame.map_or("", |frame| frame.bracket)
    }

    fn wants_duration(&self) -> bool {
        self.bracket() == "["
            || self.text_at(-1).eq_ignore_ascii_case("offset")
            || (self.text_at(-1) == "-" && self.text_at(-2).eq_ignore_ascii_case("offset"))
    }

    /// For a hole that is a lexeme by itself. `None` leaves the word that marks it.
    fn dummy_for_whole(
        &self,
        index: usize,
        operand: Operand,
        has_operands: &mut bool,
    ) -> Option<Dummy> {
        let word = self.marked.marker(index);
        let (previous, next) = (self.text_at(-1), self.text_at(1));
        if self.wants_duration() {
            return Some("5m".into());
        }
        if self.bracket() == "{" {
            return match (previous, next) {
                ("=" | "!=" | "=~" | "!~", _) => Some(format!("\"{word}\"").into()),
                ("{" | ",", "" | "}" | ",") => Some(format!("{word}=\"x\"").into()),
                _ => None,
            };
        }
        match next {
            "(" => return Some(self.function_for_call().into()),
            "{" | "[" => return None,
            _ => {}
        }
        if matches!(previous, "(" | ",") && matches!(next, ")" | "," | "") {
            return match self.argument_type()? {
                ValueType::Scalar => Some("1".into()),
                ValueType::String => Some(format!("\"{word}\"").into()),
                ValueType::Range => Some(format!("{word}[5m]").into()),
                ValueType::Vector => None,
            };
        }
        if previous == "@" {
            return Some("1".into());
        }
        let beside_operator =
            self.kind_at(-1) == Some(LexemeKind::Operator) || previous.eq_ignore_ascii_case("bool");
        if !beside_operator {
            return None;
        }
        *has_operands = true;
        let number_before = self.kind_at(-2) == Some(LexemeKind::Number);
        (operand == Operand::Number && !number_before).then(|| "1".into())
    }

    /// For a hole that is glued to other text or another hole.
    fn dummy_for_part(&self, before: &str, behind: &str) -> Option<Dummy> {
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if self.wants_duration() {
            let dummy = match (before.is_empty(), behind.is_empty()) {
                (_, false) => "5",
                (false, true) => "m",
                (true, true) => "5m",
            };
            return Some(dummy.into());
        }
        (is_digits(before) && is_digits(behind)).then(|| "1".into())
    }

    /// What the call around this place wants here.
    fn argument_type(&self) -> Option<ValueType> {
        let frame = self.frame?;
        if let Some(aggregation) = functions::aggregation(frame.word) {
            return aggregation.parameter.filter(|_| frame.argument == 0);
        }
        functions::signature(frame.word)?.argument(frame.argument)
    }

    /// A function for the parenthesis that follows: over a range if the parenthesis ends in one.
    fn function_for_call(&self) -> &'static str {
        let mut depth = 0_usize;
        let mut previous = "";
        for distance in 1.. {
            let text = self.text_at(distance);
            match text {
                "" => break,
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            previous = text;
        }
        if previous == "]" { "rate" } else { "sum" }
    }
}
