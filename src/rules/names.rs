//! The names that Prometheus accepts (<https://prometheus.io/docs/concepts/data_model/>).
//!
//! Prometheus 3 takes any UTF-8 where it is configured to; the classic names are the ones that
//! work in every expression without quotes and in every system that reads the rules as well.

/// Whether a text is the name of a metric: letters, digits, `_` and `:`, no digit first.
pub(super) fn is_metric_name(name: &str) -> bool {
    is_name(name, |character| character == ':')
}

/// Whether a text is the name of a label that a rule may set: letters, digits and `_`, no digit
/// first. `__name__` is the metric's own name.
pub(super) fn is_label_name(name: &str) -> bool {
    is_name(name, |_| false) && name != "__name__"
}

fn is_name(name: &str, also: impl Fn(char) -> bool) -> bool {
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || character == '_' || also(character);
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_data_model() {
        for (name, metric, label) in [
            ("up", true, true),
            ("_x9", true, true),
            ("job:up:sum", true, false),
            ("__name__", true, false),
            ("9x", false, false),
            ("my-label", false, false),
            ("größe", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_metric_name(name), is_label_name(name)), (metric, label), "{name}");
        }
    }
}
