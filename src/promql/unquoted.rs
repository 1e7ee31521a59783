//! What the strings of PromQL stand for.

use promql_parser::util::unquote_string;

/// What a string stands for that is written in quotes of one of the three kinds. `None` if it has an
/// escape or a line break that PromQL does not know.
pub(super) fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    let is_raw = quoted.starts_with('`');
    if !is_raw {
        let mut characters = inner.chars();
        while let Some(character) = characters.next() {
            // unquote_string cuts two bytes off an escape, whatever character stands there.
            if character == '\\' && !characters.next()?.is_ascii() {
                return None;
            }
        }
    }
    unquote_string(quoted).ok()
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn escapes_are_those_of_go() {
        for (quoted, expected) in [
            (r#""a""#, Some("a")),
            (r#""a\"b""#, Some("a\"b")),
            (r"'a\'b\n'", Some("a'b\n")),
            (r"`a\d`", Some(r"a\d")),
            (r#""\\d""#, Some(r"\d")),
            (r#""\\ö→""#, Some(r"\ö→")),
            (r#""ö\\""#, Some(r"ö\")),
            (r#""\u00f6\101""#, Some("öA")),
            (r#""\d""#, None),
            (r#""\ö""#, None),
            (r#""\'""#, None),
            ("\"a\nb\"", None),
            ("\"", None),
        ] {
            assert_eq!(unquoted(quoted).as_deref(), expected, "{quoted}");
        }
    }
}
