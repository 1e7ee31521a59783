//! What runbooks claim to document, by front matter, by tables and by what they are called, and which alerts
//! of the rules they mean.

use super::{Alerts, Claim, ClaimedBy, Situations, columns, rows};
use crate::runbook::NamedAlert;
use crate::site::alert_pages::{self, AlertPage, Names};
use crate::site::{Page, Site};
use crate::source::Span;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::{Arc, OnceLock};

/// Everything that claims to document an alert, page by page.
pub(super) fn all(site: &Site, alerts: &Alerts, situations: &Situations) -> Vec<Arc<Claim>> {
    let raised = Raised::new(alerts, situations);
    let pages = site.pages.par_iter().enumerate();
    let on_page = |(index, page): (_, &Arc<Page>)| raised.claims_on(index, page).into_iter();
    let mut claims: Vec<Arc<Claim>> = pages.flat_map_iter(on_page).collect();
    let taken: FxHashSet<usize> = claims.iter().map(|claim| claim.page).collect();
    let by_title = raised.claims_by_title(site, &|page| !taken.contains(&page));
    claims.extend(by_title);
    claims.sort_by_key(|claim| claim.page);
    claims.shrink_to_fit();
    claims
}

/// The alerts of the rules, to find what claims to document them. There may be others among them.
pub(super) struct Raised<'a> {
    alerts: &'a Alerts,
    situations: &'a Situations,
    /// Hardly any site asks for them, and then a lot.
    names: OnceLock<Names<'a>>,
}

impl<'a> Raised<'a> {
    pub fn new(alerts: &'a Alerts, situations: &'a Situations) -> Self {
        Self { alerts, situations, names: OnceLock::new() }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        let raised = self.alerts.iter().filter(|(_, alert)| !alert.rules.is_empty());
        raised.map(|(name, _)| name.as_str())
    }

    /// What the front matter and the alert tables of a page claim.
    pub fn claims_on(&self, page: usize, of_page: &Page) -> Vec<Arc<Claim>> {
        let is_near =
            |name: &str| self.names.get_or_init(|| Names::new(self.names())).has_a_letter_off(name);
        let mut claims = Vec::new();
        let runbook = &of_page.runbook;
        let claim = |name: &str, span: Span, by: ClaimedBy| {
            let alerts = meant(name, self.alerts, self.situations);
            Arc::new(Claim { page, name: name.to_owned(), span, by, alerts })
        };
        for (name, span) in runbook.alerts_in_front_matter() {
            claims.push(claim(&name, span, ClaimedBy::FrontMatter));
        }
        for (table, alert_table) in runbook.alert_tables.iter().enumerate() {
            let claim = |row: usize, named: &NamedAlert| {
                let span = Span::new(runbook.source(), named.range.clone());
                claim(&named.name, span, ClaimedBy::Table { table, row })
            };
            claims.extend(rows::claims(alert_table, &claim, &is_near));
        }
        claims
    }

    /// What the pages claim by what they are called, of those that are free to.
    pub fn claims_by_title(&self, site: &Site, is_free: &dyn Fn(usize) -> bool) -> Vec<Arc<Claim>> {
        let found = alert_pages::find(site, self.names(), is_free).into_iter();
        let claims = found.map(|AlertPage { page, name, span, alert }| {
            let alerts = alert.into_iter().collect();
            Arc::new(Claim { page, name, span, by: ClaimedBy::Title, alerts })
        });
        claims.collect()
    }
}

/// The alerts of the rules that a name in a runbook stands for.
fn meant(name: &str, alerts: &Alerts, situations: &Situations) -> Vec<String> {
    let is_raised = |name: &str| columns::is_raised(alerts.get(name));
    if is_raised(name) {
        return vec![name.to_owned()];
    }
    if let Some(names) = situations.get(name) {
        return names.clone();
    }
    let bare = without_signs(name);
    if is_raised(bare) {
        return vec![bare.to_owned()];
    }
    let Some(pattern) = holes(name) else { return Vec::new() };
    let fitting =
        alerts.iter().filter(|(known, alert)| !alert.rules.is_empty() && fits(&pattern, known));
    fitting.map(|(known, _)| known.clone()).collect()
}

/// A name without the signs that people put beside it: `DiskFull` of `🔥 DiskFull`, `1. DiskFull`,
/// `DiskFull*` and `DiskFull alert`.
fn without_signs(text: &str) -> &str {
    let has_letter = |word: &&str| word.contains(char::is_alphabetic);
    let mut words = text.split_whitespace().filter(has_letter);
    let (Some(first), last) = (words.next(), words.next_back()) else { return text };
    let place = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    let start = place(first);
    let end = match last {
        Some(last) if last.eq_ignore_ascii_case("alert") => {
            let before = text[..place(last)].trim_end();
            before.len().max(start + first.len())
        }
        Some(last) => place(last) + last.len(),
        None => start + first.len(),
    };
    text[start..end].trim_end_matches(|c: char| {
        matches!(c, '*' | ':' | '†' | '‡' | '¹' | '²' | '³') || c.is_whitespace()
    })
}

/// The fixed parts of a name with holes (`app_{Region}_down`, `<app>Down`), or `None` if it has no
/// hole or nothing else.
fn holes(name: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(open) = rest.find(['{', '<']) {
        let close = if rest.as_bytes()[open] == b'{' { '}' } else { '>' };
        let end = rest[open..].find(close)? + open + 1;
        parts.push(&rest[..open]);
        rest = &rest[end..];
    }
    parts.push(rest);
    (parts.len() > 1 && parts.iter().any(|part| !part.is_empty())).then_some(parts)
}

/// Whether a name consists of these parts with something between each two.
fn fits(parts: &[&str], name: &str) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    for part in &parts[1..parts.len() - 1] {
        let from = rest.chars().next().map_or(0, char::len_utf8);
        let Some(at) = rest[from..].find(part) else { return false };
        rest = &rest[from + at + part.len()..];
    }
    rest.len() > last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_beside_a_name_are_no_part_of_it() {
        for text in [
            "DiskFull",
            "🔥 DiskFull",
            "1. DiskFull",
            "DiskFull ¹",
            "DiskFull*",
            "DiskFull:",
            "DiskFull alert",
            "- DiskFull † *",
        ] {
            assert_eq!(without_signs(text), "DiskFull", "{text}");
        }
        for text in ["Disk full", "Disk full (prod)", "Disk 9 full", "alert", "", "***"] {
            assert_eq!(without_signs(text), text);
        }
    }

    #[test]
    fn names_with_holes_fit_names() {
        for (name, known, expected) in [
            ("app_{Region}_down", "app_eu_de_down", true),
            ("app_{Region}_down", "app__down", false),
            ("<app>Down", "EtcdDown", true),
            ("a{x}b{y}c", "a1b2c", true),
            ("a{x}b{y}c", "abc", false),
        ] {
            let parts = holes(name).unwrap();
            assert_eq!(fits(&parts, known), expected, "{name} {known}");
        }
        assert_eq!(holes("Plain"), None);
        assert_eq!(holes("{all}"), None);
    }
}
