//! A heading has two marks, `## ## Title`.
//!
//! The second one is part of the title to Markdown: it is shown, and the id of the heading begins
//! with `-`. It is not shown here.
//!
//! # Example
//!
//! ```markdown
//! ## ## Full disks
//! ```
//!
//! # To fix it
//!
//! Delete one of the marks; `check --fix` does, and writes the new id in links that
//! lead to the heading from the same page.

use super::{Check, InPage, Needs, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::lint::arriving::Arriving;
use crate::markdown::{Habit, HabitKind, slug};
use crate::runbook::Heading;
use crate::site::{Page, Site};
use crate::source::Span;
use std::ops::Range;
use std::sync::OnceLock;

pub const CHECK: Check = Check {
    name: "doubled-heading-mark",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    let arriving = OnceLock::new();
    Box::new(move |open| {
        let arriving = || arriving.get_or_init(|| Arriving::new(site));
        of_habits(open, |habit| check(open.page(), habit, &arriving))
    })
}

fn check<'s>(
    page: &Page,
    habit: &Habit,
    arriving: &dyn Fn() -> &'s Arriving<'s>,
) -> Option<Diagnostic> {
    let HabitKind::DoubledHeadingMark = habit.kind else { return None };
    let source = page.runbook.source();
    let span = Span::new(source, habit.range.clone());
    let heading = page.runbook.heading_before(habit.range.start)?;
    let heading = &page.runbook.headings[heading];
    let diagnostic = Diagnostic::new(CHECK.name, span, "the heading has a second mark")
        .with_label(if heading.id.starts_with('-') {
            "makes its id begin with `-`"
        } else {
            "part of the title to Markdown"
        })
        .with_help("delete one of the marks")
        .with_fix(fix(page, &habit.range, heading, arriving()));
    Some(diagnostic)
}

/// Deletes the mark, and writes the new id in the links of the page that lead to the heading.
fn fix(
    page: &Page,
    mark: &Range<usize>,
    heading: &Heading,
    arriving: &Arriving<'_>,
) -> Option<Fix> {
    let source = page.runbook.source();
    let delete = Edit::new(source, mark.clone(), "");
    // An id that its author wrote stays.
    let Some(rest) = heading.id.strip_prefix('-') else {
        return Fix::new(Safety::Safe, [delete]);
    };
    let id = slug(&heading.text);
    // Ids of headings with the same text are counted, so that others may change as well.
    let mut others = page.runbook.headings.iter().map(|other| other.id.as_str());
    let has_twin = others.any(|other| {
        let number =
            other.strip_prefix(heading.id.as_str()).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
    });
    let is_taken = rest != id || has_twin || page.runbook.anchors.contains(&id);
    let to_here = arriving.at(page, &heading.id);
    let from_here = to_here.iter().filter(|(from, _)| from.path == page.path);
    let links: Vec<Option<Edit>> = from_here
        .map(|(_, link)| {
            let written = source.text().get(link.range.clone())?;
            let at = link.range.start + written.find(&format!("#{}", heading.id))?;
            Edit::new(source, at..at + 1 + heading.id.len(), format!("#{id}"))
        })
        .collect();
    let from_elsewhere = arriving.has_rule(page, &heading.id) || links.len() < to_here.len();
    let safety = if is_taken || from_elsewhere || links.contains(&None) {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let links = links.into_iter().filter(|link| link.is_some() && !is_taken);
    Fix::new(safety, links.chain([delete]))
}
