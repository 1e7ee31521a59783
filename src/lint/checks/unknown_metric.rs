//! A query of a runbook asks for a metric that neither a rule nor the inventory knows.
//!
//! It answers nothing, and whoever runs it takes that for good news.
//!
//! The inventory is a text file with the name of a metric in each line, `metrics: metrics.txt` in
//! `alertbook.yaml`; `alertbook metrics --from URL` writes it from a Prometheus. Without one the
//! check is silent. Metrics that an alerting rule uses are known, and so are those that a recording
//! rule makes and those that Prometheus itself makes, such as `up` and `ALERTS`. Names that stand
//! for any metric (`METRIC_NAME`, `my_metric`, `foo_total`) are passed over.
//!
//! # Example
//!
//! ````markdown
//! ```promql
//! node_filesystem_avail_byte{mountpoint="/"} < 1e9
//! ```
//! ````
//!
//! # To fix it
//!
//! Write the name that the metric has now. If it is a new one, bring the inventory up to date.

use super::{Check, InPage, Needs, Run};
use crate::diag::suggest::KnownNames;
use crate::diag::{Diagnostic, Severity};
use crate::lint::metric_names::{Use, used_in_page};
use crate::site::Site;
use std::collections::BTreeSet;
use std::sync::OnceLock;

pub const CHECK: Check = Check {
    name: "unknown-metric",
    severity: Severity::Warning,
    needs: Needs::Inventory,
    run: Run::Pages(run),
};

/// What every Prometheus makes by itself.
const OWN: [&str; 9] = [
    "ALERTS",
    "ALERTS_FOR_STATE",
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_timeout_seconds",
    "scrape_sample_limit",
];

fn run(site: &Site) -> InPage<'_> {
    let Some(inventory) = &site.metrics else { return Box::new(|_| Vec::new()) };
    // All expressions have to be read for it; not at each save of a page that names nothing new.
    let in_rules = OnceLock::new();
    let known = OnceLock::new();
    Box::new(move |open| {
        let in_rules = || in_rules.get_or_init(|| metrics_in_rules(site));
        let unknown = used_in_page(
            open.page(),
            |_| true,
            |name| {
                let is_known = inventory.contains(name) || OWN.contains(&name) || is_stand_in(name);
                !name.contains(':') && !is_known && !in_rules().contains(name)
            },
        );
        let known = || {
            known.get_or_init(|| {
                let others = in_rules().iter().filter(|name| !inventory.contains(*name));
                KnownNames::new(inventory.iter().chain(others).cloned())
            })
        };
        let found = unknown.into_iter().map(|Use { name, span, .. }| {
            let message = format!("nothing exports the metric `{name}`");
            let help = known().did_you_mean(&name);
            Diagnostic::new(CHECK.name, span, message)
                .with_label("in no rule and not in the inventory")
                .with_help(help.unwrap_or_else(|| {
                    "`alertbook metrics` brings the inventory up to date".to_owned()
                }))
        });
        found.collect()
    })
}

/// The metrics that the expressions of rules ask for, and what recording rules record.
fn metrics_in_rules(site: &Site) -> BTreeSet<String> {
    let mut in_rules = BTreeSet::new();
    for rule in site.rules() {
        in_rules.extend(rule.query().iter().flat_map(|query| query.metrics.iter().cloned()));
        if rule.alert_name().is_none() {
            in_rules.insert(rule.name().as_str().to_owned());
        }
    }
    in_rules
}

/// Whether a name stands for that of any metric.
fn is_stand_in(name: &str) -> bool {
    #[rustfmt::skip]
    const STAND_INS: [&str; 14] = [
        "bar", "baz", "dummy", "example", "foo", "metric", "metrics", "my", "placeholder", "qux",
        "sample", "some", "xyz", "your",
    ];
    #[rustfmt::skip]
    const BESIDE_THEM: [&str; 21] = [
        "a", "another", "any", "b", "bucket", "bytes", "count", "counter", "gauge", "histogram",
        "info", "name", "one", "other", "seconds", "sum", "summary", "the", "this", "total", "two",
    ];
    let lower = name.to_lowercase();
    let words = || lower.split('_').filter(|word| !word.is_empty());
    let is_capital = name.len() > 1 && !name.contains(|it: char| it.is_ascii_lowercase());
    is_capital
        || name.len() == 1
        || (words().any(|word| STAND_INS.contains(&word))
            && words().all(|word| STAND_INS.contains(&word) || BESIDE_THEM.contains(&word)))
}
