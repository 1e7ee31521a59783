//! Queries as nearly all of them are written.
//!
//! promql-parser takes tens of thousands of steps for a line, since it walks through tables. Most
//! queries are selectors, ranges, calls and aggregations with operators between them; this reads
//! them in one go and makes the very tree of promql-parser. Architecture invariant: it refuses
//! nothing. What is spelled otherwise, or is no query, is left to promql-parser; and what is read
//! here is to the last field what promql-parser reads, which a property test holds.

use super::grammar::{is_comparison, is_set_operator, precedence};
use super::scan::{Lexeme, LexemeKind};
use promql_parser::label::{Labels, METRIC_NAME, MatchOp, Matcher, Matchers};
use promql_parser::parser::function::{Function, FunctionArgs};
use promql_parser::parser::token::{self, TokenId, TokenType};
use promql_parser::parser::value::ValueType::{self, Matrix, Scalar, String as Text, Vector};
use promql_parser::parser::{
    AggregateExpr, BinModifier, BinaryExpr, Call, Expr, LabelModifier, MatrixSelector, Offset,
    ParenExpr, VectorMatchCardinality, VectorSelector,
};
use std::time::Duration;

/// The tree of a query with these lexemes, which are within [`super::limits`]; nothing for a text that
/// only promql-parser can judge.
pub(super) fn read(text: &str, lexemes: &[Lexeme]) -> Option<Expr> {
    let mut reader = Reader { text, lexemes, at: 0 };
    let (expression, _) = reader.expression(0)?;
    (reader.at == lexemes.len()).then_some(expression)
}

struct Reader<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    /// The lexeme that is looked at.
    at: usize,
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
        let found = self.word().eq_ignore_ascii_case(word);
        self.at += usize::from(found);
        found
    }

    fn expression(&mut self, least: u8) -> Option<(Expr, ValueType)> {
        let mut left = self.operand()?;
        while let Some(binds) = precedence(self.word()).filter(|binds| *binds >= least) {
            let operator = self.word();
            let token = operator_token(operator)?;
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
            let is_left = self.skip_keyword("group_left");
            if is_left || self.skip_keyword("group_right") {
                let labels =
                    if self.word() == "(" { self.labels()? } else { Labels::new(Vec::new()) };
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
            return self.aggregation(token);
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

    fn aggregation(&mut self, operator: TokenId) -> Option<(Expr, ValueType)> {
        let mut modifier = None;
        self.grouping(&mut modifier)?;
        let mut arguments = self.arguments()?.into_iter();
        if modifier.is_none() {
            self.grouping(&mut modifier)?;
        }
        let wanted = match operator {
            token::T_TOPK | token::T_BOTTOMK | token::T_QUANTILE => Some(Scalar),
            token::T_COUNT_VALUES => Some(Text),
            _ => None,
        };
        let param = match wanted {
            Some(wanted) => Some(Box::new(of_type(arguments.next()?, wanted)?)),
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
            *found = Some(LabelModifier::Include(self.labels()?));
        } else if self.skip_keyword("without") {
            *found = Some(LabelModifier::Exclude(self.labels()?));
        }
        Some(())
    }

    fn call(&mut self, name: &str) -> Option<(Expr, ValueType)> {
        let known = FUNCTIONS.iter().find(|known| known.0.contains(&name))?;
        let name = *known.0.iter().find(|known| **known == name)?;
        let &(_, wanted, result) = known;
        let arguments = self.arguments()?;
        if arguments.len() != wanted.len() {
            return None;
        }
        let arguments = arguments.into_iter().zip(wanted);
        let args = arguments.map(|(argument, wanted)| of_type(argument, *wanted).map(Box::new));
        let args = FunctionArgs { args: args.collect::<Option<_>>()? };
        let func = Function::new(name, wanted.to_vec(), 0, result, false);
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
            if !is_plain || is_reserved(label) || aggregation_token(label).is_some() {
                return None;
            }
            labels.push(label.to_owned());
            self.at += 1;
            if !self.skip_if(",") && self.word() != ")" {
                return None;
            }
        }
        Some(Labels { labels })
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
        let mut matchers = Vec::new();
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
            matchers.push(Matcher { op: operator, name: label.to_owned(), value });
            if !self.skip_if(",") && self.word() != "}" {
                return None;
            }
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
        self.at += 1;
        is_plain.then(|| quoted[1..quoted.len() - 1].to_owned())
    }

    /// A length of time in one unit.
    fn duration(&mut self) -> Option<Duration> {
        /// More of a unit may be more than promql-parser counts.
        const MOST_DIGITS: usize = 5;
        let word = self.word();
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if self.kind()? != LexemeKind::Duration || digits > MOST_DIGITS {
            return None;
        }
        let number: u64 = word[..digits].parse().ok().filter(|number| *number > 0)?;
        let length = match &word[digits..] {
            "ms" => Duration::from_millis(number),
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number * 60),
            "h" => Duration::from_secs(number * 3600),
            "d" => Duration::from_secs(number * 86_400),
            "w" => Duration::from_secs(number * 7 * 86_400),
            "y" => Duration::from_secs(number * 365 * 86_400),
            _ => return None,
        };
        self.at += 1;
        Some(length)
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

/// Aggregations in the usual case; those that are seldom called are left out.
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
    const LONGEST: usize = 12;
    const WORDS: [&str; 33] = [
        "and",
        "or",
        "unless",
        "atan2",
        "sum",
        "avg",
        "count",
        "min",
        "max",
        "group",
        "stddev",
        "stdvar",
        "topk",
        "bottomk",
        "count_values",
        "quantile",
        "limitk",
        "limit_ratio",
        "offset",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "bool",
        "smoothed",
        "anchored",
        "fill",
        "fill_left",
        "fill_right",
        "start",
        "end",
    ];
    word.len() <= LONGEST && WORDS.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

type Family = (&'static [&'static str], &'static [ValueType], ValueType);

/// The functions that are called most, all of a fixed number of arguments: names, arguments, result.
const FUNCTIONS: [Family; 8] = [
    (
        &[
            "rate",
            "increase",
            "irate",
            "delta",
            "idelta",
            "deriv",
            "changes",
            "resets",
            "avg_over_time",
            "min_over_time",
            "max_over_time",
            "sum_over_time",
            "count_over_time",
            "last_over_time",
            "present_over_time",
            "absent_over_time",
            "stddev_over_time",
            "stdvar_over_time",
        ],
        &[Matrix],
        Vector,
    ),
    (
        &["abs", "absent", "ceil", "floor", "sgn", "sort", "sort_desc", "sqrt", "timestamp"],
        &[Vector],
        Vector,
    ),
    (&["histogram_quantile"], &[Scalar, Vector], Vector),
    (&["time"], &[], Scalar),
    (&["vector"], &[Scalar], Vector),
    (&["scalar"], &[Vector], Scalar),
    (&["clamp_min", "clamp_max"], &[Vector, Scalar], Vector),
    (&["predict_linear"], &[Matrix, Scalar], Vector),
];

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::scan::scan;
    use super::super::tests::properties::{soup, valid};
    use super::*;
    use proptest::prelude::*;

    /// Queries of what is read here, and of what is nearly so.
    fn plain() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec![
            "x",
            "a:b",
            "foo_bar{a=\"b\"}",
            "{c='d',e!=\"\",}",
            "{a=\"\"}",
            "x{__name__=\"y\"}",
            "{__name__=\"y\"}",
            "x{sum=\"a\", order =\"b\"}",
            "x{or =\"a\"}",
            "x{}",
            "5",
            "0.5",
            "010",
            "0",
            "1.",
            "x[5m]",
            "x{a=\"b\"}[1h] offset 2d",
            "x OFFSET 5ms",
            "x offset 5m[1h]",
            "x offset 0s",
            "\"s\"",
            "time()",
            "sum",
            "fill",
            "by",
            "On",
            "scalar(x)",
            "rate(x[5m])",
            "rate(x)",
            "x # c\n",
        ])
        .prop_map(str::to_owned);
        leaf.prop_recursive(5, 32, 3, |inner| {
            let operators = prop::sample::select(vec![
                "+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "> bool", "and", "OR",
                "unless", "or on (a)", "and ignoring (a, b,)", "* on (a) group_left (b)",
                "/ ON () group_right", "- on (a) group_left (a)", "and on (a) group_left",
                "== bool on (sum)", "+ ignoring (by)", "> on (a) group_left", "* group_left",
            ]);
            let functions = prop::sample::select(
                FUNCTIONS.iter().flat_map(|known| known.0).copied().chain(["exp", "up"]).collect::<Vec<_>>(),
            );
            let aggregations = prop::sample::select(vec![
                "sum", "AVG", "count by (a)", "max without (a, b)", "min by ()", "group", "stddev",
                "stdvar", "topk", "bottomk", "quantile", "count_values", "limitk",
            ]);
            let behind = prop::sample::select(vec!["", " by (c)", " without (c, d,)", " offset 5m", "[5m]"]);
            prop_oneof![
                3 => (inner.clone(), operators, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
                1 => inner.clone().prop_map(|a| format!("({a})")),
                1 => (functions, prop::collection::vec(inner.clone(), 0..3), behind.clone())
                    .prop_map(|(name, all, behind)| format!("{name}({}){behind}", all.join(", "))),
                2 => (aggregations, prop::collection::vec(inner, 0..3), behind)
                    .prop_map(|(name, all, behind)| format!("{name} ({}){behind}", all.join(","))),
            ]
        })
    }

    fn agrees(text: &str) -> bool {
        let lexemes = scan(text);
        let Some(read) = read(text, &lexemes) else { return false };
        let parsed = promql_parser::parser::parse(text);
        assert_eq!(Ok(&read), parsed.as_ref(), "{text}");
        assert_eq!(read.to_string(), parsed.unwrap_or_else(|_| unreachable!()).to_string());
        let lexemes = explain::without_comments(&lexemes);
        assert_eq!(explain::viable_lexemes(text, &lexemes), lexemes.len(), "{text}");
        true
    }

    #[test]
    fn the_usual_query_is_plain() {
        for text in [
            "x",
            "sum by (a) (rate(x{a=\"b\", c!='d'}[5m])) > 0.5",
            "a:b / on (c) group_left (d) e and f unless ignoring (g) h",
            "histogram_quantile(0.9, sum(rate(x_bucket[5m])) without (le)) >= bool 1",
            "{__name__=\"x\"} offset 1w or vector(0) == (topk(3, x) + time() % 60)",
        ] {
            assert!(agrees(text), "{text}");
        }
        for (names, wanted, _) in &FUNCTIONS {
            for name in *names {
                let argument = |wanted: &ValueType| match wanted {
                    Matrix => "x[5m]",
                    Scalar => "1",
                    _ => "x",
                };
                let all: Vec<_> = wanted.iter().map(argument).collect();
                assert!(agrees(&format!("{name}({})", all.join(","))), "{name}");
            }
        }
    }

    #[test]
    fn no_word_of_the_parser_is_a_plain_metric() {
        for word in ["and", "atan2", "limit_ratio", "smoothed", "start", "End", "inf", "nan", "on"]
        {
            for text in [word.to_owned(), format!("{word}(x)"), format!("{word}{{a=\"b\"}}")] {
                agrees(&text);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_read_here_is_what_the_parser_reads(text in prop_oneof![plain(), valid(), soup()]) {
            agrees(&text);
        }
    }
}
