//! Values that a script first puts into a variable: `POD=<pod>`, then `kubectl delete pod $POD`.
//!
//! Quoted where it is set, a value is one word there; where the variable is read without quotes, the
//! shell takes it apart again and looks for file names in it. So in such a place only values stand
//! that need no quotes. What a snippet sets and does not read may be read in the next one.

use super::commands::Command;
use super::own::{assigned, is_in_front};
use std::ops::Range;

/// Commands that set variables as an assignment does by itself.
const DECLARING: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

/// Whether a hole is in what a variable is set to that is read without quotes, or who knows where; or in
/// what is printed to be read again: `$(echo <pod>)`, `echo <pod> | while read p`.
/// `commands` are those of the text.
pub(super) fn is_taken_apart(text: &str, commands: &[Command], hole: &Range<usize>) -> bool {
    if is_given_to_function(text, commands, hole) {
        return true;
    }
    match set(text, commands, hole) {
        Some(Set::Variable(name)) => !is_read_in_quotes(text, name),
        // `$1`, `$@`: their uses can't be told from those of a function.
        Some(Set::Parameters) => true,
        None => is_printed_to_be_read(text, hole),
    }
}

/// Whether a hole is an argument of a function of the text, which may read it without quotes.
fn is_given_to_function(text: &str, commands: &[Command], hole: &Range<usize>) -> bool {
    let at = commands.partition_point(|command| command.range.end <= hole.start);
    let words = commands.get(at).into_iter().flat_map(|command| &command.words);
    let mut words = words.map(|word| word.text(text)).filter(|word| !is_in_front(word));
    words.next().is_some_and(|name| {
        let definitions = [format!("{name}()"), format!("{name} ()"), format!("function {name}")];
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            && definitions.iter().any(|definition| text.contains(definition))
    })
}

/// Whether what stands at a hole is printed, and not for people.
fn is_printed_to_be_read(text: &str, hole: &Range<usize>) -> bool {
    let line = text[..hole.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..hole.start];
    let rest = &text[hole.end..];
    let behind = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let start = before.rfind([';', '&', '|', '(', '`']).map_or(0, |at| at + 1);
    let command = before[start..].trim_start().trim_start_matches("$ ").trim_start();
    let mut words = command.split_whitespace().skip_while(|word| assigned(word).is_some());
    let program = words.next().unwrap_or_default();
    if command.trim_end_matches(['"', '\'']).trim_end().ends_with("<<<") {
        return matches!(program, "read" | "while" | "mapfile" | "readarray" | "xargs");
    }
    if !matches!(program, "echo" | "printf") {
        return false;
    }
    // What is printed in the place of a file is read as one, and may be run: `source <(echo <x>)`.
    if before[..start].ends_with("<(") {
        return true;
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

/// What a command sets.
enum Set<'t> {
    Variable(&'t str),
    Parameters,
}

/// What is set to the value at a hole.
fn set<'t>(text: &'t str, commands: &[Command], hole: &Range<usize>) -> Option<Set<'t>> {
    let at = commands.partition_point(|command| command.range.end <= hole.start);
    let command = commands.get(at).filter(|command| command.range.start <= hole.start)?;
    // `PODS=(<pod> <pod>)`
    let before = &text[..command.range.start];
    if let Some(name) = before.strip_suffix("=(") {
        let start = name.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1);
        return Some(Set::Variable(&name[start..])).filter(|_| start < name.len());
    }
    let words = command.words.iter().filter(|word| {
        let written = word.text(text);
        !is_in_front(written) && !DECLARING.contains(&written) && !written.starts_with('-')
    });
    let mut words = words.peekable();
    match words.peek()?.text(text) {
        "for" | "select" => Some(Set::Variable(words.nth(1)?.text(text))),
        "set" => {
            command.words.iter().any(|word| word.text(text) == "--").then_some(Set::Parameters)
        }
        _ => {
            let mut name = None;
            for word in words {
                let is_of_hole = word.range.start < hole.end && hole.start < word.range.end;
                match assigned(word.text(text)) {
                    Some(own) if word.range.contains(&hole.start) => name = Some(own),
                    Some(_) => {}
                    // A hole may be of several words.
                    None if is_of_hole => {}
                    // `NAME=value command` is for that command alone.
                    None => return None,
                }
            }
            name.map(Set::Variable)
        }
    }
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
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
                let is_it =
                    behind.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_name));
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
    use super::super::commands::commands;
    use super::*;

    fn taken_apart(text: &str) -> bool {
        let hole = crate::lang::placeholder::find(text).swap_remove(0);
        is_taken_apart(text, &commands(text), &hole.range)
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
            "source <(echo \"<x>\")",
            "restart() { kubectl delete pod $1; }\nrestart <pod>",
            "IFS=, read -ra PODS <<< \"<pods>\"",
            "NS=a POD=<pod>\nkubectl -n $NS delete pod $POD",
            "POD=<pod name>\nkubectl delete pod $POD",
            "if true; then POD=<pod>; fi; kubectl delete pod $POD",
            "A='x; y' POD=<pod>\nkubectl delete pod $POD",
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
            "PGHOST=a PGPASSWORD=<value> psql -h db",
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
