//! Findings for machines: `alertbook check --format json`.

use super::{Diagnostic, Report, Severity};
use crate::source::Span;
use serde::Serialize;

/// The version of the shape below; it grows when something in it changes its meaning or goes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    summary: Summary,
    diagnostics: Vec<Entry<'r>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Entry<'r> {
    check: &'r str,
    severity: &'static str,
    message: &'r str,
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    alert: Option<&'r str>,
    help: Option<&'r str>,
    related: Vec<Place<'r>>,
    fixable: bool,
}

#[derive(Serialize)]
struct Place<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    message: &'r str,
}

/// The report as one JSON object, indented, with a line break at the end. Lines and columns count
/// from 1, columns in characters; an end is the first place behind the finding.
pub fn render(report: &Report) -> String {
    let entries = report.entries().iter();
    let document = Document {
        version: VERSION,
        summary: Summary {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            notes: report.count(Severity::Note),
        },
        diagnostics: entries.map(|(severity, diagnostic)| entry(*severity, diagnostic)).collect(),
    };
    // Texts and numbers always serialize.
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}

fn entry(severity: Severity, diagnostic: &Diagnostic) -> Entry<'_> {
    let (start, end) = (diagnostic.span.start(), diagnostic.span.end());
    Entry {
        check: diagnostic.check,
        severity: severity.name(),
        message: &diagnostic.message,
        file: diagnostic.span.source().path(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        alert: diagnostic.alert.as_deref(),
        help: diagnostic.help.as_deref(),
        related: diagnostic
            .related
            .iter()
            .map(|related| place(&related.span, &related.message))
            .collect(),
        fixable: diagnostic.fix.is_some(),
    }
}

fn place<'r>(span: &'r Span, message: &'r str) -> Place<'r> {
    let start = span.start();
    Place { file: span.source().path(), line: start.line, column: start.column, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::fix::{Edit, Fix, Safety};
    use crate::source::Source;

    #[test]
    fn the_shape_is_the_contract() {
        let page = Source::new("content/a.md", "Ä é `DiskFul`\n");
        let rules = Source::new("rules/a.yaml", "- alert: DiskFull\n");
        let report = Report::new(vec![
            (
                Severity::Error,
                Diagnostic::new(
                    "unknown-alert",
                    Span::new(&page, 7..14),
                    "no rule has the alert `DiskFul`",
                )
                .with_alert("DiskFul")
                .with_help("did you mean `DiskFull`?")
                .with_related(Span::new(&rules, 9..17), "`DiskFull` is here")
                .with_fix(Fix::new(Safety::Unsafe, [Edit::new(&page, 7..14, "DiskFull")])),
            ),
            (Severity::Note, Diagnostic::new("stray", Span::new(&page, 0..2), "an umlaut \"Ä\"")),
        ]);
        insta::assert_snapshot!(render(&report), @r#"
        {
          "version": 1,
          "summary": {
            "errors": 1,
            "warnings": 0,
            "notes": 1
          },
          "diagnostics": [
            {
              "check": "stray",
              "severity": "note",
              "message": "an umlaut \"Ä\"",
              "file": "content/a.md",
              "line": 1,
              "column": 1,
              "end_line": 1,
              "end_column": 2,
              "alert": null,
              "help": null,
              "related": [],
              "fixable": false
            },
            {
              "check": "unknown-alert",
              "severity": "error",
              "message": "no rule has the alert `DiskFul`",
              "file": "content/a.md",
              "line": 1,
              "column": 6,
              "end_line": 1,
              "end_column": 13,
              "alert": "DiskFul",
              "help": "did you mean `DiskFull`?",
              "related": [
                {
                  "file": "rules/a.yaml",
                  "line": 1,
                  "column": 10,
                  "message": "`DiskFull` is here"
                }
              ],
              "fixable": true
            }
          ]
        }
        "#);
    }

    #[test]
    fn a_clean_report_is_a_document_as_well() {
        insta::assert_snapshot!(render(&Report::default()), @r#"
        {
          "version": 1,
          "summary": {
            "errors": 0,
            "warnings": 0,
            "notes": 0
          },
          "diagnostics": []
        }
        "#);
    }
}
