//! alertbook turns a folder of front-matter Markdown runbooks, and the Prometheus rules that page
//! people, into a static site in which the two can't drift apart.
pub mod config;
pub mod diag;
pub mod markdown;
pub mod rules;
pub mod source;
pub mod yaml;
