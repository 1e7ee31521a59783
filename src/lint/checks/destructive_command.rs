//! A command of a runbook destroys or stops something, and nothing near it warns.
//!
//! At night, commands are copied one after the other. One that deletes, drains or restarts has to
//! look different from one that lists.
//!
//! Told are commands such as `kubectl delete` and `drain`, `rm -r`, `reboot`, `systemctl stop`,
//! `kill -9`, `mkfs`, `docker rm`, `helm uninstall` and `terraform destroy`, also behind `ssh`,
//! `sudo`, `xargs` and their like. A mention in a sentence (`kubectl delete` without an object) is
//! no command, and a dry run destroys nothing.
//!
//! A warning is a paragraph that begins with a word such as **Warning**, **Caution** or **Danger**,
//! a callout (`{: .warning}`, `!!! danger`, `:::caution`), in the same section before the command
//! or right behind it, or in what introduces the section; or a block quote beside the command.
//!
//! # Example
//!
//! ````markdown
//! Then remove the node:
//!
//! ```bash
//! kubectl delete node <node>
//! ```
//! ````
//!
//! # To fix it
//!
//! Say before the command what will be lost; or mark the fence, and the page shows a warning with
//! it:
//!
//! ````markdown
//! ```bash danger
//! kubectl delete node <node>
//! ```
//! ````

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lang::shell::{Destruction, destruction};
use crate::lint::warnings::{Warnings, warns_by_itself};
use crate::runbook::Command;
use crate::site::Page;

pub const CHECK: Check = Check {
    name: "destructive-command",
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let page = open.page();
    let unmarked = page.runbook.commands.iter().filter(|command| !command.is_marked);
    let destroying = unmarked.filter_map(|command| {
        let destruction = destruction(command.text.text())?;
        (!command.is_inline || destruction.has_object).then_some((command, destruction))
    });
    let destroying: Vec<(&Command, Destruction)> = destroying.collect();
    if destroying.is_empty() {
        return Vec::new();
    }
    let mut starts: Vec<usize> = destroying.iter().map(|(command, _)| command.start).collect();
    starts.sort_unstable();
    let warnings = Warnings::of(open.document(), &starts);
    let mut found = Vec::new();
    for (command, destruction) in destroying {
        if warnings.cover(command.start)
            || (command.is_inline && warns_by_itself(open.document(), command.start))
        {
            continue;
        }
        found.push(diagnostic(page, command, &destruction));
    }
    found
}

fn diagnostic(page: &Page, command: &Command, destruction: &Destruction) -> Diagnostic {
    let span = command.span_of(page.runbook.source(), destruction.range.clone());
    let message =
        format!("`{}` {}, and nothing here warns of it", destruction.name, destruction.effect);
    let help = if command.is_inline {
        "say before it what will be lost, in a paragraph that begins with **Warning**"
    } else {
        "say before it what will be lost, in a paragraph that begins with **Warning**, or mark the fence with `danger`"
    };
    Diagnostic::new(CHECK.name, span, message).with_help(help)
}
