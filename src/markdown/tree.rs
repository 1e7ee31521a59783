//! From blocks to the tree: running text is read, headings get their ids, and attribute lists take
//! effect.

use super::abbreviation;
use super::attributes;
use super::block::{DefinitionNode, Definitions, Item, Node, NodeKind, RawRow, RawTable};
use super::document::{
    Attributes, Block, BlockKind, Cell, Definition, Inline, InlineKind, ListItem, Row, Table,
    walk_inlines,
};
use super::habit::{Habit, HabitKind};
use super::heading_id::{HeadingIds, id_text};
use super::html;
use super::lines::Line;
use super::span::{self, Kept, Text};
use std::ops::Range;

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
    pub fn blocks(&mut self, mut nodes: Vec<Node>) -> Vec<Block> {
        give_to_opening_tags(&mut nodes);
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
                self.give_to_pieces(&range, &mut content, &mut attributes);
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
                    DefinitionNode::Meaning(nodes, attributes) => Definition::Meaning(
                        self.blocks(nodes),
                        self.definitions.resolved(attributes),
                    ),
                });
                BlockKind::DefinitionList(fitting(parts.collect()))
            }
            NodeKind::Code(mut code) => {
                code.text.shrink_to_fit();
                BlockKind::Code(Box::new(code))
            }
            NodeKind::Table(table) => BlockKind::Table(Box::new(self.table(table))),
            NodeKind::Html(html) if attributes == Attributes::default() => BlockKind::Html(html),
            NodeKind::Html(html) => {
                BlockKind::Html(html::with_attributes(&html, &std::mem::take(&mut attributes)))
            }
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
        if text.as_str().contains("{:") {
            give_to_tags(&mut content);
        }
        abbreviation::mark(&mut content, &self.definitions.abbreviations);
        fitting(content)
    }

    /// Gives what an attribute list says of a paragraph that no paragraph can have to the piece of
    /// its text that can, if there is just one: sizes to an image, `target` to a link.
    fn give_to_pieces(
        &mut self,
        paragraph: &Range<usize>,
        content: &mut [Inline],
        attributes: &mut Attributes,
    ) {
        if attributes.pairs.is_empty() {
            return;
        }
        let is_alone = is_image_alone(content);
        let of_image = |key: &str| attributes::is_of_image(key) || is_alone && key == "style";
        let image = Piece { has: &of_image, is_one: is_image };
        let link = Piece { has: &attributes::is_of_link, is_one: is_link };
        self.give_to_piece(paragraph, content, attributes, &image);
        self.give_to_piece(paragraph, content, attributes, &link);
    }

    /// Gives what only pieces of a kind can have to the one of that kind, if there is just one.
    fn give_to_piece(
        &mut self,
        paragraph: &Range<usize>,
        content: &mut [Inline],
        attributes: &mut Attributes,
        of: &Piece<'_>,
    ) {
        let (is_its, is_piece) = (of.has, of.is_one);
        if !attributes.pairs.iter().any(|(key, _)| is_its(key)) {
            return;
        }
        let mut count = 0;
        walk_inlines(content, &mut |inline| count += usize::from(is_piece(inline)));
        let Some(piece) = first_piece(content, is_piece).filter(|_| count == 1) else {
            return;
        };
        let pairs = std::mem::take(&mut attributes.pairs);
        let (its, others) = pairs.into_iter().partition(|(key, _)| is_its(key));
        attributes.pairs = others;
        let list = Attributes { pairs: its, ..Attributes::default() };
        let end = piece.range.end;
        match &mut piece.kind {
            InlineKind::Html(text) => *text = html::with_attributes(text, &list),
            _ => piece.attributes.get_or_insert_default().merge(list),
        }
        let of_image = is_image(piece);
        if let Some(range) = self.list_beside(paragraph, is_its) {
            let kind = HabitKind::AttributeListApart { end, of_image };
            self.habits.push(Habit { kind, range });
        }
    }

    /// The attribute list on the line below or above a block that says something of which `is_its`
    /// holds, unless it is noted already.
    fn list_beside(
        &self,
        block: &Range<usize>,
        is_its: &dyn Fn(&str) -> bool,
    ) -> Option<Range<usize>> {
        let is_between = |c: char| c.is_whitespace() || c == '>';
        let says = |list: &Range<usize>| {
            let said = attributes::parse(&self.source[list.clone()]);
            said.pairs.iter().any(|(key, _)| is_its(key))
        };
        let below = || {
            let text = self.source[block.end..].trim_start_matches(is_between);
            let start = self.source.len() - text.len();
            Some(start..start + attributes::in_text(text)?)
        };
        let above = || {
            let text = self.source[..block.start].trim_end_matches(is_between);
            let start = if text.ends_with('}') { text.rfind("{:")? } else { return None };
            (start + attributes::in_text(&text[start..])? == text.len())
                .then_some(start..text.len())
        };
        let found = below().filter(says).or_else(|| above().filter(says))?;
        self.habits.iter().all(|habit| habit.range != found).then_some(found)
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
                && !(text[..*open].trim_end().ends_with([')', ']', '>'])
                    && attributes::says(&text[*open..], |key| {
                        attributes::is_of_link(key) || attributes::is_of_image(key)
                    }))
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

/// Gives what an attribute list below raw HTML says to the block with the opening tag: Markdown may
/// stand between the two, as blocks of its own.
fn give_to_opening_tags(nodes: &mut [Node]) {
    for below in 0..nodes.len() {
        let NodeKind::Html(text) = &nodes[below].kind else { continue };
        if nodes[below].attributes == Attributes::default() {
            continue;
        }
        let Some(name) = html::last_closing_tag(text).map(str::to_ascii_lowercase) else {
            continue;
        };
        let mut open = 0_usize;
        let opening = nodes[..=below].iter().rposition(|node| {
            let NodeKind::Html(text) = &node.kind else { return false };
            let is_name = |found: &str| found.eq_ignore_ascii_case(&name);
            open += usize::from(html::last_closing_tag(text).is_some_and(is_name));
            if text.strip_prefix('<').is_some_and(|tag| is_name(html::name_at(tag))) {
                open = open.saturating_sub(1);
            }
            open == 0
        });
        if let Some(opening) = opening {
            let list = std::mem::take(&mut nodes[below].attributes);
            nodes[opening].attributes.merge(list);
        }
    }
}

/// Gives what attribute lists say of raw HTML within text to its tags.
fn give_to_tags(content: &mut [Inline]) {
    for inline in content {
        match &mut inline.kind {
            InlineKind::Html(text) => {
                if let Some(list) = inline.attributes.take() {
                    *text = html::with_attributes(text, &list);
                }
            }
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strikethrough(inner)
            | InlineKind::Link { content: inner, .. } => give_to_tags(inner),
            _ => {}
        }
    }
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

/// A kind of pieces of text that have attributes which paragraphs have not.
struct Piece<'a> {
    /// Whether an attribute is one of theirs.
    has: &'a dyn Fn(&str) -> bool,
    /// Whether a piece is one of them.
    is_one: fn(&Inline) -> bool,
}

/// Whether a text is nothing but an image, or a link around one.
fn is_image_alone(content: &[Inline]) -> bool {
    match content {
        [Inline { kind: InlineKind::Link { content, .. }, .. }] => is_image_alone(content),
        [only] => is_image(only),
        [open, image, close] => is_link(open) && is_image(image) && is_tag(close, "/a"),
        _ => false,
    }
}

fn is_image(inline: &Inline) -> bool {
    matches!(inline.kind, InlineKind::Image { .. }) || is_tag(inline, "img")
}

fn is_link(inline: &Inline) -> bool {
    matches!(inline.kind, InlineKind::Link { .. }) || is_tag(inline, "a")
}

fn is_tag(inline: &Inline, name: &str) -> bool {
    let InlineKind::Html(text) = &inline.kind else { return false };
    let Some(tag) = text.strip_prefix('<') else { return false };
    let (slash, tag) = tag.strip_prefix('/').map_or(("", tag), |tag| ("/", tag));
    let found = html::name_at(tag);
    name.strip_prefix(slash).is_some_and(|name| name.eq_ignore_ascii_case(found))
}

/// The first piece of a text that is wanted.
fn first_piece(content: &mut [Inline], wanted: fn(&Inline) -> bool) -> Option<&mut Inline> {
    for inline in content {
        if wanted(inline) {
            return Some(inline);
        }
        if let InlineKind::Emphasis(inner)
        | InlineKind::Strong(inner)
        | InlineKind::Strikethrough(inner)
        | InlineKind::Link { content: inner, .. } = &mut inline.kind
            && let Some(found) = first_piece(inner, wanted)
        {
            return Some(found);
        }
    }
    None
}
