//! The words of texts: runs of letters and digits.

use super::shapes::Shapes;
use std::num::NonZero;
use std::ops::{BitOrAssign, Range};

/// Whether one of the runs of letters and digits of a text that have the shape of certain words is one
/// that is looked for; the range is its bytes.
pub fn any_run_shaped(
    text: &str,
    shapes: &Shapes,
    mut is_one: impl FnMut(Range<usize>) -> bool,
) -> bool {
    let bytes = text.as_bytes();
    let mut is_found = false;
    go_over_runs(text, |run| {
        is_found = shapes.may_have_bytes(&bytes[run.clone()]) && is_one(run);
        is_found
    });
    is_found
}

/// What a text has beside letters of ASCII.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether it has one of the digits from 0 to 9.
    pub digits: bool,
    /// Whether it has letters or digits that are none of ASCII.
    pub others: bool,
}

impl BitOrAssign for Seen {
    fn bitor_assign(&mut self, other: Self) {
        self.digits |= other.digits;
        self.others |= other.others;
    }
}

/// Shows the bytes of each run of letters and digits of a text, until one `is_last`; what is behind that
/// is not seen.
#[inline]
pub fn go_over_runs(text: &str, mut is_last: impl FnMut(Range<usize>) -> bool) -> Seen {
    let mut edges = Edges::new(text);
    // Where the run began that may go on in the next bytes.
    let (mut start, mut goes_on) = (0, false);
    'text: while let Some((from, mut left)) = edges.next() {
        loop {
            if !goes_on {
                let Some(edge) = take_first(&mut left) else { break };
                start = from + edge;
            }
            let end = take_first(&mut left);
            goes_on = end.is_none();
            match end {
                None => break,
                Some(edge) if is_last(start..from + edge) => break 'text,
                Some(_) => {}
            }
        }
    }
    edges.seen
}

/// The runs of letters and digits of a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut edges = Edges::new(text);
    let (mut from, mut left) = (0, 0);
    let mut edge = move || {
        while left == 0 {
            (from, left) = edges.next()?;
        }
        Some(from + take_first(&mut left)?)
    };
    std::iter::from_fn(move || Some(&text[edge()?..edge()?]))
}

/// Takes the lowest bit out of some, if there are any, and says which it was.
#[inline]
fn take_first(bits: &mut u64) -> Option<usize> {
    let some = NonZero::new(*bits)?;
    *bits &= *bits - 1;
    Some(some.trailing_zeros() as usize)
}

/// Where the runs of letters and digits of a text begin and end, in turn. As many bytes as an integer
/// has bits are told apart at once, which compilers do without a branch for each of them.
struct Edges<'t> {
    text: &'t str,
    /// Where the bytes begin that have not been looked at.
    from: usize,
    /// Whether the byte before `from` is of a run.
    is_within: bool,
    /// What was before `from`.
    seen: Seen,
}

impl<'t> Edges<'t> {
    const WIDTH: usize = u64::BITS as usize;

    fn new(text: &'t str) -> Self {
        Self { text, from: 0, is_within: false, seen: Seen::default() }
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
    fn of_runs(&mut self) -> u64 {
        let rest = &self.text.as_bytes()[self.from..];
        let mut last = [0; Self::WIDTH];
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        let mut is_of_run = *bytes;
        let mut digits = false;
        for byte in &mut is_of_run {
            digits |= byte.is_ascii_digit();
            *byte = u8::from(byte.is_ascii_alphanumeric());
        }
        self.seen.digits |= digits;
        if !bytes.is_ascii() {
            let mut is_same = self.is_within;
            for (at, is_of_run) in is_of_run.iter_mut().enumerate().take(rest.len()) {
                // What is ASCII is known, and within a character all bytes are what the first one is.
                if bytes[at].is_ascii() {
                    continue;
                }
                if let Some(behind) = self.text.get(self.from + at..) {
                    is_same = behind.starts_with(char::is_alphanumeric);
                    self.seen.others |= is_same;
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
            let split: Vec<&str> = split.collect();
            prop_assert_eq!(runs(&text).collect::<Vec<_>>(), split.clone());
            let mut found = Vec::new();
            let seen = go_over_runs(&text, |run| {
                found.push(&text[run]);
                false
            });
            prop_assert_eq!(found, split);
            let is_other = |it: char| !it.is_ascii() && it.is_alphanumeric();
            let digits = text.contains(|it: char| it.is_ascii_digit());
            prop_assert_eq!(seen, Seen { digits, others: text.contains(is_other) });
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
