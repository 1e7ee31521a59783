//! The page of Thanos Query, which began as that of Prometheus 2.
//!
//! The parameters are those of `pkg/ui/react-app/src/utils/index.ts`, which skips empty ones, and
//! takes a range of one unit alone.

use super::number;
use super::prometheus::go_query_escape;
use crate::config::Tab;

/// The address of a query over the last hour, with replicas as one and no partial answers.
///
/// ```
/// use alertbook::{config::Tab, promui::thanos::link};
///
/// assert_eq!(
///     link("http://h", "up == 0", Tab::Graph),
///     "http://h/graph?g0.expr=up+%3D%3D+0&g0.tab=0&g0.stacked=0&g0.range_input=1h\
///      &g0.max_source_resolution=0s&g0.deduplicate=1&g0.partial_response=0",
/// );
/// ```
pub fn link(base: &str, expression: &str, tab: Tab) -> String {
    format!(
        "{base}/graph?g0.expr={}&g0.tab={}&g0.stacked=0&g0.range_input=1h\
         &g0.max_source_resolution=0s&g0.deduplicate=1&g0.partial_response=0",
        go_query_escape(expression),
        number(tab),
    )
}
