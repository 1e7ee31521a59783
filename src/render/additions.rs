//! What alertbook puts among an author's text.
//!
//! An author's raw HTML goes through an allow-list; what alertbook adds (tools, cards, badges,
//! anchors) must neither be touched by it nor be forged by an author. So while a part of a page with raw
//! HTML is made clean, there is only a mark in the place of each addition.

use super::escape::{MARK_CLOSE, MARK_OPEN};
use memchr::memchr;
use std::borrow::Cow;
use std::ops::Range;

/// The first byte of [`MARK_OPEN`], which no letter has but as its first.
const FIRST_OF_MARK: u8 = 0xEF;

/// The additions of a page, as bytes of its HTML, in order.
#[derive(Debug, Default)]
pub struct Additions(Vec<Range<usize>>);

impl Additions {
    /// Takes what is appended to `html` now for an addition.
    pub fn add(&mut self, html: &mut String, append: impl FnOnce(&mut String)) {
        let start = html.len();
        append(html);
        self.0.push(start..html.len());
    }

    /// Where the last of them ends, or the page begins.
    pub fn end(&self) -> usize {
        self.0.last().map_or(0, |last| last.end)
    }

    /// A part of a page with a mark in the place of each of its additions.
    pub fn marked(&self, html: &str, part: Range<usize>) -> String {
        let mut marked = String::with_capacity(part.len());
        let mut kept = part.start;
        let first = self.0.partition_point(|addition| addition.end <= part.start);
        for (number, addition) in self.0.iter().enumerate().skip(first) {
            if addition.start >= part.end {
                break;
            }
            marked.push_str(&html[kept..addition.start]);
            marked.push(MARK_OPEN);
            marked.push_str(itoa::Buffer::new().format(number));
            marked.push(MARK_CLOSE);
            kept = addition.end;
        }
        marked.push_str(&html[kept..part.end]);
        marked
    }

    /// Appends a part that had marks in it, with each addition of the page in its place. Marks that stand
    /// for nothing are dropped.
    pub fn put_in(&self, whole: &mut String, part: &str, html: &str) {
        let (mut kept, mut at) = (0, 0);
        while let Some(mark) = memchr(FIRST_OF_MARK, &part.as_bytes()[at..]) {
            at += mark;
            let Some(behind) = part[at..].strip_prefix(MARK_OPEN) else {
                // Another letter that begins like that.
                at += 1;
                continue;
            };
            whole.push_str(&part[kept..at]);
            at = part.len() - behind.len();
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let (number, behind) = behind.split_at(digits);
            if let Some(behind) = behind.strip_prefix(MARK_CLOSE)
                && let Ok(index) = number.parse::<usize>()
            {
                whole.push_str(self.0.get(index).map_or("", |addition| &html[addition.clone()]));
                at = part.len() - behind.len();
            }
            kept = at;
        }
        whole.push_str(&part[kept..]);
    }
}

/// Raw HTML in which no character, written itself or as a number, pretends to be a mark: each that does is
/// shown as one that can't be read.
pub fn without_forged_marks(html: &str) -> Cow<'_, str> {
    if !html.contains([MARK_OPEN, MARK_CLOSE]) && !html.contains("&#") {
        return Cow::Borrowed(html);
    }
    let is_mark = |character: char| matches!(character, MARK_OPEN | MARK_CLOSE);
    let mut without = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(|character| is_mark(character) || character == '&') {
        let (before, here) = rest.split_at(at);
        without.push_str(before);
        let first = here.chars().next().map_or(0, char::len_utf8);
        rest = match numbered(here) {
            Some((Some(character), length)) if is_mark(character) => {
                without.push(char::REPLACEMENT_CHARACTER);
                &here[length..]
            }
            // Were it left out, what stands around it could be read as a number.
            _ if here.starts_with(is_mark) => {
                without.push(char::REPLACEMENT_CHARACTER);
                &here[first..]
            }
            _ => {
                without.push_str(&here[..first]);
                &here[first..]
            }
        };
    }
    Cow::Owned(without + rest)
}

/// The character whose number a text begins with, `&#xF8F0;`, and how long that is. Browsers do without
/// the semicolon (<https://html.spec.whatwg.org/#numeric-character-reference-state>).
fn numbered(text: &str) -> Option<(Option<char>, usize)> {
    let number = text.strip_prefix("&#")?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let end = digits.find(|digit: char| !digit.is_digit(radix)).unwrap_or(digits.len());
    let value = u32::from_str_radix(&digits[..end], radix).ok()?;
    let behind = digits[end..].strip_prefix(';').unwrap_or(&digits[end..]);
    Some((char::from_u32(value), text.len() - behind.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forged_marks_are_left_out() {
        for (text, left) in [
            ("<p title=\"\u{F8F0}0\u{F8F1}\">", "<p title=\"\u{fffd}0\u{fffd}\">"),
            ("a&#xF8F0;0&#63729;b", "a\u{fffd}0\u{fffd}b"),
            ("&#x000f8f0 1&#XF8F1", "\u{fffd} 1\u{fffd}"),
            ("&#xF8F2; &#160; &amp; &# &#x; &", "&#xF8F2; &#160; &amp; &# &#x; &"),
            ("&#99999999999; ü &#xD800;", "&#99999999999; ü &#xD800;"),
            ("&\u{F8F0}#xF8F0;", "&\u{fffd}#xF8F0;"),
        ] {
            assert_eq!(without_forged_marks(text), left, "{text:?}");
        }
    }

    #[test]
    fn additions_take_their_places() {
        let mut additions = Additions::default();
        let mut html = String::from("<p>a｡");
        additions.add(&mut html, |html| html.push_str("<b data-added>x</b>"));
        assert_eq!(additions.end(), html.len());
        let first = html.len();
        html.push_str("</p>");
        additions.add(&mut html, |html| html.push('!'));
        assert_eq!(html, "<p>a｡<b data-added>x</b></p>!");
        let marked = additions.marked(&html, 0..html.len());
        assert_eq!(marked, "<p>a｡\u{F8F0}0\u{F8F1}</p>\u{F8F0}1\u{F8F1}");
        assert_eq!(additions.marked(&html, first..html.len()), "</p>\u{F8F0}1\u{F8F1}");
        assert_eq!(additions.marked(&html, 0..3), "<p>");
        let mut whole = String::new();
        additions.put_in(&mut whole, &format!("{marked}\u{F8F0}7\u{F8F1}\u{F8F0}"), &html);
        assert_eq!(whole, html);
    }
}
