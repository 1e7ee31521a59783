//! Which tags belong together: `raw` and `endraw`, `comment` and `endcomment`, `capture` and
//! `endcapture`.
//!
//! Jekyll refuses a page in which one of a pair is missing. Here such a tag is text like any other,
//! and so are all tags that are not in this list.

use super::marks::{Mark, Marks};
use std::collections::HashMap;

/// What a block does with the text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// The text stays as it stands.
    Raw,
    /// The text is left out.
    Comment,
    /// The text is put where this name is used later, and nowhere else.
    Capture(String),
}

/// A block, as its opening tag leads to it.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub kind: BlockKind,
    /// The tag that closes it.
    pub close: Mark,
}

/// The blocks of a text from a byte on, by the bytes at which their opening tags begin.
///
/// Blocks lie within each other or apart, never across: a tag that closes a block also ends what
/// was opened in it and not closed.
pub(super) fn find(text: &str, from: usize) -> HashMap<usize, Block> {
    let mut found = HashMap::new();
    let mut open: Vec<(BlockKind, usize)> = Vec::new();
    // How many of them are comments, so that a stray end does not look through all of them.
    let mut comments = 0;
    let mut marks = Marks::new(text, from);
    let mut may_end_raw = true;
    while let Some(mark) = marks.next() {
        let Some((name, rest)) = mark.words(text) else { continue };
        match name {
            "raw" if rest.is_empty() && may_end_raw => {
                let mut later = marks.clone();
                later.go_on_at(mark.range.end);
                match later.find(|mark| mark.words(text) == Some(("endraw", ""))) {
                    Some(close) => {
                        marks.go_on_at(close.range.end);
                        found.insert(mark.range.start, Block { kind: BlockKind::Raw, close });
                    }
                    None => may_end_raw = false,
                }
            }
            "comment" => {
                open.push((BlockKind::Comment, mark.range.start));
                comments += 1;
            }
            "capture" => {
                if let Some(name) = captured_name(rest) {
                    open.push((BlockKind::Capture(name.to_owned()), mark.range.start));
                }
            }
            "endcomment" | "endcapture" => {
                let ends_comment = name == "endcomment";
                let waiting = if ends_comment { comments } else { open.len() - comments };
                while waiting > 0
                    && let Some((kind, start)) = open.pop()
                {
                    let is_comment = kind == BlockKind::Comment;
                    comments -= usize::from(is_comment);
                    if is_comment == ends_comment {
                        found.insert(start, Block { kind, close: mark });
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The name of a capture: a word, which may stand in quotes.
fn captured_name(rest: &str) -> Option<&str> {
    let rest = rest.trim();
    let unquoted = ['"', '\'']
        .iter()
        .find_map(|quote| rest.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(rest);
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    (!unquoted.is_empty() && unquoted.chars().all(is_word)).then_some(unquoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lie_within_each_other_or_apart() {
        for (text, expected) in [
            (
                "{% raw %}{% comment %}{% endraw %}{% endcomment %}",
                vec!["{% raw %}{% comment %}{% endraw %}"],
            ),
            ("{%raw%}{{ a {%- endraw -%}", vec!["{%raw%}{{ a {%- endraw -%}"]),
            ("{% raw %}{% raw x %}", vec![]),
            (
                "{% comment a %}{% comment %}{% endcomment %}{% endcomment %}{% endcomment %}",
                vec![
                    "{% comment a %}{% comment %}{% endcomment %}{% endcomment %}",
                    "{% comment %}{% endcomment %}",
                ],
            ),
            (
                "{% capture 'a' %}{% comment %}{% endcapture %}{% endcomment %}",
                vec!["{% capture 'a' %}{% comment %}{% endcapture %}"],
            ),
            ("{% capture %}{% capture a b %}{% endcapture %}{% endcomment %}", vec![]),
            (
                "{% comment %}{% capture a %}{% endcapture %}",
                vec!["{% capture a %}{% endcapture %}"],
            ),
            ("{% if a %}{% endif %}", vec![]),
        ] {
            let found = find(text, 0);
            let mut blocks: Vec<_> =
                found.iter().map(|(start, block)| *start..block.close.range.end).collect();
            blocks.sort_by_key(|range| range.start);
            let blocks: Vec<&str> = blocks.into_iter().map(|range| &text[range]).collect();
            assert_eq!(blocks, expected, "{text}");
        }
    }
}
