//! Trees, places and faults of whole texts.

use super::*;

fn documents(text: &str) -> Result<Vec<Node>, YamlError> {
    parse(&Source::new("a.yaml", text), 0..text.len())
}

/// The only document of a text that is YAML.
fn document(text: &str) -> Node {
    let mut documents = documents(text).unwrap();
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0)
}

/// The message for a text that is no YAML, and the characters it points at.
fn fault(text: &str) -> (String, String) {
    let error = documents(text).unwrap_err();
    (error.message, error.span.text().to_owned())
}

#[test]
fn nodes_know_their_bytes() {
    let text =
        "a: 'it''s'\nb:\n  - 1.50\n  - {c: [yes, é]}\nd: |-\n  x\n   y\n\n\n# end\ne: true\n";
    let node = document(text);
    let place = |path: &[&str]| {
        let mut at = &node;
        for step in path {
            at = match step.parse::<usize>() {
                Ok(index) => &at.items()[index],
                Err(_) => at.get(step).unwrap(),
            };
        }
        at.span.text().to_owned()
    };
    assert_eq!(place(&["a"]), "'it''s'");
    assert_eq!(place(&["b"]), "- 1.50\n  - {c: [yes, é]}");
    assert_eq!(place(&["b", "0"]), "1.50");
    assert_eq!(place(&["b", "1"]), "{c: [yes, é]}");
    assert_eq!(place(&["b", "1", "c", "1"]), "é");
    assert_eq!(place(&["d"]), "x\n   y");
    assert_eq!(place(&["e"]), "true");
    assert_eq!(node.get("d").and_then(Node::as_str), Some("x\n y"));
    assert_eq!(node.span.text().len(), text.len() - 1);
}

#[test]
fn a_range_is_read_and_its_places_are_those_of_the_file() {
    let text = "---\ntitle: é\norder: [1\n---\nbody: {\n";
    let source = Source::new("a.md", text);
    let node = parse(&source, 4..14).unwrap().remove(0);
    assert_eq!(node.get("title").unwrap().span.start().line, 2);
    let error = parse(&source, 4..24).unwrap_err();
    assert_eq!((error.message.as_str(), error.span.start().line), ("this `[` is never closed", 3));
}

#[test]
fn documents_are_counted_as_they_are_written() {
    for (text, count) in [("", 0), ("# only words\n", 0), ("---\n", 1), ("a: 1\n---\nb: 2\n", 2)] {
        assert_eq!(documents(text).unwrap().len(), count, "{text:?}");
    }
    assert!(document("---\n").is_null());
}

#[test]
fn duplicate_keys_stay_and_the_last_one_wins() {
    let node = document("a: 1\nb: 2\na: 3\n");
    let names: Vec<_> = node.entries().iter().map(Entry::name).collect();
    assert_eq!(names, ["a", "b", "a"]);
    assert_eq!(node.get("a").and_then(Node::as_str), Some("3"));
}

#[test]
fn keys_are_texts() {
    let node = document("1: a\ntrue: b\n~: c\n'<<': d\n");
    let names: Vec<_> = node.entries().iter().map(Entry::name).collect();
    assert_eq!(names, ["1", "true", "~", "<<"]);
    assert_eq!(fault("? [a]\n: b\n"), ("a key must be a text, not a list".into(), "[a]".into()));
    let node = document("a: !!str 5\nb: ! 6\nc: 7\n");
    let b = node.get("b").unwrap();
    assert_eq!((&b.value, b.as_str()), (&Value::String(None), Some("6")));
}

#[test]
fn aliases_and_merge_keys_bring_their_places() {
    let text = "base: &base\n  a: 1\n  b: 2\nmore: &more {c: 3, a: 9}\nlist:\n  - <<: [*base, *more]\n    b: 5\n  - *base\n";
    let node = document(text);
    let merged = &node.get("list").unwrap().items()[0];
    let pairs: Vec<_> = merged
        .entries()
        .iter()
        .map(|entry| (entry.name(), entry.value.as_str().unwrap(), entry.value.span.start().line))
        .collect();
    assert_eq!(pairs, [("a", "1", 2), ("c", "3", 4), ("b", "5", 7)]);
    assert_eq!(node.get("list").unwrap().items()[1].span.start().line, 2);
    assert_eq!(node.get("list").unwrap().span.end().line, 8);
    assert_eq!(
        fault("a: &a x\nb:\n  <<: *a\n").0,
        "`<<` takes a mapping or a list of them, not a text"
    );
}

#[test]
fn what_go_takes_for_an_apostrophe_is_one() {
    let text = "a: \"it\\'s \\\\'x'\"\nb: 'c\\'\n\"d\\'\": {e: \"\\'\"}\n";
    let node = document(text);
    assert_eq!(node.get("a").and_then(Node::as_str), Some("it's \\'x'"));
    assert_eq!(node.get("b").and_then(Node::as_str), Some("c\\"));
    let inner = node.get("d'").and_then(|inner| inner.get("e")).unwrap();
    assert_eq!((inner.as_str(), inner.span.text()), (Some("'"), "\"\\'\""));
    let value = node.get("a").and_then(Node::text).unwrap();
    assert_eq!(value.span_of(2..3).text(), "\\'");
    let message = "unknown escape in a double-quoted text; write `\\\\` for a backslash, or use single quotes";
    assert_eq!(fault("a: \"\\' \\q\"\n").0, message);
}

#[test]
fn the_letter_that_stands_for_apostrophes_may_be_written() {
    for (written, expected) in [
        ("a: !!str \"x\\\\'\u{7fa}\"", Some("x\\'\u{7fa}")),
        ("a: !!str \"x\\\\'\\u07fa\"", Some("x\\'\u{7fa}")),
        ("a: !!str \"x\\'\\\\'\"", Some("x'\\'")),
        ("a: !!str \"x\\'\\u07FA\"", None),
        ("a: !!str \"x\\'\\U000007Fa\"", None),
        ("a: !!str \"x\\'\\\\u07fa\"", Some("x'\\u07fa")),
        ("a: !!str \"x\\'\u{7fa}\"", None),
    ] {
        let documents = documents(written);
        let text = documents.as_ref().ok().and_then(|documents| documents[0].get("a")?.as_str());
        assert_eq!(text, expected, "{written}");
    }
}

#[test]
fn faults_are_told_in_words_for_people() {
    for (text, message, place) in [
        ("a: \"b\nc: 1\n", "this quote is never closed", "\""),
        ("a: {b: 1]\n", "this `{` is closed by `]`", "{"),
        ("a: [b, c", "this `[` is never closed", "["),
        (
            "a: [b] c\n",
            "nothing may follow the closing bracket; quote the whole value if it is a text",
            "c",
        ),
        (
            "a: - b\n",
            "a list begins on the line below its key; quote the value if it is a text",
            "-",
        ),
        ("a: `b`\n", "a value can't begin with a backtick; put it in quotes", "`"),
        ("a: @b\n", "a value can't begin with `@`; put it in quotes", "@"),
        ("a:\n\t- b\n", "a tab can't indent YAML; use spaces", "\t"),
        ("a:\n- b: t\n\tc: []\n", "a tab can't indent YAML; use spaces", "\t"),
        ("a:\n  b: c\n  \td: e\n", "a tab can't indent YAML; use spaces", "\t"),
        ("a: |\n\tb\n", "a tab can't indent YAML; use spaces", "\t"),
        ("a: *nobody\n", "no anchor of this name stands above", "*nobody"),
        (
            "é: b: c\n",
            "a `:` can't stand here; quote the value if it contains one, or check the indentation",
            ":",
        ),
        ("a: &a [*a]\n", "this alias would contain itself", "*a"),
        ("a:\n   b: 1\n  c: 2\n", "this is indented unlike the lines that it belongs to", "c"),
    ] {
        assert_eq!(fault(text), (message.to_owned(), place.to_owned()), "{text:?}");
    }
}

#[test]
fn bombs_and_bottomless_nesting_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    assert_eq!(fault(&bomb).0, "aliases repeat this too often");
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let deep = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(documents(&deep(MAX_DEPTH)).unwrap().len(), 1);
        assert_eq!(fault(&deep(MAX_DEPTH + 1)).0, "this is nested too deeply");
        assert_eq!(fault(&deep(100_000)).0, "this is nested too deeply");
    }
    let mut ladder = "a0: &a0 x\n".to_owned();
    for level in 1..200 {
        ladder.extend([format!("a{level}: &a{level} [*a{}]\n", level - 1)]);
    }
    assert_eq!(fault(&ladder).0, "this is nested too deeply");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[-a:{}\\[\\]'\"\\\\&*|>#!%@?,~ \t\r\né0<\\.]{0,60}") {
        if let Ok(documents) = documents(&text) {
            for node in documents {
                node.to_json();
                node.text().map(|text| text.decoded());
            }
        }
    }
}
