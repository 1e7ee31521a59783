//! A site in which some pages say something else, and mostly show others the same as before.
//!
//! Most of what authors change on a page is the business of that page alone: a sentence, a command,
//! a query. What others rely on is its front matter, its headings and anchors, the alerts that it
//! claims and names, which links start an alert, and whether it has styles of its own. As long as that stays, everything that was
//! joined in the site stays as it is, and only where things stand on the page is new. Otherwise the site is
//! joined again, as far as it has to do with that page.

use super::{Claim, ClaimedBy, Navigation, Page, Site, alert_pages, alerts, destinations, styled};
use crate::diag::Diagnostic;
use crate::diag::suggest::are_alike;
use crate::runbook::{Link, Runbook};
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A runbook in place of the one of a page, with what its parser found wrong with it.
#[derive(Debug)]
pub struct Replacement {
    /// The runbook.
    pub runbook: Arc<Runbook>,
    /// What is wrong with its file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Site {
    /// The site with other runbooks for some of its pages, given by their indexes. `None` if one of
    /// them shows other pages and rules something else than before: then the site has to be joined
    /// again.
    pub fn with_runbooks(&self, replacements: &BTreeMap<usize, Replacement>) -> Option<Self> {
        let is_alike = |(page, new): (&usize, &Replacement)| {
            let old = &self.pages[*page].runbook;
            self.shows_the_same(old, &new.runbook) && self.spells_the_same(*page, &new.runbook)
        };
        if !replacements.iter().all(is_alike) {
            return None;
        }
        let mut site = self.clone();
        for (index, replacement) in replacements {
            let index = *index;
            site.replace_diagnostics(index, replacement);
            let page = Arc::make_mut(&mut site.pages[index]);
            page.runbook = Arc::clone(&replacement.runbook);
            let from = self.claims.partition_point(|claim| claim.page < index);
            let old = self.claims_on(index);
            let spans = claim_spans(page, old)?;
            for (claim, span) in site.claims[from..from + old.len()].iter_mut().zip(spans) {
                Arc::make_mut(claim).span = span;
            }
        }
        Some(site)
    }

    /// The site with other runbooks for some of its pages, given by their indexes, whatever they show others.
    /// `None` if one of them gives its page other addresses: then the site has to be assembled anew.
    pub fn joined_again(&self, replacements: &BTreeMap<usize, Replacement>) -> Option<Self> {
        let mut site = self.clone();
        for (index, replacement) in replacements {
            let old = &self.pages[*index];
            let page = old.with_runbook(Arc::clone(&replacement.runbook));
            if !destinations::older_addresses(old).eq(destinations::older_addresses(&page)) {
                return None;
            }
            site.replace_diagnostics(*index, replacement);
            site.pages[*index] = Arc::new(page);
        }
        let changed = replacements.keys().copied().collect();
        let has = |has: &dyn Fn(&Page, &Page) -> bool| {
            replacements.keys().any(|index| has(&self.pages[*index], &site.pages[*index]))
        };
        let has_other_styles =
            has(&|old, new| old.runbook.styles.is_empty() != new.runbook.styles.is_empty());
        let has_other_titles = has(&|old, new| {
            old.title != new.title || front_matter(&old.runbook) != front_matter(&new.runbook)
        });
        if has_other_styles {
            site.styled = Arc::new(styled(&site.pages));
        }
        let pages = site.pages.clone();
        let (navigation, joined) = rayon::join(
            || has_other_titles.then(|| Navigation::new(&pages)),
            || alerts::join_again(self, &mut site, &changed),
        );
        joined?;
        if let Some(navigation) = navigation {
            site.navigation = Arc::new(navigation);
        }
        Some(site)
    }

    /// Puts what is wrong with a page's file now in the place of what was.
    fn replace_diagnostics(&mut self, page: usize, replacement: &Replacement) {
        let path = replacement.runbook.source().path();
        debug_assert_eq!(path, self.pages[page].runbook.source().path());
        self.diagnostics.retain(|found| found.span.source().path() != path);
        self.diagnostics.extend(replacement.diagnostics.iter().cloned());
    }

    /// Whether two runbooks are alike in all that the rest of the site may rely on.
    fn shows_the_same(&self, old: &Runbook, new: &Runbook) -> bool {
        front_matter(old) == front_matter(new)
            && old.headings.len() == new.headings.len()
            && old.headings.iter().zip(&new.headings).all(|(old, new)| {
                (old.level, &old.id, &old.text) == (new.level, &new.id, &new.text)
            })
            && old.anchors == new.anchors
            && old.styles.is_empty() == new.styles.is_empty()
            && tables(old).eq(tables(new))
            && links_to_sections(old).eq(links_to_sections(new))
            && self.named_in_columns(old).eq(&self.named_in_columns(new))
            && old
                .mentions
                .differing(&new.mentions)
                .into_iter()
                .all(|word| !self.alerts.contains_key(word) && !self.situations.contains_key(word))
    }
}

impl Site {
    /// Whether a page that is for an alert by its title has the alert's own name in its text if it had it
    /// before: if not, the alert may be known by another spelling, or no longer be.
    fn spells_the_same(&self, page: usize, new: &Runbook) -> bool {
        let old = self.pages[page].runbook.source().text();
        let is_alike = |alert: &str| old.contains(alert) == new.source().text().contains(alert);
        let mut by_title = self.claims_on(page).iter().filter(|it| it.by == ClaimedBy::Title);
        by_title.all(|claim| {
            if !claim.alerts.is_empty() {
                return claim.alerts.iter().all(|alert| is_alike(alert));
            }
            self.alerts.keys().all(|alert| !are_alike(alert, &claim.name) || is_alike(alert))
        })
    }

    /// What stands in columns of names, in order, each with the heading that it stands under.
    fn named_in_columns<'s>(&'s self, runbook: &'s Runbook) -> Vec<(&'s str, Option<usize>)> {
        let columns = self.naming_columns(runbook).into_iter();
        let named = columns.flat_map(|column| column.named);
        named.map(|(name, cell)| (name, runbook.heading_before(cell.range().start))).collect()
    }
}

/// The front matter of a runbook, as it is written.
fn front_matter(runbook: &Runbook) -> Option<&str> {
    runbook.source().text().get(..runbook.front_matter.body())
}

/// What alert tables say, wherever they stand below their headings.
fn tables(runbook: &Runbook) -> impl Iterator<Item = impl PartialEq> {
    runbook.alert_tables.iter().map(|table| {
        let rows = table.rows.iter().map(|row| {
            let names = row.alerts.iter().map(|named| (&named.name, named.known_by, named.dress));
            let phrase = row.phrase.as_ref().map(|phrase| &phrase.name);
            let heading = runbook.heading_before(row.range.start);
            (names.collect::<Vec<_>>(), phrase, row.start.as_ref().map(|(url, _)| url), heading)
        });
        let heading = runbook.heading_before(table.range.start);
        (rows.collect::<Vec<_>>(), table.is_html, table.is_vague, heading)
    })
}

/// The links to sections, which are counted where the text of a heading is mended.
fn links_to_sections(runbook: &Runbook) -> impl Iterator<Item = &str> {
    let to_sections = |link: &&Link| link.url.contains('#');
    runbook.links.iter().filter(to_sections).map(|link| link.url.as_str())
}

/// Where the claims of a page stand now.
fn claim_spans(page: &Page, claims: &[Arc<Claim>]) -> Option<Vec<Span>> {
    let runbook = &page.runbook;
    let mut in_front_matter = runbook.alerts_in_front_matter().into_iter();
    let mut in_row = (None, 0);
    let spans = claims.iter().map(|claim| match claim.by {
        ClaimedBy::FrontMatter => {
            in_front_matter.find(|(name, _)| *name == claim.name).map(|(_, span)| span)
        }
        ClaimedBy::Table { table, row } => {
            if in_row.0 != Some((table, row)) {
                in_row = (Some((table, row)), 0);
            }
            let row = runbook.alert_tables.get(table)?.rows.get(row)?;
            let named = row.alerts.get(in_row.1..)?;
            let range = match named.iter().position(|named| named.name == claim.name) {
                Some(at) => {
                    in_row.1 += at + 1;
                    &named[at].range
                }
                None => &row.phrase.as_ref().filter(|phrase| phrase.name == claim.name)?.range,
            };
            Some(Span::new(runbook.source(), range.clone()))
        }
        ClaimedBy::Title => Some(alert_pages::span_of(page, &claim.name)),
    });
    spans.collect()
}
