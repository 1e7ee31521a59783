use super::*;
use proptest::prelude::*;

/// Takes the marks off a text in which holes are marked as `‹name›`; the text and its holes.
pub(super) fn with_holes(pattern: &str) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut holes = Vec::new();
    for part in pattern.split('‹') {
        match part.split_once('›') {
            Some((name, rest)) => {
                holes.push(text.len()..text.len() + name.len());
                text.push_str(name);
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    (text, holes)
}

fn parse_pattern(pattern: &str) -> Result<Query, SyntaxError> {
    let (text, holes) = with_holes(pattern);
    parse_with_holes(&text, &holes)
}

#[test]
fn queries_with_holes_are_queries() {
    for pattern in [
        "rate(http_errors_total{pod=\"‹<pod>›\"}[‹$__rate_interval›]) > ‹<n>›",
        "‹<metric>›{a=\"b\"} > 0",
        "app_‹{Region}›_failures{a=~\"‹{Region}›-.*\"} > 0",
        "x{workerID=‹<workerID>›}",
        "x{workerID=~\"‹*workerID*›\"}",
        "topk(‹<n>›, x) by (‹<label>›)",
        "foo[‹<duration>›] offset ‹<duration>›",
        "time() > ‹<n>›",
        // The finder was wrong, and the text is a query as it stands.
        "a ‹<b>› c",
        "a‹<b or c>›d",
    ] {
        assert!(
            parse_pattern(pattern).is_ok(),
            "{pattern}: {:?}",
            parse_pattern(pattern)
        );
    }
}

#[test]
fn what_upstream_knows_is_known() {
    for text in [
        "holt_winters(x[1h], 0.3, 0.3)",
        "double_exponential_smoothing(x[1h], 0.3, 0.3)",
        r"x{a=~`\d+\.\d+`}",
        "x{a=~`a\"b\\.`}",
        "sum(x) # note",
        "{\"a.b\", c=\"d\"}",
        "x[5m:] @ end() offset -1h",
        "max_over_time(rate(x[5m])[1h:1m])",
    ] {
        assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
    }
}

/// Text, the part that is to blame, the message, and the help.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

#[test]
fn errors_point_at_what_is_to_blame() {
    let faults: &[Fault] = &[
        ("", "", "there is no query here", None),
        (
            "# only a note",
            "# only a note",
            "there is no query here",
            None,
        ),
        ("sum(x", "(", "`(` is never closed", None),
        ("sum(x))", ")", "`)` closes nothing", None),
        ("x{a=\"b\"", "{", "`{` is never closed", None),
        (
            "rate(x[5m)",
            ")",
            "unexpected `)`, expected `]` or `:`",
            None,
        ),
        (
            "x y",
            "y",
            "unexpected `y`, expected an operator or the end of the query",
            None,
        ),
        (
            "x >",
            ">",
            "the query ends too early, expected a metric, a function, a number or `(`",
            None,
        ),
        ("x > > 5", "> 5", "", None),
        (
            "raet(x[5m])",
            "raet",
            "unknown function `raet`",
            Some("did you mean `rate`?"),
        ),
        (
            "frobnicate(x)",
            "frobnicate",
            "unknown function `frobnicate`",
            None,
        ),
        (
            "rate(foo_total)",
            "foo_total",
            "`rate` wants a range vector here, but this is an instant vector",
            Some("put a range behind the selector, such as `[5m]`"),
        ),
        (
            "abs(x[5m])",
            "x[5m]",
            "`abs` wants an instant vector here, but this is a range vector",
            Some("leave the range out, or wrap it: rate(…), increase(…)"),
        ),
        (
            "clamp(x, 1)",
            "clamp",
            "`clamp` takes 3 arguments, but is given 2",
            None,
        ),
        (
            "round(x, 1, 2)",
            "round",
            "`round` takes 1 to 2 arguments, but is given 3",
            None,
        ),
        (
            "topk(x)",
            "topk",
            "`topk` takes 2 arguments, but is given 1",
            None,
        ),
        (
            "x{a=b}",
            "b",
            "the value `b` has no quotes",
            Some("write `a=\"b\"`"),
        ),
        (
            "x{a==\"b\"}",
            "==",
            "labels are matched with a single `=`",
            Some("write `=`, or `=~` for a regular expression"),
        ),
        (
            "x{a}",
            "}",
            "unexpected `}`, expected `=`, `!=`, `=~` or `!~`",
            None,
        ),
        (
            "x{a=\"b\" c=\"d\"}",
            "c",
            "unexpected `c`, expected `,` or `}`",
            None,
        ),
        (
            "x{a=~\"(\"}",
            "\"(\"",
            "`\"(\"` is no regular expression",
            Some("the syntax is that of RE2; escape what is meant literally: `\\\\.`"),
        ),
        ("x{a=\"b}", "\"", "this string has no closing quote", None),
        (
            "{a=\"\"}",
            "{a=\"\"}",
            "this selects every series there is",
            Some("name a metric, or match one label against something that is not empty"),
        ),
        ("x{__name__=\"y\"}", "__name__=\"y\"", "", None),
        (
            "x[5x]",
            "5x",
            "`5x` is neither a number nor a duration",
            Some("durations are written like `5m` or `1h30m`; units: ms, s, m, h, d, w, y"),
        ),
        (
            "x[5m] > 1",
            "x[5m]",
            "`>` can't work on a range vector",
            Some("turn the range into one value for each series: rate(…), increase(…)"),
        ),
        (
            "1 > 2",
            ">",
            "two numbers are compared here, which needs `bool`",
            Some("write `> bool`"),
        ),
        (
            "x and 1",
            "1",
            "`and` joins vectors, but this is a number",
            None,
        ),
        (
            "x + bool y",
            "bool",
            "`bool` belongs to comparisons, not to `+`",
            None,
        ),
        (
            "(x + y)[5m]",
            "[5m]",
            "a range can only follow a selector",
            Some("for an expression write a subquery, such as `(…)[5m:1m]`"),
        ),
        (
            "x offset 5m [1m]",
            "[1m]",
            "the range stands before `offset` and `@`",
            None,
        ),
        (
            "x{a=“b”}",
            "“",
            "`“` is a typographic quote, which PromQL lacks",
            Some("strings stand in straight quotes: \"…\""),
        ),
        (
            "x\u{a0}> 5",
            "\u{a0}",
            "a no-break space is no white space in PromQL",
            Some("replace it with an ordinary space"),
        ),
        (
            "x = 5",
            "=",
            "`=` matches labels, which stand in braces; expected an operator or the end of the query",
            Some("values are compared with `==` and `!=`, labels matched as in `x{a=\"b\"}`"),
        ),
        ("x > é", "é", "`é` has no meaning in PromQL", None),
        (
            "sum by x (y)",
            "x",
            "unexpected `x`, expected labels in parentheses",
            None,
        ),
        ("x[1e400]", "1e400", "`1e400` is no length of time", None),
        ("x offset inf", "inf", "`inf` is no length of time", None),
        (
            "x{a=\"\\é\"}",
            "\"\\é\"",
            "this string has an escape or a line break that PromQL does not know",
            Some("a backslash itself is written `\\\\`"),
        ),
    ];
    for (text, blamed, message, help) in faults {
        let error = parse(text).expect_err(text);
        if message.is_empty() {
            // The place is all that this case is about.
            assert!(
                blamed.contains(&text[error.range.clone()]),
                "{text}: {error:?}"
            );
            continue;
        }
        assert_eq!(&text[error.range.clone()], *blamed, "{text}: {error:?}");
        assert_eq!(error.message, *message, "{text}");
        assert_eq!(error.help.as_deref(), *help, "{text}");
    }
}

#[test]
fn errors_beside_holes_point_into_the_original() {
    let (text, holes) = with_holes("raet(x{pod=\"‹<a very long pod name>›\"}[‹<d>›]) > ‹<n>› y");
    let error = parse_with_holes(&text, &holes).unwrap_err();
    assert_eq!(&text[error.range], "raet");
    let (text, holes) = with_holes("x{pod=\"‹<pod name>›\"} > ‹<n>› y");
    let error = parse_with_holes(&text, &holes).unwrap_err();
    assert_eq!(&text[error.range], "y");
}

#[test]
fn selectors_have_the_spelling_of_the_author() {
    let query = parse_pattern(
        "sum(rate(app_‹{R}›_errors{pod=~\"‹<pod>›.*\",a!=\"b\"}[5m])) / on () {__name__=\"x:y\"} - x:y",
    )
    .unwrap();
    let selectors = query.selectors();
    let names: Vec<_> = selectors
        .iter()
        .map(|selector| {
            selector
                .metric
                .as_ref()
                .map(|name| (name.text.as_str(), name.has_hole))
        })
        .collect();
    let expected = [("app_{R}_errors", true), ("x:y", false), ("x:y", false)];
    assert_eq!(names, expected.map(Some));
    let first = &selectors[0];
    assert_eq!(first.range, Some(std::time::Duration::from_secs(300)));
    let pod = &first.matchers[0];
    assert_eq!(
        (pod.label.text.as_str(), pod.operator),
        ("pod", MatchOperator::Matches)
    );
    assert_eq!(
        (pod.value.text.as_str(), pod.value.has_hole),
        ("<pod>.*", true)
    );
    assert_eq!(first.matchers[1].operator, MatchOperator::NotEqual);
    assert_eq!(query.metrics(), ["x:y"]);
}

#[test]
fn what_would_break_the_parser_is_refused() {
    let deep = format!("{}x{}", "(".repeat(5000), ")".repeat(5000));
    let long = vec!["x"; 3000].join(" + ");
    let signs = format!("{}x", "-".repeat(5000));
    let huge = format!("x{{a=\"{}\"}}", "y".repeat(70_000));
    for text in [deep, long, signs, huge] {
        let error = parse(&text).unwrap_err();
        assert!(error.range.end <= text.len());
    }
    // What is just allowed does not overflow the stack either.
    let nested = format!("{}x_y{}", "sum(".repeat(99), ")".repeat(99));
    assert!(parse(&nested).is_ok());
    let chain = vec!["x_y"; 1000].join(" or ");
    let query = parse(&chain).unwrap();
    assert_eq!(query.metrics(), ["x_y"]);
    assert!(!query.clone().has_evident_operands());
}

#[test]
fn prefixes_end_where_a_query_can_end() {
    let ends = |text: &str| -> Vec<String> {
        prefix_ends(text, &[])
            .into_iter()
            .map(|end| text[..end].to_owned())
            .collect()
    };
    assert_eq!(
        ends("x{a=\"b\"} > 0 and look for it"),
        [
            "x{a=\"b\"} > 0 and look",
            "x{a=\"b\"} > 0 and",
            "x{a=\"b\"} > 0",
            "x{a=\"b\"}",
            "x"
        ],
    );
    assert_eq!(ends("x > 0. Then"), ["x > 0", "x"]);
    assert_eq!(ends("[runbook](x.html)"), Vec::<String>::new());
}

fn kinds(pattern: &str) -> Vec<(TokenKind, String)> {
    let (text, holes) = with_holes(pattern);
    tokens(&text, &holes)
        .into_iter()
        .map(|token| (token.kind, text[token.range].to_owned()))
        .collect()
}

#[test]
fn tokens_know_their_roles() {
    use TokenKind::*;
    let cases: &[(&str, &[(TokenKind, &str)])] = &[
        (
            "sum by (pod, up) (rate(a:b{c=~\"d\"}[5m])) # e",
            &[
                (Aggregation, "sum"),
                (Keyword, "by"),
                (Bracket, "("),
                (Label, "pod"),
                (Separator, ","),
                (Label, "up"),
                (Bracket, ")"),
                (Bracket, "("),
                (Function, "rate"),
                (Bracket, "("),
                (Metric, "a:b"),
                (Bracket, "{"),
                (Label, "c"),
                (Operator, "=~"),
                (String, "\"d\""),
                (Bracket, "}"),
                (Bracket, "["),
                (Duration, "5m"),
                (Bracket, "]"),
                (Bracket, ")"),
                (Bracket, ")"),
                (Comment, "# e"),
            ],
        ),
        (
            "x > bool 5 unless on (sum) count",
            &[
                (Metric, "x"),
                (Operator, ">"),
                (Keyword, "bool"),
                (Number, "5"),
                (Keyword, "unless"),
                (Keyword, "on"),
                (Bracket, "("),
                (Label, "sum"),
                (Bracket, ")"),
                (Metric, "count"),
            ],
        ),
        (
            "app_‹{R}›_up{a=\"‹<b c>›-x\"}[‹<d>›]",
            &[
                (Metric, "app_"),
                (Placeholder, "{R}"),
                (Metric, "_up"),
                (Bracket, "{"),
                (Label, "a"),
                (Operator, "="),
                (String, "\""),
                (Placeholder, "<b c>"),
                (String, "-x\""),
                (Bracket, "}"),
                (Bracket, "["),
                (Placeholder, "<d>"),
                (Bracket, "]"),
            ],
        ),
        (
            "‹<labels>› é{‹<l>›}",
            &[
                (Placeholder, "<labels>"),
                (Other, "é"),
                (Bracket, "{"),
                (Placeholder, "<l>"),
                (Bracket, "}"),
            ],
        ),
        (
            r"x{a=`\d`}",
            &[
                (Metric, "x"),
                (Bracket, "{"),
                (Label, "a"),
                (Operator, "="),
                (String, r"`\d`"),
                (Bracket, "}"),
            ],
        ),
    ];
    for (pattern, expected) in cases {
        let expected: Vec<_> = expected
            .iter()
            .map(|(kind, word)| (*kind, (*word).to_owned()))
            .collect();
        assert_eq!(kinds(pattern), expected, "{pattern}");
    }
}

/// Words that are likely to make something of interest when thrown together.
fn soup() -> impl Strategy<Value = String> {
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
fn valid() -> impl Strategy<Value = String> {
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
                Ok(query) => drop((query.selectors(), query.features())),
                Err(error) => {
                    prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
                    prop_assert!(!error.message.is_empty());
                    prop_assert!(error.message != "ParseError");
                }
            }
            for end in prefix_ends(&text, holes) {
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
