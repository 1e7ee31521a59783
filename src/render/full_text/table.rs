//! A table of words.
//!
//! Each word of all texts is a question for it, a hundred thousand in forty pages, and nearly all of them
//! ask for what is there. A table for keys of any kind takes more for that than reading the word out of
//! its text; this one knows that a word is a few numbers.

use super::Numbers;
use super::words::{Visitor, Word, hash};

/// Words, each with something.
pub(super) struct Words<T = Numbers> {
    words: Vec<(Word, T)>,
    /// Where a word is: one more than its index, or 0 for nothing. A word has its place by its hash, or
    /// the next one that was free. The length is a power of two, and half of the places stay free.
    places: Vec<u32>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { words: Vec::new(), places: Vec::new() }
    }
}

impl<T: Default> Words<T> {
    /// What a word has; nothing yet if it was not there.
    pub(super) fn of(&mut self, word: &Word) -> &mut T {
        let index = self.index_of(word);
        &mut self.words[index].1
    }

    /// Where a word is among all.
    #[inline]
    fn index_of(&mut self, word: &Word) -> usize {
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
                    self.words.push((word.clone(), T::default()));
                    return index;
                }
                index => index as usize - 1,
            };
            if self.words[index].0 == *word {
                return index;
            }
            place = (place + 1) & last;
        }
    }

    /// All words, in no order.
    pub(super) fn into_vec(self) -> Vec<(Word, T)> {
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

/// What reads the words of sections, one section after the other.
///
/// Most words are short and have been read a moment ago: those that were are at hand, each where its
/// letters say, by one number that no other word has. A section is noted behind all others, and not with
/// its word: most words of a section are in it for the first time.
pub(super) struct Reader {
    /// One more than the section that each was read in last.
    words: Words<u32>,
    /// One more than the section that is read.
    section: u32,
    at_hand: Vec<AtHand>,
    /// Words, by their places among all, with one more than a section that they are in.
    found: Vec<(u32, u32)>,
}

/// A word of fewer than eight plain letters.
#[derive(Clone, Copy, Default)]
struct AtHand {
    letters: u64,
    /// Where it is among all.
    index: u32,
    /// One more than the section that it was read in last.
    section: u32,
}

/// How many words are at hand: 2 to the power of this.
const AT_HAND: u32 = 10;

impl Reader {
    /// Nothing is read yet.
    pub(super) fn new() -> Self {
        let at_hand = vec![AtHand::default(); 1 << AT_HAND];
        Self { words: Words::default(), section: 0, at_hand, found: Vec::with_capacity(1024) }
    }

    /// Goes on with a section.
    pub(super) fn begin(&mut self, section: usize) {
        self.section = u32::try_from(section + 1).unwrap_or(u32::MAX);
    }

    /// Calls `visit` for each word with the sections that it is in, in order.
    pub(super) fn finish(self, mut visit: impl FnMut(&Word, &[u32])) {
        let mut ends = vec![0; self.words.words.len() + 1];
        for (index, _) in &self.found {
            ends[*index as usize + 1] += 1;
        }
        let mut end = 0;
        for count in &mut ends {
            end += *count;
            *count = end;
        }
        // Each end is where the next word begins, until its own sections are there.
        let mut sections = vec![0; self.found.len()];
        for (index, section) in self.found {
            let at = &mut ends[index as usize];
            sections[*at] = section - 1;
            *at += 1;
        }
        let mut start = 0;
        for ((word, _), end) in self.words.words.iter().zip(ends) {
            visit(word, &sections[start..end]);
            start = end;
        }
    }

    /// Notes that a word is in the section, unless that is noted already.
    #[inline]
    fn note(&mut self, index: usize) -> u32 {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let last = &mut self.words.words[index].1;
        if *last != self.section {
            *last = self.section;
            self.found.push((number, self.section));
        }
        number
    }

    /// A short word that is not at hand, or was read in another section.
    fn look_up(&mut self, letters: u64, place: usize) {
        let known = self.at_hand[place];
        let index = if known.letters == letters {
            known.index as usize
        } else {
            self.words.index_of(&Word::short(letters))
        };
        let index = self.note(index);
        self.at_hand[place] = AtHand { letters, index, section: self.section };
    }
}

impl Visitor for Reader {
    fn word(&mut self, word: &Word) {
        let index = self.words.index_of(word);
        self.note(index);
    }

    #[inline]
    fn short_word(&mut self, letters: u64) {
        let place = usize::try_from(hash(letters) >> (u64::BITS - AT_HAND)).unwrap_or_default();
        let known = self.at_hand[place];
        if known.letters != letters || known.section != self.section {
            self.look_up(letters, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::full_text::words::for_each_word;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn what_is_at_hand_is_what_the_table_has(
            sections in proptest::collection::vec("([ab]{1,3} |[a-z]{2,9} |Ä+ ){0,40}", 0..40),
        ) {
            let (mut reader, mut expected) = (Reader::new(), Words::<Numbers>::default());
            for (number, section) in sections.iter().enumerate() {
                reader.begin(number);
                for_each_word(section, &mut reader);
                for_each_word(section, &mut |word: &Word| {
                    let (numbers, number) = (expected.of(word), u32::try_from(number).unwrap());
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                });
            }
            let mut found = Vec::new();
            reader.finish(|word, numbers| found.push((word.clone(), Numbers::from(numbers))));
            prop_assert_eq!(found, expected.into_vec());
        }

        #[test]
        fn a_word_keeps_its_numbers(texts in proptest::collection::vec("[ab]{1,7}|[aä]{20,30}", 0..300)) {
            let mut words = Words::<Numbers>::default();
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
