//! The dialect: Markdown as Jekyll, just-the-docs and kramdown's GFM parser read it.
//!
//! CommonMark is pulldown-cmark's work. On top of it stand the things that kramdown has and
//! CommonMark has not, each in a file of its own. A file is read twice where it must be: the first
//! reading finds the paragraphs, `prepare` masks what CommonMark must not see in them, and the
//! second reading gives the tree, in which `table` finds the tables.
//!
//! Architecture invariant: a document says what its author wrote and where. What it means (which
//! table is an alert table, which code is a query) is the business of `runbook`; how it looks is
//! that of `render`.

mod attributes;
mod document;
mod front_matter;
mod habit;
mod heading_id;
pub mod html;
mod parse;
mod prepare;
mod table;
mod tree;

pub use document::*;
pub use front_matter::{FrontMatter, INVALID_FRONT_MATTER};
pub use habit::{Habit, HabitKind};
pub use heading_id::slug;
pub use parse::parse;
