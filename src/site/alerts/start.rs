//! Where the readers of an alert start: at the section that its row links to, or that has its name; else
//! where it is named. A long page is never opened at its top if more can be said.

use super::{Alert, Alerts, Claim, ClaimedBy, Named, Naming};
use crate::diag::suggest::are_alike;
use crate::runbook::{AlertRow, Heading};
use crate::site::{Destination, Resolved, Site};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

/// Where to start with an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The page, as an index.
    pub page: usize,
    /// The section, if it is not the page's top.
    pub fragment: Option<String>,
    /// Whether what stands there is about the alert, and does not only name it.
    pub is_about: bool,
    /// Whether the section is merely the one around a table that names the alert, with others.
    pub is_shared: bool,
    /// Whether nothing on the page is more about the alert than its row in that table, and the row is
    /// where its reader lands.
    pub is_row: bool,
}

impl Site {
    /// Where the readers of an alert start: an output path, and the section or the row there. It is
    /// the alert's own page where no runbook names the alert.
    pub fn start_of<'s>(
        &'s self,
        name: &str,
        alert: &'s Alert,
    ) -> (Cow<'s, str>, Option<Cow<'s, str>>) {
        match &alert.start {
            Some(start) => (Cow::from(&self.pages[start.page].path), start.landing(name)),
            None => (Cow::from(self.alert_page(name)), None),
        }
    }

    /// Whether a fragment of a page is the row that readers of an alert land at.
    pub(in crate::site) fn has_row(&self, page: usize, fragment: &str) -> bool {
        let is_it = |name: &String| {
            let start = self.alerts.get(name).and_then(|alert| alert.start.as_ref());
            start.is_some_and(|start| start.is_row) && row_id(name) == fragment
        };
        fragment.starts_with(ROW) && self.alerts_starting_on(page).iter().any(is_it)
    }
}

/// What the id of a row begins with. It has a dot, which no id of a heading has.
pub const ROW: &str = "alert.";

/// The id of an alert's row, another one for each name: no id may hold a blank, which is `~20` here.
pub fn row_id(alert: &str) -> String {
    let mut id = ROW.to_owned();
    for character in alert.chars() {
        if character.is_whitespace() || character == '~' {
            let _ = write!(id, "~{:x}", u32::from(character));
        } else {
            id.push(character);
        }
    }
    id
}

impl Start {
    /// A page, or a section of it, that is about the alert.
    pub fn at(page: usize, fragment: Option<String>) -> Self {
        Self { page, fragment, is_about: true, is_shared: false, is_row: false }
    }

    /// What the address of the page ends in for the readers of this alert.
    pub fn landing(&self, alert: &str) -> Option<Cow<'_, str>> {
        match &self.fragment {
            _ if self.is_row => Some(Cow::from(row_id(alert))),
            fragment => fragment.as_deref().map(Cow::from),
        }
    }

    /// The section, if it is about the alert and not about all that a table names.
    pub fn own_fragment(&self) -> Option<&str> {
        self.fragment.as_deref().filter(|_| !self.is_shared)
    }
}

/// The alerts that start on a page.
#[derive(Debug)]
pub(in crate::site) struct Starting {
    /// Their names, in order.
    names: Box<[String]>,
    /// The fragments that they start at, in order, each with the first of them.
    sections: Box<[(String, String)]>,
}

impl Starting {
    /// Those of all alerts of a site, by page.
    pub fn by_page(alerts: &Alerts) -> FxHashMap<usize, Arc<Self>> {
        let mut names: FxHashMap<usize, Vec<&str>> = FxHashMap::default();
        for (name, alert) in alerts {
            if let Some(start) = &alert.start {
                names.entry(start.page).or_default().push(name);
            }
        }
        let starting = |(page, names)| (page, Arc::new(Self::new(alerts, names)));
        names.into_par_iter().map(starting).collect()
    }

    /// Those of these names, in order.
    pub fn new(alerts: &Alerts, names: Vec<&str>) -> Self {
        let section = |name: &&str| {
            let fragment = alerts.get(*name)?.start.as_ref()?.own_fragment()?;
            Some((fragment.to_owned(), (*name).to_owned()))
        };
        let mut sections: Vec<(String, String)> = names.iter().filter_map(section).collect();
        sections.sort_unstable();
        sections.dedup_by(|(later, _), (first, _)| later == first);
        let names = names.into_iter().map(str::to_owned).collect();
        Self { names, sections: sections.into() }
    }

    /// Their names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The first of those that start at a fragment.
    pub fn first_at(&self, fragment: &str) -> Option<&str> {
        let at = self.sections.binary_search_by(|(other, _)| other.as_str().cmp(fragment)).ok()?;
        Some(&self.sections[at].1)
    }
}

/// Where a reader of an alert starts: where its first claim says, else where it is named.
pub(super) fn find(site: &Site, claims: &[Arc<Claim>], name: &str, alert: &Alert) -> Option<Start> {
    let Some(claim) = alert.claims.first().map(|index| &claims[*index]) else {
        return named_start(site, name, alert);
    };
    let page = claim.page;
    let own = || own_heading(site, page, name);
    if let ClaimedBy::Table { table, row } = claim.by {
        let table = &site.pages[page].runbook.alert_tables[table];
        let row = &table.rows[row];
        if let Some(linked) = linked_start(site, page, row) {
            return Some(linked);
        }
        if let Some(own) = own() {
            return Some(Start::at(page, Some(own)));
        }
        let named = heading_with_name(page, alert);
        let runbook = &site.pages[page].runbook;
        let heading = named.or_else(|| runbook.heading_before(row.range.start));
        let is_title = |at: &usize| *at == 0 && runbook.headings[0].level == 1;
        let section = heading.filter(|heading| !is_title(heading));
        return Some(Start {
            page,
            fragment: section.map(|heading| runbook.headings[heading].id.clone()),
            is_about: true,
            is_shared: true,
            is_row: named.is_none() && !table.is_html,
        });
    }
    Some(Start::at(page, own()))
}

/// Where a reader starts with an alert that nothing claims to document.
fn named_start(site: &Site, name: &str, alert: &Alert) -> Option<Start> {
    let Named { page, heading, naming } = *alert.mentions.first()?;
    let headings = &site.pages[page].runbook.headings;
    let mut heading = match naming {
        Naming::Field => section_of_field(headings, heading),
        _ => heading,
    };
    if naming >= Naming::Field {
        let mut there = alert.mentions.iter().filter(|named| named.page == page);
        let defined = there.find_map(|named| section_of_definition(headings, named.heading?));
        let is_within = |around: &usize| {
            let section = site.pages[page].runbook.section(*around);
            heading.is_some_and(|inner| section.contains(&headings[inner].range.start))
        };
        heading = defined.filter(is_within).or(heading);
    }
    let named_below = || Some(headings[heading?].id.clone());
    let own = own_heading(site, page, name);
    let is_about = own.is_some() || naming < Naming::Elsewhere;
    Some(Start { is_about, ..Start::at(page, own.or_else(named_below)) })
}

/// The heading that has an alert's name among other words.
fn heading_with_name(page: usize, alert: &Alert) -> Option<usize> {
    let mut mentions = alert.mentions.iter();
    let named = mentions.find(|it| it.page == page && it.naming == Naming::InHeading);
    named?.heading
}

/// The section around a heading such as `Alert Definition`, which says no more than that a rule
/// stands below it; none if that is the whole page.
fn section_of_definition(headings: &[Heading], heading: usize) -> Option<usize> {
    const WORDS: [&str; 6] = ["alert", "alerting", "definition", "details", "prometheus", "rule"];
    let own = &headings[heading];
    let mut words = own.text.split_whitespace();
    if !words.all(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))) {
        return None;
    }
    let around = headings[..heading].iter().rposition(|around| around.level < own.level)?;
    (around > 0 || headings[0].level > 1).then_some(around)
}

/// The section that a field is about, given the heading above the field: where that says no more than
/// `Alert details`, the section around it.
fn section_of_field(headings: &[Heading], heading: Option<usize>) -> Option<usize> {
    const GENERAL: [&str; 16] = [
        "about",
        "alert",
        "alerts",
        "alerting",
        "name",
        "rule",
        "data",
        "definition",
        "description",
        "details",
        "general",
        "info",
        "information",
        "metadata",
        "overview",
        "summary",
    ];
    let own = &headings[heading?];
    let mut words = own.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if !words.all(|word| GENERAL.iter().any(|general| general.eq_ignore_ascii_case(word))) {
        return heading;
    }
    headings[..heading?].iter().rposition(|around| around.level < own.level)
}

/// The fragment of the heading that is an alert's name, be it as words.
fn own_heading(site: &Site, page: usize, name: &str) -> Option<String> {
    let mut headings = site.pages[page].runbook.headings.iter();
    let own = headings.find(|heading| are_alike(&heading.text, name))?;
    Some(own.id.clone())
}

/// Where the link of a row leads, if it lands on a page of this site.
fn linked_start(site: &Site, page: usize, row: &AlertRow) -> Option<Start> {
    let (url, _) = row.start.as_ref()?;
    let resolved = site.resolve(&site.pages[page].path, url);
    let Resolved::Internal { destination, fragment, .. } = resolved else { return None };
    let fragment = fragment.filter(|fragment| !fragment.is_empty());
    if let Some(fragment) = &fragment
        && site.has_anchor(destination, fragment) != Some(true)
    {
        return None;
    }
    let fragment = fragment.map(Cow::into_owned);
    match destination {
        Destination::Page(page) => Some(Start::at(*page, fragment)),
        Destination::Alias(pages) => Some(Start::at(*pages.first()?, fragment)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_the_same_have_ids_that_are_not() {
        for (name, id) in [
            ("DiskFull", "alert.DiskFull"),
            ("Disk-Full", "alert.Disk-Full"),
            ("Disk Full", "alert.Disk~20Full"),
            ("Disk~20Full", "alert.Disk~7e20Full"),
        ] {
            assert_eq!(row_id(name), id);
        }
    }
}
