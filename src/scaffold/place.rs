//! The place of a new section on a page that is there: a row of its alert table, and its end.

use super::{Scaffold, escaped, in_cell, name_in_cell};
use crate::lang;
use crate::markdown::{self, BlockKind, FrontMatter, Row, Table};
use crate::runbook::{AlertTable, Runbook};
use crate::source::Source;
use std::ops::Range;

/// A page with a new section.
#[derive(Debug, PartialEq, Eq)]
pub struct Extended {
    /// The whole text of the file.
    pub text: String,
    /// Whether the section has a row in an alert table.
    pub has_row: bool,
}

/// Appends the section to a page, and a row to the last of its alert tables. `text` is what the
/// file holds; what Liquid makes of it is not edited, and a table that it makes gets no row.
pub(super) fn extend(scaffold: &Scaffold<'_>, page: &Runbook, text: &str) -> Extended {
    let level = level(page);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let heading = format!("\n\n{} {}\n", "#".repeat(usize::from(level)), escaped(scaffold.alert));
    let id = last_id(&format!("{text}{heading}"));
    let mut extended = text.trim_end().to_owned();
    let section = scaffold.section(level);
    extended.push_str(&format!("\n\n{section}").replace('\n', newline));
    let row = page.alert_tables.last().and_then(|table| new_row(scaffold, page, table, text, &id));
    let has_row = row.is_some();
    if let Some((at, row)) = row {
        extended.insert_str(at, &format!("{newline}{row}"));
    }
    Extended { text: extended, has_row }
}

/// The level of the sections that alerts have on a page.
fn level(page: &Runbook) -> u8 {
    let starts = page.alert_tables.iter().flat_map(|table| &table.rows);
    let fragments = starts.filter_map(|row| row.start.as_ref()?.0.strip_prefix('#'));
    let of_section = |fragment: &str| {
        page.headings.iter().find(|heading| heading.id == fragment).map(|heading| heading.level)
    };
    let of_alerts = fragments.filter_map(of_section).next_back();
    let of_page = page.headings.iter().map(|heading| heading.level).filter(|level| *level > 1);
    of_alerts.or(of_page.min()).unwrap_or(2)
}

/// The id of the last heading of a text.
pub(super) fn last_id(text: &str) -> String {
    let source = Source::new("page.md", text.trim_start_matches('\u{feff}'));
    let (front_matter, _) = FrontMatter::read(&source);
    let document = markdown::parse(&source, front_matter.body(), &lang::kept_in_prose);
    let mut last = String::new();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Heading { id, .. } = &block.kind {
            last.clone_from(id);
        }
    });
    last
}

/// The row, and where it goes in the text of the file.
fn new_row(
    scaffold: &Scaffold<'_>,
    page: &Runbook,
    alerts: &AlertTable,
    text: &str,
    id: &str,
) -> Option<(usize, String)> {
    let mut found: Option<&Table> = None;
    let document = page.document();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Table(table) = &block.kind
            && block.range == alerts.range
        {
            found = Some(table);
        }
    });
    let table = found?;
    let last = table.bodies.iter().rev().find_map(|body| body.last())?;
    let source = page.source().text();
    let line = line(source, &last.range);
    // The same line in the file, if there is exactly one.
    let mut places = text.match_indices(line);
    let (at, _) = places.next().filter(|_| places.next().is_none())?;
    let indent = &line[..line.len() - line.trim_start().len()];
    let has_edges = line.trim_start().starts_with('|');
    // A row within a quotation or a list begins with marks of theirs.
    if !has_edges && line.trim_start().starts_with(['>', '-', '*']) {
        return None;
    }
    let start = start_column(alerts, table);
    let cells: Vec<String> =
        (0..table.columns).map(|column| cell(scaffold, alerts, start, column, id)).collect();
    let row = cells.join(" | ");
    let row = if has_edges { format!("{indent}| {row} |") } else { format!("{indent}{row}") };
    Some((at + line.len(), row))
}

fn cell(
    scaffold: &Scaffold<'_>,
    alerts: &AlertTable,
    start: Option<usize>,
    column: usize,
    id: &str,
) -> String {
    if column == alerts.column {
        let name = name_in_cell(scaffold.alert);
        match start {
            Some(_) => name,
            None => format!("[{name}](#{id})"),
        }
    } else if Some(column) == start {
        format!("[{}](#{id})", in_cell(&escaped(scaffold.alert)))
    } else if column == alerts.column + 1 {
        in_cell(&scaffold.meaning())
    } else {
        String::new()
    }
}

/// The column of the links to sections, behind that of the alerts; none if the names are links.
fn start_column(alerts: &AlertTable, table: &Table) -> Option<usize> {
    let column_of = |place: &Range<usize>| {
        let rows = table.body_rows();
        let holds = |row: &&Row| row.range.start <= place.start && place.end <= row.range.end;
        let row = rows.filter(holds).last()?;
        row.cells
            .iter()
            .position(|cell| cell.range.start <= place.start && place.end <= cell.range.end)
    };
    let linked = alerts.rows.iter().rev().find_map(|row| column_of(&row.start.as_ref()?.1));
    match linked {
        Some(column) => Some(column).filter(|column| *column != alerts.column),
        None => Some(table.columns - 1).filter(|last| *last > alerts.column),
    }
}

/// The whole line that a row stands on, without its end.
fn line<'t>(text: &'t str, row: &Range<usize>) -> &'t str {
    let start = text[..row.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[row.start..].find('\n').map_or(text.len(), |at| row.start + at);
    text[start..end].trim_end()
}
