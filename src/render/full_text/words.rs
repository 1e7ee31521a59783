//! The words of a text, as somebody may look for them.

/// A word has at least and at most so many letters; of a longer one the first count.
const SHORTEST: usize = 2;
const LONGEST: usize = 24;

/// How many bytes of a word are at hand. No word of plain letters has more.
const AT_HAND: usize = LONGEST;

/// A word in small letters.
///
/// A site has some thousand of them in a hundred thousand places, and each place is a question for a
/// table: so a word is three numbers, which are compared and hashed at once, and has no text of its own
/// unless it is a long one of letters with several bytes.
#[derive(Clone, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Word {
    /// Its first bytes, and nothing behind its end: no word has a byte that is 0. The first byte is the
    /// highest one, so that words have the order of their texts.
    letters: [u64; AT_HAND / 8],
    /// What does not fit.
    rest: Option<Box<[u8]>>,
}

impl PartialEq for Word {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let [a, b, c] = self.letters;
        let [other_a, other_b, other_c] = other.letters;
        // Nearly all words are asked for that are there, and have no rest.
        (a ^ other_a) | (b ^ other_b) | (c ^ other_c) == 0
            && match (&self.rest, &other.rest) {
                (None, None) => true,
                (rest, other) => rest == other,
            }
    }
}

impl Word {
    /// A word of this text.
    pub(super) fn new(text: &str) -> Self {
        let (at_hand, rest) = text.as_bytes().split_at(text.len().min(AT_HAND));
        let mut bytes = [0; AT_HAND];
        bytes[..at_hand.len()].copy_from_slice(at_hand);
        Self { letters: numbers(&bytes), rest: (!rest.is_empty()).then(|| rest.into()) }
    }

    /// The word of these letters, which are fewer than eight.
    #[inline]
    pub(super) fn short(letters: u64) -> Self {
        Self { letters: [letters, 0, 0], rest: None }
    }

    /// The word that begins at a byte of a text and has so many letters and digits of one byte, which
    /// become small.
    #[inline]
    fn of_ascii(text: &[u8], start: usize, length: usize) -> Self {
        let text = &text[start..];
        if length <= 8
            && let Some(bytes) = text.first_chunk::<8>()
        {
            // As most words are.
            let letters = (u64::from_be_bytes(*bytes) | SMALL) & WITHIN[length][0];
            return Self { letters: [letters, 0, 0], rest: None };
        }
        let bytes = text.first_chunk::<AT_HAND>().copied().unwrap_or_else(|| {
            let mut bytes = [0; AT_HAND];
            bytes[..text.len()].copy_from_slice(text);
            bytes
        });
        let [a, b, c] = numbers(&bytes);
        let [of_a, of_b, of_c] = WITHIN[length];
        let letters = [(a | SMALL) & of_a, (b | SMALL) & of_b, (c | SMALL) & of_c];
        Self { letters, rest: None }
    }

    /// Appends its text.
    pub(super) fn push(&self, text: &mut Vec<u8>) {
        let [a, b, c] = self.letters.map(u64::to_be_bytes);
        let start = text.len();
        for letters in [a, b, c] {
            text.extend_from_slice(&letters);
        }
        let unused: u32 = match self.letters {
            [a, 0, 0] => 128 + a.trailing_zeros(),
            [_, b, 0] => 64 + b.trailing_zeros(),
            [_, _, c] => c.trailing_zeros(),
        };
        text.truncate(start + AT_HAND - unused as usize / 8);
        text.extend_from_slice(self.rest.as_deref().unwrap_or_default());
    }

    /// Its first letters, and zeros behind its end. There are never more than eight asked for.
    pub(super) fn first_letters<const COUNT: usize>(&self) -> [char; COUNT] {
        let first = self.letters[0].to_be_bytes();
        if first[..COUNT].is_ascii() {
            return std::array::from_fn(|at| char::from(first[at]));
        }
        let mut text = Vec::with_capacity(2 * AT_HAND);
        self.push(&mut text);
        // They are those of a text.
        let text = String::from_utf8(text).unwrap_or_default();
        let mut letters = text.chars();
        std::array::from_fn(|_| letters.next().unwrap_or_default())
    }

    /// A number that other words rarely have, most of all in its highest bits.
    #[inline]
    pub(super) fn hash(&self) -> u64 {
        let mixed = |before: u64, letters: u64| hash(before ^ letters);
        // The last of them first: most words have nothing but the first.
        let [a, b, c] = self.letters;
        let of_letters = if b == 0 { mixed(0, a) } else { mixed(mixed(mixed(0, c), b), a) };
        match &self.rest {
            None => of_letters,
            // Of letters with three bytes each, eight are at hand, and many words may begin with those.
            Some(rest) => rest.iter().map(|byte| u64::from(*byte)).fold(of_letters, mixed),
        }
    }
}

/// A number for letters that others rarely have, most of all in its highest bits: multiplied with what the
/// compiler's own hashes are.
#[inline]
pub(super) fn hash(letters: u64) -> u64 {
    letters.wrapping_mul(0xF135_7AEA_2E62_A9C5)
}

#[inline]
fn numbers(bytes: &[u8; AT_HAND]) -> [u64; AT_HAND / 8] {
    let (chunks, _) = bytes.as_chunks::<8>();
    [u64::from_be_bytes(chunks[0]), u64::from_be_bytes(chunks[1]), u64::from_be_bytes(chunks[2])]
}

/// Which bits are of a word, by its length.
const WITHIN: [[u64; AT_HAND / 8]; LONGEST + 1] = {
    let mut within = [[0; AT_HAND / 8]; LONGEST + 1];
    let mut length = 1;
    while length <= LONGEST {
        within[length] = within[length - 1];
        let at = length - 1;
        within[length][at / 8] |= 0xFF << (56 - 8 * (at % 8));
        length += 1;
    }
    within
};

/// Who asks for words.
pub(super) trait Visitor {
    /// A word.
    fn word(&mut self, word: &Word);

    /// A word of fewer than eight plain letters, as nearly all words are: these are the first and only of
    /// its numbers.
    #[inline]
    fn short_word(&mut self, letters: u64) {
        self.word(&Word::short(letters));
    }
}

impl<V: FnMut(&Word)> Visitor for V {
    fn word(&mut self, word: &Word) {
        self(word);
    }
}

/// What is set in each of eight bytes of which something is true.
const EACH: u64 = 0x8080_8080_8080_8080;

/// What is set in the first of them.
const FIRST: u64 = 1 << (u64::BITS - 1);

/// In small letters and digits alike this bit is set, and capitals lack no other.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// Which of eight bytes are plain letters or digits, and which are capitals. No sum leaves its byte.
#[inline]
fn letters_of(bytes: u64) -> (u64, u64) {
    const ONE: u64 = 0x0101_0101_0101_0101;
    // Of seven bits, those from `byte` on.
    let from = |bytes: u64, byte: u8| bytes + (0x80 - u64::from(byte)) * ONE;
    let low = bytes & !EACH;
    let small = low | SMALL;
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let plain = EACH & !bytes;
    (plain & (letters | digits), plain & letters & !(low << 2))
}

/// Calls a visitor for each word of a text in small letters: letters and digits in a row, cut where a
/// capital begins a word of its own. `BootstrapTaintFailed` and `bootstrap_taint_failed` are three.
///
/// All texts of a site go through here, so it goes by eight bytes where a word ends among them, and
/// otherwise by bytes as long as a text is plain.
pub(super) fn for_each_word(text: &str, visitor: &mut impl Visitor) {
    let bytes = text.as_bytes();
    let kind = |at: usize| bytes.get(at).map_or(Kind::Between, |byte| KINDS[usize::from(*byte)]);
    let mut at = 0;
    loop {
        while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let chunk = u64::from_be_bytes(*chunk);
            let (letters, capitals) = letters_of(chunk);
            let length = (!letters & EACH).leading_zeros() as usize / 8;
            if length == 0 && chunk & FIRST == 0 {
                at += (EACH & (letters | chunk)).leading_zeros() as usize / 8;
                continue;
            }
            let Some(within) = SHORT.get(length) else { break };
            // A capital behind the first letter may begin a word, and what follows may be a letter of
            // several bytes: then it is for the bytes one by one.
            if (capitals & within.behind_first) | (chunk & within.next) != 0 {
                break;
            }
            if length >= SHORTEST {
                visitor.short_word((chunk | SMALL) & within.word);
            }
            // What ended the word is none of the next.
            at += length + 1;
        }
        while kind(at) == Kind::Between {
            if at >= bytes.len() {
                return;
            }
            at += 1;
        }
        let mut start = at;
        loop {
            while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
                let (letters, capitals) = letters_of(u64::from_be_bytes(*chunk));
                let small = (EACH & (!letters | capitals)).leading_zeros() as usize / 8;
                at += small;
                if small < chunk.len() {
                    break;
                }
            }
            while kind(at) == Kind::Small {
                at += 1;
            }
            // Where a word ends, what follows is looked at from here on; in a row it is a word of its own.
            let (in_row, behind) = match kind(at) {
                Kind::Capital => {
                    // Inside of a row of capitals the last one may begin a word: `HTTPServer`.
                    let begins = at > start
                        && (kind(at - 1) != Kind::Capital
                            || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
                    if !begins {
                        at += 1;
                        continue;
                    }
                    (true, at + 1)
                }
                Kind::Between | Kind::Small => (false, at),
                Kind::OfMany => {
                    let letter = text[at..].chars().next().unwrap_or_default();
                    if letter.is_alphanumeric() {
                        // What was cut off before this letter is right whatever it is: the places
                        // to cut are found by the letters on both of their sides alone.
                        let rest = &text[start..];
                        let end = rest.find(|letter: char| !letter.is_alphanumeric());
                        let row = &rest[..end.unwrap_or(rest.len())];
                        for_each_word_of(row, &mut |word| visit_first_letters(word, visitor));
                        at = start + row.len();
                        break;
                    }
                    (false, at + letter.len_utf8())
                }
            };
            // As for all words, but each letter is a byte.
            if at - start >= SHORTEST {
                visitor.word(&Word::of_ascii(bytes, start, (at - start).min(LONGEST)));
            }
            start = at;
            at = behind;
            if !in_row {
                break;
            }
        }
    }
}

/// What is of a word of fewer than eight bytes.
struct Within {
    /// Its bits.
    word: u64,
    /// One of each of its bytes but the first.
    behind_first: u64,
    /// One of the byte behind it.
    next: u64,
}

/// That of each length.
const SHORT: [Within; 8] = {
    let mut short = [const { Within { word: 0, behind_first: 0, next: 0 } }; 8];
    let mut length = 0;
    while length < 8 {
        let word = WITHIN[length][0];
        let next = 0x80 << (56 - 8 * length);
        short[length] = Within { word, behind_first: EACH & word & (u64::MAX >> 8), next };
        length += 1;
    }
    short
};

/// What a byte is for words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A small letter or a digit.
    Small,
    /// A capital.
    Capital,
    /// A part of a letter, or of a sign, that has more bytes.
    OfMany,
    /// No letter or digit.
    Between,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Between; 256];
    let mut byte = 0_u8;
    loop {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' => Kind::Small,
            b'A'..=b'Z' => Kind::Capital,
            0x80.. => Kind::OfMany,
            _ => Kind::Between,
        };
        if byte == u8::MAX {
            break kinds;
        }
        byte += 1;
    }
};

/// The words of letters and digits in a row, whatever letters they are.
fn for_each_word_of(row: &str, visit: &mut dyn FnMut(&str)) {
    let mut word = String::with_capacity(row.len());
    let mut letters = row.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let begins = letter.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric()
                || (before.is_uppercase() && next.is_lowercase()));
        if begins {
            visit(&word);
            word.clear();
        }
        if letter.is_ascii() {
            word.push(letter.to_ascii_lowercase());
        } else {
            word.extend(letter.to_lowercase().filter(|it| it.is_alphanumeric()));
        }
        before = letter;
    }
    visit(&word);
}

/// Visits as many letters of a word as count, unless it is too short.
fn visit_first_letters(word: &str, visitor: &mut impl Visitor) {
    if word.chars().nth(SHORTEST - 1).is_some() {
        let is_short = word.len() <= LONGEST;
        let cut = if is_short { None } else { word.char_indices().nth(LONGEST) };
        visitor.word(&Word::new(&word[..cut.map_or(word.len(), |(end, _)| end)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(word: &Word) -> String {
        let mut text = Vec::new();
        word.push(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn words_with_the_same_beginning_have_hashes_of_their_own() {
        let letters = |number: u32| char::from_u32(0x4e00 + number).unwrap();
        let word = |number: u32| Word::new(&format!("{}{}", "日".repeat(8), letters(number)));
        let places: std::collections::BTreeSet<u64> =
            (0..1000).map(|number| word(number).hash() >> 32).collect();
        assert_eq!(places.len(), 1000);
    }

    /// The words by the definition alone.
    fn by_letters(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for row in text.split(|letter: char| !letter.is_alphanumeric()) {
            for_each_word_of(row, &mut |word| {
                visit_first_letters(word, &mut |word: &Word| words.push(text_of(word)));
            });
        }
        words
    }

    fn words_of(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for_each_word(text, &mut |word: &Word| words.push(text_of(word)));
        words
    }

    proptest! {
        #[test]
        fn words_are_the_same_by_bytes_as_by_letters(text in "([a-cA-C0-2 _ÄäßİǅⅣ٣é…\\u{a0}]|\\PC){0,60}") {
            prop_assert_eq!(words_of(&text), by_letters(&text));
        }

        #[test]
        fn words_are_their_texts(a in "[a-b0-1é]{2,60}", b in "[a-b0-1é]{2,60}") {
            let (one, other) = (Word::new(&a), Word::new(&b));
            prop_assert_eq!(text_of(&one), a.as_str());
            prop_assert_eq!(one == other, a == b);
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
        }

        #[test]
        fn letters_are_told_among_eight_bytes(bytes in any::<[u8; 8]>()) {
            let set = |is: fn(&u8) -> bool| {
                u64::from_be_bytes(bytes.map(|byte| if is(&byte) { 0x80 } else { 0 }))
            };
            let (letters, capitals) = letters_of(u64::from_be_bytes(bytes));
            prop_assert_eq!(letters, set(u8::is_ascii_alphanumeric));
            prop_assert_eq!(capitals, set(u8::is_ascii_uppercase));
        }

        #[test]
        fn texts_of_short_words_are_cut_as_others_are(text in "([a-bA-B01 _é…]|[a-b]{5,9}| ){0,30}") {
            prop_assert_eq!(words_of(&text), by_letters(&text));
        }

        #[test]
        fn plain_rows_are_cut_as_others_are(text in "[a-bA-C1 ]{0,80}") {
            prop_assert_eq!(words_of(&text), by_letters(&text));
        }
    }

    #[test]
    fn names_are_cut_into_their_words() {
        for (text, expected) in [
            ("BootstrapTaintFailed", "bootstrap taint failed"),
            ("apiserver_storage_objects{a=\"b\"}", "apiserver storage objects"),
            ("x509: HTTPServer isn't up, kube-w3", "x509 http server isn up kube w3"),
            ("Über ÜBERALL 10.0.0.1 v1Beta2Foo", "über überall 10 v1 beta2 foo"),
            ("0123456789012345678901234567", "012345678901234567890123"),
            ("…", ""),
        ] {
            assert_eq!(words_of(text).join(" "), expected, "{text}");
        }
    }
}
