//! Durations as Prometheus writes them: `5m`, `1h30m`, `0`.

use crate::promql;
use crate::yaml::Text;

/// A duration as it is written, with its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    /// As it is written.
    pub text: Text,
    /// Its length in milliseconds.
    pub milliseconds: u64,
}

impl Duration {
    /// The duration that a text says, if it says one.
    pub fn new(text: Text) -> Option<Self> {
        let milliseconds = promql::milliseconds(text.as_str())?;
        Some(Self { text, milliseconds })
    }
}
