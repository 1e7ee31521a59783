//! The parts of runbooks that belong to an alert: rows of tables and sections.

use super::another_time::is_of_another_time;
use super::naming::is_part;
use super::words::lower_case;
use crate::diag::suggest::are_alike;
use crate::lint::OpenPage;
use crate::markdown::{Block, BlockKind, Cell, Row, plain_text};
use crate::runbook::{self, AlertTable, is_shaped};
use crate::site::{Claim, ClaimedBy, Page, Site};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::rc::Rc;

/// Names of alerts, shared by all that a page says of them.
pub type AlertNames<'s> = Rc<[&'s str]>;

/// A row of an alert table with the alerts of the rules that it names.
pub struct AlertRow<'s> {
    /// The alerts, of which it may mean any.
    pub alerts: AlertNames<'s>,
    /// The row.
    pub row: &'s Row,
    /// The cells of the table's header.
    pub header: &'s [Cell],
    /// The column that names alerts.
    pub column: usize,
}

/// The rows of a page's alert tables that name alerts of the rules; none in a report of one time, and
/// none that names something else beside them: what such a row says may be said of that one, before it
/// was renamed.
pub fn rows<'o>(open: &OpenPage<'o>) -> Vec<AlertRow<'o>> {
    let runbook = &open.page().runbook;
    if runbook.alert_tables.is_empty() || open.is_report() {
        return Vec::new();
    }
    let place = |claim: &Claim| match claim.by {
        ClaimedBy::Table { table, row } => Some((table, row)),
        _ => None,
    };
    // The claims of a page are in the order of their places.
    let of_rows = open.site.claims_on(open.index).chunk_by(|one, next| place(one) == place(next));
    let named = of_rows.filter_map(|claims| {
        let place = claims.first().and_then(|claim| place(claim))?;
        let names = claims.iter().flat_map(|claim| &claim.alerts).map(String::as_str);
        let mut names: SmallVec<[&str; 2]> = names.collect();
        names.sort_unstable();
        names.dedup();
        let is_clear = claims.iter().all(|claim| !claim.alerts.is_empty());
        is_clear.then_some((place, names))
    });
    let mut named = named.peekable();
    // Without one, the tree of the page need not be asked for.
    if named.peek().is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut tables = runbook.alert_tables.iter().enumerate().peekable();
    // Those of a runbook are some of the tables and rows of its tree, in the same order.
    open.document().walk_blocks(&mut |block| {
        for (range, table) in open.document().tables_of(block) {
            let is_it =
                |(_, alert_table): &(_, &AlertTable)| alert_table.range.start == range.start;
            let Some((number, alert_table)) = tables.next_if(is_it) else { continue };
            if is_of_another_time(runbook, range.start) {
                continue;
            }
            let mut rows = alert_table.rows.iter().enumerate().peekable();
            for row in table.body_rows() {
                let is_it = |(_, alert_row): &(_, &runbook::AlertRow)| {
                    alert_row.range.start == row.range.start
                };
                let Some((at, _)) = rows.next_if(is_it) else { continue };
                while named.next_if(|(place, _)| *place < (number, at)).is_some() {}
                if let Some((_, alerts)) = named.next_if(|(place, _)| *place == (number, at)) {
                    let header = table.head.first().map_or(&[][..], |row| &row.cells);
                    let (alerts, column) = (alerts.as_slice().into(), alert_table.column);
                    found.push(AlertRow { alerts, row, header, column });
                }
            }
        }
    });
    found
}

/// The section at which the readers of some alerts start.
pub struct Section<'s> {
    /// The alerts.
    pub alerts: AlertNames<'s>,
    /// Its blocks, in order.
    blocks: Vec<Placed>,
}

/// A block of a section.
#[derive(Debug)]
pub struct Placed {
    /// The block, as an index in the page.
    at: usize,
    /// The text of the heading that it stands below in the section, in lower case; of a heading, its
    /// own.
    pub heading: Option<Rc<str>>,
    /// Whether all headings that it stands below in the section say that it is about the alert itself.
    pub is_own: bool,
    /// Whether one of the headings above the nearest one says that it is about something else.
    pub is_below_other: bool,
}

impl Section<'_> {
    /// Its blocks, sections of other alerts within it left out, each with where it stands.
    pub fn blocks<'o>(&self, open: &OpenPage<'o>) -> impl Iterator<Item = (&'o Block, &Placed)> {
        let blocks = &open.document().blocks;
        self.blocks.iter().map(|placed| (&blocks[placed.at], placed))
    }
}

/// The sections of a page at which readers of alerts start. A page that several alerts start at the
/// top of, or other sections of, is no section, and a report of an incident has none.
pub fn sections<'s>(open: &OpenPage<'s>) -> Vec<Section<'s>> {
    let site = open.site;
    let names = site.alerts_starting_on(open.index);
    if names.is_empty() || open.is_report() {
        return Vec::new();
    }
    let starting = names.iter().filter_map(|name| {
        let start = site.alerts.get(name).and_then(|alert| alert.start.as_ref());
        // What only names an alert, such as a report of an incident, describes something else.
        let start = start.filter(|start| start.is_about)?;
        Some((start.own_fragment(), name.as_str()))
    });
    // By where they start, those at the top of the page first.
    let mut starting: Vec<(Option<&str>, &str)> = starting.collect();
    starting.sort_by_key(|(own, _)| *own);
    let at_top = starting.partition_point(|(own, _)| own.is_none());
    if at_top > 1 || at_top < starting.len() {
        starting.drain(..at_top);
    }
    // `## DiskFull` above `## Meaning`, on a page with this title, names the whole page.
    if let [(own @ Some(_), alert)] = starting.as_mut_slice()
        && is_called(open.page(), alert)
    {
        *own = None;
    }
    let is_start = |id: &str| starting.binary_search_by_key(&Some(id), |(own, _)| *own).is_ok();
    let blocks = &open.document().blocks;
    let headings: FxHashMap<&str, (usize, u8)> = blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| match &block.kind {
            BlockKind::Heading { level, id, .. } if is_start(id) => {
                Some((id.as_str(), (at + 1, *level)))
            }
            _ => None,
        })
        .collect();
    let sections = starting.chunk_by(|(one, _), (next, _)| one == next).filter_map(|alerts| {
        let own = alerts[0].0;
        let alerts: AlertNames<'_> = alerts.iter().map(|(_, name)| *name).collect();
        let (first, level) = match own {
            None => (0, 0),
            Some(own) => *headings.get(own)?,
        };
        let heading = first.checked_sub(1).map(|at| &blocks[at].kind);
        if let Some(BlockKind::Heading { content, .. }) = heading
            && names_lost(site, &plain_text(content))
        {
            return None;
        }
        let starts_other = |id: &str| own != Some(id) && is_start(id);
        let blocks = belonging(blocks, first, level, &starts_other, &alerts);
        Some(Section { alerts, blocks })
    });
    sections.collect()
}

/// `## DiskFull / DiskGone`, where no rule raises the second one: what the section says may be said of
/// that.
fn names_lost(site: &Site, heading: &str) -> bool {
    let words: Vec<&str> = heading
        .split(|it: char| it.is_whitespace() || matches!(it, '/' | ',' | '&' | '+' | ';'))
        .filter(|word| !word.is_empty() && !matches!(*word, "and" | "or"))
        .collect();
    // Most headings are words like others.
    if words.len() < 2 || !words.iter().all(|word| is_shaped(word)) {
        return false;
    }
    let is_raised = |word: &&&str| site.rules_raising(word).next().is_some();
    let raised = words.iter().filter(is_raised).count();
    raised > 0 && raised < words.len()
}

/// Whether a page has an alert's name, as its title or its file's name.
fn is_called(page: &Page, alert: &str) -> bool {
    are_alike(&page.title, alert) || are_alike(page.stem(), alert)
}

/// The blocks from the `first` up to the next heading that is no deeper than `level`, without those of
/// sections that other alerts start at.
fn belonging(
    blocks: &[Block],
    first: usize,
    level: u8,
    starts_other: &dyn Fn(&str) -> bool,
    alerts: &[&str],
) -> Vec<Placed> {
    let names_alert =
        |heading: &str| level == 0 && alerts.iter().any(|alert| are_alike(alert, heading));
    let mut belonging = Vec::new();
    let mut heading: Option<Rc<str>> = None;
    let mut foreign: Option<u8> = None;
    // The uppermost of the headings that begin something else.
    let mut other: Option<u8> = None;
    let mut nearest: u8 = 0;
    for (at, block) in blocks.iter().enumerate().skip(first) {
        if let BlockKind::Heading { level: deeper, id, content, .. } = &block.kind {
            if *deeper <= level {
                break;
            }
            if foreign.is_some_and(|foreign| *deeper <= foreign) {
                foreign = None;
            }
            if other.is_some_and(|other| *deeper <= other) {
                other = None;
            }
            if foreign.is_none() && starts_other(id) {
                foreign = Some(*deeper);
            }
            // The title of a page is no part of it, nor is the name of what all of it is about.
            let text = plain_text(content);
            let is_title = (level == 0 && *deeper == 1 && heading.is_none()) || names_alert(&text);
            if other.is_none() && !is_title && !is_part(alerts, &text) {
                other = Some(*deeper);
            }
            heading = (!is_title).then(|| lower_case(&text).into());
            nearest = *deeper;
        }
        if foreign.is_none() {
            belonging.push(Placed {
                at,
                heading: heading.clone(),
                is_own: other.is_none(),
                is_below_other: other.is_some_and(|other| other < nearest),
            });
        }
    }
    belonging
}
