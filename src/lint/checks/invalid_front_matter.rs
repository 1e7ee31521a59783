//! The front matter of a runbook can't be read.
//!
//! Without it a page has no title, no place in the navigation and no alerts of its own.
//!
//! # Example
//!
//! ```yaml
//! ---
//! title: Disks: what to do
//! ---
//! ```
//!
//! # To fix it
//!
//! Mend the YAML between the two `---` lines; a value with `: ` in it wants quotes.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::INVALID_FRONT_MATTER;
use crate::site::Site;

pub const CHECK: Check = Check {
    name: INVALID_FRONT_MATTER,
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Anew(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    super::of_parsers(site, CHECK.name)
}
