//! Delimiter rows that are shorter than their tables, such as `|--`.
//!
//! kramdown makes a table of it, GitHub and most editors do not.

use crate::diag::fix::{Edit, Fix, Safety};
use crate::markdown::HabitKind;
use crate::site::{Page, Site};

pub fn find(_: &Site, page: &Page) -> Vec<Fix> {
    let source = page.runbook.source();
    let habits = page.runbook.habits.iter();
    let fixes = habits.filter_map(|habit| {
        let HabitKind::ShortDelimiterRow { columns } = habit.kind else { return None };
        let row = lengthened(&source.text()[habit.range.clone()], columns)?;
        Fix::new(Safety::Safe, [Edit::new(source, habit.range.clone(), row)])
    });
    fixes.collect()
}

/// The row with as many columns, each at least three dashes wide; those that it has keep how they
/// are aligned. None if it is no delimiter row of GFM even then.
fn lengthened(row: &str, columns: usize) -> Option<String> {
    let row = row.trim();
    let mut cells: Vec<&str> = row.trim_matches('|').split(['|', '+']).map(str::trim).collect();
    if cells.len() > columns || cells.iter().any(|cell| !is_delimiter(cell)) {
        return None;
    }
    cells.resize(columns, "---");
    let cells = cells.into_iter().map(|cell| match (cell.starts_with(':'), cell.ends_with(':')) {
        (true, true) => ":-:".to_owned(),
        (true, false) => format!(":{:-<2}", cell.trim_matches(':')),
        (false, true) => format!("{:-<2}:", cell.trim_matches(':')),
        (false, false) => format!("{cell:-<3}"),
    });
    Some(format!("|{}|", cells.collect::<Vec<_>>().join("|")))
}

/// Whether a cell is one of a delimiter row to GFM: dashes, with a colon at an end or at both.
fn is_delimiter(cell: &str) -> bool {
    let dashes = cell.strip_prefix(':').unwrap_or(cell);
    let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
    !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_the_columns_of_their_tables() {
        for (row, columns, expected) in [
            ("|--", 3, Some("|---|---|---|")),
            ("|:--|", 2, Some("|:--|---|")),
            ("| --: | -- |", 3, Some("|--:|---|---|")),
            ("--+-----", 3, Some("|---|-----|---|")),
            (":-:", 1, Some("|:-:|")),
            ("|===", 2, None),
            ("|--|--|", 1, None),
            ("|- -|", 2, None),
        ] {
            assert_eq!(lengthened(row, columns).as_deref(), expected, "{row}");
        }
    }
}
