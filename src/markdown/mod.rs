//! The dialect: Markdown as Jekyll, just-the-docs and kramdown's GFM parser read it.
//!
//! Two passes. `block` takes the lines of a file apart into blocks, containers within containers, and
//! collects what they define; `span` reads the running text of each block, and `tree` puts both
//! together. No pass copies the text it reads: `lines` keeps what a container sees of a line as a
//! range of the source, so that every node knows its bytes.
//!
//! Architecture invariant: a document says what its author wrote and where. What it means (which
//! table is an alert table, which code is a query) is the business of `runbook`; how it looks is
//! that of `render`.

mod abbreviation;
mod attributes;
mod block;
mod definitions;
mod document;
mod front_matter;
mod habit;
mod heading_id;
pub mod html;
mod html_table;
mod lines;
mod parse;
mod span;
mod tree;
mod written;

pub use document::*;
pub use front_matter::{FrontMatter, INVALID_FRONT_MATTER};
pub use habit::{Habit, HabitKind, Words};
pub use heading_id::slug;
pub use parse::parse;
pub use span::{Asked, Kept, Verbatim, decoded_at, entity_at};
pub use written::push_as_written;
