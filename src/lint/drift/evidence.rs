//! Whether a sentence is about the condition of a rule.
//!
//! Runbooks are full of true numbers: how many cores a node has, when clients time out, how long logs
//! are kept. A number that is not the rule's is only then a mistake if something shows that it was
//! meant to be. That is so
//! - where the sentence tells when the alert fires;
//! - where another value of the sentence is the rule's;
//! - where the sentence opens the description of the alert and speaks of what the rule speaks of, in
//!   its words or in its unit of measurement; and where the number is what is said of it, rather than
//!   a property (`the disk has 2 TB`), a habit (`runs for 3 hours`) or which things are meant
//!   (`messages older than 7 days are dropped`).
//!
//! All else stays alone.

mod lists;

use super::condition::{Comparison, Conditions};
use super::description::Counts;
use super::judge::is_near_age;
use super::statement::{Bound, Looking, Quantity, Said, Sentence, Statement, Unit};
use super::vocabulary::Vocabulary;
use crate::lint::word_set::WordSet;
use lists::{ANYTHING, HABITS, HANDLING, STATES};
use std::cell::OnceCell;

/// How many numbers and times a sentence about an alert may have.
const MOST_STATEMENTS: usize = 40;

/// What is known of a sentence and the rules it may be about.
pub struct Evidence<'e> {
    /// The text of the description.
    pub text: &'e str,
    /// The sentence.
    pub sentence: &'e Sentence,
    /// How it is written in the runbook.
    pub written: &'e str,
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
    is_about_handling: OnceCell<bool>,
    is_nothing_else: OnceCell<bool>,
    names_state: OnceCell<bool>,
    is_habit: OnceCell<bool>,
    is_state: OnceCell<bool>,
}

impl Evidence<'_> {
    /// Whether a number that a sentence states is meant to be one of the rules.
    pub fn ties_number(&self, statement: &Statement, quantity: &Quantity) -> bool {
        if self.is_told() || self.has_value {
            return true;
        }
        if !self.is_opening || !self.may_be_condition(statement) {
            return false;
        }
        if self.is_nothing_else() || self.is_of_level() {
            return true;
        }
        let is_compared = quantity.bound != Bound::Plain;
        // `the disk has 2 TB`, `twice a day`; but `failed twice in the past hour`.
        let is_habit = quantity.per.is_some_and(|seconds| seconds >= 60.0);
        let is_seen = || {
            let mut others = self.sentence.statements.iter();
            quantity.unit == Unit::Times && others.any(|it| matches!(it.said, Said::Window { .. }))
        };
        if !is_compared && (is_habit || !statement.is_first && !is_seen()) {
            return false;
        }
        let mut comparisons = self.rules.iter().flat_map(|rule| &rule.comparisons);
        match quantity.unit {
            Unit::Physical(_) => true,
            // `more than 10 MB/s is written`
            Unit::Bytes(_) if statement.is_first && quantity.per.is_some() => true,
            Unit::Percent
                if quantity.share.is_some() && comparisons.any(|it| it.subject.is_share) =>
            {
                true
            }
            Unit::Count if quantity.whole.is_some() => self.speaks_of_rule(),
            Unit::Count | Unit::Percent if statement.counted.is_some() => {
                self.counts_what_the_rule_does(statement)
                    && (!statement.is_first || self.says_of_counted(statement, quantity))
                    || statement.is_first && self.names_state()
            }
            Unit::Count => {
                (statement.is_first || statement.is_last || is_compared) && self.speaks_of_rule()
            }
            // `is older than 26 hours`, of what the rule takes an age of
            Unit::Time(_) if self.text[statement.range.clone()].contains("old") => {
                comparisons.any(|it| it.subject.is_age) || self.speaks_of_rule()
            }
            // `nothing has succeeded in more than 26 hours`
            Unit::Time(_) if self.tells_of_nothing() && self.asks_for_age() => quantity.is_upward(),
            Unit::Time(_) if self.takes_time(statement) => {
                comparisons.all(|it| !it.subject.is_age) && self.speaks_of_rule()
            }
            _ => self.speaks_of_rule(),
        }
    }

    /// Whether a time that a sentence states is meant to be one of the rules.
    pub fn ties_time(&self, statement: &Statement) -> bool {
        if self.is_told() || self.has_value {
            return true;
        }
        let opens = self.is_opening
            || self.opens_on
                && matches!(statement.said, Said::Window { looking: Looking::Back, .. });
        if !opens || !self.may_be_condition(statement) {
            return false;
        }
        if self.is_nothing_else() || self.is_of_level() {
            return true;
        }
        match &statement.said {
            Said::Window { .. } if self.tells_of_nothing() => self.asks_for_nothing(),
            Said::Window { looking, milliseconds } => {
                let looks_back = *looking == Looking::Back
                    || self.counts == Counts::All
                    || self.misses_since(statement, *milliseconds);
                looks_back && self.speaks_of_rule()
            }
            Said::Held(_) => {
                let is_state = || {
                    self.has_word(&self.asked.is_state, &STATES)
                        || self.tells_of_nothing()
                        || self.runs_longer(statement)
                        || self.is_named_state(statement)
                };
                let is_habit =
                    || !self.runs_longer(statement) && self.has_word(&self.asked.is_habit, &HABITS);
                self.tells_of_nothing() && self.asks_for_nothing()
                    || is_state() && self.speaks_of_rule() && !is_habit()
            }
            Said::Number(_) | Said::Ahead { .. } | Said::Ago { .. } => true,
        }
    }

    /// Whether nothing in the sentence speaks against its being about the alert's condition.
    fn may_be_condition(&self, statement: &Statement) -> bool {
        // Who says so much at once lists something.
        if self.sentence.statements.len() > MOST_STATEMENTS {
            return false;
        }
        // A time in a sentence about some of the things is theirs.
        let restricts = match statement.said {
            Said::Held(_) => self.sentence.statements.iter().any(|other| other.restricts),
            _ => statement.restricts,
        };
        !restricts && !self.sentence.is_conditional && !self.is_about_handling() && !self.is_well()
    }

    /// `It has been up for 200 days`, `nothing is lost for 20 minutes`: no alert fires when all is well.
    fn is_well(&self) -> bool {
        const WELL: [&str; 5] = ["up", "online", "alive", "healthy", "reachable"];
        const BROKEN: [&str; 8] =
            ["lost", "broken", "down", "failed", "failing", "missing", "affected", "damaged"];
        let is_number = |it: &Statement| matches!(it.said, Said::Number(_));
        if self.sentence.statements.iter().any(is_number) {
            return false;
        }
        let text = self.text[self.sentence.range.clone()].to_lowercase();
        let words: Vec<&str> = text.split(|it: char| !it.is_alphabetic() && it != '\'').collect();
        if self.tells_of_nothing() {
            return words.iter().any(|word| BROKEN.contains(word));
        }
        let is_so = |pair: &[&str]| {
            matches!(pair[0], "is" | "are" | "been" | "stays" | "remains")
                && WELL.contains(&pair[1])
        };
        words.windows(2).any(is_so) && !self.denies()
    }

    /// `Nothing was processed in 24 hours`
    fn tells_of_nothing(&self) -> bool {
        let first = self.text[self.sentence.range.clone()].split_whitespace().next();
        let nothing = ["no", "nothing", "none", "nobody"];
        first.is_some_and(|word| nothing.iter().any(|it| word.eq_ignore_ascii_case(it)))
    }

    /// Whether the sentence says that something is not so; `no more than` says how much is.
    pub fn denies(&self) -> bool {
        const DENIALS: [&str; 6] = ["no", "not", "nothing", "none", "never", "without"];
        let text = self.text[self.sentence.range.clone()].to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.iter().enumerate().any(|(at, word)| {
            let compares =
                matches!(words.get(at + 1), Some(&("more" | "less" | "fewer" | "longer")));
            (DENIALS.contains(word) || word.ends_with("n't")) && !compares
        })
    }

    /// Whether a rule fires where nothing is, or nothing has been for some time.
    fn asks_for_nothing(&self) -> bool {
        self.rules.iter().any(|rule| {
            rule.is_presence
                || rule.comparisons.iter().any(|it| {
                    it.subject.is_age && it.operator.is_upward()
                        || !it.operator.is_upward() && it.value.abs() <= 1.0
                })
        })
    }

    /// `has not finished in 30 minutes`, `no backup within 24 hours`: nothing has been seen for so long,
    /// where the rules fire when the last of something is about so long ago. `within an hour of the
    /// scheduled run` and `did not answer in 5 seconds` say how long something took.
    pub fn misses_since(&self, statement: &Statement, milliseconds: u64) -> bool {
        let text = self.text[self.sentence.range.clone()].to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_missing = words.iter().enumerate().any(|(at, word)| {
            let before = at.checked_sub(1).map_or("", |before| words[before]);
            let after = words.get(at + 1).copied().unwrap_or_default();
            let compares = matches!(after, "more" | "less" | "fewer" | "longer");
            match *word {
                "no" | "nothing" => !compares,
                "not" | "never" => matches!(before, "has" | "have" | "had"),
                "hasn't" | "haven't" | "hasn’t" | "haven’t" => true,
                _ => false,
            }
        });
        let behind = self.text[statement.range.end..].trim_start();
        is_missing
            && !behind.starts_with("of ")
            && self.asks_for_age()
            && self.ages().any(|it| is_near_age(milliseconds, it.value.abs()))
    }

    /// Whether each rule fires where the last of something is too long ago.
    fn asks_for_age(&self) -> bool {
        self.rules.iter().all(|rule| rule.comparisons.iter().any(is_decisive_age))
    }

    fn ages(&self) -> impl Iterator<Item = &Comparison> {
        let comparisons = self.rules.iter().flat_map(|rule| &rule.comparisons);
        comparisons.filter(|it| is_decisive_age(it))
    }

    /// Whether a time that something is longer than is how long a state goes on: `down > 5m`. What is
    /// above a time is compared with it.
    pub fn goes_on_longer(&self, statement: &Statement) -> bool {
        const LONGER: [&str; 4] = ["longer", "more than", "at least", ">"];
        let phrase = self.text[statement.range.clone()].to_lowercase();
        LONGER.iter().any(|word| phrase.contains(word))
            && !self.takes_time(statement)
            && self.has_word(&self.asked.is_state, &STATES)
    }

    /// `runs for more than 12 hours`, which says no more than a habit without the comparison.
    fn runs_longer(&self, statement: &Statement) -> bool {
        self.text[statement.range.clone()].contains(" than ") && self.takes_time(statement)
    }

    /// `takes more than an hour`: how long something is at work.
    fn takes_time(&self, statement: &Statement) -> bool {
        let before = &self.text[self.sentence.range.start..statement.range.start];
        let verb = before.split_whitespace().next_back();
        matches!(verb, Some("runs" | "takes" | "take" | "took" | "lasts" | "lasted"))
    }

    /// `More than 800 Mbit/s over 5 minutes.`: the sentence has no words of its own.
    fn is_nothing_else(&self) -> bool {
        *self.asked.is_nothing_else.get_or_init(|| self.has_no_other_words())
    }

    fn has_no_other_words(&self) -> bool {
        let mut rest = String::new();
        let mut at = self.sentence.range.start;
        for statement in &self.sentence.statements {
            rest.push_str(self.text.get(at..statement.range.start).unwrap_or_default());
            at = statement.range.end.max(at);
        }
        rest.push_str(self.text.get(at..self.sentence.range.end).unwrap_or_default());
        let words = rest.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
        words.into_iter().all(|word| {
            let is_number = word.starts_with(|it: char| it.is_ascii_digit());
            is_number
                || matches!(
                    word.to_lowercase().as_str(),
                    "for" | "in" | "the" | "over" | "within" | "and" | "or" | "minutes" | "hours"
                )
        })
    }

    /// `critical over 95 percent`, in a row of the alert
    fn is_of_level(&self) -> bool {
        self.sentence.level.is_some() && self.counts == Counts::All
    }

    /// Whether what is said of the things behind a number can be why an alert fires: that they are
    /// there, `more than 5 restarts in an hour`, that they are in some state, or what the rule says.
    fn says_of_counted(&self, statement: &Statement, quantity: &Quantity) -> bool {
        /// So far behind a number, something else is spoken of.
        const MOST_LETTERS: usize = 120;
        let Some(counted) = &statement.counted else { return true };
        let behind = &self.text[counted.end..self.sentence.range.end];
        let most = behind.char_indices().nth(MOST_LETTERS).map_or(behind.len(), |(at, _)| at);
        let behind = &behind[..most];
        let mut words = behind.split(|it: char| !it.is_alphabetic() && it != '\'');
        let first = behind.trim_start().split(|it: char| !it.is_alphabetic()).next();
        quantity.per.is_some()
            || matches!(first, Some("" | "in" | "within" | "for" | "over" | "during"))
            || words.any(|word| STATES.contains_in_lower_case(word))
            || self.vocabulary().speaks_for(behind)
    }

    /// `Vault is sealed for a minute`, where the rule is `vault_sealed == 1`
    fn is_named_state(&self, statement: &Statement) -> bool {
        let before = &self.text[self.sentence.range.start..statement.range.start];
        let mut words = before.split_whitespace().rev();
        let state = words.next();
        let is_said_to_be = matches!(words.next(), Some("is" | "are" | "been" | "be"));
        is_said_to_be && state.is_some_and(|word| self.vocabulary().names(word))
    }

    /// Whether the rule names the state in which the sentence says that things are.
    fn names_state(&self) -> bool {
        *self.asked.names_state.get_or_init(|| {
            let text = self.text[self.sentence.range.clone()].to_lowercase();
            let mut words = text.split(|it: char| !it.is_alphabetic());
            words.any(|word| {
                // Those name no state by themselves.
                STATES.contains(word)
                    && !matches!(word, "been" | "no" | "not" | "without")
                    && self.vocabulary().speaks_for(word)
            })
        })
    }

    /// Whether it is said that this is when the alert fires.
    fn is_told(&self) -> bool {
        self.sentence.tells_when.is_some() || self.counts == Counts::Bare
    }

    /// Whether the sentence, or the one that it goes on from, is about how alerts are handled; where
    /// the rule itself is not.
    fn is_about_handling(&self) -> bool {
        *self.asked.is_about_handling.get_or_init(|| self.has_word_of_handling())
    }

    fn has_word_of_handling(&self) -> bool {
        let is_handling = |word: &str| HANDLING.contains(word) && !self.vocabulary().names(word);
        let text = self.scope().to_lowercase();
        text.split(|it: char| !it.is_alphabetic()).any(is_handling)
    }

    /// Whether the things behind a number are ones that the rules name.
    fn counts_what_the_rule_does(&self, statement: &Statement) -> bool {
        let Some(counted) = &statement.counted else { return false };
        let things = &self.text[counted.clone()];
        let is_anything = || {
            let mut words = things.split_whitespace();
            words.any(|word| ANYTHING.contains_in_lower_case(word))
        };
        self.vocabulary().speaks_for(things) || is_anything() && self.speaks_of_rule()
    }

    /// Whether the sentence, or the one that it goes on from, has a word of the rules, or names the
    /// quantile that they take.
    fn speaks_of_rule(&self) -> bool {
        *self.asked.speaks_of_rule.get_or_init(|| {
            self.vocabulary().speaks_for(self.scope())
                || self.names_quantile()
                || self.speaks_in_code()
        })
    }

    /// `` `active_orders` > 50 ``: in the text all code is the same word.
    fn speaks_in_code(&self) -> bool {
        let mut code = self.written.split('`').skip(1).step_by(2);
        code.any(|code| self.vocabulary().speaks_for(code))
    }

    /// `p95 > 2 s`, `the 99.9th percentile is above`
    fn names_quantile(&self) -> bool {
        let text = self.scope().to_lowercase();
        let parts = text.split(|it: char| !it.is_alphanumeric() && it != '.');
        parts.filter_map(percentile).any(|percent| {
            let quantile = percent / 100.0;
            let mut numbers = self.rules.iter().flat_map(|rule| &rule.numbers);
            numbers.any(|number| (number - quantile).abs() < 1e-9)
        })
    }

    /// The sentence, with the one that it goes on from.
    fn scope(&self) -> &str {
        let start = if self.opens_on { 0 } else { self.sentence.range.start };
        &self.text[start..self.sentence.range.end]
    }

    fn vocabulary(&self) -> &Vocabulary {
        let rules = || self.rules.iter().map(|conditions| conditions.rule);
        self.asked.vocabulary.get_or_init(|| Vocabulary::of(rules()))
    }

    /// Whether the sentence has one of these words.
    fn has_word(&self, answer: &OnceCell<bool>, wanted: &WordSet) -> bool {
        *answer.get_or_init(|| {
            let text = self.text[self.sentence.range.clone()].to_lowercase();
            let mut words = text.split(|it: char| !it.is_alphabetic() && it != '\'');
            words.any(|word| wanted.contains(word))
        })
    }
}

fn is_decisive_age(comparison: &Comparison) -> bool {
    comparison.is_outermost && comparison.subject.is_age && comparison.operator.is_upward()
}

/// The percents of `p95`, `99th` and `p999`.
fn percentile(word: &str) -> Option<f64> {
    let digits = match word.strip_prefix('p') {
        Some("999") => "99.9",
        Some(digits) => digits,
        None => word.strip_suffix("th")?,
    };
    digits.parse().ok().filter(|percent| (1.0..100.0).contains(percent))
}
