//! A row of a table goes on in the next line.
//!
//! To Markdown each line of a table is a row of its own, and the second half of this one has its
//! text in the wrong columns. Here the halves are read as one row.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info |
//! |-------|------|
//! | `DiskFull` | A disk is full, and
//! nothing can be written. |
//! ```
//!
//! # To fix it
//!
//! Write the row on one line; `<br>` makes a line break in a cell.

use super::{Check, Needs, OpenPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::HabitKind;
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "split-table-row",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    of_habits(open, |habit| {
        let page = open.page();
        let HabitKind::SplitTableRow { breaks } = &habit.kind else { return None };
        let source = page.runbook.source();
        let edits = breaks.iter().map(|place| Edit::new(source, place.clone(), " "));
        let message = "the row of the table goes on in the next line";
        let diagnostic =
            Diagnostic::new(CHECK.name, Span::new(source, habit.range.clone()), message)
                .with_label("a row ends with its line")
                .with_help("write the row on one line; `<br>` makes a line break in a cell")
                .with_fix(Fix::new(Safety::Unsafe, edits));
        Some(diagnostic)
    })
}
