//! Text decoded out of a source that still knows its bytes.

use super::to_u32;
use smallvec::SmallVec;
use std::ops::Range;

/// A decoded text and, piece by piece, the bytes of the source that each part came from.
///
/// Built front to back with [`push_verbatim`](Self::push_verbatim) for parts that stand in the
/// source as they are and [`push_replaced`](Self::push_replaced) for parts that do not (an escape,
/// a folded line break, a dummy for a placeholder).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappedText {
    text: String,
    /// Most texts stand in the source as they are, in one piece.
    pieces: SmallVec<[Piece; 1]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Where the piece begins in the decoded text; it ends where the next one begins.
    decoded_start: u32,
    source: Range<u32>,
    verbatim: bool,
    /// What it is put in for, if it was written elsewhere.
    used_for: Option<Box<Range<usize>>>,
}

impl Piece {
    fn new(decoded_start: usize, source: &Range<usize>, verbatim: bool) -> Self {
        let source = to_u32(source.start)..to_u32(source.end);
        Self { decoded_start: to_u32(decoded_start), source, verbatim, used_for: None }
    }

    fn decoded_start(&self) -> usize {
        self.decoded_start as usize
    }

    fn source(&self) -> Range<usize> {
        self.source.start as usize..self.source.end as usize
    }
}

impl MappedText {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text with room for so many bytes, which come from so many places.
    pub fn with_capacity(bytes: usize, pieces: usize) -> Self {
        Self { text: String::with_capacity(bytes), pieces: SmallVec::with_capacity(pieces) }
    }

    /// A text that stands in the source as it is, from `source_start` on.
    pub fn verbatim(text: &str, source_start: usize) -> Self {
        let mut mapped = Self::new();
        mapped.push_verbatim(text, source_start);
        mapped
    }

    /// Adds text that stands in the source byte for byte, from `source_start` on.
    pub fn push_verbatim(&mut self, text: &str, source_start: usize) {
        if text.is_empty() {
            return;
        }
        let source = source_start..source_start + text.len();
        self.push(text, &source, true, None);
    }

    /// Adds text that stands for the bytes of `source`, which read otherwise.
    pub fn push_replaced(&mut self, text: &str, source: Range<usize>) {
        self.push(text, &source, false, None);
    }

    /// Adds a text that knows its bytes, in place of the bytes `used_for`: somebody wrote it elsewhere
    /// to be put in here. What is wholly within it has its place there; what reaches out of it has
    /// its place here.
    pub fn push_used(&mut self, used: &Self, used_for: &Range<usize>) {
        for (index, piece) in used.pieces.iter().enumerate() {
            let end = used.pieces.get(index + 1).map_or(used.text.len(), Piece::decoded_start);
            let text = &used.text[piece.decoded_start()..end];
            self.push(text, &piece.source(), piece.verbatim, Some(used_for));
        }
    }

    /// Adds another text, which knows its own bytes.
    pub fn push_mapped(&mut self, other: &Self) {
        for (index, piece) in other.pieces.iter().enumerate() {
            let end = other.pieces.get(index + 1).map_or(other.text.len(), Piece::decoded_start);
            let text = &other.text[piece.decoded_start()..end];
            self.push(text, &piece.source(), piece.verbatim, piece.used_for.as_deref());
        }
    }

    fn push(
        &mut self,
        text: &str,
        source: &Range<usize>,
        verbatim: bool,
        used_for: Option<&Range<usize>>,
    ) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last)
                if verbatim
                    && last.verbatim
                    && last.source().end == source.start
                    && last.used_for.as_deref() == used_for =>
            {
                last.source.end = to_u32(source.end);
            }
            _ => {
                let used_for = used_for.cloned().map(Box::new);
                self.pieces
                    .push(Piece { used_for, ..Piece::new(self.text.len(), source, verbatim) });
            }
        }
        self.text.push_str(text);
    }

    /// How many parts it is made of.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// A part of the text, which knows the same bytes. The range is of characters' ends.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), Piece::decoded_start);
            let start = piece.decoded_start().max(range.start);
            let Some(text) = self.text.get(start..end.min(range.end)) else { continue };
            let source = if piece.verbatim {
                let from = piece.source().start + start - piece.decoded_start();
                from..from + text.len()
            } else {
                piece.source()
            };
            part.push(text, &source, piece.verbatim, piece.used_for.as_deref());
        }
        part
    }

    /// The text with its characters written otherwise, each of which knows its bytes. `written` gives
    /// what stands for a character, or nothing for those that stay.
    #[must_use]
    pub fn with_characters(&self, written: impl Fn(char) -> Option<String>) -> Self {
        let mut other = Self::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), Piece::decoded_start);
            let text = &self.text[piece.decoded_start()..end];
            let used_for = piece.used_for.as_deref();
            let place = |range: Range<usize>| {
                let source = piece.source();
                if piece.verbatim {
                    source.start + range.start..source.start + range.end
                } else {
                    source
                }
            };
            let mut kept = 0;
            for (at, character) in text.char_indices() {
                let Some(instead) = written(character) else { continue };
                other.push(&text[kept..at], &place(kept..at), piece.verbatim, used_for);
                kept = at + character.len_utf8();
                other.push(&instead, &place(at..kept), false, used_for);
            }
            other.push(&text[kept..], &place(kept..text.len()), piece.verbatim, used_for);
        }
        other
    }

    /// Makes room for so many bytes more.
    pub fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Gives back the room that was kept for more text.
    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.pieces.shrink_to_fit();
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the source that a range of the decoded text came from. A replaced piece is
    /// indivisible: a range that touches it covers all of its bytes.
    pub fn to_source(&self, range: Range<usize>) -> Range<usize> {
        if self.pieces.is_empty() {
            return 0..0;
        }
        let first = self.piece_at(range.start);
        let start = self.source_offset(first, range.start, false);
        if range.end <= range.start {
            return start..start;
        }
        // The end is mapped through the last byte inside, so that it never runs into a piece
        // that the range does not touch.
        let last = self.piece_at(range.end - 1);
        let end = self.source_offset(last, range.end - 1, true);
        if first.used_for == last.used_for {
            return start..end.max(start);
        }
        let start = first.used_for.as_ref().map_or(start, |here| here.start);
        start..last.used_for.as_ref().map_or(end, |here| here.end).max(start)
    }

    /// The bytes of the source that hold a range of the decoded text as it is. `None` if the source
    /// reads otherwise there, or has more in between.
    pub fn to_written(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = self.pieces.partition_point(|piece| piece.decoded_start() <= range.start);
        // A range that begins where a piece does may also be the empty end of the one before.
        let candidates = self.pieces[first.saturating_sub(2)..first].iter().enumerate();
        candidates.rev().find_map(|(index, piece)| {
            let index = first.saturating_sub(2) + index;
            let next = self.pieces.get(index + 1);
            let end = next.map_or(self.text.len(), Piece::decoded_start);
            let offset = range.start - piece.decoded_start();
            let source = piece.source();
            (piece.verbatim && range.end <= end)
                .then(|| source.start + offset..source.start + offset + range.len())
        })
    }

    /// The piece that a decoded byte is in; there is one at least.
    fn piece_at(&self, offset: usize) -> &Piece {
        let behind = self.pieces.partition_point(|piece| piece.decoded_start() <= offset);
        &self.pieces[behind.saturating_sub(1)]
    }

    /// The source offset of a decoded byte of a piece: its own start, or with `past` the offset behind it.
    fn source_offset(&self, piece: &Piece, offset: usize, past: bool) -> usize {
        let source = piece.source();
        if piece.verbatim {
            let inside = offset - piece.decoded_start() + usize::from(past);
            (source.start + inside).min(source.end)
        } else if past || offset >= self.text.len() {
            source.end
        } else {
            source.start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a "q\"x" b`, decoded to `q"x`.
    fn escaped() -> (&'static str, MappedText) {
        let source = r#"a "q\"x" b"#;
        let mut mapped = MappedText::new();
        mapped.push_verbatim("q", 3);
        mapped.push_replaced("\"", 4..6);
        mapped.push_verbatim("x", 6);
        (source, mapped)
    }

    #[test]
    fn ranges_map_back_to_the_bytes_they_came_from() {
        let (source, mapped) = escaped();
        assert_eq!(mapped.text(), "q\"x");
        let back = |range: Range<usize>| &source[mapped.to_source(range)];
        assert_eq!(back(0..1), "q");
        assert_eq!(back(1..2), r#"\""#);
        assert_eq!(back(2..3), "x");
        assert_eq!(back(0..3), r#"q\"x"#);
        assert_eq!(mapped.to_source(3..3), 7..7);
    }

    #[test]
    fn what_is_used_elsewhere_has_its_place_where_it_was_written() {
        let source = "{abc}<def> x {{ u }} y";
        let mut written = MappedText::verbatim("abc", 1);
        written.push_verbatim("def", 6);
        let mut mapped = MappedText::verbatim(" x ", 10);
        mapped.push_used(&written, &(13..20));
        mapped.push_verbatim(" y", 20);
        assert_eq!((mapped.text(), mapped.pieces()), (" x abcdef y", 4));
        let back = |range: Range<usize>| &source[mapped.to_source(range)];
        assert_eq!(back(4..6), "bc");
        assert_eq!(back(5..7), "c}<d");
        assert_eq!(back(1..5), "x {{ u }}");
        assert_eq!(back(6..11), "{{ u }} y");
        assert_eq!(back(0..11), " x {{ u }} y");
        assert_eq!(mapped.to_written(7..9), Some(7..9));
        assert_eq!(mapped.to_written(5..7), None);
        assert_eq!(mapped.part(4..8).to_source(0..2), 2..4);
    }

    #[test]
    fn parts_know_the_same_bytes() {
        let (source, mapped) = escaped();
        let part = mapped.part(1..3);
        assert_eq!(part.text(), "\"x");
        assert_eq!(&source[part.to_source(0..1)], r#"\""#);
        assert_eq!(&source[part.to_source(1..2)], "x");
        assert_eq!(mapped.part(2..2), MappedText::new());
        let long = MappedText::verbatim("abcd", 10).part(1..3);
        assert_eq!((long.text(), long.to_source(1..2)), ("bc", 12..13));
    }

    #[test]
    fn characters_that_are_written_otherwise_know_their_bytes() {
        let (source, mapped) = escaped();
        let other = mapped.with_characters(|c| (c != '"').then(|| format!("<{c}>")));
        assert_eq!(other.text(), "<q>\"<x>");
        let back = |range: Range<usize>| &source[other.to_source(range)];
        assert_eq!((back(0..3), back(1..2), back(3..4), back(4..7)), ("q", "q", r#"\""#, "x"));
        assert_eq!(mapped.with_characters(|_| None), mapped);
    }

    #[test]
    fn neighbouring_verbatim_pieces_are_one() {
        let mut mapped = MappedText::verbatim("ab", 10);
        mapped.push_verbatim("cd", 12);
        assert_eq!(mapped.pieces.len(), 1);
        assert_eq!(mapped.to_source(1..3), 11..13);
    }
}
