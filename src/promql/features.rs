//! What in a query is unmistakably PromQL.
//!
//! `kube-system` is a valid query, and so is `count(id)`: that a text can be parsed says little.
//! Here is what says more.

use super::functions::Signature;
use super::plain::{Grouping, Make, Operator, Selector};
use super::query::Query;
use super::spelled::Names;
use promql_parser::label::METRIC_NAME;
use promql_parser::parser::token::TokenId;
use promql_parser::parser::{Expr, VectorSelector};
use smallvec::SmallVec;

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
    /// Whether any of it was found.
    pub fn any(self) -> bool {
        self.in_prose() || self.compares_metric || self.modifies_metric
    }

    /// Whether anything was found that is convincing between words as well.
    pub fn in_prose(self) -> bool {
        self.has_matcher || self.has_range || self.calls_with_metric
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

/// How the ranges of a query are written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RangesWritten {
    /// One has a unit: `[5m]`.
    pub with_unit: bool,
    /// One is left open: `[<window>]`.
    pub with_hole: bool,
}

/// What an expression is, as far as it matters beside an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Number,
    NegatedNumber,
    /// A selector without a range.
    Selector,
    Operation,
    Other,
}

/// What is found in an expression.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub(super) struct Found {
    form: Form,
    /// What is found in it whatever stands around it.
    certain: Features,
    /// There is a name that looks like a metric's.
    has_metric: bool,
    /// There is one without a range.
    has_instant_metric: bool,
    /// A function or an aggregation is called.
    calls: bool,
    /// An operator matches `on (…)` labels, or ignores some.
    matches_labels: bool,
    has_evident_operands: bool,
}

impl Found {
    fn new(form: Form) -> Self {
        Self {
            form,
            certain: Features::default(),
            has_metric: false,
            has_instant_metric: false,
            calls: false,
            matches_labels: false,
            has_evident_operands: true,
        }
    }

    /// What is found in an expression of this one and of another one.
    fn with(self, other: Self) -> Self {
        let (one, two) = (self.certain, other.certain);
        Self {
            form: Form::Other,
            certain: Features {
                has_matcher: one.has_matcher || two.has_matcher,
                has_range: one.has_range || two.has_range,
                calls_with_metric: false,
                compares_metric: one.compares_metric || two.compares_metric,
                modifies_metric: one.modifies_metric || two.modifies_metric,
            },
            has_metric: self.has_metric || other.has_metric,
            has_instant_metric: self.has_instant_metric || other.has_instant_metric,
            calls: self.calls || other.calls,
            matches_labels: self.matches_labels || other.matches_labels,
            has_evident_operands: true,
        }
    }

    /// What is found in an expression that this one is all of.
    fn within(self, form: Form) -> Self {
        Self { form, has_evident_operands: true, ..self }
    }

    /// What is found in all of a query that this expression is.
    fn features(self) -> Features {
        let Self { certain, has_metric, calls, matches_labels, .. } = self;
        Features {
            calls_with_metric: calls && has_metric,
            modifies_metric: certain.modifies_metric || matches_labels && has_metric,
            ..certain
        }
    }

    /// What is found in two expressions with an operator between them.
    fn operation(is_of_sets: bool, compares: bool, matches_labels: bool, sides: [Self; 2]) -> Self {
        let is_number = |side: Self| matches!(side.form, Form::Number | Form::NegatedNumber);
        let stands = |side: Self| match side.form {
            // The operands of another operator are looked at in turn.
            Form::Number | Form::Operation => true,
            Form::Selector if !is_of_sets => side.certain.has_matcher || side.has_metric,
            _ => side.features().in_prose(),
        };
        let [left, right] = sides;
        let mut found = left.with(right);
        found.form = Form::Operation;
        found.certain.compares_metric |= compares
            && (is_number(right) && left.has_instant_metric
                || is_number(left) && right.has_instant_metric);
        found.matches_labels |= matches_labels;
        found.has_evident_operands =
            sides.into_iter().all(|side| stands(side) && side.has_evident_operands);
        found
    }
}

/// Finds what is to be known of a query while it is read.
pub(super) struct Finder<'q> {
    names: Names<'q>,
    ranges: RangesWritten,
    metrics: Vec<String>,
}

impl<'q> Finder<'q> {
    /// For a query with these names and ranges.
    pub fn new(names: Names<'q>, ranges: RangesWritten) -> Self {
        Self { names, ranges, metrics: Vec::new() }
    }

    /// The query, of all of which this was found.
    pub fn query(self, found: Found, is_as_printed: bool) -> Query {
        Query {
            metrics: self.metrics,
            features: found.features(),
            has_evident_operands: found.has_evident_operands,
            is_as_printed,
        }
    }

    /// What is found in a tree of promql-parser's.
    pub fn of_tree(&mut self, tree: &Expr) -> Found {
        match tree {
            Expr::NumberLiteral(_) => Found::new(Form::Number),
            Expr::StringLiteral(_) | Expr::Extension(_) => Found::new(Form::Other),
            Expr::VectorSelector(selector) => self.of_selector(selector, false),
            Expr::MatrixSelector(range) => self.of_selector(&range.vs, true),
            Expr::Paren(paren) => self.of_tree(&paren.expr).within(Form::Other),
            Expr::Unary(unary) => {
                let inside = self.of_tree(&unary.expr);
                let is_number = inside.form == Form::Number;
                inside.within(if is_number { Form::NegatedNumber } else { Form::Other })
            }
            Expr::Subquery(subquery) => {
                let mut found = self.of_tree(&subquery.expr).within(Form::Other);
                found.certain.has_range |= self.ranges.with_unit;
                found
            }
            Expr::Call(call) => {
                let arguments = call.args.args.iter().map(|argument| self.of_tree(argument));
                called(arguments)
            }
            Expr::Aggregate(aggregate) => {
                let arguments = aggregate.param.iter().chain([&aggregate.expr]);
                called(arguments.map(|argument| self.of_tree(argument)))
            }
            Expr::Binary(binary) => {
                let sides = [self.of_tree(&binary.lhs), self.of_tree(&binary.rhs)];
                let (is_of_sets, compares) =
                    (binary.op.is_set_operator(), binary.op.is_comparison_operator());
                let matches_labels =
                    binary.modifier.as_ref().is_some_and(|it| it.matching.is_some());
                Found::operation(is_of_sets, compares, matches_labels, sides)
            }
        }
    }

    fn of_selector(&mut self, selector: &VectorSelector, has_range: bool) -> Found {
        // There are matchers besides the metric's name: `{"x"}` alone is JSON cut short.
        let all = &selector.matchers;
        let mut all = all.matchers.iter().chain(all.or_matchers.iter().flatten());
        let has_matcher = all.any(|matcher| matcher.name != METRIC_NAME || selector.name.is_some());
        let name = self.names.of(selector).map(String::as_str);
        self.selected(name, has_matcher, has_range, selector.offset.is_some())
    }

    /// What is found in a selector.
    fn selected(
        &mut self,
        name: Option<&str>,
        has_matcher: bool,
        has_range: bool,
        has_offset: bool,
    ) -> Found {
        let mut found = Found::new(if has_range { Form::Other } else { Form::Selector });
        found.certain.has_matcher = has_matcher;
        if let Some((name, has_hole)) = name.map(|name| self.names.restored(name)) {
            found.has_metric = is_metric_like(&name);
            // Names that a placeholder is part of are not known yet.
            if !has_hole && self.metrics.iter().all(|known| **known != *name) {
                self.metrics.push(name.into_owned());
            }
        }
        let is_metric = found.has_metric;
        found.has_instant_metric = is_metric && !has_range;
        found.certain.modifies_metric = is_metric && has_offset;
        // Without a unit, `x[5]` is an index of some other language.
        let RangesWritten { with_unit, with_hole } = self.ranges;
        found.certain.has_range = has_range && (with_unit || with_hole && is_metric);
        found
    }
}

/// What is found in a call with these arguments.
fn called(arguments: impl Iterator<Item = Found>) -> Found {
    let found = arguments.fold(Found::new(Form::Other), Found::with);
    Found { calls: true, ..found }
}

impl Make for Finder<'_> {
    type Made = Found;

    fn number(&mut self, _: f64) -> Found {
        Found::new(Form::Number)
    }

    fn text(&mut self, _: &str) -> Found {
        Found::new(Form::Other)
    }

    fn selector(&mut self, selector: &Selector<'_>) -> Found {
        let Selector { metric, matchers, range, offset } = selector;
        let has_matcher =
            matchers.iter().any(|matcher| matcher.label != METRIC_NAME || metric.is_some());
        let by_label = || {
            let mut named = matchers.iter().rev().filter(|it| it.is_equal);
            let named =
                named.find(|it| it.label == METRIC_NAME && !self.names.is_pattern(it.value));
            named.map(|it| it.value)
        };
        let name = metric.or_else(by_label);
        self.selected(name, has_matcher, range.is_some(), offset.is_some())
    }

    fn in_parentheses(&mut self, inside: Found) -> Found {
        inside.within(Form::Other)
    }

    fn call(&mut self, _: (&'static str, Signature), arguments: SmallVec<[Found; 2]>) -> Found {
        called(arguments.into_iter())
    }

    fn aggregation(
        &mut self,
        _: TokenId,
        _: Option<&Grouping<'_>>,
        parameter: Option<Found>,
        inside: Found,
    ) -> Found {
        called(parameter.into_iter().chain([inside]))
    }

    fn operation(&mut self, operator: &Operator<'_>, left: Found, right: Found) -> Found {
        let Operator { is_of_sets, compares, matching, .. } = operator;
        Found::operation(*is_of_sets, *compares, matching.is_some(), [left, right])
    }
}
