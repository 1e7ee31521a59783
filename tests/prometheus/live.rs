//! `check --live`: what the carriers have loaded, and which queries they refuse.

use crate::answering::{Answer, answering, nobody, silent};
use crate::server::Prometheus;
use crate::site::{Ended, Site};
use serde_json::{Value, json};
use tempfile::TempDir;

const RULES: &str = "\
groups:
  - name: disk
    rules:
      - record: disk:free:ratio
        expr: disk_free / ignoring(kind) disk_size
      - alert: DiskFull
        expr: |
          (disk:free:ratio{mode=~\"r.*\", device!=\"\"})
            < 0.10 and on (device) disk_writable == 1
        for: 60m
        labels: {severity: critical}
        annotations:
          summary: \"{{ $labels.device }}: is full\"
          description: >
            Folded, with an end
            of its own.
      - alert: DiskSlow
        expr: histogram_quantile(0.99, sum by (le, device) (rate(disk_seconds_bucket[5m]))) > 1.50
        keep_firing_for: 5m
";

const RUNBOOK: &str = "\
---
title: Disks
alerts: [DiskFull, DiskSlow]
---

```promql
disk_free{device=\"<device>\"}
```

Look at `rate(disk_reads_total{device=\"*device*\"}[<window>])`.
";

/// A carrier: a Prometheus of its own with these rules.
fn carrier(rules: &str) -> (TempDir, Prometheus) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("disk.yaml");
    std::fs::write(&file, rules).unwrap();
    let prometheus = Prometheus::start(folder.path(), &[file]);
    (folder, prometheus)
}

/// A site with these carriers, called `one`, `two`, …
fn site(carriers: &[&str]) -> Site {
    let names = ["one", "two", "three", "four", "five"];
    let carriers = carriers.iter().zip(names);
    let carriers: Vec<Value> =
        carriers.map(|(url, name)| json!({"name": name, "url": url, "timeout": "5s"})).collect();
    let configuration = json!({"title": "T", "rules": ["rules/*.yaml"], "carriers": carriers});
    Site::new(&[
        ("alertbook.yaml", &configuration.to_string()),
        ("rules/disk.yaml", RULES),
        ("content/disk.md", RUNBOOK),
    ])
}

/// The findings of `check --live`: check, message, file, line.
fn findings(site: &Site, environment: &[(&str, &str)]) -> Vec<(String, String, String, u64)> {
    let Ended { status, printed } = site.run(&["check", "--live", "--format", "json"], environment);
    let report: Value = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = report["diagnostics"].as_array().unwrap().iter().map(|it| {
        (text(&it["check"]), text(&it["message"]), text(&it["file"]), it["line"].as_u64().unwrap())
    });
    let found: Vec<_> = found.collect();
    assert_eq!(status, i32::from(!found.is_empty()), "{printed}");
    found
}

#[test]
fn carriers_that_have_the_rules_agree() {
    let (_one, one) = carrier(RULES);
    let (_two, two) = carrier(RULES);
    assert_eq!(findings(&site(&[&one.url, &two.url]), &[]), []);
}

#[test]
fn a_rule_that_is_missing_or_changed_is_one_finding() {
    let changed = RULES.replace("for: 60m", "for: 5m").replace("< 0.10", "< 0.2");
    let missing = &RULES[..RULES.find("      - alert: DiskSlow").unwrap()];
    let (_one, one) = carrier(RULES);
    let (_two, two) = carrier(&changed);
    let (_three, three) = carrier(&changed);
    let (_four, four) = carrier(missing);
    let site = site(&[&one.url, &two.url, &three.url, &four.url]);
    let of_rules = |check: &str, message: &str, line| {
        (check.to_owned(), message.to_owned(), "rules/disk.yaml".to_owned(), line)
    };
    assert_eq!(
        findings(&site, &[]),
        [
            of_rules(
                "rule-differs",
                "the carriers `two` and `three` have the alert `DiskFull` with another `expr` and `for`",
                9
            ),
            of_rules(
                "rule-not-loaded",
                "the alert `DiskSlow` is not loaded on the carrier `four`",
                17
            ),
        ]
    );
    let printed = site.run(&["check", "--live"], &[]).printed.replace(&two.url, "[TWO]");
    assert!(printed.contains("note: `for` on the carriers `two` and `three`\n"), "{printed}");
    assert!(printed.contains("[TWO]/api/v1/rules:"), "{printed}");
    let summary = "`alertbook build` asks no carrier, and publishes\n";
    assert!(printed.ends_with(summary), "{printed}");
}

#[test]
fn a_rule_that_only_a_carrier_has_is_noted() {
    let (_one, one) = carrier(&format!("{RULES}      - alert: DiskGone\n        expr: up == 0\n"));
    let site = site(&[&one.url]);
    let ended = site.run(&["check", "--live"], &[]);
    let message = "note[rule-not-in-files]: the carrier `one` has loaded the rule `DiskGone`, which no file has\n";
    assert!(ended.printed.starts_with(message), "{}", ended.printed);
    assert_eq!(ended.status, 0);
}

#[test]
fn a_query_that_a_carrier_refuses_is_found() {
    let (_one, one) = carrier(RULES);
    let site = site(&[&one.url]);
    // Debian's Prometheus is older than the function.
    site.write(
        "content/disk.md",
        &format!("{RUNBOOK}\n```promql\nsort_by_label(disk_free, \"device\")\n```\n"),
    );
    let found = findings(&site, &[]);
    let [(check, message, file, line)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((check.as_str(), file.as_str(), *line), ("query-fails", "content/disk.md", 13));
    assert!(message.starts_with("the carrier `one` refuses the query: "), "{message}");
    assert!(message.contains("unknown function with name \"sort_by_label\""), "{message}");
}

#[test]
fn whoever_does_not_answer_is_a_finding_and_holds_nobody_up() {
    let (_one, one) = carrier(RULES);
    let page = answering(|_| Answer::page("200 OK", "<html><title>Log in</title></html>"));
    let guarded = answering(|_| Answer::page("401 Unauthorized", ""));
    let site = site(&[&one.url, &nobody(), &page, &guarded, &silent()]);
    let configuration = std::fs::read_to_string(site.path().join("alertbook.yaml")).unwrap();
    site.write("alertbook.yaml", &configuration.replace("5s", "500ms"));
    let messages: Vec<String> = findings(&site, &[])
        .into_iter()
        .map(|(check, message, file, _)| {
            assert_eq!((check.as_str(), file.as_str()), ("carrier-unreachable", "alertbook.yaml"));
            message
        })
        .collect();
    assert_eq!(
        messages,
        [
            "the carrier `two` does not list its rules: nothing listens there",
            "the carrier `three` does not list its rules: a web page, \"Log in\", answers in place of the API",
            "the carrier `four` does not list its rules: it answers 401 Unauthorized",
            "the carrier `five` does not list its rules: there was no answer within 0.5 s",
        ]
    );
}

#[test]
fn queries_are_asked_once_and_with_the_token() {
    let server = answering(|request| {
        if !request.headers.iter().any(|line| line == "authorization: Bearer s3cr3t") {
            return Answer::page("401 Unauthorized", "");
        }
        if request.path.starts_with("/api/v1/rules") {
            return Answer::data(&json!({"groups": []}));
        }
        assert_eq!(request.path, "/api/v1/query");
        let refusal = json!({"status": "error", "errorType": "execution", "error": request.body});
        Answer::json("422 Unprocessable Entity", &refusal)
    });
    let site = site(&[&server]);
    let configuration = json!({"title": "T", "rules": ["rules/none.yaml"], "carriers": [
        {"name": "one", "url": "https://elsewhere.example.com", "api": server, "token_env": "TOKEN"},
    ]});
    site.write("alertbook.yaml", &configuration.to_string());
    site.write("content/disk.md", "---\ntitle: D\n---\n\n`up{a=\"<pod>\"}`, `up{a=\"<pod>\"}`\n");
    let ended = site.run(&["check", "--live", "--format", "json"], &[("TOKEN", "s3cr3t")]);
    let sent = "refuses the query: query=up%7Ba%3D%22__hole_0__%22%7D&timeout=8000ms&limit=1";
    assert_eq!(ended.printed.matches(sent).count(), 1, "{}", ended.printed);
    let ended = site.run(&["check", "--live"], &[]);
    assert!(ended.printed.contains("the environment variable `TOKEN`"), "{}", ended.printed);
    assert_eq!(ended.status, 2);
}

#[test]
fn a_site_without_carriers_has_nobody_to_ask() {
    let site = Site::new(&[("alertbook.yaml", "title: T\n"), ("content/a.md", "")]);
    let ended = site.run(&["check", "--live"], &[]);
    let message = "error: --live asks the carriers, and alertbook.yaml has no `carriers`\n";
    assert_eq!((ended.printed.as_str(), ended.status), (message, 2));
}
