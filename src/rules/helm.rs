//! Telling the templates of a Helm chart from rules.
//!
//! Charts keep their rules as text with `{{ … }}` in it that Helm replaces. Rules have such braces
//! as well, for Prometheus to replace, and charts wrap those once more: ``{{`{{ $value }}`}}``.

use std::ops::Range;

/// What a hole for Helm begins with.
const FIRST_WORDS: [&str; 4] = ["`", "include ", "tpl ", "toYaml "];

/// What occurs nowhere else.
const OBJECTS: [&str; 4] = [".Values", ".Release", ".Chart", ".Capabilities"];

/// The first hole in a text that is for Helm to fill.
pub(super) fn hole(text: &str) -> Option<Range<usize>> {
    let mut holes = text.match_indices("{{").map(|(at, _)| at..hole_end(text, at));
    holes.find(|hole| is_chart(text.get(hole.clone()).unwrap_or_default()))
}

/// The first place that makes a text a template which is no YAML: a hole for Helm, or one that
/// begins the line, or a value of the line, in which YAML ends. `fault` is a byte of that line;
/// elsewhere such a hole may well stand in a block of text.
pub(super) fn template(text: &str, fault: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_faulty = (start..start + line.len()).contains(&fault);
        let begins = |at: usize| {
            let before = line.get(..at).unwrap_or_default().trim_end();
            before.is_empty() || before.ends_with([':', '-'])
        };
        let comment = line.trim_start().starts_with('#');
        let mut holes = line.match_indices("{{").map(|(at, _)| at..hole_end(line, at));
        let found = holes.find(|hole| {
            (is_faulty && begins(hole.start))
                || is_chart(line.get(hole.clone()).unwrap_or_default())
        });
        if let Some(hole) = found.filter(|_| !comment) {
            return Some(start + hole.start..start + hole.end);
        }
        start += line.len();
    }
    None
}

/// Whether a hole, from its braces on, is for Helm.
fn is_chart(hole: &str) -> bool {
    let inside = hole.trim_start_matches('{').trim_start_matches('-').trim_start();
    FIRST_WORDS.iter().any(|word| inside.starts_with(word))
        || OBJECTS.iter().any(|object| inside.contains(object))
}

/// The end of a hole, or of what is shown of it if it is not closed soon in its line.
fn hole_end(text: &str, at: usize) -> usize {
    const LONGEST: usize = 400;
    let rest = text.get(at..).unwrap_or_default();
    let shown = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(end, _)| end);
    let line = rest.get(..shown).and_then(|shown| shown.lines().next()).unwrap_or_default();
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
            ("a: |\n  {{ $value }} is high\nb: c: d", None),
            ("a: 1\nb: c: d\ne: {{ range .Values.x }}", Some("{{ range .Values.x }}")),
            ("{{- if .x }}\na: 1\n{{- end }}", Some("{{- if .x }}")),
            ("a: {{ .x }}", Some("{{ .x }}")),
            ("- {{ $x }}", Some("{{ $x }}")),
        ] {
            let fault = text.rfind("b: ").unwrap_or(0);
            assert_eq!(template(text, fault).map(|range| &text[range]), found, "{text}");
        }
    }
}
