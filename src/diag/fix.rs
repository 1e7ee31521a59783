//! Fixes: what to write in a file in place of what stands there, so that a finding goes away.
//!
//! A [`Fix`] is a set of edits on the bytes of one file, in the manner of ruff's: it is applied
//! whole or not at all, and what it does not name stays as it is, line endings and comments
//! included. [`apply`] puts as many fixes into a text as do not get in each other's way; who wants
//! the rest looks for findings in the new text and applies again.

use super::Span;
use crate::source::Source;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Whether a fix may be applied without anybody looking at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// It says what the author meant: a reader of the page sees what was meant to be seen.
    Safe,
    /// It is the likeliest of several meanings, and somebody should look at it.
    Unsafe,
}

/// Edits of one file that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    safety: Safety,
    edits: Vec<Edit>,
}

/// A piece of a file and what to write in its place. An empty piece is a place to insert at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    span: Span,
    replacement: String,
}

impl Edit {
    /// The edit that writes `replacement` in place of a range of a source. `None` where the file
    /// does not hold these very bytes, because they came out of a template: what would be edited
    /// there is not what its author wrote.
    ///
    /// Line breaks of the replacement are `\n`; [`apply`] writes them as the file has them.
    pub fn new(
        source: &Arc<Source>,
        range: Range<usize>,
        replacement: impl Into<String>,
    ) -> Option<Self> {
        let span = Span::written(source, range)?;
        Some(Self { span, replacement: replacement.into() })
    }

    /// The characters that are replaced.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// What is written there.
    pub fn replacement(&self) -> &str {
        &self.replacement
    }
}

impl Fix {
    /// A fix of these edits, in the order of their places. `None` if one of them is not possible,
    /// if there are none, if they are in several files, or if two of them overlap.
    pub fn new(safety: Safety, edits: impl IntoIterator<Item = Option<Edit>>) -> Option<Self> {
        let mut edits: Vec<Edit> = edits.into_iter().collect::<Option<_>>()?;
        edits.sort_by(|a, b| a.span.cmp(&b.span));
        let is_apart = |pair: &[Edit]| {
            let [a, b] = pair else { return true };
            a.span.source().path() == b.span.source().path()
                && !collide(&a.span.range(), &b.span.range())
        };
        (!edits.is_empty() && edits.windows(2).all(is_apart)).then_some(Self { safety, edits })
    }

    /// Whether it may be applied without anybody looking at it.
    pub fn safety(&self) -> Safety {
        self.safety
    }

    /// Its edits, at least one, in the order of their places.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The path of the file that it changes.
    pub fn path(&self) -> &str {
        self.edits[0].span.source().path()
    }
}

/// Whether two ranges can't both be edited: they share a byte or a place to insert at.
fn collide(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start == b.start || (a.start < b.end && b.start < a.end)
}

/// A text with fixes applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The new text.
    pub text: String,
    /// For each of the fixes, in their order, whether it is in the new text.
    pub taken: Vec<bool>,
    /// What was replaced, in order, and how many bytes stand there now.
    replaced: Vec<(Range<usize>, usize)>,
}

impl Applied {
    /// Where in the new text a range of the old one is, with what was inserted at its ends. Of what
    /// was replaced in part, all that stands there now belongs to it.
    pub fn moved(&self, range: &Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        // How much longer and shorter the text has become before the range.
        let (mut start_gained, mut end_gained) = (0, 0);
        let (mut start_lost, mut end_lost) = (0, 0);
        for (old, length) in &self.replaced {
            if old.end < range.start || (old.end == range.start && !old.is_empty()) {
                start_gained += length;
                start_lost += old.len();
            } else if old.start < range.start {
                start = old.start;
            }
            if old.start > range.end || (old.start == range.end && !old.is_empty()) {
                break;
            }
            end_gained += length;
            end_lost += old.len();
            end = end.max(old.end);
        }
        start + start_gained - start_lost..end + end_gained - end_lost
    }
}

/// Applies fixes of one file to its text. Of fixes that are in each other's way the first by place
/// is taken. A fix that was taken already, because another finding has the same, counts as taken.
pub fn apply(text: &str, fixes: &[&Fix]) -> Applied {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|index| fixes[*index].edits[0].span.range().start);
    let mut edits: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut taken = vec![false; fixes.len()];
    for index in order {
        let fix = fixes[index];
        let is_there = |edit: &Edit| edits.get(&edit.span.range().start) == Some(&edit);
        let is_free = |edit: &Edit| {
            let range = edit.span.range();
            let before = edits.range(..range.end.max(range.start + 1)).next_back();
            before.is_none_or(|(_, other)| !collide(&range, &other.span.range()))
        };
        if fix.edits.iter().all(is_there) {
            taken[index] = true;
        } else if fix.edits.iter().all(is_free) {
            taken[index] = true;
            edits.extend(fix.edits.iter().map(|edit| (edit.span.range().start, edit)));
        }
    }
    let line_break = line_break(text);
    let mut new = String::with_capacity(text.len());
    let mut replaced = Vec::with_capacity(edits.len());
    let mut at = 0;
    for edit in edits.values() {
        let range = edit.span.range();
        new.push_str(&text[at..range.start]);
        let lines =
            edit.replacement.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let before = new.len();
        new.push_str(&lines.collect::<Vec<_>>().join(line_break));
        at = range.end;
        replaced.push((range, new.len() - before));
    }
    new.push_str(&text[at..]);
    Applied { text: new, taken, replaced }
}

/// How lines of a text end: as the first one does.
fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MappedText;

    fn fix(source: &Arc<Source>, edits: &[(Range<usize>, &str)]) -> Fix {
        let edits = edits.iter().map(|(range, text)| Edit::new(source, range.clone(), *text));
        Fix::new(Safety::Safe, edits).unwrap()
    }

    #[test]
    fn fixes_that_are_apart_are_applied_together() {
        let source = Source::new("a.md", "one two three");
        let fixes = [
            fix(&source, &[(8..13, "3"), (0..3, "1")]),
            fix(&source, &[(4..7, "2")]),
            fix(&source, &[(13..13, "!")]),
        ];
        let applied = apply(source.text(), &fixes.each_ref());
        assert_eq!((applied.text.as_str(), applied.taken), ("1 2 3!", vec![true; 3]));
    }

    #[test]
    fn of_fixes_that_collide_the_first_is_taken_whole() {
        let source = Source::new("a.md", "one two three");
        let fixes = [
            fix(&source, &[(2..5, "x"), (9..9, "?")]),
            fix(&source, &[(0..3, "1")]),
            fix(&source, &[(9..10, "y")]),
            fix(&source, &[(0..3, "1")]),
            fix(&source, &[(0..3, "2")]),
        ];
        let applied = apply(source.text(), &fixes.each_ref());
        assert_eq!(applied.text, "1 two tyree");
        assert_eq!(applied.taken, [false, true, true, true, false]);
    }

    #[test]
    fn what_was_not_replaced_is_found_again() {
        let source = Source::new("a.md", "one two three");
        let fixes = [fix(&source, &[(0..3, "1"), (4..4, "and "), (8..13, "3")])];
        let applied = apply(source.text(), &fixes.each_ref());
        assert_eq!(applied.text, "1 and two 3");
        for (range, now) in [
            (0..3, "1"),
            (1..2, "1"),
            (3..4, " and "),
            (4..7, "and two"),
            (5..7, "wo"),
            (2..5, "1 and t"),
            (7..8, " "),
            (8..13, "3"),
            (10..11, "3"),
            (0..13, "1 and two 3"),
        ] {
            assert_eq!(&applied.text[applied.moved(&range)], now, "{range:?}");
        }
    }

    #[test]
    fn line_breaks_are_those_of_the_file() {
        let source = Source::new("a.md", "one\r\ntwo\r\n");
        let applied = apply(source.text(), &[&fix(&source, &[(5..8, "2\n3")])]);
        assert_eq!(applied.text, "one\r\n2\r\n3\r\n");
    }

    #[test]
    fn what_came_out_of_a_template_is_not_edited() {
        let file = Source::new("a.md", "one {{ x }} two");
        let mut text = MappedText::verbatim("one ", 0);
        text.push_replaced("zwei", 4..11);
        text.push_verbatim(" two", 11);
        let source = Source::derived(&file, text);
        for (range, expected) in [
            (0..3, Some(0..3)),
            (9..12, Some(12..15)),
            (4..4, Some(4..4)),
            (8..8, Some(11..11)),
            (12..12, Some(15..15)),
            (5..5, None),
            (4..8, None),
            (3..5, None),
            (0..12, None),
        ] {
            let edit = Edit::new(&source, range.clone(), "");
            assert_eq!(edit.map(|edit| edit.span.range()), expected, "{range:?}");
        }
        let edits = [Edit::new(&source, 0..3, ""), Edit::new(&source, 4..8, "")];
        assert_eq!(Fix::new(Safety::Safe, edits), None);
    }

    #[test]
    fn a_fix_has_edits_that_are_apart() {
        let source = Source::new("a.md", "one two");
        let edit = |range| Edit::new(&source, range, "");
        assert_eq!(Fix::new(Safety::Safe, []), None);
        assert_eq!(Fix::new(Safety::Safe, [edit(0..3), edit(2..4)]), None);
        assert_eq!(Fix::new(Safety::Safe, [edit(1..1), edit(1..1)]), None);
        assert!(Fix::new(Safety::Safe, [edit(3..4), edit(0..3)]).is_some());
    }

    proptest::proptest! {
        #[test]
        fn what_no_fix_names_stays(places in proptest::collection::vec((0usize..40, 0usize..6), 0..12)) {
            let text: String = ('a'..='z').chain('A'..='N').collect();
            let source = Source::new("a.md", text.as_str());
            let fixes: Vec<Fix> = places
                .iter()
                .map(|(start, length)| fix(&source, &[(*start..(start + length).min(40), "-")]))
                .collect();
            let all: Vec<&Fix> = fixes.iter().collect();
            let applied = apply(&text, &all);
            let taken = fixes.iter().zip(&applied.taken).filter(|(_, taken)| **taken);
            let gone = |at: usize| taken.clone().any(|(fix, _)| fix.edits[0].span.range().contains(&at));
            let kept: String =
                text.char_indices().filter(|(at, _)| !gone(*at)).map(|(_, letter)| letter).collect();
            proptest::prop_assert_eq!(applied.text.replace('-', ""), kept);
        }
    }
}
