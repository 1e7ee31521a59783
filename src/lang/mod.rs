//! What snippets are written in: the languages, one file for each, and the placeholders that all of
//! them share.

pub mod placeholder;
pub mod promql;
