//! The words of a cell, with what parts them: commas and line breaks, remarks in brackets, signs.

use super::dressed::{Dress, DressedText};
use std::ops::Range;

/// A word of a cell, or what stands between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its bytes in the text, without quotation marks and the like.
    pub range: Range<usize>,
    /// The part of the text that it stands in, as an index.
    pub run: Option<usize>,
    /// What it is.
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// May be a name.
    Word,
    /// A word with a colon behind it.
    Label,
    /// Words in brackets; `is_apart` if there is a blank before them.
    Remark { is_apart: bool },
    /// What has no letters, or is a number in front of others: `–`, `🔥`, `2.`, `#12`.
    Sign,
    /// From one to another: `→`.
    Arrow,
    /// Parts names: a comma, a line break, `or`.
    Separator,
}

/// The words of a part of a text.
pub(super) fn tokens(cell: &DressedText, within: Range<usize>) -> Vec<Token> {
    let mut reader = Reader { cell, found: Vec::new(), word: None };
    let text = &cell.text.text()[..within.end];
    let mut at = within.start;
    while let Some(character) = text[at..].chars().next() {
        let next = at + character.len_utf8();
        let is_in_word = reader.word.is_some();
        if is_in_word && cell.run_at(at) != cell.run_at(at - 1) {
            reader.close(at);
        }
        let line = text[at..].lines().next().unwrap_or_default();
        at = match character {
            '\n' | ',' | ';' => reader.add(at..next, Kind::Separator),
            _ if character.is_whitespace() => reader.close(at).unwrap_or(next).max(next),
            '(' | '[' | '{' => match bracketed(line) {
                Some((inside, length)) => {
                    let is_alternatives = character != '['
                        && (inside.contains('|') || character == '{')
                        && !inside.contains(['=', '"']);
                    if is_alternatives && (is_in_word || character == '{') {
                        reader.word.get_or_insert(at);
                        at + length
                    } else {
                        let is_apart = reader.word.is_none();
                        reader.add(at..at + length, Kind::Remark { is_apart })
                    }
                }
                None => reader.add(at..next, Kind::Sign),
            },
            _ => {
                reader.word.get_or_insert(at);
                next
            }
        };
    }
    reader.close(within.end);
    reader.found
}

/// What stands in the brackets that a line begins with, and how long they are.
fn bracketed(line: &str) -> Option<(&str, usize)> {
    let close = match line.chars().next()? {
        '(' => ')',
        '[' => ']',
        _ => '}',
    };
    let end = line.find(close)?;
    Some((&line[1..end], end + 1))
}

struct Reader<'c> {
    cell: &'c DressedText,
    found: Vec<Token>,
    /// Where the word begins that has no end yet.
    word: Option<usize>,
}

impl Reader<'_> {
    /// Ends a word and adds what stands behind it; gives where that ends.
    fn add(&mut self, range: Range<usize>, kind: Kind) -> usize {
        self.close(range.start);
        let (end, run) = (range.end, self.cell.run_at(range.start));
        self.found.push(Token { range, run, kind });
        end
    }

    /// Ends a word before a byte.
    fn close(&mut self, end: usize) -> Option<usize> {
        let range = self.word.take()?..end;
        let dress = self.cell.dress_at(range.start);
        let text = self.cell.text.text();
        let kind = kind(&text[range.clone()], dress);
        let range = if kind == Kind::Sign { range } else { trimmed(text, range) };
        self.found.push(Token { run: self.cell.run_at(range.start), range, kind });
        Some(end)
    }
}

fn kind(word: &str, dress: Dress) -> Kind {
    // `1.`, `#12:`
    let number = word.trim_start_matches(['#', '(']).trim_end_matches(['.', ')', ':']);
    let is_number = number.chars().all(|it| it.is_ascii_digit());
    if is_conjunction(word) {
        Kind::Separator
    } else if dress.is_aside() {
        Kind::Remark { is_apart: false }
    } else if word.contains(['→', '⇒']) && !word.contains(char::is_alphanumeric)
        || matches!(word, "->" | "=>" | "-->" | "==>")
    {
        Kind::Arrow
    } else if !word.contains(char::is_alphanumeric) || is_number || is_shortcode(word) {
        Kind::Sign
    } else if word.ends_with(':') {
        Kind::Label
    } else {
        Kind::Word
    }
}

pub(super) fn is_conjunction(word: &str) -> bool {
    matches!(word, "or" | "and" | "&" | "/" | "|" | "+")
}

/// Whether a word is the name of an emoji: `:fire:`.
fn is_shortcode(word: &str) -> bool {
    let name = word.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    name.is_some_and(|name| {
        name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
    })
}

/// A word without the quotation marks around it, the marks behind it and the signs beside it.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let is_sign = |c: char| !c.is_ascii() && !c.is_alphanumeric();
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'') || is_sign(c);
    let is_behind = |c: char| is_around(c) || matches!(c, '.' | '!' | '?' | ':') || is_raised(c);
    let part = text[range].trim_start_matches(is_around);
    let word = part.trim_end_matches(is_behind);
    let start = word.as_ptr().addr() - text.as_ptr().addr();
    start..start + word.len()
}

/// Whether a character is the number of a footnote.
fn is_raised(character: char) -> bool {
    matches!(character, '¹' | '²' | '³' | '⁰'..='⁹')
}
