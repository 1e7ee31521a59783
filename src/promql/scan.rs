//! The lexemes of a PromQL text, with their places.
//!
//! promql-parser's own lexer hands out its lexemes only when all of the text can be lexed, and
//! skips comments. Highlighting and error messages need what can be had of *any* text, so this
//! scanner never fails: what is no PromQL becomes [`LexemeKind::Invalid`]. The lexical rules are
//! those of Prometheus' `promql/parser/lex.go`.

use crate::source::ByteSet;
use std::ops::Range;

/// What a lexeme is by its letters alone; its role (label, function, keyword) is seen by readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LexemeKind {
    /// `# …` up to the end of the line.
    Comment,
    /// A name or a keyword; outside of braces and brackets it may hold colons.
    Word,
    /// `5`, `.5e3`, `0x1f`, `1_000`, `Inf`, `NaN`.
    Number,
    /// `5m`, `1h30m`.
    Duration,
    /// A string with both of its quotes.
    String,
    /// `== != <= >= < > =~ !~ = + - * / % ^ @`.
    Operator,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// `,`
    Comma,
    /// `:` between the range and the step of a subquery.
    Colon,
    /// Digits that are neither a number nor a duration, such as `10.1.2.3` or `5x`.
    BadNumber,
    /// A quote without its partner, up to the end of the text.
    UnclosedString,
    /// Anything else, one character.
    Invalid,
}

/// One lexeme and the bytes it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub kind: LexemeKind,
    pub range: Range<usize>,
}

/// All lexemes of a text, in order; white space lies between them.
pub(super) fn scan(text: &str) -> Vec<Lexeme> {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, brackets: 0 };
    let mut lexemes = Vec::with_capacity(text.len() / 4);
    while let Some(lexeme) = scanner.next_lexeme() {
        lexemes.push(lexeme);
    }
    lexemes
}

/// Whether a character may stand inside of a name.
#[inline]
pub(super) fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES.has(byte)
}

/// Which bytes those are: more is asked of none than of the bytes of names.
static NAME_BYTES: ByteSet = ByteSet::alphanumeric().and(b"_");

/// Those of names outside of braces and brackets.
static NAME_BYTES_AND_COLON: ByteSet = ByteSet::alphanumeric().and(b"_:");

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Depth of `{` and `[`, in which a colon is no part of a name.
    brackets: usize,
}

impl Scanner<'_> {
    fn next_lexeme(&mut self) -> Option<Lexeme> {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        let start = self.at;
        let first = self.peek()?;
        self.at += 1;
        let kind = match first {
            b'#' => {
                self.skip_while(|byte| byte != b'\n' && byte != b'\r');
                LexemeKind::Comment
            }
            b',' => LexemeKind::Comma,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'@' => LexemeKind::Operator,
            b'<' | b'>' => {
                self.skip_if(b'=');
                LexemeKind::Operator
            }
            b'=' => {
                if !self.skip_if(b'=') {
                    self.skip_if(b'~');
                }
                LexemeKind::Operator
            }
            b'!' if self.skip_if(b'=') || self.skip_if(b'~') => LexemeKind::Operator,
            b'(' => LexemeKind::Open,
            b')' => LexemeKind::Close,
            b'{' | b'[' => {
                self.brackets += 1;
                LexemeKind::Open
            }
            b'}' | b']' => {
                self.brackets = self.brackets.saturating_sub(1);
                LexemeKind::Close
            }
            b'"' | b'\'' | b'`' => self.string(first),
            b'0'..=b'9' => self.number(start),
            b'.' if self.peek().is_some_and(|byte| byte.is_ascii_digit()) => self.number(start),
            b':' if self.brackets > 0 => LexemeKind::Colon,
            _ if first == b'_' || first == b':' || first.is_ascii_alphabetic() => self.word(start),
            _ => {
                // The first byte is skipped already; the rest of its character goes with it.
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
                LexemeKind::Invalid
            }
        };
        Some(Lexeme { kind, range: start..self.at })
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_while(&mut self, inside: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !inside(*byte)).unwrap_or(rest.len());
    }

    fn skip_if(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, start: usize) -> LexemeKind {
        let inside = if self.brackets == 0 { &NAME_BYTES_AND_COLON } else { &NAME_BYTES };
        self.skip_while(|byte| inside.has(byte));
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"nan") {
            LexemeKind::Number
        } else {
            LexemeKind::Word
        }
    }

    fn string(&mut self, quote: u8) -> LexemeKind {
        // A raw string, in backticks, knows no escapes.
        let escape = if quote == b'`' { quote } else { b'\\' };
        while let Some(step) = memchr::memchr2(quote, escape, &self.bytes[self.at..]) {
            self.at += step + 1;
            if self.bytes[self.at - 1] == quote {
                return LexemeKind::String;
            }
            self.at = self.bytes.len().min(self.at + 1);
        }
        self.at = self.bytes.len();
        LexemeKind::UnclosedString
    }

    fn number(&mut self, start: usize) -> LexemeKind {
        self.at = start;
        if self.skip_if(b'0') && (self.skip_if(b'x') || self.skip_if(b'X')) {
            self.digits(|byte| byte.is_ascii_hexdigit());
        } else {
            self.digits(|byte| byte.is_ascii_digit());
            if self.skip_if(b'.') {
                self.digits(|byte| byte.is_ascii_digit());
            }
            if self.peek().is_some_and(|byte| matches!(byte, b'e' | b'E')) {
                self.exponent();
            }
        }
        if !self.peek().is_some_and(|byte| is_name_byte(byte) || byte == b'.') {
            return LexemeKind::Number;
        }
        self.at = start;
        if self.duration() {
            return LexemeKind::Duration;
        }
        self.at = start;
        self.skip_while(|byte| is_name_byte(byte) || byte == b'.');
        LexemeKind::BadNumber
    }

    fn exponent(&mut self) {
        self.at += 1;
        if !self.skip_if(b'+') {
            self.skip_if(b'-');
        }
        self.digits(|byte| byte.is_ascii_digit());
    }

    /// Digits, with single underscores between them.
    fn digits(&mut self, is_digit: impl Fn(u8) -> bool) {
        self.skip_while(&is_digit);
        while self.at > 0
            && is_digit(self.bytes[self.at - 1])
            && self.peek() == Some(b'_')
            && self.bytes.get(self.at + 1).copied().is_some_and(&is_digit)
        {
            self.at += 1;
            self.skip_while(&is_digit);
        }
    }

    /// Reads `1h30m`; false when something else is glued to it.
    fn duration(&mut self) -> bool {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.skip_while(|byte| byte.is_ascii_digit());
            match self.peek() {
                Some(b'm') => {
                    self.at += 1;
                    self.skip_if(b's');
                }
                Some(b's' | b'h' | b'd' | b'w' | b'y') => self.at += 1,
                _ => return false,
            }
        }
        !self.peek().is_some_and(|byte| is_name_byte(byte) || byte == b'.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<(LexemeKind, &str)> {
        scan(text).into_iter().map(|lexeme| (lexeme.kind, &text[lexeme.range])).collect()
    }

    #[test]
    fn every_form_is_known() {
        use LexemeKind::*;
        let cases: &[(&str, &[(LexemeKind, &str)])] = &[
            (
                "a:b{c=~'d'}",
                &[
                    (Word, "a:b"),
                    (Open, "{"),
                    (Word, "c"),
                    (Operator, "=~"),
                    (String, "'d'"),
                    (Close, "}"),
                ],
            ),
            (
                "x[5m:1m]",
                &[
                    (Word, "x"),
                    (Open, "["),
                    (Duration, "5m"),
                    (Colon, ":"),
                    (Duration, "1m"),
                    (Close, "]"),
                ],
            ),
            (
                "1h30m 5ms .5e-3 0x1F 1. Inf",
                &[
                    (Duration, "1h30m"),
                    (Duration, "5ms"),
                    (Number, ".5e-3"),
                    (Number, "0x1F"),
                    (Number, "1."),
                    (Number, "Inf"),
                ],
            ),
            (
                "10.1.2.3 5x 1h30",
                &[(BadNumber, "10.1.2.3"), (BadNumber, "5x"), (BadNumber, "1h30")],
            ),
            (
                "1_000.2_5 1__0 5_ 1_0m",
                &[
                    (Number, "1_000.2_5"),
                    (BadNumber, "1__0"),
                    (BadNumber, "5_"),
                    (BadNumber, "1_0m"),
                ],
            ),
            (
                "a!=b !~ <= # c\nd",
                &[
                    (Word, "a"),
                    (Operator, "!="),
                    (Word, "b"),
                    (Operator, "!~"),
                    (Operator, "<="),
                    (Comment, "# c"),
                    (Word, "d"),
                ],
            ),
            (r#""a\"b" `\d`"#, &[(String, r#""a\"b""#), (String, r"`\d`")]),
            (
                "é\u{a0}! \"x",
                &[(Invalid, "é"), (Invalid, "\u{a0}"), (Invalid, "!"), (UnclosedString, "\"x")],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn lexemes_are_the_text_without_its_white_space(text in "[ -~é\u{a0}\n]{0,60}") {
            let mut at = 0;
            for lexeme in scan(&text) {
                prop_assert!(text[at..lexeme.range.start].bytes().all(|b| b.is_ascii_whitespace()));
                prop_assert!(lexeme.range.start < lexeme.range.end);
                at = lexeme.range.end;
                prop_assert!(text.is_char_boundary(at));
            }
            prop_assert!(text[at..].bytes().all(|b| b.is_ascii_whitespace()));
        }
    }
}
