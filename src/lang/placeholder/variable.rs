//! Values that a script first puts somewhere: into a variable, `POD=<pod>` and then `kubectl delete pod
//! $POD`, the list of a loop, an argument of a function, a file, the output of a command.
//!
//! Quoted where it is put, a value is one word there; where it is read without quotes, the shell takes
//! it apart again, and where another shell reads it, `ssh h "ls $POD"`, that runs what is in it. Who
//! reads it may stand in the next snippet. So in such a place only values stand that need no quotes.

use super::commands::Command;
use super::own::{assigned, is_in_front};
use super::shell;
use std::ops::Range;

/// Commands that set variables as an assignment does by itself.
const DECLARING: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

/// Commands that take what they read for data.
#[rustfmt::skip]
const READERS: [&str; 15] = [
    "awk", "base64", "cat", "cut", "grep", "head", "jq", "md5sum", "openssl", "sed", "sha256sum",
    "sort", "tail", "tr", "wc",
];

/// Whether a hole is in what is put somewhere to be read again. `commands` are those of the text.
pub(super) fn is_put_away(text: &str, commands: &[Command], hole: &Range<usize>) -> bool {
    is_given_to_function(text, commands, hole)
        || is_set(text, commands, hole)
        || is_printed_to_be_read(text, hole)
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
    let reads = |text: &str| {
        let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | '|'));
        words.any(|word| matches!(word, "read" | "xargs" | "mapfile" | "readarray" | "for"))
    };
    let after_pipe = behind.split_once('|').map_or("", |(_, rest)| rest);
    if command.trim_end_matches(['"', '\'']).trim_end().ends_with("<<<") {
        return !READERS.contains(&program) || reads(after_pipe);
    }
    // `printf -v NAME`
    if program == "printf" && words.next() == Some("-v") {
        return true;
    }
    if !matches!(program, "echo" | "printf") {
        return false;
    }
    // What is printed in the place of a file is read as one, and may be run: `source <(echo <x>)`.
    if before[..start].ends_with("<(") {
        return true;
    }
    let opening = before[..start].strip_suffix("$(");
    let is_taken_apart = |before: &str| {
        let mut words = before.split_whitespace();
        before.matches('"').count().is_multiple_of(2) || words.any(shell::is_rereading)
    };
    if opening.is_some_and(is_taken_apart) {
        return true;
    }
    let is_kept = behind.split([';', '|']).next().is_some_and(|rest| rest.contains('>'));
    is_kept || reads(after_pipe)
}

/// Whether the value at a hole is set to a variable, the variable of a loop or the parameters.
fn is_set(text: &str, commands: &[Command], hole: &Range<usize>) -> bool {
    let at = commands.partition_point(|command| command.range.end <= hole.start);
    let Some(command) = commands.get(at).filter(|command| command.range.start <= hole.start) else {
        return false;
    };
    // `PODS=(<pod> <pod>)`
    if text[..command.range.start].ends_with("=(") {
        return true;
    }
    // `NAME=value command` is for that command alone, which may be another shell.
    let is_reread = command.words.iter().any(|word| shell::is_rereading(word.text(text)));
    let words = command.words.iter().filter(|word| {
        let written = word.text(text);
        !is_in_front(written) && !DECLARING.contains(&written) && !written.starts_with('-')
    });
    let mut words = words.peekable();
    match words.peek().map(|word| word.text(text)) {
        Some("for" | "select") => true,
        Some("set") => command.words.iter().any(|word| word.text(text) == "--"),
        _ => {
            let mut is_set = false;
            for word in words {
                let is_of_hole = word.range.start < hole.end && hole.start < word.range.end;
                let written = word.text(text).trim_start_matches(['"', '\'']);
                match assigned(written).or_else(|| assigned_element(written)) {
                    Some(_) => is_set |= word.range.contains(&hole.start),
                    // A hole may be of several words.
                    None if is_of_hole => {}
                    None if is_reread => {}
                    None => return false,
                }
            }
            is_set
        }
    }
}

/// The array of which a word sets an element: `PODS[a]=<pod>`.
fn assigned_element(word: &str) -> Option<&str> {
    let (name, rest) = word.split_once('[')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    (is_name && rest.contains("]=")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::commands::commands;
    use super::*;

    fn put_away(text: &str) -> bool {
        let hole = crate::lang::placeholder::find(text).swap_remove(0);
        is_put_away(text, &commands(text), &hole.range)
    }

    #[test]
    fn what_is_put_somewhere_may_be_read_by_anything() {
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
            "N=<node>; ssh h \"systemctl restart $N\"",
            "POD=\"<pod>\"\nkubectl delete pod \"$POD\"",
            "PODS+=(\"<pod>\")",
            "for p in \"<pod>\"; do ssh h \"ls $p\"; done",
            "declare -i N=\"<n>\"",
            "echo ls <x> > f.sh && sh f.sh",
            "eval \"$(echo <x>)\"",
            "bash <(printf 'ls %s' <x>)",
            "sh < <(echo <x>)",
            "while read -r l; do ssh -n h \"ls $l\"; done <<< \"<x>\"",
            "{ read n; ssh h \"ls $n\"; } <<< '<x>'",
            "cat <<< \"<x>\" | while read n; do ssh h \"ls $n\"; done",
            "source /dev/stdin <<< \"<x>\"",
            "printf -v n '%s' \"<x>\"; ssh h \"ls $n\"",
            "declare -A m; m[a]=\"<x>\"; ssh h \"ls ${m[a]}\"",
            "V=\"<x>\" sh -c 'eval ls $V'",
            "sudo -E env \"A=<x>\" sh -c 'eval ls $A'",
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
            assert!(put_away(text), "{text}");
        }
    }

    #[test]
    fn what_is_for_one_command_is_not_put_away() {
        for text in [
            "PGPASSWORD=<value> psql -h db",
            "kubectl delete pod <pod>",
            "kubectl get pods -l app=<app>",
            "curl --data a=<id>",
            "dd if=<disk> of=x",
            "PGHOST=a PGPASSWORD=<value> psql -h db",
            "kubectl delete pod \"$(echo <pod>)\"",
            "echo -n <password> | base64",
            "kubectl logs <pod> | while read line; do echo \"$line\"; done",
            "grep x <<< <pod>",
        ] {
            assert!(!put_away(text), "{text}");
        }
    }
}
