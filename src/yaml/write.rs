//! Texts as scalars of YAML, so that they are read as these texts and nothing else, also by readers
//! of YAML 1.1, for which `no` is a boolean.

/// A text as people would write it in a block mapping or a list: plain if it means itself, else
/// quoted.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text, written as it is outside of brackets and braces, is read as this text.
pub fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|it| it.is_alphabetic() || matches!(it, '_' | '(' | '/'))
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && text.chars().all(is_printable)
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str())
}

/// A text in double quotes, with the escapes of JSON, which are YAML's as well.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if is_printable(character) => quoted.push(character),
            // Everything else is below U+10000, where four digits are enough.
            _ => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character stands in YAML as it is, in one line.
pub fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFD}'..='\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::yaml::{Node, Value, parse};
    use proptest::prelude::*;

    /// What a document of one mapping with one key says: the key, and the value.
    fn read(text: &str) -> (String, Node) {
        let source = Source::new("a.yaml", text);
        let document = parse(&source, 0..text.len()).expect(text).remove(0);
        let entry = &document.entries()[0];
        (entry.name().to_owned(), entry.value.clone())
    }

    #[test]
    fn texts_are_written_as_people_write_them() {
        for (text, expected) in [
            ("Disk is full", "Disk is full"),
            ("https://r/a?b={{ $labels.b }}", "https://r/a?b={{ $labels.b }}"),
            ("On", "\"On\""),
            ("n", "\"n\""),
            ("5m", "\"5m\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("it's\n\"so\"", "\"it's\\n\\\"so\\\"\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_was(text in any::<String>(), word in "[a-zA-Z_(/:# '\"~-]{0,6}") {
            for text in [text, word] {
                let (key, value) = read(&format!("{0}: {0}\n", scalar(&text)));
                prop_assert_eq!(&key, &text);
                prop_assert!(matches!(value.value, Value::String(_)));
                prop_assert_eq!(value.as_str(), Some(text.as_str()));
                let json = serde_json::from_str::<String>(&quoted(&text));
                prop_assert_eq!(json.ok(), Some(text));
            }
        }
    }
}
