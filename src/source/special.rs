//! A few bytes that are looked for in texts, many at once.
//!
//! All texts of a site are looked through, most of them with nothing to find.

use super::ByteSet;

/// Some bytes that are looked for in texts.
pub trait Special {
    /// The bytes.
    const BYTES: &'static [u8];
    /// All bytes below this one are special as well.
    const FLOOR: u8 = 0;
    /// Whether all bytes beyond ASCII are special as well.
    const BEYOND_ASCII: bool = false;

    /// Where the first of them stands in a text.
    ///
    /// Sixteen bytes are asked about together, and then eight, which compilers make of few instructions
    /// as long as the bytes are known to them and there is no branch between the comparisons. Of a few
    /// bytes a set is faster to ask.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "many bytes are compared at once without branches"
    )]
    fn first_in(text: &[u8]) -> Option<usize> {
        let special: &'static ByteSet =
            const { &special(Self::BYTES, Self::FLOOR, Self::BEYOND_ASCII) };
        let is_special = |byte: u8| {
            let is_outside = (byte < Self::FLOOR) | (Self::BEYOND_ASCII & !byte.is_ascii());
            Self::BYTES.iter().fold(is_outside, |any, special| any | (byte == *special))
        };
        let is_plain =
            |chunk: &[u8]| !chunk.iter().fold(false, |any, byte| any | is_special(*byte));
        let (chunks, _) = text.as_chunks::<16>();
        let mut plain = 16 * chunks.iter().take_while(|chunk| is_plain(*chunk)).count();
        // What is left of a text is asked about with what stands before it.
        if plain > 0
            && plain == 16 * chunks.len()
            && text.last_chunk::<16>().is_some_and(|last| is_plain(last))
        {
            return None;
        }
        if let Some(chunk) = text[plain..].first_chunk::<8>().filter(|chunk| is_plain(*chunk)) {
            plain += chunk.len();
        }
        special.first_in(&text[plain..]).map(|at| plain + at)
    }
}

/// These bytes, all below another one, and those beyond ASCII.
const fn special(bytes: &[u8], floor: u8, beyond_ascii: bool) -> ByteSet {
    let special = ByteSet::of(bytes);
    let special = if floor == 0 { special } else { special.and_all(0, floor - 1) };
    if beyond_ascii { special.and_all(0x80, u8::MAX) } else { special }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Own;

    impl Special for Own {
        const BYTES: &'static [u8] = b"cf";
        const FLOOR: u8 = 4;
    }

    struct Beyond;

    impl Special for Beyond {
        const BYTES: &'static [u8] = b"c";
        const BEYOND_ASCII: bool = true;
    }

    proptest! {
        #[test]
        fn what_is_special_is_found_wherever_it_stands(text in "[a-f\u{1}-\u{9}]{0,70}") {
            let is_special = |byte: u8| byte < 4 || byte == b'c' || byte == b'f';
            prop_assert_eq!(Own::first_in(text.as_bytes()), text.bytes().position(is_special));
            let text = text.replace('f', "é");
            let is_special = |byte: u8| byte == b'c' || !byte.is_ascii();
            prop_assert_eq!(Beyond::first_in(text.as_bytes()), text.bytes().position(is_special));
        }
    }
}
