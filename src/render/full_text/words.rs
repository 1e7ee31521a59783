//! The words of a text, as somebody may look for them.

use std::borrow::Cow;

/// A word has at least and at most so many letters; of a longer one the first count.
const SHORTEST: usize = 2;
const LONGEST: usize = 24;

/// Calls `visit` for each word of a text in small letters: letters and digits in a row, cut where a
/// capital begins a word of its own. `BootstrapTaintFailed` and `bootstrap_taint_failed` are three.
pub(super) fn for_each_word<'t>(text: &'t str, visit: &mut dyn FnMut(Cow<'t, str>)) {
    for row in text.split(|letter: char| !letter.is_alphanumeric()) {
        // Most are a word as they stand there.
        if row.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            visit_first_letters(row, |word| visit(Cow::Borrowed(word)));
        } else {
            for_each_word_of(row, &mut |word| {
                visit_first_letters(word, |word| visit(Cow::Owned(word.to_owned())));
            });
        }
    }
}

/// The same for letters and digits in a row.
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
fn visit_first_letters<'w>(word: &'w str, visit: impl FnOnce(&'w str)) {
    if word.chars().nth(SHORTEST - 1).is_some() {
        let is_short = word.len() <= LONGEST;
        let cut = if is_short { None } else { word.char_indices().nth(LONGEST) };
        visit(&word[..cut.map_or(word.len(), |(end, _)| end)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let mut words = Vec::new();
            for_each_word(text, &mut |word| words.push(word.into_owned()));
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
