//! A rule changed after the section that documents it, or a page is due for a review.
//!
//! What the section says may no longer be what happened: the threshold, the time, even what the
//! alert is about.
//!
//! In a git repository, the check compares the last change of a rule's expression, `for` or
//! `severity` with the last change of the section that its alert leads to and of its row in an
//! alert table. Rules and sections that were moved or written on other lines did not change. What
//! is not committed yet changed now. A merge is a change of the branch it came into, so that a rule
//! and a section that change together are of one age. A shallow clone, which CI makes unless it is told
//! otherwise, knows of nothing that changed before it begins: let it fetch the whole history
//! (`fetch-depth: 0` of GitHub's `actions/checkout`, `GIT_DEPTH: 0` of GitLab).
//!
//! Front matter can say the day by which a page is to be reviewed (`review_by: 2026-12-31`), or
//! the day on which it was (`last_reviewed: 2026-06-30`), which is good for as long as
//! `review: {after: 180d}` in `alertbook.yaml` says. A page that was reviewed after its rules changed is up
//! to date. What is no day there is told as well: such a page would never be due.
//!
//! # Example
//!
//! ```yaml
//! ---
//! title: Disks
//! review_by: 2024-01-31
//! ---
//! ```
//!
//! # To fix it
//!
//! Compare the section with the rule and bring it up to date. If all of it still holds, say so in
//! front matter: `last_reviewed`, with the day.

use super::{Check, InPage, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::promql;
use crate::rules::Rule;
use crate::site::history::{Moment, Overtaken};
use crate::site::{Date, Page, ReviewDue, Site};
use crate::source::Span;
use crate::yaml::Text;

pub const CHECK: Check = Check {
    name: "stale-runbook",
    severity: Severity::Warning,
    needs: Needs::History,
    run: Run::Both(run, in_pages),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let outdated = site.all_outdated();
    outdated.filter_map(|(alert, overtaken)| rule_changed(site, alert, overtaken)).collect()
}

fn in_pages(site: &Site) -> InPage<'_> {
    Box::new(|open| {
        let due = review_due(site, open.page());
        unreadable(site, open.page()).chain(due).collect()
    })
}

fn rule_changed(site: &Site, alert: &str, overtaken: &Overtaken) -> Option<Diagnostic> {
    let known = site.alerts.get(alert)?;
    let claimed = || known.claims.first().map(|claim| site.claims[*claim].span.clone());
    let heading = |index: usize, page: &Page| {
        let heading = page.runbook.headings.get(index)?;
        Some(Span::new(page.runbook.source(), heading.range.clone()))
    };
    let page = known.start.as_ref().map(|start| &site.pages[start.page]);
    let fragment = known.start.as_ref().and_then(|start| start.own_fragment());
    let section =
        page.zip(fragment).and_then(|(page, id)| heading(page.heading_with_id(id)?, page));
    // A page that is about the alert as a whole begins with its title.
    let span = section.or_else(claimed).or_else(|| heading(0, page?))?;
    let message = format!("the rule of the alert `{alert}` changed after what is said of it here");
    let documented = match &overtaken.documented {
        Some(moment) => format!("last changed {}", told(moment)),
        None => "not changed for long".to_owned(),
    };
    let place = site.rule(overtaken.rule).rule.name().span().clone();
    let what = overtaken.what.join(" and ");
    Some(
        Diagnostic::new(CHECK.name, span, message)
            .with_label(documented)
            .with_alert(alert)
            .with_occasion(content(site.rule(overtaken.rule).rule))
            .with_help("compare the two; if all of it still holds, say so with `last_reviewed` in front matter")
            .with_related(place, format!("its {what} changed {}", told(&overtaken.changed))),
    )
}

/// What readers rely on in a rule. When it changes once more, that is a finding of its own.
fn content(rule: &Rule) -> String {
    let expr = rule.expr.as_str();
    let printed = promql::printed(expr).unwrap_or_else(|| expr.to_owned());
    let waits = rule.for_duration().map_or(0, |duration| duration.milliseconds);
    let severity = rule.severity().map(Text::as_str).unwrap_or_default();
    format!("{printed} for {waits} {severity}")
}

/// When something was, as a part of a sentence.
fn told(moment: &Moment) -> String {
    match &moment.commit {
        Some((commit, date)) => format!("on {date} ({commit})"),
        None => "since the last commit".to_owned(),
    }
}

/// The texts that should be days, and are none.
fn unreadable<'s>(site: &'s Site, page: &'s Page) -> impl Iterator<Item = Diagnostic> {
    let keys = site.config.review.by.iter().chain(&site.config.review.last);
    let texts = keys.filter_map(|key| Some((key, page.runbook.front_matter.text(key)?)));
    // `reviewed: by the team` says something else.
    let is_meant = |key: &str, text: &str| {
        key != "reviewed" || text.starts_with(|first: char| first.is_ascii_digit())
    };
    texts
        .filter(move |(key, text)| {
            is_meant(key, text.as_str()) && Date::parse(text.as_str()).is_none()
        })
        .map(|(_, text)| {
            let message = format!("`{}` is no day", text.as_str().trim());
            Diagnostic::new(CHECK.name, text.span().clone(), message)
                .with_help("write the year, the month and the day, such as `2026-12-31`")
        })
}

fn review_due(site: &Site, page: &Page) -> Option<Diagnostic> {
    let (text, message, help) = match site.review_due(page)? {
        ReviewDue::By(due, text) => (
            text,
            format!("this page was to be reviewed by {due}"),
            "read it, and write down the day by which it is to be read again",
        ),
        ReviewDue::Last(last, days, text) => (
            text,
            format!("this page was last reviewed on {last}, more than {days} days ago"),
            "read it, and write down the day",
        ),
    };
    Some(Diagnostic::new(CHECK.name, text.span().clone(), message).with_help(help))
}
