//! Where a runbook says when an alert fires.
//!
//! In the row of an alert table, in every column that describes; and in the section at which the
//! alert's readers start, in sentences that tell when it fires, in the paragraph right below the
//! heading, and below headings such as *Meaning*.

use super::prose;
use crate::markdown::{Block, BlockKind, Cell, plain_text};
use crate::site::{ClaimedBy, Page, Site};
use crate::source::MappedText;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A piece of a runbook that may say when some alerts fire.
#[derive(Debug)]
pub struct Description {
    /// The page, as an index.
    pub page: usize,
    /// The alerts it describes, of which it may mean any.
    pub alerts: Vec<String>,
    /// What it says, mapped to the runbook's source.
    pub text: MappedText,
    /// What in it counts.
    pub counts: Counts,
}

/// What in a description is taken for a statement about the alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Everything: a cell of the alert's row.
    All,
    /// Everything, also a number that stands alone: a column or a line `Threshold`.
    Bare,
    /// Sentences that tell when the alert fires.
    Told,
    /// Those, and sentences that state both a number and a time: the first paragraph of the
    /// alert's section.
    Whole,
}

/// All descriptions of alerts that the rules of a site raise, page by page.
pub fn descriptions(site: &Site) -> Vec<Description> {
    let mut found = Vec::new();
    for (index, page) in site.pages.iter().enumerate() {
        rows(site, index, page, &mut found);
        sections(site, index, page, &mut found);
    }
    found
}

fn rows(site: &Site, index: usize, page: &Page, found: &mut Vec<Description>) {
    let runbook = &page.runbook;
    if runbook.alert_tables.is_empty() {
        return;
    }
    let mut alerts: HashMap<(usize, usize), BTreeSet<&str>> = HashMap::new();
    for claim in site.claims_on(index) {
        if let ClaimedBy::Table { table, row } = claim.by {
            let names = claim.alerts.iter().map(String::as_str);
            alerts.entry((table, row)).or_default().extend(names);
        }
    }
    let source = runbook.source();
    runbook.document.walk_blocks(&mut |block| {
        let BlockKind::Table(table) = &block.kind else { return };
        let tables = runbook.alert_tables.iter();
        let Some((number, alert_table)) =
            tables.enumerate().find(|(_, it)| it.range.start == block.range.start)
        else {
            return;
        };
        let header = table.head.first().map_or(&[][..], |row| &row.cells);
        let columns: Vec<Option<Counts>> =
            (0..table.columns).map(|column| counts(header.get(column))).collect();
        for row in table.body_rows() {
            let at = alert_table.rows.iter().position(|it| it.range.start == row.range.start);
            let Some(names) = at.and_then(|at| alerts.get(&(number, at))) else { continue };
            for (column, cell) in row.cells.iter().enumerate() {
                if let Some(counts) = columns.get(column).copied().flatten()
                    && column != alert_table.column
                    && !names.is_empty()
                {
                    found.push(Description {
                        page: index,
                        alerts: names.iter().map(|name| (*name).to_owned()).collect(),
                        text: prose::text(source, &cell.content),
                        counts,
                    });
                }
            }
        }
    });
}

/// What counts in a column with this header; none where it tells what to do, or whom to call.
fn counts(header: Option<&Cell>) -> Option<Counts> {
    const OTHER: [&str; 31] = [
        "action", "start", "link", "runbook", "playbook", "escalat", "contact", "channel", "owner",
        "team", "squad", "severity", "priority", "step", "resol", "fix", "next", "note", "comment",
        "respon", "mitigat", "remed", "doc", "who", "where", "example", "query", "expr", "ticket",
        "recover", "clear",
    ];
    let text = plain_text(&header?.content).to_lowercase();
    if OTHER.iter().any(|word| text.contains(word)) {
        None
    } else if is_condition(&text) {
        Some(Counts::Bare)
    } else {
        Some(Counts::All)
    }
}

/// Whether a header or a key announces when an alert fires.
fn is_condition(text: &str) -> bool {
    ["threshold", "condition", "trigger", "criteria", "fires when", "when"]
        .iter()
        .any(|word| text.contains(word))
}

fn sections(site: &Site, index: usize, page: &Page, found: &mut Vec<Description>) {
    let mut by_section: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for name in site.alerts_starting_on(index) {
        let Some(alert) = site.alerts.get(name) else { continue };
        let start = alert.start.as_ref();
        by_section.entry(start.and_then(|start| start.fragment.as_deref())).or_default().push(name);
    }
    // A page that several alerts start at the top of speaks of all of them.
    if by_section.len() != 1 {
        by_section.remove(&None);
    }
    let starts: BTreeSet<&str> = by_section.keys().copied().flatten().collect();
    for (fragment, alerts) in &by_section {
        let blocks = &page.runbook.document.blocks;
        let (first, level) = match fragment {
            None => (0, 0),
            Some(fragment) => {
                let heading = blocks.iter().enumerate().find_map(|(at, block)| match &block.kind {
                    BlockKind::Heading { level, id, .. } if id == fragment => {
                        Some((at + 1, *level))
                    }
                    _ => None,
                });
                let Some(heading) = heading else { continue };
                heading
            }
        };
        let section = Section { page, index, alerts, starts: &starts, own: *fragment };
        section.read(&blocks[first..], level, found);
    }
}

/// The section at which readers of some alerts start.
struct Section<'s> {
    page: &'s Page,
    index: usize,
    alerts: &'s [&'s str],
    /// The sections of other alerts of the page, and this one.
    starts: &'s BTreeSet<&'s str>,
    own: Option<&'s str>,
}

impl Section<'_> {
    /// Reads on to the next heading that is no deeper than the section's own.
    fn read(&self, blocks: &[Block], level: u8, found: &mut Vec<Description>) {
        let mut counts = Counts::Whole;
        // The level of a section within this one that belongs to another alert.
        let mut foreign: Option<u8> = None;
        for block in blocks {
            if let BlockKind::Heading { level: deeper, id, content, .. } = &block.kind {
                if *deeper <= level {
                    return;
                }
                if foreign.is_some_and(|foreign| *deeper <= foreign) {
                    foreign = None;
                }
                if foreign.is_none()
                    && self.starts.contains(id.as_str())
                    && self.own != Some(id.as_str())
                {
                    foreign = Some(*deeper);
                }
                counts = below(&plain_text(content), level == 0 && *deeper == 1);
            } else if foreign.is_none() {
                self.block(block, counts, found);
                // What explains an alert stands first; what follows may explain anything.
                if matches!(block.kind, BlockKind::Paragraph { .. }) {
                    counts = Counts::Told;
                }
            }
        }
    }

    fn block(&self, block: &Block, counts: Counts, found: &mut Vec<Description>) {
        match &block.kind {
            BlockKind::Paragraph { content, .. } => {
                let text = prose::text(self.page.runbook.source(), content);
                let counts = if is_condition_line(text.text()) { Counts::Bare } else { counts };
                found.push(Description {
                    page: self.index,
                    alerts: self.alerts.iter().map(|name| (*name).to_owned()).collect(),
                    text,
                    counts,
                });
            }
            BlockKind::Quote(inner) => {
                for block in inner {
                    self.block(block, counts, found);
                }
            }
            BlockKind::List { items, .. } => {
                for block in items.iter().flat_map(|item| &item.blocks) {
                    self.block(block, Counts::Told, found);
                }
            }
            _ => {}
        }
    }
}

/// What counts below a heading within an alert's section. The title of a page is none.
fn below(heading: &str, is_title: bool) -> Counts {
    const TELLING: [&str; 8] = [
        "meaning",
        "description",
        "summary",
        "condition",
        "trigger",
        "what it means",
        "what does it mean",
        "when it fires",
    ];
    let heading = heading.to_lowercase();
    if is_title || TELLING.iter().any(|word| heading.contains(word)) {
        Counts::Whole
    } else {
        Counts::Told
    }
}

/// `Threshold: more than 3 in 5h`
fn is_condition_line(text: &str) -> bool {
    const LONGEST_KEY: usize = 24;
    text.split_once(':').is_some_and(|(key, _)| {
        key.len() <= LONGEST_KEY && is_condition(&key.to_lowercase()) && !key.contains('\n')
    })
}
