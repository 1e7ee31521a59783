//! `annotate`: what Prometheus makes of the links that it writes.

use crate::server::Prometheus;
use crate::site::Site;
use serde_json::json;

#[test]
fn labels_and_the_carrier_arrive_in_the_link() {
    let site = Site::new(&[
        (
            "alertbook.yaml",
            "title: T\nbase_url: https://runbooks.example.com\nrules: [rules/*.yaml]\n\
             carriers: {url: 'http://x/{carrier}', names: [prod/carrier3], external_label: cluster}\n",
        ),
        (
            "content/worker.md",
            "---\ntitle: T\nalerts: [\"Worker+Down\"]\n---\n\nRun `kubectl drain <worker ID>` now.\n",
        ),
        (
            "rules/worker.yaml",
            "groups:\n- name: a\n  rules:\n  - alert: Worker+Down\n    expr: |\n      \
             label_replace(vector(1), \"worker_id\", \"a b/\u{fc}&c=%\", \"\", \"\")\n    \
             annotations: {summary: \"{{ $labels.worker_id }}\"}\n",
        ),
    ]);
    let ended = site.run(&["annotate", "--write"], &[]);
    assert_eq!(ended.status, 0, "{}", ended.printed);
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::configured(
        folder.path(),
        &json!({
            "global": {"evaluation_interval": "1s", "external_labels": {"cluster": "prod/carrier3"}},
            "rule_files": [site.path().join("rules/worker.yaml")],
        }),
    );
    assert_eq!(
        prometheus.firing()["annotations"]["runbook_url"],
        "https://runbooks.example.com/alerts/Worker+Down/?worker_id=a+b%2F%C3%BC%26c%3D%25&carrier=prod%2Fcarrier3"
    );
}
