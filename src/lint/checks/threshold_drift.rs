//! A runbook states a threshold or a time that is not the rule's.
//!
//! Thresholds are tuned in the rules and forgotten in the runbooks. Whoever is paged then looks for
//! three failures in five hours where the alert fires at ten in one.
//!
//! Read are the rows of alert tables and, in the section at which the alert's readers start, the
//! sentences that tell when it fires: `more than 3 times in the past 5 hours`, `over 70 percent`,
//! `for 10 minutes`, `two of three`. They are compared with the comparisons, the ranges and the `for` of the
//! rule. `300m` is 5 hours, 0.7 is 70 percent, and `at least 3` is `> 2`. Where an alert has several
//! rules, one that agrees is enough. What is said with doubt (`usually`, `about 5`), as advice or as
//! a wish is left alone, and so is what may be a fact about anything: a sentence is compared if it
//! tells when the alert fires, if it opens the description, or if another of its values is the
//! rule's; and what it counts, `20 workers`, must be what the rule speaks of.
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

use super::{Check, InPage, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::condition::{Comparison, Conditions, Window};
use crate::lint::drift::description::{Counts, Description, descriptions};
use crate::lint::drift::evidence::{Asked, Evidence};
use crate::lint::drift::statement::{PAST, Quantity, Said, Sentence, Statement, Unit, mentions, sentences};
use crate::lint::drift::{folded, has_length, is_age_and_wait, is_other_length, listed};
use crate::promql::duration_text;
use crate::rules::RuleKind;
use crate::site::Site;
use crate::source::Span;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

pub const CHECK: Check =
    Check { name: "threshold-drift", severity: Severity::Warning, needs_rules: true, run: Run::Pages(run) };

/// The expressions of recording rules by the names that they record.
type Recorded<'s> = HashMap<&'s str, Vec<&'s str>>;

fn run(site: &Site) -> InPage<'_> {
    let mut recorded = Recorded::new();
    for rule in site.rule_files.iter().flat_map(|file| file.rules()) {
        if let RuleKind::Recording { record } = &rule.kind {
            recorded.entry(record.as_str()).or_default().push(rule.expr.as_str());
        }
    }
    Box::new(move |open| in_page(open, &recorded))
}

fn in_page(open: &OpenPage<'_>, recorded: &Recorded<'_>) -> Vec<Diagnostic> {
    let site = open.site;
    let mut found = Vec::new();
    // A row and a section describe the same alerts.
    let mut read: HashMap<Vec<&str>, Vec<Conditions<'_>>> = HashMap::new();
    for description in descriptions(open) {
        let mut sentences = sentences(description.text.text(), description.counts == Counts::Bare);
        let opening = Opening::of(&sentences);
        let mut is_about_another = false;
        sentences.retain(|sentence| {
            // `It fires when` goes on about the alert that the sentence before has named.
            is_about_another = names_another_alert(site, &description, sentence)
                || is_about_another && sentence.goes_on;
            !is_about_another && !sentence.statements.is_empty() && counts(sentence, &description, opening)
        });
        if sentences.is_empty() {
            continue;
        }
        let rules = read.entry(description.alerts.clone()).or_insert_with_key(|alerts| {
            let alerts = alerts.iter().filter_map(|name| site.alerts.get(*name));
            let rules = alerts.flat_map(|alert| &alert.rules).map(|place| site.rule(*place).2);
            let recorded = |metric: &str| recorded.get(metric).map_or(&[][..], Vec::as_slice);
            rules.filter_map(|rule| Conditions::of(rule, &recorded)).collect()
        });
        // What is said of one severity is compared with its rule, if there is one.
        for (level, sentences) in by_level(sentences) {
            let of_level: Vec<Conditions<'_>>;
            let rules = match level {
                None => rules.as_slice(),
                Some(level) => {
                    of_level = rules.iter().filter(|it| has_level(it, level)).cloned().collect();
                    &of_level
                }
            };
            if !rules.is_empty() {
                let judge = Judge { site, description: &description, rules, opening };
                judge.judge(&sentences, &mut found);
            }
        }
    }
    found
}

/// The sentences about all rules, and those about the rule of a severity.
fn by_level(sentences: Vec<Sentence>) -> BTreeMap<Option<&'static str>, Vec<Sentence>> {
    let mut levels: BTreeMap<_, Vec<Sentence>> = BTreeMap::new();
    for sentence in sentences {
        levels.entry(sentence.level).or_default().push(sentence);
    }
    levels
}

fn has_level(conditions: &Conditions<'_>, level: &str) -> bool {
    let severity = conditions.rule.label("severity");
    severity.is_some_and(|severity| severity.as_str().eq_ignore_ascii_case(level))
}

/// Whether what a sentence states counts, by where it stands.
fn counts(sentence: &Sentence, description: &Description<'_>, opening: Opening) -> bool {
    match description.counts {
        Counts::All | Counts::Bare => true,
        Counts::Told => sentence.tells_when,
        Counts::Whole => {
            let has = |wanted: fn(&Said) -> bool| {
                sentence.statements.iter().any(|statement| wanted(&statement.said))
            };
            let states_both = has(|said| matches!(said, Said::Number(_)))
                && has(|said| !matches!(said, Said::Number(_)));
            sentence.tells_when || states_both || opening.has(sentence)
        }
    }
}

/// Whether a sentence names an alert of the rules that its description is not about.
fn names_another_alert(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    let source = site.pages[description.page].runbook.source();
    let written = description.text.to_source(sentence.range.clone());
    let words = source.text()[written].split(|it: char| !it.is_alphanumeric() && it != '_');
    // Looking up every word would take most of the time: names are more than a small word.
    let may_be_name = |word: &&str| word.contains(|it: char| !it.is_ascii_lowercase());
    words.filter(may_be_name).any(|word| {
        !description.alerts.contains(&word)
            && site.alerts.get(word).is_some_and(|alert| !alert.rules.is_empty())
    })
}

/// Where the sentences begin that open a description.
#[derive(Debug, Clone, Copy)]
struct Opening {
    /// The first one.
    first: Option<usize>,
    /// The second one, where it goes on about what the first one is about.
    second: Option<usize>,
}

impl Opening {
    fn of(sentences: &[Sentence]) -> Self {
        let start = |sentence: &Sentence| sentence.range.start;
        let second = sentences.get(1).filter(|sentence| sentence.goes_on);
        Self { first: sentences.first().map(start), second: second.map(start) }
    }

    fn has(self, sentence: &Sentence) -> bool {
        [self.first, self.second].contains(&Some(sentence.range.start))
    }
}

/// One description and the rules it may be about.
struct Judge<'s> {
    site: &'s Site,
    description: &'s Description<'s>,
    rules: &'s [Conditions<'s>],
    opening: Opening,
}

/// A comparison of a rule, both as indexes.
type Place = (usize, usize);

/// A long text says the same of the same comparison many times.
fn add_new(places: &mut Vec<Place>, more: impl IntoIterator<Item = Place>) {
    for place in more {
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

impl Judge<'_> {
    fn judge(&self, sentences: &[Sentence], found: &mut Vec<Diagnostic>) {
        let statements = || sentences.iter().flat_map(|sentence| &sentence.statements);
        let mut taken = self.taken(statements());
        // Beside the time that the rule waits or looks back, others are about something else.
        let tells_held = statements().any(|statement| match statement.said {
            Said::Held { milliseconds } => self.is_time(milliseconds, &taken),
            _ => false,
        });
        let tells_window = statements().any(|statement| match statement.said {
            Said::Window { milliseconds, .. } => {
                let windows = self.rules.iter().flat_map(|rule| &rule.windows);
                windows.into_iter().any(|window| window.milliseconds == milliseconds)
            }
            _ => false,
        });
        for sentence in sentences {
            let evidence = self.evidence(sentence, &taken);
            let mut about: Vec<Place> = Vec::new();
            for statement in &sentence.statements {
                let Said::Number(quantity) = &statement.said else { continue };
                let agreeing = self.agreeing(quantity);
                if !agreeing.is_empty() {
                    found.extend(self.rate(statement, quantity, &agreeing));
                    add_new(&mut about, agreeing);
                } else if !self.rules.iter().any(|rule| quantity.agrees_with(rule)) {
                    let counterparts = self.counterparts(quantity, sentence, &taken);
                    if !counterparts.is_empty() && evidence.ties_number(statement, quantity) {
                        found.push(self.number_drift(statement, &counterparts));
                        add_new(&mut taken, counterparts.iter().copied());
                        add_new(&mut about, counterparts);
                    }
                }
            }
            for statement in &sentence.statements {
                let ties = || !about.is_empty() || evidence.ties_time(statement);
                let looks_back = self.rules.iter().any(|rule| !rule.windows.is_empty());
                let says_past = PAST.iter().any(|past| {
                    evidence.text[statement.range.clone()].to_lowercase().starts_with(past)
                });
                match statement.said {
                    // `for the last 10 minutes`, where nothing looks back, is how long it lasts.
                    Said::Window { milliseconds, is_certain: false }
                        if says_past && !looks_back && ties() =>
                    {
                        found.extend(self.held(statement, milliseconds, &about, &taken, tells_held));
                    }
                    Said::Window { milliseconds, is_certain } if !tells_window && ties() => {
                        found.extend(self.window(statement, milliseconds, is_certain, &about));
                    }
                    Said::Held { milliseconds } if ties() => {
                        found.extend(self.held(statement, milliseconds, &about, &taken, tells_held));
                    }
                    Said::Ahead { milliseconds } => {
                        found.extend(self.ahead(statement, milliseconds));
                    }
                    Said::Ago { milliseconds } if ties() => {
                        found.extend(self.ago(statement, milliseconds));
                    }
                    _ => {}
                }
            }
        }
    }

    /// What shows that a sentence is about the condition of the rules.
    fn evidence<'e>(&'e self, sentence: &'e Sentence, taken: &[Place]) -> Evidence<'e> {
        let is_value = |statement: &Statement| match &statement.said {
            Said::Number(quantity) => !self.agreeing(quantity).is_empty(),
            Said::Window { milliseconds, .. } => {
                let windows = self.rules.iter().flat_map(|rule| &rule.windows);
                windows.into_iter().any(|window| window.milliseconds == *milliseconds)
            }
            Said::Held { milliseconds } => self.is_time(*milliseconds, taken),
            Said::Ahead { milliseconds } | Said::Ago { milliseconds } => {
                self.rules.iter().any(|rule| has_length(rule, *milliseconds))
            }
        };
        Evidence {
            text: self.description.text.text(),
            sentence,
            rules: self.rules,
            counts: self.description.counts,
            is_opening: self.opening.first == Some(sentence.range.start)
                || sentence.level.is_some() && self.description.counts == Counts::All,
            opens_on: self.opening.second == Some(sentence.range.start),
            has_value: sentence.statements.iter().any(is_value),
            asked: Asked::default(),
        }
    }

    /// The comparisons that a number anywhere in the description agrees with: they are not what
    /// another one is about. `fires at 100; above 500 nothing answers`
    fn taken<'a>(&self, statements: impl Iterator<Item = &'a Statement> + Clone) -> Vec<Place> {
        let mut taken = Vec::new();
        let mut is_all_agreed = true;
        for statement in statements.clone() {
            if let Said::Number(quantity) = &statement.said {
                let agreeing = self.agreeing(quantity);
                is_all_agreed &= !agreeing.is_empty();
                add_new(&mut taken, agreeing);
            }
        }
        // Where all agree, nothing is asked of the others.
        if is_all_agreed && !taken.is_empty() {
            return taken;
        }
        let stated: Vec<&Range<usize>> = statements
            .filter(|statement| matches!(statement.said, Said::Number(_)))
            .map(|statement| &statement.range)
            .collect();
        for (at, quantity) in mentions(self.description.text.text()) {
            // What is stated of a number says more than that it is there.
            let next = stated.partition_point(|range| range.start <= at);
            if next.checked_sub(1).is_some_and(|before| stated[before].contains(&at)) {
                continue;
            }
            let is_time = matches!(quantity.unit, Unit::Time(_));
            let agreeing = self.agreeing(&quantity).into_iter().filter(|(rule, at)| {
                let rule = &self.rules[*rule];
                // A time that the rule waits or looks back is said of that.
                !is_time || rule.comparisons[*at].subject.is_time && !quantity.is_for_or_window(rule)
            });
            add_new(&mut taken, agreeing);
        }
        taken
    }

    /// Whether a rule has this length of time anywhere but in what it compares with and a number is
    /// about already, or waits so long for what it looks back at.
    fn is_time(&self, milliseconds: u64, taken: &[Place]) -> bool {
        self.rules.iter().enumerate().any(|(index, rule)| {
            let is_free = |at: usize| {
                !taken.contains(&(index, at)) || rule.comparisons[at].subject.is_time
            };
            let waits = rule.held().unwrap_or_default();
            let windows = rule.windows.iter().map(|window| window.milliseconds);
            windows.into_iter().any(|window| [window, window + waits].contains(&milliseconds))
                || is_other_length(rule, milliseconds, &is_free)
                || is_age_and_wait(rule, milliseconds)
        })
    }

    /// The comparisons that a stated number agrees with.
    fn agreeing(&self, quantity: &Quantity) -> Vec<Place> {
        self.places(|_, comparison| {
            (comparison.is_outermost || quantity.may_be_about(comparison))
                && quantity.agrees_with_comparison(comparison)
        })
    }

    fn places(&self, wanted: impl Fn(Place, &Comparison) -> bool) -> Vec<Place> {
        let rules = self.rules.iter().enumerate();
        let all = rules.flat_map(|(rule, conditions)| {
            conditions.comparisons.iter().enumerate().map(move |(at, it)| ((rule, at), it))
        });
        all.filter(|(place, it)| wanted(*place, it)).map(|(place, _)| place).collect()
    }

    /// The comparison of each rule that a stated number must be about, since it agrees with none.
    /// None where that leaves doubt.
    fn counterparts(
        &self,
        quantity: &Quantity,
        sentence: &Sentence,
        taken: &[Place],
    ) -> Vec<Place> {
        let possible = self.places(|place, comparison| {
            !taken.contains(&place) && quantity.may_be_about(comparison)
        });
        let mut counterparts = Vec::new();
        for rule in 0..self.rules.len() {
            let of_rule: Vec<Place> =
                possible.iter().copied().filter(|place| place.0 == rule).collect();
            match self.likeliest(of_rule, sentence)[..] {
                [] => {}
                [only] => counterparts.push(only),
                _ => return Vec::new(),
            }
        }
        counterparts
    }

    /// Of several comparisons of a rule those that decide whether the alert fires; and of several
    /// of those the ones that look back as far as the sentence says.
    fn likeliest(&self, places: Vec<Place>, sentence: &Sentence) -> Vec<Place> {
        let comparison = |place: &Place| &self.rules[place.0].comparisons[place.1];
        let narrowed = |places: Vec<Place>, wanted: &dyn Fn(&Place) -> bool| {
            let some: Vec<Place> = places.iter().copied().filter(|it| wanted(it)).collect();
            if some.is_empty() { places } else { some }
        };
        let outermost = narrowed(places, &|place| comparison(place).is_outermost);
        if outermost.len() < 2 {
            return outermost;
        }
        let windows: Vec<u64> = sentence
            .statements
            .iter()
            .filter_map(|statement| match statement.said {
                Said::Window { milliseconds, .. } => Some(milliseconds),
                _ => None,
            })
            .collect();
        narrowed(outermost, &|place| {
            let rule = &self.rules[place.0];
            comparison(place)
                .windows
                .iter()
                .any(|window| windows.contains(&rule.windows[*window].milliseconds))
        })
    }

    fn number_drift(&self, statement: &Statement, counterparts: &[Place]) -> Diagnostic {
        let said: Vec<String> = counterparts
            .iter()
            .map(|(rule, at)| {
                let rule = &self.rules[*rule];
                let written = &rule.rule.expr.as_str()[rule.comparisons[*at].range.clone()];
                format!("`{}`", folded(written))
            })
            .collect();
        let mut found = self.drift(statement, &format!("says {}", listed(&said)));
        for (rule, at) in counterparts {
            let rule = &self.rules[*rule];
            let range = rule.comparisons[*at].range.clone();
            found.relate(rule.rule.expr.span_of(range), "the rule's threshold");
        }
        found
    }

    /// What is counted `three times a week`, where the rule counts in another time.
    fn rate(
        &self,
        statement: &Statement,
        quantity: &Quantity,
        about: &[Place],
    ) -> Option<Diagnostic> {
        let seconds = quantity.per.filter(|seconds| *seconds >= 60.0)?;
        let counts = |place: &Place| {
            let comparison = &self.rules[place.0].comparisons[place.1];
            comparison.subject.counts_in_window && !comparison.windows.is_empty()
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a unit")]
        let milliseconds = (seconds * 1000.0) as u64;
        let drifts = about.iter().all(counts);
        drifts.then(|| self.window(statement, milliseconds, true, about)).flatten()
    }

    /// How far something is predicted, where every rule that predicts looks less or more far.
    fn ahead(&self, statement: &Statement, milliseconds: u64) -> Option<Diagnostic> {
        let of_rules = || {
            let rules = self.rules.iter();
            rules.flat_map(|rule| rule.horizons.iter().map(move |horizon| (rule, horizon)))
        };
        let (rule, horizon) = of_rules().next()?;
        if self.rules.iter().any(|rule| has_length(rule, milliseconds))
            || of_rules().any(|(_, other)| other.milliseconds != horizon.milliseconds)
        {
            return None;
        }
        let predicts = format!("predicts `{}`", duration_text(horizon.milliseconds));
        let mut found = self.drift(statement, &predicts);
        if let Some(range) = &horizon.range {
            found.relate(rule.rule.expr.span_of(range.clone()), "how far the rule predicts");
        }
        Some(found)
    }

    /// How much earlier something was that it is compared with, where every rule that looks back so
    /// looks at another time.
    fn ago(&self, statement: &Statement, milliseconds: u64) -> Option<Diagnostic> {
        let of_rules = || {
            let rules = self.rules.iter();
            rules.flat_map(|rule| rule.offsets.iter().map(move |offset| (rule, offset)))
        };
        let (rule, offset) = of_rules().next()?;
        if self.rules.iter().any(|rule| has_length(rule, milliseconds))
            || of_rules().any(|(_, other)| other.milliseconds != offset.milliseconds)
        {
            return None;
        }
        let compares = format!("has `offset {}`", duration_text(offset.milliseconds));
        let mut found = self.drift(statement, &compares);
        if let Some(range) = &offset.range {
            found.relate(rule.rule.expr.span_of(range.clone()), "the rule's offset");
        }
        Some(found)
    }

    /// A window that no rule looks back.
    fn window(
        &self,
        statement: &Statement,
        milliseconds: u64,
        is_certain: bool,
        about: &[Place],
    ) -> Option<Diagnostic> {
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
        let mut lengths: Vec<u64> = others.iter().map(|(_, window)| window.milliseconds).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let said: Vec<String> =
            lengths.iter().map(|length| format!("`{}`", duration_text(*length))).collect();
        let mut found = self.drift(statement, &format!("looks back {}", listed(&said)));
        for (rule, window) in others {
            if let Some(range) = &window.range {
                found.relate(rule.rule.expr.span_of(range.clone()), "the rule's window");
            }
        }
        Some(found)
    }

    /// A time that something must go on for, where every rule waits another one.
    fn held(
        &self,
        statement: &Statement,
        milliseconds: u64,
        about: &[Place],
        taken: &[Place],
        tells_held: bool,
    ) -> Option<Diagnostic> {
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
            return Some(self.number_drift(statement, &ages));
        }
        if tells_held {
            return None;
        }
        let waits = self.rules.iter().filter_map(|rule| Some((rule, rule.held()?)));
        let waits: Vec<_> = waits.collect();
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
            return self.window(statement, milliseconds, true, about);
        }
        if waits.is_empty() {
            // Only a sentence that is about the rule for certain misses a `for`. What a metric
            // stands for may have taken its time, but for being up.
            let [rule] = self.rules else { return None };
            if about.is_empty() && !rule.is_presence {
                return None;
            }
            let found = self.drift(statement, "has no `for`");
            return Some(found.with_related(rule.rule.name().span().clone(), "fires at once"));
        }
        let mut lengths: Vec<u64> = waits.iter().map(|(_, length)| *length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let said: Vec<String> =
            lengths.iter().map(|length| format!("`{}`", duration_text(*length))).collect();
        let mut found = self.drift(statement, &format!("waits {}", listed(&said)));
        for (rule, _) in waits {
            if let RuleKind::Alerting { for_duration: Some(duration), .. } = &rule.rule.kind {
                found.relate(duration.text.span().clone(), "the rule's `for`");
            }
        }
        Some(found)
    }

    fn drift(&self, statement: &Statement, rule_says: &str) -> Diagnostic {
        let text = &self.description.text;
        let phrase = folded(&text.text()[statement.range.clone()]);
        let source = self.site.pages[self.description.page].runbook.source();
        let span = Span::new(source, text.to_source(statement.range.clone()));
        let names: Vec<String> =
            self.description.alerts.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "the runbook says \u{201c}{phrase}\u{201d}, and the rule of {} {rule_says}",
            listed(&names)
        );
        let found = Diagnostic::new(CHECK.name, span, message)
            .with_label("not what the rule says")
            .with_help("write what the rule says now, or mend the rule if the runbook is right");
        match self.description.alerts.as_slice() {
            [only] => found.with_alert(*only),
            _ => found,
        }
    }
}
