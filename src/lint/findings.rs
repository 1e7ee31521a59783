//! What the checks find, kept by check and by page, so that a site of which a page says something
//! else need not be gone over as a whole.

use super::affected::{self, Affected};
use super::allow::{self, Allow};
use super::on_rules::{InRules, OnRules};
use super::open_page::{OpenPage, Tree};
use super::{CHECKS, Check, InPage, InRuleFile, InSite, Run, check_named};
use crate::diag::{Diagnostic, Report, Severity};
use crate::markdown::Document;
use crate::site::Site;
use crate::source::Span;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the checks that are on found in a site, whether its authors allow it or not.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Of the checks that go over the whole site, by their places in the registry.
    in_site: Vec<Arc<InSite>>,
    /// Of those that go over it page by page, and what of it the page allows.
    in_pages: Vec<Arc<OnPage>>,
    /// Of those that go over its rule files one by one.
    in_rules: Vec<Arc<OnRules>>,
    /// The `allow` comments of the rule files.
    allows_in_rules: Arc<Vec<Allow>>,
}

/// What there is on a page.
#[derive(Debug)]
pub struct OnPage {
    found: Vec<Diagnostic>,
    allows: Vec<Allow>,
}

/// The checks that are on in a site, on their way over its pages. What each page has may be found at any
/// time, by any thread.
pub struct InPages<'s> {
    site: &'s Site,
    checks: Vec<InPage<'s>>,
}

impl<'s> InPages<'s> {
    fn new(site: &'s Site, running: &[&Check]) -> Self {
        let checks = running.par_iter().filter_map(|check| check.in_pages(site)).collect();
        Self { site, checks }
    }

    /// What the checks find on the page of this index; and its tree, if one of them has read it.
    pub fn look_at(&self, page: usize) -> (OnPage, Option<Document>) {
        let tree = Tree::new();
        let open = OpenPage::new(self.site, page, &tree);
        let mut found: Vec<Diagnostic> = self.checks.iter().flat_map(|find| find(&open)).collect();
        found.shrink_to_fit();
        let found = OnPage { found, allows: allow::in_runbook(&open.page().runbook) };
        drop(open);
        (found, tree.into_inner())
    }

    /// Whether something on a page is an error, unless its authors allow it.
    pub fn may_be_error(&self, on_page: &OnPage) -> bool {
        let is_error = |found| matches!(severity(self.site, found), Some(Severity::Error));
        on_page.found.iter().any(is_error)
    }
}

impl Findings {
    /// Runs all checks that are on in this site.
    pub fn new(site: &Site) -> Self {
        Self::beside(site, |in_pages| {
            let pages = (0..site.pages.len()).into_par_iter();
            (pages.map(|page| in_pages.look_at(page).0).collect(), ())
        })
        .0
    }

    /// Runs all checks that are on in this site, where somebody else goes over its pages, and has more
    /// to do there: `go` gives what each of them has, in order, and whatever else it has made.
    pub fn beside<T: Send>(
        site: &Site,
        go: impl FnOnce(&InPages<'_>) -> (Vec<OnPage>, T) + Send,
    ) -> (Self, T) {
        let running = running(site);
        let ((in_site, in_rules), (in_pages, made)) = rayon::join(
            || {
                let found = running.par_iter().map(|check| Arc::new(check.run_on_site(site)));
                (found.collect(), InRules::new(site, &running).look_at_all())
            },
            || go(&InPages::new(site, &running)),
        );
        let in_pages = in_pages.into_iter().map(Arc::new).collect();
        let allows = site.rule_files.par_iter().flat_map_iter(|file| allow::in_rule_file(file));
        (Self { in_site, in_pages, in_rules, allows_in_rules: Arc::new(allows.collect()) }, made)
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
            let is_stale = matches!(check.run, Run::Anew(_)) || !before.read.is_disjoint(changed);
            if is_stale || point_there(&before.found) {
                Arc::new(check.run_on_site(site))
            } else {
                Arc::clone(before)
            }
        });
        let in_site = in_site.collect();
        let is_stale =
            |_, on_rules: &OnRules| on_rules.has_read(changed) || point_there(on_rules.found());
        let in_rules = InRules::new(site, &running).look_again(&self.in_rules, is_stale);
        self.with(in_site, in_rules, site, changed, &sources)
    }

    /// Runs the checks on a site that was put together anew after `before`, the one of these findings:
    /// on the pages and rule files that may have other findings, and on the whole site where a check may
    /// find something else. `None` where any page may have others.
    #[must_use]
    pub fn after(&self, before: &Site, site: &Site) -> Option<Self> {
        let affected = affected::between(before, site)?;
        let pages = affected.changed.iter().map(|page| site.pages[*page].runbook.source().path());
        let sources: BTreeSet<&str> = pages.collect();
        let point_there = |found: &[Diagnostic]| found.iter().any(|one| points_to(one, &sources));
        let running = running(site);
        let in_site = running.par_iter().zip(&self.in_site).map(|(check, before)| {
            if check.reads_what_is_other(before, &affected) || point_there(&before.found) {
                Arc::new(check.run_on_site(site))
            } else {
                Arc::clone(before)
            }
        });
        let in_site = in_site.collect();
        let raising = affected.rule_files(site);
        let is_stale =
            |file, on_rules: &OnRules| raising.contains(&file) || on_rules.may_be_other(&affected);
        let in_rules = InRules::new(site, &running).look_again(&self.in_rules, is_stale);
        Some(self.with(in_site, in_rules, site, &affected.pages, &sources))
    }

    /// These findings with others in the whole site and in its rules, on some pages, and where they point
    /// to other sources.
    fn with(
        &self,
        in_site: Vec<Arc<InSite>>,
        in_rules: Vec<Arc<OnRules>>,
        site: &Site,
        pages: &BTreeSet<usize>,
        sources: &BTreeSet<&str>,
    ) -> Self {
        let checks = InPages::new(site, &running(site));
        let look_again = |(page, found): (usize, &Arc<OnPage>)| {
            if pages.contains(&page) || found.found.iter().any(|one| points_to(one, sources)) {
                Arc::new(checks.look_at(page).0)
            } else {
                Arc::clone(found)
            }
        };
        let in_pages = self.in_pages.par_iter().enumerate().map(look_again).collect();
        Self { in_site, in_pages, in_rules, allows_in_rules: Arc::clone(&self.allows_in_rules) }
    }

    /// What is left of them where the authors of the site allow some, with how bad each is.
    pub fn report(&self, site: &Site) -> Report {
        let running = running(site);
        let in_pages = self.in_pages.iter().flat_map(|page| &page.found);
        let in_site = self.in_site.iter().flat_map(|in_site| &in_site.found);
        let in_rules = self.in_rules.iter().flat_map(|on_rules| on_rules.found());
        let found = in_site.chain(in_pages).chain(in_rules).cloned().collect();
        let in_pages = self.in_pages.iter().flat_map(|page| &page.allows);
        let allows: Vec<&Allow> = in_pages.chain(self.allows_in_rules.iter()).collect();
        let was_run = |name: &str| {
            running.iter().any(|check| check.name == name && !check.needs.may_be_missing())
        };
        let (mut found, complaints) = allow::apply(&allows, found, was_run);
        found.extend(complaints);
        let entries = found
            .into_iter()
            .filter_map(|diagnostic| Some((severity(site, &diagnostic)?, diagnostic)));
        let mut entries: Vec<(Severity, Diagnostic)> = entries.collect();
        // A captured text is read wherever it is used, and has its findings each time; a filter may
        // have changed the case of what they say.
        entries.sort_by(|(_, a), (_, b)| place(a).cmp(&place(b)));
        entries.dedup_by(|(severity, next), (kept_severity, kept)| {
            let is_same = (&kept.span, kept.check) == (&next.span, next.check)
                && kept.message.to_lowercase() == next.message.to_lowercase();
            if is_same && kept.message != next.message && next.message.contains(next.span.text()) {
                std::mem::swap(next, kept);
                std::mem::swap(severity, kept_severity);
            }
            is_same
        });
        Report::new(entries)
    }
}

/// The checks that are on in a site.
fn running(site: &Site) -> Vec<&'static Check> {
    let runs = |check: &&Check| {
        (site.has_rules() || !check.needs.has_rules()) && site.config.levels.is_on(check.name)
    };
    CHECKS.iter().filter(runs).collect()
}

/// How bad a finding is in a site, if it counts there at all.
fn severity(site: &Site, found: &Diagnostic) -> Option<Severity> {
    let check = check_named(found.check)?;
    site.config.levels.severity(check.name, found.span.source().path(), check.severity)
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
    fn run_on_site(&self, site: &Site) -> InSite {
        match self.run {
            Run::Site(run)
            | Run::Rules(run)
            | Run::Titles(run)
            | Run::Both(run, _)
            | Run::RulesAndPages(run, _)
            | Run::Anew(run) => InSite { found: run(site), ..InSite::default() },
            Run::Texts(run) | Run::Addresses(run) => run(site),
            Run::Page(_) | Run::Pages(_) | Run::RuleFiles(_) => InSite::default(),
        }
    }

    /// Whether a check that found this in a whole site may find something else where this is other.
    fn reads_what_is_other(&self, before: &InSite, affected: &Affected<'_>) -> bool {
        match self.run {
            Run::Site(_) | Run::Both(..) | Run::Anew(_) | Run::Texts(_) => true,
            Run::Titles(_) => affected.has_other_titles,
            Run::Addresses(_) => affected.has_other_alerts || !before.read.is_empty(),
            Run::Rules(_)
            | Run::RulesAndPages(..)
            | Run::Page(_)
            | Run::Pages(_)
            | Run::RuleFiles(_) => false,
        }
    }

    fn in_pages<'s>(&self, site: &'s Site) -> Option<InPage<'s>> {
        match self.run {
            Run::Page(run) => Some(Box::new(run)),
            Run::Pages(in_pages) | Run::Both(_, in_pages) | Run::RulesAndPages(_, in_pages) => {
                Some(in_pages(site))
            }
            _ => None,
        }
    }

    pub(super) fn in_rule_files<'s>(&self, site: &'s Site) -> Option<InRuleFile<'s>> {
        match self.run {
            Run::RuleFiles(in_rule_files) => Some(in_rule_files(site)),
            _ => None,
        }
    }
}
