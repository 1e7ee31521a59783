//! Blocks by kramdown's rules.
//!
//! Source of the rules: `kramdown/parser/kramdown/*.rb` of kramdown 2.4 and `kramdown/parser/gfm.rb`
//! of kramdown-parser-gfm 1.1, in the settings of Jekyll. Each kind of block is tried at each line in
//! the order that kramdown tries them; what no kind wants is a paragraph. Containers take their
//! lines, and read them again without their prefixes.
//!
//! Where kramdown would lose what an author evidently means, the meaning is followed and noted as a
//! [`Habit`]: a table right below a heading or a line of text, a fence that is indented too far or
//! never closed, prose that has a `|` in it, an attribute list between blank lines.

mod code;
mod definition;
mod html;
mod list;
mod node;
mod shortcode;
mod table;

pub use node::*;

use super::attributes;
use super::definitions::Definitions;
use super::document::Attributes;
use super::habit::{Habit, HabitKind};
use super::html as tags;
use super::lines::{self, Line};
use super::span::Verbatim;
use std::ops::Range;
use std::rc::Rc;

/// Containers below this depth are read as running text, so that no input makes the stages that
/// walk the tree run out of stack.
const DEEPEST: usize = 48;

/// The blocks of a source from a byte on, what they define, and the habits that were met.
pub fn read(
    source: &str,
    body: usize,
    verbatim: &Verbatim<'_>,
) -> (Vec<Node>, Definitions, Vec<Habit>) {
    let mut reader = Reader {
        source,
        verbatim,
        definitions: Definitions::default(),
        habits: Vec::new(),
        depth: 0,
        in_html: 0,
        parses_html: false,
    };
    let nodes = reader.container(lines::split(source, body));
    (nodes, reader.definitions, reader.habits)
}

/// Reads the blocks of one source.
struct Reader<'s> {
    source: &'s str,
    /// Finds the parts of a text that are no prose.
    verbatim: &'s Verbatim<'s>,
    definitions: Definitions,
    habits: Vec<Habit>,
    depth: usize,
    /// How many HTML elements with Markdown inside are open.
    in_html: usize,
    /// Whether Markdown stands within HTML elements that don't say so: `parse_block_html`.
    parses_html: bool,
}

/// The lines of a container, and how far they are read.
struct Cursor {
    lines: Vec<Line>,
    at: usize,
    /// What is known of the raw HTML in the container, once there is any.
    html: Option<Rc<html::Tags>>,
    /// The fewest marks that nothing below closes, of fences of backticks and of tildes.
    unclosed: [Option<usize>; 2],
    /// The extensions that nothing below ends.
    endless: Vec<String>,
}

impl Cursor {
    fn new(lines: Vec<Line>) -> Self {
        Self { lines, at: 0, html: None, unclosed: [None; 2], endless: Vec::new() }
    }

    fn peek(&self) -> Option<Line> {
        self.lines.get(self.at).copied()
    }

    fn peek_next(&self) -> Option<Line> {
        self.lines.get(self.at + 1).copied()
    }
}

/// An attribute list that waits for the block below it.
struct Waiting {
    /// Its bytes in the source.
    range: Range<usize>,
    list: Attributes,
    /// Whether blank lines follow it.
    apart: bool,
    /// Whether it is noted already.
    noted: bool,
}

/// The blocks of a container so far.
struct Blocks {
    nodes: Vec<Node>,
    pending: Vec<Waiting>,
}

impl Blocks {
    fn new(nodes: Vec<Node>) -> Self {
        Self { nodes, pending: Vec::new() }
    }

    /// Whether a block begins here that needs a boundary before it: nothing, a blank line or an
    /// attribute list stands before.
    fn at_boundary(&self) -> bool {
        !self.pending.is_empty()
            || self.nodes.last().is_none_or(|last| {
                matches!(last.kind, NodeKind::Blank(_) | NodeKind::Boundary(Boundary::Mark))
            })
    }
}

impl Reader<'_> {
    /// The blocks of a container.
    fn container(&mut self, lines: Vec<Line>) -> Vec<Node> {
        self.chunk(lines, Vec::new())
    }

    /// Adds the blocks of more lines of a container to the ones it has. No paragraph goes on from
    /// the lines before, and no attribute list waits beyond these.
    fn chunk(&mut self, lines: Vec<Line>, nodes: Vec<Node>) -> Vec<Node> {
        let mut blocks = Blocks::new(nodes);
        // Many a line is a block, be it a blank one.
        blocks.nodes.reserve(lines.len());
        if self.depth >= DEEPEST {
            let range = lines::range_of(self.source, &lines);
            self.add(&mut blocks, range, NodeKind::Paragraph { lines, tight: false });
            return blocks.nodes;
        }
        self.depth += 1;
        self.blocks(&mut Cursor::new(lines), &mut blocks, None);
        self.depth -= 1;
        self.end(&mut blocks);
        blocks.nodes
    }

    /// Reads blocks up to the end of the lines, or up to the closing tag of an element; whether
    /// that was found.
    fn blocks(&mut self, cursor: &mut Cursor, blocks: &mut Blocks, until: Option<&str>) -> bool {
        while let Some(line) = cursor.peek() {
            if line.is_blank(self.source) {
                self.blank_lines(cursor, blocks);
            } else if begins_with_letter(self.source, line) {
                // No other block begins so.
                if !self.setext_heading(cursor, blocks) && !self.table(cursor, blocks) {
                    self.paragraph(cursor, blocks);
                }
            } else if self.fence(cursor, blocks)
                || self.shortcode(cursor, blocks)
                || self.indented_code(cursor, blocks)
                || self.quote(cursor, blocks)
                || self.atx_heading(cursor, blocks)
                || self.rule(cursor, blocks)
                || self.list(cursor, blocks)
                || self.definition_list(cursor, blocks)
            {
            } else if let Some(name) = until
                && self.closing_tag(cursor, name)
            {
                return true;
            } else if self.block_html(cursor, blocks)
                || self.setext_heading(cursor, blocks)
                || self.table(cursor, blocks)
                || self.footnote(cursor, blocks)
                || self.link_definition(cursor, blocks)
                || self.abbreviation(cursor, blocks)
                || self.extension(cursor, blocks)
                || self.boundary_mark(cursor, blocks)
            {
            } else {
                self.paragraph(cursor, blocks);
            }
        }
        false
    }

    /// Adds a block, with what waiting attribute lists say of it.
    fn add(&mut self, blocks: &mut Blocks, range: Range<usize>, kind: NodeKind) {
        let mut node = Node::new(range, kind);
        for waiting in std::mem::take(&mut blocks.pending) {
            if let Some(above) = meant_above(&blocks.nodes, &node, &waiting) {
                let above = &mut blocks.nodes[above];
                above.said().attributes.merge(waiting.list);
                let kind = HabitKind::StrayAttributeList { meant_for: Some(above.range.end) };
                self.habits.push(Habit { kind, range: waiting.range });
                continue;
            }
            if waiting.apart && !waiting.noted && last_shown(&blocks.nodes).is_some() {
                let kind = HabitKind::AttributeListBetween;
                self.habits.push(Habit { kind, range: waiting.range });
                node.said().attributes.merge(waiting.list);
            } else if waiting.noted {
                node.said().attributes.merge(waiting.list);
            } else {
                node.merge(waiting.list, waiting.range);
            }
        }
        blocks.nodes.push(node);
    }

    fn boundary(blocks: &mut Blocks, range: Range<usize>, boundary: Boundary) {
        // kramdown gives a waiting attribute list to what defines something, which shows nothing.
        blocks.pending.clear();
        let kind = NodeKind::Boundary(boundary);
        blocks.nodes.push(Node::new(range, kind));
    }

    /// The container ends: what still waits for a block is meant for the one above.
    fn end(&mut self, blocks: &mut Blocks) {
        for Waiting { range, list, .. } in std::mem::take(&mut blocks.pending) {
            let meant_for = last_shown(&blocks.nodes).map(|above| {
                blocks.nodes[above].said().attributes.merge(list);
                blocks.nodes[above].range.end
            });
            self.habits.push(Habit { kind: HabitKind::StrayAttributeList { meant_for }, range });
        }
    }

    fn blank_lines(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) {
        let start = cursor.at;
        while cursor.peek().is_some_and(|line| line.is_blank(self.source)) {
            cursor.at += 1;
        }
        let count = cursor.at - start;
        // What waits is kept by kramdown only if blank lines stood before it as well.
        let is_lost = !matches!(blocks.nodes.last(), Some(Node { kind: NodeKind::Blank(_), .. }));
        for waiting in &mut blocks.pending {
            waiting.apart = true;
            if is_lost {
                waiting.noted = true;
                let kind = HabitKind::StrayAttributeList { meant_for: None };
                self.habits.push(Habit { kind, range: waiting.range.clone() });
            }
        }
        if let Some(Node { kind: NodeKind::Blank(before), .. }) = blocks.nodes.last_mut() {
            *before += count;
            return;
        }
        let range = cursor.lines[start].range();
        blocks.nodes.push(Node::new(range, NodeKind::Blank(count)));
    }

    fn quote(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        if !cursor.peek().is_some_and(|line| is_quote(self.source, line)) {
            return false;
        }
        let start = cursor.at;
        cursor.at += 1;
        while cursor.peek().is_some_and(|line| !ends_lazy_text(self.source, line)) {
            cursor.at += 1;
        }
        let taken = &cursor.lines[start..cursor.at];
        let range = lines::range_of(self.source, taken);
        let inner = taken
            .iter()
            .map(|line| match line.outdented(self.source) {
                Some(rest) if rest.text(self.source).starts_with('>') => {
                    let behind = Line { start: rest.start + 1, ..rest };
                    behind.without_spaces(self.source, 1).unwrap_or(behind)
                }
                _ => *line,
            })
            .collect();
        let inner = self.container(inner);
        self.add(blocks, range, NodeKind::Quote(inner));
        true
    }

    /// `## Title`. GFM's reader of headings wants no boundary before one.
    fn atx_heading(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some((level, behind)) = atx(self.source, line) else { return false };
        let (mut text, id) = self.heading_text(behind);
        // Closing marks are none if no blank stands before them.
        let written = text.text(self.source);
        let content = written.trim_end_matches('#');
        if content.len() < written.len() && content.ends_with([' ', '\t']) {
            text = Line { end: text.start + content.len(), ..text }.trimmed_end(self.source);
        }
        if text.text(self.source).is_empty() {
            return false;
        }
        cursor.at += 1;
        let range = line.trimmed(self.source).range();
        let in_html = self.in_html > 0;
        self.add(blocks, range, NodeKind::Heading { level, text, id, in_html });
        true
    }

    fn setext_heading(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let (Some(line), Some(next)) = (cursor.peek(), cursor.peek_next()) else { return false };
        let underline = next.text(self.source).trim_end();
        let is_underline =
            next.pad == 0 && !underline.is_empty() && underline.bytes().all(|b| b"-=".contains(&b));
        if !is_underline || !blocks.at_boundary() {
            return false;
        }
        let Some(text) = line.outdented(self.source) else { return false };
        let (text, id) = self.heading_text(text);
        if text.text(self.source).is_empty() {
            return false;
        }
        cursor.at += 2;
        let level = if underline.starts_with('-') { 2 } else { 1 };
        let range = text.start..next.trimmed_end(self.source).end;
        let in_html = self.in_html > 0;
        self.add(blocks, range, NodeKind::Heading { level, text, id, in_html });
        true
    }

    /// The text of a heading and the id behind it, `{#id}`.
    fn heading_text(&mut self, line: Line) -> (Line, Option<String>) {
        let line = line.trimmed_end(self.source);
        let text = line.text(self.source);
        let Some(open) = text.rfind("{#") else { return (line, None) };
        let is_apart = text[..open].ends_with([' ', '\t']);
        let id = text[open + 2..].strip_suffix('}').filter(|id| is_apart && is_xml_name(id));
        if let Some(id) = id {
            let text = Line { end: line.start + open, ..line }.trimmed_end(self.source);
            return (text, Some(id.to_owned()));
        }
        let is_id = text[open + 2..].strip_suffix('}').is_some_and(is_xml_name);
        if (is_apart || is_id && open > 0)
            && text.ends_with('}')
            && !text[open + 1..].contains('{')
            && text[..open].matches('`').count().is_multiple_of(2)
        {
            let range = line.start + open..line.end;
            self.habits.push(Habit { kind: HabitKind::BadHeadingId { is_apart }, range });
        }
        (line, None)
    }

    fn rule(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek().filter(|line| is_rule(self.source, *line)) else {
            return false;
        };
        cursor.at += 1;
        self.add(blocks, line.trimmed(self.source).range(), NodeKind::Rule);
        true
    }

    /// `^` on a line of its own ends a list or a paragraph.
    fn boundary_mark(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek().filter(|line| is_boundary_mark(self.source, *line)) else {
            return false;
        };
        cursor.at += 1;
        Self::boundary(blocks, line.range(), Boundary::Mark);
        true
    }

    fn paragraph(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) {
        let start = cursor.at;
        cursor.at += 1;
        while let Some(line) = cursor.peek() {
            let may_end = !begins_with_letter(self.source, line);
            if may_end
                && (self.ends_paragraph(line)
                    || self.opens_table(cursor)
                    || self.deep_fence(cursor).is_some()
                    || self.open_shortcode(cursor).is_some())
            {
                break;
            }
            cursor.at += 1;
        }
        let taken = cursor.lines[start..cursor.at].to_vec();
        let range = lines::range_of(self.source, &taken);
        if let Some(Node { range: before, kind: NodeKind::Paragraph { lines, .. }, .. }) =
            blocks.nodes.last_mut()
            && blocks.pending.is_empty()
        {
            lines.extend(taken);
            before.end = range.end.max(before.end);
            return;
        }
        self.add(blocks, range, NodeKind::Paragraph { lines: taken, tight: false });
    }

    /// Whether a line can't go on the paragraph above it.
    fn ends_paragraph(&self, line: Line) -> bool {
        ends_lazy_text(self.source, line)
            || list::marker(self.source, line, 3).is_some()
            || atx(self.source, line).is_some()
            || list::definition_marker(self.source, line, 3).is_some()
            || is_quote(self.source, line)
            || code::fence_marks(self.source, line).is_some()
    }
}

/// The block above another one that an attribute list between the two is meant for, though kramdown
/// gives it to the one below: a table, if it speaks of tables, and the text of a label.
fn meant_above(nodes: &[Node], node: &Node, waiting: &Waiting) -> Option<usize> {
    let above = last_shown(nodes)?;
    let names =
        |word: &str| waiting.list.classes.iter().any(|class| class.split('-').next() == Some(word));
    let is_table = |node: &Node| matches!(node.kind, NodeKind::Table(_));
    let is_text = |node: &Node| matches!(node.kind, NodeKind::Paragraph { .. });
    let is_meant = (names("table") && is_table(&nodes[above]) && !is_table(node))
        || (names("label") && waiting.apart && is_text(&nodes[above]) && !is_text(node));
    is_meant.then_some(above)
}

/// The last block that shows something.
fn last_shown(nodes: &[Node]) -> Option<usize> {
    nodes.iter().rposition(|node| !matches!(node.kind, NodeKind::Blank(_) | NodeKind::Boundary(_)))
}

/// Whether a line begins with a letter, as most do: all blocks but text, tables and the headings that are
/// underlined begin with a mark, a number or a blank.
fn begins_with_letter(source: &str, line: Line) -> bool {
    line.pad == 0 && line.text(source).as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

/// Whether a line ends text that needs no prefix to go on: it is blank, an attribute list, a mark
/// of the end, or begins with the tag of a block.
fn ends_lazy_text(source: &str, line: Line) -> bool {
    line.is_blank(source)
        || attributes::of_line(source, line).is_some()
        || is_boundary_mark(source, line)
        || starts_with_block_tag(source, line)
}

fn starts_with_block_tag(source: &str, line: Line) -> bool {
    let Some(rest) = line.outdented(source) else { return false };
    let Some(tag) = rest.text(source).strip_prefix('<') else { return false };
    let name = tags::name_at(tag.strip_prefix('/').unwrap_or(tag));
    // To kramdown a tag of any element is one of a block that is none of text: `<pod>`, and
    // `<https://…>` as well.
    let is_of_block = tags::is_block(name) || !name.is_empty() && !tags::is_span(name);
    is_of_block
        && (!tag.starts_with('/')
            || tag[1 + name.len()..].trim_start_matches([' ', '\t']).starts_with('>'))
}

fn is_boundary_mark(source: &str, line: Line) -> bool {
    line.pad == 0 && line.text(source).trim_end() == "^"
}

fn is_quote(source: &str, line: Line) -> bool {
    line.outdented(source).is_some_and(|rest| rest.text(source).starts_with('>'))
}

/// `***`, `- - -`
fn is_rule(source: &str, line: Line) -> bool {
    let Some(rest) = line.outdented(source) else { return false };
    let text = rest.text(source).as_bytes();
    let Some(mark @ (b'*' | b'-' | b'_')) = text.first() else { return false };
    let mut marks = 0;
    for byte in text {
        match byte {
            byte if byte == mark => marks += 1,
            b' ' | b'\t' => {}
            _ => return false,
        }
    }
    marks >= 3
}

/// The level of a heading `## Title` and the line behind its mark, which may be empty.
fn atx(source: &str, line: Line) -> Option<(u8, Line)> {
    if line.pad > 0 {
        return None;
    }
    let text = line.text(source);
    let marks = text.len() - text.trim_start_matches('#').len();
    let behind = &text[marks..];
    let content = behind.trim_start_matches([' ', '\t']);
    let level = u8::try_from(marks).ok().filter(|level| (1..=6).contains(level))?;
    (content.len() < behind.len())
        .then_some((level, Line { start: line.end - content.len(), ..line }))
}

/// Whether a text can be the id that `{#id}` gives, by XML's rule for names.
fn is_xml_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | ':'))
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '·'))
}
