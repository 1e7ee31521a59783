//! Alert tables: tables whose rows name alerts, say what they mean and where to start.
//!
//! Which table is one follows from its header (see [`AlertColumns`]), and where that is vague from
//! what stands below it; tables of alerts that fired are none (see `past_alerts`). What a cell names
//! is read in `alert_name`.

use super::alert_column::{AlertColumns, Certainty};
use super::alert_name::{self, DressedText, KnownBy, NamedAlert, is_shaped};
use super::past_alerts;
use crate::diag::suggest::letters;
use crate::markdown::{BlockKind, Cell, Document, InlineKind, Row, Table, plain_text};
use std::ops::Range;

/// A table with exactly one column of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTable {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// Where the block begins that it is, or that it stands in as raw HTML.
    pub block: usize,
    /// Whether it is raw HTML, which pages show as it is.
    pub is_html: bool,
    /// Whether its header may stand above other things than names of alerts.
    pub is_vague: bool,
    /// The column that names alerts, from 0.
    pub column: usize,
    /// Its rows that name alerts.
    pub rows: Vec<AlertRow>,
}

/// A row of an alert table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// The alerts it names: one, or several that share a row.
    pub alerts: Vec<NamedAlert>,
    /// The whole text of the cell, where that is more than one name in it: an alert may be called
    /// `Disk full (prod)`, and only the rules can tell.
    pub phrase: Option<NamedAlert>,
    /// The address of the link to the section to start at, with its bytes in the source.
    pub start: Option<(String, Range<usize>)>,
}

/// The alert tables of a document, in order.
pub fn find(document: &Document, columns: &AlertColumns) -> Vec<AlertTable> {
    let mut tables = Vec::new();
    document.walk_blocks(&mut |block| {
        for (range, table) in document.tables_of(block) {
            let found = read(document, range, table, columns);
            let is_html = matches!(block.kind, BlockKind::Html(_));
            let block = block.range.start;
            tables.extend(found.map(|found| AlertTable { block, is_html, ..found }));
        }
    });
    tables.shrink_to_fit();
    tables
}

fn read(
    document: &Document,
    range: &Range<usize>,
    table: &Table,
    columns: &AlertColumns,
) -> Option<AlertTable> {
    // kramdown has tables without a delimiter row, whose first row is the header all the same.
    let rows = || table.bodies.iter().flatten();
    let (header, rows): (_, Vec<&Row>) = match table.head.first() {
        Some(header) => (header, rows().collect()),
        None => (rows().next()?, rows().skip(1).collect()),
    };
    let (column, certainty) = alert_column(header, columns)?;
    if past_alerts::are_told(header, &rows, column) {
        return None;
    }
    let routes = says_who_is_told(header, column);
    let rows = rows.into_iter().filter_map(|row| {
        let cell = row.cells.get(column)?;
        let text = DressedText::of(document, &cell.content);
        let mut alerts = alert_name::in_cell(&text, certainty);
        let is_group = heads_group(row, column);
        for named in &mut alerts {
            if is_group || routes && !is_shaped(&named.name) {
                named.known_by = KnownBy::Rule;
            }
        }
        let phrase = alert_name::whole_cell(&text, &alerts);
        let is_named = !alerts.is_empty() || phrase.is_some();
        let start = start(&row.cells, column);
        is_named.then(|| AlertRow { range: row.range.clone(), alerts, phrase, start })
    });
    let mut rows: Vec<AlertRow> = rows.collect();
    rows.shrink_to_fit();
    (!rows.is_empty()).then(|| AlertTable {
        range: range.clone(),
        block: range.start,
        is_html: false,
        is_vague: certainty == Certainty::Vague,
        column,
        rows,
    })
}

/// Whether a table says nothing of its alerts but who is told of them: its rows may be for all others, or
/// for those of a kind, `default` and `Database`.
fn says_who_is_told(header: &Row, column: usize) -> bool {
    const WHO: [&str; 18] = [
        "channel",
        "contact",
        "contacts",
        "escalation",
        "groupby",
        "groupinterval",
        "groupwait",
        "notify",
        "oncall",
        "owner",
        "pager",
        "receiver",
        "receivers",
        "repeat",
        "repeatinterval",
        "route",
        "slack",
        "team",
    ];
    let mut others = header.cells.iter().enumerate().filter(|(at, _)| *at != column);
    header.cells.len() > 1
        && others.all(|(_, cell)| WHO.contains(&letters(&plain_text(&cell.content)).as_str()))
}

/// Whether a row says nothing but a word that is no code: it may head the rows below it.
fn heads_group(row: &Row, column: usize) -> bool {
    let is_empty = |cell: &Cell| plain_text(&cell.content).trim().is_empty();
    let mut others = row.cells.iter().enumerate().filter(|(at, _)| *at != column);
    let is_code = |cell: &Cell| {
        let mut found = false;
        crate::markdown::walk_inlines(&cell.content, &mut |inline| {
            found |= matches!(inline.kind, InlineKind::Code(_) | InlineKind::Link { .. });
        });
        found
    };
    row.cells.len() > 2
        && others.all(|(_, cell)| is_empty(cell))
        && !row.cells.get(column).is_some_and(is_code)
}

/// The one column that names alerts; none if two may.
fn alert_column(header: &Row, columns: &AlertColumns) -> Option<(usize, Certainty)> {
    let headers: Vec<_> = header.cells.iter().map(|cell| plain_text(&cell.content)).collect();
    let certainties = headers.iter().map(|header| columns.certainty(header));
    let mut found = certainties.enumerate().filter_map(|(column, it)| Some((column, it?)));
    match (found.next(), found.next()) {
        (None, _) => columns.name_beside(&headers).map(|column| (column, Certainty::Vague)),
        (only, None) => only,
        _ => None,
    }
}

/// The link of a row to the section to start at: of the links behind the alert's cell the last one
/// with a fragment, else the last one; else the link in the alert's cell.
fn start(cells: &[Cell], column: usize) -> Option<(String, Range<usize>)> {
    let behind: Vec<_> = cells.iter().skip(column + 1).flat_map(links).collect();
    let with_fragment = behind.iter().rev().find(|(url, _)| url.contains('#'));
    with_fragment
        .or(behind.last())
        .cloned()
        .or_else(|| links(cells.get(column)?).into_iter().next())
}

fn links(cell: &Cell) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    crate::markdown::walk_inlines(&cell.content, &mut |inline| {
        if let InlineKind::Link { target, .. } = &inline.kind {
            found.push((target.url.clone(), target.range.clone()));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn tables(text: &str) -> Vec<AlertTable> {
        let document = crate::markdown::parse(&Source::new("a.md", text), 0, &|_, _| {
            crate::markdown::Kept::default()
        });
        find(&document, &AlertColumns::default())
    }

    #[test]
    fn headers_tell_alert_tables_from_others() {
        for (header, expected) in [
            ("Alert_Situation | Info | Start", Some(0)),
            ("AlertName | Info | Action", Some(0)),
            ("Info | Alert Name | Action", Some(1)),
            ("Alerts channel | Team | x", None),
            ("Alert | Alert name | x", None),
            ("**Alert** | Channel | Escalation Policy", Some(0)),
        ] {
            let text = format!("| {header} |\n|--\n| `A1` | `B1` | z |\n");
            let column = tables(&text).first().map(|table| table.column);
            assert_eq!(column, expected, "{header}");
        }
    }

    #[test]
    fn a_table_without_a_delimiter_row_has_a_header_as_well() {
        let found = tables("| Alert_Situation | Info |\n| `A1` | x |\n| `B1` | y |\n");
        assert_eq!(found[0].rows.len(), 2);
        assert_eq!(found[0].rows[0].alerts[0].name, "A1");
    }

    #[test]
    fn a_footer_names_no_alerts() {
        let found = tables("| Alert_Situation | Info |\n|--\n| `A1` | x |\n|===\n| `Sum` | 1 |\n");
        assert_eq!(found[0].rows.len(), 1);
    }

    #[test]
    fn links_have_places() {
        let text = "| Alert | Info | Start |\n|--\n| `Aé`| [a](x.html) | [b](#b) |\n";
        let found = &tables(text)[0].rows[0];
        let (url, range) = found.start.clone().unwrap();
        assert_eq!((url.as_str(), &text[range]), ("#b", "#b"));
    }
}
