//! Each check on small sites, as literate documents: `tests/lint/<check>.md`.
//!
//! The fence `text findings` of a case holds all findings of its site as `alertbook check` prints
//! them, so that findings which should not be there show as well. A case with files below `carriers/`
//! is checked with `--live`, and they say what the carriers answer.

mod json;
#[path = "../support/literate.rs"]
mod literate;
mod recorded;
mod sarif;

use alertbook::config::Carrier;
use alertbook::diag::Report;
use alertbook::diag::text::{self, Style};
use alertbook::lint::CHECKS;
use alertbook::pipeline::{self, Project, default_output};
use literate::{Case, Document, Fence, Outcome, assert_settled};
use std::path::PathBuf;
use std::sync::LazyLock;

/// The name of the fence with what is expected.
const FINDINGS: &str = "findings";

fn findings(case: &Case) -> Option<&Fence> {
    case.fences.iter().find(|fence| fence.name.as_deref() == Some(FINDINGS))
}

/// The fence with what is expected; a case without one tests nothing.
fn expectation<'d>(document: &Document, case: &'d Case) -> &'d Fence {
    findings(case).unwrap_or_else(|| panic!("{}: no fence `findings`", document.at(case)))
}

/// What the checks say about the site of a case.
struct Told {
    /// The place of the case, for messages.
    at: String,
    report: Report,
    /// The report as text, behind what is no finding.
    printed: String,
}

/// The documents, and what the checks say about each of their cases. Several tests want to know.
static DOCUMENTS: LazyLock<Vec<(Document, Vec<Told>)>> = LazyLock::new(|| {
    let with_told = |document: Document| {
        let told = document.cases.iter().map(|case| check(&document, case)).collect();
        (document, told)
    };
    literate::documents("lint").into_iter().map(with_told).collect()
});

/// What the checks say about all cases.
fn all_told() -> impl Iterator<Item = &'static Told> {
    DOCUMENTS.iter().flat_map(|(_, told)| told)
}

fn check(document: &Document, case: &Case) -> Told {
    let folder = tempfile::tempdir().expect("a folder for the site");
    document.write_site(case, folder.path(), FINDINGS);
    let site = folder.path().to_owned();
    let out = default_output(&site);
    let project = Project { site, out, base_url: None };
    let carriers = folder.path().join(recorded::FOLDER);
    let checked = if carriers.is_dir() {
        let answering = |carrier: &Carrier, _: &[&str]| recorded::answer(&carriers, carrier);
        pipeline::check_with(&project, &answering)
    } else {
        pipeline::check(&project)
    };
    let at = document.at(case);
    let checked = checked.unwrap_or_else(|error| panic!("{at}: {error}"));
    let warnings = checked.warnings.iter().map(|warning| format!("warning: {warning}\n"));
    let printed = warnings.collect::<String>() + &text::render(&checked.report, Style::default());
    let printed = match printed.trim_end() {
        "" => String::new(),
        printed => format!("{printed}\n"),
    };
    Told { at, report: checked.report, printed }
}

/// The check that a document is about.
fn subject(document: &Document) -> &str {
    document.path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8")
}

#[test]
fn each_case_has_exactly_its_findings() {
    let mut differences = Vec::new();
    for (document, told) in &*DOCUMENTS {
        let outcomes = document.cases.iter().zip(told).map(|(case, told)| {
            let expected = expectation(document, case);
            Outcome { case, expected, actual: told.printed.clone() }
        });
        let outcomes: Vec<Outcome<'_>> = outcomes.collect();
        differences.extend(document.settle(&outcomes));
    }
    assert_settled(&differences);
}

#[test]
fn each_check_has_a_document_with_a_finding_and_a_clean_case() {
    let documents = || DOCUMENTS.iter().map(|(document, _)| document);
    let mut subjects: Vec<&str> = documents().map(subject).collect();
    let mut names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    subjects.sort_unstable();
    names.sort_unstable();
    assert_eq!(subjects, names);
    for document in documents() {
        let expected = || document.cases.iter().filter_map(findings).map(|fence| &fence.text);
        let own = format!("[{}]", subject(document));
        let what = document.path.display();
        assert!(expected().any(|text| text.contains(&own)), "{what} has no finding of its check");
        assert!(expected().any(String::is_empty), "{what} has no clean case");
    }
}

#[test]
fn documents_are_read_and_rewritten_as_their_reader_sees_them() {
    let text = "# Title\n\n```yaml alertbook.yaml\ntitle: T\n```\n\n## One\n\n\
                ````markdown content/a.md\n```\n## no case\n```\n````\n\n\
                ```text findings\nold\n```\n\n## Two\n\nProse.\n\n```text findings\n```\n";
    let document = Document::parse(PathBuf::from("a.md"), text.to_owned());
    let names: Vec<(&str, usize)> =
        document.cases.iter().map(|case| (case.name.as_str(), case.line)).collect();
    assert_eq!(names, [("One", 7), ("Two", 19)]);
    assert_eq!(document.cases[0].fences[0].text, "```\n## no case\n```\n");
    let outcome = |case: usize, actual: &str| {
        let case = &document.cases[case];
        let expected = expectation(&document, case);
        Outcome { case, expected, actual: actual.to_owned() }
    };
    let updated = document.updated(&[outcome(1, "new\n"), outcome(0, "")]);
    let expected = text
        .replace("old\n", "")
        .replace("Prose.\n\n```text findings\n", "Prose.\n\n```text findings\nnew\n");
    assert_eq!(updated, expected);
    let folder = tempfile::tempdir().expect("a folder");
    document.write_site(&document.cases[0], folder.path(), FINDINGS);
    let names = ["alertbook.yaml", "content/a.md"].map(|name| folder.path().join(name).is_file());
    assert_eq!(names, [true, true]);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 2);
}

#[test]
#[should_panic(expected = "no fence `findings`")]
fn a_case_that_expects_nothing_is_a_mistake() {
    let document = Document::parse(PathBuf::from("a.md"), "## Case\n\nProse.\n".to_owned());
    expectation(&document, &document.cases[0]);
}
