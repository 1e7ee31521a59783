//! What a snippet uses as its own, so that nobody fills it in: the variables that it sets (`for NODE in
//! …`, `read -r POD`, `NODE=a`) and their names, the patterns and programs that it gives to grep, awk
//! and jq, the statements of SQL, and the globs of a shell.
//!
//! All of it has the form of a placeholder. What tells them apart is the command that they stand in,
//! so the snippet is taken apart into commands and words here, by its quotes, as far as it takes.

use super::Placeholder;
use super::commands::{Command, Word};
use super::script::{
    assigned, functions, has_default, here_documents, set_by_default, set_by_sign, variables,
};
use super::shell;
use super::words::{is_part_of_a_command, names_a_kind, names_a_thing};
use crate::lang::shell::program_name;
use crate::lang::variable::is_variable;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Commands whose words are names of variables.
#[rustfmt::skip]
const NAMING: [&str; 14] = [
    "declare", "export", "for", "getopts", "let", "local", "mapfile", "read", "readarray", "readonly", "select",
    "typeset", "unset", "unsetenv",
];

/// Commands of which an option's value is the name of a variable.
const NAMING_BY_OPTION: [(&str, &str); 7] = [
    ("[", "-v"),
    ("[[", "-v"),
    ("env", "-u"),
    ("jq", "--arg"),
    ("printf", "-v"),
    ("test", "-v"),
    ("wait", "-p"),
];

/// Commands that ask whether a variable is set.
const TESTS: [&str; 4] = [":", "[", "[[", "test"];

/// Programs that are given the names of files, in which a shell looks for `*`.
#[rustfmt::skip]
const OF_FILES: [&str; 25] = [
    "cat", "chmod", "chown", "cp", "du", "egrep", "file", "find", "for", "grep", "gunzip", "gzip", "head",
    "less", "ls", "mv", "rm", "rsync", "scp", "stat", "tail", "tar", "wc", "zcat", "zgrep",
];

/// Programs that are given scripts of a language of their own.
#[rustfmt::skip]
const INTERPRETERS: [&str; 12] = [
    "awk", "gawk", "lua", "mawk", "nawk", "node", "perl", "php", "python", "python2", "python3", "ruby",
];

/// Programs that are given statements.
const OF_STATEMENTS: [&str; 7] =
    ["clickhouse-client", "cockroach", "cqlsh", "mariadb", "mysql", "psql", "sqlite3"];

/// Programs that are given a pattern to look for.
const OF_PATTERNS: [&str; 5] = ["grep", "egrep", "fgrep", "zgrep", "rg"];

/// Programs that are given names, templates or scripts in other ways.
const OF_OTHERS: [&str; 9] =
    ["sed", "gsed", "parallel", "envsubst", "trap", "jq", "yq", "xargs", "printf"];

/// The programs of which anything is known here.
static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let lists: [&[&str]; 7] =
        [&NAMING, &TESTS, &OF_FILES, &INTERPRETERS, &OF_STATEMENTS, &OF_PATTERNS, &OF_OTHERS];
    let by_option = NAMING_BY_OPTION.iter().map(|(program, _)| *program);
    lists.concat().into_iter().chain(by_option).collect()
});

/// What a snippet uses as its own.
pub(super) struct Own<'t> {
    text: &'t str,
    /// The variables that are set, each with the place from which on it is.
    set: FxHashMap<&'t str, usize>,
    /// The variables that are read.
    read: FxHashSet<&'t str>,
    /// Where words in capitals and between stars mean themselves.
    words: Vec<Range<usize>>,
    /// Where a `$` is not the shell's.
    literal: Vec<Range<usize>>,
    /// Where braces are a program's.
    programs: Vec<Range<usize>>,
    /// The here-documents, in which templates are for whatever reads the file.
    documents: Vec<Range<usize>>,
    /// Commands that ask whether a variable is set.
    tests: Vec<Range<usize>>,
    /// The bodies of functions, which are run after what stands below them.
    functions: Vec<Range<usize>>,
}

impl<'t> Own<'t> {
    /// What a snippet of these commands does.
    pub(super) fn of(text: &'t str, commands: &[Command]) -> Self {
        // Queries have no variables, as most texts.
        let has_variables = memchr::memchr(b'$', text.as_bytes()).is_some();
        let mut set: FxHashMap<&str, usize> = FxHashMap::default();
        let mut read = FxHashSet::default();
        if has_variables {
            set.extend(set_by_default(text));
            read.extend(variables(text));
        }
        set.extend(set_by_sign(text));
        let documents = here_documents(text);
        let mut own = Self {
            text,
            set,
            read,
            words: Vec::new(),
            literal: documents.iter().filter(|it| it.1).map(|it| it.0.clone()).collect(),
            documents: documents.into_iter().map(|(document, _)| document).collect(),
            programs: Vec::new(),
            tests: Vec::new(),
            functions: functions(text),
        };
        let mut before = "";
        for command in commands {
            let Some((program, rest)) = own.set_by(command) else { continue };
            let name = program_name(program.text(text));
            // In a query, what is read as a program is none.
            if KNOWN.contains(name) {
                own.take_names(name, rest, command.range.end);
                let feeding = if command.is_piped { before } else { "" };
                own.take_languages(name, rest, &command.range, feeding);
                own.take_names_of_xargs(name, rest, &command.range);
                if TESTS.contains(&name) {
                    own.tests.push(command.range.clone());
                }
            }
            own.take_statements(rest);
            if has_variables {
                own.take_commands(program, rest);
            }
            before = name;
        }
        own
    }

    /// The variables that are set, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'t str> {
        self.set.keys().copied()
    }

    /// Whether what looks like a hole is the snippet's own.
    pub(super) fn holds(&self, hole: &Placeholder) -> bool {
        let start = hole.range.start;
        let is_in = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(&start));
        let name = hole.name.as_str();
        match self.text.as_bytes().get(start) {
            Some(b'$') => {
                // What is tested may be set in answer to that.
                let is_set =
                    self.set.get(name).is_some_and(|from| *from <= start || is_in(&self.tests));
                let is_of_function = || {
                    is_in(&self.functions)
                        && (self.set.contains_key(name) || has_default(self.text, name))
                };
                is_set || is_in(&self.literal) || is_of_function()
            }
            Some(b'*') => is_in(&self.words),
            Some(b'{') => {
                let is_template = self.text[start..].starts_with("{{");
                // `exec {FD}>file`
                let is_opened = self.text[hole.range.end..].starts_with(['<', '>']);
                is_opened || is_in(&self.programs) || (is_template && is_in(&self.documents))
            }
            Some(b'A'..=b'Z') => {
                self.set.contains_key(name) || self.read.contains(name) || is_in(&self.words)
            }
            _ => false,
        }
    }

    /// Takes note of what a command sets in front of its program; gives that and its arguments.
    fn set_by<'c>(&mut self, command: &'c Command) -> Option<(&'c Word, &'c [Word])> {
        let mut words = command.words.as_slice();
        while let [word, rest @ ..] = words {
            let written = word.text(self.text);
            if let Some(name) = assigned(written) {
                self.set.entry(name).or_insert(command.range.end);
            } else if !is_in_front(written) {
                return Some((word, rest));
            }
            words = rest;
        }
        None
    }

    /// The names of variables that a command's words are.
    fn take_names(&mut self, program: &str, words: &[Word], end: usize) {
        if NAMING.contains(&program) {
            let is_loop = matches!(program, "for" | "select");
            let names = words
                .iter()
                .take_while(|word| !word.text(self.text).starts_with(['<', '>']))
                .filter(|word| !word.text(self.text).starts_with('-'))
                .take(if is_loop { 1 } else { usize::MAX });
            for word in names {
                let written = word.text(self.text);
                let is_set = !matches!(program, "export" | "readonly");
                if is_variable(written) {
                    self.words.push(word.range.clone());
                    if is_set {
                        self.set.entry(written).or_insert(end);
                    }
                } else if let Some(name) = assigned(written) {
                    self.set.entry(name).or_insert(end);
                }
            }
        }
        for pair in words.windows(2) {
            let option = pair[0].text(self.text);
            if NAMING_BY_OPTION.contains(&(program, option)) {
                self.words.push(pair[1].range.clone());
                if let ("printf" | "wait", name) = (program, pair[1].text(self.text)) {
                    self.set.entry(name).or_insert(end);
                }
            }
        }
    }

    /// What another shell is given to run: a `$` in single quotes is a variable over there.
    fn take_commands(&mut self, program: &Word, words: &[Word]) {
        let all = || std::iter::once(program).chain(words);
        if all().any(|word| shell::is_shell(word.text(self.text))) {
            let quoted = words.iter().filter(|word| word.is_quoted_once(self.text, '\''));
            self.literal.extend(quoted.map(|word| word.range.clone()));
        }
    }

    /// The name that `xargs -I NAME` puts what it reads in the place of.
    fn take_names_of_xargs(&mut self, program: &str, words: &[Word], command: &Range<usize>) {
        let Some(at) = words.iter().position(|word| word.text(self.text).starts_with("-I")) else {
            return;
        };
        let name = match words[at].text(self.text) {
            "-I" => words.get(at + 1).map_or("", |word| word.text(self.text)),
            option => &option[2..],
        };
        let name = name.trim_matches(['"', '\'']);
        if program != "xargs" || name.is_empty() {
            return;
        }
        let places = self.text[command.clone()].match_indices(name);
        let places = places.map(|(at, _)| command.start + at..command.start + at + name.len());
        for place in places {
            self.words.push(place.clone());
            self.programs.push(place);
        }
    }

    /// The words that a program reads as a language of its own.
    fn take_languages(
        &mut self,
        program: &str,
        words: &[Word],
        range: &Range<usize>,
        feeding: &str,
    ) {
        match program {
            _ if OF_PATTERNS.contains(&program) => self.take_pattern(words, feeding),
            "sed" | "gsed" => {
                let program = first_argument(self.text, words).map(|word| word.range.clone());
                self.words.extend(program.clone());
                self.documents.extend(program);
            }
            "parallel" if words.iter().any(|word| word.text(self.text).starts_with(":::")) => {
                self.programs.push(range.clone());
            }
            "envsubst" | "trap" => self.literal.extend(self.quoted_once(words)),
            "jq" | "yq" => {
                for range in self.quoted_once(words) {
                    let parts = outside_strings(self.text, &range);
                    self.literal.extend(parts.iter().cloned());
                    self.programs.extend(parts);
                }
            }
            _ if INTERPRETERS.contains(&program) => self.take_scripts(words, range),
            _ if OF_STATEMENTS.contains(&program) => {
                let quoted = words.iter().filter(|word| word.text(self.text).contains(['"', '\'']));
                self.words.extend(quoted.map(|word| word.range.clone()));
            }
            _ => {}
        }
        if OF_FILES.contains(&program) {
            let globs = words.iter().filter(|word| {
                let written = word.text(self.text);
                written.contains('*') && !written.bytes().any(|byte| byte.is_ascii_uppercase())
            });
            self.words.extend(globs.map(|word| word.range.clone()));
        }
    }

    /// The words that stand in one pair of single quotes.
    fn quoted_once(&self, words: &[Word]) -> Vec<Range<usize>> {
        let quoted = words.iter().filter(|word| word.is_quoted_once(self.text, '\''));
        quoted.map(|word| word.range.clone()).collect()
    }

    /// Scripts in quotes, and those that are read: `python3 - <<'EOF'`.
    fn take_scripts(&mut self, words: &[Word], range: &Range<usize>) {
        let mut scripts = self.quoted_once(words);
        let read = self.documents.iter().filter(|document| range.contains(&document.start));
        scripts.extend(read.cloned());
        self.words.extend(scripts.iter().cloned());
        self.literal.extend(scripts.iter().cloned());
        self.programs.extend(scripts);
    }

    /// The pattern of grep where it is the head of a table or a name in an environment, and not a name
    /// that stands for many.
    fn take_pattern(&mut self, words: &[Word], feeding: &str) {
        let inverts = |word: &Word| {
            is_flags(word.text(self.text), 'v') || word.text(self.text) == "--invert-match"
        };
        let is_listed =
            matches!(feeding, "env" | "printenv" | "set" | "export") || words.iter().any(inverts);
        if let Some(word) = first_argument(self.text, words)
            && (is_listed || names_a_kind(word.text(self.text).trim_matches(['"', '\''])))
        {
            self.words.push(word.range.clone());
        }
    }

    /// Words of statements in capitals.
    fn take_statements(&mut self, words: &[Word]) {
        self.words.extend(words.windows(3).filter_map(|window| {
            let [option, first, second] = window else { return None };
            // `curl -X POST URL`
            if option.text(self.text).starts_with('-') {
                return None;
            }
            statement(self.text, first, second)
        }));
        if let [first, second, ..] = words {
            self.words.extend(statement(self.text, first, second));
        }
    }
}

/// Two words next to each other that are a statement in capitals: `CLUSTER NODES`, `ALTER USER`. One of
/// them names nothing, and both would be holes otherwise.
fn statement(text: &str, first: &Word, second: &Word) -> Option<Range<usize>> {
    let is_loud = |word: &Word| {
        let written = word.text(text).trim_matches(['"', '\'', ';']);
        written.len() > 2 && written.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let is_thing = |word: &Word| {
        let written = word.text(text);
        names_a_thing(written) || is_part_of_a_command(written)
    };
    (is_loud(first) && is_loud(second) && is_thing(first) != is_thing(second))
        .then_some(first.range.start..second.range.end)
}

/// The first argument that is no option: the pattern of grep, the program of sed.
fn first_argument<'c>(text: &str, words: &'c [Word]) -> Option<&'c Word> {
    let asked =
        words.windows(2).find(|pair| is_flags(pair[0].text(text), 'e')).map(|pair| &pair[1]);
    let mut takes_value = false;
    asked.or_else(|| {
        words.iter().find(|word| {
            let written = word.text(text);
            let is_value =
                std::mem::replace(&mut takes_value, matches!(written, "-A" | "-B" | "-C" | "-m"));
            !is_value && !written.starts_with('-')
        })
    })
}

/// Whether a word is a dash and letters with this one at its end.
fn is_flags(word: &str, letter: char) -> bool {
    word.strip_prefix('-').is_some_and(|letters| {
        letters.ends_with(letter) && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// The parts of a program that are in no string of its own.
fn outside_strings(text: &str, program: &Range<usize>) -> Vec<Range<usize>> {
    let mut start = program.start;
    let mut parts = Vec::new();
    for (index, part) in text[program.clone()].split('"').enumerate() {
        if index % 2 == 0 {
            parts.push(start..start + part.len());
        }
        start += part.len() + 1;
    }
    parts
}

/// Whether a text calls something that is given statements.
pub(super) fn has_statements(text: &str) -> bool {
    OF_STATEMENTS.iter().any(|program| text.contains(program))
}

/// What may stand in front of a command and is no part of it: prompts, keywords, `sudo`.
pub(super) fn is_in_front(word: &str) -> bool {
    matches!(
        word,
        "$" | "#"
            | ">"
            | "%"
            | "sudo"
            | "while"
            | "until"
            | "if"
            | "elif"
            | "then"
            | "else"
            | "do"
            | "!"
            | "{"
            | "time"
    )
}

#[cfg(test)]
mod tests;
