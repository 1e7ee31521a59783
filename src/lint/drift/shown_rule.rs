//! Alerting rules that a runbook shows in YAML.

use crate::markdown::CodeBlock;
use crate::rules::{Duration, Rule, RuleKind};
use crate::source::{Source, Span};
use crate::yaml::{self, Node, Text};
use std::ops::Range;
use std::sync::Arc;

/// A rule as it is shown.
#[derive(Debug)]
pub struct ShownRule {
    /// The name of its alert.
    pub alert: String,
    /// Its expression.
    pub expr: Text,
    /// How long it waits.
    pub held: Option<Duration>,
    /// Its labels.
    pub labels: Vec<(String, Text)>,
}

/// A part of a shown rule that the rule itself has otherwise.
#[derive(Debug)]
pub struct OtherPart {
    /// Where it is shown.
    pub shown: Span,
    /// What it is and what the rule has: `` `for: 5m` is `10m` there ``.
    pub how: String,
    /// Where the rule has it.
    pub rule: Span,
}

/// The alerting rules in a block of YAML: alone, in a list, or in the groups of a rule file. What has no
/// `alert:`, and may be a part of a rule, is that of the alert whose section it stands in.
pub fn shown_rules(source: &Arc<Source>, code: &CodeBlock, alert: Option<&str>) -> Vec<ShownRule> {
    let is_yaml = code
        .info
        .as_ref()
        .is_some_and(|(info, _)| matches!(info.split_whitespace().next(), Some("yaml" | "yml")));
    if !is_yaml || !code.text.text().contains("expr:") {
        return Vec::new();
    }
    let Some(range) = written_lines(source, code) else { return Vec::new() };
    let documents = yaml::parse(source, range).unwrap_or_default();
    let mut found = Vec::new();
    for document in &documents {
        match alert.filter(|_| document.get("expr").is_some()) {
            Some(alert) => found.extend(shown_rule(document, Some(alert))),
            None => collect(document, &mut found),
        }
    }
    found
}

/// The lines of a block in the file itself, with the indentation of what it stands in, which makes no
/// difference to YAML. None where anything else stands before them, such as the marks of a quote.
fn written_lines(source: &Arc<Source>, code: &CodeBlock) -> Option<Range<usize>> {
    let range = code.text.to_source(0..code.text.text().len());
    let start = source.text()[..range.start].rfind('\n').map_or(0, |before| before + 1);
    let range = Span::written(source, start..range.end)?.range();
    let lines = source.text().get(range.clone())?.lines();
    let is_same = |(written, read): (&str, &str)| written.trim() == read.trim();
    lines.zip(code.text.text().lines()).all(is_same).then_some(range)
}

fn collect(node: &Node, found: &mut Vec<ShownRule>) {
    if let Some(rule) = shown_rule(node, None) {
        found.push(rule);
        return;
    }
    let inner = ["spec", "groups", "rules"].iter().filter_map(|key| node.get(key));
    for node in node.items().iter().chain(inner) {
        collect(node, found);
    }
}

fn shown_rule(node: &Node, alert: Option<&str>) -> Option<ShownRule> {
    let text = |key| node.get(key).and_then(Node::text);
    let own = text("alert").map(|alert| alert.to_string());
    let is_recorded = node.get("record").is_some();
    let labels = node.get("labels").map(Node::entries).unwrap_or_default();
    let labels = labels.iter().filter_map(|entry| Some((entry.name(), entry.value.text()?)));
    Some(ShownRule {
        alert: own.or_else(|| alert.filter(|_| !is_recorded).map(str::to_owned))?,
        expr: text("expr")?,
        held: text("for").and_then(Duration::new),
        labels: labels.map(|(name, value)| (name.to_owned(), value)).collect(),
    })
}

impl ShownRule {
    /// What a rule has otherwise beside its expression: how long it waits, and its labels.
    pub fn other_parts(&self, rule: &Rule) -> Vec<OtherPart> {
        let mut parts = Vec::new();
        if let RuleKind::Alerting { for_duration: Some(own), .. } = &rule.kind
            && let Some(shown) = self.held.as_ref()
            && shown.milliseconds != own.milliseconds
        {
            parts.push(OtherPart {
                shown: shown.text.span().clone(),
                how: format!("`for: {}` is `{}` there", shown.text, own.text),
                rule: own.text.span().clone(),
            });
        }
        for (name, shown) in &self.labels {
            let is_made = |text: &Text| text.as_str().contains("{{");
            if let Some(own) = rule.label(name)
                && own.as_str() != shown.as_str()
                && !is_made(own)
                && !is_made(shown)
            {
                parts.push(OtherPart {
                    shown: shown.span().clone(),
                    how: format!("the label `{name}: {shown}` is `{own}` there"),
                    rule: own.span().clone(),
                });
            }
        }
        parts
    }
}
