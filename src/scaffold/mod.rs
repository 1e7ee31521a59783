//! The runbook section of an alert, begun from its rules.
//!
//! All that the rules say is written down: what the alert means, when it fires, the query, and the
//! series behind it with the alert's labels as placeholders. What only people know is marked with
//! `TODO`.
//!
//! - `firing` puts the expression into words;
//! - `behind` takes the series that it looks at out of it;
//! - `place` finds the place on a page.

mod behind;
mod firing;
mod place;

pub use place::Extended;

use crate::diag::wording::on_one_line;
use crate::rules::{Rule, template};
use crate::runbook::Runbook;
use crate::site::{RecordedLabels, Site};
use crate::yaml::{self, Text};
use std::fmt::Write as _;

/// What a section is made of.
pub struct Scaffold<'s> {
    site: &'s Site,
    alert: &'s str,
    rules: Vec<&'s Rule>,
    recorded: &'s RecordedLabels<'s>,
}

impl<'s> Scaffold<'s> {
    /// The scaffold for an alert; `None` if no rule raises it.
    pub fn new(site: &'s Site, recorded: &'s RecordedLabels<'s>, alert: &str) -> Option<Self> {
        let (name, alert) = site.alerts.get_key_value(alert)?;
        let rules: Vec<&Rule> = site.rules_of(alert).collect();
        (!rules.is_empty()).then_some(Self { site, alert: name, rules, recorded })
    }

    /// The name of the file for a page of its own: `disk-almost-full.md`.
    pub fn file_name(&self) -> String {
        format!("{}.md", in_dashes(self.alert))
    }

    /// A page with an alert table of one row and the section.
    pub fn page(&self) -> String {
        format!("---\ntitle: {}\n---\n\n{}", yaml::scalar(self.alert), self.table_and_section(2))
    }

    /// An alert table of one row, and the section with a heading of this level.
    pub fn table_and_section(&self, level: u8) -> String {
        let alert = self.alert;
        let columns = self.site.config.alert_columns.as_ref();
        let header = columns.and_then(|columns| columns.first().map(String::as_str));
        let header = header.unwrap_or("Alert_Situation");
        format!(
            "| {header} | Info | Start |\n|---|---|---|\n| {} | {} | [{}](#{}) |\n\n{}",
            name_in_cell(alert),
            in_cell(&self.meaning()),
            in_cell(&escaped(alert)),
            place::last_id(&format!("## {}\n", escaped(alert))),
            self.section(level),
        )
    }

    /// A page that is there with the section at its end and, if it has an alert table, a row in the
    /// last one. `text` is what its file holds.
    pub fn appended_to(&self, page: &Runbook, text: &str) -> Extended {
        place::extend(self, page, text)
    }

    /// The section, with a heading of this level.
    fn section(&self, level: u8) -> String {
        let mut text = format!(
            "{} {}\n\n{}\n",
            "#".repeat(usize::from(level)),
            escaped(self.alert),
            self.meaning()
        );
        let mut steps: Vec<String> = Vec::new();
        let mut queries: Vec<String> = Vec::new();
        for rule in &self.rules {
            let severity = rule.severity().map(Text::as_str);
            let severity = severity.filter(|severity| !severity.contains(['{', '`']));
            let with = match severity {
                Some(severity) if !severity.is_empty() => format!(" with severity `{severity}`"),
                _ => String::new(),
            };
            let _ = write!(text, "\n{}", firing::sentence(rule, &with));
            let with = if self.rules.len() > 1 { with.as_str() } else { "" };
            let expr = rule.expr.as_str().trim();
            let step = format!("See which series it fires for now{with}:\n\n{}", fence(expr));
            if !steps.contains(&step) {
                steps.push(step);
            }
            for query in behind::queries(rule, &self.site.config.placeholders, self.recorded) {
                if query != expr && !queries.contains(&query) {
                    queries.push(query);
                }
            }
        }
        if !queries.is_empty() {
            queries.truncate(MOST_QUERIES);
            let fences: Vec<String> = queries.iter().map(|query| fence(query)).collect();
            steps.push(format!("Look at what is behind it:\n\n{}", fences.join("\n\n")));
        }
        steps.push("TODO: what to look at next, and what to do about it.".to_owned());
        steps.push(match self.team() {
            Some(team) => {
                format!(
                    "If that does not help, escalate to the team `{team}`. TODO: how to reach it."
                )
            }
            None => "TODO: whom to escalate to if that does not help.".to_owned(),
        });
        for (index, step) in steps.iter().enumerate() {
            let _ = write!(text, "\n{}. {}\n", index + 1, step.replace('\n', "\n   "));
        }
        // Lines between fences stay empty.
        text.replace("\n   \n", "\n\n")
    }

    /// What the alert means: the first annotation that says so in words and labels.
    fn meaning(&self) -> String {
        const SAYING: [&str; 4] = ["summary", "message", "description", "title"];
        let texts = SAYING.iter().flat_map(|key| {
            self.rules.iter().filter_map(move |rule| rule.annotation(key).map(Text::as_str))
        });
        let said = texts.filter_map(in_words).find(|text| !text.is_empty());
        said.unwrap_or_else(|| "TODO: what it means, in one sentence.".to_owned())
    }

    /// Who answers for the alert, if its rules agree.
    fn team(&self) -> Option<&str> {
        let team = |rule: &&'s Rule| {
            let label = ["team", "owner", "squad"].iter().find_map(|name| rule.label(name))?;
            Some(label.as_str()).filter(|team| !team.is_empty() && !team.contains(['{', '`']))
        };
        let first = self.rules.first().and_then(team)?;
        self.rules.iter().all(|rule| team(rule) == Some(first)).then_some(first)
    }
}

/// The most queries of what is behind an alert: more are no help to somebody in a hurry.
const MOST_QUERIES: usize = 6;

/// A fence with a query.
fn fence(query: &str) -> String {
    format!("```promql\n{query}\n```")
}

/// A template on one line of Markdown, with the names of labels as code in place of their values;
/// none if it decides anything or puts something else in.
fn in_words(text: &str) -> Option<String> {
    let mut words = String::new();
    let mut at = 0;
    for action in template::actions(text) {
        let what = match action.labels.as_slice() {
            _ if action.is_control => return None,
            [(label, _)] if !label.contains('`') => label.as_str(),
            [] if action.reads_value => "value",
            _ => return None,
        };
        words.push_str(&escaped(&text[at..action.range.start]));
        let _ = write!(words, "`{what}`");
        at = action.range.end;
    }
    words.push_str(&escaped(&text[at..]));
    Some(on_one_line(&words))
}

/// Text of which Markdown and Liquid make nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '#' | '{' | '|') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Text of one cell. Tables pair backticks before they see escapes.
fn in_cell(text: &str) -> String {
    text.replace("\\`", "&#96;").replace("\\|", "|").replace('|', "\\|")
}

/// The name of an alert in a cell: as code, unless it holds what code in a cell can't.
fn name_in_cell(name: &str) -> String {
    if name.contains(['|', '`', '\\']) { in_cell(&escaped(name)) } else { format!("`{name}`") }
}

/// `DiskAlmostFull` and `disk_almost_full` as `disk-almost-full`, `CPUThrottling` as
/// `cpu-throttling`.
fn in_dashes(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut dashed = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let is_start = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_uppercase()
                        && letters.get(index + 1).is_some_and(|next| next.is_lowercase()))
            });
        if (is_start || !letter.is_alphanumeric()) && !dashed.ends_with('-') {
            dashed.push('-');
        }
        if letter.is_alphanumeric() {
            dashed.extend(letter.to_lowercase());
        }
    }
    let dashed = dashed.trim_matches('-');
    if dashed.is_empty() { "alert".to_owned() } else { dashed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_words_in_dashes() {
        for (name, expected) in [
            ("DiskAlmostFull", "disk-almost-full"),
            ("CPUThrottlingHigh", "cpu-throttling-high"),
            ("etcdNoLeader", "etcd-no-leader"),
            ("disk_full", "disk-full"),
            ("AutomatedFailure6+Hours", "automated-failure6-hours"),
            ("Disk is full", "disk-is-full"),
            ("../x", "x"),
            ("+++", "alert"),
        ] {
            assert_eq!(in_dashes(name), expected, "{name}");
        }
    }

    #[test]
    fn templates_become_words_if_labels_are_all_they_need() {
        for (template, expected) in [
            ("Disk of {{ $labels.instance }}\nis full", Some("Disk of `instance` is full")),
            ("{{ $value | humanize }} % full", Some("`value` % full")),
            ("{{ query \"up\" }}", None),
            ("{{ if $labels.a }}x{{ end }}", None),
            ("a *b* <c> | d_e", Some(r"a \*b\* \<c> \| d\_e")),
        ] {
            assert_eq!(in_words(template).as_deref(), expected, "{template}");
        }
    }
}
