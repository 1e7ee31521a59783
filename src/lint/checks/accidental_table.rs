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

use super::{Check, Needs, OpenPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{Habit, HabitKind, InlineKind};
use crate::source::Span;
use std::ops::Range;

pub const CHECK: Check = Check {
    name: "accidental-table",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    of_habits(open, |habit| {
        let HabitKind::AccidentalTable { pipes } = &habit.kind else { return None };
        let first = pipes.first().map_or(habit.range.clone(), |at| *at..at + 1);
        let message = "Jekyll makes a table of this paragraph because of its `|`";
        let diagnostic =
            Diagnostic::new(CHECK.name, Span::new(open.page().runbook.source(), first), message)
                .with_label("parts two cells")
                .with_help("put the command in backticks, or write `\\|`")
                .with_fix(escape(open, habit, pipes));
        Some(diagnostic)
    })
}

/// Takes the `|` out of the way: in text by an escape, in an address, where a reader of it would see
/// one, as `%7C`. Nothing does it everywhere else, and in a query an escape makes another query of it.
fn escape(open: &OpenPage<'_>, habit: &Habit, pipes: &[usize]) -> Option<Fix> {
    let runbook = &open.page().runbook;
    let mut queries = runbook.habits.iter().filter(|other| other.kind == HabitKind::MangledQuery);
    let has_query = queries
        .any(|query| habit.range.start <= query.range.start && query.range.end <= habit.range.end);
    if has_query {
        return None;
    }
    let source = runbook.source();
    let is_within =
        |range: &Range<usize>| habit.range.start <= range.start && range.end <= habit.range.end;
    let (mut texts, mut addresses, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    open.document().walk_inlines(&mut |inline| match &inline.kind {
        _ if !is_within(&inline.range) => {}
        InlineKind::Text(_) | InlineKind::Verbatim(_) => texts.push(inline.range.clone()),
        InlineKind::Link { target, .. } | InlineKind::Image { target, .. } => {
            // An address that is shown as it is written has no place for either.
            let is_marked = source.text()[inline.range.clone()].starts_with(['[', '!']);
            let places = if is_marked { &mut addresses } else { &mut shown };
            places.push(target.range.clone());
            if matches!(inline.kind, InlineKind::Image { .. }) {
                texts.push(inline.range.start..target.range.start);
            }
        }
        _ => {}
    });
    let edits = pipes.iter().map(|at| {
        let is_in = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(at));
        match (is_in(&shown), is_in(&addresses), is_in(&texts)) {
            (false, true, _) => Edit::new(source, *at..*at + 1, "%7C"),
            (false, false, true) => Edit::new(source, *at..*at, "\\"),
            _ => None,
        }
    });
    Fix::new(Safety::Unsafe, edits)
}
