//! What a runbook says of an alert, set beside what its rule says.
//!
//! - [`description`] finds where a runbook says when an alert fires, and [`prose`] reads it;
//! - [`statement`] takes the numbers and times out of the sentences;
//! - [`condition`] takes those of the rule out of its expression;
//! - [`agreement`] tells whether the two are the same.
//!
//! A finding that is wrong costs more than one that is missing: whatever leaves doubt states nothing.

mod agreement;
pub mod condition;
pub mod description;
mod prose;
pub mod statement;
mod words;

pub use agreement::{has_length, is_other_length};
