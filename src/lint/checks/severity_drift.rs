//! A runbook states another severity than the rule has.
//!
//! Whoever reads `warning` in the runbook goes back to sleep; the rule pages with `critical`.
//!
//! Read are a column `Severity` of an alert table, a line `Severity: critical` or a heading *Severity*
//! in the alert's section, `severity:` in the front matter of a page about one alert, and the label
//! in an example alert. Only words that rules use for their `severity` are compared, and one rule of
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
use crate::markdown::{Block, BlockKind, Inline, plain_text};
use crate::rules::Rule;
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
                    let stated = match line.split_once(':') {
                        Some((key, value)) if is_key(key) => value,
                        _ if is_below => line.as_str(),
                        _ => continue,
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
            _ => {}
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
        let stated = plain(stated);
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
