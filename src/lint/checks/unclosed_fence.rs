//! A fence of code is never closed.
//!
//! kramdown takes it for no fence then, and shows its marks and its code as text; other readers of
//! Markdown take all the rest of the page for code. Here the code ends where it seems to.
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
//! Write the marks once more on the line below the code.

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
        let HabitKind::UnclosedFence { fence, end } = &habit.kind else { return None };
        let source = page.runbook.source();
        let text = source.text();
        let line = text[..habit.range.start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[line..habit.range.start];
        let is_plain = indent.trim().is_empty();
        let end = text[..*end].trim_end().len();
        let edit = Edit::new(source, end..end, format!("\n{indent}{fence}"));
        let diagnostic = Diagnostic::new(
            CHECK.name,
            Span::new(source, habit.range.clone()),
            "the fence is never closed",
        )
        .with_label("opened here")
        .with_help(format!("write `{fence}` on the line below the code"))
        .with_fix(Fix::new(Safety::Unsafe, [edit]).filter(|_| is_plain));
        Some(diagnostic)
    })
}
