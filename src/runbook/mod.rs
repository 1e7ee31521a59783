//! Runbooks and what their authors put into them.

pub mod placeholder;
