//! What alertbook puts among an author's text.
//!
//! An author's raw HTML goes through an allow-list; what alertbook adds (tools, cards, badges,
//! anchors) must neither be touched by it nor be forged by an author. So while a page is put
//! together, an addition is only a mark in its text, and takes its place when the page is clean.

use super::escape::{MARK_CLOSE, MARK_OPEN};
use memchr::memchr;

/// The first byte of [`MARK_OPEN`], which no letter has but as its first.
const FIRST_OF_MARK: u8 = 0xEF;

/// The additions of a page.
#[derive(Debug, Default)]
pub struct Additions(Vec<String>);

impl Additions {
    /// Puts an addition where `html` ends now.
    pub fn add(&mut self, html: &mut String, addition: String) {
        html.push(MARK_OPEN);
        html.push_str(itoa::Buffer::new().format(self.0.len()));
        html.push(MARK_CLOSE);
        self.0.push(addition);
    }

    /// The page with every addition in its place. Marks that stand for nothing are dropped.
    pub fn put_in(&self, html: &str) -> String {
        let length = self.0.iter().map(String::len).sum::<usize>();
        let mut whole = String::with_capacity(html.len() + length);
        let (mut kept, mut at) = (0, 0);
        while let Some(mark) = memchr(FIRST_OF_MARK, &html.as_bytes()[at..]) {
            at += mark;
            let Some(behind) = html[at..].strip_prefix(MARK_OPEN) else {
                // Another letter that begins like that.
                at += 1;
                continue;
            };
            whole.push_str(&html[kept..at]);
            at = html.len() - behind.len();
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let (number, behind) = behind.split_at(digits);
            if let Some(behind) = behind.strip_prefix(MARK_CLOSE)
                && let Ok(index) = number.parse::<usize>()
            {
                whole.push_str(self.0.get(index).map_or("", String::as_str));
                at = html.len() - behind.len();
            }
            kept = at;
        }
        whole.push_str(&html[kept..]);
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_take_their_places() {
        let mut additions = Additions::default();
        let mut html = String::from("<p>a｡");
        additions.add(&mut html, "<b data-added>x</b>".to_owned());
        html.push_str("</p>\u{F8F0}7\u{F8F1}\u{F8F0}");
        additions.add(&mut html, "!".to_owned());
        assert_eq!(additions.put_in(&html), "<p>a｡<b data-added>x</b></p>!");
    }
}
