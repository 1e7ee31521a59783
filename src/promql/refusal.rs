//! Texts that are surely no queries, told from them without being taken apart.

use super::grammar::is_keyword;

/// Words of newer grammars that stand behind an operand.
const NEWER: [&str; 5] = ["anchored", "smoothed", "fill", "fill_left", "fill_right"];

/// Whether a text begins so that no query can: with two names side by side, as commands and sentences do.
/// Looked at are no more than plain words at the front, among which there is no hole, no string and no
/// bracket.
pub fn begins_no_query(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_of_word = |byte: &&u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let mut at = 0;
    // Whether there are only blanks behind the last name.
    let mut is_behind_name = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' => at += 1,
            b'-' | b'/' | b',' => {
                is_behind_name = false;
                at += 1;
            }
            b'a'..=b'z' | b'0'..=b'9' | b'_' => {
                let end = at + bytes[at..].iter().take_while(is_of_word).count();
                // What goes on otherwise may have a hole in it.
                if !matches!(bytes.get(end), None | Some(b' ' | b'\t' | b'\n' | b'-' | b'/' | b','))
                {
                    return false;
                }
                let word = &text[at..end];
                let is_name = !byte.is_ascii_digit() && !is_keyword(word) && !NEWER.contains(&word);
                if is_name && is_behind_name {
                    return true;
                }
                is_behind_name = is_name;
                at = end;
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_sentences_begin_with_two_names() {
        for (text, expected) in [
            ("kubectl get pods", true),
            ("kubectl -n kube-system get", true),
            ("up and down", false),
            ("sum by (a) (b)", false),
            ("x offset 5m", false),
            ("rate(x[5m]) foo bar", false),
            ("5 pods", false),
            ("up", false),
        ] {
            assert_eq!(begins_no_query(text), expected, "{text}");
        }
    }
}
