//! What a plain scalar means, by the core schema of YAML 1.2
//! (<https://yaml.org/spec/1.2.2/#1032-tag-resolution>).

use super::Value;

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
pub(super) fn resolve(text: String) -> Value {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if number(&text).is_some() => Value::Number(text),
        _ => Value::String(text),
    }
}

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
            assert_eq!(resolve(text.to_owned()), Value::Number(text.to_owned()), "{text}");
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
            assert_eq!(resolve(text.to_owned()), Value::String(text.to_owned()), "{text}");
        }
        assert_eq!(resolve("True".to_owned()), Value::Bool(true));
        assert_eq!(resolve("~".to_owned()), Value::Null);
        assert_eq!(number("0x1F"), Some(31.0));
        assert_eq!(number("-1.5e1"), Some(-15.0));
    }
}
