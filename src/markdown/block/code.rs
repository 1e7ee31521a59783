//! Blocks of code: fences and indentation.

use super::{Blocks, Cursor, NodeKind, Reader, atx, ends_lazy_text};
use crate::markdown::document::{CodeBlock, CodeShape};
use crate::markdown::habit::{Habit, HabitKind, Words};
use crate::markdown::lines::{self, Line};
use crate::source::MappedText;
use std::ops::Range;

/// How deep a fence may stand where its container would make indented code of it.
const DEEPEST_FENCE: usize = 12;

/// How far down the end of such a fence is looked for, in lines.
const LONGEST_DEEP_FENCE: usize = 400;

/// The most marks of a fence that are told apart when a shorter one seems to close it.
const LONGEST_FENCE: usize = 16;

/// Languages that more may stand behind, in alphabetical order. What else several words behind the
/// marks of a fence begin with is code itself: a command that somebody wrote there.
#[rustfmt::skip]
const LANGUAGES: &[&str] = &[
    "bash", "c", "conf", "console", "cpp", "css", "csv", "diff", "dockerfile", "go", "groovy", "hcl",
    "html", "http", "ini", "java", "javascript", "js", "json", "log", "logs", "markdown", "md",
    "nginx", "none", "output", "plain", "plaintext", "powershell", "properties", "py", "python",
    "rb", "ruby", "rust", "sh", "shell", "sql", "systemd", "terraform", "text", "toml", "ts", "txt",
    "xml", "yaml", "yml", "zsh",
];

/// What a fence says whose code may have fences of its own.
const SHOW_MARKDOWN: [&str; 4] = ["markdown", "md", "text", "txt"];

/// The line that opens a fence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    /// The spaces before it.
    indent: usize,
    /// The line from its marks on.
    line: Line,
    /// How many marks there are.
    marks: usize,
}

impl Reader<'_> {
    /// Code between fences. kramdown takes a fence that is never closed for text; here it is one, also
    /// where the end of another fence would close it, and so is one that is indented too far.
    pub(super) fn fence(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(opening) = fence_marks(self.source, line) else {
            return match self.deep_fence(cursor) {
                Some((opening, end)) => {
                    self.fenced_code(cursor, blocks, opening, end);
                    true
                }
                None => false,
            };
        };
        let Some(info) = self.info(opening) else {
            return self.wordy_fence(cursor, blocks, opening);
        };
        let after = cursor.at + 1;
        let shows_markdown = SHOW_MARKDOWN.contains(&info.text(self.source));
        if !shows_markdown && self.is_begun_anew(cursor, opening) {
            return self.unclosed_fence(cursor, blocks, opening, None);
        }
        if let Some(end) = self.closing(cursor, after, opening, opening.marks) {
            self.fenced_code(cursor, blocks, opening, end);
            return true;
        }
        // kramdown lets three of the marks open the fence, and the others be its language.
        let shorter = self.closing(cursor, after, opening, 3).and_then(|_| {
            let marks = (3..opening.marks.min(LONGEST_FENCE)).rev();
            marks.into_iter().find_map(|marks| self.closing(cursor, after, opening, marks))
        });
        if let Some(end) = shorter {
            self.fenced_code(cursor, blocks, opening, end);
            return true;
        }
        // What ends in marks itself is code on one line, or the end of some other fence.
        if info.text(self.source).contains(['`', '~']) {
            return false;
        }
        self.unclosed_fence(cursor, blocks, opening, None)
    }

    /// A fence that is never closed: its code goes up to a blank line, a heading or another fence. One
    /// without code is text, as to kramdown.
    fn unclosed_fence(
        &mut self,
        cursor: &mut Cursor,
        blocks: &mut Blocks,
        opening: Opening,
        words: Option<Words>,
    ) -> bool {
        let after = cursor.at + 1;
        let rest = cursor.lines.get(after..).unwrap_or_default().iter();
        let ends = |line: &&Line| {
            line.is_blank(self.source)
                || atx(self.source, **line).is_some()
                || fence_marks(self.source, **line).is_some()
        };
        let end = after + rest.take_while(|line| !ends(line)).count();
        let code = &cursor.lines[after..end];
        let fence = self.source[opening.line.start..opening.line.start + opening.marks].to_owned();
        // A code span of several lines.
        if fence.starts_with('`') && code.iter().any(|line| line.text(self.source).contains(&fence))
        {
            return false;
        }
        let written = self.written_info(opening);
        let range = opening.line.start..written.end.max(opening.line.start + opening.marks);
        let code_end = match code {
            [] => words.as_ref().filter(|words| words.in_code).map(|_| range.end),
            code => Some(lines::range_of(self.source, code).end),
        };
        let kind = HabitKind::UnclosedFence { fence, end: code_end, words: words.clone() };
        self.habits.push(Habit { kind, range });
        if code_end.is_none() {
            return false;
        }
        let (info, text) = self.begun(written, words);
        self.code(cursor, blocks, opening, info, text, end..end);
        true
    }

    /// A fence with several words behind its marks. To kramdown it is text, and its end opens a fence
    /// of the text below.
    fn wordy_fence(&mut self, cursor: &mut Cursor, blocks: &mut Blocks, opening: Opening) -> bool {
        let written = self.written_info(opening);
        let text = written.text(self.source);
        if text.contains('`') {
            return false;
        }
        let first = text.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        let in_code = LANGUAGES.binary_search(&first.to_ascii_lowercase().as_str()).is_err();
        let start = if in_code { written.start } else { written.start + first.len() };
        let words = Words { range: start..written.end, in_code };
        let after = cursor.at + 1;
        let closing = self.closing(cursor, after, opening, opening.marks);
        let is_its = |end: &usize| {
            !self.opens_another(opening, &cursor.lines[after..*end])
                && !self.opens_next(cursor, opening, *end)
        };
        let Some(end) = closing.filter(is_its) else {
            // Marks with words of a sentence behind them are text.
            let is_meant = !in_code || written.start == opening.line.start + opening.marks;
            return is_meant && self.unclosed_fence(cursor, blocks, opening, Some(words));
        };
        let range = opening.line.start..written.end;
        self.habits.push(Habit { kind: HabitKind::WordyFence(words.clone()), range });
        let (info, code) = self.begun(written, Some(words));
        self.code(cursor, blocks, opening, info, code, end..end + 1);
        true
    }

    /// What a fence says of its language, and the code that stands behind its marks already.
    fn begun(&self, written: Line, words: Option<Words>) -> (Option<Line>, MappedText) {
        let mut code = MappedText::new();
        match words {
            None => (Some(written), code),
            Some(Words { range, in_code: false }) => {
                (Some(Line { end: range.start, ..written }), code)
            }
            Some(Words { in_code: true, .. }) => {
                lines::push(&mut code, self.source, written);
                (None, code)
            }
        }
    }

    /// Whether a fence with something behind its marks is opened on one of some lines.
    fn opens_another(&self, opening: Opening, lines: &[Line]) -> bool {
        let mark = self.source.as_bytes()[opening.line.start];
        lines.iter().filter_map(|line| fence_marks(self.source, *line)).any(|other| {
            self.source.as_bytes()[other.line.start] == mark
                && other.marks >= opening.marks
                && !self.written_info(other).text(self.source).is_empty()
        })
    }

    /// Whether the line that would close a wordy fence is better taken for one that opens the next: so
    /// it is if, the other way round, a fence below is open where a language or a heading stands.
    fn opens_next(&self, cursor: &Cursor, opening: Opening, end: usize) -> bool {
        let mark = self.source.as_bytes()[opening.line.start];
        let mut is_open = false;
        for line in cursor.lines[end + 1..].iter().take(LONGEST_DEEP_FENCE) {
            if atx(self.source, *line).is_some_and(|(level, _)| level > 1) {
                break;
            }
            let Some(other) = fence_marks(self.source, *line) else { continue };
            if self.source.as_bytes()[other.line.start] != mark {
                continue;
            }
            if !self.written_info(other).text(self.source).is_empty() {
                break;
            }
            is_open = !is_open;
        }
        is_open
    }

    /// A fence that is indented further than kramdown allows, and the index of the line that closes
    /// it: one with the same marks and about as far in.
    pub(super) fn deep_fence(&self, cursor: &Cursor) -> Option<(Opening, usize)> {
        let line = cursor.peek()?;
        let expanded = line.with_tab_stops(self.source, 0);
        let (indent, rest) = expanded.indent(self.source);
        if !(4..=DEEPEST_FENCE).contains(&indent) {
            return None;
        }
        let opening = Opening { indent, ..opening(self.source, rest)? };
        let info = self.info(opening)?;
        if info.text(self.source).contains(['`', '~']) {
            return None;
        }
        let from = cursor.at + 1;
        let near = &cursor.lines[from..cursor.lines.len().min(from + LONGEST_DEEP_FENCE)];
        let closes = |line: &Line| {
            let (found, rest) = line.with_tab_stops(self.source, 0).indent(self.source);
            found.abs_diff(indent) <= 3
                && opening.is_closed_by(rest.text(self.source), opening.marks, self.source)
        };
        near.iter().position(closes).map(|step| (opening, from + step))
    }

    /// The word behind the marks; none if there are several words, which make no fence. Only this
    /// site's own `carrier=` and `danger` may stand behind the language.
    fn info(&self, opening: Opening) -> Option<Line> {
        let info = self.written_info(opening);
        let text = info.text(self.source);
        let mut words = text.split(|c: char| c.is_ascii_whitespace());
        let first = words.next().unwrap_or_default();
        let is_one = words.next().is_none();
        let is_own = first.eq_ignore_ascii_case("promql")
            || text
                .split_ascii_whitespace()
                .skip(1)
                .all(|word| word.contains('=') || word == "danger");
        (is_one || is_own).then_some(info)
    }

    /// All that stands behind the marks.
    fn written_info(&self, opening: Opening) -> Line {
        let start = opening.line.start + opening.marks;
        Line { pad: 0, start, end: opening.line.end }.trimmed(self.source)
    }

    /// The index of the line that closes a fence, if it had so many marks.
    fn closing(
        &self,
        cursor: &mut Cursor,
        from: usize,
        opening: Opening,
        marks: usize,
    ) -> Option<usize> {
        if self.is_known_unclosed(cursor, opening, marks) {
            return None;
        }
        let closes = |line: &Line| {
            line.outdented(self.source).is_some_and(|rest| {
                opening.is_closed_by(rest.text(self.source), marks, self.source)
            })
        };
        let found = cursor.lines[from..].iter().position(closes).map(|step| from + step);
        if found.is_none() {
            cursor.unclosed[self.tilde(opening)] = Some(marks);
        }
        found
    }

    /// Whether nothing closes a fence, if it had so many marks, because nothing closed one further up.
    fn is_known_unclosed(&self, cursor: &Cursor, opening: Opening, marks: usize) -> bool {
        cursor.unclosed[self.tilde(opening)].is_some_and(|unclosed| marks >= unclosed)
    }

    /// 1 for a fence of tildes, 0 for one of backticks.
    fn tilde(&self, opening: Opening) -> usize {
        usize::from(self.source[opening.line.start..].starts_with('~'))
    }

    /// Whether another fence begins before a fence is closed.
    fn is_begun_anew(&self, cursor: &Cursor, opening: Opening) -> bool {
        if self.is_known_unclosed(cursor, opening, opening.marks) {
            return false;
        }
        for line in &cursor.lines[cursor.at + 1..] {
            let text = line.trimmed_start(self.source).text(self.source);
            if opening.is_closed_by(text, opening.marks, self.source) {
                return false;
            }
            if opening.is_begun_anew(*line, self.source) {
                return true;
            }
        }
        false
    }

    /// Takes a fence that is closed on the line with this index.
    fn fenced_code(
        &mut self,
        cursor: &mut Cursor,
        blocks: &mut Blocks,
        opening: Opening,
        end: usize,
    ) {
        let info = self.info(opening);
        self.code(cursor, blocks, opening, info, MappedText::new(), end..end + 1);
    }

    /// Takes a fence whose code, behind what `text` holds of it already, ends before the first of two
    /// lines and which goes on to the other.
    fn code(
        &mut self,
        cursor: &mut Cursor,
        blocks: &mut Blocks,
        opening: Opening,
        info: Option<Line>,
        mut text: MappedText,
        Range { start: end, end: behind }: Range<usize>,
    ) {
        let taken = &cursor.lines[cursor.at + 1..end];
        if let (Some(first), Some(last)) = (taken.first(), taken.last()) {
            text.reserve(last.end.saturating_sub(first.start) + 1);
        }
        for line in taken {
            let line = match opening.indent {
                0..=3 => *line,
                _ => line.with_tab_stops(self.source, 0),
            };
            let (indent, _) = line.indent(self.source);
            let inside = line.without_spaces(self.source, indent.min(opening.indent));
            lines::push(&mut text, self.source, inside.unwrap_or(line));
        }
        let info = info.filter(|info| !info.text(self.source).is_empty());
        let info = info.map(|info| (info.text(self.source).to_owned(), info.range()));
        let last = cursor.lines[behind - 1].trimmed_end(self.source);
        let range = opening.line.start..last.end;
        cursor.at = behind;
        let code = CodeBlock { info, shape: CodeShape::Fence, text };
        self.add(blocks, range, NodeKind::Code(Box::new(code)));
    }

    /// Code by indentation. As in kramdown the lines below it go on its last line, up to a blank
    /// one; but a heading or a fence does not.
    pub(super) fn indented_code(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let indented =
            |line: Line| line.without_level(self.source).filter(|line| !line.is_blank(self.source));
        let Some(first) = cursor.peek() else { return false };
        if indented(first).is_none() {
            return false;
        }
        let end = code_end(self.source, &cursor.lines[cursor.at..]);
        let taken = &cursor.lines[cursor.at..cursor.at + end];
        let mut text = MappedText::new();
        for (index, line) in taken.iter().enumerate() {
            let inside = line.without_level(self.source);
            let goes_on = taken.get(index + 1).is_some_and(|next| {
                !next.is_blank(self.source)
                    && next
                        .outdented(self.source)
                        .is_some_and(|rest| !rest.text(self.source).starts_with('\t'))
            });
            let inside = inside.unwrap_or(*line);
            if goes_on {
                text.push_replaced(&" ".repeat(inside.pad), inside.start..inside.start);
                text.push_verbatim(inside.text(self.source), inside.start);
                let next = taken[index + 1].start;
                text.push_replaced(" ", inside.end..next);
            } else {
                lines::push(&mut text, self.source, inside);
            }
        }
        let range = first.trimmed_start(self.source).start
            ..taken.last().map_or(first.end, |last| last.trimmed_end(self.source).end);
        cursor.at += end;
        self.add(
            blocks,
            range,
            NodeKind::Code(Box::new(CodeBlock { info: None, shape: CodeShape::Indented, text })),
        );
        true
    }
}

/// How many lines are code by indentation: indented ones, blank ones between them, and what goes on
/// without indentation.
pub(super) fn code_end(source: &str, lines: &[Line]) -> usize {
    let mut end = 0;
    let mut at = 0;
    let mut in_code = false;
    while let Some(line) = lines.get(at).copied() {
        at += 1;
        if line.is_blank(source) {
            in_code = false;
        } else if line.without_level(source).is_some() {
            in_code = true;
            end = at;
        } else if in_code
            && !ends_lazy_text(source, line)
            && atx(source, line).is_none()
            && fence_marks(source, line).is_none()
        {
            end = at;
        } else {
            break;
        }
    }
    end
}

/// The marks of a fence at the front of a line, behind at most three spaces.
pub(super) fn fence_marks(source: &str, line: Line) -> Option<Opening> {
    let (indent, rest) = line.indent(source);
    let opening = opening(source, rest)?;
    (indent <= 3).then_some(Opening { indent, ..opening })
}

impl Opening {
    /// How many marks it has.
    pub(super) fn marks(self) -> usize {
        self.marks
    }

    /// Whether a line that is within the fence opens one with a language: nobody writes that in code, so
    /// the fence was to be closed further up.
    pub(super) fn is_begun_anew(self, line: Line, source: &str) -> bool {
        let Some(other) = fence_marks(source, line) else { return false };
        let language = source[other.line.start + other.marks..other.line.end].trim();
        source.as_bytes()[other.line.start] == source.as_bytes()[self.line.start]
            && other.marks >= self.marks
            && (language == "promql" || LANGUAGES.binary_search(&language).is_ok())
    }

    /// Whether a text closes the fence, if it had so many marks.
    pub(super) fn is_closed_by(self, text: &str, marks: usize, source: &str) -> bool {
        let mark = source.as_bytes()[self.line.start];
        let found = text.bytes().take_while(|byte| *byte == mark).count();
        found >= marks && text.bytes().skip(found).all(lines::is_space)
    }
}

fn opening(source: &str, line: Line) -> Option<Opening> {
    let text = line.text(source);
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let marks = text.len() - text.trim_start_matches(mark).len();
    // Code on one line: what ends in as many marks opens nothing.
    let (opening, info) = text.split_at(marks);
    let is_closed = info.len() >= marks && info.trim_end().ends_with(opening);
    (marks >= 3 && !is_closed).then_some(Opening { indent: 0, line, marks })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_in_order() {
        assert!(super::LANGUAGES.is_sorted());
    }
}
