//! A runbook documents an alert that no rule raises.
//!
//! Alerts are renamed in the rules and forgotten in the tables. Whoever is paged by the new name
//! then finds no row for it, and the row that is there pages nobody.
//!
//! Raised by rows of alert tables, by `alerts:` in front matter, and by pages whose title is their
//! file's name. Example alerts, headings and code raise nothing.
//!
//! To fix it, write the name that the rule has now, or delete the row if the alert is gone.

use super::Check;
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Severity};
use crate::site::{Claim, ClaimedBy, Resolved, Site};
use std::collections::BTreeMap;

pub const CHECK: Check =
    Check { name: "unknown-alert", severity: Severity::Error, needs_rules: true, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let unknown = site.claims.iter().filter(|claim| claim.alerts.is_empty());
    let mut unknown = unknown.peekable();
    if unknown.peek().is_none() {
        return Vec::new();
    }
    let by_section = undocumented_by_section(site);
    unknown.map(|claim| diagnostic(site, claim, &by_section)).collect()
}

/// The alerts that nothing documents, by the section that their rules send people to.
type BySection<'s> = BTreeMap<(String, Option<String>), Vec<&'s str>>;

fn undocumented_by_section(site: &Site) -> BySection<'_> {
    let mut by_section = BySection::new();
    for (name, alert) in &site.alerts {
        if !alert.claims.is_empty() {
            continue;
        }
        for place in &alert.rules {
            let (_, _, rule) = site.rule(*place);
            if let Some((_, url)) = site.runbook_annotation(rule)
                && let Resolved::Internal { path, fragment, .. } = site.resolve("", url.as_str())
            {
                by_section.entry((path, fragment)).or_default().push(name);
            }
        }
    }
    by_section
}

fn diagnostic(site: &Site, claim: &Claim, by_section: &BySection<'_>) -> Diagnostic {
    let name = &claim.name;
    let found = Diagnostic::new(
        CHECK.name,
        claim.span.clone(),
        format!("no rule raises the alert `{name}`"),
    )
    .with_label("not in the rules")
    .with_alert(name);
    let Some(meant) = suggestion(site, claim, by_section) else {
        return found
            .with_help("rename it to what the rules call it now, or remove it if it is gone");
    };
    let place = site.alerts[meant].rules[0];
    let rule_name = site.rule(place).2.name();
    found
        .with_help(format!("did you mean `{meant}`?"))
        .with_related(rule_name.span().clone(), format!("`{meant}` is raised here"))
}

/// The alert that was most likely meant. An undocumented one whose rule sends people to the very
/// section of this row is better evidence than any likeness of names; among names, undocumented
/// ones come first, because a renamed alert has lost its documentation.
fn suggestion<'s>(site: &'s Site, claim: &Claim, by_section: &BySection<'s>) -> Option<&'s str> {
    if let Some(section) = section(site, claim)
        && let Some(candidates) = by_section.get(&section)
    {
        let by_name = nearest(&claim.name, candidates.iter().copied());
        return by_name.or_else(|| candidates.first().copied());
    }
    let raised = || site.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
    let undocumented = raised().filter(|(_, alert)| alert.claims.is_empty());
    nearest(&claim.name, undocumented.map(|(name, _)| name.as_str()))
        .or_else(|| nearest(&claim.name, raised().map(|(name, _)| name.as_str())))
}

/// The section that a claim sends its readers to: the output path and the fragment.
fn section(site: &Site, claim: &Claim) -> Option<(String, Option<String>)> {
    let page = &site.pages[claim.page];
    match claim.by {
        ClaimedBy::Table { table, row } => {
            let (url, _) = page.runbook.alert_tables[table].rows[row].start.as_ref()?;
            match site.resolve(&page.path, url) {
                Resolved::Internal { path, fragment, .. } => Some((path, fragment)),
                _ => None,
            }
        }
        ClaimedBy::Title => Some((page.path.clone(), None)),
        ClaimedBy::FrontMatter => None,
    }
}
