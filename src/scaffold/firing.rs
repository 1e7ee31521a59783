//! When an alert fires, in words.

use crate::diag::wording::on_one_line;
use crate::promql::{self, Node, NodeKind};
use crate::rules::Rule;

/// One paragraph, or one with a list, about when a rule fires. `with` follows the verb.
pub(super) fn sentence(rule: &Rule, with: &str) -> String {
    let expr = rule.expr.as_str();
    let tree = promql::tree(expr);
    let held = rule.for_duration().filter(|length| length.milliseconds > 0);
    let held = held.map(|length| format!(" for {}", in_words(length.milliseconds)));
    let held = held.unwrap_or_default();
    let conditions = tree.as_ref().and_then(|tree| conditions(expr, tree));
    let mut text = match conditions.as_deref() {
        Some([(_, condition)]) => {
            format!("It fires{with} when the value of its query {condition}{held}.")
        }
        Some(conditions) => {
            let lines: Vec<String> = conditions
                .iter()
                .map(|(subject, condition)| format!("- `{subject}` {condition}\n"))
                .collect();
            format!("It fires{with} when all of this is so{held}:\n\n{}", lines.concat())
        }
        None if held.is_empty() => format!("It fires{with} for each series that its query finds."),
        None => format!("It fires{with} for each series that its query has found{held}."),
    };
    let windows = tree.as_ref().map(windows).unwrap_or_default();
    if let [window] = windows.as_slice() {
        let gap = if text.ends_with('\n') { "\n" } else { " " };
        text.push_str(&format!("{gap}The query looks back over {}.", in_words(*window)));
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// What is compared, and how, if the expression is a comparison with a number or several joined by
/// `and`.
fn conditions(expr: &str, node: &Node) -> Option<Vec<(String, String)>> {
    let NodeKind::Binary { operator, left, right, is_bool: false, .. } = &node.kind else {
        return None;
    };
    if operator.text == "and" {
        let mut all = conditions(expr, left)?;
        all.extend(conditions(expr, right)?);
        return Some(all);
    }
    let (subject, number, is_turned) = match (left.constant(), right.constant()) {
        (None, Some(_)) => (left, right, false),
        (Some(_), None) => (right, left, true),
        _ => return None,
    };
    let relation = match (operator.text.as_str(), is_turned) {
        (">", false) | ("<", true) => "is above",
        (">=", false) | ("<=", true) => "is at least",
        ("<", false) | (">", true) => "is below",
        ("<=", false) | (">=", true) => "is at most",
        ("==", _) => "is",
        ("!=", _) => "is not",
        _ => return None,
    };
    let subject = expr[subject.range.clone()].trim();
    // A comment ends with its line, and what is code in a sentence has but one.
    if subject.contains(['#', '`']) {
        return None;
    }
    let subject = on_one_line(subject);
    let number = expr[number.range.clone()].trim();
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = if is_plain { number.to_owned() } else { format!("`{number}`") };
    Some(vec![(subject, format!("{relation} {number}"))])
}

/// The lengths of time that the ranges of an expression have, each once; none if it looks at
/// another time than now.
fn windows(tree: &Node) -> Vec<u64> {
    let mut windows: Vec<u64> = Vec::new();
    let mut is_shifted = false;
    tree.walk(&mut |node| match &node.kind {
        NodeKind::Selector { range: Some(range), .. } | NodeKind::Subquery { range, .. } => {
            windows.push(range.milliseconds.unsigned_abs());
        }
        NodeKind::Shifted { .. } => is_shifted = true,
        _ => {}
    });
    windows.sort_unstable();
    windows.dedup();
    if is_shifted { Vec::new() } else { windows }
}

/// A length of time: `5 hours`, `1 hour 30 minutes`.
fn in_words(milliseconds: u64) -> String {
    const UNITS: [(&str, u64); 5] = [
        ("day", 86_400_000),
        ("hour", 3_600_000),
        ("minute", 60_000),
        ("second", 1_000),
        ("millisecond", 1),
    ];
    let mut left = milliseconds;
    let mut words = Vec::new();
    for (unit, length) in UNITS {
        let number = left / length;
        left %= length;
        match number {
            0 => {}
            1 => words.push(format!("1 {unit}")),
            _ => words.push(format!("{number} {unit}s")),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_in_words() {
        for (milliseconds, expected) in [
            (300 * 60_000, "5 hours"),
            (90 * 60_000, "1 hour 30 minutes"),
            (60_000, "1 minute"),
            (1_500, "1 second 500 milliseconds"),
        ] {
            assert_eq!(in_words(milliseconds), expected);
        }
    }

    #[test]
    fn conditions_are_comparisons_with_numbers() {
        let said = |expr: &str| conditions(expr, &promql::tree(expr).unwrap());
        let one = |subject: &str, words: &str| (subject.to_owned(), words.to_owned());
        assert_eq!(said("a\n  / b > 0.5"), Some(vec![one("a / b", "is above 0.5")]));
        assert_eq!(said("3 >= a"), Some(vec![one("a", "is at most 3")]));
        let both = vec![one("a", "is above 3"), one("b", "is `-1`")];
        assert_eq!(said("(a > 3) and b == -1"), Some(both));
        assert_eq!(said("a > b"), None);
        assert_eq!(said("a > 1 or b > 1"), None);
        assert_eq!(said("absent(a)"), None);
    }
}
