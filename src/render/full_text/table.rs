//! A table of words.
//!
//! Each word of all texts is a question for it, a hundred thousand in forty pages, and nearly all of them
//! ask for what is there. A table for keys of any kind takes more for that than reading the word out of
//! its text; this one knows that a word is a few numbers.

use super::Numbers;
use super::words::Word;

/// Words with the numbers of the sections that have them.
#[derive(Default)]
pub(super) struct Words {
    words: Vec<(Word, Numbers)>,
    /// Where a word is: one more than its index, or 0 for nothing. A word has its place by its hash, or
    /// the next one that was free. The length is a power of two, and half of the places stay free.
    places: Vec<u32>,
}

impl Words {
    /// The numbers of a word; none yet if it was not there.
    #[inline]
    pub(super) fn of(&mut self, word: &Word) -> &mut Numbers {
        if self.places.len() <= 2 * self.words.len() {
            self.grow();
        }
        let last = self.places.len() - 1;
        let mut place = self.first_place(word);
        loop {
            let index = match self.places[place] {
                0 => {
                    let index = self.words.len();
                    // Fewer than four thousand million words are read before the memory is full.
                    self.places[place] = u32::try_from(index + 1).unwrap_or(u32::MAX);
                    self.words.push((word.clone(), Numbers::new()));
                    return &mut self.words[index].1;
                }
                index => index as usize - 1,
            };
            if self.words[index].0 == *word {
                return &mut self.words[index].1;
            }
            place = (place + 1) & last;
        }
    }

    /// All words, in no order.
    pub(super) fn into_vec(self) -> Vec<(Word, Numbers)> {
        self.words
    }

    fn grow(&mut self) {
        let length = (4 * self.words.len()).next_power_of_two().max(64);
        self.places.clear();
        self.places.resize(length, 0);
        for (index, (word, _)) in (1..).zip(&self.words) {
            let mut place = self.first_place(word);
            while self.places[place] != 0 {
                place = (place + 1) & (length - 1);
            }
            self.places[place] = index;
        }
    }

    /// The place that a word has if it is free: the highest bits of a hash, which all others have a part
    /// in.
    #[inline]
    fn first_place(&self, word: &Word) -> usize {
        let unused = u64::BITS - self.places.len().trailing_zeros();
        usize::try_from(word.hash() >> unused).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_word_keeps_its_numbers(texts in proptest::collection::vec("[ab]{1,7}|[aä]{20,30}", 0..300)) {
            let mut words = Words::default();
            let mut expected: BTreeMap<Word, Vec<u32>> = BTreeMap::new();
            for (number, text) in (0..).zip(&texts) {
                words.of(&Word::new(text)).push(number);
                expected.entry(Word::new(text)).or_default().push(number);
            }
            let found: BTreeMap<Word, Vec<u32>> =
                words.into_vec().into_iter().map(|(word, it)| (word, it.to_vec())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
