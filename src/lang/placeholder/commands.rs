//! The commands of a snippet and their words, as its quotes part them.

use crate::source::{ByteSet, end_of_quoted};
use std::ops::Range;

/// How far the end of a quote is looked for, in bytes: sample output has apostrophes.
const LONGEST_QUOTE: usize = 2000;

/// A command, with the words of it that are words to a shell.
pub(super) struct Command {
    /// One at least.
    pub words: Vec<Word>,
    pub range: Range<usize>,
    /// Whether it reads what the command before it prints.
    pub is_piped: bool,
}

/// A word, with its quotes.
pub(super) struct Word {
    pub range: Range<usize>,
}

impl Word {
    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.range.clone()]
    }

    /// Whether all of it is in one pair of quotes.
    pub(super) fn is_quoted_once(&self, text: &str, quote: char) -> bool {
        let written = self.text(text);
        written.len() > 1 && written.starts_with(quote) && written.ends_with(quote)
    }
}

/// The bytes that are signs, or stand between words.
static SIGNS: ByteSet = ByteSet::of(b";|&()`\\\"' \t\n\x0c\r\0");

/// The commands of a text, those in `$(…)` included, in order.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let bytes = text.as_bytes();
    let mut commands: Vec<Command> = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let (mut word, mut from, mut at, mut is_piped) = (None, 0, 0, false);
    // Where the double quotes end that commands are in.
    let mut closing = None;
    while at <= bytes.len() {
        // Most bytes are those of a word, and nothing else.
        let rest = bytes.get(at..).unwrap_or_default();
        let plain = SIGNS.first_in(rest).unwrap_or(rest.len());
        if plain > 0 {
            word.get_or_insert(at);
            at += plain;
        }
        let byte = bytes.get(at).copied().unwrap_or(b'\n');
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let ends_command = matches!(byte, b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'`');
        if ends_command || byte.is_ascii_whitespace() {
            words.extend(word.take().map(|start: usize| Word { range: start..at }));
        } else {
            word.get_or_insert(at);
        }
        match byte {
            _ if ends_command => {
                let words = std::mem::take(&mut words);
                if !words.is_empty() {
                    commands.push(Command { words, range: from..at, is_piped });
                }
                is_piped = byte == b'|' && next != b'|';
                from = at + 1;
            }
            b'\\' if next == b'\n' => {
                // The word that a line's end is escaped in ends there as well.
                let start = word.take().filter(|start| *start < at);
                words.extend(start.map(|start| Word { range: start..at }));
                at += 1;
            }
            b'\\' => at += 1,
            b'"' if closing == Some(at) => closing = None,
            b'\'' | b'"' => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let near = rest.get(..LONGEST_QUOTE).unwrap_or(rest);
                if let Some(length) = end_of_quoted(near, byte, byte == b'"') {
                    let end = at + 1 + length;
                    if byte == b'"' && near[..length].windows(2).any(|it| it == b"$(") {
                        closing = Some(end);
                    } else {
                        at = end;
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    commands
}
