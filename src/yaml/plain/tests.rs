//! Whether usual files are read here, and as the library reads them.

use super::*;
use crate::yaml::parse;
use proptest::prelude::*;

/// Whether a text is read here; panics where the library reads it otherwise.
fn agrees(text: &str) -> bool {
    let source = Source::new("a.yaml", text);
    let Some(document) = read(&source, 0, text) else { return false };
    assert_eq!(parse::read(&source, 0, text).as_ref(), Ok(&vec![document]), "{text:?}");
    true
}

#[test]
fn files_as_nearly_all_are_written_are_read_here() {
    for text in [
        "title: A runbook\nowner: 'it''s'\ntags: [a, b c, \"d\"]\nnav: {order: 1, hide: false}\nempty: [ ]\n",
        "# Rules\ngroups:\n- name: a.rules   # all\n  interval: 30s\n\n  rules:\n  - alert: Down\n    expr: |\n      up{job=\"x: #1\"} == 0\n        and on (a) b\n\n      or c\n    for: 5m\n    labels:\n      severity: page\n  - record: a:b\n    expr: sum by (a) (b{c=\"d\"})\n",
        "---\ngroups:\n  - name: x\n    rules:\n      -   alert: A\n          annotations:\n            d: >-\n              one\n              two\n\n\n              three \n            e: \"\\\"{{ $value }}\\\" \\\\ \\n x\"\n            u: http://x/y#z\n",
        "- a\n- b: c\n  d:\n    - e\n  # c\n- |-\n  x\n- >\n  y\n",
        "a: --- x\nb: é — ü\nc: -1\nd: ~\n",
        "a: '\\d+'\nb: '\\''\\'\n",
    ] {
        assert!(agrees(text), "{text}");
    }
}

#[test]
fn what_needs_a_look_around_is_left_to_the_library() {
    for text in [
        "",
        "# c\n",
        "a",
        "a:\n",
        "a:\nb: 1\n",
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a: b: c\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str 1\n",
        "<<: {a: b}\n",
        "? a\n: b\n",
        "a: {b: c,\n d: e}\n",
        "a: {b}\n",
        "a: {b: }\n",
        "a: [b, ]\n",
        "a: [b: c]\n",
        "\"a\": b\n",
        "a: |+\n  x\n",
        "a: |2\n  x\n",
        "a: |\n\n  x\n",
        "a: |\n  x",
        "a: |\n  x\n     \n",
        "a: |\n    x\n  y\n",
        "a: >\n  x\n    y\n",
        "a: 1\n---\nb: 2\n",
        "a: 1\n...\n",
        "%YAML 1.2\n---\na: 1\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: b\u{a0}\n",
        "\u{feff}a: b\n",
        "a: b\u{2028}c\n",
        "a: \"\\x41\"\n",
        "a: \"\\'\"\n",
        "- - a\n",
        "-\n  a: b\n",
        "a: 1\n- b\n",
        "- a\nb: 1\n",
        "a:\n  b: 1\n c: 2\n",
        "a: \"b\"c\n",
        "a: @b\n",
        "a: `b`\n",
        "a: - b\n",
        "a: {b: c}d\n",
        "a: 'b'#c\n",
        "a: {b: \"c\"d}\n",
    ] {
        assert!(!agrees(text), "{text:?}");
    }
}

#[rustfmt::skip]
const INDENTS: [&str; 9] = [
    "", "", "", "  ", "  ", "    ", "      ", " ", "   ",
];

#[rustfmt::skip]
const BEGINNINGS: [&str; 23] = [
    "a: ", "b: ", "c:", "c: ", "- ", "- a: ", "-   b: ", "- c:", "-", "", "'k': ", "a b: ", "a:b: ",
    "x :  ", "<<: ", "? ", "# ", "- # ", "-a: ", "---", "...", "&a ", "k: &b ",
];

#[rustfmt::skip]
const VALUES: [&str; 83] = [
    "x", "x y", "x # c", "x #", "x#y", "x: y", "x:y", "x:", "1", "0x1f", "-1.5e3", "true", "null", "~", "",
    " ", "'it''s'", "'a'b", "'\\'", "'", "''", "\"a\"", "\"a\\\"b\"", "\"\\n\\\\\"", "\"\\t\"", "\"a' ",
    "\"a\" # c", "|", "|-", ">", ">-", "|+", ">2", "| # c", "|  ", "{}", "[]", "{ }", "[ ]", "{a: b}",
    "{a: b, c: \"d\"}", "{a: [b, 'c'], d: {e: f}}", "{a: b,}", "{a:b}", "{a: b c , d: -1 }", "{a: b # c}",
    "{a: b}: c", "[a, b]", "[a b,c]", "[a: b]", "[[a], {b: c}]", "[-, a]", "[-a]", "[a#b, #]", "{a: }",
    "{'a': b}", "[a:]", "[a: , b]", "[http://x/y?z#a]", "- x", "-x", "--", "---", "?x", "? x", ":x", "*a",
    "!t x", "%x", "@x", "sum by (a) (b{c=\"d\"}[5m]) > 0", "é – x", "x\u{a0}y", "x\u{85}y", "x\u{2028}y",
    "x\ty", "\tx", "x ", "x\r", "😀 a", "\u{7f}", "x\u{e000}", "\u{10ffff}",
];

/// Lines of what is read here, and of what is nearly so.
fn soup() -> impl Strategy<Value = String> {
    let [indent, begin, value] =
        [&INDENTS[..], &BEGINNINGS, &VALUES].map(prop::sample::select::<&str>);
    let line = (
        indent,
        begin,
        value,
        prop::sample::select(vec!["\n", "\n", "\n", "\n", "\n\n", "\n  \n", "\n      \n"]),
    )
        .prop_map(|(indent, begin, value, end)| format!("{indent}{begin}{value}{end}"));
    (prop::collection::vec(line, 1..9), any::<bool>()).prop_map(|(lines, has_end)| {
        let text = lines.concat();
        if has_end { text } else { text.trim_end_matches('\n').to_owned() }
    })
}

/// Well-formed collections, most of which are read here.
fn well_formed(depth: u32) -> impl Strategy<Value = Vec<String>> {
    let scalar = prop::sample::select(vec![
        "x",
        "x y # c",
        "1",
        "'it''s'",
        "\"a\\\"b\"",
        "{a: b, c: 'd'}",
        "[a, \"b\"]",
        "sum(a{b=\"c\"}) > 1",
        "|\n  x\n   y\n\n  z",
        ">-\n  x\n  y\n\n  z",
        "|-\n  # x",
    ])
    .prop_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>());
    scalar.prop_recursive(depth, 24, 4, |inner| {
        let key = prop::sample::select(vec!["a", "b c", "d-e", "f:g"]);
        let entry =
            (key, inner.clone(), any::<bool>()).prop_map(|(key, value, deeper)| {
                let is_collection = value[0].contains(": ") && !value[0].starts_with(['{', '\''])
                    || value[0].starts_with("- ")
                    || value[0].ends_with(':');
                let mut lines = if is_collection {
                    vec![format!("{key}:")]
                } else {
                    vec![format!("{key}: {}", value[0])]
                };
                let rest = if is_collection { &value[..] } else { &value[1..] };
                let is_list = value[0].starts_with("- ");
                let by = if is_list && !deeper { "" } else { "  " };
                lines.extend(rest.iter().map(|line| {
                    if line.is_empty() { String::new() } else { format!("{by}{line}") }
                }));
                lines
            });
        let item = inner.prop_map(|value| {
            let mut lines = vec![format!("- {}", value[0])];
            lines.extend(
                value[1..]
                    .iter()
                    .map(|line| if line.is_empty() { String::new() } else { format!("  {line}") }),
            );
            lines
        });
        prop_oneof![
            prop::collection::vec(entry, 1..4).prop_map(|all| all.concat()),
            prop::collection::vec(item, 1..4).prop_map(|all| all.concat()),
        ]
    })
}

proptest! {
    #[test]
    fn lines_of_all_kinds_are_read_as_the_library_reads_them(text in soup()) {
        agrees(&text);
    }

    #[test]
    fn collections_are_read_as_the_library_reads_them(lines in well_formed(4)) {
        agrees(&(lines.join("\n") + "\n"));
    }

    #[test]
    fn any_text_is_read_as_the_library_reads_it(text in "[ab:\\-#'\"|>{}\\[\\], \n\\\\&*!?%@`~1.\u{85}é]{0,24}") {
        agrees(&text);
    }
}
