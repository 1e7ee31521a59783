//! A site in the habit of the Prometheus operator's runbooks: a file for each alert, named after it,
//! with its name in words as the title and as it is as the heading; rules whose addresses are in
//! small letters, as Hugo publishes them. The numbers are those of kube-prometheus: 125 alerts, some
//! in two rules, 26 of them without a page, and 9 pages for alerts that no rule has.

#[path = "support/site.rs"]
mod site;

use alertbook::pipeline::Checked;
use site::Site;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const COMPONENTS: [(&str, &str); 5] = [
    ("kubernetes", "Kube"),
    ("node", "Node"),
    ("prometheus", "Prometheus"),
    ("alertmanager", "Alertmanager"),
    ("etcd", "etcd"),
];

const THINGS: [&str; 9] =
    ["Pod", "CPUQuota", "Disk", "API", "Config", "Remote", "TSDBReload", "RAID", "Queue"];

const FAULTS: [&str; 3] = ["Failing", "AlmostFull", "Down"];

const ALERTS: usize = 125;
const UNDOCUMENTED: usize = 26;
const ORPHANS: usize = 9;

/// So many of those lie in a folder of their own, none of whose alerts any rule has: that of a component
/// that is not watched any more.
const APART: usize = 7;

/// The folder of a page, and the name of its alert.
type Place = (String, String);

/// The places of the alerts, and of alerts that no rule has.
fn names() -> (Vec<Place>, Vec<Place>) {
    let mut all = Vec::new();
    for fault in FAULTS {
        for thing in THINGS {
            for (folder, prefix) in COMPONENTS {
                all.push((folder.to_owned(), format!("{prefix}{thing}{fault}")));
            }
        }
    }
    assert!(all.len() >= ALERTS + ORPHANS, "{}", all.len());
    let mut orphans = all.split_off(ALERTS);
    orphans.truncate(ORPHANS - APART);
    let apart = THINGS[..APART].iter().map(|thing| format!("Ingress{thing}Down"));
    orphans.extend(apart.map(|name| ("ingress".to_owned(), name)));
    (all, orphans)
}

/// `Kube CPU Quota Almost Full` of `KubeCPUQuotaAlmostFull`.
fn in_words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let behind_small = index > 0 && letters[index - 1].is_lowercase();
        let before_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if index > 0 && letter.is_uppercase() && (behind_small || before_small) {
            words.push(' ');
        }
        words.push(*letter);
    }
    words
}

/// A page for an alert, in one of the ways in which the operator's runbooks are written.
fn page(index: usize, name: &str) -> String {
    let (title, heading) = match index % 5 {
        0 => (name.to_owned(), name.to_owned()),
        1 => (in_words(name), in_words(name)),
        _ => (in_words(name), name.to_owned()),
    };
    format!(
        "---\ntitle: {title}\nweight: 20\n---\n\n# {heading}\n\n## Meaning\n\nIt fires.\n\n\
         ## Mitigation\n\n- Check it via `kubectl -n $NAMESPACE get pod $POD`.\n"
    )
}

/// The alerts that a check has findings about.
fn alerts(checked: &Checked, check: &str) -> BTreeSet<String> {
    let found = checked.report.entries().iter().filter(|(_, found)| found.check == check);
    found.map(|(_, found)| found.alert.clone().expect("an alert")).collect()
}

#[test]
fn exactly_what_is_missing_on_either_side_is_reported() {
    let (raised, orphans) = names();
    let site = Site::new(&[(
        "alertbook.yaml",
        "title: Runbooks\nbase_url: https://runbooks.example.com/\nrules: [\"rules/*.yaml\"]\n",
    )]);
    let mut rules = String::from(
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: all}\n\
         spec:\n  groups:\n  - name: all\n    rules:\n",
    );
    for (index, (folder, name)) in raised.iter().enumerate() {
        for severity in ["warning", "critical"].iter().take(1 + usize::from(index % 9 == 0)) {
            let _ = write!(
                rules,
                "    - alert: {name}\n      expr: up{{x=\"{index}\"}} == 0\n      \
                 labels: {{severity: {severity}}}\n      annotations:\n        \
                 runbook_url: https://runbooks.example.com/runbooks/{folder}/{}\n",
                name.to_lowercase()
            );
        }
    }
    site.write("rules/all.yaml", &rules);
    let documented = &raised[UNDOCUMENTED..];
    for (index, (folder, name)) in documented.iter().chain(&orphans).enumerate() {
        site.write(&format!("content/runbooks/{folder}/{name}.md"), &page(index, name));
    }
    for (folder, _) in COMPONENTS {
        let section = format!("---\ntitle: {folder}\nbookCollapseSection: true\nweight: 10\n---\n");
        site.write(&format!("content/runbooks/{folder}/_index.md"), &section);
    }
    let adding =
        "---\ntitle: Add Runbook\nmenu:\n  after:\n    weight: -100\n---\n\n# Adding new runbook\n";
    site.write("content/docs/add-runbook.md", adding);
    site.write("content/README.md", "---\ntitle: README\n---\n\n# Runbooks\n");
    site.write("content/docs/overview.md", "---\ntitle: Overview\n---\n\n# Overview\n");
    // Pages for people, named after their titles, wherever they lie.
    for (path, title) in [
        ("runbooks/general/Escalation", "Escalation"),
        ("runbooks/node/OnCall", "On Call"),
        ("runbooks/node/PagerDuty", "PagerDuty"),
        ("Postmortems", "Postmortems"),
        ("GettingStarted", "Getting Started"),
    ] {
        let text = format!("---\ntitle: {title}\n---\n\n# {title}\n\n## Whom to call\n\nUs.\n");
        site.write(&format!("content/{path}.md"), &text);
    }
    // Pages about what is watched have the sections of an alert's here and there.
    for (path, title) in [
        ("services/postgresql", "PostgreSQL"),
        ("services/RabbitMQ", "RabbitMQ"),
        ("services/queues", "Queues"),
        ("services/kafka", "Kafka"),
    ] {
        let text = format!(
            "---\ntitle: {title}\n---\n\n# {title}\n\n## Meaning\n\nIt is.\n\n## Mitigation\n\nUs.\n"
        );
        site.write(&format!("content/{path}.md"), &text);
    }

    let checked = site.check();
    let names = |list: &[Place]| -> BTreeSet<String> {
        list.iter().map(|(_, name)| name.clone()).collect()
    };
    let found = |check| alerts(&checked, check);
    assert_eq!(found("unknown-alert"), names(&orphans));
    assert_eq!(found("undocumented-alert"), names(&raised[..UNDOCUMENTED]));
    assert_eq!(found("runbook-url-broken"), names(&raised[..UNDOCUMENTED]));
    let others: BTreeSet<&str> = checked
        .report
        .entries()
        .iter()
        .map(|(_, found)| found.check)
        .filter(|check| {
            !["unknown-alert", "undocumented-alert", "runbook-url-broken"].contains(check)
        })
        .collect();
    assert_eq!(others, BTreeSet::new());
}
