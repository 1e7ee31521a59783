//! Values that a script first puts somewhere: into a variable, `POD=<pod>` and then `kubectl delete pod
//! $POD`, the list of a loop, an argument of a function, a file, the output of a command.
//!
//! Quoted where it is put, a value is one word there; where it is read without quotes, the shell takes
//! it apart again, and where another shell reads it, `ssh h "ls $POD"`, that runs what is in it. Who
//! reads it may stand in the next snippet. So in such a place only values stand that need no quotes.

use super::commands::Command;
use super::context::Context;
use super::own::is_in_front;
use super::script::assigned;
use super::{program, shell};
use std::ops::Range;

/// Commands that set variables as an assignment does by itself.
const DECLARING: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

/// Commands that take what they read for data.
#[rustfmt::skip]
const READERS: [&str; 15] = [
    "awk", "base64", "cat", "cut", "grep", "head", "jq", "md5sum", "openssl", "sed", "sha256sum",
    "sort", "tail", "tr", "wc",
];

/// The context of a hole in what is put somewhere to be read again. `commands` are those of the text.
pub(super) fn context(text: &str, commands: &[Command], hole: &Range<usize>) -> Option<Context> {
    if let Some(name) = set(text, commands, hole) {
        return Some(in_program(text, name).unwrap_or(Context::Reread));
    }
    let is_put_away =
        is_given_to_function(text, commands, hole) || is_printed_to_be_read(text, hole);
    is_put_away.then_some(Context::Reread)
}

/// The context of a variable where a program of awk, jq or their like has it in it.
fn in_program(text: &str, name: &str) -> Option<Context> {
    if name.is_empty() {
        return None;
    }
    let uses = text.match_indices('$').filter(|(at, _)| {
        let behind = text[at + 1..].trim_start_matches('{');
        behind.strip_prefix(name).is_some_and(|rest| {
            !rest.starts_with(|sign: char| sign == '_' || sign.is_ascii_alphanumeric())
        })
    });
    uses.filter_map(|(at, _)| {
        let line = text[..at].rfind('\n').map_or(0, |start| start + 1);
        let rest = &text[at..];
        program::in_commands(&text[line..at], &rest[..rest.find('\n').unwrap_or(rest.len())])
    })
    .find(|context| *context != Context::Plain)
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
        return !READERS.contains(&program) || command.contains('>') || reads(after_pipe);
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

/// The variable that the value at a hole is set to, which may be that of a loop; empty for one without
/// a name, such as a parameter.
fn set<'t>(text: &'t str, commands: &[Command], hole: &Range<usize>) -> Option<&'t str> {
    let at = commands.partition_point(|command| command.range.end <= hole.start);
    let command = commands.get(at).filter(|command| command.range.start <= hole.start)?;
    // `PODS=(<pod> <pod>)`
    let before = &text[..command.range.start];
    if let Some(name) = before.strip_suffix("=(") {
        let name = name.trim_end_matches('+');
        return name.rsplit(|sign: char| sign != '_' && !sign.is_ascii_alphanumeric()).next();
    }
    let words = command.words.iter().filter(|word| {
        let written = word.text(text);
        !is_in_front(written) && !DECLARING.contains(&written) && !written.starts_with('-')
    });
    let mut words = words.peekable();
    match words.peek()?.text(text) {
        "for" | "select" => Some(words.nth(1).map_or("", |word| word.text(text))),
        "set" => command.words.iter().any(|word| word.text(text) == "--").then_some(""),
        _ => {
            // Hardly any hole is, and a command may have thousands of words.
            let at = command.words.partition_point(|word| word.range.end <= hole.start);
            let own = command.words.get(at)?.text(text).trim_start_matches(['"', '\'']);
            assigned(own).or_else(|| assigned_element(own))?;
            // `NAME=value command` is for that command alone, which may be another shell.
            let is_reread = command.words.iter().any(|word| shell::is_rereading(word.text(text)));
            let mut name = None;
            for word in words {
                let is_of_hole = word.range.start < hole.end && hole.start < word.range.end;
                let written = word.text(text).trim_start_matches(['"', '\'']);
                match assigned(written).or_else(|| assigned_element(written)) {
                    Some(own) if word.range.contains(&hole.start) => name = Some(own),
                    Some(_) => {}
                    // A hole may be of several words.
                    None if is_of_hole || is_reread => {}
                    None => return None,
                }
            }
            name
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

    fn found(text: &str) -> Option<Context> {
        let hole = crate::lang::placeholder::find(text).swap_remove(0);
        context(text, &commands(text), &hole.range)
    }

    fn put_away(text: &str) -> bool {
        found(text).is_some()
    }

    #[test]
    fn a_variable_in_a_program_is_a_word_of_that() {
        for (text, expected) in [
            ("X=<x>; jq -r \".items.$X\" f", Context::Word),
            ("for k in <x>; do ssh h \"jq .items.${k} f\"; done", Context::Word),
            ("A=<x>\nawk \"/$A/\" f", Context::Program),
            ("X=<x>; kubectl get po $X -o json | jq .items", Context::Reread),
            ("X=<x>; jq \".[] | select(.a == \\\"$X\\\")\" f", Context::Reread),
        ] {
            assert_eq!(found(text), Some(expected), "{text}");
        }
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
