//! The habits that show only in a finished tree: what its texts hold, whatever they are read as.

use crate::markdown::document::{
    Block, BlockKind, Inline, InlineKind, for_each_text, walk_blocks, walk_inlines,
};
use crate::markdown::habit::{Habit, HabitKind};
use std::ops::Range;

/// The habits that show in a finished tree.
pub fn habits(blocks: &[Block]) -> Vec<Habit> {
    let mut habits = Vec::new();
    walk_blocks(blocks, &mut |block| {
        match &block.kind {
            BlockKind::Heading { doubled_mark: Some(mark), content, .. } => {
                if let Some(first) = content.first() {
                    let range = first.range.start.saturating_sub(mark.len())..first.range.start;
                    habits.push(Habit { kind: HabitKind::DoubledHeadingMark, range });
                }
            }
            BlockKind::Code(code) => no_break_spaces(code.text.text(), &mut |range| {
                let (range, in_line) = (code.text.to_source(range), false);
                habits.push(Habit { kind: HabitKind::NoBreakSpaceInCode { in_line }, range });
            }),
            _ => {}
        }
        for_each_text(block, &mut |content| {
            walk_inlines(content, &mut |inline| of_piece(inline, &mut habits));
        });
    });
    habits
}

/// Adds the habits of a piece of running text, those of what stands within it aside.
fn of_piece(piece: &Inline, habits: &mut Vec<Habit>) {
    match &piece.kind {
        InlineKind::Code(code) => no_break_spaces(code.text(), &mut |range| {
            let (range, in_line) = (code.to_source(range), true);
            habits.push(Habit { kind: HabitKind::NoBreakSpaceInCode { in_line }, range });
        }),
        InlineKind::Verbatim(query) if is_mangled(query) => {
            habits.push(Habit { kind: HabitKind::MangledQuery, range: piece.range.clone() });
        }
        _ => {}
    }
}

/// Calls `found` for each run of no-break spaces.
fn no_break_spaces(text: &str, found: &mut dyn FnMut(Range<usize>)) {
    const SPACES: [char; 2] = ['\u{a0}', '\u{202f}'];
    if text.is_ascii() {
        return;
    }
    let mut from = 0;
    while let Some(start) = text[from..].find(SPACES).map(|at| from + at) {
        let rest = &text[start..];
        from = start + rest.len() - rest.trim_start_matches(SPACES).len();
        found(start..from);
    }
}

/// Whether a text in prose would come out otherwise than it is written.
fn is_mangled(text: &str) -> bool {
    text.contains(['"', '\'', '*', '<', '\\']) || text.contains("--") || text.contains("...")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn found_in(text: &str) -> Vec<(HabitKind, String)> {
        let source = Source::new("a.md", text);
        let document = crate::markdown::parse(&source, 0, &|text, _| {
            text.find("x{").map(|at| at..text.len()).into_iter().collect()
        });
        let found = document.habits.iter();
        found.map(|habit| (habit.kind.clone(), text[habit.range.clone()].to_owned())).collect()
    }

    #[test]
    fn habits_have_their_exact_bytes() {
        for (text, kind, place) in [
            ("## ## Title", HabitKind::DoubledHeadingMark, "## "),
            ("a `b\u{a0}\u{a0}c`", HabitKind::NoBreakSpaceInCode { in_line: true }, "\u{a0}\u{a0}"),
            (
                "1. x\n\n   ```\n   b\u{a0}c\n   ```",
                HabitKind::NoBreakSpaceInCode { in_line: false },
                "\u{a0}",
            ),
            ("Run: x{a=\"b\"}", HabitKind::MangledQuery, "x{a=\"b\"}"),
        ] {
            assert_eq!(found_in(text), [(kind, place.to_owned())], "{text}");
        }
    }

    #[test]
    fn what_is_fine_is_no_habit() {
        assert_eq!(found_in("## Title\n\nno\u{a0}break and `code`\n\nx{} > 1"), []);
    }
}
