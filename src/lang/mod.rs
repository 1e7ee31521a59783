//! What snippets are written in: the languages, one file for each, and the placeholders that all of
//! them share.

use crate::markdown::Kept;

pub mod console;
pub mod placeholder;
pub mod promql;
pub mod shell;

/// What of a paragraph is no prose, and stays as it is written.
pub fn kept_in_prose(text: &str) -> Kept {
    Kept { queries: promql::in_prose(text), commands: shell::in_prose(text) }
}
