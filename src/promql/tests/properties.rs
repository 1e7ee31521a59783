//! What holds for every text.

use super::super::*;
use proptest::prelude::*;

/// Words that are likely to make something of interest when thrown together.
pub(in crate::promql) fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "x",
        "foo_bar",
        "a:b",
        "sum",
        "rate",
        "by",
        "on",
        "and",
        "or",
        "offset",
        "bool",
        "ln",
        "group_left",
        "start",
        "count_values",
        "label_replace",
        "time",
        "fill",
        "inf",
        "NaN",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "=",
        "=~",
        "!=",
        "==",
        "!~",
        ">",
        "<=",
        "-",
        "+",
        "*",
        "/",
        "^",
        "@",
        "\"s\"",
        "'.*'",
        "`\\d`",
        "\"\\x\"",
        "\"",
        "5",
        "0",
        "1e400",
        "0x1f",
        "08",
        "5m",
        "1h30m",
        "5x",
        "# c\n",
        "é",
        "\u{a0}",
        " ",
        "\n",
        "<a>",
        "*b*",
        "\\",
        "$",
        ".",
    ]);
    prop::collection::vec(words, 0..24).prop_map(|words| words.concat())
}

/// Queries that are valid, so that the two parsers can be compared where it matters.
pub(in crate::promql) fn valid() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x",
        "foo_bar{a=\"b\"}",
        "{c=~\"d.*\",}",
        "5",
        "rate(x[5m])",
        "time()",
        "x[5m] offset 1h",
        "x offset -5m",
        "x @ 5",
        "x[1h:5m]",
        "\"s\"",
        "sum without (a) (x)",
        "topk(3, x) by (a)",
        "vector(1)",
        "-x",
        "1 > bool 2",
        "x @ end()",
        "fill",
        "hour()",
        "Inf",
        "5m",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec![
                    "+",
                    "/",
                    "^",
                    "==",
                    "> bool",
                    "and",
                    "or on (a)",
                    "unless ignoring (a, b)",
                    "atan2",
                    "* on (a) group_left (b)",
                    "- on () group_right",
                    "+ on (a) fill (5)",
                ]),
                inner.clone()
            )
                .prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("sum({a}) by (c)")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            inner.clone().prop_map(|a| format!("({a})[5m:1m]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("quantile({a}, {b})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_blamed(text in soup(), hole in (0usize..40, 0usize..12)) {
        let hole = hole.0..hole.0 + hole.1;
        for holes in [&[][..], std::slice::from_ref(&hole)] {
            match parse_with_holes(&text, holes) {
                Ok(_) if holes.is_empty() => {
                    prop_assert!(selectors(&text, holes).is_some() && printed(&text).is_some());
                }
                Ok(_) => drop(selectors(&text, holes)),
                Err(error) => {
                    prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
                    prop_assert!(!error.message.is_empty());
                    prop_assert!(error.message != "ParseError");
                }
            }
            for end in Beginning::of(&text, holes).ends() {
                prop_assert!(text.get(..end).is_some());
            }
            let mut at = 0;
            for token in tokens(&text, holes) {
                prop_assert!(at <= token.range.start && token.range.start < token.range.end);
                let between = &text[at..token.range.start];
                prop_assert!(between.bytes().all(|b| b.is_ascii_whitespace()), "{:?}", between);
                at = token.range.end;
            }
            prop_assert!(text[at..].bytes().all(|b| b.is_ascii_whitespace()));
        }
    }

    /// What the parser refuses has a reason, and what it takes has no fault: both read one grammar.
    #[test]
    fn explanations_agree_with_the_parser(text in valid()) {
        let lexemes = scan(&text);
        let fault = explain::explain(&text, &lexemes);
        let parsed = promql_parser::parser::parse(&text);
        prop_assert_eq!(fault.is_ok(), parsed.is_ok(), "{}: {:?} {:?}", text, fault, parsed);
    }
}
