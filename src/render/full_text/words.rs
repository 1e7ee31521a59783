//! The words of a text, as somebody may look for them.

/// A word has at least and at most so many letters; of a longer one the first count.
const SHORTEST: usize = 2;
const LONGEST: usize = 24;

/// Calls `visit` for each word of a text in small letters: letters and digits in a row, cut where a
/// capital begins a word of its own. `BootstrapTaintFailed` and `bootstrap_taint_failed` are three.
///
/// All texts of a site go through here, so it goes by bytes as long as a text is plain.
pub(super) fn for_each_word(text: &str, visit: &mut impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let kind = |at: usize| bytes.get(at).map_or(Kind::Between, |byte| KINDS[usize::from(*byte)]);
    // What the words are written in that are not as they stand there.
    let mut written = String::new();
    let mut at = 0;
    loop {
        let between =
            bytes[at..].iter().position(|byte| KINDS[usize::from(*byte)] != Kind::Between);
        let Some(between) = between else { return };
        let row = at + between;
        let small = bytes[row..].iter().position(|byte| KINDS[usize::from(*byte)] != Kind::Small);
        at = small.map_or(bytes.len(), |small| row + small);
        // Most rows are a word as they stand there.
        if kind(at) == Kind::Between {
            visit_first_bytes(&text[row..at], visit);
            continue;
        }
        let mut is_small = true;
        let mut is_ascii = true;
        // What comes behind the row, if that is no letter of one byte.
        let mut sign = 0;
        loop {
            match kind(at) {
                Kind::Small => at += 1,
                Kind::Capital => {
                    is_small = false;
                    at += 1;
                }
                Kind::Between => break,
                Kind::OfMany => {
                    let letter = text[at..].chars().next().unwrap_or_default();
                    if !letter.is_alphanumeric() {
                        sign = letter.len_utf8();
                        break;
                    }
                    is_ascii = false;
                    at += letter.len_utf8();
                }
            }
        }
        match &text[row..at] {
            row if !is_ascii => {
                for_each_word_of(row, &mut |word| visit_first_letters(word, &mut *visit));
            }
            row if is_small => visit_first_bytes(row, visit),
            row => for_each_ascii_word_of(row, &mut written, visit),
        }
        at += sign;
    }
}

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

/// What [`for_each_word_of`] does, for a row in which every letter is a byte.
fn for_each_ascii_word_of(row: &str, written: &mut String, visit: &mut impl FnMut(&str)) {
    let bytes = row.as_bytes();
    let mut start = 0;
    for end in 1..=bytes.len() {
        let is_end = bytes.get(end).is_none_or(|letter| {
            letter.is_ascii_uppercase()
                && (!bytes[end - 1].is_ascii_uppercase()
                    || bytes.get(end + 1).is_some_and(u8::is_ascii_lowercase))
        });
        if is_end {
            visit_first_bytes(&row[start..end], &mut |word| {
                written.clear();
                written.push_str(word);
                written.make_ascii_lowercase();
                visit(written);
            });
            start = end;
        }
    }
}

/// What [`visit_first_letters`] does, for a word in which every letter is a byte.
fn visit_first_bytes(word: &str, visit: &mut impl FnMut(&str)) {
    if word.len() >= SHORTEST {
        visit(&word[..word.len().min(LONGEST)]);
    }
}

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
fn visit_first_letters(word: &str, visit: &mut impl FnMut(&str)) {
    if word.chars().nth(SHORTEST - 1).is_some() {
        let is_short = word.len() <= LONGEST;
        let cut = if is_short { None } else { word.char_indices().nth(LONGEST) };
        visit(&word[..cut.map_or(word.len(), |(end, _)| end)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words by the definition alone.
    fn by_letters(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for row in text.split(|letter: char| !letter.is_alphanumeric()) {
            for_each_word_of(row, &mut |word| {
                visit_first_letters(word, &mut |word| words.push(word.to_owned()));
            });
        }
        words
    }

    fn words_of(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for_each_word(text, &mut |word| words.push(word.to_owned()));
        words
    }

    proptest! {
        #[test]
        fn words_are_the_same_by_bytes_as_by_letters(text in "([a-cA-C0-2 _ÄäßİǅⅣ٣é…\\u{a0}]|\\PC){0,60}") {
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
