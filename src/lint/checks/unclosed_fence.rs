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

use super::{Check, Needs, OpenPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{HabitKind, Words};
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "unclosed-fence",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    of_habits(open, |habit| {
        let source = open.page().runbook.source();
        let below = below(source.text(), habit.range.start);
        let found = |message: &str| {
            Diagnostic::new(CHECK.name, Span::new(source, habit.range.clone()), message)
        };
        // What the words behind the marks become: the first line of the code, or nothing.
        let moved = |words: &Words| match (&below, words.in_code) {
            (below, true) => {
                let start = words.range.start;
                Some(Edit::new(source, start..start, format!("\n{}", below.as_ref()?)))
            }
            (_, false) => Some(Edit::new(source, words.range.clone(), "")),
        };
        let (found, edits) = match &habit.kind {
            HabitKind::UnclosedFence { fence, end, words } => {
                let end = end.map(|end| source.text()[..end].trim_end().len());
                let help = match words {
                    _ if end.is_none() => {
                        "write the marks once more on the line below the code, or delete them"
                    }
                    None => "write the marks once more on the line below the code",
                    Some(Words { in_code: false, .. }) => {
                        "write the marks once more on the line below the code, and only the \
                         language behind those above it"
                    }
                    Some(Words { in_code: true, .. }) => {
                        "write the code on the lines below the marks, and the marks once more"
                    }
                };
                let found =
                    found("the fence is never closed").with_label("opened here").with_help(help);
                let closed = below
                    .as_ref()
                    .zip(end)
                    .map(|(below, end)| Edit::new(source, end..end, format!("\n{below}{fence}")));
                let moved = words.as_ref().map(&moved);
                (found, moved.into_iter().chain([closed]).collect::<Option<Vec<_>>>())
            }
            HabitKind::WordyFence(words) => {
                let (message, help) = if words.in_code {
                    (
                        "the fence begins with its code, and is none to Jekyll",
                        "write the code on the line below the marks",
                    )
                } else {
                    (
                        "the fence says more than a language, and is none to Jekyll",
                        "write only the language there",
                    )
                };
                let found =
                    found(message).with_label("several words behind the marks").with_help(help);
                (found, moved(words).map(|edit| vec![edit]))
            }
            _ => return None,
        };
        Some(found.with_fix(edits.and_then(|edits| Fix::new(Safety::Unsafe, edits))))
    })
}

/// What stands before a line below the one of a fence, as part of the same quotations and items;
/// `None` where more than their marks stands before the fence.
fn below(text: &str, fence: usize) -> Option<String> {
    let line = text[..fence].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..fence];
    let is_of_mark = |c: char| c.is_ascii_digit() || " \t>*+-.:".contains(c);
    let kept = |c: char| if matches!(c, '\t' | '>') { c } else { ' ' };
    before.chars().all(is_of_mark).then(|| before.chars().map(kept).collect())
}
