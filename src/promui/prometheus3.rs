//! The page of Prometheus 3 by its own address.
//!
//! `/graph`, which [`prometheus`](super::prometheus) links to, is redirected there, but to the root
//! of the host where a proxy strips the prefix that Prometheus is served below. The parameters are
//! those of `web/ui/mantine-ui/src/pages/query/urlStateEncoding.ts`.

use super::prometheus::go_query_escape;
use crate::config::Tab;

/// The address of a query: `BASE/query?g0.expr=…&g0.tab=graph`.
///
/// ```
/// use alertbook::{config::Tab, promui::prometheus3::link};
///
/// assert_eq!(link("http://h", "up == 0", Tab::Table), "http://h/query?g0.expr=up+%3D%3D+0&g0.tab=table");
/// ```
pub fn link(base: &str, expression: &str, tab: Tab) -> String {
    format!("{base}/query?g0.expr={}&g0.tab={}", go_query_escape(expression), tab.name())
}
