//! What lines and titles say of which alert they are about: fields, headings, titles of incidents.

use super::is_phrase;
use crate::runbook::alert_name::{is_beside_name, is_shaped, may_be_name};
use crate::source::{ByteSet, Special};

/// Whether a key says that the name of an alert follows.
pub(super) fn is_key(key: &str) -> bool {
    const KEYS: [&str; 11] = [
        "fired by",
        "triggered by",
        "alert",
        "alerts",
        "alert name",
        "alert rule",
        "alert_name",
        "alertname",
        "alerting rule",
        "name of the alert",
        "rule",
    ];
    let key = key.trim();
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The value of a line that says which alert a text is about: `DiskFull` of `Alert name: DiskFull`.
pub(super) fn field(line: &str) -> Option<&str> {
    let sign = OfFields::first_in(line.as_bytes())?;
    if !is_key(&line[..sign]) {
        return None;
    }
    let is_around = |c: char| c.is_whitespace() || "\"'“”‘’".contains(c);
    Some(line[sign + 1..].trim_matches(is_around))
}

/// The signs between a key and its value.
struct OfFields;

impl Special for OfFields {
    const BYTES: &'static [u8] = b":=";
}

/// What ends a name at the front of a line has one of these signs, or begins beyond ASCII.
struct OfEnds;

impl Special for OfEnds {
    const BYTES: &'static [u8] = b":([-";
    const BEYOND_ASCII: bool = true;
}

/// What may be the name at the front of a line, set off from what is said of it: `DiskFull` of
/// `DiskFull: it is full`, of `- [ ] DiskFull (critical)` and of `!!! danger "DiskFull"`.
pub(super) fn front(line: &str) -> Option<&str> {
    const ENDS: [&str; 9] = [": ", "：", " - ", " – ", " — ", " → ", " (", "（", " ["];
    const LONG: usize = 7;
    let line = line.trim_start();
    if line.starts_with(['!', '?']) && (line.starts_with("!!!") || line.starts_with("???")) {
        let name = line[3..].split(['"', '“', '”']).nth(1)?;
        return may_be_name(name).then_some(name);
    }
    OfEnds::first_in(line.as_bytes())?;
    let is_task = line.starts_with("[ ]") || line.starts_with("[x]");
    let line = if is_task { &line[3..] } else { line };
    let line = line.trim_start_matches(is_sign);
    let end = first_of(line, &ENDS).or_else(|| line.ends_with(':').then(|| line.len() - 1))?;
    let name = line[..end].trim_end_matches(is_sign);
    // `Watchdog: it always fires`, not `Note: …`
    let is_long = name.starts_with(char::is_uppercase) && name.len() >= LONG && may_be_name(name);
    (is_long || is_shaped(name) || is_phrase(name)).then_some(name)
}

/// What may be the name of the alert that a heading is about: `Kafka` of `2. Alert: Kafka (critical)`,
/// `[P1] Kafka – broker gone`, `Kafka alert`. A rule has to have the name.
pub(super) fn headed(heading: &str) -> Vec<&str> {
    const ENDS: [&str; 15] = [
        " - ", " – ", " — ", " / ", ": ", ", ", " (", " [", "(", "[", "：", "（", "【", "，", "、",
    ];
    let mut found = Vec::new();
    let mut rest = Some(heading.trim());
    while let Some(named) = rest.filter(|it| !it.is_empty()) {
        let end = first_of(named, &ENDS).unwrap_or(named.len());
        let mut name = named[..end].trim_end_matches(is_sign);
        found.extend([named, name]);
        // `Kafka critical`, `Kafka alert`
        while let Some((front, last)) = name.rsplit_once(char::is_whitespace)
            && says_nothing(last)
        {
            name = front.trim_end_matches(is_sign);
            found.push(name);
        }
        rest = behind_front(named);
    }
    found.dedup();
    found
}

/// A heading without the first thing in it that says where it stands, or how bad it is: a number, a sign,
/// a remark in brackets, a label, the word `Alert`.
fn behind_front(heading: &str) -> Option<&str> {
    let close = match heading.chars().next()? {
        '[' => ']',
        '(' => ')',
        '【' => '】',
        '（' => '）',
        first if is_sign(first) => return Some(heading.trim_start_matches(is_sign)),
        _ => {
            let end = heading.find(|it: char| it.is_whitespace() || matches!(it, ':' | '：'))?;
            let label = heading.split_once(": ").map(|(label, _)| label);
            // `Scenario 2: Kafka`
            let counts = |label: &&str| label.ends_with(|it: char| it.is_ascii_digit());
            let end = label.filter(counts).map_or(end, str::len);
            let (front, rest) = heading.split_at(end);
            let is_passed = label == Some(front) && counts(&front) || says_nothing(front);
            return is_passed.then(|| rest.trim_start_matches(is_sign));
        }
    };
    heading.split_once(close).map(|(_, rest)| rest.trim_start_matches(is_sign))
}

/// Whether a word beside a name is no part of it.
fn says_nothing(word: &str) -> bool {
    let word = word.trim_end_matches(is_sign);
    let own = [
        "alarm",
        "for",
        "incident",
        "rule",
        "runbook",
        "告警",
        "告警名称",
        "报警",
        "警报",
        "アラート",
    ];
    own.iter().any(|it| it.eq_ignore_ascii_case(word)) || is_beside_name(word)
}

/// Where the first of some marks stands. Each begins with a sign of ASCII that is no letter, behind a
/// blank as well, or with a wide one.
fn first_of(text: &str, marks: &[&str]) -> Option<usize> {
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        let rest = &bytes[at..];
        marks.iter().any(|mark| mark.as_bytes()[0] == rest[0] && rest.starts_with(mark.as_bytes()))
    };
    let mut from = 0;
    // Each mark has such a sign at its front, or right behind the blank there.
    while let Some(step) = OF_MARKS.first_in(&bytes[from..]) {
        let at = from + step;
        if at > from && bytes[at - 1] == b' ' && begins(at - 1) {
            return Some(at - 1);
        }
        if begins(at) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The signs that marks begin with.
static OF_MARKS: ByteSet = ByteSet::of(b":,-/([").and_all(0xe0, u8::MAX);

fn is_sign(character: char) -> bool {
    let is_bracket = |it| {
        matches!(it, '(' | ')' | '[' | ']' | '<' | '>' | '{' | '}')
            || matches!(it, '（' | '）' | '【' | '】')
    };
    !character.is_alphanumeric() && !is_bracket(character)
}

/// Whether a text is about an incident as a pager shows it: `PagerDuty title: …`, `[FIRING:1] …`.
pub(super) fn names_incident(text: &str) -> bool {
    /// How far into a text that is said, in characters.
    const FRONT: usize = 80;
    let near = text.get(..FRONT).unwrap_or(text);
    if near.is_ascii() {
        return says_incident(near);
    }
    let end = text.char_indices().nth(FRONT).map_or(text.len(), |(end, _)| end);
    says_incident(&text[..end].to_lowercase())
}

/// What names an incident has one of these letters, which few texts have with the one before it.
struct OfIncidents;

impl Special for OfIncidents {
    const BYTES: &'static [u8] = b"gGmM";
}

fn says_incident(front: &str) -> bool {
    let bytes = front.as_bytes();
    let mut from = 0;
    while let Some(step) = OfIncidents::first_in(&bytes[from..]) {
        let at = from + step;
        let is_at = |sign: &str, letter: usize| {
            let start = at.checked_sub(letter);
            let here = start.and_then(|start| bytes.get(start..start + sign.len()));
            here.is_some_and(|here| here.eq_ignore_ascii_case(sign.as_bytes()))
        };
        let before = at.checked_sub(1).map_or(0, |before| bytes[before].to_ascii_lowercase());
        let is_sign = match before {
            b'a' => is_at("pagerduty", 2) || is_at("pager duty", 2) || is_at("alertname", 7),
            b's' => is_at("opsgenie", 3),
            b'n' => is_at("[firing", 6),
            _ => false,
        };
        if is_sign {
            return true;
        }
        from = at + 1;
    }
    false
}

/// The name in the title that a pager gives an incident: the word right behind its number, in
/// `[#1234] service.DiskFull triggered`. Else the number is that of a page or a ticket.
pub(super) fn numbered_incident(text: &str) -> Option<&str> {
    const HAPPENED: [&str; 7] =
        ["triggered", "acknowledged", "resolved", "escalated", "firing", "on", "in"];
    // Most texts have no such sign.
    memchr::memchr(b'#', text.as_bytes())?;
    let (_, number) = text.split_once("[#")?;
    let behind = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let title = behind.strip_prefix(']').filter(|_| behind.len() < number.len())?.trim_start();
    let (name, rest) = title.split_once(char::is_whitespace).unwrap_or((title, ""));
    let what_happened = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
    let is_title = what_happened.is_empty()
        || name.ends_with(':')
        || HAPPENED.contains(&what_happened.as_str());
    is_title.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_and_incidents_are_found_as_one_by_one(
            text in "([ a:(\\[–，、#-]|PagerDuty|pager duty|\\[FIRING|AlertName|K|İ){0,12}",
            around in 0..3_usize,
        ) {
            let text = "é".repeat(around * 30) + &text;
            let marks = [" - ", " – ", ": ", " (", "[", "，", "、"];
            let found = marks.iter().filter_map(|mark| text.find(mark)).min();
            prop_assert_eq!(first_of(&text, &marks), found);
            let front: String = text.chars().take(80).collect();
            let lower = front.to_lowercase();
            let signs = ["pagerduty", "pager duty", "opsgenie", "alertname", "[firing"];
            prop_assert_eq!(names_incident(&text), signs.iter().any(|sign| lower.contains(sign)));
        }
    }
}
