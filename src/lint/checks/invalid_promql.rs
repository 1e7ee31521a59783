//! A rule's expression, or a query that a runbook declares as PromQL, can't be parsed.
//!
//! Prometheus would refuse it: the rule file would not load, and whoever copies the query from the
//! runbook gets an error instead of an answer. Placeholders in runbooks are no fault.

use super::Check;
use crate::diag::{Diagnostic, Severity};
use crate::promql::{self, SyntaxError};
use crate::rules::RuleFile;
use crate::site::Site;
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "invalid-promql", severity: Severity::Error, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in site.rule_files.iter().flat_map(RuleFile::rules) {
        if let Err(error) = promql::parse(rule.expr.as_str()) {
            let diagnostic = diagnostic(rule.expr.span_of(error.range.clone()), &error);
            found.push(match rule.alert_name() {
                Some(alert) => diagnostic.with_alert(alert.as_str()),
                None => diagnostic,
            });
        }
    }
    for page in &site.pages {
        let queries = page.runbook.snippets.iter().flat_map(|snippet| &snippet.queries);
        let faulty = queries.filter_map(|query| query.error.as_ref());
        found.extend(faulty.map(|(error, span)| diagnostic(span.clone(), error)));
    }
    found
}

fn diagnostic(span: Span, error: &SyntaxError) -> Diagnostic {
    let diagnostic = Diagnostic::new(CHECK.name, span, error.message.clone());
    match &error.help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}
