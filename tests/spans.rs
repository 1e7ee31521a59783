//! A finding covers the very characters of the token that it is about, however the file writes them.
//!
//! Each property hides one token in a file in a random way (a style of YAML, a fence within
//! containers, a cell of a table, behind text that Liquid expands) and holds that the one finding
//! about it slices back to the token.

use alertbook::config;
use alertbook::diag::Diagnostic;
use alertbook::lint;
use alertbook::liquid::{Data, SiteVariables};
use alertbook::rules;
use alertbook::runbook::{AlertColumns, Runbook};
use alertbook::site::{Parts, Site};
use alertbook::source::Source;
use proptest::prelude::*;
use std::fmt::Write as _;

/// What no function of PromQL is called, and nothing else in these files either.
const TOKEN: &str = "drain_ratio";

/// What `check` finds in a site of one rule file and one runbook.
fn check(rule_file: &str, runbook: &str) -> Vec<Diagnostic> {
    let configuration = "title: Workers\nrules: [\"rules/*.yaml\"]\n";
    let config = config::parse(&Source::new("alertbook.yaml", configuration)).unwrap();
    let team = Source::new("_data/team.yaml", "name: the people who look after wörkers\nid: é\n");
    let (data, _) = Data::parse(&[("team.yaml".to_owned(), team)]);
    let variables = SiteVariables::new("Workers", None, Some(data));
    let (rule_file, in_rules) = rules::parse(&Source::new("rules/workers.yaml", rule_file));
    let source = Source::new("content/workers.md", runbook);
    let (runbook, in_runbook) = Runbook::read(&source, &variables, &AlertColumns::default());
    let parts = Parts {
        runbooks: vec![("workers.md".to_owned(), runbook.into())],
        rule_files: vec![rule_file.into()],
        diagnostics: [in_rules, in_runbook].concat(),
        ..Parts::default()
    };
    let site = Site::assemble(config, parts);
    lint::run(&site).entries().iter().map(|(_, found)| found.clone()).collect()
}

/// The characters that the findings of a check cover.
fn covered<'d>(found: &'d [Diagnostic], check: &str) -> Vec<&'d str> {
    let of_check = found.iter().filter(|it| it.check == check);
    of_check.map(|it| &it.span.source().text()[it.span.range()]).collect()
}

/// A matcher's value, as PromQL writes it: quotes, backslashes, what means something to YAML, to
/// Markdown and to Liquid, and letters of several bytes.
fn value() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z0-9 ]{1,4}",
        Just("\\\"".to_owned()),
        Just("\\\\".to_owned()),
        Just("'".to_owned()),
        Just("ö→".to_owned()),
        Just("# ".to_owned()),
        Just(": ".to_owned()),
        Just("|".to_owned()),
        Just("*".to_owned()),
        Just("%20".to_owned()),
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

/// An expression with a function that does not exist, in lines.
fn expression() -> impl Strategy<Value = Vec<String>> {
    (value(), value(), 0..3_usize, any::<bool>()).prop_map(|(before, after, lines, deep)| {
        let call = format!("{TOKEN}(lost{{v=\"{after}\"}})");
        let call = if deep { format!("sum by (node) (1 + {call})") } else { call };
        let first = format!("up{{v=\"{before}\"}} > 1");
        match lines {
            0 => vec![format!("{first} or {call}")],
            1 => vec![first, format!("or {call}")],
            _ => vec![first, "or".to_owned(), format!("  {call}")],
        }
    })
}

/// How a rule's expression is written in YAML.
#[derive(Debug, Clone, Copy)]
enum Style {
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
    FlowMapping,
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        Just(Style::SingleQuoted),
        Just(Style::DoubleQuoted),
        Just(Style::Literal),
        Just(Style::Folded),
        Just(Style::FlowMapping),
    ]
}

/// A text between double quotes as YAML has it, letters outside of ASCII as escapes if wanted.
fn double_quoted(text: &str, escape_letters: bool) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            other if escape_letters && !other.is_ascii() => {
                write!(written, "\\u{:04x}", u32::from(other)).unwrap();
            }
            other => written.push(other),
        }
    }
    written + "\""
}

fn rule_file(lines: &[String], style: Style, escape_letters: bool, wrapped: bool) -> String {
    let one_line = lines.join(" ");
    let block = |mark: &str| {
        let indented = lines.iter().map(|line| format!("          {line}"));
        format!("{mark}\n{}", indented.collect::<Vec<_>>().join("\n"))
    };
    let rule = match style {
        Style::SingleQuoted => {
            format!("      - alert: A\n        expr: '{}'", one_line.replace('\'', "''"))
        }
        Style::DoubleQuoted => {
            let text = double_quoted(&lines.join("\n"), escape_letters);
            format!("      - alert: A\n        expr: {text}")
        }
        Style::Literal => format!("      - alert: A\n        expr: {}", block("|-")),
        Style::Folded => format!("      - expr: {}\n        alert: A", block(">")),
        Style::FlowMapping => {
            format!("      - {{alert: A, expr: {}}}", double_quoted(&one_line, escape_letters))
        }
    };
    let groups = format!("groups:\n  - name: g\n    rules:\n{rule}\n");
    if wrapped {
        let inner = groups.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n");
        format!("apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n{inner}\n")
    } else {
        groups
    }
}

/// The lines of a fence within containers, from the inmost to the outmost.
fn fenced(lines: &[String], marks: &str, containers: &[u8]) -> Vec<String> {
    let mut block = vec![format!("{marks}promql")];
    block.extend(lines.iter().cloned());
    block.push(marks.to_owned());
    for container in containers {
        let is_quote = *container == 0;
        let inner = std::mem::take(&mut block);
        if !is_quote {
            block.push(if *container == 1 { "1. Ask:" } else { "- Ask:" }.to_owned());
            block.push(String::new());
        }
        let prefix = if is_quote {
            "> "
        } else if *container == 1 {
            "   "
        } else {
            "  "
        };
        block.extend(inner.iter().map(|line| format!("{prefix}{line}")));
    }
    block
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_rule_in_any_style_of_yaml(
        lines in expression(),
        style in style(),
        escape_letters in any::<bool>(),
        wrapped in any::<bool>(),
        carriage_returns in any::<bool>(),
    ) {
        let mut file = rule_file(&lines, style, escape_letters, wrapped);
        if carriage_returns {
            file = file.replace('\n', "\r\n");
        }
        let found = check(&file, "---\ntitle: Workers\n---\n");
        prop_assert_eq!(covered(&found, "invalid-promql"), [TOKEN], "{}", file);
    }

    #[test]
    fn of_a_query_in_a_fence_within_anything(
        lines in expression(),
        marks in prop_oneof![Just("```"), Just("~~~~"), Just("``````")],
        containers in prop::collection::vec(0..3_u8, 0..3),
        expanded in 0..3_usize,
        carriage_returns in any::<bool>(),
    ) {
        let before = ["Ask.", "Ask {{ site.data.team.name }}.", "{% raw %}{{ x }}{% endraw %} {{ page.title }}"];
        let block = fenced(&lines, marks, &containers).join("\n");
        let mut page = format!("---\ntitle: Workers\n---\n\n{}\n\n{block}\n\nAfter.\n", before[expanded]);
        if carriage_returns {
            page = page.replace('\n', "\r\n");
        }
        let found = check("groups: []\n", &page);
        prop_assert_eq!(covered(&found, "invalid-promql"), [TOKEN], "{}", page);
    }

    #[test]
    fn of_a_link_and_an_alert_in_a_table(
        before in "([a-z ö]|\\\\\\||`a\\|b`|\\{\\{ site\\.data\\.team\\.id \\}\\}){0,6}",
        delimiter in prop_oneof![Just("|--"), Just("|---|:-:|"), Just("|--|--|--|")],
        in_list in any::<bool>(),
        carriage_returns in any::<bool>(),
    ) {
        let rows = [
            "| Meaning | Alert_Situation | Info |".to_owned(),
            delimiter.to_owned(),
            format!("| {before} | `WorkerLost` | x{before} [see {before}x](nowhere.html) |"),
        ];
        let indent = if in_list { "  " } else { "" };
        let table = rows.map(|row| format!("{indent}{row}")).join("\n");
        let list = if in_list { "- See\n\n" } else { "" };
        let mut page = format!("---\ntitle: Workers\n---\n\n{{{{ site.data.team.name }}}}\n\n{list}{table}\n");
        if carriage_returns {
            page = page.replace('\n', "\r\n");
        }
        let rules = "groups:\n  - name: g\n    rules:\n      - {alert: DiskFull, expr: up > 1}\n";
        let found = check(rules, &page);
        prop_assert_eq!(covered(&found, "alert-link-broken"), ["nowhere.html"], "{}", page);
        prop_assert_eq!(covered(&found, "unknown-alert"), ["WorkerLost"], "{}", page);
    }
}
