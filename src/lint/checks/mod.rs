//! The registry: one line for each check, by name.

use super::{Check, InPage, Needs, OpenPage, Run};
use crate::diag::Diagnostic;
use crate::markdown::Habit;
use crate::site::Site;

/// Declares the modules of checks, and lists the checks and what the files say about them.
macro_rules! registry {
    ($($module:ident,)*) => {
        $(pub(super) mod $module;)*

        /// Every check, by name.
        pub const CHECKS: &[Check] = &[$($module::CHECK,)*];

        /// The source of each check, in the same order: its head is what `alertbook explain` says.
        pub(super) const SOURCES: &[&str] = &[$(include_str!(concat!(stringify!($module), ".rs")),)*];
    };
}

registry! {
    accidental_table,
    address_collision,
    alert_documented_twice,
    alert_link_broken,
    broken_anchor,
    broken_link,
    carrier_unreachable,
    destructive_command,
    doubled_heading_mark,
    duplicate_key,
    duplicate_rule,
    example_drift,
    invalid_front_matter,
    invalid_promql,
    invalid_rule_file,
    invalid_shell,
    mangled_query,
    missing_image,
    no_break_space_in_code,
    query_drift,
    query_fails,
    rule_differs,
    rule_not_in_files,
    rule_not_loaded,
    runbook_url_broken,
    runbook_url_elsewhere,
    runbook_url_label,
    runbook_url_missing,
    severity_drift,
    split_table_row,
    stale_runbook,
    stray_attribute_list,
    threshold_drift,
    unclosed_fence,
    undocumented_alert,
    unknown_alert,
    unknown_carrier,
    unknown_data,
    unknown_liquid,
    unknown_metric,
    unknown_parent,
    unknown_recording_rule,
    unused_allow,
    vanished_placeholder,
}

/// The findings of this check that the parsers made while they read the files.
fn of_parsers(site: &Site, name: &str) -> Vec<Diagnostic> {
    site.diagnostics.iter().filter(|found| found.check == name).cloned().collect()
}

/// What a check says about the habits that the author of a page has.
fn of_habits<'s>(
    open: &OpenPage<'s>,
    check: impl Fn(&'s Habit) -> Option<Diagnostic>,
) -> Vec<Diagnostic> {
    open.page().runbook.habits.iter().filter_map(check).collect()
}
