//! Links into the pages on which a carrier's Prometheus, or one of its relatives, shows a query.
//!
//! One file for each query UI; [`link`] is the door to all of them. A page's script makes the same
//! links for the carrier that its reader chooses, and adds the time of the alert, which a build
//! can't know: `static/addresses.js` holds the same spellings, and `tests/browser/carriers.rs` holds
//! that the two agree.

pub mod grafana;
pub mod prometheus;
pub mod prometheus3;
pub mod thanos;
pub mod victoriametrics;

use crate::config::{Carrier, Ui};

/// The address that shows an expression in a carrier's query UI.
pub fn link(carrier: &Carrier, expression: &str) -> String {
    let base = carrier.url.trim_end_matches('/');
    match carrier.ui {
        Ui::Prometheus => prometheus::link(base, expression, carrier.tab),
        Ui::Prometheus3 => prometheus3::link(base, expression, carrier.tab),
        Ui::Thanos => thanos::link(base, expression, carrier.tab),
        Ui::Grafana => grafana::link(base, expression, carrier.datasource.as_deref()),
        Ui::VictoriaMetrics => victoriametrics::link(base, expression, carrier.tab),
    }
}

/// How a tab is numbered by the UIs that began as Prometheus 2's.
fn number(tab: crate::config::Tab) -> &'static str {
    match tab {
        crate::config::Tab::Graph => "0",
        crate::config::Tab::Table => "1",
    }
}
