//! Lists of words, and the words of texts that are looked for in them.

/// A list of words in lower case. Of the words of a text hardly any is one of a list: nearly all of
/// them are told from those by the first letter and the length.
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
        self.may_have_in_lower_case(word) && self.contains(&word.to_lowercase())
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().copied()
    }

    /// Whether a word may be one of them in lower case.
    pub fn may_have_in_lower_case(&self, word: &str) -> bool {
        self.shapes.may_have_in_lower_case(word)
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

    /// Whether a word may be one of them in lower case.
    pub fn may_have_in_lower_case(&self, word: &str) -> bool {
        self.shapes.may_have_in_lower_case(word)
    }
}

/// The first letters and the lengths of some words.
#[derive(Clone, Copy)]
pub struct Shapes {
    /// By the first letter, in either case: a bit for each length.
    lengths: [u32; Self::LETTERS],
}

impl Shapes {
    const LETTERS: usize = 32;
    /// Those of no words.
    pub const NONE: Self = Self { lengths: [0; Self::LETTERS] };

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
        let (letter, length) = Self::of(word);
        self.lengths[letter] |= length;
        self
    }

    /// Whether a word has the first letter and the length of one of them. One that is equal to one of
    /// them but for the case of ASCII letters always has, since the last five bits of a letter are the
    /// same in both.
    #[inline]
    pub const fn may_have(&self, word: &str) -> bool {
        let (letter, length) = Self::of(word);
        self.lengths[letter] & length != 0
    }

    /// The same of a word in lower case: only what is ASCII keeps its length there.
    #[inline]
    fn may_have_in_lower_case(&self, word: &str) -> bool {
        self.may_have(word) || !word.is_ascii()
    }

    #[inline]
    const fn of(word: &str) -> (usize, u32) {
        let bytes = word.as_bytes();
        let first = if bytes.is_empty() { 0 } else { bytes[0] };
        let length = if bytes.len() < 31 { bytes.len() } else { 31 };
        (first as usize % Self::LETTERS, 1 << length)
    }
}

/// Whether a word of a text is one of some sets, whatever the case of its ASCII letters.
pub fn has_any_of(text: &str, sets: &[&WordSet]) -> bool {
    let mut shapes = Shapes::NONE;
    for set in sets {
        for (all, own) in shapes.lengths.iter_mut().zip(set.shapes.lengths) {
            *all |= own;
        }
    }
    let mut words = runs(text).filter(|word| shapes.may_have(word));
    words.any(|word| sets.iter().any(|set| set.contains_in_any_case(word)))
}

/// The runs of letters and digits of a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[ends(rest, false)..];
        let (run, behind) = rest.split_at(ends(rest, true));
        rest = behind;
        (!run.is_empty()).then_some(run)
    })
}

/// How many bytes at the front of a text are letters and digits, or how many are not. Most texts are
/// ASCII, of which no character has to be put together first.
fn ends(text: &str, alphanumeric: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let same = &IS_ALPHANUMERIC[usize::from(!alphanumeric)];
        at += bytes[at..].iter().take_while(|byte| same[usize::from(**byte)]).count();
        let Some(character) = text[at..].chars().next().filter(|it| !it.is_ascii()) else {
            return at;
        };
        if character.is_alphanumeric() != alphanumeric {
            return at;
        }
        at += character.len_utf8();
    }
}

/// Which bytes are letters and digits of ASCII, and which are other characters of it.
static IS_ALPHANUMERIC: [[bool; 256]; 2] = {
    let mut tables = [[false; 256]; 2];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        tables[0][byte as usize] = byte.is_ascii_alphanumeric();
        tables[1][byte as usize] = !byte.is_ascii_alphanumeric();
        byte += 1;
    }
    tables
};

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

    proptest! {
        #[test]
        fn runs_are_what_splitting_leaves(text in "[a-c0-1 .éß²Ⅷ\u{301}-]{0,12}|.{0,12}") {
            let split = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
            prop_assert_eq!(runs(&text).collect::<Vec<_>>(), split.collect::<Vec<_>>());
        }
    }
}
