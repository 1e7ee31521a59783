//! Lists, and lists of definitions.
//!
//! After `parse_list` and `parse_definition_list` in `kramdown/parser/kramdown/list.rb`. An item
//! takes the lines that are indented for its text, and lazily those that go on a paragraph; a list
//! in an item is read apart from the lines before it.

use super::{
    Blocks, Boundary, Cursor, DefinitionNode, Item, Node, NodeKind, Reader, Said, atx, code,
    is_boundary_mark, is_rule, starts_with_block_tag,
};
use crate::markdown::attributes;
use crate::markdown::document::Attributes;
use crate::markdown::lines::{self, Line};

/// How far down the end of a fence is looked for, in lines.
const LONGEST_FENCE: usize = 400;

/// The mark of an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marker {
    /// Its number, if items are numbered.
    number: Option<u64>,
    /// Where it begins in the source.
    start: usize,
    /// The columns up to the end of it.
    width: usize,
    /// The line behind it.
    behind: Line,
}

/// The mark `- `, `* `, `+ ` or `1. ` behind at most so many spaces.
pub(super) fn marker(source: &str, line: Line, most_spaces: usize) -> Option<Marker> {
    let (indent, rest) = line.indent(source);
    let text = rest.text(source);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, length) = match text.as_bytes().get(digits) {
        Some(b'+' | b'*' | b'-') if digits == 0 => (None, 1),
        Some(b'.') if digits > 0 => (Some(text[..digits].parse().unwrap_or(1)), digits + 1),
        _ => return None,
    };
    found(source, rest, indent, length, most_spaces).map(|marker| Marker { number, ..marker })
}

/// The mark `: ` of a definition behind at most so many spaces.
pub(super) fn definition_marker(source: &str, line: Line, most_spaces: usize) -> Option<Marker> {
    let (indent, rest) = line.indent(source);
    rest.text(source).starts_with(':').then(|| found(source, rest, indent, 1, most_spaces))?
}

fn found(
    source: &str,
    rest: Line,
    indent: usize,
    length: usize,
    most_spaces: usize,
) -> Option<Marker> {
    let behind = Line { start: rest.start + length, ..rest };
    let is_apart = behind.text(source).starts_with([' ', '\t', '|']);
    (indent <= most_spaces && is_apart).then_some(Marker {
        number: None,
        start: rest.start,
        width: indent + length,
        behind,
    })
}

/// The rules by which an item takes lines.
#[derive(Debug, Clone, Copy)]
struct Indentation {
    /// The columns that its text is indented by.
    columns: usize,
}

impl Indentation {
    /// How far the mark of a sibling may be indented.
    fn sibling(self) -> usize {
        match self.columns {
            columns @ 1..=3 => columns - 1,
            _ => 3,
        }
    }

    /// Whether a line is indented for the item: by as many levels and spaces, each level a tab or
    /// four spaces.
    fn covers(self, source: &str, line: Line) -> bool {
        let levels = |count: usize| (0..count).try_fold(line, |line, _| line.without_level(source));
        levels(self.columns / 4 + 1).is_some()
            || levels(self.columns / 4)
                .is_some_and(|line| line.without_spaces(source, self.columns % 4).is_some())
    }

    /// Whether a line may go on a paragraph of the item without being indented for it.
    fn is_lazy(self, source: &str, line: Line) -> bool {
        let (spaces, _) = line.indent(source);
        spaces > self.columns.min(3)
            || (attributes::of_line(source, line).is_none() && !starts_with_block_tag(source, line))
    }
}

impl Reader<'_> {
    /// The first line of an item's text, what an attribute list at its front says of the item, and
    /// how the lines below have to be indented.
    fn first_line(&self, marker: Marker) -> (Line, Attributes, Indentation) {
        let trimmed = marker.behind.trimmed_start(self.source);
        let list = attributes::in_text(trimmed.text(self.source));
        let behind_list = list.map(|length| Line { start: trimmed.start + length, ..trimmed });
        let attributes = list.map_or_else(Attributes::default, |length| {
            attributes::parse(&trimmed.text(self.source)[..length])
        });
        let text = behind_list.map_or(trimmed, |line| line.trimmed_start(self.source));
        if text.text(self.source).is_empty() {
            return (text, attributes, Indentation { columns: 4 });
        }
        let expanded = marker.behind.with_tab_stops(self.source, marker.width);
        let columns = marker.width + expanded.indent(self.source).0;
        (text, attributes, Indentation { columns })
    }

    /// The first lines of an item: none if nothing stands behind its mark.
    fn unless_empty(&self, text: Line) -> Vec<Line> {
        if text.text(self.source).is_empty() { Vec::new() } else { vec![text] }
    }

    pub(super) fn list(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(first) = cursor.peek().and_then(|line| marker(self.source, line, 3)) else {
            return false;
        };
        let begin = cursor.at;
        let mut raw_items: Vec<RawItem> = Vec::new();
        let mut most_spaces = 3;
        let mut ended_by_mark = false;
        let mut nested = false;
        let mut after_blank = false;
        let mut indentation = Indentation { columns: 4 };
        // Up to which line a fence of the item goes.
        let mut fence_end = 0;
        while let Some(line) = cursor.peek() {
            if cursor.at < fence_end
                && let Some(item) = raw_items.last_mut()
            {
                let line = line.with_spaces_for_tabs(self.source);
                let spaces = line.indent(self.source).0.min(indentation.columns);
                item.push(line.without_spaces(self.source, spaces).unwrap_or(line));
                nested |= line.is_blank(self.source);
                cursor.at += 1;
                after_blank = false;
                continue;
            }
            if after_blank && is_rule(self.source, line) {
                break;
            }
            if is_boundary_mark(self.source, line) {
                cursor.at += 1;
                ended_by_mark = true;
                break;
            }
            let sibling = marker(self.source, line, most_spaces)
                .filter(|marker| marker.number.is_some() == first.number.is_some());
            if let Some(sibling) = sibling {
                let (text, attributes, item_indentation) = self.first_line(sibling);
                indentation = item_indentation;
                most_spaces = indentation.sibling();
                nested = marker(self.source, text, 3).is_some();
                after_blank = false;
                let start = sibling.start;
                raw_items.push(RawItem {
                    start,
                    attributes,
                    chunks: vec![self.unless_empty(text)],
                });
                fence_end = self.end_of_fence(cursor, text, indentation, false).unwrap_or(0);
                cursor.at += 1;
                continue;
            }
            let Some(item) = raw_items.last_mut() else { break };
            if line.is_blank(self.source) {
                nested = true;
                after_blank = true;
                item.push(line);
            } else if self.is_fence_of_its_own(cursor, line, indentation) {
                break;
            } else if indentation.covers(self.source, line)
                || (!after_blank && indentation.is_lazy(self.source, line))
            {
                let mut line = line.with_spaces_for_tabs(self.source);
                let inside = line.without_spaces(self.source, indentation.columns);
                line = inside.unwrap_or(line);
                let begins_list = marker(self.source, line, 3).is_some();
                if !nested && inside.is_some() && begins_list {
                    item.chunks.push(Vec::new());
                    nested = true;
                } else if nested && inside.is_none() && begins_list && !self.is_below_row(item) {
                    line.pad += indentation.columns + 4;
                }
                item.push(line);
                after_blank = false;
                let is_lazy = inside.is_none();
                fence_end = self.end_of_fence(cursor, line, indentation, is_lazy).unwrap_or(0);
            } else {
                break;
            }
            cursor.at += 1;
        }
        let last_line = cursor.at - usize::from(ended_by_mark);
        let range = first.start..lines::range_of(self.source, &cursor.lines[begin..last_line]).end;
        let waiting = std::mem::take(&mut blocks.pending);
        let items = raw_items.into_iter().map(|item| self.item(item)).collect();
        let (items, trailing) = Self::tightened(items, ended_by_mark);
        blocks.pending = waiting;
        self.add(blocks, range, NodeKind::List { first_number: first.number, items });
        blocks.nodes.extend(trailing);
        true
    }

    /// Whether the last line of an item is a row of a table, which no text goes on.
    fn is_below_row(&self, item: &RawItem) -> bool {
        let last = item.chunks.last().and_then(|lines| lines.last());
        last.is_some_and(|line| line.trimmed_start(self.source).text(self.source).starts_with('|'))
    }

    /// Where a fence of an item ends that begins with a line of it. To kramdown a line of the code
    /// ends the item if it is not indented for that, and begins a list if it looks so; none of it is
    /// where `is_lazy`, and the fence itself is not.
    fn end_of_fence(
        &self,
        cursor: &Cursor,
        line: Line,
        item: Indentation,
        is_lazy: bool,
    ) -> Option<usize> {
        let opening = code::fence_marks(self.source, line)?;
        let from = cursor.at + 1;
        let below = cursor.lines[from..].iter().take(LONGEST_FENCE);
        for (step, line) in below.enumerate() {
            let text = line.trimmed_start(self.source).text(self.source);
            if opening.is_closed_by(text, opening.marks(), self.source) {
                return Some(from + step + 1);
            }
            if opening.is_begun_anew(*line, self.source) {
                return None;
            }
            if !is_lazy && !line.is_blank(self.source) && !item.covers(self.source, *line) {
                let ends_item = marker(self.source, *line, item.sibling()).is_some()
                    || atx(self.source, *line).is_some();
                if ends_item {
                    return None;
                }
            }
        }
        None
    }

    /// Whether a fence begins that is no part of the item above it: it is not indented for that, and
    /// has blank lines in it, at which kramdown would end the item.
    fn is_fence_of_its_own(&self, cursor: &Cursor, line: Line, item: Indentation) -> bool {
        let Some(opening) = code::fence_marks(self.source, line) else { return false };
        if item.covers(self.source, line) {
            return false;
        }
        let below = cursor.lines[cursor.at + 1..].iter().take(LONGEST_FENCE);
        let mut has_blank_line = false;
        for line in below {
            has_blank_line |= line.is_blank(self.source);
            let text = line.trimmed_start(self.source).text(self.source);
            if opening.is_closed_by(text, opening.marks(), self.source) {
                return has_blank_line;
            }
            if opening.is_begun_anew(*line, self.source) {
                return false;
            }
        }
        false
    }

    /// Reads the blocks of an item.
    fn item(&mut self, raw: RawItem) -> Item {
        let all: Vec<Line> = raw.chunks.concat();
        let range = raw.start..lines::range_of(self.source, &all).end.max(raw.start);
        let (task, chunks) = self.task(raw.chunks);
        let nodes = chunks.into_iter().fold(Vec::new(), |nodes, lines| self.chunk(lines, nodes));
        // Only in a paragraph the mark of a task is one.
        Item { range, attributes: raw.attributes, task, nodes }
    }

    /// Takes the mark of a task, `[ ]` or `[x]`, off an item.
    fn task(&self, mut chunks: Vec<Vec<Line>>) -> (Option<bool>, Vec<Vec<Line>>) {
        let Some(first) = chunks.first_mut().and_then(|lines| lines.first_mut()) else {
            return (None, chunks);
        };
        let line = first.trimmed_start(self.source);
        let text = line.text(self.source);
        let done = match text.get(..3) {
            Some("[ ]") => false,
            Some("[x]" | "[X]") => true,
            _ => return (None, chunks),
        };
        if !text[3..].starts_with([' ', '\t']) {
            return (None, chunks);
        }
        *first = Line { start: line.start + 3, ..line }.trimmed_start(self.source);
        (Some(done), chunks)
    }

    /// Decides which items stand without paragraphs around their text, and takes the blank lines
    /// from the end of the list.
    fn tightened(mut items: Vec<Item>, ended_by_mark: bool) -> (Vec<Item>, Option<Node>) {
        let count = items.len();
        let mut trailing = None;
        // Whether an item before has no paragraph of its own.
        let mut has_tight_one = false;
        for (index, item) in items.iter_mut().enumerate() {
            let is_last = index + 1 == count;
            let nodes = &mut item.nodes;
            let is_paragraph = |node: &Node| matches!(node.kind, NodeKind::Paragraph { .. });
            if nodes.is_empty() {
                has_tight_one = true;
                continue;
            }
            // An attribute list behind the text does not count.
            if is_paragraph(&nodes[0])
                && nodes[0].is_said_of()
                && matches!(
                    nodes.get(1).map(|node| &node.kind),
                    Some(NodeKind::Boundary(Boundary::AttributeList))
                )
            {
                nodes.remove(1);
            }
            let followed_by_blank =
                nodes.get(1).is_some_and(|node| matches!(node.kind, NodeKind::Blank(_)));
            let stands_tight =
                !followed_by_blank || (is_last && nodes.len() == 2 && !ended_by_mark);
            let may_be_tight = !is_last || count == 1 || has_tight_one;
            let mut is_tight = false;
            if let NodeKind::Paragraph { tight, .. } = &mut nodes[0].kind {
                *tight = stands_tight && may_be_tight;
                is_tight = *tight;
            }
            if is_tight && nodes[0].is_said_of() {
                // There is no element for what an attribute list says of the text but the item, unless
                // it is about a link or an image in it.
                let attributes = &mut nodes[0].said().attributes;
                let mut list = std::mem::take(attributes);
                let pairs = std::mem::take(&mut list.pairs);
                let of_piece =
                    |key: &str| attributes::is_of_link(key) || attributes::is_of_image(key);
                (attributes.pairs, list.pairs) =
                    pairs.into_iter().partition(|(key, _)| of_piece(key));
                item.attributes.merge(list);
            }
            has_tight_one |= is_tight || !is_paragraph(&item.nodes[0]);
            trailing = None;
            if item.nodes.last().is_some_and(|last| matches!(last.kind, NodeKind::Blank(_))) {
                trailing = item.nodes.pop();
            }
        }
        (items, trailing.filter(|_| !ended_by_mark))
    }

    /// Terms, and what they mean behind a colon.
    pub(super) fn definition_list(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(first) = cursor.peek().and_then(|line| definition_marker(self.source, line, 3))
        else {
            return false;
        };
        let paragraph = match blocks.nodes.as_slice() {
            [.., Node { kind: NodeKind::Paragraph { .. }, .. }] => blocks.nodes.len() - 1,
            [
                ..,
                Node { kind: NodeKind::Paragraph { .. }, .. },
                Node { kind: NodeKind::Blank(1), .. },
            ] => blocks.nodes.len() - 2,
            _ => return false,
        };
        let mut as_paragraph = paragraph + 1 < blocks.nodes.len();
        blocks.nodes.truncate(paragraph + 1);
        let Some(mut above) = blocks.nodes.pop() else { return false };
        let Said { attributes, .. } = above.take_said().map_or_else(Said::default, |said| *said);
        let Node { range, kind: NodeKind::Paragraph { lines, .. }, .. } = above else {
            return false;
        };
        let mut parts: Vec<DefinitionNode> =
            lines.into_iter().map(|line| DefinitionNode::Term(line.trimmed(self.source))).collect();
        let mut raw: Option<(bool, Vec<Line>, Attributes)> = None;
        let mut raw_meanings = Vec::new();
        let mut most_spaces = 3;
        let mut indentation = Indentation { columns: 4 };
        let mut after_blank = false;
        let mut end = first.behind.end;
        while let Some(line) = cursor.peek() {
            if let Some(sibling) = definition_marker(self.source, line, most_spaces) {
                let (text, list, item_indentation) = self.first_line(sibling);
                indentation = item_indentation;
                most_spaces = indentation.sibling();
                raw_meanings.extend(raw.replace((as_paragraph, self.unless_empty(text), list)));
                as_paragraph = false;
                after_blank = false;
                end = text.end;
            } else if is_boundary_mark(self.source, line) {
                break;
            } else if let Some((_, lines, _)) = &mut raw {
                if line.is_blank(self.source) {
                    as_paragraph = true;
                    after_blank = true;
                    lines.push(line);
                } else if indentation.covers(self.source, line)
                    || (!after_blank && indentation.is_lazy(self.source, line))
                {
                    let line = line.with_spaces_for_tabs(self.source);
                    let inside = line.without_spaces(self.source, indentation.columns);
                    lines.push(inside.unwrap_or(line));
                    as_paragraph = false;
                    after_blank = false;
                    end = line.trimmed_end(self.source).end;
                } else {
                    break;
                }
            } else {
                break;
            }
            cursor.at += 1;
        }
        raw_meanings.extend(raw);
        let mut trailing = None;
        for (as_paragraph, lines, list) in raw_meanings {
            let mut nodes = self.container(lines);
            trailing = None;
            if nodes.last().is_some_and(|last| matches!(last.kind, NodeKind::Blank(_))) {
                trailing = nodes.pop();
            }
            if let Some(NodeKind::Paragraph { tight, .. }) =
                nodes.first_mut().map(|node| &mut node.kind)
            {
                *tight = !as_paragraph;
            }
            parts.push(DefinitionNode::Meaning(nodes, list));
        }
        self.add_definitions(blocks, range.start..end, attributes, parts);
        blocks.nodes.extend(trailing);
        true
    }

    /// Adds a list of definitions, or goes on the one above.
    fn add_definitions(
        &mut self,
        blocks: &mut Blocks,
        range: std::ops::Range<usize>,
        attributes: Attributes,
        parts: Vec<DefinitionNode>,
    ) {
        let above = match blocks.nodes.as_slice() {
            [.., Node { kind: NodeKind::Definitions(_), .. }] => Some(blocks.nodes.len() - 1),
            [
                ..,
                Node { kind: NodeKind::Definitions(_), .. },
                Node { kind: NodeKind::Blank(_), .. },
            ] => Some(blocks.nodes.len() - 2),
            _ => None,
        };
        if let Some(above) = above {
            blocks.nodes.truncate(above + 1);
            let node = &mut blocks.nodes[above];
            node.range.end = range.end;
            if let NodeKind::Definitions(before) = &mut node.kind {
                before.extend(parts);
            }
            return;
        }
        self.add(blocks, range, NodeKind::Definitions(parts));
        if let Some(last) = blocks.nodes.last_mut() {
            last.said().attributes.merge(attributes);
        }
    }
}

/// An item whose lines are still to be read.
struct RawItem {
    start: usize,
    attributes: Attributes,
    /// Its lines; those from the first list in it on stand apart.
    chunks: Vec<Vec<Line>>,
}

impl RawItem {
    fn push(&mut self, line: Line) {
        self.chunks.last_mut().expect("an item has a first line").push(line);
    }
}
