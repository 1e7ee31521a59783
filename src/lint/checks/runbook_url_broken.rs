//! A rule's runbook address leads to a page or a section that does not exist.
//!
//! This is the link that whoever is paged follows first. It is resolved offline against this site:
//! `base_url` and `hosts` say which addresses are its own, and all others are left alone. A path
//! without a host (`/alerts/DiskFull/`, `docs/runbooks/disks.md#full`) is judged where it leads to a
//! page, or to where other pages are. A query string is passed over; what a Go template fills in
//! can't be known, so an address with one in its path is not judged.
//!
//! # Example
//!
//! ```yaml
//! - alert: DiskFull
//!   expr: disk_free < 1
//!   annotations:
//!     runbook_url: https://runbooks.example.com/disks.html#full
//! ```
//!
//! # To fix it
//!
//! Write the address of the section to start at; `/alerts/<AlertName>/` below the base
//! address always leads there.

use super::{Check, InRuleFile, InSite, Needs, Run};
use crate::diag::suggest::letters;
use crate::diag::{Diagnostic, Severity};
use crate::lint::addresses::{
    no_such_section, nothing_there, relate_heading, suggest_fragment, suggest_path,
};
use crate::lint::renames;
use crate::lint::runbook_url::RunbookUrl;
use crate::rules::template::MASK;
use crate::site::address::encode_path;
use crate::site::{Claim, Destination, Resolved, Site};
use std::ops::Range;
use std::sync::Arc;

pub const CHECK: Check = Check {
    name: "runbook-url-broken",
    severity: Severity::Error,
    needs: Needs::Rules,
    run: Run::RuleFiles(run),
};

fn run(site: &Site) -> InRuleFile<'_> {
    Box::new(|open| {
        let check = |url: &RunbookUrl<'_>| Some(check(site, url)?.with_alert(url.alert));
        InSite { found: open.urls().iter().filter_map(check).collect(), ..InSite::default() }
    })
}

fn check(site: &Site, url: &RunbookUrl<'_>) -> Option<Diagnostic> {
    let RunbookUrl { alert, key, .. } = *url;
    let address = &*url.address;
    let place = |part: Range<usize>| url.place(part);
    let within = url.within.as_ref()?;
    let path_end = url.path_end();
    if url.has_open_path() {
        return None;
    }
    let whose = || format!("the `{key}` of the alert `{alert}` leads to");
    match within {
        Resolved::Missing { path } => {
            let message = format!("{} `{path}`, which {}", whose(), nothing_there(path));
            let found = Diagnostic::new(CHECK.name, place(0..path_end), message)
                .with_label("no such page or file");
            let page = site.alert_page(alert);
            let page = encode_path(&page);
            let own = format!("{}/{}", url.base(site), page.trim_end_matches("index.html"));
            if path.starts_with("alerts/") {
                return Some(found.with_help(format!("did you mean `{own}`?")));
            }
            let is_meant = site
                .path_like(path, None)
                .is_some_and(|(known, _)| !is_of_another(site, &known, alert));
            let help = match &site.alerts.get(alert)?.start {
                Some(_) => format!("`{own}` leads to the section to start at, wherever it is"),
                None => "write the runbook, or take the annotation out".to_owned(),
            };
            let found = found.with_help(help);
            let written = &address[..path_end];
            Some(if is_meant {
                suggest_path(site, None, written, path, None, found)
            } else {
                found
            })
        }
        // The links of runbooks may name the file that a page is written in; nobody publishes that.
        Resolved::Internal { destination: Destination::Page(page), .. }
            if address[..path_end].ends_with(".md") && is_published(site, address) =>
        {
            let path = &site.pages[*page].path;
            let message = format!("{} a Markdown file, which is published as `{path}`", whose());
            let help = format!("its address is `{}/{}`", url.base(site), encode_path(path));
            let found = Diagnostic::new(CHECK.name, place(0..path_end), message);
            Some(found.with_label("no page of the site").with_help(help))
        }
        Resolved::Internal { destination, fragment: Some(fragment), .. } => {
            let is_known = site.has_anchor(destination, fragment) != Some(false);
            if is_known || fragment.contains(MASK) {
                return None;
            }
            let which = no_such_section(site, "", destination);
            let at = address.find('#').unwrap_or(path_end);
            let message = format!("{} `#{fragment}`, {which}", whose());
            let diagnostic = Diagnostic::new(CHECK.name, place(at..address.len()), message);
            Some(explain(site, alert, destination, fragment, diagnostic))
        }
        Resolved::External | Resolved::Internal { .. } => None,
    }
}

/// Whether what stands at an output path is the own page of another alert: it is called like that
/// one. An alert that is gone may have become this one.
fn is_of_another(site: &Site, path: &str, alert: &str) -> bool {
    let Some(Destination::Page(page)) = site.at(path) else { return false };
    let stem = letters(site.pages[*page].stem());
    let is_own = |claim: &&Arc<Claim>| letters(&claim.name) == stem;
    let Some(own) = site.claims_on(*page).iter().find(is_own) else { return false };
    let became = || {
        let mut unknown = renames::unknown_on(site, *page);
        unknown.find(|unknown| std::ptr::eq(unknown.claim, &raw const **own))?.meant
    };
    let is_this = own.name == alert
        || own.alerts.iter().any(|name| name == alert)
        || became().is_some_and(|meant| meant.alert == alert);
    !is_this
}

/// Whether an address is one of the published site, and not of where its files are kept.
fn is_published(site: &Site, address: &str) -> bool {
    site.config.base_url.as_ref().is_some_and(|base| address.starts_with(base.as_str()))
}

/// Adds which section was meant: the one at which the alert's row starts, if it is on the page that
/// the address leads to.
fn explain(
    site: &Site,
    alert: &str,
    destination: &Destination,
    fragment: &str,
    found: Diagnostic,
) -> Diagnostic {
    let start = site.alerts.get(alert).and_then(|alert| alert.start.as_ref());
    let start = start.filter(|start| site.landing_pages(destination).contains(&start.page));
    match start.and_then(|start| start.fragment.as_deref()) {
        Some(section) => {
            let found = found
                .with_label("no such section")
                .with_help(format!("did you mean `#{section}`, where its runbook starts?"));
            relate_heading(site, destination, section, found)
        }
        None => suggest_fragment(site, destination, fragment, None, found),
    }
}
