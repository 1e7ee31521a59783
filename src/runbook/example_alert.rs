//! Example alerts: blocks that show an alert as Alertmanager prints it.
//!
//! The shape is that of `__text_alert_list` in Alertmanager's `template/default.tmpl`: `Labels:`,
//! lines ` - name = value`, `Annotations:` with the same, `Source: URL`.

use crate::markdown::{BlockKind, Document};

/// An alert as shown in a runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleAlert {
    /// Where its block begins in the source, in bytes.
    pub start: usize,
    /// Its labels, in order.
    pub labels: Vec<(String, String)>,
    /// Its annotations, in order.
    pub annotations: Vec<(String, String)>,
    /// The address of the expression that raised it, in some carrier's Prometheus.
    pub source_url: Option<String>,
}

impl ExampleAlert {
    /// The alert's name, if its labels have one.
    pub fn alert(&self) -> Option<&str> {
        self.values("alertname").next()
    }

    /// What it names its alert by, or its alerts where a block shows several: their names, else
    /// the `alert_situation`. Beside a name that label says nothing, since examples are made by
    /// changing the name in one of another alert.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let label = if self.alert().is_some() { "alertname" } else { "alert_situation" };
        self.values(label)
    }

    fn values(&self, label: &str) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(move |(name, _)| name == label).map(|(_, value)| value.as_str())
    }
}

/// The example alerts of a document, in order.
pub fn find(document: &Document) -> Vec<ExampleAlert> {
    let mut found = Vec::new();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Code(code) = &block.kind {
            found.extend(read(code.text.text(), block.range.start));
        }
    });
    found
}

fn read(text: &str, start: usize) -> Option<ExampleAlert> {
    if !text.contains("Labels:") {
        return None;
    }
    let mut example =
        ExampleAlert { start, labels: Vec::new(), annotations: Vec::new(), source_url: None };
    let mut pairs = None;
    for line in text.lines().map(str::trim) {
        if let Some(url) = line.strip_prefix("Source:") {
            example.source_url = Some(url.trim().to_owned()).filter(|url| !url.is_empty());
            pairs = None;
        } else if line == "Labels:" {
            pairs = Some(&mut example.labels);
        } else if line == "Annotations:" {
            pairs = Some(&mut example.annotations);
        } else if let (Some(pairs), Some(pair)) = (&mut pairs, line.strip_prefix("- "))
            && let Some((name, value)) = pair.split_once('=')
        {
            pairs.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    (!example.labels.is_empty()).then_some(example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_alertmanager_prints() {
        let text = "Labels:\n - alertname = A\n - x = y = z\nAnnotations:\n  - runbook = TBD\nSource: http://p/graph?g0.expr=up\n";
        let found = read(text, 7).unwrap();
        assert_eq!(found.alert(), Some("A"));
        assert_eq!(found.labels[1], ("x".to_owned(), "y = z".to_owned()));
        assert_eq!(found.annotations, [("runbook".to_owned(), "TBD".to_owned())]);
        assert_eq!(found.source_url.as_deref(), Some("http://p/graph?g0.expr=up"));
        assert_eq!(read("no alert", 0), None);
    }

    #[test]
    fn names_are_of_the_alerts_shown() {
        for (labels, names) in [
            ("- alert_situation = b\n- alertname = A", vec!["A"]),
            ("- alert_situation = b", vec!["b"]),
            ("- alertname = A\nLabels:\n- alertname = B", vec!["A", "B"]),
            ("- severity = warning", vec![]),
        ] {
            let found = read(&format!("Labels:\n{labels}\n"), 0).unwrap();
            assert_eq!(found.names().collect::<Vec<_>>(), names, "{labels}");
        }
    }
}
