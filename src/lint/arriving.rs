//! What leads to the sections of a site, and fixes that change the text of headings.
//!
//! The id of a heading is made of its text, so that a fix within it would leave behind whatever leads
//! there. Such a fix writes the id that the heading has, `{#id}`.

use crate::diag::fix::{Edit, Fix, Safety};
use crate::lang;
use crate::markdown::{self, BlockKind};
use crate::runbook::{Heading, Link};
use crate::site::{Destination, Page, Resolved, Site};
use crate::source::Source;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// The links and the rules that lead to sections.
pub struct Arriving<'s> {
    links: FxHashMap<(usize, String), Vec<(&'s Page, &'s Link)>>,
    rules: Vec<(usize, String)>,
    pages: FxHashMap<&'s str, usize>,
}

impl<'s> Arriving<'s> {
    /// Those of a site.
    pub fn new(site: &'s Site) -> Self {
        let pages = site.pages.iter().enumerate().map(|(index, page)| (page.path.as_str(), index));
        let mut arriving =
            Self { links: FxHashMap::default(), rules: Vec::new(), pages: pages.collect() };
        for page in &site.pages {
            for link in page.runbook.links.iter().filter(|link| link.url.contains('#')) {
                for place in landing(site, &page.path, &link.url) {
                    arriving.links.entry(place).or_default().push((page, link));
                }
            }
        }
        for rule in site.rules() {
            let url = site.runbook_annotation(rule).map(|(_, url)| url.as_str());
            if let Some(url) = url.filter(|url| url.contains('#')) {
                arriving.rules.extend(landing(site, "", url));
            }
        }
        arriving
    }

    /// The links that lead to a section, each with its page.
    pub fn at(&self, page: &Page, id: &str) -> &[(&'s Page, &'s Link)] {
        let place = self.pages.get(page.path.as_str()).map(|page| (*page, id.to_owned()));
        place.and_then(|place| self.links.get(&place)).map_or(&[], Vec::as_slice)
    }

    /// Whether a rule leads to a section.
    pub fn has_rule(&self, page: &Page, id: &str) -> bool {
        let page = self.pages.get(page.path.as_str());
        self.rules.iter().any(|(at, fragment)| Some(at) == page && fragment == id)
    }
}

/// The sections that an address leads to: more than one where pages share it.
fn landing(site: &Site, from: &str, url: &str) -> Vec<(usize, String)> {
    let Resolved::Internal { destination, fragment: Some(fragment), .. } = site.resolve(from, url)
    else {
        return Vec::new();
    };
    let pages = match destination {
        Destination::Alert(_) => &[][..],
        other => site.landing_pages(other),
    };
    pages.iter().map(|page| (*page, fragment.clone().into_owned())).collect()
}

/// Makes fixes of edits that may be in headings.
pub struct HeadingsKept<'s> {
    site: &'s Site,
    arriving: OnceLock<Arriving<'s>>,
}

impl<'s> HeadingsKept<'s> {
    /// For the pages of a site.
    pub fn new(site: &'s Site) -> Self {
        Self { site, arriving: OnceLock::new() }
    }

    /// The fix that writes other texts in place of some ranges of the text of a page, in order. In a
    /// heading that something leads to, it keeps the id. None where other headings would get other
    /// ids.
    pub fn fix(&self, safety: Safety, page: &Page, edits: &[(Range<usize>, &str)]) -> Option<Fix> {
        let source = page.runbook.source();
        let mut wanted: Vec<Option<Edit>> = edits
            .iter()
            .map(|(range, replacement)| Edit::new(source, range.clone(), *replacement))
            .collect();
        let (first, last) = (edits.first()?, edits.last()?);
        let headings = &page.runbook.headings;
        let heading = page.runbook.heading_before(first.0.start).map(|index| &headings[index]);
        if let Some(heading) = heading.filter(|heading| last.0.end <= heading.range.end) {
            let kept = self.id_kept(page, heading, edits)?;
            wanted.extend(kept.into_iter().map(|(at, id)| Edit::new(source, at..at, id)));
        }
        Fix::new(safety, wanted)
    }

    /// What has to be written behind a heading so that edits leave its id alone, if anything has to,
    /// and where. `None` if that can't be.
    fn id_kept(
        &self,
        page: &Page,
        heading: &Heading,
        edits: &[(Range<usize>, &str)],
    ) -> Option<Vec<(usize, String)>> {
        let text = &page.runbook.source().text()[heading.range.clone()];
        let mut edited = String::with_capacity(text.len());
        let mut at = heading.range.start;
        for (range, replacement) in edits {
            edited.push_str(&page.runbook.source().text()[at..range.start]);
            edited.push_str(replacement);
            at = range.end;
        }
        edited.push_str(&page.runbook.source().text()[at..heading.range.end]);
        let (before, after) = (id_of(text), id_of(&edited));
        let is_made = |id: &str, base: &str| {
            let number = id.strip_prefix(base);
            number.is_some_and(|rest| {
                let digits = rest.strip_prefix('-').unwrap_or("0");
                (rest.is_empty() || rest.starts_with('-'))
                    && digits.bytes().all(|digit| digit.is_ascii_digit())
            })
        };
        let (Some(before), Some(after)) = (before, after) else { return None };
        if before == after || !is_made(&heading.id, &before) {
            return Some(Vec::new());
        }
        // Ids of headings with the same text are counted, so that others may change as well.
        let others = page.runbook.headings.iter().filter(|other| other.range != heading.range);
        let mut others = others.map(|other| other.id.as_str());
        if others.any(|other| is_made(other, &before) || is_made(other, &after))
            || page.runbook.anchors.contains(&after)
        {
            return None;
        }
        let arriving = self.arriving.get_or_init(|| Arriving::new(self.site));
        if arriving.at(page, &heading.id).is_empty() && !arriving.has_rule(page, &heading.id) {
            return Some(Vec::new());
        }
        let line = text.lines().next().unwrap_or_default().trim_end();
        let id = format!(" {{#{}}}", heading.id);
        // The edits are within the first line; what is written stands behind it.
        let line_in_edited = edited.lines().next().unwrap_or_default().trim_end().len();
        edited.insert_str(line_in_edited, &id);
        let stays = id_of(&edited).is_some_and(|written| written == heading.id);
        stays.then(|| vec![(heading.range.start + line.len(), id)])
    }
}

/// The id of a heading that stands alone.
fn id_of(text: &str) -> Option<String> {
    let document = markdown::parse(&Source::new("heading.md", text), 0, &lang::kept_in_prose);
    match document.blocks.into_iter().next()?.kind {
        BlockKind::Heading { id, .. } => Some(id),
        _ => None,
    }
}
