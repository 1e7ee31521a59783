//! Text as HTML.

use std::io::{Error, Write};

/// Begins a mark that stands for an addition while a page's HTML is put together; see
/// `additions`.
pub const MARK_OPEN: char = '\u{F8F0}';
/// Ends such a mark.
pub const MARK_CLOSE: char = '\u{F8F1}';

/// Which bytes are looked for in a text, by their numbers.
pub(super) type Special = [bool; 256];

/// What [`first`] is to find.
pub(super) const fn special(bytes: &[u8]) -> Special {
    let mut special = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
}

/// Where the first byte stands that is special, for which `is_special` says the same of each byte as
/// the list does.
///
/// All texts of a site are looked through, most of them with nothing to find: so sixteen bytes are asked
/// about together, which compilers make of few instructions where `is_special` is made of comparisons
/// without a branch between them. Of a few bytes the list is faster to ask.
#[inline]
pub(super) fn first(
    bytes: &[u8],
    special: &Special,
    is_special: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<16>();
    let is_plain =
        |chunk: &&[u8; 16]| !chunk.iter().fold(false, |any, byte| any | is_special(*byte));
    let plain = 16 * chunks.iter().take_while(is_plain).count();
    bytes[plain..].iter().position(|byte| special[usize::from(*byte)]).map(|at| plain + at)
}

/// What no text of an element or an attribute has as it is. The last is the first byte of both marks;
/// few texts have it at all.
const OF_TEXTS: Special = special(&[b'&', b'<', b'>', b'"', 0xEF]);

/// What the engine's texts don't have as they are.
const OF_TEMPLATES: Special = special(b"&<>\"'");

/// Appends text as it reads in an element or in a quoted attribute. The characters that stand for
/// additions are left out, so that no text can pretend to be one.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "many bytes are compared at once without branches"
)]
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut kept, mut at) = (0, 0);
    while let Some(plain) = first(&bytes[at..], &OF_TEXTS, |byte| {
        (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0xEF)
    }) {
        at += plain;
        let (replacement, width) = match bytes[at] {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            _ if text[at..].starts_with([MARK_OPEN, MARK_CLOSE]) => ("", 3),
            _ => {
                at += 1;
                continue;
            }
        };
        html.push_str(&text[kept..at]);
        html.push_str(replacement);
        at += width;
        kept = at;
    }
    html.push_str(&text[kept..]);
}

/// What templates escape with: the same as the engine's own, which sets up more than the short texts
/// of a page are worth.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "many bytes are compared at once without branches"
)]
pub(super) fn write_escaped(text: &str, html: &mut dyn Write) -> Result<(), Error> {
    let mut rest = text.as_bytes();
    while let Some(plain) = first(rest, &OF_TEMPLATES, |byte| {
        (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\'')
    }) {
        html.write_all(&rest[..plain])?;
        html.write_all(match rest[plain] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&quot;",
            _ => b"&#39;",
        })?;
        rest = &rest[plain + 1..];
    }
    html.write_all(rest)
}

/// Appends HTML that is there in parts. All that is made of a site is put together of such, for which
/// the machinery of formats is slow.
pub fn push(html: &mut String, parts: &[&str]) {
    for part in parts {
        html.push_str(part);
    }
}

/// Text as it reads in an element or in a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 8);
    push_escaped(&mut html, text);
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn templates_escape_as_the_engine_does(text in "([ -~]|[&<>\"'é\n]){0,60}") {
            let (mut own, mut engines) = (Vec::new(), Vec::new());
            write_escaped(&text, &mut own).unwrap();
            tera::escape_html(&text, &mut engines).unwrap();
            prop_assert_eq!(own, engines);
        }

        #[test]
        fn what_is_special_is_found_wherever_it_stands(text in "[a-c]{0,70}") {
            let is_special = |byte| byte == b'c';
            let found = first(text.as_bytes(), &special(b"c"), is_special);
            prop_assert_eq!(found, text.bytes().position(is_special));
        }
    }

    #[test]
    fn marks_and_special_characters_do_not_get_through() {
        assert_eq!(
            escaped("a<b> & \"c\" é\u{F8F0}1\u{F8F1}!"),
            "a&lt;b&gt; &amp; &quot;c&quot; é1!"
        );
    }
}
