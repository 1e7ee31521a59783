//! Which pages and rules may have other findings after some runbooks were written anew.
//!
//! What a check says of a page it reads from the page, from the rules, and from what the rest of the
//! site has to do with the page:
//!
//! - where the page's links lead, and the anchors and headings there;
//! - the alerts that it documents, names, or is where their readers start: who else documents or names
//!   them, and whether those places can be reached; the same of the alerts in the groups of their rules,
//!   since a section may have lost one of them;
//! - the links of other pages to its sections;
//! - what is an alert at all, where the page says its name or has its address.
//!
//! So where the rules and the addresses are as they were, the pages that have none of this in common with a
//! runbook that was written anew have the findings that they had. The same holds of a rule file, by its
//! alerts and by where the addresses of runbooks in it lead. A check that reads more of a site has to be
//! added here; `tests/affected_pages.rs` compares with a site that is checked as a whole.

use crate::rules::RuleFile;
use crate::site::address::percent_decode;
use crate::site::{Alert, Claim, Destination, Page, ROW, Resolved, Site};
use memchr::memmem::Finder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What of a site may have other findings than in the site before it.
pub struct Affected<'s> {
    /// The pages that were written anew, as indexes.
    pub changed: BTreeSet<usize>,
    /// The pages that may have other findings, those among them.
    pub pages: BTreeSet<usize>,
    /// The alerts that are documented, named or started with elsewhere, and those in their groups.
    alerts: FxHashSet<&'s str>,
    /// Whether there are other alerts than before.
    pub has_other_alerts: bool,
    /// Whether a page has another title or other front matter.
    pub has_other_titles: bool,
}

impl Affected<'_> {
    /// The files of the rules that raise the alerts which are affected, as indexes.
    pub fn rule_files(&self, site: &Site) -> FxHashSet<usize> {
        let known = self.alerts.iter().filter_map(|name| site.alerts.get(*name));
        known.flat_map(|alert| &alert.rules).map(|place| place.file).collect()
    }
}

/// What of a site may have other findings than in the site `before` it. `None` if that may be anything.
pub fn between<'s>(before: &'s Site, site: &'s Site) -> Option<Affected<'s>> {
    if !has_same_frame(before, site) {
        return None;
    }
    let sites = [before, site];
    let is_other =
        |page: &usize| !Arc::ptr_eq(&before.pages[*page].runbook, &site.pages[*page].runbook);
    let changed: BTreeSet<usize> = (0..site.pages.len()).filter(is_other).collect();
    let mut pages = changed.clone();
    let named_otherwise = named_otherwise(before, site);
    let mut alerts = other_alerts(before, site, &changed);
    alerts.extend(&named_otherwise);
    pages.extend(pages_that_say(site, &named_otherwise));
    let led_by_name = pages_led_by_name(before, site, &named_otherwise);
    alerts.extend(led_by_name.iter().flat_map(|page| claimed_on(sites, *page)));
    pages.extend(led_by_name);
    if changed.iter().any(|page| leads_elsewhere(&before.pages[*page], &site.pages[*page])) {
        for site in sites {
            let led_to = changed.iter().flat_map(|page| sections_led_to(site, *page));
            pages.extend(led_to.flat_map(|place| site.landing_pages(place)));
        }
    }
    let moved: Vec<&str> =
        alerts.iter().copied().filter(|name| has_moved(before, site, name)).collect();
    let shows_other_places =
        |page: &usize| shows_other_places(&before.pages[*page], &site.pages[*page]);
    if !moved.is_empty() || changed.iter().any(shows_other_places) {
        // Links to rows count as well, which are where their alerts start.
        let starts = sites.map(|site| starts(site, &moved));
        let leads_there = |page: &usize| {
            sites.iter().zip(&starts).any(|(site, starts)| {
                let is_there = |page: &usize| changed.contains(page) || starts.contains(page);
                let led_to = sections_led_to(site, *page);
                led_to.flat_map(|place| site.landing_pages(place)).any(is_there)
            })
        };
        let leading = (0..site.pages.len()).into_par_iter().filter(leads_there);
        let leading: Vec<usize> = leading.collect();
        // The rows of these pages may start an alert elsewhere now, or nowhere.
        alerts.extend(leading.iter().flat_map(|page| claimed_on(sites, *page)));
        pages.extend(leading);
    }
    let around = sites.into_iter().flat_map(|site| with_groups(site, &alerts));
    let alerts: FxHashSet<&str> = around.collect();
    for site in sites {
        let known = alerts.iter().filter_map(|name| site.alerts.get(*name));
        pages.extend(known.flat_map(|alert| site.pages_of(alert)));
    }
    let has_other_titles = !Arc::ptr_eq(&before.navigation, &site.navigation);
    let has_other_alerts = !named_otherwise.is_empty();
    Some(Affected { changed, pages, alerts, has_other_alerts, has_other_titles })
}

/// Whether two sites have the same configuration, rules and addresses, and the same pages in the same
/// order, whatever those say.
fn has_same_frame(before: &Site, site: &Site) -> bool {
    let is_same_page = |(old, new): (&Arc<Page>, &Arc<Page>)| {
        Arc::ptr_eq(old, new)
            || old.path == new.path
                && old.aliases == new.aliases
                && old.runbook.source().path() == new.runbook.source().path()
    };
    let is_same_file = |(old, new): (&Arc<RuleFile>, &Arc<RuleFile>)| Arc::ptr_eq(old, new);
    Arc::ptr_eq(&before.config, &site.config)
        && before.live.is_none()
        && site.live.is_none()
        && before.today() == site.today()
        && (Arc::ptr_eq(&before.files, &site.files) || before.files == site.files)
        && before.metrics == site.metrics
        && before.rule_files.len() == site.rule_files.len()
        && before.rule_files.iter().zip(&site.rule_files).all(is_same_file)
        && before.pages.len() == site.pages.len()
        && before.pages.iter().zip(&site.pages).all(is_same_page)
}

/// The names of alerts that one of the sites alone has.
fn named_otherwise<'s>(before: &'s Site, site: &'s Site) -> Vec<&'s str> {
    if before.alerts.keys().eq(site.alerts.keys()) {
        return Vec::new();
    }
    let only = |site: &'s Site, other: &'s Site| {
        let names = site.alerts.keys().map(String::as_str);
        names.filter(|name| !other.alerts.contains_key(*name))
    };
    only(before, site).chain(only(site, before)).collect()
}

/// The pages in whose texts one of these names stands.
fn pages_that_say(site: &Site, names: &[&str]) -> Vec<usize> {
    let finders: Vec<Finder<'_>> = names.iter().map(|name| Finder::new(name.as_bytes())).collect();
    let says = |page: &usize| {
        let text = site.pages[*page].runbook.source().text().as_bytes();
        finders.iter().any(|finder| finder.find(text).is_some())
    };
    (0..site.pages.len()).into_par_iter().filter(says).collect()
}

/// The alerts that the rows of a page claim in one of the sites.
fn claimed_on(sites: [&Site; 2], page: usize) -> impl Iterator<Item = &str> {
    let claims = sites.into_iter().flat_map(move |site| site.claims_on(page));
    claims.flat_map(|claim| claim.alerts.iter().map(String::as_str))
}

/// The pages of which a link, or an address that is none, leads elsewhere since there are other alerts.
fn pages_led_by_name(before: &Site, site: &Site, names: &[&str]) -> Vec<usize> {
    /// Whatever else is part of an address, that of an alert has this, be it encoded.
    const FOLDER: &str = "alerts";
    if names.is_empty() {
        return Vec::new();
    }
    let is_led = |page: &usize| {
        let page = &site.pages[*page];
        let may_lead_there =
            |url: &str| url.contains(FOLDER) || url.contains('%') || page.path.contains(FOLDER);
        let links = page.runbook.links.iter().map(|link| link.url.as_str());
        let in_tags = page.runbook.named_addresses.iter().map(|(url, _)| url.as_str());
        links.chain(in_tags).filter(|url| may_lead_there(url)).any(|url| {
            let [old, new] = [before, site].map(|site| site.resolve(&page.path, url));
            // What is meant by an address at which nothing stands may be an alert.
            old != new || matches!(new, Resolved::Missing { .. })
        })
    };
    (0..site.pages.len()).into_par_iter().filter(is_led).collect()
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
    let is_other = |(name, new): (&'s String, &'s Arc<Alert>)| {
        let is_same = |old: &Arc<Alert>| {
            Arc::ptr_eq(old, new)
                || old.claims.len() == new.claims.len()
                    && old.mentions == new.mentions
                    && old.start == new.start
                    && old.claims.iter().zip(&new.claims).all(is_same_claim)
        };
        (!before.alerts.get(name).is_some_and(is_same)).then_some(name.as_str())
    };
    let names: Vec<&str> = site.alerts.par_iter().filter_map(is_other).collect();
    // A row that was written anew may lead elsewhere.
    let claims = |site: &'s Site| changed.iter().flat_map(|page| site.claims_on(*page));
    let claimed = [before, site].into_iter().flat_map(claims);
    let claimed = claimed.flat_map(|claim| claim.alerts.iter().chain([&claim.name]));
    names.into_iter().chain(claimed.map(String::as_str)).collect()
}

/// Whether a page has other anchors or headings than before.
fn shows_other_places(old: &Page, new: &Page) -> bool {
    fn headings(page: &Page) -> impl Iterator<Item = (&str, &str)> {
        page.runbook.headings.iter().map(|heading| (heading.id.as_str(), heading.text.as_str()))
    }
    old.runbook.anchors != new.runbook.anchors || !headings(old).eq(headings(new))
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
fn sections_led_to(site: &Site, page: usize) -> impl Iterator<Item = &Destination> {
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
