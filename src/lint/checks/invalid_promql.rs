//! A rule's expression, or a query that a runbook declares as PromQL, can't be parsed.
//!
//! Prometheus would refuse it: the rule file would not load, and whoever copies the query from the
//! runbook gets an error instead of an answer. Placeholders in runbooks are no fault, and neither are
//! rules in another language: `LogQL`, and what a group of vmalert says to be of Graphite or of logs.
//!
//! # Example
//!
//! ```yaml
//! - alert: DiskFull
//!   expr: sum by (instance (disk_free) < 1
//! ```
//!
//! # To fix it
//!
//! Mend the query where the marks are. A fence that holds something else needs another language than
//! `promql`.

use super::{Check, InPage, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::promql::SyntaxError;
use crate::rules::Rule;
use crate::runbook::Query;
use crate::site::Site;
use crate::source::Span;
use crate::yaml::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub const CHECK: Check = Check {
    name: "invalid-promql",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::RulesAndPages(run, in_pages),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    // Runbooks show the expressions of rules, and those have been parsed.
    let snippets = site.pages.par_iter().flat_map_iter(|page| &page.runbook.snippets);
    let queries = snippets.flat_map_iter(|snippet| &snippet.queries);
    let shown: FxHashMap<&str, &Query> = queries.map(|query| (query.text(), query)).collect();
    let in_rule = |rule: &Rule| {
        let expr = &rule.expr;
        let is_shown = shown.get(expr.as_str()).is_some_and(|query| query.is_whole());
        if is_shown || !rule.is_promql {
            return None;
        }
        let error = rule.query().err()?;
        let mut diagnostic = diagnostic(error, expr.span_of(error.range.clone()));
        diagnostic.alert = rule.alert_name().map(Text::to_string);
        Some(diagnostic)
    };
    let rendered = site.rule_files.par_iter().filter(|file| !file.is_unrendered);
    rendered.flat_map_iter(|file| file.rules().filter_map(in_rule)).collect()
}

fn in_pages(_: &Site) -> InPage<'_> {
    Box::new(|open| {
        let snippets = &open.page().runbook.snippets;
        let queries = snippets.iter().flat_map(|snippet| &snippet.queries);
        let faults = queries.filter_map(|query| query.error.as_deref());
        faults.map(|(error, span)| diagnostic(error, span.clone())).collect()
    })
}

fn diagnostic(error: &SyntaxError, span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(CHECK.name, span, error.message.clone());
    diagnostic.help.clone_from(&error.help);
    diagnostic
}
