//! Links into the pages on which a carrier's Prometheus, or one of its relatives, shows a query.
//!
//! One file for each query UI; [`Ui`] is the door to all of them.

pub mod prometheus;

/// A query UI that links can be made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ui {
    /// Prometheus' own page, by the links that Prometheus itself writes.
    #[default]
    Prometheus,
}

impl Ui {
    /// The address that shows an expression, on the server whose address `base` is.
    pub fn link(self, base: &str, expression: &str) -> String {
        match self {
            Self::Prometheus => prometheus::graph_link(base, expression),
        }
    }
}
