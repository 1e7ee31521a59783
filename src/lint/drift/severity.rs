//! How runbooks state the severity of an alert: under a header, behind a key, in a sentence.

use crate::lint::drift::words::lower_case;
use crate::lint::runs::runs;
use crate::lint::word_set::{WordSet, WordSets};
use crate::markdown::{Inline, InlineKind, plain_text};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How surely a header or a key announces a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `Severity`, `Sev.`
    Severity,
    /// `Level`, `Priority`: it may be one of another scale.
    Scale,
}

/// Words for how bad something is, of the scales that people use.
const OF_SCALES: [&str; 23] = [
    "critical",
    "warning",
    "info",
    "error",
    "page",
    "ticket",
    "none",
    "notice",
    "emergency",
    "urgent",
    "high",
    "medium",
    "low",
    "major",
    "minor",
    "moderate",
    "disaster",
    "average",
    "notify",
    "email",
    "slack",
    "fatal",
    "blocker",
];

/// What a header, a heading or the word before a colon announces.
pub fn key(text: &str) -> Option<Key> {
    const MOST_WORDS: usize = 2;
    // What has more words is none, and has not to be read to its end.
    let words: SmallVec<[Cow<'_, str>; 3]> =
        runs(text).take(MOST_WORDS + 1).map(lower_case).collect();
    let words: SmallVec<[&str; 3]> = words.iter().map(|word| &**word).collect();
    match words.as_slice() {
        ["severity" | "sev"] | ["alert", "severity"] | ["severity", "level"] => Some(Key::Severity),
        [word] if IN_OTHER_LANGUAGES.contains_in_any_case(word) => Some(Key::Severity),
        ["level" | "priority" | "prio"] | ["alert", "level" | "priority"] => Some(Key::Scale),
        _ => None,
    }
}

/// What teams that write in German, Spanish, Portuguese, French, Italian, Vietnamese and Chinese call it.
static IN_OTHER_LANGUAGES: WordSet = WordSet::new(&[
    "schweregrad",
    "schwere",
    "severidad",
    "gravedad",
    "severidade",
    "gravidade",
    "sévérité",
    "gravité",
    "gravità",
    "严重级别",
    "严重程度",
    "告警级别",
    "级别",
]);

/// Words that are keys, or parts of them.
pub static KEYS: WordSet = WordSet::new(&["sev", "severity", "level", "priority", "prio"]);

/// What a severity is told of, in sentences that don't call it one.
pub static ALERT: WordSet = WordSet::new(&["alert"]);

/// What a line says behind a word such as `Severity`: behind a colon, an equals sign or a dash.
pub fn value(line: &str) -> Option<(Key, &str)> {
    static OF_KEYS: WordSets<1> = WordSets::new([&KEYS]);
    // Each mark would be looked for by itself.
    if !OF_KEYS.any_in(line) {
        return None;
    }
    let marks = [":", "=", " - ", " – ", " — "];
    let mut parts = marks.iter().filter_map(|mark| line.split_once(mark));
    parts.find_map(|(before, value)| Some((key(before)?, value)))
}

/// Whether a word, as [`plain`] spells it, is a severity on some scale: `ticket`, `p1`, `sev-2`.
pub fn is_of_scale(word: &str) -> bool {
    OF_SCALES.contains(&word) || is_numbered(word)
}

/// `p1`, `sev-2`
fn is_numbered(word: &str) -> bool {
    let numbered = ["sev", "s", "p"].into_iter().filter_map(|letter| word.strip_prefix(letter));
    let mut digits = numbered.map(|digits| digits.trim_start_matches(['-', ' ']));
    digits.any(|it| matches!(it.as_bytes(), [b'0'..=b'9']))
}

/// Words that make a severity one of several, or of some circumstances.
const CONDITIONS: [&str; 14] = [
    "if",
    "when",
    "unless",
    "in",
    "on",
    "at",
    "for",
    "after",
    "during",
    "above",
    "below",
    "until",
    "otherwise",
    "or",
];

/// A severity without what stands in brackets or behind a dash, `critical (pages)`, `critical — page
/// at once`, unless that says when it is so, or is another one.
pub fn without_remark(text: &str) -> &str {
    const SEVERITIES: [&str; 4] = ["critical", "warning", "info", "error"];
    let Some((word, remark)) = remark(text) else { return text };
    let remark = words(remark);
    let is_always =
        remark.iter().all(|word| !CONDITIONS.contains(&&**word) && !SEVERITIES.contains(&&**word));
    // `P1 - P2` is a range, and `critical (P1)` the same on another scale.
    let is_range = matches!(remark.as_slice(), [only] if is_of_scale(only)) && !text.contains('(');
    if is_always && !is_range { word } else { text }
}

/// A text and the remark that it ends with.
fn remark(text: &str) -> Option<(&str, &str)> {
    if let Some((word, remark)) = text.split_once('(') {
        return remark.trim_end().trim_end_matches('.').ends_with(')').then_some((word, remark));
    }
    [" — ", " – ", " - "].iter().find_map(|dash| text.split_once(dash))
}

/// A severity in the spelling that is compared: `Crit` as `critical`.
pub fn plain(text: &str) -> String {
    let word = text.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
    match word.as_str() {
        "warn" => "warning".to_owned(),
        "crit" => "critical".to_owned(),
        "err" => "error".to_owned(),
        "information" | "informational" => "info".to_owned(),
        _ => word,
    }
}

/// The one severity that is `known` among the words of a text that has nothing but severities and whom
/// they reach: `P1 (Critical)`, `critical / page`, `:fire: critical + Slack`.
pub fn sole_known(text: &str, known: &BTreeSet<String>) -> Option<String> {
    const REACHING: [&str; 13] = [
        "page",
        "pages",
        "paging",
        "pager",
        "pagerduty",
        "opsgenie",
        "oncall",
        "notify",
        "ticket",
        "email",
        "mail",
        "slack",
        "chat",
    ];
    // Signs as some programs write them.
    let is_sign = |word: &&str| word.len() > 2 && word.starts_with(':') && word.ends_with(':');
    let text: Vec<&str> = text.split_whitespace().filter(|word| !is_sign(word)).collect();
    let words: Vec<String> = words(&text.join(" ")).iter().map(|word| plain(word)).collect();
    let is_beside = |word: &String| is_numbered(word) || REACHING.contains(&word.as_str());
    if !words.iter().all(|word| known.contains(word) || is_beside(word)) {
        return None;
    }
    let found: BTreeSet<&String> = words.iter().filter(|word| known.contains(*word)).collect();
    match Vec::from_iter(found).as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// What a cell says, with a blank where a line of it breaks.
pub fn text_of(content: &[Inline]) -> String {
    let mut text = String::new();
    for part in content.split_inclusive(|inline| matches!(inline.kind, InlineKind::Html(_))) {
        text.push_str(&plain_text(part));
        text.push(' ');
    }
    text
}

/// The severity that a sentence says an alert has: `The severity of this alert is critical.`, `This
/// is a critical alert.`, `It is raised with severity critical.` Whether it may call the severity by that
/// name is known of the text that it is in.
pub fn told(sentence: &str, may_name_it: bool) -> Option<String> {
    const RAISED: [&str; 6] = ["raised", "fires", "fired", "sent", "triggered", "raises"];
    static SEVERITY: WordSet = WordSet::new(&["severity"]);
    static OF_SEVERITY: WordSets<1> = WordSets::new([&SEVERITY]);
    static OF_ALERT: WordSets<1> = WordSets::new([&ALERT]);
    static FIRST: WordSet = WordSet::new(&["this", "the"]);
    // What follows names the severity as such, or begins with one of these and has an alert.
    let may_be_told = || {
        runs(sentence).next().is_some_and(|word| FIRST.contains_in_any_case(word))
            && OF_ALERT.any_in(sentence)
    };
    let names_it = || may_name_it && OF_SEVERITY.any_in(sentence);
    if !(may_be_told() || names_it()) {
        return None;
    }
    let words = words(sentence);
    let words: SmallVec<[&str; 32]> = words.iter().map(|word| &**word).collect();
    let told = match words.as_slice() {
        ["this", "is", "a" | "an", told, "alert", rest @ ..]
        | ["this", "is", "a" | "an", "alert", "of", "severity", told, rest @ ..]
        | ["this" | "the", "alert", "is", "a" | "an", told, "alert", rest @ ..]
        | ["the", "severity", "of", "this" | "the", "alert", "is", told, rest @ ..]
        | ["the" | "its", "severity", "is", told, rest @ ..]
        | ["this" | "the", "alert", "has", "severity", told, rest @ ..]
        | ["this" | "the", "alert", "has", "the" | "a", "severity", "of", told, rest @ ..]
        | ["this" | "the", "alert", "has", "the" | "a", "severity", told, rest @ ..] => {
            Some((*told, rest))
        }
        _ => words
            .windows(4)
            .position(|it| RAISED.contains(&it[0]) && it[1] == "with" && it[2] == "severity")
            .map(|at| (words[at + 3], &words[at + 4..])),
    };
    let (told, rest) = told?;
    (!rest.iter().any(|word| CONDITIONS.contains(word))).then(|| plain(told))
}

/// The words of a text in lower case.
fn words(text: &str) -> SmallVec<[Cow<'_, str>; 32]> {
    runs(text).map(lower_case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tell_a_severity() {
        for (sentence, expected) in [
            ("The severity of this alert is critical", Some("critical")),
            ("This alert has severity `warning`, and pages nobody", Some("warning")),
            ("This is a critical alert", Some("critical")),
            ("This is an alert of severity critical", Some("critical")),
            ("This alert is a critical alert", Some("critical")),
            ("The alert is a `warning` alert", Some("warning")),
            ("Its severity is critical", Some("critical")),
            ("The severity is warning", Some("warning")),
            ("The alert has a severity of P2", Some("p2")),
            ("The alert has the severity warning", Some("warning")),
            ("It is raised with `severity: P1`", Some("p1")),
            ("This alert is raised with severity critical if two are down", None),
            ("This is a critical alert in production", None),
            ("A critical alert is red", None),
            ("The severity of the incident is critical", None),
        ] {
            assert_eq!(told(sentence, true).as_deref(), expected, "{sentence}");
        }
    }

    #[test]
    fn remarks_leave_a_severity_as_it_is() {
        for (text, expected) in [
            ("critical (pages)", "critical"),
            ("critical (P1)", "critical"),
            ("critical — page immediately", "critical"),
            ("warning - the sink falls behind", "warning"),
            ("warning - critical", "warning - critical"),
            ("P1 – P2", "P1 – P2"),
            ("critical — in production", "critical — in production"),
            ("warning", "warning"),
        ] {
            assert_eq!(without_remark(text).trim(), expected);
        }
    }

    #[test]
    fn one_of_several_words_is_a_severity() {
        let known = BTreeSet::from(["critical", "warning"].map(str::to_owned));
        for (text, expected) in [
            ("P1 (Critical)", Some("critical")),
            ("SEV1 - crit", Some("critical")),
            ("critical / page", Some("critical")),
            ("critical + Slack", Some("critical")),
            (":red_circle: critical", Some("critical")),
            ("warning/critical", None),
            ("high/critical", None),
            ("critical in production", None),
            ("critical (was warning)", None),
            ("P1", None),
        ] {
            assert_eq!(sole_known(text, &known).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn scales_are_known() {
        for (word, expected) in [
            ("p1", true),
            ("sev-2", true),
            ("s4", true),
            ("ticket", true),
            ("s12", false),
            ("eu", false),
        ] {
            assert_eq!(is_of_scale(word), expected, "{word}");
        }
    }
}
