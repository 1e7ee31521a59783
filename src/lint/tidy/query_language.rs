//! Fences that evidently hold queries and do not say so.
//!
//! With `promql` behind their marks they are coloured by every reader of Markdown, and one that is
//! no query any more is found (`invalid-promql`).

use crate::diag::fix::{Edit, Fix, Safety};
use crate::lang::promql::split_declared;
use crate::markdown::{Block, BlockKind, CodeShape};
use crate::runbook::Snippet;
use crate::site::{Page, Site};

pub fn find(_: &Site, page: &Page) -> Vec<Fix> {
    let mut fixes = Vec::new();
    page.runbook.document().walk_blocks(&mut |block| {
        if let Some(snippet) = page.runbook.snippet_at(block.range.start)
            && !snippet.is_sample()
        {
            fixes.extend(name_language(page, block, snippet));
        }
    });
    fixes
}

fn name_language(page: &Page, block: &Block, snippet: &Snippet) -> Option<Fix> {
    let BlockKind::Code(code) = &block.kind else { return None };
    let says_otherwise =
        block.attributes().classes.iter().any(|class| class.starts_with("language"));
    if code.info.is_some() || code.shape != CodeShape::Fence || says_otherwise {
        return None;
    }
    // Its queries must be the same to whoever trusts in the language.
    let declared = split_declared(code.text.text());
    let declared = declared.iter().map(|part| &part.range);
    if !declared.eq(snippet.queries.iter().map(|query| &query.range)) {
        return None;
    }
    let source = page.runbook.source();
    let line = source.text()[block.range.clone()].lines().next()?;
    let marks = line.trim_end();
    let mark = marks.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let language = if mark == '`' { "promql" } else { " promql" };
    let end = block.range.start + marks.len();
    let is_bare = marks.chars().all(|other| other == mark);
    Fix::new(Safety::Safe, [Edit::new(source, end..end, language)]).filter(|_| is_bare)
}
