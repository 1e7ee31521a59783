//! Two things of the site have one address, or addresses that differ by case alone.
//!
//! One of the two is not published: of a page and a file, the file. Where the case alone differs
//! both are, but on Windows and macOS one overwrites the other, also when somebody unpacks a copy
//! of the site there. A page below `alerts/` may take the address of an alert, and the link that a
//! page out of hours carries then leads to it and not to the section to start at. The start page
//! and the page for wrong addresses are there to be replaced, so nothing is said about those.
//!
//! # Example
//!
//! ```text
//! content/armada/Workers.md
//! content/armada/workers.md
//! ```
//!
//! # To fix it
//!
//! Rename one of the two, or move the page out of `alerts/`.

use super::{Check, InSite, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::site::{Destination, Page, Site, address};
use crate::source::{Source, Span};
use rayon::prelude::*;

pub const CHECK: Check = Check {
    name: "address-collision",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Addresses(run),
};

/// What wants an address.
#[derive(Clone, Copy)]
enum Claimant<'s> {
    /// A page of an author.
    Page(&'s Page),
    /// A file of an author, which is copied.
    File,
    /// The address of an alert.
    Alert(&'s str),
    /// The list of all alerts.
    AlertList,
    /// The list of pages and alerts for other programs.
    Manifest,
    /// A page that is made unless an author has written one.
    Replaceable,
}

/// An output path and who wants it, those first who get it.
type Address<'s> = (&'s str, Vec<Claimant<'s>>);

fn run(site: &Site) -> InSite {
    let alerts: Vec<(String, &str)> =
        site.alerts.keys().map(|name| (site.alert_page(name), name.as_str())).collect();
    let manifest = [(address::MANIFEST, Claimant::Manifest)];
    let pages = site.pages.iter().map(|page| (page.path.as_str(), Claimant::Page(page)));
    let files = site.files.iter().map(|path| (path.as_str(), Claimant::File));
    let alerts = alerts.iter().map(|(path, name)| (path.as_str(), Claimant::Alert(name)));
    let generated = address::LISTINGS.map(|path| match path {
        address::ALERTS => (path, Claimant::AlertList),
        _ => (path, Claimant::Replaceable),
    });
    let all = manifest.into_iter().chain(pages).chain(files).chain(alerts).chain(generated);
    let mut all: Vec<(String, &str, Claimant<'_>)> =
        all.map(|(path, claimant)| (path.to_lowercase(), path, claimant)).collect();
    // Who want one address stay in their order.
    all.par_sort_by(|(a_lower, a, _), (b_lower, b, _)| (a_lower, a).cmp(&(b_lower, b)));
    let mut in_site = InSite::default();
    // Nearly every address is wanted once.
    for alike in all.chunk_by(|(a, ..), (b, ..)| a == b).filter(|alike| alike.len() > 1) {
        let same = alike.chunk_by(|(_, a, _), (_, b, _)| a == b);
        let twins: Vec<Address<'_>> =
            same.map(|same| (same[0].1, same.iter().map(|(.., it)| *it).collect())).collect();
        for (path, claimants) in &twins {
            if let [winner, losers @ ..] = claimants.as_slice() {
                let one_address = |loser| one_address(site, path, *winner, loser);
                in_site.found.extend(losers.iter().filter_map(|loser| one_address(*loser)));
                // This is a fault unless the alert starts there.
                let has_alert = losers.iter().any(|loser| matches!(loser, Claimant::Alert(_)));
                let Some(Destination::Page(page)) = site.at(path) else { continue };
                in_site.read.extend(has_alert.then_some(*page));
            }
        }
        if let [first, others @ ..] = twins.as_slice() {
            in_site.found.extend(others.iter().filter_map(|other| case_alone(site, first, other)));
        }
    }
    in_site
}

/// The finding about two that want the same address.
fn one_address(
    site: &Site,
    path: &str,
    winner: Claimant<'_>,
    loser: Claimant<'_>,
) -> Option<Diagnostic> {
    let place = place(site, path, winner).or_else(|| place(site, path, loser))?;
    let thing = if matches!(winner, Claimant::Page(_)) { "page" } else { "file" };
    let (message, help) = match (winner, loser) {
        (Claimant::Page(_), Claimant::File) => {
            let file = source_path(site, path);
            let message = format!(
                "this page and the file `{file}` have one address, `{path}`; the page is published \
                 and the file is not"
            );
            (message, "rename one of the two")
        }
        (Claimant::Manifest, _) => {
            let message = format!(
                "this file has the address `{path}`, where alertbook lists pages and alerts for \
                 other programs; the list is published and the file is not"
            );
            (message, "rename the file")
        }
        (Claimant::Page(_) | Claimant::File, Claimant::AlertList) if !site.alerts.is_empty() => (
            format!("this {thing} takes the place of the overview of all alerts, `{path}`"),
            "move it out of `alerts/`",
        ),
        (Claimant::Page(_) | Claimant::File, Claimant::Alert(alert)) => {
            if let Claimant::Page(page) = winner
                && starts_at(site, alert, page)
            {
                return None;
            }
            let message = format!(
                "this {thing} takes the address of the alert `{alert}`, which no longer leads to \
                 where its readers start"
            );
            (message, "move it out of `alerts/`")
        }
        _ => return None,
    };
    let found = Diagnostic::new(CHECK.name, place, message).with_help(help);
    Some(match loser {
        Claimant::Alert(alert) => found.with_alert(alert),
        _ => found,
    })
}

/// Whether the readers of an alert start on a page, or nowhere else.
fn starts_at(site: &Site, alert: &str, page: &Page) -> bool {
    let start = site.alerts.get(alert).and_then(|alert| alert.start.as_ref());
    start.and_then(|start| site.pages.get(start.page)).is_none_or(|at| at.path == page.path)
}

/// The finding about two addresses that differ by case alone.
fn case_alone(site: &Site, first: &Address<'_>, other: &Address<'_>) -> Option<Diagnostic> {
    let of = |(path, claimants): &Address<'_>| place(site, path, *claimants.first()?);
    let (place, related) = match (of(other), of(first)) {
        (Some(place), related) => (place, related),
        (None, Some(place)) => (place, None),
        (None, None) => return None,
    };
    let message = format!(
        "the addresses `{}` and `{}` differ by case alone; where the file system does not tell \
         them apart, one overwrites the other",
        first.0, other.0
    );
    let found = Diagnostic::new(CHECK.name, place, message).with_help("rename one of the two");
    Some(match related {
        Some(related) => found.with_related(related, "the other one"),
        None => found,
    })
}

/// Where an author can do something about a claim.
fn place(site: &Site, path: &str, claimant: Claimant<'_>) -> Option<Span> {
    match claimant {
        Claimant::Page(page) => {
            let source = page.runbook.source();
            let first = source.text().lines().next().map_or(0, str::len);
            Some(Span::new(source, 0..first))
        }
        // What is in a copied file is not known; it is the file as a whole that stands in the way.
        Claimant::File => Some(Span::new(&Source::new(source_path(site, path), ""), 0..0)),
        Claimant::Alert(_) | Claimant::AlertList | Claimant::Manifest | Claimant::Replaceable => {
            None
        }
    }
}

/// The path of a copied file, relative to the site.
fn source_path(site: &Site, path: &str) -> String {
    match site.config.content.path.as_str() {
        "." => path.to_owned(),
        content => format!("{content}/{path}"),
    }
}
