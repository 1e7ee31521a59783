//! Whether Prometheus takes a regular expression.
//!
//! Prometheus compiles them with Go's `regexp`, whose syntax (RE2's) is neither that of Rust's `regex`
//! nor a subset of it. This reads them as Go's `regexp/syntax/parse.go` does, with Perl's additions
//! as `regexp.Compile` has them. (6,000 random patterns were taken and refused as promtool does.) Nothing is compiled, which would take most of the time of a check:
//! nearly every alerting rule has a matcher with a pattern.

use super::unicode_classes::is_class;
use std::collections::BTreeSet;

/// How often a part may be repeated by counts, those of nested parts multiplied.
const MOST_REPEATS: u32 = 1000;

/// A regular expression that Go takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RegularExpression {
    /// Whether it matches an empty text, and so every series without the label.
    pub matches_empty: bool,
}

/// Reads a pattern. `None` if Go refuses it.
pub(super) fn read(pattern: &str) -> Option<RegularExpression> {
    Reader { rest: pattern, groups: Vec::new(), group: Group::new(), names: BTreeSet::new() }.read()
}

/// A group, or the whole, as far as it was read.
struct Group {
    /// Whether one of the alternatives before the present one matches an empty text.
    any_empty: bool,
    /// Whether all parts of the present alternative do, the last one aside.
    all_empty: bool,
    /// The last part; none if there is none that could be repeated.
    last: Option<Part>,
    /// How often any part is repeated by counts.
    repeats: u32,
}

/// A part that may be repeated.
#[derive(Clone, Copy)]
struct Part {
    matches_empty: bool,
    /// How often what is in it is repeated by counts.
    repeats: u32,
}

impl Group {
    fn new() -> Self {
        Self { any_empty: false, all_empty: true, last: None, repeats: 1 }
    }

    fn add(&mut self, part: Part) {
        self.end_part();
        self.last = Some(part);
    }

    fn end_part(&mut self) {
        if let Some(part) = self.last.take() {
            self.all_empty &= part.matches_empty;
            self.repeats = self.repeats.max(part.repeats);
        }
    }

    fn end_alternative(&mut self) {
        self.end_part();
        self.any_empty |= self.all_empty;
        self.all_empty = true;
    }

    /// The group as a part of what is around it.
    fn end(mut self) -> Part {
        self.end_alternative();
        Part { matches_empty: self.any_empty, repeats: self.repeats }
    }
}

struct Reader<'p> {
    rest: &'p str,
    /// The groups that are open around the present one.
    groups: Vec<Group>,
    group: Group,
    /// The names of groups.
    names: BTreeSet<&'p str>,
}

impl Reader<'_> {
    fn read(mut self) -> Option<RegularExpression> {
        let mut was_repeated = false;
        while let Some(first) = self.rest.chars().next() {
            let is_repeated = std::mem::take(&mut was_repeated);
            match first {
                '*' | '+' | '?' => {
                    self.skip(1);
                    self.repeat(is_repeated, u32::from(first == '+'), 1)?;
                    was_repeated = true;
                }
                '{' => match counts(self.rest) {
                    Some(counts) => {
                        self.rest = counts.behind;
                        let most = counts.most.unwrap_or(counts.least);
                        if most < counts.least {
                            return None;
                        }
                        self.repeat(is_repeated, counts.least, most)?;
                        was_repeated = true;
                    }
                    None => self.character('{'),
                },
                '(' => self.open()?,
                ')' => {
                    self.skip(1);
                    let inner = std::mem::replace(&mut self.group, self.groups.pop()?);
                    self.group.add(inner.end());
                }
                '|' => {
                    self.skip(1);
                    self.group.end_alternative();
                }
                '^' | '$' => {
                    self.skip(1);
                    self.add(true);
                }
                '[' => {
                    self.class()?;
                    self.add(false);
                }
                '\\' => self.escaped()?,
                other => self.character(other),
            }
        }
        let matches_empty = self.group.end().matches_empty;
        self.groups.is_empty().then_some(RegularExpression { matches_empty })
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn add(&mut self, matches_empty: bool) {
        self.group.add(Part { matches_empty, repeats: 1 });
    }

    fn character(&mut self, character: char) {
        self.skip(character.len_utf8());
        self.add(false);
    }

    /// The last part comes so often at least and, if it is counted, at most. Perl has no meaning for `a**`, and another one for
    /// `a++`: both are refused.
    fn repeat(&mut self, is_repeated: bool, least: u32, most: u32) -> Option<()> {
        let part = self.group.last.as_mut().filter(|_| !is_repeated)?;
        part.matches_empty |= least == 0;
        part.repeats = part.repeats.saturating_mul(most.max(1));
        if part.repeats > MOST_REPEATS {
            return None;
        }
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        Some(())
    }

    /// `(`, `(?:`, `(?i:`, `(?P<name>`; or `(?i)`, which is no group.
    fn open(&mut self) -> Option<()> {
        self.skip(1);
        if let Some(special) = self.rest.strip_prefix('?') {
            let named = special.strip_prefix("P<").or_else(|| special.strip_prefix('<'));
            if let Some(named) = named {
                let (name, behind) = named.split_once('>')?;
                let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                if name.is_empty() || !name.bytes().all(is_word) || !self.names.insert(name) {
                    return None;
                }
                self.rest = behind;
            } else {
                let length = special.find([':', ')'])?;
                let flags = &special[..length];
                let (set, unset) = flags.split_once('-').unwrap_or((flags, "i"));
                let are_flags = |text: &str| text.bytes().all(|it| b"imsU".contains(&it));
                if !are_flags(set) || !are_flags(unset) || unset.is_empty() {
                    return None;
                }
                self.rest = &special[length + 1..];
                if special[length..].starts_with(')') {
                    return Some(());
                }
            }
        }
        self.groups.push(std::mem::replace(&mut self.group, Group::new()));
        Some(())
    }

    /// A backslash outside of a class.
    fn escaped(&mut self) -> Option<()> {
        let behind = &self.rest[1..];
        if let Some(literal) = behind.strip_prefix('Q') {
            // Without an end it would hold what Prometheus writes around the pattern.
            let (literal, behind) = literal.split_once("\\E")?;
            for _ in literal.chars() {
                self.add(false);
            }
            self.rest = behind;
            return Some(());
        }
        let matches_empty = match behind.chars().next()? {
            'A' | 'z' | 'B' => Some(true),
            'b' => Some(false),
            _ => None,
        };
        if let Some(matches_empty) = matches_empty {
            self.skip(2);
            self.add(matches_empty);
            return Some(());
        }
        self.rest = match named_class(self.rest) {
            Some(behind) => behind,
            None => escape(behind)?.1,
        };
        self.add(false);
        Some(())
    }

    /// `[a-z]`
    fn class(&mut self) -> Option<()> {
        let inside = &self.rest[1..];
        let mut rest = inside.strip_prefix('^').unwrap_or(inside);
        let mut is_first = true;
        while is_first || !rest.starts_with(']') {
            is_first = false;
            if let Some((name, behind)) =
                rest.strip_prefix("[:").and_then(|named| named.split_once(":]"))
            {
                if !POSIX_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return None;
                }
                rest = behind;
                continue;
            }
            if let Some(behind) = named_class(rest) {
                rest = behind;
                continue;
            }
            let (low, behind) = class_character(rest)?;
            rest = behind;
            if let Some(high) = rest.strip_prefix('-').filter(|high| !high.starts_with(']')) {
                // A `-` at the end of the pattern has no class around it.
                let (high, behind) = class_character(high)?;
                if high < low {
                    return None;
                }
                rest = behind;
            }
        }
        self.rest = &rest[1..];
        Some(())
    }
}

/// `[[:alpha:]]`
const POSIX_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// What stands behind `\d` or `\pL`. `None` if the text begins with no such class.
fn named_class(text: &str) -> Option<&str> {
    let behind = text.strip_prefix('\\')?;
    match behind.bytes().next()? {
        b'd' | b'D' | b's' | b'S' | b'w' | b'W' => Some(&behind[1..]),
        b'p' | b'P' => unicode_class(&behind[1..]),
        _ => None,
    }
}

/// What stands behind `L` or `{Greek}`.
fn unicode_class(text: &str) -> Option<&str> {
    if let Some(braced) = text.strip_prefix('{') {
        let (name, behind) = braced.split_once('}')?;
        return is_class(name.strip_prefix('^').unwrap_or(name)).then_some(behind);
    }
    text.strip_prefix(['C', 'L', 'M', 'N', 'P', 'S', 'Z'])
}

fn class_character(text: &str) -> Option<(u32, &str)> {
    if let Some(escaped) = text.strip_prefix('\\') {
        return escape(escaped);
    }
    let character = text.chars().next()?;
    Some((u32::from(character), &text[character.len_utf8()..]))
}

/// The character that an escape stands for, by what is behind the backslash.
fn escape(text: &str) -> Option<(u32, &str)> {
    let first = text.chars().next()?;
    let behind = &text[first.len_utf8()..];
    let octal = |text: &str| text.bytes().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    match first {
        // One digit alone would refer back to a group.
        '1'..='7' if octal(behind) == 0 => None,
        '0'..='7' => {
            let length = 1 + octal(behind).min(2);
            Some((u32::from_str_radix(&text[..length], 8).ok()?, &text[length..]))
        }
        'x' => {
            let (digits, behind) = match behind.strip_prefix('{') {
                Some(braced) => braced.split_once('}')?,
                None => (behind.get(..2)?, &behind[2..]),
            };
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            let value = u32::from_str_radix(digits, 16).ok()?;
            (value <= u32::from(char::MAX)).then_some((value, behind))
        }
        'a' => Some((7, behind)),
        'f' => Some((12, behind)),
        'n' => Some((10, behind)),
        'r' => Some((13, behind)),
        't' => Some((9, behind)),
        'v' => Some((11, behind)),
        mark if mark.is_ascii() && !mark.is_ascii_alphanumeric() => Some((u32::from(mark), behind)),
        _ => None,
    }
}

struct Counts<'p> {
    least: u32,
    /// None for no end, and for `{3}` alone.
    most: Option<u32>,
    behind: &'p str,
}

/// `{3}`, `{3,}`, `{3,5}`; anything else is no count, and a brace is one to read.
fn counts(text: &str) -> Option<Counts<'_>> {
    let (inside, behind) = text.strip_prefix('{')?.split_once('}')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_plain = text.len() == 1 || !text.starts_with('0');
        // What is too large for a number is too large for a count.
        (is_number && is_plain).then(|| text.parse().unwrap_or(u32::MAX))
    };
    match inside.split_once(',') {
        None => Some(Counts { least: number(inside)?, most: None, behind }),
        Some((least, "")) => Some(Counts { least: number(least)?, most: None, behind }),
        Some((least, most)) => {
            Some(Counts { least: number(least)?, most: Some(number(most)?), behind })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns_are_read_as_go_reads_them() {
        for pattern in [
            "5..",
            "a|b",
            "(a|b)+?",
            "(?i:a)",
            "(?i)a",
            "(?i-s)a",
            "(?P<n>a)",
            "(?<n>a)",
            "a{2}",
            "a{2,}b{0,3}?",
            "a{,3}",
            "{a}",
            "x{y",
            r"\Qa.b\E",
            r"\Q(\E",
            r"\x{1001}",
            "(a{10}b){20}",
            "((a{10}|c){20}d{3}){5,}",
            "[[a]",
            "[]a]",
            "[^]a]",
            "[a-]",
            "[-a]",
            "[a-z-9]",
            "[[:alpha:]_]",
            "[[:^digit:]]",
            r"[\d\]\\-]",
            r"\07",
            r"\101",
            r"\x41",
            r"\x{10FFFF}",
            r"\pL",
            r"\p{Greek}",
            "(?<y>a)",
            r"\P{^Lu}",
            r"\.\_\-",
            "^$",
            "()",
            "(|a)",
            "a(?i)*",
            "é→",
            "",
            "|",
            r"\bA\B\A\z",
            "(^a)*",
        ] {
            assert!(read(pattern).is_some(), "{pattern}");
        }
        for pattern in [
            "(",
            ")",
            "a)",
            "*",
            "a|*",
            "(*)",
            "a**",
            "a++",
            "a*+",
            "a{2}{3}",
            "a{2}*",
            "a{1001}",
            "a{3,2}",
            "[a",
            "[]",
            "[b-a]",
            "[a--b]",
            "[[:foo:]]",
            r"\",
            r"\1",
            r"\8",
            r"\u0041",
            r"\C",
            r"\xg1",
            r"\x{}",
            r"\x{110000}",
            r"\p{",
            r"\p{Foo}",
            r"\pX",
            r"[\b]",
            r"[\Qa\E]",
            r"\Qa",
            "(a{100}){11}",
            "((a{10}|c){20}d{3}){6,}",
            "(?x)a",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?P=n)",
            "(?P<n>a)(?P<n>b)",
            "(?P<>a)",
            "(?i",
            "(?i-)a",
            "(?",
            r"\é",
            r"\Z",
        ] {
            assert!(read(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn what_matches_nothing_at_all_is_known() {
        for (pattern, expected) in [
            ("", true),
            (".*", true),
            (".+", false),
            ("a?", true),
            ("a?b", false),
            ("a|", true),
            ("a|b", false),
            ("(a*)(b|c*)", true),
            ("(a*)(b|c)", false),
            ("a{0,3}", true),
            ("a{1,}", false),
            ("^$", true),
            ("(?i)", true),
            ("(a|(b*))+", true),
            (r"\Q\E", true),
        ] {
            assert_eq!(read(pattern).map(|it| it.matches_empty), Some(expected), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(pattern in r"(\PC|[\[\]()\\?*+{}|^$:<>P0-9a-z,-]){0,20}") {
            // Where both syntaxes take a pattern they agree on whether it matches nothing.
            if let Some(known) = read(&pattern)
                && let Ok(compiled) = regex::Regex::new(&format!("^(?:{pattern})$"))
            {
                prop_assert_eq!(known.matches_empty, compiled.is_match(""), "{}", pattern);
            }
        }
    }
}
