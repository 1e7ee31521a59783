//! `alertbook check --fix` and `--diff`: what can be mended, written or shown.

use super::known::Known;
use super::{Ended, count};
use crate::diag::Report;
use crate::diag::fix::Safety;
use crate::failure::Failure;
use crate::output::{self, ChangedFile};
use crate::pipeline::{self, Mended, Project};
use anstyle::{AnsiColor, Color, Style};
use clap::{ArgGroup, Args};
use similar::TextDiff;
use std::io::Write;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("mending").multiple(true))]
pub(super) struct MendArguments {
    /// Mend in the files what can be mended safely, and show what is left
    ///
    /// Beside findings it tidies what works here and not elsewhere: delimiter rows of tables that are
    /// too short, fences with queries that do not say `promql`, and links to `.md` files of pages;
    /// with --baseline or --since, findings alone.
    #[arg(long, group = "mending")]
    fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, group = "mending", conflicts_with = "format")]
    diff: bool,
    /// With --fix or --diff: mend also what somebody should look at afterwards
    #[arg(long = "unsafe", requires = "mending")]
    unsafe_too: bool,
}

impl MendArguments {
    /// Whether files are to be mended.
    pub(super) fn is_fix(&self) -> bool {
        self.fix && !self.diff
    }

    /// Whether it is to be shown how files would be mended.
    pub(super) fn is_diff(&self) -> bool {
        self.diff
    }

    fn boldness(&self) -> Safety {
        if self.unsafe_too { Safety::Unsafe } else { Safety::Safe }
    }
}

/// Mends a site in its files, known findings aside.
pub(super) fn mend(
    project: &Project,
    arguments: &MendArguments,
    known: &Known,
) -> Result<Mended, Failure> {
    let mended = pipeline::mend(project, arguments.boldness(), &known.sets())?;
    output::rewrite(&mended.files)?;
    Ok(mended)
}

/// Shows how files would be mended, as a difference that `git apply` and `patch -p1` take. The
/// status says whether there is one.
pub(super) fn show(
    project: &Project,
    arguments: &MendArguments,
    known: &Known,
) -> Result<Ended, Failure> {
    let mended = pipeline::mend(project, arguments.boldness(), &known.sets())?;
    let mut stdout = anstream::stdout();
    for file in &mended.files {
        print_difference(file, &mut stdout);
    }
    anstream::eprintln!(
        "{}",
        summary(["Would mend", "Would tidy", "tidy"], &mended, arguments, known)
    );
    Ok(if mended.files.is_empty() { Ended::Clean } else { Ended::Findings })
}

/// What was done, for people: `Mended 3 findings and tidied 1 place in 2 files.`
pub(super) fn done(mended: &Mended, arguments: &MendArguments, known: &Known) -> String {
    summary(["Mended", "Tidied", "tidied"], mended, arguments, known)
}

/// What happens to findings, and to what is no finding: at the beginning of a sentence, and later.
type Verbs = [&'static str; 3];

fn summary(verbs: Verbs, mended: &Mended, arguments: &MendArguments, known: &Known) -> String {
    let files = count(mended.files.len(), "file");
    let (findings, places) = (count(mended.mended, "finding"), count(mended.tidied, "place"));
    let mut summary = match (mended.files.len(), mended.mended, mended.tidied) {
        (0, _, _) => "Nothing to mend.".to_owned(),
        (_, _, 0) => format!("{} {findings} in {files}.", verbs[0]),
        (_, 0, _) => format!("{} {places} in {files}.", verbs[1]),
        _ => format!("{} {findings} and {} {places} in {files}.", verbs[0], verbs[2]),
    };
    for path in &mended.unreadable {
        summary += &format!("\n{path} is not UTF-8, and was left alone.");
    }
    let (_, more) = fixable(&known.filter(mended.checked.report.clone()).report);
    if more > 0 && !arguments.unsafe_too {
        summary += &format!(
            "\n--unsafe mends {more} more; look at what it changes with `alertbook check --diff --unsafe`."
        );
    }
    summary
}

/// What --fix would do about a report, as a sentence; nothing if it would do nothing.
pub(super) fn offer(report: &Report) -> Option<String> {
    let all = report.entries().len();
    let of_them = |number| match number {
        1 if all == 1 => "it".to_owned(),
        number if number == all => "all of them".to_owned(),
        number => format!("{number} of them"),
    };
    match fixable(report) {
        (0, 0) => None,
        (safe, 0) => Some(format!("`alertbook check --fix` mends {}", of_them(safe))),
        (0, more) => Some(format!("`alertbook check --fix --unsafe` mends {}", of_them(more))),
        (safe, more) => Some(format!(
            "`alertbook check --fix` mends {}, with --unsafe {}",
            of_them(safe),
            of_them(safe + more)
        )),
    }
}

/// How many findings have a fix that is safe, and one that is not.
fn fixable(report: &Report) -> (usize, usize) {
    let of = |safety| {
        let fixes = report.entries().iter().filter_map(|(_, found)| found.fix.as_ref());
        fixes.filter(|fix| fix.safety() == safety).count()
    };
    (of(Safety::Safe), of(Safety::Unsafe))
}

/// Prints how a file changes, as a difference that `git apply` and `patch -p1` take.
pub(super) fn print_difference(file: &ChangedFile, to: &mut impl Write) {
    let bold = Style::new().bold();
    let colored = |color: AnsiColor| Style::new().fg_color(Some(Color::Ansi(color)));
    let difference = TextDiff::from_lines(&file.before, &file.after);
    let mut unified = difference.unified_diff();
    unified.header(&format!("a/{}", file.path), &format!("b/{}", file.path));
    for line in unified.to_string().split_inclusive('\n') {
        let style = match line.as_bytes() {
            [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => bold,
            [b'@', ..] => colored(AnsiColor::Cyan),
            [b'-', ..] => colored(AnsiColor::Red),
            [b'+', ..] => colored(AnsiColor::Green),
            _ => Style::new(),
        };
        let content = line.trim_end_matches('\n');
        let _ = write!(to, "{style}{content}{style:#}{}", &line[content.len()..]);
    }
}
