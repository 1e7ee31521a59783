//! Pages for several alerts that are called by what their names have in common: `# ApiBudgetBurn*`.
//!
//! A pattern fits alerts that nobody had in mind, so it is of those alone whose rules send people to the
//! page.

use super::{Named, Naming};
use crate::site::{Page, Resolved, Site};
use rayon::prelude::*;
use std::sync::Arc;

/// The fewest letters that a pattern says.
const FEWEST: usize = 5;

/// The alerts that the titles and headings of the pages of a site name by a pattern, each with the place.
/// The pages may be older ones at the same addresses.
pub(super) fn find<'s>(site: &'s Site, pages: &[Arc<Page>]) -> Vec<(&'s str, Named)> {
    let patterns: Vec<(usize, Vec<Pattern<'_>>)> = pages
        .par_iter()
        .enumerate()
        .map(|(index, page)| (index, patterns(page)))
        .filter(|(_, patterns)| !patterns.is_empty())
        .collect();
    if patterns.is_empty() {
        return Vec::new();
    }
    let named = site.rules().filter_map(|rule| {
        let name = rule.alert_name()?.as_str();
        let (_, url) = site.runbook_annotation(rule)?;
        let Resolved::Internal { destination, .. } = site.resolve("", url.as_str()) else {
            return None;
        };
        let landing = site.landing_pages(destination);
        let (page, patterns) = patterns.iter().find(|(page, _)| landing.contains(page))?;
        let pattern = patterns.iter().find(|pattern| pattern.fits(name))?;
        Some((name, Named { page: *page, heading: pattern.heading, naming: Naming::InHeading }))
    });
    named.collect()
}

struct Pattern<'p> {
    front: &'p str,
    back: &'p str,
    heading: Option<usize>,
}

impl Pattern<'_> {
    fn fits(&self, name: &str) -> bool {
        name.len() >= self.front.len() + self.back.len()
            && name.starts_with(self.front)
            && name.ends_with(self.back)
    }
}

fn patterns(page: &Page) -> Vec<Pattern<'_>> {
    let headings = page.runbook.headings.iter().enumerate();
    let headings = headings.map(|(at, heading)| (Some(at), heading.text.as_str()));
    let texts = std::iter::once((None, page.title.as_str())).chain(headings);
    let texts = texts.filter(|(_, text)| text.contains('*'));
    let words = texts.flat_map(|(heading, text)| {
        let words = text.split(|it: char| it.is_whitespace() || "`\"',:()[]/".contains(it));
        words.map(move |word| (heading, word))
    });
    let patterns = words.filter_map(|(heading, word)| {
        let (front, back) = word.split_once('*')?;
        let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '-';
        let says = front.len() + back.len() >= FEWEST
            && front.chars().chain(back.chars()).all(is_name)
            && front.contains(char::is_alphabetic);
        says.then_some(Pattern { front, back, heading })
    });
    patterns.collect()
}
