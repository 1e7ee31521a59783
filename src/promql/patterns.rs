//! Queries without the patterns of their matchers.
//!
//! promql-parser compiles each regular expression of a query, with a syntax that is not Prometheus'.
//! Its copy of a query has dummies for them, which [`Patterns`] puts right again in what it returns.

use super::regular_expression;
use super::scan::{Lexeme, LexemeKind};
use super::unquoted::unquoted;
use promql_parser::util::escape_string;
use std::borrow::Cow;

/// What promql-parser is given.
pub(super) struct WithoutPatterns<'t> {
    /// The query with a dummy for each pattern, compared with `=` or `!=`; as it was, if there are none.
    pub text: Cow<'t, str>,
    /// What the dummies stand for.
    pub patterns: Patterns,
}

/// The patterns of a query, by the numbers of their dummies.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Debug, Clone)]
struct Pattern {
    text: String,
    is_negated: bool,
}

const DUMMY_START: &str = "__pattern_";
const DUMMY_END: &str = "__";

/// Takes the patterns out of a text. Patterns that Prometheus refuses stay, and are refused by who
/// explains the text: `None`.
pub(super) fn without_patterns<'t>(
    text: &'t str,
    lexemes: &[Lexeme],
) -> Option<WithoutPatterns<'t>> {
    let mut patterns = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    for pair in lexemes.windows(2) {
        let [operator, string] = pair else { continue };
        if operator.kind != LexemeKind::Operator {
            continue;
        }
        let is_negated = match &text[operator.range.clone()] {
            "=~" => false,
            "!~" => true,
            _ => continue,
        };
        let unquoted = (string.kind == LexemeKind::String)
            .then(|| unquoted(&text[string.range.clone()]))
            .flatten();
        let Some(pattern) = unquoted else { continue };
        let read = regular_expression::read(&pattern)?;
        // A selector must match one label against something that is not empty. The dummy does so
        // where the pattern does.
        let selects = read.matches_empty == is_negated;
        plain.push_str(&text[at..operator.range.start]);
        plain.push_str(if selects { "=" } else { "!=" });
        plain.push_str(&text[operator.range.end..string.range.start]);
        plain.push_str(&format!("\"{DUMMY_START}{}{DUMMY_END}\"", patterns.len()));
        at = string.range.end;
        patterns.push(Pattern { text: pattern, is_negated });
    }
    let text = if patterns.is_empty() { Cow::Borrowed(text) } else { (plain + &text[at..]).into() };
    Some(WithoutPatterns { text, patterns: Patterns(patterns) })
}

impl Patterns {
    /// The pattern that a matcher's value is a dummy for, and whether it must not match.
    pub fn behind(&self, value: &str) -> Option<(&str, bool)> {
        let number = value.strip_prefix(DUMMY_START)?.strip_suffix(DUMMY_END)?;
        let pattern = self.0.get(number.parse::<usize>().ok()?)?;
        Some((&pattern.text, pattern.is_negated))
    }

    /// Whether there are none, as in most queries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a printed query, with the patterns in it.
    pub fn restore(&self, printed: String) -> String {
        if self.is_empty() {
            return printed;
        }
        let mut restored = String::with_capacity(printed.len());
        let mut rest = printed.as_str();
        let quoted_start = format!("\"{DUMMY_START}");
        while let Some((before, behind)) = rest.split_once(&quoted_start) {
            let end = behind.find('"').unwrap_or(behind.len());
            let dummy = format!("{DUMMY_START}{}", &behind[..end]);
            match self.behind(&dummy) {
                Some((pattern, is_negated)) => {
                    restored.push_str(before.trim_end_matches(['!', '=']));
                    restored.push_str(if is_negated { "!~" } else { "=~" });
                    restored.push_str(&format!("\"{}", escape_string(pattern)));
                }
                None => restored.push_str(&format!("{before}\"{dummy}")),
            }
            rest = &behind[end..];
        }
        restored + rest
    }
}
