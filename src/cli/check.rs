//! `alertbook check`: the findings alone.

use super::known::{Known, KnownArguments, Told};
use super::mend::{self, MendArguments};
use super::{Ended, SiteArguments, print_report, project, warn};
use crate::diag::{Diagnostic, Report, Severity, github, json, junit, sarif};
use crate::failure::Failure;
use crate::git;
use crate::lint::{self, CHECKS, Explanation};
use crate::pipeline::{self, Checked, Project};
use crate::site::Site;
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

pub(super) fn run(site: PathBuf, arguments: &CheckArguments) -> Result<Ended, Failure> {
    let project = project(site, &arguments.site, None);
    let known = arguments.known.known(&project)?;
    if arguments.mend.is_diff() {
        return mend::show(&project, &arguments.mend, &known);
    }
    let (checked, done) = match read(&project, arguments, &known) {
        Ok(read) => read,
        // Programs read findings about the configuration as they do others.
        Err(failure) => match failure.report().filter(|_| arguments.format != Format::Text) {
            Some(report) => {
                print(&report, arguments, &project.site);
                return Ok(Ended::Usage);
            }
            None => return Err(failure),
        },
    };
    for warning in &checked.warnings {
        warn(warning);
    }
    if arguments.known.write(&project.site, &checked.report)? {
        return Ok(Ended::Clean);
    }
    let told = known.filter(checked.report.clone());
    let report = &told.report;
    let failing = arguments.known.failing();
    let fails = report.entries().iter().any(|(severity, _)| *severity >= failing);
    match arguments.format {
        Format::Text => tell(&checked.site, &told, fails, done.is_none()),
        _ => print(report, arguments, &project.site),
    }
    // What is no finding goes where programs do not read it.
    for sentence in told.left_out().iter().chain(&done) {
        match arguments.format {
            Format::Text => _ = writeln!(anstream::stdout(), "{sentence}"),
            _ => anstream::eprintln!("{sentence}"),
        }
    }
    // The process ends here: nobody needs the memory of a large site back piece by piece.
    std::mem::forget(checked);
    Ok(if fails { Ended::Findings } else { Ended::Clean })
}

/// Prints findings for people, and what follows from them. Where they may be mended, that is offered.
fn tell(site: &Site, told: &Told, fails: bool, may_be_mended: bool) {
    let report = &told.report;
    if report.entries().is_empty() {
        let _ = writeln!(
            anstream::stdout(),
            "No {}findings in {} and {}.",
            if told.left_out().is_empty() { "" } else { "new " },
            super::count(site.pages.len(), "runbook"),
            super::count(site.rule_files.len(), "rule file"),
        );
        return;
    }
    let is_of_carriers =
        |check: &str| lint::check_named(check).is_some_and(|check| check.needs.has_carriers());
    let keeps_back = |(severity, found): &(Severity, Diagnostic)| {
        *severity == Severity::Error && !is_of_carriers(found.check)
    };
    let what_follows = if report.entries().iter().any(keeps_back) {
        "`alertbook build` publishes nothing before the errors are mended"
    } else if report.has_errors() {
        "`alertbook build` asks no carrier, and publishes"
    } else if fails {
        "--deny lets this fail"
    } else {
        "nothing that keeps `alertbook build` from publishing"
    };
    print_report(report, what_follows, anstream::stdout());
    if let Some(offer) = mend::offer(report).filter(|_| may_be_mended) {
        let _ = writeln!(anstream::stdout(), "{offer}");
    }
}

/// Checks a site, mends it first if that was asked for, and says what was mended.
fn read(
    project: &Project,
    arguments: &CheckArguments,
    known: &Known,
) -> Result<(Checked, Option<String>), Failure> {
    if arguments.mend.is_fix() {
        let mended = mend::mend(project, &arguments.mend, known)?;
        let done = mend::done(&mended, &arguments.mend, known);
        return Ok((mended.checked, Some(done)));
    }
    let check = if arguments.live { pipeline::check_live } else { pipeline::check };
    Ok((check(project)?, None))
}

/// Prints a report for programs.
fn print(report: &Report, arguments: &CheckArguments, site: &Path) {
    let folder = || git::folder_in_repository(site);
    let names = || CHECKS.iter().map(|check| check.name).collect::<Vec<_>>();
    let text = match arguments.format {
        Format::Text | Format::Json => json::render(report),
        Format::Sarif => sarif::render(report, &Explanation::for_scanners(), &folder()),
        Format::Github => github::render(report, &folder()),
        Format::Junit => junit::render(report, &names(), arguments.known.failing(), &folder()),
    };
    let _ = write!(anstream::stdout(), "{text}");
}
