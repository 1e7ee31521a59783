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

use super::{Check, InRuleFile, InSite, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::runbook_url::{self, RunbookUrl};
use crate::rules::Rule;
use crate::site::Site;
use crate::site::address::encode_path;
use crate::yaml::Text;
use std::sync::OnceLock;

pub const CHECK: Check = Check {
    name: "runbook-url-missing",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::RuleFiles(run),
};

fn run(site: &Site) -> InRuleFile<'_> {
    // Whether any rule leads to this site; otherwise its rules are not meant to.
    let leads_here = OnceLock::new();
    let leads_here =
        move || *leads_here.get_or_init(|| runbook_url::all(site).any(|url| url.within.is_some()));
    Box::new(move |open| {
        let promises = open.urls().iter().filter(|url| is_promise(&url.address));
        let mut found: Vec<Diagnostic> = promises.map(|url| promise(site, url)).collect();
        let without = open.file.rules().filter(|rule| is_without(site, rule) && leads_here());
        found.extend(without.map(|rule| missing(site, rule.name())));
        InSite { found, ..InSite::default() }
    })
}

fn promise(site: &Site, url: &RunbookUrl<'_>) -> Diagnostic {
    let message = format!("the `{}` of the alert `{}` is no address", url.key, url.alert);
    Diagnostic::new(CHECK.name, url.text.span().clone(), message)
        .with_alert(url.alert)
        .with_help(help(site, url.alert))
}

/// Whether a rule has no address though there is a runbook.
fn is_without(site: &Site, rule: &Rule) -> bool {
    let alert = rule.alert_name().and_then(|name| site.alerts.get(name.as_str()));
    alert.is_some_and(|alert| alert.start.is_some()) && site.runbook_annotation(rule).is_none()
}

fn missing(site: &Site, name: &Text) -> Diagnostic {
    let message = format!("the alert `{name}` does not lead to its runbook");
    Diagnostic::new(CHECK.name, name.span().clone(), message)
        .with_label("has no runbook address")
        .with_alert(name.as_str())
        .with_help(help(site, name.as_str()))
}

fn help(site: &Site, alert: &str) -> String {
    let key = site.config.runbook_annotations.first().map_or("runbook_url", String::as_str);
    let page = site.alert_page(alert);
    let page = encode_path(&page);
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
