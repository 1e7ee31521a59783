//! Series as Prometheus and its tools print them, which are no queries.
//!
//! The forms are those of the text exposition format (`name{…} value timestamp`, `# TYPE`), of
//! promtool (`name{…} => value @[timestamp]`) and of the table in Prometheus' page (`name{…}`,
//! with every label that the series has).

use crate::lang::placeholder;
use crate::promql::{self, MatchOperator, Selector};
use crate::source::ByteSet;

/// Whether every line of a text shows a series, and at least one beyond doubt.
pub(super) fn is_sample(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_given = |at: usize| bytes.get(at + 1) == Some(&b'"');
    let is_typed = |at: usize| bytes[at..].starts_with(b"# TYPE");
    if !memchr::memchr_iter(b'=', bytes).any(is_given)
        && !memchr::memchr_iter(b'#', bytes).any(is_typed)
    {
        return false;
    }
    let mut beyond_doubt = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("# TYPE ") || line.starts_with("# HELP ") {
            beyond_doubt = true;
        } else if line.is_empty() || line.starts_with('#') || line == "..." {
            // Says nothing about the lines around it.
        } else if line.contains('{') {
            if !is_series(line) {
                return false;
            }
            beyond_doubt = true;
        } else if !is_plain(line) {
            return false;
        }
    }
    beyond_doubt
}

/// Whether a line that is no comment gives a label a value.
pub(super) fn has_label(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("=\""))
}

/// `name{…} value`, or a series with all of its labels and without a value.
fn is_series(line: &str) -> bool {
    let Some((series, value)) = split_after_brace(line) else {
        return false;
    };
    // Behind the series of a query stands no value, which is quick to see.
    let has_value = !value.trim().is_empty();
    if has_value && !is_value(value) {
        return false;
    }
    // A label is in the text by its name, unless a string has an escape.
    let may_have = |label| series.contains(label) || series.contains('\\');
    if !has_value && !SCRAPED.iter().all(|label| may_have(*label)) {
        return false;
    }
    let Some(selector) = promql::sole_selector(series) else { return false };
    let equal = |operator| operator == MatchOperator::Equal;
    if !selector.matchers.iter().all(|matcher| equal(matcher.operator)) {
        return false;
    }
    has_value || is_fully_labelled(&selector) && placeholder::find(line).is_empty()
}

/// The labels that Prometheus gives each series that it scrapes. Nobody types both.
const SCRAPED: [&str; 2] = ["instance", "job"];

fn is_fully_labelled(selector: &Selector) -> bool {
    let has = |label: &str| selector.matchers.iter().any(|matcher| matcher.label.text == label);
    selector.metric.is_some() && SCRAPED.into_iter().all(has)
}

/// `name value`
fn is_plain(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(name, value)| {
        let is_name =
            name.bytes().all(|byte| byte == b'_' || byte == b':' || byte.is_ascii_alphanumeric());
        is_name && !name.is_empty() && is_value(value)
    })
}

/// Whether a value stands at the beginning of what follows a series.
pub(super) fn begins_with_value(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let first = match words.next() {
        Some("=>") => words.next(),
        first => first,
    };
    first.is_some_and(|word| word.parse::<f64>().is_ok())
}

/// `5`, `=> 5`, `5 1600000000`, `=> 5 @[1600000000.5]`
fn is_value(text: &str) -> bool {
    let is_time = |word: &str| word.trim_matches(['@', '[', ']']).parse::<f64>().is_ok();
    let mut behind = text.split_whitespace().skip_while(|word| *word == "=>").skip(1);
    begins_with_value(text) && behind.next().is_none_or(is_time) && behind.next().is_none()
}

/// A line cut behind the brace that closes its first one; braces in strings don't count.
pub(super) fn split_after_brace(line: &str) -> Option<(&str, &str)> {
    static MARKS: ByteSet = ByteSet::of(b"\\\"}");
    let bytes = line.as_bytes();
    let mut quoted = false;
    let mut at = 0;
    loop {
        at += MARKS.first_in(bytes.get(at..)?)?;
        match bytes[at] {
            // What is escaped is passed over.
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            _ if !quoted => return line.split_at_checked(at + 1),
            _ => {}
        }
        at += 1;
    }
}
