mod errors;
pub(super) mod properties;

use super::*;

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
        assert!(parse_pattern(pattern).is_ok(), "{pattern}: {:?}", parse_pattern(pattern));
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
    let pattern = "sum(rate(app_‹{R}›_errors{pod=~\"‹<pod>›.*\",a!=\"b\"}[5m])) / on () {__name__=\"x:y\"} - x:y";
    let query = parse_pattern(pattern).unwrap();
    let (text, holes) = with_holes(pattern);
    let selectors = selectors(&text, &holes).unwrap();
    let names: Vec<_> = selectors
        .iter()
        .map(|selector| selector.metric.as_ref().map(|name| (name.text.as_str(), name.has_hole)))
        .collect();
    let expected = [("app_{R}_errors", true), ("x:y", false), ("x:y", false)];
    assert_eq!(names, expected.map(Some));
    let first = &selectors[0];
    assert_eq!(first.range, Some(std::time::Duration::from_secs(300)));
    let pod = &first.matchers[0];
    assert_eq!((pod.label.text.as_str(), pod.operator), ("pod", MatchOperator::Matches));
    assert_eq!((pod.value.text.as_str(), pod.value.has_hole), ("<pod>.*", true));
    assert_eq!(first.matchers[1].operator, MatchOperator::NotEqual);
    assert_eq!(query.metrics(), ["x:y"]);
}

#[test]
fn what_would_break_the_parser_is_refused() {
    let deep = format!("{}x{}", "(".repeat(5000), ")".repeat(5000));
    let long = vec!["x"; 3000].join(" + ");
    let signs = format!("{}x", "-".repeat(5000));
    let huge = format!("x{{a=\"{}\"}}", "y".repeat(70_000));
    let nested_counts = "x{a=~\"(.{100}){100}\"}".to_owned();
    for text in [deep, long, signs, huge, nested_counts] {
        let error = parse(&text).unwrap_err();
        assert!(error.range.end <= text.len());
    }
    assert!(parse("x{a=~\"[0-9]{1,3}(.[0-9]{1,3}){3}\"}").is_ok());
    // What is just allowed does not overflow the stack either.
    let nested = format!("{}x_y{}", "sum(".repeat(99), ")".repeat(99));
    assert!(parse(&nested).is_ok());
    let chain = vec!["x_y"; 1000].join(" or ");
    let query = parse(&chain).unwrap();
    assert_eq!(query.metrics(), ["x_y"]);
    assert!(!query.clone().has_evident_operands());
}

#[test]
fn patterns_are_those_of_the_author() {
    let text = r#"x{a=~"b.*",c!~"d\\.e",f="g"} / on (a) {h=~"i|"," j"!~".*"}"#;
    let all = selectors(text, &[]).unwrap();
    let matchers: Vec<_> = all.into_iter().flat_map(|it| it.matchers).collect();
    let shown: Vec<_> = matchers
        .iter()
        .map(|it| (it.label.text.as_str(), it.operator, it.value.text.as_str()))
        .collect();
    let expected = [
        ("a", MatchOperator::Matches, "b.*"),
        ("c", MatchOperator::NotMatches, "d\\.e"),
        ("f", MatchOperator::Equal, "g"),
        ("h", MatchOperator::Matches, "i|"),
        (" j", MatchOperator::NotMatches, ".*"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        printed(text).unwrap(),
        r#"x{a=~"b.*",c!~"d\\.e",f="g"} / on (a) {" j"!~".*",h=~"i|"}"#
    );
    assert!(parse("{a=~\"b|\"}").is_err());
    assert!(parse("{a!~\"b|\"}").is_ok());
}

/// A quick look takes these for none, but promql-parser takes them.
#[test]
fn whatever_is_a_query_is_printed() {
    for (text, expected) in [
        ("sum(by) by (x) > 2", "sum by (x) (by) > 2"),
        ("by{a='b'} > 1", "by{a=\"b\"} > 1"),
        ("offset[5]", "offset[5s]"),
        ("limitk(\"x\", (x)) by(a,)", "limitk by (a) (\"x\", (x))"),
    ] {
        assert!(parse(text).is_ok(), "{text}");
        assert_eq!(printed(text).as_deref(), Some(expected));
    }
}

#[test]
fn prefixes_end_where_a_query_can_end() {
    let ends = |text: &str| -> Vec<String> {
        Beginning::of(text, &[]).ends().into_iter().map(|end| text[..end].to_owned()).collect()
    };
    assert_eq!(
        ends("x{a=\"b\"} > 0 and look for it"),
        ["x{a=\"b\"} > 0 and look", "x{a=\"b\"} > 0 and", "x{a=\"b\"} > 0", "x{a=\"b\"}", "x"],
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
        let expected: Vec<_> =
            expected.iter().map(|(kind, word)| (*kind, (*word).to_owned())).collect();
        assert_eq!(kinds(pattern), expected, "{pattern}");
    }
}
