//! Alerting rules that a runbook shows in YAML.
//!
//! One is the alert's own below the alert's heading or one that says no more than what a part of its
//! definition is called; and where no sentence stands in front that says it is something else: the
//! rule in staging, one to test with, that of last year.

use super::introduced::Introduced;
use super::naming::is_part;
use super::own_query::without_name;
use crate::diag::suggest::letters;
use crate::lint::OpenPage;
use crate::markdown::{BlockKind, CodeBlock, plain_text};
use crate::rules::{Duration, Rule};
use crate::source::{Source, Span};
use crate::yaml::{self, Node, Text};
use std::collections::BTreeMap;
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

/// The rules that a page shows as those of its alerts.
pub fn own_rules(open: &OpenPage<'_>) -> Vec<ShownRule> {
    let source = open.page().runbook.source();
    let mut found = Vec::new();
    if memchr::memmem::find(source.text().as_bytes(), b"expr:").is_none() {
        return found;
    }
    let mut placed = BTreeMap::new();
    for section in open.sections() {
        for (block, place) in section.blocks(open) {
            placed.insert(block.range.start, (section, block.range.end, place.is_own));
        }
    }
    let mut headings = Headings::default();
    let mut above = Above::Heading;
    open.document().walk_blocks(&mut |block| match &block.kind {
        BlockKind::Heading { level, content, .. } => {
            headings.add(*level, plain_text(content).into_owned());
            above = Above::Heading;
        }
        BlockKind::Paragraph { content, .. } => {
            let text = plain_text(content).to_lowercase();
            // `{{% comment %}}`
            if !text.starts_with("{{") {
                let is_first = matches!(above, Above::Heading);
                above = Above::Text { text, is_first };
            }
        }
        BlockKind::Code(code) => {
            let start = block.range.start;
            let (_, place) = placed.range(..=start).next_back().unzip();
            let place = place.filter(|(_, end, _)| block.range.end <= *end);
            let section = place.map(|(it, _, is_own)| (&*it.alerts, *is_own));
            let own = match section {
                Some(([alert], true)) => Some(*alert),
                _ => None,
            };
            let shown = shown_rules(source, code, own);
            let names: Vec<&str> = shown.iter().map(|rule| rule.alert.as_str()).collect();
            let is_own = match section {
                Some((alerts, is_own)) if names.iter().any(|name| alerts.contains(name)) => is_own,
                _ => headings.are_of(&names),
            };
            if is_own && above.may_introduce_rule(&names) {
                found.extend(shown);
            }
            above = Above::Other;
        }
        _ => {}
    });
    found
}

/// The headings that a place stands below.
#[derive(Default)]
struct Headings {
    title: bool,
    stack: Vec<(u8, String)>,
}

impl Headings {
    fn add(&mut self, level: u8, text: String) {
        self.stack.retain(|(upper, _)| *upper < level);
        // The title of the page says nothing of its parts.
        if level > 1 || self.title {
            self.stack.push((level, text));
        }
        self.title = true;
    }

    /// Whether they say no more than the names of these alerts, or what a part of a definition is
    /// called, from the last one on that has a name.
    fn are_of(&self, alerts: &[&str]) -> bool {
        let has_name = |heading: &str| {
            let heading = letters(heading);
            alerts.iter().any(|alert| heading.contains(&letters(alert)))
        };
        for (_, heading) in self.stack.iter().rev() {
            if !is_part(alerts, heading) {
                return false;
            }
            if has_name(heading) {
                break;
            }
        }
        true
    }
}

/// What stands in front of a block of code.
enum Above {
    /// The heading.
    Heading,
    /// A paragraph, in lower case.
    Text {
        text: String,
        /// Whether it is the first below the heading, where the alert is described.
        is_first: bool,
    },
    /// Something else, such as more code.
    Other,
}

impl Above {
    /// Whether a rule below it can be the alert's own. What describes the alert speaks of no rule, and
    /// of none that might be.
    fn may_introduce_rule(&self, names: &[&str]) -> bool {
        const OF_ANOTHER: [&str; 32] = [
            "apply",
            "could",
            "draft",
            "earlier",
            "example",
            "former",
            "formerly",
            "instead",
            "lower",
            "may",
            "might",
            "old",
            "previous",
            "previously",
            "proposed",
            "raise",
            "rule",
            "rules",
            "should",
            "staging",
            "stricter",
            "test",
            "testing",
            "threshold",
            "thresholds",
            "until",
            "upstream",
            "used",
            "variant",
            "version",
            "want",
            "would",
        ];
        let Self::Text { text, is_first } = self else { return true };
        if points_to_rule(text) {
            return true;
        }
        if text.trim_end().ends_with(':') {
            let sentence = text.rsplit(['.', '\n']).next().unwrap_or_default();
            return Introduced::by(&without_name(sentence, names)) != Introduced::Otherwise;
        }
        let mut words = text.split(|it: char| !it.is_alphanumeric());
        is_part(names, text) || *is_first && !words.any(|word| OF_ANOTHER.contains(&word))
    }
}

/// Whether a text, in lower case, ends by saying no more than that the rule follows, or in which file it
/// stands: *It is raised by this rule:*, *See rules/api.yaml:*.
fn points_to_rule(text: &str) -> bool {
    const WORDS: [&str; 27] = [
        "a",
        "alert",
        "alerting",
        "as",
        "at",
        "below",
        "by",
        "defined",
        "definition",
        "file",
        "fired",
        "fires",
        "following",
        "from",
        "here",
        "in",
        "is",
        "it",
        "its",
        "of",
        "raised",
        "raises",
        "rule",
        "see",
        "the",
        "this",
        "triggered",
    ];
    const OF_ANOTHER: [&str; 8] =
        ["dev", "draft", "example", "old", "sample", "small", "staging", "test"];
    let text = text.trim_end().trim_end_matches([':', '.']);
    let line = text.rsplit('\n').next().unwrap_or_default();
    let sentence = line.rsplit(". ").next().unwrap_or_default();
    let is_file = |word: &str| {
        let mut parts = word.split(|it: char| !it.is_alphanumeric());
        (word.ends_with(".yaml") || word.ends_with(".yml"))
            && !parts.any(|part| OF_ANOTHER.contains(&part))
    };
    let mut says = false;
    for word in sentence.split_whitespace() {
        let word = word.trim_matches(|it: char| !it.is_alphanumeric());
        says |= word == "rule" || is_file(word);
        if !(word.is_empty() || WORDS.contains(&word) || is_file(word)) {
            return false;
        }
    }
    says
}

/// The alerting rules in a block of YAML: alone, in a list, or in the groups of a rule file. What has no
/// `alert:`, and may be a part of a rule, is that of the alert whose section it stands in.
fn shown_rules(source: &Arc<Source>, code: &CodeBlock, alert: Option<&str>) -> Vec<ShownRule> {
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
        if let Some(own) = rule.for_duration()
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
