//! A runbook states another severity than the rule has.
//!
//! Whoever reads `warning` in the runbook goes back to sleep; the rule pages with `critical`.
//!
//! Read are a column `Severity` of an alert table; in the alert's section a line or a heading
//! `Severity: critical`, a heading *Severity*, a table that says one, and a sentence such as
//! `This is a critical alert.`; `severity:` in the front matter of a page about one alert, and the
//! label in an example alert. Only words that rules use for their `severity` are compared, and one
//! rule of the alert that agrees is enough. A column that is plainly of the rules' scale, since most
//! of it agrees, is compared whole, also if it is called `Level` or `Priority`.
//!
//! # Example
//!
//! ```markdown
//! ## DiskFull
//!
//! Severity: warning
//! ```
//!
//! where the rule has `severity: critical`.
//!
//! # To fix it
//!
//! Write the severity that the rule has; or mend the rule, if the runbook is right.

use super::example_drift::rules_of;
use super::{Check, InPage, Needs, OpenPage, Run};
use crate::diag::wording::joined;
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::entries::{Entry, severity_of_heading};
use crate::lint::drift::fields::fields;
use crate::lint::drift::lost::LostRules;
use crate::lint::drift::own_part::{Content, Part};
use crate::lint::drift::section::{AlertNames, AlertRow};
use crate::lint::drift::severity::{
    Key, is_of_scale, key, plain, sole_known, text_of, told, value, without_remark,
};
use crate::lint::drift::{Rules, rules_meant};
use crate::markdown::{Block, Cell, Inline, Row, Table, plain_text};
use crate::rules::Rule;
use crate::runbook::AlertTable;
use crate::site::{Page, Site};
use crate::source::{Source, Span};
use crate::yaml::Text;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

pub const CHECK: Check = Check {
    name: "severity-drift",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    let mut known: BTreeSet<String> = site.severities().map(plain).collect();
    known.extend(["critical", "warning", "info"].map(str::to_owned));
    let lost = LostRules::new(site);
    Box::new(move |open| {
        let mut checker = Checker { site, known: &known, lost: &lost, found: Vec::new() };
        checker.page(open);
        checker.found
    })
}

/// Whether a column says what a severity means, and so not which one an alert has.
fn explains_severities(header: &Cell) -> bool {
    const EXPLAINING: [&str; 8] =
        ["priority", "threshold", "sla", "slo", "level", "limit", "response", "meaning"];
    let text = plain_text(&header.content).to_lowercase();
    text.split(|it: char| !it.is_alphanumeric()).any(|word| EXPLAINING.contains(&word))
}

struct Checker<'s> {
    site: &'s Site,
    /// The severities that are compared.
    known: &'s BTreeSet<String>,
    lost: &'s LostRules<'s>,
    found: Vec<Diagnostic>,
}

impl<'s> Checker<'s> {
    fn page(&mut self, open: &OpenPage<'_>) {
        let page = open.page();
        let source = page.runbook.source();
        self.rows(source, open.rows());
        for entry in open.entries() {
            if let Some((severity, range)) = &entry.severity {
                let span = Span::new(source, range.clone());
                self.compare(&self.rules(&[entry.alert]), severity, false, span);
            }
        }
        self.below_headings(open, open.rows(), open.entries());
        let sections = open.sections();
        let front_matter =
            page.runbook.front_matter.text("severity").filter(|_| sections.len() == 1);
        for (section, parts) in sections.iter().zip(open.parts()) {
            let mut stated = Vec::new();
            if let Some(text) = &front_matter {
                stated.push(Stated {
                    alerts: Rc::clone(&section.alerts),
                    is_own: true,
                    key: Key::Severity,
                    text: text.as_str().to_owned(),
                    span: text.span().clone(),
                });
            }
            let mut parts = parts.iter().filter(|part| !part.alerts.is_empty()).peekable();
            while let Some(first) = parts.peek() {
                let heading = first.heading.as_deref();
                let is_below = heading.and_then(key) == Some(Key::Severity);
                while let Some(part) = parts.next_if(|it| it.heading.as_deref() == heading) {
                    stated.extend(in_part(page, part, is_below));
                }
            }
            self.section(&stated);
        }
        for shown in page.runbook.examples.iter().flat_map(|example| &example.alerts) {
            let rules = rules_of(self.site, shown);
            if let Some(label) = shown.labels.iter().find(|label| label.name == "severity") {
                let span = Span::new(source, label.range.clone());
                self.compare(&rules, &label.value, false, span);
            }
        }
    }

    /// Compares what a section states. Where that is two things, and one of them is what the rules
    /// say, the other is something else's.
    fn section(&mut self, stated: &[Stated<'_>]) {
        for one in stated.iter().filter(|one| one.is_own) {
            let same = stated.iter().filter(|it| it.alerts == one.alerts);
            let rules = self.rules(&one.alerts);
            let is_scale =
                |it: &Stated<'_>| it.key == Key::Severity || !Self::has_other_scale(&rules);
            let agrees = |it: &Stated<'_>| {
                let stated = self.known_in(&it.text, false);
                stated.is_some_and(|stated| has_severity(&rules, &stated))
            };
            let is_of_lost = || {
                self.known_in(&one.text, false).is_some_and(|stated| {
                    self.lost.has_partner(&one.alerts, |rule| has_severity(&[rule], &stated))
                })
            };
            if is_scale(one) && !same.into_iter().any(agrees) && !is_of_lost() {
                self.compare(&rules, &one.text, false, one.span.clone());
            }
        }
    }

    /// The cells below a header such as `Severity`, column by column: which scale a column is of, its
    /// cells show together.
    fn rows(&mut self, source: &Arc<Source>, rows: &[AlertRow<'_>]) {
        for table in rows.chunk_by(|a, b| std::ptr::eq(a.header, b.header)) {
            for (column, header) in table[0].header.iter().enumerate() {
                let Some(key) = key(&plain_text(&header.content)) else { continue };
                let cells: Vec<(&AlertRow<'_>, String, Span)> = table
                    .iter()
                    .filter_map(|row| {
                        let cell = row.row.cells.get(column)?;
                        let span = Span::new(source, cell.range.clone());
                        Some((row, text_of(&cell.content), span))
                    })
                    .collect();
                let is_same_scale = self.is_same_scale(&cells);
                let is_known = |(_, stated, _): &(_, String, _)| {
                    self.known.contains(&plain(without_remark(stated)))
                };
                if !is_same_scale && key == Key::Scale && !cells.iter().all(is_known) {
                    continue;
                }
                for (row, stated, span) in cells {
                    let rules = self.rules(&row.alerts);
                    if is_same_scale || key == Key::Severity || !Self::has_other_scale(&rules) {
                        self.compare(&rules, &stated, is_same_scale, span);
                    }
                }
            }
        }
    }

    /// Rows and entries that state no severity themselves, below a heading that is nothing but one: it is
    /// a severity as the rules have it, if most of them agree.
    fn below_headings(
        &mut self,
        open: &OpenPage<'_>,
        rows: &[AlertRow<'_>],
        entries: &[Entry<'_>],
    ) {
        let runbook = &open.page().runbook;
        let states = |row: &AlertRow<'_>| {
            row.header.iter().any(|header| key(&plain_text(&header.content)).is_some())
        };
        // All rows of a table have one header.
        let of_rows = rows.chunk_by(|a, b| std::ptr::eq(a.header, b.header));
        let of_rows = of_rows.filter(|table| !states(&table[0])).flatten().filter_map(|row| {
            let cell = row.row.cells.get(row.column)?;
            Some((Rc::clone(&row.alerts), cell.range.clone()))
        });
        let of_entries = entries.iter().filter(|entry| entry.severity.is_none());
        let of_entries = of_entries.map(|entry| ([entry.alert].into(), entry.name.clone()));
        let mut below: BTreeMap<usize, Vec<Below<'_>>> = BTreeMap::new();
        for (alerts, place) in of_rows.chain(of_entries) {
            if let Some(heading) = runbook.heading_before(place.start) {
                below.entry(heading).or_default().push((alerts, place));
            }
        }
        for (heading, named) in below {
            let Some(severity) = severity_of_heading(&runbook.headings[heading].text) else {
                continue;
            };
            let agreeing = named.iter().filter(|(alerts, _)| {
                let rules = self.rules(alerts);
                rules.iter().all(|rule| has_severity(&[*rule], &severity))
            });
            if agreeing.count() * 2 <= named.len() {
                continue;
            }
            for (alerts, place) in named {
                let span = Span::new(runbook.source(), place);
                self.compare(&self.rules(&alerts), &severity, true, span);
            }
        }
    }

    /// Whether the cells of a column are severities as the rules have them: all of some scale, and no
    /// fewer of them those of their rules than not.
    fn is_same_scale(&self, cells: &[(&AlertRow<'_>, String, Span)]) -> bool {
        let mut agreeing = 0;
        let mut is_scale = true;
        for (row, stated, _) in cells {
            let stated = plain(without_remark(stated));
            is_scale &= self.known.contains(&stated) || is_of_scale(&stated);
            let rules = self.rules(&row.alerts);
            let mut severities = rules.iter().filter_map(|rule| rule.severity());
            agreeing += usize::from(severities.any(|it| plain(it.as_str()) == stated));
        }
        is_scale && agreeing > 0 && agreeing * 2 >= cells.len()
    }

    /// Whether the rules have a label for what is no severity: a priority, a level.
    fn has_other_scale(rules: &[&Rule]) -> bool {
        rules.iter().any(|rule| ["priority", "level"].iter().any(|it| rule.label(it).is_some()))
    }

    fn rules(&self, alerts: &[&str]) -> Rules<'s> {
        rules_meant(self.site, alerts)
    }

    /// The severity that a text states.
    fn known_in(&self, stated: &str, same_scale: bool) -> Option<String> {
        let is_severity =
            |stated: &String| self.known.contains(stated) || same_scale && is_of_scale(stated);
        let plainly = Some(plain(without_remark(stated))).filter(is_severity);
        plainly.or_else(|| sole_known(stated, self.known))
    }

    /// Compares a severity with those of rules. One that no rule has is a severity of the site only
    /// where the place shows it, in a column of `same_scale`.
    fn compare(&mut self, rules: &[&Rule], stated: &str, same_scale: bool, span: Span) {
        let Some(stated) = self.known_in(stated, same_scale) else { return };
        let severities: Option<Vec<&Text>> = rules.iter().map(|rule| rule.severity()).collect();
        let Some(severities) = severities.filter(|it| !it.is_empty()) else { return };
        let unclear = |severity: &&Text| severity.as_str().contains("{{");
        if severities.iter().any(unclear) || has_severity(rules, &stated) {
            return;
        }
        let mut said: Vec<String> = severities.iter().map(|it| format!("`{it}`")).collect();
        said.sort_unstable();
        said.dedup();
        let name = rules[0].name().as_str();
        let message = format!(
            "the runbook says that `{name}` is `{stated}`, the rule says {}",
            joined(&said)
        );
        let mut found = Diagnostic::new(CHECK.name, span, message)
            .with_alert(name)
            .with_label("not the severity of the rule")
            .with_help("write the severity that the rule has, or mend the rule");
        for severity in severities {
            found.relate(severity.span().clone(), "the rule's severity");
        }
        self.found.push(found);
    }
}

/// Alerts that stand below a heading, and where they are named.
type Below<'s> = (AlertNames<'s>, Range<usize>);

fn has_severity(rules: &[&Rule], stated: &str) -> bool {
    rules.iter().filter_map(|rule| rule.severity()).any(|it| plain(it.as_str()) == stated)
}

/// A severity that a section states.
struct Stated<'s> {
    alerts: AlertNames<'s>,
    /// Whether it is that of the alerts, rather than of something else in their section.
    is_own: bool,
    key: Key,
    text: String,
    span: Span,
}

/// What a part states; `is_below` says whether it stands below a heading *Severity*.
fn in_part<'s>(page: &Page, part: &Part<'s>, is_below: bool) -> Vec<Stated<'s>> {
    let source = page.runbook.source();
    let mut found = Vec::new();
    let mut add = |is_own, key, text: &str, range| {
        let (alerts, text) = (Rc::clone(&part.alerts), text.to_owned());
        found.push(Stated { alerts, is_own, key, text, span: Span::new(source, range) });
    };
    match part.content {
        // `Severity: critical`
        Content::Heading(content) => {
            if let (Some(first), Some(last)) = (content.first(), content.last())
                && let Some((key, stated)) = value(&plain_text(content))
            {
                add(part.is_own, key, stated, first.range.start..last.range.end);
            }
        }
        Content::Text(content) => {
            let kinds = part.kinds();
            let all = if is_below || kinds.has_key_of_severity() {
                lines(content)
            } else {
                // Hardly any text states one, and lines need a key for it.
                Vec::new()
            };
            let goes_on = |at: usize| {
                all.get(at + 1).is_some_and(|(next, _)| {
                    next.starts_with(char::is_lowercase)
                        && value(next).is_none()
                        && !next.contains(':')
                })
            };
            for (at, (line, range)) in all.iter().cloned().enumerate() {
                // `Severity: info`, `for the cluster of the developers`
                if goes_on(at) {
                    continue;
                }
                let whole = fields(&line);
                let is_alone = whole.len() == 1;
                for field in whole {
                    let (key, stated) = match value(&line[field]) {
                        Some(stated) => stated,
                        None if is_below && is_alone => (Key::Severity, &*line),
                        None => continue,
                    };
                    let place = if is_alone {
                        range.clone()
                    } else {
                        place_of(&plain(without_remark(stated)), source, &range)
                    };
                    add(part.is_own, key, stated, place);
                }
            }
            let (Some(first), Some(last)) = (content.first(), content.last()) else {
                return found;
            };
            let range = first.range.start..last.range.end;
            if !kinds.may_tell_severity() {
                return found;
            }
            let text = plain_text(content);
            let mut start = 0;
            for end in memchr::memchr3_iter(b'.', b';', b'!', text.as_bytes()).chain([text.len()]) {
                if let Some(severity) = told(&text[start..end], kinds.has_key_of_severity()) {
                    let place = place_of(&severity, source, &range);
                    add(true, Key::Severity, &severity, place);
                }
                start = end + 1;
            }
        }
        Content::Table(block, table) => {
            for cell in stating(page, block, table) {
                let stated = text_of(&cell.content);
                add(part.is_own, Key::Severity, &stated, cell.range.clone());
            }
        }
    }
    found
}

/// The cells that state a severity in a table of one row with a column `Severity`, or of two columns
/// with a row that begins with it. Of several rows each is about something else.
fn stating<'t>(page: &Page, block: &Block, table: &'t Table) -> Vec<&'t Cell> {
    let names_alerts = |known: &AlertTable| known.rows.iter().any(|row| !row.alerts.is_empty());
    let mut known = page.runbook.alert_tables.iter();
    if known.find(|known| known.range.start == block.range.start).is_some_and(names_alerts) {
        return Vec::new();
    }
    let is_named = |cell: &Cell| key(&plain_text(&cell.content)) == Some(Key::Severity);
    let rows: Vec<&Row> = table.body_rows().collect();
    let mut stating: Vec<&Cell> = Vec::new();
    if let ([head], [row]) = (table.head.as_slice(), rows.as_slice())
        && !head.cells.iter().any(explains_severities)
    {
        let columns = head.cells.iter().zip(&row.cells);
        stating.extend(columns.filter(|(head, _)| is_named(head)).map(|(_, cell)| cell));
    }
    for row in table.head.iter().chain(rows) {
        if let [key, value] = row.cells.as_slice()
            && is_named(key)
        {
            stating.push(value);
        }
    }
    stating
}

/// The lines of a paragraph as its reader sees them, each with its bytes.
fn lines(content: &[Inline]) -> Vec<(Cow<'_, str>, Range<usize>)> {
    let parts = content.split(Inline::is_break);
    let lines = parts.filter_map(|line| {
        let (first, last) = (line.first()?, line.last()?);
        Some((plain_text(line), first.range.start..last.range.end))
    });
    lines.collect()
}

/// Where a word stands in a range of a text, in any case; the whole range if it is spelled otherwise.
fn place_of(word: &str, source: &Source, range: &Range<usize>) -> Range<usize> {
    let text = &source.text()[range.clone()];
    let mut at = 0;
    for part in text.split_inclusive(|it: char| !it.is_alphanumeric()) {
        let written = part.trim_end_matches(|it: char| !it.is_alphanumeric());
        if written.to_lowercase() == word {
            let start = range.start + at;
            return start..start + written.len();
        }
        at += part.len();
    }
    range.clone()
}
