//! The languages of snippets, one file for each.

pub mod promql;
