//! Findings as annotations of a change on GitHub: `alertbook check --format github`.
//!
//! Workflow commands, as the runner reads them from the output of a step
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>). What a
//! character has to be replaced by is the runner's `ActionCommand`.

use super::{Diagnostic, Report, Severity, in_repository};

/// The report, a line for each finding. `folder` is where the site lies in its repository, with a
/// slash at its end unless it is empty.
pub fn render(report: &Report, folder: &str) -> String {
    let lines = report.entries().iter().map(|(severity, found)| line(*severity, found, folder));
    lines.collect()
}

fn line(severity: Severity, diagnostic: &Diagnostic, folder: &str) -> String {
    let command = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = (diagnostic.span.start(), diagnostic.span.end());
    let path = in_repository(folder, diagnostic.span.source().path());
    let mut properties = vec![
        ("title", format!("alertbook: {}", diagnostic.check)),
        ("file", path),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
        ("col", start.column.to_string()),
    ];
    // GitHub takes columns only where the annotation is about one line. Its last column is one that
    // belongs to the finding.
    if start.line == end.line {
        let last = end.column.saturating_sub(1).max(start.column);
        properties.push(("endColumn", last.to_string()));
    } else {
        properties.pop();
    }
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped_property(value)))
        .collect();
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message += &format!("\nhelp: {help}");
    }
    for related in &diagnostic.related {
        let at = related.span.start();
        let path = in_repository(folder, related.span.source().path());
        message += &format!("\n{}: {path}:{}:{}", related.message, at.line, at.column);
    }
    format!("::{command} {}::{}\n", properties.join(","), escaped(&message))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::sample;

    #[test]
    fn each_finding_is_one_line() {
        let text = render(&sample::report(), "docs/");
        assert_eq!(text.lines().count(), sample::report().entries().len());
        insta::assert_snapshot!(text);
    }

    #[test]
    fn nothing_is_found_in_a_clean_site() {
        assert_eq!(render(&Report::default(), ""), "");
    }
}
