//! Sections that `alertbook new` begins are runbooks as the checks want them, whatever the rules
//! look like.

#[path = "support/site.rs"]
mod site;

use alertbook::diag::text::Style;
use alertbook::pipeline::Checked;
use alertbook::scaffold::Scaffold;
use alertbook::site::RecordedLabels;
use site::Site;
use std::fs;
use std::path::Path;

/// Rules with expressions, names and annotations of many shapes.
const UNUSUAL: &str = r#"
groups:
  - name: unusual
    rules:
      - record: job:errors:ratio5m
        expr: sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))
      - alert: ErrorsHigh
        expr: job:errors:ratio5m{env!="test"} > 0.01
        for: 5m
        labels: {severity: warning, team: web}
        annotations: {summary: "{{ $value | humanizePercentage }} of {{ $labels.job }} on {{ $labels.instance }} fail"}
      - alert: ErrorsHigh
        expr: job:errors:ratio5m{env!="test"} > 0.1
        for: 1h30m
        labels: {severity: critical, team: web}
      - alert: NodeDown
        expr: |
          # Nodes, with their names.
          up{job="node"} * on (instance) group_left (nodename) node_uname_info == 0
            unless on (instance) maintenance{a="b#c"}
        annotations: {description: "{{ if $labels.nodename }}{{ $labels.nodename }}{{ end }} is down"}
      - alert: Watchdog
        expr: vector(1)
      - alert: MetricGone
        expr: absent(up{job="a|b", instance=~".+"}) or absent_over_time(down[5m] offset 1h)
        annotations: {message: "No `up` for <job> | {{ $labels.job }} [here] *now*"}
      - alert: SlowRequests99th+Percentile
        expr: histogram_quantile(0.99, sum by (le, route) (rate(seconds_bucket{route!~"/x.*"}[10m]))) > 1e-1
        annotations: {summary: "Over 90 percent of requests are slow."}
      - alert: Disk is full
        expr: 10 > min_over_time((free{fstype="ext4"} / size)[1h:5m])
        annotations: {summary: "{{ $labels.mountpoint }} is full"}
      - alert: renamed_labels
        expr: label_replace(a, "pod", "$1", "pod_name", "(.*)") > 2 and on (pod) b < -3
        annotations: {summary: "{{ $labels.pod }}"}
      - alert: Quoted-Names
        expr: '{"some.metric", "a.label"="x"} > 1'
        annotations: {summary: "{{ $labels.pod }}"}
      - alert: Alternatives
        expr: 'm{a="b" or c="d"} >= bool 1 == 1'
        annotations: {summary: "{{ $labels.pod }}"}
      - alert: "a`b|c"
        expr: n > 1
      - alert: "`Ticks`"
        expr: n > 2
      - alert: Disk, or network
        expr: n > 3
      - alert: "🔥 Fire."
        expr: n > 4
      - alert: Yes
        expr: count without (pod) (sum(a) by (pod, zone)) != 3
"#;

/// A site with the sample's rules and unusual ones, whose addresses lead to the sample's pages.
fn site() -> Site {
    let site = Site::new(&[
        (
            "alertbook.yaml",
            "title: Runbooks\nrules: ['rules/*']\nplaceholders:\n  workerID: {label: workerID}\n",
        ),
        ("rules/unusual.yaml", UNUSUAL),
    ]);
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/rules");
    for entry in fs::read_dir(rules).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let lines = text.lines().filter(|line| !line.trim().starts_with("runbook_url:"));
        let text = lines.collect::<Vec<_>>().join("\n");
        site.write(&format!("rules/{}", entry.file_name().to_str().unwrap()), &text);
    }
    site
}

/// The alerts that rules raise.
fn alerts(checked: &Checked) -> Vec<String> {
    let raised = checked.site.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
    let names: Vec<String> = raised.map(|(name, _)| name.clone()).collect();
    assert!(names.len() > 25, "{names:?}");
    names
}

/// Nothing is found, and every alert has a place to start at, in a section of its own.
fn assert_documented(checked: &Checked, by_rows: bool) {
    let found = alertbook::diag::text::render(&checked.report, Style::default());
    assert!(checked.report.entries().is_empty(), "{found}");
    for (name, alert) in checked.site.alerts.iter() {
        assert_eq!(alert.claims.len(), usize::from(by_rows), "{name}");
        let start = alert.start.as_ref().unwrap();
        let page = &checked.site.pages[start.page];
        let heading = page.heading_with_id(start.fragment.as_ref().unwrap()).unwrap();
        assert_eq!(page.runbook.headings[heading].text, *name);
    }
}

#[test]
fn each_page_is_as_the_checks_want_it() {
    let site = site();
    let checked = site.check();
    for name in alerts(&checked) {
        let recorded = RecordedLabels::new(&checked.site);
        let scaffold = Scaffold::new(&checked.site, &recorded, &name).unwrap();
        let place = site.path().join("content").join(scaffold.file_name());
        assert!(!place.exists(), "{}", place.display());
        fs::write(place, scaffold.page()).unwrap();
    }
    assert_documented(&site.check(), true);
}

#[test]
fn each_section_fits_the_page_it_is_added_to() {
    for (page, by_rows) in [
        (
            "---\ntitle: All\n---\n\nAlert | Start\n--|--\n`Watchdog2` | [see](#a)\n\n### A\n\nText.",
            true,
        ),
        (
            "---\ntitle: All\n---\n\n| Start | Alert_Situation |\n|--\n| x | `Watchdog2` |\n{: .x}\n\n## Watchdog\n",
            true,
        ),
        ("---\r\ntitle: All\r\n---\r\n\r\n# All\r\n", false),
    ] {
        let site = site();
        let rule = "groups: [{name: x, rules: [{alert: Watchdog2, expr: vector(1)}]}]\n";
        if by_rows {
            site.write("rules/x.yaml", rule);
        }
        site.write("content/all.md", page);
        let mut checked = site.check();
        for name in alerts(&checked).into_iter().filter(|name| name != "Watchdog2") {
            let before = site.text("content/all.md");
            let recorded = RecordedLabels::new(&checked.site);
            let scaffold = Scaffold::new(&checked.site, &recorded, &name).unwrap();
            let runbook = &checked.site.pages[0].runbook;
            let extended = scaffold.appended_to(runbook, &before);
            assert_eq!(extended.has_row, by_rows, "{name}\n{before}");
            assert!(!page.contains('\r') || !extended.text.replace("\r\n", "").contains('\n'));
            // All that was there is there still, in its order.
            let mut lines = extended.text.lines();
            assert!(before.lines().all(|old| lines.any(|line| line == old)), "{name}");
            site.write("content/all.md", &extended.text);
            checked = site.check();
        }
        let found = alertbook::diag::text::render(&checked.report, Style::default());
        assert!(checked.report.entries().is_empty(), "{found}");
        let starts = checked.site.alerts.values().map(|alert| alert.start.as_ref().unwrap());
        let sections = starts.filter(|start| start.fragment.is_some()).count();
        assert!(sections + 1 >= checked.site.alerts.len(), "{sections}");
    }
}
