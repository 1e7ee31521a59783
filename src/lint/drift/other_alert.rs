//! Sentences of a description that are about another alert, or about the same one in another place.
//!
//! `HighLatencyCritical fires at 5 seconds`, `in staging this alert fires when`, `the old alert fired`:
//! what a sentence says fires must be the alert that is described, called by its name or by words of
//! its rule. One that has another name in it is about another alert in any case.

use super::description::Description;
use super::statement::{Sentence, is_unit};
use super::vocabulary::Vocabulary;
use crate::diag::suggest::letters;
use crate::rules::Rule;
use crate::runbook::is_shaped;
use crate::site::Site;
use crate::source::ByteSet;

/// Words around an alert that don't tell it from others.
const OF_ANY_ALERT: [&str; 70] = [
    "a",
    "an",
    "each",
    "every",
    "important",
    "severity",
    "the",
    "this",
    "that",
    "these",
    "which",
    "it",
    "its",
    "our",
    "we",
    "you",
    "one",
    "i",
    "is",
    "are",
    "was",
    "be",
    "been",
    "being",
    "has",
    "have",
    "will",
    "get",
    "gets",
    "got",
    "only",
    "then",
    "immediately",
    "automatically",
    "alert",
    "alerts",
    "alerting",
    "alarm",
    "alarms",
    "rule",
    "warning",
    "notification",
    "notifications",
    "condition",
    "prometheus",
    "alertmanager",
    "monitoring",
    "system",
    "raise",
    "raises",
    "send",
    "sends",
    "trigger",
    "triggers",
    "generate",
    "generates",
    "create",
    "creates",
    "cause",
    "causes",
    "receive",
    "receives",
    "of",
    "for",
    "on",
    "in",
    "to",
    "and",
    "by",
    "means",
];

/// Whether a sentence is about something else than the alert that its description is about.
pub fn is_about_another(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    names_another(site, description, sentence) || fires_another(site, description, sentence)
}

/// Whether a sentence may be about less than the whole alert, or about alerts in general: `The alert fires
/// when more than 20% fail in staging`, `Alerts fire when`. Where the runbook has said already what the rule
/// says, it is.
pub fn is_restricted(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    const MOST_WORDS: usize = 4;
    let text = description.text.text();
    let said = text[sentence.range.clone()].trim_end_matches(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = said.split_whitespace().collect();
    // `Alerts when more than 20% fail` says it of this one.
    let is_general = || matches!(words[..], ["Alerts", verb, ..] if !matches!(verb, "when" | "if"));
    let place = words.iter().rposition(|word| matches!(*word, "in" | "on" | "for" | "at"));
    let Some(place) = place.map(|at| &words[at + 1..]) else { return is_general() };
    let is_place = (1..=MOST_WORDS).contains(&place.len())
        && !place.iter().any(|word| is_number_or_time(word))
        && {
            let rules = description.alerts.iter().flat_map(|name| site.rules_raising(name));
            let vocabulary = Vocabulary::of(rules);
            !place.iter().any(|word| vocabulary.names(word) || vocabulary.speaks_for(word))
        };
    is_place || is_general()
}

fn is_number_or_time(word: &str) -> bool {
    word.contains(|it: char| it.is_ascii_digit()) || is_unit(word)
}

/// Whether it names an alert of the rules that is another one.
fn names_another(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    let source = site.pages[description.page].runbook.source();
    let written = description.text.to_source(sentence.range.clone());
    // Looking up every word would take most of the time: names are more than a small word.
    any_large_word(&source.text()[written], |word| {
        !description.alerts.contains(&word)
            && site.alerts.get(word).is_some_and(|alert| !alert.rules.is_empty())
    })
}

/// Whether one of the words of a text that are not of small letters alone is one that is looked for.
fn any_large_word(text: &str, mut is_one: impl FnMut(&str) -> bool) -> bool {
    if !text.is_ascii() {
        let mut words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
        return words
            .any(|word| word.contains(|it: char| !it.is_ascii_lowercase()) && is_one(word));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(step) = LARGE.first_in(&bytes[at..]) {
        let large = at + step;
        let small = bytes[at..large].iter().rev().take_while(|byte| byte.is_ascii_lowercase());
        let is_of_word = |byte: &&u8| byte.is_ascii_lowercase() || LARGE.has(**byte);
        let (start, end) =
            (large - small.count(), large + bytes[large..].iter().take_while(is_of_word).count());
        if is_one(&text[start..end]) {
            return true;
        }
        at = end;
    }
    false
}

/// What no word of small letters has.
static LARGE: ByteSet = ByteSet::of(b"_").and_all(b'A', b'Z').and_all(b'0', b'9');

/// Whether what it says fires is called otherwise than the alert.
fn fires_another(site: &Site, description: &Description<'_>, sentence: &Sentence) -> bool {
    let Some(who) = &sentence.who_fires else { return false };
    let text = description.text.text();
    let source = site.pages[description.page].runbook.source();
    let rules = || description.alerts.iter().flat_map(|name| site.rules_raising(name));
    let mut vocabulary: Option<Vocabulary> = None;
    let mut at = who.start;
    // `RabbitMQ` is a part of `RabbitmqOutOfMemory`.
    let is_own =
        |name: &str| description.alerts.iter().any(|own| letters(own).contains(&letters(name)));
    for piece in text[who.clone()].split_inclusive(|it: char| !it.is_alphanumeric() && it != '_') {
        let word = piece.trim_end_matches(|it: char| !it.is_alphanumeric() && it != '_');
        let written = &source.text()[description.text.to_source(at..at + word.len())];
        at += piece.len();
        // Code is read as the word `code`.
        let name = written.strip_prefix('`').map(|code| code.trim_matches('`'));
        let name = name.or_else(|| Some(word).filter(|word| is_shaped(word)));
        let lower = word.to_lowercase();
        let is_this = match name {
            Some(name) => {
                is_own(name) || rules().any(|rule| has_severity(rule, &name.to_lowercase()))
            }
            None => {
                !word.contains(char::is_alphabetic)
                    || OF_ANY_ALERT.contains(&lower.as_str())
                    || rules().any(|rule| has_severity(rule, &lower))
                    || {
                        let words = vocabulary.get_or_insert_with(|| Vocabulary::of(rules()));
                        words.names(word) || words.speaks_for(word)
                    }
            }
        };
        if !is_this {
            return true;
        }
    }
    false
}

fn has_severity(rule: &Rule, word: &str) -> bool {
    rule.severity().is_some_and(|severity| severity.as_str().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn large_words_are_those_between_other_signs(text in "[a-cA-C0_ .-]{0,12}é?") {
            let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
            let words = words.filter(|word| word.contains(|it: char| !it.is_ascii_lowercase()));
            let mut found = Vec::new();
            any_large_word(&text, |word| {
                found.push(word.to_owned());
                false
            });
            prop_assert_eq!(found, words.collect::<Vec<_>>());
        }
    }
}
