//! Queries with holes: each placeholder is replaced by a dummy that fits its place, so that the
//! rest of the query can be parsed.
//!
//! `rate(x{pod=<pod>}[<window>]) > <threshold>` has a hole for a string, for a duration and for a
//! number. What fits is told from the lexemes around a hole, with a word standing in its place.
//! Dummies that are words carry the number of their hole, so that [`restore`] can put the author's
//! spelling back into the names of a parsed query.

mod dummies;
mod kinds;

pub use kinds::{HoleKind, hole_kinds};

use super::scan::{Lexeme, LexemeKind, scan};
use crate::source::MappedText;
use dummies::{Dummies, choose_dummies};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::ops::Range;

/// What a hole stands for where both a number and a vector would do: beside an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operand {
    Number,
    Vector,
}

/// A text whose holes are filled with dummies.
pub(super) struct Filled {
    /// The text to parse, which knows where each of its parts came from.
    pub mapped: MappedText,
    /// The lexemes of that text.
    pub lexemes: Vec<Lexeme>,
    /// Whether [`Operand`] made a difference.
    pub has_operands: bool,
}

/// Whether nothing of a text is to be filled in or spelled otherwise.
pub(super) fn is_filled(text: &str, holes: &[Range<usize>]) -> bool {
    holes.is_empty() && !text.contains('`')
}

/// Fills the holes of a text. Holes that overlap others or cut through a character are ignored.
pub(super) fn fill(text: &str, holes: &[Range<usize>], operand: Operand) -> Filled {
    if is_filled(text, holes) {
        let mapped = MappedText::verbatim(text, 0);
        return Filled { mapped, lexemes: scan(text), has_operands: false };
    }
    let marked = Marked::new(text, holes);
    let lexemes = scan(marked.text());
    let (dummies, has_operands) = choose_dummies(&marked, &lexemes, operand);
    let raw_strings: Vec<Range<usize>> = lexemes
        .iter()
        .filter(|lexeme| is_raw_string(lexeme, marked.text()))
        .map(|lexeme| lexeme.range.clone())
        .collect();
    // In most queries each hole keeps its marker, as in a string, and that text has been scanned.
    if raw_strings.is_empty() && dummies.iter().all(Option::is_none) {
        return Filled { mapped: marked.mapped, lexemes, has_operands };
    }
    let mapped = marked.replace(text, &dummies, &raw_strings);
    let lexemes = scan(mapped.text());
    Filled { mapped, lexemes, has_operands }
}

/// The author's spelling of a name or a string that was parsed with dummies in it, and whether
/// there was any.
pub(super) fn restore<'p>(parsed: &'p str, originals: &[&str]) -> (Cow<'p, str>, bool) {
    if originals.is_empty() || !parsed.contains(MARKER_START) {
        return (parsed.into(), false);
    }
    let mut restored = String::with_capacity(parsed.len());
    let mut rest = parsed;
    let mut any = false;
    while let Some((before, after)) = rest.split_once(MARKER_START) {
        restored.push_str(before);
        let original = after.split_once(MARKER_END).and_then(|(number, tail)| {
            let index: usize = number.parse().ok()?;
            Some((originals.get(index)?, tail))
        });
        if let Some((original, tail)) = original {
            restored.push_str(original);
            rest = tail;
            any = true;
        } else {
            restored.push_str(MARKER_START);
            rest = after;
        }
    }
    restored.push_str(rest);
    (restored.into(), any)
}

/// The holes of a text that can be used: in order, apart from each other, at characters' ends.
pub(super) fn usable<'h>(text: &str, holes: &'h [Range<usize>]) -> Cow<'h, [Range<usize>]> {
    let is_part = |hole: &Range<usize>| hole.start < hole.end && text.get(hole.clone()).is_some();
    let follow = |holes: &[Range<usize>]| holes.windows(2).all(|two| two[0].end <= two[1].start);
    // Those that were found one behind the other all can.
    if holes.iter().all(is_part) && follow(holes) {
        return holes.into();
    }
    let mut holes: Vec<_> = holes.iter().filter(|hole| is_part(hole)).cloned().collect();
    holes.sort_by_key(|hole| (hole.start, hole.end));
    let mut end = 0;
    holes.retain(|hole| {
        let apart = hole.start >= end;
        if apart {
            end = hole.end;
        }
        apart
    });
    holes.into()
}

const MARKER_START: &str = "__hole_";
const MARKER_END: &str = "__";

fn write_marker(marker: &mut String, index: usize) {
    marker.clear();
    marker.push_str(MARKER_START);
    marker.push_str(itoa::Buffer::new().format(index));
    marker.push_str(MARKER_END);
}

/// promql-parser reads escapes in raw strings, where Prometheus has none; such strings are handed
/// to it in double quotes.
fn is_raw_string(lexeme: &Lexeme, text: &str) -> bool {
    lexeme.kind == LexemeKind::String
        && text
            .get(lexeme.range.clone())
            .is_some_and(|string| string.starts_with('`') && string.contains(['\\', '\n']))
}

/// A text with a marker, which is a word, in the place of each hole.
struct Marked<'h> {
    /// The text, which knows where each of its parts came from.
    mapped: MappedText,
    holes: Cow<'h, [Range<usize>]>,
    /// Where the marker of each hole stands in the text.
    markers: SmallVec<[Range<usize>; 2]>,
}

impl<'h> Marked<'h> {
    fn new(original: &str, holes: &'h [Range<usize>]) -> Self {
        let holes = usable(original, holes);
        let room = original.len() + holes.len() * 12;
        let mut mapped = MappedText::with_capacity(room, 2 * holes.len() + 1);
        let mut markers = SmallVec::with_capacity(holes.len());
        let mut marker = String::new();
        let mut at = 0;
        for (index, hole) in holes.iter().enumerate() {
            mapped.push_verbatim(original.get(at..hole.start).unwrap_or_default(), at);
            let start = mapped.text().len();
            write_marker(&mut marker, index);
            mapped.push_replaced(&marker, hole.clone());
            markers.push(start..mapped.text().len());
            at = hole.end;
        }
        mapped.push_verbatim(original.get(at..).unwrap_or_default(), at);
        Self { mapped, holes, markers }
    }

    fn text(&self) -> &str {
        self.mapped.text()
    }

    /// The text with the dummies in the place of their markers, and raw strings in double quotes.
    fn replace(
        &self,
        original: &str,
        dummies: &Dummies,
        raw_strings: &[Range<usize>],
    ) -> MappedText {
        let mut mapped = MappedText::with_capacity(self.text().len(), 2 * self.holes.len() + 1);
        // Both walk in step: `at` through the original, `marked_at` through the marked text.
        let (mut at, mut marked_at) = (0, 0);
        for (index, hole) in self.holes.iter().enumerate() {
            let literal = original.get(at..hole.start).unwrap_or_default();
            push_literal(&mut mapped, literal, at, marked_at, raw_strings);
            let dummy = dummies.get(index).and_then(Option::as_deref);
            mapped.push_replaced(dummy.unwrap_or_else(|| self.marker(index)), hole.clone());
            at = hole.end;
            marked_at = self.markers.get(index).map_or(marked_at, |marker| marker.end);
        }
        let literal = original.get(at..).unwrap_or_default();
        push_literal(&mut mapped, literal, at, marked_at, raw_strings);
        mapped
    }

    /// The marker of a hole.
    fn marker(&self, index: usize) -> &str {
        let marker = self.markers.get(index);
        marker.and_then(|marker| self.text().get(marker.clone())).unwrap_or("x")
    }

    /// The pieces of the lexeme that a hole stands in: the literal text before and behind the
    /// marker, and whether another hole touches it there.
    fn within<'a>(&'a self, index: usize, lexeme: &Range<usize>) -> (&'a str, &'a str) {
        let Some(marker) = self.markers.get(index) else {
            return ("", "");
        };
        let before = self.text().get(lexeme.start..marker.start).unwrap_or_default();
        let behind = self.text().get(marker.end..lexeme.end).unwrap_or_default();
        (before, behind)
    }
}

/// Adds text of the author, which begins at `at` of the original and `marked_at` of the marked
/// text.
fn push_literal(
    mapped: &mut MappedText,
    literal: &str,
    at: usize,
    marked_at: usize,
    raw_strings: &[Range<usize>],
) {
    if raw_strings.is_empty() {
        mapped.push_verbatim(literal, at);
        return;
    }
    for (offset, character) in literal.char_indices() {
        let start = at + offset;
        let end = start + character.len_utf8();
        let marked_offset = marked_at + offset;
        let inside = raw_strings
            .get(raw_strings.partition_point(|raw| raw.end <= marked_offset))
            .is_some_and(|raw| raw.contains(&marked_offset));
        match character {
            '`' if inside => mapped.push_replaced("\"", start..end),
            '\\' if inside => mapped.push_replaced("\\\\", start..end),
            '"' if inside => mapped.push_replaced("\\\"", start..end),
            '\n' if inside => mapped.push_replaced("\\n", start..end),
            _ => mapped.push_verbatim(literal.get(offset..end - at).unwrap_or_default(), start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks holes as `‹name›`, fills them, and returns the text that is parsed.
    fn filled(pattern: &str) -> String {
        let (text, holes) = super::super::tests::with_holes(pattern);
        fill(&text, &holes, Operand::Number).mapped.text().to_owned()
    }

    #[test]
    fn each_place_gets_a_dummy_that_fits() {
        for (pattern, expected) in [
            ("x{a=\"‹b›\"}", "x{a=\"__hole_0__\"}"),
            ("x{a=~\"‹b›-.*\"}", "x{a=~\"__hole_0__-.*\"}"),
            ("x{a=‹b›, c!=‹d›}", "x{a=\"__hole_0__\", c!=\"__hole_1__\"}"),
            ("x{‹a›=\"b\"}", "x{__hole_0__=\"b\"}"),
            ("x{‹labels›}", "x{__hole_0__=\"x\"}"),
            ("app_‹r›_failures{a=\"b\"}", "app___hole_0___failures{a=\"b\"}"),
            ("‹metric›{a=\"b\"}", "__hole_0__{a=\"b\"}"),
            ("rate(‹metric›[‹window›])", "rate(__hole_0__[5m])"),
            ("x[‹window›:‹step›]", "x[5m:5m]"),
            ("x[‹n›m] offset ‹n›h", "x[5m] offset 5h"),
            ("x[5‹unit›] offset -‹d›", "x[5m] offset -5m"),
            ("x[‹n›‹unit›]", "x[5m]"),
            ("x > ‹threshold›", "x > 1"),
            ("x > bool ‹threshold›", "x > bool 1"),
            ("x > ‹n›00", "x > 100"),
            ("5 < ‹metric›", "5 < __hole_0__"),
            ("x and ‹metric›", "x and __hole_0__"),
            ("topk(‹n›, ‹metric›)", "topk(1, __hole_1__)"),
            ("topk by (a) (‹n›, x)", "topk by (a) (1, x)"),
            ("count_values(‹label›, x)", "count_values(\"__hole_0__\", x)"),
            ("sum by (‹label›) (‹metric›)", "sum by (__hole_0__) (__hole_1__)"),
            ("rate(‹range›)", "rate(__hole_0__[5m])"),
            ("‹f›(x[5m])", "rate(x[5m])"),
            ("‹f›(x{a=\"b\"})", "sum(x{a=\"b\"})"),
            ("x @ ‹time›", "x @ 1"),
            ("# ‹note›\nx > ‹n›", "# __hole_0__\nx > 1"),
            (r"x{a=~`\d+‹b›`}", r#"x{a=~"\\d+__hole_0__"}"#),
        ] {
            assert_eq!(filled(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn names_get_their_spelling_back() {
        let originals = ["{Region}", "<pod>"];
        for (parsed, expected) in [
            ("app___hole_0___failures", ("app_{Region}_failures", true)),
            ("__hole_1____hole_0__", ("<pod>{Region}", true)),
            ("__hole_7__ __hole_", ("__hole_7__ __hole_", false)),
            ("plain", ("plain", false)),
        ] {
            let (restored, any) = restore(parsed, &originals);
            assert_eq!((&*restored, any), expected);
        }
    }
}
