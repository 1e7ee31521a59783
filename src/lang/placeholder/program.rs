//! Which words of a command are programs: `awk '/<pod>/'`, `sed -e 's/<a>/<b>/'`. The shell takes
//! such a word for data, but what is called reads it as a language of its own: in a string or a
//! pattern of it, a `/` may be all it takes to end that and begin a command; elsewhere a `+` calls for
//! another value.

use super::context::Context;
use crate::lang::shell::program_name;

/// What reads a program from its first argument that is no option.
const FIRST: [(&str, Language); 9] = [
    ("awk", Language::Awk),
    ("gawk", Language::Awk),
    ("mawk", Language::Awk),
    ("nawk", Language::Awk),
    ("original-awk", Language::Awk),
    ("sed", Language::Sed),
    ("gsed", Language::Sed),
    ("jq", Language::Jq),
    ("yq", Language::Jq),
];

/// What reads a program from an option alone.
const OPTION: [(&str, Language); 9] = [
    ("perl", Language::Perl),
    ("ruby", Language::Perl),
    ("clickhouse-client", Language::Sql),
    ("cockroach", Language::Sql),
    ("cqlsh", Language::Sql),
    ("mariadb", Language::Sql),
    ("mysql", Language::Sql),
    ("psql", Language::Sql),
    // Behind the name of a file as well.
    ("sqlite3", Language::Sql),
];

/// Behind which a statement stands.
const OF_STATEMENTS: [&str; 5] = ["--command", "--execute", "--query", "-cmd", "-q"];

/// What yq may be told to do in front of the program.
const SUBCOMMANDS: [&str; 4] = ["e", "ea", "eval", "eval-all"];

/// The words behind which a pattern stands, and no divisor.
#[rustfmt::skip]
const BEFORE_PATTERNS: [&str; 13] = [
    "and", "grep", "if", "m", "not", "or", "print", "qr", "return", "split", "unless", "until", "while",
];

/// How literals are written in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Language {
    /// Strings in double quotes, patterns between slashes.
    #[default]
    Awk,
    /// Strings in double quotes, with `\(` for what is computed in them; a slash divides.
    Jq,
    /// As awk, and `s/…/…/` with any sign in the place of `/`.
    Perl,
    /// Addresses between slashes, and `s/…/…/` with any sign.
    Sed,
    /// Statements, among which the program has commands of its own: `.shell`, `\!`.
    Sql,
}

/// How far the words of a command are read, and whether the next one is a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Programs {
    /// Whether the command's own name was one that reads programs.
    is_reader: bool,
    /// What they are written in.
    language: Language,
    /// Whether the program is still to come as an argument.
    is_awaited: bool,
    /// Whether an option asked for a program as the next word.
    is_asked: bool,
    /// How many words to come are values of an option.
    values: usize,
}

impl Programs {
    /// The context of a hole in the word that is read now, if that is a program; `before` and
    /// `behind` are what of it stands around the hole, with the shell's quotes.
    pub(super) fn context(self, before: &str, behind: &str) -> Option<Context> {
        let is_other = is_other_option(before);
        let is_option = self.language == Language::Sql && before.starts_with('-') && !is_other;
        let is_awaited = (self.is_awaited && self.values == 0 && !is_other) || is_option;
        if !self.is_asked && !is_awaited {
            return None;
        }
        match self.language.literal(before, behind) {
            _ if self.language == Language::Sql => return Some(Context::Plain),
            Some('/' | ',') => return Some(Context::Program),
            Some('"') if is_compared(before, behind) => return Some(Context::PlainPlace),
            Some(_) => return Some(Context::Plain),
            None => {}
        }
        // Behind or before a letter, one more would make another command: `sed -n <n>p`.
        let is_letter = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphabetic());
        let touches = is_letter(before.chars().next_back()) || is_letter(behind.chars().next());
        Some(if touches { Context::Digits } else { Context::Word })
    }

    /// A word of the command has ended; with its quotes.
    pub(super) fn end_word(&mut self, word: &str) {
        if !self.is_reader {
            let name = program_name(word);
            let of = |(known, language): &(&str, Language)| (*known == name).then_some(*language);
            let first = FIRST.iter().find_map(of);
            self.is_awaited = first.is_some();
            if let Some(language) = first.or_else(|| OPTION.iter().find_map(of)) {
                (self.is_reader, self.language) = (true, language);
            }
            if name == "sqlite3" {
                (self.is_awaited, self.values) = (true, 1);
            }
            return;
        }
        if self.language == Language::Sql {
            let asks = |letter| is_cluster(word) && word.ends_with(letter);
            if self.is_asked || !word.starts_with('-') {
                self.values = self.values.saturating_sub(u8::from(!self.is_asked).into());
                self.is_asked = false;
            } else {
                self.is_asked = OF_STATEMENTS.contains(&word) || asks('c') || asks('e');
            }
            return;
        }
        if self.is_asked || self.values > 0 {
            self.is_awaited &= !self.is_asked;
            self.is_asked = false;
            self.values = self.values.saturating_sub(1);
            return;
        }
        match word {
            "-v" | "-F" | "--assign" | "--field-separator" | "--indent" => self.values = 1,
            "--arg" | "--argjson" | "--slurpfile" | "--rawfile" => self.values = 2,
            // The program is in a file.
            "-f" | "--file" | "--from-file" => (self.is_awaited, self.values) = (false, 1),
            "--expression" | "--source" => self.is_asked = true,
            _ if self.language == Language::Jq && SUBCOMMANDS.contains(&word) => {}
            // `-e`, `-ne`, `-pie`.
            _ if is_cluster(word) => self.is_asked = word.ends_with('e'),
            _ if word.starts_with('-') => {}
            _ => self.is_awaited = false,
        }
    }
}

/// The context of a place in commands, if it is in a program that one of them reads, also where those
/// are in quotes for another shell. `before` is what stands in front of the place.
pub(super) fn in_commands(before: &str, behind: &str) -> Option<Context> {
    let mut programs = Programs::default();
    let mut start: Option<usize> = None;
    let mut quote = None;
    let mut signs = before.char_indices();
    while let Some((at, sign)) = signs.next() {
        match (sign, quote) {
            ('\\', None | Some('"')) => {
                start.get_or_insert(at);
                signs.next();
            }
            (sign, Some(open)) if sign == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => {
                start.get_or_insert(at);
                quote = Some(sign);
            }
            _ if sign.is_whitespace() || ";|&(".contains(sign) => {
                if let Some(start) = start.take() {
                    programs.end_word(&before[start..at]);
                }
                if !sign.is_whitespace() {
                    programs = Programs::default();
                }
            }
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    let word = &before[start.unwrap_or(before.len())..];
    programs.context(word, behind).or_else(|| {
        let script = word.strip_prefix(['"', '\''])?;
        in_commands(&script.replace("\\\"", "\""), behind)
    })
}

impl Language {
    /// The sign that ends the string or the pattern that a place is in, between two parts of a program.
    fn literal(self, before: &str, behind: &str) -> Option<char> {
        let substitution = || ending_substitution(before, behind);
        match self {
            Self::Sed => {
                substitution().or_else(|| is_between_slashes(before, behind).then_some('/'))
            }
            Self::Perl => substitution().or_else(|| self.ending_quote(before, behind)),
            Self::Awk | Self::Jq => self.ending_quote(before, behind),
            Self::Sql => None,
        }
    }

    fn ending_quote(self, before: &str, behind: &str) -> Option<char> {
        let mut open = None;
        // The quote that opens the word is the shell's.
        let text = before.trim_start_matches(['\'', '"']);
        let mut signs = text.char_indices();
        while let Some((at, sign)) = signs.next() {
            match (sign, open) {
                ('\\', _) => match signs.next().map(|(_, sign)| sign) {
                    // The shell's double quotes around it ask for the backslash.
                    Some('"') if before.starts_with('"') => {
                        open = if open.is_none() { Some('"') } else { None };
                    }
                    Some('(') if self == Self::Jq => return None,
                    _ => {}
                },
                ('"', None) => open = Some('"'),
                ('/', None) if self != Self::Jq && !is_operand(&text[..at]) => open = Some('/'),
                (sign, Some(quote)) if sign == quote => open = None,
                _ => {}
            }
        }
        open.filter(|quote| behind.contains(*quote))
    }
}

/// Whether a place is all of a string that something is compared with: `$6 == "<mountpoint>"`.
fn is_compared(before: &str, behind: &str) -> bool {
    let before = before.strip_suffix('"').map(|it| it.trim_end_matches('\\').trim_end());
    let is_whole = behind.trim_start_matches('\\').starts_with('"');
    is_whole && before.is_some_and(|it| it.ends_with("==") || it.ends_with("!="))
}

/// Whether a slash behind a text divides what stands there, and begins no pattern.
fn is_operand(text: &str) -> bool {
    let text = text.trim_end();
    let word =
        &text[text.trim_end_matches(|sign: char| sign.is_alphanumeric() || sign == '_').len()..];
    if word.is_empty() { text.ends_with([')', ']']) } else { !BEFORE_PATTERNS.contains(&word) }
}

/// Whether a place is in sed's `/…/`.
fn is_between_slashes(before: &str, behind: &str) -> bool {
    before.matches('/').count() % 2 == 1 && behind.contains('/')
}

/// The sign in the place of `/` if a place is in `s/…/…/`; no value can hold that there.
fn ending_substitution(before: &str, behind: &str) -> Option<char> {
    let starts = before.char_indices().filter(|(_, sign)| matches!(sign, 's' | 'y'));
    let mut starts = starts.filter(|(at, _)| !before[..*at].ends_with(char::is_alphanumeric));
    starts.find_map(|(at, _)| {
        let rest = &before[at + 1..];
        let sign = rest.chars().next().filter(|sign| "/|#!~=,".contains(*sign))?;
        let parts = rest.matches(sign).count();
        let is_within = (parts == 1 || parts == 2) && behind.matches(sign).count() >= 3 - parts;
        is_within.then_some(sign)
    })
}

/// Whether a word is an option that is no program, with its value in it: `-F<sign>`.
fn is_other_option(word: &str) -> bool {
    let asks = ["-e", "--expression=", "--command=", "--execute=", "--query="];
    let asks = asks.iter().any(|it| word.starts_with(it));
    word.starts_with('-') && !asks
}

/// Whether a word is one dash and letters.
fn is_cluster(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|letters| {
        !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}
