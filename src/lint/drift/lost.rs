//! Alerts that a section may have described before it lost them.
//!
//! The section that several rows lead to says what holds for one of them. Once the row of that one is
//! gone, or its link broken, what the section says is no longer what its other alerts do; and what is
//! to be mended is the row.

use crate::rules::Rule;
use crate::site::{Alert, ClaimedBy, Resolved, Site};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The rules beside those of some alerts, in their groups, of alerts that no section is about because
/// they are not documented, or because their row leads nowhere.
pub fn lost_rules<'s>(site: &'s Site, alerts: &[&str]) -> Vec<&'s Rule> {
    let known = alerts.iter().filter_map(|name| site.alerts.get(*name));
    let groups: BTreeSet<(usize, usize)> =
        known.flat_map(|alert| &alert.rules).map(|place| (place.file, place.group)).collect();
    let mut lost = Vec::new();
    for (file, group) in groups {
        for rule in &site.rule_files[file].groups[group].rules {
            let Some(name) = rule.alert_name() else { continue };
            let is_lost = |alert: &Arc<Alert>| alert.start.is_none() || leads_nowhere(site, alert);
            let alert = || site.alerts.get(name.as_str());
            if !alerts.contains(&name.as_str()) && alert().is_some_and(is_lost) {
                lost.push(rule);
            }
        }
    }
    lost
}

/// Whether a section of some alerts has lost a partner of theirs, whose rule has this severity:
/// `DiskFullCritical` beside `DiskFullWarning`.
pub fn has_lost_partner(
    site: &Site,
    alerts: &[&str],
    has_severity: impl Fn(&Rule) -> bool,
) -> bool {
    lost_rules(site, alerts).into_iter().filter(|rule| has_severity(rule)).any(|rule| {
        let name = rule.alert_name().map_or("", |name| name.as_str());
        alerts.iter().any(|alert| without_last_word(alert) == without_last_word(name))
    })
}

/// `DiskFull` of `DiskFullWarning`.
fn without_last_word(name: &str) -> &str {
    let last = name.rfind(|it: char| it.is_uppercase() || !it.is_alphanumeric());
    last.map_or("", |at| &name[..at])
}

/// Whether a row that documents an alert has a link to nothing.
fn leads_nowhere(site: &Site, alert: &Alert) -> bool {
    alert.claims.iter().map(|claim| &site.claims[*claim]).any(|claim| {
        let ClaimedBy::Table { table, row } = claim.by else { return false };
        let page = &site.pages[claim.page];
        let Some((url, _)) = &page.runbook.alert_tables[table].rows[row].start else {
            return false;
        };
        match site.resolve(&page.path, url) {
            Resolved::Missing { .. } => true,
            Resolved::Internal { destination, fragment: Some(fragment), .. } => {
                site.has_anchor(destination, &fragment) == Some(false)
            }
            Resolved::External | Resolved::Internal { .. } => false,
        }
    })
}
