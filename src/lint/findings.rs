//! What the checks find, kept by check and by page, so that a site of which a page says something
//! else need not be gone over as a whole.

use super::{CHECKS, Check, InPage, Run, allow, find};
use crate::diag::{Diagnostic, Report, Severity};
use crate::site::Site;
use crate::source::Span;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the checks that are on found in a site, whether its authors allow it or not.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Of the checks that go over the whole site, by their places in the registry.
    in_site: Vec<Arc<Vec<Diagnostic>>>,
    /// Of those that go over it page by page.
    in_pages: Vec<Arc<Vec<Diagnostic>>>,
}

impl Findings {
    /// Runs all checks that are on in this site.
    pub fn new(site: &Site) -> Self {
        let running = running(site);
        let (in_site, in_pages) = rayon::join(
            || {
                let found = running.par_iter().map(|check| Arc::new(check.run_on_site(site)));
                found.collect()
            },
            || {
                let in_page: Vec<InPage<'_>> =
                    running.par_iter().filter_map(|check| check.in_pages(site)).collect();
                let pages = (0..site.pages.len()).into_par_iter();
                pages.map(|page| Arc::new(on_page(&in_page, page))).collect()
            },
        );
        Self { in_site, in_pages }
    }

    /// Runs the checks again on a site that [`Site::with_runbooks`] made of the one of these
    /// findings, with other runbooks for the pages `changed`.
    #[must_use]
    pub fn again(&self, site: &Site, changed: &BTreeSet<usize>) -> Self {
        let running = running(site);
        let pages = changed.iter().map(|page| site.pages[*page].runbook.source().path());
        let sources: BTreeSet<&str> = pages.collect();
        let point_there = |found: &[Diagnostic]| found.iter().any(|one| points_to(one, &sources));
        let in_site = running.par_iter().zip(&self.in_site).map(|(check, before)| {
            if matches!(check.run, Run::Anew(_)) || point_there(before) {
                Arc::new(check.run_on_site(site))
            } else {
                Arc::clone(before)
            }
        });
        let in_site = in_site.collect();
        let in_page: Vec<InPage<'_>> =
            running.par_iter().filter_map(|check| check.in_pages(site)).collect();
        let mut in_pages = self.in_pages.clone();
        for (page, found) in in_pages.iter_mut().enumerate() {
            if changed.contains(&page) || point_there(found) {
                *found = Arc::new(on_page(&in_page, page));
            }
        }
        Self { in_site, in_pages }
    }

    /// What is left of them where the authors of the site allow some, with how bad each is.
    pub fn report(&self, site: &Site) -> Report {
        let running = running(site);
        let all = self.in_site.iter().chain(&self.in_pages);
        let found = all.flat_map(|found| found.iter().cloned()).collect();
        let was_run =
            |name: &str| running.iter().any(|check| check.name == name && !check.may_be_silent());
        let (mut found, complaints) = allow::apply(site, found, was_run);
        found.extend(complaints);
        let entries = found.into_iter().filter_map(|diagnostic| {
            let check = find(diagnostic.check)?;
            let path = diagnostic.span.source().path();
            let severity = site.config.levels.severity(check.name, path, check.severity)?;
            Some((severity, diagnostic))
        });
        let mut entries: Vec<(Severity, Diagnostic)> = entries.collect();
        // A captured text is read wherever it is used, and has its findings each time.
        entries.sort_by(|(_, a), (_, b)| place(a).cmp(&place(b)));
        entries.dedup_by(|(_, a), (_, b)| place(a) == place(b));
        Report::new(entries)
    }
}

/// The checks that are on in a site.
fn running(site: &Site) -> Vec<&'static Check> {
    let runs = |check: &&Check| {
        (site.has_rules() || !check.needs_rules) && site.config.levels.is_on(check.name)
    };
    CHECKS.iter().filter(runs).collect()
}

fn on_page(in_page: &[InPage<'_>], page: usize) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = in_page.iter().flat_map(|find| find(page)).collect();
    found.shrink_to_fit();
    found
}

/// Whether any place of a finding is in one of these files.
fn points_to(found: &Diagnostic, sources: &BTreeSet<&str>) -> bool {
    let related = found.related.iter().map(|related| &related.span);
    std::iter::once(&found.span).chain(related).any(|span| sources.contains(span.source().path()))
}

/// What makes two findings the same.
fn place(found: &Diagnostic) -> (&Span, &str, &str) {
    (&found.span, found.check, &found.message)
}

impl Check {
    fn run_on_site(&self, site: &Site) -> Vec<Diagnostic> {
        match self.run {
            Run::Site(run) | Run::Both(run, _) | Run::Anew(run) => run(site),
            Run::Pages(_) => Vec::new(),
        }
    }

    fn in_pages<'s>(&self, site: &'s Site) -> Option<InPage<'s>> {
        match self.run {
            Run::Pages(in_pages) | Run::Both(_, in_pages) => Some(in_pages(site)),
            Run::Site(_) | Run::Anew(_) => None,
        }
    }
}
