//! Findings for people, as rustc prints them.

use super::{Diagnostic, Report, Severity};
use crate::source::{Source, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::ops::Range;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colours, as a terminal shows them.
    pub color: bool,
    /// How many columns of a source line are shown. Rows of tables and queries are often several
    /// hundred characters long: what is left is the part around the carets.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 120 }
    }
}

/// All findings of a report, each followed by an empty line; nothing for a report without any.
pub fn render(report: &Report, style: Style) -> String {
    pieces(report, style).collect()
}

/// The same in pieces of as many findings as are rendered at once, by all threads.
pub fn pieces(report: &Report, style: Style) -> impl Iterator<Item = String> {
    /// So many that the threads are busy, and that a report of any length takes little memory.
    const AT_ONCE: usize = 4096;
    /// Fewer are not worth waking another thread for.
    const FOR_A_THREAD: usize = 16;
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width);
    report.entries().chunks(AT_ONCE).map(move |entries| {
        let texts = entries.par_iter().with_min_len(FOR_A_THREAD);
        let texts = texts.map(|(severity, found)| text(&renderer, *severity, found, style));
        texts.collect::<Vec<String>>().concat()
    })
}

/// A finding, followed by an empty line.
fn text(renderer: &Renderer, severity: Severity, found: &Diagnostic, style: Style) -> String {
    let mut text = rendered(renderer, severity, found, style.width);
    let may_have_part = memchr::memchr(PART.as_bytes()[0], text.as_bytes()).is_some();
    if may_have_part && text.contains(PART) {
        text = without_places_of_parts(&text);
    }
    if !style.color {
        text = without_escapes(text);
    }
    text.push_str("\n\n");
    text
}

/// A finding as the renderer has it. It keeps each character of a message with its own style, and copies
/// most messages as they are: a character stands in for those while it renders.
fn rendered(renderer: &Renderer, severity: Severity, found: &Diagnostic, width: usize) -> String {
    const TITLE: &str = "\u{e001}";
    const HELP: &str = "\u{e002}";
    let (title, help) = (visible(&found.message), found.help.as_deref().map(visible));
    if is_copied(&title) && help.as_deref().is_none_or(is_copied) {
        let messages = (TITLE.to_owned(), help.as_ref().map(|_| HELP.to_owned()));
        let text = renderer.render(&groups(severity, found, messages, width));
        let help = help.as_deref().map(|help| (HELP, help));
        if let Some(text) = put_in(&text, (TITLE, &title), help) {
            return text;
        }
    }
    renderer.render(&groups(severity, found, (title, help), width))
}

/// Whether the renderer copies a message as it is: it breaks lines, and shows some characters by others,
/// none of which is one of these.
fn is_copied(message: &str) -> bool {
    let is_plain = |it: char| it == ' ' || it.is_ascii_graphic() || it.is_alphanumeric();
    // Most are ASCII, all bytes of which are gone over at once.
    let is_plain_ascii = |byte: u8| matches!(byte, b' '..=b'~');
    message.bytes().fold(true, |all, byte| all & is_plain_ascii(byte))
        || message
            .chars()
            .all(|it| is_plain(it) || matches!(it, '\u{201c}' | '\u{201d}' | '\u{2019}'))
}

/// Puts the title, and behind it the help, in where what stands in for them is the only one of its kind;
/// nothing if it is not, since a file has it as well.
fn put_in(text: &str, title: (&str, &str), help: Option<(&str, &str)>) -> Option<String> {
    let only = |mark: &str| {
        let mut places = memchr::memmem::find_iter(text.as_bytes(), mark.as_bytes());
        places.next().filter(|_| places.next().is_none())
    };
    let added = title.1.len() + help.map_or(0, |(_, help)| help.len());
    let mut whole = String::with_capacity(text.len() + added);
    let mut at = 0;
    for (mark, message) in std::iter::once(title).chain(help) {
        let place = only(mark)?;
        whole.push_str(text.get(at..place)?);
        whole.push_str(message);
        at = place + mark.len();
    }
    whole.push_str(&text[at..]);
    Some(whole)
}

/// A text without what would drive a terminal, for where no colours are shown: the lines of files may hold
/// anything.
fn without_escapes(text: String) -> String {
    // Without a control character nothing does. Hardly any text has one, and to look at each byte as a
    // terminal does takes long.
    let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\n';
    // All bytes are gone over at once, rather than up to the first of these one by one.
    let has_control = text.bytes().fold(false, |has, byte| has | is_control(byte));
    if has_control { strip_str(&text).to_string() } else { text }
}

/// How many findings there are, as a person says it: `2 errors and 1 warning`. None without any.
pub fn count(report: &Report) -> Option<String> {
    let counted = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| match report
        .count(severity)
    {
        0 => None,
        1 => Some(format!("1 {severity}")),
        many => Some(format!("{many} {severity}s")),
    });
    let counted: Vec<String> = counted.into_iter().flatten().collect();
    let (last, rest) = counted.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) })
}

/// How many findings there are, and where: `2 errors and 1 warning in content/a.md`. None without
/// any.
pub fn summary(report: &Report) -> Option<String> {
    let mut summary = count(report)?;
    let mut files: Vec<&str> =
        report.entries().iter().map(|(_, diagnostic)| diagnostic.span.source().path()).collect();
    files.dedup();
    match files.as_slice() {
        [file] => _ = write!(summary, " in {}", visible(file)),
        files => _ = write!(summary, " in {} files", files.len()),
    }
    Some(summary)
}

/// The finding with its source line, and one group more for each related place that can't be shown
/// beside it: in another file, or too far to the left or right in a long line.
fn groups(
    severity: Severity,
    diagnostic: &Diagnostic,
    (title, help): (String, Option<String>),
    width: usize,
) -> Vec<Group<'_>> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let source = diagnostic.span.source();
    let mut window = Window::of(&diagnostic.span, diagnostic.label.as_deref(), width);
    let mut marks = vec![Mark {
        span: &diagnostic.span,
        label: diagnostic.label.as_deref(),
        kind: AnnotationKind::Primary,
    }];
    let mut elsewhere = Vec::new();
    for related in &diagnostic.related {
        let together = window.with(Window::of(&related.span, Some(&related.message), width));
        if related.span.source().path() == source.path() && together.columns() <= width {
            window = together;
            marks.push(Mark {
                span: &related.span,
                label: Some(&related.message),
                kind: AnnotationKind::Context,
            });
        } else {
            elsewhere.push(related);
        }
    }
    let title = level.primary_title(title).id(diagnostic.check);
    let mut group = with_lines(Group::with_title(title), source, &marks, width);
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    let mut groups = vec![group];
    for related in elsewhere {
        let mark = Mark { span: &related.span, label: None, kind: AnnotationKind::Primary };
        let title = Level::NOTE.secondary_title(visible(&related.message));
        let source = related.span.source();
        groups.push(with_lines(Group::with_title(title), source, &[mark], width));
    }
    groups
}

/// Characters to underline.
struct Mark<'d> {
    span: &'d Span,
    label: Option<&'d str>,
    kind: AnnotationKind,
}

/// The columns that have to be seen, labels included.
#[derive(Clone, Copy)]
struct Window {
    left: usize,
    right: usize,
}

impl Window {
    fn of(span: &Span, label: Option<&str>, width: usize) -> Self {
        let left = span.start().column;
        let underlined = Span::new(span.source(), underlined(span, width));
        let label = label.map_or(0, |label| label.chars().count() + 1);
        Self { left, right: underlined.end().column + label }
    }

    fn with(self, other: Self) -> Self {
        Self { left: self.left.min(other.left), right: self.right.max(other.right) }
    }

    fn columns(self) -> usize {
        self.right - self.left
    }
}

/// A group with the lines of a source that have marks on them.
fn with_lines<'d>(
    group: Group<'d>,
    source: &'d Source,
    marks: &[Mark<'d>],
    width: usize,
) -> Group<'d> {
    // Only the lines in question are handed over: the renderer looks at every line that it gets.
    let first = marks.iter().map(|mark| mark.span.start().line).min().unwrap_or(1);
    let last = marks.iter().map(|mark| mark.span.start().line).max().unwrap_or(1);
    let start = source.line_start(first);
    let end = source.line_start(last + 1);
    // And it looks at all of a line, though it shows a part.
    let whole = start..end;
    let shown = if first == last {
        part_of_line(source, marks, whole.clone(), width)
    } else {
        whole.clone()
    };
    let (start, is_whole) = (shown.start, shown == whole);
    let text = source.text().get(shown).unwrap_or_default();
    let annotations = marks.iter().map(|mark| {
        let underlined = underlined(mark.span, width);
        mark.kind
            .span(underlined.start - start..underlined.end - start)
            .label(mark.label.map(visible))
    });
    let snippet = Snippet::source(text).line_start(first).annotations(annotations);
    if is_whole {
        return group.element(snippet.path(visible(source.path())));
    }
    // The renderer counts the columns of the part, so the place comes first and by itself.
    let column = marks.first().map_or(1, |mark| mark.span.start().column);
    let origin = Origin::path(visible(source.path())).line(first).char_column(column);
    group.element(origin).element(snippet.path(PART))
}

/// The path of a part of a line. No file has it: it is for private use, as Unicode has it.
const PART: &str = "\u{e000}part\u{e000}";

/// Leaves out where the parts of lines are, with the empty line of the margin behind.
fn without_places_of_parts(rendered: &str) -> String {
    let mut text = String::with_capacity(rendered.len());
    let mut lines = rendered.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.contains(PART) {
            lines.next();
        } else {
            text.push_str(line);
        }
    }
    text
}

/// The part of a very long line with the marks on it and more around them than is shown.
fn part_of_line(
    source: &Source,
    marks: &[Mark<'_>],
    line: Range<usize>,
    width: usize,
) -> Range<usize> {
    /// Shorter lines are handed over whole.
    const LONG: usize = 10_000;
    // No character takes more bytes.
    let around = width * 4;
    let from = marks.iter().map(|mark| mark.span.range().start).min().unwrap_or(line.start);
    let to = marks.iter().map(|mark| underlined(mark.span, width).end).max().unwrap_or(line.end);
    if line.len() <= LONG {
        return line;
    }
    let text = source.text();
    let begin = (line.start.max(from.saturating_sub(around))..=from)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(from);
    let end = (to..=line.end.min(to + around)).rev().find(|at| text.is_char_boundary(*at));
    begin..end.unwrap_or(to)
}

/// What is underlined of a span: what stands on its first line, and not more of it than tells
/// which text is meant.
fn underlined(span: &Span, width: usize) -> Range<usize> {
    // The rest of the width is for what stands around it.
    let longest = width.saturating_sub(40).max(20);
    let line = span.text().lines().next().unwrap_or_default().trim_end();
    // A text has no more characters than bytes.
    let cut = if line.len() > longest { line.char_indices().nth(longest) } else { None };
    let length = cut.map_or(line.len(), |(at, _)| at);
    let start = span.range().start;
    start..start + length
}

/// The text without characters that would drive the terminal instead of standing in it.
fn visible(text: &str) -> String {
    // Beside those of ASCII there are some that this byte begins.
    const FIRST_OF_OTHERS: u8 = 0xc2;
    let may_be_one = |byte: u8| byte.is_ascii_control() || byte == FIRST_OF_OTHERS;
    if !text.bytes().fold(false, |may, byte| may | may_be_one(byte)) {
        return text.to_owned();
    }
    text.replace(|character: char| character.is_control() && character != '\n', "\u{fffd}")
}

#[cfg(test)]
mod tests;
