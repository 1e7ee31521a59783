//! Findings for people, as rustc prints them.

use super::{Diagnostic, Report, Severity};
use crate::source::{Source, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
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
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width);
    let mut text = String::new();
    for (severity, diagnostic) in report.entries() {
        text.push_str(&renderer.render(&groups(*severity, diagnostic, style.width)));
        text.push_str("\n\n");
    }
    text
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
        [file] => _ = write!(summary, " in {file}"),
        files => _ = write!(summary, " in {} files", files.len()),
    }
    Some(summary)
}

/// The finding with its source line, and one group more for each related place that can't be shown
/// beside it: in another file, or too far to the left or right in a long line.
fn groups(severity: Severity, diagnostic: &Diagnostic, width: usize) -> Vec<Group<'_>> {
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
    let mut group = level
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.check)
        .element(snippet(source, &marks, width));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let mut groups = vec![group];
    for related in elsewhere {
        let mark = Mark { span: &related.span, label: None, kind: AnnotationKind::Primary };
        groups.push(Level::NOTE.secondary_title(visible(&related.message)).element(snippet(
            related.span.source(),
            &[mark],
            width,
        )));
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

/// The lines of a source that have marks on them.
fn snippet<'d>(
    source: &'d Source,
    marks: &[Mark<'d>],
    width: usize,
) -> Snippet<'d, Annotation<'d>> {
    // Only the lines in question are handed over: the renderer looks at every line that it gets.
    let first = marks.iter().map(|mark| mark.span.start().line).min().unwrap_or(1);
    let last = marks.iter().map(|mark| mark.span.start().line).max().unwrap_or(1);
    let start = source.line_start(first);
    let text = source.text().get(start..source.line_start(last + 1)).unwrap_or_default();
    let annotations = marks.iter().map(|mark| {
        let underlined = underlined(mark.span, width);
        mark.kind
            .span(underlined.start - start..underlined.end - start)
            .label(mark.label.map(visible))
    });
    Snippet::source(text).line_start(first).path(source.path()).annotations(annotations)
}

/// What is underlined of a span: what stands on its first line, and not more of it than tells
/// which text is meant.
fn underlined(span: &Span, width: usize) -> Range<usize> {
    // The rest of the width is for what stands around it.
    let longest = width.saturating_sub(40).max(20);
    let line = span.text().lines().next().unwrap_or_default().trim_end();
    let length = line.char_indices().nth(longest).map_or(line.len(), |(at, _)| at);
    let start = span.range().start;
    start..start + length
}

/// The text without characters that would drive the terminal instead of standing in it.
fn visible(text: &str) -> String {
    text.replace(|character: char| character.is_control() && character != '\n', "\u{fffd}")
}

#[cfg(test)]
mod tests;
