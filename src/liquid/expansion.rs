//! Going through a text and putting values in place of the marks that are understood.

use super::blocks::{self, Block, BlockKind};
use super::data::{Place, Step};
use super::expression::{self, Expression, Filter, Operand, Segment};
use super::marks::{Mark, MarkKind, Marks};
use super::unknown;
use super::{Expanded, SiteVariables};
use crate::diag::Diagnostic;
use crate::markdown::{FrontMatter, html};
use crate::source::{MappedText, Source, Span};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes may be put into one file. A captured text that captures itself again would
/// otherwise grow without end; what is over the limit stays as it is written.
const MOST_INSERTED: usize = 16 * 1024 * 1024;

/// How many parts of captured texts keep the places where they were written; what is over the limit
/// has the place where it is used.
const MOST_PLACES: usize = 100_000;

/// The white space that a dash takes away: what Ruby's `strip` does.
const WHITE_SPACE: [char; 7] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r', '\0'];

/// A file on its way.
pub(super) struct Expansion<'a> {
    source: &'a Arc<Source>,
    text: &'a str,
    front_matter: &'a FrontMatter,
    site: &'a SiteVariables,
    /// Where everything before is in `pieces`, or left out.
    done: usize,
    pieces: Vec<Piece>,
    /// The captures whose ends are still to come, from the outside to the inside.
    open: Vec<OpenCapture>,
    captured: HashMap<String, MappedText>,
    /// Where raw HTML is, as soon as somebody has asked.
    raw_html: OnceCell<Vec<Range<usize>>>,
    /// How many bytes can still be put in.
    spare: usize,
    /// How many parts of captured texts can still keep their places.
    spare_places: usize,
    addresses: Vec<(String, Span)>,
    diagnostics: Vec<Diagnostic>,
}

/// A part of the text that comes out.
enum Piece {
    /// These bytes of the file.
    Written(Range<usize>),
    /// A text in place of these bytes.
    Inserted(String, Range<usize>),
    /// A captured text in place of these bytes.
    Used(MappedText, Range<usize>),
}

struct OpenCapture {
    name: String,
    /// The pieces from here on are within it.
    from: usize,
    /// Where its closing tag begins.
    close: usize,
}

/// What a path leads to.
enum Value {
    Text(String),
    /// A text that is written further up.
    Captured(MappedText),
    /// Something that can't be put into a text, or nothing: said where it has to be.
    Absent,
    /// Nobody knows, so the text stays as it is written.
    Unknown,
}

impl Piece {
    /// How many bytes it puts in.
    fn len(&self) -> usize {
        match self {
            Self::Written(range) => range.len(),
            Self::Inserted(text, _) => text.len(),
            Self::Used(text, _) => text.text().len(),
        }
    }

    /// Adds it to a text, out of the text of the file.
    fn push_to(&self, text: &mut MappedText, file: &str) {
        match self {
            Self::Written(range) => {
                text.push_verbatim(file.get(range.clone()).unwrap_or_default(), range.start);
            }
            Self::Inserted(value, range) => text.push_replaced(value, range.clone()),
            Self::Used(written, range) => text.push_used(written, range),
        }
    }
}

impl<'a> Expansion<'a> {
    pub fn new(
        source: &'a Arc<Source>,
        front_matter: &'a FrontMatter,
        site: &'a SiteVariables,
    ) -> Self {
        Self {
            source,
            text: source.text(),
            front_matter,
            site,
            done: front_matter.body(),
            pieces: Vec::new(),
            open: Vec::new(),
            captured: HashMap::new(),
            raw_html: OnceCell::new(),
            spare: MOST_INSERTED,
            spare_places: MOST_PLACES,
            addresses: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    pub fn run(mut self) -> Expanded {
        let body = self.done;
        let blocks = blocks::find(self.text, body);
        let mut marks = Marks::new(self.text, body);
        while let Some(mark) = marks.next() {
            let understood = match (mark.kind, blocks.get(&mark.range.start)) {
                (MarkKind::Output, _) => self.output(&mark),
                (MarkKind::Tag, Some(block)) => self.open(&mark, block),
                (MarkKind::Tag, None) => self.close_capture(&mark) || self.tag(&mark),
            };
            if understood {
                marks.go_on_at(self.done);
            }
        }
        let Self { addresses, .. } = self;
        if self.done == body {
            let source = Arc::clone(self.source);
            return Expanded { source, addresses, diagnostics: self.diagnostics };
        }
        let mut text = MappedText::new();
        self.pieces.push(Piece::Written(self.done..self.text.len()));
        text.push_verbatim(self.text.get(..body).unwrap_or_default(), 0);
        for piece in &self.pieces {
            piece.push_to(&mut text, self.text);
        }
        let source = Source::derived(self.source, text);
        Expanded { source, addresses, diagnostics: self.diagnostics }
    }

    /// Takes over the text before a mark, and leaves out the mark itself.
    fn take_over_before(&mut self, mark: &Mark) {
        let mut before = self.done..mark.range.start;
        if mark.trims_before {
            let text = self.text.get(before.clone()).unwrap_or_default();
            before.end = before.start + text.trim_end_matches(WHITE_SPACE).len();
        }
        if !before.is_empty() {
            self.pieces.push(Piece::Written(before));
        }
        self.leave_out_to(mark);
    }

    fn leave_out_to(&mut self, mark: &Mark) {
        self.done = mark.range.end;
        if mark.trims_after {
            let behind = self.text.get(self.done..).unwrap_or_default();
            self.done += behind.len() - behind.trim_start_matches(WHITE_SPACE).len();
        }
    }

    /// Deals with the opening tag of a block.
    fn open(&mut self, mark: &Mark, block: &Block) -> bool {
        self.take_over_before(mark);
        match &block.kind {
            BlockKind::Raw => {
                // Dashes within take nothing away: this text is as it stands.
                self.pieces.push(Piece::Written(mark.range.end..block.close.range.start));
                self.leave_out_to(&block.close);
            }
            BlockKind::Comment => self.leave_out_to(&block.close),
            BlockKind::Capture(name) => self.open.push(OpenCapture {
                name: name.clone(),
                from: self.pieces.len(),
                close: block.close.range.start,
            }),
        }
        true
    }

    fn close_capture(&mut self, mark: &Mark) -> bool {
        let Some(capture) = self.open.pop_if(|capture| capture.close == mark.range.start) else {
            return false;
        };
        self.take_over_before(mark);
        let mut text = MappedText::new();
        for piece in self.pieces.drain(capture.from..) {
            piece.push_to(&mut text, self.text);
        }
        self.captured.insert(capture.name, text);
        true
    }

    /// Deals with a tag that belongs to no block: `{% link drain.md %}` is the address of a file. Of
    /// what else Jekyll has, nothing is done here.
    fn tag(&mut self, mark: &Mark) -> bool {
        let Some((name, rest)) = mark.words(self.text) else { return false };
        let rest = rest.trim();
        if name == "link" && !rest.is_empty() && !rest.contains(['{', '}', '|']) {
            let before = self.text.get(..mark.range.start).unwrap_or_default();
            // Before version 4, Jekyll left the path of the site to the author.
            let has_base = before.trim_end_matches('/').strip_suffix("}}").is_some_and(|before| {
                before.rfind("{{").is_some_and(|at| before[at..].contains("baseurl"))
            });
            let base = if has_base { "" } else { &self.site.base_path };
            let address = format!("{base}/{}", rest.trim_start_matches('/')).replace(' ', "%20");
            self.take_over_before(mark);
            let start = mark.inside.start + mark.text(self.text).rfind(rest).unwrap_or_default();
            let path = Span::new(self.source, start..start + rest.len());
            self.addresses.push((address.clone(), path));
            self.pieces.push(Piece::Inserted(address, mark.range.clone()));
            return true;
        }
        let unpaired = || unknown::unpaired(self.source, mark, name, rest);
        self.diagnostics.extend(unknown::tag(self.source, mark, name).or_else(unpaired));
        false
    }

    fn output(&mut self, mark: &Mark) -> bool {
        let Some(expression) = expression::parse(mark.text(self.text), mark.inside.start) else {
            return false;
        };
        let range = mark.range.clone();
        let Some(value) = self.evaluate(&expression, range.clone()) else { return false };
        let filters = expression.filters.unwrap_or_default();
        let value = match self.line_in_raw_html(mark) {
            Some(before) if filters.contains(&Filter::Markdownify) => {
                self.as_blocks(value, before, range)
            }
            _ => vec![value],
        };
        let length = value.iter().map(Piece::len).sum();
        let Some(spare) = self.spare.checked_sub(length) else { return false };
        self.spare = spare;
        self.take_over_before(mark);
        self.pieces.extend(value);
        true
    }

    /// What stands before a mark on its line, if the mark is within raw HTML. A line with more marks of
    /// items and quotations than anybody writes is none.
    fn line_in_raw_html(&self, mark: &Mark) -> Option<&'a str> {
        const MOST_BEFORE: usize = 40;
        let body = self.front_matter.body();
        let elements =
            self.raw_html.get_or_init(|| block_elements(self.text.get(body..).unwrap_or_default()));
        let at = mark.range.start - body;
        let before = elements.partition_point(|element| element.start <= at).checked_sub(1)?;
        (at < elements[before].end).then_some(())?;
        let line = self.text[..mark.range.start].rfind('\n').map_or(0, |at| at + 1);
        let line = &self.text[line..mark.range.start];
        let length = line.find(|c| !is_before_block(c)).unwrap_or(line.len());
        (length <= MOST_BEFORE).then_some(&line[..length])
    }

    /// A text that is Markdown within raw HTML: it gets an element that says so. `before` is what
    /// stands before it on its line, as part of the same items and quotations.
    fn as_blocks(&mut self, value: Piece, before: &str, range: Range<usize>) -> Vec<Piece> {
        let kept = |c: char| if matches!(c, '\t' | '>') { c } else { ' ' };
        let line_break = format!("\n{}", before.chars().map(kept).collect::<String>());
        let value = match value {
            Piece::Used(text, range) => {
                let instead = |c: char| (c == '\n').then(|| line_break.clone());
                let text = text.with_characters(instead);
                self.spare_places = self.spare_places.saturating_sub(text.pieces());
                Piece::Used(text, range)
            }
            Piece::Inserted(text, range) => Piece::Inserted(text.replace('\n', &line_break), range),
            written @ Piece::Written(_) => written,
        };
        let blank = line_break.repeat(2);
        let opening = format!("<div markdown=\"1\">{blank}");
        let closing = format!("{blank}</div>");
        vec![Piece::Inserted(opening, range.clone()), value, Piece::Inserted(closing, range)]
    }

    /// The text that an expression stands for, in place of these bytes.
    fn evaluate(&mut self, expression: &Expression, range: Range<usize>) -> Option<Piece> {
        let has_default = expression.filters.as_deref().is_some_and(|filters| {
            filters.iter().any(|filter| matches!(filter, Filter::Default(_)))
        });
        let value = match &expression.value {
            Operand::Path(path) => self.value(path, has_default),
            Operand::Literal(text) => Value::Text(text.clone()),
        };
        let is_known = !matches!(value, Value::Absent | Value::Unknown) || has_default;
        let is_value = matches!(&expression.value, Operand::Path(_));
        let Some(filters) = expression.filters.as_deref().filter(|_| is_known) else {
            if is_value {
                self.diagnostics.extend(unknown::output(self.source, expression, range, is_known));
            }
            return None;
        };
        let (host, base_path) = (&self.site.url, &self.site.base_path);
        let filtered = |text: String| {
            filters.iter().fold(text, |text, filter| filter.apply(text, host, base_path))
        };
        let text = match value {
            Value::Text(text) => filtered(text),
            Value::Captured(written) => {
                let text = filters.iter().fold(written, |text, filter| {
                    filter.apply_to_mapped(text, host, base_path, &range)
                });
                if let Some(spare) = self.spare_places.checked_sub(text.pieces()) {
                    self.spare_places = spare;
                    return Some(Piece::Used(text, range));
                }
                text.text().to_owned()
            }
            Value::Absent if has_default => filtered(String::new()),
            Value::Absent | Value::Unknown => return None,
        };
        Some(Piece::Inserted(text, range))
    }

    /// What a path leads to. With `may_be_absent`, nothing is said about data that is not there.
    fn value(&mut self, path: &[Segment], may_be_absent: bool) -> Value {
        let Some((root, below)) = path.split_first() else { return Value::Unknown };
        let names = (root.key.name(), below.first().and_then(|segment| segment.key.name()));
        match (names, below) {
            ((Some("site"), Some("data")), [_, rest @ ..]) => self.data(rest, may_be_absent),
            ((Some("site"), Some("title")), [_]) => Value::Text(self.site.title.clone()),
            ((Some("site"), Some("url")), [_]) => Value::Text(self.site.url.clone()),
            ((Some("site"), Some("baseurl")), [_]) => Value::Text(self.site.base_path.clone()),
            ((Some("page"), Some(key)), [_, rest @ ..]) => {
                // As in Jekyll, no front matter says otherwise.
                let of_file =
                    if rest.is_empty() { self.site.of_file(self.source, key) } else { None };
                of_file.map_or_else(|| self.front_matter(key, rest), Value::Text)
            }
            ((Some(name), _), []) => {
                // A text that is too large is not even copied.
                let written = self.captured.get(name);
                let fitting = written.filter(|written| written.text().len() <= self.spare);
                fitting.cloned().map_or(Value::Unknown, Value::Captured)
            }
            _ => Value::Unknown,
        }
    }

    /// What the front matter says. A key that it does not have may be meant for another program, so
    /// nothing is said about it.
    fn front_matter(&self, key: &str, rest: &[Segment]) -> Value {
        let Some(node) = self.front_matter.get(key) else { return Value::Absent };
        let mut place = Place::Node(node);
        for segment in rest {
            match place.step(&segment.key) {
                Step::To(next) => place = next,
                Step::Nowhere | Step::Unreadable => return Value::Absent,
            }
        }
        place.text().map_or(Value::Absent, Value::Text)
    }

    /// What the data files say. A path that they do not have is a finding.
    fn data(&mut self, path: &[Segment], may_be_absent: bool) -> Value {
        let Some(first) = path.first() else { return Value::Unknown };
        let Some(data) = &self.site.data else {
            if !may_be_absent {
                self.diagnostics.push(unknown::no_data_folder(self.source, first));
            }
            return Value::Absent;
        };
        let mut place = data.top();
        for (index, segment) in path.iter().enumerate() {
            place = match place.step(&segment.key) {
                Step::To(next) => next,
                Step::Unreadable => return Value::Unknown,
                Step::Nowhere => {
                    if !may_be_absent {
                        let found = unknown::nowhere(self.source, path, index, place);
                        self.diagnostics.extend(found);
                    }
                    return Value::Absent;
                }
            };
        }
        if let Some(text) = place.text() {
            return Value::Text(text);
        }
        self.diagnostics.extend(unknown::no_text(self.source, path, place));
        Value::Unknown
    }
}

/// Where raw HTML is in a text whose elements begin blocks: from opening to closing tag, in order and
/// apart.
fn block_elements(text: &str) -> Vec<Range<usize>> {
    let closing = html::closing_tags(text).into_iter();
    let mut elements: Vec<_> = closing.map(|(start, closing)| start..closing.end).collect();
    elements.sort_by_key(|element| element.start);
    let mut outer: Vec<Range<usize>> = Vec::new();
    for element in elements {
        // Of a line that begins with tags of Liquid, their end is the beginning.
        let line = text[..element.start].rfind(['\n', '}']).map_or(0, |at| at + 1);
        let begins_block = text[line..element.start].chars().all(is_before_block);
        if begins_block && outer.last().is_none_or(|last| last.end <= element.start) {
            outer.push(element);
        }
    }
    outer
}

/// Whether a character may stand before a block on its line: blanks, and the marks of items and
/// quotations.
fn is_before_block(character: char) -> bool {
    character.is_ascii_digit() || " \t>*+-.:".contains(character)
}
