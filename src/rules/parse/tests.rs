//! Whole files, good and bad.

use super::*;
use crate::diag::{Report, Severity, text};

fn file(text: &str) -> (RuleFile, Vec<Diagnostic>) {
    parse(&Source::new("rules/a.yaml", text))
}

/// The findings of a file: message and the characters that they point at, in the file's order.
fn said(text: &str) -> Vec<(String, String)> {
    let (_, mut diagnostics) = file(text);
    diagnostics.sort_by(|a, b| a.span.cmp(&b.span));
    let said = diagnostics.into_iter();
    said.map(|it| (it.message, it.span.text().to_owned())).collect()
}

fn clean(text: &str) -> RuleFile {
    let (file, diagnostics) = file(text);
    assert_eq!(diagnostics, [], "{text}");
    file
}

fn names(file: &RuleFile) -> Vec<&str> {
    file.rules().map(|rule| rule.name().as_str()).collect()
}

const WHOLE: &str = "\
groups:
  - name: disks
    interval: 30s
    query_offset: 1m
    limit: 10
    labels: {team: storage, severity: none}
    partial_response_strategy: ABORT
    rules:
      - record: node:disk_free:ratio
        expr: |
          node_filesystem_free_bytes
            / node_filesystem_size_bytes
      - alert: Disk6+Hours
        expr: >-
          predict_linear(node:disk_free:ratio[6h], 6 * 3600)
          < 0
        for: 1h30m
        keep_firing_for: 5m
        labels:
          severity: critical
          priority: 1
        annotations:
          summary: \"It's \\\"full\\\" {{ $labels.device }}\"
          runbook_url: https://runbooks.example.com/disks.html#full
  - name: numbers
    rules:
      - alert: Always
        expr: 1.50
";

#[test]
fn what_rules_say_is_kept_with_its_place() {
    let file = clean(WHOLE);
    let [disks, numbers] = file.groups.as_slice() else {
        panic!("two groups");
    };
    assert_eq!(disks.name, "disks");
    assert_eq!((disks.span.start().line, disks.span.end().line), (2, 24));
    let [recording, alerting] = disks.rules.as_slice() else {
        panic!("two rules");
    };
    assert_eq!(recording.alert_name(), None);
    assert_eq!(recording.name(), &"node:disk_free:ratio");
    let end = recording.expr.as_str().find("node_filesystem_size").unwrap();
    assert_eq!(recording.expr.span_of(end..end + 20).start().line, 12);
    assert_eq!(recording.label("severity").map(Text::as_str), Some("none"));

    assert_eq!(alerting.alert_name().map(Text::as_str), Some("Disk6+Hours"));
    assert_eq!(alerting.span.start().line, 13);
    assert_eq!(alerting.expr, "predict_linear(node:disk_free:ratio[6h], 6 * 3600) < 0");
    let less = alerting.expr.as_str().find('<').unwrap();
    assert_eq!(alerting.expr.span_of(less..less + 1).start().line, 16);
    let labels = alerting.labels.iter().map(|it| (it.name.as_str(), it.value.as_str()));
    assert_eq!(
        labels.collect::<Vec<_>>(),
        [("team", "storage"), ("severity", "critical"), ("priority", "1")]
    );
    let summary = alerting.annotation("summary").unwrap();
    assert_eq!(summary, &"It's \"full\" {{ $labels.device }}");
    assert_eq!(summary.span_of(6..10).text(), "full");
    let RuleKind::Alerting { for_duration, keep_firing_for, .. } = &alerting.kind else {
        panic!("an alerting rule");
    };
    assert_eq!(for_duration.as_ref().map(|it| it.text.as_str()), Some("1h30m"));
    assert_eq!(keep_firing_for.as_ref().map(|it| it.milliseconds), Some(300_000));
    assert_eq!(numbers.rules.first().map(|rule| rule.expr.as_str()), Some("1.50"));
}

const OBJECT: &str = "\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: NAME, labels: {role: alert-rules}}
spec:
  groups:
    - {name: g, rules: [{alert: NAME, expr: up == 0}]}
";

#[test]
fn objects_lists_and_documents_are_read() {
    let (first, second) = (OBJECT.replace("NAME", "a"), OBJECT.replace("NAME", "b"));
    assert_eq!(names(&clean(&first)), ["a"]);
    let service = "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 9090}]}\n";
    let documents = clean(&format!("{first}---\n{service}---\n{second}---\n"));
    assert_eq!(names(&documents), ["a", "b"]);
    for (version, kind) in [("v1", "List"), ("monitoring.coreos.com/v1", "PrometheusRuleList")] {
        let item = |text: &str| format!("  - {}", text.trim_end().replace('\n', "\n    "));
        let list = format!(
            "apiVersion: {version}\nkind: {kind}\nitems:\n{}\n{}\n{}\n",
            item(&first),
            item(service),
            item(&second)
        );
        assert_eq!(names(&clean(&list)), ["a", "b"], "{list}");
    }
    // Each object is a file of its own, so the groups of two may have one name.
    let shared = "groups:\n  - &g {name: g, rules: [&r {alert: A, expr: up, labels: &l {a: b}}]}\n  - {name: h, rules: [{<<: *r, alert: B}]}\n";
    assert_eq!(names(&clean(shared)), ["A", "B"]);
}

#[test]
fn a_file_without_rules_is_fine_where_it_says_nothing_else() {
    for text in [
        "",
        "# later\n",
        "---\n",
        "groups:\n",
        "groups: []\n",
        "groups: [{name: g}]\n",
        "{}\n",
        "groups: [~, {name: g, limit: -1, rules: [~]}]\n",
    ] {
        assert_eq!(names(&clean(text)), [""; 0], "{text}");
    }
    assert_eq!(names(&clean("apiVersion: v1\nkind: ConfigMap\ndata: {groups: no}\n")), [""; 0]);
}

#[test]
fn what_is_no_rule_file_says_so() {
    for (text, message, place) in [
        ("- a\n- b\n", "a rule file must be a mapping with the key `groups`, not a list", "- a"),
        ("group:\n  - x\n", "no rule file: the key `groups` is missing", "group"),
        ("title: x\n", "no rule file: the key `groups` is missing", "title"),
        (
            "kind: PrometheusRule\nspec: {}\n",
            "a `PrometheusRule` has the `apiVersion` `monitoring.coreos.com/v1`",
            "PrometheusRule",
        ),
        (
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n",
            "this `PrometheusRule` has no `spec`",
            "PrometheusRule",
        ),
        ("groups: 5\n", "`groups` must be a list, not a number", "5"),
        ("groups: [\n", "this `[` is never closed", "["),
        (
            "groups:\n{{- range .Values.groups }}\n  - {{ . }}\n{{- end }}\n",
            "this is a Helm template, not the rules that it makes",
            "{{- range .Values.groups }}",
        ),
        (
            "groups:\n  - {name: a, rules: [{alert: A, expr: 'up', annotations: {summary: 'x {{`{{ $value }}`}}'}}]}\n",
            "this is a Helm template, not the rules that it makes",
            "{{`{{ $value }}",
        ),
    ] {
        assert_eq!(said(text), [(message.to_owned(), place.to_owned())], "{text}");
    }
}

/// A file with one group of this one rule.
fn rule(rule: &str) -> String {
    format!("groups:\n  - name: g\n    rules:\n      - {rule}\n")
}

#[test]
fn what_prometheus_refuses_is_found() {
    for (text, message, place) in [
        ("{alert: A}", "the alert `A` has no `expr`", "A"),
        ("{record: a}", "the rule for `a` has no `expr`", "a"),
        ("{alert: A, expr: ''}", "`expr` is empty", "''"),
        ("{alert: A, expr: [up]}", "`expr` must be a text, not a list", "[up]"),
        ("{expr: up}", "a rule needs the name of an `alert`, or of a metric to `record`", "expr"),
        ("{alert: '', expr: up}", "`alert` is empty", "''"),
        ("{alert: A, record: b, expr: up}", "a rule has either `alert` or `record`, not both", "b"),
        ("{record: a, expr: up, for: 5m}", "only alerting rules have `for`", "for"),
        (
            "{record: a, expr: up, annotations: {b: c}}",
            "only alerting rules have `annotations`",
            "annotations",
        ),
        ("{record: a b, expr: up}", "`a b` is no name for a metric", "a b"),
        ("{alert: A, expr: up, for: 5}", "`5` is no duration", "5"),
        ("{alert: A, expr: up, keep_firing_for: 5 min}", "`5 min` is no duration", "5 min"),
        ("{alert: A, expr: up, labels: {a b: c}}", "`a b` is no name for a label", "a b"),
        (
            "{alert: A, expr: up, labels: {__name__: c}}",
            "`__name__` is no name for a label",
            "__name__",
        ),
        (
            "{alert: A, expr: up, annotations: {run book: c}}",
            "`run book` is no name for an annotation",
            "run book",
        ),
        ("{alert: A, expr: up, labels: [a]}", "`labels` must be a mapping, not a list", "[a]"),
        (
            "{alert: A, expr: up, labels: {a: {b: c}}}",
            "`a` must be a text, not a mapping",
            "{b: c}",
        ),
        ("{alert: A, expr: up, expr: down}", "the key `expr` is there twice", "expr"),
        ("{alert: A, exprs: up, expr: up}", "unknown key `exprs` in a rule", "exprs"),
        ("up", "a rule must be a mapping, not a text", "up"),
    ] {
        assert_eq!(said(&rule(text)), [(message.to_owned(), place.to_owned())], "{text}");
    }
    for text in [
        "{record: a, expr: up, for: 0s, annotations: {}}",
        "{alert: 5, expr: up, for: 0, labels: {a: , b: 1.50}, record: }",
    ] {
        assert_eq!(said(&rule(text)), [], "{text}");
    }
    let (_, diagnostics) = file(&rule("{alert: A, exprs: up, expr: up}"));
    assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `expr`?"));
    assert_eq!(diagnostics[0].alert.as_deref(), Some("A"));
}

#[test]
fn what_prometheus_refuses_of_groups_is_found() {
    for (text, message, place) in [
        ("groups: [{rules: []}]", "a rule group needs a `name`", "rules"),
        ("groups: [{name: a, rule: []}]", "unknown key `rule` in a rule group", "rule"),
        ("groups: [{name: a}, {name: b}, {name: a}]", "the group `a` is there twice", "a"),
        ("groups: [{name: a, interval: x}]", "`x` is no duration", "x"),
        ("groups: [{name: a, limit: 1.5}]", "`limit` must be a whole number, not 1.5", "1.5"),
        (
            "groups: [{name: a, partial_response_strategy: x}]",
            "`partial_response_strategy` must be `warn` or `abort`",
            "x",
        ),
        ("groups: []\nnamespaces: x\n", "unknown key `namespaces` in a rule file", "namespaces"),
        ("groups: [a]", "a rule group must be a mapping, not a text", "a"),
    ] {
        assert_eq!(said(text), [(message.to_owned(), place.to_owned())], "{text}");
    }
}

#[test]
fn what_others_evaluate_has_keys_of_their_own() {
    for text in [
        "namespace: team\ngroups: [{name: a, source_tenants: [x], evaluation_delay: 1m, \
         align_evaluation_time_on_interval: true, rules: [{alert: A, expr: up}]}]",
        "groups: [{name: a, concurrency: 2, type: prometheus, params: {nocache: ['1']}, eval_delay: 30s, \
         rules: [{alert: A, expr: up, debug: true}]}]",
        "groups: [{name: a, type: graphite, rules: [{alert: A, expr: 'absolute(x.y)'}]}]",
        "groups: [{name: a, rules: [{alert: A, expr: 'rate({app=\"x\"} |= \"e\" [5m]) > 1'}]}]",
    ] {
        let (read, found) = file(text);
        assert!(found.is_empty(), "{text}: {found:?}");
        assert_eq!(names(&read), ["A"], "{text}");
    }
    let (read, _) = file("groups: [{name: a, type: vlogs, rules: [{alert: A, expr: 'x'}]}]");
    assert!(read.rules().all(|rule| !rule.is_promql));
}

#[test]
fn a_hole_may_be_written_in_escapes() {
    let unrendered = |expr: &str| {
        let text = format!("groups: [{{name: a, rules: [{{alert: A, expr: {expr}}}]}}]");
        file(&text).0.is_unrendered
    };
    assert!(unrendered(r#""up > \u007b{ .Values.most }}""#));
    assert!(unrendered(r#""up > {{ .Values.most }}""#));
    assert!(!unrendered(r#""up{a='b'} > 5""#));
}

#[test]
fn a_bad_rule_does_not_take_others_with_it() {
    let text = "\
groups:
  - name: g
    rules:
      - {alert: NoExpression}
      - {alert: BadDuration, expr: up, for: soon}
      - {alert: Both, record: both, expr: up}
      - {alert: Good, expr: up}
  - 7
  - name: h
    rules: [{alert: Last, expr: up}]
";
    let (file, diagnostics) = file(text);
    assert_eq!(names(&file), ["BadDuration", "Both", "Good", "Last"]);
    assert_eq!(diagnostics.len(), 4);
    assert!(diagnostics.iter().all(|it| it.check == "invalid-rule-file"));
}

proptest::proptest! {
    /// Whatever happens to a file while somebody types, it is read, and what is wrong is shown.
    #[test]
    fn no_damage_makes_it_panic(
        at in 0_usize..WHOLE.len(), length in 0_usize..40, typed in "[-a:{}\\[\\]'\"&*|>#!~ \t\r\né0]{0,4}",
    ) {
        let mut text = WHOLE.to_owned();
        text.replace_range(at..(at + length).min(WHOLE.len()), &typed);
        let (file, diagnostics) = file(&text);
        for rule in file.rules() {
            rule.expr.decoded();
        }
        let errors = diagnostics.into_iter().map(|diagnostic| (Severity::Error, diagnostic));
        let report = Report::new(errors.collect());
        let style = text::Style { width: 40, ..text::Style::default() };
        proptest::prop_assert_eq!(report.entries().is_empty(), text::render(&report, style).is_empty());
    }
}
