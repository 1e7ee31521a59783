//! Names to choose from, and the one that is most like another.
//!
//! Comparing a name letter by letter with all others takes too long where thousands are unknown, so
//! only a few are compared: those that are the same but for one letter, and those that share the
//! most pairs of letters with it, the rarest pairs first. Looking one up takes a time that hardly
//! depends on how many there are. The first of these is the deletion neighbourhood of `SymSpell`, of
//! one letter: names that differ by a letter are the same with a letter of each left out.

use crate::diag::suggest::{fold, nearest};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// How many names are compared letter by letter with one.
const MOST_COMPARED: usize = 32;

/// How many names that share a pair of letters are counted for one.
const MOST_COUNTED: usize = 4_096;

/// The longest name that is found by its deletions, in letters.
const LONGEST_SLIP: usize = 80;

/// Names to choose from, in an order: of two that are as good, the first is chosen.
///
/// Of tens of thousands hardly any has a key in common with the few that are unknown on a site, and the
/// indexes hold no others.
pub struct Names<'s> {
    all: Vec<&'s str>,
    by_words: Index,
    by_pair: Index,
    by_deletion: Index,
    asked: Arc<Asked>,
}

impl<'s> Names<'s> {
    /// Some names, of which only those are looked for that are like one that is asked about.
    pub fn new(names: impl IntoIterator<Item = &'s str>, asked: &Arc<Asked>) -> Self {
        let all: Vec<&str> = names.into_iter().collect();
        let letters: Vec<Vec<char>> = all.par_iter().map(|name| letters(name)).collect();
        Self {
            by_words: Index::new(&all, &asked.words, |name| vec![key_of_words(name)]),
            by_pair: Index::new(&letters, &asked.pairs, |letters| pairs(letters)),
            by_deletion: Index::new(&letters, &asked.deletions, |letters| slips(letters)),
            asked: Arc::clone(asked),
            all,
        }
    }

    /// The only name, if there is no other one.
    pub fn sole(&self) -> Option<&'s str> {
        match self.all.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The name that is most like another, one that is asked about: of the same words in whatever order,
    /// else by its letters, else by most of its words.
    pub fn alike(&self, name: &str) -> Option<&'s str> {
        debug_assert!(self.asked.words.may_have(key_of_words(name)), "{name} is not asked about");
        let wanted = words(name);
        if wanted.len() > 1 {
            let mut same =
                self.by_words.get(key_of_words(name)).iter().map(|(_, at)| self.all[*at as usize]);
            let same = same.find(|text| words(text) == wanted);
            if same.is_some() {
                return same;
            }
        }
        let near: Vec<&str> = self.near(name).into_iter().map(|at| self.all[at]).collect();
        nearest(name, near.iter().copied()).or_else(|| {
            let close = near.iter().filter_map(|text| {
                let words = words(text);
                let shared = wanted.intersection(&words).count();
                // At least three words of four.
                let are_most = shared * 4 >= wanted.union(&words).count() * 3;
                (shared > 0 && are_most).then_some((shared, *text))
            });
            close.max_by_key(|(shared, _)| *shared).map(|(_, text)| text)
        })
    }

    /// The names that may be like another, in order.
    fn near(&self, name: &str) -> BTreeSet<usize> {
        let letters = letters(name);
        let mut near = BTreeSet::new();
        for key in deletions(&letters) {
            let same = self.by_deletion.get(key).iter().map(|(_, name)| *name as usize);
            near.extend(same.take(MOST_COMPARED));
        }
        let pairs = each_once(pairs(&letters));
        let mut lists: Vec<_> = pairs.into_iter().map(|pair| self.by_pair.get(pair)).collect();
        lists.sort_by_key(|list| list.len());
        let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
        for (_, name) in lists.into_iter().flatten().take(MOST_COUNTED) {
            *shared.entry(*name as usize).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        let length = name.len();
        shared.sort_unstable_by_key(|(index, count)| {
            (usize::MAX - count, self.all[*index].len().abs_diff(length), *index)
        });
        near.extend(shared.into_iter().take(MOST_COMPARED).map(|(name, _)| name));
        near
    }
}

/// The names that are asked about.
#[derive(Default)]
pub struct Asked {
    words: Keys,
    pairs: Keys,
    deletions: Keys,
}

impl<'n> FromIterator<&'n str> for Asked {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut asked = Self::default();
        for name in names {
            let letters = letters(name);
            asked.words.add([key_of_words(name)]);
            asked.pairs.add(pairs(&letters));
            asked.deletions.add(slips(&letters));
        }
        asked
    }
}

/// Keys, each as one of a few bits: of the keys that share one, either all are there or none is.
struct Keys(Vec<u64>);

impl Keys {
    /// How many bits there are, as a power of two.
    const BITS: u32 = 15;

    fn add(&mut self, keys: impl IntoIterator<Item = u64>) {
        for key in keys {
            let (word, bit) = Self::place(key);
            self.0[word] |= bit;
        }
    }

    fn may_have(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0[word] & bit != 0
    }

    fn place(key: u64) -> (usize, u64) {
        let place = bucket(key, Self::BITS);
        (place / 64, 1 << (place % 64))
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self(vec![0; (1 << Self::BITS) / 64])
    }
}

/// Which names have which keys. Entries of one key stand together, in the order of the names.
///
/// There are half a million of them where many names are asked about, so each goes straight to its bucket,
/// and few buckets have to be sorted: those that more than one key has come to.
struct Index {
    entries: Vec<(u64, u32)>,
    /// Where each bucket begins, and where the last one ends.
    buckets: Vec<usize>,
}

impl Index {
    /// The most buckets, as a power of two.
    const MOST: u32 = 16;

    /// The index of names by those keys of each that are asked for, each of which counts once.
    fn new<N: Sync>(names: &[N], asked: &Keys, keys: impl Fn(&N) -> Vec<u64> + Sync) -> Self {
        let keys = |(at, name): (u32, &N)| {
            let mut keys = keys(name);
            keys.retain(|key| asked.may_have(*key));
            each_once(keys).into_iter().map(move |key| (key, at))
        };
        let names = (0..u32::MAX).into_par_iter().zip(names);
        let found: Vec<(u64, u32)> = names.flat_map_iter(keys).collect();
        let bits = found.len().checked_ilog2().unwrap_or(0).clamp(1, Self::MOST);
        let mut buckets = vec![0; (1 << bits) + 1];
        for (key, _) in &found {
            buckets[bucket(*key, bits) + 1] += 1;
        }
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let mut next = buckets.clone();
        let mut entries = vec![(0, 0); found.len()];
        for entry in found {
            let next = &mut next[bucket(entry.0, bits)];
            entries[*next] = entry;
            *next += 1;
        }
        for bucket in buckets.windows(2) {
            let bucket = &mut entries[bucket[0]..bucket[1]];
            if !bucket.is_sorted() {
                bucket.sort_unstable();
            }
        }
        Self { entries, buckets }
    }

    fn get(&self, key: u64) -> &[(u64, u32)] {
        let bucket = bucket(key, (self.buckets.len() - 1).ilog2());
        let bucket = &self.entries[self.buckets[bucket]..self.buckets[bucket + 1]];
        let from = bucket.partition_point(|(other, _)| *other < key);
        let behind = &bucket[from..];
        &behind[..behind.partition_point(|(other, _)| *other == key)]
    }
}

/// A number with which products are mixed well: the golden ratio's share of all integers.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A key as a number of so many bits.
fn bucket(key: u64, bits: u32) -> usize {
    let mixed = key.wrapping_mul(BASE) >> (u64::BITS - bits);
    usize::try_from(mixed).unwrap_or_default()
}

/// The letters of a name, as names are compared.
fn letters(name: &str) -> Vec<char> {
    fold(name).chars().collect()
}

/// The pairs of letters in a name.
fn pairs(letters: &[char]) -> Vec<u64> {
    let pair = |pair: &[char]| u64::from(u32::from(pair[0])) << 32 | u64::from(u32::from(pair[1]));
    letters.windows(2).map(pair).collect()
}

fn each_once(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A key for a name and one for each way to leave out a letter of it, each once, in order.
pub(super) fn deletions(letters: &[char]) -> Vec<u64> {
    each_once(slips(letters))
}

/// The same, as they are found.
///
/// A key is the value of a polynomial of which the letters are the factors, so that one without a letter
/// is made of those of what stands before it and behind it.
fn slips(letters: &[char]) -> Vec<u64> {
    if letters.len() > LONGEST_SLIP {
        return Vec::new();
    }
    let next = |key: u64, letter: &char| {
        key.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*letter)))
    };
    let whole = letters.iter().fold(1, next);
    let (mut keys, mut behind, mut shift) = (vec![whole], 0_u64, 1_u64);
    // From the last letter to the first: before it stands what is left of the whole.
    let mut before: Vec<u64> = vec![1];
    before.extend(letters.iter().scan(1, |key, letter| {
        *key = next(*key, letter);
        Some(*key)
    }));
    for (at, letter) in letters.iter().enumerate().rev() {
        keys.push(before[at].wrapping_mul(shift).wrapping_add(behind));
        behind = u64::from(u32::from(*letter)).wrapping_mul(shift).wrapping_add(behind);
        shift = shift.wrapping_mul(BASE);
    }
    keys
}

/// A key that names of the same words share, in whatever order.
fn key_of_words(name: &str) -> u64 {
    let mut keys = Vec::new();
    for_each_word(name, |word| {
        let mut hasher = FxHasher::default();
        word.hash(&mut hasher);
        keys.push(hasher.finish());
    });
    let mut hasher = FxHasher::default();
    each_once(keys).hash(&mut hasher);
    hasher.finish()
}

/// The words that a name is made of, in lower case: `worker`, `taint` and `failed` of
/// `WorkerTaintFailed` and of `worker-taint_failed`.
pub fn words(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for_each_word(name, |word| {
        words.insert(word.to_owned());
    });
    words
}

fn for_each_word(name: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut previous = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && !previous.is_uppercase();
        if (begins || !character.is_alphanumeric()) && !word.is_empty() {
            each(&word);
            word.clear();
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    if !word.is_empty() {
        each(&word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_alike_by_their_words_and_by_their_letters() {
        let alerts =
            ["BootstrapTaintFailed", "BootstrapTarHandlerFailed", "etcd_members_down", "Watchdog"];
        let cases = [
            ("BootstrapTaintFaild", Some("BootstrapTaintFailed")),
            ("FailedBootstrapTaint", Some("BootstrapTaintFailed")),
            ("TarHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("BootstrapTarRequestHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("downEtcdMembers", Some("etcd_members_down")),
            ("Watchdogs", Some("Watchdog")),
            ("CruiserClockSkew", None),
            ("", None),
        ];
        let candidates =
            Names::new(alerts, &Arc::new(cases.iter().map(|(name, _)| *name).collect()));
        for (name, meant) in cases {
            assert_eq!(candidates.alike(name), meant, "{name}");
        }
    }

    proptest! {
        #[test]
        fn names_share_a_key_where_they_are_the_same_without_a_letter(
            one in "[ab]{0,5}|[aé]{0,3}",
            other in "[ab]{0,5}|[aé]{0,3}",
        ) {
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            let left = |letters: &[char]| -> BTreeSet<Vec<char>> {
                let without = |at: usize| [&letters[..at], &letters[at + 1..]].concat();
                (0..letters.len()).map(without).chain([letters.to_vec()]).collect()
            };
            let (one, other) = (letters(&one), letters(&other));
            let (keys, others) = (deletions(&one), deletions(&other));
            let shared = keys.iter().filter(|key| others.contains(key)).count();
            prop_assert_eq!(shared, left(&one).intersection(&left(&other)).count());
            prop_assert_eq!(keys.len(), left(&one).len());
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
        let some = texts.iter().enumerate().step_by(17);
        let renamed: Vec<(String, &String)> = some
            .map(|(index, text)| {
                let mut renamed = text.clone();
                renamed.insert(1 + index % (text.len() - 1), 'x');
                (renamed, text)
            })
            .collect();
        let asked = Arc::new(renamed.iter().map(|(renamed, _)| renamed.as_str()).collect());
        let names = Names::new(texts.iter().map(String::as_str), &asked);
        for (renamed, text) in &renamed {
            assert_eq!(names.alike(renamed), Some(text.as_str()), "{renamed}");
            assert!(names.near(renamed).len() < 2 * MOST_COMPARED, "{renamed}");
            // Whether others are asked about as well makes no difference.
            let alone = Arc::new([renamed.as_str()].into_iter().collect());
            let alone = Names::new(texts.iter().map(String::as_str), &alone);
            assert_eq!(alone.near(renamed), names.near(renamed), "{renamed}");
        }
    }
}
