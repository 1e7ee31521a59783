//! Telling what rules are made from, such as the templates of a Helm chart, from rules.
//!
//! Charts keep their rules as text with `{{ … }}` in it that Helm replaces. Rules have such braces
//! as well, for Prometheus to replace, and charts wrap those once more: ``{{`{{ $value }}`}}``.
//! Jinja (Ansible, Salt) and ERB (Puppet, Chef) have marks of their own, which no expression has; in
//! an annotation they may be text, so there it takes a pair of them. Jsonnet is a language, and known
//! by the file's name.

use crate::source::{Source, Span};
use memchr::{memchr, memmem};
use std::ops::Range;
use std::sync::Arc;

/// What makes rules of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    Helm,
    Jinja,
    Erb,
    Jsonnet,
    OpenShift,
    /// Something with holes like Helm's.
    Unknown,
}

/// What a hole for Helm begins with.
const FIRST_WORDS: [&str; 3] = ["include ", "tpl ", "toYaml "];

/// What occurs nowhere else.
const OBJECTS: [&str; 4] = [".Values", ".Release", ".Chart", ".Capabilities"];

/// What a hole of a Go template may begin with beside a `$`, a `.` or a quote: its keywords and
/// functions (<https://pkg.go.dev/text/template>).
const WORDS_OF_GO: [&str; 28] = [
    "and", "block", "break", "call", "continue", "define", "else", "end", "eq", "ge", "gt", "html",
    "if", "include", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "range", "template", "urlquery", "with",
];

impl Maker {
    /// That rules are still to be made of this.
    pub(super) fn message(self) -> String {
        let what = match self {
            Self::Helm => "a Helm template",
            Self::Jinja => "a Jinja template",
            Self::Erb => "an ERB template",
            Self::Jsonnet => "Jsonnet",
            Self::OpenShift => "an OpenShift template",
            Self::Unknown => "a template",
        };
        format!("this is {what}, not the rules that it makes")
    }

    /// How they are made.
    pub(super) fn help(self) -> String {
        let first = match self {
            Self::Helm => "render the chart first (`helm template`)",
            Self::Jsonnet => "render it first (`jsonnet`, or `mixtool generate` for a mixin)",
            Self::OpenShift => "process it first (`oc process`)",
            Self::Jinja | Self::Erb | Self::Unknown => "render it first",
        };
        format!("{first} and list the result under `rules`")
    }
}

/// The first line with code of a file that its name tells to be Jsonnet.
pub(super) fn jsonnet(source: &Arc<Source>) -> Option<Span> {
    if ![".jsonnet", ".libsonnet"].iter().any(|ending| source.path().ends_with(ending)) {
        return None;
    }
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let code = line.trim();
        if !code.is_empty() && !["//", "#", "/*", "*"].iter().any(|mark| code.starts_with(mark)) {
            let lead = line.len() - line.trim_start().len();
            return Some(Span::new(source, start + lead..start + lead + code.len()));
        }
        start += line.len();
    }
    Some(Span::new(source, 0..0))
}

/// The first hole in a value that Prometheus does not fill. In an annotation or a label Prometheus
/// fills holes of its own, and leaves marks of others as they are; elsewhere it fills none.
pub(super) fn hole_in(text: &str, filled_by_prometheus: bool) -> Option<Range<usize>> {
    holes(text).into_iter().find(|hole| {
        let inside = &text[hole.clone()];
        let is_filled = || match inside.as_bytes().get(..2) {
            Some(b"{{") => is_helm(inside),
            Some(b"{%") => is_paired(&text[hole.end..], inside),
            _ => inside.starts_with("<%="),
        };
        !filled_by_prometheus || is_filled()
    })
}

/// Whether one of the texts of a file may have a hole, by all that is written there: what a hole begins
/// with stands there as well, unless it is escaped.
pub(super) fn may_have_hole(written: &str) -> bool {
    let has = |begin: &&str| memmem::find(written.as_bytes(), begin.as_bytes()).is_some();
    memchr(b'\\', written.as_bytes()).is_some() || ["{{", "{%", "<%"].iter().any(has)
}

/// Whether a statement of Jinja is ended in the text behind it: `{% raw %}…{% endraw %}`.
fn is_paired(behind: &str, statement: &str) -> bool {
    let word = |hole: &str| {
        let inside = hole.trim_start_matches(['{', '%', '-', '+']).trim_start();
        inside.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default().to_owned()
    };
    let first = word(statement);
    let end = format!("end{first}");
    !first.is_empty() && holes(behind).into_iter().any(|hole| word(&behind[hole]) == end)
}

/// The first hole that makes a text a template which is no YAML: one that Prometheus does not fill,
/// or that begins the line, or a value of the line, in which YAML ends. `fault` is a byte of that
/// line; elsewhere a hole of Prometheus may well stand in a block of text, as may what looks like
/// the mark of another within one.
pub(super) fn first_hole(text: &str, fault: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_faulty = (start..start + line.len()).contains(&fault);
        let begins = |at: usize| {
            let before = line[..at].trim_end();
            before.is_empty() || before.ends_with([':', '-'])
        };
        let is_comment = line.trim_start().starts_with('#');
        let found = holes(line).into_iter().find(|hole| {
            let inside = &line[hole.clone()];
            let is_of_go = inside.starts_with("{{");
            is_helm(inside)
                || (begins(hole.start) && (is_faulty || !is_of_go))
                || (is_faulty && !is_of_go)
        });
        if let Some(hole) = found.filter(|_| !is_comment) {
            return Some(start + hole.start..start + hole.end);
        }
        start += line.len();
    }
    None
}

/// What fills the hole `of` a text.
pub(super) fn maker(text: &str, of: &str) -> Maker {
    if of.starts_with("<%") {
        return Maker::Erb;
    }
    let all = holes(text);
    let mut inside = all.iter().map(|hole| &text[hole.clone()]);
    if inside.clone().any(is_helm) {
        Maker::Helm
    } else if of.starts_with("{%") || inside.any(|hole| hole.starts_with("{%") || is_jinja(hole)) {
        Maker::Jinja
    } else {
        Maker::Unknown
    }
}

/// Every `{{ … }}`, `{% … %}` and `<% … %>` of a text.
fn holes(text: &str) -> Vec<Range<usize>> {
    let mut holes = Vec::new();
    let mut from = 0;
    let next = |from: usize| memchr::memchr2(b'{', b'<', &text.as_bytes()[from..]);
    while let Some(at) = next(from).map(|at| from + at) {
        let close = match text.as_bytes().get(at..at + 2) {
            Some(b"{{") => "}}",
            Some(b"{%") => "%}",
            Some(b"<%") => "%>",
            _ => {
                from = at + 1;
                continue;
            }
        };
        let end = hole_end(text, at, close);
        // Of Prometheus and Helm a hole may go over several lines; of the others it is none.
        if close == "}}" || text[at..end].ends_with(close) {
            holes.push(at..end);
        }
        from = end;
    }
    holes
}

/// Whether a hole of a text, from its braces on, is for Helm.
fn is_helm(hole: &str) -> bool {
    if !hole.starts_with("{{") {
        return false;
    }
    let inside = inside(hole);
    // Braces are put in quotes to get them past Helm.
    let is_wrapped = inside.starts_with('`') && (inside.contains("{{") || inside.contains("}}`"));
    is_wrapped
        || FIRST_WORDS.iter().any(|word| inside.starts_with(word))
        || OBJECTS.iter().any(|object| inside.contains(object))
}

/// Whether a hole begins with a name that Go's templates could not know.
fn is_jinja(hole: &str) -> bool {
    let inside = inside(hole);
    let end = inside.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(inside.len());
    hole.starts_with("{{")
        && inside.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && !WORDS_OF_GO.contains(&&inside[..end])
}

fn inside(hole: &str) -> &str {
    hole.trim_start_matches('{').trim_start_matches('-').trim_start()
}

/// The end of a hole, or of what is shown of it if it is not closed soon in its line.
fn hole_end(text: &str, at: usize, close: &str) -> usize {
    const LONGEST: usize = 400;
    let rest = &text[at..];
    let shown = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(end, _)| end);
    let line = rest[..shown].lines().next().unwrap_or_default();
    at + line.find(close).map_or(line.len(), |end| end + close.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_for_others_are_told_from_those_for_prometheus() {
        for (text, found, anywhere) in [
            ("{{ $labels.pod }} is {{ $value | humanize }}", None, Some("{{ $labels.pod }}")),
            ("{{- range query \"up\" }}{{ .Labels.pod }}", None, Some("{{- range query \"up\" }}")),
            ("pod {{`{{ $labels.pod }}`}}", Some("{{`{{ $labels.pod }}"), None),
            ("pod {{`{{`}} $labels.pod {{`}}`}}", Some("{{`{{`}}"), None),
            ("up > {{ .Values.limit }}", Some("{{ .Values.limit }}"), None),
            ("{{- include \"a\" . }}", Some("{{- include \"a\" . }}"), None),
            ("{% raw %}{{ $value }}{% endraw %}", Some("{% raw %}"), None),
            ("{%- if x -%}a{%- endif -%}", Some("{%- if x -%}"), None),
            ("<b> & {% raw %}", None, Some("{% raw %}")),
            ("{% x %} {% endraw %}", None, Some("{% x %}")),
            ("{% %}", None, Some("{% %}")),
            ("up > <%= @limit %>", Some("<%= @limit %>"), None),
            ("0 <% 5 %>", None, Some("<% 5 %>")),
            ("{{ template \"a\" . }}", None, Some("{{ template \"a\" . }}")),
            (
                "{{ define \"a\" }}b{{ end }}{{ template \"a\" . }}",
                None,
                Some("{{ define \"a\" }}"),
            ),
            ("{{ `as it is` | title }}", None, Some("{{ `as it is` | title }}")),
            ("a <% b", None, None),
            ("up{a=\"b\"} < 5", None, None),
        ] {
            let part = |range: Range<usize>| &text[range];
            assert_eq!(hole_in(text, true).map(part), found, "{text}");
            assert_eq!(hole_in(text, false).map(part), found.or(anywhere), "{text}");
            assert!(may_have_hole(text) || hole_in(text, false).is_none(), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_yaml_may_be_templates() {
        for (text, found) in [
            ("# {{ .Values.x }}\na: b: c", None),
            ("a: \"{{ $value }}\"\nb: [", None),
            ("a: |\n  {{ $value }} is high\nb: c: d", None),
            ("a: 1\nb: c: d\ne: {{ range .Values.x }}", Some("{{ range .Values.x }}")),
            ("{{- if .x }}\na: 1\n{{- end }}", Some("{{- if .x }}")),
            ("a: {{ .x }}", Some("{{ .x }}")),
            ("- {{ $x }}", Some("{{ $x }}")),
            ("a:\n{% for b in c %}\n- d\n", Some("{% for b in c %}")),
            ("a:\n<% b.each do |c| %>\n- d\n", Some("<% b.each do |c| %>")),
            ("a: \"x {% raw %}\"\nb: c: d", None),
            ("e: 1\nb: c: {% raw %}", Some("{% raw %}")),
        ] {
            let fault = text.rfind("b: ").unwrap_or(0);
            assert_eq!(first_hole(text, fault).map(|range| &text[range]), found, "{text}");
        }
    }

    #[test]
    fn who_fills_a_hole_is_seen_from_the_whole() {
        for (text, expected) in [
            ("{{- if .Values.a }}{{ $b }}", Maker::Helm),
            ("{% if a %}{{ $b }}", Maker::Jinja),
            ("{{ region }}", Maker::Jinja),
            ("{{ item.name | upper }}", Maker::Jinja),
            ("{{ $job }}", Maker::Unknown),
            ("{{ if eq .a \"b\" }}", Maker::Unknown),
            ("<%= @a %>", Maker::Erb),
        ] {
            let first = holes(text)[0].clone();
            assert_eq!(maker(text, &text[first]), expected, "{text}");
        }
    }
}
