//! Typographic quotes, dashes and the like.
//!
//! The rules for quotes are those of `kramdown/parser/kramdown/smart_quotes.rb`, one by one.

use super::{Reader, Run};
use crate::markdown::document::InlineKind;

impl Reader<'_> {
    /// A quote, `"` or `'`.
    pub(super) fn quote(&mut self, at: usize, _end: usize, run: &mut Run) -> usize {
        let text = self.text.as_str();
        // What was read as something else can't be looked back at, but a line break can.
        let before = if run.plain < at {
            text[..at].chars().next_back()
        } else {
            let after_break = matches!(
                run.inlines.last().map(|inline| &inline.kind),
                Some(InlineKind::SoftBreak | InlineKind::HardBreak)
            );
            after_break.then_some('\n')
        };
        self.flush(run, at);
        let (curled, length) = curled(before, &text[at..]);
        self.add_text(run, curled, at..at + length);
        at + length
    }

    /// `--`, `---`, `...`, `>>`
    pub(super) fn symbol(&mut self, at: usize, end: usize, run: &mut Run) -> Option<usize> {
        let text = self.text.as_str();
        let rest = &text[at..end];
        let (symbol, length) = if rest.starts_with("---") {
            ("—", 3)
        } else if let Some(behind) = rest.strip_prefix("--") {
            // The option of a command stays one.
            let is_apart = text[..at].ends_with(|c: char| c.is_whitespace()) || at == 0;
            if is_apart
                && !self.as_kramdown
                && behind.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                self.flush(run, at);
                self.add_text(run, "--", at..at + 2);
                return Some(at + 2);
            }
            ("–", 2)
        } else if rest.starts_with("...") {
            ("…", 3)
        } else if rest.starts_with(">>") {
            if run.plain < at && text[..at].ends_with(' ') {
                self.flush(run, at - 1);
                self.add_text(run, "\u{a0}»", at - 1..at + 2);
                return Some(at + 2);
            }
            ("»", 2)
        } else {
            return None;
        };
        self.flush(run, at);
        self.add_text(run, symbol, at..at + length);
        Some(at + length)
    }
}

/// What quotes at the front of a text become, and how many bytes of the text that stands for;
/// `before` is the character before them, if it may be looked at.
fn curled(before: Option<char>, text: &str) -> (&'static str, usize) {
    let bytes = text.as_bytes();
    let is_double = bytes[0] == b'"';
    let (open, close) = if is_double { ("“", "”") } else { ("‘", "’") };
    let next = text[1..].chars().next();
    let is_word = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    if before.is_none() {
        if opens_emphasis(&text[1..]) {
            return (open, 1);
        }
        if let Some(punctuation) = next.filter(char::is_ascii_punctuation) {
            let behind = &text[1 + punctuation.len_utf8()..];
            let after = behind.chars().next();
            let wordlike = |character: Option<char>| {
                character.is_some_and(|c| c.is_alphanumeric() || c == '_')
            };
            let no_boundary = wordlike(Some(punctuation)) == wordlike(after);
            if !behind.starts_with("..") && no_boundary {
                return (close, 1);
            }
        }
    }
    let looks_back = before.is_none_or(char::is_whitespace);
    if looks_back && text.starts_with("\"'") && is_word(text[2..].chars().next()) {
        return ("“‘", 2);
    }
    if looks_back && text.starts_with("'\"") && is_word(text[2..].chars().next()) {
        return ("‘“", 2);
    }
    if looks_back
        && !is_double
        && bytes.len() > 3
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_digit()
        && bytes[3] == b's'
    {
        return ("’", 1);
    }
    match before {
        Some(before) if before.is_ascii_whitespace() && is_word(next) => return (open, 1),
        Some(before) if !" \\\t\r\n[{(-".contains(before) => return (close, 1),
        // Of two quotes the first one counts as what stands before the second.
        None if matches!(bytes.get(1), Some(b'"' | b'\'')) => {
            return match (bytes[0], bytes[1]) {
                (b'"', b'"') => ("\"”", 2),
                (b'"', _) => ("\"’", 2),
                (_, b'"') => ("'”", 2),
                _ => ("'’", 2),
            };
        }
        _ => {}
    }
    let ends_word = next.is_none_or(|next| next.is_ascii_whitespace())
        || (next == Some('s') && !is_word(text[2..].chars().next()));
    if before.is_none() && ends_word {
        return (close, 1);
    }
    (open, 1)
}

/// Whether emphasis may begin: one or two marks, and then something.
fn opens_emphasis(text: &str) -> bool {
    let marks = text.bytes().take_while(|byte| matches!(byte, b'_' | b'*')).count();
    let is_content = |text: &str| text.starts_with(|c: char| !c.is_ascii_whitespace());
    marks > 2 || (marks > 0 && (is_content(&text[marks..]) || marks == 2))
}

#[cfg(test)]
mod tests {
    use super::curled;

    #[test]
    fn quotes_curl_as_kramdowns_do() {
        for (before, text, expected) in [
            (None, "\"word", "“"),
            (Some(' '), "'word", "‘"),
            (Some('t'), "'s", "’"),
            (Some(' '), "'90s", "’"),
            (None, "\"'word", "“‘"),
            (None, "\"*word*", "“"),
            (None, "\" ", "”"),
            (None, "\".", "”"),
            (Some('('), "\"x", "“"),
            (Some('.'), "\"", "”"),
        ] {
            assert_eq!(curled(before, text).0, expected, "{before:?} {text}");
        }
    }
}
