//! From pulldown-cmark's events to a tree.

use super::document::{
    Attributes, Block, BlockKind, CodeBlock, Definition, Inline, InlineKind, ListItem, Target,
};
use super::heading_id::HeadingIds;
use crate::source::MappedText;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::collections::HashMap;
use std::ops::Range;

/// Containers below this depth are left out and their content belongs to the container above, so
/// that no input makes the stages that walk the tree run out of stack.
const DEEPEST: usize = 64;

/// Where reference links lead: the address and title by label.
pub type References = HashMap<String, (String, String)>;

/// A text on its way to a tree.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'t> {
    /// The whole source.
    pub original: &'t str,
    /// What the source holds from `offset` on, with the parts masked that must not be read as
    /// Markdown: byte for byte of the same length, so that ranges hold in both.
    pub text: &'t str,
    /// Where `text` begins in the source.
    pub offset: usize,
    /// The masked parts within running text, in order.
    pub taken_out: &'t [TakenOut],
}

impl<'t> Reading<'t> {
    /// The text of a range of the source, masked.
    pub fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.start - self.offset..range.end - self.offset).unwrap_or_default()
    }
}

/// A part of running text that is not for CommonMark.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenOut {
    /// Its bytes in the source.
    pub range: Range<usize>,
    /// Why it was taken out.
    pub kind: TakenOutKind,
}

/// Why a part of running text was taken out.
#[derive(Debug, Clone, PartialEq)]
pub enum TakenOutKind {
    /// It stays as it is: a query in prose.
    Verbatim,
    /// It says something of the piece of text before it.
    SpanAttributes(Attributes),
}

/// The blocks of a text, and its reference definitions.
pub fn blocks(reading: Reading<'_>) -> (Vec<Block>, References) {
    let parser = Parser::new_ext(reading.text, options());
    let references = parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| {
            let title = definition.title.as_deref().unwrap_or_default();
            (label.to_lowercase(), (definition.dest.to_string(), title.to_owned()))
        })
        .collect();
    let mut builder = Builder::new(reading, reading.text, reading.offset);
    for (event, range) in parser.into_offset_iter() {
        builder.event(event, range);
    }
    (builder.finish().blocks, references)
}

/// The inlines of one line of text, a table's cell, which stands at a range of the source.
pub fn line(reading: Reading<'_>, range: &Range<usize>, references: &References) -> Vec<Inline> {
    // A heading is the one block whose content is read as running text whatever it looks like; the
    // closing mark keeps a text that ends in `#` whole.
    const PREFIX: &str = "# ";
    let text = format!("{PREFIX}{} #", reading.slice(range));
    let mut find_reference = |link: pulldown_cmark::BrokenLink<'_>| {
        references
            .get(&link.reference.to_lowercase())
            .map(|(url, title)| (CowStr::from(url.clone()), CowStr::from(title.clone())))
    };
    let parser = Parser::new_with_broken_link_callback(&text, options(), Some(&mut find_reference));
    let mut builder = Builder::new(reading, &text, range.start.wrapping_sub(PREFIX.len()));
    for (event, range) in parser.into_offset_iter() {
        builder.event(event, range);
    }
    match builder.finish().blocks.pop().map(|block| block.kind) {
        Some(BlockKind::Heading { content, .. }) => content,
        _ => Vec::new(),
    }
}

fn options() -> Options {
    // Tables are read by kramdown's rules, in `table.rs`; attributes of headings in `prepare.rs`.
    Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
}

/// A node that is still open.
struct Frame<'t> {
    tag: Option<Tag<'t>>,
    range: Range<usize>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<ListItem>,
    definitions: Vec<Definition>,
    task: Option<bool>,
    code: MappedText,
    html: String,
}

struct Builder<'t> {
    original: &'t str,
    text: &'t str,
    /// What to add to a range of `text` to get one of `original`; wraps for cells near its front.
    offset: usize,
    /// What was taken out of the running text.
    taken_out: &'t [TakenOut],
    stack: Vec<Frame<'t>>,
    /// Containers that were opened below [`DEEPEST`] and are not on the stack.
    passed_over: usize,
    ids: HeadingIds,
}

impl<'t> Builder<'t> {
    fn new(reading: Reading<'t>, text: &'t str, offset: usize) -> Self {
        let mut builder = Self {
            original: reading.original,
            text,
            offset,
            taken_out: reading.taken_out,
            stack: Vec::new(),
            passed_over: 0,
            ids: HeadingIds::default(),
        };
        builder.push(None, 0..text.len());
        builder
    }

    fn push(&mut self, tag: Option<Tag<'t>>, range: Range<usize>) {
        self.stack.push(Frame {
            tag,
            range: self.place(&range),
            blocks: Vec::new(),
            inlines: Vec::new(),
            items: Vec::new(),
            definitions: Vec::new(),
            task: None,
            code: MappedText::new(),
            html: String::new(),
        });
    }

    /// A range of the parsed text as one of the source.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let shift = |at: usize| at.wrapping_add(self.offset).min(self.original.len());
        shift(range.start)..shift(range.end).max(shift(range.start))
    }

    fn top(&mut self) -> &mut Frame<'t> {
        self.stack.last_mut().expect("the root is never closed by an event")
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) if self.passed_over > 0 => self.passed_over -= 1,
            Event::End(end) => self.end(end),
            Event::Text(text) => self.text(&text, &range),
            Event::Code(text) => {
                let code = self.code_span(&text, &range);
                self.inline(InlineKind::Code(code), &range);
            }
            Event::Html(html) => self.top().html.push_str(&html),
            Event::InlineHtml(html) => self.inline(InlineKind::Html(html.into_string()), &range),
            Event::SoftBreak => self.inline(InlineKind::SoftBreak, &range),
            Event::HardBreak => self.inline(InlineKind::HardBreak, &range),
            Event::FootnoteReference(label) => {
                self.inline(InlineKind::FootnoteReference(label.into_string()), &range);
            }
            Event::TaskListMarker(done) => {
                // In a loose list the mark is the first thing of the item's first paragraph.
                let item = self.stack.iter_mut().rev().find(|f| matches!(f.tag, Some(Tag::Item)));
                if let Some(item) = item {
                    item.task = Some(done);
                }
            }
            Event::Rule => {
                let range = self.place(&range);
                self.block(BlockKind::ThematicBreak, range);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        if self.stack.len() >= DEEPEST || self.passed_over > 0 {
            self.passed_over += 1;
            return;
        }
        self.push(Some(tag), range);
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        let place = self.place(range);
        if matches!(self.top().tag, Some(Tag::CodeBlock(_))) {
            let verbatim = self.text.get(range.clone()) == Some(text);
            let code = &mut self.top().code;
            if verbatim {
                code.push_verbatim(text, place.start);
            } else {
                code.push_replaced(text, place);
            }
            return;
        }
        self.running_text(text, place);
    }

    /// Adds text without the parts that were taken out of it, each of which has a say of its own.
    fn running_text(&mut self, text: &str, place: Range<usize>) {
        let next = self.taken_out.partition_point(|part| part.range.end <= place.start);
        let inside = self.taken_out.get(next).filter(|part| {
            part.range.start >= place.start
                && part.range.end <= place.end
                && text.len() == place.len()
        });
        let Some(TakenOut { range, kind }) = inside else {
            return self.plain_text(text, place);
        };
        self.plain_text(&text[..range.start - place.start], place.start..range.start);
        match kind {
            TakenOutKind::Verbatim => {
                let kept = self.original[range.clone()].to_owned();
                self.top().inlines.push(Inline::new(range.clone(), InlineKind::Verbatim(kept)));
            }
            TakenOutKind::SpanAttributes(attributes) => {
                if let Some(last) = self.top().inlines.last_mut() {
                    last.attributes.get_or_insert_default().merge(attributes.clone());
                }
            }
        }
        self.running_text(&text[range.end - place.start..], range.end..place.end);
    }

    fn plain_text(&mut self, text: &str, place: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let inlines = &mut self.top().inlines;
        // Quotes and escapes come as events of their own; one piece of text is easier to read.
        match inlines.last_mut() {
            Some(Inline { range, kind: InlineKind::Text(before), .. })
                if range.end == place.start =>
            {
                before.push_str(text);
                range.end = place.end;
            }
            _ => inlines.push(Inline::new(place, InlineKind::Text(text.to_owned()))),
        }
    }

    fn code_span(&self, text: &str, range: &Range<usize>) -> MappedText {
        let written = self.text.get(range.clone()).unwrap_or_default();
        let ticks = written.len() - written.trim_start_matches('`').len();
        let inner = written.get(ticks..written.len() - ticks).unwrap_or_default();
        let place = self.place(range);
        // One space each side is dropped, and line breaks are spaces; bytes keep their places
        // unless the prefix of a container stood between two lines.
        let lead = usize::from(inner.len() == text.len() + 2);
        if inner.len() == text.len() + 2 * lead {
            return MappedText::verbatim(text, place.start + ticks + lead);
        }
        let mut mapped = MappedText::new();
        mapped.push_replaced(text, place.start + ticks..place.end.saturating_sub(ticks));
        mapped
    }

    fn inline(&mut self, kind: InlineKind, range: &Range<usize>) {
        let range = self.place(range);
        self.top().inlines.push(Inline::new(range, kind));
    }

    fn block(&mut self, kind: BlockKind, range: Range<usize>) {
        self.flush_tight();
        let block = Block { range, attributes: Attributes::default(), kind };
        self.top().blocks.push(block);
    }

    /// Text that stands in an item without a paragraph around it becomes a tight one.
    fn flush_tight(&mut self) {
        let frame = self.top();
        let content = std::mem::take(&mut frame.inlines);
        if let (Some(first), Some(last)) = (content.first(), content.last()) {
            let range = first.range.start..last.range.end;
            frame.blocks.push(Block {
                range,
                attributes: Attributes::default(),
                kind: BlockKind::Paragraph { tight: true, content },
            });
        }
    }

    fn end(&mut self, end: TagEnd) {
        if is_container(end) {
            self.flush_tight();
        }
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let range = frame.range.clone();
        let Some(tag) = frame.tag else { return };
        match tag {
            Tag::Paragraph => {
                self.block(BlockKind::Paragraph { tight: false, content: frame.inlines }, range);
            }
            Tag::Heading { level, .. } => {
                let heading = self.heading(level as u8, frame.inlines);
                self.block(heading, range);
            }
            Tag::BlockQuote(_) => self.block(BlockKind::Quote(frame.blocks), range),
            Tag::CodeBlock(kind) => {
                let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                let info = if fenced { self.fence_info(&range) } else { None };
                let code = CodeBlock { info, fenced, text: frame.code };
                self.block(BlockKind::Code(code), range);
            }
            Tag::HtmlBlock => self.block(BlockKind::Html(frame.html), range),
            Tag::List(first_number) => {
                self.block(BlockKind::List { first_number, items: frame.items }, range);
            }
            Tag::Item => {
                self.top().items.push(ListItem { range, task: frame.task, blocks: frame.blocks });
            }
            Tag::FootnoteDefinition(label) => {
                let label = label.into_string();
                self.block(BlockKind::Footnote { label, blocks: frame.blocks }, range);
            }
            Tag::DefinitionList => {
                self.block(BlockKind::DefinitionList(frame.definitions), range);
            }
            Tag::DefinitionListTitle => {
                self.top().definitions.push(Definition::Term(frame.inlines));
            }
            Tag::DefinitionListDefinition => {
                self.top().definitions.push(Definition::Meaning(frame.blocks));
            }
            _ => self.end_inline(tag, frame.inlines, range),
        }
    }

    fn end_inline(&mut self, tag: Tag<'_>, content: Vec<Inline>, range: Range<usize>) {
        let kind = match tag {
            Tag::Emphasis => InlineKind::Emphasis(content),
            Tag::Strong => InlineKind::Strong(content),
            Tag::Strikethrough => InlineKind::Strikethrough(content),
            Tag::Link { link_type, dest_url, title, .. } => {
                let target = self.target(link_type, &dest_url, &title, &range, &content);
                InlineKind::Link { target, content }
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                let target = self.target(link_type, &dest_url, &title, &range, &content);
                InlineKind::Image { target, alt: super::document::plain_text(&content) }
            }
            // Tables, superscript, subscript and metadata blocks are not enabled.
            _ => return self.top().inlines.extend(content),
        };
        self.top().inlines.push(Inline::new(range, kind));
    }

    fn heading(&mut self, level: u8, mut content: Vec<Inline>) -> BlockKind {
        let id = self.ids.next(&super::document::plain_text(&content));
        let mut doubled_mark = None;
        if let Some(Inline { range, kind: InlineKind::Text(text), .. }) = content.first_mut() {
            let marks = text.len() - text.trim_start_matches('#').len();
            let rest = text[marks..].trim_start();
            let mark = text.len() - rest.len();
            // `## # of workers` counts workers.
            let is_mark = marks == usize::from(level) || (2..=6).contains(&marks);
            if is_mark && mark > marks && !rest.is_empty() {
                let rest = rest.to_owned();
                doubled_mark = Some(std::mem::replace(text, rest)[..mark].to_owned());
                range.start += mark;
            }
        }
        BlockKind::Heading { level, id, doubled_mark, content }
    }

    /// The info string of the fence that a block begins with, and its place.
    fn fence_info(&self, range: &Range<usize>) -> Option<(String, Range<usize>)> {
        let block = self.original.get(range.clone())?;
        let line = block.lines().next()?;
        let fence = line.trim_start().chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let behind = line.trim_start().trim_start_matches(fence);
        let info = behind.trim();
        let start = range.start + line.len() - behind.trim_start().len();
        (!info.is_empty()).then(|| (info.to_owned(), start..start + info.len()))
    }

    /// Where a link leads, with the bytes of its address.
    fn target(
        &self,
        link_type: LinkType,
        url: &str,
        title: &str,
        range: &Range<usize>,
        content: &[Inline],
    ) -> Target {
        let address = match link_type {
            LinkType::Inline => {
                let behind_text = content.last().map_or(range.start, |last| last.range.end);
                self.inline_address(behind_text..range.end)
            }
            LinkType::Autolink | LinkType::Email => Some(range.start + 1..range.end - 1),
            _ => None,
        };
        Target {
            url: url.to_owned(),
            title: title.to_owned(),
            range: address.unwrap_or_else(|| range.clone()),
        }
    }

    /// The address in `](address "title")`.
    fn inline_address(&self, range: Range<usize>) -> Option<Range<usize>> {
        let text = self.original.get(range.clone())?;
        let open = text.find("](")? + 2;
        let rest = text[open..].trim_start();
        let start = range.start + text.len() - rest.len();
        if let Some(inner) = rest.strip_prefix('<') {
            let length = inner.find('>')?;
            return Some(start + 1..start + 1 + length);
        }
        let mut depth = 0_usize;
        let end = rest.find(|character: char| match character {
            '(' => {
                depth += 1;
                false
            }
            ')' if depth == 0 => true,
            ')' => {
                depth -= 1;
                false
            }
            _ => character.is_whitespace(),
        })?;
        Some(start..start + end)
    }

    fn finish(mut self) -> Frame<'t> {
        self.flush_tight();
        self.stack.swap_remove(0)
    }
}

/// Whether text may stand in it without a paragraph.
fn is_container(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionListDefinition
    )
}
