//! Findings that are known already: baselines, and what another revision has as well.

use super::{count, warn};
use crate::config::Config;
use crate::diag::baseline::{Baseline, Filtered};
use crate::diag::{Report, Severity};
use crate::failure::Failure;
use crate::git::Repository;
use crate::load;
use crate::output;
use crate::paths::shown;
use crate::pipeline::{self, Project};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// The baseline of a site, unless another file is named.
const BASELINE: &str = ".alertbook-baseline.json";

/// What commands take that can leave out known findings.
#[derive(Debug, Args)]
pub(super) struct BaselineArguments {
    /// Leave out the findings of a baseline [default: .alertbook-baseline.json in the site]
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = BASELINE)]
    baseline: Option<PathBuf>,
}

/// What `check` takes beside.
#[derive(Debug, Args)]
pub(super) struct KnownArguments {
    #[command(flatten)]
    baseline: BaselineArguments,
    /// Write all findings into a baseline, so that later runs can leave them out
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = BASELINE, conflicts_with_all = ["baseline", "since"])]
    write_baseline: Option<PathBuf>,
    /// Leave out the findings that a git revision has as well: what is left came with the change
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Fail on warnings, or on notes as well, and not only on errors
    #[arg(long, value_name = "LEVEL")]
    deny: Option<Denied>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Denied {
    Warnings,
    Notes,
}

impl KnownArguments {
    /// The least severe finding that makes the command fail.
    pub(super) fn failing(&self) -> Severity {
        match self.deny {
            None => Severity::Error,
            Some(Denied::Warnings) => Severity::Warning,
            Some(Denied::Notes) => Severity::Note,
        }
    }

    /// Writes the baseline, if that is what was asked for; whether it was.
    pub(super) fn write(&self, site: &Path, report: &Report) -> Result<bool, Failure> {
        let Some(named) = &self.write_baseline else { return Ok(false) };
        let file = place(site, named);
        let baseline = Baseline::of(report);
        output::save(&file, &baseline.to_text())?;
        let option = if named == Path::new(BASELINE) { "" } else { " FILE" };
        anstream::println!(
            "Wrote {} into {}; `alertbook check --baseline{option}` tells only new ones.",
            count(baseline.findings(), "finding"),
            shown(&file),
        );
        Ok(true)
    }

    /// The findings that are known.
    pub(super) fn known(&self, project: &Project) -> Result<Known, Failure> {
        let mut known = self.baseline.known(&project.site)?;
        if let Some(revision) = &self.since {
            known.before = Some(before(project, revision)?);
        }
        Ok(known)
    }
}

/// The findings that are known.
#[derive(Debug, Default)]
pub(super) struct Known {
    baseline: Option<Baseline>,
    before: Option<Baseline>,
}

impl Known {
    /// Each set of findings of which none is told, or mended.
    pub(super) fn sets(&self) -> Vec<&Baseline> {
        self.baseline.iter().chain(&self.before).collect()
    }

    /// The report without what is known.
    pub(super) fn filter(&self, report: Report) -> Told {
        let mut told = Told { report, left_out: Vec::new() };
        if let Some(baseline) = &self.baseline {
            let Filtered { report, hidden, gone } = baseline.filter(&told.report);
            told.report = report;
            if hidden > 0 {
                let are = if hidden == 1 { "is" } else { "are" };
                let findings = count(hidden, "finding");
                told.left_out.push(format!("{findings} of the baseline {are} left out."));
            }
            if gone > 0 {
                let are = if gone == 1 { "is" } else { "are" };
                told.left_out.push(format!(
                    "{} of the baseline {are} gone; `alertbook check --write-baseline` makes it \
                     shorter.",
                    count(gone, "finding")
                ));
            }
        }
        if let Some(before) = &self.before {
            let Filtered { report, hidden, .. } = before.filter(&told.report);
            told.report = report;
            if hidden > 0 {
                let were = if hidden == 1 { "was" } else { "were" };
                told.left_out.push(format!(
                    "{} {were} there before, and left out.",
                    count(hidden, "finding")
                ));
            }
        }
        told
    }
}

/// What is left of a report, and what is to be said of the rest.
pub(super) struct Told {
    pub report: Report,
    left_out: Vec<String>,
}

impl Told {
    /// Sentences about the findings that are left out, if there are any.
    pub(super) fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

impl BaselineArguments {
    /// The findings of the baseline, if one was asked for.
    pub(super) fn known(&self, site: &Path) -> Result<Known, Failure> {
        let Some(file) = &self.baseline else { return Ok(Known::default()) };
        let file = place(site, file);
        let text = load::text(&file).map_err(|error| {
            let help = "`alertbook check --write-baseline` makes one";
            Failure::World(format!("{error}\n\nhelp: {help}"))
        })?;
        let baseline = Baseline::parse(&text)
            .map_err(|fault| Failure::Usage(format!("{} {fault}", shown(&file))))?;
        Ok(Known { baseline: Some(baseline), before: None })
    }
}

/// Where a baseline lies: the usual one in the site, another one where it was named.
fn place(site: &Path, named: &Path) -> PathBuf {
    if named == Path::new(BASELINE) { site.join(BASELINE) } else { named.to_owned() }
}

/// The findings of a site at another revision. One that can't be read there has none.
fn before(project: &Project, revision: &str) -> Result<Baseline, Failure> {
    // What is wrong with the configuration is told by who reads the site as it is now.
    let config = load::configuration(&project.site).ok();
    let outside = config.as_ref().map(Config::rules_outside).unwrap_or_default();
    let there = Repository::of(&project.site)?.revision(revision, &outside)?;
    let site = there.site();
    if !site.join(load::CONFIGURATION).is_file() {
        warn(&format!("there was no site at `{revision}`, so that all findings are new"));
        return Ok(Baseline::default());
    }
    match pipeline::check_revision(project, &there) {
        Ok(checked) => Ok(Baseline::of(&checked.report).renamed(there.renamed())),
        Err(Failure::Configuration(_) | Failure::Usage(_)) => {
            warn(&format!("the site at `{revision}` can't be read, so that all findings are new"));
            Ok(Baseline::default())
        }
        Err(failure) => Err(failure),
    }
}
