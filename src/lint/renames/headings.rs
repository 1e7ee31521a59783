//! Names of alerts in headings. A heading claims nothing, so one that names an alert which no rule
//! raises is no finding; but where a rule has lost its documentation, it tells what the alert was
//! called before.

use super::names::Names;
use crate::runbook::shaped_words;
use crate::site::Site;
use crate::source::Span;
use std::collections::HashMap;

/// The names in headings that no rule has.
pub struct HeadingNames<'s> {
    names: Names<'s>,
    /// Where each stands first.
    places: HashMap<&'s str, Span>,
}

impl<'s> HeadingNames<'s> {
    /// Collects them.
    pub fn new(site: &'s Site) -> Self {
        let mut places = HashMap::new();
        for page in &site.pages {
            let runbook = &page.runbook;
            for heading in &runbook.headings {
                let words = shaped_words(&heading.text);
                for word in words.filter(|word| !site.alerts.contains_key(*word)) {
                    let written = &runbook.source().text()[heading.range.clone()];
                    let range = match written.find(word) {
                        Some(at) => heading.range.start + at..heading.range.start + at + word.len(),
                        None => heading.range.clone(),
                    };
                    places.entry(word).or_insert_with(|| Span::new(runbook.source(), range));
                }
            }
        }
        let mut names: Vec<&str> = places.keys().copied().collect();
        names.sort_unstable();
        Self { names: names.into_iter().collect(), places }
    }

    /// A name so like that of an alert that it may be its former one, and where it stands.
    pub fn former(&self, alert: &str) -> Option<(&'s str, &Span)> {
        let name = self.names.alike(alert)?;
        Some((name, self.places.get(name)?))
    }
}
