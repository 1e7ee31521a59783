//! Times that a text states beside those that the rules wait, look back and look ahead.

use super::{Drift, Judge, Place};
use crate::lint::drift::condition::{Conditions, Window};
use crate::lint::drift::statement::Statement;
use crate::lint::drift::{has_length, is_age_and_wait, is_other_length, listed};
use crate::promql::duration_text;
use crate::rules::RuleKind;
use crate::source::Span;
use std::collections::BTreeSet;
use std::ops::Range;

impl Judge<'_> {
    /// Whether a rule has this length of time anywhere but in what it compares with and a number is
    /// about already, or waits so long for what it looks back at.
    pub(super) fn is_time(&self, milliseconds: u64, taken: &[Place]) -> bool {
        self.rules.iter().enumerate().any(|(index, rule)| {
            let is_free =
                |at: usize| !taken.contains(&(index, at)) || rule.comparisons[at].subject.is_time;
            let waits = rule.held().unwrap_or_default();
            let windows = rule.windows.iter().map(|window| window.milliseconds);
            windows.into_iter().any(|window| [window, window + waits].contains(&milliseconds))
                || is_other_length(rule, milliseconds, &is_free)
                || is_age_and_wait(rule, milliseconds)
        })
    }

    /// Whether a rule looks so far back.
    pub(super) fn is_window(&self, milliseconds: u64) -> bool {
        let mut windows = self.rules.iter().flat_map(|rule| &rule.windows);
        windows.any(|window| window.milliseconds == milliseconds)
    }

    /// How far something is predicted, where every rule that predicts looks less or more far.
    pub(super) fn ahead(&self, statement: &Statement, milliseconds: u64) -> Option<Drift> {
        let (length, places) =
            self.other_length(milliseconds, |rule| &rule.horizons, "how far the rule predicts")?;
        let rule_says = format!("predicts `{}`", duration_text(length));
        Some(Drift { places, ..Drift::new(statement, rule_says) })
    }

    /// How much earlier something was that it is compared with, where every rule that compares so
    /// looks at another time.
    pub(super) fn ago(&self, statement: &Statement, milliseconds: u64) -> Option<Drift> {
        let (length, places) =
            self.other_length(milliseconds, |rule| &rule.offsets, "the rule's offset")?;
        let rule_says = format!("has `offset {}`", duration_text(length));
        Some(Drift { places, ..Drift::new(statement, rule_says) })
    }

    /// The one length of a kind that the rules have, and where the first of them has it, if they
    /// have the stated one nowhere.
    fn other_length(
        &self,
        milliseconds: u64,
        lengths: for<'a> fn(&'a Conditions<'_>) -> &'a [Window],
        what: &'static str,
    ) -> Option<(u64, Vec<(Span, &'static str)>)> {
        let all =
            || self.rules.iter().flat_map(|rule| lengths(rule).iter().map(move |it| (rule, it)));
        let (rule, first) = all().next()?;
        let is_one = all().all(|(_, other)| other.milliseconds == first.milliseconds);
        if !is_one || self.rules.iter().any(|rule| has_length(rule, milliseconds)) {
            return None;
        }
        let range = first.range.iter().cloned();
        let places = range.map(|range| (rule.rule.expr.span_of(range), what));
        Some((first.milliseconds, places.collect()))
    }

    /// A window that no rule looks back.
    pub(super) fn window(
        &self,
        statement: &Statement,
        milliseconds: u64,
        is_certain: bool,
        about: &[Place],
    ) -> Option<Drift> {
        let mut others: Vec<(&Conditions<'_>, &Window)> = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let compared = about.iter().filter(|place| place.0 == index);
            let compared: Vec<_> = compared.map(|place| &rule.comparisons[place.1]).collect();
            let own: Vec<usize> = compared.iter().flat_map(|it| it.windows.clone()).collect();
            let windows: Vec<&Window> = if own.is_empty() {
                rule.windows.iter().collect()
            } else {
                own.iter().map(|at| &rule.windows[*at]).collect()
            };
            // What is counted is counted in its window, and in no other time of the rule.
            let counts = compared.iter().any(|it| it.subject.counts_in_window);
            if windows.iter().any(|window| window.milliseconds == milliseconds)
                || !counts && has_length(rule, milliseconds)
                || windows.is_empty() && is_other_length(rule, milliseconds, &|_| true)
            {
                return None;
            }
            let same_rule = about.is_empty() || !compared.is_empty();
            others.extend(windows.into_iter().filter(|_| same_rule).map(|window| (rule, window)));
        }
        // A time without a word of the past, in a sentence about nothing of the rule, may be any.
        if others.is_empty() || (!is_certain && about.is_empty() && others.len() > 1) {
            return None;
        }
        let lengths = quoted(others.iter().map(|(_, window)| window.milliseconds));
        let mut found = Drift::new(statement, format!("looks back {lengths}"));
        found.places.extend(others.into_iter().filter_map(|(rule, window)| {
            Some((rule.rule.expr.span_of(window.range.clone()?), "the rule's window"))
        }));
        Some(found)
    }

    /// A time that something must go on for, where every rule waits another one.
    pub(super) fn held(
        &self,
        statement: &Statement,
        milliseconds: u64,
        about: &[Place],
        taken: &[Place],
        tells_held: bool,
    ) -> Option<Drift> {
        if self.is_time(milliseconds, taken) {
            return None;
        }
        // An age is compared with how long it may be; the `for` beside it is another matter.
        let ages = self.places(|place, comparison| {
            comparison.is_outermost
                && comparison.subject.is_age
                && comparison.operator.is_upward()
                && !taken.contains(&place)
        });
        if !ages.is_empty() {
            return Some(self.number(statement, &ages));
        }
        if tells_held {
            return None;
        }
        let waits = self.rules.iter().any(|rule| rule.held().is_some());
        // Nothing has happened for as long as nothing is seen in the window.
        let sees_nothing = |rule: &Conditions<'_>| {
            rule.comparisons.iter().any(|it| {
                it.is_outermost
                    && !it.windows.is_empty()
                    && it.subject.counts_in_window
                    && !it.operator.is_upward()
                    && it.value.abs() <= 1.0
            })
        };
        if !waits && self.rules.iter().all(sees_nothing) {
            return self.window(statement, milliseconds, true, about);
        }
        if !waits {
            // Only a sentence that is about the rule for certain misses a `for`. What a metric
            // stands for may have taken its time, but for being up.
            let [rule] = self.rules else { return None };
            if about.is_empty() && !rule.is_presence {
                return None;
            }
            let places = vec![(rule.rule.name().span().clone(), "fires at once")];
            return Some(Drift { places, ..Drift::new(statement, "has no `for`".to_owned()) });
        }
        Some(waiting(statement.range.clone(), self.rules))
    }
}

/// A phrase beside the time that the rules wait.
pub fn waiting(phrase: Range<usize>, rules: &[Conditions<'_>]) -> Drift {
    let lengths = quoted(rules.iter().filter_map(Conditions::held));
    let waits = rules.iter().filter_map(|rule| match &rule.rule.kind {
        RuleKind::Alerting { for_duration: Some(duration), .. } => {
            Some((duration.text.span().clone(), "the rule's `for`"))
        }
        _ => None,
    });
    Drift { phrase, rule_says: format!("waits {lengths}"), places: waits.collect() }
}

/// Lengths of time as rules write them, each once: `` `5m` and `1h` ``.
fn quoted(lengths: impl Iterator<Item = u64>) -> String {
    let lengths: BTreeSet<u64> = lengths.collect();
    let written: Vec<String> =
        lengths.into_iter().map(|length| format!("`{}`", duration_text(length))).collect();
    listed(&written)
}
