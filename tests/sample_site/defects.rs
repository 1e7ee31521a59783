//! A defect in a copy of the site is found at its exact place, and nothing else is; what was
//! published before stays.

use crate::sample::repository;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;
use tempfile::TempDir;
use walkdir::WalkDir;

/// A copy of the repository's site to break.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(repository().join("alertbook.yaml"), copy.path().join("alertbook.yaml")).unwrap();
        let content = repository().join("content");
        for entry in WalkDir::new(&content).sort_by_file_name() {
            let entry = entry.unwrap();
            let place = copy.path().join(entry.path().strip_prefix(repository()).unwrap());
            if entry.file_type().is_dir() {
                fs::create_dir(place).unwrap();
            } else {
                fs::copy(entry.path(), place).unwrap();
            }
        }
        Self(copy)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces what stands once in a file.
    fn replace(&self, name: &str, old: &str, new: &str) {
        let text = self.text(name);
        assert_eq!(text.matches(old).count(), 1, "{old} in {name}");
        fs::write(self.path(name), text.replacen(old, new, 1)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alertbook"));
        command.args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    /// The findings of `check --format json`, and its exit status.
    fn findings(&self) -> (Vec<Value>, Option<i32>) {
        let output = self.run(&["check", "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["version"], 1);
        (report["diagnostics"].as_array().unwrap().clone(), output.status.code())
    }

    /// The only place of some words in a line of a file, as findings have it: line, column, and the
    /// same of the end.
    fn place(&self, name: &str, line: usize, words: &str) -> [u64; 4] {
        let text = self.text(name);
        let text = text.lines().nth(line - 1).unwrap();
        assert_eq!(text.matches(words).count(), 1, "{words} in line {line} of {name}: {text}");
        let before = text[..text.find(words).unwrap()].chars().count();
        let number = |value: usize| u64::try_from(value).unwrap();
        let column = number(before + 1);
        [number(line), column, number(line), column + number(words.chars().count())]
    }
}

fn place_of(finding: &Value) -> [u64; 4] {
    ["line", "column", "end_line", "end_column"].map(|key| finding[key].as_u64().unwrap())
}

/// Every file of a folder: its bytes and when it was written.
fn state(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let written = file.metadata().unwrap().modified().unwrap();
            (file.path().to_owned(), (fs::read(file.path()).unwrap(), written))
        })
        .collect()
}

const RUNBOOK: &str = "content/armada/armada-bootstrap-failures.md";
const RULES: &str = "content/rules/armada-bootstrap.yaml";

#[test]
fn a_renamed_alert_is_found_on_both_sides() {
    let copy = Copy::new();
    copy.replace(RULES, "alert: BootstrapTaintFailed\n", "alert: BootstrapTaintsFailed\n");
    let (found, status) = copy.findings();
    assert_eq!(status, Some(1));
    let unknown = copy.place(RUNBOOK, 39, "`BootstrapTaintFailed`");
    let undocumented = copy.place(RULES, 84, "BootstrapTaintsFailed");
    let [unknown_finding, undocumented_finding] = found.as_slice() else { panic!("{found:#?}") };

    // The name alone is marked, not the backticks around it.
    let [line, column, end_line, end_column] = unknown;
    assert_eq!(place_of(unknown_finding), [line, column + 1, end_line, end_column - 1]);
    assert_eq!(unknown_finding["check"], "unknown-alert");
    assert_eq!(unknown_finding["severity"], "error");
    assert_eq!(unknown_finding["file"], RUNBOOK);
    assert_eq!(unknown_finding["alert"], "BootstrapTaintFailed");
    let help = unknown_finding["help"].as_str().unwrap();
    assert!(help.starts_with("did you mean `BootstrapTaintsFailed`"), "{help}");

    assert_eq!(place_of(undocumented_finding), undocumented);
    assert_eq!(undocumented_finding["check"], "undocumented-alert");
    assert_eq!(undocumented_finding["severity"], "warning");
    assert_eq!(undocumented_finding["file"], RULES);
    assert_eq!(undocumented_finding["alert"], "BootstrapTaintsFailed");
}

#[test]
fn a_renamed_alert_is_shown_to_people_with_both_places() {
    let copy = Copy::new();
    copy.replace(RULES, "alert: BootstrapTaintFailed\n", "alert: BootstrapTaintsFailed\n");
    let output = copy.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let (error, warning) = text.split_once("warning[undocumented-alert]: ").unwrap();
    assert!(error.starts_with("error[unknown-alert]: "), "{text}");
    assert!(error.contains(&format!("--> {RUNBOOK}:39:4\n")), "{text}");
    assert!(error.contains("did you mean `BootstrapTaintsFailed`"), "{text}");
    assert!(error.contains(&format!("--> {RULES}:84:16\n")), "{text}");
    let first_place = warning.lines().find(|line| line.contains("-->")).unwrap();
    assert!(first_place.ends_with(&format!("{RULES}:84:16")), "{text}");
    assert_eq!(text.matches("error[").count() + text.matches("warning[").count(), 2, "{text}");
    assert!(text.contains("1 error and 1 warning"), "{text}");
}

#[test]
fn errors_leave_what_was_published_as_it_was() {
    let copy = Copy::new();
    let built = copy.run(&["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    let before = state(&copy.path("public"));
    assert!(
        before.contains_key(&copy.path("public").join("armada/armada-bootstrap-failures.html"))
    );

    copy.replace(RULES, "alert: BootstrapTaintFailed\n", "alert: BootstrapTaintsFailed\n");
    let failed = copy.run(&["build"]);
    assert_eq!(failed.status.code(), Some(1));
    let text = String::from_utf8(failed.stderr).unwrap();
    assert!(
        text.contains("error[unknown-alert]") && text.contains("nothing was published"),
        "{text}"
    );
    assert!(before == state(&copy.path("public")), "the output was touched");

    // Mended, it is published; what did not change keeps its time.
    copy.replace(RULES, "alert: BootstrapTaintsFailed\n", "alert: BootstrapTaintFailed\n");
    assert_eq!(copy.run(&["build"]).status.code(), Some(0));
    assert!(before == state(&copy.path("public")), "the same site was written anew");
}

#[test]
fn missing_pages_and_images_are_found_where_they_are_linked_to() {
    let copy = Copy::new();
    let (verification, information) =
        ("armada-bootstrap-worker-verification", "armada-bootstrap-collect-info-before-escalation");
    for page in [verification, information] {
        fs::remove_file(copy.path(&format!("content/armada/{page}.md"))).unwrap();
    }
    fs::remove_dir_all(copy.path("content/armada/images")).unwrap();
    let (found, status) = copy.findings();
    assert_eq!(status, Some(1));

    let images = "images/armada-bootstrap";
    let [verification, information] =
        [verification, information].map(|page| format!("./{page}.html"));
    let from_above = information.replace("./", "./armada/");
    let expected = [
        ("missing-image", RUNBOOK, 65, &*format!("{images}/Prometheus-Region-Select.png")),
        ("missing-image", RUNBOOK, 76, &*format!("{images}/Prometheus_alert_link.png")),
        ("broken-link", RUNBOOK, 87, &verification),
        ("broken-link", RUNBOOK, 113, &verification),
        ("broken-link", RUNBOOK, 337, &information),
        ("broken-link", "content/armada/armada-carrier-capacity.md", 129, &information),
        ("broken-link", "content/armada/armada-etcd-health.md", 137, &information),
        ("broken-link", "content/armada/index.md", 27, &verification),
        ("broken-link", "content/armada/index.md", 28, &information),
        ("broken-link", "content/armada-runbooks.md", 26, &from_above),
    ];
    let expected: BTreeSet<_> = expected
        .into_iter()
        .map(|(check, file, line, url)| (check, file, copy.place(file, line, url)))
        .collect();
    let text = |value| Value::as_str(value).unwrap();
    let seen: BTreeSet<_> = found
        .iter()
        .map(|finding| (text(&finding["check"]), text(&finding["file"]), place_of(finding)))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().all(|finding| finding["severity"] == "error"));
}
