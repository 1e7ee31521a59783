//! Links into the pages on which a carrier's Prometheus, or one of its relatives, shows a query.
//!
//! One file for each query UI; [`link`] is the door to all of them.

pub mod prometheus;

use crate::config::Ui;

/// The address that shows an expression in the query UI at `base`.
pub fn link(ui: Ui, base: &str, expression: &str) -> String {
    match ui {
        Ui::Prometheus => prometheus::graph_link(base, expression),
    }
}
