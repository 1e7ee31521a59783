//! What the header of a column, or the key of a field, says of what stands there.
//!
//! What stands there is the rule's own only if nothing else is said: `Threshold`, `Alert condition`,
//! `Fires when`, `Threshold (%)`. `Warning threshold`, `Threshold (staging)`, `Clear condition` and
//! `Resolved when` are of another severity, another place, another time.

use super::statement::is_unit;
use crate::lint::runs::runs;
use crate::lint::word_set::WordSet;

/// Words that announce when an alert fires.
static CONDITION: WordSet = WordSet::new(&[
    "condition",
    "conditions",
    "criteria",
    "criterion",
    "expression",
    "expressions",
    "promql",
    "threshold",
    "thresholds",
    "trigger",
    "triggers",
    "triggered",
    "triggering",
    "when",
]);

/// Words beside them that add nothing.
static BESIDE: WordSet = WordSet::new(&[
    "alert",
    "alerts",
    "alerting",
    "and",
    "fire",
    "fired",
    "fires",
    "firing",
    "if",
    "in",
    "is",
    "it",
    "on",
    "per",
    "prometheus",
    "query",
    "raised",
    "rule",
    "sent",
    "the",
    "this",
    "value",
]);

/// Whether a header or a key announces when an alert fires.
pub fn is_condition(text: &str) -> bool {
    let mut announces = false;
    let mut is_in_brackets = false;
    text.split_whitespace().all(|word| {
        is_in_brackets |= word.starts_with(['(', '[']);
        let bare = word.trim_matches(|it: char| "()[]:,*".contains(it));
        // Beside `Threshold (max)`, `(min)` is no minute.
        let is_measure = (is_in_brackets || !bare.contains(char::is_alphanumeric))
            && !bare.eq_ignore_ascii_case("min")
            && is_unit(bare);
        is_in_brackets &= !word.ends_with([')', ']']);
        // `Condition/threshold`; `req/s` is a unit.
        let plain = bare.to_lowercase();
        is_measure
            || plain.split('/').all(|word| {
                announces |= CONDITION.contains(word);
                word.is_empty() || CONDITION.contains(word) || BESIDE.contains(word)
            })
    }) && announces
}

/// Whether a header or a key has a word that announces when an alert fires, whatever else it says.
pub fn mentions_condition(text: &str) -> bool {
    runs(text).any(|word| CONDITION.contains_in_lower_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_announce_a_condition() {
        for text in [
            "Threshold",
            "**Threshold**",
            "Threshold (%)",
            "Threshold (5m)",
            "Threshold [MB]",
            "Threshold in %",
            "Threshold (req/s)",
            "Threshold (per minute)",
            "Alert condition",
            "Condition / threshold",
            "Condition/Threshold",
            "Fires when",
            "When it fires",
            "Trigger conditions",
            "PromQL expression",
            "Threshold value",
        ] {
            assert!(is_condition(text), "{text}");
        }
        for text in [
            "Warning threshold",
            "Critical Threshold",
            "Old threshold",
            "Default threshold",
            "Clear threshold",
            "Threshold (staging)",
            "Threshold (warning)",
            "Threshold prod",
            "Min threshold",
            "Threshold (min)",
            "Threshold max",
            "Threshold in 2023",
            "SLA threshold",
            "Resolved when",
            "When to escalate",
            "Clear condition",
            "Recovery / threshold",
            "Value",
            "Alert",
            "",
        ] {
            assert!(!is_condition(text), "{text}");
        }
    }
}
