//! Values that a script first puts into a variable: `POD=<pod>`, then `kubectl delete pod $POD`.
//!
//! Quoted where it is set, a value is one word there; where the variable is read without quotes, the
//! shell takes it apart again and looks for file names in it. So in such a place only values stand
//! that need no quotes. What a snippet sets and does not read may be read in the next one.

use std::ops::Range;

/// Whether a hole is in what a variable is set to that is read without quotes, or who knows where; or in
/// what is printed to be read again: `$(echo <pod>)`, `echo <pod> | while read p`.
pub(super) fn is_taken_apart(text: &str, hole: &Range<usize>) -> bool {
    let start = text[..hole.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..hole.start];
    let rest = &text[hole.end..];
    let behind = &rest[..rest.find('\n').unwrap_or(rest.len())];
    match set(before, behind) {
        Some(Set::Variable(name)) => !is_read_in_quotes(text, name),
        // `$1`, `$@`: their uses can't be told from those of a function.
        Some(Set::Parameters) => true,
        None => is_printed_to_be_read(text, before, behind),
    }
}

/// Whether what stands between these two pieces of a line is printed, and not for people.
fn is_printed_to_be_read(text: &str, before: &str, behind: &str) -> bool {
    let start = before.rfind([';', '&', '|', '(', '`']).map_or(0, |at| at + 1);
    let command = before[start..].trim_start().trim_start_matches("$ ").trim_start();
    let program = command.split_whitespace().next().unwrap_or_default();
    if command.trim_end_matches(['"', '\'']).trim_end().ends_with("<<<") {
        return matches!(program, "read" | "while" | "mapfile" | "readarray" | "xargs");
    }
    if !matches!(program, "echo" | "printf") {
        return false;
    }
    let opening = before[..start].strip_suffix("$(");
    if opening.is_some_and(|it| it.matches('"').count().is_multiple_of(2)) {
        return true;
    }
    let reads = |text: &str| {
        let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | '|'));
        words.any(|word| matches!(word, "read" | "xargs" | "mapfile" | "readarray" | "for"))
    };
    let is_kept = behind.split([';', '|']).next().is_some_and(|rest| rest.contains('>'));
    let is_piped = || behind.split_once('|').is_some_and(|(_, rest)| reads(rest));
    is_piped() || (is_kept && (reads(text) || text.contains("$(<") || text.contains("$(cat ")))
}

/// What a line of commands sets.
enum Set<'t> {
    Variable(&'t str),
    Parameters,
}

/// What is set to the value between these two pieces of a line.
fn set<'t>(before: &'t str, behind: &str) -> Option<Set<'t>> {
    let command = before.rsplit([';', '&', '|']).next().unwrap_or_default();
    let command = command.trim_start().trim_start_matches("$ ").trim_start();
    let mut words = command.split_whitespace().peekable();
    while words
        .next_if(|word| {
            matches!(*word, "export" | "local" | "readonly" | "declare" | "typeset" | "do" | "then")
                || word.starts_with('-')
        })
        .is_some()
    {}
    match words.next()? {
        "for" => words.next().map(Set::Variable),
        "set" if words.next() == Some("--") => Some(Set::Parameters),
        word => {
            let name = &word[..word.find('=')?];
            let name = name.trim_end_matches('+');
            let is_name = !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            // `NAME=value command` is for that command alone.
            let is_array = word.contains("=(");
            let is_whole = words.next().is_none() || is_array;
            let end =
                behind.find(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | ')'));
            let next = end.map_or("", |end| behind[end..].trim_start());
            let goes_on =
                !is_array && next.starts_with(|c: char| !matches!(c, ';' | '&' | '|' | '#' | ')'));
            (is_name && is_whole && !goes_on).then_some(Set::Variable(name))
        }
    }
}

/// Whether a text reads a variable, and in double quotes wherever it does.
fn is_read_in_quotes(text: &str, name: &str) -> bool {
    let mut is_read = false;
    let (mut in_single, mut in_double) = (false, false);
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            // Quotes are seldom open for longer than a line, and apostrophes are.
            '\n' => (in_single, in_double) = (false, false),
            '\\' if !in_single => {
                characters.next();
            }
            '\'' if !in_double => in_single = !in_single,
            '"' if !in_single => in_double = !in_double,
            '$' => {
                let behind = text[at + 1..].trim_start_matches(['{', '!', '#']);
                let is_it = behind.strip_prefix(name).is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                });
                if is_it && !in_double {
                    return false;
                }
                is_read |= is_it;
            }
            _ => {}
        }
    }
    is_read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> bool {
        let hole = crate::lang::placeholder::find(text).swap_remove(0);
        is_taken_apart(text, &hole.range)
    }

    #[test]
    fn what_is_read_without_quotes_is_taken_apart() {
        for text in [
            "POD=<pod>\nkubectl delete pod $POD",
            "POD=<pod>\nkubectl delete pod ${POD}",
            "POD=\"<pod>\"\nkubectl delete pod $POD",
            "export NS=<ns>; kubectl -n $NS get pods",
            "F=/var/<file>\nrm -rf $F",
            "for p in <pod>; do kubectl delete pod $p; done",
            "set -- <pod>\nkubectl delete pod $1",
            "PODS=(<pod> b)\nkubectl delete pod ${PODS[@]}",
            "$ POD=<pod>\n$ kubectl delete pod $POD",
            "POD=<pod>",
            "POD=<pod> && echo \"$POD\" && kubectl delete pod $POD",
            "POD=<pod>\nsh -c 'kubectl delete pod $POD'",
            "kubectl delete pod $(echo <pod>)",
            "kubectl delete pod $(printf %s \"<pod>\")",
            "printf \"%s\\n\" <pod> | while read p; do kubectl delete pod $p; done",
            "echo <pod> > f; xargs kubectl delete pod < f",
            "echo <pod> > f\nkubectl delete pod $(cat f)",
            "read POD <<< <pod>; kubectl delete pod $POD",
            "read -r POD <<< \"<pod>\"",
        ] {
            assert!(taken_apart(text), "{text}");
        }
    }

    #[test]
    fn what_is_read_in_quotes_stays_one_word() {
        for text in [
            "POD=<pod>\nkubectl delete pod \"$POD\"",
            "POD=<pod>; kubectl delete pod \"${POD}\" -n \"x$POD\"",
            "PGPASSWORD=<value> psql -h db",
            "kubectl delete pod <pod>",
            "kubectl get pods -l app=<app>",
            "curl --data a=<id>",
            "dd if=<disk> of=x",
            "# POD=<pod>",
            "kubectl delete pod \"$(echo <pod>)\"",
            "echo -n <password> | base64",
            "echo <pod> > f",
            "kubectl logs <pod> | while read line; do echo \"$line\"; done",
            "grep x <<< <pod>",
        ] {
            assert!(!taken_apart(text), "{text}");
        }
    }
}
