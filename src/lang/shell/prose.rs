//! Commands in sentences: `Run kubectl get pods -l "app=foo" to see them.`
//!
//! What is found keeps its quotes and dashes, and nothing else depends on it. A command begins with
//! a program, and goes on until a word that only a sentence has. Between words its quotes are as
//! good as any, so something must say that it is one: an option, a pipe, or what introduces it.

use super::known::{self, Kind};
use crate::source::ByteSet;
use std::ops::Range;

/// How long a command in a sentence may be, in bytes.
const LONGEST: usize = 2000;

/// Words of sentences that stand in no command, in alphabetical order.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "after", "an", "and", "are", "as", "at", "be", "before", "but", "by", "can", "for", "from",
    "has", "have", "if", "in", "into", "is", "it", "its", "not", "of", "on", "or", "see", "should",
    "so", "that", "the", "then", "these", "they", "this", "to", "until", "was", "when", "where",
    "which", "while", "will", "with", "you", "your",
];

/// Words that introduce a command, in alphabetical order.
const INTRODUCTIONS: &[&str] = &[
    "command",
    "enter",
    "execute",
    "executing",
    "issue",
    "paste",
    "run",
    "running",
    "then",
    "try",
    "type",
    "use",
    "using",
    "via",
];

/// The commands in a paragraph, as ranges of its text, in order; and values in quotes right behind
/// the name they are given to, `app="foo"`. Each stands on one line, and that has something in it which
/// Markdown would make something else of.
pub fn in_prose(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !may_change(text) {
        return found;
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text[start..end];
        if line.len() == text.len() || may_change(line) {
            in_line(line, start, &mut found);
        }
        start = end + 1;
    }
    found
}

/// Whether a text has marks that Markdown would make something else of.
fn may_change(text: &str) -> bool {
    static MARKS: ByteSet = ByteSet::of(b"\"'|-<>.");
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(step) = MARKS.first_in(&bytes[at..]) {
        at += step;
        let changes = match bytes[at] {
            b'"' | b'|' => true,
            // An apostrophe ends a command, and is in the quotes of one only where another mark opens them.
            b'\'' => at == 0 || !bytes[at - 1].is_ascii_alphanumeric(),
            b'.' => bytes[at..].starts_with(b"..."),
            mark => bytes.get(at + 1) == Some(&mark),
        };
        if changes {
            return true;
        }
        at += 1;
    }
    false
}

fn in_line(line: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let has_values = memchr::memchr_iter(b'=', line.as_bytes())
        .any(|sign| matches!(line.as_bytes().get(sign + 1), Some(b'"' | b'\'')));
    let mut at = 0;
    let mut before = 0..0;
    while let Some(word) = next_word(line, at) {
        // Brackets and marks of emphasis around a command are the sentence's.
        let text = &line[word.clone()];
        let is_mark = |byte: &u8| matches!(byte, b'(' | b'*' | b'_' | b'[');
        let begin = word.start + text.bytes().take_while(|byte| is_mark(byte)).count();
        // Nearly all words are no programs. Behind one of nothing but brackets the next is looked at.
        let may_begin = begin == word.end || known::kind(&line[begin..word.end]).is_some();
        let command = may_begin.then(|| command(line, begin, &line[before])).flatten();
        let value = || has_values.then(|| assignment(line, begin..word.end)).flatten();
        at = match command.or_else(value) {
            Some(range) => {
                found.push(start + range.start..start + range.end);
                range.end.max(word.end)
            }
            None => word.end,
        };
        before = word;
    }
}

/// The next word from a place on, up to white space.
pub(super) fn next_word(line: &str, from: usize) -> Option<Range<usize>> {
    let start = end_of_run(line, from, true);
    let end = end_of_run(line, start, false);
    (start < end).then_some(start..end)
}

/// Where what is white space ends, or what is none.
fn end_of_run(text: &str, from: usize, of_blanks: bool) -> usize {
    let bytes = text.as_bytes();
    let run = if of_blanks { Run::Blanks } else { Run::Word };
    let mut at = from;
    loop {
        let rest = &bytes[at..];
        at += rest.iter().position(|it| RUNS[usize::from(*it)] != run).unwrap_or(rest.len());
        let Some(character) = bytes.get(at).filter(|it| !it.is_ascii()) else { return at };
        let character = text[at..].chars().next().unwrap_or(char::from(*character));
        if character.is_whitespace() != of_blanks {
            return at;
        }
        at += character.len_utf8();
    }
}

/// What a byte is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Word,
    Blanks,
    /// A character beyond ASCII, which may be either.
    Any,
}

/// What each byte is a part of.
static RUNS: [Run; 256] = {
    let mut runs = [Run::Any; 256];
    let mut byte = 0;
    while byte < 128 {
        runs[byte as usize] =
            if matches!(byte, b' ' | b'\t'..=b'\r') { Run::Blanks } else { Run::Word };
        byte += 1;
    }
    runs
};

/// The command that begins at a place, behind a word.
fn command(line: &str, begin: usize, before: &str) -> Option<Range<usize>> {
    let rest = &line[begin..];
    let first = rest.split_whitespace().next()?;
    let kind = known::kind(first)?;
    let end = begin + length(rest);
    let text = &line[begin..end];
    let mut words = text.split_whitespace().skip(1).peekable();
    words.peek()?;
    let is_introduced = before.is_empty()
        || before.ends_with(':')
        || INTRODUCTIONS.binary_search(&before.to_ascii_lowercase().as_str()).is_ok();
    let says = words.any(|word| {
        let has_option =
            word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic())
                && word.starts_with('-');
        has_option
            || matches!(word, "|" | "&&" | "||" | ">" | ">>")
            || word.starts_with("<<")
            || begin_of_value(word).is_some()
            || (kind == Kind::WordOfProse && is_introduced && word.starts_with(['/', '$', '~']))
    });
    let stands = says || (is_introduced && (kind == Kind::Program || first == "echo"));
    stands.then_some(begin..end)
}

/// How far a command goes on that a text begins with.
fn length(text: &str) -> usize {
    let mut end = 0;
    while let Some((word, quoted)) = shell_word(text, end).filter(|(word, _)| word.end <= LONGEST) {
        let written = &text[word.clone()];
        let plain = written.trim_end_matches(['.', ',', ':', '?', '!', ')', '*', '_']);
        let is_of_sentence = !quoted && WORDS.binary_search(&plain).is_ok();
        if is_of_sentence || written.contains('`') {
            break;
        }
        let closes = written.ends_with(')') && !text[..word.end].contains('(');
        if !plain.is_empty() && (written.ends_with(['.', ',', ':', '?', '!']) || closes) {
            return word.start + plain.len();
        }
        end = word.end;
    }
    end
}

/// The next word as a shell takes it, with what stands in quotes; and whether anything does. None
/// if its quote is not closed, or an apostrophe.
fn shell_word(text: &str, from: usize) -> Option<(Range<usize>, bool)> {
    let start = next_word(text, from)?.start;
    let bytes = text.as_bytes();
    let mut at = start;
    let mut quoted = false;
    while let Some(byte) = bytes.get(at).filter(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'\'' if at > start && bytes[at - 1].is_ascii_alphanumeric() => return None,
            b'"' | b'\'' => {
                at += quoted_length(&text[at..])?;
                quoted = true;
            }
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    (at <= text.len()).then_some((start..at, quoted))
}

/// How long the text in quotes is that a text begins with.
fn quoted_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    while at < bytes.len().min(LONGEST) {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where a sign stands before a value in quotes, those of two marks before those of one.
fn begin_of_value(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let before =
        |quote: u8| memchr::memchr_iter(b'=', bytes).find(|at| bytes.get(at + 1) == Some(&quote));
    before(b'"').or_else(|| before(b'\''))
}

/// `app="foo"` in a word that does not begin with a quote.
fn assignment(line: &str, word: Range<usize>) -> Option<Range<usize>> {
    let text = &line[word.clone()];
    let equals = begin_of_value(text)?;
    let name = &text[..equals];
    let is_name = name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && !name.contains(['"', '\'', '`', '<']);
    let value = word.start + equals + 1;
    let end = value + is_name.then(|| quoted_length(&line[value..])).flatten()?;
    Some(word.start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(WORDS.is_sorted() && INTRODUCTIONS.is_sorted());
    }

    #[test]
    fn commands_are_told_from_the_sentences_around_them() {
        for (text, commands) in [
            (
                "Run: kubectl get pods -l \"app=foo\" --all-namespaces",
                &["kubectl get pods -l \"app=foo\" --all-namespaces"][..],
            ),
            (
                "Send curl -X POST \"http://x/y\" -d '{\"a\": \"b\"}' and say \"done\".",
                &["curl -X POST \"http://x/y\" -d '{\"a\": \"b\"}'"],
            ),
            (
                "It is cat <<EOF to begin, or tee x << 'END' there.",
                &["cat <<EOF", "tee x << 'END' there"],
            ),
            ("The <<cat>> of it", &[]),
            ("First export FOO=\"bar baz\".", &["export FOO=\"bar baz\""]),
            ("Run grep \"x y\" file, then look.", &["grep \"x y\" file"]),
            ("- it's (sudo ls -l \"a b\")", &["sudo ls -l \"a b\""]),
            ("Then: echo \"hello\" | grep 'h'", &["echo \"hello\" | grep 'h'"]),
            ("Pods with app=\"foo\" are \"old\"", &["app=\"foo\""]),
            ("Run kubectl get pods -A and \"wait\" -- it's slow...", &["kubectl get pods -A"]),
            ("The kubectl \"get\" verb", &[]),
            ("Find \"Pods\" in: the list", &[]),
            ("Then: find \"Pods\" there", &[]),
            ("The date -- as 'agreed' -- and \"time\"", &[]),
            ("kubectl isn't \"slow\"", &[]),
            ("It's 5'6\" of \"echo\" and \"make\" sense", &[]),
        ] {
            let found = in_prose(text);
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, commands, "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_are_those_between_white_space(text in "[ab \\t\\x0b\\x1f\\u{85}\\u{a0}é\\u{3000}]{0,12}") {
            let mut words = Vec::new();
            while let Some(word) = next_word(&text, words.last().map_or(0, |it: &Range<usize>| it.end)) {
                words.push(word);
            }
            let words: Vec<&str> = words.into_iter().map(|word| &text[word]).collect();
            prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
        }

        #[test]
        fn apostrophes_alone_hide_no_command_that_changes(
            parts in prop::collection::vec(prop::sample::select(vec![
                "kubectl ", "Run: ", "echo ", "-l ", "\"", "'", "it's ", "can't ", "\\", "a=", "é", " ", "(", ")",
                ".", ", ", "| ", "and ", "`", "--", "<<", "...",
            ]), 0..20)
        ) {
            let text = parts.concat();
            let found = in_prose(&text);
            let mut all = Vec::new();
            in_line(&text, 0, &mut all);
            for range in all.into_iter().filter(|range| !found.contains(range)) {
                let text = &text[range];
                let marks = ["\"", "'", "|", "--", "<<", ">>", "..."];
                prop_assert!(!marks.iter().any(|mark| text.contains(mark)), "{}", text);
            }
        }

        #[test]
        fn what_is_found_stands_on_its_line_and_in_order(
            parts in prop::collection::vec(prop::sample::select(vec![
                "kubectl ", "Run ", "echo ", "-l ", "\"", "'", "\\", "a=", "é", " ", "\n", "(", ")",
                ".", ", ", "| ", "and ", "`",
            ]), 0..20)
        ) {
            let text = parts.concat();
            let mut end = 0;
            for range in in_prose(&text) {
                prop_assert!(range.start >= end && range.start < range.end);
                end = range.end;
                prop_assert!(!text[range].contains('\n'));
            }
        }
    }
}
