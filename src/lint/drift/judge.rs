//! Sets what the sentences of a description state beside what the rules say.
//!
//! First it is known which comparisons of the rules the text names rightly: those are not what
//! another number is about. Then each statement that its sentence ties to the rules is compared, the
//! numbers of a sentence before its times, since a number tells which of several conditions the
//! sentence is about.

mod numbers;
mod times;

pub use times::waiting;

use super::condition::{Comparison, Conditions, Operator};
use super::description::Counts;
use super::evidence::{Asked, Evidence};
use super::has_length;
use super::statement::{Lasting, Looking, Said, Sentence, Statement};
use crate::source::{MappedText, Source, Span};
use smallvec::SmallVec;
use std::ops::Range;

/// A phrase that says something else than the rules.
#[derive(Debug)]
pub struct Drift {
    /// Its bytes in the text.
    pub phrase: Range<usize>,
    /// What the rule says, to stand behind its name: `` says `> 3` ``, `` waits `10m` ``.
    pub rule_says: String,
    /// Where the rules say it, and what it is there.
    pub places: Vec<(Span, &'static str)>,
}

impl Drift {
    fn new(statement: &Statement, rule_says: String) -> Self {
        Self { phrase: statement.range.clone(), rule_says, places: Vec::new() }
    }
}

/// Where the sentences begin that open a description.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The first one.
    first: Option<usize>,
    /// The second one, where it goes on about what the first one is about.
    second: Option<usize>,
}

impl Opening {
    /// The opening of a description that has these sentences.
    pub fn of(sentences: &[Sentence]) -> Self {
        let start = |sentence: &Sentence| sentence.range.start;
        let second = sentences.get(1).filter(|sentence| sentence.goes_on);
        Self { first: sentences.first().map(start), second: second.map(start) }
    }

    /// Whether a sentence is one of them.
    pub fn has(self, sentence: &Sentence) -> bool {
        [self.first, self.second].contains(&Some(sentence.range.start))
    }
}

/// One description and the rules it may be about.
pub struct Judge<'s> {
    /// The runbook that the description is in.
    pub source: &'s Source,
    /// The text of the description.
    pub text: &'s MappedText,
    /// What in it counts.
    pub counts: Counts,
    /// How it opens.
    pub opening: Opening,
    /// The rules; one that agrees is enough.
    pub rules: &'s [Conditions<'s>],
}

/// A comparison of a rule, both as indexes.
type Place = (usize, usize);

/// Some comparisons of rules; most rules have one.
type Places = SmallVec<[Place; 4]>;

/// Whether one of two numbers may have been made the other: what is fifty times as much is about
/// something else.
fn is_near(one: f64, other: f64) -> bool {
    const MOST: f64 = 50.0;
    one <= other * MOST && other <= one * MOST
}

/// The same of two times in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
fn is_near_time(one: u64, other: u64) -> bool {
    is_near(one as f64, other as f64)
}

/// The same of a time in milliseconds and an age, in seconds or else in hours or days.
#[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
pub(super) fn is_near_age(milliseconds: u64, age: f64) -> bool {
    let units: &[f64] = if age >= 1000.0 { &[1e3] } else { &[1e3, 3_600e3, 86_400e3] };
    units.iter().any(|unit| is_near(milliseconds as f64, age * unit))
}

/// A long text says the same of the same comparison many times.
fn add_new(places: &mut Places, more: impl IntoIterator<Item = Place>) {
    for place in more {
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

impl Judge<'_> {
    /// Whether sentences of the description state a number that is the rules'.
    pub fn agrees(&self, sentences: &[Sentence]) -> bool {
        let statements = sentences.iter().flat_map(|sentence| &sentence.statements);
        !self.taken(statements).is_empty()
    }

    /// Whether sentences of the description state a time that the rules wait or look back.
    pub fn agrees_on_time(&self, sentences: &[Sentence]) -> bool {
        let mut statements = sentences.iter().flat_map(|sentence| &sentence.statements);
        statements.any(|statement| match statement.said {
            Said::Held(lasting) => self.is_time(lasting, &[]),
            Said::Window { milliseconds, .. } => self.is_window(milliseconds),
            _ => false,
        })
    }

    /// What sentences of the description say otherwise than the rules.
    pub fn drifts(&self, sentences: &[Sentence]) -> Vec<Drift> {
        let mut found = Vec::new();
        let statements = || sentences.iter().flat_map(|sentence| &sentence.statements);
        let mut taken = self.taken(statements());
        // Beside the time that the rule waits or looks back, others are about something else.
        let tells_held = statements().any(|statement| match statement.said {
            Said::Held(lasting) => self.is_time(lasting, &taken),
            _ => false,
        });
        let tells_window = statements().any(|statement| match statement.said {
            Said::Window { milliseconds, .. } => self.is_window(milliseconds),
            _ => false,
        });
        let mut comparisons = self.rules.iter().flat_map(|rule| &rule.comparisons);
        let compares_time = comparisons.any(|it| it.subject.is_time);
        let asks_for_nothing = self.rules.iter().all(|rule| {
            rule.is_presence
                || rule.comparisons.iter().any(|it| it.is_outermost && it.subject.is_age)
        });
        let compares = |wanted: fn(Operator) -> bool| {
            self.rules.iter().any(|rule| rule.comparisons.iter().any(|it| wanted(it.operator)))
        };
        let has_range = compares(Operator::is_upward) && compares(Operator::is_downward);
        let looks_back = self.rules.iter().any(|rule| !rule.windows.is_empty());
        for sentence in sentences {
            if sentence.tells_when.is_none() && self.is_far_back(sentence) {
                continue;
            }
            let evidence = self.evidence(sentence, &taken);
            let mut about = Places::new();
            for statement in &sentence.statements {
                let Said::Number(quantity) = &statement.said else { continue };
                if statement.is_of_range && !has_range {
                    continue;
                }
                let agreeing = self.agreeing(quantity);
                if !agreeing.is_empty() {
                    found.extend(self.rate(statement, quantity, &agreeing));
                    add_new(&mut about, agreeing);
                } else if !self.rules.iter().any(|rule| quantity.agrees_with(rule)) {
                    let counterparts = self.counterparts(quantity, sentence, &taken);
                    let is_near = || {
                        sentence.tells_when.is_some()
                            || counterparts.iter().any(|it| self.is_near(quantity, *it))
                    };
                    if !counterparts.is_empty()
                        && evidence.ties_number(statement, quantity)
                        && is_near()
                    {
                        found.push(self.number(statement, &counterparts));
                        add_new(&mut taken, counterparts.iter().copied());
                        add_new(&mut about, counterparts);
                    }
                }
            }
            for statement in &sentence.statements {
                let said = match statement.said {
                    // `for the last 10 minutes`, where nothing looks back, is how long it lasts.
                    Said::Window { milliseconds, looking: Looking::OrLasting } if !looks_back => {
                        Said::Held(Lasting::any(milliseconds))
                    }
                    // Nor is `not reached in the last 15 minutes`, of a target or of an age.
                    Said::Window { milliseconds, looking: Looking::Back }
                        if !looks_back && asks_for_nothing && evidence.denies() =>
                    {
                        Said::Held(Lasting::any(milliseconds))
                    }
                    // And `has not finished in 30 minutes`, of an age alone.
                    Said::Window { milliseconds, looking: Looking::Within }
                        if !looks_back && evidence.misses_since(statement, milliseconds) =>
                    {
                        Said::Held(Lasting::any(milliseconds))
                    }
                    // `down > 5m`, where nothing is compared with a time.
                    Said::Number(quantity)
                        if let Some(milliseconds) = quantity.milliseconds()
                            && quantity.is_upward()
                            && !compares_time
                            && evidence.goes_on_longer(statement)
                            && !self.rules.iter().any(|rule| quantity.agrees_with(rule)) =>
                    {
                        Said::Held(Lasting::any(milliseconds))
                    }
                    said => said,
                };
                let ties = || !about.is_empty() || evidence.ties_time(statement);
                found.extend(match said {
                    Said::Window { milliseconds, looking } if !tells_window && ties() => {
                        let is_certain = looking == Looking::Back;
                        self.window(statement, milliseconds, is_certain, &about)
                    }
                    Said::Held(lasting)
                        if ties() && (sentence.tells_when.is_some() || self.may_wait(lasting)) =>
                    {
                        self.held(statement, lasting, &about, &taken, tells_held)
                    }
                    Said::Ahead { milliseconds } => self.ahead(statement, milliseconds),
                    Said::Ago { milliseconds } if ties() => self.ago(statement, milliseconds),
                    _ => None,
                });
            }
        }
        found
    }

    /// What shows that a sentence is about the condition of the rules.
    fn evidence<'e>(&'e self, sentence: &'e Sentence, taken: &[Place]) -> Evidence<'e> {
        let is_value = |statement: &Statement| match &statement.said {
            Said::Number(quantity) => !self.agreeing(quantity).is_empty(),
            Said::Window { milliseconds, looking } => {
                self.is_window(*milliseconds)
                    || *looking == Looking::OrLasting
                        && self.is_time(Lasting::any(*milliseconds), taken)
            }
            Said::Held(lasting) => self.is_time(*lasting, taken),
            Said::Ahead { milliseconds } | Said::Ago { milliseconds } => {
                self.rules.iter().any(|rule| has_length(rule, *milliseconds))
            }
        };
        Evidence {
            text: self.text.text(),
            written: &self.source.text()[self.text.to_source(sentence.range.clone())],
            sentence,
            rules: self.rules,
            counts: self.counts,
            is_opening: self.opening.first == Some(sentence.range.start)
                || sentence.level.is_some() && self.counts == Counts::All,
            opens_on: self.opening.second == Some(sentence.range.start),
            has_value: sentence.statements.iter().any(is_value),
            asked: Asked::default(),
        }
    }

    /// The comparisons of the rules for which something holds.
    fn places(&self, wanted: impl Fn(Place, &Comparison) -> bool) -> Places {
        let rules = self.rules.iter().enumerate();
        let all = rules.flat_map(|(rule, conditions)| {
            conditions.comparisons.iter().enumerate().map(move |(at, it)| ((rule, at), it))
        });
        all.filter(|(place, it)| wanted(*place, it)).map(|(place, _)| place).collect()
    }
}
