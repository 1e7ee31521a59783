//! Words of a cell that stand for several names: `Disk{Full,Slow}`, `DiskFull/DiskSlow`.

use super::dressed::DressedText;
use super::words::{is_conjunction, trimmed};
use super::{KnownBy, NamedAlert, is_shaped, may_be_name};
use std::ops::Range;

/// The names that one with alternatives stands for: `Foo{Bar,Baz}` for `FooBar` and `FooBaz`.
pub(super) fn expanded(named: NamedAlert) -> Vec<NamedAlert> {
    let alternatives = || {
        // `Foo(Bar|Baz)` is a pattern, and any other `(` is none of a name.
        let brackets = if named.name.contains('(') { ['(', ')'] } else { ['{', '}'] };
        let (front, rest) = named.name.split_once(brackets[0])?;
        let (inside, behind) = rest.split_once(brackets[1])?;
        let marks: &[char] = if brackets[0] == '(' { &['|'] } else { &['|', ','] };
        // `DiskFull{env="prod"}` is one, with its labels.
        if inside.contains('=') && may_be_name(front) {
            let (name, known_by) = (front.to_owned(), KnownBy::Rule);
            return Some(vec![NamedAlert { name, known_by, ..named.clone() }]);
        }
        let is_name =
            |it: &str| (!front.is_empty() || !it.is_empty()) && !it.contains(char::is_whitespace);
        let all: Vec<&str> = inside.split(marks).map(str::trim).collect();
        let are_names = all.len() > 1 && all.iter().all(|it| is_name(it));
        let name = |it: &&str| NamedAlert { name: format!("{front}{it}{behind}"), ..named.clone() };
        are_names.then(|| all.iter().map(name).collect())
    };
    alternatives().unwrap_or_else(|| vec![named])
}

/// The parts of a name that may be names each: `DiskFull/DiskSlow`, `DiskFull/Slow`; and what marks or
/// letters of another script touch, `[DiskFull]`, `告警DiskFull`.
pub(super) fn parts(cell: &DressedText, name: Range<usize>) -> Vec<NamedAlert> {
    let text = &cell.text.text()[name.clone()];
    let mut found = Vec::new();
    let mut kinds = text.chars().map(Piece::of);
    let first = kinds.next();
    if text.contains(char::is_whitespace) || kinds.all(|kind| Some(kind) == first) {
        return found;
    }
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for piece in letters.chunk_by(|(_, one), (_, next)| Piece::of(*one) == Piece::of(*next)) {
        let (start, _) = piece[0];
        let length: usize = piece.iter().map(|(_, it)| it.len_utf8()).sum();
        let word = &text[start..start + length];
        let at = name.start + start;
        if Piece::of(piece[0].1) != Piece::Mark && may_be_name(word) {
            found.push(cell.named(at..at + length, KnownBy::Part));
        }
    }
    if let [first, others @ ..] = found.as_slice()
        && text.contains('/')
    {
        // `DiskSlow` of `DiskFull/Slow`.
        let spelled_out = |part: &NamedAlert| {
            let fronts = humps(&first.name).map(|end| &first.name[..end]);
            let names = fronts.map(|front| format!("{front}{}", part.name));
            let of_rule = |name| NamedAlert { name, known_by: KnownBy::Rule, ..part.clone() };
            names.map(of_rule).collect::<Vec<_>>()
        };
        let endings = others.iter().filter(|other| !is_shaped(&other.name));
        let more: Vec<NamedAlert> = endings.flat_map(spelled_out).collect();
        found.extend(more);
    }
    found
}

/// What a character is to the names within a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A part of one.
    Own,
    /// A part of a word of a script that has no blanks between words.
    Unspaced,
    /// Parts them.
    Mark,
}

impl Piece {
    fn of(character: char) -> Self {
        match character {
            '_' | '-' | '.' => Self::Own,
            _ if !character.is_alphanumeric() => Self::Mark,
            // A letter of another script, as in `DískFull`, is a slip.
            _ if is_unspaced(character) => Self::Unspaced,
            _ => Self::Own,
        }
    }
}

/// Whether a character is one of a script that has no blanks between words: of Thai, or of those behind
/// it, Chinese and Japanese among others.
pub fn is_unspaced(character: char) -> bool {
    const FIRST: char = '\u{e00}';
    character >= FIRST && character.is_alphanumeric()
}

/// Where the words of a name begin, but for the first: 4 in `DiskFull`.
fn humps(name: &str) -> impl Iterator<Item = usize> {
    const MOST: usize = 8;
    let starts = name.char_indices().skip(1).filter(|(_, it)| it.is_uppercase());
    starts.map(|(at, _)| at).take(MOST)
}

/// The parts of code between commas, semicolons and conjunctions, trimmed; none of them empty.
pub(super) fn parts_of_code(text: &str, code: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut add = |range: Range<usize>| {
        let range = trimmed(text, range);
        if !range.is_empty() {
            parts.push(range);
        }
    };
    let (mut start, mut word) = (code.start, code.start);
    // How many brackets are open: what stands within is one thing.
    let mut depth = 0_usize;
    for (at, character) in text[code.clone()].char_indices().map(|(at, it)| (code.start + at, it)) {
        match character {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ',' | ';' => {
                add(start..at);
                (start, word) = (at + 1, at + 1);
            }
            _ if character.is_whitespace() => {
                if is_conjunction(&text[word..at]) {
                    add(start..word);
                    start = at;
                }
                word = at + character.len_utf8();
            }
            _ => {}
        }
    }
    add(start..code.end);
    parts
}
