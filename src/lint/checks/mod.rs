//! The registry: two lines for each check, by name.

// Not in the macro, behind which rustfmt finds no file.
pub(super) mod accidental_table;
pub(super) mod address_collision;
pub(super) mod alert_documented_twice;
pub(super) mod alert_link_broken;
pub(super) mod broken_anchor;
pub(super) mod broken_link;
pub(super) mod carrier_unreachable;
pub(super) mod destructive_command;
pub(super) mod doubled_heading_mark;
pub(super) mod duplicate_key;
pub(super) mod duplicate_rule;
pub(super) mod example_drift;
pub(super) mod invalid_front_matter;
pub(super) mod invalid_promql;
pub(super) mod invalid_rule_file;
pub(super) mod invalid_shell;
pub(super) mod mangled_query;
pub(super) mod missing_image;
pub(super) mod no_break_space_in_code;
pub(super) mod query_drift;
pub(super) mod query_fails;
pub(super) mod rule_differs;
pub(super) mod rule_not_in_files;
pub(super) mod rule_not_loaded;
pub(super) mod runbook_url_broken;
pub(super) mod runbook_url_elsewhere;
pub(super) mod runbook_url_label;
pub(super) mod runbook_url_missing;
pub(super) mod severity_drift;
pub(super) mod split_table_row;
pub(super) mod stale_runbook;
pub(super) mod stray_attribute_list;
pub(super) mod threshold_drift;
pub(super) mod unclosed_fence;
pub(super) mod undocumented_alert;
pub(super) mod unknown_alert;
pub(super) mod unknown_carrier;
pub(super) mod unknown_data;
pub(super) mod unknown_liquid;
pub(super) mod unknown_metric;
pub(super) mod unknown_parent;
pub(super) mod unknown_recording_rule;
pub(super) mod unused_allow;
pub(super) mod vanished_placeholder;

use super::{Check, InPage, InRuleFile, InSite, Needs, OpenPage, Run};
use crate::diag::Diagnostic;
use crate::lint::arriving::HeadingsKept;
use crate::markdown::Habit;
use crate::site::{Page, Site};

/// Lists the checks, and what their files say about them.
macro_rules! registry {
    ($($module:ident,)*) => {
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
fn of_habits(open: &OpenPage<'_>, check: impl Fn(&Habit) -> Option<Diagnostic>) -> Vec<Diagnostic> {
    open.page().runbook.habits.iter().filter_map(check).collect()
}

/// The same, page by page, of a check whose fixes may stand in a heading: one that others lead to
/// keeps its id.
fn of_habits_keeping_headings(
    site: &Site,
    check: fn(&Page, &Habit, &HeadingsKept<'_>) -> Option<Diagnostic>,
) -> InPage<'_> {
    let headings = HeadingsKept::new(site);
    Box::new(move |open| of_habits(open, |habit| check(open.page(), habit, &headings)))
}
