//! The rules that a server has loaded, out of what its API answers.
//!
//! `/api/v1/rules` (<https://prometheus.io/docs/prometheus/latest/querying/api/#rules>) lists rules
//! as JSON; Thanos' Ruler and Querier, Mimir and Cortex answer in the same shape. Findings need a
//! text to point into, so the answer is written down as the rule file that it might have come from,
//! and read as such.

use super::RuleFile;
use super::parse::read;
use crate::promql::duration_text;
use crate::source::Source;
use crate::yaml::{is_plain, is_printable, quoted, scalar};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A page of the answer: the `data` of the envelope.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LoadedRules {
    /// The groups, in the order of the server.
    #[serde(default)]
    pub groups: Vec<LoadedGroup>,
    /// What to ask for the next page with, if there is one.
    #[serde(default, rename = "groupNextToken")]
    pub next_token: Option<String>,
}

/// A group of rules, as a server has it loaded.
#[derive(Debug, Clone, Deserialize)]
pub struct LoadedGroup {
    name: String,
    /// The file on the server, or what stands for it: Mimir's namespace.
    #[serde(default)]
    file: String,
    #[serde(default)]
    interval: f64,
    #[serde(default)]
    limit: u64,
    #[serde(default, rename = "partialResponseStrategy")]
    partial_response_strategy: String,
    #[serde(default)]
    rules: Vec<LoadedRule>,
}

/// A rule, as a server has it loaded. Durations are seconds.
#[derive(Debug, Clone, Deserialize)]
struct LoadedRule {
    /// `alerting` or `recording`.
    #[serde(rename = "type")]
    kind: String,
    name: String,
    query: String,
    #[serde(default)]
    duration: f64,
    #[serde(default, rename = "keepFiringFor")]
    keep_firing_for: f64,
    // Thanos says `null` where there are none.
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

/// Writes loaded rules down as a rule file whose name is the address that they came from. Each file
/// of the server is a document, since names of groups are unique in a file only.
pub fn to_source(address: &str, groups: &[LoadedGroup]) -> Arc<Source> {
    let mut by_file: BTreeMap<&str, Vec<&LoadedGroup>> = BTreeMap::new();
    for group in groups {
        by_file.entry(&group.file).or_default().push(group);
    }
    let mut text = String::new();
    for (file, groups) in by_file {
        text += &format!("--- # {}\ngroups:\n", one_line(file));
        for group in groups {
            write_group(&mut text, group);
        }
    }
    Source::new(address, text)
}

/// Reads what [`to_source`] wrote. Whoever has the rules loaded found nothing wrong with them, so
/// nothing is complained about.
pub fn parse_loaded(source: &Arc<Source>) -> RuleFile {
    let (file, _) = read(source, true);
    RuleFile { is_loaded: true, is_unrendered: false, ..file }
}

fn write_group(text: &mut String, group: &LoadedGroup) {
    text.push_str("  - name: ");
    write(text, 4, &group.name);
    duration(text, 4, "interval", group.interval);
    if group.limit > 0 {
        text.push_str(&format!("    limit: {}\n", group.limit));
    }
    pair(text, 4, "partial_response_strategy", &group.partial_response_strategy);
    if group.rules.is_empty() {
        text.push_str("    rules: []\n");
        return;
    }
    text.push_str("    rules:\n");
    for rule in &group.rules {
        let key = if rule.kind == "recording" { "record" } else { "alert" };
        text.push_str(&format!("      - {key}: "));
        write(text, 8, &rule.name);
        pair(text, 8, "expr", &rule.query);
        duration(text, 8, "for", rule.duration);
        duration(text, 8, "keep_firing_for", rule.keep_firing_for);
        for (key, pairs) in [("labels", &rule.labels), ("annotations", &rule.annotations)] {
            let Some(pairs) = pairs.as_ref().filter(|pairs| !pairs.is_empty()) else { continue };
            text.push_str(&format!("        {key}:\n"));
            for (name, value) in pairs {
                text.push_str("          ");
                text.push_str(&scalar(name));
                text.push_str(": ");
                write(text, 10, value);
            }
        }
    }
}

/// A key and its value, unless the value is empty.
fn pair(text: &mut String, indent: usize, key: &str, value: &str) {
    if !value.is_empty() {
        text.push_str(&format!("{:indent$}{key}: ", ""));
        write(text, indent, value);
    }
}

/// A key and a duration, unless it is none.
fn duration(text: &mut String, indent: usize, key: &str, seconds: f64) {
    let duration = std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let milliseconds = u64::try_from(duration.as_millis()).unwrap_or_default();
    if milliseconds > 0 {
        text.push_str(&format!("{:indent$}{key}: {}\n", "", duration_text(milliseconds)));
    }
}

/// A text as people would write it: plain if it means itself, a block if it has lines, else quoted.
fn write(text: &mut String, indent: usize, value: &str) {
    if is_plain(value) {
        text.push_str(value);
    } else if is_block(value) {
        text.push_str("|-");
        for line in value.split('\n') {
            text.push('\n');
            if !line.is_empty() {
                text.push_str(&format!("{:width$}{line}", "", width = indent + 2));
            }
        }
    } else {
        text.push_str(&quoted(value));
    }
    text.push('\n');
}

/// Whether a text has lines that a block scalar keeps as they are.
fn is_block(value: &str) -> bool {
    value.contains('\n')
        && !value.ends_with(['\n', ' '])
        && !value.starts_with(['\n', ' '])
        && value.chars().all(|character| character == '\n' || is_printable(character))
}

fn one_line(text: &str) -> String {
    text.chars().map(|character| if is_printable(character) { character } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn loaded(data: serde_json::Value) -> LoadedRules {
        serde_json::from_value(data).unwrap()
    }

    #[test]
    fn an_answer_reads_like_the_file_that_it_came_from() {
        let page = loaded(json!({"groups": [
            {"name": "b", "file": "/etc/b.yml", "interval": 15, "rules": [
                {"type": "recording", "name": "a:b", "query": "sum(b)", "labels": {"c": "yes"}, "health": "ok"},
            ]},
            {"name": "a", "file": "/etc/a.yml", "interval": 60.5, "limit": 3, "rules": [
                {"type": "alerting", "name": "Disk6+Hours", "query": "(a > 1\n  and b)", "duration": 5400,
                 "keepFiringFor": 90, "labels": {"severity": "critical"}, "state": "inactive",
                 "annotations": {"runbook_url": "https://r/a?b={{ $labels.b }}", "summary": "It's: \"{{ $value }}\"\n"},
                 "alerts": []},
            ]},
            {"name": "b", "file": "/etc/a.yml", "interval": 60, "rules": []},
        ]}));
        let source = to_source("http://p/api/v1/rules", &page.groups);
        let expected = "\
--- # /etc/a.yml
groups:
  - name: a
    interval: 1m500ms
    limit: 3
    rules:
      - alert: Disk6+Hours
        expr: |-
          (a > 1
            and b)
        for: 1h30m
        keep_firing_for: 1m30s
        labels:
          severity: critical
        annotations:
          runbook_url: https://r/a?b={{ $labels.b }}
          summary: \"It's: \\\"{{ $value }}\\\"\\n\"
  - name: b
    interval: 1m
    rules: []
--- # /etc/b.yml
groups:
  - name: b
    interval: 15s
    rules:
      - record: a:b
        expr: sum(b)
        labels:
          c: \"yes\"
";
        assert_eq!(source.text(), expected);
        let (_, complaints) = read(&source, true);
        assert_eq!(complaints, []);
        let file = parse_loaded(&source);
        let names: Vec<_> = file.rules().map(|rule| rule.name().as_str()).collect();
        assert_eq!((names, file.is_loaded), (vec!["Disk6+Hours", "a:b"], true));
    }

    #[test]
    fn thanos_and_mimir_may_leave_things_out() {
        let page =
            loaded(json!({"groups": [{"name": "a", "partialResponseStrategy": "WARN", "rules": [
            {"type": "alerting", "name": "A", "query": "up", "labels": null, "annotations": null},
        ]}], "groupNextToken": "x"}));
        assert_eq!(page.next_token.as_deref(), Some("x"));
        let file = parse_loaded(&to_source("x", &page.groups));
        assert_eq!(file.rules().count(), 1);
        assert!(loaded(json!({})).groups.is_empty());
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_was(name in "\\PC{1,20}", expr in any::<String>(), value in any::<String>()) {
            let page = loaded(json!({"groups": [{"name": "a", "rules": [
                {"type": "alerting", "name": name, "query": format!("x{expr}"), "annotations": {"b": value}},
            ]}]}));
            let file = parse_loaded(&to_source("x", &page.groups));
            let rule = file.rules().next().unwrap();
            prop_assert_eq!(rule.name().as_str(), name.as_str());
            prop_assert_eq!(rule.expr.as_str(), format!("x{expr}"));
            prop_assert_eq!(rule.annotation("b").unwrap().as_str(), value.as_str());
        }
    }
}
