//! Where a text is cut into sentences without being read, so that only those with a number in them have
//! to be taken apart.

use super::{Sentence, Wanted};
use crate::lint::drift::kinds::PlacedKinds;
use crate::lint::drift::words::{SHORTENED, TokenKind, token};
use std::ops::Range;

/// A piece of a text: of whole sentences, without the mark that ends the last one.
pub(super) struct Piece {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Whether it is surely not more than one sentence, without a remark in brackets.
    pub is_one: bool,
}

/// The pieces of a text, in order.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start > text.len() {
            return None;
        }
        let mut is_one = true;
        let rest = &text[start..];
        // These marks are of no word and no number where they end a sentence, so each stands for itself.
        let mut marks = memchr::memchr3_iter(b'.', b'\n', b';', rest.as_bytes());
        let end = marks.find(|at| {
            if rest.as_bytes()[*at] != b'.' {
                return true;
            }
            let ends = rest[at + 1..].chars().next().is_none_or(char::is_whitespace);
            let may_be_shortened = ends && may_be_shortened(&rest[..*at]);
            is_one &= !may_be_shortened;
            ends && !may_be_shortened
        });
        let end = end.unwrap_or(rest.len());
        let piece = &rest[..end];
        is_one = is_one && memchr::memchr3(b'!', b'?', b'(', piece.as_bytes()).is_none();
        let range = start..start + end;
        start = range.end + 1;
        Some(Piece { range, is_one })
    })
}

/// Whether the last word before a full stop may be one of those that have it when they are shortened,
/// in any case, or ends as one of them does.
fn may_be_shortened(text: &str) -> bool {
    let bytes = text.trim_end().as_bytes();
    SHORTENED.iter().any(|word| {
        let from = bytes.len().checked_sub(word.len());
        from.is_some_and(|from| bytes[from..].eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Whether a full stop and a blank behind a text surely end a sentence, whatever stood before the text.
pub fn ends_sentence(text: &str) -> bool {
    /// No word that is written with a full stop has more letters.
    const LONGEST: usize = 6;
    text.trim_end().len() >= LONGEST && !may_be_shortened(text)
}

impl Piece {
    /// Whether it may state something that is wanted: it has a number and, if it is one sentence and only
    /// those that tell something are wanted, may tell it.
    pub fn may_state(&self, words: &PlacedKinds<'_>, wanted: Wanted) -> bool {
        let kinds = words.within(self.range.clone());
        kinds.may_have_number() && (!self.is_one || wanted != Wanted::Telling || kinds.may_tell())
    }

    /// What can be said of one sentence that states nothing without reading it.
    pub fn unread(&self, text: &str) -> Sentence {
        let said = text[self.range.clone()].trim_start();
        let start = self.range.end - said.len();
        let range = start..start + said.trim_end().len();
        let first = match token(&text[start..], None).1 {
            Some(TokenKind::Word(word)) => word,
            _ => "".into(),
        };
        Sentence::without_statements(range, &first)
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drift::kinds::Kinds;
    use crate::lint::drift::statement::{Bare, Reader, Sentence, Wanted, sentences, tone};
    use crate::lint::drift::words::{SHORTENED, TokenKind, tokens};
    use proptest::prelude::*;

    /// The same without cutting anything.
    fn of_whole(text: &str) -> Vec<Sentence> {
        let tokens = tokens(text);
        let sentences = tokens.split(|token| token.kind == TokenKind::End);
        let read = |tokens: &[_]| {
            let kept = tone::without_doubtful_remarks(tokens);
            let reader = Reader::new(text, kept.as_deref().unwrap_or(tokens), Bare::Anything);
            let may_tell = Kinds::of(&text[reader.range(0, reader.tokens.len())]).may_tell();
            assert!(may_tell || !reader.finds_telling(&["alert", "it", "this"]), "{text}");
            reader.sentence()
        };
        let sentences: Vec<Sentence> = sentences.filter_map(read).collect();
        let states = sentences.iter().any(|sentence| !sentence.statements.is_empty());
        if states { sentences } else { Vec::new() }
    }

    #[test]
    fn the_longest_word_with_a_full_stop_is_known() {
        assert_eq!(SHORTENED.iter().map(|word| word.len()).max(), Some(6));
    }

    proptest! {
        #[test]
        fn cutting_makes_no_difference(
            words in proptest::collection::vec(
                prop_oneof![
                    "(it|its|critical|alert|over|than|for|the|last|two|half|e\\.g|approx|Max|etc)",
                    "(fires|this|means|condition|holds|pending|becomes|when|if|so|like)",
                    "[a-zäK’]{1,4}",
                    "[0-9]{1,3}([.,:][0-9]{1,3})?(%|m|h| min)?",
                    "[-.,;:!?()>=<\n/%~ \u{a0}]{1,2}",
                ],
                0..24,
            ),
            blanks in "[ ]{0,24}",
        ) {
            let spaced: String = words.iter().enumerate().flat_map(|(at, word)| {
                let blank = if at % 5 == 4 && blanks.len() % 2 == 1 { "" } else { " " };
                [word.as_str(), blank]
            }).collect();
            for text in [spaced, words.concat()] {
                let whole = of_whole(&text);
                let telling = sentences(&text, Wanted::Telling, Bare::Anything);
                if telling.is_empty() || !Kinds::of(&text).may_tell() {
                    prop_assert!(whole.iter().all(|it| it.tells_when.is_none()), "{}", text);
                }
                if !telling.is_empty() {
                    prop_assert_eq!(telling.len(), whole.len(), "{}", text);
                }
                for (one, read) in telling.iter().zip(&whole) {
                    if read.tells_when.is_some() {
                        prop_assert_eq!(one, read, "{}", text);
                    }
                    let known = (one.range.clone(), one.goes_on, one.tells_when);
                    prop_assert_eq!(known, (read.range.clone(), read.goes_on, read.tells_when));
                }
                let all = sentences(&text, Wanted::All, Bare::Anything);
                prop_assert_eq!(all, whole, "{}", text);
            }
        }
    }
}
