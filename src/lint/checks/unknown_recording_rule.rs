//! A query uses a metric that looks like a recording rule's, and no rule records it.
//!
//! Names with a colon are made by recording rules. When such a rule is renamed or dropped, queries
//! that use it answer nothing, and an alert that uses it never fires again.
//!
//! Looked at are the queries of runbooks and the expressions of rules. Since rules may be recorded
//! elsewhere, a name is told only if the inventory of metrics does not have it; or, without one, if
//! the site records a name whose level and metric are nearly the same, one of the same metric, or one with the same
//! first part, unless that is the labels of a level (`instance:`, `cluster_namespace:`), which rules
//! of all origins share. Rule files that are still to be rendered may record what they mention.
//!
//! # Example
//!
//! ```yaml
//! - record: node:disk_free:ratio
//!   expr: disk_free / disk_size
//! - alert: DiskFull
//!   expr: node:disk_free:rate < 0.1
//! ```
//!
//! # To fix it
//!
//! Write the name that the rule has now, or add the rule.

use super::{Check, InPage, Needs, Run};
use crate::diag::suggest::{did_you_mean, nearest};
use crate::diag::{Diagnostic, Severity};
use crate::lint::metric_names::{Use, used_in_page, used_in_rules};
use crate::site::Site;
use std::collections::BTreeSet;

pub const CHECK: Check = Check {
    name: "unknown-recording-rule",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Both(run, in_pages),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let recorded = Recorded::new(site);
    let unknown = used_in_rules(site, |name| recorded.lacks(name));
    unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
}

fn in_pages(site: &Site) -> InPage<'_> {
    let recorded = Recorded::new(site);
    Box::new(move |open| {
        let unknown = used_in_page(open.page(), |name| recorded.lacks(name));
        unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
    })
}

/// What recording rules record.
struct Recorded<'s> {
    names: BTreeSet<&'s str>,
    /// The parts of those names that tell whose they are.
    own: BTreeSet<&'s str>,
    /// The files that are still to be rendered.
    unrendered: Vec<&'s str>,
    inventory: Option<&'s BTreeSet<String>>,
}

impl<'s> Recorded<'s> {
    fn new(site: &'s Site) -> Self {
        let rules = site.rules().filter(|rule| rule.alert_name().is_none());
        let names: BTreeSet<&str> = rules.map(|rule| rule.name().as_str()).collect();
        let own = names.iter().flat_map(|name| own_parts(name)).collect();
        let unrendered = site.rule_files.iter().filter(|file| file.is_unrendered);
        let unrendered = unrendered.map(|file| file.source.text()).collect();
        Self { names, own, unrendered, inventory: site.metrics.as_deref() }
    }

    /// Whether a name is one that a recording rule would have to record, and none does.
    fn lacks(&self, name: &str) -> bool {
        let may_be_rendered =
            || self.unrendered.iter().any(|text| text.contains(name) || records_a_template(text));
        let is_known = || match self.inventory {
            _ if self.names.contains(name) || may_be_rendered() => true,
            Some(inventory) => inventory.contains(name),
            None => {
                own_parts(name).all(|part| !self.own.contains(part))
                    && nearest(name, self.names.iter().copied().filter(|it| are_akin(name, it)))
                        .is_none()
            }
        };
        name.contains(':') && !is_known()
    }
}

/// The parts of a name, `level:metric:operations` by custom, that tell whose it is: the metric, and
/// what stands before it if it is no level.
fn own_parts(name: &str) -> impl Iterator<Item = &str> {
    let mut parts = name.split(':');
    let level = parts.next().filter(|level| !level.is_empty() && !is_level(level));
    // Of `a:b` the second part may as well be the operations.
    let metric = parts.next().filter(|metric| !metric.is_empty() && parts.next().is_some());
    level.into_iter().chain(metric)
}

/// Whether two names are of nearly the same level and metric. The operations behind them are common to
/// rules of all origins, `rate5m` and `ratio_rate5m`.
fn are_akin(one: &str, other: &str) -> bool {
    let mut heads = one.split(':').zip(other.split(':')).take(2);
    heads.all(|(one, other)| one == other || nearest(one, [other]).is_some())
}

/// Whether the first part of a name is what rules aggregate to, in labels that all have.
fn is_level(part: &str) -> bool {
    #[rustfmt::skip]
    const LABELS: [&str; 42] = [
        "all", "cluster", "code", "component", "container", "controller", "daemonset", "dc",
        "deployment", "device", "endpoint", "env", "environment", "global", "group", "handler",
        "host", "instance", "job", "level", "machine", "method", "namespace", "node", "path", "pod",
        "queue", "region", "resource", "route", "service", "shard", "site", "statefulset", "status",
        "tenant", "topic", "user", "verb", "workload", "worker", "zone",
    ];
    part.split('_').all(|word| LABELS.contains(&word))
}

/// Whether a file that is still to be rendered records names that are made then.
fn records_a_template(text: &str) -> bool {
    let names = text.split("record").skip(1).map(|behind| {
        behind.trim_start_matches(['"', '\'', ' ']).strip_prefix(':').unwrap_or_default()
    });
    names
        .map(|behind| behind.lines().next().unwrap_or_default())
        .any(|name| ["{{", "{%", "<%", "%(", "${", " + "].iter().any(|mark| name.contains(mark)))
}

fn diagnostic(Use { name, span, alert }: Use, recorded: &Recorded<'_>) -> Diagnostic {
    let message = format!("no rule records `{name}`");
    let help = did_you_mean(&name, recorded.names.iter().copied());
    let mut found =
        Diagnostic::new(CHECK.name, span, message).with_help(help.unwrap_or_else(|| {
            "write the name that a recording rule has, or add the rule".to_owned()
        }));
    found.alert = alert;
    found
}
