//! The programs that a command runs, with their arguments.

use super::{fill, scan};
use std::ops::Range;

/// A program that is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program and its arguments, without redirections; one at least.
    pub words: Vec<Word>,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as the program gets it, as far as that is known: quotes taken off, substitutions
    /// and holes as they stand.
    pub text: String,
    /// Its bytes in the text of the command.
    pub range: Range<usize>,
}

impl Invocation {
    /// The name of the program, without the folder it lies in.
    pub fn program(&self) -> &str {
        program_name(&self.words[0].text)
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[Word] {
        &self.words[1..]
    }

    /// Its bytes in the text of the command, from the program to the last argument.
    pub fn range(&self) -> Range<usize> {
        self.words[0].range.start..self.words[self.words.len() - 1].range.end
    }
}

/// The name of the program that a word calls, without the folder it lies in.
pub fn program_name(word: &str) -> &str {
    word.rfind('/').map_or(word, |at| &word[at + 1..])
}

/// How deep commands within commands are followed.
const DEEPEST: usize = 6;

/// Every program that a text runs, in the order of the text; for one that runs another
/// (`sudo`, `ssh host`, `xargs`, `sh -c`), the other is an invocation as well.
pub fn invocations(text: &str) -> Vec<Invocation> {
    let mut found = Vec::new();
    collect(text, 0, 0, &mut found);
    found
}

/// Adds the invocations of a text that begins at `offset` of the whole.
fn collect(text: &str, offset: usize, depth: usize, found: &mut Vec<Invocation>) {
    let commands = scan::commands(&fill::filled(text));
    for words in commands.simple.iter().filter(|words| !words.is_empty()) {
        let words = words.iter().map(|range| Word {
            text: unquoted(&text[range.clone()]),
            range: range.start + offset..range.end + offset,
        });
        run(Invocation { words: words.collect() }, depth, found);
    }
    if depth < DEEPEST {
        for range in commands.substituted {
            collect(&text[range.clone()], offset + range.start, depth + 1, found);
        }
    }
}

/// A word without its quotes.
fn unquoted(word: &str) -> String {
    if memchr::memchr3(b'\'', b'"', b'\\', word.as_bytes()).is_none() {
        return word.to_owned();
    }
    let mut text = String::with_capacity(word.len());
    let mut quote = None;
    let mut characters = word.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if character == open => quote = None,
            (Some('\''), _) => text.push(character),
            (Some(_), '\\') if !matches!(characters.peek(), Some('"' | '\\' | '$' | '`')) => {
                text.push(character);
            }
            (_, '\\') => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

/// Adds an invocation, and what it runs in turn.
fn run(invocation: Invocation, depth: usize, found: &mut Vec<Invocation>) {
    let inner = if depth < DEEPEST { inner(&invocation) } else { Inner::Nothing };
    match inner {
        Inner::Nothing => found.push(invocation),
        Inner::Words(from) => {
            let words = invocation.words[from..].to_vec();
            found.push(invocation);
            run(Invocation { words }, depth + 1, found);
        }
        Inner::Script(index) => {
            let word = invocation.words[index].clone();
            found.push(invocation);
            let begin = found.len();
            collect(&word.text, 0, depth + 1, found);
            // What stands in a quoted script is not what was written, byte for byte, so all of it
            // is at the place of the whole.
            for part in found[begin..].iter_mut().flat_map(|one| &mut one.words) {
                part.range = word.range.clone();
            }
        }
    }
}

/// What a program runs.
enum Inner {
    Nothing,
    /// The words of its own from this one on.
    Words(usize),
    /// The script that this word is.
    Script(usize),
}

fn inner(invocation: &Invocation) -> Inner {
    let words = &invocation.words;
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    let command = |from: usize| match words.len().checked_sub(from) {
        None | Some(0) => Inner::Nothing,
        // Several words that are one: `ssh host 'sudo reboot'`.
        Some(1) if text(from).contains(char::is_whitespace) => Inner::Script(from),
        Some(_) => Inner::Words(from),
    };
    match invocation.program() {
        "sudo" => command(behind_options(words, "-ughpCrtRTD")),
        "doas" => command(behind_options(words, "-uC")),
        "xargs" => command(behind_options(words, "-IndLPsEa")),
        "nohup" | "time" | "exec" | "command" | "setsid" | "eval" | "watch" | "stdbuf"
        | "ionice" | "nice" | "chroot" | "strace" => {
            let from = behind_options(words, "-nciope");
            command(from + usize::from(invocation.program() == "chroot"))
        }
        "timeout" => command(behind_options(words, "-ks") + 1),
        "env" => {
            let from = behind_options(words, "-uCS");
            let assigned = words[from.min(words.len())..].iter();
            command(from + assigned.take_while(|word| word.text.contains('=')).count())
        }
        "ssh" => command(behind_options(words, "-bcDEeFIiJLlmOopQRSWw") + 1),
        "sh" | "bash" | "zsh" | "ksh" | "dash" | "su" => {
            let flag = words.iter().position(|word| {
                word.text.starts_with('-')
                    && !word.text.starts_with("--")
                    && word.text.ends_with('c')
            });
            match flag {
                Some(flag) if flag + 1 < words.len() => Inner::Script(flag + 1),
                _ => Inner::Nothing,
            }
        }
        "docker" | "podman" | "crictl" | "nerdctl" if text(1) == "exec" => {
            let from = 1 + behind_options(&words[1..], "-euw");
            command(from + 1)
        }
        "find" => match words
            .iter()
            .position(|word| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok"))
        {
            Some(at) => command(at + 1),
            None => Inner::Nothing,
        },
        // What stands behind `--` is run in the container.
        program
            if matches!(program, "kubectl" | "oc" | "nsenter") || program.ends_with("-kubectl") =>
        {
            match words.iter().position(|word| word.text == "--") {
                Some(at) => command(at + 1),
                None => Inner::Nothing,
            }
        }
        _ => Inner::Nothing,
    }
}

/// The first word behind the options of a program; the options named in `valued` take the next word
/// as their value.
fn behind_options(words: &[Word], valued: &str) -> usize {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let option = word.text.as_str();
        if option == "--" {
            return at + 1;
        }
        if !option.starts_with('-') || option.len() < 2 {
            break;
        }
        let takes_value = option.len() == 2
            && option.chars().nth(1).is_some_and(|letter| valued.contains(letter));
        at += 1 + usize::from(takes_value);
    }
    at
}
