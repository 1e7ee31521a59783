//! A query uses a metric that looks like a recording rule's, and no rule records it.
//!
//! Names with a colon are made by recording rules. When such a rule is renamed or dropped, queries
//! that use it answer nothing, and an alert that uses it never fires again.
//!
//! Looked at are the queries of runbooks and the expressions of rules. Since rules may be recorded
//! elsewhere, a name is told only if the inventory of metrics does not have it; or, without one, if
//! the site records another name of the same metric (`job:disk_free:ratio`), or one that differs by a slip
//! or a number. A common beginning says little: rules of all origins share it. Rule files that are still to be
//! rendered may record what they mention.
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
use crate::diag::suggest::{KnownNames, Spelling};
use crate::diag::{Diagnostic, Severity};
use crate::lint::metric_names::{Use, used_in_page, used_in_rules};
use crate::site::Site;
use std::collections::BTreeSet;
use std::sync::OnceLock;

pub const CHECK: Check = Check {
    name: "unknown-recording-rule",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::RulesAndPages(run, in_pages),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let recorded = Recorded::new(site);
    let unknown = used_in_rules(site, may_name, |name| recorded.lacks(name));
    unknown.into_iter().map(|one| diagnostic(one, &recorded)).collect()
}

fn in_pages(site: &Site) -> InPage<'_> {
    // The pages of many a site name nothing that is recorded.
    let recorded = OnceLock::new();
    Box::new(move |open| {
        let recorded = || recorded.get_or_init(|| Recorded::new(site));
        let unknown = used_in_page(open.page(), may_name, |name| recorded().lacks(name));
        unknown.into_iter().map(|one| diagnostic(one, recorded())).collect()
    })
}

/// Whether an expression may name what a recording rule records, which has a colon in its name. Most have
/// none anywhere, and need not be taken apart.
fn may_name(expression: &str) -> bool {
    memchr::memchr(b':', expression.as_bytes()).is_some()
}

/// What recording rules record.
struct Recorded<'s> {
    names: BTreeSet<&'s str>,
    /// The metrics in those names.
    own: BTreeSet<&'s str>,
    /// The names as they are compared for slips.
    unnumbered: OnceLock<Vec<Spelling>>,
    /// The names as they are compared for what was meant.
    known: OnceLock<KnownNames<&'s str>>,
    /// The files that are still to be rendered.
    unrendered: Vec<&'s str>,
    /// Whether one of them records names that are made then.
    records_templates: OnceLock<bool>,
    inventory: Option<&'s BTreeSet<String>>,
}

impl<'s> Recorded<'s> {
    fn new(site: &'s Site) -> Self {
        let rules = site.rules().filter(|rule| rule.alert_name().is_none());
        let names: BTreeSet<&str> = rules.map(|rule| rule.name().as_str()).collect();
        let own = names.iter().filter_map(|name| own_metric(name)).collect();
        let unrendered = site.rule_files.iter().filter(|file| file.is_unrendered);
        Self {
            names,
            own,
            unnumbered: OnceLock::new(),
            known: OnceLock::new(),
            unrendered: unrendered.map(|file| file.source.text()).collect(),
            records_templates: OnceLock::new(),
            inventory: site.metrics.as_deref(),
        }
    }

    /// Whether a name is one that a recording rule would have to record, and none does.
    fn lacks(&self, name: &str) -> bool {
        let is_known = || match self.inventory {
            _ if self.names.contains(name) || self.may_be_rendered(name) => true,
            Some(inventory) => inventory.contains(name),
            None => {
                own_metric(name).is_none_or(|metric| !self.own.contains(metric))
                    && !self.has_slip_of(name)
            }
        };
        name.contains(':') && !is_known()
    }

    /// Whether a file that is still to be rendered may record a name.
    fn may_be_rendered(&self, name: &str) -> bool {
        let has_template = || self.unrendered.iter().any(|text| records_a_template(text));
        *self.records_templates.get_or_init(has_template)
            || self.unrendered.iter().any(|text| text.contains(name))
    }

    /// Whether a name is a recorded one misspelt, or with another number in it: `rate10m` for `rate5m`. A
    /// family has members that are recorded elsewhere, `team:node:memory_used` beside
    /// `team:node:cpu_used`.
    fn has_slip_of(&self, name: &str) -> bool {
        const SLIPS: usize = 2;
        let without_numbers = |name: &str| {
            name.chars().filter(|it| !it.is_ascii_digit()).collect::<String>().to_lowercase()
        };
        let known = self.unnumbered.get_or_init(|| {
            let names: BTreeSet<String> =
                self.names.iter().map(|name| without_numbers(name)).collect();
            names.into_iter().map(Spelling::of).collect()
        });
        let name = Spelling::of(without_numbers(name));
        known.iter().any(|known| name.distance_within(known, SLIPS).is_some())
    }

    /// What was probably meant by a name that none records.
    fn did_you_mean(&self, name: &str) -> Option<String> {
        self.known.get_or_init(|| KnownNames::new(self.names.iter().copied())).did_you_mean(name)
    }
}

/// The part of a name, `level:metric:operations` by custom, that tells whose it is: the metric. Of `a:b`
/// the second part may as well be the operations, and of `team:node:cpu_used` the metric is the last.
fn own_metric(name: &str) -> Option<&str> {
    let mut parts = name.split(':').skip(1);
    let metric = parts.next().filter(|metric| !metric.is_empty() && !is_level(metric))?;
    parts.next().is_some().then_some(metric)
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
    let help = recorded.did_you_mean(&name);
    let mut found =
        Diagnostic::new(CHECK.name, span, message).with_help(help.unwrap_or_else(|| {
            "write the name that a recording rule has, or add the rule".to_owned()
        }));
    found.alert = alert;
    found
}
