//! What lines and titles say of which alert they are about: fields, headings, titles of incidents.

use super::is_phrase;
use crate::runbook::alert_name::{is_beside_name, is_shaped, may_be_name};

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
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key.trim()))
}

/// The value of a line that says which alert a text is about: `DiskFull` of `Alert name: DiskFull`.
pub(super) fn field(line: &str) -> Option<&str> {
    let (key, value) = line.split_once([':', '='])?;
    let value = value.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’".contains(c));
    is_key(key).then_some(value)
}

/// What may be the name at the front of a line, set off from what is said of it: `DiskFull` of
/// `DiskFull: it is full`, of `- [ ] DiskFull (critical)` and of `!!! danger "DiskFull"`.
pub(super) fn front(line: &str) -> Option<&str> {
    const ENDS: [&str; 9] = [": ", "：", " - ", " – ", " — ", " → ", " (", "（", " ["];
    const LONG: usize = 7;
    let boxed = ["!!!", "???"].iter().find_map(|mark| line.trim_start().strip_prefix(mark));
    if let Some(title) = boxed {
        let name = title.split(['"', '“', '”']).nth(1)?;
        return may_be_name(name).then_some(name);
    }
    let line = line.trim_start();
    let line = line.strip_prefix("[ ]").or_else(|| line.strip_prefix("[x]")).unwrap_or(line);
    let line = line.trim_start_matches(is_sign);
    let ends = ENDS.iter().filter_map(|end| line.find(end));
    let end = ends.chain(line.ends_with(':').then(|| line.len() - 1)).min()?;
    let name = line[..end].trim_end_matches(is_sign);
    // `Watchdog: it always fires`, not `Note: …`
    let is_long = name.starts_with(char::is_uppercase) && name.len() >= LONG && may_be_name(name);
    (is_shaped(name) || is_long || is_phrase(name)).then_some(name)
}

/// What may be the name of the alert that a heading is about: `Kafka` of `2. Alert: Kafka (critical)`,
/// `[P1] Kafka – broker gone`, `Kafka alert`. A rule has to have the name.
pub(super) fn headed(heading: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = Some(heading.trim());
    while let Some(named) = rest.filter(|it| !it.is_empty()) {
        let ends = [
            " - ", " – ", " — ", " / ", ": ", ", ", " (", " [", "(", "[", "：", "（", "【", "，",
            "、",
        ];
        let end = ends.iter().filter_map(|end| named.find(end)).min().unwrap_or(named.len());
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

fn is_sign(character: char) -> bool {
    !character.is_alphanumeric() && !"()[]<>{}（）【】".contains(character)
}

/// Whether a text is about an incident as a pager shows it: `PagerDuty title: …`, `[FIRING:1] …`.
pub(super) fn names_incident(text: &str) -> bool {
    const PAGERS: [&str; 5] = ["pagerduty", "pager duty", "opsgenie", "pagerduty:", "alertname"];
    let end = text.char_indices().nth(80).map_or(text.len(), |(end, _)| end);
    let lower = text[..end].to_lowercase();
    PAGERS.iter().any(|pager| lower.contains(pager)) || lower.contains("[firing")
}

/// The name in the title that a pager gives an incident: the word right behind its number, in
/// `[#1234] service.DiskFull triggered`. Else the number is that of a page or a ticket.
pub(super) fn numbered_incident(text: &str) -> Option<&str> {
    const HAPPENED: [&str; 7] =
        ["triggered", "acknowledged", "resolved", "escalated", "firing", "on", "in"];
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
