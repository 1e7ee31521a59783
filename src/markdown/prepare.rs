//! What is taken out of a text before CommonMark's rules are applied to it.
//!
//! Three things of the dialect look like text to CommonMark: block attribute lists (`{: .label}` on
//! a line of its own), ids of headings (`## Title {#id}`) and queries in prose, whose `*`, `"` and
//! `_` are no marks. They are masked, byte for byte of the same length, so that every range of the
//! masked text is one of the source: attribute lists and ids with spaces (kramdown ends a paragraph
//! at an attribute list too), queries with letters.

use super::attributes;
use super::document::{Attributes, Block, BlockKind, InlineKind, walk_blocks, walk_inlines};
use std::ops::Range;

/// A text ready to be read, and what was taken out of it. Ranges are those of the source.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The masked text; `None` if nothing had to be masked.
    pub masked: Option<String>,
    /// Block attribute lists, in order.
    pub attribute_lists: Vec<(Range<usize>, Attributes)>,
    /// Ids written behind headings, in order.
    pub heading_ids: Vec<(Range<usize>, String)>,
    /// Text to be kept as it is, in order.
    pub verbatim: Vec<Range<usize>>,
}

/// Looks through the blocks of a first reading of `text`, which is what `source` holds from
/// `offset` on. `verbatim` finds the parts of a line of prose that must stay as they are.
pub fn prepare(
    source: &str,
    offset: usize,
    blocks: &[Block],
    verbatim: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Prepared {
    let mut prepared = Prepared::default();
    walk_blocks(blocks, &mut |block| match &block.kind {
        BlockKind::Paragraph { content, .. } => {
            let mut code = Vec::new();
            walk_inlines(content, &mut |inline| {
                if matches!(inline.kind, InlineKind::Code(_)) {
                    code.push(inline.range.clone());
                }
            });
            paragraph(source, &block.range, &code, verbatim, &mut prepared);
        }
        BlockKind::Heading { .. } => heading(source, &block.range, &mut prepared),
        _ => {}
    });
    prepared.mask(source, offset);
    prepared
}

impl Prepared {
    fn mask(&mut self, source: &str, offset: usize) {
        let blanks = self.attribute_lists.iter().map(|(range, _)| (range, b' '));
        let ids = self.heading_ids.iter().map(|(range, _)| (range, b' '));
        let letters = self.verbatim.iter().map(|range| (range, b'q'));
        let mut masks = blanks.chain(ids).chain(letters).peekable();
        if masks.peek().is_none() {
            return;
        }
        let mut masked = source.as_bytes()[offset..].to_vec();
        for (range, with) in masks {
            masked[range.start - offset..range.end - offset].fill(with);
        }
        // Whole characters were replaced by ASCII, so this is text.
        self.masked = String::from_utf8(masked).ok();
    }
}

/// Attribute lists and verbatim parts among the lines of a paragraph.
fn paragraph(
    source: &str,
    range: &Range<usize>,
    code: &[Range<usize>],
    verbatim: &dyn Fn(&str) -> Vec<Range<usize>>,
    prepared: &mut Prepared,
) {
    let text = &source[range.clone()];
    let mut start = range.start;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.contains("{:")
            && let Some(list) = attributes::parse_line(content)
        {
            let indent = content.len() - content.trim_start().len();
            prepared.attribute_lists.push((start + indent..start + content.len(), list));
        }
        start += line.len();
    }
    if !text.contains(':') {
        return;
    }
    for found in verbatim(text) {
        let place = range.start + found.start..range.start + found.end;
        let free = |other: &Range<usize>| other.end <= place.start || place.end <= other.start;
        let lists = prepared.attribute_lists.iter().map(|(list, _)| list);
        if code.iter().chain(lists).all(free) {
            prepared.verbatim.push(place);
        }
    }
}

/// An id at the end of a heading's line, `{#id}`.
fn heading(source: &str, range: &Range<usize>, prepared: &mut Prepared) {
    let Some(line) = source[range.clone()].lines().next() else {
        return;
    };
    let content = line.trim_end().trim_end_matches('#').trim_end();
    if let Some(open) = content.rfind("{#")
        && let Some(id) = content[open + 2..].strip_suffix('}')
        && id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:-.".contains(&byte))
        && content[..open].ends_with([' ', '\t'])
    {
        let place = range.start + open..range.start + content.len();
        prepared.heading_ids.push((place, id.to_owned()));
    }
}
