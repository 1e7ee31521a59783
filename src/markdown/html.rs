//! The tags in a piece of raw HTML, with their places: enough to find links, images and anchors.
//!
//! Follows the tag states of the HTML standard's tokenizer (13.2.5) as far as attributes go. This
//! is for reading only; what reaches a page goes through an allow-list first.

use std::ops::Range;

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'t> {
    /// Its name as written.
    pub name: &'t str,
    /// Its attributes in order: name as written, value (entities not decoded), and the bytes of the
    /// value in the text.
    pub attributes: Vec<(&'t str, &'t str, Range<usize>)>,
}

impl<'t> Tag<'t> {
    /// Whether the tag has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute and its bytes.
    pub fn attribute(&self, name: &str) -> Option<(&'t str, Range<usize>)> {
        let (_, value, range) =
            self.attributes.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        Some((value, range.clone()))
    }
}

/// The opening tags of a text, in order; comments and closing tags are passed over.
pub fn opening_tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('<') {
        at += open + 1;
        if text[at..].starts_with("!--") {
            match text[at..].find("-->") {
                Some(end) => at += end + 3,
                None => break,
            }
        } else if text[at..].starts_with(|first: char| first.is_ascii_alphabetic()) {
            let (tag, end) = tag(text, at);
            tags.push(tag);
            at = end;
        }
    }
    tags
}

/// The tag whose name begins at `start`, and where it ends.
fn tag(text: &str, start: usize) -> (Tag<'_>, usize) {
    let name_end = find(text, start, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    let mut tag = Tag { name: &text[start..name_end], attributes: Vec::new() };
    let mut at = name_end;
    loop {
        at = find(text, at, |c| !c.is_ascii_whitespace() && c != '/');
        match text[at..].chars().next() {
            None => return (tag, at),
            Some('>') => return (tag, at + 1),
            Some(_) => {}
        }
        // A name may begin with `=`, as the standard has it; so at least one character is read.
        let first = text[at..].chars().next().map_or(1, char::len_utf8);
        let end =
            find(text, at + first, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='));
        let name = &text[at..end];
        let equals = find(text, end, |c| !c.is_ascii_whitespace());
        if !text[equals..].starts_with('=') {
            tag.attributes.push((name, "", end..end));
            at = end;
            continue;
        }
        let value = find(text, equals + 1, |c| !c.is_ascii_whitespace());
        let range = match text[value..].chars().next() {
            Some(quote @ ('"' | '\'')) => value + 1..find(text, value + 1, |c| c == quote),
            _ => value..find(text, value, |c| c.is_ascii_whitespace() || c == '>'),
        };
        at = range.end + usize::from(text[range.end..].starts_with(['"', '\'']));
        tag.attributes.push((name, &text[range.clone()], range));
    }
}

/// The place of the first character from `from` on that is wanted, or the end.
fn find(text: &str, from: usize, wanted: impl Fn(char) -> bool) -> usize {
    let from = from.min(text.len());
    text[from..].find(wanted).map_or(text.len(), |offset| from + offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_tags_and_attributes() {
        let text = "<a href=\"images/x.png\">\n<img SRC='y.png' alt=z style=\"width: 4px\"/></a><!-- <b> --><br>";
        let tags = opening_tags(text);
        assert_eq!(tags.iter().map(|tag| tag.name).collect::<Vec<_>>(), ["a", "img", "br"]);
        let (value, range) = tags[0].attribute("href").unwrap();
        assert_eq!(value, "images/x.png");
        assert_eq!(&text[range], value);
        assert_eq!(tags[1].attribute("src").unwrap().0, "y.png");
        assert_eq!(tags[1].attribute("alt").unwrap().0, "z");
    }

    proptest! {
        #[test]
        fn values_slice_back(text in "[<>a-c =\"'/!é-]{0,40}") {
            for tag in opening_tags(&text) {
                for (_, value, range) in tag.attributes {
                    prop_assert_eq!(value, &text[range]);
                }
            }
        }
    }
}
