//! Why a command can't do what it was asked for: one type from the files up to the exit status.

use crate::diag::{Diagnostic, Report, Severity, text};
use std::fmt;

/// Why a command can't do what it was asked for.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense, or would destroy something: there is no site, no such
    /// revision, or the folder to write to holds other files.
    Usage(String),
    /// The configuration is wrong.
    Configuration(Vec<Diagnostic>),
    /// The world is in the way: a file that can't be read or written, a server that does not answer.
    World(String),
}

impl Failure {
    /// What is wrong with the configuration as a report, if that is the failure.
    pub fn report(&self) -> Option<Report> {
        let Self::Configuration(found) = self else { return None };
        Some(Report::new(found.iter().map(|one| (Severity::Error, one.clone())).collect()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::World(message) => f.write_str(message),
            Self::Configuration(_) => {
                let report = self.report().unwrap_or_default();
                f.write_str(text::render(&report, text::Style::default()).trim_end())
            }
        }
    }
}

impl std::error::Error for Failure {}

/// What the system says about an error, without its number.
pub fn why(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (os error ") {
        Some((text, _)) => text.to_lowercase(),
        None => text,
    }
}
