//! What a command destroys or stops, said where its reader copies it.

use super::escape::{escaped, push_escaped};
use crate::lang::shell::Destruction;
use std::fmt::Write as _;

/// What stands before a fence that is marked with `danger`.
pub fn warning(found: &[Destruction]) -> String {
    let mut html = String::from("<p class=\"danger\" data-added>Danger: ");
    if found.is_empty() {
        html.push_str("read this before you run it");
    }
    for (index, destruction) in found.iter().enumerate() {
        html.push_str(if index == 0 { "<code>" } else { "; <code>" });
        push_escaped(&mut html, &destruction.name);
        let _ = write!(html, "</code> {}", destruction.effect);
    }
    html + ".</p>\n"
}

/// Appends the button that copies a command, with a sign before it if the command destroys or stops
/// something.
pub fn push_with_sign(html: &mut String, copy: &str, found: &[Destruction]) {
    if found.is_empty() {
        return html.push_str(copy);
    }
    let each = found.iter().map(|it| format!("{} {}", it.name, it.effect));
    let what = escaped(&format!("Danger: {}", each.collect::<Vec<_>>().join("; ")));
    let sign = format!(
        "<span class=\"destroys\" role=\"img\" aria-label=\"{what}\" title=\"{what}\">!</span>"
    );
    html.push_str(&copy.replacen('>', &format!(">{sign}"), 1));
}
