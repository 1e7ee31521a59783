//! What snippets are written in: the languages, one file for each, and the placeholders that all of
//! them share.

pub mod console;
pub mod placeholder;
pub mod promql;
pub mod shell;
