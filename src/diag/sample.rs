//! A report with one of everything, which the tests of all outputs show.

use super::fix::{Edit, Fix, Safety};
use super::{Diagnostic, Report, Severity};
use crate::source::{Source, Span};

pub(super) fn report() -> Report {
    let page = Source::new("content/ä b.md", "Ä é `DiskFul`: 5 %,\nand {{ x }}\n");
    let rules = Source::new("../rules/a.yaml", "- alert: DiskFull\n");
    let unknown = Diagnostic::new(
        "unknown-alert",
        Span::new(&page, 7..14),
        "no alert `DiskFul`: 100 %, <so>",
    )
    .with_alert("DiskFul")
    .with_help("did you mean `DiskFull`?\nor not")
    .with_related(Span::new(&rules, 9..17), "`DiskFull` is here, at the end: & \"there\"");
    let fix = Fix::new(Safety::Safe, [Edit::new(&page, 7..14, "DiskFull")]);
    Report::new(vec![
        (Severity::Error, Diagnostic { fix, ..unknown }),
        (Severity::Warning, Diagnostic::new("two-lines", Span::new(&page, 15..28), "this is long")),
        (Severity::Note, Diagnostic::new("stray", Span::new(&page, 0..2), "an umlaut \"Ä\"")),
        (Severity::Note, Diagnostic::new("stray", Span::new(&rules, 0..0), "nothing is here\u{7}")),
    ])
}
