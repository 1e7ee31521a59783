//! Attribute lists, kramdown's `{: .class #id key="value"}`.
//!
//! Syntax after `kramdown/parser/kramdown/extensions.rb` of kramdown 2.4; read with more patience
//! than kramdown has: a value needs no quotes, and what is no attribute is passed over.

use super::document::Attributes;
use super::lines::Line;
use std::ops::Range;

/// The bytes of the attribute list that a line holds, if it holds nothing else. So does a line that
/// defines a list by name, `{:name: .class}`.
///
/// `{::name …}` and `{:/}` are extensions, not attribute lists.
pub fn of_line(source: &str, line: Line) -> Option<Range<usize>> {
    let rest = line.outdented(source)?.trimmed_end(source);
    let text = rest.text(source);
    (in_text(text)? == text.len()).then(|| rest.range())
}

/// How long the attribute list is that a text begins with.
pub fn in_text(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{:")?;
    if inner.starts_with([':', '/', '}']) {
        return None;
    }
    let bytes = inner.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'}' => return Some(2 + at + 1),
            b'\\' if bytes.get(at + 1) == Some(&b'}') => at += 2,
            b'\n' | b'\r' => return None,
            _ => at += 1,
        }
    }
}

/// Whether what looks like an attribute list in running text is meant as one: it has a class, an id
/// or a value.
pub fn is_evident(list: &str) -> bool {
    let inner = list.trim_start_matches("{:").trim_start();
    inner.starts_with(['.', '#']) || inner.contains("=\"")
}

/// Whether an attribute is one that only links can have, as `target="_blank"` is.
pub fn is_of_link(key: &str) -> bool {
    matches!(key, "target" | "rel" | "download" | "hreflang")
}

/// Whether an attribute is one that images have, and no text.
pub fn is_of_image(key: &str) -> bool {
    matches!(key, "width" | "height" | "alt")
}

/// Whether a list says something of which `is_its` holds.
pub fn says(list: &str, is_its: fn(&str) -> bool) -> bool {
    parse(list).pairs.iter().any(|(key, _)| is_its(key))
}

/// How long what a text begins with is that would be an attribute list if it began with `{:`, and
/// the list that is meant: `{target="_blank"}`, `{ :.x}`.
pub fn mistyped(text: &str) -> Option<(usize, String)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find(['}', '{', '\n'])?;
    let inner = inner[..end].trim();
    let written = inner.strip_prefix(':').map_or(inner, str::trim_start);
    let list = format!("{{:{written}}}");
    let is_list = inner.len() > written.len() || is_evident(&list);
    let said = parse(&list);
    let is_known = |key: &str| {
        is_of_link(key) || is_of_image(key) || matches!(key, "style" | "title" | "class" | "id")
    };
    let is_sound = said.references.is_empty() && said.pairs.iter().all(|(key, _)| is_known(key));
    (is_list && is_sound && text[1 + end..].starts_with('}')).then_some((end + 2, list))
}

/// Reads an attribute list, `{:` to `}`.
pub fn parse(list: &str) -> Attributes {
    let inner = list.strip_prefix("{:").unwrap_or(list);
    parse_inner(inner.strip_suffix('}').unwrap_or(inner))
}

/// The name and the list of a line that defines one, `{:name: .class}`.
pub fn definition(list: &str) -> Option<(&str, Attributes)> {
    let inner = list.strip_prefix("{:")?.strip_suffix('}')?;
    let (name, inner) = inner.split_once(':')?;
    let is_name = !name.is_empty()
        && !name.starts_with('-')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    (is_name && !inner.is_empty()).then(|| (name, parse_inner(inner)))
}

fn parse_inner(inner: &str) -> Attributes {
    let mut attributes = Attributes::default();
    let mut rest = inner.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = split_token(rest);
        match first {
            '.' | '#' => ids_and_classes(token, &mut attributes),
            _ => match token.split_once('=') {
                Some((key, value)) => {
                    let value = value.trim_matches(['"', '\'']).replace("\\}", "}");
                    match key {
                        "class" => {
                            let classes = value.split_whitespace().map(str::to_owned);
                            attributes.classes.extend(classes);
                        }
                        "id" => attributes.id = Some(value),
                        _ => attributes.pairs.push((key.to_owned(), value)),
                    }
                }
                None => attributes.references.push(token.to_owned()),
            },
        }
        rest = behind.trim_start();
    }
    attributes
}

/// `.a.b#c`
fn ids_and_classes(token: &str, attributes: &mut Attributes) {
    for part in token.split_inclusive(['.', '#']).scan(' ', |mark, part| {
        let before = *mark;
        *mark = part.chars().last().unwrap_or(' ');
        Some((before, part.trim_end_matches(['.', '#'])))
    }) {
        match part {
            (_, "") => {}
            ('#', id) => attributes.id = Some(id.to_owned()),
            (_, class) => attributes.classes.push(class.to_owned()),
        }
    }
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
    use super::super::lines;
    use super::*;

    #[test]
    fn reads_classes_ids_pairs_and_references() {
        let list = parse(r#"{:.table .wide#main.x title="two words" class="a b" toc}"#);
        assert_eq!(list.classes, ["table", "wide", "x", "a", "b"]);
        assert_eq!(list.id.as_deref(), Some("main"));
        assert_eq!(list.pairs, [("title".to_owned(), "two words".to_owned())]);
        assert_eq!(list.references, ["toc"]);
    }

    #[test]
    fn leaves_other_braces_alone() {
        let of_line = |line: &str| of_line(line, lines::split(line, 0)[0]);
        for line in ["{::options key=\"x\" /}", "{:/comment}", "{Region}", "{: .a} text", "x{: .a}"]
        {
            assert_eq!(of_line(line), None, "{line}");
        }
        assert_eq!(of_line("  {: .label .label-purple} "), Some(2..26));
    }

    #[test]
    fn a_list_that_begins_otherwise_is_known_by_what_it_says() {
        for (text, meant) in [
            ("{target=\"_blank\"} x", Some("{:target=\"_blank\"}")),
            ("{ :target=\"_blank\"}", Some("{:target=\"_blank\"}")),
            ("{.label .label-purple}", Some("{:.label .label-purple}")),
            ("{Region}", None),
            ("{app=\"armada\"}", None),
            ("{.label", None),
            ("{}", None),
        ] {
            assert_eq!(mistyped(text).map(|(_, list)| list).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn a_list_may_have_a_name() {
        let (name, list) = definition("{:note: .warning #w}").unwrap();
        assert_eq!((name, list.classes.as_slice()), ("note", &["warning".to_owned()][..]));
        assert_eq!(definition("{: .a:b}"), None);
    }
}
