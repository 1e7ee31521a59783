//! Text as HTML.

use crate::source::Special;
use serde::{Serialize, Serializer};
use std::io::{Error, Write};

/// Begins a mark: one that stands for an addition while an author's raw HTML is made clean (see
/// `additions`), or for a hole in what a template is filled in with (see `skeleton`).
pub const MARK_OPEN: char = '\u{F8F0}';
/// Ends such a mark.
pub const MARK_CLOSE: char = '\u{F8F1}';

/// What no text of an element or an attribute has as it is. The last is the first byte of both marks;
/// few texts have it at all.
struct OfTexts;

impl Special for OfTexts {
    const BYTES: &'static [u8] = &[b'&', b'<', b'>', b'"', 0xEF];
}

/// What the engine's texts don't have as they are.
struct OfTemplates;

impl Special for OfTemplates {
    const BYTES: &'static [u8] = b"&<>\"'";
}

/// Where the first byte of a text is that [`push_escaped`] may not leave as it is; its end, if it leaves all.
pub fn first_special(text: &str) -> usize {
    OfTexts::first_in(text.as_bytes()).unwrap_or(text.len())
}

/// Appends text as it reads in an element or in a quoted attribute. The characters that stand for
/// additions are left out, so that no text can pretend to be one.
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut kept, mut at) = (0, 0);
    while let Some(plain) = OfTexts::first_in(&bytes[at..]) {
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

/// HTML, which templates show as it is.
#[derive(Debug, Clone, Default)]
pub struct Html(pub String);

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tera::Value::safe_string(&self.0).serialize(serializer)
    }
}

/// What templates escape with: the same as the engine's own, which sets up more than the short texts
/// of a page are worth.
pub(super) fn write_escaped(text: &str, html: &mut dyn Write) -> Result<(), Error> {
    let plain = plain_to_templates(text);
    if plain == text.len() {
        return html.write_all(text.as_bytes());
    }
    // Whoever takes the pieces is asked once: that takes longer than to put them together.
    let mut escaped = String::with_capacity(text.len() + 64);
    push_from(&mut escaped, text, plain);
    html.write_all(escaped.as_bytes())
}

/// Appends text as templates escape it, where what they would show is put together without them.
pub(super) fn push_as_templates_do(html: &mut String, text: &str) {
    push_from(html, text, plain_to_templates(text));
}

/// How many bytes of a text come before the first that templates escape.
pub(super) fn plain_to_templates(text: &str) -> usize {
    OfTemplates::first_in(text.as_bytes()).unwrap_or(text.len())
}

/// Appends text as templates escape it, of which so many bytes come before the first that they do.
pub(super) fn push_from(html: &mut String, mut text: &str, mut plain: usize) {
    loop {
        html.push_str(&text[..plain]);
        let Some(special) = text.as_bytes().get(plain) else { return };
        html.push_str(match special {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        text = &text[plain + 1..];
        plain = plain_to_templates(text);
    }
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
            prop_assert_eq!(&own, &engines);
            let mut pushed = String::new();
            push_as_templates_do(&mut pushed, &text);
            prop_assert_eq!(pushed.into_bytes(), engines);
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
