//! Queries as nearly all of them are written.
//!
//! promql-parser takes tens of thousands of steps for a line, since it walks through tables. Most
//! queries are selectors, ranges, calls and aggregations with operators between them; this reads
//! them in one go and makes the very tree of promql-parser. Architecture invariant: it refuses
//! nothing. What is spelled otherwise, or is no query, is left to promql-parser; and what is read
//! here is to the last field what promql-parser reads, which a property test holds.

use super::grammar::{is_comparison, is_keyword, is_set_operator, precedence};
use super::scan::{Lexeme, LexemeKind};
use super::{duration, functions};
use promql_parser::label::{Labels, METRIC_NAME, MatchOp, Matcher, Matchers};
use promql_parser::parser::function::{Function, FunctionArgs};
use promql_parser::parser::token::{self, TokenId, TokenType};
use promql_parser::parser::value::ValueType::{self, Matrix, Scalar, String as Text, Vector};
use promql_parser::parser::{
    AggregateExpr, BinModifier, BinaryExpr, Call, Expr, LabelModifier, MatrixSelector, Offset,
    ParenExpr, VectorMatchCardinality, VectorSelector,
};
use std::time::Duration;

/// A query that was read.
#[derive(Debug)]
pub(super) struct Plain {
    /// Its tree.
    pub expression: Expr,
    /// Whether Prometheus surely prints it as it is written, white space aside.
    pub is_as_printed: bool,
}

/// The query with these lexemes, which are within [`super::limits`]; nothing for a text that only
/// promql-parser can judge.
pub(super) fn read(text: &str, lexemes: &[Lexeme]) -> Option<Plain> {
    let mut reader = Reader { text, lexemes, at: 0, is_as_printed: true };
    let (expression, _) = reader.expression(0)?;
    let is_as_printed = reader.is_as_printed;
    (reader.at == lexemes.len()).then_some(Plain { expression, is_as_printed })
}

struct Reader<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    /// The lexeme that is looked at.
    at: usize,
    /// Whether all so far is written as Prometheus prints it.
    is_as_printed: bool,
}

impl<'a> Reader<'a> {
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

    fn expression(&mut self, least: u8) -> Option<(Expr, ValueType)> {
        let mut left = self.operand()?;
        while let Some(binds) = precedence(self.word()).filter(|binds| *binds >= least) {
            let operator = self.word();
            let token = operator_token(operator)?;
            // Prometheus prints `AND` in lower case.
            self.is_as_printed &= !operator.bytes().any(|byte| byte.is_ascii_uppercase());
            self.at += 1;
            let mut modifier = None;
            self.modifier(operator, &mut modifier)?;
            let right = self.expression(binds + 1)?;
            left = combined(left, operator, token, modifier, right)?;
        }
        Some(left)
    }

    /// What stands between an operator and its right side, if anything does.
    fn modifier(&mut self, operator: &str, modifier: &mut Option<BinModifier>) -> Option<()> {
        if self.skip_keyword("bool") {
            is_comparison(operator).then_some(())?;
            *modifier = Some(BinModifier::default().with_return_bool(true));
        }
        let is_on = self.skip_keyword("on");
        if is_on || self.skip_keyword("ignoring") {
            let labels = self.labels()?;
            let matching =
                if is_on { LabelModifier::Include(labels) } else { LabelModifier::Exclude(labels) };
            let mut said = modifier.take().unwrap_or_default().with_matching(Some(matching));
            // Prometheus leaves out what ignores nothing.
            self.is_as_printed &=
                is_on || !matches!(&said.matching, Some(it) if it.labels().is_empty());
            let is_left = self.skip_keyword("group_left");
            if is_left || self.skip_keyword("group_right") {
                let has_labels = self.word() == "(";
                self.is_as_printed &= has_labels;
                let labels = if has_labels { self.labels()? } else { Labels::new(Vec::new()) };
                said = said.with_card(if is_left {
                    VectorMatchCardinality::ManyToOne(labels)
                } else {
                    VectorMatchCardinality::OneToMany(labels)
                });
            }
            *modifier = Some(said);
        }
        Some(())
    }

    fn operand(&mut self) -> Option<(Expr, ValueType)> {
        match self.kind()? {
            LexemeKind::Number => {
                let number = plain_number(self.word())?;
                self.is_as_printed &= is_shortest(self.word());
                self.at += 1;
                Some((Expr::from(number), Scalar))
            }
            LexemeKind::String => Some((Expr::from(self.string()?), Text)),
            LexemeKind::Open if self.word() == "(" => {
                self.at += 1;
                let (inside, value) = self.expression(0)?;
                self.skip_if(")").then_some(())?;
                Some((Expr::Paren(ParenExpr { expr: Box::new(inside) }), value))
            }
            LexemeKind::Open if self.word() == "{" => self.selector(None),
            LexemeKind::Word => self.named(),
            _ => None,
        }
    }

    /// A metric, a call or an aggregation.
    fn named(&mut self) -> Option<(Expr, ValueType)> {
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

    fn aggregation(&mut self, name: &str, operator: TokenId) -> Option<(Expr, ValueType)> {
        let mut modifier = None;
        self.grouping(&mut modifier)?;
        let mut arguments = self.arguments()?.into_iter();
        if modifier.is_none() {
            self.grouping(&mut modifier)?;
            // Prometheus prints it in front.
            self.is_as_printed &= modifier.is_none();
        }
        let param = match functions::aggregation(name)?.parameter {
            Some(wanted) => Some(Box::new(of_type(arguments.next()?, of_parser(wanted))?)),
            None => None,
        };
        let expr = Box::new(of_type(arguments.next()?, Vector)?);
        let op = TokenType::new(operator);
        let made = Expr::Aggregate(AggregateExpr { op, expr, param, modifier });
        arguments.next().is_none().then_some((made, Vector))
    }

    /// `by (…)` or `without (…)`, if it stands here.
    fn grouping(&mut self, found: &mut Option<LabelModifier>) -> Option<()> {
        if self.skip_keyword("by") {
            let labels = self.labels()?;
            // Prometheus leaves out what groups by nothing.
            self.is_as_printed &= !labels.is_empty();
            *found = Some(LabelModifier::Include(labels));
        } else if self.skip_keyword("without") {
            *found = Some(LabelModifier::Exclude(self.labels()?));
        }
        Some(())
    }

    fn call(&mut self, name: &str) -> Option<(Expr, ValueType)> {
        if EXPERIMENTAL.contains(&name) {
            return None;
        }
        let (name, signature) = functions::function(name)?;
        let arguments = self.arguments()?;
        let is_fixed = signature.least == signature.most;
        if !is_fixed || arguments.len() != signature.most {
            return None;
        }
        let wanted = (0..arguments.len()).map(|index| signature.argument(index).map(of_parser));
        let wanted = wanted.collect::<Option<Vec<_>>>()?;
        let arguments = arguments.into_iter().zip(&wanted);
        let args = arguments.map(|(argument, wanted)| of_type(argument, *wanted).map(Box::new));
        let args = FunctionArgs { args: args.collect::<Option<_>>()? };
        let result = of_parser(signature.result);
        let func = Function::new(name, wanted, 0, result, false);
        Some((Expr::Call(Call { func, args }), result))
    }

    fn arguments(&mut self) -> Option<Vec<(Expr, ValueType)>> {
        self.skip_if("(").then_some(())?;
        let mut arguments = Vec::new();
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
    fn labels(&mut self) -> Option<Labels> {
        self.skip_if("(").then_some(())?;
        let mut labels = Vec::new();
        while !self.skip_if(")") {
            let label = self.word();
            let is_plain = self.kind()? == LexemeKind::Word && !label.contains(':');
            if !is_plain || is_reserved(label) {
                return None;
            }
            labels.push(label.to_owned());
            self.at += 1;
            self.comma_before(")")?;
        }
        Some(Labels { labels })
    }

    /// A comma, which need not stand before what closes a list, and which is not printed there.
    fn comma_before(&mut self, close: &str) -> Option<()> {
        let has_comma = self.skip_if(",");
        let is_last = self.word() == close;
        self.is_as_printed &= !(has_comma && is_last);
        (has_comma || is_last).then_some(())
    }

    /// A metric that was read, or none, with matchers, a range and an offset behind it.
    fn selector(&mut self, metric: Option<&str>) -> Option<(Expr, ValueType)> {
        let matchers = if self.word() == "{" { self.matchers()? } else { Matchers::empty() };
        let is_named = |matcher: &Matcher| matcher.name == METRIC_NAME;
        let is_refused = match metric {
            Some(_) => matchers.matchers.iter().any(is_named),
            None => matchers.is_empty_matchers(),
        };
        if is_refused {
            return None;
        }
        let mut vs = VectorSelector::new(metric.map(str::to_owned), matchers);
        let mut range = None;
        if self.skip_if("[") {
            range = Some(self.duration()?);
            self.skip_if("]").then_some(())?;
        }
        if self.kind() == Some(LexemeKind::Word) && self.skip_keyword("offset") {
            vs.offset = Some(Offset::Pos(self.duration()?));
        }
        Some(match range {
            Some(range) => (Expr::MatrixSelector(MatrixSelector { vs, range }), Matrix),
            None => (Expr::VectorSelector(vs), Vector),
        })
    }

    fn matchers(&mut self) -> Option<Matchers> {
        self.at += 1;
        let mut matchers: Vec<Matcher> = Vec::new();
        self.is_as_printed &= self.word() != "}";
        while !self.skip_if("}") {
            let label = self.word();
            // promql-parser takes `or` for an operator here if a blank follows.
            if self.kind()? != LexemeKind::Word || label.eq_ignore_ascii_case("or") {
                return None;
            }
            self.at += 1;
            let operator = match self.word() {
                "=" => MatchOp::Equal,
                "!=" => MatchOp::NotEqual,
                _ => return None,
            };
            self.at += 1;
            let value = self.string()?;
            // Prometheus sorts them by their texts, and quotes names with a colon.
            let is_behind = |before: &Matcher| {
                before.name.as_str() < label && !label.starts_with(&*before.name)
            };
            self.is_as_printed &= matchers.last().is_none_or(is_behind) && !label.contains(':');
            matchers.push(Matcher { op: operator, name: label.to_owned(), value });
            self.comma_before("}")?;
        }
        Some(Matchers::new(matchers))
    }

    /// What a string without escapes says.
    fn string(&mut self) -> Option<String> {
        let quoted = self.word();
        if self.kind()? != LexemeKind::String || quoted.len() < 2 {
            return None;
        }
        let is_plain = quoted.starts_with(['"', '\'']) && !quoted.contains(['\\', '\n']);
        // Prometheus prints quotes and white space in another way.
        self.is_as_printed &= quoted.starts_with('"') && !quoted.contains(['\t', '\r']);
        self.at += 1;
        is_plain.then(|| quoted[1..quoted.len() - 1].to_owned())
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

/// Two sides and an operator between them, if they fit.
fn combined(
    (left, of_left): (Expr, ValueType),
    operator: &str,
    token: TokenId,
    mut modifier: Option<BinModifier>,
    (right, of_right): (Expr, ValueType),
) -> Option<(Expr, ValueType)> {
    let both = |value: ValueType| of_left == value && of_right == value;
    let fit = |value: ValueType| matches!(value, Scalar | Vector);
    if !fit(of_left) || !fit(of_right) {
        return None;
    }
    if !both(Vector) && (is_set_operator(operator) || modifier.as_ref().is_some_and(matches_labels))
    {
        return None;
    }
    let returns_bool = modifier.as_ref().is_some_and(|modifier| modifier.return_bool);
    if both(Scalar) && is_comparison(operator) && !returns_bool {
        return None;
    }
    if modifier.as_ref().is_some_and(|it| it.is_matching_on() && it.is_labels_joint()) {
        return None;
    }
    if is_set_operator(operator) {
        let said = modifier.unwrap_or_default();
        if said.card != VectorMatchCardinality::OneToOne {
            return None;
        }
        modifier = Some(said.with_card(VectorMatchCardinality::ManyToMany));
    }
    let (lhs, rhs) = (Box::new(left), Box::new(right));
    let made = Expr::Binary(BinaryExpr { op: TokenType::new(token), lhs, rhs, modifier });
    Some((made, if both(Scalar) { Scalar } else { Vector }))
}

fn matches_labels(modifier: &BinModifier) -> bool {
    modifier.matching.is_some()
}

fn of_type((argument, value): (Expr, ValueType), wanted: ValueType) -> Option<Expr> {
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
    is_keyword(word)
        || functions::is_aggregation(word)
        || OTHERS.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// A type as promql-parser calls it.
fn of_parser(value: functions::ValueType) -> ValueType {
    match value {
        functions::ValueType::Scalar => Scalar,
        functions::ValueType::Vector => Vector,
        functions::ValueType::Range => Matrix,
        functions::ValueType::String => Text,
    }
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
