//! alertbook turns a folder of front-matter Markdown runbooks, and the Prometheus rules that page
//! people, into a static site in which the two can't drift apart, and in which every query opens in
//! the right carrier's Prometheus.
//!
//! # The map
//!
//! Data goes one way:
//!
//! ```text
//! files ──load──▶ Inputs                                      the only reader of site files
//! servers ──prometheus──▶ their rules                         the only client
//!   each file by itself, in parallel, pure:
//!     *.md    ──liquid, markdown──▶ Document ──runbook──▶ Runbook
//!     *.yaml  ──yaml──────▶ nodes ─────rules────▶ RuleFile
//!   once:     Site::assemble(config, runbooks, rules)
//!             .with_age(today, history)                       frozen from here on
//!     ├── lint::run(&site)       ──▶ Report ──▶ text | json | …
//!     └── Renderer::new(&site)   ──▶ files  ──▶ output::Publisher   the only writer
//! ```
//!
//! Modules stand in layers, and import from their own or a lower one:
//!
//! | layer | modules |
//! |---|---|
//! | the edge | [`cli`], `serve` |
//! | the work | [`pipeline`], `git`, [`load`], [`output`], `paths`, `prometheus` |
//! | conclusions | `annotate`, [`scaffold`], [`lint`], [`render`], [`promui`] |
//! | meaning | [`site`], [`runbook`], [`lang`], [`rules`], [`config`] |
//! | languages | [`liquid`], [`markdown`], [`promql`], [`yaml`] |
//! | ground | [`source`], [`diag`], [`failure`], [`memo`] |
//!
//! The library is for the program and its tests, and promises nothing to others. What those tests
//! don't need is private, so that the compiler finds what nobody uses.
//!
//! Architecture invariants, held by `tests/layers`: no module imports from a layer above it, and
//! nothing below the work touches files, processes, sockets, the clock or the environment.
//!
//! Every parser returns its value and its complaints: bad content never stops a build half-way, its
//! findings decide at the end. Every finding carries the characters it is about, so every parser
//! keeps the bytes of what it read.
//!
//! # Where to add things
//!
//! A check is a file in `lint/checks/`, two lines in its registry and a fixture
//! `tests/lint/<check>.md`. A query UI is a file in [`promui`], a snippet language one in [`lang`],
//! an output of findings one in [`diag`].
mod annotate;
pub mod cli;
pub mod config;
pub mod diag;
pub mod failure;
mod git;
pub mod lang;
pub mod lint;
pub mod liquid;
pub mod load;
pub mod markdown;
pub mod memo;
pub mod output;
mod paths;
pub mod pipeline;
mod prometheus;
pub mod promql;
pub mod promui;
pub mod render;
pub mod rules;
pub mod runbook;
pub mod scaffold;
mod serve;
pub mod site;
pub mod source;
pub mod yaml;
