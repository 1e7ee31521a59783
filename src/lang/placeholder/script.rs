//! What the text of a snippet says of variables, here-documents and functions by its signs alone.

use crate::lang::shell::HereDocument;
use crate::lang::variable::{is_variable, is_variable_byte};
use std::ops::Range;

/// The variable that a word sets, if it is `NAME=value`.
pub fn assigned(word: &str) -> Option<&str> {
    let (name, value) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    // `a=~"b"` and `a="b",` are matchers, `$PATH:…` adds to what is there.
    let reads_itself = || variables(value).any(|read| read == name) && !has_default(value, name);
    // `IFS=,`
    let is_listed = value.len() > 1 && value.ends_with(',');
    (is_variable(name) && !value.starts_with(['=', '~']) && !is_listed && !reads_itself())
        .then_some(name)
}

/// The names behind a `$`.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let length = rest.bytes().take_while(|byte| is_variable_byte(*byte)).count();
        (length > 0).then(|| &rest[..length])
    })
}

/// The variables that are set where they are not: `${NAMESPACE:=default}`; each with its place.
pub fn set_by_default(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let signs = memchr::memchr_iter(b'$', text.as_bytes());
    signs.filter_map(|at| {
        let rest = text[at + 1..].strip_prefix('{')?;
        let (name, rest) =
            rest.split_at(rest.bytes().take_while(|byte| is_variable_byte(*byte)).count());
        let is_set = rest.strip_prefix(':').unwrap_or(rest).starts_with('=');
        (is_set && !name.is_empty()).then_some((name, at))
    })
}

/// The variables that a sign sets: arithmetic, `(( NODE = 3 ))`, or a file that is opened, `exec {FD}>f`;
/// each with its place.
pub fn set_by_sign(text: &str) -> impl Iterator<Item = (&str, usize)> {
    // Most texts have none of these signs.
    let text = Some(text).filter(|text| has_sign(text.as_bytes()));
    text.into_iter().flat_map(set_by_signs)
}

fn set_by_signs(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let marked = |sign: &'static str| text.match_indices(sign);
    let computed = marked("((").flat_map(|(at, sign)| {
        let rest = &text[at + sign.len()..];
        let inside = &rest[..rest.find("))").unwrap_or(0)];
        let ends = inside.match_indices('=').filter(|(at, _)| !inside[at + 1..].starts_with('='));
        ends.map(move |(end, _)| (inside[..end].trim_end(), at))
    });
    let opened = ["}>", "}<"].into_iter().flat_map(marked);
    let opened = opened.map(|(at, _)| (&text[..at], at));
    computed.chain(opened).filter_map(|(before, at)| {
        let length = before.bytes().rev().take_while(|byte| is_variable_byte(*byte)).count();
        let name = &before[before.len() - length..];
        is_variable(name).then_some((name, at))
    })
}

/// Whether a text has one of the signs that set a variable: `((`, `}>` or `}<`.
fn has_sign(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'(', b'}', text).any(|at| {
        let next = text.get(at + 1);
        if text[at] == b'(' { next == Some(&b'(') } else { matches!(next, Some(b'<' | b'>')) }
    })
}

/// Whether a text says what a variable is taken for that is not set: `${FILTER:-}`.
pub fn has_default(text: &str, name: &str) -> bool {
    text.split("${").skip(1).any(|rest| {
        rest.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '-', '=', '?', '+']))
    })
}

/// The here-documents, each with whether its end is quoted, `<<'EOF'`: no shell reads a `$` in there.
pub fn here_documents(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut documents = Vec::new();
    let bytes = text.as_bytes();
    if !memchr::memchr_iter(b'<', bytes).any(|at| bytes.get(at + 1) == Some(&b'<')) {
        return documents;
    }
    for (at, _) in text.match_indices("<<") {
        let Some(document) = HereDocument::at(&text[at..]) else { continue };
        let mut start = at + document.operator + document.word;
        for line in text[start..].split_inclusive('\n') {
            if document.is_ended_by(line) {
                documents.push((at..start, document.is_quoted));
                break;
            }
            start += line.len();
        }
    }
    documents
}

/// The bodies of a script's functions, which end at a `}` that stands where they begin.
pub fn functions(text: &str) -> Vec<Range<usize>> {
    let mut functions = Vec::new();
    // One has two lines at least.
    if memchr::memchr(b'\n', text.as_bytes()).is_none() {
        return functions;
    }
    let mut open: Option<(usize, usize)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim();
        let indent = line.len() - line.trim_start().len();
        match open {
            None if written.ends_with('{')
                && (written.contains("()") || written.starts_with("function ")) =>
            {
                open = Some((start, indent));
            }
            Some((from, at)) if at == indent && written.starts_with('}') => {
                functions.push(from..start);
                open = None;
            }
            _ => {}
        }
        start += line.len();
    }
    functions
}
