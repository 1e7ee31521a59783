//! Where something is killed or deleted, a value says what that is called, and is no pattern for more.
//!
//! `pkill -f <name>`, `find -name <name> -delete`, `kubectl delete pod $(… | grep <name>)`, `systemctl
//! stop <name>`: which arguments are patterns, each program says in its own way, and what has been found
//! may be used in the next snippet. So it is a rule for all that stands in a snippet that does such a
//! thing, or that keeps what it has found.

use super::context::{Context, Quotes};
use super::secret::is_secret;
use super::{Placeholder, shell};
use std::ops::Range;

/// What kills or deletes, or takes something down, whatever program is told to.
#[rustfmt::skip]
const ENDING: [&str; 31] = [
    "XDELETE", "cancel", "cordon", "del", "delete", "destroy", "disable", "drain", "drop", "evict", "halt",
    "kill", "killall", "mask", "pgrep", "pkill", "prune", "purge", "remove", "restart", "rm", "rmdir", "rmi",
    "shred", "srem", "stop", "terminate", "truncate", "uninstall", "unlink", "xargs",
];

/// Whether what a snippet says may end something, now or with what it keeps for later.
pub(super) fn may_end(text: &str) -> bool {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let mut words = text.split(|sign| !is_part(sign));
    words.any(|word| ENDING.iter().any(|known| known.eq_ignore_ascii_case(word)))
        || text.contains("=$(")
        || text.contains("=`")
        || shell::writes(text)
}

/// The context of a hole of such a snippet. A secret is what it is.
pub(super) fn literal(context: Context, text: &str, hole: &Range<usize>) -> Context {
    let known = || Placeholder { range: hole.clone(), name: text[hole.clone()].to_owned() };
    match context {
        Context::Shell if !is_secret(text, &known()) => Context::Literal(Quotes::None),
        Context::ShellSingle if !is_secret(text, &known()) => Context::Literal(Quotes::Single),
        Context::ShellDouble if !is_secret(text, &known()) => Context::Literal(Quotes::Double),
        // What ends a part of a list is in no name either.
        Context::Item(quotes) => Context::Literal(quotes),
        Context::Url => Context::UrlPlain,
        context => context,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Code, CodeText, find};

    #[test]
    fn what_is_ended_is_called_by_its_name() {
        for (text, expected) in [
            ("pkill -9 -f <x>", "shell:literal"),
            ("kill -9 $(pgrep -f \"<x>\")", "shell-double:literal"),
            ("kubectl delete pod $(kubectl get pods -o name | grep '<x>')", "shell-single:literal"),
            ("kubectl get pods -o name | grep <x> > pods.txt", "shell:literal"),
            ("PODS=$(kubectl get pods | grep <x>)\necho $PODS", "shell:literal"),
            ("docker rm -f $(docker ps -aqf \"name=<x>\")", "shell-double:literal"),
            ("systemctl stop <x>", "shell:literal"),
            ("curl -XDELETE localhost:9200/<x>", "shell:literal"),
            ("curl -X DELETE \"http://es:9200/<x>\"", "url:plain"),
            ("redis-cli --scan --pattern \"<x>\" | head; redis-cli DEL a", "shell-double:literal"),
            ("aws s3 rm s3://b --recursive --include \"<x>\"", "shell-double:literal"),
            // What is said nothing of, and what nobody sees.
            ("grep \"<x>\" log 2>/dev/null | head 2>&1", "shell-double"),
            ("kubectl get pods | grep <x>", "shell"),
            ("curl http://es:9200/<x>", "url"),
            ("redis-cli -a <password> del x", "shell"),
            ("ls <a> | grep <x>", "shell"),
            // What is read again is a plain word in any case.
            ("ssh h pkill -f <x>", "reread"),
            ("find . -name \"<x>*\" -delete", "plain"),
        ] {
            let holes: Vec<_> = find(text).into_iter().map(|it| it.range).collect();
            let context = CodeText::new(text).contexts(&holes, Code::Shell).pop().unwrap();
            assert_eq!(context.name(), expected, "{text}");
        }
    }
}
