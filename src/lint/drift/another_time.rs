//! Headings below which a page says how alerts were, will be, or are in another place: *2.3.1*,
//! *Changelog*, *Proposed*, *Staging*.

use crate::runbook::Runbook;

/// Words that say so.
const WORDS: [&str; 21] = [
    "changelog",
    "changes",
    "history",
    "previous",
    "previously",
    "former",
    "formerly",
    "old",
    "deprecated",
    "retired",
    "removed",
    "proposed",
    "planned",
    "draft",
    "upstream",
    "staging",
    "stage",
    "dev",
    "development",
    "test",
    "testing",
];

/// Words beside the number of a version or a day in a heading that says nothing else.
const BESIDE: [&str; 10] =
    ["in", "of", "on", "from", "release", "released", "version", "update", "notes", "s"];

/// Whether a place of a runbook is below such a heading. The title of the page is none: it may have the
/// number of a chapter, or of the version of a product.
pub(super) fn is_of_another_time(runbook: &Runbook, at: usize) -> bool {
    runbook.headings_around(at).any(|heading| {
        let is_title = runbook.headings.first().is_some_and(|first| first.range == heading.range);
        !is_title && tells_another_time(&heading.text)
    })
}

fn tells_another_time(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let words: Vec<&str> =
        heading.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| {
        let digits = word.strip_prefix('v').unwrap_or(word);
        digits.starts_with(|it: char| it.is_ascii_digit())
    };
    let numbers = words.iter().filter(|word| is_number(word)).count();
    let is_release = numbers > 1
        || numbers == 1 && words.iter().any(|word| ["release", "version"].contains(word));
    words.iter().any(|word| WORDS.contains(word))
        || is_release && words.iter().all(|word| is_number(word) || BESIDE.contains(word))
}

#[cfg(test)]
mod tests {
    use super::tells_another_time;

    #[test]
    fn headings_tell_another_time() {
        for heading in [
            "2.3.1",
            "v1.2.0 (2023-05-01)",
            "Changes in 1.4.0",
            "2023-05-01",
            "Release 4",
            "Changelog",
            "Proposed alerts",
            "Old thresholds",
            "Staging",
        ] {
            assert!(tells_another_time(heading), "{heading}");
        }
        for heading in ["Alerts", "2.1 Alerts", "3", "1. Alerts", "Kafka 3.6 alerts", "Level 1"] {
            assert!(!tells_another_time(heading), "{heading}");
        }
    }
}
