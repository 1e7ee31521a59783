//! The command line: from arguments to an exit status.
//!
//! One file for each command. Exit status: 0 clean, 1 findings at the failing level, 2 usage or
//! configuration, 3 the world.

mod annotate;
mod build;
mod check;
mod explain;
mod init;
mod known;
mod mend;
mod metrics;
mod new;
mod serve;

use crate::diag::suggest::did_you_mean;
use crate::diag::text::Style;
use crate::diag::{Report, text};
use crate::failure::Failure;
use crate::load;
use crate::pipeline::{self, Checked, Project, default_output};
use crate::site::Site;
use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use clap::{Args, Parser, Subcommand};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A static runbook site, checked against the Prometheus rules that page people.
#[derive(Debug, Parser)]
#[command(name = "alertbook", version, max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The site: the folder with alertbook.yaml [default: this folder, or the nearest above]
    #[arg(long, global = true, value_name = "DIR")]
    site: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check runbooks and rules, and build the site
    Build(build::BuildArguments),
    /// Check runbooks against rules, links and queries
    Check(check::CheckArguments),
    /// What a finding means, and what to do about it
    Explain(explain::ExplainArguments),
    /// Preview the site in a browser, live
    Serve(serve::ServeArguments),
    /// Write the inventory of metrics that queries are checked against
    Metrics(metrics::MetricsArguments),
    /// Give rules the links to their runbooks
    Annotate(annotate::AnnotateArguments),
    /// Begin the runbook section of an alert from its rule
    New(new::NewArguments),
    /// Begin a site, or take one over from Jekyll
    Init(init::InitArguments),
}

/// What the commands take that read a site.
#[derive(Debug, Args)]
struct SiteArguments {
    /// Where the site is published, in place of the configured `base_url`
    #[arg(long, value_name = "URL", value_parser = crate::config::base_url)]
    base_url: Option<String>,
    /// How many threads work at once [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Clean = 0,
    Findings = 1,
    Usage = 2,
    World = 3,
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let Arguments { command, site } = Arguments::parse();
    let ended = match command {
        Command::Build(arguments) => find_site(site).and_then(|site| build::run(site, &arguments)),
        Command::Check(arguments) => find_site(site).and_then(|site| check::run(site, &arguments)),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Serve(arguments) => find_site(site).and_then(|site| serve::run(site, &arguments)),
        Command::Metrics(arguments) => {
            find_site(site).and_then(|site| metrics::run(&site, &arguments))
        }
        Command::Annotate(arguments) => {
            find_site(site).and_then(|site| annotate::run(site, &arguments))
        }
        Command::New(arguments) => find_site(site).and_then(|site| new::run(site, &arguments)),
        Command::Init(arguments) => init::run(site, &arguments),
    };
    ExitCode::from(ended.unwrap_or_else(|failure| fail(&failure)) as u8)
}

fn find_site(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    if let Some(site) = named {
        if site.join(load::CONFIGURATION).is_file() {
            return Ok(site);
        }
        return Err(Failure::Usage(if site.is_dir() {
            no_site(&format!("`{}`", site.display()))
        } else if site.exists() {
            format!("--site takes a folder, and `{}` is a file", site.display())
        } else {
            format!("the folder `{}` does not exist", site.display())
        }));
    }
    let here = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("no current folder: {error}")))?;
    let found = load::find_site(&here)
        .ok_or_else(|| Failure::Usage(no_site("this folder or any above it")))?;
    // Paths in messages are short when the command is run at the site's root.
    Ok(if found == here { PathBuf::from(".") } else { found })
}

/// Says that there is no site, and how one begins.
fn no_site(place: &str) -> String {
    format!(
        "there is no {} in {place}\n\n\
         help: a site begins with one, and this is enough:\n\n    title: Our runbooks\n\n\
         Runbooks go to `content/`; `rules: [\"rules/*.yaml\"]` names the rules that page people.\n\
         `alertbook init` makes a site to begin with.",
        load::CONFIGURATION
    )
}

/// What a command works on. It is asked for first, since it sets how many threads there are.
fn project(site: PathBuf, arguments: &SiteArguments, out: Option<PathBuf>) -> Project {
    if let Some(jobs) = arguments.jobs {
        // Fails if threads are at work already, which they can't be: a command begins with this.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    let out = out.unwrap_or_else(|| default_output(&site));
    Project { site, out, base_url: arguments.base_url.clone() }
}

/// Reads and checks a site, and says what is to be said of that beside the findings.
fn checked(project: &Project) -> Result<Checked, Failure> {
    let checked = pipeline::check(project)?;
    for warning in &checked.warnings {
        warn(warning);
    }
    Ok(checked)
}

/// That no rule raises an alert, and which one may be meant.
fn not_raised(alert: &str, site: &Site) -> Failure {
    let raised = site.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
    let help = did_you_mean(alert, raised.map(|(name, _)| name.as_str()));
    let help = help.map_or_else(String::new, |help| format!("\n\nhelp: {help}"));
    Failure::Usage(format!("no rule raises the alert `{alert}`{help}"))
}

/// One line, or a few, about what is in the way.
fn complain(message: &str) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    anstream::eprintln!("{red}error{red:#}: {message}");
}

fn warn(message: &str) {
    anstream::eprintln!("warning: {message}");
}

/// Says why a command can't do what it was asked for, and how it ends.
fn fail(failure: &Failure) -> Ended {
    match failure.report() {
        Some(report) => print_report(&report, "the site was not read", anstream::stderr()),
        None => complain(&failure.to_string()),
    }
    match failure {
        Failure::Usage(_) | Failure::Configuration(_) => Ended::Usage,
        Failure::World(_) => Ended::World,
    }
}

/// Prints findings as text, in colours where a terminal shows them, and `what_follows` from them.
fn print_report<S: RawStream + AsLockedWrite>(
    report: &Report,
    what_follows: &str,
    to: AutoStream<S>,
) {
    let color = to.current_choice() != ColorChoice::Never;
    // Nothing has to be stripped off again of what is made without colours.
    let mut to = if color { to } else { AutoStream::always_ansi(to.into_inner()) };
    for piece in text::pieces(report, Style { color, ..Style::default() }) {
        // Nobody reads on, and what the command ends with is what it found.
        if to.write_all(piece.as_bytes()).is_err() {
            return;
        }
    }
    if let Some(summary) = text::summary(report) {
        let _ = writeln!(to, "{summary}: {what_follows}");
    }
}

/// Whether progress is shown: on a terminal that can move its cursor.
fn shows_progress() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// A number with its noun: `1 runbook`, `2 runbooks`.
fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
