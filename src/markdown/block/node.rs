//! What the reader of blocks hands on: blocks whose running text is still to be read.
//!
//! Running text may use what is defined further down (addresses of links, footnotes,
//! abbreviations), so blocks come first, for the whole document.

use crate::markdown::document::{Alignment, Attributes, CodeBlock};
use crate::markdown::lines::Line;
use smallvec::SmallVec;
use std::ops::Range;

/// A block, or what stands between blocks.
#[derive(Debug)]
pub struct Node {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// What attribute lists say of it; of most blocks there is none.
    said: Option<Box<Said>>,
    /// What it is.
    pub kind: NodeKind,
}

/// What attribute lists say of a block.
#[derive(Debug, Default)]
pub struct Said {
    /// All that they say.
    pub attributes: Attributes,
    /// Where those of them stand of which no habit is noted.
    pub lists: Vec<Range<usize>>,
}

impl Node {
    /// A block that no attribute list says anything of so far.
    pub fn new(range: Range<usize>, kind: NodeKind) -> Self {
        Self { range, said: None, kind }
    }

    /// Whether an attribute list says anything of it.
    pub fn is_said_of(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.attributes != Attributes::default())
    }

    /// What attribute lists say of it, to be changed.
    pub fn said(&mut self) -> &mut Said {
        self.said.get_or_insert_default()
    }

    /// Takes what attribute lists say of it, if there is one.
    pub fn take_said(&mut self) -> Option<Box<Said>> {
        self.said.take()
    }

    /// Adds what an attribute list says that stands at a place.
    pub fn merge(&mut self, list: Attributes, place: Range<usize>) {
        let said = self.said();
        said.attributes.merge(list);
        said.lists.push(place);
    }
}

/// The kinds of nodes.
#[derive(Debug)]
pub enum NodeKind {
    /// Blank lines: how many.
    Blank(usize),
    /// What ends a paragraph and shows nothing.
    Boundary(Boundary),
    /// Running text; tight if it stands in its item without a paragraph around it.
    Paragraph { lines: Vec<Line>, tight: bool },
    /// A heading, with the id that its author gave it.
    Heading { level: u8, text: Line, id: Option<String>, in_html: bool },
    /// A quotation.
    Quote(Vec<Node>),
    /// A list, with the number of its first item if items are numbered.
    List { first_number: Option<u64>, items: Vec<Item> },
    /// Terms and what they mean.
    Definitions(Vec<DefinitionNode>),
    /// A block of code.
    Code(Box<CodeBlock>),
    /// A table.
    Table(Box<RawTable>),
    /// Raw HTML.
    Html(String),
    /// A line across.
    Rule,
    /// What a footnote says.
    Footnote { label: String, nodes: Vec<Node> },
}

/// What ends a paragraph and shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// `^` on a line of its own.
    Mark,
    /// An attribute list that was given to the block above.
    AttributeList,
    /// A definition of something that attribute lists may stand behind: of a link, a footnote, an
    /// abbreviation.
    Definition,
    /// An extension, or the definition of an attribute list.
    Extension,
}

/// An item of a list.
#[derive(Debug)]
pub struct Item {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// What an attribute list at its front says.
    pub attributes: Attributes,
    /// Whether it is a task, and done.
    pub task: Option<bool>,
    /// Its blocks.
    pub nodes: Vec<Node>,
}

/// A part of a definition list.
#[derive(Debug)]
pub enum DefinitionNode {
    /// A term.
    Term(Line),
    /// What the terms before it mean.
    Meaning(Vec<Node>, Attributes),
}

/// A table whose cells are still to be read.
#[derive(Debug, Default)]
pub struct RawTable {
    /// Rows above the first delimiter row.
    pub head: Vec<RawRow>,
    /// Groups of rows, as later delimiter rows part them.
    pub bodies: Vec<Vec<RawRow>>,
    /// Rows below a `|===` row.
    pub foot: Vec<RawRow>,
    /// How each column is aligned.
    pub alignments: Vec<Alignment>,
}

/// The lines of a cell: one, unless its row is split.
pub type CellLines = SmallVec<[Line; 1]>;

/// A row of a table.
#[derive(Debug)]
pub struct RawRow {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// The text of each cell: one line, or several where the row is split.
    pub cells: Vec<CellLines>,
}
