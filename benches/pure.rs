//! Times the hot pure functions on the sample site's own files: `cargo bench`.

use alertbook::config::Tab;
use alertbook::lang::promql::evident;
use alertbook::liquid::SiteVariables;
use alertbook::promui::prometheus;
use alertbook::runbook::{AlertColumns, Runbook};
use alertbook::source::Source;
use alertbook::{promql, rules};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const RUNBOOK: &str = include_str!("../content/armada/armada-bootstrap-failures.md");
const RULES: &str = include_str!("../content/rules/armada-bootstrap.yaml");
const QUERY: &str = r#"count by (machineTypeID) (count by (workerID, machineTypeID) (changes(bootstrap_failed_job_state_count{state="bootstrap_failed_job_complete",machineTypeID!=""}[5h]) > 0)) > 20"#;

/// Code spans as runbooks have them: most are no queries, and that must be cheap to see.
const CODE_SPANS: [&str; 8] = [
    "kubectl get pods -n kubx-masters",
    "armada-bootstrap-73533964-f5w66",
    "kube-system",
    "bootstrap_request_handler_state_count",
    "/etc/kubernetes/kubelet.conf",
    "app_failures_total{workerID=\"*workerID*\"} > 0",
    "cat /var/log/<workerID>_<attempt>",
    "systemctl restart kubelet",
];

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let runbook = Source::new("armada-bootstrap-failures.md", RUNBOOK);
    group.throughput(Throughput::Bytes(RUNBOOK.len() as u64));
    group.bench_function("runbook", |bencher| {
        let (variables, columns) = (SiteVariables::default(), AlertColumns::default());
        bencher.iter(|| Runbook::read(black_box(&runbook), &variables, &columns));
    });
    let rule_file = Source::new("armada-bootstrap.yaml", RULES);
    group.throughput(Throughput::Bytes(RULES.len() as u64));
    group.bench_function("rules", |bencher| bencher.iter(|| rules::parse(black_box(&rule_file))));
    group.finish();
}

fn query(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("query");
    group.bench_function("parse", |bencher| bencher.iter(|| promql::parse(black_box(QUERY))));
    group.bench_function("tokens", |bencher| {
        bencher.iter(|| promql::tokens(black_box(QUERY), &[]));
    });
    group.bench_function("link", |bencher| {
        let base = "https://example.com/prometheus";
        bencher.iter(|| prometheus::link(black_box(base), black_box(QUERY), Tab::Graph));
    });
    group.bench_function("eight code spans", |bencher| {
        bencher.iter(|| CODE_SPANS.map(|text| evident(black_box(text))));
    });
    group.finish();
}

criterion_group!(benches, read, query);
criterion_main!(benches);
