//! A rule's runbook address leads to a page or a section that does not exist.
//!
//! This is the link that whoever is paged follows first. It is resolved offline against this site:
//! `base_url` and `hosts` say which addresses are its own, and all others are left alone. A query
//! string is passed over; what a Go template fills in can't be known, so an address with one in its
//! path is not judged.
//!
//! To fix it, write the address of the section to start at; `/alerts/<AlertName>/` below the base
//! address always leads there.

use super::Check;
use super::broken_anchor::explain_anchor;
use super::broken_link::explain_missing;
use crate::diag::{Diagnostic, Severity};
use crate::rules::RuleFile;
use crate::site::{Resolved, Site};
use crate::yaml::Text;

pub const CHECK: Check =
    Check { name: "runbook-url-broken", severity: Severity::Error, needs_rules: true, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let rules = site.rule_files.iter().flat_map(RuleFile::rules);
    rules
        .filter_map(|rule| {
            let alert = rule.alert_name()?;
            let (key, url) = site.runbook_annotation(rule)?;
            Some(check(site, alert.as_str(), key, url)?.with_alert(alert.as_str()))
        })
        .collect()
}

fn check(site: &Site, alert: &str, key: &str, url: &Text) -> Option<Diagnostic> {
    let address = url.as_str().trim();
    site.internal_part(address)?;
    let (before_query, _) = address.split_once('?').unwrap_or((address, ""));
    let page = before_query.split('#').next().unwrap_or_default();
    if page.contains("{{") {
        return None;
    }
    let place = |text: &str| {
        let start = url.as_str().find(text).unwrap_or_default();
        url.span_of(start..start + text.len())
    };
    match site.resolve("", address) {
        Resolved::Missing { path } => {
            let message = format!(
                "the `{key}` of the alert `{alert}` leads to `{path}`, which does not exist"
            );
            let diagnostic = Diagnostic::new(CHECK.name, place(page), message);
            Some(match site.pages.first() {
                Some(any) => explain_missing(site, any, &path, diagnostic),
                None => diagnostic,
            })
        }
        Resolved::Internal { path, destination, fragment: Some(fragment), .. } => {
            if fragment.contains("{{") || site.has_anchor(&destination, &fragment) != Some(false) {
                return None;
            }
            let message = format!(
                "the `{key}` of the alert `{alert}` leads to `#{fragment}`, which `{path}` does not have"
            );
            let written = address.split_once('#').map_or("", |(_, fragment)| fragment);
            let diagnostic = Diagnostic::new(CHECK.name, place(written), message);
            Some(explain_anchor(site, &destination, &fragment, diagnostic))
        }
        Resolved::External | Resolved::Internal { .. } => None,
    }
}
