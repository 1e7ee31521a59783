//! Text as HTML.

/// Begins a mark that stands for an addition while a page's HTML is put together; see
/// `additions`.
pub const MARK_OPEN: char = '\u{F8F0}';
/// Ends such a mark.
pub const MARK_CLOSE: char = '\u{F8F1}';

/// Which bytes begin something that does not read as it is written: all text of a site is looked at.
const MAY_CHANGE: [bool; 256] = {
    let mut may_change = [false; 256];
    // The first byte of both marks; few texts have it at all.
    let bytes = [b'&', b'<', b'>', b'"', 0xEF];
    let mut at = 0;
    while at < bytes.len() {
        may_change[bytes[at] as usize] = true;
        at += 1;
    }
    may_change
};

/// Appends text as it reads in an element or in a quoted attribute. The characters that stand for
/// additions are left out, so that no text can pretend to be one.
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut kept, mut at) = (0, 0);
    while let Some(plain) = bytes[at..].iter().position(|byte| MAY_CHANGE[usize::from(*byte)]) {
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

    #[test]
    fn marks_and_special_characters_do_not_get_through() {
        assert_eq!(
            escaped("a<b> & \"c\" é\u{F8F0}1\u{F8F1}!"),
            "a&lt;b&gt; &amp; &quot;c&quot; é1!"
        );
    }
}
