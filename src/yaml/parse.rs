//! From the parser's events to a tree.

use super::scalar::{self, Style};
use super::{Entry, Node, Value, plain, wording};
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use serde_yaml::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// How deep a document may be nested, aliases included. Whoever walks a tree may recurse.
pub const MAX_DEPTH: usize = 96;

/// How many nodes the aliases of a file may add to it. Rule files that share their labels stay
/// far below; a bomb of aliases of aliases is stopped before it takes a few dozen megabytes.
const MAX_ALIASED_NODES: usize = 200_000;

/// Why a text is no YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, for the author: no full stop, lower case first.
    pub message: String,
    /// Where it went wrong.
    pub span: Span,
}

impl YamlError {
    /// The same as a finding of a check.
    pub fn into_diagnostic(self, check: &'static str) -> Diagnostic {
        Diagnostic::new(check, self.span, self.message)
    }
}

/// All documents in a byte range of a source: the whole of a rule file, the lines between the
/// marks of a front matter. An empty range has none; a document without content is a null.
///
/// # Errors
/// The first thing that is no YAML, that is nested deeper than [`MAX_DEPTH`], that repeats itself
/// by aliases beyond all use, or that has a key which is no text.
pub fn parse(source: &Arc<Source>, range: Range<usize>) -> Result<Vec<Node>, YamlError> {
    let whole = Span::new(source, range);
    if let Some(document) = plain::read(source, whole.range().start, whole.text()) {
        return Ok(vec![document]);
    }
    let mut text = Cow::Borrowed(whole.text());
    // Once more behind each text with `\'`, which YAML does not know and Prometheus takes.
    for _ in 0..MAX_QUOTED {
        match read(source, whole.range().start, &text) {
            Ok(documents) => return Ok(documents),
            Err((error, escape)) => match escape.and_then(|at| with_stand_ins(&text, at)) {
                Some(other) => text = Cow::Owned(other),
                None => return Err(error),
            },
        }
    }
    read(source, whole.range().start, &text).map_err(|(error, _)| error)
}

/// What stands for `\'` while a text in double quotes is read: as many bytes, and a letter that
/// nobody writes beside it.
const STAND_IN: &str = "\u{7fa}";

/// How many texts with `\'` a file may have. Prometheus and Kubernetes read YAML by a library of Go
/// that takes it.
const MAX_QUOTED: usize = 200;

/// The text in which stand-ins are in the place of the `\'` of one text in double quotes, which
/// begins at a byte; `None` if there are none.
fn with_stand_ins(text: &str, start: usize) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.get(start) != Some(&b'"') || !text.contains("\\'") {
        return None;
    }
    let mut found = Vec::new();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'"') {
        if *byte == b'\\' {
            at += 1;
            match bytes.get(at) {
                Some(b'\'') => found.push(at - 1),
                Some(_) if is_stand_in(&bytes[at..]) => return None,
                _ => {}
            }
        }
        at += 1;
    }
    if found.is_empty() || text.get(start..at)?.contains(STAND_IN) {
        return None;
    }
    let mut other = text.to_owned();
    for at in found {
        other.replace_range(at..at + 2, STAND_IN);
    }
    Some(other)
}

/// Whether what stands behind a backslash gives the letter that stands for `\'`.
fn is_stand_in(escape: &[u8]) -> bool {
    [&b"u07fa"[..], b"U000007fa"].iter().any(|it| {
        escape[0] == it[0]
            && escape.get(..it.len()).is_some_and(|front| front.eq_ignore_ascii_case(it))
    })
}

/// Reads a text that stands in the source from `base` on. The second part of an error is the byte
/// at which a text in double quotes begins, if it is that one's.
pub(super) fn read(
    source: &Arc<Source>,
    base: usize,
    text: &str,
) -> Result<Vec<Node>, (YamlError, Option<usize>)> {
    let mut builder = Builder {
        source,
        base,
        text,
        open: Vec::new(),
        documents: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                // A parser over a string always knows the bytes.
                let bytes = span.byte_range().unwrap_or_default();
                let range = base + bytes.start..base + bytes.end;
                builder.take(event, range).map_err(|error| (error, None))?;
            }
            Err(error) => {
                let is_escape = *error.kind() == ErrorKind::UnknownQuotedScalarEscape;
                let at = error.marker().byte_offset().filter(|_| is_escape);
                return Err((builder.syntax_error(&error), at));
            }
        }
    }
    Ok(builder.documents)
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    /// Where the parsed range begins in the source.
    base: usize,
    /// What is parsed: the source from there on, but for stand-ins.
    text: &'s str,
    /// The collections that are not closed yet, from the outside to the inside.
    open: Vec<Open>,
    documents: Vec<Node>,
    anchors: HashMap<usize, Anchored>,
    aliased: usize,
}

/// A collection under construction.
struct Open {
    content: Content,
    start: usize,
    /// Where what was added last ends.
    end: usize,
    flow: bool,
    anchor: usize,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>, Option<Node>),
}

/// What an alias stands for, with what it costs to repeat it.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag
                    .as_deref()
                    .is_some_and(|tag| tag.is_yaml_core_schema_tag("str") || tag.original() == "!");
                let node = self.scalar(text, style, is_text, range);
                let end = node.span.range().end;
                self.add(node, anchor, end)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.begin(Content::Sequence(Vec::new()), style, anchor, range)
            }
            Event::MappingStart(style, anchor, _) => {
                self.begin(Content::Mapping(Vec::new(), None), style, anchor, range)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&range),
            Event::Alias(anchor) => self.alias(anchor, range),
            _ => Ok(()),
        }
    }

    fn scalar(
        &self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        is_text: bool,
        range: Range<usize>,
    ) -> Node {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        // What is read is written otherwise where there are any.
        let has_stand_ins = style == Style::DoubleQuoted
            && text.contains(STAND_IN)
            && self.text.get(range.start - self.base..range.end - self.base)
                != self.source.text().get(range.clone());
        let mut span = Span::new(self.source, range);
        if style == Style::Block {
            // The parser counts line breaks and blank lines after a block scalar to it.
            let visible = span.text().trim_end().len();
            span = Span::new(self.source, span.range().start..span.range().start + visible);
        }
        let text = if has_stand_ins { text.replace(STAND_IN, "'").into() } else { text };
        let decoded = style.decoded(span.text(), &text);
        let value = match style {
            // A value that is left out comes as a `~` without any bytes.
            Style::Plain if span.text().is_empty() => Value::Null,
            Style::Plain if !is_text => scalar::resolve(&text, decoded),
            _ => Value::String(decoded),
        };
        Node { span, value, style }
    }

    fn begin(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        range: Range<usize>,
    ) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(range, wording::TOO_DEEP));
        }
        self.open.push(Open {
            content,
            start: range.start,
            end: range.end,
            flow: style == StructureStyle::Flow,
            anchor,
        });
        Ok(())
    }

    fn end(&mut self, range: &Range<usize>) -> Result<(), YamlError> {
        let Some(Open { content, start, end, flow, anchor }) = self.open.pop() else {
            return Ok(());
        };
        let value = match content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping(entries, _) => Value::Mapping(self.merged(entries)?),
        };
        // A block ends where its last value ends, not where the next thing begins.
        let end = if flow { range.end } else { end };
        let node = Node { span: Span::new(self.source, start..end), value, style: Style::Plain };
        self.add(node, anchor, end)
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), YamlError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            // The parser knows the name, so the anchor is around this very alias.
            return Err(self.error(range, "this alias would contain itself"));
        };
        let (node, size, depth) = (anchored.node.clone(), anchored.size, anchored.depth);
        if self.open.len() + depth > MAX_DEPTH {
            return Err(self.error(range, wording::TOO_DEEP));
        }
        self.count(size, &range)?;
        self.add(node, 0, range.end)
    }

    /// Puts a complete node where it belongs. `end` is where it ends here: with an alias, the node
    /// itself stands elsewhere.
    fn add(&mut self, node: Node, anchor: usize, end: usize) -> Result<(), YamlError> {
        if anchor != 0 {
            let (size, depth) = measure(&node);
            self.count(size, &node.span.range())?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, depth });
        }
        let around = self.open.last_mut().map(|open| {
            open.end = end;
            &mut open.content
        });
        match around {
            None => self.documents.push(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping(entries, key)) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => *key = Some(into_key(node)?),
            },
        }
        Ok(())
    }

    fn count(&mut self, size: usize, range: &Range<usize>) -> Result<(), YamlError> {
        self.aliased += size;
        if self.aliased > MAX_ALIASED_NODES {
            return Err(self.error(range.clone(), "aliases repeat this too often"));
        }
        Ok(())
    }

    /// The entries with merge keys (<https://yaml.org/type/merge.html>) replaced by what they name.
    fn merged(&self, mut entries: Vec<Entry>) -> Result<Vec<Entry>, YamlError> {
        if !entries.iter().any(is_merge) {
            // Front matter stays in memory as long as its page does.
            entries.shrink_to_fit();
            return Ok(entries);
        }
        let mut names: HashSet<String> = entries
            .iter()
            .filter(|entry| !is_merge(entry))
            .map(|entry| entry.name().to_owned())
            .collect();
        let mut merged = Vec::with_capacity(entries.len());
        for entry in entries {
            if !is_merge(&entry) {
                merged.push(entry);
                continue;
            }
            let sources = match entry.value.value {
                Value::Sequence(items) => items,
                _ => vec![entry.value],
            };
            for source in sources {
                let Value::Mapping(inherited) = source.value else {
                    let message =
                        format!("`<<` takes a mapping or a list of them, not {}", source.kind());
                    return Err(self.error(source.span.range(), &message));
                };
                merged.extend(
                    inherited.into_iter().filter(|entry| names.insert(entry.name().to_owned())),
                );
            }
        }
        Ok(merged)
    }

    fn error(&self, range: Range<usize>, message: &str) -> YamlError {
        YamlError { message: message.to_owned(), span: Span::new(self.source, range) }
    }

    /// The tab to blame for a fault at a byte of the source.
    fn tab(&self, at: usize) -> usize {
        let text = self.source.text().get(self.base..).unwrap_or_default();
        let near = at.checked_sub(self.base).and_then(|at| tab_near(text, at));
        near.map_or(at, |tab| self.base + tab)
    }

    fn syntax_error(&self, error: &granit_parser::ScanError) -> YamlError {
        let text = self.source.text();
        let rest = |offset: usize| text.get(offset..).unwrap_or_default();
        let mut start = self.base + error.marker().byte_offset().unwrap_or_default();
        if wording::is_about_tabs(error.kind()) {
            start = self.tab(start);
        } else if rest(start).trim().is_empty() {
            // Nothing is to be seen at the end; what is missing is missing after the last text.
            let before = text.get(self.base..start).unwrap_or_default().trim_end();
            start = self.base + before.char_indices().next_back().map_or(0, |(at, _)| at);
        }
        let length = match rest(start).chars().next() {
            // An alias, whole.
            Some('*') => rest(start).find(char::is_whitespace).unwrap_or(rest(start).len()),
            Some(first) if !first.is_whitespace() || first == '\t' => first.len_utf8(),
            _ => 0,
        };
        let before = text.get(self.base..start).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or_default().trim();
        self.error(start..start + length, &wording::describe(error.kind(), before))
    }
}

/// Where the tab is that the parser stopped for, at or near a byte of a text: before it on its
/// line, or in the indentation of a line behind it.
fn tab_near(text: &str, at: usize) -> Option<usize> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let before = text.get(line..at)?.rfind('\t').map(|tab| line + tab);
    let is_right_here = text[at..].starts_with('\t');
    let indented = || {
        let mut start = line;
        text[line..].split_inclusive('\n').find_map(|line| {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            let tab = line[..blank].find('\t').map(|tab| start + tab);
            start += line.len();
            tab
        })
    };
    if is_right_here { Some(at) } else { before.or_else(indented) }
}

fn is_merge(entry: &Entry) -> bool {
    entry.key.style == Style::Plain && entry.name() == "<<"
}

/// A key is its text, whatever it would mean as a value.
fn into_key(node: Node) -> Result<Node, YamlError> {
    let decoded = match node.value {
        Value::String(decoded) | Value::Number(decoded) => decoded,
        Value::Bool(_) | Value::Null => None,
        Value::Sequence(_) | Value::Mapping(_) => {
            let message = format!("a key must be a text, not {}", node.kind());
            return Err(YamlError { message, span: node.span });
        }
    };
    Ok(Node { value: Value::String(decoded), ..node })
}

/// How many nodes there are, and how deep they nest. The depth is bounded before it gets here.
fn measure(node: &Node) -> (usize, usize) {
    let children: Vec<(usize, usize)> = match &node.value {
        Value::Sequence(items) => items.iter().map(measure).collect(),
        Value::Mapping(entries) => entries.iter().map(|entry| measure(&entry.value)).collect(),
        _ => return (1, 0),
    };
    let size = children.iter().map(|(size, _)| size).sum::<usize>();
    let depth = children.iter().map(|(_, depth)| depth).max().copied().unwrap_or_default();
    (size + 1, depth + 1)
}

#[cfg(test)]
mod tests;
