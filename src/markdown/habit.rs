//! Habits: what authors write that the dialect loses or reads otherwise than they mean.
//!
//! A document follows the obvious intent and keeps a note of each such place, with the bytes that a
//! finding is about and what a fix needs. Whether a habit is worth a finding is the business of the
//! checks.

pub mod in_tree;

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
