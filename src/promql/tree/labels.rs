//! Which labels the series may have that a query yields.
//!
//! Sound in one direction: a label that [`Labels`] says is not there is certainly not there. What a
//! metric has by itself is unknown, so a selector may yield any label. The rules are those of
//! Prometheus' `promql/engine.go` (`resultMetric`, `aggregation`) and `functions.go`.

use super::compare::Sides;
use super::{Grouping, Matching, Node, NodeKind, Side};
use crate::promql::functions::{self, ValueType};
use crate::promql::grammar::is_set_operator;
use promql_parser::label::METRIC_NAME;
use std::collections::BTreeSet;

/// The labels that series may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Labels {
    /// None but these.
    Only(BTreeSet<String>),
    /// Any but these.
    AnyBut(BTreeSet<String>),
}

impl Labels {
    /// No label at all.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Any label.
    pub fn any() -> Self {
        Self::AnyBut(BTreeSet::new())
    }

    /// Whether a series may have this label.
    pub fn may_have(&self, label: &str) -> bool {
        match self {
            Self::Only(labels) => labels.contains(label),
            Self::AnyBut(labels) => !labels.contains(label),
        }
    }

    /// The same and this label as well.
    #[must_use]
    pub fn with(mut self, label: &str) -> Self {
        match &mut self {
            Self::Only(labels) => {
                labels.insert(label.to_owned());
            }
            Self::AnyBut(labels) => {
                labels.remove(label);
            }
        }
        self
    }

    /// The same without this label.
    #[must_use]
    pub fn without(mut self, label: &str) -> Self {
        match &mut self {
            Self::Only(labels) => {
                labels.remove(label);
            }
            Self::AnyBut(labels) => {
                labels.insert(label.to_owned());
            }
        }
        self
    }

    /// What either may have.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(a.union(&b).cloned().collect()),
            (Self::AnyBut(a), Self::AnyBut(b)) => {
                Self::AnyBut(a.intersection(&b).cloned().collect())
            }
            (Self::Only(only), Self::AnyBut(but)) | (Self::AnyBut(but), Self::Only(only)) => {
                Self::AnyBut(but.difference(&only).cloned().collect())
            }
        }
    }

    /// What both may have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(a.intersection(&b).cloned().collect()),
            (Self::AnyBut(a), Self::AnyBut(b)) => Self::AnyBut(a.union(&b).cloned().collect()),
            (Self::Only(only), Self::AnyBut(but)) | (Self::AnyBut(but), Self::Only(only)) => {
                Self::Only(only.difference(&but).cloned().collect())
            }
        }
    }
}

impl Node {
    /// The labels that its series may have. `recorded` knows those of metrics that are made by
    /// recording rules; none for any other metric.
    pub fn labels(&self, recorded: &dyn Fn(&str) -> Option<Labels>) -> Labels {
        match &self.kind {
            NodeKind::Number(_) | NodeKind::String(_) => Labels::none(),
            NodeKind::Selector { metric, matchers, .. } => {
                let known = metric.as_ref().and_then(|metric| recorded(&metric.text));
                // A matcher for nothing is one that the label is not there; alternatives may say
                // otherwise.
                let absent = matchers.iter().filter(|matcher| {
                    matcher.operator == "="
                        && matcher.value.text.is_empty()
                        && matchers.iter().filter(|other| other.label == matcher.label).count() == 1
                });
                absent.fold(known.unwrap_or_else(Labels::any), |labels, matcher| {
                    labels.without(&matcher.label)
                })
            }
            NodeKind::Subquery { inner, .. }
            | NodeKind::Shifted { inner, .. }
            | NodeKind::Negation(inner) => inner.labels(recorded),
            NodeKind::Call { function, arguments } => call(&function.text, arguments, recorded),
            NodeKind::Aggregation { operator, grouping, arguments } => {
                aggregation(&operator.text, grouping.as_ref(), arguments, recorded)
            }
            NodeKind::Binary { matching, .. } => binary(self, matching.as_deref(), recorded),
        }
    }
}

fn call(name: &str, arguments: &[Node], recorded: &dyn Fn(&str) -> Option<Labels>) -> Labels {
    let Some(signature) = functions::signature(name) else { return Labels::any() };
    if signature.result != ValueType::Vector {
        return Labels::none();
    }
    if matches!(name, "absent" | "absent_over_time") {
        return arguments.first().map_or_else(Labels::none, of_absence);
    }
    let is_vector = |index: usize| {
        matches!(signature.argument(index), Some(ValueType::Vector | ValueType::Range))
    };
    let vector = arguments.iter().enumerate().find(|(index, _)| is_vector(*index));
    // `vector(5)`, `hour()`: series without labels.
    let Some((_, vector)) = vector else { return Labels::none() };
    let labels = vector.labels(recorded);
    let made = arguments.get(1).map(|argument| match &argument.kind {
        NodeKind::String(label) => label.as_str(),
        _ => "",
    });
    match (name, made) {
        ("label_replace" | "label_join", Some(label)) => labels.with(label),
        ("histogram_quantiles", Some(label)) => labels.without("le").with(label),
        ("histogram_quantile", _) => labels.without("le"),
        ("info" | "label_replace" | "label_join" | "histogram_quantiles", _) => Labels::any(),
        _ => labels,
    }
}

/// The labels of what stands for series that are not there: those that a selector asks for by
/// equality, each once. Anything but a selector has none.
fn of_absence(argument: &Node) -> Labels {
    match &argument.kind {
        NodeKind::Selector { matchers, .. } => {
            let of_label = |label: &str| matchers.iter().filter(|it| it.label == label).count();
            let known = matchers.iter().filter(|matcher| {
                matcher.operator == "="
                    && !matcher.value.text.is_empty()
                    && of_label(&matcher.label) == 1
                    && matcher.label != METRIC_NAME
            });
            Labels::Only(known.map(|matcher| matcher.label.clone()).collect())
        }
        NodeKind::Shifted { inner, .. } => of_absence(inner),
        _ => Labels::none(),
    }
}

fn aggregation(
    operator: &str,
    grouping: Option<&Grouping>,
    arguments: &[Node],
    recorded: &dyn Fn(&str) -> Option<Labels>,
) -> Labels {
    let Some(vector) = arguments.last() else { return Labels::any() };
    let labels = vector.labels(recorded);
    // These choose among the series, and leave them as they are.
    if matches!(operator, "topk" | "bottomk" | "limitk" | "limit_ratio") {
        return labels;
    }
    let grouped = match grouping {
        None => Labels::none(),
        Some(grouping) => {
            let named = grouping.labels.iter().cloned().collect();
            labels.and(if grouping.is_without {
                Labels::AnyBut(named)
            } else {
                Labels::Only(named)
            })
        }
    };
    match arguments.first().map(|argument| &argument.kind) {
        Some(NodeKind::String(label)) if operator == "count_values" => grouped.with(label),
        _ => grouped,
    }
}

fn binary(
    node: &Node,
    matching: Option<&Matching>,
    recorded: &dyn Fn(&str) -> Option<Labels>,
) -> Labels {
    let NodeKind::Binary { operator, left, right, .. } = &node.kind else { return Labels::any() };
    let is_scalar = |side: &Node| match &side.kind {
        NodeKind::Call { function, .. } => functions::signature(&function.text)
            .is_some_and(|signature| signature.result == ValueType::Scalar),
        _ => side.constant().is_some(),
    };
    let (of_left, of_right) = (left.labels(recorded), right.labels(recorded));
    if operator.text == "or" {
        return of_left.or(of_right);
    }
    if is_set_operator(&operator.text) || is_scalar_like(right, &is_scalar) {
        return of_left;
    }
    if is_scalar_like(left, &is_scalar) {
        return of_right;
    }
    let Some(matching) = matching else { return of_left.and(of_right) };
    let named: BTreeSet<String> = matching.labels.iter().cloned().collect();
    let (many, one) = match matching.many {
        None if matching.is_on => return of_left.and(of_right).and(Labels::Only(named)),
        None => return of_left.and(of_right).and(Labels::AnyBut(named)),
        Some(Side::Left) => (of_left, of_right),
        Some(Side::Right) => (of_right, of_left),
    };
    matching.included.iter().fold(many, |labels, included| {
        // Included labels are those of the one side, also where it has none.
        if one.may_have(included) { labels.with(included) } else { labels.without(included) }
    })
}

/// Whether a side is a number: a constant, a call that gives one, or arithmetic of such.
fn is_scalar_like(side: &Node, is_scalar: &dyn Fn(&Node) -> bool) -> bool {
    is_scalar(side)
        || match &side.kind {
            NodeKind::Negation(inner) => is_scalar_like(inner, is_scalar),
            NodeKind::Binary { .. } => Sides::of(side).is_some_and(|sides| {
                is_scalar_like(sides.left, is_scalar) && is_scalar_like(sides.right, is_scalar)
            }),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The labels of a query's series among some, `only` if it has no others.
    fn labels(query: &str) -> (String, bool) {
        let labels = crate::promql::tree(query).unwrap().labels(&|_| None);
        let some = ["a", "b", "le", "x"].into_iter().filter(|label| labels.may_have(label));
        (some.collect::<Vec<_>>().join(" "), !labels.may_have("anything"))
    }

    #[test]
    fn operators_leave_the_labels_that_prometheus_leaves() {
        for (query, expected, only) in [
            ("m", "a b le x", false),
            ("vector(1)", "", true),
            ("sum by (a) (m)", "a", true),
            ("sum without (a) (m)", "b le x", false),
            ("topk by (a) (1, m)", "a b le x", false),
            ("sum by (a, b) (m) + on (a) group_left () sum by (a, x) (n)", "a b", true),
            ("sum by (a) (m) * on (a) group_left (x) n", "a x", true),
            ("sum by (a, b) (m) / on (a) sum by (a, b) (n)", "a", true),
            ("sum by (a, b) (m) / ignoring (b) sum by (a) (n)", "a", true),
            ("sum by (a) (m) or sum by (b) (n)", "a b", true),
            ("sum by (a) (m) and n", "a", true),
            ("sum by (a) (m) unless n", "a", true),
            ("histogram_quantile(0.9, sum by (a, le) (m))", "a", true),
        ] {
            assert_eq!(labels(query), (expected.to_owned(), only), "{query}");
        }
    }

    fn any_labels() -> impl Strategy<Value = Labels> {
        let names = prop::collection::btree_set("[a-d]", 0..4);
        (names, any::<bool>()).prop_map(|(names, only)| {
            if only { Labels::Only(names) } else { Labels::AnyBut(names) }
        })
    }

    proptest! {
        #[test]
        fn sets_of_labels_are_sets(one in any_labels(), other in any_labels()) {
            for label in ["a", "b", "c", "d", "e"] {
                let (in_one, in_other) = (one.may_have(label), other.may_have(label));
                let (or, and) = (one.clone().or(other.clone()), one.clone().and(other.clone()));
                prop_assert_eq!(or.may_have(label), in_one || in_other);
                prop_assert_eq!(and.may_have(label), in_one && in_other);
                prop_assert!(one.clone().with(label).may_have(label));
                prop_assert!(!one.clone().without(label).may_have(label));
            }
        }
    }
}
