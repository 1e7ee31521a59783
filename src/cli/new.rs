//! `alertbook new`: the runbook section of an alert, begun from its rule.

use super::{Ended, SiteArguments, checked, not_raised, project};
use crate::diag::suggest::did_you_mean;
use crate::failure::Failure;
use crate::output::{self, ChangedFile, write_new};
use crate::paths::{absolute, shown};
use crate::pipeline::Project;
use crate::scaffold::Scaffold;
use crate::site::{Page, RecordedLabels, Site};
use crate::source::Span;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The alert, as its rule names it
    alert: String,
    /// The runbook that gets the section, and a row in its alert table [default: a new one]
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    #[command(flatten)]
    site: SiteArguments,
}

pub(super) fn run(site: PathBuf, arguments: &NewArguments) -> Result<Ended, Failure> {
    let project = project(site, &arguments.site, None);
    let checked = checked(&project)?;
    let (site, alert) = (&checked.site, arguments.alert.as_str());
    let recorded = RecordedLabels::new(site);
    let scaffold = Scaffold::new(site, &recorded, alert).ok_or_else(|| not_raised(alert, site))?;
    if let Some(place) = documented(site, alert) {
        return Err(Failure::Usage(format!(
            "the alert `{alert}` is documented already, at {place}"
        )));
    }
    let said = match &arguments.page {
        Some(file) => append(&project, &scaffold, page(&project, site, file)?),
        None => begin(&project, &scaffold, &site.config.content.path),
    };
    anstream::println!("{}", said?);
    anstream::println!("Next: fill in what it says TODO at.");
    Ok(Ended::Clean)
}

/// Where a runbook documents an alert, by saying so or by a section of its name.
fn documented(site: &Site, alert: &str) -> Option<String> {
    let claims = site.alerts.get(alert).into_iter().flat_map(|alert| &alert.claims);
    let claimed =
        claims.filter_map(|claim| site.claims.get(*claim)).map(|claim| claim.span.clone());
    let sections = site.pages.iter().flat_map(|page| {
        let named = page.runbook.headings.iter().filter(|heading| heading.text.trim() == alert);
        named.map(|heading| Span::new(page.runbook.source(), heading.range.clone()))
    });
    let place = claimed.chain(sections).next()?;
    Some(format!("{}:{}", place.source().path(), place.start().line))
}

/// The page that a file is, named from here, from the site or from its content.
fn page<'s>(project: &Project, site: &'s Site, file: &Path) -> Result<&'s Page, Failure> {
    let place = |page: &Page| absolute(&project.site.join(page.runbook.source().path()));
    let content = project.site.join(&site.config.content.path);
    let named = [absolute(file), absolute(&project.site.join(file)), absolute(&content.join(file))];
    let found = named.iter().find_map(|named| site.pages.iter().find(|page| place(page) == *named));
    found.map(|page| &**page).ok_or_else(|| {
        let paths = site.pages.iter().map(|page| page.runbook.source().path());
        let help = did_you_mean(&file.to_string_lossy(), paths);
        let help = help.map_or_else(String::new, |help| format!("\n\nhelp: {help}"));
        Failure::Usage(format!("`{}` is no runbook of this site{help}", file.display()))
    })
}

/// Writes the section into a page that is there.
fn append(project: &Project, scaffold: &Scaffold<'_>, page: &Page) -> Result<String, Failure> {
    let path = page.runbook.source().path();
    let mut file = ChangedFile::read(&project.site, path)?
        .ok_or_else(|| Failure::World(format!("{path} is not UTF-8")))?;
    let extended = scaffold.appended_to(&page.runbook, &file.before);
    file.after = extended.text;
    output::rewrite(&[file])?;
    let row = if extended.has_row { ", with a row in its alert table" } else { "" };
    Ok(format!("Wrote a section into {path}{row}."))
}

/// Writes a page of its own.
fn begin(project: &Project, scaffold: &Scaffold<'_>, content: &str) -> Result<String, Failure> {
    let path = match content {
        "." => scaffold.file_name(),
        folder => format!("{folder}/{}", scaffold.file_name()),
    };
    write_new(&project.site, &[(&path, &scaffold.page())]).map_err(|failure| match failure {
        Failure::Usage(message) => {
            Failure::Usage(format!("{message}\n\nhelp: --page FILE adds a section to a runbook"))
        }
        other => other,
    })?;
    Ok(format!("Wrote {}.", shown(&project.site.join(&path))))
}
