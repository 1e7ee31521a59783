//! From blocks to the tree: running text is read, headings get their ids, and attribute lists take
//! effect.

use super::abbreviation;
use super::attributes;
use super::block::{DefinitionNode, Definitions, Item, Node, NodeKind, RawRow, RawTable};
use super::document::{
    Attributes, Block, BlockKind, Cell, Definition, Inline, InlineKind, ListItem, Row, Table,
};
use super::habit::{Habit, HabitKind};
use super::heading_id::{HeadingIds, id_text};
use super::lines::Line;
use super::span::{self, Kept, Text};

/// Makes the tree of a source out of its blocks.
pub struct Builder<'s> {
    /// The source.
    pub source: &'s str,
    /// Finds the parts of a text that are no Markdown.
    pub verbatim: &'s dyn Fn(&str) -> Kept,
    /// What the blocks define.
    pub definitions: Definitions,
    /// The habits met so far.
    pub habits: Vec<Habit>,
    /// The ids that are taken.
    pub ids: HeadingIds,
}

impl Builder<'_> {
    /// The blocks of the tree.
    pub fn blocks(&mut self, nodes: Vec<Node>) -> Vec<Block> {
        fitting(nodes.into_iter().filter_map(|node| self.block(node)).collect())
    }

    fn block(&mut self, node: Node) -> Option<Block> {
        let Node { range, attributes, kind } = node;
        let mut attributes = self.definitions.resolved(attributes);
        let kind = match kind {
            NodeKind::Blank(_) | NodeKind::Boundary(_) => return None,
            NodeKind::Paragraph { lines, tight } => {
                let lines = self.without_trailing_list(lines, &mut attributes);
                let mut content = self.text(&lines);
                give_size_to_image(&mut content, &mut attributes);
                BlockKind::Paragraph { tight, content }
            }
            NodeKind::Heading { level, text, id, in_html } => {
                let lines = self.without_trailing_list(vec![text], &mut attributes);
                let content = self.text(&lines);
                let id = attributes.id.take().or(id).unwrap_or_else(|| {
                    let text = Text::new(self.source, &[text], &|_| Kept::default());
                    let text = id_text(&span::read_as_kramdown(&text, &self.definitions));
                    if in_html { self.ids.next_within_html(&text) } else { self.ids.next(&text) }
                });
                heading(level, id, content)
            }
            NodeKind::Quote(nodes) => BlockKind::Quote(self.blocks(nodes)),
            NodeKind::List { first_number, .. }
                if attributes.references.iter().any(|reference| reference == "toc") =>
            {
                BlockKind::Contents { numbered: first_number.is_some() }
            }
            NodeKind::List { first_number, items } => {
                let items = fitting(items.into_iter().map(|item| self.item(item)).collect());
                BlockKind::List { first_number, items }
            }
            NodeKind::Definitions(parts) => {
                let parts = parts.into_iter().map(|part| match part {
                    DefinitionNode::Term(line) => Definition::Term(self.text(&[line])),
                    DefinitionNode::Meaning(nodes) => Definition::Meaning(self.blocks(nodes)),
                });
                BlockKind::DefinitionList(fitting(parts.collect()))
            }
            NodeKind::Code(mut code) => {
                code.text.shrink_to_fit();
                BlockKind::Code(Box::new(code))
            }
            NodeKind::Table(table) => BlockKind::Table(Box::new(self.table(table))),
            NodeKind::Html(html) => BlockKind::Html(html),
            NodeKind::Rule => BlockKind::ThematicBreak,
            NodeKind::Footnote { label, nodes } => {
                BlockKind::Footnote { label, blocks: self.blocks(nodes) }
            }
        };
        Some(Block { range, attributes: said(attributes), kind })
    }

    fn item(&mut self, item: Item) -> ListItem {
        ListItem {
            range: item.range,
            attributes: said(self.definitions.resolved(item.attributes)),
            task: item.task,
            blocks: self.blocks(item.nodes),
        }
    }

    fn text(&mut self, lines: &[Line]) -> Vec<Inline> {
        let text = Text::new(self.source, lines, self.verbatim);
        let mut content = span::read(&text, &self.definitions, &mut self.habits);
        abbreviation::mark(&mut content, &self.definitions.abbreviations);
        fitting(content)
    }

    /// Takes an attribute list off the end of a text: kramdown shows it, its author means the block.
    fn without_trailing_list(
        &mut self,
        mut lines: Vec<Line>,
        attributes: &mut Attributes,
    ) -> Vec<Line> {
        let Some(last) = lines.last_mut() else { return lines };
        let line = last.trimmed_end(self.source);
        let text = line.text(self.source);
        let found = text.ends_with('}').then(|| text.rfind("{:")).flatten().filter(|open| {
            attributes::in_text(&text[*open..]) == Some(text.len() - open)
                && attributes::is_evident(&text[*open..])
                && !(attributes::is_of_link(&text[*open..])
                    && text[..*open].trim_end().ends_with([')', ']', '>']))
                && text[..*open].ends_with([' ', '\t'])
                && !text[..*open].trim().is_empty()
                && text[..*open].matches('`').count() % 2 == 0
        });
        let Some(open) = found else { return lines };
        let place = line.start + open..line.end;
        let meant = self.definitions.resolved(attributes::parse(&text[open..]));
        *last = Line { end: place.start, ..line }.trimmed_end(self.source);
        let kind = HabitKind::StrayAttributeList { meant_for: Some(last.end) };
        self.habits.push(Habit { kind, range: place });
        attributes.merge(meant);
        lines
    }

    fn table(&mut self, raw: RawTable) -> Table {
        let mut table = Table { alignments: raw.alignments, ..Table::default() };
        table.head = self.rows(raw.head);
        table.bodies = raw.bodies.into_iter().map(|rows| self.rows(rows)).collect();
        table.foot = self.rows(raw.foot);
        let widest = table.head.iter().chain(table.body_rows()).map(|row| row.cells.len()).max();
        table.columns = widest.unwrap_or(0);
        table
    }

    fn rows(&mut self, rows: Vec<RawRow>) -> Vec<Row> {
        let row = |row: RawRow| {
            let cells = row.cells.into_iter().map(|lines| {
                let range = match (lines.first(), lines.last()) {
                    (Some(first), Some(last)) => first.start..last.end,
                    _ => row.range.end..row.range.end,
                };
                Cell { range, content: self.text(&lines) }
            });
            Row { cells: fitting(cells.collect()), range: row.range }
        };
        fitting(rows.into_iter().map(row).collect())
    }
}

/// A heading; the second of two marks before it is not part of its text.
fn heading(level: u8, id: String, mut content: Vec<Inline>) -> BlockKind {
    let mut doubled_mark = None;
    if let Some(Inline { range, kind: InlineKind::Text(text), .. }) = content.first_mut() {
        let marks = text.len() - text.trim_start_matches('#').len();
        let rest = text[marks..].trim_start();
        let mark = text.len() - rest.len();
        // `## # of workers` counts workers.
        let is_mark = marks == usize::from(level) || (2..=6).contains(&marks);
        if is_mark && mark > marks && !rest.is_empty() {
            let rest = rest.to_owned();
            doubled_mark = Some(std::mem::replace(text, rest)[..mark].into());
            range.start += mark;
        }
    }
    BlockKind::Heading { level, id, doubled_mark, content }
}

/// A part of the tree without the room that was kept for more while it was made. Trees stay in
/// memory until all pages are written.
fn fitting<T>(mut parts: Vec<T>) -> Vec<T> {
    parts.shrink_to_fit();
    parts
}

/// An attribute list as the tree has it: most nodes have none.
fn said(list: Attributes) -> Option<Box<Attributes>> {
    (list != Attributes::default()).then(|| Box::new(list))
}

/// Gives what an attribute list says of a paragraph that is nothing but an image to the image, as
/// far as it is about sizes, which a paragraph has not.
fn give_size_to_image(content: &mut [Inline], attributes: &mut Attributes) {
    const SIZES: [&str; 4] = ["width", "height", "style", "alt"];
    let [only] = content else { return };
    let image = match &mut only.kind {
        InlineKind::Image { .. } => only,
        InlineKind::Link { content, .. } => match content.as_mut_slice() {
            [image @ Inline { kind: InlineKind::Image { .. }, .. }] => image,
            _ => return,
        },
        _ => return,
    };
    let is_size = |(name, _): &(String, String)| SIZES.contains(&name.as_str());
    if attributes.pairs.iter().any(is_size) {
        let (sizes, others) = std::mem::take(&mut attributes.pairs).into_iter().partition(is_size);
        attributes.pairs = others;
        let list = Attributes { pairs: sizes, ..Attributes::default() };
        image.attributes.get_or_insert_default().merge(list);
    }
}
