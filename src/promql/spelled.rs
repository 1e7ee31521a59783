//! The selectors of a query in the spelling of its author, and the query as Prometheus prints it.

use super::holes;
use super::patterns::Patterns;
use promql_parser::label::{METRIC_NAME, MatchOp, Matcher, Matchers};
use promql_parser::parser::{Expr, VectorSelector};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::time::Duration;

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

/// What stands for something else in the text that is parsed.
pub(super) struct Names<'q> {
    /// What the author wrote in each hole, by its number.
    pub originals: SmallVec<[&'q str; 2]>,
    pub patterns: &'q Patterns,
}

impl Names<'_> {
    /// The author's spelling of a name or a value, and whether a placeholder is part of it.
    pub fn restored<'p>(&self, parsed: &'p str) -> (Cow<'p, str>, bool) {
        holes::restore(parsed, &self.originals)
    }

    /// Whether the value of a matcher stands for a pattern.
    pub fn is_pattern(&self, value: &str) -> bool {
        self.patterns.behind(value).is_some()
    }

    /// The name of the metric that is selected, as it is parsed.
    pub fn of<'s>(&self, selector: &'s VectorSelector) -> Option<&'s String> {
        let is_name = |matcher: &&Matcher| {
            matcher.name == METRIC_NAME
                && matcher.op == MatchOp::Equal
                && !self.is_pattern(&matcher.value)
        };
        let Matchers { matchers, or_matchers } = &selector.matchers;
        let by_label = || matchers.iter().chain(or_matchers.iter().flatten()).rev().find(is_name);
        selector.name.as_ref().or_else(|| by_label().map(|matcher| &matcher.value))
    }
}

/// A query with all that it says.
pub(super) struct Tree<'q> {
    pub expression: Expr,
    pub names: Names<'q>,
}

impl Tree<'_> {
    /// The query as Prometheus prints it, as it does in the links of its alerts; dummies in the place
    /// of holes.
    pub fn printed(&self) -> String {
        self.names.patterns.restore(self.expression.to_string())
    }

    /// Every selector, in the order of the text.
    pub fn selectors(&self) -> Vec<Selector> {
        let mut selectors = Vec::new();
        walk(&self.expression, &mut |expression| match expression {
            Expr::VectorSelector(selector) => selectors.push(self.selector(selector, None)),
            Expr::MatrixSelector(range) => {
                selectors.push(self.selector(&range.vs, Some(range.range)));
            }
            _ => {}
        });
        selectors
    }

    /// The selector, if the query is one and nothing else: no range, no offset, no operator.
    pub fn sole_selector(&self) -> Option<Selector> {
        match &self.expression {
            Expr::VectorSelector(selector)
                if selector.offset.is_none() && selector.at.is_none() =>
            {
                Some(self.selector(selector, None))
            }
            _ => None,
        }
    }

    fn selector(&self, selector: &VectorSelector, range: Option<Duration>) -> Selector {
        Selector {
            metric: self.names.of(selector).map(|name| self.spelling(name)),
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
                    match (self.names.patterns.behind(&matcher.value), &matcher.op) {
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
        let (text, has_hole) = self.names.restored(parsed);
        Spelling { text: text.into_owned(), has_hole }
    }
}

/// Shows each expression of a tree to `visit`, parents first, in the order of the text. The depth
/// of a tree is bounded when it is parsed.
fn walk<'a>(expression: &'a Expr, visit: &mut impl FnMut(&'a Expr)) {
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
