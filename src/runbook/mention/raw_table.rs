//! Tables of raw HTML that name alerts.

use crate::runbook::AlertColumns;
use crate::runbook::alert_name::may_be_name;

/// A table of raw HTML on its way.
#[derive(Default)]
pub(super) struct RawTable {
    /// The rows so far, and the cells of the last one.
    rows: usize,
    cells: usize,
    /// The column whose header says that it names alerts, counted from 1.
    column: Option<usize>,
    /// Whether the first cell of the row is about an alert, `Alert Name`.
    says_alert: bool,
    /// The text of the cell that is open.
    cell: Option<String>,
}

impl RawTable {
    /// Goes on by a tag and the text behind it. Gives the text of a cell that ends there and names
    /// an alert.
    pub(super) fn read(&mut self, tag: &str, text: &str, columns: &AlertColumns) -> Option<String> {
        let ends = matches!(tag, "td" | "th" | "tr" | "/td" | "/th" | "/tr" | "/table");
        let ended =
            if ends { self.cell.take().and_then(|cell| self.ended(&cell, columns)) } else { None };
        match tag {
            "tr" => {
                self.rows += 1;
                self.cells = 0;
                self.says_alert = false;
            }
            "td" | "th" => {
                self.cells += 1;
                self.cell = Some(String::new());
            }
            _ => {}
        }
        if let Some(cell) = &mut self.cell {
            cell.push_str(text);
        }
        ended
    }

    fn ended(&mut self, cell: &str, columns: &AlertColumns) -> Option<String> {
        let cell = cell.trim();
        if self.rows <= 1 && columns.certainty(cell).is_some() {
            self.column.get_or_insert(self.cells);
            self.says_alert = true;
            return None;
        }
        if self.cells == 1 {
            self.says_alert = cell.to_lowercase().contains("alert");
        }
        let names_one = self.column == Some(self.cells) || self.says_alert && self.cells == 2;
        (names_one && may_be_name(cell)).then(|| cell.to_owned())
    }
}
