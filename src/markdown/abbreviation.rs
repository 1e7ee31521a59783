//! Abbreviations: words of a text that have an explanation, `*[HTML]: Hypertext Markup Language`.
//!
//! After `kramdown/parser/kramdown/abbreviation.rb` of kramdown 2.4: only whole words count, and of
//! two that begin alike the longer one.

use super::document::{Abbreviation, Inline, InlineKind};

/// Marks the abbreviations in a run of text.
pub fn mark(content: &mut Vec<Inline>, abbreviations: &[(String, String)]) {
    if abbreviations.is_empty() {
        return;
    }
    let mut marked = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        match &mut inline.kind {
            InlineKind::Text(text) => split(text, &inline.range, abbreviations, &mut marked),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strikethrough(inner) => {
                mark(inner, abbreviations);
                marked.push(inline);
            }
            InlineKind::Link { content, .. } => {
                let mut inner = std::mem::take(content).into_vec();
                mark(&mut inner, abbreviations);
                *content = inner.into();
                marked.push(inline);
            }
            _ => marked.push(inline),
        }
    }
    *content = marked;
}

/// Adds a text piece by piece.
fn split(
    text: &str,
    range: &std::ops::Range<usize>,
    abbreviations: &[(String, String)],
    marked: &mut Vec<Inline>,
) {
    let mut plain = 0;
    let mut at = 0;
    // Within text that stands as it does in the source, places are exact; else they are those of
    // all of it.
    let is_exact = range.len() == text.len();
    let place = |from: usize, to: usize| {
        if is_exact { range.start + from..range.start + to } else { range.clone() }
    };
    while at < text.len() {
        let found = abbreviations
            .iter()
            .filter(|(short, _)| text[at..].starts_with(short.as_str()))
            .max_by_key(|(short, _)| short.len())
            .filter(|(short, _)| {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                !text[..at].ends_with(is_word) && !text[at + short.len()..].starts_with(is_word)
            });
        match found {
            Some((short, long)) => {
                if plain < at {
                    let kind = InlineKind::Text(text[plain..at].to_owned());
                    marked.push(Inline::new(place(plain, at), kind));
                }
                let behind = at + short.len();
                let abbreviation = Abbreviation { text: short.clone(), title: long.clone() };
                let kind = InlineKind::Abbreviation(Box::new(abbreviation));
                marked.push(Inline::new(place(at, behind), kind));
                at = behind;
                plain = behind;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < text.len() {
        let kind = InlineKind::Text(text[plain..].to_owned());
        marked.push(Inline::new(place(plain, text.len()), kind));
    }
}
