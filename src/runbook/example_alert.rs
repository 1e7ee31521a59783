//! Example alerts: blocks that show an alert as Alertmanager prints it.
//!
//! The shape is that of `__text_alert_list` in Alertmanager's `template/default.tmpl`: `Labels:`,
//! lines ` - name = value`, `Annotations:` with the same, `Source: URL`. People cut parts away, paste
//! several alerts into one block, or show nothing but `alertname = X`; the title that a pager makes
//! may stand above. What goes on without a mark on the next line belongs to the value before it.

mod unfenced;

use crate::markdown::{Block, BlockKind, Document};
use crate::source::MappedText;
use std::ops::Range;

/// A block that shows one alert or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleAlert {
    /// Where its block of code begins in the source, or itself where it stands in none, in bytes.
    pub start: usize,
    /// The alerts, in order.
    pub alerts: Vec<ShownAlert>,
}

/// An alert as shown in a runbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownAlert {
    /// Its labels, in order.
    pub labels: Vec<ShownValue>,
    /// Its annotations, in order.
    pub annotations: Vec<ShownValue>,
    /// The address of the expression that raised it, in some carrier's Prometheus.
    pub source_url: Option<(String, Range<usize>)>,
}

/// A label or an annotation with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownValue {
    /// The name.
    pub name: String,
    /// The value, on one line.
    pub value: String,
    /// The bytes of the source from the name to the end of the value.
    pub range: Range<usize>,
}

impl ShownAlert {
    /// The alert's name, if its labels have one.
    pub fn alert(&self) -> Option<&str> {
        self.label("alertname")
    }

    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|label| label.name == name).map(|label| label.value.as_str())
    }

    /// What it names its alert by: its name, else the `alert_situation`. Beside a name that label
    /// says nothing, since examples are made by changing the name in one of another alert.
    pub fn name(&self) -> Option<&str> {
        self.alert().or_else(|| self.label("alert_situation"))
    }
}

impl ExampleAlert {
    /// What it names its alerts by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.alerts.iter().filter_map(ShownAlert::name)
    }

    /// The addresses of the expressions that raised its alerts.
    pub fn source_urls(&self) -> impl Iterator<Item = &str> {
        self.alerts.iter().filter_map(|alert| Some(alert.source_url.as_ref()?.0.as_str()))
    }
}

/// The example alerts of a document, in order.
pub fn find(document: &Document) -> Vec<ExampleAlert> {
    let mut found = Vec::new();
    // The blocks before it are part of an alert that was found.
    let mut behind = 0;
    let text = document.source.text();
    // Where a list of labels may be announced: a paragraph without that word is no example.
    let labels: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), "Labels").collect();
    let may_announce = |block: &Block| {
        let next = labels.get(labels.partition_point(|at| *at < block.range.start));
        // The last line of a paragraph may end behind it.
        let is_in =
            |next: &usize| *next < block.range.end || !text[block.range.end..*next].contains('\n');
        !matches!(block.kind, BlockKind::Paragraph { .. }) || next.is_some_and(is_in)
    };
    document.walk_blocks(&mut |block| {
        if let BlockKind::Code(code) = &block.kind {
            found.extend(read(&code.text, block.range.start));
        } else if block.range.start >= behind && may_announce(block) {
            behind = unfenced::find(document, block, &mut found).max(behind);
        }
    });
    found
}

/// What a line of an example belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing was announced yet.
    None,
    Labels,
    Annotations,
    /// Behind the address.
    Source,
}

fn read(text: &MappedText, start: usize) -> Option<ExampleAlert> {
    if !text.text().contains("Labels:") && !text.text().contains("alertname") {
        return None;
    }
    let mut alerts = vec![ShownAlert::default()];
    let mut part = Part::None;
    let mut at = 0;
    for line in text.text().split_inclusive('\n') {
        let begin = at + (line.len() - line.trim_start().len());
        at += line.len();
        let line = line.trim();
        let next = match () {
            () if is_heading(line, "Labels") => Some(Part::Labels),
            () if is_heading(line, "Annotations") => Some(Part::Annotations),
            () => None,
        };
        if let Some(next) = next {
            // Another list of labels is another alert's.
            if next == Part::Labels && alerts.last().is_some_and(|alert| !alert.labels.is_empty()) {
                alerts.push(ShownAlert::default());
            }
            part = next;
            continue;
        }
        let alert = alerts.last_mut()?;
        let is_below_source = part == Part::Source && alert.source_url.is_none();
        if let Some(rest) = source(line).or(Some(line).filter(|_| is_below_source)) {
            if let Some(url) = address(rest) {
                let from = begin + line.len() - rest.len() + url.start;
                let url = &rest[url];
                alert.source_url = Some((url.to_owned(), text.to_source(from..from + url.len())));
            }
            part = Part::Source;
        } else if let Some((name, value)) = pair(line, part) {
            let from = begin + (line.len() - unmarked(line).len());
            let range = text.to_source(from..begin + line.len());
            let shown = ShownValue { name: name.to_owned(), value: value.to_owned(), range };
            let repeats = name == "alertname" && alert.alert().is_some();
            match part {
                Part::Annotations => alert.annotations.push(shown),
                _ if repeats => {
                    alerts.push(ShownAlert { labels: vec![shown], ..ShownAlert::default() });
                }
                _ => alert.labels.push(shown),
            }
        } else if part == Part::Annotations
            && !line.is_empty()
            && let Some(last) = alert.annotations.last_mut()
        {
            last.value = format!("{} {line}", last.value);
            last.range.end = text.to_source(begin..begin + line.len()).end;
        }
    }
    alerts.retain(|alert| !alert.labels.is_empty());
    let is_shown = part != Part::None || alerts.iter().any(|alert| alert.alert().is_some());
    (is_shown && !alerts.is_empty()).then_some(ExampleAlert { start, alerts })
}

/// Whether a line is `Labels:` or the like, be it an item of a list or strong.
fn is_heading(line: &str, word: &str) -> bool {
    let line = unmarked(line.trim());
    line.contains(':') && line.trim_matches(['*', '_', ':']) == word
}

/// What stands behind `Source:`.
fn source(line: &str) -> Option<&str> {
    let rest = unmarked(line).trim_start_matches(['*', '_']).strip_prefix("Source")?;
    let rest = rest.trim_start_matches(['*', '_']).strip_prefix(':')?;
    Some(rest.trim_start_matches(['*', '_']))
}

/// Where the address is in what stands behind `Source:`: alone, in angle brackets or backticks, or as
/// the target of a link.
fn address(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let rest = text.trim();
    let (open, close) = match rest.as_bytes().first()? {
        b'<' if rest.starts_with("<a ") => (rest.find("href=\"")? + "href=\"".len(), "\""),
        b'<' => (1, ">"),
        b'`' => (1, "`"),
        b'[' => match rest.find("](<") {
            Some(at) => (at + 3, ">"),
            None => (rest.find("](")? + 2, ")"),
        },
        _ => (0, "\n"),
    };
    let end = rest[open..].find(close).map_or(rest.len(), |length| open + length);
    let url = rest[open..end].trim_end();
    // A title may stand behind the address of a link.
    let length = if open == 0 { url.len() } else { url.find(' ').unwrap_or(url.len()) };
    (length > 0).then_some(start + open..start + open + length)
}

/// A line without the mark of a list.
fn unmarked(line: &str) -> &str {
    match line.strip_prefix(['-', '*', '•']) {
        Some(rest) if !rest.starts_with('*') => rest.trim_start(),
        _ => line,
    }
}

/// `- name = value`. Without a heading above, only a line that names an alert is one, as `alertname =
/// X` stands alone.
fn pair(line: &str, part: Part) -> Option<(&str, &str)> {
    let rest = unmarked(line);
    let is_marked = rest.len() < line.len();
    let (name, value) = rest.split_once('=')?;
    let (name, value) = (name.trim().trim_matches(['*', '`']), value.trim());
    // A value that is code as a whole.
    let code = value.strip_prefix('`').and_then(|value| value.strip_suffix('`'));
    let value = code.filter(|code| !code.contains('`')).unwrap_or(value);
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    let stands = match part {
        Part::Labels | Part::Annotations => is_marked || rest.contains(" = "),
        Part::None => name == "alertname" || is_marked && rest.contains(" = "),
        Part::Source => false,
    };
    // Queries and commands have quotes and brackets where alerts have none.
    let is_plain = part != Part::None || !value.contains(['"', '\'', '{', '(', '|', '$']);
    (is_name && stands && is_plain).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(text: &str) -> Option<ExampleAlert> {
        read(&MappedText::verbatim(text, 7), 7)
    }

    fn labels(alert: &ShownAlert) -> Vec<(&str, &str)> {
        alert.labels.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect()
    }

    #[test]
    fn reads_what_alertmanager_prints() {
        let text = "Labels:\n - alertname = A\n - x = y = z\nAnnotations:\n  - runbook = TBD\n  - summary = one\n    two\nSource: http://p/graph?g0.expr=up\n";
        let found = example(text).unwrap();
        let [alert] = found.alerts.as_slice() else { panic!("{found:?}") };
        assert_eq!(alert.alert(), Some("A"));
        assert_eq!(labels(alert), [("alertname", "A"), ("x", "y = z")]);
        let annotations: Vec<&str> = alert.annotations.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(annotations, ["TBD", "one two"]);
        let (url, range) = alert.source_url.clone().unwrap();
        assert_eq!(url, "http://p/graph?g0.expr=up");
        let written = |range: &Range<usize>| &text[range.start - 7..range.end - 7];
        assert_eq!(written(&range), url);
        assert_eq!(written(&alert.labels[1].range), "x = y = z");
        assert_eq!(written(&alert.annotations[1].range), "summary = one\n    two");
    }

    #[test]
    fn a_source_has_an_address_however_it_is_written() {
        for source in [
            "Source: http://p/graph?g0.expr=up",
            "Source: <http://p/graph?g0.expr=up>",
            "Source: `http://p/graph?g0.expr=up`",
            "**Source:** [link](http://p/graph?g0.expr=up)",
            "- Source: [http://x/](<http://p/graph?g0.expr=up> \"title\")",
            "Source: [link](http://p/graph?g0.expr=up \"title\").",
            "Source: <a class=\"x\" href=\"http://p/graph?g0.expr=up\">link</a>",
            "Source:\n  http://p/graph?g0.expr=up\n  more",
        ] {
            let text = format!("Labels:\n - alertname = A\n{source}\n");
            let found = example(&text).unwrap();
            let (url, range) = found.alerts[0].source_url.clone().unwrap();
            assert_eq!(url, "http://p/graph?g0.expr=up", "{source}");
            assert_eq!(&text[range.start - 7..range.end - 7], url);
        }
    }

    #[test]
    fn parts_may_be_missing_and_alerts_several() {
        for (text, names) in [
            ("Labels:\n- alert_situation = b\n- alertname = A", vec!["A"]),
            ("Labels:\n  - alert_situation = b", vec!["b"]),
            ("Labels:\n- alertname = A\nLabels:\n- alertname = B", vec!["A", "B"]),
            ("Labels:\n- alertname = A\n- alertname = B", vec!["A", "B"]),
            ("Labels:\nalertname = A\nseverity = warning", vec!["A"]),
            ("[FIRING:1] A (warning eu-de)\nLabels:\n - alertname = A\n", vec!["A"]),
            ("alertname = A", vec!["A"]),
            ("- **alertname** = A", vec!["A"]),
            ("alertname=A", vec!["A"]),
            (" - alertname = A\n - severity = page", vec!["A"]),
            ("Labels:\n- severity = warning", vec![]),
        ] {
            let found = example(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.names().collect::<Vec<_>>(), names, "{text}");
        }
        for text in [
            "no alert",
            "Labels:\n",
            "ALERTS{alertname=\"A\"}",
            "alertname=\"A\"",
            "- alert = A",
            "amtool alert query alertname=~A.* | wc",
        ] {
            assert_eq!(example(text), None, "{text}");
        }
    }
}
