//! What often lies beside rule files, and is none that is read.

use crate::source::Span;
use crate::yaml::Node;

/// What else a file is that often lies beside rule files, with the key that tells and what to do.
pub(super) fn something_else(node: &Node) -> Option<(&Span, &'static str, &'static str)> {
    const TAKE_OUT: &str = "take the file out of `rules`";
    let key = |name: &str| {
        let entry = node.entries().iter().find(|entry| entry.name() == name)?;
        Some(&entry.key.span)
    };
    let of_alertmanager = || key("route").filter(|_| key("receivers").is_some());
    let of_prometheus = || key("scrape_configs").or_else(|| key("rule_files"));
    let of_grafana = || {
        let groups = node.get("groups").map(Node::items).unwrap_or_default();
        let has_folder = groups.iter().any(|group| group.get("folder").is_some());
        key("apiVersion").filter(|_| has_folder && node.get("kind").is_none())
    };
    if let Some(key) = of_alertmanager() {
        return Some((key, "a configuration of Alertmanager", TAKE_OUT));
    }
    if let Some(key) = of_prometheus() {
        let help = "list the files that its `rule_files` names under `rules`, and not this one";
        return Some((key, "a configuration of Prometheus", help));
    }
    of_grafana().map(|key| (key, "a provisioning file of Grafana's own alerts", TAKE_OUT))
}

/// Where an object holds rules of Prometheus in a way that is not read: one like a `PrometheusRule`
/// that is another's, or a `ConfigMap` with a rule file in it.
pub(super) fn rules_elsewhere<'n>(node: &'n Node, version: &str, kind: &str) -> Option<&'n Span> {
    if version.is_empty() || kind.is_empty() {
        return None;
    }
    if kind == "ConfigMap" {
        let files = node.get("data").map(Node::entries).unwrap_or_default();
        let holds_rules = |text: &str| {
            text.lines().any(|line| line.trim_end() == "groups:") && text.contains("rules:")
        };
        let file = files.iter().find(|file| file.value.as_str().is_some_and(holds_rules))?;
        return Some(&file.key.span);
    }
    let groups = node.get("spec")?.get("groups").map(Node::items)?;
    let has_rules = groups.iter().any(|group| group.get("rules").is_some());
    // Loki's are of logs, and in a language of its own.
    let are_of_logs = version.starts_with("loki.grafana.com/");
    (has_rules && !are_of_logs).then(|| &node.get("kind").unwrap_or(node).span)
}
