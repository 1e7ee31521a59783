//! A paragraph has a `|` that makes a table of it.
//!
//! To kramdown a line with a `|` outside of code is a row of a table, and `run a | b` comes out of
//! Jekyll in two cells and without the `|`. It is shown as a paragraph here.
//!
//! # Example
//!
//! ```markdown
//! To see the log run kubectl logs -n armada api | grep error
//! ```
//!
//! # To fix it
//!
//! Put the command in backticks, or write `\|`.

use super::{Check, InPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{Habit, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "accidental-table", severity: Severity::Note, needs_rules: false, run: Run::Pages(run) };

fn run(_: &Site) -> InPage<'_> {
    of_habits(move |open, habit| {
        let page = open.page();
        let HabitKind::AccidentalTable { pipes } = &habit.kind else { return None };
        let first = pipes.first().map_or(habit.range.clone(), |at| *at..at + 1);
        let message = "Jekyll makes a table of this paragraph because of its `|`";
        let diagnostic =
            Diagnostic::new(CHECK.name, Span::new(page.runbook.source(), first), message)
                .with_label("parts two cells")
                .with_help("put the command in backticks, or write `\\|`")
                .with_fix(escape(page, habit, pipes));
        Some(diagnostic)
    })
}

/// Escapes the `|`, unless one of them is part of a query, in which it would be another one then.
fn escape(page: &Page, habit: &Habit, pipes: &[usize]) -> Option<Fix> {
    let beside = page.runbook.habits.iter();
    let mut queries = beside.filter(|other| other.kind == HabitKind::MangledQuery);
    let has_query = queries.any(|query| {
        habit.range.start <= query.range.start && query.range.end <= habit.range.end
    });
    let source = page.runbook.source();
    let edits = pipes.iter().map(|at| Edit::new(source, *at..*at, "\\"));
    Fix::new(Safety::Unsafe, edits).filter(|_| !has_query)
}
