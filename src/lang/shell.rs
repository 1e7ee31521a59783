//! Shell commands: which texts are some, what they run, and whether a shell would refuse them.
//!
//! Runbooks hold commands with holes (`kubectl logs <pod name>`), so nothing here takes a text as a
//! shell would before its holes are filled; a dummy in a hole has the length of the hole, and all
//! places are bytes of the text as it was written.
//!
//! What reads them is a scanner of its own: it refuses nothing that bash takes, which a test asks
//! bash itself, and says what is wrong. (tree-sitter's grammar of bash mends what it reads, so that
//! `ls; done` is fine with it, and its scanner, which is C, crashes on some texts.)

mod destruction;
mod fill;
mod here_document;
mod invocation;
mod known;
mod prose;
mod scan;

pub use destruction::{Destruction, destruction, destructions};
pub use here_document::HereDocument;
pub use invocation::{Invocation, Word, invocations, program_name};
pub use known::{begins_script, belongs_to_script, is_evident, is_name};
pub use prose::in_prose;

use std::ops::Range;

/// Why a shell would refuse a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in words that stand alone: no full stop, lower case first.
    pub message: String,
    /// What to do about it, where that is clear.
    pub help: Option<String>,
    /// The bytes of the text that are to blame.
    pub range: Range<usize>,
}

/// What a shell would refuse about a text, if anything. What a reader has to fill in (`<pod name>`,
/// `{{ $labels.pod }}`, `(pod name)`, `...`) is no fault.
pub fn fault(text: &str) -> Option<Fault> {
    scan::scan(&fill::filled(text)).err()
}

/// Whether a shell would ask for another line before it does anything.
pub fn goes_on(text: &str) -> bool {
    scan::goes_on(&fill::filled(text))
}

#[cfg(test)]
mod tests;
