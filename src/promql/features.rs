//! What in a query is unmistakably PromQL.
//!
//! `kube-system` is a valid query, and so is `count(id)`: that a text can be parsed says little.
//! Here is what says more.

use super::query::{Query, RangesWritten, walk};
use promql_parser::label::METRIC_NAME;
use promql_parser::parser::{BinaryExpr, Expr, VectorSelector};

/// What in a query is unmistakably PromQL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub struct Features {
    /// A selector has a matcher in braces.
    pub has_matcher: bool,
    /// A selector has a range with a unit, or a metric has one whose length is left open.
    pub has_range: bool,
    /// A function or an aggregation is called, and there is a name that looks like a metric's.
    pub calls_with_metric: bool,
    /// A name that looks like a metric's is compared with a number.
    pub compares_metric: bool,
    /// A name that looks like a metric's has an offset, or is matched `on (…)` labels.
    pub modifies_metric: bool,
}

impl Features {
    fn of(query: &Query, expression: &Expr, ranges: RangesWritten) -> Self {
        let mut features = Self::default();
        let mut has_metric = false;
        let mut calls = false;
        let mut matches_labels = false;
        walk(expression, &mut |part| match part {
            Expr::VectorSelector(selector) => {
                let is_metric = is_metric(query, selector);
                has_metric |= is_metric;
                features.has_matcher |= has_matcher(selector);
                features.modifies_metric |= is_metric && selector.offset.is_some();
            }
            Expr::MatrixSelector(range) => {
                let is_metric = is_metric(query, &range.vs);
                has_metric |= is_metric;
                features.has_matcher |= has_matcher(&range.vs);
                // Without a unit, `x[5]` is an index of some other language.
                features.has_range |= ranges.with_unit || (ranges.with_hole && is_metric);
                features.modifies_metric |= is_metric && range.vs.offset.is_some();
            }
            Expr::Subquery(_) => features.has_range |= ranges.with_unit,
            Expr::Call(_) | Expr::Aggregate(_) => calls = true,
            Expr::Binary(binary) => {
                features.compares_metric |= compares_metric(query, binary);
                matches_labels |=
                    binary.modifier.as_ref().is_some_and(|modifier| modifier.matching.is_some());
            }
            _ => {}
        });
        features.calls_with_metric = calls && has_metric;
        features.modifies_metric |= matches_labels && has_metric;
        features
    }

    /// Whether any of it was found.
    pub fn any(self) -> bool {
        self.in_prose() || self.compares_metric || self.modifies_metric
    }

    /// Whether anything was found that is convincing between words as well.
    pub fn in_prose(self) -> bool {
        self.has_matcher || self.has_range || self.calls_with_metric
    }
}

impl Query {
    /// What in it is unmistakably PromQL.
    pub fn features(&self) -> Features {
        Features::of(self, &self.parsed.expression, self.ranges)
    }

    /// Whether each side of its outermost operators is unmistakably PromQL by itself, or a number,
    /// or (beside arithmetic and comparisons) the name of a metric. Only then is all of it meant as
    /// one query where prose may follow: in `x{a="b"} and look` the right side is not.
    pub fn has_evident_operands(&self) -> bool {
        has_evident_operands(self, &self.parsed.expression, self.ranges)
    }
}

/// Whether a name looks like a metric's rather than like a word or a variable: it has a part in
/// lower case and `_` or `:` between its parts, or it is one that Prometheus makes itself.
pub fn is_metric_like(name: &str) -> bool {
    const KNOWN: [&str; 3] = ["up", "ALERTS", "ALERTS_FOR_STATE"];
    let inner = name.trim_matches(['_', ':']);
    KNOWN.contains(&name)
        || (inner.contains(['_', ':']) && inner.bytes().any(|byte| byte.is_ascii_lowercase()))
}

/// See [`Query::has_evident_operands`].
fn has_evident_operands(query: &Query, expression: &Expr, ranges: RangesWritten) -> bool {
    let Expr::Binary(binary) = expression else {
        return true;
    };
    [&binary.lhs, &binary.rhs].into_iter().all(|side| {
        let stands = match &**side {
            // The operands of another operator are looked at in turn.
            Expr::NumberLiteral(_) | Expr::Binary(_) => true,
            Expr::VectorSelector(selector) if !binary.op.is_set_operator() => {
                has_matcher(selector) || is_metric(query, selector)
            }
            side => Features::of(query, side, ranges).in_prose(),
        };
        stands && has_evident_operands(query, side, ranges)
    })
}

fn is_metric(query: &Query, selector: &VectorSelector) -> bool {
    query.name_of(selector).is_some_and(|(name, _)| is_metric_like(&name))
}

/// Whether there are matchers besides the metric's name: `{"x"}` alone is JSON cut short.
fn has_matcher(selector: &VectorSelector) -> bool {
    let matchers = &selector.matchers;
    let mut all = matchers.matchers.iter().chain(matchers.or_matchers.iter().flatten());
    all.any(|matcher| matcher.name != METRIC_NAME || selector.name.is_some())
}

/// Whether a metric, or something made of one, stands on one side of a comparison, and a number
/// on the other.
fn compares_metric(query: &Query, binary: &BinaryExpr) -> bool {
    let is_number = |side: &Expr| {
        let negated = match side {
            Expr::Unary(unary) => &unary.expr,
            other => other,
        };
        matches!(negated, Expr::NumberLiteral(_))
    };
    let has_metric = |side: &Expr| {
        let mut found = false;
        walk(side, &mut |part| {
            if let Expr::VectorSelector(selector) = part {
                found |= is_metric(query, selector);
            }
        });
        found
    };
    binary.op.is_comparison_operator()
        && ((is_number(&binary.rhs) && has_metric(&binary.lhs))
            || (is_number(&binary.lhs) && has_metric(&binary.rhs)))
}
