//! Code has a no-break space in it.
//!
//! It comes along when a command is copied from a chat or a wiki, and looks like a space. To a shell
//! it is a letter: `kubectl get pods` with one before `pods` asks kubectl for a command `get pods`,
//! which it does not have. PromQL and YAML refuse it as well.
//!
//! # Example
//!
//! ```text
//! `kubectl get pods`, with a no-break space before `pods`
//! ```
//!
//! # To fix it
//!
//! Write an ordinary space; `check --fix` does.

use super::{Check, InPage, Needs, Run, of_habits_keeping_headings};
use crate::diag::fix::Safety;
use crate::diag::{Diagnostic, Severity};
use crate::lint::arriving::HeadingsKept;
use crate::markdown::{Habit, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;
use std::ops::Range;

pub const CHECK: Check = Check {
    name: "no-break-space-in-code",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    of_habits_keeping_headings(site, check)
}

fn check(page: &Page, habit: &Habit, headings: &HeadingsKept) -> Option<Diagnostic> {
    let HabitKind::NoBreakSpaceInCode { in_line } = habit.kind else { return None };
    let source = page.runbook.source();
    let span = Span::new(source, habit.range.clone());
    let (message, spaces) = match span.text().chars().count() {
        0 | 1 => ("the code has a no-break space, which is no space to a shell".to_owned(), 1),
        many => (format!("the code has {many} no-break spaces, which are none to a shell"), many),
    };
    let written = written(source.text(), &habit.range, spaces, in_line);
    let fix = written
        .and_then(|written| headings.fix(Safety::Safe, page, &[(habit.range.clone(), &written)]));
    let diagnostic = Diagnostic::new(CHECK.name, span, message)
        .with_label("looks like a space")
        .with_help("write an ordinary space")
        .with_fix(fix);
    Some(diagnostic)
}

/// What to write in place of no-break spaces: as many spaces, or nothing where a space would keep a
/// backtick from beginning code. None where the code has nothing else, and where a line of it would
/// end its fence.
fn written(text: &str, place: &Range<usize>, spaces: usize, in_line: bool) -> Option<String> {
    let (before, behind) = (&text[..place.start], &text[place.end..]);
    let begins_line = before.rsplit('\n').next().unwrap_or_default().trim().is_empty();
    if begins_line && ["```", "~~~"].iter().any(|marks| behind.trim_start().starts_with(marks)) {
        return None;
    }
    if !in_line {
        return Some(" ".repeat(spaces));
    }
    match (before.ends_with('`'), behind.starts_with('`')) {
        (true, true) => None,
        (true, false) => Some(String::new()),
        _ => Some(" ".repeat(spaces)),
    }
}
