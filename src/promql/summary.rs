//! What is kept of the expression of a rule.

use super::{Query, printed};

/// What a query asks for, and how Prometheus prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The names of its metrics, each once, in the order of the text.
    pub metrics: Box<[String]>,
    /// The query as Prometheus prints it, unless it is written so, white space aside.
    pub printed: Option<Box<str>>,
}

impl Summary {
    /// What is kept of a query with this text.
    pub fn of(query: Query, text: &str) -> Self {
        let is_other = |printed: &String| !without_space(printed).eq(without_space(text));
        // Most queries are known to be printed as they are written, and need not be.
        let printed = if query.is_as_printed { None } else { printed(text).filter(is_other) };
        Self { metrics: query.metrics.into(), printed: printed.map(String::into) }
    }
}

/// What is left of a text without its white space.
pub(super) fn without_space(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|it| !matches!(it, ' ' | '\t' | '\r' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn what_prometheus_prints_is_kept_where_it_is_written_otherwise() {
        let summary = |text: &str| Summary::of(parse(text).unwrap(), text);
        assert_eq!(summary("rate(a[5m])\n  > b").printed, None);
        let other = summary("sum(a{b='c'}) by (d) > a");
        assert_eq!(other.printed.as_deref(), Some("sum by (d) (a{b=\"c\"}) > a"));
        assert_eq!(*other.metrics, ["a"]);
    }
}
