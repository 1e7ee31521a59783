//! Phrases that are looked for anywhere in a text.

/// Phrases that are looked for anywhere in a text, also within words, unless they are said to begin one.
pub struct Phrases {
    anywhere: &'static [&'static str],
    /// These with no letter and no digit of ASCII before them.
    beginning: &'static [&'static str],
    /// By their first byte: a bit for each second one, of which several share one.
    seconds: [u64; 256],
    /// The same of the second byte and the third one; all bits where a phrase ends with it.
    thirds: [u64; 256],
}

impl Phrases {
    /// These phrases, each of two bytes at least.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        Self { anywhere: phrases, beginning: &[], seconds: [0; 256], thirds: [0; 256] }
            .with(phrases)
    }

    /// With phrases that begin a word.
    #[must_use]
    pub const fn and_beginning(self, phrases: &'static [&'static str]) -> Self {
        Self { beginning: phrases, ..self }.with(phrases)
    }

    /// With the bytes of phrases.
    const fn with(mut self, phrases: &[&str]) -> Self {
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            let second = phrase[1];
            self.seconds[phrase[0] as usize] |= Self::bit(second);
            self.thirds[second as usize] |=
                if phrase.len() > 2 { Self::bit(phrase[2]) } else { u64::MAX };
            at += 1;
        }
        self
    }

    #[inline]
    const fn bit(byte: u8) -> u64 {
        1 << (byte & 63)
    }

    /// Whether one of them stands in a text. At hardly any place of most texts the first bytes are those
    /// of one.
    pub fn any_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.windows(2).enumerate().any(|(at, pair)| {
            let (first, second) = (usize::from(pair[0]), usize::from(pair[1]));
            self.seconds[first] & Self::bit(pair[1]) != 0
                && bytes.get(at + 2).is_none_or(|it| self.thirds[second] & Self::bit(*it) != 0)
                && {
                    // Few phrases begin with the same two bytes.
                    let stands = |phrase: &&str| {
                        let phrase = phrase.as_bytes();
                        phrase[..2] == *pair && bytes[at..].starts_with(phrase)
                    };
                    let begins = || at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
                    self.anywhere.iter().any(stands)
                        || (self.beginning.iter().any(stands) && begins())
                }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn phrases_are_found_anywhere(text in "[a-cé ]{0,8}") {
            static PHRASES: Phrases = Phrases::new(&["ab", "b c", "caa", "éb"]);
            let slowly = PHRASES.anywhere.iter().any(|phrase| text.contains(phrase));
            prop_assert_eq!(PHRASES.any_in(&text), slowly);
        }

        #[test]
        fn some_begin_words(text in "[a-cé ]{0,8}") {
            static PHRASES: Phrases = Phrases::new(&["bca"]).and_beginning(&["ba", "cab"]);
            let begins = |(at, _): (usize, &str)| {
                !text[..at].ends_with(|it: char| it.is_ascii_alphanumeric())
            };
            let words = ["ba", "cab"].iter().any(|it| text.match_indices(it).any(begins));
            prop_assert_eq!(PHRASES.any_in(&text), words || text.contains("bca"));
        }
    }
}
