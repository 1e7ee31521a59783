//! Running text by kramdown's rules.
//!
//! Source of the rules: the parsers of spans in `kramdown/parser/kramdown/*.rb` of kramdown 2.4 and
//! `kramdown/parser/gfm.rb` of kramdown-parser-gfm 1.1. At each mark kramdown tries its parsers in
//! turn, and what opens an element is read ahead for what closes it; a mark that nothing closes is
//! text. That can take long on texts of nothing but marks, so reading ahead has a budget, behind
//! which marks are text.
//!
//! Three things differ on purpose: what [`Kept`] names stays as it is, bare addresses become links, and what looks like a tag and is none is text to be read.

mod attribute_list;
mod emphasis;
mod entity;
mod html;
mod link;
mod quote;
mod text;
mod url;

pub use entity::{decoded_at, entity_at};
pub use text::{Asked, Kept, Text, Verbatim};

use super::definitions::Definitions;
use super::document::{Inline, InlineKind};
use super::habit::{Habit, HabitKind};
use crate::source::{ByteSet, MappedText};
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::ops::Range;

/// What may be read ahead, for each byte of a text and at least.
const BUDGET: (usize, usize) = (24, 8192);

/// The longest of what is looked for at once: an address, a title, a text that is struck out; in
/// bytes.
const LONGEST: usize = 2000;

/// How deep elements may stand within each other.
const DEEPEST: usize = 32;

/// The running text of a block, and the habits met in it.
pub fn read(text: &Text<'_>, definitions: &Definitions, habits: &mut Vec<Habit>) -> Vec<Inline> {
    read_all(text, definitions, habits, false)
}

/// The running text of a block as kramdown reads it, with nothing that differs on purpose. Nothing
/// in it may be [`Kept`].
pub fn read_as_kramdown(text: &Text<'_>, definitions: &Definitions) -> Vec<Inline> {
    read_all(text, definitions, &mut Vec::new(), true)
}

fn read_all(
    text: &Text<'_>,
    definitions: &Definitions,
    habits: &mut Vec<Habit>,
    as_kramdown: bool,
) -> Vec<Inline> {
    let length = text.as_str().len();
    let mut reader = Reader {
        text,
        bytes: text.as_str().as_bytes(),
        definitions,
        habits,
        budget: length.saturating_mul(BUDGET.0) + BUDGET.1,
        last: OnceCell::new(),
        stray_lists_end: 0,
        as_kramdown,
    };
    let all = Open { depth: 0, ..Open::default() };
    reader.spans(0, length, &Stop::End, all).0
}

/// What ends a run of text.
#[derive(Debug, Clone, Copy)]
enum Stop<'a> {
    /// Nothing but the end.
    End,
    /// The mark of emphasis that opened it.
    Emphasis(&'a str),
    /// The bracket of a link's text.
    Bracket,
    /// The closing tag of an element.
    Tag(&'a str),
}

/// Which elements are open where text is read.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one element that is open or not")]
struct Open {
    emphasis: bool,
    strong: bool,
    /// The innermost element is `em`, in which a single star does not stand for a failed pair.
    in_emphasis: bool,
    link: bool,
    /// Only tags are marks.
    raw: bool,
    depth: usize,
}

struct Reader<'p> {
    text: &'p Text<'p>,
    bytes: &'p [u8],
    definitions: &'p Definitions,
    habits: &'p mut Vec<Habit>,
    /// How much may still be read ahead.
    budget: usize,
    /// Found when somebody asks: most texts have nothing that another mark closes.
    last: OnceCell<Last>,
    /// Where the last attribute list ends that belongs to nothing.
    stray_lists_end: usize,
    /// Whether nothing is read otherwise than by kramdown.
    as_kramdown: bool,
}

/// Where the last of some marks stand that close what others open; an opening mark behind it is
/// text, and nothing has to be looked for.
#[derive(Debug, Clone, Copy)]
struct Last {
    bracket: Option<usize>,
    angle: Option<usize>,
    comment: Option<usize>,
    brace: Option<usize>,
    extension: Option<usize>,
    closing_tag: Option<usize>,
}

impl Last {
    fn of(text: &str) -> Self {
        let (mut bracket, mut angle, mut brace) = (None, None, None);
        for at in memchr::memrchr3_iter(b']', b'>', b'}', text.as_bytes()) {
            let last = match text.as_bytes()[at] {
                b']' => &mut bracket,
                b'>' => &mut angle,
                _ => &mut brace,
            };
            last.get_or_insert(at);
            if bracket.is_some() && angle.is_some() && brace.is_some() {
                break;
            }
        }
        Self {
            bracket,
            angle,
            comment: angle.and_then(|angle| last_of(&text[..=angle], "-->")),
            brace,
            extension: brace.and_then(|_| last_of(text, "{:/")),
            closing_tag: angle.and_then(|_| last_of(text, "</")),
        }
    }
}

/// Where the last of some marks stands, found by its first byte, which few texts have.
fn last_of(text: &str, mark: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let places = memchr::memrchr_iter(mark.as_bytes()[0], bytes);
    places.into_iter().find(|at| bytes[*at..].starts_with(mark.as_bytes()))
}

/// A run of text on its way to inlines.
struct Run {
    /// Few texts are of more pieces than have their place here, and no list grows for the others.
    inlines: SmallVec<[Inline; 16]>,
    /// Where text begins that is not yet among the inlines.
    plain: usize,
    /// How many brackets are open, those of images aside.
    brackets: usize,
}

impl Run {
    /// What was read, in as much room as it takes.
    fn take(&mut self) -> Vec<Inline> {
        let mut inlines = Vec::with_capacity(self.inlines.len());
        inlines.extend(self.inlines.drain(..));
        inlines
    }
}

impl Reader<'_> {
    /// Reads from `from` up to what stops the run, but not beyond `end`. Gives the inlines, where
    /// the run ended, and whether what stops it was found; it is not part of the run.
    fn spans(
        &mut self,
        from: usize,
        end: usize,
        stop: &Stop<'_>,
        open: Open,
    ) -> (Vec<Inline>, usize, bool) {
        let mut run = Run { inlines: SmallVec::new(), plain: from, brackets: 1 };
        let mut at = from;
        while let Some(mark) = self.next_mark(at, end) {
            self.budget = self.budget.saturating_sub(mark - at + 1);
            if self.stops(mark, stop, &mut run) {
                self.flush(&mut run, mark);
                return (run.take(), mark, true);
            }
            if open.depth > 0 && self.budget == 0 {
                return (run.take(), mark, false);
            }
            at = match self.mark(mark, end, &mut run, open) {
                Some(behind) => {
                    run.plain = behind;
                    behind
                }
                None => mark + 1,
            };
        }
        self.flush(&mut run, end);
        (run.take(), end, false)
    }

    fn last(&self) -> Last {
        *self.last.get_or_init(|| Last::of(self.text.as_str()))
    }

    /// The next byte that may be a mark.
    fn next_mark(&self, from: usize, end: usize) -> Option<usize> {
        // A query has no marks; it is one itself.
        let query = self.text.verbatim_from(from).map(|query| query.start).filter(|at| *at < end);
        let near = self.bytes.get(..query.unwrap_or(end))?;
        let mut at = from;
        while let Some(step) = MAY_BE_MARK.first_in(near.get(at..)?) {
            at += step;
            let needed = MARKS[usize::from(near[at])];
            // Where the budget ends is noticed at every mark.
            if needed == ALONE
                || self.bytes.get(at + 1) == Some(&needed)
                || self.budget <= at - from + 1
            {
                return Some(at);
            }
            at += 1;
        }
        query
    }

    /// Whether a run ends at a mark.
    fn stops(&self, at: usize, stop: &Stop<'_>, run: &mut Run) -> bool {
        match stop {
            Stop::End => false,
            Stop::Emphasis(mark) => {
                let has_content = !run.inlines.is_empty() || run.plain < at;
                has_content && self.ends_emphasis(at, mark)
            }
            Stop::Bracket => match self.bytes[at] {
                b'[' if self.text.verbatim_at(at).is_none() => {
                    run.brackets += 1;
                    false
                }
                b']' if self.text.verbatim_at(at).is_none() => {
                    run.brackets = run.brackets.saturating_sub(1);
                    let images = run
                        .inlines
                        .iter()
                        .filter(|inline| matches!(inline.kind, InlineKind::Image { .. }))
                        .count();
                    run.brackets <= images
                }
                _ => false,
            },
            Stop::Tag(name) => super::html::closing_tag_at(&self.text.as_str()[at..])
                .is_some_and(|(found, _)| found.eq_ignore_ascii_case(name)),
        }
    }

    /// Reads what a mark stands for and gives the place behind it; `None` if the mark is plain text
    /// that what follows may look back at.
    fn mark(&mut self, at: usize, end: usize, run: &mut Run, open: Open) -> Option<usize> {
        let rest = &self.text.as_str()[at..end];
        if open.raw && !matches!(self.bytes[at], b'<' | b'\n') {
            return None;
        }
        if let Some(query) = self.text.verbatim_at(at) {
            return self.verbatim(query, end, run);
        }
        if self.is_plain_in_command(at, end) {
            return None;
        }
        match self.bytes[at] {
            b'*' | b'_' => Some(self.emphasis(at, end, run, open)),
            b'`' => Some(self.code(at, end, run)),
            b'<' => Some(self.angle(at, end, run, open)),
            b'[' => self.bracket(at, end, run, open),
            b'!' if rest.starts_with("![") => self.link(at, end, run, open),
            b'"' | b'\'' => Some(self.quote(at, end, run)),
            b'{' if rest.starts_with("{:") => Some(self.span_attributes(at, end, run)),
            b'{' if !rest.starts_with("{{") && !self.as_kramdown => {
                self.mistyped_attributes(at, end, run)
            }
            b'{' if rest.starts_with("{{") && !self.as_kramdown => self.template(at, end, run),
            b'&' => Some(self.entity(at, end, run)),
            b'-' | b'.' | b'>' => self.symbol(at, end, run),
            b'\\' => Some(self.escape(at, end, run)),
            b'~' if rest.starts_with("~~") => Some(self.strikethrough(at, end, run, open)),
            b':' if rest.starts_with("://") && !open.link && !self.as_kramdown => {
                self.bare_url(at, end, run)
            }
            b'\n' => Some(self.line_break(at, run)),
            _ => None,
        }
    }

    /// Whether a mark is one that commands keep: quotes, what escapes them, and what would become a
    /// dash, an ellipsis or a guillemet.
    fn is_plain_in_command(&self, at: usize, end: usize) -> bool {
        let rest = &self.bytes[at..end];
        let is_plain = match rest[0] {
            b'"' | b'\'' | b'-' | b'.' | b'>' => true,
            b'\\' => matches!(rest.get(1), Some(b'"' | b'\'')),
            b'<' => rest.starts_with(b"<<") || self.bytes[..at].ends_with(b"<"),
            _ => false,
        };
        is_plain && self.text.is_in_command(at)
    }

    /// Adds the plain text up to a place.
    fn flush(&self, run: &mut Run, to: usize) {
        if run.plain < to {
            let text = &self.text.as_str()[run.plain..to];
            self.add_text(run, text, run.plain..to);
        }
        run.plain = run.plain.max(to);
    }

    /// Adds text that stands for a range.
    fn add_text(&self, run: &mut Run, text: &str, range: Range<usize>) {
        let place = self.text.place(range);
        match run.inlines.last_mut() {
            Some(Inline { range, attributes: None, kind: InlineKind::Text(before) }) => {
                before.push_str(text);
                range.end = place.end;
            }
            _ => run.inlines.push(Inline::new(place, InlineKind::Text(text.to_owned()))),
        }
    }

    fn add(&self, run: &mut Run, kind: InlineKind, range: Range<usize>) {
        run.inlines.push(Inline::new(self.text.place(range), kind));
    }

    /// A query in prose.
    fn verbatim(&mut self, query: Range<usize>, end: usize, run: &mut Run) -> Option<usize> {
        if query.end > end {
            return None;
        }
        self.flush(run, query.start);
        let text = self.text.as_str()[query.clone()].to_owned();
        self.add(run, InlineKind::Verbatim(text), query.clone());
        Some(query.end)
    }

    /// A template of Go's, `{{ printf "%.2f" $value }}`, stays as it is written.
    fn template(&mut self, at: usize, end: usize, run: &mut Run) -> Option<usize> {
        self.last().brace.filter(|brace| *brace > at + 2)?;
        let rest = &self.text.as_str()[at..boundary(self.text.as_str(), end, at)];
        let length = rest.find("}}")? + 2;
        let template = rest[..length].to_owned();
        // Code in it is code, and no line break is text.
        if template.contains(['`', '\n']) {
            return None;
        }
        self.flush(run, at);
        self.add_text(run, &template, at..at + length);
        Some(at + length)
    }

    /// A code span. A backtick between blanks is text.
    fn code(&mut self, at: usize, end: usize, run: &mut Run) -> usize {
        let text = self.text.as_str();
        let ticks = self.bytes[at..end].iter().take_while(|byte| **byte == b'`').count();
        let inside = at + ticks;
        let is_apart = at
            .checked_sub(1)
            .is_none_or(|before| super::lines::is_space(self.bytes[before]))
            && self.bytes[inside..end].first().is_some_and(|next| super::lines::is_space(*next));
        let found = match ticks {
            1 if is_apart => None,
            1 => memchr::memchr(b'`', &self.bytes[inside..end]),
            _ => text[inside..end].find(&text[at..inside]),
        };
        let found = found.map(|length| inside + length);
        self.flush(run, at);
        let Some(close) = found else {
            self.add_text(run, &text[at..inside], at..inside);
            return inside;
        };
        let mut code = inside..close;
        if ticks > 1 {
            code.start += usize::from(text[code.clone()].starts_with(' '));
            code.end -= usize::from(code.start < code.end && text[code.clone()].ends_with(' '));
        }
        let mut mapped = MappedText::new();
        self.text.push_to(&mut mapped, code);
        self.add(run, InlineKind::Code(Box::new(mapped)), at..close + ticks);
        close + ticks
    }

    /// `~~text~~`
    fn strikethrough(&mut self, at: usize, end: usize, run: &mut Run, open: Open) -> usize {
        let text = self.text.as_str();
        self.flush(run, at);
        let inside = at + 2;
        let end = boundary(text, end, inside);
        let opens = text[inside..end].starts_with(|c: char| !c.is_ascii_whitespace() && c != '~');
        let closes = |close: &usize| {
            text[..*close].ends_with(|c: char| !c.is_ascii_whitespace() && c != '~')
        };
        let mut places = text[inside..end].match_indices("~~").map(|(step, _)| inside + step);
        let close = places.find(|close| opens && *close > inside && closes(close));
        let Some(close) = close.filter(|_| open.depth < DEEPEST) else {
            self.add_text(run, "~~", at..inside);
            return inside;
        };
        let (content, ..) = self.spans(
            inside,
            close,
            &Stop::End,
            Open { depth: open.depth + 1, ..Open::default() },
        );
        self.add(run, InlineKind::Strikethrough(content), at..close + 2);
        close + 2
    }

    /// The end of a line; behind two blanks or a backslash it is to be seen.
    fn line_break(&mut self, at: usize, run: &mut Run) -> usize {
        let text = self.text.as_str();
        let plain = &text[run.plain..at];
        let mut content = plain;
        let mut is_hard = false;
        // Hardly any line ends so.
        if let Some(b' ' | b'\t' | b'\\') = plain.as_bytes().last() {
            let line = plain.strip_suffix("\\\\").or(plain.strip_suffix('\\'));
            is_hard = line.is_some() || plain.ends_with("  ");
            content = line.unwrap_or(plain).trim_end_matches([' ', '\t']);
        }
        self.flush(run, run.plain + content.len());
        let kind = if is_hard { InlineKind::HardBreak } else { InlineKind::SoftBreak };
        self.add(run, kind, at..at + 1);
        // What the next line is indented by means nothing.
        let behind = &self.bytes[at + 1..];
        at + 1 + behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Notes something that kramdown would lose.
    fn note(&mut self, kind: HabitKind, range: Range<usize>) {
        let range = self.text.place(range);
        self.habits.push(Habit { kind, range });
    }
}

/// The end of what is looked at from a place on, which may be no further than [`LONGEST`].
fn boundary(text: &str, end: usize, from: usize) -> usize {
    let mut near = end.min(from + LONGEST);
    while !text.is_char_boundary(near) {
        near -= 1;
    }
    near
}

/// Whether a text has no mark in it.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| MARKS[usize::from(byte)] == 0)
}

/// What has to stand behind a byte that is a mark only then.
static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    let bytes = b"*_`<[]\"'{&\\\n";
    let mut at = 0;
    while at < bytes.len() {
        marks[bytes[at] as usize] = ALONE;
        at += 1;
    }
    let pairs = [*b"![", *b"--", *b"..", *b">>", *b"~~", *b":/"];
    let mut at = 0;
    while at < pairs.len() {
        marks[pairs[at][0] as usize] = pairs[at][1];
        at += 1;
    }
    marks
};

/// The bytes that may be marks.
static MAY_BE_MARK: ByteSet = ByteSet::of_set_in(&MARKS);

/// Says of a byte that it may be a mark whatever stands behind it.
const ALONE: u8 = 0xff;
