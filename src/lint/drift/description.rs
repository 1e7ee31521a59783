//! Where a runbook says when an alert fires.
//!
//! In the row of an alert table, in every column that describes, and in lists of alerts; and in the section at which the
//! alert's readers start, in sentences that tell when it fires, in the paragraph right below the
//! heading, and below headings such as *Meaning*.

use super::fields::{is_without_key, key_of};
use super::header::{is_condition, mentions_condition};
use super::kinds::Kinds;
use super::own_part::{Content, Within};
use super::prose;
use super::section::AlertNames;
use crate::lint::OpenPage;
use crate::markdown::{Cell, Inline, InlineKind, plain_text};
use crate::source::{MappedText, Phrases, Source};
use std::rc::Rc;

/// A piece of a runbook that may say when some alerts fire.
#[derive(Debug)]
pub struct Description<'s> {
    /// The page, as an index.
    pub page: usize,
    /// The alerts it describes, of which it may mean any.
    pub alerts: AlertNames<'s>,
    /// What it says, mapped to the runbook's source.
    pub text: MappedText,
    /// What in it counts.
    pub counts: Counts,
    /// Whether it is a cell of the alerts' row.
    pub is_row: bool,
    /// Whether it is a field in the section of the alerts that can be nothing but their condition.
    pub is_field: bool,
}

/// What in a description is taken for a statement about the alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Everything: a cell of the alert's row.
    All,
    /// Everything, also a number that stands alone: a column or a line `Threshold`.
    Bare,
    /// Sentences that say of the alert when it fires.
    Told,
    /// Those of them that speak in words of its rules, or say how long it waits: a part of the section
    /// that is about something else.
    Elsewhere,
    /// Those, and sentences that state both a number and a time: the first paragraph of the
    /// alert's section.
    Whole,
}

/// The descriptions on a page of alerts that the rules of a site raise. Most of those without a number,
/// which state nothing, are left out.
pub fn descriptions<'o>(open: &OpenPage<'o>) -> Vec<Description<'o>> {
    let mut found = Vec::new();
    let index = open.index;
    let source = open.page().runbook.source();
    // All rows of a table have one header.
    let mut header: (&[Cell], Vec<Option<Counts>>) = (&[], Vec::new());
    for row in open.rows() {
        if !std::ptr::eq(header.0, row.header) {
            header = (row.header, row.header.iter().map(counts).collect());
        }
        for (column, cell) in row.row.cells.iter().enumerate() {
            let counts = header.1.get(column).copied().flatten();
            let may_state =
                || column != row.column && Kinds::of_inlines(&cell.content).may_have_number();
            if let Some(counts) = counts.filter(|_| may_state()) {
                let text = prose::text(source, &cell.content);
                let alerts = Rc::clone(&row.alerts);
                let of_row = Description {
                    page: index,
                    alerts,
                    text,
                    counts,
                    is_row: true,
                    is_field: false,
                };
                found.push(of_row);
            }
        }
    }
    for entry in open.entries() {
        found.push(Description {
            page: index,
            alerts: [entry.alert].into(),
            text: entry.text.clone(),
            counts: Counts::Whole,
            is_row: true,
            is_field: false,
        });
    }
    for parts in open.parts() {
        let mut below = None;
        let mut counts = Counts::Whole;
        for part in parts.iter().filter(|part| !part.alerts.is_empty()) {
            if below != Some(&part.heading) {
                counts = part.heading.as_deref().map_or(Counts::Whole, counts_below);
                below = Some(&part.heading);
            }
            let Content::Text(content) = part.content else { continue };
            // What has no number states nothing; it may still be what explains the alert.
            let has_number = part.kinds().may_have_number();
            if !has_number && (counts == Counts::Told || part.within != Within::Section) {
                continue;
            }
            let paragraph = fields(source, content);
            // What explains an alert stands first; what follows may explain anything.
            let is_explained = part.within == Within::Section && is_text(&paragraph);
            let read = Reading {
                source,
                counts: match part.within {
                    _ if !part.is_own => Counts::Elsewhere,
                    Within::List => Counts::Told,
                    Within::Section | Within::Quote => counts,
                },
                is_own: part.is_own,
                may_tell: part.kinds().may_tell_number(),
            };
            if has_number {
                read.paragraph(paragraph, &mut |text, counts| {
                    let alerts = Rc::clone(&part.alerts);
                    let is_field = counts == Counts::Bare;
                    found.push(Description {
                        page: index,
                        alerts,
                        text,
                        counts,
                        is_row: false,
                        is_field,
                    });
                });
            }
            if is_explained {
                counts = Counts::Told;
            }
        }
    }
    found
}

/// What counts in a column with this header; none where it is about anything but the alert's meaning,
/// such as what to do, whom to call or how often it came.
fn counts(header: &Cell) -> Option<Counts> {
    static MEANING: Phrases = Phrases::new(&[
        "info",
        "descri",
        "desc",
        "meaning",
        "means",
        "summary",
        "explan",
        "explain",
        "cause",
        "reason",
        "problem",
        "issue",
        "symptom",
        "definition",
        "about",
        "purpose",
        "text",
        "what",
        "why",
        "detail",
        "message",
    ]);
    // What notes say may be advice, or about anything.
    static NOTES: Phrases = Phrases::new(&["note", "comment", "remark", "usage"]);
    let text = plain_text(&header.content);
    if is_condition(&text) {
        return Some(Counts::Bare);
    }
    let text = text.to_lowercase();
    if NOTES.any_in(&text) {
        Some(Counts::Whole)
    } else if text.trim().is_empty() || MEANING.any_in(&text) {
        Some(Counts::All)
    } else {
        None
    }
}

/// What counts below a heading within an alert's section.
fn counts_below(heading: &str) -> Counts {
    static TELLING: Phrases = Phrases::new(&[
        "meaning",
        "description",
        "summary",
        "condition",
        "trigger",
        "what it means",
        "what does it mean",
        "when it fires",
    ]);
    if TELLING.any_in(heading) { Counts::Whole } else { Counts::Told }
}

/// How a piece of text is read.
struct Reading<'a> {
    source: &'a Source,
    counts: Counts,
    /// Whether its fields are those of the alert.
    is_own: bool,
    /// Whether one of its sentences has a number, and may tell when the alert fires.
    may_tell: bool,
}

impl Reading<'_> {
    fn paragraph(&self, paragraph: Paragraph<'_>, add: &mut dyn FnMut(MappedText, Counts)) {
        let Paragraph { fields, rest, text } = paragraph;
        // That the paragraph may have a number is known.
        let has_number = fields.is_empty() || Kinds::of_inlines(rest).may_have_number();
        for line in fields {
            let counts = line.counts.map_or(self.told(), |counts| self.of_key(counts));
            add(line.text, counts);
        }
        // Where nothing counts but what is told, most paragraphs tell nothing, and need not be put
        // together.
        let is_to_tell = matches!(self.counts, Counts::Told | Counts::Elsewhere);
        let may_count = !is_to_tell || self.may_tell || !is_without_key(rest);
        if may_count && has_number {
            let text = text.unwrap_or_else(|| prose::text(self.source, rest));
            let counts = counts_in(text.text()).map_or(self.counts, |counts| self.of_key(counts));
            add(text, counts);
        }
    }

    /// What counts in a line whose key says so, if it is a field of the alert; of one of something else
    /// nothing but what it tells.
    fn of_key(&self, counts: Counts) -> Counts {
        if self.is_own { counts } else { self.told() }
    }

    fn told(&self) -> Counts {
        if self.is_own { Counts::Told } else { Counts::Elsewhere }
    }
}

/// Whether a paragraph is more than fields, labels, links and images.
fn is_text(paragraph: &Paragraph<'_>) -> bool {
    let is_text = |inline: &Inline| match &inline.kind {
        // Labels, as `warning` and `team-a` in code are.
        InlineKind::Link { .. } | InlineKind::Image { .. } | InlineKind::Code(_) => false,
        InlineKind::Text(text) => text.contains(char::is_alphanumeric),
        _ => !inline.is_break(),
    };
    paragraph.fields.iter().any(|line| line.counts.is_some()) || paragraph.rest.iter().any(is_text)
}

/// A line that begins with a key.
struct Line {
    text: MappedText,
    /// What counts in it, if its key says that it describes the alert.
    counts: Option<Counts>,
}

/// A paragraph, taken apart.
struct Paragraph<'b> {
    /// The lines at the front that are a field each.
    fields: Vec<Line>,
    /// What stands behind them.
    rest: &'b [Inline],
    /// The text of that, if it was put together to look for fields.
    text: Option<MappedText>,
}

/// The lines at the front of a paragraph that are a field each, `Severity: page` above
/// `Threshold: 3`; and what stands behind them. All lines are, if each has a key and one of them
/// describes the alert.
fn fields<'b>(source: &Source, content: &'b [Inline]) -> Paragraph<'b> {
    let without_fields = |text| Paragraph { fields: Vec::new(), rest: content, text };
    if !content.split(Inline::ends_line).next().is_some_and(|line| may_have_key(source, line)) {
        return without_fields(None);
    }
    let mut lines =
        content.split(Inline::ends_line).map(|line| (line.len(), prose::text(source, line)));
    let has_key = |text: &MappedText| key_of(text.text()).is_some();
    // Most paragraphs are one line.
    let Some((length, text)) = lines.next() else { return without_fields(None) };
    let is_whole = length == content.len();
    if !has_key(&text) {
        return without_fields(Some(text).filter(|_| is_whole));
    }
    let mut lines: Vec<(usize, MappedText)> =
        std::iter::once((length, text)).chain(lines).collect();
    if !is_whole && lines.iter().all(|(_, text)| has_key(text)) {
        let counts: Vec<_> = lines.iter().map(|(_, text)| counts_in(text.text())).collect();
        if counts.iter().any(Option::is_some) {
            let fields = lines.into_iter().zip(counts);
            let fields = fields.map(|((_, text), counts)| Line { text, counts }).collect();
            return Paragraph { fields, rest: &[], text: None };
        }
    }
    let (mut mere, mut start) = (0, 0);
    for (line, at) in content.split(Inline::ends_line).zip(0..) {
        let text = lines[at].1.text();
        let goes_on = lines.get(at + 1).is_some_and(|(_, next)| goes_on(next.text()));
        // Behind a key that is set off more may be said, unless it is prose that was wrapped.
        let is_whole = !goes_on && !text.contains(". ");
        let most_words = if has_strong_key(line) && is_whole { 10 } else { 4 };
        if !is_mere_field(text, most_words) {
            break;
        }
        mere = at + 1;
        start += lines[at].0 + 1;
    }
    if is_whole && mere == 0 {
        return without_fields(lines.pop().map(|(_, text)| text));
    }
    lines.truncate(mere);
    let fields = lines.into_iter().map(|(_, text)| Line { text, counts: None }).collect();
    Paragraph { fields, rest: content.get(start..).unwrap_or_default(), text: None }
}

/// Whether a line may begin with a key, which ends with a colon: one that is not written as such is
/// written as an entity.
fn may_have_key(source: &Source, line: &[Inline]) -> bool {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return false };
    if is_without_key(line) {
        return false;
    }
    let written = source.text().get(first.range.start..last.range.end);
    written.is_none_or(|written| memchr::memchr2(b':', b'&', written.as_bytes()).is_some())
}

/// Whether a line is the rest of the one above it.
fn goes_on(line: &str) -> bool {
    line.trim_start().starts_with(|first: char| first.is_lowercase() || first.is_ascii_digit())
}

/// `**Escalation:** after 15 minutes`, `**Escalation**: after 15 minutes`
fn has_strong_key(line: &[Inline]) -> bool {
    match line {
        [Inline { kind: InlineKind::Strong(key), .. }, behind, ..] => {
            let is_colon = |inline: &Inline| matches!(&inline.kind, InlineKind::Text(it) if it.starts_with(':'));
            plain_text(key).ends_with(':') || is_colon(behind)
        }
        _ => false,
    }
}

/// `Team: storage`: a key with a few words behind it, which are no condition.
fn is_mere_field(line: &str, most_words: usize) -> bool {
    key_of(line).is_some_and(|key| {
        let value = line[key.len() + 1..].trim();
        (1..=most_words).contains(&value.split_whitespace().take(most_words + 1).count())
            && !value.ends_with('.')
            // What follows `Related metric:` belongs to it.
            && counts_in(line).is_none()
    })
}

/// What counts in a line that begins with a key which says that it describes the alert:
/// `Threshold: more than 3 in 5h`, `Description: a worker failed`.
fn counts_in(line: &str) -> Option<Counts> {
    let key = key_of(line)?;
    // What announces a condition mentions it, which is quicker to find out.
    if mentions_condition(key) {
        // `Clear condition` and `Warning threshold` are told.
        Some(if is_condition(key) { Counts::Bare } else { Counts::Told })
    } else {
        Some(counts_below(&key.to_lowercase())).filter(|counts| *counts == Counts::Whole)
    }
}
