//! "Did you mean": the known name that is nearest to an unknown one.

/// The candidate that was most likely meant by `name`, if one is near enough that people would
/// agree. Case, `-` and `_` count for nothing when names are otherwise the same; of candidates
/// that are equally near, the first.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    find(name, candidates).map(|(candidate, _)| candidate)
}

/// The candidate that was most likely meant by `name`, if no other one is as near.
pub fn only_nearest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    find(name, candidates).filter(|(_, is_only)| *is_only).map(|(candidate, _)| candidate)
}

/// The nearest candidate, and whether no other one is as near.
fn find<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<(&'c str, bool)> {
    // Longer names are no names, and the distance costs the product of the lengths.
    const MAX_LENGTH: usize = 256;
    if name.is_empty() || name.len() > MAX_LENGTH {
        return None;
    }
    let folded = fold(name);
    let (letters, folded_letters) = (name.chars().count(), folded.chars().count());
    let mut best: Option<(usize, &str)> = None;
    let mut is_only = true;
    for candidate in candidates {
        if candidate.is_empty() || candidate.len() > MAX_LENGTH {
            continue;
        }
        // A third of the letters may differ: one of `expr`, two of `labels`. Of two letters none
        // may, or it is a toss of a coin.
        let length = candidate.chars().count();
        let longer = letters.max(length);
        let allowed = longer / 3;
        let candidate_folded = fold(candidate);
        // Most candidates are told apart by their lengths, which costs nothing.
        if candidate_folded.chars().count().abs_diff(folded_letters) > allowed {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate_folded);
        if distance > allowed {
            continue;
        }
        match best {
            Some((least, known)) if distance == least => is_only &= known == candidate,
            Some((least, _)) if distance > least => {}
            _ => (best, is_only) = (Some((distance, candidate)), true),
        }
    }
    best.map(|(_, candidate)| (candidate, is_only))
}

/// A help text for an unknown name, if a known one is near.
pub fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
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

    #[test]
    fn of_two_that_are_equally_near_none_is_the_only_one() {
        for (candidates, only) in [
            (vec!["disk-1", "disk-2"], None),
            (vec!["disk-1", "disk-22"], Some("disk-1")),
            (vec!["disk-1", "disk-1"], Some("disk-1")),
            (vec!["disk-1", "disk-2", "disk3"], Some("disk3")),
        ] {
            assert_eq!(only_nearest("disk-3", candidates.iter().copied()), only, "{candidates:?}");
        }
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
