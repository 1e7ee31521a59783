//! Whether usual queries are read here, and as promql-parser reads them.

use super::*;
use crate::promql::holes::Operand;
use crate::promql::scan::scan;
use crate::promql::summary::without_space;
use crate::promql::tests::properties::{soup, valid};
use crate::promql::{Query, Reading, explain, parse_with_library};
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
        "x{a=\"b\", c!=\"d e\"}",
        "x{b=\"b\",a=\"d\"}",
        "x{a1=\"b\",a=\"d\"}",
        "x{a=\"b\",a1=\"d\"}",
        "x{a=\"d\",a=\"b\"}",
        "x{a:b=\"d\"}",
        "{a=\"\tb\"}",
        "x{}",
        "5",
        "0.5",
        "0.50",
        "0.0",
        "1234567890123456789",
        "0.1000000000000000055511151231257827",
        "123456789.00001",
        "010",
        "0",
        "1.",
        "x[5m]",
        "x{a=\"b\"}[1h] offset 2d",
        "x OFFSET 5ms",
        "x offset 5m[1h]",
        "x[1h30m]",
        "x[90s]",
        "x[60m]",
        "x[059m]",
        "x[59m]",
        "x[24h] offset 23h",
        "x[300ms]",
        "x{c=~\"d|e\"}",
        "up",
        "{__name__!=\"\"}",
        "x[30m1h]",
        "x[1d12h30m5s]",
        "x[99999999y]",
        "x[0m]",
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
            functions::function_names().chain(["up"]).collect::<Vec<_>>(),
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
    let Some(Plain { made: read, is_as_printed }) = read(text, &lexemes, &mut OfParser) else {
        return false;
    };
    let parsed = promql_parser::parser::parse(text);
    assert_eq!(Ok(&read), parsed.as_ref(), "{text}");
    let printed = parsed.unwrap_or_else(|_| unreachable!()).to_string();
    assert_eq!(read.to_string(), printed);
    let is_same = without_space(&printed).eq(without_space(text));
    assert!(is_same || !is_as_printed, "{text} is printed {printed}");
    let lexemes = explain::without_comments(&lexemes);
    assert_eq!(explain::viable_lexemes(text, &lexemes), lexemes.len(), "{text}");
    finds_the_same(text);
    true
}

/// What is found in a query while it is read is what is found in its tree.
fn finds_the_same(text: &str) {
    let reading = Reading::new(text, &[], Operand::Number);
    let Ok(plain) = reading.without_patterns() else { return };
    let Some(query) = reading.plain_query(&plain) else { return };
    let tree = parse_with_library(&plain.text).unwrap_or_else(|_| unreachable!());
    let other = reading.query_of(&tree, &plain);
    let found =
        |query: &Query| (query.metrics().to_vec(), query.features(), query.has_evident_operands());
    assert_eq!(found(&query), found(&other), "{text}");
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
    for name in functions::function_names() {
        let (name, signature) = functions::function(name).expect("a function");
        if signature.least != signature.most {
            continue;
        }
        let argument = |index| match signature.argument(index) {
            Some(Range) => "x[5m]",
            Some(Scalar) => "1",
            Some(Text) => "\"s\"",
            _ => "x",
        };
        let all: Vec<_> = (0..signature.most).map(argument).collect();
        let is_plain = agrees(&format!("{name}({})", all.join(",")));
        assert_eq!(is_plain, !EXPERIMENTAL.contains(&name) && !is_reserved(name), "{name}");
    }
}

#[test]
fn what_is_printed_as_it_is_written_is_known() {
    let is_as_printed =
        |text: &str| read(text, &scan(text), &mut OfParser).is_some_and(|read| read.is_as_printed);
    for text in [
        "sum by (a, b) (rate(x{a=\"b\",c!=\"d e\"}[5m] offset 1h)) > 0.5",
        "a:b / on (c) group_left (d) e and f unless ignoring (g) h >= bool 40",
        "topk(3, {a=\"b\"}) > time( )\n% 60",
    ] {
        assert!(agrees(text) && is_as_printed(text), "{text}");
    }
    for text in [
        "sum(x) by (a)",
        "sum by () (x)",
        "sum BY (a) (x)",
        "sum by (a,) (x)",
        "x{}",
        "x{a='b'}",
        "x{a=\"b\",}",
        "x{b=\"b\",a=\"b\"}",
        "x AND y",
        "x and ignoring () y",
        "x[60s]",
        "x[7d]",
        "1.0",
        "x / on (a) group_left y",
        "x > BOOL 1",
        "x Offset 5m",
    ] {
        assert!(agrees(text) && !is_as_printed(text), "{text}");
    }
}

#[test]
fn no_word_of_the_parser_is_a_plain_metric() {
    for word in ["and", "atan2", "limit_ratio", "smoothed", "start", "End", "inf", "nan", "on"] {
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
