//! Values that a script first puts into a variable: `POD=<pod>`, then `kubectl delete pod $POD`.
//!
//! Quoted where it is set, a value is one word there; where the variable is read without quotes, the
//! shell takes it apart again and looks for file names in it. So in such a place only values stand
//! that need no quotes. What a snippet sets and does not read may be read in the next one.

use std::ops::Range;

/// Whether a hole is in what a variable is set to that is read without quotes, or who knows where.
pub(super) fn is_taken_apart(text: &str, hole: &Range<usize>) -> bool {
    let start = text[..hole.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..hole.start];
    let rest = &text[hole.end..];
    let behind = &rest[..rest.find('\n').unwrap_or(rest.len())];
    match set(before, behind) {
        Some(Set::Variable(name)) => !is_read_in_quotes(text, name),
        // `$1`, `$@`: their uses can't be told from those of a function.
        Some(Set::Parameters) => true,
        None => false,
    }
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
        let start = text.find('<').unwrap();
        let end = text.find('>').unwrap() + 1;
        is_taken_apart(text, &(start..end))
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
            "curl --data a=<b>",
            "dd if=<disk> of=x",
            "# POD=<pod>",
        ] {
            assert!(!taken_apart(text), "{text}");
        }
    }
}
