//! `alertbook check`: the findings alone.

use super::known::KnownArguments;
use super::mend::{self, MendArguments, MendError};
use super::{Ended, SiteArguments, print_report, project, warn};
use crate::diag::{Report, Severity, github, json, junit, sarif};
use crate::git;
use crate::lint::{CHECKS, Explanation};
use crate::load::LoadError;
use crate::pipeline;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Ask every carrier for the rules that it has loaded and whether the queries run there
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    live: bool,
    #[command(flatten)]
    known: KnownArguments,
    #[command(flatten)]
    mend: MendArguments,
    #[command(flatten)]
    site: SiteArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For code scanners, SARIF 2.1.0
    Sarif,
    /// Annotations of a change on GitHub
    Github,
    /// Results of tests, for the viewers of CI servers
    Junit,
}

pub(super) fn run(site: PathBuf, arguments: &CheckArguments) -> Ended {
    let project = project(site, &arguments.site, None);
    let known = match arguments.known.known(&project) {
        Ok(known) => known,
        Err(ended) => return ended,
    };
    if arguments.mend.is_diff() {
        return mend::show(&project, &arguments.mend, &known);
    }
    let result = if arguments.mend.is_fix() {
        mend::mend(&project, &arguments.mend, &known).map(|mended| {
            let done = mend::done(&mended, &arguments.mend, &known);
            (mended.checked, Some(done))
        })
    } else if arguments.live {
        let checked = pipeline::check_live(&project).map(|checked| (checked, None));
        checked.map_err(MendError::Load)
    } else {
        pipeline::check(&project).map(|checked| (checked, None)).map_err(MendError::Load)
    };
    let (checked, done) = match result {
        Ok(checked) => checked,
        Err(MendError::Load(LoadError::Configuration(found)))
            if arguments.format != Format::Text =>
        {
            let entries = found.into_iter().map(|one| (Severity::Error, one)).collect();
            print(&Report::new(entries), arguments, &project.site);
            return Ended::Usage;
        }
        Err(error) => return mend::unmended(&error),
    };
    for warning in &checked.warnings {
        warn(warning);
    }
    if let Some(ended) = arguments.known.write(&project.site, &checked.report) {
        return ended;
    }
    let told = known.filter(checked.report.clone());
    let report = &told.report;
    let mut stdout = anstream::stdout();
    let failing = arguments.known.failing();
    let fails = report.entries().iter().any(|(severity, _)| *severity >= failing);
    match arguments.format {
        Format::Text if report.entries().is_empty() => {
            let site = &checked.site;
            let _ = writeln!(
                stdout,
                "No {}findings in {} and {}.",
                if told.left_out().is_empty() { "" } else { "new " },
                super::count(site.pages.len(), "runbook"),
                super::count(site.rule_files.len(), "rule file"),
            );
        }
        Format::Text => {
            let what_follows = if report.has_errors() {
                "`alertbook build` publishes nothing before the errors are mended"
            } else if fails {
                "--deny lets this fail"
            } else {
                "nothing that keeps `alertbook build` from publishing"
            };
            print_report(report, what_follows, &mut stdout);
            if let Some(offer) = mend::offer(report).filter(|_| done.is_none()) {
                let _ = writeln!(stdout, "{offer}");
            }
        }
        _ => print(report, arguments, &project.site),
    }
    // What is no finding goes where programs do not read it.
    for sentence in told.left_out().iter().chain(&done) {
        match arguments.format {
            Format::Text => _ = writeln!(stdout, "{sentence}"),
            _ => anstream::eprintln!("{sentence}"),
        }
    }
    // The process ends here: nobody needs the memory of a large site back piece by piece.
    std::mem::forget(checked);
    if fails { Ended::Findings } else { Ended::Clean }
}

/// Prints a report for programs.
fn print(report: &Report, arguments: &CheckArguments, site: &Path) {
    let folder = || git::folder_in_repository(site);
    let names = || CHECKS.iter().map(|check| check.name).collect::<Vec<_>>();
    let text = match arguments.format {
        Format::Text | Format::Json => json::render(report),
        Format::Sarif => sarif::render(report, &rules(), &folder()),
        Format::Github => github::render(report, &folder()),
        Format::Junit => junit::render(report, &names(), arguments.known.failing()),
    };
    let _ = write!(anstream::stdout(), "{text}");
}

/// What code scanners show of the checks.
fn rules() -> Vec<sarif::Rule> {
    let rules = Explanation::all().map(|explanation| sarif::Rule {
        name: explanation.check.name,
        summary: explanation.summary(),
        explanation: explanation.markdown(),
        level: explanation.check.severity.name(),
    });
    rules.collect()
}
