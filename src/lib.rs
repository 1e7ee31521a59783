//! alertbook turns a folder of front-matter Markdown runbooks, and the Prometheus rules that page
//! people, into a static site in which the two can't drift apart.
pub mod config;
pub mod diag;
pub mod lang;
pub mod lint;
pub mod markdown;
pub mod promql;
pub mod promui;
pub mod render;
pub mod rules;
pub mod runbook;
pub mod site;
pub mod source;
pub mod yaml;
