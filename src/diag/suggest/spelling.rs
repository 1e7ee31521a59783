//! How many slips of the finger are between two texts.

use rapidfuzz::distance::osa;

/// How many slips of the finger turn one text into another: letters left out, put in, put in place of
/// others, or swapped with the one beside them (the optimal string alignment).
pub fn distance(one: &str, other: &str) -> usize {
    osa::distance(one.chars(), other.chars())
}

/// A text that is compared with many others, most of which are told from it without looking at the
/// order of the letters.
#[derive(Debug, Clone)]
pub struct Spelling {
    text: String,
    letters: usize,
    /// How often there is a letter of each of so many kinds.
    tally: [u8; Self::KINDS],
}

impl Spelling {
    /// Letters of which the numbers are 32 apart are of one kind. Those of a to z are each of their own.
    const KINDS: usize = 32;

    /// A text as it is compared.
    pub fn of(text: String) -> Self {
        let mut tally = [0_u8; Self::KINDS];
        let mut letters = 0;
        for letter in text.chars() {
            let kind = &mut tally[letter as usize % Self::KINDS];
            *kind = kind.saturating_add(1);
            letters += 1;
        }
        Self { text, letters, tally }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many letters it has.
    pub fn count(&self) -> usize {
        self.letters
    }

    /// The [`distance`] of two texts, if it is not above `most`.
    pub fn distance_within(&self, other: &Self, most: usize) -> Option<usize> {
        if self.letters.abs_diff(other.letters) > most
            || self.differing(other) > most.saturating_mul(2)
        {
            return None;
        }
        Some(distance(&self.text, &other.text)).filter(|distance| *distance <= most)
    }

    /// How many letters one has of a kind and the other has not. A slip makes at most two of them.
    fn differing(&self, other: &Self) -> usize {
        let each = self.tally.iter().zip(&other.tally);
        each.map(|(one, other)| u32::from(one.abs_diff(*other))).sum::<u32>() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, row by row.
    fn slowly(one: &str, other: &str) -> usize {
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
        for a in 1..=one.len() {
            let mut row = vec![a];
            for b in 1..=other.len() {
                let replaced = rows[a - 1][b - 1] + usize::from(one[a - 1] != other[b - 1]);
                let mut least = replaced.min(rows[a - 1][b] + 1).min(row[b - 1] + 1);
                if a > 1 && b > 1 && one[a - 1] == other[b - 2] && one[a - 2] == other[b - 1] {
                    least = least.min(rows[a - 2][b - 2] + 1);
                }
                row.push(least);
            }
            rows.push(row);
        }
        rows[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn distances_are_what_they_are_by_definition(
            one in "[ab]{0,5}|[aA!\u{e9}]{0,5}|[a-c]{60,70}|a{0,140}",
            other in "[ab]{0,5}|[aA!\u{e9}]{0,5}|[a-c]{60,70}|a{0,140}",
            most in 0_usize..8,
        ) {
            let by_definition = slowly(&one, &other);
            prop_assert_eq!(distance(&one, &other), by_definition);
            let within = Spelling::of(one).distance_within(&Spelling::of(other), most);
            prop_assert_eq!(within, Some(by_definition).filter(|it| *it <= most));
        }
    }
}
