//! What alerts without documentation were called before, as far as the pages tell.
//!
//! Most places that name an alert claim nothing: a heading, a title, a field such as
//! `**Alert:** DiskFull`, code, a cell below a header in another language. A name there that no rule
//! has is no finding. But where a rule has lost its documentation, it tells what the alert was called
//! before: whatever says the name today says the old one.
//!
//! A word that is a slip of the alert's name says so wherever it stands. What is less alike has to
//! be said of an alert: by a field, or by a heading or a title that is nothing but a name.

use super::names::{Asked, Names};
use super::slips::Slips;
use super::{is_much_alike, place_of};
use crate::promql;
use crate::runbook::{Heading, Mention, shaped_words};
use crate::site::{Alert, ClaimedBy, Page, Site};
use crate::source::Span;
use rayon::prelude::*;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// The names on pages that no rule has, as far as they are like those of certain alerts.
pub struct FormerNames<'s> {
    alerts: Vec<&'s str>,
    /// Those as they are asked about, put together when somebody asks.
    asked: OnceCell<Arc<Asked>>,
    /// Those that are a slip of an alert's name, by the alert.
    slips: HashMap<&'s str, Place<'s>>,
    /// Those that are said of an alert, put in order when somebody asks.
    stated: OnceCell<Names<'s>>,
    /// Those that stand among names of alerts.
    among: OnceCell<Names<'s>>,
    /// Where each of these stands first.
    places: HashMap<&'s str, Place<'s>>,
}

/// A name on a page.
#[derive(Clone)]
struct Place<'s> {
    name: &'s str,
    page: &'s Page,
    /// Bytes of the page that the name stands in.
    within: Range<usize>,
    /// Whether it is said of an alert there.
    is_stated: bool,
    /// Whether it stands among names of rules: in a column of them, or as a heading beside theirs.
    is_among: bool,
}

impl<'s> FormerNames<'s> {
    /// Collects them for these alerts, but for the names of which it is known what they mean.
    pub fn new(
        site: &'s Site,
        alerts: impl Iterator<Item = &'s str>,
        known: &BTreeSet<&str>,
    ) -> Self {
        let asked_about: Vec<&str> = alerts.collect();
        let alerts = Slips::new(asked_about.iter().copied());
        let found: Vec<Vec<(Option<&str>, Place<'_>)>> = site
            .pages
            .par_iter()
            .map(|page| {
                let is_known = |name: &str| {
                    let alert = site.alerts.get(name).filter(|alert| !alert.rules.is_empty());
                    alert.is_some_and(|alert| {
                        let renamed = || site.alerts.get(alerts.of(name)?);
                        !has_row_to_spare(site, alert)
                            && !renamed().is_some_and(|renamed| are_akin(site, alert, renamed))
                    })
                };
                let with_alert =
                    on_page(site, page, &alerts).map(|place| (alerts.of(place.name), place));
                // Hardly any word is one, so this comes before what takes longer to find out.
                let may_be = with_alert.filter(|(alert, place)| alert.is_some() || place.is_stated);
                let is_unknown = |name: &str| !is_known(name) && !known.contains(name);
                may_be.filter(|(_, place)| is_unknown(place.name)).collect()
            })
            .collect();
        let (mut slips, mut places) = (HashMap::<&str, Place<'_>>::new(), HashMap::new());
        for (alert, place) in found.into_iter().flatten() {
            if place.is_stated {
                let known = places.entry(place.name).or_insert_with(|| place.clone());
                known.is_among |= place.is_among;
            }
            let Some(alert) = alert else { continue };
            let known = slips.entry(alert).or_insert_with(|| place.clone());
            // Of the rows of an alert that has one too many the last is the other's.
            let is_spare = site.alerts.get(place.name).is_some_and(|it| !it.rules.is_empty())
                && place.name == known.name
                && place.within.len() <= known.within.len();
            if is_spare || place.is_stated && !known.is_stated {
                *known = place;
            }
        }
        Self {
            alerts: asked_about,
            asked: OnceCell::new(),
            slips,
            stated: OnceCell::new(),
            among: OnceCell::new(),
            places,
        }
    }

    fn names(&self, is_kept: impl Fn(&Place<'_>) -> bool) -> Names<'s> {
        let kept = self.places.values().filter(|place| is_kept(place));
        let asked = self.asked.get_or_init(|| Arc::new(self.alerts.iter().copied().collect()));
        Names::new(kept.map(|place| place.name).collect::<BTreeSet<&str>>(), asked)
    }

    /// The name that an alert had before by a slip, and where it stands.
    pub fn slip(&self, alert: &str) -> Option<(&'s str, Span)> {
        self.slips.get(alert).map(Place::found)
    }

    /// The heading, the field or the name in a column that an alert had before by a slip, if the section or
    /// the row there does not say the alert's name as well. What names it elsewhere does so in passing.
    pub fn slip_in_place(&self, alert: &str) -> Option<(&'s str, Span)> {
        let place = self.slips.get(alert).filter(|place| place.is_stated)?;
        let source = place.page.runbook.source().text();
        let heading = place.page.runbook.heading_before(place.within.start);
        let section = match heading {
            Some(heading)
                if place.within.start == place.page.runbook.headings[heading].range.start =>
            {
                place.page.runbook.section(heading)
            }
            _ if place.is_among => lines_around(source, &place.within),
            _ => place.within.clone(),
        };
        place_of(alert, &source[section]).is_none().then(|| place.found())
    }

    /// A name that is said of an alert and so like this one that it may be its former one, and where
    /// it stands.
    pub fn stated(&self, alert: &str) -> Option<(&'s str, Span)> {
        let stated = self.stated.get_or_init(|| self.names(|_| true));
        let among = || self.among.get_or_init(|| self.names(|place| place.is_among));
        let stated = stated.alike(alert).filter(|name| is_much_alike(name, alert));
        let name = stated.or_else(|| among().alike(alert))?;
        self.places.get(name).map(Place::found)
    }
}

impl<'s> Place<'s> {
    fn found(&self) -> (&'s str, Span) {
        let source = self.page.runbook.source();
        let written = &source.text()[self.within.clone()];
        let place = place_of(self.name, written).or_else(|| written.find(self.name));
        let range = place.map_or_else(
            // Entities or signs of Markdown stand in it.
            || 0..written.lines().next().unwrap_or_default().len(),
            |at| at..at + self.name.len(),
        );
        let range = self.within.start + range.start..self.within.start + range.end;
        (self.name, Span::new(source, range))
    }
}

/// The lines that a range of a text stands on.
fn lines_around(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |newline| range.end + newline);
    start..end
}

/// Whether the rules of two alerts ask for the same metrics, as those of one name do of which one was
/// renamed.
fn are_akin(site: &Site, one: &Alert, other: &Alert) -> bool {
    let metrics = |alert: &Alert| {
        let queries =
            site.rules_of(alert).filter_map(|rule| promql::parse(rule.expr.as_str()).ok());
        queries.flat_map(promql::Query::into_metrics).collect::<BTreeSet<String>>()
    };
    metrics(one) == metrics(other)
}

/// Whether a table has more rows for an alert than rules raise it: one may be for a rule of the same name
/// that was renamed.
fn has_row_to_spare(site: &Site, alert: &Alert) -> bool {
    let tables = alert.claims.iter().map(|index| &site.claims[*index]);
    let mut tables = tables.filter_map(|claim| match claim.by {
        ClaimedBy::Table { table, .. } => Some((claim.page, table)),
        _ => None,
    });
    let first = tables.next();
    first.is_some() && tables.filter(|table| Some(*table) == first).count() >= alert.rules.len()
}

/// All names on a page that may be those of alerts: of the words that it mentions those alone that are
/// stated, or slips.
fn on_page<'s>(
    site: &'s Site,
    page: &'s Page,
    slips: &Slips<'s>,
) -> impl Iterator<Item = Place<'s>> {
    let runbook = &page.runbook;
    let columns = site.naming_columns(runbook).into_iter();
    let in_columns = columns.flat_map(|column| column.others).map(|(name, cell)| Place {
        name,
        page,
        within: cell.range(),
        is_stated: true,
        is_among: true,
    });
    // A word in any other cell is one only by its letters.
    let text = runbook.source().text();
    let in_cells = runbook.other_tables.iter().flat_map(|table| table.columns.iter().flatten());
    let in_cells = in_cells.filter_map(move |cell| {
        let within = cell.range();
        let name = text.get(within.clone())?;
        Some(Place { name, page, within, is_stated: false, is_among: false })
    });
    let levels = levels_of_names(site, page);
    let rows = runbook.alert_tables.iter().flat_map(|table| &table.rows);
    let in_rows = rows.flat_map(|row| row.alerts.iter().chain(&row.phrase));
    let in_rows = in_rows.map(|named| Place {
        name: &named.name,
        page,
        within: named.range.clone(),
        is_stated: false,
        is_among: false,
    });
    let mentioned = runbook.mentions.iter().map(|mention| {
        let is_among = mention.heading.is_some_and(|heading| {
            let heading = &runbook.headings[heading];
            heading.text == mention.word && levels.contains(&heading.level)
        });
        (mention, is_among, is_among || is_stated(page, &mention))
    });
    // Hardly any is one, and to put them all in order takes long.
    let may_be =
        mentioned.filter(|(mention, _, is_stated)| *is_stated || slips.of(mention.word).is_some());
    let mut mentioned: Vec<(Mention<'s>, bool, bool)> = may_be.collect();
    mentioned.sort_unstable();
    let mentioned = mentioned.into_iter().map(move |(mention, is_among, is_stated)| {
        let within = below(page, mention.heading);
        Place { name: mention.word, page, within, is_stated, is_among }
    });
    in_columns.chain(in_cells).chain(in_rows).chain(mentioned)
}

/// The levels at which a page has headings that are nothing but names of rules.
fn levels_of_names(site: &Site, page: &Page) -> BTreeSet<u8> {
    let is_name = |heading: &&Heading| {
        site.alerts.get(&heading.text).is_some_and(|alert| !alert.rules.is_empty())
    };
    page.runbook.headings.iter().filter(is_name).map(|heading| heading.level).collect()
}

/// The bytes from a heading to the next one, or those above the first.
fn below(page: &Page, heading: Option<usize>) -> Range<usize> {
    let headings = &page.runbook.headings;
    let next = headings.get(heading.map_or(0, |heading| heading + 1));
    let start = heading.map_or(0, |heading| headings[heading].range.start);
    start..next.map_or(page.runbook.source().text().len(), |next| next.range.start)
}

/// Whether a name is said of an alert: by a field, or by a heading or a title that is nothing but
/// this name, and looks like one.
fn is_stated(page: &Page, mention: &Mention<'_>) -> bool {
    let heading = match mention.heading {
        Some(heading) => page.runbook.headings[heading].text.as_str(),
        None => page.title.as_str(),
    };
    let is_heading = || {
        let rest = heading.strip_prefix(mention.word);
        let rest = rest.or_else(|| heading.strip_suffix(mention.word));
        rest.is_some_and(is_no_word_but_alert)
            && shaped_words(mention.word).next() == Some(mention.word)
    };
    mention.is_field || is_heading()
}

/// Whether what stands beside a name in a heading says no more than `Alert:` or `(critical)`.
fn is_no_word_but_alert(rest: &str) -> bool {
    let rest = rest.trim();
    let is_in_brackets = (rest.starts_with('(') && rest.ends_with(')'))
        || (rest.starts_with('[') && rest.ends_with(']'));
    let letters = rest.trim_matches(|character: char| !character.is_alphanumeric());
    is_in_brackets || letters.is_empty() || letters.eq_ignore_ascii_case("alert")
}
