//! Texts as JSON has them.
//!
//! Scripts hold all that a site says, and a site says little that needs an escape: so what is between is
//! looked for many bytes at once, and copied in one piece. The same bytes as `serde_json`'s, which looks at
//! each by itself.

use crate::source::Special;

/// How a byte is written that has a short escape: `\n`.
const SHORT: [u8; 256] = {
    let mut short = [0; 256];
    short[b'"' as usize] = b'"';
    short[b'\\' as usize] = b'\\';
    short[0x08] = b'b';
    short[b'\t' as usize] = b't';
    short[b'\n' as usize] = b'n';
    short[0x0C] = b'f';
    short[b'\r' as usize] = b'r';
    short
};

/// What no text has as it is.
struct Escaped;

impl Special for Escaped {
    const BYTES: &'static [u8] = b"\"\\";
    const FLOOR: u8 = 0x20;
}

/// Appends a text in its quotes.
pub(super) fn push_text(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    let bytes = text.as_bytes();
    let mut kept = 0;
    while let Some(plain) = Escaped::first_in(&bytes[kept..]) {
        let at = kept + plain;
        json.extend_from_slice(&bytes[kept..at]);
        match SHORT[usize::from(bytes[at])] {
            0 => json.extend(format!("\\u{:04x}", bytes[at]).as_bytes()),
            short => json.extend_from_slice(&[b'\\', short]),
        }
        kept = at + 1;
    }
    json.extend_from_slice(&bytes[kept..]);
    json.push(b'"');
}

/// Appends a number.
pub(super) fn push_number(json: &mut Vec<u8>, number: impl itoa::Integer) {
    json.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a list of texts.
pub(super) fn push_texts<'t>(json: &mut Vec<u8>, texts: impl IntoIterator<Item = &'t str>) {
    push_list(json, "", texts, push_text);
}

/// Appends a list, each entry with `push`. `apart` stands before each of them: nothing, or the line break
/// and the spaces of a file that people read as well, in which the end of the list has two spaces less.
pub(super) fn push_list<T>(
    json: &mut Vec<u8>,
    apart: &str,
    list: impl IntoIterator<Item = T>,
    mut push: impl FnMut(&mut Vec<u8>, T),
) {
    json.push(b'[');
    let mut is_empty = true;
    for entry in list {
        if !is_empty {
            json.push(b',');
        }
        is_empty = false;
        json.extend_from_slice(apart.as_bytes());
        push(json, entry);
    }
    if !is_empty {
        json.extend_from_slice(apart.strip_suffix("  ").unwrap_or(apart).as_bytes());
    }
    json.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_written_as_by_others(
            texts in proptest::collection::vec("([ -~]|[\"\\\\\n\u{0}-\u{1f}\u{7f}é\u{2028}]){0,50}", 0..4),
        ) {
            let mut json = Vec::new();
            push_texts(&mut json, texts.iter().map(String::as_str));
            prop_assert_eq!(json, serde_json::to_vec(&texts).unwrap());
        }
    }
}
