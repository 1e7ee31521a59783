//! What tells most words of texts from all of a list.

/// The first letters of some words, with their last letters and lengths.
#[derive(Clone, Copy)]
pub struct Shapes {
    /// By the first letter, in either case: a bit for each last letter and length, of which several share
    /// one.
    ends: [u32; Self::LETTERS],
}

impl Shapes {
    /// How many first letters are told apart, and how many ends.
    pub const LETTERS: usize = u32::BITS as usize;
    /// Those of no words.
    pub const NONE: Self = Self { ends: [0; Self::LETTERS] };

    /// With those of more words.
    pub const fn with_all(mut self, words: &[&str]) -> Self {
        let mut at = 0;
        while at < words.len() {
            self = self.with(words[at].as_bytes());
            at += 1;
        }
        self
    }

    /// With that of one more word.
    pub const fn with(mut self, word: &[u8]) -> Self {
        let (letter, end) = Self::of(word);
        self.ends[letter] |= 1 << end;
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
            self = self.with(phrase.split_at(length).0);
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
        self.ends[letter] >> end & 1 != 0
    }

    /// The same of a word in lower case: only what is ASCII keeps its length there.
    #[inline]
    pub fn may_have_in_lower_case(&self, word: &str) -> bool {
        self.may_have(word) || !word.is_ascii()
    }

    /// The shape of a word, both numbers below [`LETTERS`](Self::LETTERS).
    #[inline]
    pub const fn of(word: &[u8]) -> (usize, usize) {
        // Of the odd numbers the one by which these sets have the fewest words of runbooks that are none of
        // theirs: of twenty, one or two.
        const STEP: usize = 7;
        let ([first, ..], [.., last]) = (word, word) else { return (0, 0) };
        let end = (*last as usize).wrapping_add(word.len().wrapping_mul(STEP)) % Self::LETTERS;
        (*first as usize % Self::LETTERS, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_have_the_shapes_of_their_first_words() {
        static FIRST: Shapes = Shapes::NONE.with_first_of(&["used by", "source", "é b"]);
        for (word, expected) in [("used", true), ("source", true), ("é", true), ("by", false)] {
            assert_eq!(FIRST.may_have(word), expected, "{word}");
        }
    }
}
