//! Phrases that are looked for anywhere in a text.

/// Phrases that are looked for anywhere in a text, also within words.
pub struct Phrases {
    all: &'static [&'static str],
    /// By their first byte: a bit for each second one, of which several share one.
    seconds: [u64; 256],
    /// The same of the second byte and the third one; all bits where a phrase ends with it.
    thirds: [u64; 256],
}

impl Phrases {
    /// These phrases, each of two bytes at least.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let (mut seconds, mut thirds) = ([0; 256], [0; 256]);
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            let second = phrase[1];
            seconds[phrase[0] as usize] |= Self::bit(second);
            thirds[second as usize] |=
                if phrase.len() > 2 { Self::bit(phrase[2]) } else { u64::MAX };
            at += 1;
        }
        Self { all: phrases, seconds, thirds }
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
                && self.all.iter().any(|phrase| bytes[at..].starts_with(phrase.as_bytes()))
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
            let slowly = PHRASES.all.iter().any(|phrase| text.contains(phrase));
            prop_assert_eq!(PHRASES.any_in(&text), slowly);
        }
    }
}
