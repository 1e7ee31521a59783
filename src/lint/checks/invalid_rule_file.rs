//! A rule file is one that Prometheus would not load.
//!
//! Rules that are not loaded page nobody. What Prometheus' `rulefmt` refuses is refused here:
//! unknown fields, missing expressions, bad durations, bad names, a group's name that occurs twice.
//! The Go templates of annotations are not read.
//!
//! # Example
//!
//! ```yaml
//! groups:
//!   - name: disk
//!     rules:
//!       - alert: DiskFull
//!         expr: disk_free < 1
//!         for: 5 minutes
//! ```
//!
//! # To fix it
//!
//! See what is said beside the place; `promtool check rules` judges by the same rules.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::rules::INVALID_RULE_FILE;
use crate::site::Site;

pub const CHECK: Check = Check {
    name: INVALID_RULE_FILE,
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Anew(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    super::of_parsers(site, CHECK.name)
}
