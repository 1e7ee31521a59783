//! The text of a cell as it reads: where its letters were written, and how its words are dressed.

use crate::markdown::{Document, Inline, InlineKind, html, push_as_written};
use crate::source::MappedText;
use std::borrow::Cow;
use std::ops::Range;

/// How a word is set: in code, as a link, strongly, with emphasis, in an element of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dress(u8);

impl Dress {
    /// Code.
    pub const CODE: Self = Self(1);
    const LINK: Self = Self(1 << 1);
    const LINK_ELSEWHERE: Self = Self(1 << 2);
    const STRONG: Self = Self(1 << 3);
    const EMPHASIS: Self = Self(1 << 4);
    /// Keys, marks, spans with a class.
    const OWN_ELEMENT: Self = Self(1 << 5);
    /// Small, raised or lowered: what is set beside a word.
    const ASIDE: Self = Self(1 << 6);
    /// What is struck out is no longer said.
    const STRUCK: Self = Self(1 << 7);

    /// Whether nothing sets the word off from the text around it.
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// Whether it is set as code.
    pub fn is_code(self) -> bool {
        self.has(Self::CODE)
    }

    /// Whether it is set as a remark beside another word.
    pub fn is_aside(self) -> bool {
        self.has(Self::ASIDE)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn of_element(name: &str) -> Self {
        match name {
            "b" | "strong" => Self::STRONG,
            "i" | "em" => Self::EMPHASIS,
            "code" | "tt" | "samp" => Self::CODE,
            "sub" | "sup" | "small" => Self::ASIDE,
            "del" | "s" | "strike" => Self::STRUCK,
            _ => Self::OWN_ELEMENT,
        }
    }
}

/// A part of a text that is dressed alike: a code span, a link, what stands between two of them. Two
/// code spans side by side are two.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// How it is dressed.
    pub dress: Dress,
}

/// The text of a cell. Line breaks and items of lists are parted by line breaks; characters that
/// nobody sees, such as soft hyphens, are left out.
#[derive(Debug, Default)]
pub struct DressedText {
    /// The text.
    pub text: MappedText,
    /// Its parts in order.
    pub(super) runs: Vec<Run>,
    /// The elements of raw HTML that are open, with what they dress.
    open: Vec<(String, Dress)>,
}

impl DressedText {
    /// Reads the content of a cell.
    pub fn of(document: &Document, content: &[Inline]) -> Self {
        let mut dressed = Self::default();
        dressed.push(document.source.text(), content, Dress::default());
        dressed
    }

    /// The part that a byte of the text stands in, as an index.
    pub fn run_at(&self, at: usize) -> Option<usize> {
        self.runs.partition_point(|run| run.range.start <= at).checked_sub(1)
    }

    /// How the text is dressed at a byte.
    pub fn dress_at(&self, at: usize) -> Dress {
        self.run_at(at).map_or(Dress::default(), |run| self.runs[run].dress)
    }

    fn push(&mut self, source: &str, inlines: &[Inline], dress: Dress) {
        for inline in inlines {
            let range = inline.range.clone();
            match &inline.kind {
                InlineKind::Text(_) | InlineKind::Verbatim(_) | InlineKind::Abbreviation(_) => {
                    let written = source.get(range.clone()).unwrap_or_default();
                    let mut mapped = MappedText::new();
                    push_as_written(inline.own_text(), written, range.start, &mut mapped);
                    self.push_text(&mapped, dress);
                }
                InlineKind::Angled { text, .. } => {
                    let mut mapped = MappedText::new();
                    mapped.push_replaced(text, range);
                    self.add(&mapped, dress);
                }
                InlineKind::Code(code) => self.add(code, dress.with(Dress::CODE)),
                InlineKind::Emphasis(inner) => {
                    self.push(source, inner, dress.with(Dress::EMPHASIS));
                }
                InlineKind::Strong(inner) => self.push(source, inner, dress.with(Dress::STRONG)),
                InlineKind::Link { content, target, .. } => {
                    let is_elsewhere = target.url.contains("://");
                    let link = if is_elsewhere { Dress::LINK_ELSEWHERE } else { Dress::LINK };
                    self.push(source, content, dress.with(link));
                }
                InlineKind::HardBreak => self.add_sign("\n", range),
                InlineKind::SoftBreak | InlineKind::Image { .. } => self.add_sign(" ", range),
                InlineKind::Html(tag) => self.push_tag(tag, range),
                InlineKind::Strikethrough(_) | InlineKind::FootnoteReference(_) => {}
            }
        }
    }

    /// Tags within text that only blocks have are text to kramdown. Their author meant them.
    fn push_text(&mut self, text: &MappedText, dress: Dress) {
        let written = text.text();
        let mut from = 0;
        for at in memchr::memchr_iter(b'<', written.as_bytes()) {
            let opening = || html::tag_at(&written[at..]).map(|tag| (tag.name, tag.range.end));
            let tag = html::closing_tag_at(&written[at..]).or_else(opening);
            let Some((_, length)) = tag.filter(|(name, _)| html::is_only_block(name)) else {
                continue;
            };
            self.add(&text.part(from..at), dress);
            self.add_sign("\n", text.to_source(at..at + length));
            from = at + length;
        }
        if from == 0 {
            self.add(text, dress);
        } else {
            self.add(&text.part(from..written.len()), dress);
        }
    }

    fn push_tag(&mut self, tag: &str, range: Range<usize>) {
        if let Some((name, _)) = html::closing_tag_at(tag) {
            let at = self.open.iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name));
            self.open.truncate(at.unwrap_or(self.open.len()));
        } else if let Some(tag) = html::tag_at(tag) {
            let name = tag.name.to_ascii_lowercase();
            match name.as_str() {
                "br" | "hr" => self.add_sign("\n", range),
                "a" => {
                    let url = tag.attribute("href").map(|(url, _)| url);
                    let link = match url {
                        Some(url) if url.contains("://") => Dress::LINK_ELSEWHERE,
                        Some(_) => Dress::LINK,
                        None => Dress::default(),
                    };
                    self.open.push((name, link));
                }
                _ if tag.is_closed || html::is_void(&name) => {}
                _ => {
                    let dress = Dress::of_element(&name);
                    self.open.push((name, dress));
                }
            }
        }
    }

    fn add_sign(&mut self, sign: &str, range: Range<usize>) {
        let mut mapped = MappedText::new();
        mapped.push_replaced(sign, range);
        self.add(&mapped, Dress::default());
    }

    fn add(&mut self, text: &MappedText, dress: Dress) {
        let dress = self.open.iter().fold(dress, |dress, (_, of_element)| dress.with(*of_element));
        let start = self.text.text().len();
        if !dress.has(Dress::STRUCK) {
            match as_seen(text.text()) {
                Cow::Borrowed(_) => self.text.push_mapped(text),
                Cow::Owned(_) => self
                    .text
                    .push_mapped(&text.with_characters(|it| is_unseen(it).then(String::new))),
            }
        }
        let range = start..self.text.text().len();
        match self.runs.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if last.dress == dress && dress.is_plain() => last.range.end = range.end,
            _ => self.runs.push(Run { range, dress }),
        }
    }
}

/// A text without the characters that nobody sees.
pub fn as_seen(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() && text.contains(is_unseen) {
        Cow::Owned(text.replace(is_unseen, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a character says where a word may be parted, or joined, and is no part of it.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}
