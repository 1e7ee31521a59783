//! What kinds of words a text has, found out in one go over it for all that ask: whether it may state a
//! number, tell when an alert fires, or state a severity.

use super::prose;
use super::severity;
use super::statement::{BEING, FIRING, OF_IT, SAYING, ends_sentence, has_digit, numerals};
use super::words::lower_case;
use crate::lint::runs::{Seen, go_over_runs, runs};
use crate::lint::shapes::Shapes;
use crate::markdown::{Inline, InlineKind};
use smallvec::SmallVec;
use std::ops::{BitOr, BitOrAssign, Range};
use std::sync::LazyLock;

/// Kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Kinds {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// The words of all kinds.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let sets = [
        (&FIRING, Kinds::SAYING),
        (&SAYING, Kinds::SAYING),
        (&OF_IT, Kinds::OF_IT),
        (&BEING, Kinds::BEING),
        (&severity::KEYS, Kinds::KEY),
        (&severity::ALERT, Kinds::ALERT),
    ];
    let mut words = Words::default();
    numerals().for_each(|word| words.add(word, Kinds::NUMBER));
    for (set, kinds) in sets {
        set.iter().for_each(|word| words.add(word, kinds));
    }
    words
});

/// Words with their kinds, by their shapes. Of the words of a text five in six have the shape of none of
/// them, and the second letter tells most others.
#[derive(Default)]
struct Words {
    /// The word that was added last of those of a shape, as an index from 1.
    last: [[u8; Shapes::LETTERS]; Shapes::LETTERS],
    words: Vec<Word>,
}

struct Word {
    text: &'static str,
    kinds: Kinds,
    /// The word of the same shape that was added before it, as an index from 1.
    before: u8,
}

impl Words {
    fn add(&mut self, word: &'static str, kinds: Kinds) {
        if let Some(known) = self.words.iter_mut().find(|known| known.text == word) {
            known.kinds |= kinds;
            return;
        }
        let (letter, end) = Shapes::of(word.as_bytes());
        self.words.push(Word { text: word, kinds, before: self.last[letter][end] });
        self.last[letter][end] = u8::try_from(self.words.len()).unwrap_or(u8::MAX);
    }

    /// The kinds of a word, whatever the case of its ASCII letters.
    #[inline]
    fn kinds_of(&self, word: &[u8]) -> Kinds {
        let (letter, end) = Shapes::of(word);
        match self.last[letter][end] {
            0 => Kinds::NONE,
            last => self.kinds_from(last, word),
        }
    }

    /// Those of a word. `last` is the word of its shape that was added last, counted from 1; each leads to
    /// the one added before it.
    #[inline(never)]
    fn kinds_from(&self, last: u8, word: &[u8]) -> Kinds {
        let at = |at: u8| self.words.get(usize::from(at).wrapping_sub(1));
        let mut of_shape = std::iter::successors(at(last), |known| at(known.before));
        let known = of_shape.find(|it| it.text.as_bytes().eq_ignore_ascii_case(word));
        known.map_or(Kinds::NONE, |known| known.kinds)
    }

    /// The kinds of a text's words of ASCII, and what else was seen in it.
    fn kinds_in(&self, text: &str) -> (Kinds, Seen) {
        let mut kinds = Kinds::NONE;
        let seen = go_over_runs(text, |word| {
            kinds |= self.kinds_of(&text.as_bytes()[word]);
            false
        });
        (kinds, seen)
    }
}

impl Kinds {
    const NONE: Self = Self(0);
    const NUMBER: Self = Self(1);
    const SAYING: Self = Self(1 << 1);
    const OF_IT: Self = Self(1 << 2);
    const BEING: Self = Self(1 << 3);
    const KEY: Self = Self(1 << 4);
    const ALERT: Self = Self(1 << 5);
    /// That a sentence of several has a number and may tell when an alert fires.
    const TOLD: Self = Self(1 << 6);
    const ALL: Self = Self((1 << 7) - 1);

    /// Those of the words of a text.
    pub fn of(text: &str) -> Self {
        let words = &*WORDS;
        let (mut kinds, seen) = words.kinds_in(text);
        if seen.digits {
            kinds |= Self::NUMBER;
        }
        // What is no ASCII may be ASCII in lower case.
        if seen.others {
            if text.contains(char::is_numeric) {
                kinds |= Self::NUMBER;
            }
            for word in runs(text).filter(|word| !word.is_ascii()) {
                kinds |= words.kinds_of(lower_case(word).as_bytes());
            }
        }
        kinds
    }

    /// Those that the words of running text may have, however it is read: as [`prose::text`] or as
    /// [plain text](crate::markdown::plain_text). Each text is asked by itself, and where two of them may
    /// make one word, that may be of any kind.
    pub fn of_inlines(inlines: &[Inline]) -> Self {
        let (before, kinds) = (Self::NONE, Self::NONE);
        let mut reader = Reader { before, kinds, is_within_word: false, may_end: false };
        reader.inlines(inlines);
        reader.before | reader.kinds.of_sentence()
    }

    /// Whether a number may be among the words, in digits or in words, or a time.
    pub fn may_have_number(self) -> bool {
        self.has(Self::NUMBER)
    }

    /// Whether they may say when an alert fires.
    pub fn may_tell(self) -> bool {
        self.has(Self::SAYING) || self.has(Self::OF_IT) && self.has(Self::BEING)
    }

    /// Whether one of the sentences of running text has a number and may say when an alert fires.
    pub fn may_tell_number(self) -> bool {
        self.has(Self::TOLD)
    }

    /// Those of a sentence that has no other words.
    fn of_sentence(self) -> Self {
        if self.may_have_number() && self.may_tell() { self | Self::TOLD } else { self }
    }

    /// Whether a word is among them that is the key of a severity, or a part of one.
    pub fn has_key_of_severity(self) -> bool {
        self.has(Self::KEY)
    }

    /// Whether they may tell a severity in a sentence, which says what it is or calls it that of an alert.
    pub fn may_tell_severity(self) -> bool {
        self.has(Self::KEY) || self.has(Self::ALERT)
    }

    /// Those that are asked of plain text.
    fn of_plain_text(self) -> Self {
        Self(self.0 & (Self::KEY | Self::ALERT).0)
    }

    fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

/// The words of a text that are of kinds, each with its place: what is asked of its pieces is known then.
pub struct PlacedKinds<'t> {
    text: &'t str,
    has_digit: bool,
    /// Where words begin that are of kinds; nothing is known of a text of which some are no ASCII.
    words: Option<SmallVec<[(usize, Kinds); 16]>>,
}

impl<'t> PlacedKinds<'t> {
    /// Those of a text, which is gone over once.
    pub fn of(text: &'t str) -> Self {
        let known = &*WORDS;
        let mut words = SmallVec::new();
        let seen = go_over_runs(text, |word| {
            let start = word.start;
            let kinds = known.kinds_of(&text.as_bytes()[word]);
            if kinds != Kinds::NONE {
                words.push((start, kinds));
            }
            false
        });
        Self { text, has_digit: seen.digits, words: (!seen.others).then_some(words) }
    }

    /// Those of the whole text.
    pub fn all(&self) -> Kinds {
        self.within(0..self.text.len())
    }

    /// Those of a piece of the text that begins and ends between words.
    pub fn within(&self, piece: Range<usize>) -> Kinds {
        let Some(words) = &self.words else { return Kinds::of(&self.text[piece]) };
        let from = words.partition_point(|(at, _)| *at < piece.start);
        let words = words[from..].iter().take_while(|(at, _)| *at < piece.end);
        let kinds = words.fold(Kinds::NONE, |kinds, (_, kind)| kinds | *kind);
        let has_digit = self.has_digit && !kinds.may_have_number() && has_digit(&self.text[piece]);
        if has_digit { kinds | Kinds::NUMBER } else { kinds }
    }
}

/// Goes over running text.
struct Reader {
    /// Those of the sentences that have surely ended.
    before: Kinds,
    /// Those of what is behind them.
    kinds: Kinds,
    /// Whether the text before may end within a word.
    is_within_word: bool,
    /// Whether a blank behind the text before surely ends a sentence.
    may_end: bool,
}

impl Reader {
    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        let may_end = std::mem::take(&mut self.may_end);
        match &inline.kind {
            InlineKind::Text(text) => self.sentences(text),
            InlineKind::Code(code) => {
                let code = code.text();
                let kinds = Kinds::of(code);
                // As prose, other code stands for a word.
                let is_read = kinds.may_have_number() && prose::is_read(code);
                self.text(code, if is_read { kinds } else { kinds.of_plain_text() });
            }
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) => self.inlines(inner),
            InlineKind::Link { content, .. } => self.inlines(content),
            InlineKind::SoftBreak | InlineKind::HardBreak => {
                self.is_within_word = false;
                if may_end {
                    self.before |= std::mem::replace(&mut self.kinds, Kinds::NONE).of_sentence();
                }
            }
            // What is raised may be left out, and what stands beside it is then joined.
            InlineKind::Html(tag) => {
                if prose::begins_with_sup(tag) {
                    self.kinds = Kinds::ALL;
                }
            }
            // The others are read as plain text alone. Left out, they join what stands around them.
            InlineKind::Strikethrough(inner) => self.beside(|it| it.inlines(inner)),
            InlineKind::Verbatim(_) | InlineKind::Angled { .. } | InlineKind::Abbreviation(_) => {
                let text = inline.own_text();
                self.beside(|it| it.text(text, Kinds::of(text).of_plain_text()));
            }
            InlineKind::Image { .. } | InlineKind::FootnoteReference(_) => {}
        }
    }

    /// Goes over text that is read as it stands.
    fn sentences(&mut self, text: &str) {
        self.text(text, Kinds::NONE);
        let (mut ended, mut kinds) = (Kinds::NONE, self.kinds);
        let mut seen = Seen::default();
        let mut start = 0;
        for end in memchr::memchr_iter(b'.', text.as_bytes()) {
            // A sentence has surely ended only where a word begins behind the blank.
            let behind = text[end + 1..].strip_prefix(' ').unwrap_or_default();
            if behind.starts_with(char::is_alphanumeric) && ends_sentence(&text[..end]) {
                let (found, seen_there) = WORDS.kinds_in(&text[start..end]);
                ended |= (kinds | found).of_sentence();
                kinds = Kinds::NONE;
                seen |= seen_there;
                start = end;
            }
        }
        let (found, seen_there) = WORDS.kinds_in(&text[start..]);
        kinds |= found;
        seen |= seen_there;
        if seen.digits || seen.others {
            // In which of its sentences they are is not known.
            let found = if seen.others { Kinds::of(text) } else { Kinds::NUMBER };
            kinds |= ended | found;
        } else {
            self.before |= ended;
        }
        self.kinds = kinds;
        self.may_end = text.strip_suffix('.').is_some_and(ends_sentence);
    }

    fn text(&mut self, text: &str, kinds: Kinds) {
        let is_joined = self.is_within_word && text.starts_with(char::is_alphanumeric);
        self.kinds |= if is_joined { Kinds::ALL } else { kinds };
        if !text.is_empty() {
            self.is_within_word = text.ends_with(char::is_alphanumeric);
        }
    }

    /// Goes over what may be left out, where no sentence ends.
    fn beside(&mut self, read: impl FnOnce(&mut Self)) {
        let (before, is_within_word) = (self.before, self.is_within_word);
        self.before = Kinds::NONE;
        read(self);
        self.kinds |= std::mem::replace(&mut self.before, before);
        self.is_within_word |= is_within_word;
        self.may_end = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::drift::statement::{Bare, Sentence, Wanted, sentences};
    use crate::markdown::{BlockKind, Kept, parse, plain_text};
    use crate::source::Source;

    proptest::proptest! {
        #[test]
        fn no_word_is_missed(words in proptest::collection::vec(
            proptest::sample::select(vec![
                "two", "tw", "o", "*o*", "**tw**", "`3`", "`a`", "` < 14 days`", "`x < 14 days`", "hour",
                "the ", " last ", "[ho](x)", "ur", "&half;", "&#53;", "&#x6f;", "\\", "\n", "  \n",
                "fi", "res", "*fi*", "[al](x)", "ert", "`it`", "this", "` < 3 alerts`", "`5 al`", "&#x69;t",
                "<b>", "</b>", "<br>", "<sup>2</sup>", "½", "é", "5", " ", "![3](x)", "$3$", ".", "~~al~~",
                "`al`", "`sev`", "erity", "Sev", " on", "so ", "it ", "K", "li", "e", "<ert>", "<sev", ">",
            ]),
            1..8,
        )) {
            let source = Source::new("a.md", words.concat());
            let document = parse(&source, 0, &|_, _| Kept::default());
            for block in &document.blocks {
                if let BlockKind::Paragraph { content, .. } = &block.kind {
                    let kinds = Kinds::of_inlines(content);
                    let text = prose::text(&source, content);
                    let text = text.text();
                    let of_prose = Kinds::of(text);
                    let has_number = of_prose.may_have_number();
                    proptest::prop_assert!(!has_number || kinds.may_have_number(), "{text}");
                    proptest::prop_assert!(!of_prose.may_tell() || kinds.may_tell(), "{text}");
                    let text = plain_text(content);
                    let of_text = Kinds::of(&text);
                    for kind in [Kinds::KEY, Kinds::ALERT] {
                        proptest::prop_assert!(!of_text.has(kind) || kinds.has(kind), "{text}");
                    }
                }
            }
        }

        #[test]
        fn no_sentence_that_tells_is_missed(words in proptest::collection::vec(
            proptest::sample::select(vec![
                "The alert fires ", "fires ", "It ", "is raised ", "means ", "this means ", "on ", "so ", "like ",
                "when ", "if ", "more than ", "over ", "5 errors ", "3% ", "for 10 minutes", "in the past hour",
                "two ", "1.5 ", "12", "nothing failed", ". ", ".\n", ".", "\n", "  \n", "! ", "? ", "; ", "(",
                ") ", "e.g. ", "approx", "etc", "**max**", "**e**", "tc. ", "`5`", "`a. b` ", "<sup>2</sup>",
                "<sup>", "</sup>", "~~on. it~~", "~~5.\n~~", "*it.*\n", "é ", "½ ", "<br>", "&#46; ", "\\. ",
                "errors. ", "errors.\n", "[alert.](x)\n", "[", "](x) ", "*",
            ]),
            1..14,
        )) {
            let source = Source::new("a.md", words.concat());
            let document = parse(&source, 0, &|_, _| Kept::default());
            for block in &document.blocks {
                if let BlockKind::Paragraph { content, .. } = &block.kind {
                    let text = prose::text(&source, content);
                    let read = sentences(text.text(), Wanted::All, Bare::Anything);
                    let tells = |it: &Sentence| it.tells_when.is_some() && !it.statements.is_empty();
                    let is_missed = read.iter().any(tells) && !Kinds::of_inlines(content).may_tell_number();
                    proptest::prop_assert!(!is_missed, "{}", text.text());
                }
            }
        }

        #[test]
        fn words_are_of_their_kinds(text in "((two|Hour|[0-9½]|FIRES|li[kK]e|it|so|Sev|alert)?[ a.é]?){0,6}") {
            let kinds = Kinds::of(&text);
            let has = |is_one: &dyn Fn(&str) -> bool| {
                runs(&text).any(|word| is_one(&word.to_lowercase()))
            };
            let has_number =
                text.contains(char::is_numeric) || has(&|word| numerals().any(|it| it == word));
            proptest::prop_assert_eq!(kinds.may_have_number(), has_number);
            let is_said = has(&|word| SAYING.contains(word) || FIRING.contains(word));
            let is_told = is_said
                || has(&|word| OF_IT.contains(word)) && has(&|word| BEING.contains(word));
            proptest::prop_assert_eq!(kinds.may_tell(), is_told);
            proptest::prop_assert_eq!(kinds.has(Kinds::ALERT), has(&|word| word == "alert"));
            let placed = PlacedKinds::of(&text);
            proptest::prop_assert_eq!(placed.all(), kinds);
            for (at, mark) in text.match_indices('.') {
                proptest::prop_assert_eq!(placed.within(0..at), Kinds::of(&text[..at]));
                let behind = at + mark.len()..text.len();
                proptest::prop_assert_eq!(placed.within(behind.clone()), Kinds::of(&text[behind]));
            }
        }
    }

    #[test]
    fn all_words_are_known() {
        assert!(WORDS.words.len() < usize::from(u8::MAX));
        let are_known = |word: &Word| WORDS.kinds_of(word.text.as_bytes()) == word.kinds;
        assert!(WORDS.words.iter().all(are_known));
    }
}
