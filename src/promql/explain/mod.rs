//! Where and why a text is no PromQL.
//!
//! promql-parser says whether a query is valid, but its errors have no place, and for most of them
//! it has no words either. This module reads the same grammar (Prometheus'
//! `promql/parser/generated_parser.y`) once more, by recursive descent, to find the first lexeme at
//! which no query can go on and the first value whose type does not fit. It builds nothing.
//!
//! Architecture invariant: recursion follows brackets and levels of precedence only, so
//! [`super::limits`] bounds its depth.

mod fault;
mod selectors;
mod types;

use super::functions::{self, ValueType};
use super::grammar::{is_comparison, is_keyword, is_set_operator, precedence};
use super::scan::{Lexeme, LexemeKind};
use fault::{quoted, unexpected};
use std::borrow::Cow;
use std::ops::Range;
use types::{Modifiers, combine, count_wanted, expect_type};

pub(super) use fault::Fault;

/// Finds the first fault of a text. `lexemes` are those of the text, comments among them.
pub(super) fn explain(text: &str, lexemes: &[Lexeme]) -> Result<(), Fault> {
    let lexemes = without_comments(lexemes);
    let mut explainer = Explainer::new(text, &lexemes);
    explainer.whole()
}

/// How many lexemes (comments aside) from the first on can begin a query: all of them, or those
/// before the first one at which no query goes on.
pub(super) fn viable_lexemes(text: &str, lexemes: &[Lexeme]) -> usize {
    let mut explainer = Explainer::new(text, lexemes);
    // Why it stopped does not matter, only where.
    let _ = explainer.expression(0);
    explainer.at
}

/// The lexemes that have a meaning: all of them, in most texts.
pub(super) fn without_comments(lexemes: &[Lexeme]) -> Cow<'_, [Lexeme]> {
    let is_comment = |lexeme: &Lexeme| lexeme.kind == LexemeKind::Comment;
    if lexemes.iter().any(is_comment) {
        lexemes.iter().filter(|lexeme| !is_comment(lexeme)).cloned().collect()
    } else {
        lexemes.into()
    }
}

struct Explainer<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    /// The lexeme that is looked at.
    at: usize,
    /// The brackets that are open here, by their lexemes' ranges.
    open: Vec<Range<usize>>,
}

/// A part of the query that was read.
struct Part {
    value: ValueType,
    range: Range<usize>,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A metric, its matchers, or both: what a range can follow.
    Selector,
    /// A selector with an offset or a time, which a range can't follow.
    ModifiedSelector,
    Range,
    Other,
}

type Read<T> = Result<T, Fault>;

impl<'a> Explainer<'a> {
    fn new(text: &'a str, lexemes: &'a [Lexeme]) -> Self {
        Self { text, lexemes, at: 0, open: Vec::new() }
    }

    fn whole(&mut self) -> Read<()> {
        if self.lexemes.is_empty() {
            return Err(Fault::new(0..self.text.len(), "there is no query here"));
        }
        self.expression(0)?;
        match self.lexemes.get(self.at) {
            None => Ok(()),
            Some(rest) if self.word() == ")" || self.word() == "}" || self.word() == "]" => {
                let message = format!("{} closes nothing", quoted(self.word()));
                Err(Fault::new(rest.range.clone(), message))
            }
            Some(rest) => Err(unexpected(self.text, rest, "an operator or the end of the query")),
        }
    }

    // Lexemes.

    fn word(&self) -> &'a str {
        self.word_after(0)
    }

    fn word_after(&self, distance: usize) -> &'a str {
        self.lexemes
            .get(self.at + distance)
            .and_then(|lexeme| self.text.get(lexeme.range.clone()))
            .unwrap_or_default()
    }

    fn kind(&self) -> Option<LexemeKind> {
        self.lexemes.get(self.at).map(|lexeme| lexeme.kind)
    }

    /// The place of the lexeme that is looked at; at the end, that of the last one.
    fn place(&self) -> Range<usize> {
        self.lexemes
            .get(self.at)
            .or(self.lexemes.last())
            .map_or(0..0, |lexeme| lexeme.range.clone())
    }

    fn end_of_previous(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|previous| self.lexemes.get(previous))
            .map_or(0, |lexeme| lexeme.range.end)
    }

    fn is_word(&self, keyword: &str) -> bool {
        self.kind() == Some(LexemeKind::Word) && self.word().eq_ignore_ascii_case(keyword)
    }

    fn fault(&self, wanted: &str) -> Fault {
        if let Some(lexeme) = self.lexemes.get(self.at) {
            return unexpected(self.text, lexeme, wanted);
        }
        match self.open.last() {
            Some(bracket) => {
                let word = self.text.get(bracket.clone()).unwrap_or_default();
                Fault::new(bracket.clone(), format!("{} is never closed", quoted(word)))
            }
            None => {
                Fault::new(self.place(), format!("the query ends too early, expected {wanted}"))
            }
        }
    }

    fn open_bracket(&mut self) {
        self.open.push(self.place());
        self.at += 1;
    }

    fn close_bracket(&mut self, bracket: &str, wanted: &str) -> Read<()> {
        if self.word() != bracket {
            return Err(self.fault(wanted));
        }
        self.open.pop();
        self.at += 1;
        Ok(())
    }

    // Expressions.

    fn expression(&mut self, least: u8) -> Read<Part> {
        let mut left = self.operand()?;
        while let Some(precedence) = precedence(self.word()).filter(|binds| *binds >= least) {
            let operator = self.word();
            let place = self.place();
            self.at += 1;
            let modified = self.modifiers(operator)?;
            let right = self.expression(precedence + 1)?;
            left = combine(&left, operator, &place, &modified, &right)?;
        }
        Ok(left)
    }

    /// What `bool`, `on (…)` and their like say between an operator and its right side.
    fn modifiers(&mut self, operator: &str) -> Read<Modifiers> {
        let mut modifiers = Modifiers::default();
        if self.is_word("bool") {
            if !is_comparison(operator) {
                return Err(Fault::new(
                    self.place(),
                    format!("`bool` belongs to comparisons, not to `{operator}`"),
                ));
            }
            modifiers.is_bool = true;
            self.at += 1;
        }
        if self.is_word("on") || self.is_word("ignoring") {
            let place = self.place();
            self.at += 1;
            let count = self.labels()?;
            modifiers.matching = (count > 0).then_some(place);
            if self.is_word("group_left") || self.is_word("group_right") {
                if is_set_operator(operator) {
                    let message = format!("`{operator}` takes no {}", quoted(self.word()));
                    return Err(Fault::new(self.place(), message));
                }
                self.at += 1;
                // What follows in parentheses may be labels or the right side: labels, as the
                // grammar has it.
                if self.word() == "(" {
                    self.labels()?;
                }
            }
        } else if self.is_word("group_left") || self.is_word("group_right") {
            let message = format!("{} needs `on (…)` or `ignoring (…)`", quoted(self.word()));
            return Err(Fault::new(self.place(), message));
        }
        while self.kind() == Some(LexemeKind::Word)
            && matches!(self.word(), "fill" | "fill_left" | "fill_right")
            && self.word_after(1) == "("
        {
            self.at += 1;
            self.open_bracket();
            if matches!(self.word(), "+" | "-") {
                self.at += 1;
            }
            if self.kind() != Some(LexemeKind::Number) {
                return Err(self.fault("a number"));
            }
            self.at += 1;
            self.close_bracket(")", "`)`")?;
        }
        Ok(modifiers)
    }

    fn operand(&mut self) -> Read<Part> {
        let start = self.place().start;
        let mut is_signed = false;
        while matches!(self.word(), "+" | "-") {
            is_signed = true;
            self.at += 1;
        }
        let mut part = self.primary()?;
        loop {
            if self.word() == "[" {
                part = self.range(&part)?;
            } else if self.is_word("offset") || self.word() == "@" {
                self.time_modifier(&mut part)?;
            } else {
                break;
            }
        }
        if is_signed && matches!(part.value, ValueType::String | ValueType::Range) {
            let message = format!("{} has no sign", part.value.described());
            return Err(Fault::new(part.range, message));
        }
        part.range.start = start;
        Ok(part)
    }

    fn primary(&mut self) -> Read<Part> {
        let start = self.place().start;
        let (value, form) = match self.kind() {
            Some(LexemeKind::Number | LexemeKind::Duration) => {
                self.at += 1;
                (ValueType::Scalar, Form::Other)
            }
            Some(LexemeKind::String) => {
                self.string()?;
                (ValueType::String, Form::Other)
            }
            Some(LexemeKind::Open) if self.word() == "(" => {
                self.open_bracket();
                let inside = self.expression(0)?;
                self.close_bracket(")", "an operator or `)`")?;
                (inside.value, Form::Other)
            }
            Some(LexemeKind::Open) if self.word() == "{" => {
                self.matchers(false)?;
                (ValueType::Vector, Form::Selector)
            }
            Some(LexemeKind::Word) => self.named()?,
            _ => return Err(self.fault("a metric, a function, a number or `(`")),
        };
        Ok(Part { value, range: start..self.end_of_previous(), form })
    }

    /// A metric, a call or an aggregation.
    fn named(&mut self) -> Read<(ValueType, Form)> {
        let next = self.word_after(1);
        let groups = next.eq_ignore_ascii_case("by") || next.eq_ignore_ascii_case("without");
        if let Some(aggregation) = functions::aggregation(self.word())
            && (next == "(" || groups)
        {
            self.aggregation(aggregation.parameter)?;
            return Ok((ValueType::Vector, Form::Other));
        }
        if next == "(" {
            return Ok((self.call()?, Form::Other));
        }
        if is_keyword(self.word()) {
            return Err(self.fault("a metric, a function, a number or `(`"));
        }
        self.at += 1;
        if self.word() == "{" {
            self.matchers(true)?;
        }
        Ok((ValueType::Vector, Form::Selector))
    }

    fn call(&mut self) -> Read<ValueType> {
        let (name, place) = (self.word(), self.place());
        let Some(signature) = functions::signature(name) else {
            let mut fault = Fault::new(place, format!("unknown function {}", quoted(name)));
            if let Some(nearest) = functions::nearest(name) {
                fault = fault.with_help(format!("did you mean `{nearest}`?"));
            }
            return Err(fault);
        };
        self.at += 1;
        let arguments = self.arguments()?;
        for (index, argument) in arguments.iter().enumerate().take(signature.most) {
            if let Some(wanted) = signature.argument(index) {
                expect_type(name, wanted, argument)?;
            }
        }
        let count = arguments.len();
        if count < signature.least || count > signature.most {
            let wanted = count_wanted(signature.least, signature.most);
            return Err(Fault::new(
                place,
                format!("`{name}` takes {wanted}, but is given {count}"),
            ));
        }
        Ok(signature.result)
    }

    fn aggregation(&mut self, parameter: Option<ValueType>) -> Read<()> {
        let (name, place) = (self.word(), self.place());
        self.at += 1;
        let mut is_grouped = false;
        if self.is_word("by") || self.is_word("without") {
            is_grouped = true;
            self.at += 1;
            self.labels()?;
        }
        if self.word() != "(" {
            return Err(self.fault("`(` and what to aggregate"));
        }
        let arguments = self.arguments()?;
        let wanted: Vec<ValueType> = parameter.into_iter().chain([ValueType::Vector]).collect();
        if arguments.len() != wanted.len() {
            let wanted = count_wanted(wanted.len(), wanted.len());
            let count = arguments.len();
            return Err(Fault::new(
                place,
                format!("`{name}` takes {wanted}, but is given {count}"),
            ));
        }
        for (wanted, argument) in wanted.into_iter().zip(&arguments) {
            expect_type(name, wanted, argument)?;
        }
        if !is_grouped && (self.is_word("by") || self.is_word("without")) {
            self.at += 1;
            self.labels()?;
        }
        Ok(())
    }

    fn arguments(&mut self) -> Read<Vec<Part>> {
        let mut arguments = Vec::new();
        self.open_bracket();
        if self.word() != ")" {
            loop {
                arguments.push(self.expression(0)?);
                if self.word() != "," {
                    break;
                }
                self.at += 1;
            }
        }
        self.close_bracket(")", "an operator, `,` or `)`")?;
        Ok(arguments)
    }
}
