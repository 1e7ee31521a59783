//! Texts as JSON has them.
//!
//! Scripts hold all that a site says, and a site says little that needs an escape: so what is between is
//! looked for many bytes at once, and copied in one piece. The same bytes as `serde_json`'s, which looks at
//! each by itself.

use super::escape::{Special, first, special};

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
const ESCAPED: Special = {
    let mut escaped = special(b"\"\\");
    let mut control = 0;
    while control < 0x20 {
        escaped[control] = true;
        control += 1;
    }
    escaped
};

/// Appends a text in its quotes.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "many bytes are compared at once without branches"
)]
pub(super) fn push_text(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    let bytes = text.as_bytes();
    let mut kept = 0;
    while let Some(plain) =
        first(&bytes[kept..], &ESCAPED, |byte| (byte == b'"') | (byte == b'\\') | (byte < 0x20))
    {
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

/// Appends a list of texts.
pub(super) fn push_texts<'t>(json: &mut Vec<u8>, texts: impl IntoIterator<Item = &'t str>) {
    json.push(b'[');
    for (index, text) in texts.into_iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        push_text(json, text);
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
