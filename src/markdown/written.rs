//! Where the characters of running text were written.

use crate::source::MappedText;

/// Adds a text with the bytes it was made of: escapes, entities and typographic marks are written
/// otherwise than they read.
pub fn push_as_written(text: &str, written: &str, start: usize, mapped: &mut MappedText) {
    if text == written {
        mapped.push_verbatim(text, start);
        return;
    }
    let mut rest = written;
    let mut at = 0;
    loop {
        // Most of it is written as it reads.
        let same = length_of_same(&text[at..], rest);
        mapped.push_verbatim(&text[at..at + same], start + written.len() - rest.len());
        (at, rest) = (at + same, &rest[same..]);
        let Some(character) = text[at..].chars().next() else { break };
        let behind = at + character.len_utf8();
        let offset = start + written.len() - rest.len();
        let length = length_of_spelling(rest, &text[behind..]);
        mapped.push_replaced(&text[at..behind], offset..offset + length);
        (at, rest) = (behind, &rest[length..]);
    }
}

/// How many bytes two texts begin with in common, as whole characters.
fn length_of_same(one: &str, other: &str) -> usize {
    let bytes = one.bytes().zip(other.bytes());
    let mut same = bytes.take_while(|(one, other)| one == other).count();
    while !one.is_char_boundary(same) {
        same -= 1;
    }
    same
}

/// How many bytes are written for a character that reads otherwise, before what reads `behind`.
fn length_of_spelling(written: &str, behind: &str) -> usize {
    if let Some(escaped) = written.strip_prefix('\\') {
        return 1 + escaped.chars().next().map_or(0, char::len_utf8);
    }
    if written.starts_with('&')
        && let Some(end) = written.find(';').filter(|end| *end < 12)
    {
        return end + 1;
    }
    // A dash or three dots: up to where the text agrees again.
    let next = behind.chars().next();
    let ends = written.char_indices().skip(1).take(3);
    let agrees =
        ends.map(|(at, _)| at).find(|at| next.is_some_and(|it| written[*at..].starts_with(it)));
    agrees.unwrap_or_else(|| {
        if next.is_none() {
            written.len()
        } else {
            written.chars().next().map_or(0, char::len_utf8)
        }
    })
}
