//! PromQL among the snippets of a runbook: which texts are queries though nothing says so.
//!
//! Most queries stand in fences without a language, in inline code or in a sentence. That a text
//! can be parsed is not enough: `kube-system` is a subtraction to PromQL. A text is *evidently* a
//! query when all of it can be parsed, with its placeholders as holes, and something in it is
//! unmistakable (see [`crate::promql::Features`]).

mod declared;
mod prose;
mod sample;

pub use declared::{declared_among, split_declared};
pub use prose::{in_prose, series_in_prose};

use super::placeholder::{self, Placeholder};
use crate::promql::{self, Query};
use std::ops::Range;

/// A part of a text that is a query, or is meant as one.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What was read there; nothing where it may have a fault.
    pub read: Option<Read>,
}

/// A query that was read.
#[derive(Debug, Clone)]
pub struct Read {
    /// The query.
    pub query: Query,
    /// The placeholders of its text.
    pub placeholders: Vec<Placeholder>,
}

/// Whether a whole snippet is series as Prometheus prints them.
fn is_sample(text: &str) -> bool {
    let text = text.trim();
    may_be_query(text) && sample::is_sample(text)
}

/// The queries that a whole fence evidently is; no part where it is series as Prometheus prints them.
pub fn evident_in_block(text: &str) -> Option<Vec<Part>> {
    let is_sample = is_sample(text);
    // Of such series one with a label makes each part that it stands in a sample as well.
    let parts = if is_sample && sample::has_label(text) { Vec::new() } else { split_queries(text) };
    (is_sample || !parts.is_empty()).then_some(parts)
}

/// The query that a whole snippet evidently is, as the only part of it; no part where it is series as
/// Prometheus prints them.
pub fn evident(text: &str) -> Option<Vec<Part>> {
    let start = text.len() - text.trim_start().len();
    let text = text.trim();
    if !may_be_query(text) {
        return None;
    }
    if sample::is_sample(text) {
        return Some(Vec::new());
    }
    let range = start..start + text.len();
    Some(vec![Part { range, read: Some(with_evidence(text)?) }])
}

/// The query that a whole text is, if it is evidently one.
fn evident_query(text: &str) -> Option<Read> {
    let text = text.trim();
    if may_be_evident(text) { with_evidence(text) } else { None }
}

/// Whether a text may be a query with evidence in it, and is no series as Prometheus prints them.
fn may_be_evident(text: &str) -> bool {
    may_be_query(text) && !sample::is_sample(text)
}

/// The query that a text is in which something is unmistakable.
fn with_evidence(text: &str) -> Option<Read> {
    if promql::begins_no_query(text) {
        return None;
    }
    let placeholders = placeholder::find(text);
    let query = promql::try_parse(text, &ranges(&placeholders))?;
    query.features().any().then_some(Read { query, placeholders })
}

/// The queries that a fence consists of: the whole of it, or several that are each on their own
/// line, or apart by blank lines or comments. None if any part of it is something else.
fn split_queries(text: &str) -> Vec<Part> {
    split(text, evident_query).unwrap_or_default()
}

/// The parts of a text that are queries each; none if it does not consist of queries.
fn split(text: &str, read: impl Fn(&str) -> Option<Read>) -> Option<Vec<Part>> {
    let part = |range: Range<usize>| {
        let read = read(text.get(range.clone())?)?;
        Some(Part { range, read: Some(read) })
    };
    let blocks = blocks(text);
    let whole = whole(&blocks)?;
    if let Some(whole) = part(whole.clone()) {
        return Some(vec![whole]);
    }
    let mut queries = Vec::new();
    for block in blocks {
        // What has been read as a whole is not read again as the only part of it.
        match (block != whole).then(|| part(block.clone())).flatten() {
            Some(query) => queries.push(query),
            None => {
                for line in lines(text, block.clone()) {
                    queries.push((line != block).then(|| part(line)).flatten()?);
                }
            }
        }
    }
    Some(queries)
}

/// From the first block to the last.
fn whole(blocks: &[Range<usize>]) -> Option<Range<usize>> {
    Some(blocks.first()?.start..blocks.last()?.end)
}

fn ranges(placeholders: &[Placeholder]) -> Vec<Range<usize>> {
    placeholders.iter().map(|found| found.range.clone()).collect()
}

/// Whether the bytes of a text allow for a query with evidence in it. Nearly all inline code ends
/// here.
fn may_be_query(text: &str) -> bool {
    let may_begin = text
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_alphanumeric() || b"_:({<$*-+.#\"'".contains(&first));
    may_begin && text.len() <= promql::MAX_LENGTH && has_sign(text.as_bytes())
}

/// Whether a text has a bracket, a comparison or an offset.
fn has_sign(text: &[u8]) -> bool {
    let is_compared = |at: usize| text.get(at + 1) == Some(&b'=') || at > 0 && text[at - 1] == b'!';
    let is_offset = |at: usize| {
        at > 0
            && [&b"offset"[..], b"OFFSET"].contains(&text.get(at - 1..at + 5).unwrap_or_default())
    };
    memchr::memchr3(b'{', b'[', b'(', text).is_some()
        || memchr::memchr2(b'<', b'>', text).is_some()
        || memchr::memchr3_iter(b'=', b'f', b'F', text)
            .any(|at| if text[at] == b'=' { is_compared(at) } else { is_offset(at) })
}

/// The runs of lines that are neither blank nor comments, without the white space around them.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for line in lines(text, 0..text.len()) {
        let content = text.get(line.clone()).unwrap_or_default();
        let is_part = !content.is_empty() && !content.starts_with('#');
        match blocks.last_mut() {
            Some(block) if is_part && is_open => block.end = line.end,
            _ if is_part => blocks.push(line),
            _ => {}
        }
        is_open = is_part;
    }
    blocks
}

/// The lines of a range, without the white space around them.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = range.start;
    let lines = text.get(range).unwrap_or_default().split_inclusive('\n');
    lines.map(move |line| {
        let content = line.trim();
        let begin = start + (line.len() - line.trim_start().len());
        start += line.len();
        // A blank line is an empty range, which begins where the line does not end yet.
        let begin = begin.min(start);
        begin..begin + content.len()
    })
}

#[cfg(test)]
mod tests;
