//! Tables of raw HTML, read as tables.
//!
//! Their author means a table, whichever way it is written. Of what stands in a cell the words, the
//! code, the links and the breaks between lines are kept. A cell that spans rows stands in the first
//! of them; the others have an empty one in its place. A table within another is read as none.

use super::document::{
    Block, BlockKind, Cell, HtmlTable, Inline, InlineKind, Row, Table, Target, walk_blocks,
};
use super::html::{self, Tag, closing_tag_at, tag_at};
use super::span::entity_at;
use crate::source::MappedText;
use std::ops::Range;

/// The tables in the raw HTML of some blocks, in order. What stands in the source with marks of a
/// container between its lines is passed over.
pub(super) fn find(source: &str, blocks: &[Block]) -> Vec<HtmlTable> {
    let mut found = Vec::new();
    walk_blocks(blocks, &mut |block| {
        if let BlockKind::Html(text) = &block.kind
            && text.contains("<table")
            && source[block.range.start..].starts_with(text.as_str())
        {
            let mut reader = Reader::new(text, block.range.start);
            reader.read();
            found.append(&mut reader.found);
        }
    });
    found
}

struct Reader<'t> {
    html: &'t str,
    /// Where it begins in the source.
    start: usize,
    found: Vec<HtmlTable>,
    open: Option<Open>,
}

/// A table whose end is still to come.
struct Open {
    start: usize,
    head: Vec<Row>,
    body: Vec<Row>,
    row: Option<OpenRow>,
    /// How many rows to come have no cell of their own in each column.
    spanned: Vec<usize>,
    /// Whether it can be read.
    is_plain: bool,
}

struct OpenRow {
    start: usize,
    cells: Vec<Cell>,
    /// Whether each of its cells is the header of a column.
    is_head: bool,
    /// Whether one of its cells spans several columns: it heads a group of rows.
    spans: bool,
    cell: Option<OpenCell>,
}

#[derive(Default)]
struct OpenCell {
    content: Vec<Inline>,
    /// The link that is open, and where what is linked begins in the content.
    link: Option<(Target, Range<usize>, usize)>,
    is_code: bool,
    /// Where in the content that begins which is struck out.
    struck: Option<usize>,
}

impl<'t> Reader<'t> {
    fn new(html: &'t str, start: usize) -> Self {
        Self { html, start, found: Vec::new(), open: None }
    }

    fn read(&mut self) {
        let mut at = 0;
        while at < self.html.len() {
            let rest = &self.html[at..];
            let length = if rest.starts_with("<!--") {
                rest.find("-->").map_or(rest.len(), |end| end + 3)
            } else if let Some((name, length)) = closing_tag_at(rest) {
                self.closing(&name.to_ascii_lowercase(), at..at + length);
                length
            } else if let Some(tag) = tag_at(rest) {
                self.opening(&tag, at);
                tag.range.end
            } else {
                let skipped = rest.chars().next().map_or(1, char::len_utf8);
                let length = rest[skipped..].find('<').map_or(rest.len(), |next| next + skipped);
                self.text(at..at + length);
                length
            };
            at += length;
        }
    }

    fn opening(&mut self, tag: &Tag<'_>, at: usize) {
        let name = tag.name.to_ascii_lowercase();
        let place = self.start + at;
        let Some(open) = &mut self.open else {
            if name == "table" {
                let (head, body) = (Vec::new(), Vec::new());
                self.open = Some(Open {
                    start: place,
                    head,
                    body,
                    row: None,
                    spanned: Vec::new(),
                    is_plain: true,
                });
            }
            return;
        };
        match name.as_str() {
            "table" => open.is_plain = false,
            "tr" => {
                open.close_row(place);
                let (cells, cell) = (Vec::new(), None);
                open.row = Some(OpenRow { start: place, cells, is_head: true, spans: false, cell });
            }
            "td" | "th" => {
                let is_several =
                    |name| tag.attribute(name).is_some_and(|(value, _)| value.trim() != "1");
                let rows =
                    tag.attribute("rowspan").and_then(|(value, _)| value.trim().parse().ok());
                if let Some(row) = &mut open.row {
                    row.close_cell();
                    row.pass_over(&mut open.spanned, place);
                    // What spans none spans all that come.
                    let more = rows.map_or(0, |rows: usize| rows.wrapping_sub(1));
                    let column = row.cells.len();
                    open.spanned.resize(open.spanned.len().max(column + 1), 0);
                    open.spanned[column] = more;
                    row.is_head &= name == "th";
                    row.spans |= is_several("colspan");
                    row.cell = Some(OpenCell::default());
                }
            }
            _ => {
                if let Some(cell) = open.row.as_mut().and_then(|row| row.cell.as_mut()) {
                    cell.opening(&name, tag, place);
                }
            }
        }
    }

    fn closing(&mut self, name: &str, range: Range<usize>) {
        let Some(open) = &mut self.open else { return };
        let end = self.start + range.end;
        match name {
            "table" => {
                open.close_row(end);
                let Some(open) = self.open.take() else { return };
                let columns = open.head.iter().chain(&open.body).map(|row| row.cells.len()).max();
                let table = Table {
                    head: open.head,
                    bodies: vec![open.body],
                    columns: columns.unwrap_or_default(),
                    ..Table::default()
                };
                if open.is_plain {
                    let range = open.start..end;
                    self.found.push(HtmlTable { block: self.start, range, table });
                }
            }
            "tr" => open.close_row(end),
            "td" | "th" => {
                if let Some(row) = &mut open.row {
                    row.close_cell();
                }
            }
            _ => {
                if let Some(cell) = open.row.as_mut().and_then(|row| row.cell.as_mut()) {
                    cell.closing(name, self.start + range.start);
                }
            }
        }
    }

    /// Text between two tags, line by line: how its lines are indented means nothing.
    fn text(&mut self, range: Range<usize>) {
        let cell = self.open.as_mut().and_then(|open| open.row.as_mut()?.cell.as_mut());
        let Some(cell) = cell else { return };
        let mut at = range.start;
        for (number, line) in self.html[range].split('\n').enumerate() {
            let start = self.start + at;
            at += line.len() + 1;
            if number > 0 && !cell.content.is_empty() {
                cell.content.push(Inline::new(start - 1..start, InlineKind::SoftBreak));
            }
            let front = if number > 0 { line.len() - line.trim_start().len() } else { 0 };
            if !line.trim().is_empty() {
                cell.add(line[front..].trim_end_matches('\r'), start + front);
            }
        }
    }
}

impl Open {
    fn close_row(&mut self, end: usize) {
        let Some(mut row) = self.row.take() else { return };
        row.close_cell();
        row.pass_over(&mut self.spanned, end);
        if row.spans || row.cells.is_empty() {
            return;
        }
        let is_head = row.is_head && self.body.is_empty();
        let closed = Row { range: row.start..end, cells: row.cells };
        if is_head { self.head.push(closed) } else { self.body.push(closed) }
    }
}

impl OpenRow {
    /// Puts empty cells where those of rows above reach down to.
    fn pass_over(&mut self, spanned: &mut [usize], place: usize) {
        while let Some(rows) = spanned.get_mut(self.cells.len()).filter(|rows| **rows > 0) {
            *rows -= 1;
            self.cells.push(Cell { range: place..place, content: Vec::new() });
        }
    }

    fn close_cell(&mut self) {
        let Some(mut cell) = self.cell.take() else { return };
        cell.close_link();
        let place = cell.content.first().zip(cell.content.last());
        let range = place.map_or(0..0, |(first, last)| first.range.start..last.range.end);
        self.cells.push(Cell { range, content: cell.content });
    }
}

/// Whether an element stands on lines of its own.
fn is_apart(name: &str) -> bool {
    matches!(name, "br" | "hr" | "p" | "li" | "div" | "details" | "summary" | "ul" | "ol")
}

impl OpenCell {
    fn opening(&mut self, name: &str, tag: &Tag<'_>, place: usize) {
        match name {
            "code" | "tt" => self.is_code = true,
            "a" => {
                self.close_link();
                if let Some((url, range)) = tag.attribute("href") {
                    let range = place + range.start..place + range.end;
                    let target = Target { url: url.to_owned(), title: String::new(), range };
                    self.link = Some((target, place..place + tag.range.end, self.content.len()));
                }
            }
            "del" | "s" | "strike" => self.struck = Some(self.content.len()),
            name if is_apart(name) && (html::is_void(name) || !self.content.is_empty()) => {
                let range = place..place + tag.range.end;
                self.content.push(Inline::new(range, InlineKind::Html("<br>".to_owned())));
            }
            // What is set off in its cell.
            name if html::is_span(name) && !html::is_void(name) => {
                let range = place..place + tag.range.end;
                self.content.push(Inline::new(range, InlineKind::Html(format!("<{name}>"))));
            }
            _ => {}
        }
    }

    fn closing(&mut self, name: &str, place: usize) {
        match name {
            // What is struck out is no longer said.
            "del" | "s" | "strike" => {
                if let Some(from) = self.struck.take() {
                    self.content.truncate(from);
                }
            }
            "summary" => {
                let kind = InlineKind::Html("<br>".to_owned());
                self.content.push(Inline::new(place..place, kind));
            }
            "code" | "tt" => self.is_code = false,
            "a" => self.close_link(),
            name if html::is_span(name) => {
                self.content
                    .push(Inline::new(place..place, InlineKind::Html(format!("</{name}>"))));
            }
            _ => {}
        }
    }

    fn close_link(&mut self) {
        let Some((target, tag, from)) = self.link.take() else { return };
        let content = self.content.split_off(from.min(self.content.len()));
        let end = content.last().map_or(tag.end, |last| last.range.end);
        let target = Box::new(target);
        let kind = InlineKind::Link { target, content: content.into(), bare: false };
        self.content.push(Inline::new(tag.start..end, kind));
    }

    fn add(&mut self, written: &str, start: usize) {
        let range = start..start + written.len();
        let mut text = MappedText::new();
        let mut at = 0;
        while let Some(entity) = written[at..].find('&').map(|found| at + found) {
            text.push_verbatim(&written[at..entity], start + at);
            let (character, length) =
                entity_at(&written[entity..]).unwrap_or_else(|| ("&".to_owned(), 1));
            text.push_replaced(&character, start + entity..start + entity + length);
            at = entity + length;
        }
        text.push_verbatim(&written[at..], start + at);
        let kind = if self.is_code {
            InlineKind::Code(Box::new(text))
        } else {
            InlineKind::Text(text.text().to_owned())
        };
        self.content.push(Inline::new(range, kind));
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Kept, parse, plain_text};
    use crate::source::Source;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let document = parse(&Source::new("a.md", text), 0, &|_, _| Kept::default());
        let tables = document.html_tables.iter().map(|it| &it.table);
        let rows = tables.flat_map(|table| table.head.iter().chain(table.body_rows()));
        let cell = |cell: &crate::markdown::Cell| {
            assert!(cell.range.end <= text.len());
            plain_text(&cell.content).trim().to_owned()
        };
        rows.map(|row| row.cells.iter().map(cell).collect()).collect()
    }

    #[test]
    fn rows_have_cells() {
        let text = "<table>\n<thead><tr><th>Alert</th><th>Info</th></tr></thead>\n<tbody>\n<tr>\n  \
                    <td><code>DiskFull</code></td>\n  <td>More than 3 &gt; 2,\n  <b>bold</b>.</td>\n</tr>\n\
                    <tr><td colspan=\"2\">Others</td></tr>\n<tr><td><a href=\"#x\">DiskSlow</a>\
                    <td>Slow\n</tbody>\n</table>\n";
        let expected =
            [["Alert", "Info"], ["DiskFull", "More than 3 > 2, bold."], ["DiskSlow", "Slow"]];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_cell_that_spans_rows_keeps_its_column() {
        for (text, expected) in [
            (
                "<table><tr><td rowspan=\"2\">a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>\n",
                [["a", "b"], ["", "c"], ["d", "e"]],
            ),
            (
                "<table><tr><td>a</td><td rowspan=0>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>\n",
                [["a", "b"], ["c", ""], ["d", ""]],
            ),
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_table_is_none() {
        for text in [
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>\n",
            "<p>table</p>\n",
            "> <table><tr>\n> <td>a</td></tr></table>\n",
        ] {
            assert!(rows(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_code_of_a_cell_knows_its_bytes() {
        let text = "x\n\n<table><tr><td><code>a &lt; b</code></td></tr></table>\n";
        let document = parse(&Source::new("a.md", text), 0, &|_, _| Kept::default());
        let cell = &document.html_tables[0].table.bodies[0][0].cells[0];
        let crate::markdown::InlineKind::Code(code) = &cell.content[0].kind else { panic!() };
        assert_eq!(code.text(), "a < b");
        assert_eq!(&text[code.to_source(2..3)], "&lt;");
        assert_eq!(&text[cell.range.clone()], "a &lt; b");
    }
}
