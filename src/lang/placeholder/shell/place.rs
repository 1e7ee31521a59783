//! Places of a file system of which `/` may be one: what a command only looks at, `df -h <mountpoint>`.
//! Where it deletes or writes, or where something else makes more of what it has found than a sight, the
//! root of everything is no value.

use super::word::rest_of_word;
use crate::lang::shell::program_name;

/// What is given a `/` that is no folder to be emptied: it looks at file systems, or calls something
/// else so.
#[rustfmt::skip]
const LOOKING: [&str; 19] = [
    "cat", "df", "du", "file", "find", "findmnt", "fstrim", "ls", "lsof", "mount", "mountpoint", "ncdu",
    "rabbitmq-diagnostics", "rabbitmqadmin", "rabbitmqctl", "stat", "tree", "wc", "xfs_growfs",
];

/// What does more than that, also with what another command has found.
#[rustfmt::skip]
const DOING: [&str; 24] = [
    "-delete", "-fls", "-fprint", "chgrp", "chmod", "chown", "cp", "dd", "fuser", "kill", "mkfs", "mv",
    "parallel", "rm", "rmdir", "rsync", "shred", "tar", "tee", "truncate", "umount", "unlink", "while",
    "xargs",
];

/// What shows what it reads.
#[rustfmt::skip]
const SHOWING: [&str; 18] = [
    "awk", "cat", "column", "cut", "egrep", "grep", "head", "jq", "less", "more", "nl", "sed", "sort",
    "tac", "tail", "tr", "uniq", "wc",
];

/// Behind which find has a command of its own.
const CALLING: [&str; 4] = ["-exec", "-execdir", "-ok", "-okdir"];

/// Whether a command looks at places, by the words of it that have been read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looking {
    looks: bool,
    acts: bool,
}

impl Looking {
    /// A word has ended; with its quotes.
    pub fn end_word(&mut self, word: &str) {
        let name = program_name(word.trim_start_matches(['"', '\'', '\\']));
        self.looks |= LOOKING.contains(&name);
        // To be read alone is a change for whoever writes there.
        self.acts |= DOING.contains(&name) || word.contains("remount,ro");
    }
}

/// A place in a word of a command.
pub struct Place<'t> {
    /// What of the word stands before it, with the shell's quotes.
    pub word: &'t str,
    /// What of the line stands behind it.
    pub behind: &'t str,
    /// Whether it is read again, whatever is called.
    pub is_reread: bool,
    /// How many quotes and substitutions are open around it.
    pub depth: usize,
}

impl Place<'_> {
    /// Whether it is a path, or a part of one, that is looked at: by the command that its word is of, or,
    /// where that is a script for another shell, by the last command in there.
    pub fn is_looked_at(&self, of_command: Looking, is_reread: bool) -> bool {
        let script =
            self.word.strip_prefix(['"', '\'']).filter(|script| is_reread && script.contains(' '));
        let (looking, path) = match script {
            Some(script) if script.contains("$(") || script.contains('`') => return false,
            Some(script) => {
                let command = script.rsplit([';', '|', '&', '(', '\n']).next().unwrap_or_default();
                let (words, path) = command.rsplit_once(' ').unwrap_or(("", command));
                let mut looking = Looking::default();
                words.split_whitespace().for_each(|word| looking.end_word(word));
                (looking, path)
            }
            None => (of_command, self.word),
        };
        let path = path.trim_start_matches(['"', '\'', '\\']);
        let is_of_path = |sign: char| sign.is_alphanumeric() || "/._-".contains(sign);
        let is_begun = match path.split_once('=') {
            Some((option, value)) => option.starts_with("--") && value.chars().all(is_of_path),
            None => path.chars().all(is_of_path),
        };
        let ends = |sign: char| sign.is_whitespace() || ";|&)\"'\\".contains(sign);
        let rest = rest_of_word(self.word, self.behind).split(ends).next().unwrap_or_default();
        let is_ended = rest.chars().all(|sign| is_of_path(sign) || sign == '*');
        looking.looks
            && !looking.acts
            && self.depth == usize::from(self.word.starts_with('"'))
            && is_begun
            && is_ended
            && !acts(self.behind)
    }
}

/// Whether something is done with what a command finds, by what stands behind its argument.
fn acts(behind: &str) -> bool {
    let is_part = |sign: char| sign.is_alphanumeric() || "_-".contains(sign);
    let words = || behind.split(|sign| !is_part(sign)).filter(|word| !word.is_empty());
    let is_known = |name: &str| LOOKING.contains(&name) || SHOWING.contains(&name);
    let calls = words()
        .zip(words().skip(1))
        .any(|(option, name)| CALLING.contains(&option) && !is_known(name));
    let piped = behind.replace("||", ";");
    let mut piped = piped.split('|').skip(1).map(|command| {
        let mut words = command.split_whitespace().skip_while(|word| *word == "sudo");
        words.next().unwrap_or_default()
    });
    let is_read =
        |name: &str| SHOWING.contains(&program_name(name.trim_end_matches(['"', '\'', ';', ')'])));
    words().any(|word| DOING.contains(&word)) || calls || !piped.all(is_read) || writes(behind)
}

/// Whether something is written to a file, as `> list.txt` does. Placeholders end like that as well.
pub fn writes(text: &str) -> bool {
    let mut parts = text.split('>');
    let mut before = parts.next().unwrap_or_default();
    parts.any(|target| {
        let is_placeholder = before.rfind('<').is_some_and(|at| !before[at..].contains('\n'));
        before = target;
        let target = target.trim_start();
        let is_nothing = target.starts_with("/dev/null") || target.starts_with('&');
        !is_placeholder && !target.is_empty() && !is_nothing
    })
}
