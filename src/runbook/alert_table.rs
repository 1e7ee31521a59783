//! Alert tables: tables whose rows name alerts, say what they mean and where to start.
//!
//! Which table is one follows from its header, by the shapes of a survey of 828 runbooks
//! (`Alert_Situation`, `AlertName`, `Alert`, `Alert Name`); a header that merely talks about alerts
//! (`Alerts channel`) makes none.

use crate::markdown::{Block, BlockKind, Cell, Document, Inline, InlineKind, Table, plain_text};
use std::ops::Range;

/// A table with exactly one column of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTable {
    /// Its bytes in the source.
    pub range: Range<usize>,
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
    /// The address of the link to the section to start at, with its bytes in the source.
    pub start: Option<(String, Range<usize>)>,
}

/// The name of an alert where an author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAlert {
    /// The name: any text that is not empty.
    pub name: String,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// The alert tables of a document, in order.
pub fn find(document: &Document) -> Vec<AlertTable> {
    let mut tables = Vec::new();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Table(table) = &block.kind {
            tables.extend(read(block, table));
        }
    });
    tables
}

fn read(block: &Block, table: &Table) -> Option<AlertTable> {
    let header = table.head.first()?;
    let mut columns = header
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| names_alerts(&plain_text(&cell.content)));
    let (column, _) = columns.next()?;
    if columns.next().is_some() {
        return None;
    }
    let rows: Vec<AlertRow> = table
        .body_rows()
        .filter_map(|row| {
            let alerts = alerts(row.cells.get(column)?);
            let start = start(&row.cells, column);
            (!alerts.is_empty()).then(|| AlertRow { range: row.range.clone(), alerts, start })
        })
        .collect();
    (!rows.is_empty()).then(|| AlertTable { range: block.range.clone(), column, rows })
}

/// Whether a column with this header holds names of alerts.
fn names_alerts(header: &str) -> bool {
    let letters: String =
        header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    matches!(
        letters.as_str(),
        "alert" | "alerts" | "alertname" | "alertnames" | "alertsituation" | "alertsituations"
    )
}

/// The alerts that a cell names. Code spans at its front, parted by nothing but `or`, `and`, `/`,
/// commas and line breaks; prose behind them may hold code that names no alert. A cell without
/// code names an alert if it is a single word.
fn alerts(cell: &Cell) -> Vec<NamedAlert> {
    let mut found = Vec::new();
    collect(&cell.content, &mut found);
    if !found.is_empty() {
        return found;
    }
    let text = plain_text(&cell.content);
    let name = text.trim();
    match cell.content.as_slice() {
        [only] if !name.is_empty() && !name.contains(char::is_whitespace) => {
            vec![NamedAlert { name: name.to_owned(), range: innermost(only).range.clone() }]
        }
        _ => Vec::new(),
    }
}

/// The text inside of emphasis or a link that wraps nothing else.
fn innermost(inline: &Inline) -> &Inline {
    match &inline.kind {
        InlineKind::Emphasis(inner)
        | InlineKind::Strong(inner)
        | InlineKind::Link { content: inner, .. }
            if inner.len() == 1 =>
        {
            innermost(&inner[0])
        }
        _ => inline,
    }
}

/// Collects names; `false` as soon as prose begins.
fn collect(inlines: &[Inline], found: &mut Vec<NamedAlert>) -> bool {
    inlines.iter().all(|inline| match &inline.kind {
        InlineKind::Code(code) => {
            let text = code.text();
            let name = text.trim();
            let at = text.len() - text.trim_start().len();
            if !name.is_empty() {
                let range = code.to_source(at..at + name.len());
                found.push(NamedAlert { name: name.to_owned(), range });
            }
            true
        }
        InlineKind::Text(text) => text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | ';'))
            .all(|word| matches!(word, "" | "or" | "and" | "&")),
        InlineKind::Emphasis(inner)
        | InlineKind::Strong(inner)
        | InlineKind::Link { content: inner, .. } => collect(inner, found),
        InlineKind::Html(_) | InlineKind::SoftBreak | InlineKind::HardBreak => true,
        _ => false,
    })
}

/// The link of a row to the section to start at: of the links behind the alert's cell the last one
/// with a fragment, else the last one; else the link in the alert's cell.
fn start(cells: &[Cell], column: usize) -> Option<(String, Range<usize>)> {
    let behind: Vec<_> =
        cells.iter().skip(column + 1).flat_map(|cell| links(&cell.content)).collect();
    let with_fragment = behind.iter().rev().find(|(url, _)| url.contains('#'));
    with_fragment
        .or(behind.last())
        .cloned()
        .or_else(|| links(&cells.get(column)?.content).into_iter().next())
}

fn links(inlines: &[Inline]) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    crate::markdown::walk_inlines(inlines, &mut |inline| {
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
        find(&crate::markdown::parse(&Source::new("a.md", text), 0, &|_| Vec::new()))
    }

    fn names(text: &str) -> Vec<String> {
        tables(text)
            .iter()
            .flat_map(|table| &table.rows)
            .flat_map(|row| &row.alerts)
            .map(|alert| alert.name.clone())
            .collect()
    }

    #[test]
    fn cells_name_one_alert_or_several() {
        for (cell, expected) in [
            ("`WorkerFailed`", vec!["WorkerFailed"]),
            ("`Failed6+Hours`", vec!["Failed6+Hours"]),
            ("`A1` or `B1`", vec!["A1", "B1"]),
            ("`A1`<br>`B1`", vec!["A1", "B1"]),
            ("`A1` `B1`", vec!["A1", "B1"]),
            ("`A1` when this or `that` happens", vec!["A1"]),
            ("[`A1`](#a1)", vec!["A1"]),
            ("**armada-kp-events**", vec!["armada-kp-events"]),
            ("all of them", vec![]),
        ] {
            let text = format!("| Alert_Situation | Info |\n|--\n| {cell} | x |\n");
            assert_eq!(names(&text), expected, "{cell}");
        }
    }

    #[test]
    fn headers_tell_alert_tables_from_others() {
        for (header, expected) in [
            ("Alert_Situation | Info | Start", 1),
            ("AlertName | Info | Action", 1),
            ("Info | Alert Name | Action", 0),
            ("Alerts channel | Team | x", 0),
            ("Alert | Alert name | x", 0),
        ] {
            let text = format!("| {header} |\n|--\n| `A` | words here | z |\n");
            assert_eq!(tables(&text).len(), expected, "{header}");
        }
    }

    #[test]
    fn names_and_links_have_places() {
        let text = "| Alert | Info | Start |\n|--\n| `Aé`| [a](x.html) | [b](#b) |\n";
        let found = &tables(text)[0].rows[0];
        assert_eq!(&text[found.alerts[0].range.clone()], "Aé");
        let (url, range) = found.start.clone().unwrap();
        assert_eq!((url.as_str(), &text[range]), ("#b", "#b"));
    }
}
