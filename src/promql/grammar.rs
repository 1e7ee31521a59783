//! The operators and keywords of PromQL's grammar
//! (<https://github.com/prometheus/prometheus/blob/main/promql/parser/generated_parser.y>). Words
//! count in any case.

/// How tightly `^` binds, the only operator that groups from the right.
pub(super) const POWER: u8 = 6;

/// How tightly a binary operator binds; none for anything else. A `-` in front binds less than `^`,
/// as much as `*`.
pub(super) fn precedence(operator: &str) -> Option<u8> {
    // Most words are names, which are longer.
    if operator.len() > "unless".len() {
        return None;
    }
    Some(match operator {
        "==" | "!=" | "<=" | ">=" | "<" | ">" => 3,
        "+" | "-" => 4,
        "*" | "/" | "%" => 5,
        "^" => POWER,
        _ if is_any_of(operator, &["or"]) => 1,
        _ if is_any_of(operator, &["and", "unless"]) => 2,
        _ if is_any_of(operator, &["atan2"]) => 5,
        _ => return None,
    })
}

/// Whether an operator compares.
pub fn is_comparison(operator: &str) -> bool {
    matches!(operator, "==" | "!=" | "<=" | ">=" | "<" | ">")
}

/// Whether an operator joins sets of series.
pub(super) fn is_set_operator(operator: &str) -> bool {
    is_any_of(operator, &["and", "or", "unless"])
}

/// Whether labels in parentheses follow a word.
pub(super) fn takes_labels(word: &str) -> bool {
    word.len() <= "group_right".len()
        && is_any_of(word, &["by", "without", "on", "ignoring", "group_left", "group_right"])
}

/// Whether a word is one of the grammar's own: it begins no operand in any query that was meant, and
/// a query that ends with one goes on.
pub fn is_keyword(word: &str) -> bool {
    takes_labels(word)
        || word.len() <= "unless".len()
            && is_any_of(word, &["and", "or", "unless", "atan2", "bool", "offset"])
}

fn is_any_of(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}
