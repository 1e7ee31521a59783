//! Text as HTML.

/// Begins a mark that stands for an addition while a page's HTML is put together; see
/// `additions`.
pub const MARK_OPEN: char = '\u{F8F0}';
/// Ends such a mark.
pub const MARK_CLOSE: char = '\u{F8F1}';

/// Appends text as it reads in an element or in a quoted attribute. The characters that stand for
/// additions are left out, so that no text can pretend to be one.
pub fn push_escaped(html: &mut String, text: &str) {
    let mut kept = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (replacement, width) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            // The first byte of both marks; few texts have it at all.
            0xEF if text[at..].starts_with([MARK_OPEN, MARK_CLOSE]) => ("", 3),
            _ => continue,
        };
        html.push_str(&text[kept..at]);
        html.push_str(replacement);
        kept = at + width;
    }
    html.push_str(&text[kept..]);
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

    #[test]
    fn marks_and_special_characters_do_not_get_through() {
        assert_eq!(
            escaped("a<b> & \"c\" é\u{F8F0}1\u{F8F1}!"),
            "a&lt;b&gt; &amp; &quot;c&quot; é1!"
        );
    }
}
