//! Whether a word is an argument of a command.

use crate::lang::shell;

/// Programs that are given texts, patterns and programs of their own, in which a word means itself.
#[rustfmt::skip]
const OF_TEXTS: [&str; 10] = [
    "awk", "echo", "egrep", "find", "grep", "jq", "perl", "printf", "sed", "zgrep",
];

/// Whether the end of a text is an argument of what is evidently a command, and of a program that
/// takes what its arguments name: none that is given texts, nor one of `others`.
pub fn is_argument(text: &str, others: &[&str]) -> bool {
    let command = last_command(text);
    let program = command.split_whitespace().next().unwrap_or_default();
    !OF_TEXTS.contains(&program) && !others.contains(&program) && shell::is_evident(command)
}

/// The last of the commands on a line, without what stands in front of its program.
fn last_command(text: &str) -> &str {
    let command = text.rsplit(['|', ';', '&', '(', '`']).next().unwrap_or_default();
    let command = command.trim_start_matches(['$', '#', '>', ' ', '\t']);
    command.strip_prefix("sudo ").unwrap_or(command)
}
