//! The tree of a query in which every part knows its place.
//!
//! promql-parser's tree has no places, and a finding about a threshold has to point at the very
//! number. This tree is read from the lexemes by the precedences of Prometheus' grammar
//! (`promql/parser/generated_parser.y`). It checks neither types nor names: a text that is no query
//! has no tree, or one that nobody asks for, since `invalid-promql` has been told of it.
//!
//! Parentheses leave no trace but in the ranges, so that trees which differ by them alone are the
//! same.

mod compare;
mod labels;
mod parse;

pub use compare::{Difference, Part};
pub use labels::Labels;
pub use parse::tree;

use std::ops::Range;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its bytes in the text, parentheses around it included.
    pub range: Range<usize>,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A number; a bare duration is one of seconds.
    Number(f64),
    /// A string, decoded.
    String(String),
    /// A metric with matchers, and the range of a range vector.
    Selector {
        /// The metric, unless it is selected by labels alone.
        metric: Option<Word>,
        /// The matchers in braces, alternatives with `or` among them, without that of the name.
        matchers: Vec<Matcher>,
        /// The length in brackets.
        range: Option<Length>,
    },
    /// `inner[range:step]`
    Subquery {
        /// What is evaluated.
        inner: Box<Node>,
        /// How far back.
        range: Length,
        /// How often, unless it is left to Prometheus.
        step: Option<Length>,
    },
    /// An expression at another time.
    Shifted {
        /// The selector or subquery.
        inner: Box<Node>,
        /// `offset`: how much earlier.
        offset: Option<Length>,
        /// What stands behind `@`.
        at: Option<Word>,
    },
    /// A call of a function.
    Call {
        /// Its name.
        function: Word,
        /// Its arguments.
        arguments: Vec<Node>,
    },
    /// An aggregation over series.
    Aggregation {
        /// Its name in lower case.
        operator: Word,
        /// `by` or `without`, if either is there.
        grouping: Option<Grouping>,
        /// Its parameter, if it takes one, and the vector.
        arguments: Vec<Node>,
    },
    /// `-inner`; a `+` in front of an expression leaves no trace.
    Negation(Box<Node>),
    /// Two expressions around an operator.
    Binary {
        /// The operator; words in lower case.
        operator: Word,
        /// Whether a comparison gives 0 or 1, and drops nothing.
        is_bool: bool,
        /// How series of both sides are matched, if it is said.
        matching: Option<Box<Matching>>,
        /// What stands before it.
        left: Box<Node>,
        /// What stands behind it.
        right: Box<Node>,
    },
}

/// A name, an operator or a keyword with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Its bytes.
    pub range: Range<usize>,
}

/// A condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub operator: String,
    /// What it is compared with: the text decoded, the bytes with its quotes.
    pub value: Word,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Length {
    /// In milliseconds; an offset into the future is negative.
    pub milliseconds: i64,
    /// Its bytes, without brackets.
    pub range: Range<usize>,
}

/// `by (…)` or `without (…)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// Whether it is `without`.
    pub is_without: bool,
    /// The labels, sorted.
    pub labels: Vec<String>,
    /// Its bytes, parentheses included.
    pub range: Range<usize>,
}

/// `on (…)` or `ignoring (…)`, with what may follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Whether it is `on`.
    pub is_on: bool,
    /// The labels, sorted.
    pub labels: Vec<String>,
    /// `group_left` or `group_right`, whose side has many series for each of the other.
    pub many: Option<Side>,
    /// The labels that are taken from the other side, sorted.
    pub included: Vec<String>,
    /// Its bytes.
    pub range: Range<usize>,
}

/// A side of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Left,
    /// Behind it.
    Right,
}

impl Node {
    /// Calls `visit` for the node and every node in it, outer before inner, in the order of the
    /// text.
    pub fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        visit(self);
        match &self.kind {
            NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Selector { .. } => {}
            NodeKind::Subquery { inner, .. }
            | NodeKind::Shifted { inner, .. }
            | NodeKind::Negation(inner) => inner.walk(visit),
            NodeKind::Call { arguments, .. } | NodeKind::Aggregation { arguments, .. } => {
                for argument in arguments {
                    argument.walk(visit);
                }
            }
            NodeKind::Binary { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
        }
    }

    /// The nodes directly in it, in the order of the text.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let (first, second, arguments): (Option<&Self>, Option<&Self>, &[Self]) = match &self.kind {
            NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Selector { .. } => {
                (None, None, &[])
            }
            NodeKind::Subquery { inner, .. }
            | NodeKind::Shifted { inner, .. }
            | NodeKind::Negation(inner) => (Some(inner), None, &[]),
            NodeKind::Call { arguments, .. } | NodeKind::Aggregation { arguments, .. } => {
                (None, None, arguments)
            }
            NodeKind::Binary { left, right, .. } => (Some(left), Some(right), &[]),
        };
        first.into_iter().chain(second).chain(arguments)
    }

    /// The number that it is without asking Prometheus: `5`, `-0.5`, `24 * 60 * 60`.
    pub fn constant(&self) -> Option<f64> {
        match &self.kind {
            NodeKind::Number(number) => Some(*number),
            NodeKind::Negation(inner) => inner.constant().map(|number| -number),
            NodeKind::Binary { operator, left, right, .. } => {
                let (left, right) = (left.constant()?, right.constant()?);
                match operator.text.as_str() {
                    "+" => Some(left + right),
                    "-" => Some(left - right),
                    "*" => Some(left * right),
                    "/" => Some(left / right),
                    "%" => Some(left % right),
                    "^" => Some(left.powf(right)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
