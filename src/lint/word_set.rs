//! Lists of words.

use super::runs::any_run_shaped;
use super::shapes::Shapes;

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
        self.shapes.may_have(word) && self.words.iter().any(|known| is_same(known, word))
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

/// Whether two words are the same. Of those of one length most differ in the first byte.
#[inline]
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
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
        any_run_shaped(text, &self.shapes, |run| is_one(&text[run]))
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
            shapes = shapes.with(entries[at].0.as_bytes());
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
        self.entries.iter().find(|(known, _)| is_same(known, word)).map(|(_, value)| *value)
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|(word, _)| *word)
    }

    /// The shapes of the words.
    pub const fn shapes(&self) -> &Shapes {
        &self.shapes
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
