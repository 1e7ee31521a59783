//! A real Prometheus takes the sample's rules and answers every query of its pages.

use crate::repository::{Built, build, repository};
use crate::server::{Prometheus, missing};
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sample's rule files as Prometheus takes them: of a `PrometheusRule` object, its `spec`.
fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut objects = 0;
    for entry in fs::read_dir(repository().join("content/rules")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let value: Value = serde_yaml::from_str(&text).unwrap();
        if value["kind"] == "PrometheusRule" {
            // JSON is YAML.
            let plain = folder.join(path.file_name().unwrap());
            fs::write(&plain, value["spec"].to_string()).unwrap();
            files.push(plain);
            objects += 1;
        } else {
            files.push(path);
        }
    }
    assert!(objects > 0 && objects < files.len(), "the sample should have rules of both kinds");
    files
}

/// The queries on all pages as they stand in the links, each with its holes filled, and one of the
/// pages that it stands on.
fn queries(built: &Built) -> BTreeMap<String, &str> {
    let with_holes: BTreeMap<&str, String> = built
        .checked
        .site
        .pages
        .iter()
        .flat_map(|page| &page.runbook.snippets)
        .flat_map(|snippet| &snippet.queries)
        .map(|query| {
            let mut filled = query.text().to_owned();
            for hole in query.placeholders.iter().rev() {
                let range = hole.range.clone();
                // Between brackets only a duration can stand; `w1` is right everywhere else.
                let value = if query.text()[..range.start].ends_with('[') { "5m" } else { "w1" };
                filled.replace_range(range, value);
            }
            (query.text(), filled)
        })
        .collect();
    let link = Selector::parse("a.promql-open").unwrap();
    let mut queries = BTreeMap::new();
    // The manual shows queries that are refused; the runbooks must have none.
    for (path, html) in built.pages().filter(|(path, _)| !path.starts_with("manual/")) {
        for link in Html::parse_document(html).select(&link) {
            let written = link.attr("data-expr").unwrap();
            let query = with_holes.get(written).map_or(written, String::as_str);
            queries.insert(query.to_owned(), path);
        }
    }
    queries
}

#[test]
fn every_query_of_every_page_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(folder.path(), &rule_files(folder.path()));
    let broken = prometheus.ask("query", "up{");
    assert_eq!((&broken["status"], &broken["errorType"]), (&"error".into(), &"bad_data".into()));

    let built = build(None);
    let queries = queries(&built);
    assert!(queries.len() > 50, "only {} queries were seen", queries.len());
    for (query, page) in queries {
        let answer = prometheus.ask("query", &query);
        assert_eq!(answer["status"], "success", "{page}: {query}: {answer}");
        assert!(!query.contains("*workerID*") && !query.contains("<workerID>"), "{page}: {query}");
    }
}

#[test]
fn prometheus_loads_the_alerts_that_the_site_lists() {
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(folder.path(), &rule_files(folder.path()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let loaded: BTreeSet<_> = prometheus
        .alerting_rules()
        .iter()
        .map(|rule| {
            let query = prometheus.formatted(rule["query"].as_str().unwrap());
            (text(&rule["name"]), text(&rule["labels"]["severity"]), query)
        })
        .collect();

    let built = build(None);
    let manifest = built.rendered.iter().find(|file| file.path == "alertbook.json").unwrap();
    let manifest: Value = serde_json::from_slice(&manifest.bytes).unwrap();
    let mut listed = BTreeSet::new();
    for alert in manifest["alerts"].as_array().unwrap() {
        for rule in alert["rules"].as_array().unwrap() {
            let query = prometheus.formatted(rule["expr"].as_str().unwrap());
            listed.insert((text(&alert["alert"]), text(&rule["severity"]), query));
        }
    }
    assert_eq!(listed, loaded);
    assert!(listed.len() > 20);
}

#[test]
fn promtool_finds_the_rules_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "rules"]).args(rule_files(folder.path()));
    let output =
        promtool.output().unwrap_or_else(|error| panic!("{}", missing("promtool", &error)));
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
