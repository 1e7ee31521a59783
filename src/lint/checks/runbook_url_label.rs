//! A rule's runbook address passes a label that is not there, or one that is not escaped.
//!
//! A label in the address fills the placeholders of the runbook: `?pod={{ $labels.pod | urlquery }}`.
//! `$labels` holds what the expression yields. A label that `sum by (node)` has dropped is empty
//! there, as is `alertname`, and so are the labels that the rule itself sets. What is not passed
//! through `urlquery` breaks the address at the first `&`, `#` or `+` in a value.
//!
//! Reported is only what is certainly not there: what a metric has by itself is unknown, so only
//! aggregations, `on` and `ignoring`, `absent`, `vector` and the like say anything; and the recording
//! rules of the site, whose labels are known. Addresses outside of the site are left alone.
//!
//! # Example
//!
//! ```yaml
//! - alert: WorkerLost
//!   expr: sum by (node) (worker_lost) > 1
//!   annotations:
//!     runbook_url: https://runbooks.example.com/workers.html?zone={{ $labels.zone | urlquery }}
//! ```
//!
//! The sum has no `zone`, so the address ends in `?zone=`.
//!
//! # To fix it
//!
//! Keep the label in the expression, or take it out of the address; and write `| urlquery` behind
//! it.

use super::{Check, InRuleFile, InSite, Needs, Run};
use crate::diag::suggest::nearest;
use crate::diag::wording::joined;
use crate::diag::{Diagnostic, Severity};
use crate::lint::runbook_url::RunbookUrl;
use crate::promql::Labels;
use crate::rules::Rule;
use crate::rules::template::{self, Action};
use crate::site::{RecordedLabels, Site};
use std::sync::OnceLock;

pub const CHECK: Check = Check {
    name: "runbook-url-label",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::RuleFiles(run),
};

fn run(site: &Site) -> InRuleFile<'_> {
    // Hardly any site without templates in its addresses has to know.
    let recorded = OnceLock::new();
    Box::new(move |open| {
        let recorded = |metric: &str| recorded.get_or_init(|| RecordedLabels::new(site)).of(metric);
        let found = open.urls().iter().flat_map(|url| check(&recorded, url)).collect();
        InSite { found, ..InSite::default() }
    })
}

fn check(recorded: &dyn Fn(&str) -> Option<Labels>, url: &RunbookUrl<'_>) -> Vec<Diagnostic> {
    let actions = template::actions(url.text.as_str());
    // What is put in only where it is there needs no finding.
    let is_read = !actions.is_empty() && !actions.iter().any(|action| action.is_control);
    if !is_read || url.within.is_none() {
        return Vec::new();
    }
    let Some(tree) = url.rule.tree() else { return Vec::new() };
    let labels = tree.labels(recorded);
    let mut found = Vec::new();
    for action in &actions {
        let missing = action.labels.iter().find_map(|(label, range)| {
            let why = missing(url.rule, &labels, label)?;
            let message = format!(
                "the `{}` of the alert `{}` passes `{label}`, which is empty: {}",
                url.key, url.alert, why.0
            );
            let one = Diagnostic::new(CHECK.name, url.text.span_of(range.clone()), message)
                .with_alert(url.alert)
                .with_help(why.1)
                .with_related(url.rule.expr.span().clone(), "the expression");
            Some(one)
        });
        found.extend(missing.or_else(|| unescaped(url, action)));
    }
    found
}

/// Why a label is certainly not in `$labels`, and what to do about it.
fn missing(rule: &Rule, labels: &Labels, label: &str) -> Option<(String, String)> {
    let expr = rule.expr.as_str();
    let is_mentioned = expr.contains(label);
    if label == "alertname" && !is_mentioned && !expr.contains("ALERTS") {
        let name = rule.name();
        return Some((
            "`$labels` has no name of the alert".to_owned(),
            format!("write `{name}` in its place"),
        ));
    }
    if !labels.may_have(label) {
        let why = "its expression yields no such label".to_owned();
        let help = match labels {
            Labels::Only(known) if known.is_empty() => "it yields no labels at all".to_owned(),
            Labels::Only(known) => nearest(label, known.iter().map(String::as_str)).map_or_else(
                || {
                    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
                    format!("it yields {}", joined(&known))
                },
                |near| format!("did you mean `{near}`?"),
            ),
            Labels::AnyBut(_) => "keep the label in the expression, or take it out here".to_owned(),
        };
        return Some((why, help));
    }
    let own = rule.label(label).filter(|_| !is_mentioned)?;
    let help = if own.as_str().contains("{{") {
        "take it out of the address".to_owned()
    } else {
        format!("write `{own}` in its place")
    };
    Some(("the rule sets it itself, and `$labels` has those of its expression".to_owned(), help))
}

/// A value in the query string that is put in as it is.
fn unescaped(url: &RunbookUrl<'_>, action: &Action) -> Option<Diagnostic> {
    let text = url.text.as_str();
    let is_open = action.reads_value || !action.labels.is_empty();
    // Templates hold marks of addresses themselves; masked, they do not.
    let lead = text.len() - text.trim_start().len();
    let at = action.range.start.checked_sub(lead)?;
    let before = url.address.get(..at)?;
    let is_in_query = before.contains('?') && !before.contains('#');
    if !is_open || action.is_escaped || !is_in_query {
        return None;
    }
    let inner = text[action.range.clone()].trim_matches(['{', '}', '-', ' ']);
    let message = format!(
        "the `{}` of the alert `{}` passes `{inner}` without `urlquery`",
        url.key, url.alert
    );
    Some(
        Diagnostic::new(CHECK.name, url.text.span_of(action.range.clone()), message)
            .with_alert(url.alert)
            .with_label("a `&` or `+` in the value breaks the address")
            .with_help(format!("write `{{{{ {inner} | urlquery }}}}`")),
    )
}
