//! What the checks find that go over a site rule file by rule file, and where that comes from: a rule file
//! is looked at again when a page may matter to it that was written anew.

use super::affected::Affected;
use super::runbook_url::RunbookUrl;
use super::{Check, InRuleFile, OpenRuleFile};
use crate::diag::Diagnostic;
use crate::site::{Destination, Resolved, Site};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What there is in a rule file, and what that depends on beside the file and the alerts that it raises.
/// There are as many of them as rule files, nearly all without a finding.
#[derive(Debug, Default)]
pub struct OnRules {
    found: Vec<Diagnostic>,
    /// The pages at which its addresses land, and those by whose texts a check went, as indexes.
    read: Box<[u32]>,
    /// Whether an address leads to an alert that has no place now.
    is_open: bool,
    /// Whether it may matter what alerts there are.
    reads_names: bool,
}

impl OnRules {
    /// What the checks have found.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Whether one of these pages has said what there is.
    pub fn has_read(&self, pages: &BTreeSet<usize>) -> bool {
        self.read.iter().any(|page| pages.contains(&(*page as usize)))
    }

    /// Whether there may be something else, the alerts of the file aside. What is found says more of a
    /// site than what is not: what was probably meant, and where an alert is documented.
    pub fn may_be_other(&self, affected: &Affected<'_>) -> bool {
        !self.found.is_empty()
            || self.is_open
            || affected.has_other_alerts && self.reads_names
            || self.has_read(&affected.pages)
    }
}

/// The checks that are on in a site, on their way over its rule files.
pub struct InRules<'s> {
    site: &'s Site,
    checks: Vec<InRuleFile<'s>>,
}

impl<'s> InRules<'s> {
    /// Those of the checks that go that way.
    pub fn new(site: &'s Site, running: &[&Check]) -> Self {
        let checks = running.iter().filter_map(|check| check.in_rule_files(site)).collect();
        Self { site, checks }
    }

    /// What there is in each of the rule files.
    pub fn look_at_all(&self) -> Vec<Arc<OnRules>> {
        let files = (0..self.site.rule_files.len()).into_par_iter();
        files.map(|file| Arc::new(self.look_at(file))).collect()
    }

    /// The same where it is known for all those that are not stale.
    pub fn look_again(
        &self,
        known: &[Arc<OnRules>],
        is_stale: impl Fn(usize, &OnRules) -> bool + Sync,
    ) -> Vec<Arc<OnRules>> {
        let again = |(file, known): (usize, &Arc<OnRules>)| {
            if is_stale(file, known) { Arc::new(self.look_at(file)) } else { Arc::clone(known) }
        };
        known.par_iter().enumerate().map(again).collect()
    }

    fn look_at(&self, file: usize) -> OnRules {
        if self.checks.is_empty() {
            return OnRules::default();
        }
        let open = OpenRuleFile::new(self.site, file);
        let mut on_rules = OnRules::default();
        let mut read = BTreeSet::new();
        for find in &self.checks {
            let in_file = find(&open);
            on_rules.found.extend(in_file.found);
            // Whoever reads a page looks where the links there lead.
            on_rules.reads_names |= !in_file.read.is_empty();
            read.extend(in_file.read);
        }
        // Whether one is missing depends on where those of all rules lead.
        let alerting = open.file.rules().filter(|rule| rule.alert_name().is_some());
        on_rules.reads_names |= alerting.count() > open.urls().len();
        for url in open.urls() {
            on_rules.reads_names |= may_lead_to_alerts(url);
            if let Some(Resolved::Internal { destination, .. }) = &url.within {
                let pages = self.site.landing_pages(destination);
                let is_alert = matches!(destination, Destination::Alert(_));
                on_rules.is_open |= is_alert && pages.is_empty();
                read.extend(pages);
            }
        }
        on_rules.found.shrink_to_fit();
        on_rules.read = read.into_iter().filter_map(|page| u32::try_from(page).ok()).collect();
        on_rules
    }
}

/// Whether an address leads to a place that an alert may have, or would if there were one of that name.
/// All of these are below one folder, whose name stands in the address, be it encoded, or in the path of
/// the rule file where the address begins there.
fn may_lead_to_alerts(url: &RunbookUrl<'_>) -> bool {
    const FOLDER: &str = "alerts";
    url.address.contains(FOLDER)
        || url.address.contains('%')
        || url.text.span().source().path().contains(FOLDER)
}
