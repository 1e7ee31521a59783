//! YAML as nearly all of it is written.
//!
//! The library takes some 1,500 steps for each key and each value, since it is ready for all that YAML
//! allows. Rule files and front matter are block mappings and lists with scalars that need no look
//! around; this reads them in one go. Architecture invariant: it refuses nothing. What is written
//! otherwise, or is no YAML, is left to the library; and what is read here is to the last byte what the
//! library reads, which a property test holds.
//!
//! Read here are block mappings and block sequences, `{…}` and `[…]` on one line, scalars on one line with
//! and without quotes, literal and folded blocks, and comments.

use super::scalar::{self, Style};
use super::{Entry, Node, Value};
use crate::source::{ByteSet, Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// How deep collections may nest here: enough for any rule file, and far below what is refused.
const DEEPEST_USUAL: usize = 24;

/// How long a key may be in bytes. YAML takes 1,024 characters.
const LONGEST_KEY: usize = 1000;

/// The document of a text, which stands in the source from `base` on; nothing for a text that only the
/// library can judge.
pub(super) fn read(source: &Arc<Source>, base: usize, text: &str) -> Option<Node> {
    // What a text says that was made of a file's own may stand otherwise in the file.
    if source.is_derived() || !is_usual(text.as_bytes()) {
        return None;
    }
    let (items, entries) = (Vec::new(), Vec::new());
    let mut reader = Reader { source, base, text, at: 0, indent: None, items, entries };
    let mark = "---\n";
    reader.go_to_line(if text.starts_with(mark) { mark.len() } else { 0 })?;
    let node = reader.block(reader.indent?, 0)?;
    reader.indent.is_none().then_some(node)
}

/// Whether all characters are ones that stand for nothing but themselves: no tabs or returns, nothing that
/// YAML does not print, none of the line breaks and marks of Unicode.
fn is_usual(text: &[u8]) -> bool {
    // U+0080 to U+00BF begin with C2, and the byte order mark and its neighbours with EF.
    let is_odd = |byte: u8| (byte < b' ' && byte != b'\n') || matches!(byte, 0x7f | 0xc2 | 0xef);
    let mut has_separators = false;
    let mut has_odd = false;
    for byte in text {
        has_odd |= is_odd(*byte);
        // U+2028 and U+2029.
        has_separators |= matches!(byte, 0xa8 | 0xa9);
    }
    !has_odd && (!has_separators || !text.windows(2).any(|two| matches!(two, [0x80, 0xa8 | 0xa9])))
}

struct Reader<'t> {
    source: &'t Arc<Source>,
    base: usize,
    text: &'t str,
    /// The byte that is looked at.
    at: usize,
    /// How far the line that is looked at is indented; nothing behind the last one.
    indent: Option<usize>,
    /// What the lists have so far that have not ended, the innermost last: a list is made when all of it
    /// is there, and then in one piece.
    items: Vec<Node>,
    /// The same of mappings.
    entries: Vec<Entry>,
}

impl<'t> Reader<'t> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    fn node(&self, range: Range<usize>, value: Value, style: Style) -> Node {
        let span = Span::new(self.source, self.base + range.start..self.base + range.end);
        Node { span, value, style }
    }

    /// Where a line ends: at its line break, or at the end of the text.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.text.len(), |length| at + length)
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    /// Goes to the first line from the beginning of one on that says something. Nothing where a document
    /// begins or ends.
    fn go_to_line(&mut self, mut start: usize) -> Option<()> {
        loop {
            let at = self.skip_spaces(start);
            match self.byte(at) {
                None => {
                    (self.at, self.indent) = (at, None);
                    return Some(());
                }
                Some(b'\n') => start = at + 1,
                Some(b'#') => start = self.line_end(at) + 1,
                Some(_) => {
                    (self.at, self.indent) = (at, Some(at - start));
                    let begins = |mark| self.text.as_bytes()[at..].starts_with(mark);
                    let is_mark = at == start && (begins(b"---") || begins(b"..."));
                    return (!is_mark).then_some(());
                }
            }
        }
    }

    /// Goes to the line behind this one, of which only a comment may be left.
    fn end_line(&mut self, at: usize) -> Option<()> {
        let spaces = self.skip_spaces(at);
        match self.byte(spaces) {
            None | Some(b'\n') => {}
            Some(b'#') if spaces > at => {}
            Some(_) => return None,
        }
        self.go_to_line(self.line_end(spaces) + 1)
    }

    fn is_item(&self) -> bool {
        self.byte(self.at) == Some(b'-')
            && matches!(self.byte(self.at + 1), Some(b' ' | b'\n') | None)
    }

    /// The collection that begins here, whose lines are indented so.
    fn block(&mut self, indent: usize, depth: usize) -> Option<Node> {
        if self.is_item() {
            self.sequence(indent, self.at, depth)
        } else {
            self.mapping(indent, depth)
        }
    }

    /// The list of which this is the first dash, and which begins at a byte.
    fn sequence(&mut self, indent: usize, start: usize, depth: usize) -> Option<Node> {
        if depth >= DEEPEST_USUAL {
            return None;
        }
        let first = self.items.len();
        while self.indent == Some(indent) && self.is_item() {
            let at = self.skip_spaces(self.at + 1);
            let item = if self.begins_entry(at) {
                let inner = indent + (at - self.at);
                self.at = at;
                self.indent = Some(inner);
                self.mapping(inner, depth + 1)?
            } else {
                self.value(at, indent, depth + 1)?
            };
            self.items.push(item);
        }
        // A line further in would go on with the last item; one further out is somebody else's.
        if self.indent.is_some_and(|next| next > indent) {
            return None;
        }
        let items = self.items.split_off(first);
        let end = items.last()?.span.range().end - self.base;
        Some(self.node(start..end, Value::Sequence(items), Style::Plain))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Node> {
        if depth >= DEEPEST_USUAL {
            return None;
        }
        let (start, first) = (self.at, self.entries.len());
        while self.indent == Some(indent) && !self.is_item() {
            let (key, behind) = self.key(self.at)?;
            let at = self.skip_spaces(behind);
            let value = if matches!(self.byte(at), None | Some(b'\n' | b'#')) {
                self.end_line(behind)?;
                let next = self.indent?;
                if next == indent && self.is_item() {
                    // As the library has it: a list that is no further in begins behind its first dash.
                    self.sequence(indent, self.skip_spaces(self.at + 1), depth + 1)?
                } else if next > indent {
                    self.block(next, depth + 1)?
                } else {
                    return None;
                }
            } else {
                self.value(at, indent, depth + 1)?
            };
            self.entries.push(Entry { key, value });
        }
        if self.indent.is_some_and(|next| next > indent) {
            return None;
        }
        let entries = self.entries.split_off(first);
        let end = entries.last()?.value.span.range().end - self.base;
        Some(self.node(start..end, Value::Mapping(entries), Style::Plain))
    }

    /// Whether a key and its `:` begin here.
    fn begins_entry(&self, at: usize) -> bool {
        self.key_end(at).is_some()
    }

    /// The key that begins here, and where its value may begin: behind the `:`.
    fn key(&self, start: usize) -> Option<(Node, usize)> {
        let end = self.key_end(start).filter(|end| end - start <= LONGEST_KEY)?;
        let text = self.slice(start..end).trim_end_matches(' ');
        // A merge key takes in other mappings.
        if text.is_empty() || text == "<<" {
            return None;
        }
        let place = start..start + text.len();
        Some((self.node(place, Value::String(None), Style::Plain), end + 1))
    }

    /// Where the key ends that begins here, at its `:`; nothing if none does. Keys are short, and their
    /// lines need not be.
    fn key_end(&self, start: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(start..)?;
        if !begins_plain(rest) {
            return None;
        }
        let end = rest.iter().zip(0..).position(|(byte, at)| match byte {
            b'\n' => true,
            b':' => matches!(rest.get(at + 1), None | Some(b' ' | b'\n')),
            b'#' => at > 0 && rest[at - 1] == b' ',
            _ => false,
        })?;
        (rest[end] == b':').then_some(start + end)
    }

    /// Where a scalar without quotes ends on its line: at a `:` that makes it a key, at the space before
    /// a comment, or where the line ends. Nothing if something else than such a scalar begins here.
    fn plain_end(&self, start: usize, line_end: usize) -> Option<usize> {
        let line = self.text.as_bytes().get(start..line_end)?;
        if !begins_plain(line) {
            return None;
        }
        let is_end = |at: usize| match line[at] {
            b':' => matches!(line.get(at + 1), None | Some(b' ')),
            _ => at > 0 && line[at - 1] == b' ',
        };
        let found = memchr::memchr2_iter(b':', b'#', line).find(|at| is_end(*at));
        Some(found.map_or(line_end, |at| start + at))
    }

    /// The value that begins here on the line of its key or of its dash, within a collection that is
    /// indented so.
    fn value(&mut self, start: usize, indent: usize, depth: usize) -> Option<Node> {
        let line_end = self.line_end(start);
        let (node, end) = match self.byte(start)? {
            b'|' | b'>' => return self.block_scalar(start, line_end, indent),
            b'"' | b'\'' => self.quoted(start, line_end)?,
            b'{' | b'[' => self.flow(start, line_end, depth)?,
            _ => {
                let end = self.plain_end(start, line_end)?;
                if self.byte(end) == Some(b':') {
                    return None;
                }
                self.plain(start, end)
            }
        };
        self.end_line(end)?;
        // A line further in would go on with a scalar.
        self.indent.is_none_or(|next| next <= indent).then_some(node)
    }

    /// A scalar without quotes with its spaces behind it, and where it ends without them.
    fn plain(&self, start: usize, end: usize) -> (Node, usize) {
        let text = self.slice(start..end).trim_end_matches(' ');
        let end = start + text.len();
        (self.node(start..end, scalar::resolve(text, None), Style::Plain), end)
    }

    /// A scalar in quotes, and the byte behind it.
    fn quoted(&self, start: usize, line_end: usize) -> Option<(Node, usize)> {
        let quote = self.byte(start)?;
        // Nothing unless there is an escape, and then what stands before the last one.
        let mut decoded = String::new();
        let mut from = start + 1;
        loop {
            let rest = self.text.as_bytes().get(from..line_end)?;
            let at = from + memchr::memchr2(quote, b'\\', rest)?;
            let (next, stands_for) = match (quote, self.byte(at)?, self.byte(at + 1)) {
                (b'\'', b'\\', _) => (at + 1, '\\'),
                (b'\'', _, Some(b'\'')) => (at + 2, '\''),
                (_, b'\\', Some(b'"')) => (at + 2, '"'),
                (_, b'\\', Some(b'\\')) => (at + 2, '\\'),
                (_, b'\\', Some(b'n')) => (at + 2, '\n'),
                (_, b'\\', _) => return None,
                _ => {
                    let style =
                        if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
                    let place = start..at + 1;
                    let decoded = if from == start + 1 {
                        None
                    } else {
                        decoded.push_str(self.slice(from..at));
                        // A backslash in single quotes stands for itself.
                        style.decoded(self.slice(place.clone()), &decoded)
                    };
                    return Some((self.node(place, Value::String(decoded), style), at + 1));
                }
            };
            decoded.push_str(self.slice(from..at));
            decoded.push(stands_for);
            from = next;
        }
    }

    /// A collection in brackets that ends on its line, and the byte behind it.
    fn flow(&mut self, start: usize, line_end: usize, depth: usize) -> Option<(Node, usize)> {
        if depth >= DEEPEST_USUAL {
            return None;
        }
        let is_mapping = self.byte(start) == Some(b'{');
        let close = if is_mapping { b'}' } else { b']' };
        let (first_item, first_entry) = (self.items.len(), self.entries.len());
        let mut at = self.skip_spaces(start + 1);
        while self.byte(at) != Some(close) {
            let end = if is_mapping {
                let (key, behind) = self.flow_key(at)?;
                let (value, end) = self.flow_value(self.skip_spaces(behind), line_end, depth)?;
                self.entries.push(Entry { key, value });
                end
            } else {
                let (item, end) = self.flow_value(at, line_end, depth)?;
                self.items.push(item);
                end
            };
            at = self.skip_spaces(end);
            if self.byte(at) == Some(b',') {
                at = self.skip_spaces(at + 1);
                // A comma may stand behind the last one as well; the library knows.
                if self.byte(at) == Some(close) {
                    return None;
                }
            } else if self.byte(at) != Some(close) {
                return None;
            }
        }
        let value = if is_mapping {
            Value::Mapping(self.entries.split_off(first_entry))
        } else {
            Value::Sequence(self.items.split_off(first_item))
        };
        Some((self.node(start..at + 1, value, Style::Plain), at + 1))
    }

    fn flow_key(&self, start: usize) -> Option<(Node, usize)> {
        let (key, behind) = self.key(start)?;
        let has_space = self.byte(behind) == Some(b' ');
        let has_brackets = || key.span.text().bytes().any(|byte| BRACKETS.has(byte));
        (has_space && !has_brackets()).then_some((key, behind))
    }

    fn flow_value(&mut self, start: usize, line_end: usize, depth: usize) -> Option<(Node, usize)> {
        match self.byte(start)? {
            b'"' | b'\'' => self.quoted(start, line_end),
            b'{' | b'[' => self.flow(start, line_end, depth + 1),
            _ => {
                let line = self.text.as_bytes().get(start..line_end)?;
                let end = start + line.iter().position(|byte| BRACKETS.has(*byte))?;
                // A `:` may make a key of it, a `#` a comment.
                (self.plain_end(start, end)? == end).then(|| self.plain(start, end))
            }
        }
    }

    /// A literal or folded block, whose lines are indented further than the collection it is in.
    fn block_scalar(&mut self, start: usize, line_end: usize, outer: usize) -> Option<Node> {
        let header = self.slice(start..line_end).trim_end_matches(' ');
        let (folds, keeps_break) = match header {
            "|" => (false, true),
            "|-" => (false, false),
            ">" => (true, true),
            ">-" => (true, false),
            _ => return None,
        };
        let first = self.skip_spaces(line_end + 1);
        let inner = first.checked_sub(line_end + 1).filter(|inner| *inner > outer)?;
        // Which lines are indented is to be counted from the first one that is not blank.
        if matches!(self.byte(first), None | Some(b'\n')) {
            return None;
        }
        let mut decoded = String::new();
        let (mut line, mut blank, mut end) = (line_end + 1, 0, first);
        while line < self.text.len() {
            let text_start = self.skip_spaces(line);
            let break_at = self.line_end(text_start);
            // How a block ends without a line break is for the library to say.
            self.byte(break_at)?;
            if text_start == break_at {
                if break_at - line > inner {
                    return None;
                }
                blank += 1;
            } else {
                match text_start - line {
                    indent if indent <= outer => break,
                    // Lines further in stay as they are where others are folded.
                    indent if indent < inner || (folds && indent > inner) => return None,
                    _ => {}
                }
                if !decoded.is_empty() {
                    match (folds, blank) {
                        (true, 0) => decoded.push(' '),
                        (true, _) => decoded.extend(std::iter::repeat_n('\n', blank)),
                        (false, _) => decoded.extend(std::iter::repeat_n('\n', blank + 1)),
                    }
                }
                decoded.push_str(self.slice(line + inner..break_at));
                (blank, end) = (0, break_at);
            }
            line = break_at + 1;
        }
        if keeps_break {
            decoded.push('\n');
        }
        self.go_to_line(line)?;
        // The visible characters alone, as of any scalar.
        let visible = self.slice(first..end).trim_end().len();
        let place = first..first + visible;
        let decoded = Style::Block.decoded(self.slice(place.clone()), &decoded);
        let node = self.node(place, Value::String(decoded), Style::Block);
        self.indent.is_none_or(|next| next <= outer).then_some(node)
    }
}

/// Whether a scalar without quotes may begin so.
fn begins_plain(text: &[u8]) -> bool {
    match text {
        [] | [b'-'] | [b'-', b' ' | b'\n', ..] => false,
        [first, ..] => !SIGNS.has(*first),
    }
}

/// What collections in brackets are written with.
static BRACKETS: ByteSet = ByteSet::of(b",[]{}");

/// What no scalar without quotes begins with.
static SIGNS: ByteSet = ByteSet::of(b"\n,[]{}#&*!|>'\"%@`?:");

#[cfg(test)]
mod tests;
