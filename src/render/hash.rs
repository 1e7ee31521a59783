//! The hash that the build and the scripts of its pages share.

/// 32-bit FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>) over numbers, which takes a line in
/// JavaScript: `static/paste.js` has it of expressions, `static/search.js` of words.
pub fn fnv1a(numbers: impl Iterator<Item = u32>) -> u32 {
    numbers.fold(0x811C_9DC5, |hash, number| (hash ^ number).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_its_authors_publish() {
        for (text, hash) in [("", 0x811C_9DC5), ("a", 0xE40C_292C), ("foobar", 0xBF9C_F968)] {
            assert_eq!(fnv1a(text.chars().map(u32::from)), hash, "{text}");
        }
    }

    #[test]
    fn the_scripts_begin_and_go_on_with_the_same_numbers() {
        let scripts =
            [include_str!("../../static/paste.js"), include_str!("../../static/search.js")];
        for script in scripts {
            assert!(script.contains("= 0x811c9dc5;") && script.contains(", 0x01000193);"));
        }
    }
}
