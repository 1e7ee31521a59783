//! `alertbook check`: the findings alone.

use super::mend::{self, MendArguments, MendError};
use super::{Ended, SiteArguments, print_report, project, warn};
use crate::diag::{Report, Severity, json};
use crate::load::LoadError;
use crate::pipeline;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// How findings are printed: for people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Ask every carrier for the rules that it has loaded and whether the queries run there
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    live: bool,
    #[command(flatten)]
    mend: MendArguments,
    #[command(flatten)]
    site: SiteArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(site: PathBuf, arguments: &CheckArguments) -> Ended {
    let project = project(site, &arguments.site, None);
    if arguments.mend.is_diff() {
        return mend::show(&project, &arguments.mend);
    }
    let result = if arguments.mend.is_fix() {
        mend::mend(&project, &arguments.mend).map(|mended| {
            let done = mend::done(&mended, &arguments.mend);
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
            if arguments.format == Format::Json =>
        {
            let entries = found.into_iter().map(|one| (Severity::Error, one)).collect();
            print_json(&Report::new(entries));
            return Ended::Usage;
        }
        Err(error) => return mend::unmended(&error),
    };
    for warning in &checked.warnings {
        warn(warning);
    }
    let mut stdout = anstream::stdout();
    match arguments.format {
        Format::Text if checked.report.entries().is_empty() => {
            let site = &checked.site;
            let _ = writeln!(
                stdout,
                "No findings in {} and {}.",
                super::build::count(site.pages.len(), "runbook"),
                super::build::count(site.rule_files.len(), "rule file"),
            );
        }
        Format::Text => {
            let what_follows = if checked.report.has_errors() {
                "`alertbook build` publishes nothing before the errors are mended"
            } else {
                "nothing that keeps `alertbook build` from publishing"
            };
            print_report(&checked.report, what_follows, &mut stdout);
            if let Some(offer) = mend::offer(&checked.report).filter(|_| done.is_none()) {
                let _ = writeln!(stdout, "{offer}");
            }
        }
        Format::Json => print_json(&checked.report),
    }
    match done {
        Some(done) if arguments.format == Format::Text => _ = writeln!(stdout, "{done}"),
        Some(done) => anstream::eprintln!("{done}"),
        None => {}
    }
    if checked.report.has_errors() { Ended::Findings } else { Ended::Clean }
}

fn print_json(report: &Report) {
    let _ = writeln!(anstream::stdout(), "{}", json::render(report).trim_end());
}
