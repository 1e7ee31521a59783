//! Lists of words, and what tells most words of texts from all of them.

use super::runs::any_run_shaped;

/// A list of words in lower case. Of the words of a text hardly any is one of a list: nearly all of
/// them are told from those by the first letter, the last one and the length.
pub struct WordSet {
    words: &'static [&'static str],
    shapes: Shapes,
}

impl WordSet {
    /// The set of these words.
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, shapes: Shapes::NONE.with_all(words) }
    }

    /// Whether a word is one of them.
    #[inline]
    pub fn contains(&self, word: &str) -> bool {
        self.shapes.may_have(word) && self.words.contains(&word)
    }

    /// Whether a word is one of them in lower case.
    pub fn contains_in_lower_case(&self, word: &str) -> bool {
        self.shapes.may_have_in_lower_case(word) && self.contains(&word.to_lowercase())
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().copied()
    }

    /// The shapes of the words.
    pub const fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// Whether a word is one of them, whatever the case of its ASCII letters.
    #[inline]
    pub fn contains_in_any_case(&self, word: &str) -> bool {
        self.shapes.may_have(word) && self.words.iter().any(|it| it.eq_ignore_ascii_case(word))
    }
}

/// Sets of words that are looked for together.
pub struct WordSets<const N: usize> {
    sets: [&'static WordSet; N],
    shapes: Shapes,
}

impl<const N: usize> WordSets<N> {
    /// These sets.
    pub const fn new(sets: [&'static WordSet; N]) -> Self {
        let mut shapes = Shapes::NONE;
        let mut at = 0;
        while at < N {
            shapes = shapes.and(&sets[at].shapes);
            at += 1;
        }
        Self { sets, shapes }
    }

    /// Whether a word of a text is one of them, whatever the case of its ASCII letters.
    pub fn any_in(&self, text: &str) -> bool {
        let is_one = |word: &str| self.sets.iter().any(|set| set.contains_in_any_case(word));
        any_run_shaped(text, &self.shapes, is_one)
    }
}

/// Words in lower case, each with what it stands for.
pub struct WordMap<T: 'static> {
    entries: &'static [(&'static str, T)],
    shapes: Shapes,
}

impl<T: Copy> WordMap<T> {
    /// The map of these words.
    pub const fn new(entries: &'static [(&'static str, T)]) -> Self {
        let mut shapes = Shapes::NONE;
        let mut at = 0;
        while at < entries.len() {
            shapes = shapes.with(entries[at].0);
            at += 1;
        }
        Self { entries, shapes }
    }

    /// What a word stands for, if it is one of them.
    #[inline]
    pub fn get(&self, word: &str) -> Option<T> {
        if !self.shapes.may_have(word) {
            return None;
        }
        self.entries.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    }

    /// The shapes of the words.
    pub const fn shapes(&self) -> &Shapes {
        &self.shapes
    }
}

/// The first letters of some words, with their last letters and lengths.
#[derive(Clone, Copy)]
pub struct Shapes {
    /// By the first letter, in either case: a bit for each last letter and length, of which several share
    /// one.
    ends: [u32; Self::LETTERS],
}

impl Shapes {
    const LETTERS: usize = 32;
    /// Those of no words.
    pub const NONE: Self = Self { ends: [0; Self::LETTERS] };

    /// With those of more words.
    pub const fn with_all(mut self, words: &[&str]) -> Self {
        let mut at = 0;
        while at < words.len() {
            self = self.with(words[at]);
            at += 1;
        }
        self
    }

    const fn with(mut self, word: &str) -> Self {
        let (letter, end) = Self::of(word.as_bytes());
        self.ends[letter] |= end;
        self
    }

    /// With those of the words that phrases begin with.
    pub const fn with_first_of(mut self, phrases: &[&str]) -> Self {
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            let mut length = 0;
            while length < phrase.len() && phrase[length] != b' ' {
                length += 1;
            }
            let (letter, end) = Self::of(phrase.split_at(length).0);
            self.ends[letter] |= end;
            at += 1;
        }
        self
    }

    /// With those of others.
    pub const fn and(mut self, others: &Self) -> Self {
        let mut letter = 0;
        while letter < Self::LETTERS {
            self.ends[letter] |= others.ends[letter];
            letter += 1;
        }
        self
    }

    /// Whether a word has the shape of one of them. One that is equal to one of them but for the case of
    /// ASCII letters always has, since the last five bits of a letter are the same in both.
    #[inline]
    pub const fn may_have(&self, word: &str) -> bool {
        self.may_have_bytes(word.as_bytes())
    }

    /// The same of the bytes of a word.
    #[inline]
    pub const fn may_have_bytes(&self, word: &[u8]) -> bool {
        let (letter, end) = Self::of(word);
        self.ends[letter] & end != 0
    }

    /// The same of a word in lower case: only what is ASCII keeps its length there.
    #[inline]
    fn may_have_in_lower_case(&self, word: &str) -> bool {
        self.may_have(word) || !word.is_ascii()
    }

    #[inline]
    const fn of(word: &[u8]) -> (usize, u32) {
        // Of the odd numbers the one by which these sets have the fewest words of runbooks that are none of
        // theirs: of twenty, one or two.
        const STEP: u32 = 7;
        let ([first, ..], [.., last]) = (word, word) else { return (0, 1) };
        #[expect(clippy::cast_possible_truncation, reason = "what is cut off makes no difference")]
        let end = (*last as u32).wrapping_add((word.len() as u32).wrapping_mul(STEP)) % u32::BITS;
        (*first as usize % Self::LETTERS, 1 << end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::runs::runs;
    use proptest::prelude::*;

    #[test]
    fn words_of_a_set_are_known() {
        static SET: WordSet = WordSet::new(&["a", "be", "sévérité", "级别", "b-d"]);
        static MAP: WordMap<u8> = WordMap::new(&[("a", 1), ("be", 2)]);
        for (word, expected) in [
            ("a", true),
            ("be", true),
            ("sévérité", true),
            ("级别", true),
            ("", false),
            ("c", false),
        ] {
            assert_eq!(SET.contains(word), expected, "{word}");
        }
        assert!(SET.contains_in_any_case("BE") && SET.contains_in_any_case("SéVéRITé"));
        assert!(!SET.contains("BE") && !SET.contains_in_any_case("SÉVÉRITÉ"));
        assert_eq!(["a", "be", "c"].map(|word| MAP.get(word)), [Some(1), Some(2), None]);
    }

    static WORDS: WordSet = WordSet::new(&["a", "ab", "ba", "abc", "éa", "aé", "Ⅷ", "0b"]);
    static MORE: WordSet = WordSet::new(&["cc", "bca"]);
    static BOTH: WordSets<2> = WordSets::new([&WORDS, &MORE]);

    #[test]
    fn phrases_have_the_shapes_of_their_first_words() {
        static FIRST: Shapes = Shapes::NONE.with_first_of(&["used by", "source", "é b"]);
        for (word, expected) in [("used", true), ("source", true), ("é", true), ("by", false)] {
            assert_eq!(FIRST.may_have(word), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn shapes_hide_no_word(word in "[a-cA-C0éÉⅧ]{0,4}") {
            prop_assert_eq!(WORDS.contains(&word), WORDS.words.contains(&&*word));
            let same = WORDS.iter().any(|it| it.eq_ignore_ascii_case(&word));
            prop_assert_eq!(WORDS.contains_in_any_case(&word), same);
            let lower = word.to_lowercase();
            prop_assert_eq!(WORDS.contains_in_lower_case(&word), WORDS.words.contains(&&*lower));
        }

        #[test]
        fn words_of_sets_are_found_in_texts(text in "([a-cA-Cé]{0,3}[ -]){0,4}") {
            let is_one =
                |run: &str| WORDS.contains_in_any_case(run) || MORE.contains_in_any_case(run);
            prop_assert_eq!(BOTH.any_in(&text), runs(&text).any(is_one));
        }
    }
}
