//! Where queries name metrics: in runbooks and in rules.

use crate::promql::{self, TokenKind};
use crate::rules::RuleFile;
use crate::site::{Page, Site};
use crate::source::Span;
use rayon::prelude::*;
use std::ops::Range;

/// A metric that a query asks for.
pub(super) struct Use {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The alert whose rule uses it, if it is one.
    pub alert: Option<String>,
}

/// The metrics in the queries of a page that `wanted` is true of, which are in none that `may_name` is not
/// true of.
pub(super) fn used_in_page(
    page: &Page,
    may_name: impl Fn(&str) -> bool,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Use> {
    let queries = page.runbook.snippets.iter().flat_map(|snippet| &snippet.queries);
    let queries = queries.filter(|query| query.error.is_none() && may_name(query.text()));
    let uses = queries.flat_map(|query| {
        let holes: Vec<_> = query.placeholders.iter().map(|hole| hole.range.clone()).collect();
        let named = metrics(query.text(), &holes, &wanted).into_iter();
        named.map(|(name, range)| Use { name, span: query.span_of(range), alert: None })
    });
    uses.collect()
}

/// The metrics in the expressions of rules that `wanted` is true of, which are in none that `may_name` is
/// not true of.
pub(super) fn used_in_rules(
    site: &Site,
    may_name: impl Fn(&str) -> bool + Sync,
    wanted: impl Fn(&str) -> bool + Sync,
) -> Vec<Use> {
    let rules = site.rule_files.par_iter().flat_map_iter(|file| RuleFile::rules(file));
    let rules = rules.filter(|rule| may_name(rule.expr.as_str()));
    let in_rules = rules.flat_map_iter(|rule| {
        let named = metrics(rule.expr.as_str(), &[], &wanted).into_iter();
        named.map(|(name, range)| Use {
            name,
            span: rule.expr.span_of(range),
            alert: rule.alert_name().map(ToString::to_string),
        })
    });
    in_rules.collect()
}

/// The metrics that a query names, by places in its text. Names with a hole in them are not known
/// yet, and left out.
fn metrics(
    text: &str,
    holes: &[Range<usize>],
    wanted: &impl Fn(&str) -> bool,
) -> Vec<(String, Range<usize>)> {
    let tokens = promql::tokens(text, holes);
    let is_hole = |range: &Range<usize>| {
        holes.iter().any(|hole| hole.start <= range.end && hole.end >= range.start)
    };
    tokens
        .into_iter()
        .filter(|token| token.kind == TokenKind::Metric && !is_hole(&token.range))
        .filter_map(|token| {
            let name = text.get(token.range.clone())?;
            wanted(name).then(|| (name.to_owned(), token.range))
        })
        .collect()
}
