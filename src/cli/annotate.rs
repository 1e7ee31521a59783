//! `alertbook annotate`: the links to runbooks that rules should have, shown or written.

use super::mend::print_difference;
use super::{Ended, SiteArguments, checked, count, not_raised, project};
use crate::annotate::{self, Annotated, Change, Left};
use crate::diag::fix::{self, Fix};
use crate::failure::Failure;
use crate::output::{self, ChangedFile};
use crate::pipeline::Project;
use crate::rules::Rule;
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct AnnotateArguments {
    /// The alerts whose rules are looked at [default: all]
    #[arg(value_name = "ALERT")]
    alerts: Vec<String>,
    /// Write the annotations into the rule files
    #[arg(long, conflicts_with = "diff")]
    write: bool,
    /// Show what --write would change as a difference, and change nothing
    #[arg(long)]
    diff: bool,
    #[command(flatten)]
    site: SiteArguments,
}

pub(super) fn run(site: PathBuf, arguments: &AnnotateArguments) -> Result<Ended, Failure> {
    let project = project(site, &arguments.site, None);
    let checked = checked(&project)?;
    let site = &checked.site;
    let Some(base_url) = &site.config.base_url else {
        let message = "links need to know where the site is published\n\n\
                       help: write it as `base_url` in alertbook.yaml, or give --base-url URL";
        return Err(Failure::Usage(message.to_owned()));
    };
    let raised = site.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
    let raised: BTreeSet<&str> = raised.map(|(name, _)| name.as_str()).collect();
    for alert in &arguments.alerts {
        if !raised.contains(alert.as_str()) {
            return Err(not_raised(alert, site));
        }
    }
    let only = arguments.alerts.iter().map(String::as_str).collect();
    let annotated = annotate::annotate(site, base_url, &only);
    let files = changed_files(&project, &annotated)?;
    let mut stdout = anstream::stdout();
    if arguments.diff {
        for file in &files {
            print_difference(file, &mut stdout);
        }
    } else {
        for change in &annotated.changes {
            print_change(change, &mut stdout);
        }
    }
    if arguments.write {
        output::rewrite(&files)?;
    }
    let summary = summary(&annotated, files.len(), arguments.write);
    anstream::eprintln!("{summary}");
    Ok(if arguments.write || files.is_empty() { Ended::Clean } else { Ended::Findings })
}

/// The files with their annotations written.
fn changed_files(
    project: &Project,
    annotated: &Annotated<'_>,
) -> Result<Vec<ChangedFile>, Failure> {
    let mut by_path: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for change in &annotated.changes {
        by_path.entry(change.fix.path()).or_default().push(&change.fix);
    }
    let mut files = Vec::new();
    for (path, fixes) in by_path {
        let file = ChangedFile::read(&project.site, path)?
            .ok_or_else(|| Failure::World(format!("{path} is not UTF-8")))?;
        let text = fixes[0].edits()[0].span().source().text();
        files.push(file.with_text(&fix::apply(text, &fixes).text));
    }
    Ok(files)
}

fn print_change(change: &Change<'_>, to: &mut impl Write) {
    let Change { rule, key, before, after, .. } = change;
    let bold = anstyle::Style::new().bold();
    let colored = |color: anstyle::AnsiColor| anstyle::Style::new().fg_color(Some(color.into()));
    let (red, green) = (colored(anstyle::AnsiColor::Red), colored(anstyle::AnsiColor::Green));
    let _ = writeln!(to, "{bold}{}{bold:#} {}", rule.name(), place(rule));
    if let Some(before) = before.as_ref().filter(|before| !before.is_empty()) {
        let _ = writeln!(to, "  {red}- {key}: {before}{red:#}");
    }
    let _ = writeln!(to, "  {green}+ {key}: {after}{green:#}");
}

fn place(rule: &Rule) -> String {
    let span = rule.name().span();
    format!("{}:{}", span.source().path(), span.start().line)
}

/// What was done or would be, and what was left.
fn summary(annotated: &Annotated<'_>, files: usize, written: bool) -> String {
    let changes = count(annotated.changes.len(), "annotation");
    let files = count(files, "file");
    let mut lines = vec![match (annotated.rules, annotated.changes.len(), written) {
        (0, _, _) => "There are no alerting rules in files.".to_owned(),
        (_, 0, _) => {
            format!("Nothing to annotate in {}.", count(annotated.rules, "alerting rule"))
        }
        (_, _, true) => format!("Wrote {changes} in {files}."),
        (_, _, false) => format!("Would write {changes} in {files}; --write does."),
    }];
    let mut left: BTreeMap<Left, Vec<&Rule>> = BTreeMap::new();
    for (rule, why) in &annotated.left {
        left.entry(*why).or_default().push(rule);
    }
    for (why, rules) in left {
        let rules: Vec<String> =
            rules.iter().map(|rule| format!("  {} {}", rule.name(), place(rule))).collect();
        lines.push(format!("Left as they are, {}:\n{}", reason(why), rules.join("\n")));
    }
    lines.join("\n")
}

fn reason(why: Left) -> &'static str {
    match why {
        Left::Undocumented => "since no runbook documents the alert",
        Left::External => "since the address leads to another site",
        Left::Label => "since the address is a label, in which Prometheus fills nothing in",
        Left::Shared => "since an alias of YAML makes rules share an annotation that should differ",
        Left::Unusual => "since the YAML is written in a way that is left to people",
    }
}
