//! What stands over a page of the preview: its findings, and why it is not as its author left it.

use crate::diag::{Diagnostic, Report, Severity, text};
use crate::failure::Failure;
use crate::memo::Key;
use crate::pipeline::Checked;
use crate::render::escape::escaped;
use crate::site::{Destination, Site};
use crate::source::Span;
use std::fmt::Write as _;

/// The folder of addresses that belong to the preview itself. No page is there: names that begin
/// with `_` are skipped.
pub const OWN: &str = "_alertbook";

/// A page that can't be shown, and never could be.
pub const EMPTY_PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
    <meta name=\"color-scheme\" content=\"light dark\"><title>alertbook</title></head>\n<body>\n\
    </body>\n</html>\n";

/// How many findings are listed. Nobody reads more of them over a page.
const MOST_LISTED: usize = 100;

/// A page as somebody sees it, to be compared with a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Of its bytes, and of the files that it may show.
    pub page: Key,
    /// The findings beside it, as HTML.
    pub panel: String,
}

/// The inside of the panel over the page at an output path, from why the site can't be read, if it
/// can't, and what it was when it last could; empty if there is nothing to say.
pub fn html(
    fault: Option<&Failure>,
    checked: Option<&Checked>,
    path: &str,
    template_fault: Option<&str>,
) -> String {
    let mut html = String::new();
    let unread = fault.map(Failure::to_string);
    for (title, fault) in [
        ("The site can't be read; this is how it was before", unread.as_deref()),
        ("The page can't be rendered; this is how it was before", template_fault),
    ] {
        if let Some(fault) = fault {
            let (title, fault) = (escaped(title), escaped(fault));
            let _ = write!(
                html,
                "<details open><summary class=\"error\">{title}</summary><pre>{fault}</pre></details>"
            );
        }
    }
    // Findings of an older state would be about lines that are no longer what they were.
    if let (Some(checked), None) = (checked, fault) {
        push_findings(&mut html, &checked.site, &checked.report, path);
    }
    html
}

fn push_findings(html: &mut String, site: &Site, report: &Report, path: &str) {
    let subject = Subject::of(site, path);
    let own: Vec<_> =
        report.entries().iter().filter(|(_, finding)| subject.is_of(finding)).collect();
    if own.is_empty() {
        return;
    }
    let counts = Report::new(own.iter().map(|entry| (*entry).clone()).collect());
    let worst = own.iter().map(|(severity, _)| *severity).max().unwrap_or(Severity::Note);
    let summary = text::summary(&counts).unwrap_or_default();
    let _ = write!(
        html,
        "<details open><summary class=\"{worst}\">{}</summary><ol>",
        escaped(&summary)
    );
    for (severity, finding) in own.iter().take(MOST_LISTED) {
        push_finding(html, *severity, finding, &subject);
    }
    html.push_str("</ol>");
    if own.len() > MOST_LISTED {
        let _ = write!(html, "<p>and {} more</p>", own.len() - MOST_LISTED);
    }
    html.push_str("</details>");
}

fn push_finding(html: &mut String, severity: Severity, finding: &Diagnostic, subject: &Subject) {
    let message = escaped(&finding.message);
    let _ = write!(
        html,
        "<li><p><strong class=\"{severity}\">{severity}</strong> {message} <code>{}</code></p>",
        finding.check
    );
    push_place(html, &finding.span, finding.label.as_deref(), subject);
    for related in &finding.related {
        push_place(html, &related.span, Some(&related.message), subject);
    }
    if let Some(help) = &finding.help {
        let _ = write!(html, "<p class=\"help\">{}</p>", escaped(help));
    }
    html.push_str("</li>");
}

/// A place: its line, with what it is about marked in it.
fn push_place(html: &mut String, span: &Span, label: Option<&str>, subject: &Subject) {
    let source = span.source();
    let text = source.text();
    let line = span.start().line;
    let start = source.line_start(line);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let end = start + text[start..end].trim_end().len();
    let marked = span.range().start.clamp(start, end)..span.range().end.clamp(start, end);
    let file = if subject.source == Some(source.path()) {
        String::new()
    } else {
        format!("{}, ", escaped(source.path()))
    };
    let label = label.map(|label| format!(": {}", escaped(label))).unwrap_or_default();
    let _ = write!(
        html,
        "<p class=\"place\">{file}line {line}{label}</p><pre>{}<mark>{}</mark>{}</pre>",
        escaped(&text[start..marked.start]),
        escaped(&text[marked.clone()]),
        escaped(&text[marked.end..end])
    );
}

/// What a page is about, so that a finding can be told to be of it.
struct Subject<'s> {
    /// The source of its runbook.
    source: Option<&'s str>,
    /// Its alert.
    alert: Option<&'s str>,
    /// Whether it lists all that the site has.
    is_overview: bool,
}

impl<'s> Subject<'s> {
    fn of(site: &'s Site, path: &str) -> Self {
        let mut subject = Self { source: None, alert: None, is_overview: false };
        match site.at(path) {
            Some(Destination::Page(page)) => {
                subject.source = Some(site.pages[*page].runbook.source().path());
            }
            Some(Destination::Alert(name)) => subject.alert = Some(name),
            Some(Destination::Generated) => subject.is_overview = path.ends_with("index.html"),
            _ => {}
        }
        subject
    }

    fn is_of(&self, finding: &Diagnostic) -> bool {
        let related = finding.related.iter().map(|related| &related.span);
        let mut places = std::iter::once(&finding.span).chain(related);
        self.is_overview
            || self.alert.is_some_and(|alert| finding.alert.as_deref() == Some(alert))
            || self.source.is_some_and(|own| places.any(|place| place.source().path() == own))
    }
}

/// A page with what is seen beside it, and the script that keeps both as they should be.
pub fn put_over(html: &str, seen: &Seen) -> String {
    let at = html.rfind("</body>").unwrap_or(html.len());
    let (before, after) = html.split_at(at);
    let hidden = if seen.panel.is_empty() { " hidden" } else { "" };
    let (key, panel) = (seen.page.hex(), &seen.panel);
    format!(
        "{before}<link rel=\"stylesheet\" href=\"/{OWN}/preview.css\">\n\
         <aside id=\"{OWN}\" aria-label=\"Findings\" aria-live=\"polite\" data-added data-seen=\"{key}\"{hidden}>{panel}</aside>\n\
         <script defer src=\"/{OWN}/preview.js\"></script>\n{after}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_place_shows_its_line_and_marks_what_it_is_about() {
        let source = Source::new("content/a.md", "one\ntwo <b> three\nfour");
        let subject = Subject { source: Some("content/a.md"), alert: None, is_overview: false };
        for (range, expected) in [
            (
                8..11,
                "<p class=\"place\">line 2: here</p><pre>two <mark>&lt;b&gt;</mark> three</pre>",
            ),
            (
                8..21,
                "<p class=\"place\">line 2: here</p><pre>two <mark>&lt;b&gt; three</mark></pre>",
            ),
            (18..22, "<p class=\"place\">line 3: here</p><pre><mark>four</mark></pre>"),
        ] {
            let mut html = String::new();
            push_place(&mut html, &Span::new(&source, range), Some("here"), &subject);
            assert_eq!(html, expected);
        }
    }

    #[test]
    fn what_stands_over_a_page_comes_last_in_its_body() {
        let seen = Seen { page: Key::of(&[b"x"]), panel: String::new() };
        let html = put_over("<html><body><p>a</p></body></html>", &seen);
        assert!(html.starts_with("<html><body><p>a</p><link"), "{html}");
        assert!(html.ends_with("</script>\n</body></html>") && html.contains(" hidden>"), "{html}");
        assert!(put_over("no tags at all", &seen).starts_with("no tags at all<link"));
    }
}
