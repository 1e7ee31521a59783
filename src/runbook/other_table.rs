//! Tables whose headers do not say that their rows are of alerts: `| 告警名称 | 级别 |`, `| Rule | Team |`.
//!
//! A column is one of alerts all the same where rules have the names that stand in it, which the site
//! can tell. So of each column the cells are kept that may be names and nothing else; those of a table
//! that tells of alerts that fired are not.

use super::AlertTable;
use super::alert_name::may_be_name;
use super::past_alerts;
use crate::markdown::{Cell, Document, Inline, InlineKind, Row, Table};
use std::ops::Range;

/// A table that is no alert table by its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherTable {
    /// Its columns that have at least one cell which may be a name, from the left.
    pub columns: Box<[Box<[NameCell]>]>,
    /// Whether one of its columns holds days or times.
    pub has_times: bool,
}

/// A cell that may be the name of an alert. Nearly all are none, so it says no more than where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameCell {
    name: Place,
    row: Place,
}

/// Bytes in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: u32,
    end: u32,
}

impl Place {
    fn new(range: &Range<usize>) -> Option<Self> {
        let end = u32::try_from(range.end).ok()?;
        Some(Self { start: u32::try_from(range.start).ok()?, end })
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl NameCell {
    /// The bytes of the name in the source.
    pub fn range(self) -> Range<usize> {
        self.name.range()
    }

    /// The bytes of its row in the source.
    pub fn row(self) -> Range<usize> {
        self.row.range()
    }
}

/// The tables of a document that are none of these alert tables, in order.
pub fn find(document: &Document, alert_tables: &[AlertTable]) -> Vec<OtherTable> {
    let mut tables = Vec::new();
    document.walk_blocks(&mut |block| {
        for (range, table) in document.tables_of(block) {
            let is_known = alert_tables.iter().any(|known| known.range == *range);
            tables.extend((!is_known).then(|| read(document.source.text(), table)).flatten());
        }
    });
    tables.shrink_to_fit();
    tables
}

fn read(source: &str, table: &Table) -> Option<OtherTable> {
    let header = table.head.first()?;
    let rows: Vec<&Row> = table.body_rows().collect();
    let names_in = |column: usize| {
        let cells = rows.iter().filter_map(|row| Some((*row, row.cells.get(column)?)));
        let cells = cells.filter_map(|(row, cell)| {
            let name = name(source, cell)?;
            Some(NameCell { name: Place::new(&name)?, row: Place::new(&row.range)? })
        });
        cells.collect::<Box<[NameCell]>>()
    };
    let columns = (0..table.columns).filter_map(|column| {
        let cells = names_in(column);
        let tells = cells.is_empty() || past_alerts::are_told(header, &rows, column);
        (!tells).then_some(cells)
    });
    let columns: Box<[_]> = columns.collect();
    let has_times = (0..table.columns).any(|column| past_alerts::are_moments(&rows, column));
    (!columns.is_empty()).then_some(OtherTable { columns, has_times })
}

/// The bytes of the text that is all of a cell, however it is set, if it may be a name.
fn name(source: &str, cell: &Cell) -> Option<Range<usize>> {
    const LONGEST: usize = 80;
    let range = sole_text(&cell.content)?;
    let written = source.get(range.clone())?;
    let name = written.trim();
    let start = range.start + written.len() - written.trim_start().len();
    // What is escaped is not written as it reads.
    let is_plain = !name.contains(['\\', '&', '`']);
    (name.len() <= LONGEST && is_plain && may_be_name(name)).then(|| start..start + name.len())
}

fn sole_text(content: &[Inline]) -> Option<Range<usize>> {
    let mut said = content.iter().filter(|inline| !matches!(inline.kind, InlineKind::Html(_)));
    let (Some(only), None) = (said.next(), said.next()) else { return None };
    match &only.kind {
        InlineKind::Text(_) | InlineKind::Verbatim(_) => Some(only.range.clone()),
        InlineKind::Code(code) => Some(code.to_source(0..code.text().len())),
        InlineKind::Strong(inner) | InlineKind::Emphasis(inner) => sole_text(inner),
        InlineKind::Link { content, .. } => sole_text(content),
        _ => None,
    }
}
