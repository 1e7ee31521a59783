//! Baselines: findings that are known already, so that only new ones are told.
//!
//! A finding is known again by its check, its file, its alert and the text that it points at, white
//! space aside; one that tells of a change, by what was changed to as well. It stays known when lines move; two findings that are alike in all of this are
//! counted. The file is JSON with a line for each, sorted, so that differences of it can be read.

use super::{Diagnostic, Report};
use crate::diag::wording::on_one_line;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The version of the file's shape.
const VERSION: u32 = 1;

/// The longest text that is kept as it is, in characters; of longer ones, the beginning and a hash.
const LONGEST: usize = 120;

/// What a finding is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    file: String,
    check: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alert: Option<String>,
    text: String,
    /// A hash of what it was found for; none in files that were written before there was such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    occasion: Option<String>,
}

/// An entry of the file.
#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    #[serde(default = "once", skip_serializing_if = "is_once")]
    count: usize,
}

#[derive(Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

fn once() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_once(count: &usize) -> bool {
    *count == 1
}

/// Findings that are known, each with how often it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

/// A report without what was known.
#[derive(Debug)]
pub struct Filtered {
    /// What is new.
    pub report: Report,
    /// How many findings were left out.
    pub hidden: usize,
    /// How many findings of the baseline are there no more.
    pub gone: usize,
}

impl Baseline {
    /// All findings of a report.
    pub fn of(report: &Report) -> Self {
        let mut known = BTreeMap::new();
        for (_, diagnostic) in report.entries() {
            *known.entry(Key::of(diagnostic)).or_insert(0) += 1;
        }
        Self { known }
    }

    /// The same findings in files that have another name by now: old names, and new ones.
    #[must_use]
    pub fn renamed(self, names: &HashMap<String, String>) -> Self {
        let mut known = BTreeMap::new();
        for (mut key, count) in self.known {
            if let Some(name) = names.get(&key.file) {
                key.file.clone_from(name);
            }
            *known.entry(key).or_insert(0) += count;
        }
        Self { known }
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// What is wrong with the text, to be read after the name of its file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| {
            format!("is no baseline as --write-baseline writes it (line {})", error.line())
        })?;
        if document.version != VERSION {
            return Err(format!(
                "is a baseline of version {}, and this program reads version {VERSION}",
                document.version
            ));
        }
        let mut known = BTreeMap::new();
        for entry in document.findings {
            *known.entry(entry.key).or_insert(0) += entry.count;
        }
        Ok(Self { known })
    }

    /// The file: a finding in each line, by file and check.
    pub fn to_text(&self) -> String {
        let lines: Vec<String> = self
            .known
            .iter()
            .map(|(key, count)| {
                let entry = Entry { key: key.clone(), count: *count };
                // Texts and numbers always serialize.
                format!("    {}", serde_json::to_string(&entry).unwrap_or_default())
            })
            .collect();
        let lines =
            if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{lines}]\n}}\n")
    }

    /// How many findings it holds.
    pub fn findings(&self) -> usize {
        self.known.values().sum()
    }

    /// Leaves out what is known. Of findings that are alike, the first ones by place are.
    pub fn filter(&self, report: &Report) -> Filtered {
        let mut left = self.known.clone();
        let mut hidden = 0;
        let mut kept = Vec::new();
        for entry in report.entries() {
            let key = Key::of(&entry.1);
            let without_occasion = Key { occasion: None, ..key.clone() };
            let mut is_left = |key: &Key| match left.get_mut(key) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            };
            if is_left(&key) || key != without_occasion && is_left(&without_occasion) {
                hidden += 1;
            } else {
                kept.push(entry.clone());
            }
        }
        Filtered { report: Report::new(kept), hidden, gone: left.values().sum() }
    }
}

impl Key {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            file: diagnostic.span.source().path().to_owned(),
            check: diagnostic.check.to_owned(),
            alert: diagnostic.alert.clone(),
            text: known_text(diagnostic),
            occasion: diagnostic.occasion.as_ref().map(|occasion| {
                let hash = blake3::hash(occasion.as_bytes()).to_hex();
                hash[..12].to_owned()
            }),
        }
    }
}

/// The text that a finding points at, on one line and not too long.
fn known_text(diagnostic: &Diagnostic) -> String {
    let text = diagnostic.span.text();
    // A place where something is missing has no text.
    let text = if text.trim().is_empty() { &diagnostic.message } else { text };
    let text = on_one_line(text);
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => {
            let hash = blake3::hash(text.as_bytes()).to_hex();
            format!("{}… {}", &text[..end], &hash[..12])
        }
    }
}

/// A few letters that a finding is known by when its line moves.
pub fn fingerprint(diagnostic: &Diagnostic) -> String {
    let key = Key::of(diagnostic);
    let mut hasher = blake3::Hasher::new();
    for part in [&key.file, &key.check, key.alert.as_ref().unwrap_or(&String::new()), &key.text] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Severity, sample};
    use crate::source::{Source, Span};

    #[test]
    fn a_baseline_is_a_line_for_each_finding() {
        let baseline = Baseline::of(&sample::report());
        insta::assert_snapshot!(baseline.to_text());
        assert_eq!(Baseline::parse(&baseline.to_text()), Ok(baseline));
        let none = Baseline::default();
        assert_eq!(Baseline::parse(&none.to_text()), Ok(none));
    }

    #[test]
    fn what_is_no_baseline_is_said() {
        let said = |text| Baseline::parse(text).unwrap_err();
        assert_eq!(said("\n[]"), "is no baseline as --write-baseline writes it (line 2)");
        assert!(
            said("{\"version\": 2, \"findings\": []}").starts_with("is a baseline of version 2,")
        );
    }

    /// A report of findings at the places of `word` in a text.
    fn report(text: &str, word: &str) -> Report {
        let source = Source::new("a.md", text);
        let places =
            text.match_indices(word).map(|(at, _)| Span::new(&source, at..at + word.len()));
        let found = places.map(|span| (Severity::Note, Diagnostic::new("x", span, "found")));
        Report::new(found.collect())
    }

    #[test]
    fn findings_stay_known_when_lines_move_and_are_counted() {
        let baseline = Baseline::of(&report("one bad\ntwo bad\n", "bad"));
        for (text, hidden, new, gone) in [
            ("one bad\ntwo bad\n", 2, 0, 0),
            ("\n\nmoved bad, and this bad too\n", 2, 0, 0),
            ("bad bad bad", 2, 1, 0),
            ("bad", 1, 0, 1),
            ("", 0, 0, 2),
        ] {
            let filtered = baseline.filter(&report(text, "bad"));
            let counts = (filtered.hidden, filtered.report.entries().len(), filtered.gone);
            assert_eq!(counts, (hidden, new, gone), "{text}");
        }
        let other = baseline.filter(&report("worse", "worse"));
        assert_eq!((other.hidden, other.report.entries().len(), other.gone), (0, 1, 2));
    }

    #[test]
    fn long_texts_are_told_apart_by_what_is_left_out() {
        let long = "x ".repeat(200);
        let keys = ["a", "b"].map(|end| {
            let source = Source::new("a.md", format!("{long}{end}"));
            let span = Span::new(&source, 0..source.text().len());
            known_text(&Diagnostic::new("x", span, "found"))
        });
        assert!(keys[0].len() < 150 && keys[0] != keys[1], "{keys:?}");
    }
}
