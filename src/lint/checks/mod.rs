//! The registry: one line for each check, by name.

mod address_collision;
mod alert_documented_twice;
mod alert_link_broken;
mod broken_anchor;
mod broken_link;
mod doubled_heading_mark;
mod duplicate_key;
mod invalid_front_matter;
mod invalid_promql;
mod invalid_rule_file;
mod mangled_query;
mod missing_image;
mod no_break_space_in_code;
mod runbook_url_broken;
mod undocumented_alert;
mod unknown_alert;
mod unknown_carrier;
mod unknown_data;
mod unknown_parent;

use super::Check;
use crate::diag::Diagnostic;
use crate::markdown::Habit;
use crate::site::{Page, Site};

/// Every check, by name.
pub const CHECKS: &[Check] = &[
    address_collision::CHECK,
    alert_documented_twice::CHECK,
    alert_link_broken::CHECK,
    broken_anchor::CHECK,
    broken_link::CHECK,
    doubled_heading_mark::CHECK,
    duplicate_key::CHECK,
    invalid_front_matter::CHECK,
    invalid_promql::CHECK,
    invalid_rule_file::CHECK,
    mangled_query::CHECK,
    missing_image::CHECK,
    no_break_space_in_code::CHECK,
    runbook_url_broken::CHECK,
    undocumented_alert::CHECK,
    unknown_alert::CHECK,
    unknown_carrier::CHECK,
    unknown_data::CHECK,
    unknown_parent::CHECK,
];

/// The findings of this check that the parsers made while they read the files.
fn of_parsers(site: &Site, name: &str) -> Vec<Diagnostic> {
    site.diagnostics.iter().filter(|found| found.check == name).cloned().collect()
}

/// What a check says about the habits that authors of this site have, page by page.
fn of_habits(
    site: &Site,
    mut check: impl FnMut(&Page, &Habit) -> Option<Diagnostic>,
) -> Vec<Diagnostic> {
    let habits = site
        .pages
        .iter()
        .flat_map(|page| page.runbook.document.habits.iter().map(move |habit| (page, habit)));
    habits.filter_map(|(page, habit)| check(page, habit)).collect()
}
