//! The command that is called, as far as its words say, and what it makes of its arguments: whether
//! another shell reads them again, whether one holds several values, whether one is a program.

use super::place::{Looking, Place};
use super::word::rest_of_word;
use crate::lang::placeholder::context::{Context, Quotes};
use crate::lang::placeholder::program::{self, Programs};
use crate::lang::placeholder::script::assigned;
use crate::lang::shell::program_name;

/// What gives commands to another shell, of another host most often.
#[rustfmt::skip]
const SHELLS: [&str; 16] = [
    "ansible", "bash", "clush", "dash", "ksh", "mosh", "parallel", "pdsh", "pssh", "rsh", "runuser",
    "salt", "sh", "ssh", "su", "zsh",
];

/// What else reads or types what it is given as commands again, or puts it into those of a file, or takes
/// it for arithmetic, in which an index may hold commands.
#[rustfmt::skip]
const REREADING: [&str; 29] = [
    "[", "[[", "alias", "ansible-playbook", "at", "batch", "cap", "declare", "eval", "expect", "fab", "flock",
    "gmake", "jenkins-cli", "jenkins-cli.jar", "just", "let", "make", "nmake", "rake", "screen", "script", "task", "tmux", "trap",
    "typeset", "watch", "workflow", "xargs",
];

/// Whether a word calls another shell.
pub fn is_shell(word: &str) -> bool {
    SHELLS.contains(&program_name(word))
}

/// Whether a word calls what reads its arguments again.
pub fn is_rereading(word: &str) -> bool {
    let name = program_name(word);
    SHELLS.contains(&name) || REREADING.contains(&name)
}

/// What copies files between hosts: the path behind a host's name is read by a shell over there.
const COPYING: [&str; 3] = ["rsync", "scp", "sftp"];

/// What sets variables as an assignment does, for itself or for the command behind it.
const ASSIGNING: [&str; 6] = ["declare", "env", "export", "local", "readonly", "typeset"];

/// What takes all of an argument for one text: something to look for or to print.
#[rustfmt::skip]
const OF_TEXTS: [&str; 10] = [
    "ack", "ag", "awk", "echo", "egrep", "grep", "jq", "printf", "rg", "zgrep",
];

/// What is known of a command by the words of it that have been read.
#[derive(Default)]
pub struct Called {
    /// Whether it hands its words to another shell.
    is_reread: bool,
    /// Whether it copies files between hosts.
    is_copying: bool,
    looking: Looking,
    /// Whether its arguments may hold several values each, once its name has been read.
    has_pairs: Option<bool>,
    programs: Programs,
}

impl Called {
    /// A word has ended; with its quotes.
    pub fn end_word(&mut self, word: &str) {
        let is_assignment = assigned(word).is_some();
        let is_first = self.has_pairs.is_none() && !is_assignment;
        let name = program_name(word);
        // What a variable or quotes stand for, nobody knows.
        self.is_reread |= is_rereading(word)
            || name.ends_with("-ssh")
            || (is_first && word.len() > 1 && word.starts_with(['$', '"', '\'', '\\']));
        self.is_copying |= COPYING.contains(&name);
        self.looking.end_word(word);
        if OF_TEXTS.contains(&name) {
            self.has_pairs = Some(false);
        } else if !is_assignment && !ASSIGNING.contains(&name) {
            self.has_pairs.get_or_insert(true);
        }
        self.programs.end_word(word);
    }

    /// The context of a place, from the one that its quotes alone would make of it.
    pub fn context(&self, quoted: Context, place: &Place<'_>) -> Context {
        let Place { word, behind, .. } = *place;
        if let Some(context) = self.programs.context(word, rest_of_word(word, behind)) {
            return context;
        }
        let is_reread = self.is_reread || place.is_reread;
        if place.is_looked_at(self.looking, is_reread) {
            return match quoted {
                _ if is_reread => Context::RereadPlace,
                Context::ShellSingle => Context::Place(Quotes::Single),
                Context::ShellDouble => Context::Place(Quotes::Double),
                Context::Shell => Context::Place(Quotes::None),
                context => context,
            };
        }
        if is_reread || (self.is_copying && word.contains(':')) {
            let known = if self.is_reread { Context::Reread } else { Context::Plain };
            return program::in_commands(word, behind).unwrap_or(known);
        }
        match quoted {
            _ if self.has_pairs != Some(true) || !is_pair(word) => quoted,
            Context::Shell => Context::Item(Quotes::None),
            Context::ShellSingle => Context::Item(Quotes::Single),
            Context::ShellDouble => Context::Item(Quotes::Double),
            context => context,
        }
    }
}

/// Whether the end of an argument is the value of a name in it: `app=<app>`, `--set=a=<b>`, and not
/// `--namespace=<ns>`, which has the value of the option.
fn is_pair(word: &str) -> bool {
    let word = word.trim_start_matches(['"', '\'']);
    let held = match word.split_once('=') {
        Some((option, value)) if option.starts_with('-') => value,
        _ => word,
    };
    held.contains('=')
}
