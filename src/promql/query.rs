//! A query, as far as most want to know of it.

use super::features::Features;

/// A query: a PromQL expression, of which is kept what was found while it was read.
#[derive(Debug, Clone)]
pub struct Query {
    pub(super) metrics: Vec<String>,
    pub(super) features: Features,
    pub(super) has_evident_operands: bool,
    /// Whether Prometheus surely prints it as it is written, white space aside.
    pub(super) is_as_printed: bool,
}

impl Query {
    /// The names of its metrics, each once, in the order of the text. Names that a placeholder is
    /// part of are not known yet, and left out.
    pub fn metrics(&self) -> &[String] {
        &self.metrics
    }

    /// The same of a query of which nothing else is kept.
    pub fn into_metrics(self) -> Vec<String> {
        self.metrics
    }

    /// What in it is unmistakably PromQL.
    pub fn features(&self) -> Features {
        self.features
    }

    /// Whether each side of its outermost operators is unmistakably PromQL by itself, or a number,
    /// or (beside arithmetic and comparisons) the name of a metric. Only then is all of it meant as
    /// one query where prose may follow: in `x{a="b"} and look` the right side is not.
    pub fn has_evident_operands(&self) -> bool {
        self.has_evident_operands
    }
}
