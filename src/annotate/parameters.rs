//! What a rule hands over to its runbook: labels for the page's placeholders, and the carrier.
//!
//! A label is handed over only if the expression may yield it; one that it aggregates away would be
//! empty. Of an aggregation all labels are known. Of a plain metric none are, so something has to
//! speak for a label: the rule itself, which names it, or a query of the page that selects the same
//! metric by it, or the configuration, which says that it fills the placeholder.

use super::address::Address;
use crate::lang::placeholder::canonical_key;
use crate::promql::{Labels as Yielded, Node, NodeKind, tree};
use crate::render::{self, PlaceholderView};
use crate::rules::Rule;
use crate::site::{RecordedLabels, Site};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// Names that mean something else to a page, so that a label of this name has a prefix: the `reserved`
/// ones of `static/incident-labels.js`.
const RESERVED: [&str; 2] = ["carrier", "startsAt"];

/// The labels that rules yield and pages need.
pub struct Labels<'s> {
    site: &'s Site,
    /// The labels of the metrics that recording rules make.
    recorded: RecordedLabels<'s>,
    pages: HashMap<usize, Page>,
}

/// What a page needs.
struct Page {
    /// Its placeholders, in order.
    fields: Vec<PlaceholderView>,
    /// The labels by which its queries select each metric.
    selected: BTreeMap<String, BTreeSet<String>>,
}

/// What a rule should hand over.
#[derive(Debug, PartialEq, Eq)]
pub struct WantedLabels {
    /// The labels, in the order of the placeholders.
    pub labels: Vec<String>,
    /// What the expression may yield at all.
    pub yielded: Yielded,
}

impl<'s> Labels<'s> {
    /// What is known of a site.
    pub fn new(site: &'s Site) -> Self {
        Self { site, recorded: RecordedLabels::new(site), pages: HashMap::new() }
    }

    /// The labels that a rule should hand over to a page.
    pub fn wanted(&mut self, rule: &Rule, page: usize) -> WantedLabels {
        let site = self.site;
        let Some(node) = tree(rule.expr.as_str()) else {
            return WantedLabels { labels: Vec::new(), yielded: Yielded::any() };
        };
        let yielded = node.labels(&|metric| self.recorded.of(metric));
        let page = self.pages.entry(page).or_insert_with(|| Page::new(site, page));
        let candidates = match &yielded {
            Yielded::Only(labels) => labels.clone(),
            Yielded::AnyBut(_) => {
                let mut candidates = evidence(rule, &node, page);
                candidates.retain(|label| yielded.may_have(label));
                candidates
            }
        };
        let mut labels: Vec<String> = Vec::new();
        for field in &page.fields {
            let configured = field.label.as_ref().filter(|label| yielded.may_have(label));
            let keys: Vec<&str> = field.keys.split(' ').collect();
            let found = configured.cloned().or_else(|| {
                candidates
                    .iter()
                    .find(|label| keys.contains(&canonical_key(label).as_str()))
                    .cloned()
            });
            labels.extend(found.filter(|label| !labels.contains(label)));
        }
        labels.retain(|label| is_identifier(label));
        WantedLabels { labels, yielded }
    }
}

impl Page {
    fn new(site: &Site, index: usize) -> Self {
        let mut selected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let snippets = &site.pages[index].runbook.snippets;
        for query in snippets.iter().flat_map(|snippet| &snippet.queries) {
            if let Some(node) = query.filled().and_then(|text| tree(&text)) {
                for (metric, label) in selected_labels(&node) {
                    selected.entry(metric).or_default().insert(label);
                }
            }
        }
        Self { fields: render::fields(site, index), selected }
    }
}

/// The labels that something speaks for.
fn evidence(rule: &Rule, node: &Node, page: &Page) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = rule.labels_read().collect();
    node.walk(&mut |node| match &node.kind {
        NodeKind::Selector { metric, matchers, .. } => {
            found.extend(matchers.iter().map(|matcher| matcher.label.clone()));
            let metric = metric.as_ref().and_then(|metric| page.selected.get(&metric.text));
            found.extend(metric.into_iter().flatten().cloned());
        }
        NodeKind::Aggregation { grouping: Some(grouping), .. } if !grouping.is_without => {
            found.extend(grouping.labels.iter().cloned());
        }
        _ => {}
    });
    found
}

/// The metrics of a query, each with the labels by which it is selected.
fn selected_labels(node: &Node) -> Vec<(String, String)> {
    let mut found = Vec::new();
    node.walk(&mut |node| {
        if let NodeKind::Selector { metric: Some(metric), matchers, .. } = &node.kind {
            let labels = matchers.iter().map(|matcher| matcher.label.clone());
            found.extend(labels.map(|label| (metric.text.clone(), label)));
        }
    });
    found
}

/// Hands over what is wanted, and no more what would be empty. What an author wrote stays, but is
/// escaped.
pub fn settle(address: &mut Address, wanted: &WantedLabels, site: &Site) {
    address.parameters.retain(|parameter| {
        handed_over(parameter).is_none_or(|label| wanted.yielded.may_have(&label))
    });
    for parameter in &mut address.parameters {
        *parameter = escaped(parameter);
    }
    let present: BTreeSet<String> =
        address.parameters.iter().filter_map(|parameter| handed_over(parameter)).collect();
    for label in wanted.labels.iter().filter(|label| !present.contains(*label)) {
        let name = if RESERVED.contains(&label.as_str()) {
            format!("label.{label}")
        } else {
            label.clone()
        };
        let is_named = |parameter: &String| {
            parameter.strip_prefix(&name).is_some_and(|it| it.starts_with('='))
        };
        if !address.parameters.iter().any(is_named) {
            address.parameters.push(format!("{name}={{{{ $labels.{label} | urlquery }}}}"));
        }
    }
    let carriers = site.config.carriers.as_ref();
    if let Some(label) = carriers.and_then(|carriers| carriers.external_label.as_ref())
        && !address.parameters.iter().any(|parameter| parameter.starts_with("carrier="))
        && is_identifier(label)
    {
        address.parameters.push(format!("carrier={{{{ $externalLabels.{label} | urlquery }}}}"));
    }
}

/// A parameter whose value is a label and nothing else.
static OF_A_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?<before>[^={}]*=)\{\{-?\s*(?<what>\$(?:labels|externalLabels)\.(?<label>[a-zA-Z_][a-zA-Z0-9_]*))\s*(?:\|\s*urlquery\s*)?-?\}\}$",
    )
    .expect("a pattern")
});

/// The label of the expression that a parameter hands over.
fn handed_over(parameter: &str) -> Option<String> {
    let found = OF_A_LABEL.captures(parameter)?;
    found["what"].starts_with("$labels").then(|| found["label"].to_owned())
}

/// The parameter with its label escaped; anything else stays as it is.
fn escaped(parameter: &str) -> String {
    match OF_A_LABEL.captures(parameter) {
        Some(found) if !parameter.contains("urlquery") => {
            format!("{}{{{{ {} | urlquery }}}}", &found["before"], &found["what"])
        }
        _ => parameter.to_owned(),
    }
}

fn is_identifier(label: &str) -> bool {
    label.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && !label.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_others_stay() {
        for (parameter, label, expected) in [
            ("a={{ $labels.b }}", Some("b"), "a={{ $labels.b | urlquery }}"),
            ("a={{$labels.b}}", Some("b"), "a={{ $labels.b | urlquery }}"),
            ("a={{ $labels.b | urlquery }}", Some("b"), "a={{ $labels.b | urlquery }}"),
            ("c={{ $externalLabels.c }}", None, "c={{ $externalLabels.c | urlquery }}"),
            ("a={{ $labels.b | toUpper }}", None, "a={{ $labels.b | toUpper }}"),
            ("a=x{{ $labels.b }}", None, "a=x{{ $labels.b }}"),
            ("a={{ $value }}", None, "a={{ $value }}"),
            ("a=1", None, "a=1"),
        ] {
            assert_eq!(handed_over(parameter).as_deref(), label, "{parameter}");
            assert_eq!(escaped(parameter), expected, "{parameter}");
        }
    }

    #[test]
    fn pages_read_as_labels_what_rules_write_as_such() {
        let script = include_str!("../../static/incident-labels.js");
        let line = script.lines().find(|line| line.contains("const reserved = ")).unwrap();
        assert_eq!(line.trim(), format!("const reserved = {RESERVED:?};"));
    }
}
