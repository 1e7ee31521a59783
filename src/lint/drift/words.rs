//! Prose as words, numbers and marks, each with its place.

use crate::lint::word_set::WordMap;
use std::borrow::Cow;
use std::ops::Range;

/// A word, a number or a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Token<'t> {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: TokenKind<'t>,
}

/// The kinds of tokens.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind<'t> {
    /// A word in lower case, apostrophes straight and hyphens kept.
    Word(Cow<'t, str>),
    /// A number with what is written right behind it: `5h`, `70%`, `3`.
    Number {
        /// Its value.
        value: f64,
        /// Letters, `%` or `+` glued to it, in the author's case; often nothing.
        unit: &'t str,
    },
    /// Something with digits in it that is no number to compare with: `5xx`, `10.0.0.1`, `3-5`.
    Opaque,
    /// `>`, `>=`, `<`, `<=`, `=`.
    Sign(&'static str),
    /// The end of a sentence or of a line of its own.
    End,
    /// Any other mark, as written.
    Mark(char),
}

/// The tokens of some sentences of a text, in order.
pub fn tokens_in(text: &str, sentences: Range<usize>) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(sentences.len() / 4);
    let mut at = sentences.start;
    while at < sentences.end {
        // Every second thing is a blank.
        if text.as_bytes()[at] == b' ' {
            at += 1;
            continue;
        }
        let (length, kind) = token(&text[at..], tokens.last());
        if let Some(kind) = kind {
            tokens.push(Token { range: at..at + length, kind });
        }
        at += length;
    }
    tokens
}

/// How long what a text begins with is, and what it is; nothing if it is a blank.
pub fn token<'t>(text: &'t str, before: Option<&Token<'_>>) -> (usize, Option<TokenKind<'t>>) {
    match plain_word(text) {
        Some(word) => (word.len(), Some(TokenKind::Word(Cow::Borrowed(word)))),
        None => other_token(text, before),
    }
}

/// The same of a text that begins with no plain word.
fn other_token<'t>(text: &'t str, before: Option<&Token<'_>>) -> (usize, Option<TokenKind<'t>>) {
    let Some(first) = text.chars().next() else { return (0, None) };
    let length = first.len_utf8();
    match first {
        '\n' => (1, Some(TokenKind::End)),
        _ if first.is_whitespace() => (length, None),
        _ if first.is_alphanumeric() => {
            let (length, kind) = spaced_number(text).unwrap_or_else(|| word(text));
            (length, Some(kind))
        }
        '>' | '<' | '=' | '≥' | '≤'
            if let Some((mark, sign)) = SIGNS.iter().find(|(mark, _)| text.starts_with(mark)) =>
        {
            (mark.len(), Some(TokenKind::Sign(sign)))
        }
        _ => {
            let behind = || text[length..].chars().next();
            let ends = match first {
                '.' if is_shortened(before) => false,
                '.' | '!' | '?' => behind().is_none_or(char::is_whitespace),
                ';' => true,
                _ => false,
            };
            (length, Some(if ends { TokenKind::End } else { TokenKind::Mark(first) }))
        }
    }
}

/// Whether a full stop behind a word belongs to it: `e.g.`, `approx.`.
fn is_shortened(before: Option<&Token<'_>>) -> bool {
    matches!(before.map(|token| &token.kind), Some(TokenKind::Word(word))
        if SHORTENED.contains(&&**word))
}

/// Words that are written with a full stop, where it ends no sentence.
pub const SHORTENED: [&str; 8] = ["e.g", "i.e", "approx", "incl", "etc", "max", "min", "avg"];

/// Signs of comparison as people write them.
const SIGNS: [(&str, &str); 9] = [
    (">=", ">="),
    ("=>", ">="),
    ("<=", "<="),
    ("==", "="),
    ("≥", ">="),
    ("≤", "<="),
    (">", ">"),
    ("<", "<"),
    ("=", "="),
];

/// `10 000`: thousands set apart by blanks, as most of Europe writes them.
fn spaced_number(text: &str) -> Option<(usize, TokenKind<'_>)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(text);
    let first = text.get(..length).filter(|first| (1..=3).contains(&first.len()))?;
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let group = |at: usize| text[at..].strip_prefix(is_blank).filter(|it| digits(it) == 3);
    // Hardly any number is spaced.
    group(length)?;
    let mut plain = first.to_owned();
    while let Some(group) = group(length) {
        plain.push_str(&group[..3]);
        length = text.len() - group.len() + 3;
    }
    let is_whole = !text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '%');
    let is_spaced = plain.len() > 3 && is_whole && !plain.starts_with('0');
    let value = plain.parse().ok().filter(|_| is_spaced)?;
    Some((length, TokenKind::Number { value, unit: "" }))
}

/// A word of small letters of ASCII with nothing behind it that may stand inside of one, as most are.
fn plain_word(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let end = bytes.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let is_none = |at: usize| {
        bytes.get(at).is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
    };
    // Behind most words there is a blank.
    if end > 0 && bytes.get(end) == Some(&b' ') {
        return Some(&text[..end]);
    }
    let joins =
        matches!(bytes.get(end), Some(b'.' | b',' | b':' | b'-' | b'\'' | b'/' | b'_' | b'@'));
    (end > 0 && is_none(end) && (!joins || is_none(end + 1))).then(|| &text[..end])
}

/// A run of letters and digits with what may stand inside of one.
fn word(text: &str) -> (usize, TokenKind<'_>) {
    let mut length = 0;
    for (at, character) in text.char_indices() {
        let behind = || text[at + character.len_utf8()..].chars().next();
        let goes_on = match character {
            '.' | ',' | ':' => {
                behind().is_some_and(|next| {
                    next.is_ascii_digit() || (character != ',' && next.is_alphanumeric())
                }) && text[..at]
                    .ends_with(|before: char| before.is_ascii_digit() || character != ',')
            }
            '-' | '\'' | '’' | '/' | '_' | '–' | '@' => {
                behind().is_some_and(char::is_alphanumeric)
            }
            '%' | '+' => text[..at].ends_with(|before: char| before.is_ascii_digit()),
            other => other.is_alphanumeric(),
        };
        if !goes_on {
            break;
        }
        length = at + character.len_utf8();
    }
    let word = &text[..length];
    (length, classify(word))
}

/// A text in lower case: the text itself where it is, as most words are.
pub fn lower_case(text: &str) -> Cow<'_, str> {
    // Of ASCII nothing else changes.
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_lower) { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

fn classify(word: &str) -> TokenKind<'_> {
    if !word.contains(|character: char| character.is_ascii_digit()) {
        return TokenKind::Word(match lower_case(word) {
            Cow::Owned(word) if word.contains('’') => Cow::Owned(word.replace('’', "'")),
            plain => plain,
        });
    }
    let digits = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let (number, unit) = word.split_at(digits.unwrap_or(word.len()));
    // `5-minute`, `5 minute`.
    let unit =
        unit.strip_prefix('-').filter(|unit| unit.starts_with(char::is_alphabetic)).unwrap_or(unit);
    let is_unit = unit.is_empty()
        || matches!(unit, "%" | "+" | "%+")
        || unit.chars().all(char::is_alphabetic)
        || is_rate(unit)
        || is_compound_duration(word);
    match value(number) {
        Some(value) if is_unit && !is_ordinal(unit) => {
            if is_compound_duration(word) {
                let milliseconds = crate::promql::milliseconds(word).unwrap_or_default();
                #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53 ms")]
                return TokenKind::Number { value: milliseconds as f64, unit: "ms" };
            }
            TokenKind::Number { value, unit }
        }
        _ => TokenKind::Opaque,
    }
}

/// `/s`, `/second`, `req/min`
fn is_rate(unit: &str) -> bool {
    const TIMES: [&str; 9] =
        ["s", "sec", "secs", "second", "seconds", "min", "minute", "hour", "day"];
    unit.rsplit_once('/').is_some_and(|(counted, time)| {
        counted.chars().all(char::is_alphabetic)
            && TIMES.iter().any(|known| known.eq_ignore_ascii_case(time))
    })
}

/// `1h30m`
fn is_compound_duration(word: &str) -> bool {
    let letters = word.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    letters.count() > 1 && crate::promql::milliseconds(word).is_some()
}

fn is_ordinal(unit: &str) -> bool {
    ["st", "nd", "rd", "th", "xx"].iter().any(|it| it.eq_ignore_ascii_case(unit))
}

/// `5`, `0.5`, `1,000`; none for `1.8.4` and `1,5`, nor for `10.000`, which is ten to some and ten
/// thousand to others.
fn value(number: &str) -> Option<f64> {
    if number.split_once('.').is_some_and(|(whole, part)| whole != "0" && part == "000") {
        return None;
    }
    if memchr::memchr(b',', number.as_bytes()).is_none() {
        return number.parse().ok();
    }
    let mut groups = number.split(',');
    let first = groups.next()?;
    let mut plain = first.to_owned();
    for group in groups {
        let whole = group.split('.').next().unwrap_or_default();
        if first.len() > 3 || first.is_empty() || whole.len() != 3 {
            return None;
        }
        plain.push_str(group);
    }
    plain.parse().ok()
}

/// Numbers that are written as a word.
pub static NUMBER_WORDS: WordMap<f64> = WordMap::new(&[
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
    ("hundred", 100.0),
]);

/// A number that is written as a word.
pub fn number_word(word: &str) -> Option<f64> {
    NUMBER_WORDS.get(word)
}

/// The tokens of a text, in order.
#[cfg(test)]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    tokens_in(text, 0..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_what_has_digits() {
        for (text, expected) in [
            ("3", Some((3.0, ""))),
            ("70%", Some((70.0, "%"))),
            ("5h,", Some((5.0, "h"))),
            ("1h30m", Some((5_400_000.0, "ms"))),
            ("1,000", Some((1000.0, ""))),
            ("10 000 things", Some((10_000.0, ""))),
            ("1\u{202f}000\u{a0}000", Some((1_000_000.0, ""))),
            ("10 000th", Some((10.0, ""))),
            ("10 0000", Some((10.0, ""))),
            ("10.000", None),
            ("0.000", Some((0.0, ""))),
            ("1000 000", Some((1000.0, ""))),
            ("0.5.", Some((0.5, ""))),
            ("500ms", Some((500.0, "ms"))),
            ("5-minute", Some((5.0, "minute"))),
            ("3+", Some((3.0, "+"))),
            ("10MB/s", Some((10.0, "MB/s"))),
            ("5xx", None),
            ("10.0.0.1", None),
            ("1.8.4_1502", None),
            ("3-5", None),
            ("24/7", None),
            ("99th", None),
            ("2020-01-01", None),
            ("12:30", None),
        ] {
            let found = tokens(text).into_iter().next().unwrap().kind;
            let number = |(value, unit)| TokenKind::Number { value, unit };
            let expected = expected.map_or(TokenKind::Opaque, number);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn sentences_end() {
        let ends = |text: &str| tokens(text).iter().filter(|it| it.kind == TokenKind::End).count();
        assert_eq!(ends("It is v1.8 of a.b. Then 0.5. And"), 2);
        assert_eq!(ends("first\nsecond; third"), 2);
        assert_eq!(ends("e.g. approx. 5"), 0);
    }

    proptest::proptest! {
        #[test]
        fn plain_words_are_words(text in "[a-c]{0,3}[a-cA5é.,:'’/_@%+ –-]{0,4}|.{0,8}") {
            if let Some(plain) = plain_word(&text) {
                let expected = (plain.len(), TokenKind::Word(Cow::Borrowed(plain)));
                proptest::prop_assert_eq!(word(&text), expected);
            }
        }
    }
}
