//! Names that a slip of the hand makes of one another: a letter too many, one too few, another one,
//! or two that changed places.
//!
//! Words are looked up by the thousand, and nearly none is a slip, so most are told by their ends:
//! a slip leaves at least one of the two as it was. The others are found as in `names`, by what is
//! left of both without a letter.

use super::names::deletions;
use crate::diag::suggest::distance;
use crate::runbook::is_unspaced;
use rustc_hash::{FxHashMap, FxHashSet};

/// The fewest letters of a name: shorter words are a letter off one another by chance. Where a character
/// is a syllable or a word, it counts for two.
const SHORTEST: usize = 7;

/// The most letters of a name.
const LONGEST: usize = 80;

/// How many letters an end has. The shortest name has two ends and a letter between them, so that a
/// slip leaves one of the ends.
const END: usize = 3;

/// What an end has of a name that is shorter in characters: a single one, and these.
const NOTHING: char = '\0';

/// Names of which words may be slips.
pub struct Slips<'s> {
    ends: FxHashSet<[char; END]>,
    by_deletion: FxHashMap<u64, Vec<&'s str>>,
}

impl<'s> Slips<'s> {
    /// All of them with the shortest and the longest left out.
    pub fn new(names: impl Iterator<Item = &'s str>) -> Self {
        let mut slips = Self { ends: FxHashSet::default(), by_deletion: FxHashMap::default() };
        for name in names {
            let letters: Vec<char> = name.chars().collect();
            if (SHORTEST..=LONGEST).contains(&weight(&letters)) {
                let is_long = letters.len() >= SHORTEST;
                let ends = if is_long { ends(name) } else { short_ends(name) };
                slips.ends.extend(ends.into_iter().flatten());
                for key in deletions(&letters) {
                    slips.by_deletion.entry(key).or_default().push(name);
                }
            }
        }
        slips
    }

    /// The name that a word is a slip of. Names that differ by a digit are two, `Burn1h` and
    /// `Burn6h`.
    pub fn of(&self, word: &str) -> Option<&'s str> {
        let is_known = |ends: [Option<[char; END]>; 2]| {
            ends.into_iter().flatten().any(|end| self.ends.contains(&end))
        };
        let has_end = || is_known(ends(word)) || !word.is_ascii() && is_known(short_ends(word));
        if word.len() > LONGEST * 4 || !has_end() {
            return None;
        }
        let letters: Vec<char> = word.chars().collect();
        let near = deletions(&letters).into_iter().filter_map(|key| self.by_deletion.get(&key));
        let is_slip = |name: &&str| {
            distance(name, word) == 1
                && name
                    .chars()
                    .filter(char::is_ascii_digit)
                    .eq(word.chars().filter(char::is_ascii_digit))
        };
        near.flatten().copied().find(is_slip)
    }
}

/// How long a name is.
fn weight(letters: &[char]) -> usize {
    letters.len() + letters.iter().filter(|letter| is_unspaced(**letter)).count()
}

/// The characters at the ends of a word that has few of them.
fn short_ends(word: &str) -> [Option<[char; END]>; 2] {
    let end = |character: Option<char>| Some([character?, NOTHING, NOTHING]);
    [end(word.chars().next()), end(word.chars().next_back())]
}

/// The letters at the ends of a word.
fn ends(word: &str) -> [Option<[char; END]>; 2] {
    let mut front = word.chars();
    let mut back = word.chars().rev();
    let first = [front.next(), front.next(), front.next()];
    let last = [back.next(), back.next(), back.next()];
    [first, last].map(|[one, two, three]| Some([one?, two?, three?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter() {
        let slips = Slips::new(
            [
                "DiskAlmostFull",
                "ErrorBudgetBurn1h",
                "Kafka",
                "DB write/read test error",
                "内存过高",
                "磁盘满",
            ]
            .into_iter(),
        );
        for (word, name) in [
            ("DiskAlmostFul", Some("DiskAlmostFull")),
            ("DiskAlmosttFull", Some("DiskAlmostFull")),
            ("DiskAlmoxtFull", Some("DiskAlmostFull")),
            ("DiskAlmsotFull", Some("DiskAlmostFull")),
            ("xiskAlmostFull", Some("DiskAlmostFull")),
            ("DB write/rea dtest error", Some("DB write/read test error")),
            ("DiskAlmostFull", None),
            ("DiskAlmoFull", None),
            ("DiskFull", None),
            ("ErrorBudgetBurn6h", None),
            ("ErrorBudgetBurn16h", None),
            ("ErrorBudgetBrn1h", Some("ErrorBudgetBurn1h")),
            ("Kafkas", None),
            ("内存过低", Some("内存过高")),
            ("内x过高", Some("内存过高")),
            ("内存使用过高", None),
            ("磁带满", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(slips.of(word), name, "{word}");
        }
    }
}
