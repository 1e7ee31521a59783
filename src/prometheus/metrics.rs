//! The names of all metrics that a server has.

use super::Server;
use crate::site::Unanswered;

/// The endpoint that lists them
/// (<https://prometheus.io/docs/prometheus/latest/querying/api/#querying-label-values>).
pub const METRIC_NAMES: &str = "label/__name__/values";

/// Asks a server for the names of its metrics.
///
/// # Errors
///
/// It does not answer, or with something else.
pub fn metric_names(server: &Server) -> Result<Vec<String>, Unanswered> {
    let answer = server.get(METRIC_NAMES, &[]).map_err(Unanswered::from)?;
    serde_json::from_value(answer).map_err(|_| Unanswered {
        url: server.endpoint(METRIC_NAMES),
        reason: "it answers with something else than names".to_owned(),
        help: None,
    })
}
