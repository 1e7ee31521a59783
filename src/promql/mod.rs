//! PromQL: whether a text is a query, what it asks for, and which part of it is what.
//!
//! - [`parse`] and [`parse_with_holes`] give a [`Query`], or a [`SyntaxError`] that points at the
//!   characters to blame.
//! - [`tokens`] gives the parts of any text for highlighting, and never fails.
//!
//! Snippets of runbooks have holes that the reader fills. Callers say where they are; each is
//! replaced by a dummy that fits its place, and all places that come out are of the text as it was
//! written.
//!
//! Architecture invariant: promql-parser is used here and nowhere else.

mod explain;
mod features;
mod functions;
mod holes;
mod limits;
mod query;
mod scan;
mod tokens;

pub use features::{Features, is_metric_like};
pub use query::{LabelMatcher, MatchOperator, Query, Selector, Spelling};
pub use tokens::{Token, TokenKind, tokens};

use explain::Fault;
use holes::{Filled, Operand};
use promql_parser::parser::function::{Function, register_extra_functions};
use promql_parser::parser::value::ValueType;
use scan::{LexemeKind, scan};
use std::fmt;
use std::ops::Range;
use std::sync::Once;

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in words that stand alone: no full stop, lower case first.
    pub message: String,
    /// What to do about it, where that is clear.
    pub help: Option<String>,
    /// The bytes of the text that are to blame; the whole text when nothing better is known.
    pub range: Range<usize>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads a query without holes.
///
/// # Errors
/// The text is no PromQL; the error says where.
pub fn parse(text: &str) -> Result<Query, SyntaxError> {
    parse_with_holes(text, &[])
}

/// Reads a query in which the bytes of `holes` stand for something the reader fills in.
///
/// A hole may be a string or a part of one, a label, a metric or a part of its name, a duration, a
/// number, a function or a list of matchers. Where a text is a query only if its holes are read as
/// written (`a <b> c`), it is read so.
///
/// # Errors
/// The text is no PromQL, whatever stands in the holes; the error says where.
pub fn parse_with_holes(text: &str, holes: &[Range<usize>]) -> Result<Query, SyntaxError> {
    let filled = holes::fill(text, holes, Operand::Number);
    let error = match parse_filled(text, holes, &filled) {
        Ok(query) => return Ok(query),
        Err(error) => error,
    };
    if filled.has_operands {
        let filled = holes::fill(text, holes, Operand::Vector);
        if let Ok(query) = parse_filled(text, holes, &filled) {
            return Ok(query);
        }
    }
    if !holes.is_empty()
        && let Ok(query) = parse(text)
    {
        return Ok(query);
    }
    Err(error)
}

/// The ends of those prefixes of a text that may be queries, the longest first, in bytes. A query
/// in a sentence ends at one of them.
///
/// All of them end with a whole lexeme, outside of brackets, before the first lexeme at which no
/// query can go on.
pub fn prefix_ends(text: &str, holes: &[Range<usize>]) -> Vec<usize> {
    let filled = holes::fill(text, holes, Operand::Number);
    let filled_text = filled.mapped.text();
    let lexemes = scan(filled_text);
    if limits::check(filled_text, &lexemes).is_err() {
        return Vec::new();
    }
    let lexemes = explain::without_comments(&lexemes);
    let viable = explain::viable_lexemes(filled_text, &lexemes);
    let mut ends = Vec::new();
    let mut depth = 0_usize;
    for lexeme in lexemes.iter().take(viable) {
        match lexeme.kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends_an_operand = !matches!(lexeme.kind, LexemeKind::Operator | LexemeKind::Comma);
        if depth == 0 && ends_an_operand {
            let mut end = filled.mapped.to_source(lexeme.range.clone()).end;
            // `> 5.` ends a sentence more often than it is a number.
            if lexeme.kind == LexemeKind::Number && text.get(..end).is_some_and(ends_in_full_stop) {
                end -= 1;
            }
            ends.push(end);
        }
    }
    ends.reverse();
    ends
}

fn ends_in_full_stop(text: &str) -> bool {
    text.ends_with('.')
}

fn parse_filled(text: &str, holes: &[Range<usize>], filled: &Filled) -> Result<Query, SyntaxError> {
    register_old_functions();
    let filled_text = filled.mapped.text();
    let lexemes = scan(filled_text);
    let parsed = match limits::check(filled_text, &lexemes) {
        Err(fault) => Err(fault),
        Ok(()) => {
            promql_parser::parser::parse(filled_text).map_err(|message| {
                match explain::explain(filled_text, &lexemes) {
                    Err(fault) => fault,
                    Ok(()) => unexplained(filled_text, &message),
                }
            })
        }
    };
    match parsed {
        Ok(expression) => Ok(Query::new(expression, text, holes, filled, &lexemes)),
        Err(fault) => Err(SyntaxError {
            range: filled.mapped.to_source(fault.range),
            message: fault.message,
            help: fault.help,
        }),
    }
}

/// What can be said when only the parser knows what is wrong.
fn unexplained(text: &str, message: &str) -> Fault {
    let message = match message {
        "invalid promql query" => "this is no valid PromQL expression",
        other => other,
    };
    Fault::new(0..text.len(), message)
}

/// Tells promql-parser about the function that Prometheus 3 renamed: carriers may run either.
fn register_old_functions() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let arguments = vec![ValueType::Matrix, ValueType::Scalar, ValueType::Scalar];
        let smoothing = Function::new(
            functions::OLD_SMOOTHING,
            arguments,
            0,
            ValueType::Vector,
            false,
        );
        // It fails only for the name of a function that is built in, which would do as well.
        let _ = register_extra_functions(vec![smoothing]);
    });
}

#[cfg(test)]
mod tests;
