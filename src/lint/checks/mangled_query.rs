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

use super::{Check, InPage, OpenPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{Block, BlockKind, HabitKind};
use crate::site::{Page, Site};
use crate::source::Span;
use std::ops::Range;

pub const CHECK: Check =
    Check { name: "mangled-query", severity: Severity::Note, needs_rules: false, run: Run::Pages(run) };

fn run(_: &Site) -> InPage<'_> {
    of_habits(move |open, habit| {
        let page = open.page();
        let HabitKind::MangledQuery = habit.kind else { return None };
        let span = Span::new(page.runbook.source(), habit.range.clone());
        let diagnostic = Diagnostic::new(
            CHECK.name,
            span,
            "the query stands in running text, which Markdown changes the marks of",
        )
        .with_help("put it in a fence that says `promql`, or in backticks")
        .with_fix(into_fence(open, &habit.range).or_else(|| into_backticks(page, &habit.range)));
        Some(diagnostic)
    })
}

/// Gives the query backticks where it stands.
fn into_backticks(page: &Page, query: &Range<usize>) -> Option<Fix> {
    let source = page.runbook.source();
    let has_backtick = source.text()[query.clone()].contains('`');
    let edits = [query.start, query.end].map(|at| Edit::new(source, at..at, "`"));
    Fix::new(Safety::Safe, edits).filter(|_| !has_backtick)
}

/// Puts a query at the end of its line into a fence below it, as part of the same item of a list.
/// What stands below it is a paragraph of its own then, if that is sure to be one.
fn into_fence(open: &OpenPage<'_>, query: &Range<usize>) -> Option<Fix> {
    let source = open.page().runbook.source();
    let text = source.text();
    let (paragraph, in_list) = paragraph(&open.document().blocks, query, false)?;
    let indent = indent(text, paragraph.start)?;
    let line_end = query.end + text[query.end..].find('\n').unwrap_or(text.len() - query.end);
    let line_end = text[..line_end].trim_end_matches('\r').len().max(query.end);
    let written = &text[query.clone()];
    // What stands behind it in the paragraph might mean something else at the front of one.
    let rest = text[line_end..paragraph.end.max(line_end)].trim_start();
    let goes_on = rest.is_empty() || (!in_list && rest.starts_with(char::is_alphabetic));
    // Without the query, a line with a `|` may be a table.
    let may_be_table = text[paragraph.start..query.start].contains('|') || rest.contains('|');
    let ends_line = text[query.end..line_end].trim().is_empty();
    if !ends_line || !goes_on || may_be_table || written.contains(['\n', '`']) {
        return None;
    }
    let line_start = text[..query.start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line_start..query.start].trim_end();
    let (start, above) = match (before.is_empty(), in_list) {
        (true, true) => (line_start, ""),
        (true, false) => (line_start, "\n"),
        (false, true) => (line_start + before.len(), "\n"),
        (false, false) => (line_start + before.len(), "\n\n"),
    };
    let next_line = text[line_end..].split('\n').nth(1).unwrap_or_default();
    let below = if in_list || next_line.trim().is_empty() { "" } else { "\n" };
    let fence = format!("{above}{indent}```promql\n{indent}{written}\n{indent}```{below}");
    Fix::new(Safety::Safe, [Edit::new(source, start..line_end, fence)])
}

/// The paragraph that a query is running text of, and whether it is part of a list. None where a
/// line begins with more than white space or stands for something else than text.
fn paragraph(
    blocks: &[Block],
    query: &Range<usize>,
    in_list: bool,
) -> Option<(Range<usize>, bool)> {
    let index = blocks.partition_point(|block| block.range.end < query.end);
    let block = blocks.get(index)?;
    match &block.kind {
        BlockKind::Paragraph { content, .. } => {
            let is_own = content.iter().any(|inline| inline.range == *query);
            is_own.then(|| (block.range.clone(), in_list))
        }
        BlockKind::List { items, .. } => {
            let item = items.iter().find(|item| item.range.end >= query.end)?;
            paragraph(&item.blocks, query, true)
        }
        _ => None,
    }
}

/// What puts a line below the one that begins a paragraph: white space as wide as what stands
/// before it. None where tabs make that hard to say.
fn indent(text: &str, paragraph: usize) -> Option<String> {
    let line_start = text[..paragraph].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line_start..paragraph];
    (!before.contains('\t')).then(|| " ".repeat(before.chars().count()))
}
