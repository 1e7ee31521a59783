//! Tables about alerts that fired or are no more, which document none: logs of incidents, counts,
//! lists of what was removed.
//!
//! Both have a column of alerts as alert tables have it. What tells them apart stands in the other
//! columns: days and times, or nothing but numbers. A table that says when its rows were written or
//! looked at is none of them.

use crate::diag::suggest::letters;
use crate::markdown::{Cell, Row, plain_text};
use std::collections::HashSet;

/// Headers, in letters, above the times at which something happened.
const HAPPENED: [&str; 36] = [
    "lastseen",
    "firstseen",
    "seen",
    "seenon",
    "lastpaged",
    "lastoccurred",
    "lastoccurrence",
    "lastincident",
    "when",
    "timestamp",
    "timestamps",
    "datetime",
    "dateandtime",
    "time",
    "timeutc",
    "started",
    "startedat",
    "starttime",
    "startedon",
    "began",
    "fired",
    "firedat",
    "firedon",
    "lastfired",
    "lasttriggered",
    "triggered",
    "triggeredat",
    "occurred",
    "occurredat",
    "happened",
    "resolved",
    "resolvedat",
    "ended",
    "endedat",
    "endtime",
    "incidentdate",
];

/// Headers, in letters, above days of any kind.
const DAYS: [&str; 6] = ["date", "dates", "day", "dateutc", "week", "month"];

/// Headers, in letters, of what else a log of incidents tells.
const TOLD: [&str; 28] = [
    "tickets",
    "postmortems",
    "who",
    "oncall",
    "engineer",
    "handledby",
    "handler",
    "responder",
    "resolvedby",
    "by",
    "incident",
    "incidents",
    "incidentid",
    "ticket",
    "case",
    "outage",
    "postmortem",
    "duration",
    "rootcause",
    "cause",
    "resolution",
    "outcome",
    "result",
    "whathappened",
    "whatwedid",
    "lesson",
    "lessons",
    "shift",
];

/// Headers, in letters, of the numbers that incidents have.
const INCIDENTS: [&str; 12] = [
    "tickets",
    "postmortems",
    "outages",
    "incident",
    "incidents",
    "incidentid",
    "ticket",
    "ticketid",
    "case",
    "outage",
    "postmortem",
    "issue",
];

/// What the headers, in letters, of counts have in them.
const COUNTED: [&str; 18] = [
    "pages",
    "paged",
    "tickets",
    "incidents",
    "count",
    "fired",
    "fires",
    "firing",
    "occurrence",
    "lastday",
    "lastweek",
    "lastmonth",
    "lastyear",
    "last7d",
    "last30d",
    "numberof",
    "frequency",
    "howoften",
];

/// Beginnings of headers, in letters, of tables of alerts that are no more.
const GONE: [&str; 6] = ["removed", "deleted", "retired", "dropped", "replacedby", "renamedto"];

/// Whether a table with names of alerts in a column tells of alerts that fired, or that are no more.
pub(super) fn are_told(header: &Row, rows: &[&Row], column: usize) -> bool {
    is_log(header, rows, column)
        || are_counts(header, rows, column)
        || are_of_incidents(header, rows, column)
        || are_gone(header, column)
}

/// Whether nothing but an incident and its number stands beside each alert.
fn are_of_incidents(header: &Row, rows: &[&Row], column: usize) -> bool {
    let mut others = header.cells.iter().enumerate().filter(|(at, _)| *at != column).peekable();
    let is_number_of_row = |at: usize, title: &str| {
        matches!(title, "" | "no" | "nr" | "number" | "id") && most(rows, at, is_number)
    };
    let mut tells = false;
    others.all(|(at, cell)| {
        let title = title(cell);
        let is_incident = INCIDENTS.contains(&title.as_str())
            && (!matches!(title.as_str(), "issue" | "case") || most(rows, at, has_digit));
        tells |= is_incident;
        is_incident || is_number_of_row(at, &title)
    }) && tells
}

fn are_gone(header: &Row, column: usize) -> bool {
    let mut others = header.cells.iter().enumerate().filter(|(at, _)| *at != column);
    others.any(|(_, cell)| GONE.iter().any(|gone| title(cell).starts_with(gone)))
}

fn is_log(header: &Row, rows: &[&Row], column: usize) -> bool {
    let headers: Vec<String> = header.cells.iter().map(title).collect();
    let others = || headers.iter().enumerate().filter(|(at, _)| *at != column);
    let tells_more = || others().any(|(_, title)| TOLD.contains(&title.as_str()));
    others().any(|(at, title)| {
        let title = title.as_str();
        let (happened, day) = (HAPPENED.contains(&title), DAYS.contains(&title));
        if INCIDENTS.contains(&title) && at < column {
            return most(rows, at, has_digit);
        }
        // The day behind an alert may be that of the row; in a log it stands before it, or an alert
        // is there several times.
        let is_told = happened || (day && (at < column || tells_more() || repeats(rows, column)));
        let tells_time = |text: &str| {
            is_moment(text) || begins_with_weekday(text) || day && is_year(text.trim())
        };
        is_told && most(rows, at, tells_time)
    })
}

fn are_counts(header: &Row, rows: &[&Row], column: usize) -> bool {
    let is_counted = |title: &str| COUNTED.iter().any(|word| title.contains(word));
    let mut others = (0..header.cells.len()).filter(|at| *at != column).peekable();
    others.peek().is_some()
        && header.cells.iter().map(title).any(|title| is_counted(&title))
        && others.all(|at| most(rows, at, is_number))
}

/// Whether a column holds days or times, by most of its cells.
pub(super) fn are_moments(rows: &[&Row], column: usize) -> bool {
    most(rows, column, is_moment)
}

/// Whether most of the cells of a column that say something say this.
fn most(rows: &[&Row], column: usize, says: impl Fn(&str) -> bool) -> bool {
    let texts = rows.iter().filter_map(|row| Some(plain_text(&row.cells.get(column)?.content)));
    let texts: Vec<_> = texts.filter(|text| !text.trim().is_empty()).collect();
    let saying = texts.iter().filter(|text| says(text)).count();
    saying > 0 && saying * 2 > texts.len()
}

/// Whether two rows are about one thing.
fn repeats(rows: &[&Row], column: usize) -> bool {
    let mut seen = HashSet::new();
    let texts = rows.iter().filter_map(|row| row.cells.get(column)).map(title);
    texts.filter(|text| !text.is_empty()).any(|text| !seen.insert(text))
}

fn title(cell: &Cell) -> String {
    letters(&plain_text(&cell.content))
}

fn has_digit(text: &str) -> bool {
    text.contains(|it: char| it.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['%', 'x', '×']);
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|it| it.is_ascii_digit() || ".,'’ ".contains(it))
}

/// Whether a text has a day or a time of day in it: `2024-01-31`, `31.1.24`, `Jan 31`, `10:15`.
pub(super) fn is_moment(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text
        .split(|it: char| it.is_whitespace() || matches!(it, ',' | 'T' | '(' | ')' | '–'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_month = |word: &str| {
        let word = word.trim_end_matches('.').to_lowercase();
        MONTHS.iter().any(|month| *month == word || word.get(..3) == Some(month) && is_whole(&word))
    };
    // `It may take 5 minutes` is no day in May.
    let has_month = words.windows(2).any(|two| {
        (is_month(two[0]) && is_day_or_year(two[1])) || (is_day_or_year(two[0]) && is_month(two[1]))
    });
    has_month || words.iter().any(|word| is_day(word) || is_time(word))
}

/// `Mon`, `Tuesday night`
fn begins_with_weekday(text: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let word = text.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    DAYS.iter().any(|day| word == *day || word.starts_with(day) && word.ends_with("day"))
}

/// `2024`
fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.chars().all(|it| it.is_ascii_digit())
}

/// Whether a word that begins like a month is its whole name.
fn is_whole(word: &str) -> bool {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "sept",
        "september",
        "october",
        "november",
        "december",
    ];
    NAMES.contains(&word)
}

/// `3`, `3rd`, `31.`, `2024`
fn is_day_or_year(word: &str) -> bool {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    let rest = &word[digits..];
    matches!(digits, 1 | 2 | 4) && matches!(rest, "" | "." | "st" | "nd" | "rd" | "th")
}

fn is_day(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let is_number =
        |part: &&str| (1..=4).contains(&part.len()) && part.chars().all(|it| it.is_ascii_digit());
    match parts.as_slice() {
        [_, _, _] => parts.iter().all(is_number),
        [year, part] => is_year(year) && is_number(&part.trim_start_matches(['W', 'Q'])),
        _ => false,
    }
}

fn is_time(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, rest)| {
        let is_digits = |text: &str| text.chars().all(|it| it.is_ascii_digit());
        (1..=2).contains(&hour.len()) && is_digits(hour) && rest.get(..2).is_some_and(is_digits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_from_other_texts() {
        for text in [
            "2024-01-31",
            "2024-01-31T10:15:00Z",
            "31.1.24",
            "1/31/2024",
            "Jan 31",
            "31 January 2024",
            "10:15 UTC",
            "2024-W05",
            "2024/02",
            "3rd May 2024",
            "Sept. 3",
        ] {
            assert!(is_moment(text), "{text}");
        }
        for text in [
            "",
            "more than 3",
            "1.5",
            "5m",
            "3-4",
            "may be slow",
            "may take 5 minutes",
            "marked 3 times",
            "#drain",
            "a:b",
            "v1.2",
        ] {
            assert!(!is_moment(text), "{text}");
        }
    }
}
