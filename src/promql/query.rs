//! A parsed query and what it asks for.

use super::holes;
use super::patterns::Patterns;
use super::scan::{Lexeme, LexemeKind};
use crate::source::MappedText;
use promql_parser::label::{METRIC_NAME, MatchOp, Matcher, Matchers};
use promql_parser::parser::{Expr, VectorSelector};
use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

/// A query: a PromQL expression in which every name still has its author's spelling.
#[derive(Debug, Clone)]
pub struct Query {
    pub(super) parsed: Parsed,
    /// What the author wrote in each hole, by its number.
    originals: Vec<String>,
    pub(super) ranges: RangesWritten,
}

/// What promql-parser made of a query, and the patterns that it was not shown.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub expression: Expr,
    pub patterns: Patterns,
    /// Whether Prometheus surely prints the query as it is written, white space aside.
    pub is_as_printed: bool,
}

/// How the ranges of a query are written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RangesWritten {
    /// One has a unit: `[5m]`.
    pub with_unit: bool,
    /// One is left open: `[<window>]`.
    pub with_hole: bool,
}

/// A name or value as the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The text, with placeholders as they stand in it.
    pub text: String,
    /// Whether a placeholder is part of it, so that it is not what it will be.
    pub has_hole: bool,
}

/// A metric with matchers, as it stands in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The metric, unless it is selected by labels alone.
    pub metric: Option<Spelling>,
    /// The matchers in braces, in their order.
    pub matchers: Vec<LabelMatcher>,
    /// The range in brackets of a range vector.
    pub range: Option<Duration>,
}

/// A condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelMatcher {
    /// The label.
    pub label: Spelling,
    /// How it is compared.
    pub operator: MatchOperator,
    /// What it is compared with.
    pub value: Spelling,
}

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOperator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Matches,
    /// `!~`
    NotMatches,
}

impl Query {
    pub(super) fn new(
        parsed: Parsed,
        text: &str,
        holes: &[Range<usize>],
        filled: &MappedText,
        lexemes: &[Lexeme],
    ) -> Self {
        let holes = holes::usable(text, holes);
        let mut ranges = RangesWritten::default();
        for pair in lexemes.windows(2) {
            // Nothing but a range or a subquery begins with a bracket and a duration.
            if let [bracket, duration] = pair
                && duration.kind == LexemeKind::Duration
                && filled.text().get(bracket.range.clone()) == Some("[")
            {
                let written = filled.to_source(duration.range.clone());
                let is_open =
                    holes.iter().any(|hole| hole.start < written.end && hole.end > written.start);
                ranges.with_hole |= is_open;
                ranges.with_unit |= !is_open;
            }
        }
        Self {
            parsed,
            originals: holes
                .iter()
                .map(|hole| text.get(hole.clone()).unwrap_or_default().to_owned())
                .collect(),
            ranges,
        }
    }

    /// The query as Prometheus prints it, as it does in the links of its alerts; dummies in the place
    /// of holes.
    pub fn printed(&self) -> String {
        self.parsed.patterns.restore(self.parsed.expression.to_string())
    }

    /// Every selector, in the order of the text.
    pub fn selectors(&self) -> Vec<Selector> {
        let mut selectors = Vec::new();
        walk(&self.parsed.expression, &mut |expression| match expression {
            Expr::VectorSelector(selector) => selectors.push(self.selector(selector, None)),
            Expr::MatrixSelector(range) => {
                selectors.push(self.selector(&range.vs, Some(range.range)));
            }
            _ => {}
        });
        selectors
    }

    /// The names of its metrics, each once, in the order of the text. Names that a placeholder is
    /// part of are not known yet, and left out.
    pub fn metrics(&self) -> Vec<String> {
        let mut metrics: Vec<String> = Vec::new();
        let mut add = |selector| {
            if let Some((name, false)) = self.name_of(selector)
                && metrics.iter().all(|known| *known != name)
            {
                metrics.push(name.into_owned());
            }
        };
        walk(&self.parsed.expression, &mut |expression| match expression {
            Expr::VectorSelector(selector) => add(selector),
            Expr::MatrixSelector(range) => add(&range.vs),
            _ => {}
        });
        metrics
    }

    /// The selector, if the query is one and nothing else: no range, no offset, no operator.
    pub fn sole_selector(&self) -> Option<Selector> {
        match &self.parsed.expression {
            Expr::VectorSelector(selector)
                if selector.offset.is_none() && selector.at.is_none() =>
            {
                Some(self.selector(selector, None))
            }
            _ => None,
        }
    }

    /// The name of the metric that is selected, and whether a placeholder is part of it.
    pub(super) fn name_of<'q>(&self, selector: &'q VectorSelector) -> Option<(Cow<'q, str>, bool)> {
        let is_name = |matcher: &&Matcher| {
            matcher.name == METRIC_NAME
                && matcher.op == MatchOp::Equal
                && self.parsed.patterns.behind(&matcher.value).is_none()
        };
        let Matchers { matchers, or_matchers } = &selector.matchers;
        let by_label = || matchers.iter().chain(or_matchers.iter().flatten()).rev().find(is_name);
        let name = selector.name.as_ref().or_else(|| by_label().map(|matcher| &matcher.value))?;
        Some(holes::restore(name, &self.originals))
    }

    fn selector(&self, selector: &VectorSelector, range: Option<Duration>) -> Selector {
        Selector {
            metric: self
                .name_of(selector)
                .map(|(text, has_hole)| Spelling { text: text.into_owned(), has_hole }),
            matchers: self.matchers(&selector.matchers),
            range,
        }
    }

    fn matchers(&self, matchers: &Matchers) -> Vec<LabelMatcher> {
        let alternatives = matchers.or_matchers.iter().flatten();
        matchers
            .matchers
            .iter()
            .chain(alternatives)
            .map(|matcher| {
                let (value, operator) =
                    match (self.parsed.patterns.behind(&matcher.value), &matcher.op) {
                        (Some((pattern, false)), _) => (pattern, MatchOperator::Matches),
                        (Some((pattern, true)), _) => (pattern, MatchOperator::NotMatches),
                        (None, MatchOp::Equal) => (matcher.value.as_str(), MatchOperator::Equal),
                        (None, MatchOp::NotEqual) => {
                            (matcher.value.as_str(), MatchOperator::NotEqual)
                        }
                        (None, MatchOp::Re(_)) => (matcher.value.as_str(), MatchOperator::Matches),
                        (None, MatchOp::NotRe(_)) => {
                            (matcher.value.as_str(), MatchOperator::NotMatches)
                        }
                    };
                LabelMatcher {
                    label: self.spelling(&matcher.name),
                    operator,
                    value: self.spelling(value),
                }
            })
            .collect()
    }

    fn spelling(&self, parsed: &str) -> Spelling {
        let (text, has_hole) = holes::restore(parsed, &self.originals);
        Spelling { text: text.into_owned(), has_hole }
    }
}

/// Shows each expression of a tree to `visit`, parents first, in the order of the text. The depth
/// of a tree is bounded when it is parsed.
pub(super) fn walk<'a>(expression: &'a Expr, visit: &mut impl FnMut(&'a Expr)) {
    visit(expression);
    match expression {
        Expr::Aggregate(aggregate) => {
            if let Some(parameter) = &aggregate.param {
                walk(parameter, visit);
            }
            walk(&aggregate.expr, visit);
        }
        Expr::Unary(unary) => walk(&unary.expr, visit),
        Expr::Binary(binary) => {
            walk(&binary.lhs, visit);
            walk(&binary.rhs, visit);
        }
        Expr::Paren(paren) => walk(&paren.expr, visit),
        Expr::Subquery(subquery) => walk(&subquery.expr, visit),
        Expr::Call(call) => {
            for argument in &call.args.args {
                walk(argument, visit);
            }
        }
        Expr::NumberLiteral(_)
        | Expr::StringLiteral(_)
        | Expr::VectorSelector(_)
        | Expr::MatrixSelector(_)
        | Expr::Extension(_) => {}
    }
}
