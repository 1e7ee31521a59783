//! Entities and escapes.

use super::{Reader, Run};
use crate::source::MappedText;
use markup5ever::data::NAMED_ENTITIES;
use std::borrow::Cow;

/// The longest entity that is looked for, in bytes.
const LONGEST: usize = 40;

impl Reader<'_> {
    /// `&amp;`; an entity that nobody knows is text.
    pub(super) fn entity(&mut self, at: usize, end: usize, run: &mut Run) -> usize {
        self.flush(run, at);
        if let Some((character, length)) = entity_at(&self.text.as_str()[at..end]) {
            self.add_text(run, &character, at..at + length);
            return at + length;
        }
        self.add_text(run, "&", at..at + 1);
        at + 1
    }

    /// `\*`; a backslash before anything that is no mark is text.
    pub(super) fn escape(&mut self, at: usize, end: usize, run: &mut Run) -> usize {
        let text = self.text.as_str();
        let rest = &text[at + 1..end];
        // Two of them end a line to be seen, and so does one.
        if rest.starts_with('\n') || rest.starts_with("\\\n") {
            self.flush(run, at);
            return self.hard_break(at, if rest.starts_with('\n') { 1 } else { 2 }, run);
        }
        for symbol in ["<<", ">>"] {
            if rest.starts_with(symbol) {
                self.flush(run, at);
                self.add_text(run, symbol, at..at + 3);
                return at + 3;
            }
        }
        let escaped = rest.chars().next().filter(|c| "\\.*_+`<>()[]{}#!:|\"'$=-~".contains(*c));
        self.flush(run, at);
        if escaped.is_some() {
            self.add_text(run, &rest[..1], at..at + 2);
            return at + 2;
        }
        self.add_text(run, "\\", at..at + 1);
        at + 1
    }

    fn hard_break(&mut self, at: usize, width: usize, run: &mut Run) -> usize {
        run.plain = at;
        let newline = at + width;
        let behind = self.line_break(newline, run);
        run.plain = behind;
        behind
    }
}

/// The text that the entity at the front of a text stands for, and its length.
pub fn entity_at(text: &str) -> Option<(String, usize)> {
    let window = text.get(1..).unwrap_or_default();
    let length = window.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &window[..length];
    let number = |digits: &str, radix: u32| {
        u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|c| *c != '\0')
    };
    let found = match name.strip_prefix('#') {
        Some(hexadecimal) if hexadecimal.starts_with(['x', 'X']) => {
            number(&hexadecimal[1..], 16)?.to_string()
        }
        Some(decimal) => number(decimal, 10)?.to_string(),
        None => {
            let (first, second) = NAMED_ENTITIES.get(&window[..=length])?;
            let characters = [*first, *second].into_iter().filter(|code| *code != 0);
            characters.filter_map(char::from_u32).collect()
        }
    };
    (!found.is_empty()).then_some((found, length + 2))
}

/// A text with its entities as what they stand for.
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        decoded.push_str(before);
        rest = behind;
        match entity_at(&text[text.len() - behind.len() - 1..]) {
            Some((character, length)) => {
                decoded.push_str(&character);
                rest = &behind[length - 1..];
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// A text that stands in the source at a place, with its entities as what they stand for.
pub fn decoded_at(text: &str, start: usize) -> MappedText {
    let mut decoded = MappedText::new();
    let mut done = 0;
    for (at, _) in text.match_indices('&') {
        if at >= done
            && let Some((shown, length)) = entity_at(&text[at..])
        {
            decoded.push_verbatim(&text[done..at], start + done);
            decoded.push_replaced(&shown, start + at..start + at + length);
            done = at + length;
        }
    }
    decoded.push_verbatim(&text[done..], start + done);
    decoded
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn entities_stand_for_characters() {
        assert_eq!(decoded("a &amp; b &lt;&#65;&#x42;&nbsp;"), "a & b <AB\u{a0}");
        assert_eq!(decoded("&unheard; & &#0; a=1&b=2;"), "&unheard; & &#0; a=1&b=2;");
    }
}
