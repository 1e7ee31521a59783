//! What lines and headings name: the alert itself, a part of its definition, or anything else.

use crate::diag::suggest::are_alike;
use crate::lint::drift::fields::key_of;
use crate::lint::drift::severity::is_of_scale;
use crate::lint::drift::words::lower_case;
use crate::lint::runs::runs;
use crate::lint::word_set::WordSet;
use crate::markdown::{Inline, InlineKind, plain_text};
use crate::site::Site;
use std::borrow::Cow;

/// A line `Severity: critical`, as its key and its value.
pub(super) fn field(line: &str) -> Option<(&str, &str)> {
    let key = key_of(line)?;
    Some((key.trim(), line[key.len() + 1..].trim()))
}

/// Whether the key of a field announces which alert is spoken of.
pub(super) fn names_alerts(key: &str) -> bool {
    const KEYS: [&str; 8] = [
        "alert",
        "alerts",
        "alert name",
        "alert names",
        "alertname",
        "alert rule",
        "rule",
        "rule name",
    ];
    let key = key.trim_matches(|it: char| !it.is_alphanumeric());
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The alerts of the rules that a text names and says hardly more of: its own ones in any spelling.
pub(super) fn named<'s>(site: &'s Site, own: &[&'s str], text: &str) -> Vec<&'s str> {
    let is_mark = |it: char| !it.is_alphanumeric() && !matches!(it, '_' | '-' | '.');
    let mut found: Vec<&str> = Vec::new();
    for word in text.split(is_mark) {
        let word = word.trim_matches(['-', '.']);
        if let Some((name, alert)) = site.alerts.get_key_value(word)
            && !alert.rules.is_empty()
            && !found.contains(&name.as_str())
        {
            found.push(name);
        }
    }
    if found.is_empty() {
        let text = without_remark(text);
        found.extend(own.iter().copied().filter(|name| are_alike(name, text)));
    }
    let says_more = || !is_part(&found, without_remark(text));
    if found.is_empty() || says_more() { Vec::new() } else { found }
}

/// What stands before a bracket, a colon or a dash.
fn without_remark(text: &str) -> &str {
    let ends = ["(", ":", " - ", " – ", " — "].iter().filter_map(|mark| text.find(mark));
    let front = &text[..ends.min().unwrap_or(text.len())];
    if front.contains(char::is_alphabetic) { front } else { text }
}

/// What an alert and the parts of its definition are called.
static PARTS: WordSet = WordSet::new(&[
    "about",
    "alert",
    "alerting",
    "alerts",
    "basics",
    "condition",
    "conditions",
    "criteria",
    "definition",
    "description",
    "detail",
    "details",
    "duration",
    "expr",
    "expression",
    "facts",
    "fires",
    "firing",
    "glance",
    // Where OpenShift's runbooks have the severity.
    "impact",
    "info",
    "information",
    "labels",
    "mean",
    "meaning",
    "means",
    "metadata",
    "overview",
    "priority",
    "prometheus",
    "promql",
    "properties",
    "query",
    "rule",
    "rules",
    "severity",
    "summary",
    "threshold",
    "trigger",
]);

/// Words beside these that begin nothing of their own.
static BESIDE: WordSet = WordSet::new(&[
    "a",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "current",
    "defined",
    "does",
    "escalation",
    "following",
    "follows",
    "has",
    "if",
    "in",
    "is",
    "it",
    "its",
    "level",
    "name",
    "of",
    "one",
    "quick",
    "runbook",
    "s",
    "that",
    "the",
    "these",
    "this",
    "triggers",
    "what",
    "when",
    "with",
    "why",
]);

/// Whether a text says no more than the names of some alerts, or what a part of their definition is
/// called: *Alert details*, *What it means*.
pub fn is_part(alerts: &[&str], text: &str) -> bool {
    if alerts.iter().any(|alert| are_alike(alert, text)) {
        return true;
    }
    let mut rest = Cow::Borrowed(text);
    let mut is_part = false;
    for alert in alerts {
        // Most texts are shorter than names.
        if rest.len() >= alert.len()
            && memchr::memmem::find(rest.as_bytes(), alert.as_bytes()).is_some()
        {
            is_part = true;
            rest = Cow::Owned(rest.replace(alert, " "));
        }
    }
    // Of ASCII the words are the same in lower case, and most texts say something else at once.
    let rest = if rest.is_ascii() { rest } else { Cow::Owned(rest.to_lowercase()) };
    for word in runs(&rest).map(lower_case) {
        if PARTS.contains(&word) {
            is_part = true;
        } else if !(BESIDE.contains(&word)
            || is_of_scale(&word)
            || word.starts_with(|it: char| it.is_ascii_digit()))
        {
            return false;
        }
    }
    is_part
}

/// The name that a line in bold type, or in code, consists of.
pub(super) fn bold_name(line: &[Inline]) -> Option<String> {
    const MOST_WORDS: usize = 6;
    let mut said = line.iter().filter(|inline| inline.has_words());
    let first = said.next()?;
    // Most lines are plain text.
    if !matches!(first.kind, InlineKind::Strong(_) | InlineKind::Code(_) | InlineKind::Link { .. })
    {
        return None;
    }
    let is_alone = said
        .next()
        .is_none_or(|next| plain_text(std::slice::from_ref(next)).trim_start().starts_with('('));
    let name = plain_text(std::slice::from_ref(first)).into_owned();
    let is_name = name.split_whitespace().count() <= MOST_WORDS
        && !name.trim_end().ends_with(['.', '!', '?']);
    (is_name && is_alone).then_some(name)
}

/// Whether a paragraph ends with a sentence that leads up to what follows, and to something else than
/// the alert's definition.
pub(super) fn leads_up(own: &[&str], content: &[Inline]) -> bool {
    // Most paragraphs end with text or code, and that with another mark.
    let last = content.last().map_or("", Inline::own_text);
    if last.trim_end().ends_with(|it| it != ':') {
        return false;
    }
    let text = plain_text(content);
    let Some(front) = text.trim_end().strip_suffix(':') else { return false };
    let sentence = front.rsplit(['.', '\n']).next().unwrap_or_default();
    !is_part(own, sentence)
}
