//! What a built-in template makes of values that differ from one time to the next by nothing but their
//! texts: it is filled in once, and has holes where the texts stand.
//!
//! A site has thousands of redirects, entries of the navigation, cards and frames of pages, which differ by a
//! few short texts, and the engine takes longer for one of them than for all that is in them. Only of a built-in template
//! it is known that it shows a text as it is and asks no more of it than whether there is one.

use super::content::Content;
use super::escape::{MARK_CLOSE, MARK_OPEN, plain_to_templates, push_as_templates_do, push_from};
use smallvec::SmallVec;
use std::mem;
use std::ops::Range;

/// What is put into a hole.
#[derive(Clone, Copy)]
pub(super) enum Piece<'t> {
    /// A text.
    Text(&'t str),
    /// HTML.
    Html(&'t str),
    /// The inside of an article.
    Content(&'t Content),
}

/// HTML with holes.
#[derive(Debug)]
pub(super) struct Skeleton {
    /// What stands before each hole, with the number of the hole.
    parts: Vec<(String, usize)>,
    /// What stands behind the last one.
    end: String,
}

impl Skeleton {
    /// What a template is given for a text, for there to be a hole. No built-in template has its
    /// characters.
    pub fn hole(number: usize) -> String {
        format!("{MARK_OPEN}{number}{MARK_CLOSE}")
    }

    /// What a template has made of the holes that it was given.
    pub fn new(filled: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = filled;
        while let Some((before, behind)) = rest.split_once(MARK_OPEN)
            && let Some((number, behind)) = behind.split_once(MARK_CLOSE)
            && let Ok(number) = number.parse()
        {
            parts.push((before.to_owned(), number));
            rest = behind;
        }
        Self { parts, end: rest.to_owned() }
    }

    /// Appends what the template makes of these pieces, by the numbers of their holes.
    pub fn push_with(&self, html: &mut String, pieces: &[Piece<'_>]) {
        // A text may stand in many holes, as the way to the root does: what has to be escaped of it is
        // looked for once.
        let plain = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => plain_to_templates(text),
            Piece::Html(_) | Piece::Content(_) => 0,
        });
        let plain: SmallVec<[usize; 24]> = plain.collect();
        for (before, number) in &self.parts {
            html.push_str(before);
            match pieces.get(*number) {
                Some(Piece::Text(text)) => push_from(html, text, plain[*number]),
                Some(Piece::Html(piece)) => html.push_str(piece),
                Some(Piece::Content(content)) => content.push_to(html),
                None => {}
            }
        }
        html.push_str(&self.end);
    }

    /// Takes out what a list of two entries has become. The holes of the first are numbered from `first` on,
    /// those of the second [`Rows::APART`] further on; in their place there is one hole, `list`. `None` if
    /// there is no such list.
    pub fn take_rows(&mut self, first: usize, list: usize) -> Option<Rows> {
        let is_of = |start: usize| move |(_, hole): &(_, usize)| Rows::holes(start).contains(hole);
        let start = self.parts.iter().position(is_of(first))?;
        let again = self.parts.iter().position(is_of(first + Rows::APART))?;
        let end = self.parts.iter().rposition(is_of(first + Rows::APART))? + 1;
        let mut row: Vec<_> = self.parts.drain(start..end).collect();
        let between = mem::take(&mut row[again - start].0);
        row.truncate(again - start);
        for (_, hole) in &mut row {
            *hole -= first;
        }
        self.parts.insert(start, (mem::take(&mut row[0].0), list));
        Some(Rows { row, between })
    }
}

/// What a built-in template makes of the entries of a list, each of which has the same texts.
#[derive(Debug)]
pub(super) struct Rows {
    /// What it makes of an entry, from its first hole to its last: what stands before each, with its number.
    row: Vec<(String, usize)>,
    /// What stands between that and the first hole of the next entry.
    between: String,
}

impl Rows {
    /// How many holes an entry may have.
    pub const APART: usize = 8;

    fn holes(first: usize) -> Range<usize> {
        first..first + Self::APART
    }

    /// Appends an entry to the list in `html`, which has nothing but that list, with the texts of the entry by
    /// the numbers of their holes. No entry is without a text in its first hole: pages leave out empty tags and
    /// owners, and the engine makes those with a link in their trail that leads nowhere.
    pub fn push_with(&self, html: &mut String, texts: &[&str]) {
        if !html.is_empty() {
            html.push_str(&self.between);
        }
        for (before, number) in &self.row {
            html.push_str(before);
            push_as_templates_do(html, texts.get(*number).copied().unwrap_or_default());
        }
    }
}
