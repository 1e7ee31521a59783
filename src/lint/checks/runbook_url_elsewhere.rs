//! A rule's runbook address leads to a page, or to a section, of another alert.
//!
//! Rules are made by copying others, and the address is forgotten. Whoever is paged lands in the
//! wrong place, and may not notice.
//!
//! A page that names the alert, or links to the page that documents it, is good enough; so is one
//! that another page calls its runbook, and a section that no other alert starts at.
//!
//! # Example
//!
//! ```yaml
//! - alert: WorkerLost
//!   expr: worker_up == 0
//!   annotations:
//!     runbook_url: https://runbooks.example.com/workers.html#drain-failed
//! ```
//!
//! where `WorkerDrainFailed` starts at `#drain-failed`, and `WorkerLost` at `#lost`.
//!
//! # To fix it
//!
//! Write the address of the section that the help names; `/alerts/<AlertName>/` below the base
//! address always leads there.

mod called_runbook;
mod links_of_pages;

use super::{Check, InRuleFile, InSite, Needs, Run};
use crate::diag::suggest::are_alike;
use crate::diag::{Diagnostic, Severity};
use crate::lint::runbook_url::RunbookUrl;
use crate::rules::template::MASK;
use crate::site::address::{encode_fragment, encode_path};
use crate::site::{Alert, Destination, Page, Resolved, Site};
use crate::source::Span;
use links_of_pages::LinksOfPages;
use std::collections::BTreeSet;

pub const CHECK: Check = Check {
    name: "runbook-url-elsewhere",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::RuleFiles(run),
};

fn run(site: &Site) -> InRuleFile<'_> {
    let links = LinksOfPages::new(site);
    Box::new(move |open| {
        let mut all = InSite::default();
        for url in open.urls() {
            all.found.extend(check(site, url, &links, &mut all.read));
        }
        all
    })
}

/// What is wrong with an address. The pages whose texts decide it are added to those that were `read`.
fn check(
    site: &Site,
    url: &RunbookUrl<'_>,
    links: &LinksOfPages<'_>,
    read: &mut BTreeSet<usize>,
) -> Option<Diagnostic> {
    let alert = site.alerts.get(url.alert)?;
    if url.has_open_path() || site.pages_of(alert).next().is_none() {
        return None;
    }
    let Resolved::Internal { destination, fragment, .. } = url.within.as_ref()? else {
        return None;
    };
    let whose = || format!("the `{}` of the alert `{}` leads to", url.key, url.alert);
    let message = match destination {
        Destination::Alert(other) if other != url.alert => {
            format!("{} the alert `{other}`", whose())
        }
        Destination::Page(_) | Destination::Alias(_) => {
            let pages = site.landing_pages(destination);
            let is_documenting = |page: &usize| site.pages_of(alert).any(|one| one == *page);
            match pages.iter().copied().find(is_documenting) {
                None => {
                    let documenting: BTreeSet<usize> = site.pages_of(alert).collect();
                    read.extend(documenting.iter().chain(pages));
                    let is_good = |page: usize| {
                        let is_called = |from: &usize| {
                            called_runbook::is_called_runbook(site, *from, url.alert, page)
                        };
                        names(&site.pages[page], url.alert)
                            || links.lead(page, url.alert, &documenting)
                            || documenting.iter().any(is_called)
                    };
                    if pages.iter().any(|page| is_good(*page)) {
                        return None;
                    }
                    let path = &site.pages[*pages.first()?].path;
                    format!("{} `{path}`, which does not document it", whose())
                }
                Some(page) => {
                    let fragment =
                        fragment.as_deref().filter(|it| !it.is_empty() && !it.contains(MASK))?;
                    let other = site.start_of_another(url.alert, page, fragment)?;
                    // What no rule is called may be this alert, misspelt: that is another finding.
                    site.alerts.get(other).filter(|other| !other.rules.is_empty())?;
                    format!("{} `#{fragment}`, where the alert `{other}` starts", whose())
                }
            }
        }
        _ => return None,
    };
    let found = Diagnostic::new(CHECK.name, url.place(0..url.address.len()), message)
        .with_alert(url.alert)
        .with_label("the runbook of something else");
    Some(explain(site, url, alert, found))
}

/// Whether a page names an alert anywhere, be it as its file or its title.
fn names(page: &Page, alert: &str) -> bool {
    // `Worker Drain Failed` is the title of a page about `WorkerDrainFailed`.
    let is_called = |text: &str| are_alike(text, alert);
    page.runbook.source().text().contains(alert) || is_called(page.stem()) || is_called(&page.title)
}

/// Adds where the alert is documented.
fn explain(site: &Site, url: &RunbookUrl<'_>, alert: &Alert, found: Diagnostic) -> Diagnostic {
    let Some(start) = &alert.start else { return found };
    let base = url.base(site);
    let page = &site.pages[start.page];
    let fragment = start.fragment.as_deref();
    let fragment = fragment.map(|it| format!("#{}", encode_fragment(it))).unwrap_or_default();
    let found =
        found.with_help(format!("its runbook is `{base}/{}{fragment}`", encode_path(&page.path)));
    match alert.claims.first().map(|claim| &site.claims[*claim]) {
        Some(claim) => found.with_related(claim.span.clone(), "documented here"),
        None => match alert.mentions.first().and_then(|it| Some((it.page, it.heading?))) {
            Some((page, heading)) => {
                let runbook = &site.pages[page].runbook;
                let range = runbook.headings[heading].range.clone();
                found.with_related(Span::new(runbook.source(), range), "named in this section")
            }
            None => found,
        },
    }
}
