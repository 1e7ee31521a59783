//! Alerts that a section may have described before it lost them.
//!
//! The section that several rows lead to says what holds for one of them. Once the row of that one is
//! gone, or its link broken, what the section says is no longer what its other alerts do; and what is
//! to be mended is the row.

use crate::rules::Rule;
use crate::site::{Alert, ClaimedBy, Resolved, RulePlace, Site};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Rules by the file and the group that they stand in, both as indexes.
type ByGroup = FxHashMap<(usize, usize), Vec<RulePlace>>;

/// The rules of a site of alerts that no section is about because they are not documented, or because
/// their row leads nowhere.
///
/// A group may have thousands of rules, and each of them a section that asks for the lost ones beside it.
/// So they are looked for once, when a section first asks.
pub struct LostRules<'s> {
    site: &'s Site,
    by_group: OnceLock<ByGroup>,
}

impl<'s> LostRules<'s> {
    /// Those of a site.
    pub fn new(site: &'s Site) -> Self {
        Self { site, by_group: OnceLock::new() }
    }

    /// The lost rules beside those of some alerts, in their groups.
    pub fn beside(&self, alerts: &[&str]) -> impl Iterator<Item = &'s Rule> {
        let known = alerts.iter().filter_map(|name| self.site.alerts.get(*name));
        let own: BTreeSet<RulePlace> = known.flat_map(|alert| &alert.rules).copied().collect();
        let groups: BTreeSet<(usize, usize)> =
            own.iter().map(|place| (place.file, place.group)).collect();
        let by_group = self.by_group.get_or_init(|| by_group(self.site));
        let lost = groups.into_iter().filter_map(|group| by_group.get(&group)).flatten();
        let lost = lost.filter(move |place| !own.contains(place));
        lost.map(|place| self.site.rule(*place).rule)
    }

    /// Whether a section of some alerts has lost a partner of theirs, whose rule has this severity:
    /// `DiskFullCritical` beside `DiskFullWarning`.
    pub fn has_partner(&self, alerts: &[&str], has_severity: impl Fn(&Rule) -> bool) -> bool {
        self.beside(alerts).filter(|rule| has_severity(rule)).any(|rule| {
            let name = rule.alert_name().map_or("", |name| name.as_str());
            alerts.iter().any(|alert| without_last_word(alert) == without_last_word(name))
        })
    }
}

/// The lost rules of a site, group by group.
fn by_group(site: &Site) -> ByGroup {
    let mut lost = ByGroup::default();
    let is_lost = |alert: &&Arc<Alert>| alert.start.is_none() || leads_nowhere(site, alert);
    for place in site.alerts.values().filter(is_lost).flat_map(|alert| &alert.rules) {
        lost.entry((place.file, place.group)).or_default().push(*place);
    }
    lost
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
