//! Go templates in annotations and labels, as far as they can be read without data.
//!
//! What an action puts in is unknown, so actions are holes. The forms are those of Go's
//! `text/template` (<https://pkg.go.dev/text/template>) with the functions that Prometheus adds
//! (<https://prometheus.io/docs/prometheus/latest/configuration/template_reference/>).

use std::borrow::Cow;
use std::ops::Range;

/// An action of a template: `{{ $labels.pod | urlquery }}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its bytes in the text, braces included.
    pub range: Range<usize>,
    /// The labels of the alert that it reads, each with its bytes in the text.
    pub labels: Vec<(String, Range<usize>)>,
    /// Whether it puts the value of the expression in.
    pub reads_value: bool,
    /// Whether what it puts in is escaped for an address.
    pub is_escaped: bool,
    /// Whether it decides or repeats, rather than puts something in: `{{ if … }}`.
    pub is_control: bool,
}

/// The actions of a text, in order. One that is never closed goes on to the end.
pub fn actions(text: &str) -> Vec<Action> {
    let mut actions = Vec::new();
    // Most texts have no brace.
    if memchr::memchr(b'{', text.as_bytes()).is_none() {
        return actions;
    }
    let mut at = 0;
    while let Some(open) = text[at..].find("{{") {
        let start = at + open;
        let end = start + length(&text[start..]);
        actions.push(action(text, start..end));
        at = end;
    }
    actions
}

/// Stands for each byte of a template; no text has it.
pub const MASK: char = '\0';

/// The text with its actions masked, byte for byte.
pub fn masked(text: &str) -> Cow<'_, str> {
    let actions = actions(text);
    if actions.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for action in actions {
        masked.push_str(&text[at..action.range.start]);
        masked.extend(std::iter::repeat_n(MASK, action.range.len()));
        at = action.range.end;
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

/// Whether a text may be what a template gives. White space counts for nothing, and a template that
/// decides or repeats may give anything.
pub fn may_give(template: &str, text: &str) -> bool {
    let actions = actions(template);
    if actions.iter().any(|action| action.is_control) {
        return true;
    }
    let mut literals = Vec::new();
    let mut at = 0;
    for action in &actions {
        literals.push(squeezed(&template[at..action.range.start]));
        at = action.range.end;
    }
    literals.push(squeezed(&template[at..]));
    let text = squeezed(text);
    let [first, middle @ .., last] = literals.as_slice() else {
        return literals.first().is_some_and(|only| *only == text);
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for literal in middle {
        match rest.find(literal.as_str()) {
            Some(found) => rest = &rest[found + literal.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// How long the action is that a text begins with. Braces in its strings don't end it.
fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some('"'), b'\\') => at += 1,
            (Some(open), byte) if char::from(byte) == open => quote = None,
            (None, byte @ (b'"' | b'`')) => quote = Some(char::from(byte)),
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return at + 2,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Words with which an action decides, repeats or defines.
const CONTROLS: [&str; 10] =
    ["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"];

fn action(text: &str, range: Range<usize>) -> Action {
    let inner = &text[range.clone()];
    let words: Vec<&str> = inner
        .split(|it: char| it.is_whitespace() || matches!(it, '{' | '}' | '(' | ')' | '|' | '-'))
        .filter(|word| !word.is_empty())
        .collect();
    Action {
        labels: labels(inner, range.start),
        reads_value: words.iter().any(|word| matches!(*word, "$value" | ".Value")),
        is_escaped: words.contains(&"urlquery"),
        is_control: words.first().is_some_and(|first| CONTROLS.contains(first))
            || words.contains(&":="),
        range,
    }
}

/// `$labels.pod`, `.Labels.pod`, `index $labels "pod"`
fn labels(action: &str, start: usize) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for variable in ["$labels", ".Labels"] {
        for (at, _) in action.match_indices(variable) {
            let rest = &action[at + variable.len()..];
            if let Some(name) = rest.strip_prefix('.') {
                let length = name.find(|it: char| it != '_' && !it.is_ascii_alphanumeric());
                let name = &name[..length.unwrap_or(name.len())];
                if !name.is_empty() {
                    let end = at + variable.len() + 1 + name.len();
                    found.push((name.to_owned(), start + at..start + end));
                }
            } else if action[..at].trim_end().ends_with("index")
                && let Some(quoted) = rest.trim_start().strip_prefix('"')
                && let Some((name, behind)) = quoted.split_once('"')
            {
                let end = action.len() - behind.len();
                found.push((name.to_owned(), start + at..start + end));
            }
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_say_what_they_read() {
        for (text, labels, escaped, control) in [
            ("{{ $labels.pod }}", vec!["pod"], false, false),
            ("{{$labels.pod|urlquery}}", vec!["pod"], true, false),
            ("{{ .Labels.pod | urlquery }}", vec!["pod"], true, false),
            ("{{ index $labels \"a b\" }}", vec!["a b"], false, false),
            ("{{ printf \"}}%s\" $labels.a }}", vec!["a"], false, false),
            ("{{ urlquery $labels.a $labels.b }}", vec!["a", "b"], true, false),
            ("{{ if $labels.a }}", vec!["a"], false, true),
            ("{{- end -}}", vec![], false, true),
            ("{{ $x := $labels.a }}", vec!["a"], false, true),
        ] {
            let found = actions(text);
            assert_eq!(found.len(), 1, "{text}");
            let action = &found[0];
            assert_eq!(action.range, 0..text.len(), "{text}");
            let names: Vec<&str> = action.labels.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, labels, "{text}");
            assert_eq!((action.is_escaped, action.is_control), (escaped, control), "{text}");
        }
        assert!(actions("{{ $value }}")[0].reads_value);
        assert_eq!(actions("no {braces}"), []);
        assert_eq!(actions("a {{ open").len(), 1);
        let text = "x {{ $labels.pod }}";
        assert_eq!(&text[actions(text)[0].labels[0].1.clone()], "$labels.pod");
    }

    #[test]
    fn templates_give_texts() {
        for (template, text, expected) in [
            ("plain", "plain", true),
            ("plain  text", "plain\n text", true),
            ("plain", "other", false),
            ("of {{ $labels.pod }} in {{ $labels.node }}.", "of a in b.", true),
            ("of {{ $labels.pod }} in {{ $labels.node }}.", "of a at b.", false),
            ("{{ $value }}", "", true),
            ("a{{ $x }}a", "a", false),
            ("{{ if $labels.x }}a{{ end }}", "b", true),
        ] {
            assert_eq!(may_give(template, text), expected, "{template} {text}");
        }
    }
}
