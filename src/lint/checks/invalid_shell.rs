//! A shell would refuse a command: a quote or a bracket is not closed, an operator has nothing to
//! work on, a loop has no end.
//!
//! Whoever copies it at night gets `unexpected end of file`, or a prompt that waits for more.
//!
//! Looked at are fences that say they are shell, what stands behind a prompt, and fences and code
//! spans that begin with a program which runbooks run. What a reader has to fill in is no fault
//! (`<pod name>`, `(pod name)`, `...`), and output is not looked at.
//!
//! # Example
//!
//! ````markdown
//! ```bash
//! kubectl get pods -o jsonpath="{.items[*].metadata.name}
//! ```
//! ````
//!
//! # To fix it
//!
//! Write what is missing. If it is no command, give the fence another language, such as `text`.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lang::shell;
use crate::runbook::Command;
use crate::site::Page;

pub const CHECK: Check = Check {
    name: "invalid-shell",
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let page = open.page();
    page.runbook.commands.iter().filter_map(|command| check(page, command)).collect()
}

fn check(page: &Page, command: &Command) -> Option<Diagnostic> {
    let text = command.text.text();
    let fault = shell::fault(text)?;
    if !command.is_declared && (is_prose(text) || is_cut_off(text)) {
        return None;
    }
    let span = command.span_of(page.runbook.source(), fault.range);
    let message = format!("a shell refuses this command: {}", fault.message);
    let mut found = Diagnostic::new(CHECK.name, span, message);
    found.help = fault.help;
    Some(found)
}

/// Whether a text that nothing marks as a command has an apostrophe in a word, as sentences do:
/// `docker isn't running`.
fn is_prose(text: &str) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let bytes = text.as_bytes();
    let apostrophes = text.match_indices('\'').filter(|(at, _)| {
        at.checked_sub(1).is_some_and(|before| is_word(bytes.get(before)))
            && is_word(bytes.get(at + 1))
    });
    apostrophes.count() % 2 == 1
}

/// Whether a text ends where its author stopped, as a reader can see.
fn is_cut_off(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with("...") || text.ends_with('…')
}
