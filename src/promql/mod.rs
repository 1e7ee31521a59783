//! PromQL: whether a text is a query, what it asks for, and which part of it is what.
//!
//! - [`parse`] and [`parse_with_holes`] give a [`Query`], or a [`SyntaxError`] that points at the
//!   characters to blame.
//! - [`tree()`] gives the tree of a query with the place of each of its parts, to compare two of them
//!   and to tell which labels one yields.
//! - [`tokens()`] gives the parts of any text for highlighting, and never fails.
//!
//! Snippets of runbooks have holes that the reader fills. Callers say where they are; each is
//! replaced by a dummy that fits its place, and all places that come out are of the text as it was
//! written.
//!
//! Architecture invariant: promql-parser is used here and nowhere else.

mod duration;
mod explain;
mod features;
mod functions;
mod grammar;
mod holes;
mod limits;
mod modern;
mod patterns;
mod plain;
mod query;
mod refusal;
mod regular_expression;
mod scan;
mod spelled;
mod summary;
mod tokens;
mod tree;
mod unicode_classes;
mod unquoted;

pub use duration::{duration_text, milliseconds};
pub use features::{Features, is_metric_like};
pub use functions::{is_aggregation, is_function};
pub use grammar::{is_comparison, is_keyword};
pub use holes::{HoleKind, hole_kinds};
pub use limits::MAX_LENGTH;
pub use query::Query;
pub use refusal::begins_no_query;
pub use spelled::{LabelMatcher, MatchOperator, Selector, Spelling};
pub use summary::Summary;
pub use tokens::{Token, TokenKind, tokens};
pub use tree::{
    Difference, Grouping, Labels, Length, Matcher, Matching, Node, NodeKind, Part, Side, Word, tree,
};

use crate::source::MappedText;
use explain::Fault;
use features::{Finder, RangesWritten};
use holes::{Filled, Operand};
use patterns::WithoutPatterns;
use plain::{Make, OfParser, Plain};
use promql_parser::parser::Expr;
use promql_parser::parser::function::{Function, register_extra_functions};
use promql_parser::parser::value::ValueType;
use scan::{Lexeme, LexemeKind, scan};
use spelled::{Names, Tree};
use std::borrow::Cow;
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
    let first = Reading::new(text, holes, Operand::Number);
    match first.parse() {
        Ok(query) => Ok(query),
        Err(refusal) => first.parse_otherwise().ok_or_else(|| first.explain(refusal)),
    }
}

/// Reads a query as [`parse_with_holes`] does, where nobody asks why a text is none. What is far
/// from PromQL, such as a sentence or a command, is refused much faster.
pub fn try_parse(text: &str, holes: &[Range<usize>]) -> Option<Query> {
    Beginning::of(text, holes).whole()
}

/// Every selector of a query, in the order of the text. `None` if the text is no query with these holes,
/// of which those that may be numbers are.
pub fn selectors(text: &str, holes: &[Range<usize>]) -> Option<Vec<Selector>> {
    let reading = Reading::new(text, holes, Operand::Number);
    let plain = reading.without_patterns().ok()?;
    let tree = reading.tree(&plain, || parse_with_library(&plain.text).ok())?;
    Some(tree.selectors())
}

/// The selector that a text is, if it is one and nothing else: no range, no offset, no operator. As
/// [`try_parse`], it is for texts that may be anything.
pub fn sole_selector(text: &str) -> Option<Selector> {
    let reading = Reading::new(text, &[], Operand::Number);
    let plain = reading.without_patterns().ok()?;
    reading.tree(&plain, || reading.viable_tree(&plain))?.sole_selector()
}

/// A query as Prometheus prints it, as it does in the links of its alerts. `None` if the text is none that
/// [`parse`] takes.
pub fn printed(text: &str) -> Option<String> {
    let reading = Reading::new(text, &[], Operand::Number);
    let plain = reading.without_patterns().ok()?;
    let tree = reading.tree(&plain, || parse_with_library(&plain.text).ok())?;
    Some(tree.printed())
}

/// A query with dummies in its holes, as [`parse_with_holes`] reads it: it selects nothing by them.
/// `None` if the text is no query.
pub fn filled(text: &str, holes: &[Range<usize>]) -> Option<String> {
    let readings = [(holes, Operand::Number), (holes, Operand::Vector), (&[], Operand::Number)];
    readings.into_iter().find_map(|(holes, operand)| {
        let reading = Reading::new(text, holes, operand);
        reading.parse().is_ok().then(|| reading.filled.mapped.text().to_owned())
    })
}

/// A text that may begin with a query, taken apart once for all that is asked of it.
pub struct Beginning<'t>(Reading<'t>);

impl<'t> Beginning<'t> {
    /// That of a text in which these holes are.
    pub fn of(text: &'t str, holes: &'t [Range<usize>]) -> Self {
        Self(Reading::new(text, holes, Operand::Number))
    }

    /// The query that all of the text is, if it is one.
    pub fn whole(&self) -> Option<Query> {
        self.0.try_parse().or_else(|| self.0.parse_otherwise())
    }

    /// The ends of those prefixes of a text that may be queries, the longest first, in bytes. A query
    /// in a sentence ends at one of them.
    ///
    /// All of them end with a whole lexeme, outside of brackets, before the first lexeme at which no
    /// query can go on.
    pub fn ends(&self) -> Vec<usize> {
        // Older words have places of their own.
        let Reading { text, filled: Filled { mapped, lexemes, .. }, .. } = &self.0;
        let filled_text = mapped.text();
        if limits::check(filled_text, lexemes).is_err() {
            return Vec::new();
        }
        let lexemes = explain::without_comments(lexemes);
        let viable = explain::viable_lexemes(filled_text, &lexemes);
        let mut ends = Vec::new();
        let mut depth = 0_usize;
        for (position, lexeme) in lexemes.iter().enumerate().take(viable + 1) {
            let is_viable = position < viable;
            match lexeme.kind {
                LexemeKind::Open => depth += 1,
                LexemeKind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 0 {
                continue;
            }
            let mut end = mapped.to_source(lexeme.range.clone()).end;
            let ends_sentence = text.get(..end).is_some_and(|text| text.ends_with(['.', '_']));
            let may_end = match lexeme.kind {
                LexemeKind::Operator | LexemeKind::Comma => false,
                // `> 5.` and `> 0.5.` end a sentence more often than they are numbers, or none; `> 5_`
                // ends emphasis.
                LexemeKind::Number | LexemeKind::BadNumber if ends_sentence => {
                    end -= 1;
                    true
                }
                _ => is_viable,
            };
            if may_end {
                ends.push(end);
            }
        }
        ends.reverse();
        ends
    }
}

/// One way to read a text: with certain dummies in its holes.
struct Reading<'a> {
    text: &'a str,
    holes: &'a [Range<usize>],
    filled: Filled,
    /// The filled text in the words that promql-parser knows, if it has others, and its lexemes.
    older: Option<(MappedText, Vec<Lexeme>)>,
}

/// Why a reading is no query, as far as that is known without a closer look.
enum Refusal {
    Limit(Fault),
    /// A regular expression is none.
    Pattern,
    Parser(String),
}

impl<'a> Reading<'a> {
    fn new(text: &'a str, holes: &'a [Range<usize>], operand: Operand) -> Self {
        let filled = holes::fill(text, holes, operand);
        let older = modern::in_older_words(&filled.mapped, &filled.lexemes);
        let older = older.map(|older| {
            let lexemes = scan(older.text());
            (older, lexemes)
        });
        Self { text, holes, filled, older }
    }

    /// What is parsed.
    fn parsed(&self) -> &MappedText {
        self.older.as_ref().map_or(&self.filled.mapped, |(text, _)| text)
    }

    /// Its lexemes.
    fn lexemes(&self) -> &[Lexeme] {
        self.older.as_ref().map_or(&self.filled.lexemes, |(_, lexemes)| lexemes)
    }

    fn parse(&self) -> Result<Query, Refusal> {
        let plain = self.without_patterns()?;
        match self.plain_query(&plain) {
            Some(query) => Ok(query),
            None => Ok(self.query_of(&parse_with_library(&plain.text)?, &plain)),
        }
    }

    /// Parses what is not far from PromQL; why something else is none, nobody asks.
    fn try_parse(&self) -> Option<Query> {
        let plain = self.without_patterns().ok()?;
        let query = self.plain_query(&plain);
        query.or_else(|| Some(self.query_of(&self.viable_tree(&plain)?, &plain)))
    }

    /// The whole tree, for who wants more than a [`Query`] tells; `otherwise` has it of a query that is
    /// not written as nearly all are.
    fn tree<'q>(
        &'q self,
        plain: &'q WithoutPatterns<'_>,
        otherwise: impl FnOnce() -> Option<Expr>,
    ) -> Option<Tree<'q>> {
        let read = self.read_plain(plain, &mut OfParser).map(|read| read.made);
        let expression = read.or_else(otherwise)?;
        Some(Tree { expression, names: self.names(plain) })
    }

    fn without_patterns(&self) -> Result<WithoutPatterns<'_>, Refusal> {
        let parsed = self.parsed().text();
        limits::check(parsed, self.lexemes()).map_err(Refusal::Limit)?;
        patterns::without_patterns(parsed, self.lexemes()).ok_or(Refusal::Pattern)
    }

    /// What is made of a query, if it is written as nearly all are.
    fn read_plain<M: Make>(
        &self,
        plain: &WithoutPatterns<'_>,
        make: &mut M,
    ) -> Option<Plain<M::Made>> {
        match &plain.text {
            Cow::Borrowed(text) => plain::read(text, self.lexemes(), make),
            Cow::Owned(text) => plain::read(text, &scan(text), make),
        }
    }

    /// The tree of a text that is not far from PromQL.
    fn viable_tree(&self, plain: &WithoutPatterns<'_>) -> Option<Expr> {
        self.is_viable().then(|| parse_with_library(&plain.text).ok()).flatten()
    }

    /// The query, if it is written as nearly all are.
    fn plain_query(&self, plain: &WithoutPatterns<'_>) -> Option<Query> {
        let mut finder = Finder::new(self.names(plain), self.ranges_written());
        let Plain { made, is_as_printed } = self.read_plain(plain, &mut finder)?;
        // What was read may have dummies where something else is written.
        let is_as_written = plain.patterns.is_empty() && self.parsed().text() == self.text;
        Some(finder.query(made, is_as_printed && is_as_written))
    }

    /// The query with this tree.
    fn query_of(&self, tree: &Expr, plain: &WithoutPatterns<'_>) -> Query {
        let mut finder = Finder::new(self.names(plain), self.ranges_written());
        let found = finder.of_tree(tree);
        finder.query(found, false)
    }

    fn names<'q>(&'q self, plain: &'q WithoutPatterns<'_>) -> Names<'q> {
        let holes = holes::usable(self.text, self.holes);
        let original = |hole: &Range<usize>| self.text.get(hole.clone()).unwrap_or_default();
        Names { originals: holes.iter().map(original).collect(), patterns: &plain.patterns }
    }

    fn ranges_written(&self) -> RangesWritten {
        let mut ranges = RangesWritten::default();
        for pair in self.lexemes().windows(2) {
            // Nothing but a range or a subquery begins with a bracket and a duration.
            if let [bracket, duration] = pair
                && duration.kind == LexemeKind::Duration
                && self.parsed().text().get(bracket.range.clone()) == Some("[")
            {
                let written = self.parsed().to_source(duration.range.clone());
                let is_open = holes::usable(self.text, self.holes)
                    .iter()
                    .any(|hole| hole.start < written.end && hole.end > written.start);
                ranges.with_hole |= is_open;
                ranges.with_unit |= !is_open;
            }
        }
        ranges
    }

    /// Reads the text in the other ways that its holes allow.
    fn parse_otherwise(&self) -> Option<Query> {
        let parse = |holes, operand| Reading::new(self.text, holes, operand).try_parse();
        let with_vectors = || {
            let decides = self.filled.has_operands;
            decides.then(|| parse(self.holes, Operand::Vector)).flatten()
        };
        let as_written = || {
            let decides = !self.holes.is_empty();
            decides.then(|| parse(&[], Operand::Number)).flatten()
        };
        with_vectors().or_else(as_written)
    }

    /// Whether a quick look, at lexemes that are within the limits, finds nothing wrong; regular expressions
    /// aside. Now and then it does in what promql-parser takes, such as a metric that is called `by`.
    fn is_viable(&self) -> bool {
        let lexemes = explain::without_comments(self.lexemes());
        explain::viable_lexemes(self.parsed().text(), &lexemes) == lexemes.len()
    }

    fn explain(&self, refusal: Refusal) -> SyntaxError {
        let text = self.parsed().text();
        let message = match refusal {
            Refusal::Limit(fault) => Err(fault),
            Refusal::Pattern => Ok("a regular expression is none".to_owned()),
            Refusal::Parser(message) => Ok(message),
        };
        let fault = message.map_or_else(
            |fault| fault,
            |message| match explain::explain(text, self.lexemes()) {
                Err(fault) => fault,
                Ok(()) => unexplained(text, &message),
            },
        );
        SyntaxError {
            range: self.parsed().to_source(fault.range),
            message: fault.message,
            help: fault.help,
        }
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

/// The tree of a text, or why promql-parser takes it for no query.
fn parse_with_library(text: &str) -> Result<Expr, Refusal> {
    register_old_functions();
    promql_parser::parser::parse(text).map_err(Refusal::Parser)
}

/// Tells promql-parser about the function that Prometheus 3 renamed: carriers may run either.
fn register_old_functions() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let arguments = vec![ValueType::Matrix, ValueType::Scalar, ValueType::Scalar];
        let smoothing =
            Function::new(functions::OLD_SMOOTHING, arguments, 0, ValueType::Vector, false);
        // It fails only for the name of a function that is built in, which would do as well.
        let _ = register_extra_functions(vec![smoothing]);
    });
}

#[cfg(test)]
mod tests;
