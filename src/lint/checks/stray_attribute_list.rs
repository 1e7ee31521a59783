//! An attribute list belongs to nothing, or to another block than its author means.
//!
//! A list such as `{: .table}` belongs to the block right above it, or else to the one right below.
//! Between blank lines kramdown drops it, or gives it to a heading further down. Here it is given
//! to the block that is meant.
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

use super::{Check, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{Habit, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "stray-attribute-list", severity: Severity::Note, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    of_habits(site, |page, habit| {
        let source = page.runbook.source();
        let span = Span::new(source, habit.range.clone());
        let list = span.text();
        let meant_for = match habit.kind {
            HabitKind::StrayAttributeList { meant_for } => meant_for,
            HabitKind::AttributeListApart { link_end } => {
                let edit = Edit::new(source, link_end..habit.range.start, "");
                let message = format!("the attribute list `{list}` does not stand at its link");
                let diagnostic = Diagnostic::new(CHECK.name, span.clone(), message)
                    .with_help("write it right behind the link, without a blank")
                    .with_fix(Fix::new(Safety::Unsafe, [edit]));
                return Some(diagnostic);
            }
            HabitKind::AttributeListBetween => {
                let message = format!(
                    "the attribute list `{list}` stands between blank lines, and is given to the \
                     block below"
                );
                let diagnostic = Diagnostic::new(CHECK.name, span.clone(), message)
                    .with_help("write it on the line right below or right above its block");
                return Some(diagnostic);
            }
            _ => return None,
        };
        let diagnostic = match meant_for {
            Some(_) => Diagnostic::new(
                CHECK.name,
                span.clone(),
                format!("the attribute list `{list}` does not stand at its block"),
            )
            .with_help("write it on the line right below the block"),
            None => Diagnostic::new(
                CHECK.name,
                span.clone(),
                format!("the attribute list `{list}` belongs to nothing"),
            )
            .with_help("write it on the line right below a block, or delete it"),
        };
        Some(diagnostic.with_fix(meant_for.and_then(|end| move_up(page, habit, end))))
    })
}

/// Writes the list on the line below the block that ends at `end`, where nothing but white space
/// stands in between.
fn move_up(page: &Page, habit: &Habit, end: usize) -> Option<Fix> {
    let source = page.runbook.source();
    let text = source.text();
    let end = text[..end].trim_end().len();
    let between = text.get(end..habit.range.start)?;
    if !between.trim().is_empty() {
        return None;
    }
    let indent = between.rfind('\n').map(|at| &between[at + 1..])?;
    let edit = Edit::new(source, end..habit.range.start, format!("\n{indent}"));
    Fix::new(Safety::Unsafe, [edit])
}
