//! Attribute lists, kramdown's `{: .class #id key="value"}`.
//!
//! Syntax after kramdown's manual, "Attribute List Definitions"; read with more patience than
//! kramdown has: what is no attribute is passed over.

use super::document::Attributes;

/// The attributes of a line that holds a block attribute list and nothing else, else `None`.
///
/// `{::name …}` and `{:/}` are extensions, not attribute lists, and give `None`.
pub fn parse_line(line: &str) -> Option<Attributes> {
    let inner = line.trim().strip_prefix("{:")?.strip_suffix('}')?;
    if inner.starts_with([':', '/']) || inner.contains(['{', '}', '\n']) {
        return None;
    }
    Some(parse(inner))
}

/// Reads the inside of an attribute list.
fn parse(inner: &str) -> Attributes {
    let mut attributes = Attributes::default();
    let mut rest = inner.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = split_token(rest);
        match first {
            '.' => attributes
                .classes
                .extend(token.split('.').filter(|class| !class.is_empty()).map(str::to_owned)),
            '#' if token.len() > 1 => attributes.id = Some(token[1..].to_owned()),
            _ => match token.split_once('=') {
                Some((key, value)) => {
                    let value = value.trim_matches(['"', '\'']);
                    attributes.pairs.push((key.to_owned(), value.to_owned()));
                }
                None => attributes.references.push(token.to_owned()),
            },
        }
        rest = behind.trim_start();
    }
    attributes
}

/// The token at the front, up to white space outside of quotes, and what follows it.
fn split_token(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            None if character == '"' || character == '\'' => quote = Some(character),
            None if character.is_whitespace() => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_classes_ids_pairs_and_references() {
        let list = parse_line(r#"{:.table .wide #main title="two words" toc}"#).unwrap();
        assert_eq!(list.classes, ["table", "wide"]);
        assert_eq!(list.id.as_deref(), Some("main"));
        assert_eq!(list.pairs, [("title".to_owned(), "two words".to_owned())]);
        assert_eq!(list.references, ["toc"]);
        assert_eq!(parse_line("{: .label .label-purple}").unwrap().classes.len(), 2);
    }

    #[test]
    fn leaves_other_braces_alone() {
        for line in ["{::options key=\"x\" /}", "{:/comment}", "{Region}", "{: .a} text", "x{: .a}"]
        {
            assert_eq!(parse_line(line), None, "{line}");
        }
    }
}
