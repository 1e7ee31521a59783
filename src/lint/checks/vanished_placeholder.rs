//! A placeholder in prose looks like an HTML tag.
//!
//! `<clusterID>` is a tag to Markdown, and a browser shows nothing for a tag that it does not know:
//! Jekyll's readers never see that something is to be filled in. It is shown as a placeholder here.
//!
//! # Example
//!
//! ```markdown
//! Log in to <carrier> and look for the worker <workerID>.
//! ```
//!
//! # To fix it
//!
//! Write `\<clusterID>`, or put it in backticks with the command that it is part of. In raw HTML,
//! where a backslash is shown, write `&lt;clusterID&gt;`.

use super::{Check, InPage, Needs, Run, of_habits_keeping_headings};
use crate::diag::fix::Safety;
use crate::diag::{Diagnostic, Severity};
use crate::lint::arriving::HeadingsKept;
use crate::markdown::{Habit, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "vanished-placeholder",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    of_habits_keeping_headings(site, check)
}

fn check(page: &Page, habit: &Habit, headings: &HeadingsKept) -> Option<Diagnostic> {
    let HabitKind::VanishedPlaceholder { raw } = habit.kind else { return None };
    let source = page.runbook.source();
    let span = Span::new(source, habit.range.clone());
    let written = span.text().to_owned();
    let (start, end) = (habit.range.start, habit.range.end);
    // What a value of Liquid has is not written here, and a captured text where it is.
    let is_written = |at| Span::written(source, at..at + 1).is_some();
    if !is_written(start) && !is_written(end.saturating_sub(1)) {
        return None;
    }
    let (advice, edits) = if raw {
        let words = written.trim_start_matches('<').trim_end_matches('>');
        let edits = vec![(start..start + 1, "&lt;"), (end.saturating_sub(1)..end, "&gt;")];
        (format!("write `&lt;{words}&gt;`: in HTML no backslash helps"), edits)
    } else {
        let edits = vec![(start..start, "\\")];
        (format!("write `\\{written}`, or put it in backticks"), edits)
    };
    let message = format!("a browser takes `{written}` for a tag and does not show it");
    let diagnostic = Diagnostic::new(CHECK.name, span, message)
        .with_label("meant to be filled in")
        .with_help(advice)
        .with_fix(headings.fix(Safety::Unsafe, page, &edits));
    Some(diagnostic)
}
