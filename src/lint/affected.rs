//! Which pages may have other findings after some runbooks were written anew.
//!
//! What a check says of a page it reads from the page, from the rules, and from what the rest of the
//! site has to do with the page:
//!
//! - where the page's links lead, and the anchors and headings there;
//! - the alerts that it documents, names, or is where their readers start: who else documents or names
//!   them, and whether those places can be reached; the same of the alerts in the groups of their rules,
//!   since a section may have lost one of them;
//! - the links of other pages to its sections.
//!
//! So where the rules, the addresses and the names of all alerts are as they were, the pages that have
//! none of this in common with a runbook that was written anew have the findings that they had. A check
//! that reads more of a site has to be added here; `tests/affected_pages.rs` compares with a site that is
//! checked as a whole.

use crate::rules::RuleFile;
use crate::site::address::percent_decode;
use crate::site::{Alert, Claim, Destination, Page, ROW, Resolved, Site};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The pages of a site that may have other findings than those of the site `before` it, as indexes.
/// `None` if that may be any of them.
pub fn pages(before: &Site, site: &Site) -> Option<BTreeSet<usize>> {
    if !has_same_frame(before, site) {
        return None;
    }
    let sites = [before, site];
    let is_other =
        |page: &usize| !Arc::ptr_eq(&before.pages[*page].runbook, &site.pages[*page].runbook);
    let changed: BTreeSet<usize> = (0..site.pages.len()).filter(is_other).collect();
    let mut affected = changed.clone();
    let mut alerts = other_alerts(before, site, &changed);
    if changed.iter().any(|page| leads_elsewhere(&before.pages[*page], &site.pages[*page])) {
        for site in sites {
            let led_to = changed.iter().flat_map(|page| sections_led_to(site, *page));
            affected.extend(led_to.flat_map(|place| landing_pages(site, &place)));
        }
    }
    let shows_other_places = |page: &usize| {
        let runbooks = [&before.pages[*page].runbook, &site.pages[*page].runbook];
        let [old, new] = runbooks.map(|runbook| {
            let headings = runbook.headings.iter().map(|heading| (&heading.id, &heading.text));
            (&runbook.anchors, headings.collect::<Vec<_>>())
        });
        old != new
    };
    let moved: Vec<&str> =
        alerts.iter().copied().filter(|name| has_moved(before, site, name)).collect();
    if !moved.is_empty() || changed.iter().any(shows_other_places) {
        // Links to rows count as well, which are where their alerts start.
        let starts = sites.map(|site| starts(site, &moved));
        let leads_there = |page: &usize| {
            sites.iter().zip(&starts).any(|(site, starts)| {
                let is_there = |page: &usize| changed.contains(page) || starts.contains(page);
                let led_to = sections_led_to(site, *page);
                led_to.flat_map(|place| landing_pages(site, &place)).any(|page| is_there(&page))
            })
        };
        let pages = (0..site.pages.len()).into_par_iter();
        let leading: Vec<usize> = pages.filter(leads_there).collect();
        // The rows of these pages may start an alert elsewhere now, or nowhere.
        for page in &leading {
            let claimed = sites.into_iter().flat_map(|site| site.claims_on(*page));
            alerts.extend(claimed.flat_map(|claim| claim.alerts.iter().map(String::as_str)));
        }
        affected.extend(leading);
    }
    let around = sites.into_iter().flat_map(|site| with_groups(site, &alerts));
    let around: FxHashSet<&str> = around.collect();
    for site in sites {
        let known = around.iter().filter_map(|name| site.alerts.get(*name));
        affected.extend(known.flat_map(|alert| site.pages_of(alert)));
    }
    Some(affected)
}

/// Whether two sites have the same configuration, rules, addresses and alerts, and the same pages in
/// the same order, whatever those say.
fn has_same_frame(before: &Site, site: &Site) -> bool {
    let is_same_page = |(old, new): (&Arc<Page>, &Arc<Page>)| {
        old.path == new.path
            && old.aliases == new.aliases
            && old.runbook.source().path() == new.runbook.source().path()
    };
    let is_same_file = |(old, new): (&Arc<RuleFile>, &Arc<RuleFile>)| Arc::ptr_eq(old, new);
    Arc::ptr_eq(&before.config, &site.config)
        && before.live.is_none()
        && site.live.is_none()
        && before.today() == site.today()
        && before.files == site.files
        && before.metrics == site.metrics
        && before.rule_files.len() == site.rule_files.len()
        && before.rule_files.iter().zip(&site.rule_files).all(is_same_file)
        && before.pages.len() == site.pages.len()
        && before.pages.iter().zip(&site.pages).all(is_same_page)
        && before.alerts.keys().eq(site.alerts.keys())
}

/// The alerts that are documented, named or started with in other places than before, whatever their
/// places on the pages that were written anew.
fn other_alerts<'s>(
    before: &'s Site,
    site: &'s Site,
    changed: &BTreeSet<usize>,
) -> FxHashSet<&'s str> {
    let is_same_claim = |(old, new): (&usize, &usize)| {
        let (old, new): (&Claim, &Claim) = (&before.claims[*old], &site.claims[*new]);
        (old.page, old.by, &old.name, &old.alerts) == (new.page, new.by, &new.name, &new.alerts)
    };
    // A row that was written anew may lead elsewhere.
    let is_written_anew = |claim: &usize| changed.contains(&site.claims[*claim].page);
    let is_other = |(name, new): (&'s String, &Alert)| {
        let old = before.alerts.get(name)?;
        let is_same = old.claims.len() == new.claims.len()
            && old.mentions == new.mentions
            && old.start == new.start
            && old.claims.iter().zip(&new.claims).all(is_same_claim)
            && !new.claims.iter().any(is_written_anew);
        (!is_same).then_some(name.as_str())
    };
    let names: Vec<&str> = site.alerts.par_iter().filter_map(is_other).collect();
    names.into_iter().collect()
}

/// Whether the links of a page lead to other sections than before.
fn leads_elsewhere(old: &Page, new: &Page) -> bool {
    fn to_sections(page: &Page) -> impl Iterator<Item = &str> {
        let links = page.runbook.links.iter().map(|link| link.url.as_str());
        links.filter(|url| url.contains('#'))
    }
    !to_sections(old).eq(to_sections(new))
}

/// Whether the readers of an alert start elsewhere than before.
fn has_moved(before: &Site, site: &Site, alert: &str) -> bool {
    let [old, new] = [before, site].map(|site| site.alerts.get(alert).map(|alert| &alert.start));
    old != new
}

/// What stands where the links of a page to sections of others lead, and those to rows of its own, which
/// are rows only as long as an alert starts there.
fn sections_led_to(site: &Site, page: usize) -> impl Iterator<Item = Destination> {
    let page = &site.pages[page];
    let may_be_other = |url: &str| {
        let fragment = url.split_once('#');
        fragment.is_some_and(|(path, id)| !path.is_empty() || percent_decode(id).starts_with(ROW))
    };
    let links = page.runbook.links.iter().filter(move |link| may_be_other(&link.url));
    links.filter_map(|link| match site.resolve(&page.path, &link.url) {
        Resolved::Internal { destination, .. } => Some(destination),
        Resolved::External | Resolved::Missing { .. } => None,
    })
}

fn landing_pages(site: &Site, destination: &Destination) -> Vec<usize> {
    site.landing_pages(destination).to_vec()
}

/// The pages at which readers of alerts start.
fn starts(site: &Site, alerts: &[&str]) -> FxHashSet<usize> {
    let known = alerts.iter().filter_map(|name| site.alerts.get(*name));
    known.filter_map(|alert| Some(alert.start.as_ref()?.page)).collect()
}

/// Alerts, with all those that the groups of their rules raise.
fn with_groups<'s>(site: &'s Site, alerts: &FxHashSet<&'s str>) -> Vec<&'s str> {
    let known = alerts.iter().filter_map(|name| site.alerts.get(*name));
    let places = known.flat_map(|alert| &alert.rules);
    let groups: BTreeSet<(usize, usize)> = places.map(|place| (place.file, place.group)).collect();
    let rules =
        groups.iter().flat_map(|(file, group)| &site.rule_files[*file].groups[*group].rules);
    let raised = rules.filter_map(|rule| Some(rule.alert_name()?.as_str()));
    alerts.iter().copied().chain(raised).collect()
}
