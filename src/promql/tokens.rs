//! The parts of a query for highlighting.

use super::functions;
use super::grammar::{is_keyword, takes_labels};
use super::holes::{self, Filled, Operand};
use super::modern;
use super::scan::{Lexeme, LexemeKind, scan};
use crate::source::MappedText;
use smallvec::SmallVec;
use std::ops::Range;

/// One part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The bytes of the text.
    pub range: Range<usize>,
}

/// What a part of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of the language: `by`, `on`, `offset`, `bool`, `and`.
    Keyword,
    /// The name of a function, or of anything that is called like one.
    Function,
    /// The name of an aggregation: `sum`.
    Aggregation,
    /// The name of a metric or of a recording rule.
    Metric,
    /// The name of a label.
    Label,
    /// A string in its quotes.
    String,
    /// A number.
    Number,
    /// A length of time: `5m`.
    Duration,
    /// `+`, `==`, `=~`, `@` and their like.
    Operator,
    /// A bracket of any kind.
    Bracket,
    /// A comma, or the colon of a subquery.
    Separator,
    /// A comment up to the end of its line.
    Comment,
    /// A hole for the reader to fill.
    Placeholder,
    /// What PromQL does not know.
    Other,
}

/// The parts of any text, read as PromQL: in order, apart from each other, with white space and
/// nothing else between them. `holes` become [`TokenKind::Placeholder`], also inside of others.
pub fn tokens(text: &str, holes: &[Range<usize>]) -> Vec<Token> {
    // Of most queries each part stands where it is read.
    let filled =
        (!holes::is_filled(text, holes)).then(|| holes::fill(text, holes, Operand::Number));
    let (filled, lexemes) = match filled {
        Some(Filled { mapped, lexemes, .. }) => (Some(mapped), lexemes),
        None => (None, scan(text)),
    };
    let filled_text = filled.as_ref().map_or(text, MappedText::text);
    let mut tokens = Vec::with_capacity(lexemes.len() + holes.len());
    let usable = holes::usable(text, holes);
    let mut holes = usable.iter().peekable();
    let mut at = 0;
    let mut context = Context::default();
    for (position, lexeme) in lexemes.iter().enumerate() {
        let kind = context.classify(filled_text, &lexemes, position);
        let range = lexeme.range.clone();
        let source = filled.as_ref().map_or(range.clone(), |filled| filled.to_source(range));
        // A dummy may be several lexemes; all of them stand for the one hole.
        let start = source.start.max(at);
        at = start;
        while let Some(hole) = holes.next_if(|hole| hole.start < source.end) {
            push(&mut tokens, kind, at..hole.start);
            push(&mut tokens, TokenKind::Placeholder, hole.clone());
            at = hole.end.max(at);
        }
        push(&mut tokens, kind, at..source.end);
        at = at.max(source.end);
    }
    tokens
}

fn push(tokens: &mut Vec<Token>, kind: TokenKind, range: Range<usize>) {
    if range.start < range.end {
        tokens.push(Token { kind, range });
    }
}

/// The brackets around the lexeme that is classified, by what their words are.
#[derive(Default)]
struct Context {
    open: SmallVec<[Inside; 8]>,
    /// The last word, if it was one that labels in parentheses follow.
    expects_labels: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Matchers,
    Labels,
    Expression,
}

impl Context {
    fn classify(&mut self, text: &str, lexemes: &[Lexeme], position: usize) -> TokenKind {
        let Some(lexeme) = lexemes.get(position) else {
            return TokenKind::Other;
        };
        let word = text.get(lexeme.range.clone()).unwrap_or_default();
        let expects_labels = self.expects_labels && lexeme.kind != LexemeKind::Word;
        match lexeme.kind {
            LexemeKind::Comment => return TokenKind::Comment,
            LexemeKind::Word if modern::is_modifier(text, lexemes, position) => {
                return TokenKind::Keyword;
            }
            LexemeKind::Word => return self.classify_word(text, word, lexemes.get(position + 1..)),
            LexemeKind::Open => self.open.push(match word {
                "{" => Inside::Matchers,
                "(" if expects_labels => Inside::Labels,
                _ => Inside::Expression,
            }),
            LexemeKind::Close => {
                self.open.pop();
            }
            _ => {}
        }
        self.expects_labels = false;
        match lexeme.kind {
            LexemeKind::Number => TokenKind::Number,
            LexemeKind::Duration => TokenKind::Duration,
            LexemeKind::String | LexemeKind::UnclosedString => TokenKind::String,
            LexemeKind::Operator => TokenKind::Operator,
            LexemeKind::Open | LexemeKind::Close => TokenKind::Bracket,
            LexemeKind::Comma | LexemeKind::Colon => TokenKind::Separator,
            _ => TokenKind::Other,
        }
    }

    fn classify_word(&mut self, text: &str, word: &str, rest: Option<&[Lexeme]>) -> TokenKind {
        match self.open.last() {
            Some(Inside::Matchers) if word.eq_ignore_ascii_case("or") => TokenKind::Keyword,
            Some(Inside::Matchers | Inside::Labels) => TokenKind::Label,
            _ => {
                let next = rest
                    .and_then(|rest| rest.iter().find(|next| next.kind != LexemeKind::Comment))
                    .and_then(|next| text.get(next.range.clone()))
                    .unwrap_or_default();
                self.expects_labels = takes_labels(word);
                classify_name(word, next)
            }
        }
    }
}

/// What a word is outside of braces and lists of labels, by itself and what follows it.
fn classify_name(word: &str, next: &str) -> TokenKind {
    let is_called = next == "(";
    let groups = next.eq_ignore_ascii_case("by") || next.eq_ignore_ascii_case("without");
    if (is_called || groups) && functions::aggregation(word).is_some() {
        TokenKind::Aggregation
    } else if is_keyword(word) {
        TokenKind::Keyword
    } else if is_called {
        TokenKind::Function
    } else {
        TokenKind::Metric
    }
}
