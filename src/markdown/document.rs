//! The tree of a Markdown document.
//!
//! Every node knows its bytes in the source. A tree is made by [`parse`](super::parse) and never
//! changed afterwards; what later stages learn about a node they keep beside it, by where the node
//! begins.

use super::habit::Habit;
use crate::source::{MappedText, Source};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A Markdown file as a tree.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub source: Arc<Source>,
    /// The blocks below the front matter.
    pub blocks: Vec<Block>,
    /// The tables that are written as raw HTML, in order.
    pub html_tables: Vec<HtmlTable>,
    /// What its author wrote that kramdown would lose or read otherwise, by place.
    pub habits: Vec<Habit>,
}

/// A block: something that begins on a line of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its bytes in the source, container prefixes of later lines included.
    pub range: Range<usize>,
    /// What an attribute list said of it, if there is one.
    pub attributes: Option<Box<Attributes>>,
    /// What it is.
    pub kind: BlockKind,
}

/// The kinds of blocks.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A heading with its id, unique on the page.
    Heading {
        /// From 1 to 6.
        level: u8,
        /// The fragment that links to it.
        id: String,
        /// The second mark of a heading written as `## ## Title`: not meant to be read, yet part of
        /// the id that kramdown makes. The content begins behind it.
        doubled_mark: Option<Box<str>>,
        /// The text.
        content: Vec<Inline>,
    },
    /// Running text.
    Paragraph {
        /// Stands in a list item without blank lines around it, so that it is shown without `<p>`.
        tight: bool,
        /// The text.
        content: Vec<Inline>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A list, numbered from `first_number` if it is numbered.
    List {
        /// The number of its first item, if items are numbered.
        first_number: Option<u64>,
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A list of terms and what they mean.
    DefinitionList(Vec<Definition>),
    /// A fence or an indented block of code.
    Code(Box<CodeBlock>),
    /// A table by kramdown's rules.
    Table(Box<Table>),
    /// Raw HTML, as written.
    Html(String),
    /// The contents of the page, where a list with `{:toc}` stands.
    Contents {
        /// Whether its items are numbered.
        numbered: bool,
    },
    /// A line across.
    ThematicBreak,
    /// What a footnote says.
    Footnote {
        /// The name it is referred to by.
        label: String,
        /// Its text.
        blocks: Vec<Block>,
    },
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListItem {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// What an attribute list at its front said of it, if there is one.
    pub attributes: Option<Box<Attributes>>,
    /// Whether it is a task, and done.
    pub task: Option<bool>,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// A part of a definition list.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// The term.
    Term(Vec<Inline>),
    /// A meaning of the term before it.
    Meaning(Vec<Block>, Attributes),
}

/// A block of code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeBlock {
    /// The text behind the opening fence, trimmed, and where it stands; `None` for indented code
    /// and for bare fences.
    pub info: Option<(String, Range<usize>)>,
    /// How it is written.
    pub shape: CodeShape,
    /// The code, without the indentation of its container, and the bytes it came from.
    pub text: MappedText,
}

/// How a block of code is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShape {
    /// Between fences.
    Fence,
    /// Indented.
    Indented,
    /// In a shortcode of Hugo's.
    Shortcode,
    /// As raw HTML, `<pre>`; with `<code>` in it, or without.
    Raw {
        /// Whether `<code>` is in it.
        with_code: bool,
    },
}

/// A table in a block of raw HTML.
#[derive(Debug, Clone, PartialEq)]
pub struct HtmlTable {
    /// Where the block begins.
    pub block: usize,
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// What it says.
    pub table: Table,
}

/// A table: rows with cells of inline text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Rows above the first delimiter row.
    pub head: Vec<Row>,
    /// Groups of rows, as later delimiter rows part them.
    pub bodies: Vec<Vec<Row>>,
    /// Rows below a `|===` row.
    pub foot: Vec<Row>,
    /// How each column is aligned; columns beyond its end are not.
    pub alignments: Vec<Alignment>,
    /// The number of cells of the widest row.
    pub columns: usize,
}

impl Table {
    /// All rows below the head.
    pub fn body_rows(&self) -> impl Iterator<Item = &Row> {
        self.bodies.iter().flatten().chain(&self.foot)
    }
}

/// How a column of a table is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// As the reader's browser likes it.
    Default,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its bytes in the source, without the line's end.
    pub range: Range<usize>,
    /// Its cells; rows may have fewer than the table has columns.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its bytes in the source, trimmed.
    pub range: Range<usize>,
    /// Its text.
    pub content: Vec<Inline>,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub struct Inline {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// What an attribute list behind it said, if there is one.
    pub attributes: Option<Box<Attributes>>,
    /// What it is.
    pub kind: InlineKind,
}

impl Inline {
    /// Whether a line ends here.
    pub fn is_break(&self) -> bool {
        matches!(self.kind, InlineKind::SoftBreak | InlineKind::HardBreak)
    }

    /// Whether a line ends here, also by an element of HTML, `<br>`.
    pub fn ends_line(&self) -> bool {
        let is_tag = |tag: &str| tag.to_ascii_lowercase().starts_with("<br");
        self.is_break() || matches!(&self.kind, InlineKind::Html(tag) if is_tag(tag))
    }

    /// What a reader sees of it as text, that of what stands within it aside; a line break as a space.
    pub fn own_text(&self) -> &str {
        match &self.kind {
            InlineKind::Text(text)
            | InlineKind::Verbatim(text)
            | InlineKind::Angled { text, .. } => text,
            InlineKind::Abbreviation(abbreviation) => &abbreviation.text,
            InlineKind::Code(code) => code.text(),
            InlineKind::SoftBreak | InlineKind::HardBreak => " ",
            _ => "",
        }
    }

    /// Whether a reader sees a letter or a digit of it, or of what stands within it.
    pub fn has_words(&self) -> bool {
        self.own_text().contains(char::is_alphanumeric) || self.inner().iter().any(Self::has_words)
    }

    /// What stands within it.
    fn inner(&self) -> &[Self] {
        match &self.kind {
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strikethrough(inner) => inner,
            InlineKind::Link { content, .. } => content,
            _ => &[],
        }
    }

    /// A piece of running text that no attribute list says anything of.
    pub fn new(range: Range<usize>, kind: InlineKind) -> Self {
        Self { range, attributes: None, kind }
    }
}

/// The kinds of running text. Of each page there are hundreds, so what is rare is small here, or kept
/// elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum InlineKind {
    /// Text to be shown as it is here: entities decoded, quotes curled.
    Text(String),
    /// Text that must stay as it was written, to the byte: a query in prose.
    Verbatim(String),
    /// A code span.
    Code(Box<MappedText>),
    /// Emphasised text.
    Emphasis(Vec<Inline>),
    /// Strongly emphasised text.
    Strong(Vec<Inline>),
    /// Text struck out.
    Strikethrough(Vec<Inline>),
    /// A link.
    Link {
        /// Where it leads, and where that stands in the source.
        target: Box<Target>,
        /// The text of the link.
        content: Box<[Inline]>,
        /// Whether it is an address without any marks around it.
        bare: bool,
    },
    /// An image.
    Image {
        /// Where it is, and where that stands in the source.
        target: Box<Target>,
        /// The text for those who don't see it.
        alt: Box<str>,
    },
    /// A raw HTML tag or comment, as written; or the closing tag that is missing.
    Html(String),
    /// Words between angle brackets that are meant to be read, such as `<clusterID>`.
    Angled {
        /// The words, with the brackets.
        text: String,
        /// Whether a browser would take them for a tag.
        vanishes: bool,
    },
    /// A word that has an explanation.
    Abbreviation(Box<Abbreviation>),
    /// The end of a line of the source.
    SoftBreak,
    /// A line break to be seen.
    HardBreak,
    /// A reference to a footnote.
    FootnoteReference(String),
}

/// A word that has an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviation {
    /// The word.
    pub text: String,
    /// What it stands for.
    pub title: String,
}

/// Where a link or an image leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The address, as written; escapes and entities decoded.
    pub url: String,
    /// The title, often empty.
    pub title: String,
    /// The bytes of the address in the source; several links share those of a reference definition.
    pub range: Range<usize>,
}

/// What an attribute list (`{: .class #id key="value"}`) says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `#id`
    pub id: Option<String>,
    /// `.class`
    pub classes: Vec<String>,
    /// `key="value"`
    pub pairs: Vec<(String, String)>,
    /// Bare words: `toc`, or the name of a list defined elsewhere.
    pub references: Vec<String>,
}

/// What is said of a node that no attribute list says anything of.
static NOTHING_SAID: Attributes =
    Attributes { id: None, classes: Vec::new(), pairs: Vec::new(), references: Vec::new() };

impl Block {
    /// What an attribute list said of it; an empty one if there is none.
    pub fn attributes(&self) -> &Attributes {
        self.attributes.as_deref().unwrap_or(&NOTHING_SAID)
    }
}

impl ListItem {
    /// What an attribute list at its front said of it; an empty one if there is none.
    pub fn attributes(&self) -> &Attributes {
        self.attributes.as_deref().unwrap_or(&NOTHING_SAID)
    }
}

impl Attributes {
    /// Whether it has a bare word, or refers to the list of this name.
    pub(super) fn refers_to(&self, name: &str) -> bool {
        self.references.iter().any(|reference| reference == name)
    }

    /// Adds what another list says; the later id and the later value of a key win.
    pub fn merge(&mut self, other: Self) {
        if other.id.is_some() {
            self.id = other.id;
        }
        for class in other.classes {
            if !self.classes.contains(&class) {
                self.classes.push(class);
            }
        }
        for (key, value) in other.pairs {
            self.pairs.retain(|(known, _)| *known != key);
            self.pairs.push((key, value));
        }
        self.references.extend(other.references);
    }
}

impl Document {
    /// The tables of a block, with their bytes in the source: the block itself, or those in its HTML.
    pub fn tables_of<'d>(
        &'d self,
        block: &'d Block,
    ) -> impl Iterator<Item = (&'d Range<usize>, &'d Table)> {
        let own = match &block.kind {
            BlockKind::Table(table) => Some((&block.range, &**table)),
            _ => None,
        };
        let from = self.html_tables.partition_point(|raw| raw.block < block.range.start);
        let raw = self.html_tables[from..].iter();
        let raw = raw.take_while(|raw| raw.block == block.range.start);
        let is_html = matches!(block.kind, BlockKind::Html(_));
        own.into_iter().chain(raw.filter(move |_| is_html).map(|raw| (&raw.range, &raw.table)))
    }

    /// Calls `visit` for every block, outer before inner, in the order of the source.
    pub fn walk_blocks<'a>(&'a self, visit: &mut dyn FnMut(&'a Block)) {
        walk_blocks(&self.blocks, visit);
    }

    /// Calls `visit` for every piece of running text, outer before inner, in the order of the
    /// source; cells of tables and footnotes included.
    pub fn walk_inlines<'a>(&'a self, visit: &mut dyn FnMut(&'a Inline)) {
        self.walk_blocks(&mut |block| {
            for_each_text(block, &mut |content| walk_inlines(content, visit));
        });
    }
}

/// Calls `visit` for every block of a list of blocks, outer before inner.
pub fn walk_blocks<'a>(blocks: &'a [Block], visit: &mut dyn FnMut(&'a Block)) {
    for block in blocks {
        visit(block);
        match &block.kind {
            BlockKind::Quote(inner) | BlockKind::Footnote { blocks: inner, .. } => {
                walk_blocks(inner, visit);
            }
            BlockKind::List { items, .. } => {
                for item in items {
                    walk_blocks(&item.blocks, visit);
                }
            }
            BlockKind::DefinitionList(parts) => {
                for part in parts {
                    if let Definition::Meaning(inner, _) = part {
                        walk_blocks(inner, visit);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Calls `visit` for every run of inline text that a block holds by itself.
pub fn for_each_text<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a [Inline])) {
    match &block.kind {
        BlockKind::Heading { content, .. } | BlockKind::Paragraph { content, .. } => visit(content),
        BlockKind::Table(table) => {
            for row in table.head.iter().chain(table.body_rows()) {
                for cell in &row.cells {
                    visit(&cell.content);
                }
            }
        }
        BlockKind::DefinitionList(parts) => {
            for part in parts {
                if let Definition::Term(content) = part {
                    visit(content);
                }
            }
        }
        _ => {}
    }
}

/// Calls `visit` for every inline of a run, outer before inner.
pub fn walk_inlines<'a>(inlines: &'a [Inline], visit: &mut dyn FnMut(&'a Inline)) {
    for inline in inlines {
        visit(inline);
        // Nearly all have nothing within them.
        let inner = inline.inner();
        if !inner.is_empty() {
            walk_inlines(inner, visit);
        }
    }
}

/// The text of a run as a reader sees it: no marks, no tags, line breaks as spaces.
pub fn plain_text(inlines: &[Inline]) -> Cow<'_, str> {
    // Most are one text, which need not be copied.
    if let [Inline { kind: InlineKind::Text(text), .. }] = inlines {
        return Cow::Borrowed(text);
    }
    // Hardly any text is longer than it is written.
    let written = inlines.first().zip(inlines.last());
    let written =
        written.map_or(0, |(first, last)| last.range.end.saturating_sub(first.range.start));
    let mut text = String::with_capacity(written);
    push_plain_text(inlines, &mut text);
    Cow::Owned(text)
}

/// Adds the [`plain_text`] of a run to a text.
pub fn push_plain_text(inlines: &[Inline], text: &mut String) {
    walk_inlines(inlines, &mut |inline| text.push_str(inline.own_text()));
}
