//! What lines and titles say of which alert they are about: fields, headings, titles of incidents.

/// Whether a key says that the name of an alert follows.
pub(super) fn is_key(key: &str) -> bool {
    const KEYS: [&str; 9] = [
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

/// What a heading says is an alert: `Kafka` of `Alert: Kafka (critical)`, `Kafka alert`.
pub(super) fn headed(heading: &str) -> Option<&str> {
    // Numbers and signs in front say where it stands.
    let heading = heading.trim_start_matches(|sign: char| !sign.is_alphabetic());
    let value = field(heading).or_else(|| {
        let (front, alert) = heading.trim().rsplit_once(char::is_whitespace)?;
        alert.eq_ignore_ascii_case("alert").then_some(front)
    });
    let is_alert = |word: &str| word.eq_ignore_ascii_case("alert");
    let mut words = heading.split(|c: char| c.is_whitespace() || "-–—".contains(c));
    let behind =
        words.next().filter(|word| is_alert(word)).and_then(|_| words.find(|it| !it.is_empty()));
    let value = value.or(behind)?;
    value.split(['(', '[', ',']).next().map(str::trim)
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
