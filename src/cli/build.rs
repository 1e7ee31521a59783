//! `alertbook build`: from content and rules to the output folder.

use super::known::BaselineArguments;
use super::{Ended, SiteArguments, count, print_report, project, shows_progress, warn};
use crate::diag::Report;
use crate::failure::Failure;
use crate::output;
use crate::paths::shown;
use crate::pipeline::{self, Built, Timings};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    /// Where the site is written [default: public/ in the site]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Publish even if there are errors
    #[arg(long)]
    allow_errors: bool,
    /// Say where the time went: by stage, and the slowest pages
    #[arg(long)]
    timings: bool,
    #[command(flatten)]
    baseline: BaselineArguments,
    #[command(flatten)]
    site: SiteArguments,
}

pub(super) fn run(site: PathBuf, arguments: &BuildArguments) -> Result<Ended, Failure> {
    let started = Instant::now();
    let project = project(site, &arguments.site, arguments.out.clone());
    // Refused before minutes are spent on what can't be published.
    output::check_folder(&project.site, &project.out)?;
    let known = arguments.baseline.known(&project.site)?;
    let bar = progress();
    let mut has_errors = false;
    let may_publish = |report: &Report, warnings: &[String]| {
        bar.suspend(|| {
            for warning in warnings {
                warn(warning);
            }
            let told = known.filter(report.clone());
            has_errors = told.report.has_errors();
            let what_follows = match (has_errors, arguments.allow_errors) {
                (true, false) => "nothing was published; --allow-errors publishes all the same",
                (true, true) => "--allow-errors publishes all the same",
                (false, _) => "nothing that keeps the site from being published",
            };
            print_report(&told.report, what_follows, anstream::stderr());
            for sentence in told.left_out() {
                anstream::eprintln!("{sentence}");
            }
            !has_errors || arguments.allow_errors
        })
    };
    let on_page = |pages: usize| {
        bar.set_length(u64::try_from(pages).unwrap_or(u64::MAX));
        bar.inc(1);
    };
    let built = pipeline::build(&project, may_publish, &on_page);
    bar.finish_and_clear();
    let (checked, built) = built?;
    let Some(built) = built else { return Ok(Ended::Findings) };
    if arguments.timings {
        print_timings(&checked.timings, &built);
    }
    anstream::eprintln!(
        "Built {} and {} into {} in {}.",
        count(checked.site.pages.len(), "runbook"),
        count(checked.site.alerts.len(), "alert"),
        shown(&project.out),
        seconds(started.elapsed()),
    );
    // As in `check`: the process ends here.
    std::mem::forget(checked);
    Ok(if has_errors { Ended::Findings } else { Ended::Clean })
}

/// A bar that appears when a build takes long enough to wonder.
fn progress() -> ProgressBar {
    if !shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
    let template = "Rendering {wide_bar} {pos}/{len} runbooks";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// How many of the slowest pages are named.
const SLOWEST: usize = 10;

/// Says where the time went.
fn print_timings(timings: &Timings, built: &Built) {
    for (stage, took) in &timings.stages {
        anstream::eprintln!("{:>9.1} ms  {stage}", milliseconds(*took));
    }
    let output::Published { written, unchanged, removed } = built.published;
    anstream::eprintln!(
        "{} written, {unchanged} unchanged, {removed} removed; the slowest pages:",
        count(written, "file")
    );
    for (path, took) in built.pages.iter().take(SLOWEST) {
        anstream::eprintln!("{:>9.1} ms  {path}", milliseconds(*took));
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
