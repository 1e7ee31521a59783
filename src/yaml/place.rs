//! From the text of a scalar back to its bytes.
//!
//! The parser has decoded the text already; what is rebuilt here is the way it took: which bytes
//! stand as they are, and which were escapes, folded line breaks or indentation
//! (<https://yaml.org/spec/1.2.2/#chapter-7-flow-style-productions>). If the two ever disagree, the
//! text counts as one piece, so that a place is never wrong but only wide.

use super::scalar::Style;
use crate::source::MappedText;
use std::ops::Range;

/// The decoded text of a scalar that stands at `range` of `source`, with the bytes of each part.
pub(super) fn decode(source: &str, range: Range<usize>, style: Style, decoded: &str) -> MappedText {
    let retraced = match style {
        Style::Plain => flow(source, range.clone(), style, decoded),
        Style::SingleQuoted | Style::DoubleQuoted => {
            // Both quotes are one byte long.
            let inner = range.start + 1..range.end.saturating_sub(1);
            flow(source, inner, style, decoded)
        }
        Style::Block => block(source, range.start, decoded),
    };
    retraced.filter(|mapped| mapped.text() == decoded).unwrap_or_else(|| {
        let mut mapped = MappedText::new();
        mapped.push_replaced(decoded, range);
        mapped
    })
}

/// Retraces plain and quoted scalars: escapes, and line breaks folded with the blanks around them.
fn flow(source: &str, range: Range<usize>, style: Style, decoded: &str) -> Option<MappedText> {
    let mut mapped = MappedText::new();
    let mut at = range.start;
    while at < range.end {
        let rest = source.get(at..range.end)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let breaks = count_breaks(rest.get(..blank)?);
        if breaks > 0 {
            let folded = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
            mapped.push_replaced(&folded, at..at + blank);
            at += blank;
        } else if blank > 0 {
            mapped.push_verbatim(rest.get(..blank)?, at);
            at += blank;
        } else if style == Style::DoubleQuoted && rest.starts_with('\\') {
            let after = rest.get(1..)?;
            let blank = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let breaks =
                if after.starts_with(['\r', '\n']) { count_breaks(after.get(..blank)?) } else { 0 };
            if breaks > 0 {
                // An escaped line break joins the lines; empty lines after it stay.
                mapped.push_replaced(&"\n".repeat(breaks - 1), at..at + 1 + blank);
                at += 1 + blank;
            } else {
                // What the escape stands for is the next character of the decoded text.
                let character = decoded.get(mapped.text().len()..)?.chars().next()?;
                let length = escape_length(rest, character)?;
                mapped.push_replaced(character.encode_utf8(&mut [0; 4]), at..at + length);
                at += length;
            }
        } else if style == Style::SingleQuoted && rest.starts_with("''") {
            mapped.push_replaced("'", at..at + 2);
            at += 2;
        } else {
            let special = [' ', '\t', '\r', '\n', '\\', '\''];
            let first = rest.chars().next()?.len_utf8();
            let length = rest.get(first..)?.find(special).map_or(rest.len(), |more| first + more);
            mapped.push_verbatim(rest.get(..length)?, at);
            at += length;
        }
    }
    Some(mapped)
}

/// How many line breaks: `\r\n` is one.
fn count_breaks(blank: &str) -> usize {
    let bytes = blank.as_bytes();
    let breaks = bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    breaks - bytes.windows(2).filter(|pair| pair == b"\r\n").count()
}

/// How many bytes the escape at the beginning of `rest` takes.
fn escape_length(rest: &str, character: char) -> Option<usize> {
    Some(match rest.chars().nth(1)? {
        'x' => 4,
        // A character beyond the first plane may be written as a pair of surrogates.
        'u' if u32::from(character) > 0xFFFF => 12,
        'u' => 6,
        'U' => 10,
        other => 1 + other.len_utf8(),
    })
}

/// Retraces literal and folded scalars: each line's text stands in the source as it is, behind
/// the indentation, and only what joins the lines differs. `start` is the first character.
fn block(source: &str, start: usize, decoded: &str) -> Option<MappedText> {
    let line_start = source.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let indentation = start - line_start;
    let mut mapped = MappedText::new();
    let mut line = line_start;
    let mut previous_end = start;
    loop {
        let rest = decoded.get(mapped.text().len()..)?;
        if rest.trim_end_matches('\n').is_empty() {
            let end = source
                .get(previous_end..)?
                .find('\n')
                .map_or(source.len(), |at| previous_end + at + 1);
            mapped.push_replaced(rest, previous_end..end);
            return Some(mapped);
        }
        if line >= source.len() {
            return None;
        }
        let line_end = source.get(line..)?.find('\n').map_or(source.len(), |at| line + at);
        let content_start = (line + indentation).min(line_end);
        let content = source.get(content_start..line_end)?;
        let content = content.strip_suffix('\r').unwrap_or(content);
        if !content.is_empty() {
            // Folding makes a line break a space, except around lines that are indented more.
            let folded = rest.starts_with(' ') && !content.starts_with([' ', '\t']);
            let joint = if folded { 1 } else { rest.len() - rest.trim_start_matches('\n').len() };
            if !rest.get(joint..)?.starts_with(content) {
                return None;
            }
            mapped.push_replaced(rest.get(..joint)?, previous_end..content_start);
            mapped.push_verbatim(content, content_start);
            previous_end = content_start + content.len();
        }
        line = line_end + 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::yaml::{Node, Text, parse};
    use proptest::prelude::*;

    /// The text under the key `k` of the first document.
    fn text(yaml: &str) -> Text {
        let source = Source::new("a.yaml", yaml);
        let documents =
            parse(&source, 0..yaml.len()).unwrap_or_else(|error| panic!("{error:?} in {yaml}"));
        documents.first().and_then(|node| node.get("k")).and_then(Node::text).unwrap()
    }

    /// What stands in the source where the decoded text says `part`.
    fn written(text: &Text, part: &str) -> String {
        let start = text.as_str().find(part).unwrap();
        text.span_of(start..start + part.len()).text().to_owned()
    }

    #[test]
    fn parts_of_every_style_are_found_again() {
        for (yaml, decoded, part, place) in [
            ("k: up == 0\n", "up == 0", "==", "=="),
            ("k: up\n  ==\n\n  0\n", "up ==\n0", "== ", ""),
            ("k: 'it''s\n   up'\n", "it's up", "'s up", "''s\n   up"),
            (r#"k: "a\tb\"c\u00e9\x41\ud83d\ude00d""#, "a\tb\"cé\u{41}😀d", "é", r"\u00e9"),
            (r#"k: "a\ud83d\ude00b""#, "a😀b", "😀", r"\ud83d\ude00"),
            ("k: \"a \\\n   b\\\n\n   c\"", "a b\nc", "b", "b"),
            ("k: \" a \n\n  b \"", " a\nb ", "b ", "b "),
            ("k: |\r\n  up\r\n    == 0\r\n", "up\n  == 0\n", "up\n  ==", "up\r\n    =="),
            ("k: |2-\n    up\n  0\n", "  up\n0", "up", "up"),
            ("k: |+\n\n\n  up\n\n", "\n\nup\n\n", "up", "up"),
            (
                "k: >-\n\n  sum\n  by\n\n    (x)\n\n  end\n",
                "\nsum by\n\n  (x)\n\nend",
                "by\n\n  (x)",
                "by\n\n    (x)",
            ),
            ("k: |\n  up", "up\n", "up", "up"),
            ("j: &j |\n  up\nk: *j\n", "up\n", "up", "up"),
        ] {
            let text = text(yaml);
            assert_eq!(text.as_str(), decoded, "{yaml}");
            if !place.is_empty() {
                assert_eq!(written(&text, part), place, "{yaml}");
            }
        }
    }

    /// Words as they occur in queries and texts.
    fn words() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(r#"[a-zé"'\\\\(){}=~+*/]{0,6}[a-z0-9é]"#, 1..12)
    }

    /// How two words are joined in the file: in a line, by a line break, by an empty line.
    fn joints() -> impl Strategy<Value = Vec<usize>> {
        prop::collection::vec(0_usize..3, 12)
    }

    proptest! {
        #[test]
        fn every_word_of_every_style_is_found_again(
            words in words(), joints in joints(), indentation in 1_usize..5, style in 0_usize..5, crlf: bool,
        ) {
            let escape = |word: &str| match style {
                // A plain text may not begin like a quote or a bracket, nor hold a comment.
                0 => format!("w{word}"),
                1 => word.replace('\'', "''"),
                2 => word.replace('\\', "\\\\").replace('"', "\\\"").replace('é', "\\u00e9"),
                _ => word.to_owned(),
            };
            let (before, after) = [("", ""), ("'", "'"), ("\"", "\""), ("|-\n", ""), (">\n", "")][style];
            let indent = " ".repeat(indentation);
            let mut yaml = format!("k: {before}");
            if style > 2 {
                yaml.push_str(&indent);
            }
            for (index, word) in words.iter().enumerate() {
                if index > 0 {
                    yaml.push_str(&[" ".to_owned(), format!("\n{indent}"), format!("\n\n{indent}")][joints[index]]);
                }
                yaml.push_str(&escape(word));
            }
            yaml.push_str(after);
            yaml.push_str("\nz: 1\n");
            if crlf {
                yaml = yaml.replace('\n', "\r\n");
            }
            let text = text(&yaml);
            let mut from = 0;
            for word in &words {
                let decoded = if style == 0 { escape(word) } else { word.clone() };
                let start = from + text.as_str()[from..].find(&decoded).expect("the word is in the text");
                from = start + decoded.len();
                let span = text.span_of(start..from);
                prop_assert_eq!(span.text(), escape(word), "in {}", &yaml);
            }
        }
    }
}
