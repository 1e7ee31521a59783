//! A fence of code is never closed, or not opened as one.
//!
//! kramdown takes it for no fence then, and shows its marks and its code as text; other readers of
//! Markdown take all the rest of the page for code. Here the code ends where it seems to. Nor does
//! kramdown know a fence with several words behind its marks: what closes it opens one there, and the
//! text below becomes code. Here it is a fence.
//!
//! # Example
//!
//! ````markdown
//! ## Restart
//!
//! ```bash
//! systemctl restart docker
//!
//! ## Afterwards
//! ````
//!
//! # To fix it
//!
//! Write the marks once more on the line below the code, and nothing but the language behind the
//! marks above it.

use super::{Check, InPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::HabitKind;
use crate::site::Site;
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "unclosed-fence", severity: Severity::Note, needs_rules: false, run: Run::Pages(run) };

fn run(_: &Site) -> InPage<'_> {
    of_habits(move |open, habit| {
        let page = open.page();
        let source = page.runbook.source();
        let line = source.text()[..habit.range.start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &source.text()[line..habit.range.start];
        let found = |message: &str| {
            Diagnostic::new(CHECK.name, Span::new(source, habit.range.clone()), message)
        };
        let (found, edit) = match &habit.kind {
            HabitKind::UnclosedFence { fence, end } => {
                let end = source.text()[..*end].trim_end().len();
                let found = found("the fence is never closed")
                    .with_label("opened here")
                    .with_help(format!("write `{fence}` on the line below the code"));
                (found, Edit::new(source, end..end, format!("\n{indent}{fence}")))
            }
            HabitKind::WordyFence { words, in_code: true } => {
                let found = found("the fence begins with its code, and is none to Jekyll")
                    .with_label("several words behind the marks")
                    .with_help("write the code on the line below the marks");
                (found, Edit::new(source, words.start..words.start, format!("\n{indent}")))
            }
            HabitKind::WordyFence { words, in_code: false } => {
                let found = found("the fence says more than a language, and is none to Jekyll")
                    .with_label("several words behind the marks")
                    .with_help("write only the language there");
                (found, Edit::new(source, words.clone(), ""))
            }
            _ => return None,
        };
        let is_plain = indent.trim().is_empty();
        Some(found.with_fix(Fix::new(Safety::Unsafe, [edit]).filter(|_| is_plain)))
    })
}
