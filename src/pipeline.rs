//! From a folder to a site and its report: load, parse in parallel, assemble, check, render, publish.

mod age;
mod builder;
mod last_changes;
mod live;
mod mend;
mod publish;
mod reading;
mod timings;

pub use builder::Builder;
pub use live::{Answering, check_live, check_with};
pub use mend::{Mended, mend};
pub use publish::{Built, build, publish};
pub use timings::Timings;

use crate::config::{self, Config};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Report};
use crate::failure::Failure;
use crate::git::Revision;
use crate::lint;
use crate::load::{self, Inputs};
use crate::render::Renderer;
use crate::site::{Destination, LastChanges, Site};
use age::HistoryOf;
use last_changes::KnownChanges;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// How many files a thread reads or makes before another one can take over what is left of its share. A
/// page takes as long as a hundred redirects, so that shares of the same length may take very different
/// times.
const IN_A_ROW: usize = 16;

/// What is built, and where to.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder with the configuration.
    pub site: PathBuf,
    /// The output folder.
    pub out: PathBuf,
    /// The base address in place of the configured one.
    pub base_url: Option<String>,
}

/// A site that was read and checked.
#[derive(Debug)]
pub struct Checked {
    /// The site.
    pub site: Site,
    /// What the checks found.
    pub report: Report,
    /// What it was made of.
    pub inputs: Inputs,
    /// What somebody should know that is no finding about a file.
    pub warnings: Vec<String>,
    /// Where the time went.
    pub timings: Timings,
    known_changes: KnownChanges,
    last_changes: OnceLock<Arc<LastChanges>>,
    /// Kept by builders that read the site again.
    findings: Option<lint::Findings>,
}

impl Checked {
    /// What renders the site's files.
    ///
    /// # Errors
    ///
    /// A template has a fault.
    pub fn renderer(&self) -> Result<Renderer<'_>, String> {
        let renderer = Renderer::new(&self.site, &self.inputs.theme)?;
        Ok(renderer.with_last_changes(self.last_changes()))
    }

    /// When the site's runbooks were changed last. Where there is no repository, nobody knows.
    pub fn last_changes(&self) -> Arc<LastChanges> {
        let changes = || self.known_changes.of(&self.inputs.site, &self.site);
        Arc::clone(self.last_changes.get_or_init(changes))
    }

    /// Files to be copied: the output path and where the file is.
    pub fn copies(&self) -> impl Iterator<Item = &(String, PathBuf)> {
        // A page may stand where a file of the same name lies; the page is the one that counts.
        let is_copied = |path: &str| matches!(self.site.at(path), None | Some(Destination::File));
        self.inputs.files.iter().filter(move |(path, _)| is_copied(path))
    }
}

/// Reads a site and runs the checks.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check(project: &Project) -> Result<Checked, Failure> {
    let history = HistoryOf { folder: project.site.clone(), commit: None };
    Builder::of_history(history).read(project)
}

/// Reads a site as it was at a revision, and runs the checks. What is asked of the history is asked
/// of the repository that `project` lies in, from that revision on.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check_revision(project: &Project, revision: &Revision) -> Result<Checked, Failure> {
    let commit = Some(revision.commit().to_owned());
    let history = HistoryOf { folder: project.site.clone(), commit };
    let site = revision.site();
    let there = Project { out: default_output(&site), site, ..project.clone() };
    Builder::of_history(history).read(&there)
}

/// The configuration of a project, with what the command line says in place.
fn configuration(project: &Project) -> Result<Config, Failure> {
    let mut config = load::configuration(&project.site)?;
    refuse_unknown_checks(&config).map_err(Failure::Configuration)?;
    if let Some(base_url) = &project.base_url {
        config.base_url = Some(base_url.trim_end_matches('/').to_owned());
    }
    Ok(config)
}

/// Check names are known here, where the registry is.
fn refuse_unknown_checks(config: &Config) -> Result<(), Vec<Diagnostic>> {
    let unknown =
        config.levels.all().filter(|level| lint::check_named(level.check.as_str()).is_none());
    let found: Vec<Diagnostic> = unknown
        .map(|level| {
            let name = level.check.as_str();
            let message = format!("no check is called `{name}`");
            let diagnostic = Diagnostic::new(config::CHECK, level.check.span().clone(), message);
            let help = did_you_mean(name, lint::names());
            let help = help.unwrap_or_else(|| "`alertbook explain` lists the checks".to_owned());
            diagnostic.with_help(help)
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// The folder that a site is built into unless somebody says otherwise.
pub fn default_output(site: &Path) -> PathBuf {
    site.join("public")
}
