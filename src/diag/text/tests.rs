//! What people get to see.

use super::Severity::{Error, Note, Warning};
use super::*;
use proptest::prelude::*;
use std::sync::Arc;

fn at(source: &Arc<Source>, part: &str) -> Span {
    let start = source.text().find(part).unwrap();
    Span::new(source, start..start + part.len())
}

#[test]
fn findings_look_as_those_of_rustc() {
    let page = Source::new(
        "content/a.md",
        "# Alerts\r\n\r\n| `DiskFul` | Ä disk | [start](#gone) |\r\n\tsee `DiskFull`\n",
    );
    let rules = Source::new("rules/a.yaml", "groups:\n  - alert: DiskFull\n    expr: up\n");
    let report = Report::new(vec![
        (
            Error,
            Diagnostic::new(
                "unknown-alert",
                at(&page, "DiskFul"),
                "no rule has the alert `DiskFul`",
            )
            .with_help("did you mean `DiskFull`?")
            .with_related(at(&rules, "DiskFull"), "`DiskFull` is here"),
        ),
        (
            Warning,
            Diagnostic::new("broken-anchor", at(&page, "#gone"), "no heading has the id `gone`")
                .with_label("leads nowhere")
                .with_related(at(&page, "# Alerts"), "the only heading"),
        ),
        (Note, Diagnostic::new("mangled-query", at(&page, "DiskFull"), "behind a tab\u{1b}[31m")),
        (Note, Diagnostic::new("invalid-rule-file", Span::new(&rules, 9..99), "several lines")),
    ]);
    let style = Style::default();
    insta::assert_snapshot!(render(&report, style) + &summary(&report).unwrap(), @r#"
    error[unknown-alert]: no rule has the alert `DiskFul`
     --> content/a.md:3:4
      |
    3 | | `DiskFul` | Ä disk | [start](#gone) |
      |    ^^^^^^^
      |
      = help: did you mean `DiskFull`?
    note: `DiskFull` is here
     --> rules/a.yaml:2:12
      |
    2 |   - alert: DiskFull
      |            ^^^^^^^^

    warning[broken-anchor]: no heading has the id `gone`
     --> content/a.md:3:32
      |
    1 | # Alerts
      | -------- the only heading
    2 |
    3 | | `DiskFul` | Ä disk | [start](#gone) |
      |                                ^^^^^ leads nowhere

    note[mangled-query]: behind a tab�[31m
     --> content/a.md:4:7
      |
    4 |     see `DiskFull`
      |          ^^^^^^^^

    note[invalid-rule-file]: several lines
     --> rules/a.yaml:2:2
      |
    2 |   - alert: DiskFull
      |  ^^^^^^^^^^^^^^^^^^

    1 error, 1 warning and 2 notes in 2 files
    "#);
    assert!(render(&report, Style { color: true, ..style }).contains("\u{1b}["));
}

#[test]
fn long_lines_are_cut_around_the_finding() {
    let cell = "words and more words ".repeat(12);
    let page = Source::new("a.md", format!("| `DiskFull` | {cell}| [start](#gone) | {cell}|\n"));
    let report = Report::new(vec![
        (
            Error,
            Diagnostic::new("broken-anchor", at(&page, "#gone"), "no heading has the id `gone`")
                .with_label("leads nowhere")
                .with_related(at(&page, "DiskFull"), "the alert of this row"),
        ),
        (Note, Diagnostic::new("long", at(&page, &cell), "a long text")),
    ]);
    insta::assert_snapshot!(render(&report, Style { width: 80, ..Style::default() }), @r#"
    note[long]: a long text
     --> a.md:1:16
      |
    1 | | `DiskFull` | words and more words words and more words words and more w...
      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[broken-anchor]: no heading has the id `gone`
     --> a.md:1:278
      |
    1 | ...and more words | [start](#gone) | words and more words words and more ...
      |                             ^^^^^ leads nowhere
      |
    note: the alert of this row
     --> a.md:1:4
      |
    1 | | `DiskFull` | words and more words words and more words words and more w...
      |    ^^^^^^^^
    "#);
}

#[test]
fn places_without_text_have_a_caret() {
    let end = Source::new("end.yaml", "groups:\n");
    let empty = Source::new("empty.yaml", "");
    let report = Report::new(vec![
        (Error, Diagnostic::new("a", Span::new(&end, 8..8), "at the end")),
        (Error, Diagnostic::new("b", Span::new(&empty, 0..0), "empty")),
    ]);
    insta::assert_snapshot!(render(&report, Style::default()), @r#"
    error[b]: empty
     --> empty.yaml:1:1
      |
    1 |
      | ^

    error[a]: at the end
     --> end.yaml:2:1
      |
    2 |
      | ^
    "#);
}

#[test]
fn a_summary_counts_and_says_where() {
    let source = Source::new("a.md", "x");
    let report = |severities: &[Severity]| {
        let span = || Span::new(&source, 0..1);
        Report::new(severities.iter().map(|it| (*it, Diagnostic::new("x", span(), ""))).collect())
    };
    for (severities, counted) in [
        (&[][..], None),
        (&[Note], Some("1 note")),
        (&[Error, Error], Some("2 errors")),
        (&[Note, Error, Warning, Note], Some("1 error, 1 warning and 2 notes")),
    ] {
        assert_eq!(count(&report(severities)).as_deref(), counted);
    }
    assert_eq!(summary(&report(&[])), None);
    assert_eq!(summary(&report(&[Warning])).as_deref(), Some("1 warning in a.md"));
}

proptest::proptest! {
    /// Neither wide characters nor tabs nor widths without sense keep a finding from being shown.
    #[test]
    fn whatever_stands_in_a_line_it_is_shown(
        text in "[a-z |é漢😀\t\r\n\u{7}]{0,300}", start in 0_usize..300, length in 0_usize..300,
        other in 0_usize..300, width in 0_usize..200, label: Option<String>,
    ) {
        let source = Source::new("a.md", text);
        let mut finding = Diagnostic::new("x", Span::new(&source, start..start + length), "found")
            .with_related(Span::new(&source, other..other + 3), "related");
        finding.label = label;
        let report = Report::new(vec![(Error, finding)]);
        let rendered = render(&report, Style { color: false, width });
        proptest::prop_assert!(rendered.starts_with("error[x]: found\n"));
        // Without colours it is what a terminal shows, but for those.
        let colored = render(&report, Style { color: true, width });
        proptest::prop_assert_eq!(strip_str(&colored).to_string(), rendered);
    }
}

proptest! {
    /// What stands in for the messages leaves no trace.
    #[test]
    fn messages_are_copied_as_they_would_be_rendered(
        message in "([a-z é漢“’`~\t\r\n\u{7}\u{200d}\u{202a}\u{2066}\u{e001}\u{e002}]|\\PC){0,12}",
        help in proptest::option::of("[a-z`“\n\u{e001}\u{e002}]{0,6}"),
        line in "[a-z\u{e001}\u{e002}]{0,8}", color: bool,
    ) {
        let source = Source::new("a.md", line);
        let mut finding = Diagnostic::new("x", Span::new(&source, 0..1), message);
        finding.help = help;
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let messages = (visible(&finding.message), finding.help.as_deref().map(visible));
        let whole = renderer.render(&groups(Error, &finding, messages, 120));
        prop_assert_eq!(rendered(&renderer, Error, &finding, 120), whole);
    }
}

#[test]
fn of_a_very_long_line_a_part_is_read() {
    let words = "wörter and more words ".repeat(2000);
    let page = Source::new("a.md", format!("# A\n\n{words}[start](#gone) {words}\n"));
    let found =
        Diagnostic::new("broken-anchor", at(&page, "#gone"), "no heading has the id `gone`");
    let report = Report::new(vec![(Error, found.with_label("leads nowhere"))]);
    insta::assert_snapshot!(render(&report, Style { width: 80, ..Style::default() }), @r"
    error[broken-anchor]: no heading has the id `gone`
     --> a.md:3:44009
      |
    3 | ...r and more words [start](#gone) wörter and more words wörter and more ...
      |                             ^^^^^ leads nowhere
    ");
}

proptest! {
    #[test]
    fn no_text_without_control_characters_drives_a_terminal(text in "[^\\x00-\\x09\\x0b-\\x1f\\x7f]*") {
        prop_assert_eq!(strip_str(&text).to_string(), text);
    }
}

#[test]
fn the_path_of_a_file_drives_no_terminal() {
    for escape in ['\u{1b}', '\u{9b}'] {
        let page = Source::new(format!("content/a{escape}]b.md"), "see `Up`\n");
        let finding = Diagnostic::new("unknown-alert", at(&page, "Up"), "no rule has it");
        let report = Report::new(vec![(Error, finding)]);
        for color in [false, true] {
            let shown = render(&report, Style { color, ..Style::default() });
            assert!(!shown.contains(&format!("a{escape}")), "{shown:?}");
            assert!(shown.contains("a\u{fffd}]b.md") && shown.contains("see `Up`"), "{shown:?}");
        }
        let summary = summary(&report).unwrap();
        assert!(summary.contains("a\u{fffd}]b.md"), "{summary:?}");
    }
}
