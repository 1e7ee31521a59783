//! Whole configurations, good and bad.

use super::*;
use crate::diag::Severity;

fn config(text: &str) -> Config {
    parse(&Source::new("alertbook.yaml", text)).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The findings: message, the characters that they point at, help.
fn said(text: &str) -> Vec<(String, String, String)> {
    let faults = parse(&Source::new("alertbook.yaml", text)).unwrap_err();
    assert!(faults.iter().all(|fault| fault.check == CHECK));
    let said = faults.into_iter();
    said.map(|it| (it.message, it.span.text().to_owned(), it.help.unwrap_or_default())).collect()
}

const WHOLE: &str = r#"
title: Armada runbooks
base_url: https://runbooks.example.com/
hosts: [https://pages.example.com/docs]
content: ./docs/
exclude: ["drafts/**"]
rules: ["docs/rules/**/*.yaml", ../rules/*.yml]
runbook_annotations: [runbook_url, runbook]
carriers:
  url: https://dashboard.example.com/{carrier}/prometheus/
  ui: prometheus
  default: prod-dal10/carrier3
  names: [prod-dal10/carrier1, prod-dal10/carrier3]
  external_label: carrier
placeholders:
  workerID: {label: worker_id, also: ["*workerID*", "WORKERID"], pattern: "[a-z0-9-]+"}
  POD:
checks: {undocumented-alert: error, stale-runbook: off}
img_hosts: [https://img.example.com]
data: content/_data
"#;

#[test]
fn every_key_is_read() {
    let config = config(WHOLE);
    assert_eq!(config.title, "Armada runbooks");
    assert_eq!(config.base_url.as_deref(), Some("https://runbooks.example.com"));
    assert_eq!(config.hosts, ["https://pages.example.com/docs"]);
    assert_eq!(config.content.path, "docs");
    assert_eq!(config.exclude.iter().map(Glob::as_str).collect::<Vec<_>>(), ["drafts/**"]);
    assert_eq!(
        config.rules.iter().map(Glob::as_str).collect::<Vec<_>>(),
        ["docs/rules/**/*.yaml", "../rules/*.yml"]
    );
    assert_eq!(config.runbook_annotations, ["runbook_url", "runbook"]);
    let carriers = config.carriers.as_ref().unwrap();
    assert_eq!(carriers.list.len(), 2);
    assert_eq!(carriers.external_label.as_deref(), Some("carrier"));
    let carrier = config.default_carrier().unwrap();
    assert_eq!(Some(carrier), config.carrier("prod-dal10/carrier3"));
    assert_eq!(carrier.url, "https://dashboard.example.com/prod-dal10/carrier3/prometheus");
    assert_eq!(config.carrier("elsewhere"), None);
    let [worker, pod] = config.placeholders.as_slice() else {
        panic!("two placeholders");
    };
    assert_eq!((worker.name.as_str(), worker.label.as_deref()), ("workerID", Some("worker_id")));
    assert_eq!(worker.also, ["*workerID*", "WORKERID"]);
    assert_eq!(worker.pattern.as_ref().map(Text::as_str), Some("[a-z0-9-]+"));
    assert_eq!((pod.name.as_str(), pod.label.as_deref()), ("POD", None));
    let checks = config.levels.checks.iter().map(|it| (it.check.as_str(), it.severity));
    assert_eq!(
        checks.collect::<Vec<_>>(),
        [("undocumented-alert", Some(Severity::Error)), ("stale-runbook", None)]
    );
    assert_eq!(config.levels.checks[1].check.span().start().line, 18);
    assert_eq!(config.img_hosts, ["https://img.example.com"]);
    assert_eq!(config.data.map(|it| it.path).as_deref(), Some("content/_data"));
}

#[test]
fn a_title_is_enough() {
    let config = config("title: x\ncarriers:\nchecks:\n");
    assert_eq!(config.content, SitePath { path: "content".to_owned(), span: None });
    assert_eq!(config.runbook_annotations, RUNBOOK_ANNOTATIONS);
    assert_eq!((config.base_url, config.carriers), (None, None));
    assert!(config.rules.is_empty() && config.levels.checks.is_empty() && config.hosts.is_empty());
}

#[test]
fn carriers_may_be_a_list() {
    let config = config(
        "title: x\ncarriers:\n  - {name: a, url: 'http://a/', api: 'http://api.a/', labels: {region: eu}}\n  - {name: b, url: 'http://b', ui: prometheus}\n",
    );
    let carrier = config.default_carrier().unwrap();
    assert_eq!((carrier.name.as_str(), carrier.url.as_str()), ("a", "http://a"));
    assert_eq!(carrier.api.as_deref(), Some("http://api.a"));
    assert_eq!(carrier.labels, [("region".to_owned(), "eu".to_owned())]);
    assert_eq!(
        config.carrier("b").map(|it| (it.url.as_str(), it.ui)),
        Some(("http://b", Ui::Prometheus))
    );
}

#[test]
fn a_ui_has_what_its_links_need() {
    let config = config(
        "title: x\ncarriers: {url: 'https://g/{carrier}', ui: grafana, datasource: 'prom-{carrier}', tab: table, names: [a, b]}\n",
    );
    let of = |name: &str| {
        let carrier = config.carrier(name).unwrap();
        (carrier.ui, carrier.tab, carrier.datasource.clone())
    };
    assert_eq!(of("b"), (Ui::Grafana, Tab::Table, Some("prom-b".to_owned())));
    for url in ["http://h/select/0", "http://h/select/0/vmui/"] {
        let config = self::config(&format!(
            "title: x\ncarriers:\n  - {{name: a, url: '{url}', ui: victoriametrics}}\n  - {{name: b, url: '{url}', api: 'http://i', ui: victoriametrics}}\n",
        ));
        let of = |name: &str| {
            let carrier = config.carrier(name).unwrap();
            (carrier.url.as_str(), carrier.api.as_deref())
        };
        assert_eq!(of("a"), ("http://h/select/0", Some("http://h/select/0/prometheus")), "{url}");
        assert_eq!(of("b"), ("http://h/select/0", Some("http://i")), "{url}");
    }
}

#[test]
fn a_page_is_changed_where_the_site_says() {
    let fault = "`edit_url` must begin with `https://` or `http://`";
    one_fault("title: a\nedit_url: edit/{path}\n", fault, "edit/{path}", "");
    for (written, expected) in [
        ("https://g.example/o/r/edit/main", "https://g.example/o/r/edit/main/content/a%20b.md"),
        (
            "https://g.example/o/r/edit/main/docs/",
            "https://g.example/o/r/edit/main/docs/content/a%20b.md",
        ),
        ("https://g.example/?file={path}&edit", "https://g.example/?file=content/a%20b.md&edit"),
    ] {
        let config = config(&format!("title: x\nedit_url: '{written}'\n"));
        assert_eq!(config.edit_url.unwrap().of("content/a%20b.md"), expected);
    }
}

/// Holds that a text has this one fault.
fn one_fault(text: &str, message: &str, place: &str, help: &str) {
    let expected = (message.to_owned(), place.to_owned(), help.to_owned());
    assert_eq!(said(text), [expected], "{text}");
}

#[test]
fn faults_are_found_where_they_are() {
    for (text, message, place, help) in [
        ("", "the site needs a `title`", "", "write `title: Our runbooks`"),
        ("content: a\n", "the site needs a `title`", "content", "write `title: Our runbooks`"),
        ("title: ' '\n", "`title` is empty", "' '", ""),
        ("title: [a]\n", "`title` must be a text, not a list", "[a]", ""),
        ("title: a\ntitle: b\n", "the key `title` is there twice", "title", ""),
        (
            "title: a\nbaseurl: b\n",
            "unknown key `baseurl` in `alertbook.yaml`",
            "baseurl",
            "did you mean `base_url`?",
        ),
        ("title: a\n---\ntitle: b\n", "a configuration is one document", "title: b", ""),
        ("title: 'a\n", "this quote is never closed", "'", ""),
        ("- a\n", "`alertbook.yaml` must be a mapping, not a list", "- a", ""),
        (
            "title: a\nbase_url: x.example\n",
            "`base_url` must begin with `https://` or `http://`",
            "x.example",
            "",
        ),
        (
            "title: a\nhosts: [ftp://x]\n",
            "each of `hosts` must begin with `https://` or `http://`",
            "ftp://x",
            "",
        ),
        ("title: a\nhosts: https://x\n", "`hosts` must be a list, not a text", "https://x", ""),
        (
            "title: a\ncontent: /srv/x\n",
            "`content` must be a folder relative to the site",
            "/srv/x",
            "",
        ),
        (
            "title: a\nexclude: ['a[']\n",
            "`a[` is no glob: unclosed character class; missing ']'",
            "'a['",
            "",
        ),
        (
            "title: a\nrules: {timeout: 5s}\n",
            "the address `prometheus` is missing",
            "timeout",
            "write `{prometheus: https://prometheus.example.com}`, or globs of files, such as `[\"rules/**/*.yaml\"]`",
        ),
        (
            "title: a\nrules: [{promethius: 'http://x'}]\n",
            "unknown key `promethius` in an entry of `rules`",
            "promethius",
            "did you mean `prometheus`?",
        ),
        (
            "title: a\nrules: {prometheus: x}\n",
            "`prometheus` must begin with `https://` or `http://`",
            "x",
            "",
        ),
        (
            "title: a\nrules: {prometheus: 'http://x', token_env: s3cr3t-t0ken}\n",
            "`token_env` must be the name of an environment variable",
            "s3cr3t-t0ken",
            "keep the token in it, and out of this file",
        ),
        (
            "title: a\nrules: {prometheus: 'http://x', timeout: 5 seconds}\n",
            "`timeout` must be a duration",
            "5 seconds",
            "write it like `10s` or `2m`",
        ),
        (
            "title: a\nrules: {prometheus: 'http://x', tenant: a b}\n",
            "`tenant` must be ASCII without spaces, as it is sent in a header",
            "a b",
            "",
        ),
        (
            "title: a\nplaceholders: {x: {lable: y}}\n",
            "unknown key `lable` in a placeholder",
            "lable",
            "did you mean `label`?",
        ),
        (
            "title: a\nplaceholders: {x: y}\n",
            "a placeholder must be a mapping, not a text",
            "y",
            "",
        ),
    ] {
        one_fault(text, message, place, help);
    }
}

#[test]
fn values_are_those_that_a_key_can_have() {
    let levels = "it can be `error`, `warning`, `note` or `off`";
    for (text, message, place, help) in [
        (
            "title: a\nfront_matter: maybe\n",
            "`front_matter` can't be `maybe`",
            "maybe",
            "it can be `required` or `optional`",
        ),
        (
            "title: a\nrunbook_links: section\n",
            "`runbook_links` can't be `section`",
            "section",
            "did you mean `sections`?",
        ),
        ("title: a\nchecks: {x: fatal}\n", "the level of `x` can't be `fatal`", "fatal", levels),
        ("title: a\nchecks: {x: warn}\n", "the level of `x` can't be `warn`", "warn", levels),
        (
            "title: a\nchecks: {x: Error}\n",
            "the level of `x` can't be `Error`",
            "Error",
            "did you mean `error`?",
        ),
    ] {
        one_fault(text, message, place, help);
    }
}

#[test]
fn patterns_are_read_as_browsers_read_them() {
    for pattern in [
        "[a-z0-9-]+",
        r"prod-\d+",
        r"(?:a|b)\.c",
        r"[^\s/]{1,63}",
        r"\p{L}+",
        r"\(?i[(?i:]",
        "(?<n>a)",
    ] {
        let text = format!("title: a\nplaceholders:\n  x: {{pattern: '{pattern}'}}\n");
        assert_eq!(config(&text).placeholders.len(), 1, "{pattern}");
    }
    let shared = "write one that Rust and JavaScript both know, such as `[a-z0-9-]+`";
    for pattern in [
        r"prod\-\d+",
        "(?i)abc",
        "[[:alnum:]]+",
        r"a\_b",
        "(?P<x>a)",
        r"\Aabc\z",
        r"\d\%",
        "a++",
        "(?i:x)",
        "(?s:a.b)",
        r"a\((?:b(?-i:c))",
        "(",
    ] {
        let text = format!("title: a\nplaceholders:\n  x: {{pattern: '{pattern}'}}\n");
        let faults = said(&text);
        let [(message, _, help)] = faults.as_slice() else {
            panic!("{pattern}: {faults:?}");
        };
        assert!(message.starts_with("`pattern` is no regular expression"), "{message}");
        assert_eq!(help, shared);
    }
}

#[test]
fn faults_of_carriers_are_found_where_they_are() {
    let hole = "put it where the name goes: `https://dashboard.example.com/{carrier}/prometheus`";
    for (text, message, place, help) in [
        ("title: a\ncarriers: x\n", "`carriers` must be a mapping or a list, not a text", "x", ""),
        ("title: a\ncarriers: []\n", "`carriers` names none", "[]", ""),
        ("title: a\ncarriers: {names: [b]}\n", "`carriers` needs `url`", "names", ""),
        (
            "title: a\ncarriers: {url: 'http://x/{carrier}'}\n",
            "`carriers` needs `names`",
            "url",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://x', names: [b]}\n",
            "the `url` of carriers needs `{carrier}` in it",
            "'http://x'",
            hole,
        ),
        (
            "title: a\ncarriers: {url: 'x/{carrier}', names: [b]}\n",
            "`url` must begin with `https://` or `http://`",
            "'x/{carrier}'",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b c]}\n",
            "the URL of the carrier `b c` can't contain spaces",
            "b c",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b, b]}\n",
            "the carrier `b` is there twice",
            "b",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: []}\n",
            "`names` needs at least one carrier",
            "[]",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: ['']}\n",
            "the name of a carrier is empty",
            "''",
            "",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [carrier1], default: carier1}\n",
            "the default carrier `carier1` is none of `names`",
            "carier1",
            "did you mean `carrier1`?",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b], ui: kibana}\n",
            "`ui` can't be `kibana`",
            "kibana",
            "it can be `prometheus`, `prometheus3`, `thanos`, `grafana` or `victoriametrics`",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b], ui: Promethius}\n",
            "`ui` can't be `Promethius`",
            "Promethius",
            "did you mean `prometheus`?",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b], tab: chart}\n",
            "`tab` can't be `chart`",
            "chart",
            "it can be `graph` or `table`",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', names: [b], datasource: P1}\n",
            "only Grafana has data sources",
            "P1",
            "write `ui: grafana` beside it",
        ),
        (
            "title: a\ncarriers: {url: 'http://{carrier}', name: [b], names: [c]}\n",
            "unknown key `name` in `carriers`",
            "name",
            "did you mean `names`?",
        ),
        ("title: a\ncarriers: [{name: b}]\n", "a carrier needs a `url`", "name", ""),
        (
            "title: a\ncarriers: [{name: b, url: x}]\n",
            "`url` must begin with `https://` or `http://`",
            "x",
            "",
        ),
        (
            "title: a\ncarriers: [{name: b, url: 'http://x'}, {name: b, url: 'http://y'}]\n",
            "the carrier `b` is there twice",
            "b",
            "",
        ),
    ] {
        one_fault(text, message, place, help);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let said = said(
        "titel: x\nbase_url: x\ncarriers: {url: x, names: [a, a], default: b, ui: y}\nchecks: {a: b}\nrules: ['[']\n",
    );
    let places: Vec<_> = said.iter().map(|(_, place, _)| place.as_str()).collect();
    assert_eq!(places, ["titel", "x", "'['", "x", "y", "b", "a", "b"]);
}

#[test]
fn rules_come_from_files_and_from_servers() {
    let read = config(
        "title: a\nrules:\n  - a/*.yaml\n  - prometheus: [http://x/, 'https://y/prometheus']\n    \
         token_env: TOKEN\n    ca: ca.pem\n    tenant: t\n    timeout: 1m\n",
    );
    assert_eq!(read.rules.iter().map(Glob::as_str).collect::<Vec<_>>(), ["a/*.yaml"]);
    let urls: Vec<&str> = read.rule_servers.iter().map(|server| server.url.as_str()).collect();
    assert_eq!(urls, ["http://x", "https://y/prometheus"]);
    for server in &read.rule_servers {
        let access = &server.access;
        assert_eq!(access.token_env.as_ref().map(Text::as_str), Some("TOKEN"));
        assert_eq!(access.ca.as_ref().map(Text::as_str), Some("ca.pem"));
        assert_eq!(access.tenant.as_deref(), Some("t"));
        assert_eq!(access.timeout.as_secs(), 60);
    }
    let read = config("title: a\nrules: {prometheus: 'http://x'}\n");
    assert!(read.has_rules() && read.rules.is_empty());
    assert_eq!(read.rule_servers[0].access, Access::default());
}

#[test]
fn carriers_are_asked_alike_or_each_in_its_way() {
    let read =
        config("title: a\ncarriers: {url: 'http://x/{carrier}', names: [a, b], token_env: T}\n");
    for carrier in read.all_carriers() {
        assert_eq!(carrier.access.token_env.as_ref().map(Text::as_str), Some("T"));
    }
    let read = config(
        "title: a\ncarriers: [{name: a, url: 'http://x', timeout: 1s}, {name: b, url: 'http://y'}]\n",
    );
    let times = read.all_carriers().iter().map(|carrier| carrier.access.timeout.as_secs());
    assert_eq!(times.collect::<Vec<_>>(), [1, 10]);
}

#[test]
fn the_manual_knows_every_key() {
    let manual = include_str!("../../content/manual/configuration.md");
    for key in KEYS {
        let is_shown = manual.contains(&format!("\n{key}:"));
        assert!(is_shown || manual.contains(&format!("`{key}`")), "{key}");
    }
    let fences: Vec<&str> = manual.split("```yaml\n").skip(1).collect();
    assert_eq!(fences.len(), 3);
    for fence in fences {
        let (text, _) = fence.split_once("```").expect("an end");
        let title = if text.contains("title:") { "" } else { "title: T\n" };
        config(&format!("{title}{text}"));
    }
}
