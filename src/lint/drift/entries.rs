//! Lists that name alerts, each with what it means: `- **DiskFull** (critical): above 90% for 5 minutes`.
//!
//! An item, a line in bold type with what follows it, or a term with its meaning is what a row of an alert
//! table is: it belongs to the alert that it begins with and to nothing else. That holds below a heading
//! which says that alerts follow, and for alerts that have no row and no section of their own; a list of
//! what to do, or of what was corrected, names alerts as well.

use super::another_time::is_of_another_time;
use super::prose;
use super::severity::is_of_scale;
use crate::lint::OpenPage;
use crate::markdown::{Block, BlockKind, Definition, Inline, InlineKind, plain_text};
use crate::site::Naming;
use crate::source::MappedText;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// What a list says of an alert.
#[derive(Debug)]
pub struct Entry<'s> {
    /// The alert.
    pub alert: &'s str,
    /// The bytes of its name in the source.
    pub name: Range<usize>,
    /// The severity that stands beside the name, with its bytes in the source.
    pub severity: Option<(String, Range<usize>)>,
    /// What is said of it.
    pub text: MappedText,
}

/// The entries of a page.
pub fn entries<'s>(open: &OpenPage<'s>) -> Vec<Entry<'s>> {
    let is_listed = |name: &&'s String| {
        open.site.alerts.get(*name).is_some_and(|alert| {
            let is_named_only = |naming: Naming| naming >= Naming::Field;
            alert.claims.is_empty() && alert.mentions.iter().all(|it| is_named_only(it.naming))
        })
    };
    let listed = open.site.alerts_starting_on(open.index).iter().filter(is_listed);
    let listed: FxHashSet<&'s str> = listed.map(String::as_str).collect();
    if listed.is_empty() || open.is_report() {
        return Vec::new();
    }
    let mut reader = Reader { open, listed, found: Vec::new() };
    reader.blocks(&open.document().blocks);
    // An alert that is there twice is once there for something else.
    let mut seen = FxHashSet::default();
    let twice: FxHashSet<&str> =
        reader.found.iter().map(|entry| entry.alert).filter(|alert| !seen.insert(*alert)).collect();
    reader.found.retain(|entry| !twice.contains(entry.alert));
    reader.found
}

struct Reader<'o, 's> {
    open: &'o OpenPage<'s>,
    listed: FxHashSet<&'s str>,
    found: Vec<Entry<'s>>,
}

impl<'s> Reader<'_, 's> {
    fn blocks(&mut self, blocks: &[Block]) {
        // A name with nothing behind it, which the next paragraph is about.
        let mut pending: Option<Entry<'s>> = None;
        for block in blocks {
            let before = pending.take();
            match &block.kind {
                BlockKind::Paragraph { content, .. } if self.is_place(block.range.start) => {
                    match (self.entry(content), before) {
                        (Some(entry), _) if entry.text.text().is_empty() => pending = Some(entry),
                        (Some(entry), _) => self.found.push(entry),
                        (None, Some(entry)) => {
                            let text = prose::text(self.open.page().runbook.source(), content);
                            self.found.push(Entry { text, ..entry });
                        }
                        (None, None) => {}
                    }
                }
                BlockKind::Quote(inner) => self.blocks(inner),
                BlockKind::List { items, .. } if self.is_place(block.range.start) => {
                    for item in items {
                        if let [Block { kind: BlockKind::Paragraph { content, .. }, .. }, ..] =
                            item.blocks.as_slice()
                        {
                            let entry = self.entry(content);
                            self.found.extend(entry.filter(|it| !it.text.text().is_empty()));
                        }
                    }
                }
                BlockKind::DefinitionList(parts) if self.is_place(block.range.start) => {
                    self.definitions(parts);
                }
                _ => {}
            }
        }
    }

    fn definitions(&mut self, parts: &[Definition]) {
        for pair in parts.windows(2) {
            let [Definition::Term(term), Definition::Meaning(blocks, _)] = pair else { continue };
            if let Some(entry) = self.entry(term)
                && let [Block { kind: BlockKind::Paragraph { content, .. }, .. }, ..] =
                    blocks.as_slice()
            {
                let text = prose::text(self.open.page().runbook.source(), content);
                self.found.push(Entry { text, ..entry });
            }
        }
    }

    /// Whether the headings say that alerts follow, and as they are now.
    fn is_place(&self, at: usize) -> bool {
        let page = self.open.page();
        let around = page.runbook.headings_around(at).map(|heading| heading.text.as_str());
        let mut around = around.chain([page.title.as_str()]);
        let tells = |text: &str| {
            let text = text.to_lowercase();
            ["alert", "alarm"].iter().any(|word| text.contains(word))
                || severity_of_heading(&text).is_some()
        };
        around.any(tells) && !is_of_another_time(&page.runbook, at)
    }

    /// The entry that a text is, if it begins with the name of an alert that is set off.
    fn entry(&self, content: &[Inline]) -> Option<Entry<'s>> {
        let says =
            |inline: &&Inline| !matches!(inline.kind, InlineKind::Html(_)) && inline.has_words();
        let first = content.iter().find(says)?;
        let text = prose::text(self.open.page().runbook.source(), content);
        let written = text.text();
        let start = written.find(char::is_alphanumeric)?;
        let said = plain_text(std::slice::from_ref(first));
        let said = said.trim_start_matches(|it: char| !it.is_alphanumeric());
        let (alert, end) = if let InlineKind::Text(_) = &first.kind {
            let end = said.find(|it: char| !(it.is_alphanumeric() || "_-".contains(it)));
            let name = &said[..end.unwrap_or(said.len())];
            (*self.listed.get(name)?, start + name.len())
        } else {
            let name = said.trim_end_matches(|it: char| it == ':' || it.is_whitespace());
            let alert = *self.listed.get(name)?;
            // Code reads so here.
            let length = [alert, "code"].into_iter().find(|it| written[start..].starts_with(it));
            (alert, start + length?.len())
        };
        let (severity, from) = beside(written, end)?;
        let severity = severity.map(|at| (written[at.clone()].to_lowercase(), text.to_source(at)));
        let name = text.to_source(start..end);
        Some(Entry { alert, name, severity, text: text.part(from..written.len()) })
    }
}

/// The severity that stands behind a name, and where what is said of the alert begins: behind a
/// colon, a dash or a line break.
fn beside(text: &str, from: usize) -> Option<(Option<Range<usize>>, usize)> {
    const MARKS: [char; 8] = [':', '-', '–', '—', '→', '|', ',', '\n'];
    let mut at = from;
    let mut severity = None;
    let mut is_set_off = false;
    loop {
        let rest = &text[at..];
        let marks =
            rest.len() - rest.trim_start_matches(|it: char| it == ' ' || MARKS.contains(&it)).len();
        is_set_off |= rest[..marks].contains(MARKS);
        at += marks;
        let rest = &text[at..];
        let is_severity = |word: &str| is_of_scale(&word.trim().to_lowercase());
        if let Some((inner, _)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            if severity.is_some() || !is_severity(inner) {
                break;
            }
            severity = Some(at + 1..at + 1 + inner.len());
            at += inner.len() + 2;
            is_set_off = true;
            continue;
        }
        let line = rest.split(MARKS).next().unwrap_or_default();
        let is_label = line.trim().eq_ignore_ascii_case("severity");
        let value = if is_label { line.len() + 1 } else { 0 };
        let word = rest.get(value..).unwrap_or_default();
        let front = word.len() - word.trim_start().len();
        let word = word.trim_start().split(MARKS).next().unwrap_or_default().trim_end();
        if severity.is_some() || !is_set_off || !is_severity(word) {
            break;
        }
        let start = at + value + front;
        severity = Some(start..start + word.len());
        at = start + word.len();
    }
    (is_set_off || at == text.len()).then_some((severity, at))
}

/// The severity that all alerts below a heading have: `Critical (page immediately)`, `Warning alerts`.
pub fn severity_of_heading(heading: &str) -> Option<String> {
    const BESIDE: [&str; 7] =
        ["alert", "alerts", "alarm", "alarms", "severity", "level", "priority"];
    let front = heading.split(['(', '–', '—', ':']).next().unwrap_or_default().to_lowercase();
    let words = front.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut others = words.filter(|word| !BESIDE.contains(word));
    match (others.next(), others.next()) {
        (Some(severity), None) if is_of_scale(severity) => Some(severity.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::severity_of_heading;

    #[test]
    fn headings_have_a_severity() {
        for (heading, severity) in [
            ("Critical (page immediately)", Some("critical")),
            ("🔴 Critical alerts", Some("critical")),
            ("Warning — Slack", Some("warning")),
            ("Severity: critical", None),
            ("Critical and warning", None),
            ("Critical path", None),
            ("Alerts", None),
        ] {
            assert_eq!(severity_of_heading(heading).as_deref(), severity, "{heading}");
        }
    }
}
