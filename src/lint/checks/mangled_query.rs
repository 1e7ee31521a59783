//! A query stands in running text.
//!
//! Markdown reads it as prose: in `up{job="*api*"}` the quotes are curled, the stars gone, and what
//! a reader of Jekyll's page copies is no query any more. Here it is shown as it is written.
//!
//! # Example
//!
//! ```markdown
//! Run up{job="*api*"} == 0 to see which are down.
//! ```
//!
//! # To fix it
//!
//! Put the query in a fence with the language `promql`, or in backticks;
//! `check --fix` does.

use super::{Check, InPage, Needs, OpenPage, Run};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::lint::arriving::HeadingsKept;
use crate::markdown::{
    Block, BlockKind, HabitKind, Inline, InlineKind, for_each_text, walk_inlines,
};
use crate::site::{Page, Site};
use crate::source::Span;
use std::collections::HashSet;
use std::ops::Range;

pub const CHECK: Check = Check {
    name: "mangled-query",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    let headings = HeadingsKept::new(site);
    Box::new(move |open| {
        let page = open.page();
        let habits = page.runbook.habits.iter();
        let mut queries = habits.filter(|habit| habit.kind == HabitKind::MangledQuery).peekable();
        if queries.peek().is_none() {
            return Vec::new();
        }
        let behind_backtick = behind_backticks(open);
        let found = queries.map(|habit| {
            let fix = into_fence(open, &habit.range)
                .or_else(|| into_backticks(page, &habit.range, &headings))
                .filter(|_| !behind_backtick.contains(&habit.range.start));
            let span = Span::new(page.runbook.source(), habit.range.clone());
            Diagnostic::new(
                CHECK.name,
                span,
                "the query stands in running text, which Markdown changes the marks of",
            )
            .with_help("put it in a fence that says `promql`, or in backticks")
            .with_fix(fix)
        });
        found.collect()
    })
}

/// Where the queries of a page begin that a backtick stands before which nothing closes: those of a
/// fix would. A row of a table is one text in this.
fn behind_backticks(open: &OpenPage<'_>) -> HashSet<usize> {
    let text = open.page().runbook.source().text();
    let mut behind = HashSet::new();
    let mut read = |content: &[Inline], mut is_open: bool| {
        walk_inlines(content, &mut |inline| match inline.kind {
            InlineKind::Text(_) => is_open |= text[inline.range.clone()].contains('`'),
            InlineKind::Verbatim(_) if is_open => {
                behind.insert(inline.range.start);
            }
            _ => {}
        });
        is_open
    };
    open.document().walk_blocks(&mut |block| match &block.kind {
        BlockKind::Table(table) => {
            for row in table.head.iter().chain(table.body_rows()) {
                row.cells.iter().fold(false, |is_open, cell| read(&cell.content, is_open));
            }
        }
        _ => for_each_text(block, &mut |content| {
            read(content, false);
        }),
    });
    behind
}

/// Gives the query backticks where it stands.
fn into_backticks(page: &Page, query: &Range<usize>, headings: &HeadingsKept<'_>) -> Option<Fix> {
    let text = page.runbook.source().text();
    // A mark right beside it would become part of the backticks, or take them for text.
    let is_apart =
        !text[..query.start].ends_with(['`', '\\']) && !text[query.end..].starts_with('`');
    let has_backtick = text[query.clone()].contains('`');
    let edits = [query.start, query.end].map(|at| (at..at, "`"));
    headings.fix(Safety::Safe, page, &edits).filter(|_| is_apart && !has_backtick)
}

/// Puts a query at the end of its line into a fence below it, as part of the same item of a list.
/// What stands below it is a paragraph of its own then, if that is sure to be one; and what stands
/// before it stays one.
fn into_fence(open: &OpenPage<'_>, query: &Range<usize>) -> Option<Fix> {
    let source = open.page().runbook.source();
    let text = source.text();
    let (paragraph, in_list) = paragraph(&open.document().blocks, query, false)?;
    let indent = indent(text, paragraph.start, in_list)?;
    let line_end = query.end + text[query.end..].find('\n').unwrap_or(text.len() - query.end);
    let line_end = text[..line_end].trim_end_matches('\r').len().max(query.end);
    let written = &text[query.clone()];
    let ends_line = text[query.end..line_end].trim().is_empty();
    let goes_on = stays_paragraph(&text[line_end..paragraph.end.max(line_end)], in_list);
    // Without the query, a line with a `|` may be a table.
    let may_be_table = text[paragraph.start..query.start].contains('|');
    if !ends_line || !goes_on || may_be_table || written.contains(['\n', '`']) {
        return None;
    }
    let line_start = text[..query.start].rfind('\n').map_or(0, |at| at + 1);
    // Marks alone may mean anything without what stands behind them, and an item has to begin with
    // something.
    let beside = text[paragraph.start.max(line_start)..query.start].trim();
    let begins_item = in_list
        && query.start == paragraph.start
        && !text[line_start..query.start].trim().is_empty();
    let is_text = beside.is_empty() || beside.contains(char::is_alphabetic);
    if begins_item || !is_text || text[..query.start].trim_end().ends_with('\\') {
        return None;
    }
    let before = text[line_start..query.start].trim_end();
    // A query on the line above gets a fence as well, and a blank line below that.
    let habits = &open.page().runbook.habits;
    let next = habits.partition_point(|habit| habit.range.start < query.start);
    let is_below_query = habits[..next].last().is_some_and(|habit| {
        habit.kind == HabitKind::MangledQuery
            && habit.range.end == text[..line_start].trim_end_matches(['\n', '\r']).len()
    });
    let is_apart = query.start == paragraph.start || is_below_query;
    let (start, above) = match (before.is_empty(), in_list) {
        (true, true) => (line_start, ""),
        (true, false) if is_apart => (line_start, ""),
        (true, false) => (line_start, "\n"),
        (false, true) => (line_start + before.len(), "\n"),
        (false, false) => (line_start + before.len(), "\n\n"),
    };
    let next_line = text[line_end..].split('\n').nth(1).unwrap_or_default();
    let below = if in_list || next_line.trim().is_empty() { "" } else { "\n" };
    let fence = format!("{above}{indent}```promql\n{indent}{written}\n{indent}```{below}");
    Fix::new(Safety::Safe, [Edit::new(source, start..line_end, fence)])
}

/// Whether the lines of a paragraph behind one of it are a paragraph by themselves, or none at all.
/// They may be read otherwise at the front of one: as code, as a heading, as a table.
fn stays_paragraph(rest: &str, in_list: bool) -> bool {
    let mut lines = rest.lines().skip(1);
    let Some(first) = lines.next().filter(|_| !rest.trim().is_empty()) else { return true };
    let content = first.trim_start_matches(' ');
    let is_underline = |line: &str| line.trim_end().bytes().all(|byte| b"-=".contains(&byte));
    !in_list
        && content.starts_with(char::is_alphabetic)
        && first.len() - content.len() < 4
        && !lines.next().is_some_and(is_underline)
        && !rest.contains('|')
}

/// The paragraph that a query is running text of, and whether it is part of a list. None where a
/// line begins with more than white space or stands for something else than text, and where an
/// attribute list says something of the paragraph: it would say it of the fence.
fn paragraph(
    blocks: &[Block],
    query: &Range<usize>,
    in_list: bool,
) -> Option<(Range<usize>, bool)> {
    let index = blocks.partition_point(|block| block.range.end < query.end);
    let block = blocks.get(index)?;
    match &block.kind {
        BlockKind::Paragraph { content, .. } if block.attributes.is_none() => {
            let is_own = content.iter().any(|inline| inline.range == *query);
            is_own.then(|| (block.range.clone(), in_list))
        }
        BlockKind::List { items, .. } => {
            let item = items.iter().find(|item| item.range.end >= query.end)?;
            paragraph(&item.blocks, query, true).filter(|_| item.attributes.is_none())
        }
        _ => None,
    }
}

/// What puts a line below the one that begins a paragraph: white space as wide as what stands
/// before it. None where that is more than the marks of lists, and where tabs make it hard to say.
fn indent(text: &str, paragraph: usize, in_list: bool) -> Option<String> {
    let line_start = text[..paragraph].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line_start..paragraph];
    let is_mark = |byte: u8| byte.is_ascii_digit() || b" *+-.".contains(&byte);
    let is_plain = if in_list {
        before.bytes().all(is_mark)
    } else {
        before.len() < 4 && before.trim_start_matches(' ').is_empty()
    };
    is_plain.then(|| " ".repeat(before.len()))
}
