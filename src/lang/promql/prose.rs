//! Queries in sentences: `To find the failures search for: x{state="FAIL"} > 0`.

use super::{Part, Read, evident_query, may_be_evident, ranges, sample};
use crate::lang::placeholder;
use crate::promql;
use smallvec::SmallVec;
use std::cell::LazyCell;
use std::ops::Range;

/// How many ends of a candidate are tried. A query ends right before the first word that can't be
/// part of it, or a few words earlier.
const MAX_ENDS: usize = 16;

/// How far a query may reach, in bytes: enough for any in a sentence, and a bound for lines with
/// thousands of colons and brackets.
const MAX_REACH: usize = 2000;

/// The queries in a paragraph, with their ranges of its text, in order. Each stands on one line, and outside
/// of inline code. It follows a colon and white space, or begins at a word with a bracket that only
/// a query has: `x{a="b"}`, `rate(`, `sum by (`.
///
/// Words are near, so the evidence is stricter than for whole snippets: there must be a matcher, a
/// range, or a call over the name of a metric. And since words follow, a query ends before an
/// operator whose right side is just a word.
pub fn in_prose(text: &str) -> Vec<Part> {
    let mut queries: Vec<Part> = Vec::new();
    // Most texts end here.
    if !has_bracket(text) {
        return queries;
    }
    // Bytes of ASCII are no part of other characters.
    let mut brackets = memchr::memchr3_iter(b'{', b'[', b'(', text.as_bytes()).peekable();
    let code = LazyCell::new(|| code_spans(text));
    let mut at = 0;
    let mut colons = memchr::memchr_iter(b':', text.as_bytes()).peekable();
    // Behind the last bracket there is no query.
    while let Some(bracket) = brackets.peek().copied() {
        let query = match colons.next_if(|colon| *colon < bracket) {
            Some(colon) if colon < at => None,
            Some(colon) => candidate_start(text, colon + 1)
                .filter(|start| near_line(text, *start).is_some_and(has_bracket))
                .filter(|_| !is_inside(&code, colon))
                .and_then(|start| query_at(text, &code, start)),
            None => {
                brackets.next();
                let word = (bracket >= at).then(|| word_of_query(text, bracket)).flatten();
                word.filter(|word| *word >= at && begins_apart(&text[..*word]))
                    .filter(|_| !is_inside(&code, bracket))
                    .and_then(|word| query_around(text, &code, word, at))
            }
        };
        if let Some(query) = query {
            at = query.range.end;
            queries.push(query);
        }
    }
    queries
}

/// The series in a paragraph that are no queries, as Prometheus prints them with a value or with all
/// their labels: ranges of its text, in order, from the name to the brace that closes it.
pub fn series_in_prose(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let bytes = text.as_bytes();
    let is_given = |sign: usize| bytes.get(sign + 1) == Some(&b'"');
    let code = LazyCell::new(|| code_spans(text));
    let mut has_value = None;
    for brace in memchr::memchr_iter(b'{', bytes) {
        // Most texts have none.
        if !*has_value.get_or_insert_with(|| memchr::memchr_iter(b'=', bytes).any(is_given)) {
            break;
        }
        let at = found.last().map_or(0, |series| series.end);
        if brace < at || !holds_matcher(&text[brace + 1..]) || is_inside(&code, brace) {
            continue;
        }
        let line = near_line(text, brace).unwrap_or_default();
        let Some((labels, _)) = sample::split_after_brace(line) else { continue };
        let start = brace - last_word(&text[..brace]).len();
        let series = start.max(at)..brace + labels.len();
        if begins_apart(&text[..series.start])
            && promql::try_parse(&text[series.clone()], &[]).is_some()
        {
            found.push(series);
        }
    }
    found
}

/// The query that begins at a place.
fn query_at(text: &str, code: &[Range<usize>], start: usize) -> Option<Part> {
    let line = near_line(text, start)?;
    let line_end = start + line.len();
    let end = next_code_span(code, start).map_or(line_end, |span| span.start.min(line_end));
    let (length, read) = begin_of_query(text.get(start..end)?)?;
    Some(Part { range: start..start + length, read })
}

/// What stands on its line from a place on, as far as a query may reach.
fn near_line(text: &str, start: usize) -> Option<&str> {
    let mut end = text.len().min(start + MAX_REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = text.get(start..end)?;
    Some(&near[..memchr::memchr2(b'\n', b'\r', near.as_bytes()).unwrap_or(near.len())])
}

/// The query, behind `from`, that the word of a query at a place is a part of.
fn query_around(text: &str, code: &[Range<usize>], word: usize, from: usize) -> Option<Part> {
    let start = first_operand(text, word).max(from);
    let query = query_at(text, code, start)?;
    // Brackets before it are those of the sentence, unless what they hold is only a part, as in
    // `100 - (avg(x) * 100) > 80`.
    let brackets = text[from..start].len() - text[from..start].trim_end_matches('(').len();
    let whole_start = || first_operand(text, start - brackets).max(from);
    let whole = (brackets > 0).then(|| query_at(text, code, whole_start())).flatten();
    Some(whole.filter(|whole| whole.range.end > query.range.end + brackets).unwrap_or(query))
}

/// Where the word begins that makes a bracket one of a query: a metric before matchers or a range,
/// a function before its arguments, an aggregation before its labels.
fn word_of_query(text: &str, bracket: usize) -> Option<usize> {
    let before = &text[..bracket];
    let word = last_word(before);
    let behind = &text[bracket + 1..];
    let is_name = |word: &str| word.starts_with(|c: char| !c.is_ascii_digit());
    let stands = match text.as_bytes()[bracket] {
        b'{' => is_name(word) && !behind.starts_with('{') && holds_matcher(behind),
        b'[' => is_name(word) && behind.starts_with(|c: char| c.is_ascii_digit() || c == '<'),
        _ if word.is_empty() || matches!(word, "by" | "without") => {
            let by = before.trim_end_matches([' ', '\t']);
            let word = last_word(by);
            if !matches!(word, "by" | "without") {
                return None;
            }
            let aggregation = by[..by.len() - word.len()].trim_end_matches([' ', '\t']);
            let word = last_word(aggregation);
            return promql::is_aggregation(word).then_some(aggregation.len() - word.len());
        }
        _ => promql::is_function(word) || promql::is_aggregation(word),
    };
    stands.then_some(bracket - word.len())
}

/// Whether what follows `{` begins as a matcher does.
fn holds_matcher(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '\t']);
    let name = behind.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
    let operator = name.map_or("", |length| behind[length..].trim_start_matches([' ', '\t']));
    operator.starts_with(['=', '!'])
}

/// The name, as far as PromQL has names, or the number that a text ends with.
fn last_word(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.');
    let word = text.len() - text.trim_end_matches(is_part).len();
    // A mark of emphasis is no part of it, `_rate(x[5m])_`.
    text[text.len() - word..].trim_start_matches(['_', ':', '.'])
}

/// Whether a word that follows may begin a query: it is no part of an address, a value, a name or
/// a comment.
fn begins_apart(before: &str) -> bool {
    if before.ends_with("# ") {
        return false;
    }
    before
        .trim_end_matches(['*', '_', '(', '|'])
        .chars()
        .next_back()
        .is_none_or(char::is_whitespace)
        || operand_before(before).is_some()
}

/// Where the first operand of the query begins that the word at a place is a part of:
/// `100 * sum(x)`.
fn first_operand(text: &str, word: usize) -> usize {
    let mut start = word;
    while let Some(before) = operand_before(&text[..start]) {
        start = before;
    }
    start
}

/// Where the operand begins that stands before the operator at the end of a text: a number or the
/// name of a metric.
fn operand_before(text: &str) -> Option<usize> {
    let text = text.trim_end_matches([' ', '\t']);
    let behind = text.trim_end_matches(['+', '-', '*', '/', '%', '=', '!', '<', '>']);
    let has_operator = (1..=2).contains(&(text.len() - behind.len()));
    let operand = behind.trim_end_matches([' ', '\t']);
    let word = last_word(operand);
    let before = &operand[..operand.len() - word.len()];
    let is_operand = word.parse::<f64>().is_ok_and(f64::is_finite) || promql::is_metric_like(word);
    let is_apart = before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == '(');
    (has_operator && is_operand && is_apart).then_some(before.len())
}

/// Where the text behind a colon begins: behind white space, one line break at most, and the end
/// of the emphasis that the colon may stand in (`**Query:** …`).
fn candidate_start(text: &str, behind_colon: usize) -> Option<usize> {
    let rest = text.get(behind_colon..)?;
    let spaced = rest.trim_start_matches(['*', '_']);
    let candidate = spaced.trim_start_matches([' ', '\t', '\r', '\n']);
    let space = spaced.get(..spaced.len() - candidate.len())?;
    let is_apart = !space.is_empty() && space.matches('\n').count() <= 1;
    is_apart.then_some(behind_colon + rest.len() - candidate.len())
}

/// How many bytes of a candidate are a query, and what was read there; none if it does not begin with
/// one.
fn begin_of_query(candidate: &str) -> Option<(usize, Option<Read>)> {
    // Where no query begins, a name by itself is what looks most like one.
    if !has_bracket(candidate) || promql::begins_no_query(candidate) {
        return None;
    }
    let placeholders = placeholder::find(candidate);
    let holes = ranges(&placeholders);
    let beginning = promql::Beginning::of(candidate, &holes);
    beginning.ends().into_iter().take(MAX_ENDS).find_map(|end| {
        let (prefix, rest) = candidate.split_at_checked(end).unwrap_or_default();
        if !has_bracket(prefix) || sample::begins_with_value(rest) {
            return None;
        }
        // Behind nearly all queries the line is at its end, and all of it is taken apart already.
        let read = if rest.is_empty() && prefix.trim().len() == prefix.len() {
            let query = may_be_evident(prefix).then(|| beginning.whole()).flatten()?;
            Read { query, placeholders: placeholders.clone() }
        } else {
            evident_query(prefix)?
        };
        let is_one = read.query.features().in_prose() && read.query.has_evident_operands();
        is_one.then(|| (end, Some(read).filter(|_| prefix.trim().len() == prefix.len())))
    })
}

fn has_bracket(text: &str) -> bool {
    memchr::memchr3(b'{', b'[', b'(', text.as_bytes()).is_some()
}

/// The spans of inline code: from a run of backticks to the next run of as many.
fn code_spans(text: &str) -> SmallVec<[Range<usize>; 4]> {
    let mut runs: SmallVec<[Range<usize>; 8]> = SmallVec::new();
    for at in memchr::memchr_iter(b'`', text.as_bytes()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    let mut spans = SmallVec::new();
    let mut index = 0;
    while let Some(open) = runs.get(index) {
        let rest = runs.get(index + 1..).unwrap_or_default();
        match rest.iter().position(|close| close.len() == open.len()) {
            Some(distance) => {
                let end = rest.get(distance).map_or(open.end, |close| close.end);
                spans.push(open.start..end);
                index += distance + 2;
            }
            None => index += 1,
        }
    }
    spans
}

fn is_inside(code: &[Range<usize>], at: usize) -> bool {
    next_code_span(code, at).is_some_and(|span| span.start <= at)
}

/// The span of inline code that `at` is in, or the first one behind it.
fn next_code_span(code: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    code.get(code.partition_point(|span| span.end <= at))
}
