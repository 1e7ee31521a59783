//! Telling the templates of a Helm chart from rules.
//!
//! Charts keep their rules as text with `{{ … }}` in it that Helm replaces. Rules have such braces
//! as well, for Prometheus to replace, and charts wrap those once more: ``{{`{{ $value }}`}}``.

use std::ops::Range;

/// What only a chart can mean right after `{{`.
const CHART_WORDS: [&str; 8] = [
    "`",
    ".Values",
    ".Release",
    ".Chart",
    ".Capabilities",
    "include ",
    "tpl ",
    "toYaml ",
];

/// The first hole in a text that is for Helm to fill.
pub(super) fn hole(text: &str) -> Option<Range<usize>> {
    let mut holes = text.match_indices("{{");
    holes
        .find(|(at, _)| is_chart(text, *at))
        .map(|(at, _)| at..hole_end(text, at))
}

/// The first place at which a text that is no YAML is a template: a hole for Helm, or one where
/// YAML has a line or a value begin.
pub(super) fn template(text: &str) -> Option<Range<usize>> {
    let mut holes = text.match_indices("{{").filter(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        let line = before
            .rfind('\n')
            .map_or(before, |newline| before.get(newline..).unwrap_or_default());
        let line = line.trim();
        let begins = line.is_empty() || line.ends_with(':') || line.ends_with('-');
        !line.starts_with('#') && (begins || is_chart(text, *at))
    });
    holes.next().map(|(at, _)| at..hole_end(text, at))
}

fn is_chart(text: &str, at: usize) -> bool {
    let inside = text.get(at + 2..).unwrap_or_default();
    let inside = inside.strip_prefix('-').unwrap_or(inside).trim_start();
    CHART_WORDS.iter().any(|word| inside.starts_with(word))
}

/// The end of a hole, or of its line if it is not closed there.
fn hole_end(text: &str, at: usize) -> usize {
    let line = text
        .get(at..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    at + line.find("}}").map_or(line.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_for_helm_are_told_from_those_for_prometheus() {
        for (text, found) in [
            ("{{ $labels.pod }} is {{ $value | humanize }}", None),
            ("{{- range query \"up\" }}{{ .Labels.pod }}{{ end }}", None),
            ("pod {{`{{ $labels.pod }}`}}", Some("{{`{{ $labels.pod }}")),
            ("up > {{ .Values.limit }}", Some("{{ .Values.limit }}")),
            ("{{- include \"a\" . }}", Some("{{- include \"a\" . }}")),
        ] {
            assert_eq!(hole(text).map(|range| &text[range]), found, "{text}");
        }
        for (text, found) in [
            ("# {{ .Values.x }}\na: b: c", None),
            ("a: \"{{ $value }}\"\nb: [", None),
            ("{{- if .x }}\na: 1\n{{- end }}", Some("{{- if .x }}")),
            ("a: {{ .x }}", Some("{{ .x }}")),
            ("- {{ $x }}", Some("{{ $x }}")),
        ] {
            assert_eq!(template(text).map(|range| &text[range]), found, "{text}");
        }
    }
}
