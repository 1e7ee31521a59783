//! vmui, the page of VictoriaMetrics.
//!
//! It keeps its parameters in the fragment (`app/vmui/packages/vmui/src/utils/query-string.ts`) and
//! reads them as forms are read, so a space may be a `+`.

use super::number;
use super::prometheus::go_query_escape;
use crate::config::Tab;

/// The address of a query over the last hour: `BASE/vmui/#/?g0.expr=…&g0.range_input=1h&g0.tab=0`.
///
/// ```
/// use alertbook::{config::Tab, promui::victoriametrics::link};
///
/// assert_eq!(
///     link("http://h/select/0", "up == 0", Tab::Graph),
///     "http://h/select/0/vmui/#/?g0.expr=up+%3D%3D+0&g0.range_input=1h&g0.tab=0",
/// );
/// ```
pub fn link(base: &str, expression: &str, tab: Tab) -> String {
    let expression = go_query_escape(expression);
    format!("{base}/vmui/#/?g0.expr={expression}&g0.range_input=1h&g0.tab={}", number(tab))
}
