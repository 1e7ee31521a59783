//! Tables of alerts that other systems raise, or that nobody raises on purpose.
//!
//! A header `Alert` stands above what a supervisor logs and what Pingdom sends as well. A table is of this
//! site's alerts if its header leaves no doubt, or a name in it is that of a rule or was probably one.
//! Where all of it is unknown, the headings above may say what it is; else a name is taken for an alert's
//! that is gone only if it is written as the rules write theirs.

use super::Guess;
use crate::runbook::is_shaped;
use crate::site::{Claim, ClaimedBy, Site};
use rustc_hash::FxHashSet;

/// Tables in which no name says that they are of this site's alerts.
pub(super) struct Others<'s> {
    site: &'s Site,
    /// Whether names of rules have capitals: both, if some have and some have not.
    capitals: FxHashSet<bool>,
    /// The tables in which a rule's name stands, or what probably was one: the page and the table.
    ours: FxHashSet<(usize, usize)>,
}

impl<'s> Others<'s> {
    /// What is known of the tables of a site, given what the claims that no rule fits probably mean.
    pub fn new<'c>(
        site: &'s Site,
        guesses: impl Iterator<Item = (&'c Claim, Option<&'c Guess>)>,
    ) -> Self {
        let raised = site.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
        let capitals = raised.map(|(name, _)| has_capital(name)).collect();
        let known = site.claims.iter().map(|claim| &**claim);
        let known = known.filter(|claim| !claim.alerts.is_empty());
        let near = guesses.filter(|(_, guess)| guess.is_some()).map(|(claim, _)| claim);
        let ours = known.chain(near).filter_map(place).collect();
        Self { site, capitals, ours }
    }

    /// Whether a claim that no rule fits is probably none about an alert of this site.
    pub fn has(&self, claim: &Claim) -> bool {
        let Some(place @ (page, table)) = place(claim) else { return false };
        let runbook = &self.site.pages[page].runbook;
        let table = &runbook.alert_tables[table];
        if !table.is_vague || self.ours.contains(&place) || self.capitals.is_empty() {
            return false;
        }
        let is_as_ours =
            is_like_a_name(&claim.name) && self.capitals.contains(&has_capital(&claim.name));
        !is_as_ours
            || runbook
                .headings_around(table.range.start)
                .any(|heading| tells_of_others(&heading.text))
    }
}

fn place(claim: &Claim) -> Option<(usize, usize)> {
    let ClaimedBy::Table { table, .. } = claim.by else { return None };
    Some((claim.page, table))
}

/// `DiskFull` and `Watchdog`, not `STALE` and `Disk is full`.
fn is_like_a_name(name: &str) -> bool {
    let is_capitalized = || {
        name.starts_with(char::is_uppercase)
            && name.contains(char::is_lowercase)
            && name.chars().all(char::is_alphanumeric)
    };
    is_shaped(name) || is_capitalized()
}

fn has_capital(name: &str) -> bool {
    name.contains(char::is_uppercase)
}

/// Whether a heading says that what stands below it is not in use, or that another product raises it.
fn tells_of_others(heading: &str) -> bool {
    const UNUSED: [&str; 19] = [
        "not",
        "no",
        "never",
        "don",
        "doesn",
        "without",
        "disable",
        "disabled",
        "disabling",
        "removed",
        "retired",
        "deprecated",
        "former",
        "obsolete",
        "planned",
        "proposed",
        "future",
        "ideas",
        "silenced",
    ];
    const PRODUCTS: [&str; 22] = [
        "azure",
        "cloudwatch",
        "datadog",
        "dynatrace",
        "elastalert",
        "gcp",
        "grafana",
        "healthchecks",
        "icinga",
        "kibana",
        "loki",
        "nagios",
        "newrelic",
        "pingdom",
        "sentry",
        "splunk",
        "stackdriver",
        "statuscake",
        "sumologic",
        "uptimerobot",
        "zabbix",
        "kube-prometheus",
    ];
    let is_of = |words: &[&str], word: &str| words.iter().any(|it| it.eq_ignore_ascii_case(word));
    let mut words = heading.split(|it: char| !it.is_alphanumeric() && it != '-');
    words.any(|word| is_of(&UNUSED, word) || is_of(&PRODUCTS, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_whose_alerts_follow() {
        for heading in ["Alerts that we do not use", "Planned", "Statuscake", "Grafana alerts"] {
            assert!(tells_of_others(heading), "{heading}");
        }
        for heading in ["Alerts", "Notable alerts", "Nodes", "Critical (page)"] {
            assert!(!tells_of_others(heading), "{heading}");
        }
    }
}
