//! Habits: what authors write that the dialect loses or reads otherwise than they mean.
//!
//! A document follows the obvious intent and keeps a note of each such place, with the bytes that a
//! finding is about and what a fix needs. Whether a habit is worth a finding is the business of the
//! checks.

use super::document::{
    Block, BlockKind, Inline, InlineKind, for_each_text, walk_blocks, walk_inlines,
};
use std::ops::Range;

/// A place where the dialect would not do what its author means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habit {
    /// What was written.
    pub kind: HabitKind,
    /// The bytes of the source that it is about.
    pub range: Range<usize>,
}

/// What an author wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HabitKind {
    /// Prose with a `|` that kramdown makes a table of; the range is the whole paragraph.
    AccidentalTable {
        /// Where the `|` stand that would have to be escaped.
        pipes: Vec<usize>,
    },
    /// A row of a table that goes on in the next line; the range is all of the row.
    SplitTableRow {
        /// The line breaks within the row, with the white space around them: each stands for one
        /// space.
        breaks: Vec<Range<usize>>,
    },
    /// A delimiter row with fewer columns than its table, which GFM takes for none; the range is
    /// the row without the white space around it.
    ShortDelimiterRow {
        /// The columns that the head of the table has.
        columns: usize,
    },
    /// An attribute list that kramdown gives to nothing, or not to what its author means; the range
    /// is the list, from `{` to `}`.
    StrayAttributeList {
        /// Where the block ends that it is meant for, if there is one: the list belongs on the
        /// line below.
        meant_for: Option<usize>,
    },
    /// An attribute list that blanks or a line break part from the link or the image it is meant
    /// for; the range is the list.
    AttributeListApart {
        /// Where the link or the image ends.
        end: usize,
        /// Whether it is meant for an image.
        of_image: bool,
    },
    /// An attribute list below a block that says what only links can have, or images, where there is
    /// none or several; the range is the list.
    AttributeListOfPiece {
        /// Whether it is meant for images.
        of_image: bool,
    },
    /// An attribute list that does not begin with `{:`, and is text to kramdown; the range is the
    /// list.
    MistypedAttributeList {
        /// The list that is meant.
        meant: String,
    },
    /// An attribute list between blank lines that kramdown gives to the block below, whatever its
    /// author means; the range is the list.
    AttributeListBetween,
    /// What is meant as an attribute list and shown as text, since its brace is never closed; the
    /// range is all that would be in it.
    UnclosedAttributeList,
    /// What is meant as the id of a heading and shown as text, since it is more than one word, or no
    /// blank stands before it; the range is `{#…}`.
    BadHeadingId {
        /// Whether a blank stands before it.
        is_apart: bool,
    },
    /// `<clusterID>` in running text, which a browser takes for a tag and does not show; the range
    /// is that of the tag.
    VanishedPlaceholder {
        /// Whether it stands in raw HTML, where a backslash is one to read.
        raw: bool,
    },
    /// A fence that is never closed; the range is the line that opens it.
    UnclosedFence {
        /// The marks that close it.
        fence: String,
        /// Where the code ends that is meant; none if nobody can tell.
        end: Option<usize>,
        /// The words behind its marks that are no name of a language, if there are such.
        words: Option<Words>,
    },
    /// A fence with several words behind its marks, which kramdown takes for none; the range is the
    /// line that opens it.
    WordyFence(Words),
    /// The second mark of `## ## Title`, with the white space behind it.
    DoubledHeadingMark,
    /// A run of no-break spaces in code; the range is the run.
    NoBreakSpaceInCode {
        /// Whether the code stands in a line of text, between backticks.
        in_line: bool,
    },
    /// A query in prose that kramdown would show otherwise: its quotes curled, its stars gone. The
    /// range is the query.
    MangledQuery,
}

/// Words behind the marks of a fence that are no name of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Their bytes, with the white space before them.
    pub range: Range<usize>,
    /// Whether they are read as the first line of the code.
    pub in_code: bool,
}

/// The habits that show in a finished tree.
pub fn in_tree(blocks: &[Block]) -> Vec<Habit> {
    let mut habits = Vec::new();
    walk_blocks(blocks, &mut |block| match &block.kind {
        BlockKind::Heading { doubled_mark: Some(mark), content, .. } => {
            if let Some(first) = content.first() {
                let range = first.range.start.saturating_sub(mark.len())..first.range.start;
                habits.push(Habit { kind: HabitKind::DoubledHeadingMark, range });
            }
        }
        BlockKind::Code(code) => no_break_spaces(code.text.text(), &mut |range| {
            let range = code.text.to_source(range);
            habits.push(Habit { kind: HabitKind::NoBreakSpaceInCode { in_line: false }, range });
        }),
        _ => {}
    });
    let mut text = |inline: &Inline| match &inline.kind {
        InlineKind::Code(code) => no_break_spaces(code.text(), &mut |range| {
            let range = code.to_source(range);
            habits.push(Habit { kind: HabitKind::NoBreakSpaceInCode { in_line: true }, range });
        }),
        InlineKind::Verbatim(query) if is_mangled(query) => {
            habits.push(Habit { kind: HabitKind::MangledQuery, range: inline.range.clone() });
        }
        _ => {}
    };
    walk_blocks(blocks, &mut |block| {
        for_each_text(block, &mut |content| walk_inlines(content, &mut text));
    });
    habits
}

/// Calls `found` for each run of no-break spaces.
fn no_break_spaces(text: &str, found: &mut dyn FnMut(Range<usize>)) {
    const SPACES: [char; 2] = ['\u{a0}', '\u{202f}'];
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

    fn habits(text: &str) -> Vec<(HabitKind, String)> {
        let source = Source::new("a.md", text);
        let document = super::super::parse(&source, 0, &|text| {
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
            assert_eq!(habits(text), [(kind, place.to_owned())], "{text}");
        }
    }

    #[test]
    fn what_is_fine_is_no_habit() {
        assert_eq!(habits("## Title\n\nno\u{a0}break and `code`\n\nx{} > 1"), []);
    }
}
