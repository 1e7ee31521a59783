//! Names of alerts in headings, titles and fields. They claim nothing, so one that names an alert
//! which no rule raises is no finding; but where a rule has lost its documentation, they tell what the
//! alert was called before.

use super::names::Names;
use crate::runbook::{Heading, shaped_words};
use crate::site::{Page, Site};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// The names that pages have for what they are about, and no rule has.
pub struct FormerNames<'s> {
    /// Of fields, `**Alert:** DiskFull`: nothing else can be meant.
    fields: Known<'s>,
    /// Words of headings and titles that look like names.
    headings: Known<'s>,
    /// Whole headings, for alerts whose names have blanks.
    phrases: Known<'s>,
}

impl<'s> FormerNames<'s> {
    /// Collects them.
    pub fn new(site: &'s Site) -> Self {
        let mut fields: HashMap<&str, Span> = HashMap::new();
        let mut headings = HashMap::new();
        let mut phrases = HashMap::new();
        for page in &site.pages {
            for mention in page.runbook.mentions.iter().filter(|mention| mention.is_field) {
                let heading = mention.heading.map(|heading| &page.runbook.headings[heading]);
                if let Some(span) = below(page, heading, mention.word) {
                    fields.entry(mention.word).or_insert(span);
                }
            }
            if let Some(title) = page.runbook.front_matter.text("title") {
                for word in shaped_words(&page.title) {
                    headings.entry(word).or_insert_with(|| title.span().clone());
                }
            }
            for heading in &page.runbook.headings {
                for word in shaped_words(&heading.text) {
                    headings.entry(word).or_insert_with(|| within(page, heading, word));
                }
                let text = heading.text.trim();
                if text.contains(char::is_whitespace) {
                    phrases.entry(text).or_insert_with(|| within(page, heading, text));
                }
            }
        }
        let [fields, headings, phrases] =
            [fields, headings, phrases].map(|places| Known::new(site, places));
        Self { fields, headings, phrases }
    }

    /// A name so like that of an alert that it may be its former one, and where it stands.
    pub fn former(&self, alert: &str) -> Option<(&'s str, &Span)> {
        let phrase = || alert.contains(char::is_whitespace).then(|| self.phrases.alike(alert));
        let found = self.fields.alike(alert).or_else(|| self.headings.alike(alert));
        found.or_else(|| phrase()?)
    }
}

/// Names that no rule has.
struct Known<'s> {
    names: Names<'s>,
    /// Where each stands first.
    places: HashMap<&'s str, Span>,
}

impl<'s> Known<'s> {
    fn new(site: &Site, mut places: HashMap<&'s str, Span>) -> Self {
        // What claims to document an alert is compared with care already.
        let claimed: HashSet<&str> = site.claims.iter().map(|claim| claim.name.as_str()).collect();
        places.retain(|name, _| !site.alerts.contains_key(*name) && !claimed.contains(name));
        let mut names: Vec<&str> = places.keys().copied().collect();
        names.sort_unstable();
        Self { names: names.into_iter().collect(), places }
    }

    fn alike(&self, alert: &str) -> Option<(&'s str, &Span)> {
        let name = self.names.alike(alert)?;
        Some((name, self.places.get(name)?))
    }
}

/// Where a word of a heading stands.
fn within(page: &Page, heading: &Heading, word: &str) -> Span {
    let source = page.runbook.source();
    let range = match source.text()[heading.range.clone()].find(word) {
        Some(at) => heading.range.start + at..heading.range.start + at + word.len(),
        None => heading.range.clone(),
    };
    Span::new(source, range)
}

/// Where a word stands first below a heading, or below the top of the page.
fn below(page: &Page, heading: Option<&Heading>, word: &str) -> Option<Span> {
    let source = page.runbook.source();
    let start = heading.map_or(0, |heading| heading.range.end);
    let at = start + source.text()[start..].find(word)?;
    Some(Span::new(source, at..at + word.len()))
}
