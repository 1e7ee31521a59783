//! Queries of which something says that they are some: the fences of PromQL.

use super::placeholder::{self, Placeholder};
use super::{Part, Read, blocks, lines, ranges, split};
use crate::promql;
use std::ops::Range;

/// How many queries are told apart among lines of which one has a fault. Of more, the rest is taken
/// for one query.
const MOST_PARTS: usize = 40;

/// How many blank lines a query may have in it.
const MOST_BLANKS: usize = 100;

/// The queries of a fence that says it is PromQL: split as [`super::evident_in_block`] does, but
/// nothing has to be evident. Where some of it is no query, the parts that are queries stand by
/// themselves, so that the fault is told of the part that has it.
pub fn split_declared(text: &str) -> Vec<Part> {
    split(text, read).unwrap_or_else(|| {
        let parts = groups(text).into_iter().flat_map(|group| queries_of(text, group));
        parts.map(|range| Part { range, read: None }).collect()
    })
}

/// The holes of a text that is meant as a query: its placeholders, and what its author left out
/// (`...`) or set in stars.
pub(super) fn declared_holes(text: &str) -> Vec<Range<usize>> {
    declared_among(text, &placeholder::find(text))
}

/// The same of a text whose placeholders are known.
pub fn declared_among(text: &str, placeholders: &[Placeholder]) -> Vec<Range<usize>> {
    let mut found = ranges(placeholders);
    let is_apart = |one: &Range<usize>, found: &[Range<usize>]| {
        let next = found.partition_point(|hole| hole.end <= one.start);
        found.get(next).is_none_or(|hole| hole.start >= one.end)
    };
    // Nearly all texts are of ASCII and without a dot.
    let dots = memchr::memchr(b'.', text.as_bytes()).map(|_| "...");
    let marks = dots.into_iter().chain((!text.is_ascii()).then_some("…"));
    let ellipses = marks.flat_map(|mark| text.match_indices(mark));
    let ellipses = ellipses.map(|(at, mark)| at..at + mark.len());
    for one in ellipses.chain(starred(text)) {
        if is_apart(&one, &found[..placeholders.len()]) {
            found.push(one);
        }
    }
    found.sort_by_key(|hole| (hole.start, hole.end));
    found
}

/// Words in stars where an operand or a value stands, `[*range*]`.
fn starred(text: &str) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr_iter(b'*', text.as_bytes()).filter_map(|start| {
        let before = text[..start].trim_end_matches(' ').chars().next_back();
        let name = text[start + 1..]
            .find(|byte: char| byte != '_' && byte != '-' && !byte.is_ascii_alphanumeric())?;
        let end = start + name + 2;
        let behind = text.get(end..).and_then(|rest| rest.trim_start_matches(' ').chars().next());
        let begins = before.is_none_or(|before| "([{,=~<>+-/".contains(before));
        let ends = behind.is_none_or(|behind| ")]},:<>=!+-/\n\r".contains(behind));
        // A letter beyond ASCII ends the name as well, and has more bytes than one.
        let is_closed = text.get(..end).is_some_and(|text| text.ends_with('*'));
        (name > 0 && begins && ends && is_closed).then_some(start..end)
    })
}

fn read(part: &str) -> Option<Read> {
    let placeholders = placeholder::find(part);
    let query = promql::try_parse(part, &declared_among(part, &placeholders))?;
    Some(Read { query, placeholders })
}

/// The parts of a text between blank lines and comments; those in one in which a bracket is open
/// belong together, if it is closed in the last of them.
fn groups(text: &str) -> Vec<Range<usize>> {
    let blocks = blocks(text);
    let mut groups = Vec::new();
    let mut next = 0;
    while let Some(first) = blocks.get(next) {
        let mut open = open_brackets(&text[first.clone()]);
        let mut last = next;
        let mut ahead = next;
        while open > 0
            && let Some(block) = blocks.get(ahead + 1).filter(|_| ahead < next + MOST_BLANKS)
        {
            ahead += 1;
            open += open_brackets(&text[block.clone()]);
            if open <= 0 {
                last = ahead;
            }
        }
        // What closes nothing that is open is a fault by itself.
        let end = blocks.get(last).map_or(first.end, |last| last.end);
        groups.push(first.start..end);
        next = last + 1;
    }
    groups
}

/// How many more brackets a text opens than it closes. Those in strings are counted as well: where
/// they matter, the text has a fault in any case.
fn open_brackets(text: &str) -> isize {
    let opened = text.matches(['(', '[', '{']).count();
    let closed = text.matches([')', ']', '}']).count();
    opened.cast_signed() - closed.cast_signed()
}

/// The queries of a group of lines, with those that have a fault.
fn queries_of(text: &str, group: Range<usize>) -> Vec<Range<usize>> {
    let starts: Vec<Range<usize>> =
        lines(text, group.clone()).filter(|line| !line.is_empty()).collect();
    let mut found = Vec::new();
    let mut start = group.start;
    while found.len() < MOST_PARTS {
        let rest = &text[start..group.end];
        let Some(fault) = fault(rest).map(|at| start + at) else { break };
        // Where a query is whole before the line with the fault, another one begins there.
        if let Some(line) = starts.iter().find(|line| line.start == fault && line.start > start) {
            let before = text[start..line.start].trim_end();
            if read(before).is_some() && begins_query(&text[line.clone()]) {
                found.push(start..start + before.len());
                start = line.start;
                continue;
            }
        }
        match next_query(text, &starts, start, fault) {
            Some((end, next)) => {
                found.push(start..end);
                start = next;
            }
            None => break,
        }
    }
    found.push(start..group.end);
    found
}

/// Where a text stops to be a query, if it is none.
fn fault(text: &str) -> Option<usize> {
    promql::parse_with_holes(text, &declared_holes(text)).err().map(|error| error.range.start)
}

/// The end of the query that begins at `start`, on one line, and has a fault; and where the next one
/// begins, if that is on the next line.
fn next_query(
    text: &str,
    lines: &[Range<usize>],
    start: usize,
    fault: usize,
) -> Option<(usize, usize)> {
    let index = lines.iter().position(|line| line.start == start)?;
    let (line, next) = (lines.get(index)?, lines.get(index + 1)?);
    let written = &text[line.clone()];
    let goes_on = written.ends_with(['(', '[', '{', ',', '+', '-', '*', '/', '=', '<', '>'])
        || written.rsplit(' ').next().is_some_and(promql::is_keyword);
    let column = |at: usize| at - text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_alone = fault <= line.end
        && !goes_on
        && column(next.start) <= column(start)
        && begins_query(&text[next.clone()]);
    is_alone.then_some((line.end, next.start))
}

/// Whether a line may begin a query, and does not go on with one.
fn begins_query(line: &str) -> bool {
    let word = line.split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or_default();
    !promql::is_keyword(word)
        && !line.starts_with([
            ')', ']', '}', ',', '+', '-', '*', '/', '%', '^', '=', '<', '>', '!', '@', '[',
        ])
}
