//! Whether a sentence is about the condition of a rule.
//!
//! Runbooks are full of true numbers: how many cores a node has, when clients time out, how long logs
//! are kept. A number that is not the rule's is only then a mistake if something shows that it was
//! meant to be. That is so
//! - where the sentence tells when the alert fires;
//! - where another value of the sentence is the rule's;
//! - where the sentence opens the description of the alert, and says what the rule is about: it begins
//!   with the number, counts what the rule speaks of, or has a unit that the rule measures in.
//!
//! All else stays alone.

use super::condition::Conditions;
use super::description::Counts;
use super::statement::{Bound, Looking, Quantity, Said, Sentence, Statement, Unit};
use super::vocabulary::Vocabulary;
use std::cell::OnceCell;

/// What is known of a sentence and the rules it may be about.
pub struct Evidence<'e> {
    /// The text of the description.
    pub text: &'e str,
    /// The sentence.
    pub sentence: &'e Sentence,
    /// The rules.
    pub rules: &'e [Conditions<'e>],
    /// Where the description stands.
    pub counts: Counts,
    /// Whether the sentence is the first one.
    pub is_opening: bool,
    /// Whether it is the second one, and goes on about what the first one is about.
    pub opens_on: bool,
    /// Whether one of its values is one of the rules.
    pub has_value: bool,
    /// What only some statements ask for, and then each of them again.
    pub asked: Asked,
}

/// Answers that hold for the whole sentence.
#[derive(Default)]
pub struct Asked {
    vocabulary: OnceCell<Vocabulary>,
    speaks_of_rule: OnceCell<bool>,
    is_habit: OnceCell<bool>,
    is_state: OnceCell<bool>,
}

/// Names of things that may be anything which is counted.
const ANYTHING: [&str; 16] = [
    "items",
    "elements",
    "entries",
    "events",
    "things",
    "objects",
    "records",
    "errors",
    "failures",
    "requests",
    "attempts",
    "instances",
    "targets",
    "units",
    "series",
    "messages",
];

/// Verbs of what is always so: `keeps logs for 14 days` is no state that an alert waits for.
const HABITS: [&str; 26] = [
    "keeps",
    "keep",
    "kept",
    "retains",
    "retain",
    "retained",
    "stores",
    "store",
    "stored",
    "caches",
    "cached",
    "holds",
    "runs",
    "waits",
    "sleeps",
    "lives",
    "serves",
    "issued",
    "scheduled",
    "takes",
    "took",
    "remembers",
    "reserves",
    "blocks",
    "pauses",
    "continues",
];

/// Words of a state that something is in.
const STATES: [&str; 34] = [
    "is",
    "are",
    "been",
    "no",
    "not",
    "without",
    "down",
    "up",
    "unavailable",
    "unreachable",
    "missing",
    "stuck",
    "pending",
    "failing",
    "failed",
    "firing",
    "unhealthy",
    "unready",
    "notready",
    "absent",
    "degraded",
    "stale",
    "lost",
    "gone",
    "stays",
    "remains",
    "stopped",
    "high",
    "low",
    "above",
    "over",
    "below",
    "hasn't",
    "haven't",
];

impl Evidence<'_> {
    /// Whether a number that a sentence states is meant to be one of the rules.
    pub fn ties_number(&self, statement: &Statement, quantity: &Quantity) -> bool {
        if self.is_told() || self.has_value {
            return true;
        }
        if !self.is_opening {
            return false;
        }
        let names_nothing = statement.counted.is_none();
        match quantity.unit {
            Unit::Count if quantity.whole.is_none() => {
                statement.is_first
                    || quantity.bound != Bound::Plain
                        && (names_nothing && (statement.is_last || self.speaks_of_rule())
                            || self.counts_what_the_rule_does(statement))
            }
            Unit::Percent => {
                let of_share = || {
                    let rules = self.rules.iter().flat_map(|rule| &rule.comparisons);
                    quantity.share.is_some() && rules.into_iter().any(|it| it.subject.is_share)
                };
                let is_compared = || {
                    quantity.bound != Bound::Plain && (statement.is_last || self.speaks_of_rule())
                };
                statement.is_first || of_share() || is_compared()
            }
            // `twice` may be said of anything, but where the rule counts how often.
            Unit::Times => {
                let mut rules = self.rules.iter().flat_map(|rule| &rule.comparisons);
                rules.any(|it| it.subject.counts_in_window)
                    || statement.is_first
                    || quantity.bound != Bound::Plain && self.speaks_of_rule()
            }
            // How long and how much is measured by rules of that kind alone.
            Unit::Count | Unit::Time(_) | Unit::Bytes(_) | Unit::Physical(_) => true,
        }
    }

    /// Whether a time that a sentence states is meant to be one of the rules.
    pub fn ties_time(&self, statement: &Statement) -> bool {
        if self.is_told() || self.has_value {
            return true;
        }
        match &statement.said {
            Said::Window { looking: Looking::Back, .. } if self.opens_on => true,
            _ if !self.is_opening => false,
            Said::Window { looking, .. } => {
                *looking == Looking::Back || self.counts == Counts::All || self.tells_of_nothing()
            }
            Said::Held { .. } => {
                let is_state = || {
                    self.has_word(&self.asked.is_state, &STATES)
                        || self.tells_of_nothing()
                        || self.runs_longer(statement)
                };
                let is_enough = self.counts == Counts::All || is_state() && self.is_about_rule();
                is_enough
                    && (self.runs_longer(statement)
                        || !self.has_word(&self.asked.is_habit, &HABITS))
            }
            Said::Number(_) | Said::Ahead { .. } | Said::Ago { .. } => true,
        }
    }

    /// `Nothing was processed in 24 hours`
    fn tells_of_nothing(&self) -> bool {
        let text = self.text[self.sentence.range.clone()].to_lowercase();
        let first = text.split_whitespace().next();
        matches!(first, Some("no" | "nothing" | "none" | "nobody")) && self.speaks_of_rule()
    }

    /// `runs for more than 12 hours`, which says no more than a habit without the comparison.
    fn runs_longer(&self, statement: &Statement) -> bool {
        let before = &self.text[self.sentence.range.start..statement.range.start];
        let is_compared = self.text[statement.range.clone()].contains(" than ");
        is_compared && matches!(before.split_whitespace().last(), Some("runs" | "takes" | "took"))
    }

    /// Whether it is said that this is when the alert fires.
    fn is_told(&self) -> bool {
        self.sentence.tells_when || self.counts == Counts::Bare
    }

    /// Whether the things behind a number are ones that the rules name.
    fn counts_what_the_rule_does(&self, statement: &Statement) -> bool {
        let Some(counted) = &statement.counted else { return false };
        let things = &self.text[counted.clone()];
        let is_anything = || {
            let mut words = things.split_whitespace();
            words.any(|word| ANYTHING.contains(&word.to_lowercase().as_str()))
        };
        self.vocabulary().speaks_for(things) || is_anything() && self.speaks_of_rule()
    }

    /// The same, or whether a rule asks for nothing but whether its target is up.
    fn is_about_rule(&self) -> bool {
        self.rules.iter().any(|rule| rule.is_presence) || self.speaks_of_rule()
    }

    /// Whether the sentence has a word of the rules.
    fn speaks_of_rule(&self) -> bool {
        let text = || &self.text[self.sentence.range.clone()];
        *self.asked.speaks_of_rule.get_or_init(|| self.vocabulary().speaks_for(text()))
    }

    fn vocabulary(&self) -> &Vocabulary {
        let rules = || self.rules.iter().map(|conditions| conditions.rule);
        self.asked.vocabulary.get_or_init(|| Vocabulary::of(rules()))
    }

    /// Whether the sentence has one of these words.
    fn has_word(&self, answer: &OnceCell<bool>, wanted: &[&str]) -> bool {
        *answer.get_or_init(|| {
            let text = self.text[self.sentence.range.clone()].to_lowercase();
            let mut words = text.split(|it: char| !it.is_alphabetic() && it != '\'');
            words.any(|word| wanted.contains(&word))
        })
    }
}
