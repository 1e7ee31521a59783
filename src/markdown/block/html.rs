//! Raw HTML that begins a block.
//!
//! After `kramdown/parser/kramdown/html.rb` of kramdown 2.4. An element is raw from its opening to
//! its closing tag; with `markdown="1"` its content is Markdown, be it within a raw one as well. One
//! that is never closed is raw up to a blank line, where kramdown would swallow the rest of the page.
//! So it does where the content is blocks and the closing tag stands behind some of it; here the
//! element ends there. Tags that HTML does not know begin no block: they are meant to be read.

use super::{Blocks, Cursor, DEEPEST, Line, NodeKind, Reader};
use crate::markdown::habit::{Habit, HabitKind};
use crate::markdown::html;
use crate::markdown::lines;
use crate::source::MappedText;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// The lines of a container as one text, and which tags of it belong together.
pub(super) struct Tags {
    text: MappedText,
    /// Where each line begins in the text.
    starts: Vec<usize>,
    /// The closing tag of an element, by where its opening tag begins.
    closing: HashMap<usize, Range<usize>>,
    /// Where the last comment ends.
    last_comment: Option<usize>,
}

impl Tags {
    fn read(source: &str, lines: &[Line]) -> Self {
        let mut text = MappedText::new();
        let mut starts = Vec::with_capacity(lines.len() + 1);
        for line in lines {
            starts.push(text.text().len());
            lines::push(&mut text, source, *line);
        }
        starts.push(text.text().len());
        let closing = html::closing_tags(text.text());
        let last_comment = text.text().rfind("-->");
        Self { text, starts, closing, last_comment }
    }

    /// The closing tag of the element whose opening tag begins at `start` and ends at `behind`. What
    /// looks like one within the opening tag, which lacks its `>` or has it in quotes, is none.
    fn closing_behind(&self, start: usize, behind: usize) -> Option<Range<usize>> {
        self.closing.get(&start).filter(|closing| behind <= closing.start).cloned()
    }

    /// Where a line begins that has lost some of its front since.
    fn position(&self, index: usize, line: Line) -> usize {
        let end = self.starts[index + 1] - 1;
        end - (line.pad + line.end - line.start).min(end)
    }

    /// Whether nothing but blanks stands before a place on its line.
    fn begins_line(&self, at: usize) -> bool {
        let index = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let line = &self.text.text()[self.starts[index].min(at)..at];
        line.bytes().all(lines::is_space)
    }

    /// The index of the line at a place of the text, and what of it stands behind the place.
    fn line_at(&self, lines: &[Line], at: usize) -> (usize, Line) {
        let index = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let Some(line) = lines.get(index) else {
            return (lines.len(), Line { pad: 0, start: 0, end: 0 });
        };
        let left = (self.starts[index + 1] - 1).saturating_sub(at);
        let length = line.end - line.start;
        let start = line.end - left.min(length);
        (index, Line { pad: left.saturating_sub(length), start, end: line.end })
    }
}

/// How the content of an element is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// As it is written.
    Raw,
    /// As Markdown, block by block.
    Blocks,
    /// As running text.
    Text,
}

impl Content {
    /// What `markdown="…"` makes of an element, if it says anything.
    fn said_of(tag: &html::Tag<'_>) -> Option<Self> {
        match tag.attribute("markdown")?.0 {
            "1" => Some(Self::of_name(tag.name)),
            "block" => Some(Self::Blocks),
            "span" => Some(Self::Text),
            "0" => Some(Self::Raw),
            _ => None,
        }
    }

    /// What fits an element of this name: `HTML_CONTENT_MODEL` of kramdown.
    fn of_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            // What stands in these stands in other elements within.
            "table" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr" | "ul" | "ol" | "html"
            | "head" | "svg" | "picture" | "audio" | "video" | "canvas" => Self::Raw,
            "caption" | "dt" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "optgroup"
            | "p" | "th" => Self::Text,
            name if html::is_raw(name) => Self::Raw,
            name if html::is_span(name) => Self::Text,
            _ => Self::Blocks,
        }
    }
}

impl Reader<'_> {
    pub(super) fn block_html(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(rest) = line.outdented(self.source) else { return false };
        let text = rest.text(self.source);
        if text.starts_with("<!--") {
            return self.comment(cursor, blocks, rest);
        }
        let Some(name) = text.strip_prefix('<').map(html::name_at) else { return false };
        if !html::is_block(name) {
            return false;
        }
        let tags = self.tags(cursor);
        let start = tags.position(cursor.at, rest);
        let joined = tags.text.text();
        let Some(tag) = html::tag_at(&joined[start..]) else { return false };
        let behind = start + tag.range.end;
        let closing = tags.closing_behind(start, behind);
        let has_content = !tag.is_closed && !html::is_void(tag.name);
        if has_content && closing.is_none() && !html::is_common(tag.name) && !tag.has_values() {
            return false;
        }
        if !has_content {
            self.add_html(cursor, blocks, start..behind);
            self.go_to(cursor, behind, false);
            return true;
        }
        let usual = if self.parses_html { Content::of_name(tag.name) } else { Content::Raw };
        let mut content = Content::said_of(&tag).unwrap_or(usual);
        if self.depth >= DEEPEST {
            content = Content::Raw;
        }
        let name = tag.name.to_ascii_lowercase();
        match (content, closing) {
            (Content::Raw, Some(closing)) => {
                self.raw_element(cursor, blocks, start..closing.end);
                self.go_to(cursor, closing.end, true);
            }
            (Content::Raw, None) => {
                let end = self.blank_line_below(cursor);
                self.add_html(cursor, blocks, start..end);
                self.go_to(cursor, end, false);
            }
            (_, Some(closing)) if content == Content::Text || !tags.begins_line(closing.start) => {
                self.add_html(cursor, blocks, start..behind);
                self.inside(cursor, blocks, behind..closing.start, content);
                self.add_html(cursor, blocks, closing.clone());
                self.go_to(cursor, closing.end, true);
            }
            _ => {
                self.add_html(cursor, blocks, start..behind);
                self.blocks_inside(cursor, blocks, behind, &name);
            }
        }
        true
    }

    /// Takes the closing tag of an element with Markdown inside, if the line begins with it.
    pub(super) fn closing_tag(&mut self, cursor: &mut Cursor, name: &str) -> bool {
        let Some(rest) = cursor.peek().and_then(|line| line.outdented(self.source)) else {
            return false;
        };
        let found = html::closing_tag_at(rest.text(self.source));
        let Some((_, length)) = found.filter(|(found, _)| found.eq_ignore_ascii_case(name)) else {
            return false;
        };
        let start = self.tags(cursor).position(cursor.at, rest);
        self.go_to(cursor, start + length, true);
        true
    }

    fn comment(&mut self, cursor: &mut Cursor, blocks: &mut Blocks, rest: Line) -> bool {
        let tags = self.tags(cursor);
        let start = tags.position(cursor.at, rest);
        if tags.last_comment.is_none_or(|last| last < start) {
            return false;
        }
        let Some(length) = tags.text.text()[start..].find("-->") else { return false };
        let end = start + length + "-->".len();
        self.add_html(cursor, blocks, start..end);
        self.go_to(cursor, end, true);
        true
    }

    /// An element as it is written, but for the elements within it that hold Markdown.
    fn raw_element(&mut self, cursor: &mut Cursor, blocks: &mut Blocks, range: Range<usize>) {
        let tags = self.tags(cursor);
        let written = &tags.text.text()[range.clone()];
        let mut done = range.start;
        // The first tag is that of the element.
        let within =
            if written.contains("markdown") { html::opening_tags(written) } else { vec![] };
        for tag in within.iter().skip(1) {
            let (start, behind) = (range.start + tag.range.start, range.start + tag.range.end);
            let content = Content::said_of(tag).filter(|content| *content != Content::Raw);
            let closing = tags.closing_behind(start, behind);
            let closing = closing.filter(|closing| closing.end <= range.end);
            if let (Some(content), Some(closing)) = (content, closing)
                && start >= done
            {
                self.add_html(cursor, blocks, done..behind);
                self.inside(cursor, blocks, behind..closing.start, content);
                done = closing.start;
            }
        }
        self.add_html(cursor, blocks, done..range.end);
    }

    /// Markdown between the tags of an element. What stands on the line of both is running text,
    /// whatever it may be else.
    fn inside(
        &mut self,
        cursor: &mut Cursor,
        blocks: &mut Blocks,
        range: Range<usize>,
        content: Content,
    ) {
        let tags = self.tags(cursor);
        let is_text = content == Content::Text || !tags.text.text()[range.clone()].contains('\n');
        let (first, begin) = tags.line_at(&cursor.lines, range.start);
        let (last, rest) = tags.line_at(&cursor.lines, range.end);
        let mut inside = cursor.lines[first..(last + 1).min(cursor.lines.len())].to_vec();
        if let Some(line) = inside.first_mut() {
            *line = begin;
        }
        if let Some(line) = inside.last_mut() {
            line.end = rest.start.max(line.start);
        }
        if is_text {
            let range = lines::range_of(self.source, &inside);
            self.add(blocks, range, NodeKind::Paragraph { lines: inside, tight: true });
        } else {
            self.in_html += 1;
            let nodes = self.container(inside);
            self.in_html -= 1;
            blocks.nodes.extend(nodes);
        }
    }

    /// Blocks inside of an element, and its closing tag.
    fn blocks_inside(
        &mut self,
        cursor: &mut Cursor,
        blocks: &mut Blocks,
        behind: usize,
        name: &str,
    ) {
        self.go_to(cursor, behind, true);
        self.depth += 1;
        self.in_html += 1;
        let mut inner = Blocks::new(Vec::new());
        self.blocks(cursor, &mut inner, Some(name));
        self.end(&mut inner);
        self.in_html -= 1;
        self.depth -= 1;
        blocks.nodes.extend(inner.nodes);
        let end = blocks.nodes.last().map_or(0, |last| last.range.end);
        self.add(blocks, end..end, NodeKind::Html(format!("</{name}>")));
    }

    /// What is known of the raw HTML in a container.
    fn tags(&self, cursor: &mut Cursor) -> Rc<Tags> {
        let read = || Rc::new(Tags::read(self.source, &cursor.lines));
        Rc::clone(cursor.html.get_or_insert_with(read))
    }

    /// The end of the text before the next blank line.
    fn blank_line_below(&self, cursor: &mut Cursor) -> usize {
        let rest = &cursor.lines[cursor.at..];
        let length = rest.iter().take_while(|line| !line.is_blank(self.source)).count();
        let below = cursor.at + length;
        self.tags(cursor).starts[below]
    }

    /// Goes to a place in the text of a container; with `past_line`, past what is blank of its line.
    fn go_to(&self, cursor: &mut Cursor, at: usize, past_line: bool) {
        let tags = self.tags(cursor);
        let ends_line = tags.starts.binary_search(&at).is_ok();
        let (index, rest) = tags.line_at(&cursor.lines, at);
        cursor.at = index;
        if ends_line {
            return;
        }
        if let Some(line) = cursor.lines.get_mut(index) {
            *line = rest;
            if past_line && line.is_blank(self.source) {
                cursor.at += 1;
            }
        }
    }

    /// Adds a piece of raw HTML, and notes what in it only looks like a tag.
    fn add_html(&mut self, cursor: &mut Cursor, blocks: &mut Blocks, range: Range<usize>) {
        let tags = self.tags(cursor);
        let text = &tags.text;
        let html = text.text()[range.clone()].to_owned();
        let place = text.to_source(range.clone());
        for tag in html::opening_tags(&html) {
            if !html::is_element(tag.name) && !html::is_common(tag.name) && !tag.has_values() {
                let within = range.start + tag.range.start..range.start + tag.range.end;
                let range = text.to_source(within);
                self.habits
                    .push(Habit { kind: HabitKind::VanishedPlaceholder { raw: true }, range });
            }
        }
        self.add(blocks, place, NodeKind::Html(html));
    }
}
