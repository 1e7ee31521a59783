//! Each kind of error, with its place, its words and its help.

use super::super::parse;

/// Text, the part that is to blame, the message, and the help.
type Fault = (&'static str, &'static str, &'static str, Option<&'static str>);

fn assert_faults(faults: &[Fault]) {
    for (text, blamed, message, help) in faults {
        let error = parse(text).expect_err(text);
        if message.is_empty() {
            // The place is all that this case is about.
            assert!(blamed.contains(&text[error.range.clone()]), "{text}: {error:?}");
            continue;
        }
        assert_eq!(&text[error.range.clone()], *blamed, "{text}: {error:?}");
        assert_eq!(error.message, *message, "{text}");
        assert_eq!(error.help.as_deref(), *help, "{text}");
    }
}

#[test]
fn the_first_lexeme_that_does_not_fit_is_blamed() {
    assert_faults(&[
        ("", "", "there is no query here", None),
        ("# only a note", "# only a note", "there is no query here", None),
        ("sum(x", "(", "`(` is never closed", None),
        ("sum(x))", ")", "`)` closes nothing", None),
        ("x{a=\"b\"", "{", "`{` is never closed", None),
        ("rate(x[5m)", ")", "unexpected `)`, expected `]` or `:`", None),
        ("x y", "y", "unexpected `y`, expected an operator or the end of the query", None),
        (
            "x >",
            ">",
            "the query ends too early, expected a metric, a function, a number or `(`",
            None,
        ),
        ("x > > 5", "> 5", "", None),
        ("raet(x[5m])", "raet", "unknown function `raet`", Some("did you mean `rate`?")),
        ("frobnicate(x)", "frobnicate", "unknown function `frobnicate`", None),
    ]);
}

#[test]
fn values_labels_and_characters_that_do_not_fit_are_blamed() {
    assert_faults(&[
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
        ("clamp(x, 1)", "clamp", "`clamp` takes 3 arguments, but is given 2", None),
        ("round(x, 1, 2)", "round", "`round` takes 1 to 2 arguments, but is given 3", None),
        ("topk(x)", "topk", "`topk` takes 2 arguments, but is given 1", None),
        ("x{a=b}", "b", "the value `b` has no quotes", Some("write `a=\"b\"`")),
        (
            "x{a==\"b\"}",
            "==",
            "labels are matched with a single `=`",
            Some("write `=`, or `=~` for a regular expression"),
        ),
        ("x{a}", "}", "unexpected `}`, expected `=`, `!=`, `=~` or `!~`", None),
        ("x{a=\"b\" c=\"d\"}", "c", "unexpected `c`, expected `,` or `}`", None),
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
        ("1 > 2", ">", "two numbers are compared here, which needs `bool`", Some("write `> bool`")),
        ("x and 1", "1", "`and` joins vectors, but this is a number", None),
        ("x + bool y", "bool", "`bool` belongs to comparisons, not to `+`", None),
        (
            "(x + y)[5m]",
            "[5m]",
            "a range can only follow a selector",
            Some("for an expression write a subquery, such as `(…)[5m:1m]`"),
        ),
        ("x offset 5m [1m]", "[1m]", "the range stands before `offset` and `@`", None),
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
        ("sum by x (y)", "x", "unexpected `x`, expected labels in parentheses", None),
        ("x[1e400]", "1e400", "`1e400` is no length of time", None),
        ("x offset inf", "inf", "`inf` is no length of time", None),
        (
            "x{a=\"\\é\"}",
            "\"\\é\"",
            "this string has an escape or a line break that PromQL does not know",
            Some("a backslash itself is written `\\\\`"),
        ),
    ]);
}
