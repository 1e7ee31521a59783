//! A runbook states a threshold or a time that is not the rule's.
//!
//! Thresholds are tuned in the rules and forgotten in the runbooks. Whoever is paged then looks for
//! three failures in five hours where the alert fires at ten in one.
//!
//! Read are the rows of alert tables and, in the section at which the alert's readers start, the
//! sentences that tell when it fires: `more than 3 times in the past 5 hours`, `over 70 percent`,
//! `for 10 minutes`, `two of three`. They are compared with the comparisons, the ranges and the `for`
//! of the rule. How long something is above a number is how long the rule waits, not over which range
//! it takes a rate. `300m` is 5 hours, 0.7 is 70 percent, and `at least 3` is `> 2`. Where an alert has
//! several rules, one that agrees is enough. What is said with doubt (`usually`, `about 5`), as advice,
//! as a duty or of last week is left alone, and so is what may be a fact about anything. A sentence is
//! compared if it tells when the alert fires, if another of its values is the rule's, or if it opens
//! the description and speaks of what the rule speaks of; and then its number must be what is said of
//! that, rather than a property (`the disk has 2 TB`) or which things are meant
//! (`messages older than 7 days are dropped`).
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info |
//! |-------|------|
//! | `DrainFailed` | A worker failed to drain more than 3 times in the past 5 hours. |
//! ```
//!
//! where the rule is `changes(drain_failures[1h]) > 10`.
//!
//! # To fix it
//!
//! Write what the rule says now; or mend the rule, if the runbook is right.

use super::{Check, InPage, Needs, OpenPage, Run};
use crate::diag::wording::{joined, on_one_line};
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::condition::Conditions;
use crate::lint::drift::description::{Counts, Description, descriptions};
use crate::lint::drift::judge::{Drift, Judge, Opening};
use crate::lint::drift::lost::LostRules;
use crate::lint::drift::other_alert;
use crate::lint::drift::rules_meant;
use crate::lint::drift::section::AlertNames;
use crate::lint::drift::statement::{Bare, Said, Sentence, Telling, Wanted, sentences};
use crate::lint::drift::vocabulary::Vocabulary;
use crate::lint::drift::wait::{Place, Wait, waits};
use crate::rules::{Rule, RuleKind};
use crate::site::Site;
use crate::source::{MappedText, Source, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::Arc;

pub const CHECK: Check = Check {
    name: "threshold-drift",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Pages(run),
};

/// The recording rules by the names that they record.
type Recorded<'s> = FxHashMap<&'s str, Vec<&'s Rule>>;

fn run(site: &Site) -> InPage<'_> {
    let mut recorded = Recorded::default();
    for rule in site.rules() {
        if let RuleKind::Recording { record } = &rule.kind {
            recorded.entry(record.as_str()).or_default().push(rule);
        }
    }
    let lost = LostRules::new(site);
    Box::new(move |open| in_page(open, &recorded, &lost))
}

fn in_page(open: &OpenPage<'_>, recorded: &Recorded<'_>, lost: &LostRules<'_>) -> Vec<Diagnostic> {
    let site = open.site;
    let source = open.page().runbook.source();
    let mut found = Vec::new();
    // A row and a section describe the same alerts.
    let mut read: FxHashMap<AlertNames<'_>, Vec<Conditions<'_>>> = FxHashMap::default();
    // Where a section has a field twice, the one that is the rule's is the alert's.
    let mut in_fields: Vec<(AlertNames<'_>, Vec<Diagnostic>)> = Vec::new();
    let mut told_rightly: FxHashSet<AlertNames<'_>> = FxHashSet::default();
    // The alerts of which the page has said what the rule says: another number is of something else.
    let mut agreed: FxHashSet<AlertNames<'_>> = FxHashSet::default();
    for description in descriptions(open) {
        let wanted = match description.counts {
            Counts::All | Counts::Whole | Counts::Bare => Wanted::All,
            Counts::Told | Counts::Elsewhere => Wanted::Telling,
        };
        let is_bare = description.counts == Counts::Bare;
        let bare = if is_bare { Bare::Threshold } else { Bare::Anything };
        let mut sentences = sentences(description.text.text(), wanted, bare);
        if sentences.iter().all(|sentence| sentence.statements.is_empty()) {
            continue;
        }
        let opening = Opening::of(&sentences);
        let mut is_about_another = false;
        sentences.retain(|sentence| {
            // `It fires when` goes on about the alert that the sentence before has named.
            is_about_another = other_alert::is_about_another(site, &description, sentence)
                || is_about_another && sentence.goes_on;
            let is_elsewhere = || {
                agreed.contains(&description.alerts)
                    && (description.counts == Counts::Elsewhere
                        || other_alert::is_restricted(site, &description, sentence))
            };
            !is_about_another
                && !sentence.statements.is_empty()
                && counts(site, sentence, &description, opening)
                && !is_elsewhere()
        });
        if sentences.is_empty() {
            continue;
        }
        let rules = read
            .entry(Rc::clone(&description.alerts))
            .or_insert_with_key(|alerts| conditions(site, alerts, recorded));
        let drifts_before = found.len();
        let numbers = || sentences.iter().flat_map(|sentence| &sentence.statements);
        let is_right = description.is_field
            && numbers().any(|statement| match &statement.said {
                Said::Number(quantity) => rules.iter().any(|rule| quantity.agrees_with(rule)),
                _ => false,
            });
        // What is said of one severity is compared with its rule, if there is one.
        sentences.sort_by_key(|sentence| sentence.level);
        for sentences in sentences.chunk_by(|one, next| one.level == next.level) {
            let of_level: Vec<Conditions<'_>>;
            let rules = match sentences[0].level {
                None => rules.as_slice(),
                Some(level) => {
                    of_level = rules.iter().filter(|it| has_level(it, level)).cloned().collect();
                    &of_level
                }
            };
            if !rules.is_empty() {
                let (text, counts) = (&description.text, description.counts);
                let judge = Judge { source, text, counts, opening, rules };
                let mut drifts = judge.drifts(sentences);
                if !description.is_row {
                    let has_agreed = agreed.contains(&description.alerts);
                    keep_of_rules(site, &description, sentences, has_agreed, &mut drifts);
                }
                if drifts.is_empty() {
                    if judge.agrees(sentences) || judge.agrees_on_time(sentences) {
                        agreed.insert(Rc::clone(&description.alerts));
                    }
                } else if description.is_row
                    || !describes_lost(site, lost, &description, sentences, opening, recorded)
                {
                    let place =
                        |drift| diagnostic(source, &description.alerts, &description.text, drift);
                    found.extend(drifts.into_iter().map(place));
                }
            }
        }
        if description.is_field {
            let drifts = found.split_off(drifts_before);
            if is_right && drifts.is_empty() {
                told_rightly.insert(Rc::clone(&description.alerts));
            }
            in_fields.push((description.alerts, drifts));
        }
    }
    in_fields.retain(|(alerts, _)| !told_rightly.contains(alerts));
    found.extend(in_fields.into_iter().flat_map(|(_, drifts)| drifts));
    found.extend(in_waits(open, recorded));
    found
}

/// Keeps of the drifts of a section what surely speaks of the rules, where a row or the section has said
/// already what they say: such a section may open with anything.
fn keep_of_rules(
    site: &Site,
    description: &Description<'_>,
    sentences: &[Sentence],
    has_agreed: bool,
    drifts: &mut Vec<Drift>,
) {
    if has_agreed {
        drifts.retain(|drift| {
            let states = |it: &&Sentence| it.range.contains(&drift.phrase.start);
            let sentence = sentences.iter().find(states);
            sentence.is_some_and(|it| is_surely_of_rules(site, description, it))
        });
    }
}

/// What fields that have nothing but a time say otherwise than the rules.
fn in_waits(open: &OpenPage<'_>, recorded: &Recorded<'_>) -> Vec<Diagnostic> {
    let (site, source) = (open.site, open.page().runbook.source());
    let mut found = Vec::new();
    let waits = waits(open);
    let rules_of = |wait: &Wait<'_>| conditions(site, &wait.alerts, recorded);
    // Where a section has a field twice, the one that is the rule's is the alert's.
    let in_section = |wait: &&Wait<'_>| wait.place != Place::Row;
    let said: FxHashSet<&[&str]> = waits
        .iter()
        .filter(in_section)
        .filter(|wait| wait.agrees(&rules_of(wait)))
        .map(|wait| &*wait.alerts)
        .collect();
    let is_said = |wait: &&Wait<'_>| in_section(wait) && said.contains(&*wait.alerts);
    for wait in waits.iter().filter(|wait| !is_said(wait)) {
        let drift = wait.drift(&rules_of(wait));
        found.extend(drift.map(|drift| diagnostic(source, &wait.alerts, &wait.text, drift)));
    }
    found
}

/// Whether sentences of a section are right of an alert that has lost it.
fn describes_lost(
    site: &Site,
    lost: &LostRules<'_>,
    description: &Description<'_>,
    sentences: &[Sentence],
    opening: Opening,
    recorded: &Recorded<'_>,
) -> bool {
    let recorded = |metric: &str| recorded.get(metric).map_or(&[][..], Vec::as_slice);
    let lost = lost.beside(&description.alerts);
    lost.filter_map(|rule| Conditions::of(rule, &recorded)).any(|lost| {
        let (text, counts) = (&description.text, description.counts);
        let source = site.pages[description.page].runbook.source();
        let judge = Judge { source, text, counts, opening, rules: &[lost] };
        let agrees = judge.agrees(sentences) || judge.agrees_on_time(sentences);
        agrees && judge.drifts(sentences).is_empty()
    })
}

/// The conditions of the rules that raise some alerts.
fn conditions<'s>(site: &'s Site, alerts: &[&str], recorded: &Recorded<'s>) -> Vec<Conditions<'s>> {
    let recorded = |metric: &str| recorded.get(metric).map_or(&[][..], Vec::as_slice);
    let rules = rules_meant(site, alerts).into_iter();
    rules.filter_map(|rule| Conditions::of(rule, &recorded)).collect()
}

fn has_level(conditions: &Conditions<'_>, level: &str) -> bool {
    let severity = conditions.rule.severity();
    severity.is_some_and(|severity| severity.as_str().eq_ignore_ascii_case(level))
}

/// Whether what a sentence states counts, by where it stands.
fn counts(
    site: &Site,
    sentence: &Sentence,
    description: &Description<'_>,
    opening: Opening,
) -> bool {
    match description.counts {
        Counts::All | Counts::Bare => true,
        Counts::Told => {
            matches!(sentence.tells_when, Some(Telling::Alert | Telling::Wait))
        }
        Counts::Elsewhere => {
            let is_told = matches!(sentence.tells_when, Some(Telling::Alert | Telling::Wait));
            is_told && is_surely_of_rules(site, description, sentence)
        }
        Counts::Whole => {
            let has = |wanted: fn(&Said) -> bool| {
                sentence.statements.iter().any(|statement| wanted(&statement.said))
            };
            let states_both = has(|said| matches!(said, Said::Number(_)))
                && has(|said| !matches!(said, Said::Number(_)));
            sentence.tells_when.is_some() || states_both || opening.has(sentence)
        }
    }
}

/// Whether a sentence says how long the alert waits, or speaks in words of its rules.
fn is_surely_of_rules(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    let speaks_of_rules = || {
        let said = &description.text.text()[sentence.range.clone()];
        Vocabulary::of(rules_meant(site, &description.alerts).into_iter()).speaks_for(said)
    };
    description.counts == Counts::Bare
        || sentence.tells_when == Some(Telling::Wait)
        || speaks_of_rules()
}

fn diagnostic(
    source: &Arc<Source>,
    alerts: &[&str],
    text: &MappedText,
    drift: Drift,
) -> Diagnostic {
    let phrase = on_one_line(&text.text()[drift.phrase.clone()]);
    let span = Span::new(source, text.to_source(drift.phrase));
    let names: Vec<String> = alerts.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "the runbook says \u{201c}{phrase}\u{201d}, and the rule of {} {}",
        joined(&names),
        drift.rule_says
    );
    let mut found = Diagnostic::new(CHECK.name, span, message)
        .with_label("not what the rule says")
        .with_help("write what the rule says now, or mend the rule if the runbook is right");
    for (span, what) in drift.places {
        found.relate(span, what);
    }
    match alerts {
        [only] => found.with_alert(*only),
        _ => found,
    }
}
