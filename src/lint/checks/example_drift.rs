//! An example alert shows what its rule does not send.
//!
//! People learn from examples what an alert looks like, and paste their labels and their `Source:`
//! into other tools. An example that was made from another alert's, or before the rule was changed,
//! teaches the wrong ones.
//!
//! Compared are the labels and annotations that the rule sets, and the expression in the address
//! behind `Source:`. What a template of the rule puts in may be anything. Labels that the example
//! does not show are not missed, and of several rules of one name the nearest counts. The severity is
//! told by `severity-drift`.
//!
//! # Example
//!
//! ```text
//! Labels:
//!  - alertname = DiskFull
//!  - team = storage
//! Source: http://localhost/prometheus/graph?g0.expr=disk_free+%3C+5&g0.tab=0
//! ```
//!
//! where the rule has `team: platform` and `disk_free < 1`.
//!
//! # To fix it
//!
//! Paste an alert as it is sent now.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::wording::on_one_line;
use crate::diag::{Diagnostic, Severity};
use crate::lang::placeholder;
use crate::lint::drift::differing;
use crate::promql;
use crate::promui::prometheus;
use crate::rules::{Rule, template};
use crate::runbook::{ShownAlert, ShownValue};
use crate::site::{Page, SITUATION, Site};
use crate::source::Span;
use crate::yaml::Text;

pub const CHECK: Check = Check {
    name: "example-drift",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    for shown in page.runbook.examples.iter().flat_map(|example| &example.alerts) {
        let rules = rules_of(site, shown);
        // The severity tells rules of one name apart; it is no finding of this check.
        let is_other = |rule: &Rule| {
            let severities = (shown.label("severity"), rule.severity());
            matches!(severities, (Some(shown), Some(text)) if !agrees(text, shown))
        };
        let all = rules.iter().map(|rule| (is_other(rule), compare(site, page, shown, rule)));
        let nearest = all.min_by_key(|(is_other, found)| (*is_other, found.len()));
        found.extend(nearest.map(|(_, found)| found).unwrap_or_default());
    }
    found
}

/// The rules that raise an alert that is shown: those of its name, or of its `alert_situation` where
/// it has no name.
pub fn rules_of<'s>(site: &'s Site, shown: &ShownAlert) -> Vec<&'s Rule> {
    match (shown.alert(), shown.label(SITUATION)) {
        (Some(name), _) => site.rules_raising(name).collect(),
        (None, Some(situation)) => site.rules_in_situation(situation).collect(),
        (None, None) => Vec::new(),
    }
}

fn compare(site: &Site, page: &Page, shown: &ShownAlert, rule: &Rule) -> Vec<Diagnostic> {
    let name = rule.name().as_str();
    let span = |value: &ShownValue| Span::new(page.runbook.source(), value.range.clone());
    let mut found = Vec::new();
    for label in &shown.labels {
        let Some(text) = rule.label(&label.name).filter(|_| label.name != "severity") else {
            continue;
        };
        if !agrees(text, &label.value) {
            let message = format!("the label `{}` of `{name}` is another one", label.name);
            found.push(
                Diagnostic::new(CHECK.name, span(label), message)
                    .with_label(format!("the rule says `{}`", on_one_line(text.as_str())))
                    .with_related(text.span().clone(), "the rule's label"),
            );
        }
    }
    for annotation in &shown.annotations {
        match rule.annotation(&annotation.name) {
            Some(text) if agrees(text, &annotation.value) => {}
            Some(text) => {
                let message =
                    format!("the annotation `{}` of `{name}` reads otherwise", annotation.name);
                found.push(
                    Diagnostic::new(CHECK.name, span(annotation), message)
                        .with_label("not what the rule says")
                        .with_related(text.span().clone(), "the rule's annotation"),
                );
            }
            None => {
                let message = format!("`{name}` has no annotation `{}`", annotation.name);
                let mut one = Diagnostic::new(CHECK.name, span(annotation), message)
                    .with_label("not in the rule");
                let is_runbook = site.config.runbook_annotations.contains(&annotation.name);
                if let Some((key, url)) = site.runbook_annotation(rule).filter(|_| is_runbook) {
                    one = one
                        .with_help(format!("the rule's `{key}` has the address of the runbook"))
                        .with_related(url.span().clone(), "the address of the runbook");
                }
                found.push(one);
            }
        }
    }
    found.extend(compare_source(page, shown, rule));
    let help = "paste the alert as it is sent now";
    found
        .into_iter()
        .map(|it| {
            let it = it.with_alert(name);
            if it.help.is_none() { it.with_help(help) } else { it }
        })
        .collect()
}

/// Whether an example may show what a text of the rule gives.
fn agrees(text: &Text, shown: &str) -> bool {
    // An author who left holes, or broke off, says that the rest does not matter.
    let is_cut = shown.ends_with("...") || shown.ends_with('…');
    text == shown
        || is_cut
        || !placeholder::find(shown).is_empty()
        || template::may_give(text.as_str(), shown)
        || template::may_give(text.as_str(), shown.trim_matches(['"', '\'']))
}

/// The expression in the address of an example against the rule's.
fn compare_source(page: &Page, shown: &ShownAlert, rule: &Rule) -> Option<Diagnostic> {
    let (url, range) = shown.source_url.as_ref()?;
    let written = prometheus::expr_of_link(url)?;
    let expr = rule.expr.as_str();
    // Most often it is the rule's to the letter, and nothing has to be compared.
    if written == expr || !placeholder::find(&written).is_empty() {
        return None;
    }
    let differences = promql::tree(&written)?.differences(rule.tree()?);
    let name = rule.name().as_str();
    let message = match differences {
        Some(differences) if differences.is_empty() => return None,
        Some(differences) => {
            let how = differing(&differences, &written, expr);
            format!("the source of the example is not the expression of `{name}`: {how}")
        }
        None => format!("the source of the example is another expression than that of `{name}`"),
    };
    let span = Span::new(page.runbook.source(), range.clone());
    Some(
        Diagnostic::new(CHECK.name, span, message)
            .with_label("opens what the rule no longer asks")
            .with_related(rule.expr.span().clone(), "the rule's expression"),
    )
}
