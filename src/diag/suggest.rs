//! "Did you mean": the known name that is nearest to an unknown one.

mod known_names;
mod spelling;

pub use known_names::KnownNames;
pub use spelling::{Spelling, distance};

use rapidfuzz::distance::levenshtein;

/// The candidate that was most likely meant by `name`, if one is near enough that people would
/// agree. Case, `-` and `_` count for nothing when names are otherwise the same; of candidates
/// that are equally near, the first. Who asks many times about the same candidates has them in
/// [`KnownNames`].
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let name = Name::of(name)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let least = best.map_or(usize::MAX, |(least, _)| least);
        let distance = Name::of(candidate).and_then(|read| name.distance_within(&read, least));
        if let Some(distance) = distance.filter(|distance| *distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A name as it is compared with others.
#[derive(Debug)]
struct Name {
    /// How many letters it has as it is written.
    letters: usize,
    folded: Spelling,
}

impl Name {
    /// The longest name that is compared, in bytes: longer ones are no names.
    const LONGEST: usize = 256;

    /// `None` for what is no name.
    fn of(name: &str) -> Option<Self> {
        (!name.is_empty() && name.len() <= Self::LONGEST)
            .then(|| Self { letters: name.chars().count(), folded: Spelling::of(fold(name)) })
    }

    /// How far two names of so many letters may be off: a third of the letters may differ, one of `expr`,
    /// two of `labels`. Of two letters none may, or it is a toss of a coin.
    fn allowed(one: usize, other: usize) -> usize {
        one.max(other) / 3
    }

    /// How far it is from another one, if that is not above `most` and not too far to be meant.
    fn distance_within(&self, other: &Self, most: usize) -> Option<usize> {
        let allowed = Self::allowed(self.letters, other.letters);
        self.folded.distance_within(&other.folded, most.min(allowed))
    }
}

/// How much of two texts is the same, letter by letter: from 0 to 1.
pub fn similarity(one: &str, other: &str) -> f64 {
    levenshtein::normalized_similarity(one.chars(), other.chars())
}

/// A help text for an unknown name, if a known one is near.
pub fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    nearest(name, candidates).map(asking_for)
}

fn asking_for(meant: &str) -> String {
    format!("did you mean `{meant}`?")
}

/// The letters and digits of a text, in lower case: all that two spellings of one name have in common,
/// `Disk Full`, `disk-full` and `DiskFull`.
pub fn letters(text: &str) -> String {
    if text.is_ascii() {
        ascii_letters_of(text).map(char::from).collect()
    } else {
        letters_of(text).collect()
    }
}

/// Whether two texts are spellings of one name: whether they have the same [`letters`].
pub fn are_alike(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        ascii_letters_of(one).eq(ascii_letters_of(other))
    } else {
        letters_of(one).eq(letters_of(other))
    }
}

/// The letters of a text that is ASCII, as nearly all names are: no letter of it has two in lower case.
fn ascii_letters_of(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase())
}

fn letters_of(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// A name as it is compared: without `-` and `_`, in lower case.
pub(crate) fn fold(name: &str) -> String {
    let counts = |character: &char| !matches!(character, '-' | '_');
    let characters = name.chars().filter(counts);
    if name.is_ascii() {
        // Nearly all names are, of which no letter has two in lower case.
        let mut folded = String::with_capacity(name.len());
        folded.extend(characters.map(|character| character.to_ascii_lowercase()));
        return folded;
    }
    characters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let keys = ["alert", "expr", "for", "keep_firing_for", "labels", "annotations"];
        for (typed, meant) in [
            ("anotations", Some("annotations")),
            ("label", Some("labels")),
            ("exrp", Some("expr")),
            ("keepFiringFor", Some("keep_firing_for")),
            ("EXPR", Some("expr")),
            ("severity", None),
            ("summary", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, keys), meant, "{typed}");
        }
        assert_eq!(
            nearest(
                "BootstrapTarHandlerFail",
                ["BootstrapTaintFailed", "BootstrapTarHandlerFailed"]
            ),
            Some("BootstrapTarHandlerFailed")
        );
    }

    proptest::proptest! {
        #[test]
        fn letters_of_ascii_are_those_of_any_text(one in "[ -~]{0,8}", other in "[A-Ca-c _-]{0,4}") {
            let slowly = |text: &str| letters_of(text).collect::<String>();
            proptest::prop_assert_eq!(letters(&one), slowly(&one));
            for text in [&one, &other.to_uppercase()] {
                proptest::prop_assert_eq!(are_alike(text, &other), slowly(text) == slowly(&other));
            }
        }
    }
}
