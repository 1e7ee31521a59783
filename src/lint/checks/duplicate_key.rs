//! A key is written twice in the front matter of a page.
//!
//! The last one counts, and whoever changes the first wonders why nothing happens.
//!
//! # Example
//!
//! ```yaml
//! ---
//! title: Disks
//! parent: Armada
//! parent: Storage
//! ---
//! ```
//!
//! # To fix it
//!
//! Keep the one that is right and delete the other.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::yaml::{Entry, Node, Value};
use std::collections::BTreeMap;

pub const CHECK: Check = Check {
    name: "duplicate-key",
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let page = open.page();
    // The parser limits how deep front matter may be nested.
    in_entries(page.runbook.front_matter.entries(), &mut found);
    // What stands at an anchor is met again at each of its aliases.
    found.sort_by(|a, b| a.span.cmp(&b.span));
    found.dedup_by(|a, b| a.span == b.span);
    found
}

fn in_entries(entries: &[Entry], found: &mut Vec<Diagnostic>) {
    let mut by_name: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        by_name.entry(entry.name()).or_default().push(entry);
        in_node(&entry.value, found);
    }
    for (name, entries) in by_name {
        if let [before @ .., last] = entries.as_slice()
            && !before.is_empty()
        {
            found.push(written_again(name, before, last));
        }
    }
}

fn in_node(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| in_node(item, found)),
        Value::Mapping(entries) => in_entries(entries, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn written_again(name: &str, before: &[&Entry], last: &Entry) -> Diagnostic {
    let times = match before.len() + 1 {
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    let message = format!("the key `{name}` is written {times}, and the last one counts");
    let all_agree = before.iter().all(|entry| entry.value.span.text() == last.value.span.text());
    let help = if all_agree {
        "they say the same; keep one"
    } else {
        "keep the one that is right, and delete the rest"
    };
    let diagnostic = Diagnostic::new(CHECK.name, last.key.span.clone(), message)
        .with_label("this one counts")
        .with_help(help);
    before.iter().fold(diagnostic, |diagnostic, entry| {
        diagnostic.with_related(entry.key.span.clone(), "this one does not")
    })
}
