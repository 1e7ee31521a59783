//! Texts in quotes.

/// Where a quote that is open ends: how many bytes stand before the one that closes it. With `has_escapes`,
/// the byte behind a backslash closes nothing.
pub fn end_of_quoted(text: &[u8], quote: u8, has_escapes: bool) -> Option<usize> {
    let mut is_escaped = false;
    text.iter().position(|byte| {
        let ends = *byte == quote && !is_escaped;
        is_escaped = has_escapes && *byte == b'\\' && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_closes_nothing() {
        for (text, has_escapes, expected) in [
            ("up\" == 0", true, Some(2)),
            (r#"a\"b" c"#, true, Some(4)),
            (r#"a\"b" c"#, false, Some(2)),
            (r#"a\\" c"#, true, Some(3)),
            (r#"a\\\" c"#, true, None),
            ("\"", true, Some(0)),
            ("", true, None),
        ] {
            assert_eq!(end_of_quoted(text.as_bytes(), b'"', has_escapes), expected, "{text}");
        }
    }
}
