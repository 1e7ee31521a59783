//! A runbook states another severity than the rule has.
//!
//! Whoever reads `warning` in the runbook goes back to sleep; the rule pages with `critical`.
//!
//! Read are a column `Severity` of an alert table; in the alert's section a line or a heading
//! `Severity: critical`, a heading *Severity* and a table that says one; `severity:` in the front
//! matter of a page about one alert, and the label in an example alert. Only words that rules use for their `severity` are compared, and one rule of
//! the alert that agrees is enough.
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

use super::{Check, InPage, OpenPage, Run};
use super::example_drift::rules_of;
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::listed;
use crate::lint::drift::section::{rows, sections};
use crate::markdown::{Block, BlockKind, Cell, Inline, Row, Table, plain_text};
use crate::rules::Rule;
use crate::runbook::AlertTable;
use crate::site::{Page, Site};
use crate::source::Span;
use crate::yaml::Text;
use std::collections::BTreeSet;
use std::ops::Range;

pub const CHECK: Check =
    Check { name: "severity-drift", severity: Severity::Warning, needs_rules: true, run: Run::Pages(run) };

fn run(site: &Site) -> InPage<'_> {
    let used = site.rule_files.iter().flat_map(|file| file.rules());
    let used = used.filter(|rule| rule.alert_name().is_some());
    let mut known: BTreeSet<String> =
        used.filter_map(|rule| rule.label("severity")).map(|it| plain(it.as_str())).collect();
    known.extend(["critical", "warning", "info"].map(str::to_owned));
    Box::new(move |open| {
        let mut checker = Checker { site, known: &known, found: Vec::new() };
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
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn page(&mut self, open: &OpenPage<'_>) {
        let page = open.page();
        let source = page.runbook.source();
        for row in rows(open) {
            for (column, cell) in row.row.cells.iter().enumerate() {
                let header = row.header.get(column).map(|cell| plain_text(&cell.content));
                if header.is_some_and(|header| is_key(&header)) {
                    let text = plain_text(&cell.content);
                    self.stated(&row.alerts, &text, Span::new(source, cell.range.clone()));
                }
            }
        }
        let sections = sections(open);
        if let ([section], Some(text)) =
            (sections.as_slice(), page.runbook.front_matter.text("severity"))
        {
            self.stated(&section.alerts, text.as_str(), text.span().clone());
        }
        for section in &sections {
            for block in &section.headings {
                self.heading(page, &section.alerts, block);
            }
            for (block, below) in &section.blocks {
                let is_below = below.as_deref().is_some_and(is_key);
                self.block(page, &section.alerts, block, is_below);
            }
        }
        for shown in page.runbook.examples.iter().flat_map(|example| &example.alerts) {
            let rules = rules_of(self.site, shown);
            if let Some(label) = shown.labels.iter().find(|label| label.name == "severity") {
                let span = Span::new(source, label.range.clone());
                self.compare(&rules, &label.value, span);
            }
        }
    }

    /// A paragraph `Severity: critical`, or one that is nothing but a severity below a heading that
    /// says so.
    fn block(&mut self, page: &Page, alerts: &[&str], block: &Block, is_below: bool) {
        match &block.kind {
            BlockKind::Paragraph { content, .. } => {
                let source = page.runbook.source();
                for (line, range) in lines(content) {
                    let stated = match value(&line) {
                        Some(value) => value,
                        None if is_below => line.as_str(),
                        None => continue,
                    };
                    self.stated(alerts, stated, Span::new(source, range));
                }
            }
            BlockKind::List { items, .. } => {
                for block in items.iter().flat_map(|item| &item.blocks) {
                    self.block(page, alerts, block, is_below);
                }
            }
            BlockKind::Quote(inner) => {
                for block in inner {
                    self.block(page, alerts, block, is_below);
                }
            }
            BlockKind::Table(table) => self.table(page, alerts, block, table),
            _ => {}
        }
    }

    /// A heading `Severity: critical`.
    fn heading(&mut self, page: &Page, alerts: &[&str], block: &Block) {
        let BlockKind::Heading { content, .. } = &block.kind else { return };
        let (Some(first), Some(last)) = (content.first(), content.last()) else { return };
        if let Some(stated) = value(&plain_text(content)) {
            let range = first.range.start..last.range.end;
            self.stated(alerts, stated, Span::new(page.runbook.source(), range));
        }
    }

    /// A table of one row with a column `Severity`, or of two columns with a row that begins with
    /// it. Of several rows each is about something else.
    fn table(&mut self, page: &Page, alerts: &[&str], block: &Block, table: &Table) {
        let runbook = &page.runbook;
        let names_alerts = |known: &AlertTable| known.rows.iter().any(|row| !row.alerts.is_empty());
        let known = runbook.alert_tables.iter().find(|known| known.range.start == block.range.start);
        if known.is_some_and(names_alerts) {
            return;
        }
        let is_named = |cell: &Cell| is_key(&plain_text(&cell.content));
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
        for cell in stating {
            let span = Span::new(runbook.source(), cell.range.clone());
            self.stated(alerts, &plain_text(&cell.content), span);
        }
    }

    fn stated(&mut self, alerts: &[&str], stated: &str, span: Span) {
        let rules: Vec<&Rule> = alerts
            .iter()
            .filter_map(|name| self.site.alerts.get(*name))
            .flat_map(|alert| &alert.rules)
            .map(|place| self.site.rule(*place).2)
            .collect();
        self.compare(&rules, stated, span);
    }

    fn compare(&mut self, rules: &[&Rule], stated: &str, span: Span) {
        let stated = plain(without_remark(stated));
        let severities: Option<Vec<&Text>> =
            rules.iter().map(|rule| rule.label("severity")).collect();
        let Some(severities) = severities.filter(|it| !it.is_empty()) else { return };
        let unclear = |severity: &&Text| severity.as_str().contains("{{");
        if !self.known.contains(&stated)
            || severities.iter().any(unclear)
            || severities.iter().any(|severity| plain(severity.as_str()) == stated)
        {
            return;
        }
        let mut said: Vec<String> = severities.iter().map(|it| format!("`{it}`")).collect();
        said.sort_unstable();
        said.dedup();
        let name = rules[0].name().as_str();
        let message =
            format!("the runbook says that `{name}` is `{stated}`, the rule says {}", listed(&said));
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

/// Whether a header, a heading or the word before a colon says that a severity follows.
fn is_key(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["severity"] | ["alert" | "default", "severity"] | ["severity", "level"]
    )
}

/// What a line says behind a word such as `Severity`: behind a colon, an equals sign or a dash.
fn value(line: &str) -> Option<&str> {
    // Hardly any line has one, and each mark would be looked for by itself.
    let may_be_key = |word: &str| word.eq_ignore_ascii_case("severity");
    if !line.split(|it: char| !it.is_alphanumeric()).any(may_be_key) {
        return None;
    }
    let marks = [":", "=", " - ", " – ", " — "];
    let mut parts = marks.iter().filter_map(|mark| line.split_once(mark));
    parts.find(|(key, _)| is_key(key)).map(|(_, value)| value)
}

/// A severity without what stands in brackets behind it, `critical (pages)`, unless that says when
/// it is so, or has another one.
fn without_remark(text: &str) -> &str {
    const CONDITIONS: [&str; 18] = [
        "if", "when", "unless", "in", "on", "at", "for", "after", "during", "above", "below", "until",
        "otherwise", "or", "critical", "warning", "info", "error",
    ];
    let Some((word, remark)) = text.split_once('(') else { return text };
    let words = remark.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase);
    let is_always = words.into_iter().all(|word| !CONDITIONS.contains(&word.as_str()));
    if is_always && remark.trim_end().trim_end_matches('.').ends_with(')') { word } else { text }
}

/// A severity in the spelling that is compared: `Crit` as `critical`.
fn plain(text: &str) -> String {
    let word = text.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
    match word.as_str() {
        "warn" => "warning".to_owned(),
        "crit" => "critical".to_owned(),
        "err" => "error".to_owned(),
        "information" | "informational" => "info".to_owned(),
        _ => word,
    }
}

/// The lines of a paragraph as its reader sees them, each with its bytes.
fn lines(content: &[Inline]) -> Vec<(String, Range<usize>)> {
    use crate::markdown::InlineKind::{HardBreak, SoftBreak};
    let parts = content.split(|inline| matches!(inline.kind, SoftBreak | HardBreak));
    let lines = parts.filter_map(|line| {
        let (first, last) = (line.first()?, line.last()?);
        Some((plain_text(line), first.range.start..last.range.end))
    });
    lines.collect()
}
