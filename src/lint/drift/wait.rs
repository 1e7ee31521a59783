//! Fields that say how long a rule waits: a column `For` or `Pending period`, a line `**For:** 5m`, a
//! row `| Duration | 5 minutes |` in the alert's section.
//!
//! Nothing is read out of sentences here: the value is a length of time and nothing else.

use super::condition::{Conditions, Window};
use super::fields::fields;
use super::header::is_condition;
use super::judge::{Drift, waiting};
use super::own_part::{Content, Part};
use super::prose;
use super::section::AlertNames;
use super::severity;
use super::statement::{Bare, Said, Wanted, sentences};
use crate::lint::OpenPage;
use crate::lint::word_set::WordSet;
use crate::markdown::{Cell, Inline, plain_text};
use crate::promql;
use crate::source::{MappedText, Source};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

/// A field with a length of time that some alerts are said to wait.
pub struct Wait<'s> {
    /// The alerts.
    pub alerts: AlertNames<'s>,
    /// Where it stands.
    pub place: Place,
    /// The text that it stands in, mapped to the runbook's source.
    pub text: MappedText,
    /// The bytes of the value in the text.
    value: Range<usize>,
    milliseconds: u64,
    key: Key,
}

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the row of the alerts.
    Row,
    /// In the part of their section that is about the alerts themselves.
    Own,
    /// Elsewhere in their section.
    Elsewhere,
}

/// What a field is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// It can be nothing but a rule's `for`.
    For,
    /// It may be the window of the rule as well, `Duration`.
    Duration,
}

static FOR: WordSet = WordSet::new(&[
    "alerts after",
    "fires after",
    "for",
    "for duration",
    "hold",
    "hold duration",
    "hold time",
    "holds for",
    "must hold for",
    "pending",
    "pending duration",
    "pending for",
    "pending period",
    "pending time",
]);

static DURATION: WordSet = WordSet::new(&["duration", "alert duration"]);

/// The words that these end with.
static LAST: WordSet =
    WordSet::new(&["after", "duration", "for", "hold", "pending", "period", "time"]);

impl Key {
    /// Whether a text may end with one.
    fn may_end(text: &str) -> bool {
        let text = text.trim_end_matches(|it: char| !it.is_alphanumeric());
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
        let length = text.bytes().rev().take_while(is_letter).count();
        LAST.contains_in_any_case(&text[text.len() - length..])
    }

    fn of(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        if FOR.contains_in_any_case(text) {
            Some(Self::For)
        } else if DURATION.contains_in_any_case(text) {
            Some(Self::Duration)
        } else {
            None
        }
    }
}

/// The fields on a page that belong to alerts of the rules.
pub fn waits<'o>(open: &OpenPage<'o>) -> Vec<Wait<'o>> {
    let source = open.page().runbook.source();
    let mut found = Vec::new();
    // All rows of a table have one header.
    let mut header: (&[Cell], Vec<Option<Key>>) = (&[], Vec::new());
    for row in open.rows() {
        if !std::ptr::eq(header.0, row.header) {
            header = (row.header, keys(row.header));
        }
        for (key, cell) in header.1.iter().zip(&row.row.cells) {
            let wait = key.and_then(|key| in_cell(source, (&row.alerts, Place::Row), key, cell));
            found.extend(wait);
        }
    }
    for part in open.parts().iter().flatten().filter(|part| !part.alerts.is_empty()) {
        in_part(source, part, &mut found);
    }
    // Beside a field for the wait, a duration is another one.
    let is_for = |wait: &&Wait<'_>| wait.key == Key::For && wait.place != Place::Elsewhere;
    let told: HashSet<AlertNames<'_>> =
        found.iter().filter(is_for).map(|it| Rc::clone(&it.alerts)).collect();
    found.retain(|wait| wait.key == Key::For || !told.contains(&wait.alerts));
    found
}

/// What the columns of a table say of how long its alerts wait. A duration may be that of a silence or an
/// outage, if nothing beside it is of the rule.
fn keys(header: &[Cell]) -> Vec<Option<Key>> {
    let texts: Vec<_> = header.iter().map(|cell| plain_text(&cell.content)).collect();
    let is_of_rule = |text: &Cow<'_, str>| is_condition(text) || severity::key(text).is_some();
    let are_of_rule = texts.iter().any(is_of_rule);
    let keys = texts.iter().map(|text| Key::of(text));
    keys.map(|key| key.filter(|key| *key == Key::For || are_of_rule)).collect()
}

/// Some alerts, and where fields in their row or section stand.
type Whose<'a, 's> = (&'a AlertNames<'s>, Place);

fn in_cell<'s>(
    source: &Source,
    field_of: Whose<'_, 's>,
    key: Key,
    cell: &Cell,
) -> Option<Wait<'s>> {
    let text = prose::text(source, &cell.content);
    let whole = 0..text.text().len();
    in_text(field_of, key, &text, whole)
}

fn in_part<'s>(source: &Source, part: &Part<'s>, found: &mut Vec<Wait<'s>>) {
    let place = if part.is_own { Place::Own } else { Place::Elsewhere };
    let field_of = (&part.alerts, place);
    match part.content {
        Content::Text(content) => {
            let (Some(first), Some(last)) = (content.first(), content.last()) else { return };
            // Most paragraphs have no field of this kind, which is quick to see. More may pass here than
            // have one: what is a field, once tags and entities are read, is found line by line.
            let written = &source.text()[first.range.start..last.range.end];
            let mut colons = memchr::memchr_iter(b':', written.as_bytes());
            if colons.any(|colon| Key::may_end(&written[..colon])) {
                for line in content.split(Inline::is_break) {
                    in_line(field_of, &prose::text(source, line), found);
                }
            }
        }
        Content::Table(_, table) => {
            for row in table.head.iter().chain(table.bodies.iter().flatten()) {
                if let [name, value] = row.cells.as_slice()
                    && let Some(key) = Key::of(&plain_text(&name.content))
                {
                    found.extend(in_cell(source, field_of, key, value));
                }
            }
        }
        Content::Heading(_) => {}
    }
}

/// The fields of a line.
fn in_line<'s>(field_of: Whose<'_, 's>, text: &MappedText, found: &mut Vec<Wait<'s>>) {
    for field in fields(text.text()) {
        if let Some((name, value)) = text.text()[field.clone()].split_once(':')
            && let Some(key) = Key::of(name)
        {
            found.extend(in_text(field_of, key, text, field.end - value.len()..field.end));
        }
    }
}

fn in_text<'s>(
    (alerts, place): Whose<'_, 's>,
    key: Key,
    text: &MappedText,
    within: Range<usize>,
) -> Option<Wait<'s>> {
    let written = &text.text()[within.clone()];
    let value = written.trim();
    let start = within.start + written.len() - written.trim_start().len();
    let milliseconds =
        length(value).or_else(|| (key == Key::For && is_none(value)).then_some(0))?;
    let value = start..start + value.len();
    Some(Wait { alerts: Rc::clone(alerts), place, text: text.clone(), value, milliseconds, key })
}

/// The length of a value that is a time and nothing else, in milliseconds. In prose a single letter
/// behind a number may be anything; here `5 m` is a time.
fn length(value: &str) -> Option<u64> {
    time(value).or_else(|| time(&value.split_whitespace().collect::<String>()))
}

/// Whether a value says that nothing is waited for: `0s`, `none`, `0m (immediate)`.
fn is_none(value: &str) -> bool {
    const NONE: [&str; 6] = ["none", "immediate", "immediately", "instant", "instantly", "no wait"];
    let plain = value.split('(').next().unwrap_or_default().trim();
    let digits = plain.trim_end_matches(char::is_alphabetic).trim_end();
    let is_zero = || digits == "0" && promql::milliseconds(&plain.replace(' ', "")) == Some(0);
    NONE.iter().any(|none| none.eq_ignore_ascii_case(plain)) || plain == "0" || is_zero()
}

fn time(value: &str) -> Option<u64> {
    let told = format!("for {value}");
    let sentences = sentences(&told, Wanted::All, Bare::Anything);
    let [sentence] = sentences.as_slice() else { return None };
    let [statement] = sentence.statements.as_slice() else { return None };
    match statement.said {
        Said::Held(lasting) if statement.range == (0..told.len()) => Some(lasting.milliseconds),
        _ => None,
    }
}

impl Wait<'_> {
    /// Whether one of the rules says the same.
    pub fn agrees(&self, rules: &[Conditions<'_>]) -> bool {
        rules.iter().any(|rule| {
            let is_window = |it: &Window| !it.is_of_rate && it.milliseconds == self.milliseconds;
            rule.held().unwrap_or_default() == self.milliseconds
                || self.key == Key::Duration && rule.windows.iter().any(is_window)
        })
    }

    /// What the rules say otherwise, if none of them agrees.
    pub fn drift(&self, rules: &[Conditions<'_>]) -> Option<Drift> {
        // An alert without a `for` may be said to come after its window.
        if self.place == Place::Elsewhere
            || self.agrees(rules)
            || rules.iter().all(|rule| rule.held().is_none())
        {
            return None;
        }
        Some(waiting(self.value.clone(), rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_end_with_known_words() {
        for key in FOR.iter().chain(DURATION.iter()) {
            assert!(Key::may_end(key) && Key::may_end(&format!("a\n**{key}** ")), "{key}");
        }
        assert!(!Key::may_end("Severity") && !Key::may_end("(:"));
    }

    #[test]
    fn some_values_say_that_nothing_is_waited_for() {
        for value in ["0s", "0m", "0", "0 s", "None", "immediately", "0s (immediate)", "Instant"] {
            assert!(is_none(value), "{value}");
        }
        for value in ["5m", "10", "–", "-", "n/a", "", "immediately or 5m", "none of them", "00"]
        {
            assert!(!is_none(value), "{value}");
        }
    }

    #[test]
    fn lengths_are_times_and_nothing_else() {
        for (value, expected) in [
            ("5m", Some(300_000)),
            ("5 minutes", Some(300_000)),
            ("10 min", Some(600_000)),
            ("5 m", Some(300_000)),
            ("1 h 30 m", Some(5_400_000)),
            ("1h", Some(3_600_000)),
            ("90s", Some(90_000)),
            ("1h30m", Some(5_400_000)),
            ("5", None),
            ("5 minutes or so", None),
            ("immediately", None),
            ("0m", None),
            ("5m (critical), 10m", None),
            ("", None),
        ] {
            assert_eq!(length(value), expected, "{value}");
        }
    }
}
