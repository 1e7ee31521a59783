//! What a plain scalar means, by the core schema of YAML 1.2
//! (<https://yaml.org/spec/1.2.2/#1032-tag-resolution>).

use super::{Decoded, Value};
use crate::source::ByteSet;

/// How a node is written: what its bytes have to go through to become its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A scalar without quotes; collections as well, for which it means nothing.
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` and `>`.
    Block,
}

impl Style {
    /// The text of a scalar, where it is not what is written.
    pub fn decoded(self, written: &str, text: &str) -> Decoded {
        (self.inside(written) != text).then(|| text.into())
    }

    /// How many bytes of a scalar as it is written are [inside](Self::inside).
    pub fn length_inside(self, written: usize) -> usize {
        match self {
            Self::Plain | Self::Block => written,
            Self::SingleQuoted | Self::DoubleQuoted => written.saturating_sub(2),
        }
    }

    /// What of a scalar as it is written may be its text: all but the quotes, of a byte each.
    pub fn inside(self, written: &str) -> &str {
        match self {
            Self::Plain | Self::Block => written,
            Self::SingleQuoted | Self::DoubleQuoted => {
                written.get(1..written.len().saturating_sub(1)).unwrap_or_default()
            }
        }
    }
}

/// The value of a plain scalar without a tag.
pub(super) fn resolve(text: &str, decoded: Decoded) -> Value {
    // Nearly all others begin otherwise than all words and numbers that mean something.
    let may_mean = |first: &u8| MEANING.has(*first);
    match text {
        "" => Value::Null,
        _ if !text.as_bytes().first().is_some_and(may_mean) => Value::String(decoded),
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if number(text).is_some() => Value::Number(decoded),
        _ => Value::String(decoded),
    }
}

/// What scalars begin with that mean nothing, a boolean or a number.
static MEANING: ByteSet = ByteSet::of(b"~nNtTfF+-.0123456789");

/// The value of a number, if the text is one. Digits beyond the precision of a double are lost.
pub(super) fn number(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0x") {
        return from_digits(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return from_digits(digits, 8);
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    // What is left is a decimal number, which Rust reads by the same rules, except that it knows
    // the words `inf` and `nan`, which begin otherwise.
    let decimal = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if decimal { unsigned.parse::<f64>().ok().map(|value| sign * value) } else { None }
}

fn from_digits(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |value, digit| {
        Some(value * f64::from(radix) + f64::from(digit.to_digit(radix)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        for text in [
            "0", "-12", "+3", "1.50", ".5", "3.", "1e3", "-1.5E-7", "0x1F", "0o17", "-.inf", ".nan",
        ] {
            assert_eq!(resolve(text, None), Value::Number(None), "{text}");
        }
        for text in [
            "1_000",
            "2024-01-31",
            "1.2.3",
            "0x",
            "0xg",
            "inf",
            "-nan",
            "e3",
            ".",
            "1e",
            "yes",
            "5m",
            "-",
            "+",
        ] {
            assert_eq!(resolve(text, None), Value::String(None), "{text}");
        }
        assert_eq!(resolve("True", None), Value::Bool(true));
        assert_eq!(resolve("~", None), Value::Null);
        assert_eq!(number("0x1F"), Some(31.0));
        assert_eq!(number("-1.5e1"), Some(-15.0));
    }
}
