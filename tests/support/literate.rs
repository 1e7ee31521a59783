//! Literate tests: Markdown documents whose fences hold the files of small sites and what is
//! expected of them.
//!
//! A heading of the second level begins a case and is its name; prose says what the case is about.
//! A fence holds a file: the language and the path stand in its info string. Files above the first
//! case belong to every case, unless a case has its own of that path. Fences that mean something
//! else are known by a word that the test chooses.
//!
//! Run a test with `UPDATE=1` to write what came out into the documents, then read the difference.

use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A document of cases.
pub struct Document {
    /// Where it lies.
    pub path: PathBuf,
    /// Its cases, in order.
    pub cases: Vec<Case>,
    text: String,
    shared: Vec<Fence>,
}

/// What stands below one heading.
pub struct Case {
    /// The heading's text.
    pub name: String,
    /// The heading's line, from 1.
    pub line: usize,
    /// Its fences, in order.
    pub fences: Vec<Fence>,
}

/// A fenced block.
pub struct Fence {
    /// The first word of its info string.
    pub language: String,
    /// The rest of it, which is the path of a file or says what the block is for.
    pub name: Option<String>,
    /// What stands in it.
    pub text: String,
    range: Range<usize>,
}

/// What a fence should hold, as it turned out.
pub struct Outcome<'d> {
    /// The case, for the message of a failure.
    pub case: &'d Case,
    /// The fence that says what was expected.
    pub expected: &'d Fence,
    /// What came out.
    pub actual: String,
}

/// The Markdown files of a folder below `tests/`, by name.
pub fn documents(folder: &str) -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder of documents");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a document");
        Document::parse(path, text)
    };
    paths.into_iter().map(read).collect()
}

impl Document {
    /// Takes a text apart. A fence that is never closed is a mistake.
    pub fn parse(path: PathBuf, text: String) -> Self {
        let (mut shared, mut cases) = (Vec::new(), Vec::<Case>::new());
        let mut open: Option<(&str, Fence)> = None;
        let mut at = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            at += line.len();
            let content = line.trim_end();
            if let Some((marks, mut fence)) = open.take() {
                if closes(content, marks) {
                    cases.last_mut().map_or(&mut shared, |case| &mut case.fences).push(fence);
                } else {
                    fence.text.push_str(line);
                    fence.range.end = at;
                    open = Some((marks, fence));
                }
            } else if let Some(name) = content.strip_prefix("## ") {
                let name = name.trim().to_owned();
                cases.push(Case { name, line: index + 1, fences: Vec::new() });
            } else if let Some(marks) = opening(content) {
                let info = content[marks.len()..].trim();
                let (language, name) = info.split_once(' ').unwrap_or((info, ""));
                let language = language.to_owned();
                let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
                open = Some((marks, Fence { language, name, text: String::new(), range: at..at }));
            }
        }
        assert!(open.is_none(), "{}: a fence is not closed", path.display());
        Self { path, cases, text, shared }
    }

    /// Writes the files of a case into a folder. Fences of the language or the name `apart` are
    /// none.
    pub fn write_site(&self, case: &Case, folder: &Path, apart: &str) {
        for fence in self.shared.iter().chain(&case.fences) {
            if fence.language == apart || fence.name.as_deref() == Some(apart) {
                continue;
            }
            let name = fence.name.as_ref();
            let name = name.unwrap_or_else(|| panic!("{}: a fence has no path", self.at(case)));
            let path = folder.join(name);
            let parent = path.parent().expect("a file is in a folder");
            fs::create_dir_all(parent).expect("a folder for the file");
            fs::write(&path, &fence.text).expect("a file of the case");
        }
    }

    /// The place of a case, as editors open it, and its name.
    pub fn at(&self, case: &Case) -> String {
        format!("{}:{} ({})", self.path.display(), case.line, case.name)
    }

    /// Says where outcomes differ from what was expected; with `UPDATE` set, the document is
    /// rewritten instead.
    pub fn settle(&self, outcomes: &[Outcome<'_>]) -> Vec<String> {
        let differing = outcomes.iter().filter(|outcome| outcome.expected.text != outcome.actual);
        if std::env::var_os("UPDATE").is_none() {
            return differing.map(|outcome| self.difference(outcome)).collect();
        }
        let updated = self.updated(outcomes);
        if updated != self.text {
            fs::write(&self.path, updated).expect("the document, rewritten");
        }
        Vec::new()
    }

    /// The document with what came out in place of what was expected.
    pub fn updated(&self, outcomes: &[Outcome<'_>]) -> String {
        let mut text = self.text.clone();
        let mut outcomes: Vec<&Outcome<'_>> = outcomes.iter().collect();
        outcomes.sort_by_key(|outcome| outcome.expected.range.start);
        for outcome in outcomes.into_iter().rev() {
            text.replace_range(outcome.expected.range.clone(), &outcome.actual);
        }
        text
    }

    fn difference(&self, outcome: &Outcome<'_>) -> String {
        let mut text = format!("{}\n", self.at(outcome.case));
        let diff = TextDiff::from_lines(&outcome.expected.text, &outcome.actual);
        for change in diff.iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => "expected |",
                ChangeTag::Insert => "  actual |",
                ChangeTag::Equal => "         |",
            };
            let _ = writeln!(text, "{sign} {}", change.value().trim_end_matches('\n'));
        }
        text
    }
}

/// The marks with which a line opens a fence.
fn opening(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let marks = &line[..line.len() - line.trim_start_matches(mark).len()];
    (marks.len() >= 3 && !line[marks.len()..].contains('`')).then_some(marks)
}

/// Whether a line closes a fence that was opened with these marks.
fn closes(line: &str, marks: &str) -> bool {
    line.strip_prefix(marks).is_some_and(|rest| {
        marks.chars().next().is_some_and(|mark| rest.chars().all(|character| character == mark))
    })
}

/// Fails with all that differs, if anything does.
pub fn assert_settled(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{} of the cases came out differently; UPDATE=1 rewrites the documents\n\n{}",
        differences.len(),
        differences.join("\n")
    );
}
