//! Who evaluates rules beside Prometheus: what their rule files have in addition, and whose
//! expressions are in another language.
//!
//! - Thanos' ruler has `partial_response_strategy` (`pkg/rules/manager.go` of Thanos).
//! - Mimir and Cortex name the namespace of a file, and have groups that look at several tenants
//!   (`pkg/mimirtool/rules/rwrulefmt` and `pkg/ruler/rulespb` of Mimir).
//! - VictoriaMetrics' vmalert (<https://docs.victoriametrics.com/victoriametrics/vmalert/#groups>)
//!   evaluates expressions of Graphite and of `VictoriaLogs` as well, as the `type` of a group says.
//! - Loki's ruler has files like those of Mimir, with `LogQL` in them
//!   (<https://grafana.com/docs/loki/latest/query/>).

use crate::source::{ByteSet, end_of_quoted};
use crate::yaml::{Fields, Node};

/// What a rule file may have beside `groups`.
pub(super) const FILE_KEYS: [&str; 1] = ["namespace"];

/// What a group may have beside the keys that Prometheus knows.
#[rustfmt::skip]
pub(super) const GROUP_KEYS: [&str; 16] = [
    // Thanos.
    "partial_response_strategy",
    // Mimir, Cortex and Loki.
    "source_tenants", "evaluation_delay", "align_evaluation_time_on_interval", "remote_write",
    // vmalert.
    "type", "tenant", "concurrency", "params", "headers", "notifier_headers", "eval_offset",
    "eval_delay", "eval_alignment", "debug", "update_entries_limit",
];

/// What a rule of vmalert may have beside the keys that Prometheus knows.
pub(super) const RULE_KEYS: [&str; 2] = ["debug", "update_entries_limit"];

/// Whether the expressions of a group are of metrics that are queried like those of Prometheus.
pub(super) fn is_of_metrics(group: Fields<'_>) -> bool {
    let kind = group.get("type").and_then(Node::as_str);
    kind.is_none_or(|kind| matches!(kind, "" | "prometheus"))
}

/// Whether an expression is `LogQL`: a selector of streams with a filter, a parser or a function for
/// logs alone. No PromQL has these.
pub(super) fn is_of_logs(expr: &str) -> bool {
    const FUNCTIONS: [&str; 3] = ["bytes_rate(", "bytes_over_time(", "rate_counter("];
    let bytes = expr.as_bytes();
    let mut at = 0;
    // All signs are ASCII, and no part of other characters.
    while let Some(step) = MAY_TELL.first_in(&bytes[at..]) {
        at += step;
        let sign = bytes[at];
        match sign {
            b'"' | b'\'' | b'`' => match end_of_quoted(&bytes[at + 1..], sign, sign != b'`') {
                Some(length) => at += length + 1,
                None => return false,
            },
            b'}' => {
                let behind = expr[at + 1..].trim_start();
                // `{app="x"} != "text"` filters lines; PromQL compares nothing with a text.
                let filters = |operator: &str| {
                    let text = behind.strip_prefix(operator).map(str::trim_start);
                    text.is_some_and(|text| text.starts_with(['"', '`']))
                };
                if behind.starts_with('|') || filters("!=") || filters("!~") {
                    return true;
                }
            }
            b'(' if FUNCTIONS.iter().any(|name| bytes[..=at].ends_with(name.as_bytes())) => {
                return true;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// What tells logs from metrics stands behind a `}` or ends with a `(`; what is in quotes is passed over.
static MAY_TELL: ByteSet = ByteSet::of(b"\"'`}(");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, character by character.
    fn by_characters(expr: &str) -> bool {
        let mut quote: Option<char> = None;
        let mut is_behind_selector = false;
        let mut characters = expr.char_indices();
        while let Some((at, character)) = characters.next() {
            if let Some(open) = quote {
                if character == '\\' && open != '`' {
                    characters.next();
                } else if character == open {
                    quote = None;
                }
                continue;
            }
            let rest = &expr[at..];
            let filters = |operator: &str| {
                let behind = rest.strip_prefix(operator).map(str::trim_start);
                behind.is_some_and(|behind| behind.starts_with(['"', '`']))
            };
            let is_filter = character == '|' || filters("!=") || filters("!~");
            let functions = ["bytes_rate(", "bytes_over_time(", "rate_counter("];
            let is_called = functions.iter().any(|name| rest.starts_with(name));
            if is_behind_selector && is_filter || is_called {
                return true;
            }
            quote = Some(character).filter(|it| matches!(it, '"' | '\'' | '`'));
            is_behind_selector =
                character == '}' || (is_behind_selector && character.is_whitespace());
        }
        false
    }

    proptest! {
        #[test]
        fn signs_tell_what_all_characters_do(parts in prop::collection::vec(prop::sample::select(vec![
            "{a=", "}", "\"", "'", "`", "\\", "|", "!=", "!~", " ", "\n", "\u{3000}", "é", "bytes_rate(", "rate_",
            "counter(", "bytes_", "over_time(", "b", "x",
        ]), 0..12)) {
            let expr = parts.concat();
            prop_assert_eq!(is_of_logs(&expr), by_characters(&expr), "{}", expr);
        }
    }

    #[test]
    fn queries_of_logs_are_told_from_those_of_metrics() {
        for expr in [
            r#"sum(rate({app="x"} |= "error" [5m])) > 1"#,
            r#"count_over_time({app="x"}|~"a|b"[5m]) > 0"#,
            r#"sum by (pod) (rate({app="x"} | json | level="error" [1m])) > 0"#,
            "rate({app=`x`} != `ok` [5m]) > 1",
            r#"bytes_rate({app="x"}[5m]) > 100"#,
        ] {
            assert!(is_of_logs(expr), "{expr}");
        }
        for expr in [
            r#"up{job="a} |= b"} == 0"#,
            r#"a{b="\"} | c"} > 1"#,
            r#"{__name__=~"a|b"} != 0"#,
            r#"a{b="c"} != on () d{e="f"}"#,
            "a - b != 0",
            "my_bytes_rate_total > 1",
        ] {
            assert!(!is_of_logs(expr), "{expr}");
        }
    }
}
