//! Findings as the results of tests, for the viewers of CI servers: `alertbook check --format junit`.
//!
//! The shape that Jenkins, GitLab and GitHub's reporters read
//! (<https://github.com/testmoapp/junitxml>): a suite for each check, a case for each finding. A
//! check without findings is a case that passed, so that a clean site is not taken for one that was
//! never looked at.

use super::{Diagnostic, Report, Severity, in_repository};

/// The report as XML. `checks` are the names of the checks that there are; findings below `failing`
/// pass, and are told beside their case. `folder` is where the site lies in its repository, with a
/// slash at its end unless it is empty.
pub fn render(report: &Report, checks: &[&str], failing: Severity, folder: &str) -> String {
    let mut names: Vec<&str> = checks.to_vec();
    names.extend(report.entries().iter().map(|(_, found)| found.check));
    names.sort_unstable();
    names.dedup();
    let fails = |severity: Severity| severity >= failing;
    let failures = report.entries().iter().filter(|(severity, _)| fails(*severity)).count();
    let mut suites = String::new();
    let mut total = 0;
    for name in names {
        let found: Vec<&(Severity, Diagnostic)> =
            report.entries().iter().filter(|(_, found)| found.check == name).collect();
        let failed = found.iter().filter(|(severity, _)| fails(*severity)).count();
        let tests = found.len().max(1);
        total += tests;
        suites += &format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">\n"
        );
        if found.is_empty() {
            suites += &format!("    <testcase classname=\"{name}\" name=\"no findings\"/>\n");
        }
        for (severity, diagnostic) in found {
            suites += &case(*severity, diagnostic, fails(*severity), folder);
        }
        suites += "  </testsuite>\n";
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"alertbook\" tests=\"{total}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

fn case(severity: Severity, diagnostic: &Diagnostic, fails: bool, folder: &str) -> String {
    let at = diagnostic.span.start();
    let path = escaped(diagnostic.span.source().path());
    let file = escaped(&in_repository(folder, diagnostic.span.source().path()));
    let check = diagnostic.check;
    let message = escaped(&diagnostic.message);
    let text = escaped(&details(diagnostic));
    let outcome = if fails {
        format!("<failure type=\"{severity}\" message=\"{message}\">{text}</failure>")
    } else {
        format!("<system-out>{severity}: {text}</system-out>")
    };
    format!(
        "    <testcase classname=\"{check}\" name=\"{path}:{line}:{column}: {message}\" \
         file=\"{file}\" line=\"{line}\">\n      {outcome}\n    </testcase>\n",
        line = at.line,
        column = at.column,
    )
}

/// The finding in plain lines.
fn details(diagnostic: &Diagnostic) -> String {
    let at = diagnostic.span.start();
    let path = diagnostic.span.source().path();
    let mut text = format!("{path}:{}:{}: {}", at.line, at.column, diagnostic.message);
    if let Some(help) = &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    for related in &diagnostic.related {
        let (path, at) = (related.span.source().path(), related.span.start());
        text += &format!("\n{path}:{}:{}: {}", at.line, at.column, related.message);
    }
    text
}

/// Text as XML 1.0 has it, in attributes as well; characters that it can't hold are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::sample;

    #[test]
    fn each_finding_is_a_case_and_each_check_a_suite() {
        let checks = ["broken-link", "unknown-alert"];
        insta::assert_snapshot!(render(&sample::report(), &checks, Severity::Error, ""));
    }

    #[test]
    fn what_fails_is_for_the_caller_to_say() {
        let text = render(&sample::report(), &[], Severity::Note, "docs/");
        assert_eq!(text.matches("<failure ").count(), sample::report().entries().len());
        assert!(!text.contains("<system-out>"));
        assert!(text.contains("file=\"docs/content/"), "{text}");
    }
}
