//! PromQL among the snippets of a runbook: which texts are queries though nothing says so.
//!
//! Most queries stand in fences without a language, in inline code or in a sentence. That a text
//! can be parsed is not enough: `kube-system` is a subtraction to PromQL. A text is *evidently* a
//! query when all of it can be parsed, with its placeholders as holes, and something in it is
//! unmistakable (see [`crate::promql::Features`]).

mod declared;
mod prose;
mod sample;

pub use declared::{declared_among, declared_holes, split_declared};
pub use prose::{in_prose, series_in_prose};

use super::placeholder;
use crate::promql::{self, Query};
use std::ops::Range;

/// A part of a text that is a query, or is meant as one.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What was read there; nothing where it may have a fault.
    pub query: Option<Query>,
}

/// Whether a whole snippet is series as Prometheus prints them.
pub fn is_sample(text: &str) -> bool {
    let text = text.trim();
    may_be_query(text) && sample::is_sample(text)
}

/// The query that a whole snippet is, if it is evidently one.
pub fn evident_query(text: &str) -> Option<Query> {
    let text = text.trim();
    if !may_be_query(text) || sample::is_sample(text) {
        return None;
    }
    promql::try_parse(text, &holes(text)).filter(|query| query.features().any())
}

/// The queries that a fence consists of: the whole of it, or several that are each on their own
/// line, or apart by blank lines or comments. None if any part of it is something else.
pub fn split_queries(text: &str) -> Vec<Part> {
    split(text, evident_query).unwrap_or_default()
}

/// The parts of a text that are queries each; none if it does not consist of queries.
fn split(text: &str, read: impl Fn(&str) -> Option<Query>) -> Option<Vec<Part>> {
    let part = |range: Range<usize>| {
        let query = read(text.get(range.clone())?)?;
        Some(Part { range, query: Some(query) })
    };
    let blocks = blocks(text);
    if let Some(whole) = part(whole(&blocks)?) {
        return Some(vec![whole]);
    }
    let mut queries = Vec::new();
    for block in blocks {
        match part(block.clone()) {
            Some(query) => queries.push(query),
            None => {
                for line in lines(text, block) {
                    queries.push(part(line)?);
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

fn holes(text: &str) -> Vec<Range<usize>> {
    placeholder::find(text).into_iter().map(|found| found.range).collect()
}

/// Whether the bytes of a text allow for a query with evidence in it. Nearly all inline code ends
/// here.
fn may_be_query(text: &str) -> bool {
    let may_begin = text
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_alphanumeric() || b"_:({<$*-+.#\"'".contains(&first));
    may_begin
        && text.len() <= promql::MAX_LENGTH
        && (text.bytes().any(|byte| b"{[(<>".contains(&byte))
            || ["==", "!=", "offset", "OFFSET"].iter().any(|sign| text.contains(sign)))
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
