//! Addresses without any marks around them: readers want them to be links, though kramdown makes
//! none.

use super::{Reader, Run};
use crate::markdown::document::{Inline, InlineKind, Target};

impl Reader<'_> {
    /// The address whose `://` stands at a place.
    pub(super) fn bare_url(&mut self, at: usize, end: usize, run: &mut Run) -> Option<usize> {
        let text = self.text.as_str();
        let plain = &text[run.plain..at];
        let scheme = ["https", "http"].into_iter().find(|scheme| plain.ends_with(scheme))?;
        let start = at - scheme.len();
        if text[..start].ends_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let length = address_length(&text[at + 3..end])?;
        let behind = at + 3 + length;
        self.flush(run, start);
        let url = text[start..behind].to_owned();
        let range = self.text.place(start..behind);
        let content = vec![Inline::new(range.clone(), InlineKind::Text(url.clone()))];
        let target = Box::new(Target { url, title: String::new(), range });
        self.add(run, InlineKind::Link { target, content, bare: true }, start..behind);
        Some(behind)
    }
}

/// How many bytes of what stands behind a scheme are an address. Punctuation at its end is not, nor
/// is a bracket that it does not open. An address with a hole in it, `https://<host>/`, leads
/// nowhere.
fn address_length(text: &str) -> Option<usize> {
    if !text.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let end =
        text.find(|c: char| c.is_whitespace() || "<>\"`|\\^{}".contains(c)).unwrap_or(text.len());
    let next = text[end..].chars().next();
    if end > super::LONGEST {
        return None;
    }
    if matches!(next, Some('<'))
        && !text[end..].starts_with("<br")
        && !text[end..].starts_with("</")
    {
        return None;
    }
    if matches!(next, Some('{' | '}')) {
        return None;
    }
    let mut address = &text[..end];
    loop {
        let shorter = address.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~']);
        let closes_more = |open: char, close: char| {
            shorter.ends_with(close)
                && shorter.matches(close).count() > shorter.matches(open).count()
        };
        let shorter = if closes_more('(', ')') || closes_more('[', ']') {
            &shorter[..shorter.len() - 1]
        } else {
            shorter
        };
        if shorter.len() == address.len() {
            break;
        }
        address = shorter;
    }
    (!address.is_empty()).then_some(address.len())
}

#[cfg(test)]
mod tests {
    use super::address_length;

    #[test]
    fn an_address_ends_before_the_punctuation_of_its_sentence() {
        for (text, expected) in [
            ("a.example/b, and", Some("a.example/b")),
            ("a.example/b).", Some("a.example/b")),
            ("a.example/b_(c) d", Some("a.example/b_(c)")),
            ("a.example/b?c=d&e=f#g.", Some("a.example/b?c=d&e=f#g")),
            ("<host>/b", None),
            ("a.example/<id>/b", None),
            ("a.example/{Region}", None),
            ("", None),
        ] {
            assert_eq!(address_length(text).map(|length| &text[..length]), expected, "{text}");
        }
    }
}
