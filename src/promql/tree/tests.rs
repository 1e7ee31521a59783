use super::*;
use crate::promql::tests::properties::valid;
use promql_parser::parser::Expr;
use proptest::prelude::*;

fn differing(first: &str, second: &str) -> Option<Vec<(Part, String, String)>> {
    let differences = tree(first).unwrap().differences(&tree(second).unwrap())?;
    let texts = differences
        .into_iter()
        .map(|it| (it.part, first[it.first].to_owned(), second[it.second].to_owned()));
    Some(texts.collect())
}

#[test]
fn what_prometheus_evaluates_alike_is_the_same() {
    for (first, second) in [
        ("x{a=\"b\",c=\"d\"} > 3", "x { c = 'd', a = `b`, } > 3.0"),
        ("sum by (a, b) (x)", "SUM(x) by (b, a)"),
        ("changes(x[300m]) > 3", "(changes((x[5h]))) > 3 # often"),
        ("5 < x", "x > 5"),
        ("time() - x > 24 * 60 * 60", "time() - x > 86400"),
        ("{__name__=\"x\",a=\"b\"}", "x{a=\"b\"}"),
        ("0.5 * x > 1e3", ".50 * x > 1000"),
        ("a and (b or c)", "(a) and (b or c)"),
        ("x / on (a) group_left (b) y", "x / on(a) group_left(b) y"),
        ("-x", "- x"),
        ("x offset 60m", "x offset 1h"),
        ("{\"x\"}", "x"),
    ] {
        assert_eq!(differing(first, second), Some(Vec::new()), "{first} {second}");
    }
}

#[test]
fn differences_are_parts() {
    use Part::*;
    for (first, second, expected) in [
        (
            "changes(x[5h]) > 3",
            "changes(x[6h]) > 4",
            vec![(Window, "5h", "6h"), (Threshold, "3", "4")],
        ),
        ("x >= 3", "x > 3", vec![(Comparison, ">=", ">")]),
        ("3 < x", "x > 2", vec![(Threshold, "3", "2")]),
        (
            "x{a=\"b\"} > 0",
            "y{a=\"c\"} > 0",
            vec![(Metric, "x", "y"), (LabelValue, "\"b\"", "\"c\"")],
        ),
        ("topk(3, x)", "topk(5, x)", vec![(Number, "3", "5")]),
        ("sum by (a) (x)", "sum by (b) (x)", vec![(Labels, "by (a)", "by (b)")]),
        ("x offset 1h", "x offset 2h", vec![(Window, "1h", "2h")]),
        ("f(x, \"a\")", "f(x, \"b\")", vec![(Argument, "\"a\"", "\"b\"")]),
        ("time() > 60 * 60", "time() > 60 * 70", vec![(Threshold, "60 * 60", "60 * 70")]),
    ] {
        let found = differing(first, second).unwrap();
        let found: Vec<_> =
            found.iter().map(|(part, a, b)| (*part, a.as_str(), b.as_str())).collect();
        assert_eq!(found, expected, "{first} {second}");
    }
    for (first, second) in [
        ("x > 3", "x"),
        ("x{a=\"b\"}", "x"),
        ("x{a=\"b\"}", "x{c=\"b\"}"),
        ("rate(x[5m])", "increase(x[5m])"),
        ("sum(x)", "sum by (a) (x)"),
        ("a and b", "a or b"),
        ("a - (b - c)", "a - b - c"),
        ("x", "x offset 5m"),
        ("a / on (b) c", "a / c"),
    ] {
        assert_eq!(differing(first, second), None, "{first} {second}");
    }
}

#[test]
fn labels_are_those_that_a_query_may_yield() {
    let recorded = |metric: &str| {
        (metric == "a:b").then(|| Labels::Only(["job".to_owned()].into_iter().collect()))
    };
    for (query, label, expected) in [
        ("x", "pod", true),
        ("x{pod=\"\"}", "pod", false),
        ("sum(x)", "pod", false),
        ("sum by (pod) (x)", "pod", true),
        ("sum by (pod) (x)", "node", false),
        ("sum without (pod) (x)", "pod", false),
        ("sum without (pod) (x)", "node", true),
        ("count by (pod) (sum by (node) (x))", "pod", false),
        ("topk by (node) (3, x)", "pod", true),
        ("count_values(\"version\", x)", "version", true),
        ("count_values(\"version\", x)", "pod", false),
        ("absent(x{job=\"a\",pod=~\"b\"})", "job", true),
        ("absent(x{job=\"a\",pod=~\"b\"})", "pod", false),
        ("absent(sum by (pod) (x))", "pod", false),
        ("absent_over_time(x{job=\"a\"}[5m])", "job", true),
        ("vector(1)", "pod", false),
        ("time() - x > 5", "pod", true),
        ("time() > 5", "pod", false),
        ("label_replace(sum(x), \"pod\", \"$1\", \"a\", \".*\")", "pod", true),
        ("label_replace(sum(x), \"pod\", \"$1\", \"a\", \".*\")", "a", false),
        ("histogram_quantile(0.9, sum by (le, job) (rate(x[5m])))", "le", false),
        ("histogram_quantile(0.9, sum by (le, job) (rate(x[5m])))", "job", true),
        ("x / on (job) y", "pod", false),
        ("x / on (job) y", "job", true),
        ("x / ignoring (job) y", "job", false),
        ("x * on (job) group_left (team) y", "pod", true),
        ("x * on (job) group_left (team) sum by (job) (y)", "team", false),
        ("sum by (job) (x) * on (job) group_left (team) y", "team", true),
        ("sum by (job) (x) * on (job) group_right y", "pod", true),
        ("x > on (job) y", "pod", false),
        ("x and on (job) y", "pod", true),
        ("sum by (pod) (x) or sum by (node) (x)", "node", true),
        ("sum(x) / sum(y) > 0.5", "pod", false),
        ("sum(x) > bool 5", "pod", false),
        ("a:b > 5", "job", true),
        ("a:b > 5", "pod", false),
        ("rate(a:b[5m])", "pod", false),
        ("x - scalar(sum(y))", "pod", true),
        ("x - (scalar(y) * 2)", "pod", true),
        ("sum by (pod) (x) == 0", "pod", true),
        ("-sum by (pod) (x)", "node", false),
        ("max_over_time(sum by (pod) (x)[5m:])", "node", false),
        ("unheard_of(sum(x))", "pod", true),
        ("sum by (pod) (x) unless y", "node", false),
    ] {
        let labels = tree(query).unwrap().labels(&recorded);
        assert_eq!(labels.may_have(label), expected, "{query} {label}");
    }
}

#[test]
fn constants_are_computed() {
    for (query, expected) in [
        ("24 * 60 * 60", Some(86400.0)),
        ("-(2 ^ 3)", Some(-8.0)),
        ("5m", Some(300.0)),
        ("x", None),
    ] {
        assert_eq!(tree(query).unwrap().constant(), expected, "{query}");
    }
}

/// Writes a tree as a query, with all the parentheses that it could need.
fn written(node: &Node) -> String {
    let inside = |inner: &Node| written(inner);
    match &node.kind {
        NodeKind::Number(number) if number.is_infinite() => "Inf".to_owned(),
        NodeKind::Number(number) => number.to_string(),
        NodeKind::String(text) => format!("{text:?}"),
        NodeKind::Selector { metric, matchers, range } => {
            let name = metric.as_ref().map_or("", |metric| &metric.text);
            let matchers: Vec<String> = matchers
                .iter()
                .map(|it| format!("{}{}{:?}", it.label, it.operator, it.value.text))
                .collect();
            let range = range.as_ref().map(|range| format!("[{}ms]", range.milliseconds));
            let braces = if matchers.is_empty() {
                String::new()
            } else {
                format!("{{{}}}", matchers.join(","))
            };
            format!("{name}{braces}{}", range.unwrap_or_default())
        }
        NodeKind::Subquery { inner, range, step } => format!(
            "({})[{}ms:{}]",
            inside(inner),
            range.milliseconds,
            step.as_ref().map(|step| format!("{}ms", step.milliseconds)).unwrap_or_default()
        ),
        NodeKind::Shifted { inner, offset, at } => {
            let offset = offset.as_ref().map(|it| format!(" offset {}ms", it.milliseconds));
            let at = at.as_ref().map(|at| format!(" @ {}", at.text));
            format!("{}{}{}", inside(inner), at.unwrap_or_default(), offset.unwrap_or_default())
        }
        NodeKind::Call { function, arguments } => format!("{}({})", function.text, list(arguments)),
        NodeKind::Aggregation { operator, grouping, arguments } => {
            let grouping = grouping.as_ref().map(|it| {
                let word = if it.is_without { "without" } else { "by" };
                format!(" {word} ({})", it.labels.join(","))
            });
            format!("{}({}){}", operator.text, list(arguments), grouping.unwrap_or_default())
        }
        NodeKind::Negation(inner) => format!("-({})", inside(inner)),
        NodeKind::Binary { operator, is_bool, matching, left, right } => {
            let is_bool = if *is_bool { " bool" } else { "" };
            let matching = matching.as_ref().map(|it| {
                let word = if it.is_on { "on" } else { "ignoring" };
                let many = match it.many {
                    None => String::new(),
                    Some(Side::Left) => format!(" group_left ({})", it.included.join(",")),
                    Some(Side::Right) => format!(" group_right ({})", it.included.join(",")),
                };
                format!(" {word} ({}){many}", it.labels.join(","))
            });
            let matching = matching.unwrap_or_default();
            format!("({}) {}{is_bool}{matching} ({})", inside(left), operator.text, inside(right))
        }
    }
}

fn list(nodes: &[Node]) -> String {
    nodes.iter().map(written).collect::<Vec<_>>().join(", ")
}

/// The structure of promql-parser's tree: what belongs to what.
fn structure(expression: &Expr) -> String {
    match expression {
        Expr::Paren(paren) => structure(&paren.expr),
        Expr::Unary(unary) => format!("-({})", structure(&unary.expr)),
        Expr::Binary(binary) => {
            format!("({} {} {})", structure(&binary.lhs), binary.op, structure(&binary.rhs))
        }
        Expr::Aggregate(aggregate) => {
            let parameter = aggregate.param.iter().map(|parameter| structure(parameter));
            format!("f[{}]", parameter.chain([structure(&aggregate.expr)]).collect::<String>())
        }
        Expr::Call(call) => {
            format!("f[{}]", call.args.args.iter().map(|it| structure(it)).collect::<String>())
        }
        Expr::Subquery(subquery) => format!("s[{}]", structure(&subquery.expr)),
        _ => "x".to_owned(),
    }
}

/// Without signs in front of what has no parts: promql-parser makes them part of numbers.
fn unsigned(mut structure: String) -> String {
    while structure.contains("-(x)") {
        structure = structure.replace("-(x)", "x");
    }
    structure
}

/// The same of a tree.
fn own_structure(node: &Node) -> String {
    let inside = || node.children().map(own_structure).collect::<String>();
    match &node.kind {
        NodeKind::Negation(_) => format!("-({})", inside()),
        NodeKind::Binary { operator, left, right, .. } => {
            format!("({} {} {})", own_structure(left), operator.text, own_structure(right))
        }
        NodeKind::Aggregation { .. } | NodeKind::Call { .. } => format!("f[{}]", inside()),
        NodeKind::Subquery { .. } => format!("s[{}]", inside()),
        NodeKind::Shifted { inner, .. } => own_structure(inner),
        _ => "x".to_owned(),
    }
}

proptest! {
    /// Both parsers see the same parts belong together, and what is written back from a tree has
    /// the same tree.
    #[test]
    fn trees_are_those_of_the_parser(text in valid()) {
        let Ok(parsed) = promql_parser::parser::parse(&text) else { return Ok(()) };
        let node = tree(&text);
        prop_assert!(node.is_some(), "{}", text);
        let node = node.unwrap();
        let structures = (unsigned(own_structure(&node)), unsigned(structure(&parsed)));
        prop_assert_eq!(structures.0, structures.1, "{}", text);
        let again = tree(&written(&node));
        prop_assert!(again.is_some_and(|again| node.is_same(&again)), "{}", written(&node));
    }

    /// Every part is where it says it is.
    #[test]
    fn ranges_are_of_the_text(text in valid()) {
        let Some(node) = tree(&text) else { return Ok(()) };
        prop_assert_eq!(node.range.clone(), 0..text.trim_end().len());
        let mut fault = None;
        node.walk(&mut |part| {
            let same = text.get(part.range.clone()).and_then(tree);
            // An operand that goes on behind a bracket or a sign is no query by itself.
            if !same.is_some_and(|same| same.is_same(part)) {
                fault = Some(part.range.clone());
            }
        });
        prop_assert_eq!(fault, None, "{}", text);
    }
}
