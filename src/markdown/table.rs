//! Tables by kramdown's rules, which are not GFM's.
//!
//! Source of the rules: `kramdown/parser/kramdown/table.rb` of kramdown 2.4. A table starts a block
//! and every line of it has an unescaped `|` outside of code; a line of `-`, `+`, `:`, `|` and
//! blanks is a delimiter row however short it is (`|--`); one with `=` begins the foot; the widest
//! row says how many columns there are. One rule is stricter here: a paragraph becomes a table only
//! if it has a delimiter row or if all of its lines begin with `|`, so that `run a | b` stays prose.

use super::document::{Alignment, Cell, Row, Table};
use super::tree::{self, Reading, References};
use std::ops::Range;

/// The table that a paragraph is, if it is one.
pub fn from_paragraph(
    reading: Reading<'_>,
    range: &Range<usize>,
    references: &References,
) -> Option<Table> {
    let text = reading.slice(range);
    if !text.contains('|') {
        return None;
    }
    let mut lines = Vec::new();
    let mut start = range.start;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let begin = start + line.len() - content.len();
        let content = content.trim_end();
        lines.push((begin..begin + content.len(), Line::read(content)?));
        start += line.len();
    }
    let delimited = lines.iter().any(|(_, line)| matches!(line, Line::Delimiter));
    let boxed = lines.iter().all(|(place, _)| reading.slice(place).starts_with('|'));
    if !delimited && !boxed {
        return None;
    }
    let table = assemble(reading, lines, references);
    let has_body = table.body_rows().next().is_some();
    has_body.then_some(table)
}

/// What a line of a table is.
#[derive(Debug, PartialEq)]
enum Line {
    Delimiter,
    FootDelimiter,
    /// Where the `|` are that part its cells, in bytes from its beginning.
    Row(Vec<usize>),
}

impl Line {
    /// Reads a line; `None` if no table may have it.
    fn read(line: &str) -> Option<Self> {
        let made_of = |marks: &[u8]| line.bytes().all(|byte| marks.contains(&byte));
        if !line.contains('|') {
            return None;
        }
        if line.contains('-') && made_of(b"+|: \t-") {
            return Some(Self::Delimiter);
        }
        if line.contains('=') && made_of(b"+|: \t=") {
            return Some(Self::FootDelimiter);
        }
        let pipes = pipes(line);
        (!pipes.is_empty()).then_some(Self::Row(pipes))
    }
}

/// The places of the `|` that part cells: not escaped and not within code.
fn pipes(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'|' => found.push(at),
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                at = code_end(bytes, at + ticks, ticks).unwrap_or(at + ticks);
                continue;
            }
            b'<' if line[at..].starts_with("<code") => {
                if let Some(length) = line[at..].find("</code>") {
                    at += length;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Where the code span ends whose opening ticks end at `from`.
fn code_end(bytes: &[u8], from: usize, ticks: usize) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == ticks {
            return Some(at + run);
        }
        at += run.max(1);
    }
    None
}

fn assemble(
    reading: Reading<'_>,
    lines: Vec<(Range<usize>, Line)>,
    references: &References,
) -> Table {
    let mut table = Table::default();
    let mut rows = Vec::new();
    let mut has_foot = false;
    for (place, line) in lines {
        match line {
            Line::Row(pipes) => rows.push(row(reading, place, &pipes, references)),
            Line::Delimiter if rows.is_empty() => {}
            Line::Delimiter if table.alignments.is_empty() && !has_foot => {
                table.alignments = alignments(reading.slice(&place));
                table.head = std::mem::take(&mut rows);
            }
            Line::Delimiter if !has_foot => table.bodies.push(std::mem::take(&mut rows)),
            Line::Delimiter => {}
            Line::FootDelimiter => {
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
    let widest = table.head.iter().chain(table.body_rows()).map(|row| row.cells.len()).max();
    table.columns = widest.unwrap_or(0);
    table
}

/// The alignments that a delimiter row states, one for each run of dashes.
fn alignments(line: &str) -> Vec<Alignment> {
    line.split(['|', '+'])
        .map(str::trim)
        .filter(|part| part.contains('-'))
        .map(|part| match (part.starts_with(':'), part.ends_with(':')) {
            (true, true) => Alignment::Center,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (false, false) => Alignment::Default,
        })
        .collect()
}

/// The cells of a row. A `|` at its front or end parts nothing.
fn row(reading: Reading<'_>, range: Range<usize>, pipes: &[usize], references: &References) -> Row {
    let mut bounds = vec![range.start];
    let mut cells = Vec::new();
    for pipe in pipes {
        cells.push(bounds[bounds.len() - 1]..range.start + pipe);
        bounds.push(range.start + pipe + 1);
    }
    cells.push(bounds[bounds.len() - 1]..range.end);
    let blank = |cell: &Range<usize>| reading.slice(cell).trim().is_empty();
    if pipes.first() == Some(&0) {
        cells.remove(0);
    }
    if cells.last().is_some_and(blank) {
        cells.pop();
    }
    let cells = cells
        .into_iter()
        .map(|cell| {
            let text = reading.slice(&cell);
            let start = cell.start + text.len() - text.trim_start().len();
            let range = start..start + text.trim().len();
            let content = tree::line(reading, &range, references);
            Cell { range, content }
        })
        .collect();
    Row { range, cells }
}

#[cfg(test)]
mod tests {
    use super::super::document::plain_text;
    use super::*;

    fn table(text: &str) -> Option<Table> {
        let reading = Reading { original: text, text, offset: 0, taken_out: &[] };
        from_paragraph(reading, &(0..text.len()), &References::new())
    }

    fn cells(row: &Row) -> Vec<String> {
        row.cells.iter().map(|cell| plain_text(&cell.content)).collect()
    }

    #[test]
    fn a_short_delimiter_row_makes_a_head() {
        let found = table("| Alert | Info |\n|--\n| `A`| b \\| c |\n| `x|y` | d |").unwrap();
        assert_eq!(cells(&found.head[0]), ["Alert", "Info"]);
        let rows: Vec<_> = found.body_rows().map(cells).collect();
        assert_eq!(rows, [["A", "b | c"], ["x|y", "d"]]);
        assert_eq!(found.columns, 2);
    }

    #[test]
    fn alignment_foot_and_ragged_rows() {
        let found = table("a | b\n:-- | --:\n1 | 2\n3\\|4 | 5 | 6\n|===\n7 | 8").unwrap();
        assert_eq!(found.alignments, [Alignment::Left, Alignment::Right]);
        assert_eq!(found.columns, 3);
        assert_eq!(cells(&found.foot[0]), ["7", "8"]);
    }

    #[test]
    fn prose_with_a_pipe_is_no_table() {
        for text in ["run a | b", "run `a | b` and\nsee", "a | b\nc", "\\| x", "| only\n|--"] {
            assert_eq!(table(text), None, "{text}");
        }
    }

    #[test]
    fn every_cell_knows_its_bytes() {
        let text = "| `A` | **b** [c](#d) |\n|--|\n| é | `e` f |";
        let found = table(text).unwrap();
        for row in found.head.iter().chain(found.body_rows()) {
            for cell in &row.cells {
                for inline in &cell.content {
                    assert!(cell.range.start <= inline.range.start, "{inline:?}");
                    assert!(inline.range.end <= cell.range.end, "{inline:?}");
                }
            }
        }
        let first = &found.head[0].cells[0].content[0];
        assert_eq!(&text[first.range.clone()], "`A`");
    }
}
