//! Lists of words, and the words of texts that are looked for in them.

use std::ops::Range;

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

    #[inline]
    const fn may_have_bytes(&self, word: &[u8]) -> bool {
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

/// Phrases that are looked for anywhere in a text, also within words.
pub struct Phrases {
    phrases: &'static [&'static str],
    /// The bytes with which they begin.
    begin: [bool; 256],
}

impl Phrases {
    /// These phrases.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let mut begin = [false; 256];
        let mut at = 0;
        while at < phrases.len() {
            begin[phrases[at].as_bytes()[0] as usize] = true;
            at += 1;
        }
        Self { phrases, begin }
    }

    /// Whether one of them stands in a text.
    pub fn any_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let begin = bytes.iter().enumerate().filter(|(_, byte)| self.begin[usize::from(**byte)]);
        begin.map(|(at, _)| &bytes[at..]).any(|rest| {
            let is_here = |phrase: &&str| {
                phrase.as_bytes()[0] == rest[0] && rest.starts_with(phrase.as_bytes())
            };
            self.phrases.iter().any(is_here)
        })
    }
}

/// Whether a word of a text is one of some sets, whatever the case of its ASCII letters.
pub fn has_any_of(text: &str, sets: &[&WordSet]) -> bool {
    let shapes = sets.iter().fold(Shapes::NONE, |all, set| all.and(&set.shapes));
    shaped_runs(text, &shapes).any(|word| sets.iter().any(|set| set.contains_in_any_case(word)))
}

/// The runs of letters and digits of a text that have the shape of certain words.
pub fn shaped_runs<'t>(text: &'t str, shapes: &Shapes) -> impl Iterator<Item = &'t str> {
    let has_shape = |run: &Range<usize>| shapes.may_have_bytes(&text.as_bytes()[run.clone()]);
    places_of_runs(text).filter(has_shape).map(|run| &text[run])
}

/// The runs of letters and digits of a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    places_of_runs(text).map(|run| &text[run])
}

/// The bytes of the runs of letters and digits of a text.
fn places_of_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut edges = Edges { text, from: 0, left: 0, is_within: false };
    std::iter::from_fn(move || Some(edges.next()?..edges.next()?))
}

/// Where the runs of letters and digits of a text begin and end, in turn. As many bytes as an integer
/// has bits are told apart at once, which compilers do without a branch for each of them.
struct Edges<'t> {
    text: &'t str,
    /// Where the bytes begin that have not been looked at.
    from: usize,
    /// The edges among those before them that have not been told: a bit for each byte.
    left: u64,
    /// Whether the byte before `from` is of a run.
    is_within: bool,
}

impl Edges<'_> {
    const WIDTH: usize = u64::BITS as usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            // Behind the last byte nothing is of a run, so that one that stands there ends.
            if self.from > self.text.len() {
                return None;
            }
            let of_runs = self.of_runs();
            self.left = of_runs ^ ((of_runs << 1) | u64::from(self.is_within));
            self.is_within = of_runs >> (Self::WIDTH - 1) != 0;
            self.from += Self::WIDTH;
        }
        let at = self.from - Self::WIDTH + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(at)
    }

    /// Which of the next bytes are those of letters and digits.
    fn of_runs(&self) -> u64 {
        let rest = &self.text.as_bytes()[self.from..];
        let mut last = [0; Self::WIDTH];
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        let mut is_of_run = *bytes;
        for byte in &mut is_of_run {
            *byte = u8::from(byte.is_ascii_alphanumeric());
        }
        if !bytes.is_ascii() {
            let mut is_same = self.is_within;
            for (at, is_of_run) in is_of_run.iter_mut().enumerate().take(rest.len()) {
                // Within a character all bytes are what the first one is.
                if let Some(behind) = self.text.get(self.from + at..) {
                    is_same = behind.starts_with(char::is_alphanumeric);
                }
                *is_of_run = u8::from(is_same);
            }
        }
        let mut bits = 0;
        for (at, eight) in is_of_run.as_chunks().0.iter().enumerate() {
            bits |= low_bits(u64::from_le_bytes(*eight)) << (at * 8);
        }
        bits
    }
}

/// The lowest bits of the bytes of an integer, side by side: each factor moves one of them to its place
/// in the highest byte, and none meets another on the way.
#[inline]
fn low_bits(bytes: u64) -> u64 {
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
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
            let is_one = |run: &str| WORDS.contains_in_any_case(run);
            prop_assert_eq!(has_any_of(&text, &[&WORDS]), runs(&text).any(is_one));
        }

        #[test]
        fn phrases_are_found_anywhere(text in "[a-cé ]{0,8}") {
            static PHRASES: Phrases = Phrases::new(&["ab", "b c", "caa", "éb"]);
            let slowly = PHRASES.phrases.iter().any(|phrase| text.contains(phrase));
            prop_assert_eq!(PHRASES.any_in(&text), slowly);
        }

        #[test]
        fn runs_are_what_splitting_leaves(
            text in "[a-c0-1 .éß²Ⅷ\u{301}-]{0,12}|.{0,12}|([a-c1]{0,3}[ é²]{0,2}){40,60}|[a-c ]{60,68}"
        ) {
            let split = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
            prop_assert_eq!(runs(&text).collect::<Vec<_>>(), split.collect::<Vec<_>>());
        }
    }
}
