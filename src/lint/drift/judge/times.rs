//! Times that a text states beside those that the rules wait, look back and look ahead.

use super::{Drift, Judge, Place, is_near_age, is_near_time};
use crate::diag::wording::joined;
use crate::lint::drift::condition::{Conditions, Window};
use crate::lint::drift::statement::{Lasting, Meant, Said, Sentence, Statement};
use crate::lint::drift::{has_length, is_age_and_wait, is_other_length};
use crate::promql::duration_text;
use crate::source::Span;
use std::collections::BTreeSet;
use std::ops::Range;

/// A rate over a longer time, in milliseconds, is no graph made smooth, but what has happened in that
/// time: `5 percent failed for an hour`.
const LONGEST_SMOOTHING: u64 = 15 * 60_000;

impl Judge<'_> {
    /// Whether a rule has this length of time anywhere but in what it compares with and a number is
    /// about already, or waits so long for what it looks back at. What can only be a wait is no window
    /// of a rule that waits, and what is above a number for some time is above it on each look at a
    /// rate.
    pub(super) fn is_time(&self, lasting: Lasting, taken: &[Place]) -> bool {
        let Lasting { milliseconds, meant } = lasting;
        self.rules.iter().enumerate().any(|(index, rule)| {
            let is_free = |at: usize| {
                let is_stated = taken.contains(&(index, at));
                !is_stated || meant == Meant::Any && rule.comparisons[at].subject.is_time
            };
            let waits = rule.held().unwrap_or_default();
            let mut past = rule.windows.iter().chain(&rule.offsets);
            let may_be_window = |window: &Window| match meant {
                Meant::Any => true,
                Meant::Compared => {
                    let smooths = window.milliseconds <= waits.max(LONGEST_SMOOTHING);
                    waits == 0 || !window.is_of_rate || !smooths
                }
                Meant::Wait => waits == 0,
            };
            let windows = || rule.windows.iter().chain(&rule.named);
            windows().any(|it| may_be_window(it) && it.milliseconds == milliseconds)
                || past.any(|it| it.milliseconds + waits == milliseconds)
                || is_other_length(rule, milliseconds, &is_free)
                || is_age_and_wait(rule, milliseconds)
        })
    }

    /// Whether a time is so near to one of the rules that it may once have been the same.
    pub(super) fn may_wait(&self, lasting: Lasting) -> bool {
        let milliseconds = lasting.milliseconds;
        self.rules.iter().any(|rule| {
            let mut ages = rule.comparisons.iter().filter(|it| it.subject.is_age);
            rule.held().is_none_or(|length| is_near_time(milliseconds, length))
                || rule.windows.iter().any(|it| is_near_time(milliseconds, it.milliseconds))
                || ages.any(|it| is_near_age(milliseconds, it.value.abs()))
        })
    }

    /// Whether a sentence looks back at a time that no rule can have meant.
    pub(super) fn is_far_back(&self, sentence: &Sentence) -> bool {
        let windows = || self.rules.iter().flat_map(|rule| &rule.windows);
        sentence.statements.iter().any(|statement| match statement.said {
            Said::Window { milliseconds, .. } => {
                let is_near = |it: &Window| is_near_time(milliseconds, it.milliseconds);
                windows().next().is_some() && !windows().any(is_near)
            }
            _ => false,
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
                || windows.is_empty() && has_length(rule, milliseconds)
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
        // What is so `in the last 15 minutes` may be how long it has been so.
        let waits = self.waits();
        let is_long = |length: u64| others.iter().all(|(_, window)| window.milliseconds < length);
        let may_be_wait = waits.iter().all(|(_, length)| is_long(*length)) && !waits.is_empty();
        let mut found = Drift::new(statement, format!("looks back {lengths}"));
        if may_be_wait {
            let waited = quoted(waits.iter().map(|(_, length)| *length));
            found.rule_says.push_str(&format!(" and waits {waited}"));
        }
        found.places.extend(others.into_iter().filter_map(|(rule, window)| {
            Some((rule.rule.expr.span_of(window.range.clone()?), "the rule's window"))
        }));
        if may_be_wait {
            found.places.extend(waits.iter().filter_map(|(rule, _)| place_of_for(rule)));
        }
        Some(found)
    }

    /// A time that something must go on for, where every rule waits another one.
    pub(super) fn held(
        &self,
        statement: &Statement,
        lasting: Lasting,
        about: &[Place],
        taken: &[Place],
        tells_held: bool,
    ) -> Option<Drift> {
        if self.is_time(lasting, taken) {
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
        let waits = self.waits();
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
        if waits.is_empty() && self.rules.iter().all(sees_nothing) {
            return self.window(statement, lasting.milliseconds, true, about);
        }
        if waits.is_empty() {
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

    /// The rules that wait before they fire, and how long.
    fn waits(&self) -> Vec<(&Conditions<'_>, u64)> {
        self.rules.iter().filter_map(|rule| Some((rule, rule.held()?))).collect()
    }
}

/// Where a rule says how long it waits.
fn place_of_for(conditions: &Conditions<'_>) -> Option<(Span, &'static str)> {
    let length = conditions.rule.for_duration()?;
    Some((length.text.span().clone(), "the rule's `for`"))
}

/// A phrase beside the time that the rules wait.
pub fn waiting(phrase: Range<usize>, rules: &[Conditions<'_>]) -> Drift {
    let lengths = quoted(rules.iter().filter_map(Conditions::held));
    Drift {
        phrase,
        rule_says: format!("waits {lengths}"),
        places: rules.iter().filter_map(place_of_for).collect(),
    }
}

/// Lengths of time as rules write them, each once: `` `5m` and `1h` ``.
fn quoted(lengths: impl Iterator<Item = u64>) -> String {
    let lengths: BTreeSet<u64> = lengths.collect();
    let written: Vec<String> =
        lengths.into_iter().map(|length| format!("`{}`", duration_text(length))).collect();
    joined(&written)
}
