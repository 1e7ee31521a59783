//! The registry: one line for each check, by name.

mod address_collision;
mod alert_documented_twice;
mod alert_link_broken;
mod broken_anchor;
mod broken_link;
mod duplicate_key;
mod invalid_front_matter;
mod invalid_promql;
mod invalid_rule_file;
mod missing_image;
mod runbook_url_broken;
mod undocumented_alert;
mod unknown_alert;
mod unknown_carrier;
mod unknown_data;
mod unknown_parent;

use super::Check;
use crate::diag::Diagnostic;
use crate::site::Site;

/// Every check, by name.
pub const CHECKS: &[Check] = &[
    address_collision::CHECK,
    alert_documented_twice::CHECK,
    alert_link_broken::CHECK,
    broken_anchor::CHECK,
    broken_link::CHECK,
    duplicate_key::CHECK,
    invalid_front_matter::CHECK,
    invalid_promql::CHECK,
    invalid_rule_file::CHECK,
    missing_image::CHECK,
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
