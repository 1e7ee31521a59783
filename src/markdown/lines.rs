//! Lines: how a container sees its part of the source.
//!
//! What stands in an item, a quotation or a footnote is the source without the prefixes of its
//! lines. Whatever the dialect takes off a line or puts before it, the rest of the line is always
//! an end of a line of the source; so a [`Line`] is a number of blanks and a range, and containers
//! within containers copy no text.

use crate::source::MappedText;
use std::ops::Range;

/// A line of a container, without its line break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Blanks before the text that are not in the source as such: rests of tabs.
    pub pad: usize,
    /// Where the text begins in the source.
    pub start: usize,
    /// Where the text ends in the source.
    pub end: usize,
}

/// The lines of a source from a byte on. A lone carriage return ends a line as well.
pub fn split(source: &str, from: usize) -> Vec<Line> {
    let bytes = source.as_bytes();
    let mut lines = Vec::with_capacity((bytes.len() - from.min(bytes.len())) / 32 + 1);
    let mut start = from;
    let rest = bytes.get(from..).unwrap_or_default();
    // Hardly any source has these.
    if memchr::memchr(b'\r', rest).is_some() {
        while let Some(length) =
            bytes.get(start..).and_then(|line| memchr::memchr2(b'\n', b'\r', line))
        {
            let end = start + length;
            lines.push(Line { pad: 0, start, end });
            start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        }
    } else {
        for end in memchr::memchr_iter(b'\n', rest).map(|length| from + length) {
            lines.push(Line { pad: 0, start, end });
            start = end + 1;
        }
    }
    if start < bytes.len() {
        lines.push(Line { pad: 0, start, end: bytes.len() });
    }
    lines
}

impl Line {
    /// The text behind the padding.
    pub fn text(self, source: &str) -> &str {
        &source[self.start..self.end]
    }

    /// Its bytes in the source.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether there is nothing on it but white space.
    pub fn is_blank(self, source: &str) -> bool {
        self.text(source).bytes().all(is_space)
    }

    /// How many spaces it begins with, and the line behind them.
    pub fn indent(self, source: &str) -> (usize, Line) {
        let spaces = self.text(source).bytes().take_while(|byte| *byte == b' ').count();
        (self.pad + spaces, Line { pad: 0, start: self.start + spaces, end: self.end })
    }

    /// The line behind at most three spaces, if it begins with no more.
    pub fn outdented(self, source: &str) -> Option<Line> {
        let (spaces, rest) = self.indent(source);
        (spaces <= 3).then_some(rest)
    }

    /// The line without `count` spaces, if it begins with as many.
    pub fn without_spaces(self, source: &str, count: usize) -> Option<Line> {
        let from_text = count.saturating_sub(self.pad);
        let text = self.text(source).as_bytes();
        let has_all = text.len() >= from_text && text[..from_text].iter().all(|byte| *byte == b' ');
        has_all.then_some(Line {
            pad: self.pad.saturating_sub(count),
            start: self.start + from_text,
            end: self.end,
        })
    }

    /// The line without one level of indentation, a tab or four spaces, if it has one.
    pub fn without_level(self, source: &str) -> Option<Line> {
        if self.pad == 0 && self.text(source).starts_with('\t') {
            return Some(Line { start: self.start + 1, ..self });
        }
        self.without_spaces(source, 4)
    }

    /// The line with the tabs at its front as four spaces each.
    pub fn with_spaces_for_tabs(self, source: &str) -> Line {
        if self.pad > 0 {
            return self;
        }
        let tabs = self.text(source).bytes().take_while(|byte| *byte == b'\t').count();
        Line { pad: 4 * tabs, start: self.start + tabs, end: self.end }
    }

    /// The line with the white space at its front as blanks, tabs going to the next stop of four
    /// where the line begins in a column of its container.
    pub fn with_tab_stops(self, source: &str, column: usize) -> Line {
        let mut at = column + self.pad;
        let mut start = self.start;
        for byte in self.text(source).bytes() {
            match byte {
                b' ' => at += 1,
                b'\t' => at += 4 - at % 4,
                _ => break,
            }
            start += 1;
        }
        Line { pad: at - column, start, end: self.end }
    }

    /// The line without white space at its front.
    pub fn trimmed_start(self, source: &str) -> Line {
        let blank = self.text(source).bytes().take_while(|byte| is_space(*byte)).count();
        Line { pad: 0, start: self.start + blank, end: self.end }
    }

    /// The line without white space at its end.
    pub fn trimmed_end(self, source: &str) -> Line {
        let blank = self.text(source).bytes().rev().take_while(|byte| is_space(*byte)).count();
        Line { end: self.end - blank, ..self }
    }

    /// The line without white space around it.
    pub fn trimmed(self, source: &str) -> Line {
        self.trimmed_start(source).trimmed_end(source)
    }
}

/// White space as kramdown's patterns have it: a no-break space is none.
pub fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// The bytes from the first line's text to the last one's, without white space around them.
pub fn range_of(source: &str, lines: &[Line]) -> Range<usize> {
    let first = lines.iter().find(|line| !line.is_blank(source)).or(lines.first());
    let last = lines.iter().rfind(|line| !line.is_blank(source)).or(lines.last());
    match (first, last) {
        (Some(first), Some(last)) => {
            let start = first.trimmed_start(source).start;
            start..last.trimmed_end(source).end.max(start)
        }
        _ => 0..0,
    }
}

/// Lines as one text, each with its line break.
pub fn joined(source: &str, lines: &[Line]) -> MappedText {
    let mut text = MappedText::new();
    for line in lines {
        push(&mut text, source, *line);
    }
    text
}

/// Adds a line and its line break to a text.
pub fn push(text: &mut MappedText, source: &str, line: Line) {
    text.push_replaced(&" ".repeat(line.pad), line.start..line.start);
    text.push_verbatim(line.text(source), line.start);
    let behind = &source[line.end..];
    if behind.starts_with('\n') {
        text.push_verbatim("\n", line.end);
    } else {
        let width = if behind.starts_with("\r\n") { 2 } else { behind.len().min(1) };
        let end = if behind.is_char_boundary(width) { line.end + width } else { line.end };
        text.push_replaced("\n", line.end..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_any_editor_ends_them() {
        let source = "a\r\nb\rc\n\nd";
        let texts: Vec<_> = split(source, 0).iter().map(|line| line.text(source)).collect();
        assert_eq!(texts, ["a", "b", "c", "", "d"]);
        assert_eq!(joined(source, &split(source, 0)).text(), "a\nb\nc\n\nd\n");
    }

    #[test]
    fn tabs_are_worth_four_spaces() {
        let source = "\t\tx";
        let line = split(source, 0)[0];
        assert_eq!(line.with_spaces_for_tabs(source).without_spaces(source, 3).unwrap().pad, 5);
        assert_eq!(line.without_level(source).unwrap().start, 1);
        let source = "  \tx";
        assert_eq!(split(source, 0)[0].with_tab_stops(source, 1).pad, 3);
    }
}
