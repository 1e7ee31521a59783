//! Names to choose from, and the one that is most like another.
//!
//! Comparing a name letter by letter with all others takes too long where thousands are unknown, so
//! only a few are compared: those that are the same but for one letter, and those that share the
//! most pairs of letters with it, the rarest pairs first. Looking one up takes a time that hardly
//! depends on how many there are. The first of these is the deletion neighbourhood of `SymSpell`, of
//! one letter: names that differ by a letter are the same with a letter of each left out.

use crate::diag::suggest::{fold, nearest};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

/// How many names are compared letter by letter with one.
const MOST_COMPARED: usize = 32;

/// How many names that share a pair of letters are counted for one.
const MOST_COUNTED: usize = 4_096;

/// The longest name that is found by its deletions, in letters.
const LONGEST_SLIP: usize = 80;

/// Names to choose from, in an order: of two that are as good, the first is chosen.
pub struct Names<'s> {
    all: Vec<Name<'s>>,
    by_words: HashMap<BTreeSet<String>, usize>,
    by_pair: Index,
    by_deletion: Index,
}

struct Name<'s> {
    text: &'s str,
    words: BTreeSet<String>,
}

impl<'s> FromIterator<&'s str> for Names<'s> {
    fn from_iter<I: IntoIterator<Item = &'s str>>(texts: I) -> Self {
        let mut by_words = HashMap::new();
        let (mut pairs_of, mut deletions_of) = (Vec::new(), Vec::new());
        let names = texts.into_iter().enumerate().map(|(index, text)| {
            let words = words(text);
            by_words.entry(words.clone()).or_insert(index);
            let letters: Vec<char> = fold(text).chars().collect();
            pairs_of.extend(pairs(&letters).into_iter().map(|pair| (pair, index)));
            deletions_of.extend(deletions(&letters).into_iter().map(|key| (key, index)));
            Name { text, words }
        });
        let all = names.collect();
        let (by_pair, by_deletion) = (Index::new(pairs_of), Index::new(deletions_of));
        Self { all, by_words, by_pair, by_deletion }
    }
}

impl<'s> Names<'s> {
    /// The only name, if there is no other one.
    pub fn sole(&self) -> Option<&'s str> {
        match self.all.as_slice() {
            [only] => Some(only.text),
            _ => None,
        }
    }

    /// The name that is most like another: of the same words in whatever order, else by its letters,
    /// else by most of its words.
    pub fn alike(&self, name: &str) -> Option<&'s str> {
        let wanted = words(name);
        if wanted.len() > 1
            && let Some(same) = self.by_words.get(&wanted)
        {
            return Some(self.all[*same].text);
        }
        let near: Vec<&Name<'s>> = self.near(name).into_iter().map(|at| &self.all[at]).collect();
        nearest(name, near.iter().map(|candidate| candidate.text)).or_else(|| {
            let close = near.iter().filter_map(|candidate| {
                let shared = wanted.intersection(&candidate.words).count();
                // At least three words of four.
                let are_most = shared * 4 >= wanted.union(&candidate.words).count() * 3;
                (shared > 0 && are_most).then_some((shared, candidate.text))
            });
            close.max_by_key(|(shared, _)| *shared).map(|(_, text)| text)
        })
    }

    /// The names that may be like another, in order.
    fn near(&self, name: &str) -> BTreeSet<usize> {
        let letters: Vec<char> = fold(name).chars().collect();
        let mut near = BTreeSet::new();
        for key in deletions(&letters) {
            let same = self.by_deletion.get(key).iter().map(|(_, name)| *name);
            near.extend(same.take(MOST_COMPARED));
        }
        let pairs = pairs(&letters);
        let mut lists: Vec<_> = pairs.into_iter().map(|pair| self.by_pair.get(pair)).collect();
        lists.sort_by_key(|list| list.len());
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for (_, name) in lists.into_iter().flatten().take(MOST_COUNTED) {
            *shared.entry(*name).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        let length = name.len();
        shared.sort_unstable_by_key(|(index, count)| {
            (usize::MAX - count, self.all[*index].text.len().abs_diff(length), *index)
        });
        near.extend(shared.into_iter().take(MOST_COMPARED).map(|(name, _)| name));
        near
    }
}

/// Which names have which keys, in the order of both.
struct Index(Vec<(u64, usize)>);

impl Index {
    fn new(mut entries: Vec<(u64, usize)>) -> Self {
        entries.sort_unstable();
        Self(entries)
    }

    fn get(&self, key: u64) -> &[(u64, usize)] {
        let from = self.0.partition_point(|(other, _)| *other < key);
        let behind = &self.0[from..];
        &behind[..behind.partition_point(|(other, _)| *other == key)]
    }
}

/// The pairs of letters in a name, each once.
fn pairs(letters: &[char]) -> BTreeSet<u64> {
    let pairs = letters.windows(2);
    pairs.map(|pair| u64::from(u32::from(pair[0])) << 32 | u64::from(u32::from(pair[1]))).collect()
}

/// A key for a name and one for each way to leave out a letter of it.
pub(super) fn deletions(letters: &[char]) -> BTreeSet<u64> {
    if letters.len() > LONGEST_SLIP {
        return BTreeSet::new();
    }
    let key = |before: &[char], behind: &[char]| {
        let mut hasher = DefaultHasher::new();
        before.iter().chain(behind).for_each(|letter| letter.hash(&mut hasher));
        hasher.finish()
    };
    let left_out = (0..letters.len()).map(|at| key(&letters[..at], &letters[at + 1..]));
    left_out.chain([key(letters, &[])]).collect()
}

/// The words that a name is made of, in lower case: `worker`, `taint` and `failed` of
/// `WorkerTaintFailed` and of `worker-taint_failed`.
pub fn words(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut previous = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && !previous.is_uppercase();
        if (begins || !character.is_alphanumeric()) && !word.is_empty() {
            words.insert(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    if !word.is_empty() {
        words.insert(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_their_words_and_by_their_letters() {
        let alerts =
            ["BootstrapTaintFailed", "BootstrapTarHandlerFailed", "etcd_members_down", "Watchdog"];
        let candidates: Names<'_> = alerts.into_iter().collect();
        for (name, meant) in [
            ("BootstrapTaintFaild", Some("BootstrapTaintFailed")),
            ("FailedBootstrapTaint", Some("BootstrapTaintFailed")),
            ("TarHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("BootstrapTarRequestHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("downEtcdMembers", Some("etcd_members_down")),
            ("Watchdogs", Some("Watchdog")),
            ("CruiserClockSkew", None),
            ("", None),
        ] {
            assert_eq!(candidates.alike(name), meant, "{name}");
        }
    }

    #[test]
    fn of_thousands_that_share_their_words_the_one_that_differs_by_a_letter_is_found() {
        const PARTS: [&str; 14] = [
            "Armada", "Berth", "Crane", "Dock", "Ferry", "Gate", "Harbour", "Ingress", "Jetty",
            "Lock", "Node", "Pilot", "Quay", "Registry",
        ];
        let mut texts = Vec::new();
        for first in PARTS {
            for second in PARTS {
                texts.extend(PARTS.map(|third| format!("{first}{second}{third}Failing")));
            }
        }
        let names: Names<'_> = texts.iter().map(String::as_str).collect();
        for (index, text) in texts.iter().enumerate().step_by(17) {
            let mut renamed = text.clone();
            renamed.insert(1 + index % (text.len() - 1), 'x');
            assert_eq!(names.alike(&renamed), Some(text.as_str()), "{renamed}");
            assert!(names.near(&renamed).len() < 2 * MOST_COMPARED, "{renamed}");
        }
    }
}
