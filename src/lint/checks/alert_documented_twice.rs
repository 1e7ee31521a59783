//! Two places document the same alert.
//!
//! They drift apart, and whoever is paged reads the one that was not kept up.
//!
//! Rows of alert tables and `alerts:` in front matter count; a page may name an alert in its front
//! matter and in a table of its own. Other mentions are no documentation in this sense, and neither are
//! rows that only lead to the page which documents the alert, tables by service, tables that say no more
//! than a team, a receiver or a dashboard, rows one below the other for the causes or the steps of one alert, and a
//! second table of the page that adds, say, who is called. Where an alert has several rules, its table
//! may have a row for each.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info | Start |
//! |-------|------|-------|
//! | `DiskFull` | A disk is full. | [Disks](#disks) |
//! | `DiskFull` | Delete old logs. | [Logs](logs.html) |
//! ```
//!
//! # To fix it
//!
//! Keep one and let the other link to it.

use super::{Check, InSite, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::words::number_word;
use crate::rules::Rule;
use crate::runbook::{AlertRow, KnownBy, NameCell};
use crate::site::{Alert, Claim, ClaimedBy, NamingColumn, Page, Resolved, Site};
use crate::source::Span;
use crate::yaml::Text;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub const CHECK: Check = Check {
    name: "alert-documented-twice",
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Texts(run),
};

fn run(site: &Site) -> InSite {
    let mut in_site = in_naming_columns(site);
    for (name, alert) in site.alerts.iter() {
        let claims = || {
            let claims = alert.claims.iter().map(|index| &*site.claims[*index]);
            claims.filter(|claim| claim.by != ClaimedBy::Title)
        };
        // Nearly all are documented once.
        if claims().nth(1).is_none() {
            continue;
        }
        in_site.read.extend(claims().map(|claim| claim.page));
        let mut kept: Vec<&Claim> = Vec::new();
        for claim in claims() {
            if is_index(site, alert, claim) || kept.iter().any(|one| is_one(one, claim)) {
                continue;
            }
            let mut others = kept.iter();
            let is_apart =
                |one: &Claim| is_other_rule(site, alert, one, claim) || goes_on(site, one, claim);
            if let Some(first) = others.find(|one| !is_apart(one)) {
                in_site.found.push(twice(name, claim.span.clone(), first.span.clone()));
            }
            kept.push(claim);
        }
    }
    in_site
}

fn twice(name: &str, again: Span, first: Span) -> Diagnostic {
    let message = format!("the alert `{name}` is documented twice");
    Diagnostic::new(CHECK.name, again, message)
        .with_label("documented again")
        .with_alert(name)
        .with_help("keep one of them, and let the other link to it")
        .with_related(first, "first documented here")
}

/// Alerts with two rows in a table whose header does not say that it is of alerts. What else such a table
/// is nobody knows, so its rows are only compared with one another, it has to name mostly alerts, and
/// rows that differ in a word or two are for something each, a cluster or a cause.
fn in_naming_columns(site: &Site) -> InSite {
    let of_page = |(index, page): (usize, &Arc<Page>)| {
        let columns = site.naming_columns(&page.runbook);
        if columns.is_empty() {
            return None;
        }
        let source = page.runbook.source();
        let mut found = Vec::new();
        for NamingColumn { named, .. } in
            columns.into_iter().filter(|it| !it.is_log && it.named.len() > it.others.len())
        {
            let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (at, (name, _)) in named.iter().enumerate() {
                rows.entry(name).or_default().push(at);
            }
            let raised = |name: &str| site.alerts.get(name).map_or(1, |alert| alert.rules.len());
            for (name, rows) in rows.iter().filter(|(name, rows)| rows.len() > raised(name)) {
                let row = |at: usize| in_cells(&source.text()[named[at].1.row()]);
                let first = named[rows[0]].1;
                let is_again = |two: &&[usize]| {
                    let (one, next) = (row(two[0]), row(two[1]));
                    let mut cells = one.split('|').zip(next.split('|'));
                    let is_beside = two[1] == two[0] + 1;
                    cells.all(|(one, other)| {
                        let (one, other) = (one.trim(), other.trim());
                        one == other || !is_beside && has_many(one) && has_many(other)
                    })
                };
                let again = rows.windows(2).filter(is_again).map(|two| named[two[1]].1);
                let span = |cell: NameCell| Span::new(source, cell.range());
                found.extend(again.map(|again| twice(name, span(again), span(first))));
            }
        }
        Some((index, found))
    };
    let with_columns: Vec<_> = site.pages.par_iter().enumerate().filter_map(of_page).collect();
    let read = with_columns.iter().map(|(page, _)| *page).collect();
    InSite { found: with_columns.into_iter().flat_map(|(_, found)| found).collect(), read }
}

/// Whether a cell says more than a word or two, in whatever script.
fn has_many(cell: &str) -> bool {
    const FEW: usize = 12;
    cell.chars().count() > FEW
}

/// Whether a row of a table documents nothing itself: it is in a table by something else (`| Service |
/// Alerts |`), only leads to the page that documents the alert, or adds to what another table of its
/// page says.
fn is_index(site: &Site, alert: &Alert, claim: &Claim) -> bool {
    let ClaimedBy::Table { table, row } = claim.by else { return false };
    let page = &site.pages[claim.page];
    let Some(of) = page.runbook.alert_tables.get(table) else { return false };
    let Some(row) = of.rows.get(row) else { return false };
    let others = || {
        let others = alert.claims.iter().map(|index| &site.claims[*index]);
        others.filter(|other| other.by != ClaimedBy::Title && other.span != claim.span)
    };
    let start = row.start.as_ref().map(|(url, _)| site.resolve(&page.path, url));
    // A link to a dashboard is no place to start at.
    let Some(start) = start.filter(|start| !matches!(start, Resolved::External)) else {
        let is_earlier = |other: &Claim| match other.by {
            ClaimedBy::Table { table: first, .. } => first < table,
            ClaimedBy::FrontMatter => true,
            ClaimedBy::Title => false,
        };
        let names_several = |row: &AlertRow| {
            row.alerts.iter().filter(|named| named.known_by != KnownBy::Part).count() > 1
        };
        let is_overview = of.column > 0 && of.rows.iter().any(names_several);
        // `| Alert | Receiver |` beside a table that says what the alert means; a table with the
        // same columns is one of its kind.
        let is_of_kind = |other: &Claim| header(site, other) == header(site, claim);
        let says_nothing = || {
            !others().any(|it| is_of_kind(it))
                && !has_sentence(&in_cells(&page.runbook.source().text()[row.range.clone()]))
        };
        return is_overview
            || others().any(|it| it.page == claim.page && is_earlier(it))
            || says_nothing();
    };
    let Resolved::Internal { destination, .. } = start else { return false };
    let pages = site.landing_pages(destination);
    !pages.contains(&claim.page)
        && others().any(|other| pages.contains(&other.page))
        && !has_sentence(&in_cells(&page.runbook.source().text()[row.range.clone()]))
}

/// The headers of the table that a claim stands in, in letters.
fn header(site: &Site, claim: &Claim) -> Option<String> {
    let ClaimedBy::Table { table, .. } = claim.by else { return None };
    let runbook = &site.pages[claim.page].runbook;
    let written = runbook.source().text().get(runbook.alert_tables.get(table)?.range.clone())?;
    let end = written.find("</tr>").unwrap_or_else(|| written.find('\n').unwrap_or(written.len()));
    let line = in_cells(&written[..end]).to_lowercase();
    Some(line.chars().filter(|it| it.is_alphanumeric() || *it == '|').collect())
}

/// Whether a cell of a row says more than a severity or a team: that would have to be kept up as well.
fn has_sentence(row: &str) -> bool {
    let cells = row.split('|').filter(|cell| !cell.contains("]("));
    cells.into_iter().any(|cell| cell.split_whitespace().count() > 3)
}

/// Whether two claims are one piece of documentation: front matter and table of one page.
fn is_one(a: &Claim, b: &Claim) -> bool {
    a.page == b.page && (a.by == ClaimedBy::FrontMatter || b.by == ClaimedBy::FrontMatter)
}

/// Whether two rows of a table are about two rules of the alert: each names the severity of another, or,
/// where there is a rule for each of the rows, they differ in a cell of a word or two, `prod` and `dev`,
/// `P1` and `P2`, or in their numbers, `one or more` and `ten or more`.
fn is_other_rule(site: &Site, alert: &Alert, a: &Claim, b: &Claim) -> bool {
    let (Some(first), Some(second)) = (row(site, a), row(site, b)) else { return false };
    let (ClaimedBy::Table { table, .. }, ClaimedBy::Table { table: other, .. }) = (a.by, b.by)
    else {
        return false;
    };
    if (a.page, table) != (b.page, other) {
        return false;
    }
    let severities: BTreeSet<&str> =
        site.rules_of(alert).filter_map(Rule::severity).map(Text::as_str).collect();
    // What a cell says that holds nothing else counts before what is mentioned in a sentence.
    let named = |row: &str| {
        let sole = sole_of(row.split('|').filter_map(|cell| sole(cell, &severities)));
        sole.or_else(|| sole_of(mentioned(row, &severities)))
    };
    if let (Some(first), Some(second)) = (named(&first), named(&second)) {
        return first != second;
    }
    let in_table = |claim: &&Claim| {
        claim.page == a.page
            && matches!(claim.by, ClaimedBy::Table { table: its, .. } if its == table)
    };
    let rows = alert.claims.iter().map(|index| &*site.claims[*index]).filter(in_table).count();
    let mut cells = first.split('|').zip(second.split('|'));
    let is_short = |cell: &str| (1..=2).contains(&cell.split_whitespace().count());
    rows <= alert.rules.len()
        && (cells
            .any(|(one, other)| one.trim() != other.trim() && is_short(one) && is_short(other))
            || has_other_numbers(&first, &second))
}

fn has_other_numbers(one: &str, other: &str) -> bool {
    let numbers = |row: &str| -> Vec<String> {
        let words = row.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase);
        let numbers = words.filter_map(|word| {
            let is_number = word.starts_with(|it: char| it.is_ascii_digit());
            number_word(&word).map(|it| it.to_string()).or(is_number.then_some(word))
        });
        numbers.collect()
    };
    let (one, other) = (numbers(one), numbers(other));
    !one.is_empty() && !other.is_empty() && one != other
}

/// Whether two rows of a table, with none of another alert between them, tell of one alert: the causes it
/// may have, or what to do first and then.
fn goes_on(site: &Site, a: &Claim, b: &Claim) -> bool {
    const PARTS: [&str; 12] = [
        "case",
        "cause",
        "causes",
        "no",
        "order",
        "phase",
        "possiblecause",
        "reason",
        "rootcause",
        "scenario",
        "step",
        "symptom",
    ];
    let (ClaimedBy::Table { table, row: first }, ClaimedBy::Table { table: other, row: second }) =
        (a.by, b.by)
    else {
        return false;
    };
    if (a.page, table) != (b.page, other) {
        return false;
    }
    let is_between = |claim: &Claim| {
        matches!(claim.by, ClaimedBy::Table { table: its, row }
        if its == table && (first..=second).contains(&row) && claim.name != a.name)
    };
    let Some(header) = header(site, a) else { return false };
    let (Some(one), Some(two)) = (row(site, a), row(site, b)) else { return false };
    let mut cells = header.split('|').zip(one.split('|').zip(two.split('|')));
    cells.any(|(title, (one, two))| PARTS.contains(&title) && one.trim() != two.trim())
        && !site.claims_on(a.page).iter().any(|claim| is_between(claim))
}

/// A row of a table as it is written, with `|` between its cells.
fn row<'s>(site: &'s Site, claim: &Claim) -> Option<Cow<'s, str>> {
    let ClaimedBy::Table { table, row } = claim.by else { return None };
    let runbook = &site.pages[claim.page].runbook;
    let range = runbook.alert_tables.get(table)?.rows.get(row)?.range.clone();
    runbook.source().text().get(range).map(in_cells)
}

/// What is written of a row, with `|` between its cells; also where it is raw HTML.
fn in_cells(written: &str) -> Cow<'_, str> {
    if !written.trim_start().starts_with('<') {
        return Cow::Borrowed(written);
    }
    let mut text = String::new();
    for piece in written.split('<') {
        let (tag, behind) = piece.split_once('>').unwrap_or(("", piece));
        let is_cell = ["td", "th"].iter().any(|name| tag.get(..2) == Some(name));
        text.push_str(if is_cell { "|" } else { " " });
        text.push_str(behind);
    }
    Cow::Owned(text)
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The severities that a text mentions, in order.
fn mentioned<'s>(text: &str, severities: &BTreeSet<&'s str>) -> impl Iterator<Item = &'s str> {
    words(text)
        .filter_map(|word| severities.iter().copied().find(|it| it.eq_ignore_ascii_case(word)))
}

/// The severity that is all that a text says.
fn sole<'s>(text: &str, severities: &BTreeSet<&'s str>) -> Option<&'s str> {
    let is_all = words(text).count() == mentioned(text, severities).count();
    sole_of(mentioned(text, severities)).filter(|_| is_all)
}

/// The one severity that all are.
fn sole_of<'s>(mut severities: impl Iterator<Item = &'s str>) -> Option<&'s str> {
    let first = severities.next()?;
    severities.all(|other| other == first).then_some(first)
}
