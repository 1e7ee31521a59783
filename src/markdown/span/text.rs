//! The text of a block as one string that still knows its bytes.

use crate::markdown::lines::Line;
use crate::source::MappedText;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

/// Running text: the lines of a block without the prefixes of its containers, with a `\n` between.
pub struct Text<'s> {
    content: Cow<'s, str>,
    /// Where each stretch begins that stands in the source as it does here: in the text, and in the
    /// source.
    stretches: SmallVec<[(usize, usize); 1]>,
    verbatim: &'s Verbatim<'s>,
    queries: Kept,
    /// Found where the first mark stands that a command keeps: most texts have none.
    commands: OnceCell<Kept>,
}

/// Parts of a text that are no prose, as ranges of it: in order, and none within another.
pub type Kept = Vec<Range<usize>>;

/// Which of them are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// What stays as it is written, to the byte.
    Queries,
    /// What keeps its quotes and dashes, and is Markdown else.
    Commands,
}

/// Finds parts of a text that are no prose.
pub type Verbatim<'v> = dyn Fn(&str, Asked) -> Kept + 'v;

impl<'s> Text<'s> {
    /// The text of some lines, without white space around it. `verbatim` names the parts of it that
    /// are no prose.
    pub fn new(source: &'s str, lines: &[Line], verbatim: &'s Verbatim<'s>) -> Self {
        let (content, stretches) = match lines {
            [] => (Cow::Borrowed(""), smallvec![(0, 0)]),
            [line] => {
                let line = line.trimmed(source);
                (Cow::Borrowed(line.text(source)), smallvec![(0, line.start)])
            }
            _ => of_lines(source, lines),
        };
        let queries = verbatim(&content, Asked::Queries);
        Self { content, stretches, verbatim, queries, commands: OnceCell::new() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The bytes of the source that a range of the text stands at.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offset(range.start);
        if range.end <= range.start {
            return start..start;
        }
        // Through the last byte, so that a range never runs into the prefix of the next line.
        start..self.offset(range.end - 1) + 1
    }

    fn offset(&self, at: usize) -> usize {
        if let [(begin, source)] = self.stretches[..] {
            return source + at.saturating_sub(begin);
        }
        let index = self.stretches.partition_point(|(begin, _)| *begin <= at).saturating_sub(1);
        let (begin, source) = self.stretches[index];
        source + at.saturating_sub(begin)
    }

    /// Adds a part of the text to a mapped one, line breaks as spaces.
    pub fn push_to(&self, mapped: &mut MappedText, range: Range<usize>) {
        // Most parts stand on one line.
        if memchr::memchr(b'\n', self.content[range.clone()].as_bytes()).is_none() {
            mapped.push_verbatim(&self.content[range.clone()], self.offset(range.start));
            return;
        }
        let mut start = range.start;
        for line in self.content[range].split('\n') {
            mapped.push_verbatim(line, self.offset(start));
            start += line.len();
            if self.content[start..].starts_with('\n') {
                mapped.push_replaced(" ", self.place(start..start + 1));
            }
            start += 1;
        }
    }

    /// The verbatim part that begins at a place.
    pub fn verbatim_at(&self, at: usize) -> Option<Range<usize>> {
        self.verbatim_from(at).filter(|part| part.start == at)
    }

    /// The first verbatim part that does not begin before a place.
    pub fn verbatim_from(&self, at: usize) -> Option<Range<usize>> {
        let queries = &self.queries;
        queries.get(queries.partition_point(|part| part.start < at)).cloned()
    }

    /// Whether a place is in a command.
    pub fn is_in_command(&self, at: usize) -> bool {
        let commands =
            self.commands.get_or_init(|| (self.verbatim)(&self.content, Asked::Commands));
        let next = commands.partition_point(|part| part.end <= at);
        commands.get(next).is_some_and(|part| part.start <= at)
    }
}

/// The text of several lines, and its stretches.
fn of_lines<'s>(source: &'s str, lines: &[Line]) -> (Cow<'s, str>, SmallVec<[(usize, usize); 1]>) {
    let is_whole = lines.windows(2).all(|pair| {
        pair[1].pad == 0
            && pair[1].start == pair[0].end + 1
            && source.as_bytes()[pair[0].end] == b'\n'
    });
    let (first, last) = (lines[0].trimmed_start(source), lines[lines.len() - 1]);
    if is_whole && first.start < first.end {
        let last = last.trimmed_end(source);
        if last.start < last.end {
            let text = &source[first.start..last.end];
            return (Cow::Borrowed(text), smallvec![(0, first.start)]);
        }
    }
    let mut text = String::new();
    let mut stretches = SmallVec::with_capacity(lines.len());
    for line in lines {
        let line = line.trimmed_start(source);
        if text.is_empty() && line.start == line.end {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        stretches.push((text.len(), line.start));
        text.push_str(line.text(source));
    }
    text.truncate(text.trim_end_matches(|c: char| c.is_ascii_whitespace()).len());
    if stretches.is_empty() {
        return (Cow::Borrowed(""), smallvec![(0, 0)]);
    }
    (Cow::Owned(text), stretches)
}
