//! Addresses without any marks around them: readers want them to be links, though kramdown makes
//! none.

use super::entity::entity_at;
use super::{LONGEST, Reader, Run};
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
        let near = super::boundary(text, end, at);
        // Of addresses that stand in each other, each is looked at up to where none ends.
        self.budget.checked_sub(1)?;
        let found = address(&text[at + 3..near]);
        let seen = found.as_ref().map_or(near - at, |(_, length)| *length);
        self.budget = self.budget.saturating_sub(seen);
        let (address, length) = found?;
        let behind = at + 3 + length;
        self.flush(run, start);
        let url = format!("{}{address}", &text[start..at + 3]);
        let range = self.text.place(start..behind);
        let content = [Inline::new(range.clone(), InlineKind::Text(url.clone()))];
        let target = Box::new(Target { url, title: String::new(), range });
        self.add(
            run,
            InlineKind::Link { target, content: content.into(), bare: true },
            start..behind,
        );
        Some(behind)
    }
}

/// The address that stands behind a scheme, entities and escapes as what they stand for, and how many
/// bytes it is written in. Punctuation at its end is no part of it, nor is a bracket that it does not
/// open. An address with a hole in it, `https://<host>/`, leads nowhere.
fn address(text: &str) -> Option<(String, usize)> {
    if !text.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let mut address = String::new();
    // Up to where in both what is written stands for something else.
    let mut replaced = vec![(0, 0)];
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if at > LONGEST {
            return None;
        }
        let rest = &text[at..];
        let entity = if character == '&' { entity_at(rest) } else { None };
        let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
        let shown = entity.as_ref().and_then(|(shown, _)| shown.chars().next());
        match shown.filter(|_| at > 0) {
            Some('{' | '}') => return None,
            Some('<') if is_escaped_hole(rest) => return None,
            _ => {}
        }
        match (&entity, escaped) {
            (Some((shown, length)), _) if !shown.contains(ends_address) => {
                address.push_str(shown);
                at += length;
                replaced.push((address.len(), at));
            }
            (_, Some(mark)) if "._*+()[]#!:'$=-~".contains(mark) => {
                address.push(mark);
                at += 2;
                replaced.push((address.len(), at));
            }
            (None, _) if !ends_address(character) => {
                address.push(character);
                at += character.len_utf8();
            }
            _ => break,
        }
    }
    let rest = &text[at..];
    let has_hole = rest.starts_with('<') && !rest.starts_with("<br") && !rest.starts_with("</");
    if has_hole || rest.starts_with(['{', '}']) {
        return None;
    }
    address.truncate(without_punctuation(&address).len());
    let index = replaced.partition_point(|(shown, _)| *shown <= address.len()) - 1;
    let (shown, written) = replaced[index];
    let length = written + address.len() - shown;
    (!address.is_empty()).then_some((address, length))
}

/// Whether a text begins with words between angle brackets that are written as entities, as in
/// `https://&lt;host&gt;/`.
fn is_escaped_hole(text: &str) -> bool {
    let inner = entity_at(text).map_or(text, |(_, length)| &text[length..]);
    let words = inner.split(['&', '>', '<', '\n']).next().unwrap_or_default();
    let is_closed = inner[words.len()..].starts_with('>')
        || entity_at(&inner[words.len()..]).is_some_and(|(shown, _)| shown == ">");
    is_closed && words.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Whether a character is none of an address.
fn ends_address(character: char) -> bool {
    character.is_whitespace() || "<>\"`|\\^{}".contains(character)
}

/// An address without the punctuation of its sentence at its end.
fn without_punctuation(address: &str) -> &str {
    let mut address = address;
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
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::address;

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
            let found = address(text).map(|(shown, length)| (shown, &text[..length]));
            let expected = expected.map(|address: &str| (address.to_owned(), address));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn entities_and_escapes_are_what_they_stand_for() {
        for (text, shown, written) in [
            ("a.example/?x=1&amp;y=2 z", "a.example/?x=1&y=2", "a.example/?x=1&amp;y=2"),
            ("a.example/?x=1&y=2&zz;", "a.example/?x=1&y=2&zz", "a.example/?x=1&y=2&zz"),
            ("a.example/b\\_c, d", "a.example/b_c", "a.example/b\\_c"),
            ("a.example/b\\_ d", "a.example/b", "a.example/b"),
            ("a.example/b&quot; d", "a.example/b", "a.example/b"),
            ("a.example/b\\\nc", "a.example/b", "a.example/b"),
            ("a.example/?q=3&lt;4 z", "a.example/?q=3", "a.example/?q=3"),
            ("a.example/b&lt;/url&gt;", "a.example/b", "a.example/b"),
        ] {
            assert_eq!(address(text), Some((shown.to_owned(), written.len())), "{text}");
        }
        assert_eq!(address("a.example/&lt;id&gt;/b"), None);
        assert_eq!(address("a.example/&#60;pod name>/b"), None);
    }
}
