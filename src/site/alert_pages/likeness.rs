//! How much a page is like those of alerts: by its sections, and by its name.

use super::super::Page;
use crate::diag::suggest::{distance, letters};
use std::collections::{HashMap, HashSet};

/// The sections of the Prometheus operator's runbooks, which many have taken over.
const SECTIONS: [&str; 4] = ["meaning", "impact", "diagnosis", "mitigation"];

/// The sections that the pages of alerts have in common, and other pages have not.
pub(super) struct Structure {
    usual: HashSet<String>,
}

/// How much the sections of a page are like those of alerts.
pub(super) struct Likeness {
    /// How many sections it shares with most of them.
    pub sections: usize,
    /// Whether it has those that nothing but a page of an alert has.
    pub is_plain: bool,
    /// Whether it has sections where those of alerts have others.
    pub is_unlike: bool,
}

impl Structure {
    /// What tells the pages of alerts from others.
    pub(super) fn of(known: &[&Page], others: &[&Page]) -> Self {
        let (in_known, in_others) = (counts(known), counts(others));
        // Half of the ones have it, and hardly any of the others.
        let is_usual = |title: &String, count: usize| {
            let elsewhere = in_others.get(title).copied().unwrap_or_default();
            known.len() >= 2 && count * 2 >= known.len() && elsewhere * 4 <= others.len()
        };
        let usual = in_known.into_iter().filter(|(title, count)| is_usual(title, *count));
        Self { usual: usual.map(|(title, _)| title).collect() }
    }

    pub(super) fn like(&self, page: &Page) -> Likeness {
        let own = sections(page);
        let known = own.iter().filter(|title| SECTIONS.contains(&title.as_str())).count();
        let usual = own.iter().filter(|title| self.usual.contains(*title)).count();
        let sections = known.max(usual);
        let is_unlike = self.usual.len() >= 2 && !own.is_empty() && sections < 2;
        Likeness { sections, is_plain: known >= 2, is_unlike }
    }
}

/// The titles of a page's sections, in letters: not that of the page itself.
fn sections(page: &Page) -> HashSet<String> {
    let headings = page.runbook.headings.iter().enumerate();
    let below = headings.filter(|(index, heading)| *index > 0 || heading.level > 1);
    below.map(|(_, heading)| letters(&heading.text)).collect()
}

fn counts(pages: &[&Page]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for title in pages.iter().flat_map(|page| sections(page)) {
        *counts.entry(title).or_default() += 1;
    }
    counts
}

/// The names of the alerts that rules raise, by their words.
pub(in crate::site) struct Names<'n> {
    ends: HashSet<String>,
    /// The words that stand among certain others, at a certain place.
    among: HashMap<String, Vec<&'n str>>,
    /// The names by their letters in order: two that changed places leave them as they were.
    by_letters: HashMap<Vec<char>, &'n str>,
}

impl<'n> Names<'n> {
    pub(in crate::site) fn new(names: impl Iterator<Item = &'n str>) -> Self {
        let (mut ends, mut among) = (HashSet::new(), HashMap::<String, Vec<&str>>::new());
        let mut by_letters = HashMap::new();
        for name in names {
            by_letters.entry(sorted(name)).or_insert(name);
            let words = words(name);
            ends.extend(words.last().map(|word| letters(word)));
            for (index, word) in words.iter().enumerate() {
                among.entry(without(&words, index)).or_default().push(word);
            }
        }
        Self { ends, among, by_letters }
    }

    /// Whether an alert ends in the same word: `Failed`, `Down`.
    pub(super) fn has_same_end(&self, name: &str) -> bool {
        words(name).last().is_some_and(|word| self.ends.contains(&letters(word)))
    }

    /// Whether an alert has the same words but for a letter of one, or for two letters that changed places.
    pub(in crate::site) fn has_a_letter_off(&self, name: &str) -> bool {
        let words = words(name);
        let is_near = |index: usize, word: &str| {
            let others = self.among.get(&without(&words, index));
            others.is_some_and(|others| {
                others.iter().any(|other| distance(&letters(word), &letters(other)) <= 1)
            })
        };
        let is_swapped = || {
            let other = self.by_letters.get(&sorted(name));
            other.is_some_and(|other| distance(&letters(name), &letters(other)) == 1)
        };
        words.len() > 1
            && (words.iter().enumerate().any(|(index, word)| is_near(index, word)) || is_swapped())
    }
}

/// How many words a name has.
pub(super) fn count_words(name: &str) -> usize {
    words(name).len()
}

fn sorted(name: &str) -> Vec<char> {
    let mut sorted: Vec<char> = letters(name).chars().collect();
    sorted.sort_unstable();
    sorted
}

/// The words of a name but one, with the place of that.
fn without(words: &[&str], index: usize) -> String {
    let others = words.iter().enumerate();
    let others = others.map(|(at, word)| if at == index { "*".to_owned() } else { letters(word) });
    others.collect::<Vec<_>>().join(" ")
}

/// The words of a name: `CPU`, `Throttling`, `High`.
pub(super) fn words(name: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = name.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for (at, window) in letters.windows(2).enumerate() {
        let ((_, before), (place, here)) = (window[0], window[1]);
        let next = letters.get(at + 2).map(|(_, next)| *next);
        let is_start =
            here.is_uppercase() && (!before.is_uppercase() || next.is_some_and(char::is_lowercase));
        if is_start || (before.is_alphanumeric() != here.is_alphanumeric()) {
            words.push(&name[start..place]);
            start = place;
        }
    }
    words.push(&name[start..]);
    words.retain(|word| word.contains(char::is_alphanumeric));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_into_words() {
        for (name, expected) in [
            ("CPUThrottlingHigh", vec!["CPU", "Throttling", "High"]),
            ("etcdNoLeader", vec!["etcd", "No", "Leader"]),
            ("disk_full", vec!["disk", "full"]),
            ("Watchdog", vec!["Watchdog"]),
            ("X5xxErrors", vec!["X5xx", "Errors"]),
            ("", vec![]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn names_are_like_those_of_rules() {
        let names = Names::new(["WorkerDrainFailed", "DiskFull", "Watchdog"].into_iter());
        for (name, is_off, has_end) in [
            ("WorkerDrainFaild", true, false),
            ("WorkersDrainFailed", true, true),
            ("WorkerTaintFailed", false, true),
            ("DiskFul", true, false),
            ("DisFkull", true, false),
            ("DiskSlow", false, false),
            ("OnCall", false, false),
            ("Watchdogs", false, false),
        ] {
            assert_eq!(names.has_a_letter_off(name), is_off, "{name}");
            assert_eq!(names.has_same_end(name), has_end, "{name}");
        }
    }
}
