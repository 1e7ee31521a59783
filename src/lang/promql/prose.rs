//! Queries in sentences: `To find the failures search for: x{state="FAIL"} > 0`.

use super::{Verdict, classify, evident_query, holes, sample};
use crate::promql;
use std::ops::Range;

/// How many ends of a candidate are tried. A query ends right before the first word that can't be
/// part of it, or a few words earlier.
const MAX_ENDS: usize = 16;

/// How far behind its colon a query may reach, in bytes: enough for any in a sentence, and a bound
/// for lines with thousands of colons.
const MAX_REACH: usize = 2000;

/// The queries in a paragraph, as ranges of its text, in order. Each follows a colon and white
/// space, stands on one line, and outside of inline code.
///
/// Words are near, so the evidence is stricter than for whole snippets: there must be a matcher, a
/// range, or a call over the name of a metric. And since words follow, a query ends before an
/// operator whose right side is just a word.
pub fn in_prose(text: &str) -> Vec<Range<usize>> {
    let mut queries = Vec::new();
    if !text.contains(':') || !has_bracket(text) {
        return queries;
    }
    let code = code_spans(text);
    let mut at = 0;
    while let Some(colon) = text.get(at..).and_then(|rest| rest.find(':')) {
        let colon = at + colon;
        at = colon + 1;
        if is_inside(&code, colon) {
            continue;
        }
        let Some(start) = candidate_start(text, at) else {
            continue;
        };
        let rest = text.get(start..).unwrap_or_default();
        let line_end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let end = next_code_span(&code, start).map_or(line_end, |span| span.start.min(line_end));
        let mut end = end.min(start + MAX_REACH);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let candidate = text.get(start..end).unwrap_or_default();
        if let Some(length) = query_length(candidate) {
            queries.push(start..start + length);
            at = start + length;
        }
    }
    queries
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

/// How many bytes of a candidate are a query; none if it does not begin with one.
fn query_length(candidate: &str) -> Option<usize> {
    if !has_bracket(candidate) {
        return None;
    }
    let ends = promql::prefix_ends(candidate, &holes(candidate));
    ends.into_iter().take(MAX_ENDS).find(|end| {
        let (prefix, rest) = candidate.split_at_checked(*end).unwrap_or_default();
        has_bracket(prefix)
            && !sample::begins_with_value(rest)
            && evident_query(prefix)
                .is_some_and(|query| query.features().in_prose() && query.has_evident_operands())
            && classify(prefix) == Verdict::Query
    })
}

fn has_bracket(text: &str) -> bool {
    text.contains(['{', '[', '('])
}

/// The spans of inline code: from a run of backticks to the next run of as many.
fn code_spans(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    let mut spans = Vec::new();
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
