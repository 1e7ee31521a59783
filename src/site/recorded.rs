//! The labels of the metrics that recording rules make.

use super::Site;
use crate::promql::Labels;
use crate::rules::{Rule, RuleKind};
use std::cell::RefCell;
use std::collections::HashMap;

/// The labels that the series of recorded metrics may have, by the name of the metric.
#[derive(Debug, Default)]
pub struct RecordedLabels<'s>(HashMap<&'s str, Labels>);

impl<'s> RecordedLabels<'s> {
    /// Those of a site. Where carriers add a label to what they send to others, a recorded metric
    /// may have it as well.
    pub fn new(site: &'s Site) -> Self {
        let mut rules: HashMap<&str, Vec<&Rule>> = HashMap::new();
        // In the order of the files, so that metrics made of each other always come out the same.
        let mut metrics: Vec<&str> = Vec::new();
        for rule in site.rules() {
            if let RuleKind::Recording { record } = &rule.kind {
                let of_metric = rules.entry(record.as_str()).or_default();
                if of_metric.is_empty() {
                    metrics.push(record.as_str());
                }
                of_metric.push(rule);
            }
        }
        let carriers = site.config.carriers.as_ref();
        let external = carriers.and_then(|carriers| carriers.external_label.as_deref());
        let reader = Reader { rules, external, known: RefCell::default() };
        for metric in metrics {
            reader.read(metric, 0);
        }
        Self(reader.known.into_inner())
    }

    /// The labels that a metric may have; `None` if no rule of the site records it.
    pub fn of(&self, metric: &str) -> Option<Labels> {
        self.0.get(metric).cloned()
    }
}

/// The longest chain of metrics made of each other that is followed; people's are of two or three.
const LONGEST_CHAIN: usize = 32;

/// Reads the rules, those first whose metrics others use.
struct Reader<'s> {
    rules: HashMap<&'s str, Vec<&'s Rule>>,
    external: Option<&'s str>,
    known: RefCell<HashMap<&'s str, Labels>>,
}

impl Reader<'_> {
    fn read(&self, metric: &str, depth: usize) -> Option<Labels> {
        let (metric, rules) = self.rules.get_key_value(metric)?;
        if let Some(known) = self.known.borrow().get(metric) {
            return Some(known.clone());
        }
        if depth == LONGEST_CHAIN {
            return Some(Labels::any());
        }
        // A metric that is recorded from itself may have anything.
        self.known.borrow_mut().insert(metric, Labels::any());
        let of_rule = |rule: &&Rule| {
            let labels = match rule.tree() {
                Some(tree) => tree.labels(&|metric| self.read(metric, depth + 1)),
                None => Labels::any(),
            };
            let own = rule.labels.iter().map(|label| label.name.as_str());
            own.chain(self.external).fold(labels, Labels::with)
        };
        let labels = rules.iter().map(of_rule).reduce(Labels::or)?;
        self.known.borrow_mut().insert(metric, labels.clone());
        Some(labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Parts;
    use crate::source::Source;
    use crate::{config, rules};
    use std::sync::Arc;

    #[test]
    fn metrics_have_the_labels_that_their_rules_leave() {
        let groups = "groups: [{name: x, rules: [
            {record: outer, expr: inner * 2},
            {record: inner, expr: sum by (node) (a), labels: {tier: x}},
            {record: itself, expr: itself + 1},
            {record: either, expr: sum by (a) (x)}, {record: either, expr: sum by (b) (x)}]}]\n";
        let (file, found) = rules::parse(&Source::new("x.yaml", groups));
        assert!(found.is_empty(), "{found:?}");
        let config = config::parse(&Source::new("alertbook.yaml", "title: T\n")).unwrap();
        let parts = Parts { rule_files: vec![Arc::new(file)], ..Parts::default() };
        let site = Site::assemble(config, parts);
        let recorded = RecordedLabels::new(&site);
        let may_have = |metric: &str, label: &str| recorded.of(metric).unwrap().may_have(label);
        for (metric, label, expected) in [
            ("inner", "node", true),
            ("inner", "tier", true),
            ("inner", "pod", false),
            ("outer", "tier", true),
            ("outer", "pod", false),
            ("itself", "pod", true),
            ("either", "a", true),
            ("either", "b", true),
            ("either", "c", false),
        ] {
            assert_eq!(may_have(metric, label), expected, "{metric} {label}");
        }
        assert!(recorded.of("a").is_none(), "no rule records it");
    }
}
