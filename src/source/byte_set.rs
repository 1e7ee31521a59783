//! Sets of bytes that are asked of every byte of a text.

/// Some bytes, known when the program is compiled: asked of each byte of a text, a table is faster than
/// comparisons with several.
pub struct ByteSet([bool; 256]);

impl ByteSet {
    /// These bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        Self([false; 256]).and(bytes)
    }

    /// The letters and digits of ASCII.
    pub const fn alphanumeric() -> Self {
        let mut set = Self([false; 256]);
        let mut byte: u8 = 0;
        while byte.is_ascii() {
            set.0[byte as usize] = byte.is_ascii_alphanumeric();
            byte += 1;
        }
        set
    }

    /// The bytes for which a table has something.
    pub const fn of_set_in(table: &[u8; 256]) -> Self {
        let mut set = Self([false; 256]);
        let mut at = 0;
        while at < table.len() {
            set.0[at] = table[at] != 0;
            at += 1;
        }
        set
    }

    /// With these bytes as well.
    #[must_use]
    pub const fn and(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.0[bytes[at] as usize] = true;
            at += 1;
        }
        self
    }

    /// With all bytes between two as well, and with these two.
    #[must_use]
    pub const fn and_all(mut self, first: u8, last: u8) -> Self {
        let mut at = first as usize;
        while at <= last as usize {
            self.0[at] = true;
            at += 1;
        }
        self
    }

    /// Whether a byte is one of them.
    #[inline]
    pub const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// Whether all bytes of a text are some of them, which is so for most texts: eight bytes are asked at once,
    /// without a branch for each.
    #[inline]
    pub fn has_all(&self, text: &[u8]) -> bool {
        let (eights, rest) = text.as_chunks::<8>();
        let are_all = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & self.has(*byte));
        eights.iter().all(|eight| are_all(eight)) && are_all(rest)
    }

    /// Where the first of them stands in a text, most of whose bytes are none of them: eight bytes are asked
    /// at once, without a branch for each.
    #[inline]
    pub fn first_in(&self, text: &[u8]) -> Option<usize> {
        let (eights, rest) = text.as_chunks::<8>();
        let has_one = |eight: &[u8; 8]| eight.iter().fold(false, |has, byte| has | self.has(*byte));
        let (from, near) = match eights.iter().position(has_one) {
            Some(index) => (index * 8, &eights[index][..]),
            None => (eights.len() * 8, rest),
        };
        near.iter().position(|byte| self.has(*byte)).map(|step| from + step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_it_was_made_of_and_nothing_else() {
        let set = ByteSet::alphanumeric().and(b"_\xff").and_all(b'{', b'~');
        let is_one = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0xff | b'{' | b'|' | b'}' | b'~')
        };
        assert!((0..=u8::MAX).all(|byte| set.has(byte) == is_one(byte)));
        assert!(
            set.has_all(b"") && set.has_all(b"a_{9}") && set.has_all(b"abcdefgh_\xff~1234567890")
        );
        assert!(!set.has_all(b"abcdefg hijklmn") && !set.has_all(b"abcdefghijk-"));
        assert!(ByteSet::of(b"").first_in(b"\0 text\xff").is_none());
        assert!(ByteSet::of(b"").and_all(0, u8::MAX).first_in(b"\xff") == Some(0));
        assert_eq!(ByteSet::of(b"=,").first_in(b"job=a,b"), Some(3));
        let mut table = [0; 256];
        (table[0], table[255]) = (1, 7);
        let set = ByteSet::of_set_in(&table);
        assert!((0..=u8::MAX).all(|byte| set.has(byte) == matches!(byte, 0 | 255)));
    }

    proptest::proptest! {
        #[test]
        fn the_first_byte_is_found(text in "[a-d]{0,20}é?[a-d]{0,12}") {
            static SET: ByteSet = ByteSet::of(b"bd\xc3");
            let first = text.bytes().position(|byte| matches!(byte, b'b' | b'd' | 0xc3));
            proptest::prop_assert_eq!(SET.first_in(text.as_bytes()), first);
        }
    }
}
