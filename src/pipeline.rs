//! From a folder to a site and its report: load, parse in parallel, assemble, check, render.

mod mend;

pub use mend::{Mended, MendedFile, mend};

use crate::config::{self, Config};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Report};
use crate::liquid::{Data, SiteVariables};
use crate::load::{self, Inputs, LoadError};
use crate::render::{self, RenderedFile, Theme};
use crate::runbook::Runbook;
use crate::site::{Parts, Site};
use crate::{lint, prometheus, rules};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

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
    /// The theme to render it with.
    pub theme: Theme,
    /// Files to be copied: the output path and where the file is.
    pub files: Vec<(String, PathBuf)>,
    /// What somebody should know that is no finding about a file.
    pub warnings: Vec<String>,
}

impl Checked {
    /// Renders the site. `progress` is told about each runbook that is done.
    ///
    /// # Errors
    ///
    /// A template has a fault.
    pub fn render(&self, progress: &(dyn Fn() + Sync)) -> Result<Vec<RenderedFile>, String> {
        render::render(&self.site, &self.theme, progress)
    }
}

/// Reads a site and runs the checks.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check(project: &Project) -> Result<Checked, LoadError> {
    read(project).map(assemble)
}

fn read(project: &Project) -> Result<Inputs, LoadError> {
    let mut config = load::configuration(&project.site)?;
    refuse_unknown_checks(&config).map_err(LoadError::Configuration)?;
    if let Some(base_url) = &project.base_url {
        config.base_url = Some(base_url.trim_end_matches('/').to_owned());
    }
    let mut inputs = load::load(&project.site, config, &project.out)?;
    inputs.loaded_rules = prometheus::load(&inputs.config.rule_servers, &project.site)?;
    Ok(inputs)
}

/// Check names are known here, where the registry is.
fn refuse_unknown_checks(config: &Config) -> Result<(), Vec<Diagnostic>> {
    let unknown = config.checks.iter().filter(|level| !lint::is_name(level.check.as_str()));
    let found: Vec<Diagnostic> = unknown
        .map(|level| {
            let name = level.check.as_str();
            let message = format!("no check is called `{name}`");
            let diagnostic = Diagnostic::new(config::CHECK, level.check.span().clone(), message);
            let help = did_you_mean(name, lint::names()).unwrap_or_else(|| {
                let names: Vec<&str> = lint::CHECKS.iter().map(|check| check.name).collect();
                format!("there are {}", names.join(", "))
            });
            diagnostic.with_help(help)
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn assemble(inputs: Inputs) -> Checked {
    let mut parts = Parts::default();
    let data = inputs.data.as_deref().map(|files| {
        let (data, diagnostics) = Data::parse(files);
        parts.diagnostics.extend(diagnostics);
        data
    });
    let config = inputs.config;
    let variables = SiteVariables::new(config.title.as_str(), config.base_url.as_deref(), data);
    let (runbooks, rule_files) = rayon::join(
        || -> Vec<_> {
            let read = inputs.runbooks.par_iter().map(|(path, source)| {
                let (runbook, diagnostics) = Runbook::read(source, &variables);
                ((path.clone(), runbook), diagnostics)
            });
            read.collect()
        },
        || -> Vec<_> { inputs.rule_files.par_iter().map(rules::parse).collect() },
    );
    for (runbook, diagnostics) in runbooks {
        parts.runbooks.push(runbook);
        parts.diagnostics.extend(diagnostics);
    }
    for (rule_file, diagnostics) in rule_files {
        parts.rule_files.push(rule_file);
        parts.diagnostics.extend(diagnostics);
    }
    parts.rule_files.extend(inputs.loaded_rules.iter().map(rules::parse_loaded));
    parts.files = inputs.files.iter().map(|(path, _)| path.clone()).collect();
    let site = Site::assemble(config, parts);
    // A page may stand where a file of the same name lies; the page is the one that counts.
    let files = inputs
        .files
        .into_iter()
        .filter(|(path, _)| matches!(site.at(path), None | Some(crate::site::Destination::File)));
    let files = files.collect();
    let report = lint::run(&site);
    Checked { report, site, theme: inputs.theme, files, warnings: inputs.warnings }
}

/// The folder that a site is built into unless somebody says otherwise.
pub fn default_output(site: &Path) -> PathBuf {
    site.join("public")
}
