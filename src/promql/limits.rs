//! What is refused before it is parsed, because parsing it would break something.
//!
//! The tree that promql-parser builds is walked and dropped by recursion, and it turns some numbers
//! into durations without looking whether they are any.

use super::explain::Fault;
use super::grammar::precedence;
use super::scan::{Lexeme, LexemeKind};

/// The longest query, in bytes. The longest ones people write have a few thousand.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 100;

/// How many operators a query may have: a chain of them is a tree as deep as it is long.
const MAX_OPERATORS: usize = 1000;

/// The longest word that is an operator, or says that an offset follows, in bytes.
const LONGEST_OPERATOR: usize = "offset".len();

/// The longest range or offset in seconds, some 30,000 years. What Prometheus itself can hold is
/// far less.
const MAX_SECONDS: f64 = 1e12;

/// Refuses what is too long, too deep, or no duration.
pub(super) fn check(text: &str, lexemes: &[Lexeme]) -> Result<(), Fault> {
    if text.len() > MAX_LENGTH {
        let message = format!("a query of more than {MAX_LENGTH} bytes is not read");
        return Err(Fault::new(0..text.len(), message));
    }
    let mut depth = 0_usize;
    let mut operators = 0_usize;
    let mut in_range = false;
    let mut after_offset = false;
    for lexeme in lexemes {
        let word = || text.get(lexeme.range.clone()).unwrap_or_default();
        let was_after_offset = std::mem::take(&mut after_offset);
        match lexeme.kind {
            LexemeKind::Open => {
                depth += 1;
                in_range = word() == "[";
                if depth > MAX_DEPTH {
                    let message = format!("brackets are nested more than {MAX_DEPTH} deep");
                    return Err(Fault::new(lexeme.range.clone(), message));
                }
            }
            LexemeKind::Close => {
                depth = depth.saturating_sub(1);
                in_range = false;
            }
            LexemeKind::Word if lexeme.range.len() <= LONGEST_OPERATOR => {
                let word = word();
                after_offset = word.eq_ignore_ascii_case("offset");
                operators += usize::from(precedence(word).is_some());
            }
            LexemeKind::Operator => {
                after_offset = was_after_offset;
                operators += 1;
            }
            LexemeKind::Comment => after_offset = was_after_offset,
            LexemeKind::Number if in_range || was_after_offset => {
                let word = word();
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

/// The value of a number, which may be written in hexadecimal: 16 digits at most are of use then.
fn seconds(number: &str) -> f64 {
    if number.contains(['x', 'X']) {
        // Longer ones are refused by the parser, and shorter ones fit.
        return if number.len() > 10 { f64::INFINITY } else { 1.0 };
    }
    number.parse().unwrap_or(f64::NAN)
}
