//! How bad findings are in a site: for all of its files, and for some of them.
//!
//! ```yaml
//! checks: {undocumented-alert: error, stale-runbook: off}
//! overrides:
//!   - paths: ["content/archive/**"]
//!     checks: {broken-link: note}
//! ```

use super::Glob;
use crate::diag::Severity;
use crate::yaml::{Fields, Reader, Text};

/// How bad the findings of a check are in this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLevel {
    /// The name of the check.
    pub check: Text,
    /// How bad; none turns the check off.
    pub severity: Option<Severity>,
}

/// Levels for some of the files of a site.
#[derive(Debug, Clone)]
pub struct Override {
    /// Which files, by their paths relative to the site.
    paths: Vec<Glob>,
    /// How bad findings in them are.
    pub checks: Vec<CheckLevel>,
}

/// The levels of a site.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// For all files, in the order of the file. Whether the checks exist is for the caller to know.
    pub checks: Vec<CheckLevel>,
    /// For some files; of several that are about a file and a check, the last one counts.
    pub overrides: Vec<Override>,
}

impl Levels {
    /// All levels, wherever they are set.
    pub fn all(&self) -> impl Iterator<Item = &CheckLevel> {
        self.checks.iter().chain(self.overrides.iter().flat_map(|one| &one.checks))
    }

    /// How bad the findings of a check are in a file, by its path relative to the site: `default`
    /// unless something is configured. None if the check is off there.
    pub fn severity(&self, check: &str, path: &str, default: Severity) -> Option<Severity> {
        let for_path = self.overrides.iter().rev().find_map(|one| {
            let level = last(&one.checks, check)?;
            one.paths.iter().any(|glob| glob.is_match(path)).then_some(level.severity)
        });
        let for_all = || last(&self.checks, check).map(|level| level.severity);
        for_path.or_else(for_all).unwrap_or(Some(default))
    }

    /// Whether a check is on in any file.
    pub fn is_on(&self, check: &str) -> bool {
        last(&self.checks, check).is_none_or(|level| level.severity.is_some())
            || self
                .overrides
                .iter()
                .filter_map(|one| last(&one.checks, check))
                .any(|level| level.severity.is_some())
    }
}

fn last<'l>(levels: &'l [CheckLevel], check: &str) -> Option<&'l CheckLevel> {
    levels.iter().rev().find(|level| level.check == check)
}

pub(super) fn read(reader: &mut Reader, fields: Fields<'_>) -> Levels {
    let nodes = fields.get("overrides").map(|node| reader.list(node, "`overrides`"));
    let mut overrides = Vec::new();
    for node in nodes.unwrap_or_default() {
        let Some(fields) = reader.fields(node, "an override", &["paths", "checks"]) else {
            continue;
        };
        for key in ["paths", "checks"] {
            if fields.get(key).is_none() {
                reader.complain(fields.place(), format!("an override needs `{key}`"));
            }
        }
        let paths = fields.get("paths").map(|node| Glob::read_list(reader, node, "`paths`"));
        let paths = paths.unwrap_or_default();
        overrides.push(Override { paths, checks: checks(reader, fields) });
    }
    Levels { checks: checks(reader, fields), overrides }
}

fn checks(reader: &mut Reader, fields: Fields<'_>) -> Vec<CheckLevel> {
    const LEVELS: [(&str, Option<Severity>); 4] = [
        ("error", Some(Severity::Error)),
        ("warning", Some(Severity::Warning)),
        ("note", Some(Severity::Note)),
        ("off", None),
    ];
    let Some(node) = fields.get("checks") else {
        return Vec::new();
    };
    let mut levels = Vec::new();
    for (check, level) in reader.pairs(node, "`checks`") {
        let severity = reader.one_of(&level, &format!("the level of `{check}`"), &LEVELS);
        levels.extend(severity.map(|severity| CheckLevel { check, severity }));
    }
    levels
}

#[cfg(test)]
mod tests {
    use crate::config;
    use crate::diag::Severity::{Error, Note, Warning};
    use crate::source::Source;

    #[test]
    fn of_several_levels_the_last_that_is_about_a_file_counts() {
        let text = "title: T\nchecks: {a: error, b: off}\noverrides:\n\
                    - paths: [content/old/**, x.md]\n  checks: {a: note, b: warning}\n\
                    - paths: [content/old/kept.md]\n  checks: {a: off}\n";
        let levels = config::parse(&Source::new("alertbook.yaml", text)).unwrap().levels;
        for (check, path, expected) in [
            ("a", "content/new.md", Some(Error)),
            ("a", "content/old/b/c.md", Some(Note)),
            ("a", "x.md", Some(Note)),
            ("a", "content/x.md", Some(Error)),
            ("a", "content/old/kept.md", None),
            ("b", "content/new.md", None),
            ("b", "content/old/kept.md", Some(Warning)),
            ("c", "content/old/kept.md", Some(Warning)),
        ] {
            assert_eq!(levels.severity(check, path, Warning), expected, "{check} {path}");
        }
        assert!(levels.is_on("a") && levels.is_on("b") && levels.is_on("c"));
        assert_eq!(levels.all().count(), 5);
    }
}
