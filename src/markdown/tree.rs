//! From blocks to the tree: running text is read, headings get their ids, and attribute lists take
//! effect.

use super::abbreviation;
use super::attributes;
use super::block::{DefinitionNode, Item, Node, NodeKind, RawRow, RawTable, Said};
use super::definitions::Definitions;
use super::document::{
    Attributes, Block, BlockKind, Cell, CodeBlock, CodeShape, Definition, Inline, InlineKind,
    ListItem, Row, Table,
};
use super::habit::{Habit, HabitKind};
use super::heading_id::{HeadingIds, id_text};
use super::html;
use super::lines::Line;
use super::span::{self, Kept, Text, Verbatim};
use std::borrow::Cow;
use std::ops::Range;

/// Makes the tree of a source out of its blocks.
pub struct Builder<'s> {
    /// The source.
    pub source: &'s str,
    /// Finds the parts of a text that are no Markdown.
    pub verbatim: &'s Verbatim<'s>,
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

    fn block(&mut self, mut node: Node) -> Option<Block> {
        // Of most blocks no list says anything.
        let mut said = node.take_said();
        let Node { range, kind, .. } = node;
        if let Some(said) = &mut said {
            said.attributes = self.definitions.resolved(std::mem::take(&mut said.attributes));
        }
        let mut trailing = None;
        let mut kind = match kind {
            NodeKind::Blank(_) | NodeKind::Boundary(_) => return None,
            NodeKind::Paragraph { mut lines, tight } => {
                trailing = self.take_trailing_list(&mut lines, &mut said);
                BlockKind::Paragraph { tight, content: self.text(&lines) }
            }
            NodeKind::Heading { level, text, id, in_html } => {
                let mut lines = [text];
                trailing = self.take_trailing_list(&mut lines, &mut said);
                let content = self.text(&lines);
                let own_id = said.as_mut().and_then(|said| said.attributes.id.take());
                let id = own_id.or(id).unwrap_or_else(|| {
                    let text = Text::new(self.source, &[text], &|_, _| Kept::default());
                    let text = if span::is_plain(text.as_str()) {
                        Cow::Borrowed(text.as_str())
                    } else {
                        Cow::Owned(id_text(&span::read_as_kramdown(&text, &self.definitions)))
                    };
                    if in_html { self.ids.next_within_html(&text) } else { self.ids.next(&text) }
                });
                heading(level, id, content)
            }
            NodeKind::Quote(nodes) => BlockKind::Quote(self.blocks(nodes)),
            NodeKind::List { first_number, .. }
                if said.as_ref().is_some_and(|said| said.attributes.refers_to("toc")) =>
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
                BlockKind::Code(code)
            }
            NodeKind::Table(table) => BlockKind::Table(Box::new(self.table(*table))),
            NodeKind::Html(html) => match self.raw_code(&html, range.start, &mut said) {
                Some(code) => BlockKind::Code(Box::new(code)),
                None => BlockKind::Html(html),
            },
            NodeKind::Rule => BlockKind::ThematicBreak,
            NodeKind::Footnote { label, nodes } => {
                BlockKind::Footnote { label, blocks: self.blocks(nodes) }
            }
        };
        let said = said.map(|said| {
            let Said { mut attributes, mut lists } = *said;
            lists.extend(trailing.clone());
            self.give_to_pieces(&mut kind, &mut attributes, &mut lists);
            if let BlockKind::Html(text) = &mut kind
                && attributes != Attributes::default()
            {
                *text = html::with_attributes(text, &std::mem::take(&mut attributes));
            }
            if let Some(range) = trailing.filter(|place| lists.last() == Some(place)) {
                let end = self.source[..range.start].trim_end().len();
                let kind = HabitKind::StrayAttributeList { meant_for: Some(end) };
                self.habits.push(Habit { kind, range });
            }
            attributes
        });
        Some(Block { range, attributes: said.and_then(as_said), kind })
    }

    /// What `<pre>` holds that stands in the source at a place, if it is nothing but text.
    fn raw_code(
        &self,
        html: &str,
        start: usize,
        said: &mut Option<Box<Said>>,
    ) -> Option<CodeBlock> {
        let is_written = self.source[start..].starts_with(html);
        let pre = html::tag_at(html).filter(|tag| is_written && tag.is("pre") && !tag.is_closed)?;
        let inside = pre.range.end;
        let code = html::tag_at(&html[inside..]).filter(|tag| tag.is("code") && !tag.is_closed);
        let begin = inside + code.as_ref().map_or(0, |tag| tag.range.end);
        let text = &html[begin..];
        let (text, mut rest) = text.split_at(text.find('<')?);
        let closing = ["code", "pre"].into_iter().skip(usize::from(code.is_none()));
        for name in closing {
            let (found, length) = html::closing_tag_at(rest)?;
            rest = rest[length..].trim_start();
            found.eq_ignore_ascii_case(name).then_some(())?;
        }
        let of_code = code.iter().flat_map(|tag| &tag.attributes);
        let has_classes_alone = |(name, ..): &(&str, &str, Range<usize>)| *name == "class";
        if !rest.is_empty()
            || text.trim().is_empty()
            || !pre.attributes.iter().all(has_classes_alone)
        {
            return None;
        }
        let mut info = None;
        for (name, value, place) in of_code {
            let language = value.strip_prefix("language-").filter(|_| *name == "class")?;
            let place = start + inside + place.end - language.len()..start + inside + place.end;
            info = Some((language.to_owned(), place));
        }
        let classes = pre.attributes.iter().flat_map(|(_, classes, _)| classes.split_whitespace());
        let classes = classes.map(str::to_owned).collect();
        let said = said.get_or_insert_default();
        let mut attributes = Attributes { classes, ..Attributes::default() };
        attributes.merge(std::mem::take(&mut said.attributes));
        said.attributes = attributes;
        let text = span::decoded_at(text, start + begin);
        Some(CodeBlock { info, shape: CodeShape::Raw { with_code: code.is_some() }, text })
    }

    fn item(&mut self, item: Item) -> ListItem {
        let mut attributes = self.definitions.resolved(item.attributes);
        let mut blocks = self.blocks(item.nodes);
        if !attributes.pairs.is_empty() {
            // The list stands behind the mark of the item.
            let start = item.range.start;
            let line = self.source[start..].lines().next().unwrap_or_default();
            let list = line.find("{:").and_then(|at| Some((at, attributes::in_text(&line[at..])?)));
            let mut lists =
                list.iter().map(|(at, length)| start + at..start + at + length).collect();
            let mut all = BlockKind::Quote(blocks);
            self.give_to_pieces(&mut all, &mut attributes, &mut lists);
            blocks = if let BlockKind::Quote(blocks) = all { blocks } else { Vec::new() };
        }
        ListItem { range: item.range, attributes: as_said(attributes), task: item.task, blocks }
    }

    fn text(&mut self, lines: &[Line]) -> Vec<Inline> {
        let text = Text::new(self.source, lines, self.verbatim);
        let mut content = span::read(&text, &self.definitions, &mut self.habits);
        // No list is written without a brace, and most texts have none.
        if memchr::memchr(b'{', text.as_str().as_bytes()).is_some() {
            give_to_tags(&mut content);
        }
        abbreviation::mark(&mut content, &self.definitions.abbreviations);
        fitting(content)
    }

    /// Gives what attribute lists say of a block that no block can have to the piece of its text that
    /// can, if there is just one: sizes to an image, `target` to a link.
    fn give_to_pieces(
        &mut self,
        block: &mut BlockKind,
        attributes: &mut Attributes,
        lists: &mut Vec<Range<usize>>,
    ) {
        if attributes.pairs.is_empty() {
            return;
        }
        let is_alone =
            matches!(block, BlockKind::Paragraph { content, .. } if is_image_alone(content));
        let of_image = |key: &str| match block {
            // These have sizes of their own.
            BlockKind::Table(_) | BlockKind::Html(_) | BlockKind::ThematicBreak => false,
            _ => attributes::is_of_image(key) || is_alone && key == "style",
        };
        let has_its = attributes.pairs.iter().any(|(key, _)| of_image(key));
        if has_its {
            let of_image = |key: &str| attributes::is_of_image(key) || is_alone && key == "style";
            let image = Piece { has: &of_image, is_one: is_image, of_image: true };
            self.give_to_piece(block, attributes, lists, &image);
        }
        let is_link_itself = matches!(block, BlockKind::Html(text) if is_tag_of(text, "a"));
        if attributes.pairs.iter().any(|(key, _)| attributes::is_of_link(key)) && !is_link_itself {
            // Bare addresses are links to readers here alone.
            let mut has_written_one = false;
            for_each_inline(block, &mut |inline| has_written_one |= is_written_link(inline));
            let is_one = if has_written_one { is_written_link } else { is_link };
            let link = Piece { has: &attributes::is_of_link, is_one, of_image: false };
            self.give_to_piece(block, attributes, lists, &link);
        }
    }

    /// Gives what only pieces of a kind can have to the one of that kind, if there is just one.
    fn give_to_piece(
        &mut self,
        block: &mut BlockKind,
        attributes: &mut Attributes,
        lists: &mut Vec<Range<usize>>,
        of: &Piece<'_>,
    ) {
        let mut count = 0;
        for_each_inline(block, &mut |inline| count += usize::from((of.is_one)(inline)));
        let place = lists.iter().rposition(|place| {
            let said = attributes::parse(&self.source[place.clone()]);
            said.pairs.iter().any(|(key, _)| (of.has)(key))
        });
        let mut end = None;
        if count == 1 {
            let pairs = std::mem::take(&mut attributes.pairs);
            let (its, others) = pairs.into_iter().partition(|(key, _)| (of.has)(key));
            attributes.pairs = others;
            let mut list = Some(Attributes { pairs: its, ..Attributes::default() });
            for_each_inline(block, &mut |piece| {
                let Some(list) = list.take_if(|_| (of.is_one)(piece)) else { return };
                end = Some(piece.range.end);
                match &mut piece.kind {
                    InlineKind::Html(text) => *text = html::with_attributes(text, &list),
                    _ => piece.attributes.get_or_insert_default().merge(list),
                }
            });
        }
        if let Some(range) = place.map(|index| lists.remove(index)) {
            let of_image = of.of_image;
            let kind = match end {
                Some(end) => HabitKind::AttributeListApart { end, of_image },
                None => HabitKind::AttributeListOfPiece { of_image },
            };
            self.habits.push(Habit { kind, range });
        }
    }

    /// Takes an attribute list off the end of a text, and gives its place: kramdown shows it, its
    /// author means the block.
    fn take_trailing_list(
        &self,
        lines: &mut [Line],
        said: &mut Option<Box<Said>>,
    ) -> Option<Range<usize>> {
        let last = lines.last_mut()?;
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
        let open = found?;
        let place = line.start + open..line.end;
        let meant = self.definitions.resolved(attributes::parse(&text[open..]));
        *last = Line { end: place.start, ..line }.trimmed_end(self.source);
        said.get_or_insert_default().attributes.merge(meant);
        Some(place)
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
        if !nodes[below].is_said_of() {
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
            let taken = nodes[below].take_said();
            let said = nodes[opening].said();
            if let Some(Said { attributes, lists }) = taken.map(|taken| *taken) {
                said.attributes.merge(attributes);
                said.lists.extend(lists);
            }
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
            | InlineKind::Strikethrough(inner) => give_to_tags(inner),
            InlineKind::Link { content, .. } => give_to_tags(content),
            _ => {}
        }
    }
}

/// A part of the tree without the room that was kept for more while it was made. Some trees wait in
/// memory for what is made of them next. It is copied: an allocator asked to shrink something leaves it
/// as it is, unless most of it is free.
fn fitting<T>(parts: Vec<T>) -> Vec<T> {
    if parts.len() == parts.capacity() {
        return parts;
    }
    let mut fitting = Vec::with_capacity(parts.len());
    fitting.extend(parts);
    fitting
}

/// An attribute list as the tree has it: most nodes have none.
fn as_said(list: Attributes) -> Option<Box<Attributes>> {
    (list != Attributes::default()).then(|| Box::new(list))
}

/// A kind of pieces of text that have attributes which paragraphs have not.
struct Piece<'a> {
    /// Whether an attribute is one of theirs.
    has: &'a dyn Fn(&str) -> bool,
    /// Whether a piece is one of them.
    is_one: fn(&Inline) -> bool,
    /// Whether they are images, and not links.
    of_image: bool,
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

fn is_written_link(inline: &Inline) -> bool {
    is_link(inline) && !matches!(inline.kind, InlineKind::Link { bare: true, .. })
}

fn is_tag(inline: &Inline, name: &str) -> bool {
    matches!(&inline.kind, InlineKind::Html(text) if is_tag_of(text, name))
}

/// Whether a piece of HTML begins with a tag of this name, `/a` for a closing one.
fn is_tag_of(text: &str, name: &str) -> bool {
    let Some(tag) = text.strip_prefix('<') else { return false };
    let (slash, tag) = tag.strip_prefix('/').map_or(("", tag), |tag| ("/", tag));
    let found = html::name_at(tag);
    name.strip_prefix(slash).is_some_and(|name| name.eq_ignore_ascii_case(found))
}

/// Calls `visit` for every piece of running text in a block, outer before inner.
fn for_each_inline(block: &mut BlockKind, visit: &mut dyn FnMut(&mut Inline)) {
    let in_blocks = |blocks: &mut Vec<Block>, visit: &mut dyn FnMut(&mut Inline)| {
        for block in blocks {
            for_each_inline(&mut block.kind, visit);
        }
    };
    match block {
        BlockKind::Heading { content, .. } | BlockKind::Paragraph { content, .. } => {
            in_text(content, visit);
        }
        BlockKind::Quote(blocks) => in_blocks(blocks, visit),
        BlockKind::List { items, .. } => {
            for item in items {
                in_blocks(&mut item.blocks, visit);
            }
        }
        BlockKind::DefinitionList(parts) => {
            for part in parts {
                match part {
                    Definition::Term(content) => in_text(content, visit),
                    Definition::Meaning(blocks, _) => in_blocks(blocks, visit),
                }
            }
        }
        BlockKind::Table(table) => {
            let Table { head, bodies, foot, .. } = &mut **table;
            let rows = head.iter_mut().chain(bodies.iter_mut().flatten()).chain(foot);
            rows.flat_map(|row| &mut row.cells).for_each(|cell| in_text(&mut cell.content, visit));
        }
        _ => {}
    }
}

fn in_text(content: &mut [Inline], visit: &mut dyn FnMut(&mut Inline)) {
    for inline in content {
        visit(inline);
        match &mut inline.kind {
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strikethrough(inner) => in_text(inner, visit),
            InlineKind::Link { content, .. } => in_text(content, visit),
            _ => {}
        }
    }
}
