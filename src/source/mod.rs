//! Source texts and the places in them.
//!
//! Every diagnostic points at the very characters it is about, so every parser keeps byte ranges
//! of the file it reads. Three types carry them:
//!
//! - [`Source`]: one file of the site, as text; or a text that was made of such a file.
//! - [`Span`]: a range of one source. It can't leave it.
//! - [`MappedText`]: text that was decoded out of a source (a YAML scalar, the lines of an indented
//!   fence, a query with its placeholders replaced) and still knows which bytes it came from.
//!
//! Architecture invariant: nothing here reads files. Texts come in, places go out.

mod byte_set;
mod mapped;
mod phrases;
mod quoted;
mod special;

pub use byte_set::ByteSet;
pub use mapped::MappedText;
pub use phrases::Phrases;
pub use quoted::end_of_quoted;
pub use special::Special;

use crate::memo::Key;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// One text file of the site.
///
/// The text has neither byte order mark nor surprises: [`Source::new`] takes what the loader
/// decoded. Line endings stay as they are in the file.
///
/// A parser need not know whether the text is the file's own or was [derived](Source::derived) from
/// it: it reads [`text`](Source::text), keeps ranges of that, and [`Span::new`] makes places in the
/// file of them.
pub struct Source {
    path: String,
    content: Content,
    /// Byte offsets at which lines begin; computed when a place is first shown, since most files
    /// have no findings.
    line_starts: OnceLock<Box<[u32]>>,
    /// How many characters begin before each block of [`BLOCK`] bytes; computed when a place far
    /// into a line is first shown.
    characters: OnceLock<Box<[u32]>>,
    /// The hash of path and text; computed when it is first asked for.
    key: OnceLock<Key>,
}

/// What some editors put in front of a text to say that it is UTF-8; no text here has it.
pub const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// How many bytes are counted at once.
const BLOCK: usize = 4096;

/// How many characters begin in some bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

enum Content {
    /// What the file says.
    Written(String),
    /// What was made of it; few are, and it takes more room.
    Derived(Box<Derived>),
}

/// A text that was made of a file's own.
struct Derived {
    original: Arc<Source>,
    text: MappedText,
}

/// A line and a column, both from 1; columns count characters, as editors and `rustc` do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// A source under its path relative to the site, with `/` between folders.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let content = Content::Written(text.into());
        Arc::new(Self {
            path: path.into(),
            content,
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
            key: OnceLock::new(),
        })
    }

    /// A text that is read in place of a source's own, such as one in which templates are filled
    /// in. It is mapped to the bytes of the original, and every span of it is one of the original.
    pub fn derived(original: &Arc<Self>, text: MappedText) -> Arc<Self> {
        let content = Content::Derived(Box::new(Derived { original: Arc::clone(original), text }));
        Arc::new(Self {
            path: original.path.clone(),
            content,
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
            key: OnceLock::new(),
        })
    }

    /// The path relative to the site's root, with `/` between folders.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Written(text) => text,
            Content::Derived(derived) => derived.text.text(),
        }
    }

    /// Whether the text was [made](Self::derived) of that of a file.
    pub fn is_derived(&self) -> bool {
        matches!(self.content, Content::Derived(_))
    }

    /// The hash of the path and the text, under which what was made of them is kept.
    pub fn key(&self) -> Key {
        *self.key.get_or_init(|| Key::of(&[self.path.as_bytes(), self.text().as_bytes()]))
    }

    /// The place of a byte offset of the text, in the file. Offsets beyond the end are the end's.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(self.text(), offset);
        if let Content::Derived(derived) = &self.content {
            let Derived { original, text } = &**derived;
            return original.position(text.to_source(offset..offset).start);
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start as usize <= offset);
        let start = starts[line - 1] as usize;
        Position { line, column: self.characters_between(start, offset) + 1 }
    }

    /// The byte offset at which a line of the text begins, from 1; the end of the text for lines
    /// beyond it. The lines of a derived text are its own, not those of the file.
    pub fn line_start(&self, line: usize) -> usize {
        let starts = self.line_starts();
        starts.get(line.saturating_sub(1)).map_or(self.text().len(), |&start| start as usize)
    }

    /// How many characters begin between two bytes of the text. Where these are far apart, most of
    /// them have been counted before: a line may be all of a file, and have thousands of findings.
    fn characters_between(&self, start: usize, end: usize) -> usize {
        let bytes = self.text().as_bytes();
        if end - start <= BLOCK {
            return characters(&bytes[start..end]);
        }
        let before = self.characters.get_or_init(|| {
            let mut total = 0;
            let counted = bytes.chunks(BLOCK).map(|block| {
                total += characters(block);
                to_u32(total)
            });
            std::iter::once(0).chain(counted).collect()
        });
        let until = |at: usize| {
            let block = at / BLOCK;
            before[block] as usize + characters(&bytes[block * BLOCK..at])
        };
        until(end) - until(start)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text().as_bytes());
            std::iter::once(0).chain(newlines.map(|at| to_u32(at + 1))).collect()
        })
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} bytes)", self.path, self.text().len())
    }
}

/// A range of bytes in one file; always within it, always at character boundaries.
#[derive(Clone)]
pub struct Span {
    source: Arc<Source>,
    start: u32,
    end: u32,
}

impl Span {
    /// The span of a range. What lies outside of the text, or inside of a character, is pulled in,
    /// so that a wrong offset gives a slightly wrong place and never a panic in front of a user.
    /// A range of a derived source becomes the bytes of the original that it came from.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let start = floor_char_boundary(source.text(), range.start);
        let end = floor_char_boundary(source.text(), range.end).max(start);
        if let Content::Derived(derived) = &source.content {
            let Derived { original, text } = &**derived;
            return Self::new(original, text.to_source(start..end));
        }
        Self { source: Arc::clone(source), start: to_u32(start), end: to_u32(end) }
    }

    /// The span of a range, if the file holds these very bytes. `None` if they lie outside of the
    /// text or inside of a character, or if a derived source has them from elsewhere.
    pub fn written(source: &Arc<Source>, range: Range<usize>) -> Option<Self> {
        source.text().get(range.clone())?;
        if let Content::Derived(derived) = &source.content {
            let Derived { original, text } = &**derived;
            return Self::written(original, text.to_written(range)?);
        }
        Some(Self::new(source, range))
    }

    /// The file this is a part of; never a derived source.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The bytes of the source that this covers.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it covers.
    #[inline]
    pub fn length(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// The text it covers, as it stands in the file.
    pub fn text(&self) -> &str {
        &self.source.text()[self.range()]
    }

    /// Where it begins.
    pub fn start(&self) -> Position {
        self.source.position(self.start as usize)
    }

    /// Where it ends: the first place that is no longer part of it.
    pub fn end(&self) -> Position {
        self.source.position(self.end as usize)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.start();
        write!(f, "{}:{line}:{column} {:?}", self.source.path, self.text())
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        (self.source.path(), self.start, self.end) == (other.source.path(), other.start, other.end)
    }
}

impl Eq for Span {}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Span {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.source.path(), self.start, self.end).cmp(&(
            other.source.path(),
            other.start,
            other.end,
        ))
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Offsets are kept in 32 bits; the loader refuses files that would not fit.
fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.md", "eins\nzwölf é\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(5), Position { line: 2, column: 1 });
        let e = source.text().find('é').unwrap();
        assert_eq!(source.position(e), Position { line: 2, column: 7 });
        assert_eq!(source.position(999), Position { line: 3, column: 1 });
        let long = Source::new("a.md", format!("é\n{}", "aé".repeat(BLOCK * 2)));
        for characters in [1, 2, BLOCK, BLOCK * 3 + 1] {
            let offset = long.text().char_indices().nth(2 + characters).unwrap().0;
            assert_eq!(long.position(offset), Position { line: 2, column: characters + 1 });
        }
        assert_eq!(source.line_start(2), 5);
    }

    #[test]
    fn a_span_can_not_leave_its_source() {
        let source = Source::new("a.md", "zwölf");
        // Offset 3 is inside of the two bytes of `ö`.
        assert_eq!(Span::new(&source, 3..99).text(), "ölf");
        assert_eq!(Span::new(&source, 80..99).text(), "");
    }

    #[test]
    fn a_span_of_a_derived_source_is_one_of_the_file() {
        let file = Source::new("a.md", "one {{ x }}\ntwo");
        let mut text = MappedText::verbatim("one ", 0);
        text.push_replaced("zwölf", 4..11);
        text.push_verbatim("\ntwo", 11);
        let source = Source::derived(&file, text);
        assert_eq!((source.path(), source.text()), ("a.md", "one zwölf\ntwo"));
        for (range, expected) in [
            (0..3, "one"),
            (0..5, "one {{ x }}"),
            (7..9, "{{ x }}"),
            (9..14, "{{ x }}\ntwo"),
            (11..14, "two"),
            (99..200, ""),
        ] {
            let span = Span::new(&source, range.clone());
            assert_eq!(span.text(), expected, "{range:?}");
            assert!(Arc::ptr_eq(span.source(), &file));
        }
        assert_eq!(source.position(11), Position { line: 2, column: 1 });
        assert_eq!(source.position(5), Position { line: 1, column: 5 });
    }
}
