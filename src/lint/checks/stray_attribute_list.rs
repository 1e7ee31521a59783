//! An attribute list belongs to nothing, or to another block than its author means.
//!
//! A list such as `{: .table}` belongs to the block right above it, or else to the one right below.
//! Between blank lines kramdown drops it, or gives it to a heading further down. Here it is given
//! to the block that is meant; to an image or a link, where it says what only those can have and there
//! is just one. One that is never closed, or an id of several words behind a heading, is text to
//! everyone.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info |
//! |-------|------|
//! | `DiskFull` | A disk is full. |
//!
//! {: .table}
//!
//! ## Workers
//! ```
//!
//! # To fix it
//!
//! Write the list on the line right below its block, or delete it.

use super::{Check, InPage, Needs, Run, of_habits_keeping_headings};
use crate::diag::fix::{Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::lint::arriving::HeadingsKept;
use crate::markdown::{Habit, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "stray-attribute-list",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    of_habits_keeping_headings(site, check)
}

fn check(page: &Page, habit: &Habit, headings: &HeadingsKept) -> Option<Diagnostic> {
    let source = page.runbook.source();
    let span = Span::new(source, habit.range.clone());
    let list = span.text();
    let (message, help, fix) = match habit.kind {
        HabitKind::StrayAttributeList { meant_for: Some(end) } => (
            format!("the attribute list `{list}` does not stand at its block"),
            "write it on the line right below the block",
            move_up(page, habit, end, headings),
        ),
        HabitKind::StrayAttributeList { meant_for: None } => (
            format!("the attribute list `{list}` belongs to nothing"),
            "write it on the line right below a block, or delete it",
            None,
        ),
        HabitKind::AttributeListApart { end, of_image } => (
            format!("the attribute list `{list}` does not stand at its {}", piece(of_image)),
            right_behind(of_image),
            move_left(page, habit, end, headings),
        ),
        HabitKind::AttributeListOfPiece { of_image } => {
            let article = if of_image { "an" } else { "a" };
            let piece = piece(of_image);
            (
                format!("the attribute list `{list}` is for {article} {piece}, and stands at none"),
                right_behind(of_image),
                None,
            )
        }
        HabitKind::MistypedAttributeList { ref meant } => {
            let edit = (habit.range.clone(), meant.as_str());
            (
                format!("the attribute list `{list}` does not begin with `{{:`"),
                "begin it with `{:`, or it is text",
                headings.fix(Safety::Unsafe, page, &[edit]),
            )
        }
        HabitKind::AttributeListBetween => (
            format!(
                "the attribute list `{list}` stands between blank lines, and is given to the \
                 block below"
            ),
            "write it on the line right below or right above its block",
            None,
        ),
        HabitKind::UnclosedAttributeList => (
            format!("the attribute list `{list}` is not closed, and shown as text"),
            "write `}` at its end, on the same line",
            None,
        ),
        HabitKind::BadHeadingId { is_apart: false } => (
            format!("the id `{list}` stands right behind its heading, and is shown as text"),
            "write a blank before it",
            None,
        ),
        HabitKind::BadHeadingId { is_apart: true } => (
            format!("`{list}` is no id of a heading, and shown as text"),
            "an id is one word of letters, digits, `-`, `_`, `.` and `:`",
            None,
        ),
        _ => return None,
    };
    let diagnostic = Diagnostic::new(CHECK.name, span.clone(), message).with_help(help);
    Some(diagnostic.with_fix(fix))
}

fn piece(of_image: bool) -> &'static str {
    if of_image { "image" } else { "link" }
}

fn right_behind(of_image: bool) -> &'static str {
    if of_image {
        "write it right behind the image, without a blank"
    } else {
        "write it right behind the link, without a blank"
    }
}

/// Writes the list right behind what ends at `end`, where nothing but white space and the marks of
/// quotations stand in between.
fn move_left(page: &Page, habit: &Habit, end: usize, headings: &HeadingsKept<'_>) -> Option<Fix> {
    let source = page.runbook.source();
    let between = source.text().get(end..habit.range.start)?;
    let is_apart = between.chars().all(|c| c.is_whitespace() || c == '>');
    let edit = is_apart.then_some((end..habit.range.start, ""))?;
    headings.fix(Safety::Unsafe, page, &[edit])
}

/// Writes the list on the line below the block that ends at `end`, where nothing but white space
/// stands in between. The id of a heading, of which the list is a part, must not be needed.
fn move_up(page: &Page, habit: &Habit, end: usize, headings: &HeadingsKept<'_>) -> Option<Fix> {
    let source = page.runbook.source();
    let text = source.text();
    let end = text[..end].trim_end().len();
    let between = text.get(end..habit.range.start)?;
    if !between.trim().is_empty() {
        return None;
    }
    let indent = between.rfind('\n').map(|at| &between[at + 1..])?;
    let below = format!("\n{indent}");
    let fix = headings.fix(Safety::Unsafe, page, &[(end..habit.range.start, &below)])?;
    (fix.edits().len() == 1).then_some(fix)
}
