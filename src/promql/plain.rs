//! Queries as nearly all of them are written.
//!
//! promql-parser takes tens of thousands of steps for a line, since it walks through tables. Most
//! queries are selectors, ranges, calls and aggregations with operators between them; this reads
//! them in one go, and makes of them [what is wanted](Make): the very tree of promql-parser, or no more
//! than what is to be known of a query. Architecture invariant: it refuses nothing. What is spelled
//! otherwise, or is no query, is left to promql-parser; and what is read here is to the last field what
//! promql-parser reads, which a property test holds.

mod make;
mod tree;

pub(super) use make::{Grouping, Make, Operator, Selector};
pub(super) use tree::OfParser;

use super::functions::ValueType::{self, Range, Scalar, String as Text, Vector};
use super::grammar::{is_comparison, is_keyword, is_set_operator, precedence};
use super::scan::{Lexeme, LexemeKind};
use super::{duration, functions};
use make::{Labels, Many, Matcher, Matchers, Matching};
use promql_parser::label::METRIC_NAME;
use promql_parser::parser::token::{self, TokenId};
use smallvec::SmallVec;
use std::time::Duration;

/// A query that was read.
#[derive(Debug)]
pub(super) struct Plain<M> {
    /// What was made of it.
    pub made: M,
    /// Whether Prometheus surely prints it as it is written, white space aside.
    pub is_as_printed: bool,
}

/// The query with these lexemes, which are within [`super::limits`], as what `make` makes of it; nothing for
/// a text that only promql-parser can judge.
pub(super) fn read<M: Make>(
    text: &str,
    lexemes: &[Lexeme],
    make: &mut M,
) -> Option<Plain<M::Made>> {
    let mut reader = Reader { text, lexemes, at: 0, is_as_printed: true, make };
    let (whole, _) = reader.expression(0)?;
    let is_as_printed = reader.is_as_printed;
    (reader.at == lexemes.len()).then_some(Plain { made: whole, is_as_printed })
}

struct Reader<'a, 'm, M> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    /// The lexeme that is looked at.
    at: usize,
    /// Whether all so far is written as Prometheus prints it.
    is_as_printed: bool,
    make: &'m mut M,
}

/// What was made of an expression, and what that yields.
type Typed<M> = (<M as Make>::Made, ValueType);

impl<'a, M: Make> Reader<'a, '_, M> {
    fn kind(&self) -> Option<LexemeKind> {
        self.lexemes.get(self.at).map(|lexeme| lexeme.kind)
    }

    fn word_after(&self, distance: usize) -> &'a str {
        let lexeme = self.lexemes.get(self.at + distance);
        lexeme.and_then(|lexeme| self.text.get(lexeme.range.clone())).unwrap_or_default()
    }

    fn word(&self) -> &'a str {
        self.word_after(0)
    }

    fn skip_if(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        self.at += usize::from(found);
        found
    }

    fn skip_keyword(&mut self, word: &str) -> bool {
        let written = self.word();
        let found = written.eq_ignore_ascii_case(word);
        if found {
            self.is_as_printed &= written == word;
            self.at += 1;
        }
        found
    }

    fn expression(&mut self, least: u8) -> Option<Typed<M>> {
        let mut left = self.operand()?;
        while let Some(binds) = precedence(self.word()).filter(|binds| *binds >= least) {
            let operator = self.operator()?;
            let right = self.expression(binds + 1)?;
            let value = value_of(&operator, left.1, right.1)?;
            left = (self.make.operation(&operator, left.0, right.0), value);
        }
        Some(left)
    }

    /// An operator and what stands between it and its right side.
    fn operator(&mut self) -> Option<Operator<'a>> {
        let word = self.word();
        let (token, compares) = (operator_token(word)?, is_comparison(word));
        // Prometheus prints `AND` in lower case.
        self.is_as_printed &= !word.bytes().any(|byte| byte.is_ascii_uppercase());
        self.at += 1;
        let gives_bool = self.skip_keyword("bool");
        if gives_bool && !compares {
            return None;
        }
        let is_of_sets = is_set_operator(word);
        let matching = self.matching()?;
        Some(Operator { token, is_of_sets, compares, gives_bool, matching })
    }

    /// `on (…)` or `ignoring (…)`, with what may follow, if either stands here.
    #[expect(clippy::option_option, reason = "what is spelled otherwise is not nothing")]
    fn matching(&mut self) -> Option<Option<Matching<'a>>> {
        let is_on = self.skip_keyword("on");
        if !is_on && !self.skip_keyword("ignoring") {
            return Some(None);
        }
        let labels = self.labels()?;
        // Prometheus leaves out what ignores nothing.
        self.is_as_printed &= is_on || !labels.is_empty();
        let is_left = self.skip_keyword("group_left");
        let mut many = None;
        if is_left || self.skip_keyword("group_right") {
            let has_labels = self.word() == "(";
            self.is_as_printed &= has_labels;
            let included = if has_labels { self.labels()? } else { Labels::new() };
            many = Some(Many { is_left, included });
        }
        Some(Some(Matching { is_on, labels, many }))
    }

    fn operand(&mut self) -> Option<Typed<M>> {
        match self.kind()? {
            LexemeKind::Number => {
                let number = plain_number(self.word())?;
                self.is_as_printed &= is_shortest(self.word());
                self.at += 1;
                Some((self.make.number(number), Scalar))
            }
            LexemeKind::String => {
                let text = self.string()?;
                Some((self.make.text(text), Text))
            }
            LexemeKind::Open if self.word() == "(" => {
                self.at += 1;
                let (inside, value) = self.expression(0)?;
                self.skip_if(")").then_some(())?;
                Some((self.make.in_parentheses(inside), value))
            }
            LexemeKind::Open if self.word() == "{" => self.selector(None),
            LexemeKind::Word => self.named(),
            _ => None,
        }
    }

    /// A metric, a call or an aggregation.
    fn named(&mut self) -> Option<Typed<M>> {
        let word = self.word();
        if let Some(token) = aggregation_token(word) {
            self.at += 1;
            return self.aggregation(word, token);
        }
        if is_reserved(word) {
            return None;
        }
        self.at += 1;
        if self.word() == "(" {
            return self.call(word);
        }
        self.selector(Some(word))
    }

    fn aggregation(&mut self, name: &str, operator: TokenId) -> Option<Typed<M>> {
        let mut grouping = None;
        self.grouping(&mut grouping)?;
        let mut arguments = self.arguments()?.into_iter();
        if grouping.is_none() {
            self.grouping(&mut grouping)?;
            // Prometheus prints it in front.
            self.is_as_printed &= grouping.is_none();
        }
        let parameter = match functions::aggregation(name)?.parameter {
            Some(wanted) => Some(of_type(arguments.next()?, wanted)?),
            None => None,
        };
        let inside = of_type(arguments.next()?, Vector)?;
        arguments.next().is_none().then(|| {
            (self.make.aggregation(operator, grouping.as_ref(), parameter, inside), Vector)
        })
    }

    /// `by (…)` or `without (…)`, if it stands here.
    fn grouping(&mut self, found: &mut Option<Grouping<'a>>) -> Option<()> {
        if self.skip_keyword("by") {
            let labels = self.labels()?;
            // Prometheus leaves out what groups by nothing.
            self.is_as_printed &= !labels.is_empty();
            *found = Some(Grouping { is_by: true, labels });
        } else if self.skip_keyword("without") {
            *found = Some(Grouping { is_by: false, labels: self.labels()? });
        }
        Some(())
    }

    fn call(&mut self, name: &str) -> Option<Typed<M>> {
        if EXPERIMENTAL.contains(&name) {
            return None;
        }
        let function @ (_, signature) = functions::function(name)?;
        let arguments = self.arguments()?;
        let is_fixed = signature.least == signature.most;
        if !is_fixed || arguments.len() != signature.most {
            return None;
        }
        let arguments = arguments.into_iter().enumerate();
        let arguments =
            arguments.map(|(index, argument)| of_type(argument, signature.argument(index)?));
        let arguments = arguments.collect::<Option<_>>()?;
        Some((self.make.call(function, arguments), signature.result))
    }

    fn arguments(&mut self) -> Option<SmallVec<[Typed<M>; 2]>> {
        self.skip_if("(").then_some(())?;
        let mut arguments = SmallVec::new();
        if !self.skip_if(")") {
            loop {
                arguments.push(self.expression(0)?);
                if self.skip_if(")") {
                    break;
                }
                self.skip_if(",").then_some(())?;
            }
        }
        Some(arguments)
    }

    /// `(a, b)` behind `by`, `on` and their like.
    fn labels(&mut self) -> Option<Labels<'a>> {
        self.skip_if("(").then_some(())?;
        let mut labels = Labels::new();
        while !self.skip_if(")") {
            let label = self.word();
            let is_plain = self.kind()? == LexemeKind::Word && !label.contains(':');
            if !is_plain || is_reserved(label) {
                return None;
            }
            labels.push(label);
            self.at += 1;
            self.comma_before(")")?;
        }
        Some(labels)
    }

    /// A comma, which need not stand before what closes a list, and which is not printed there.
    fn comma_before(&mut self, close: &str) -> Option<()> {
        let has_comma = self.skip_if(",");
        let is_last = self.word() == close;
        self.is_as_printed &= !(has_comma && is_last);
        (has_comma || is_last).then_some(())
    }

    /// A metric that was read, or none, with matchers, a range and an offset behind it.
    fn selector(&mut self, metric: Option<&'a str>) -> Option<Typed<M>> {
        let matchers = if self.word() == "{" { self.matchers()? } else { Matchers::new() };
        let is_refused = match metric {
            Some(_) => matchers.iter().any(|matcher| matcher.label == METRIC_NAME),
            None => matchers.iter().all(Matcher::takes_none),
        };
        if is_refused {
            return None;
        }
        let mut range = None;
        if self.skip_if("[") {
            range = Some(self.duration()?);
            self.skip_if("]").then_some(())?;
        }
        let mut offset = None;
        if self.kind() == Some(LexemeKind::Word) && self.skip_keyword("offset") {
            offset = Some(self.duration()?);
        }
        let value = if range.is_some() { Range } else { Vector };
        Some((self.make.selector(&Selector { metric, matchers, range, offset }), value))
    }

    fn matchers(&mut self) -> Option<Matchers<'a>> {
        self.at += 1;
        let mut matchers = Matchers::new();
        self.is_as_printed &= self.word() != "}";
        while !self.skip_if("}") {
            let label = self.word();
            // promql-parser takes `or` for an operator here if a blank follows.
            if self.kind()? != LexemeKind::Word || label.eq_ignore_ascii_case("or") {
                return None;
            }
            self.at += 1;
            let is_equal = match self.word() {
                "=" => true,
                "!=" => false,
                _ => return None,
            };
            self.at += 1;
            let value = self.string()?;
            // Prometheus sorts them by their texts, and quotes names with a colon.
            let is_behind =
                |before: &Matcher<'_>| before.label < label && !label.starts_with(before.label);
            self.is_as_printed &= matchers.last().is_none_or(is_behind) && !label.contains(':');
            matchers.push(Matcher { label, is_equal, value });
            self.comma_before("}")?;
        }
        Some(matchers)
    }

    /// What a string without escapes says.
    fn string(&mut self) -> Option<&'a str> {
        let quoted = self.word();
        if self.kind()? != LexemeKind::String || quoted.len() < 2 {
            return None;
        }
        let is_plain = quoted.starts_with(['"', '\'']) && !quoted.contains(['\\', '\n']);
        // Prometheus prints quotes and white space in another way.
        self.is_as_printed &= quoted.starts_with('"') && !quoted.contains(['\t', '\r']);
        self.at += 1;
        is_plain.then(|| &quoted[1..quoted.len() - 1])
    }

    /// A length of time, short enough for promql-parser to count it.
    fn duration(&mut self) -> Option<Duration> {
        /// Of a unit with ten digits promql-parser makes nothing.
        const LONGEST: usize = 9;
        let word = self.word();
        if self.kind()? != LexemeKind::Duration || word.len() > LONGEST {
            return None;
        }
        let length = duration::milliseconds(word).filter(|length| *length > 0)?;
        self.is_as_printed &= is_usual_length(word);
        self.at += 1;
        Some(Duration::from_millis(length))
    }
}

/// What two sides yield with an operator between them, if they fit.
fn value_of(operator: &Operator<'_>, left: ValueType, right: ValueType) -> Option<ValueType> {
    let both = |value: ValueType| left == value && right == value;
    let fit = |value: ValueType| matches!(value, Scalar | Vector);
    if !fit(left) || !fit(right) {
        return None;
    }
    if !both(Vector) && (operator.is_of_sets || operator.matching.is_some()) {
        return None;
    }
    if both(Scalar) && operator.compares && !operator.gives_bool {
        return None;
    }
    if let Some(Matching { is_on, labels, many: Some(many) }) = &operator.matching
        && (operator.is_of_sets || *is_on && many.included.iter().any(|it| labels.contains(it)))
    {
        return None;
    }
    Some(if both(Scalar) { Scalar } else { Vector })
}

fn of_type<T>((argument, value): (T, ValueType), wanted: ValueType) -> Option<T> {
    (value == wanted).then_some(argument)
}

/// A number in decimal digits, with a point between some of them or none. One that begins with a zero
/// may be octal.
fn plain_number(word: &str) -> Option<f64> {
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let is_digits =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let is_plain = is_digits(whole) && is_digits(part) && (whole == "0" || !whole.starts_with('0'));
    is_plain.then(|| word.parse().ok()).flatten()
}

/// Whether a plain number is written with no more digits than it needs, and with so few that no shorter
/// one is the same.
fn is_shortest(number: &str) -> bool {
    /// A float tells all numbers with fifteen digits apart.
    const DIGITS: usize = 15;
    number.len() <= DIGITS && !(number.contains('.') && number.ends_with('0'))
}

/// Whether a length of time is surely written as Prometheus prints it: in a single unit, and in so many
/// that they make none of the next.
fn is_usual_length(length: &str) -> bool {
    let Some(digits) = length.strip_suffix(['s', 'm', 'h']) else { return false };
    let most = if length.ends_with('h') { 24 } else { 60 };
    !digits.starts_with('0') && digits.parse().is_ok_and(|count: u8| count < most)
}

/// The operators but `^`, which groups from the right.
fn operator_token(operator: &str) -> Option<TokenId> {
    Some(match operator {
        "+" => token::T_ADD,
        "-" => token::T_SUB,
        "*" => token::T_MUL,
        "/" => token::T_DIV,
        "%" => token::T_MOD,
        "==" => token::T_EQLC,
        "!=" => token::T_NEQ,
        "<=" => token::T_LTE,
        "<" => token::T_LSS,
        ">=" => token::T_GTE,
        ">" => token::T_GTR,
        _ if operator.eq_ignore_ascii_case("and") => token::T_LAND,
        _ if operator.eq_ignore_ascii_case("or") => token::T_LOR,
        _ if operator.eq_ignore_ascii_case("unless") => token::T_LUNLESS,
        _ => return None,
    })
}

/// Aggregations in the usual case.
fn aggregation_token(word: &str) -> Option<TokenId> {
    Some(match word {
        "sum" => token::T_SUM,
        "avg" => token::T_AVG,
        "count" => token::T_COUNT,
        "min" => token::T_MIN,
        "max" => token::T_MAX,
        "group" => token::T_GROUP,
        "stddev" => token::T_STDDEV,
        "stdvar" => token::T_STDVAR,
        "topk" => token::T_TOPK,
        "bottomk" => token::T_BOTTOMK,
        "quantile" => token::T_QUANTILE,
        "count_values" => token::T_COUNT_VALUES,
        _ => return None,
    })
}

/// Whether a word is one of promql-parser's own, in any case.
fn is_reserved(word: &str) -> bool {
    const OTHERS: [&str; 7] =
        ["smoothed", "anchored", "fill", "fill_left", "fill_right", "start", "end"];
    /// None of them is longer, and most names are.
    const LONGEST: usize = "count_values".len();
    word.len() <= LONGEST
        && (is_keyword(word)
            || functions::is_aggregation(word)
            || OTHERS.iter().any(|reserved| reserved.eq_ignore_ascii_case(word)))
}

/// Functions that promql-parser marks as an experiment, and the one that it has to be told of.
const EXPERIMENTAL: [&str; 12] = [
    "double_exponential_smoothing",
    "max_of",
    "min_of",
    "mad_over_time",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
    "range",
    "start_timestamp",
    "step",
    functions::OLD_SMOOTHING,
];

#[cfg(test)]
mod tests;
