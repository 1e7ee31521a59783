//! `alertbook.json`, read back as another program would.

use crate::SITE;
use crate::sample::repository;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

fn manifest() -> Value {
    let file = SITE.rendered.iter().find(|file| file.path == "alertbook.json").unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[test]
fn every_page_is_listed_with_its_source() {
    let manifest = manifest();
    assert_eq!(keys(&manifest), ["alerts", "pages", "version"].into());
    assert_eq!(manifest["version"], 1);
    let outputs: BTreeSet<&str> = SITE.pages().map(|(path, _)| path).collect();
    let mut sources = BTreeSet::new();
    for page in manifest["pages"].as_array().unwrap() {
        assert_eq!(keys(page), ["aliases", "source", "title", "url"].into());
        let (source, url) = (text(&page["source"]), text(&page["url"]));
        assert!(outputs.contains(url), "{url}");
        let path = source.strip_prefix("content/").unwrap().strip_suffix(".md").unwrap();
        assert_eq!(url, format!("{path}.html"));
        let written = fs::read_to_string(repository().join(source)).unwrap();
        assert!(written.contains(&format!("\ntitle: {}\n", text(&page["title"]))), "{source}");
        // Each `link` of the sample is the page's own path, so it is no alias.
        assert_eq!(page["aliases"], Value::Array(Vec::new()));
        sources.insert(source.to_owned());
    }
    let written = ["content", "content/armada", "content/manual", "content/manual/checks"]
        .iter()
        .flat_map(|folder| {
            let entries = fs::read_dir(repository().join(folder)).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.ends_with(".md")).map(move |name| format!("{folder}/{name}"))
        });
    assert_eq!(sources, written.collect());
}

#[test]
fn every_alert_of_the_rules_is_listed_with_its_rules() {
    let manifest = manifest();
    let outputs: BTreeMap<&str, &str> = SITE.pages().collect();
    let mut listed = BTreeSet::new();
    for entry in manifest["alerts"].as_array().unwrap() {
        assert_eq!(keys(entry), ["alert", "rules", "runbook", "url"].into());
        let alert = text(&entry["alert"]);
        assert_eq!(text(&entry["url"]), format!("alerts/{alert}/index.html"));
        assert!(outputs.contains_key(text(&entry["url"])));
        let (page, section) = text(&entry["runbook"]).split_once('#').unwrap();
        assert!(outputs[page].contains(&format!("id=\"{section}\"")), "{alert}");
        for rule in entry["rules"].as_array().unwrap() {
            assert_eq!(keys(rule), ["expr", "file", "line", "severity"].into());
            let file = text(&rule["file"]);
            listed.insert((file.to_owned(), rule["line"].as_u64().unwrap(), alert.to_owned()));
            assert!(!text(&rule["expr"]).trim().is_empty());
            assert!(matches!(text(&rule["severity"]), "warning" | "critical"));
        }
    }
    assert_eq!(listed, written_rules());
}

/// The alerting rules as they stand in the sample's rule files: file, line, name.
fn written_rules() -> BTreeSet<(String, u64, String)> {
    let mut rules = BTreeSet::new();
    for name in ["armada-bootstrap.yaml", "armada-etcd.yaml", "carrier-capacity.yaml"] {
        let file = format!("content/rules/{name}");
        let written = fs::read_to_string(repository().join(&file)).unwrap();
        for (number, line) in (1..).zip(written.lines()) {
            if let Some(alert) = line.trim_start().strip_prefix("- alert: ") {
                rules.insert((file.clone(), number, alert.to_owned()));
            }
        }
    }
    rules
}
