//! What is made of a query while it is read.

use crate::promql::functions::Signature;
use promql_parser::parser::token::TokenId;
use smallvec::SmallVec;
use std::time::Duration;

/// Makes something of each expression of a query, of inner ones first and in the order of the text.
pub trait Make {
    /// What is made of an expression.
    type Made;

    fn number(&mut self, number: f64) -> Self::Made;

    fn text(&mut self, text: &str) -> Self::Made;

    fn selector(&mut self, selector: &Selector<'_>) -> Self::Made;

    fn in_parentheses(&mut self, inside: Self::Made) -> Self::Made;

    /// A call of a function, whose arguments are of the types that it takes.
    fn call(
        &mut self,
        function: (&'static str, Signature),
        arguments: SmallVec<[Self::Made; 2]>,
    ) -> Self::Made;

    /// An aggregation of what is `inside`, with the parameter that it takes.
    fn aggregation(
        &mut self,
        operator: TokenId,
        grouping: Option<&Grouping<'_>>,
        parameter: Option<Self::Made>,
        inside: Self::Made,
    ) -> Self::Made;

    /// Two expressions that an operator joins.
    fn operation(
        &mut self,
        operator: &Operator<'_>,
        left: Self::Made,
        right: Self::Made,
    ) -> Self::Made;
}

/// A metric, or none, and what may stand behind it.
pub struct Selector<'t> {
    pub metric: Option<&'t str>,
    pub matchers: Matchers<'t>,
    /// The length of a range vector.
    pub range: Option<Duration>,
    pub offset: Option<Duration>,
}

/// Matchers in the order of the text.
pub type Matchers<'t> = SmallVec<[Matcher<'t>; 4]>;

/// `label="value"` or `label!="value"`.
pub struct Matcher<'t> {
    pub label: &'t str,
    pub is_equal: bool,
    pub value: &'t str,
}

impl Matcher<'_> {
    /// Whether it takes series without its label.
    pub fn takes_none(&self) -> bool {
        self.value.is_empty() == self.is_equal
    }
}

/// Labels in parentheses.
pub type Labels<'t> = SmallVec<[&'t str; 4]>;

/// `by (…)` or `without (…)`.
pub struct Grouping<'t> {
    pub is_by: bool,
    pub labels: Labels<'t>,
}

/// An operator and what stands between it and its right side.
pub struct Operator<'t> {
    pub token: TokenId,
    /// Whether it is `and`, `or` or `unless`.
    pub is_of_sets: bool,
    pub compares: bool,
    /// Whether a comparison gives 0 or 1.
    pub gives_bool: bool,
    /// `on (…)` or `ignoring (…)`.
    pub matching: Option<Matching<'t>>,
}

/// How series of two sides are matched.
pub struct Matching<'t> {
    pub is_on: bool,
    pub labels: Labels<'t>,
    /// `group_left` or `group_right`.
    pub many: Option<Many<'t>>,
}

/// The side that has many series for each of the other.
pub struct Many<'t> {
    pub is_left: bool,
    /// The labels that are taken from the other side.
    pub included: Labels<'t>,
}
