//! The series that an expression looks at, selected by the labels of an alert.
//!
//! A label becomes a placeholder in a selector if the alert has it and the series may have it: what
//! an aggregation drops or another side of an operator brings in would select nothing.

use crate::config::Placeholder;
use crate::promql::{self, Grouping, Labels, Length, Matcher, Matching, Node, NodeKind, Word};
use crate::rules::Rule;
use crate::site::RecordedLabels;

/// The queries: what is compared with a number as a whole, then each selector by itself.
pub(super) fn queries(
    rule: &Rule,
    placeholders: &[Placeholder],
    recorded: &RecordedLabels<'_>,
) -> Vec<String> {
    let expr = rule.expr.as_str();
    let Some(tree) = promql::tree(expr) else { return Vec::new() };
    let labels = alert_labels(rule, &tree, recorded);
    let mut reading = Reading { expr, placeholders, recorded, found: Vec::new() };
    reading.read(&tree, &labels);
    let found = reading.found;
    let mut queries: Vec<String> = Vec::new();
    let mut add = |query: String| {
        if promql::parse(&query).is_ok() && !queries.contains(&query) {
            queries.push(query);
        }
    };
    if let Some(subject) = subject(&tree) {
        let mut text = String::new();
        let mut at = subject.range.start;
        let inside = |selector: &&Selector| {
            subject.range.start <= selector.start && selector.end <= subject.range.end
        };
        for selector in found.iter().filter(inside) {
            text.push_str(&expr[at..selector.start]);
            text.push_str(&selector.text);
            text.push_str(&selector.range);
            at = selector.end;
        }
        text.push_str(&expr[at..subject.range.end]);
        add(text.trim().to_owned());
    }
    for selector in found {
        add(selector.text);
    }
    queries
}

/// What a comparison with a number compares, if the whole expression is one.
fn subject(tree: &Node) -> Option<&Node> {
    let NodeKind::Binary { operator, left, right, .. } = &tree.kind else { return None };
    let compares = promql::is_comparison(&operator.text);
    match (left.constant(), right.constant()) {
        (None, Some(_)) if compares => Some(left),
        (Some(_), None) if compares => Some(right),
        _ => None,
    }
}

/// The labels that the alert certainly has something of: those that its annotations speak of, and
/// those that its aggregations keep.
fn alert_labels(rule: &Rule, tree: &Node, recorded: &RecordedLabels<'_>) -> Vec<String> {
    let yielded = tree.labels(&|metric| recorded.of(metric));
    let mut labels: Vec<String> = rule.labels_read().collect();
    if let Labels::Only(only) = &yielded {
        labels.extend(only.iter().cloned());
    }
    let mut known: Vec<String> = Vec::new();
    for label in labels {
        let is_name = label.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
            && label.starts_with(|first: char| first.is_ascii_alphabetic());
        // The rule sets it itself, whatever the series has.
        let is_set = rule.label(&label).is_some();
        if is_name && !is_set && yielded.may_have(&label) && !known.contains(&label) {
            known.push(label);
        }
    }
    known
}

/// A selector as it is to be written.
struct Selector {
    start: usize,
    end: usize,
    /// Metric and matchers.
    text: String,
    /// The range in its brackets, if it has one.
    range: String,
}

struct Reading<'r> {
    expr: &'r str,
    placeholders: &'r [Placeholder],
    recorded: &'r RecordedLabels<'r>,
    found: Vec<Selector>,
}

impl Reading<'_> {
    /// Collects the selectors of a node whose series may have these labels of the alert.
    fn read(&mut self, node: &Node, labels: &[String]) {
        match &node.kind {
            NodeKind::Selector { metric, matchers, range } => {
                self.selector(node, metric.as_ref(), matchers, range.as_ref(), labels);
            }
            NodeKind::Aggregation { grouping, arguments, .. } => {
                let labels = kept(grouping.as_ref(), labels);
                for argument in arguments {
                    self.read(argument, &labels);
                }
            }
            NodeKind::Binary { matching, left, right, .. } => {
                let (of_left, of_right) = sides(matching.as_deref(), labels);
                self.read(left, &of_left);
                self.read(right, &of_right);
            }
            NodeKind::Call { function, arguments } => {
                let makes_labels = matches!(function.text.as_str(), "label_replace" | "label_join");
                let made = match arguments.get(1).map(|argument| &argument.kind) {
                    Some(NodeKind::String(label)) if makes_labels => Some(label),
                    _ => None,
                };
                let labels: Vec<String> =
                    labels.iter().filter(|label| Some(*label) != made).cloned().collect();
                for argument in arguments {
                    self.read(argument, &labels);
                }
            }
            _ => {
                for child in node.children() {
                    self.read(child, labels);
                }
            }
        }
    }

    fn selector(
        &mut self,
        node: &Node,
        metric: Option<&Word>,
        matchers: &[Matcher],
        range: Option<&Length>,
        labels: &[String],
    ) {
        let name = metric.map_or("", |metric| metric.text.as_str());
        let written = &self.expr[node.range.clone()];
        // Alternatives, names in quotes and comments are left as they are.
        let is_usual = metric.is_none_or(|metric| self.expr[metric.range.clone()] == metric.text)
            && !written.contains('#')
            && !written.split_whitespace().any(|word| word.eq_ignore_ascii_case("or"));
        if !is_usual {
            return;
        }
        let known = self.recorded.of(name);
        let mut in_order: Vec<&Matcher> = matchers.iter().collect();
        in_order.sort_by_key(|matcher| matcher.value.range.start);
        let mut parts: Vec<String> = in_order
            .into_iter()
            .map(|matcher| {
                let value = &self.expr[matcher.value.range.clone()];
                format!("{}{}{value}", matcher.label, matcher.operator)
            })
            .collect();
        for label in labels {
            let is_fixed = matchers.iter().any(|it| it.label == *label && it.operator == "=");
            if !is_fixed && known.as_ref().is_none_or(|known| known.may_have(label)) {
                parts.push(format!("{label}=\"<{}>\"", self.placeholder(label)));
            }
        }
        let text = if parts.is_empty() {
            name.to_owned()
        } else {
            format!("{name}{{{}}}", parts.join(", "))
        };
        let range = range
            .map_or_else(String::new, |range| format!("[{}]", &self.expr[range.range.clone()]));
        self.found.push(Selector { start: node.range.start, end: node.range.end, text, range });
    }

    /// The placeholder that a label fills.
    fn placeholder<'n>(&'n self, label: &'n str) -> &'n str {
        let configured =
            self.placeholders.iter().find(|known| known.label.as_deref() == Some(label));
        configured.map_or(label, |known| known.name.as_str())
    }
}

/// The labels that an aggregation leaves.
fn kept(grouping: Option<&Grouping>, labels: &[String]) -> Vec<String> {
    let Some(grouping) = grouping else { return Vec::new() };
    let is_kept = |label: &&String| grouping.labels.contains(label) != grouping.is_without;
    labels.iter().filter(is_kept).cloned().collect()
}

/// The labels that the series of both sides of an operator may have: the side with one series for
/// many has those that are matched or taken from it, and the other lacks what is taken.
fn sides(matching: Option<&Matching>, labels: &[String]) -> (Vec<String>, Vec<String>) {
    let Some(matching) = matching else { return (labels.to_vec(), labels.to_vec()) };
    let is_matched = |label: &&String| matching.labels.contains(label) == matching.is_on;
    let is_included = |label: &&String| matching.included.contains(label);
    let many: Vec<String> = labels.iter().filter(|label| !is_included(label)).cloned().collect();
    let one: Vec<String> =
        labels.iter().filter(|label| is_matched(label) || is_included(label)).cloned().collect();
    if matching.many == Some(promql::Side::Right) { (one, many) } else { (many, one) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::source::Source;

    /// The queries behind an alert whose annotation speaks of `pod`, `node` and `zone`.
    fn behind(expr: &str) -> Vec<String> {
        let text = format!(
            "groups: [{{name: x, rules: [{{alert: A, expr: '{expr}', annotations: \
             {{summary: '{{{{ $labels.pod }}}} {{{{ $labels.node }}}} {{{{ $labels.zone }}}}'}}}}]}}]\n"
        );
        let (file, found) = rules::parse(&Source::new("x.yaml", text.as_str()));
        assert!(found.is_empty(), "{expr}: {found:?}");
        queries(file.rules().next().unwrap(), &[], &RecordedLabels::default())
    }

    #[test]
    fn labels_go_where_series_may_have_them() {
        const ALL: &str = r#"pod="<pod>", node="<node>", zone="<zone>""#;
        for (expr, expected) in [
            ("a > 1", vec![format!("a{{{ALL}}}")]),
            // What is fixed stays, what is merely narrowed is narrowed further.
            (
                r#"a{z="1", pod="x", node!="y"} > 1"#,
                vec![r#"a{z="1", pod="x", node!="y", node="<node>", zone="<zone>"}"#.to_owned()],
            ),
            // An aggregation drops labels.
            (
                "sum by (pod) (rate(a[5m])) > 1",
                vec![
                    r#"sum by (pod) (rate(a{pod="<pod>"}[5m]))"#.to_owned(),
                    r#"a{pod="<pod>"}"#.to_owned(),
                ],
            ),
            ("sum(a) > 1", vec!["sum(a)".to_owned(), "a".to_owned()]),
            // The one side of a join has what is matched and what is taken from it.
            (
                "(a == 1) * on (pod) group_left (node) b",
                vec![
                    r#"a{pod="<pod>", zone="<zone>"}"#.to_owned(),
                    r#"b{pod="<pod>", node="<node>"}"#.to_owned(),
                ],
            ),
            // What a function makes was not there before.
            (
                r#"label_replace(a, "node", "$1", "host", "(.*)") > 1"#,
                vec![
                    r#"label_replace(a{pod="<pod>", zone="<zone>"}, "node", "$1", "host", "(.*)")"#
                        .to_owned(),
                    r#"a{pod="<pod>", zone="<zone>"}"#.to_owned(),
                ],
            ),
        ] {
            assert_eq!(behind(expr), expected, "{expr}");
        }
    }
}
