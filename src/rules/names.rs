//! The names that Prometheus accepts (<https://prometheus.io/docs/concepts/data_model/>).
//!
//! Since Prometheus 3 a name may be any text in UTF-8, where Prometheus 2 knows letters, digits and
//! `_` alone. Which one loads the rules is not seen from them, so what is no name for either is
//! told: of white space, quotes and brackets the one takes what the other refuses, but they are the
//! marks of an expression or a sentence at the wrong place.

use crate::source::ByteSet;

/// Whether a text may be the name of a metric.
pub(super) fn is_metric_name(name: &str) -> bool {
    is_name(name)
}

/// Whether a text may be the name of a label that a rule sets. `__name__` is the metric's own name.
pub(super) fn is_label_name(name: &str) -> bool {
    is_name(name) && name != "__name__"
}

/// The marks of ASCII, its white space and its control characters.
static MARKS: ByteSet = ByteSet::of(b"(){}[]<>\"'`=,; \x7f").and_all(0, b'\x1f');

fn is_name(name: &str) -> bool {
    let is_mark = |character: char| match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() => MARKS.has(byte),
        _ => character.is_whitespace() || character.is_control(),
    };
    !name.is_empty() && !name.contains(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_data_model() {
        for (name, metric, label) in [
            ("up", true, true),
            ("_x9", true, true),
            ("job:up:sum", true, true),
            ("__name__", true, false),
            ("http.server.duration", true, true),
            ("my.utf8:rec", true, true),
            ("my-label", true, true),
            ("größe", true, true),
            ("a b", false, false),
            ("sum(up)", false, false),
            ("up{a=\"b\"}", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_metric_name(name), is_label_name(name)), (metric, label), "{name}");
        }
    }
}
