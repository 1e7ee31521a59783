//! The join of a site of which a few pages say something else: what has nothing to do with these pages
//! stays as it was joined before.
//!
//! Only what is found on a page by itself is found again on these pages alone: its claims, and the names
//! that it mentions. What depends on all of them is found again as a whole, which pages are for a single
//! alert and which alerts are named by a pattern. An alert is written anew where any of this is other, and
//! where its row leads to one of these pages. `tests/affected_pages.rs` compares with a site that is joined
//! as a whole.

use super::{
    Alert, Alerts, Claim, ClaimedBy, Known, Named, Naming, Raised, Starting, meant_by, mentions_on,
    patterns, start,
};
use crate::site::destinations::{self, PagesOfAlerts};
use crate::site::near_sections::NearSections;
use crate::site::{Resolved, Site};
use memchr::memmem::Finder;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Joins a site again in which the pages `changed` say something else than in the one `before` it, and all
/// addresses are the same but for those of alerts. `None` if it has to be assembled as a whole.
pub(in crate::site) fn join_again(
    before: &Site,
    site: &mut Site,
    changed: &BTreeSet<usize>,
) -> Option<()> {
    // As at first: nothing leads to an alert as long as it is not known where alerts start.
    site.alerts = Arc::default();
    site.starting = Arc::default();
    site.addresses_of_alerts = Arc::default();
    site.renames = OnceLock::new();
    site.near_paths.forget_alerts();
    site.near_sections = NearSections::default();
    let mut join = Join {
        before,
        site,
        changed,
        claims: Vec::with_capacity(before.claims.len()),
        alerts: Alerts::clone(&before.alerts),
        other: FxHashSet::default(),
    };
    join.claim();
    let names = join.other_names();
    if !names.is_empty() && destinations::may_yield_to_alerts(site) {
        return None;
    }
    join.mention(&names);
    let moved = join.start();
    let starting = join.starting(&moved);
    let Join { claims, alerts, .. } = join;
    site.claims = claims;
    site.starting = starting;
    site.alerts = Arc::new(alerts);
    if names.is_empty() {
        site.addresses_of_alerts = Arc::clone(&before.addresses_of_alerts);
    } else {
        PagesOfAlerts::of(site, &site.alerts).register(site);
    }
    Some(())
}

/// A join on its way.
struct Join<'j> {
    before: &'j Site,
    site: &'j Site,
    changed: &'j BTreeSet<usize>,
    claims: Vec<Arc<Claim>>,
    alerts: Alerts,
    /// The alerts of which it may be other where they are documented, named or started with.
    other: FxHashSet<String>,
}

impl Join<'_> {
    /// Finds the claims, and gives them to their alerts.
    fn claim(&mut self) {
        let mut anew = self.claims_anew();
        let pages: FxHashSet<usize> = anew.keys().copied().collect();
        // Where each claim stands now that was there before, if it is still there.
        let mut places: Vec<Option<usize>> = Vec::with_capacity(self.before.claims.len());
        let mut new: Vec<usize> = Vec::new();
        let mut push = |claims: &mut Vec<Arc<Claim>>, of_page: Vec<Arc<Claim>>| {
            for claim in of_page {
                new.push(claims.len());
                claims.push(claim);
            }
        };
        for claim in &self.before.claims {
            while anew.first_key_value().is_some_and(|(page, _)| *page <= claim.page) {
                push(
                    &mut self.claims,
                    anew.pop_first().map(|(_, claims)| claims).unwrap_or_default(),
                );
            }
            if pages.contains(&claim.page) {
                places.push(None);
                self.other.extend(claim.told().iter().cloned());
            } else {
                places.push(Some(self.claims.len()));
                self.claims.push(Arc::clone(claim));
            }
        }
        for of_page in anew.into_values() {
            push(&mut self.claims, of_page);
        }
        let is_in_place = |claim: &usize| places[*claim] == Some(*claim);
        for alert in self.alerts.values_mut().filter(|it| !it.claims.iter().all(is_in_place)) {
            let alert = Arc::make_mut(alert);
            alert.claims = alert.claims.iter().filter_map(|claim| places[*claim]).collect();
        }
        for index in new {
            for name in self.claims[index].told() {
                let alert = Arc::make_mut(self.alerts.entry(name.clone()).or_default());
                let at = alert.claims.partition_point(|claim| *claim <= index);
                alert.claims.insert(at, index);
                self.other.insert(name.clone());
            }
        }
        let is_gone = |alert: &Alert| alert.rules.is_empty() && alert.claims.is_empty();
        for name in &self.other {
            if self.alerts.get(name).is_some_and(|alert| is_gone(alert)) {
                self.alerts.shift_remove(name);
            }
        }
        if !self.alerts.keys().is_sorted() {
            self.alerts.sort_unstable_keys();
        }
    }

    /// The claims of the pages that were written anew, and of those that are or are no longer called by
    /// the name of an alert.
    fn claims_anew(&self) -> BTreeMap<usize, Vec<Arc<Claim>>> {
        let Self { before, site, changed, .. } = *self;
        let raised = Raised::new(&before.alerts, &before.situations);
        let on_page = |page: &usize| (*page, raised.claims_on(*page, &site.pages[*page]));
        let mut anew: BTreeMap<usize, Vec<Arc<Claim>>> = changed.iter().map(on_page).collect();
        let is_by_title = |claim: &&Arc<Claim>| claim.by == ClaimedBy::Title;
        let others = || before.claims.iter().filter(|claim| !changed.contains(&claim.page));
        let taken = others().filter(|claim| !is_by_title(claim)).map(|claim| claim.page);
        let taken_now = anew.iter().filter(|(_, claims)| !claims.is_empty());
        let taken: FxHashSet<usize> = taken.chain(taken_now.map(|(page, _)| *page)).collect();
        let by_title = raised.claims_by_title(site, &|page| !taken.contains(&page));
        let mut was_by_title: FxHashMap<usize, &Claim> =
            others().filter(is_by_title).map(|claim| (claim.page, &**claim)).collect();
        for claim in by_title {
            let is_same = |old: &Claim| (&old.name, &old.alerts) == (&claim.name, &claim.alerts);
            if !was_by_title.remove(&claim.page).is_some_and(is_same) {
                anew.entry(claim.page).or_default().push(claim);
            }
        }
        anew.extend(was_by_title.into_keys().map(|page| (page, Vec::new())));
        anew
    }

    /// The alerts that are there now or were there before, and not both.
    fn other_names(&self) -> Vec<String> {
        let is_in = |alerts: &Alerts, name: &String| alerts.contains_key(name);
        let names = self.other.iter();
        let names = names.filter(|it| is_in(&self.alerts, it) != is_in(&self.before.alerts, it));
        names.cloned().collect()
    }

    /// Finds where the alerts are named, of which those of these names were not there before, or are not
    /// there now.
    fn mention(&mut self, names: &[String]) {
        let Self { before, site, changed, .. } = *self;
        let situations = &before.situations;
        let known_before = Known::of(&before.alerts, situations);
        let known = Known::of(&self.alerts, situations);
        let on_page = |page: usize| mentions_on(page, &site.pages[page], &known);
        let mut found: FxHashMap<&str, Mentions> = FxHashMap::default();
        for page in changed {
            for (word, _) in mentions_on(*page, &before.pages[*page], &known_before) {
                for name in meant_by(word, situations) {
                    found.entry(name).or_default();
                }
            }
            for (word, named) in on_page(*page) {
                for name in meant_by(word, situations) {
                    found.entry(name).or_default().on_pages.push(named);
                }
            }
        }
        let new: FxHashSet<&str> = names.iter().map(String::as_str).collect();
        for page in self.pages_that_may_name(names) {
            for (word, named) in on_page(page).into_iter().filter(|(word, _)| new.contains(word)) {
                found.entry(word).or_default().on_pages.push(named);
            }
        }
        for (word, _) in patterns::find(site, &before.pages) {
            for name in meant_by(word, situations) {
                found.entry(name).or_default().old_patterns += 1;
            }
        }
        for (word, named) in patterns::find(site, &site.pages) {
            for name in meant_by(word, situations) {
                found.entry(name).or_default().patterns.push(named);
            }
        }
        for (name, mentions) in found {
            if let Some(alert) = self.alerts.get_mut(name) {
                let mentions = mentions.beside(&alert.mentions, changed);
                if mentions != alert.mentions {
                    Arc::make_mut(alert).mentions = mentions;
                }
                self.other.insert(name.to_owned());
            }
        }
    }

    /// The pages that may say one of these names, those aside that are looked at anyway. A word that may
    /// be a name is in the text of a page, as a cell of a table, or among the words that it may mention.
    fn pages_that_may_name(&self, names: &[String]) -> Vec<usize> {
        let finders: Vec<Finder<'_>> =
            names.iter().map(|name| Finder::new(name.as_bytes())).collect();
        let may_name = |page: &usize| {
            let runbook = &self.site.pages[*page].runbook;
            let texts = [runbook.source().text(), runbook.mentions.text()];
            let is_in = |finder: &Finder<'_>| {
                texts.iter().any(|text| finder.find(text.as_bytes()).is_some())
            };
            !self.changed.contains(page) && finders.iter().any(is_in)
        };
        (0..self.site.pages.len()).into_par_iter().filter(may_name).collect()
    }

    /// Finds where those alerts start for which it may be another place, and says for which it is.
    fn start(&mut self) -> BTreeSet<String> {
        let Self { site, ref claims, .. } = *self;
        let leading = self.leading();
        let mut moved = BTreeSet::new();
        for name in self.other.iter().chain(&leading) {
            let Some(alert) = self.alerts.get_mut(name) else {
                moved.insert(name.clone());
                continue;
            };
            let start = start::find(site, claims, name, alert);
            if start != alert.start {
                moved.insert(name.clone());
                Arc::make_mut(alert).start = start;
            }
        }
        moved
    }

    /// Which alerts start on which page, where these start elsewhere than before, or are gone.
    fn starting(&self, moved: &BTreeSet<String>) -> Arc<FxHashMap<usize, Arc<Starting>>> {
        let known = &self.before.starting;
        let page_in = |alerts: &Alerts, name: &str| Some(alerts.get(name)?.start.as_ref()?.page);
        let pages = [&*self.before.alerts, &self.alerts];
        let pages = moved.iter().flat_map(|name| pages.map(|alerts| page_in(alerts, name)));
        let pages: BTreeSet<usize> = pages.flatten().collect();
        if pages.is_empty() {
            return Arc::clone(known);
        }
        let mut starting = FxHashMap::clone(known);
        for page in pages {
            let stays = |name: &&String| page_in(&self.alerts, name) == Some(page);
            let names = known.get(&page).map_or(&[][..], |starting| starting.names());
            let names: BTreeSet<&String> = names.iter().chain(moved).filter(stays).collect();
            if names.is_empty() {
                starting.remove(&page);
            } else {
                let names = names.into_iter().map(String::as_str).collect();
                starting.insert(page, Arc::new(Starting::new(&self.alerts, names)));
            }
        }
        Arc::new(starting)
    }

    /// The alerts whose rows lead to other pages than their own, if a link there may land now or no
    /// longer does.
    fn leading(&self) -> Vec<String> {
        let Self { before, site, changed, .. } = *self;
        let has_other_anchors =
            |page: &usize| before.pages[*page].runbook.anchors != site.pages[*page].runbook.anchors;
        if !changed.iter().any(has_other_anchors) {
            return Vec::new();
        }
        let leads_there = |(name, alert): (&String, &Arc<Alert>)| {
            let claim = &self.claims[*alert.claims.first()?];
            let ClaimedBy::Table { table, row } = claim.by else { return None };
            let page = &site.pages[claim.page];
            let (url, _) = page.runbook.alert_tables[table].rows[row].start.as_ref()?;
            if url.starts_with('#') {
                return None;
            }
            let Resolved::Internal { destination, .. } = site.resolve(&page.path, url) else {
                return None;
            };
            let mut pages = site.landing_pages(destination).iter();
            pages.any(|page| changed.contains(page)).then(|| name.clone())
        };
        self.alerts.par_iter().filter_map(leads_there).collect()
    }
}

/// Where an alert is named, as far as it was found out again.
#[derive(Default)]
struct Mentions {
    /// On pages that were looked at.
    on_pages: Vec<Named>,
    /// By patterns.
    patterns: Vec<Named>,
    /// How often patterns named it before.
    old_patterns: usize,
}

impl Mentions {
    /// All of them, in order, beside the old ones on pages that were not written anew.
    fn beside(self, old: &[Named], changed: &BTreeSet<usize>) -> Vec<Named> {
        // Patterns come last among those of their kind.
        let end = old.partition_point(|named| named.naming <= Naming::InHeading);
        let is_of_pattern = |at: &usize| (end - self.old_patterns..end).contains(at);
        let old = old.iter().enumerate().filter(|(at, _)| !is_of_pattern(at));
        let old = old.map(|(_, named)| *named).filter(|named| !changed.contains(&named.page));
        let on_pages = old.chain(self.on_pages).map(|named| (named, Some(named.page)));
        let patterns = self.patterns.into_iter().map(|named| (named, None));
        let mut all: Vec<(Named, Option<usize>)> = on_pages.chain(patterns).collect();
        // In the order in which they are found where all are.
        all.sort_by_key(|(named, page)| (named.naming, page.is_none(), *page));
        all.into_iter().map(|(named, _)| named).collect()
    }
}
