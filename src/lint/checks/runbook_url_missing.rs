//! A rule has no runbook address, where the others of its site have one.
//!
//! Whoever is paged by it has to search. Nothing is said on a site none of whose rules leads to it:
//! there, people find their runbooks in another way. Nor of an alert that no runbook documents
//! (`undocumented-alert` says that).
//!
//! `TBD` and its like are no addresses either.
//!
//! # Example
//!
//! ```yaml
//! - alert: DiskFull
//!   expr: disk_free < 1
//!   annotations:
//!     summary: The disk is full.
//! ```
//!
//! while a runbook documents `DiskFull`, and the site's other rules have a `runbook_url`.
//!
//! # To fix it
//!
//! Write the address of the section to start at; `/alerts/<AlertName>/` below the base address always
//! leads there.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::runbook_url;
use crate::rules::Rule;
use crate::site::Site;
use crate::site::address::encode_path;

pub const CHECK: Check = Check {
    name: "runbook-url-missing",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut leads_here = false;
    for url in runbook_url::all(site) {
        leads_here = leads_here || url.within(site).is_some();
        if is_promise(&url.address) {
            let message = format!("the `{}` of the alert `{}` is no address", url.key, url.alert);
            found.push(
                Diagnostic::new(CHECK.name, url.text.span().clone(), message)
                    .with_alert(url.alert)
                    .with_help(help(site, url.alert)),
            );
        }
    }
    if leads_here {
        found.extend(site.rules().filter_map(|rule| missing(site, rule)));
    }
    found
}

fn missing(site: &Site, rule: &Rule) -> Option<Diagnostic> {
    let name = rule.alert_name()?;
    let alert = site.alerts.get(name.as_str())?;
    alert.start.as_ref()?;
    if site.runbook_annotation(rule).is_some() {
        return None;
    }
    let message = format!("the alert `{name}` does not lead to its runbook");
    Some(
        Diagnostic::new(CHECK.name, name.span().clone(), message)
            .with_label("has no runbook address")
            .with_alert(name.as_str())
            .with_help(help(site, name.as_str())),
    )
}

fn help(site: &Site, alert: &str) -> String {
    let key = site.config.runbook_annotations.first().map_or("runbook_url", String::as_str);
    let page = encode_path(&site.alert_page(alert));
    let folder = page.trim_end_matches("index.html");
    let base = site.config.base_url.as_deref().unwrap_or_default();
    format!("add the annotation `{key}: {base}/{folder}`")
}

/// Whether a text stands where an address will be.
fn is_promise(text: &str) -> bool {
    /// The longest word of those below.
    const LONGEST: usize = 5;
    let letters = || text.chars().filter(|c| c.is_alphanumeric());
    if letters().nth(LONGEST).is_some() {
        return false;
    }
    let word: String = letters().collect();
    matches!(
        word.to_lowercase().as_str(),
        "" | "tbd" | "tba" | "todo" | "na" | "none" | "null" | "fixme" | "xxx"
    )
}
