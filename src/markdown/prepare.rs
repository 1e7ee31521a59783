//! What is taken out of a text before CommonMark's rules are applied to it.
//!
//! Some things of the dialect look like text to CommonMark: attribute lists (`{: .label}` on a line
//! of its own, or right behind a link), ids of headings (`## Title {#id}`) and queries in prose,
//! whose `*`, `"` and `_` are no marks. They are masked, byte for byte of the same length, so that
//! every range of the masked text is one of the source: attribute lists of blocks and ids with
//! spaces (kramdown ends a paragraph at an attribute list too), what stands within text with `%`,
//! which means nothing anywhere in Markdown.

use super::attributes;
use super::document::{
    Attributes, Block, BlockKind, Inline, InlineKind, walk_blocks, walk_inlines,
};
use super::tree::{TakenOut, TakenOutKind};
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
    /// What was taken out of running text, in order.
    pub taken_out: Vec<TakenOut>,
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
            let opaque = opaque(content);
            paragraph(source, &block.range, &opaque, verbatim, &mut prepared);
            span_attributes(source, &block.range, &opaque, &mut prepared);
        }
        BlockKind::Heading { content, .. } => {
            let opaque = opaque(content);
            heading(source, &block.range, &mut prepared);
            keep_verbatim(source, &block.range, &opaque, verbatim, &mut prepared);
            span_attributes(source, &block.range, &opaque, &mut prepared);
        }
        _ => {}
    });
    prepared.taken_out.sort_by_key(|part| part.range.start);
    prepared.mask(source, offset);
    prepared
}

impl Prepared {
    fn mask(&mut self, source: &str, offset: usize) {
        let blanks = self.attribute_lists.iter().map(|(range, _)| (range, b' '));
        let ids = self.heading_ids.iter().map(|(range, _)| (range, b' '));
        let in_text = self.taken_out.iter().map(|part| (&part.range, b'%'));
        let mut masks = blanks.chain(ids).chain(in_text).peekable();
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
    opaque: &[Opaque],
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
    keep_verbatim(source, range, opaque, verbatim, prepared);
}

/// The parts of a text that must stay as they are.
fn keep_verbatim(
    source: &str,
    range: &Range<usize>,
    opaque: &[Opaque],
    verbatim: &dyn Fn(&str) -> Vec<Range<usize>>,
    prepared: &mut Prepared,
) {
    let text = &source[range.clone()];
    if !text.contains(':') {
        return;
    }
    for found in verbatim(text) {
        let place = range.start + found.start..range.start + found.end;
        let lists = prepared.attribute_lists.iter().map(|(list, _)| list);
        let is_free = opaque.iter().all(|part| part.leaves(&place));
        if is_free && lists.into_iter().all(|list| is_apart(list, &place)) {
            prepared.taken_out.push(TakenOut { range: place, kind: TakenOutKind::Verbatim });
        }
    }
}

fn is_apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end <= b.start || b.end <= a.start
}

/// A part of running text that is no text: code, a tag, an address.
struct Opaque {
    range: Range<usize>,
    /// Whether it looks like a tag: within a query it is a placeholder, `x{pod="<pod name>"}`.
    is_tag: bool,
}

impl Opaque {
    /// Whether a query may stand at a place for all that this knows.
    fn leaves(&self, place: &Range<usize>) -> bool {
        let is_inside = place.start <= self.range.start && self.range.end <= place.end;
        is_apart(&self.range, place) || (self.is_tag && is_inside)
    }
}

fn opaque(content: &[Inline]) -> Vec<Opaque> {
    let mut found = Vec::new();
    walk_inlines(content, &mut |inline| match &inline.kind {
        InlineKind::Code(_) | InlineKind::Image { .. } => {
            found.push(Opaque { range: inline.range.clone(), is_tag: false });
        }
        InlineKind::Html(_) => found.push(Opaque { range: inline.range.clone(), is_tag: true }),
        InlineKind::Link { target, content } => {
            // From the end of the text on stand address and title.
            let text_end = content.last().map_or(inline.range.start, |last| last.range.end);
            let range = text_end.min(target.range.start)..inline.range.end;
            found.push(Opaque { range, is_tag: false });
        }
        _ => {}
    });
    found
}

/// Attribute lists right behind a link, an image, emphasis or code: `[x](y){:target="_blank"}`.
fn span_attributes(source: &str, range: &Range<usize>, opaque: &[Opaque], prepared: &mut Prepared) {
    let text = &source[range.clone()];
    let mut from = 1;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("{:")) {
        let start = from + found;
        from = start + 2;
        let line = text[start..].lines().next().unwrap_or_default();
        let Some(end) = line.find('}').map(|end| start + end + 1) else { continue };
        let Some(list) = attributes::parse_line(&text[start..end]) else { continue };
        let place = range.start + start..range.start + end;
        let behind_element = text[..start].ends_with([')', ']', '*', '_', '`', '>', '~']);
        let taken = prepared.taken_out.iter().map(|part| &part.range);
        let lists = prepared.attribute_lists.iter().map(|(list, _)| list);
        let tags = opaque.iter().map(|part| &part.range);
        if behind_element && tags.chain(taken).chain(lists).all(|other| is_apart(other, &place)) {
            let kind = TakenOutKind::SpanAttributes(list);
            prepared.taken_out.push(TakenOut { range: place, kind });
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
