//! A command with its holes filled, byte for byte as long as it was.

use crate::lang::placeholder;
use std::borrow::Cow;
use std::ops::Range;

/// The longest hole in brackets, in bytes. Longer ones are no names.
const LONGEST: usize = 80;

/// What means something to a shell.
const MARKS: [char; 12] = ['"', '\'', '`', '$', '(', ')', ';', '&', '|', '<', '>', '\\'];

/// The text with a word in place of each hole that a shell would stumble over. Holes that are words
/// to a shell (`$POD`, `*podName*`, `{Region}`) stay as they are.
pub(super) fn filled(text: &str) -> Cow<'_, str> {
    let mut holes: Vec<Range<usize>> = Vec::new();
    if memchr::memchr2(b'<', b'{', text.as_bytes()).is_some() {
        let found = placeholder::find(text).into_iter().map(|hole| hole.range);
        holes.extend(found.filter(|hole| text[hole.clone()].starts_with(['<', '{'])));
    }
    holes.extend(in_brackets(text, '<', '>'));
    holes.extend(in_brackets(text, '(', ')'));
    if holes.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for hole in holes {
        bytes[hole].fill(b'x');
    }
    // Whole holes are replaced, so what is left is whole characters.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Words between brackets that no shell has a use for: `<10.1.2.3>`, `(pod name)`, `(...)`.
fn in_brackets(text: &str, open: char, close: char) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(open).filter_map(move |(start, _)| {
        let inside = text.get(start + 1..)?;
        let near = inside.as_bytes().iter().take(LONGEST + 1);
        let length = near.clone().position(|byte| [close as u8, b'\n'].contains(byte))?;
        let name = inside.get(..length)?;
        let before = text[..start].chars().next_back();
        let behind = inside[length..].strip_prefix(close)?.chars().next();
        let is_name = !name.is_empty()
            && name.trim() == name
            && (!name.contains(MARKS) || (open == '<' && is_described(name)));
        let is_apart = if open == '<' {
            // `<<EOF`
            before != Some('<')
        } else {
            // `f()`, `$(date)`, `a=(b)`, `@(a|b)` and a subshell mean something to a shell: only an
            // argument in brackets does not.
            let command = text[..start].trim_end_matches([' ', '\t']);
            before == Some(' ')
                && !command.is_empty()
                && !command.ends_with(['\n', ';', '|', '&', '(', '{', '!'])
                && !ends_with_keyword(command)
                && matches!(behind, None | Some(' ' | '\n' | '\r' | ',' | '.' | '/'))
        };
        (is_name && is_apart).then(|| start..start + 2 + length)
    })
}

/// Whether a name consists of words with something in brackets or quotes behind the first ones:
/// `node name or ip (see alert)`, `file, e.g. "x.log"`.
fn is_described(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    let words = |part: &str| !part.contains(MARKS);
    let opens_behind_space = |mark: char| {
        name.match_indices(mark)
            .step_by(if mark == '"' { 2 } else { 1 })
            .all(|(at, _)| name[..at].ends_with([' ', '/']))
    };
    first.len() < name.len()
        && first.starts_with(char::is_alphabetic)
        && words(first)
        && opens_behind_space('(')
        && opens_behind_space('"')
        && name.matches('(').count() == name.matches(')').count()
        && name.matches('"').count().is_multiple_of(2)
        && words(&name.replace(['(', ')', '"', '\'', '&'], ""))
}

/// Whether a command begins behind this text, so that a bracket opens a subshell.
fn ends_with_keyword(text: &str) -> bool {
    let last = text.rsplit(|character: char| character.is_whitespace() || character == ';').next();
    matches!(
        last,
        Some("do" | "then" | "else" | "elif" | "if" | "while" | "until" | "time" | "in" | "case")
    )
}
