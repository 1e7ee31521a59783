//! What is refused before it is parsed, because parsing it would break something.
//!
//! The tree that promql-parser builds is walked and dropped by recursion, and it turns some numbers
//! into durations without looking whether they are any.

use super::explain::Fault;
use super::scan::{Lexeme, LexemeKind};

/// The longest query, in bytes. The longest ones people write have a few thousand.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 100;

/// How many operators a query may have: a chain of them is a tree as deep as it is long.
const MAX_OPERATORS: usize = 1000;

/// The longest range or offset in seconds, some 30,000 years. What Prometheus itself can hold is
/// far less.
const MAX_SECONDS: f64 = 1e12;

/// How often a regular expression may repeat its parts by counts, nested ones multiplied. More is
/// refused by Go, and so by Prometheus: `(a{100}){100}` is an "invalid repeat count".
const MAX_REPEATS: usize = 1000;

/// How often all regular expressions of a query may do so: compiling one that does it often takes
/// a tenth of a second.
const MAX_REPEATS_IN_ALL: usize = 5 * MAX_REPEATS;

/// Refuses what is too long, too deep, too repetitive, or no duration.
pub(super) fn check(text: &str, lexemes: &[Lexeme]) -> Result<(), Fault> {
    if text.len() > MAX_LENGTH {
        let message = format!("a query of more than {MAX_LENGTH} bytes is not read");
        return Err(Fault::new(0..text.len(), message));
    }
    let mut depth = 0_usize;
    let mut operators = 0_usize;
    let mut in_range = false;
    let mut after_offset = false;
    let mut is_regex = false;
    let mut repeats_in_all = 0_usize;
    for lexeme in lexemes {
        let word = text.get(lexeme.range.clone()).unwrap_or_default();
        let was_after_offset = std::mem::take(&mut after_offset);
        let is_pattern = std::mem::replace(&mut is_regex, matches!(word, "=~" | "!~"));
        match lexeme.kind {
            LexemeKind::Open => {
                depth += 1;
                in_range = word == "[";
                if depth > MAX_DEPTH {
                    let message = format!("brackets are nested more than {MAX_DEPTH} deep");
                    return Err(Fault::new(lexeme.range.clone(), message));
                }
            }
            LexemeKind::Close => {
                depth = depth.saturating_sub(1);
                in_range = false;
            }
            LexemeKind::Word => {
                after_offset = word.eq_ignore_ascii_case("offset");
                operators += usize::from(is_word_operator(word));
            }
            LexemeKind::Operator => {
                after_offset = was_after_offset;
                operators += 1;
            }
            LexemeKind::Comment => after_offset = was_after_offset,
            LexemeKind::String if is_pattern => {
                let repeats = repeats(word);
                repeats_in_all = repeats_in_all.saturating_add(repeats);
                if repeats > MAX_REPEATS || repeats_in_all > MAX_REPEATS_IN_ALL {
                    let message = "regular expressions repeat their parts too often here";
                    return Err(Fault::new(lexeme.range.clone(), message));
                }
            }
            LexemeKind::Number if in_range || was_after_offset => {
                let seconds = seconds(word);
                if !(0.0..=MAX_SECONDS).contains(&seconds) || (in_range && seconds == 0.0) {
                    return Err(Fault::new(
                        lexeme.range.clone(),
                        format!("`{word}` is no length of time"),
                    ));
                }
            }
            _ => {}
        }
        if operators > MAX_OPERATORS {
            let message = format!("the query has more than {MAX_OPERATORS} operators");
            return Err(Fault::new(lexeme.range.clone(), message));
        }
    }
    Ok(())
}

fn is_word_operator(word: &str) -> bool {
    ["and", "or", "unless", "atan2"].iter().any(|operator| word.eq_ignore_ascii_case(operator))
}

/// How often a regular expression, as it is quoted, repeats its innermost part by counts such as
/// `{3}` or `{1,3}`: 1 if it has none.
fn repeats(pattern: &str) -> usize {
    // For each open group the most that something in it is repeated; then for the last part.
    let mut groups = vec![1_usize];
    let mut last = 1_usize;
    let mut rest = pattern.bytes();
    while let Some(byte) = rest.next() {
        let part = match byte {
            b'\\' => {
                // A backslash is doubled in quotes; what follows it is no count.
                let _ = rest.by_ref().find(|escaped| *escaped != b'\\');
                1
            }
            b'(' => {
                groups.push(1);
                1
            }
            b')' if groups.len() > 1 => groups.pop().unwrap_or(1),
            b'{' => {
                let count = rest.clone().take_while(|byte| byte.is_ascii_digit() || *byte == b',');
                let count = String::from_utf8(count.collect()).unwrap_or_default();
                let most = count.split(',').filter_map(|most| most.parse::<usize>().ok()).max();
                last.saturating_mul(most.unwrap_or(1).max(1))
            }
            _ => 1,
        };
        last = part;
        if let Some(most) = groups.last_mut() {
            *most = (*most).max(part);
        }
    }
    groups.into_iter().max().unwrap_or(1)
}

/// The value of a number, which may be written in hexadecimal: 16 digits at most are of use then.
fn seconds(number: &str) -> f64 {
    if number.contains(['x', 'X']) {
        // Longer ones are refused by the parser, and shorter ones fit.
        return if number.len() > 10 { f64::INFINITY } else { 1.0 };
    }
    number.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_multiply_where_they_are_nested() {
        for (pattern, count) in [
            ("\"a.*b+\"", 1),
            ("\"[0-9]{1,3}x[0-9]{2}\"", 3),
            ("\"(a{10}b){20}\"", 200),
            ("\"((a{10}|c){20}d{3}){5,}\"", 1000),
            ("\"a\\\\{50}\"", 1),
            ("\"{Region}-a{9999999999999999999999}\"", 1),
            ("\"(((\"", 1),
        ] {
            assert_eq!(repeats(pattern), count, "{pattern}");
        }
    }
}
