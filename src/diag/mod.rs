//! Diagnostics: findings about source files, and the shapes they are shown in.
//!
//! A [`Diagnostic`] is made where the fault is seen and says nothing about how bad it is; a
//! [`Report`] is what a run concludes, with a [`Severity`] for each from the configured levels.
//! One file for each output: `text` for people, `json` for programs, `sarif` for code scanners,
//! `github` for annotations of a change, `junit` for the viewers of CI servers. A
//! [`Baseline`](baseline::Baseline) holds findings that are known already.

pub mod baseline;
pub mod fix;
pub mod github;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod suggest;
pub mod text;
pub mod wording;

use crate::source::Span;
use fix::Fix;
use std::fmt;

/// A finding about a source file, with its exact place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The check that found it, by its kebab-case name, which says the fault.
    pub check: &'static str,
    /// What is wrong, in one sentence that stands alone: no full stop, lower case first.
    pub message: String,
    /// The characters it is about.
    pub span: Span,
    /// A few words beside the carets, where they add something to the message.
    pub label: Option<String>,
    /// The alert it is about, if it is about one.
    pub alert: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that belong to it, often in other files.
    pub related: Vec<Related>,
    /// What to write in the file so that it goes away, where a program can tell.
    pub fix: Option<Fix>,
    /// What has to stay as it is for the finding to be the one that was known before, beyond the text that
    /// it points at: what came to be as it is now, where that is found wanting.
    pub occasion: Option<String>,
}

/// A second place of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The characters it is about.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

impl Diagnostic {
    /// A diagnostic with a place and a message, and nothing else yet.
    pub fn new(check: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            check,
            message: message.into(),
            span,
            label: None,
            alert: None,
            help: None,
            related: Vec::new(),
            fix: None,
            occasion: None,
        }
    }

    /// The same, known again only as long as this stays as it is.
    #[must_use]
    pub fn with_occasion(mut self, occasion: impl Into<String>) -> Self {
        self.occasion = Some(occasion.into());
        self
    }

    /// The same, with words beside the carets.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same, about an alert.
    #[must_use]
    pub fn with_alert(mut self, alert: impl Into<String>) -> Self {
        self.alert = Some(alert.into());
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with one more place.
    #[must_use]
    pub fn with_related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.relate(span, message);
        self
    }

    /// The same, with a fix, if there is one.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Adds one more place.
    pub fn relate(&mut self, span: Span, message: impl Into<String>) {
        self.related.push(Related { span, message: message.into() });
    }
}

/// How bad a finding is in this site, by its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A habit worth changing.
    Note,
    /// Something that will mislead somebody.
    Warning,
    /// Something that is broken; `build` publishes nothing.
    Error,
}

impl Severity {
    /// The name, as it stands in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a run concludes: its findings, each with how bad it is here, in the order of their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    entries: Vec<(Severity, Diagnostic)>,
}

impl Report {
    /// A report of these findings. They are put in order by file, place and check, so that the same
    /// site gives the same bytes whatever found what first.
    pub fn new(mut entries: Vec<(Severity, Diagnostic)>) -> Self {
        entries.sort_by(|(_, a), (_, b)| {
            (&a.span, a.check, &a.message).cmp(&(&b.span, b.check, &b.message))
        });
        Self { entries }
    }

    /// The findings, in order.
    pub fn entries(&self) -> &[(Severity, Diagnostic)] {
        &self.entries
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.entries.iter().filter(|(is, _)| *is == severity).count()
    }

    /// Whether anything in it is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// Whether what stands for a path is the address of a server, whose rules are in no file.
fn is_of_server(path: &str) -> bool {
    path.contains("://")
}

/// The path of a file in its repository, from the folder of the site in there and the path relative
/// to the site, which may lead out of it.
pub fn in_repository(folder: &str, path: &str) -> String {
    if path.starts_with('/') || is_of_server(path) {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_repository() {
        for (folder, path, expected) in [
            ("", "content/a.md", "content/a.md"),
            ("docs/", "content/a.md", "docs/content/a.md"),
            ("docs/site/", "../rules/a.yaml", "docs/rules/a.yaml"),
            ("docs/", "../../a.yaml", "../a.yaml"),
            ("docs/", "/etc/a.yaml", "/etc/a.yaml"),
            ("docs/", "https://p.example.com/rules", "https://p.example.com/rules"),
        ] {
            assert_eq!(in_repository(folder, path), expected, "{folder} {path}");
        }
    }
}
