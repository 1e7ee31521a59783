//! The command line as its users see it, as literate documents: `tests/cli/*.md`.
//!
//! A fence `console` of a case is a session in the folder of its site: lines that begin with `$ `
//! are commands for a shell, below each stands what it prints, standard error included, and a last
//! line `? N` says the exit status unless it is 0. `[TIME]` is how long something took, `[SITE]`
//! the folder.

#[path = "../support/literate.rs"]
mod literate;

use literate::{Case, Document, Fence, Outcome, assert_settled};
use regex::Regex;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The language of the fences with sessions.
const CONSOLE: &str = "console";

/// A shell that finds the binary, and nothing else of the machine that the output depends on.
fn shell(folder: &Path, command: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_alertbook"));
    let folders = binary.parent().expect("the folder of the binary").display();
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{folders}:/usr/bin:/bin"))
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    shell
}

/// What a command prints, and its status if it is not 0.
fn run(folder: &Path, command: &str) -> String {
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b\d+\.\d+ s\b").expect("a pattern"));
    // One pipe for both, so that lines stand in the order in which they were printed.
    let output = shell(folder, &format!("exec 2>&1; {command}")).output().expect("a shell");
    let printed = String::from_utf8_lossy(&output.stdout);
    let printed = printed.replace(&folder.display().to_string(), "[SITE]");
    let mut printed = TIME.replace_all(&printed, "[TIME]").into_owned();
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(status) => _ = writeln!(printed, "? {status}"),
        None => printed.push_str("? killed\n"),
    }
    printed
}

/// A session as it turns out.
fn session(document: &Document, case: &Case, folder: &Path, fence: &Fence) -> String {
    let mut actual = String::new();
    for command in fence.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let _ = writeln!(actual, "$ {command}\n{}", run(folder, command));
    }
    assert!(!actual.is_empty(), "{}: a session without a command", document.at(case));
    // One empty line between two commands, none at the end.
    actual.truncate(actual.trim_end().len());
    actual.push('\n');
    actual
}

/// A folder with the site of a case.
fn site(document: &Document, case: &Case) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the site");
    document.write_site(case, folder.path(), CONSOLE);
    let path = folder.path().canonicalize().expect("the folder is there");
    (folder, path)
}

#[test]
fn each_session_goes_as_it_is_written() {
    let mut differences = Vec::new();
    for document in literate::documents("cli") {
        let mut outcomes = Vec::new();
        for case in &document.cases {
            let (_folder, path) = site(&document, case);
            let sessions = case.fences.iter().filter(|fence| fence.language == CONSOLE);
            let before = outcomes.len();
            outcomes.extend(sessions.map(|expected| {
                let actual = session(&document, case, &path, expected);
                Outcome { case, expected, actual }
            }));
            assert!(outcomes.len() > before, "{}: no session", document.at(case));
        }
        differences.extend(document.settle(&outcomes));
    }
    assert_settled(&differences);
}
