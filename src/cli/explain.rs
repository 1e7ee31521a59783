//! `alertbook explain`: what a finding means and what to do about it.

use super::Ended;
use crate::diag::suggest::did_you_mean;
use crate::failure::Failure;
use crate::lint::{CHECKS, Explanation};
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The name of the check, as it stands in the brackets of a finding; without it, all checks
    check: Option<String>,
}

pub(super) fn run(arguments: &ExplainArguments) -> Result<Ended, Failure> {
    let mut stdout = anstream::stdout();
    let Some(name) = &arguments.check else {
        list(&mut stdout);
        return Ok(Ended::Clean);
    };
    // People copy the name with what stands around it: `error[broken-link]:`.
    let bare = name.rsplit('[').next().unwrap_or(name).trim_end_matches([']', ':']);
    let Some(explanation) = Explanation::find(bare) else {
        let help = did_you_mean(bare, CHECKS.iter().map(|check| check.name));
        let help = help.unwrap_or_else(|| "`alertbook explain` lists the checks".to_owned());
        return Err(Failure::Usage(format!("no check is called `{bare}`\n\nhelp: {help}")));
    };
    let bold = anstyle::Style::new().bold();
    // Comments of YAML look like headings.
    let mut in_fence = false;
    for line in explanation.markdown().lines() {
        in_fence ^= line.starts_with("```");
        let _ = if line.starts_with('#') && !in_fence {
            writeln!(stdout, "{bold}{line}{bold:#}")
        } else {
            writeln!(stdout, "{line}")
        };
    }
    Ok(Ended::Clean)
}

fn list(to: &mut impl Write) {
    let width = CHECKS.iter().map(|check| check.name.len()).max().unwrap_or_default();
    for explanation in Explanation::all() {
        let check = explanation.check;
        let summary = explanation.summary();
        let _ = writeln!(to, "{:width$}  {:7}  {summary}", check.name, check.severity.name());
    }
    let _ = writeln!(to, "\n`alertbook explain CHECK` says more about one.");
}
