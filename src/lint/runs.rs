//! The words of texts: runs of letters and digits.

use super::shapes::Shapes;
use std::ops::Range;

/// Whether one of the runs of letters and digits of a text that have the shape of certain words is one
/// that is looked for; the range is its bytes.
pub fn any_run_shaped(
    text: &str,
    shapes: &Shapes,
    mut is_one: impl FnMut(Range<usize>) -> bool,
) -> bool {
    let bytes = text.as_bytes();
    let mut is_this = |start, end| shapes.may_have_bytes(&bytes[start..end]) && is_one(start..end);
    let mut edges = Edges::new(text);
    // Where the run began that goes on in the next bytes.
    let mut begun = None;
    while let Some((from, mut left)) = edges.next() {
        let mut next = || {
            let at = (left != 0).then(|| from + left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            at
        };
        while let Some(start) = begun.take().or_else(&mut next) {
            let Some(end) = next() else {
                begun = Some(start);
                break;
            };
            if is_this(start, end) {
                return true;
            }
        }
    }
    false
}

/// The runs of letters and digits of a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut edges = Edges::new(text);
    let (mut from, mut left) = (0, 0);
    let mut edge = move || {
        while left == 0 {
            (from, left) = edges.next()?;
        }
        let at = from + left.trailing_zeros() as usize;
        left &= left - 1;
        Some(at)
    };
    std::iter::from_fn(move || Some(&text[edge()?..edge()?]))
}

/// Where the runs of letters and digits of a text begin and end, in turn. As many bytes as an integer
/// has bits are told apart at once, which compilers do without a branch for each of them.
struct Edges<'t> {
    text: &'t str,
    /// Where the bytes begin that have not been looked at.
    from: usize,
    /// Whether the byte before `from` is of a run.
    is_within: bool,
}

impl<'t> Edges<'t> {
    const WIDTH: usize = u64::BITS as usize;

    fn new(text: &'t str) -> Self {
        Self { text, from: 0, is_within: false }
    }

    /// The edges among the next bytes, a bit for each byte, and where these bytes begin.
    #[inline]
    fn next(&mut self) -> Option<(usize, u64)> {
        // Behind the last byte nothing is of a run, so that one that stands there ends.
        if self.from > self.text.len() {
            return None;
        }
        let of_runs = self.of_runs();
        let edges = of_runs ^ ((of_runs << 1) | u64::from(self.is_within));
        self.is_within = of_runs >> (Self::WIDTH - 1) != 0;
        let from = self.from;
        self.from += Self::WIDTH;
        Some((from, edges))
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
                // What is ASCII is known, and within a character all bytes are what the first one is.
                if bytes[at].is_ascii() {
                    continue;
                }
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

    proptest! {
        #[test]
        fn runs_are_what_splitting_leaves(
            text in "[a-c0-1 .éß²Ⅷ\u{301}-]{0,12}|.{0,12}|([a-c1]{0,3}[ é²]{0,2}){40,60}|[a-c ]{60,68}"
        ) {
            let split = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
            prop_assert_eq!(runs(&text).collect::<Vec<_>>(), split.collect::<Vec<_>>());
        }

        #[test]
        fn runs_of_a_shape_are_found(text in "[a-c1 é²]{0,12}|([a-c1]{0,3}[ é²]{0,2}){40,60}") {
            static SHAPES: Shapes = Shapes::NONE.with_all(&["a", "bc", "cab"]);
            let mut found = Vec::new();
            any_run_shaped(&text, &SHAPES, |run| {
                found.push(text[run].to_owned());
                false
            });
            let expected: Vec<&str> = runs(&text).filter(|run| SHAPES.may_have(run)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
