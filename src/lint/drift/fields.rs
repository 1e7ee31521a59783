//! Fields that stand on one line: `Severity: warning | For: 10m · Team: storage`.

use crate::markdown::{Inline, InlineKind};
use smallvec::SmallVec;
use std::ops::Range;

/// Marks that part fields on a line.
const MARKS: [char; 3] = ['|', '·', '•'];

/// The bytes of the fields of a line; the whole line unless each of its parts has a key.
pub fn fields(line: &str) -> SmallVec<[Range<usize>; 1]> {
    let mut found = SmallVec::new();
    // Most lines have no mark, and none of the bytes with which one begins.
    let may_have_mark = memchr::memchr3(b'|', 0xc2, 0xe2, line.as_bytes()).is_some();
    if !may_have_mark || !line.contains(MARKS) {
        found.push(0..line.len());
        return found;
    }
    let mut start = 0;
    for part in line.split(MARKS) {
        let end = start + part.len();
        found.push(start..end);
        start = end + line[end..].chars().next().map_or(0, char::len_utf8);
    }
    if !found.iter().all(|field| line[field.clone()].contains(':')) {
        found.clear();
        found.push(0..line.len());
    }
    found
}

/// No key of a field has more bytes.
const LONGEST_KEY: usize = 24;

/// What stands before the colon of a field.
pub fn key_of(line: &str) -> Option<&str> {
    let front = &line.as_bytes()[..line.len().min(LONGEST_KEY + 1)];
    let key = &line[..memchr::memchr(b':', front)?];
    (!key.contains('\n')).then_some(key)
}

/// Whether a text surely begins with no key: what it begins with is read as it stands, and is too long for
/// one if it has no colon there.
pub fn is_without_key(content: &[Inline]) -> bool {
    match content.first().map(|first| &first.kind) {
        Some(InlineKind::Text(front)) => front.len() > LONGEST_KEY && key_of(front).is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_key_is_a_field() {
        for (line, expected) in [
            ("Severity: warning", vec!["Severity: warning"]),
            ("For: 20m · Severity: low", vec!["For: 20m ", " Severity: low"]),
            ("a: 1|b: 2 • c: 3", vec!["a: 1", "b: 2 ", " c: 3"]),
            ("Severity: low | high", vec!["Severity: low | high"]),
            ("", vec![""]),
        ] {
            let found: Vec<&str> = fields(line).into_iter().map(|range| &line[range]).collect();
            assert_eq!(found, expected);
        }
    }
}
