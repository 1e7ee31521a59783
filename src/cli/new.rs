//! `alertbook new`: the runbook section of an alert, begun from its rule.

use super::{Ended, SiteArguments, checked, complain, fail, not_raised, project, unpublished};
use crate::diag::suggest::did_you_mean;
use crate::load::{self, absolute, shown};
use crate::output::{self, PublishError, Rewrite, write_new};
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

pub(super) fn run(site: PathBuf, arguments: &NewArguments) -> Ended {
    let project = project(site, &arguments.site, None);
    let checked = match checked(&project) {
        Ok(checked) => checked,
        Err(ended) => return ended,
    };
    let (site, alert) = (&checked.site, arguments.alert.as_str());
    let recorded = RecordedLabels::new(site);
    let Some(scaffold) = Scaffold::new(site, &recorded, alert) else {
        return not_raised(alert, site);
    };
    if let Some(place) = documented(site, alert) {
        complain(&format!("the alert `{alert}` is documented already, at {place}"));
        return Ended::Usage;
    }
    let written = match &arguments.page {
        Some(file) => match page(&project, site, file) {
            Ok(page) => append(&project, &scaffold, page),
            Err(message) => {
                complain(&message);
                return Ended::Usage;
            }
        },
        None => begin(&project, &scaffold, &site.config.content.path),
    };
    match written {
        Ok(said) => anstream::println!("{said}"),
        Err(ended) => return ended,
    }
    anstream::println!("Next: fill in what it says TODO at.");
    Ended::Clean
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
fn page<'s>(project: &Project, site: &'s Site, file: &Path) -> Result<&'s Page, String> {
    let place = |page: &Page| absolute(&project.site.join(page.runbook.source().path()));
    let content = project.site.join(&site.config.content.path);
    let named = [absolute(file), absolute(&project.site.join(file)), absolute(&content.join(file))];
    let found = named.iter().find_map(|named| site.pages.iter().find(|page| place(page) == *named));
    found.map(|page| &**page).ok_or_else(|| {
        let paths = site.pages.iter().map(|page| page.runbook.source().path());
        let help = did_you_mean(&file.to_string_lossy(), paths);
        let help = help.map_or_else(String::new, |help| format!("\n\nhelp: {help}"));
        format!("`{}` is no runbook of this site{help}", file.display())
    })
}

/// Writes the section into a page that is there.
fn append(project: &Project, scaffold: &Scaffold<'_>, page: &Page) -> Result<String, Ended> {
    let path = page.runbook.source().path();
    let place = project.site.join(path);
    let before = match load::stored_text(&place) {
        Ok(Some(text)) => text,
        Ok(None) => {
            complain(&format!("{path} is not UTF-8"));
            return Err(Ended::World);
        }
        Err(error) => return Err(fail(&error)),
    };
    let extended = scaffold.appended_to(&page.runbook, &before);
    let rewrite = Rewrite { place: &place, before: &before, after: &extended.text };
    output::rewrite(&[rewrite]).map_err(|error| unpublished(&error))?;
    let row = if extended.has_row { ", with a row in its alert table" } else { "" };
    Ok(format!("Wrote a section into {path}{row}."))
}

/// Writes a page of its own.
fn begin(project: &Project, scaffold: &Scaffold<'_>, content: &str) -> Result<String, Ended> {
    let path = match content {
        "." => scaffold.file_name(),
        folder => format!("{folder}/{}", scaffold.file_name()),
    };
    write_new(&project.site, &[(&path, &scaffold.page())]).map_err(|error| match &error {
        PublishError::Refused(message) => {
            complain(&format!("{message}\n\nhelp: --page FILE adds a section to a runbook"));
            Ended::Usage
        }
        PublishError::World(_) => unpublished(&error),
    })?;
    Ok(format!("Wrote {}.", shown(&project.site.join(&path))))
}
