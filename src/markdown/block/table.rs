//! Tables by kramdown's rules, which are not GFM's.
//!
//! After `kramdown/parser/kramdown/table.rb` of kramdown 2.4. A table starts a block, and every line
//! of it has a `|` that is not escaped and outside of code; a line of `-`, `+`, `:`, `|` and blanks
//! is a delimiter row however short it is (`|--`); one with `=` begins the foot; the widest row says
//! how many columns there are.
//!
//! Here a paragraph is a table only if its author meant one: it has a delimiter row, all of its lines
//! begin with `|`, or three and more of them, which are no commands, have the same number of cells;
//! so `run a | b` stays prose. What is meant as one is a table even where
//! kramdown makes none: right below a heading or a line of text, and with a row that goes on in the
//! next line.

use super::{Blocks, CellLines, Cursor, NodeKind, RawRow, RawTable, Reader, ends_lazy_text};
use crate::markdown::document::Alignment;
use crate::markdown::habit::{Habit, HabitKind};
use crate::markdown::html;
use crate::markdown::lines::{self, Line};
use crate::markdown::span::Asked;
use crate::source::ByteSet;
use smallvec::{SmallVec, smallvec};
use std::cell::LazyCell;

/// Where the `|` stand in a line; few lines have more.
type Pipes = SmallVec<[usize; 8]>;

/// A line of a table.
#[derive(Debug)]
enum Part {
    Delimiter(Line),
    FootDelimiter,
    Row(RowLines),
}

/// The lines of a row: one, unless it is split.
#[derive(Debug)]
struct RowLines {
    lines: SmallVec<[Line; 1]>,
    /// Where the `|` stand that part its cells, line by line.
    pipes: SmallVec<[Pipes; 1]>,
}

impl RowLines {
    /// Whether the row is not closed by a `|`, so that it may go on.
    fn is_open(&self) -> bool {
        let last = self.lines[self.lines.len() - 1];
        let pipes = &self.pipes[self.pipes.len() - 1];
        pipes.last().is_none_or(|pipe| pipe + 1 < last.end)
    }
}

impl Reader<'_> {
    pub(super) fn table(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(first) = cursor.peek() else { return false };
        let has_pipe = memchr::memchr(b'|', first.text(self.source).as_bytes()).is_some();
        if !has_pipe || first.outdented(self.source).is_none() {
            return false;
        }
        let (parts, end) = self.parts(cursor);
        let rows = parts.iter().filter_map(|part| match part {
            Part::Row(row) => Some(row),
            _ => None,
        });
        let starts_with_pipe = |row: &RowLines| self.starts_with_pipe(row.lines[0]);
        let boxed = rows.clone().all(starts_with_pipe);
        let delimited = parts.iter().any(|part| !matches!(part, Part::Row(_)));
        let at_boundary = blocks.at_boundary();
        let before_boundary =
            cursor.lines.get(end).is_none_or(|line| self.is_block_boundary(*line));
        if rows.clone().count() == 0 {
            return false;
        }
        if !(boxed || delimited) {
            // What is in raw HTML makes no table, though it parts cells where something else does.
            let is_row = |row: &RowLines| {
                let mut lines = row.lines.iter().zip(&row.pipes);
                lines.all(|(line, pipes)| self.has_pipe_outside_of_elements(*line, pipes))
            };
            if !(at_boundary && before_boundary && rows.clone().all(is_row)) {
                return false;
            }
            if !self.is_even(rows.clone()) {
                let pipes = rows.flat_map(|row| row.pipes.iter().flatten().copied()).collect();
                let range = lines::range_of(self.source, &cursor.lines[cursor.at..end]);
                self.habits.push(Habit { kind: HabitKind::AccidentalTable { pipes }, range });
                return false;
            }
        }
        // Where kramdown sees none, a delimiter row has to say that it is one.
        if !(at_boundary && before_boundary || boxed && delimited) {
            return false;
        }
        let noted = self.habits.len();
        let table = self.assemble(parts);
        if table.bodies.is_empty() && table.foot.is_empty() {
            self.habits.truncate(noted);
            return false;
        }
        let range = lines::range_of(self.source, &cursor.lines[cursor.at..end]);
        cursor.at = end;
        self.add(blocks, range, NodeKind::Table(Box::new(table)));
        true
    }

    /// Whether a table begins at the next line that is evident enough to end a paragraph: a head
    /// between pipes, and a delimiter row of as many columns, or a shorter one above another row.
    pub(super) fn opens_table(&self, cursor: &Cursor) -> bool {
        let (Some(head), Some(delimiter)) = (cursor.peek(), cursor.peek_next()) else {
            return false;
        };
        let head = head.trimmed(self.source);
        let delimiter = delimiter.trimmed(self.source);
        let text = delimiter.text(self.source);
        self.starts_with_pipe(head)
            && text.starts_with('|')
            && text.contains("--")
            && is_made_of(text, b"+|: \t-")
            && self.pipes(head).len() > 1
            && (alignments(text).len() + 1 >= self.pipes(head).len()
                || cursor.lines.get(cursor.at + 2).is_some_and(|row| self.starts_with_pipe(*row)))
    }

    /// Whether most rows, and no fewer than three, have the same number of cells. Nobody writes
    /// prose like that, only commands.
    fn is_even<'r>(&self, rows: impl Iterator<Item = &'r RowLines>) -> bool {
        let mut counts: Vec<usize> = Vec::new();
        for row in rows {
            let line = row.lines[0];
            let commands = (self.verbatim)(line.text(self.source), Asked::Commands);
            let is_command = row.pipes[0]
                .iter()
                .any(|pipe| commands.iter().any(|command| command.contains(&(pipe - line.start))));
            counts.push(if is_command { 0 } else { self.cells(line, &row.pipes[0]) });
        }
        counts.sort_unstable();
        counts
            .chunk_by(|one, next| one == next)
            .any(|same| same[0] > 1 && same.len() >= 3 && same.len() * 2 > counts.len())
    }

    /// How many cells the `|` part a line into; those at its ends part nothing.
    fn cells(&self, line: Line, pipes: &[usize]) -> usize {
        let opening = usize::from(self.starts_with_pipe(line));
        let closing = usize::from(pipes.last().is_some_and(|pipe| pipe + 1 == line.end));
        (pipes.len() + 1).saturating_sub(opening + closing)
    }

    /// The columns of the table that begins with some lines, as the rows say that have a `|` at both
    /// ends, and delimiter rows of more than one column; 0 if there are none of them.
    fn columns(&self, lines: &[Line]) -> usize {
        let lines = lines.iter().take_while(|line| !line.is_blank(self.source));
        let columns = lines.filter_map(|line| {
            let line = line.trimmed(self.source);
            let text = line.text(self.source);
            if is_made_of(text, b"+|: \t-") {
                return Some(alignments(text).len()).filter(|columns| *columns > 1);
            }
            let is_whole = text.starts_with('|') && text.ends_with('|');
            let pipes = if is_whole { self.pipes(line) } else { return None };
            let is_closed = pipes.last().is_some_and(|pipe| pipe + 1 == line.end);
            is_closed.then(|| self.cells(line, &pipes))
        });
        columns.max().unwrap_or(0)
    }

    /// Whether a line with a `|` may be the rest of the row above it: together they have no more cells
    /// than the table has columns.
    fn completes(&self, row: &RowLines, line: Line, columns: usize) -> bool {
        let written = row.lines.iter().zip(&row.pipes);
        let cells: usize = written.map(|(line, pipes)| self.cells(*line, pipes)).sum();
        // The cell that is split counts once for each of its lines.
        let whole = cells + self.cells(line, &self.pipes(line));
        whole.saturating_sub(row.lines.len()) <= columns
    }

    fn starts_with_pipe(&self, line: Line) -> bool {
        line.trimmed_start(self.source).text(self.source).starts_with('|')
    }

    fn is_block_boundary(&self, line: Line) -> bool {
        ends_lazy_text(self.source, line) && !super::starts_with_block_tag(self.source, line)
    }

    /// The lines of the table that begins here, and the index of the line behind it.
    fn parts(&self, cursor: &Cursor) -> (Vec<Part>, usize) {
        let mut parts: Vec<Part> = Vec::new();
        let boxed = cursor.peek().is_some_and(|line| self.starts_with_pipe(line));
        let mut columns = None;
        let mut end = cursor.at;
        for line in &cursor.lines[cursor.at..] {
            if line.is_blank(self.source)
                || super::attributes::of_line(self.source, *line).is_some()
            {
                break;
            }
            let trimmed = line.trimmed(self.source);
            let text = trimmed.text(self.source);
            let has_pipe = text.contains('|');
            if has_pipe && text.contains('-') && is_made_of(text, b"+|: \t-") {
                parts.push(Part::Delimiter(trimmed));
            } else if has_pipe && text.contains('=') && is_made_of(text, b"+|: \t=") {
                parts.push(Part::FootDelimiter);
            } else if let Some(Part::Row(row)) = parts.last_mut()
                && boxed
                && self.starts_with_pipe(row.lines[0])
                && !text.starts_with('|')
                && row.is_open()
                && super::code::fence_marks(self.source, *line).is_none()
                && super::list::marker(self.source, *line, 3).is_none()
                && super::atx(self.source, *line).is_none()
                && if has_pipe {
                    let below = &cursor.lines[cursor.at..];
                    let columns = columns.get_or_insert_with(|| self.columns(below));
                    self.completes(row, trimmed, *columns)
                } else {
                    self.goes_on(&cursor.lines[end + 1..])
                }
            {
                row.pipes.push(self.pipes(trimmed));
                row.lines.push(trimmed);
            } else {
                let pipes = if has_pipe { self.pipes(trimmed) } else { Pipes::new() };
                if pipes.is_empty() {
                    break;
                }
                parts.push(Part::Row(RowLines {
                    lines: smallvec![trimmed],
                    pipes: smallvec![pipes],
                }));
            }
            end += 1;
        }
        (parts, end)
    }

    /// Whether a table goes on within a few lines, as it does behind the second half of a row.
    fn goes_on(&self, lines: &[Line]) -> bool {
        let next = lines.iter().take(3).take_while(|line| !line.is_blank(self.source));
        next.clone().any(|line| line.text(self.source).contains('|')) || next.count() == 0
    }

    /// The places of the `|` that part the cells of a row: not escaped, and outside of code and
    /// queries.
    fn pipes(&self, line: Line) -> Pipes {
        let text = line.text(self.source);
        let mut found = pipes(text);
        if !found.is_empty() {
            let queries = (self.verbatim)(text, Asked::Queries);
            found.retain(|pipe| !queries.iter().any(|query| query.contains(pipe)));
        }
        for pipe in &mut found {
            *pipe += line.start;
        }
        found
    }

    /// Whether one of the `|` of a line, each a place of the source, is outside of raw HTML: of its
    /// tags, and of elements in running text.
    fn has_pipe_outside_of_elements(&self, line: Line, pipes: &[usize]) -> bool {
        let text = line.text(self.source);
        if !text.contains('<') {
            return true;
        }
        let elements: Vec<_> = html::opening_tags(text)
            .into_iter()
            .filter(|tag| html::is_element(tag.name))
            .map(|tag| {
                let range = tag.range.start..tag.range.end;
                let has_content = !tag.is_closed && !html::is_void(tag.name);
                let closing = has_content.then(|| element_end(text, &tag)).flatten();
                range.start..closing.unwrap_or(range.end)
            })
            .collect();
        pipes.iter().any(|pipe| !elements.iter().any(|it| it.contains(&(pipe - line.start))))
    }

    fn assemble(&mut self, parts: Vec<Part>) -> RawTable {
        let mut table = RawTable::default();
        let mut rows: Vec<RawRow> = Vec::new();
        let mut has_foot = false;
        let boxed = matches!(parts.first(), Some(Part::Row(row)) if self.starts_with_pipe(row.lines[0]))
            || matches!(parts.first(), Some(Part::Delimiter(line)) if self.starts_with_pipe(*line));
        for part in parts {
            match part {
                Part::Row(row) => rows.push(self.row(&row, boxed)),
                Part::Delimiter(_) if rows.is_empty() => {}
                Part::Delimiter(line) if table.alignments.is_empty() && !has_foot => {
                    table.alignments = alignments(line.text(self.source));
                    table.head = std::mem::take(&mut rows);
                    let columns = table.head.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                    if table.alignments.len() < columns {
                        let kind = HabitKind::ShortDelimiterRow { columns };
                        self.habits.push(Habit { kind, range: line.range() });
                    }
                }
                Part::Delimiter(_) if !has_foot => table.bodies.push(std::mem::take(&mut rows)),
                Part::Delimiter(_) => {}
                Part::FootDelimiter => {
                    if !rows.is_empty() {
                        table.bodies.push(std::mem::take(&mut rows));
                    }
                    has_foot = true;
                }
            }
        }
        if has_foot {
            table.foot = rows;
        } else if !rows.is_empty() {
            table.bodies.push(rows);
        }
        table
    }

    /// The cells of a row. A `|` at its end parts nothing, nor one at its front if the table's first
    /// line has one there.
    fn row(&mut self, row: &RowLines, boxed: bool) -> RawRow {
        let count = 1 + row.pipes.iter().map(Pipes::len).sum::<usize>();
        let mut cells: Vec<CellLines> = Vec::with_capacity(count);
        cells.push(CellLines::new());
        for (line, pipes) in row.lines.iter().zip(&row.pipes) {
            let mut start = line.start;
            for pipe in pipes {
                push_cell_line(&mut cells, Line { pad: 0, start, end: *pipe });
                cells.push(CellLines::new());
                start = pipe + 1;
            }
            push_cell_line(&mut cells, Line { pad: 0, start, end: line.end });
        }
        let is_blank = |cell: &CellLines| cell.iter().all(|line| line.is_blank(self.source));
        if boxed && cells.first().is_some_and(is_blank) {
            cells.remove(0);
        }
        if cells.last().is_some_and(is_blank) {
            cells.pop();
        }
        for cell in &mut cells {
            for line in cell.iter_mut() {
                *line = line.trimmed(self.source);
            }
            if cell.len() > 1 {
                cell.retain(|line| line.start < line.end);
            }
        }
        let (first, last) = (row.lines[0], row.lines[row.lines.len() - 1]);
        let range = first.start..last.end;
        if row.lines.len() > 1 {
            let breaks = row.lines.windows(2).map(|pair| pair[0].end..pair[1].start).collect();
            let kind = HabitKind::SplitTableRow { breaks };
            self.habits.push(Habit { kind, range: range.clone() });
        }
        RawRow { range, cells }
    }
}

fn push_cell_line(cells: &mut [CellLines], line: Line) {
    if let Some(cell) = cells.last_mut() {
        cell.push(line);
    }
}

fn is_made_of(text: &str, marks: &[u8]) -> bool {
    text.bytes().all(|byte| marks.contains(&byte))
}

/// The places of the `|` in a text that are not escaped and not within code or a template.
fn pipes(text: &str) -> Pipes {
    static MARKS: ByteSet = ByteSet::of(b"\\|`{<");
    let bytes = text.as_bytes();
    let has_element = LazyCell::new(|| text.contains("</code>"));
    let mut found = Pipes::new();
    let mut at = 0;
    while let Some(step) = MARKS.first_in(&bytes[at..]) {
        at += step;
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'|') => at += 1,
            b'|' => found.push(at),
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                let opens_code = ticks > 1
                    || at.checked_sub(1).is_some_and(|before| !lines::is_space(bytes[before]))
                    || bytes.get(at + 1).is_some_and(|next| !lines::is_space(*next));
                let end = opens_code.then(|| code_end(text, at + ticks, ticks)).flatten();
                at = end.unwrap_or(at + ticks);
                continue;
            }
            // What Liquid or a Go template pipes is gone before anybody looks for tables.
            b'{' if matches!(bytes.get(at + 1), Some(b'{' | b'%')) => {
                let closing = if bytes[at + 1] == b'{' { "}}" } else { "%}" };
                if let Some(length) = text[at..].find(closing) {
                    at += length + closing.len();
                    continue;
                }
            }
            b'<' if text[at..].starts_with("<code") && *has_element => {
                if let Some(length) = text[at..].find("</code>") {
                    at += length;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Where the element ends that a tag in a line opens, if it does in this line.
fn element_end(text: &str, tag: &html::Tag<'_>) -> Option<usize> {
    let from = tag.range.end;
    let mut closings = text[from..].match_indices("</").filter_map(|(step, _)| {
        let (name, length) = html::closing_tag_at(&text[from + step..])?;
        tag.is(name).then_some(from + step + length)
    });
    closings.next()
}

/// Where the code span ends whose opening ticks end at `from`.
fn code_end(text: &str, from: usize, ticks: usize) -> Option<usize> {
    let (mark, rest) = (&text[from - ticks..from], &text[from..]);
    // Most spans have one.
    let length = if ticks == 1 { memchr::memchr(b'`', rest.as_bytes()) } else { rest.find(mark) };
    length.map(|length| from + length + ticks)
}

/// The alignments that a delimiter row states, one for each run of dashes.
fn alignments(line: &str) -> Vec<Alignment> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'-') {
        let start = at + step;
        let end = start + bytes[start..].iter().take_while(|byte| **byte == b'-').count();
        let left = start > at && bytes[start - 1] == b':';
        let right = bytes.get(end) == Some(&b':');
        found.push(match (left, right) {
            (true, true) => Alignment::Center,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (false, false) => Alignment::Default,
        });
        at = end + usize::from(right);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_part_cells_outside_of_code() {
        for (text, expected) in [
            ("| a | b \\| c |", vec![0, 4, 13]),
            ("`x|y` | z", vec![6]),
            ("``a`|`` | b", vec![8]),
            ("` | a", vec![2]),
            ("<code>a|b</code> | c", vec![17]),
            ("{{ a | upcase }} | {% b | c %} | {{ d | e", vec![17, 31, 38]),
            ("plain", vec![]),
        ] {
            assert_eq!(pipes(text).to_vec(), expected, "{text}");
        }
    }

    #[test]
    fn delimiter_rows_say_how_columns_are_aligned() {
        use Alignment::{Center, Default, Left, Right};
        assert_eq!(alignments("|:--|--:|:-:|--"), [Left, Right, Center, Default]);
        assert_eq!(alignments("|--"), [Default]);
        assert_eq!(alignments("--+:-"), [Default, Left]);
    }
}
