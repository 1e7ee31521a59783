//! Findings for code scanners: `alertbook check --format sarif`.
//!
//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), as GitHub's
//! code scanning, GitLab and editors read it. Lines and columns count from 1, columns in
//! characters, which SARIF calls Unicode code points; an end is the first place behind.

use super::baseline::fingerprint;
use super::fix::{Edit, Fix};
use super::{Diagnostic, Report};
use crate::source::Span;
use serde_json::{Value, json};
use std::collections::HashMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The base that all paths are relative to: the root of the repository.
const BASE: &str = "%SRCROOT%";

/// What a scanner shows of a check, whether it found anything or not.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name of the check.
    pub name: &'static str,
    /// What it finds, in a sentence.
    pub summary: String,
    /// All there is to know about it, as Markdown.
    pub explanation: String,
    /// How bad its findings are unless a site says otherwise: `error`, `warning` or `note`.
    pub level: &'static str,
}

/// The report as one SARIF log, indented, with a line break at the end. `folder` is where the site
/// lies in its repository, with a slash at its end unless it is empty.
pub fn render(report: &Report, rules: &[Rule], folder: &str) -> String {
    let index: HashMap<&str, usize> =
        rules.iter().enumerate().map(|(index, rule)| (rule.name, index)).collect();
    let mut results = Vec::new();
    for (severity, diagnostic) in report.entries() {
        let mut result = result(diagnostic, severity.name(), folder);
        if let Some(index) = index.get(diagnostic.check) {
            result["ruleIndex"] = json!(index);
        }
        results.push(result);
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "alertbook",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules.iter().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Texts and numbers always serialize.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.explanation, "markdown": rule.explanation},
        "defaultConfiguration": {"level": rule.level},
    })
}

fn result(diagnostic: &Diagnostic, level: &str, folder: &str) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{}\n\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut location = json!({"physicalLocation": place(&diagnostic.span, folder)});
    if let Some(alert) = &diagnostic.alert {
        location["logicalLocations"] = json!([{"name": alert, "kind": "alert"}]);
    }
    let mut result = json!({
        "ruleId": diagnostic.check,
        "level": level,
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"alertbook/v1": fingerprint(diagnostic)},
    });
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().enumerate().map(|(id, related)| {
            json!({
                "id": id,
                "physicalLocation": place(&related.span, folder),
                "message": {"text": related.message},
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([fix_of(diagnostic, fix, folder)]);
    }
    result
}

fn fix_of(diagnostic: &Diagnostic, fix: &Fix, folder: &str) -> Value {
    let replacement = |edit: &Edit| {
        json!({
            "deletedRegion": region(edit.span()),
            "insertedContent": {"text": edit.replacement()},
        })
    };
    // The edits of a fix are all in one file.
    let change = json!({
        "artifactLocation": artifact(diagnostic.span.source().path(), folder),
        "replacements": fix.edits().iter().map(replacement).collect::<Vec<_>>(),
    });
    let description = diagnostic.help.as_deref().unwrap_or("mend it");
    json!({"description": {"text": description}, "artifactChanges": [change]})
}

fn place(span: &Span, folder: &str) -> Value {
    json!({"artifactLocation": artifact(span.source().path(), folder), "region": region(span)})
}

fn artifact(path: &str, folder: &str) -> Value {
    if super::is_of_server(path) {
        return json!({"uri": path});
    }
    json!({"uri": percent_encoded(&super::in_repository(folder, path)), "uriBaseId": BASE})
}

fn region(span: &Span) -> Value {
    let (start, end) = (span.start(), span.end());
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A path as part of an address (RFC 3986, `path`).
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::sample;

    #[test]
    fn a_report_is_a_log() {
        let rules = [Rule {
            name: "unknown-alert",
            summary: "An alert is unknown.".to_owned(),
            explanation: "# unknown-alert\n".to_owned(),
            level: "error",
        }];
        let log = render(&sample::report(), &rules, "docs/");
        let log = log.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
        insta::assert_snapshot!(log);
    }
}
