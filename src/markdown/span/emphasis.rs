//! `*emphasis*`, `**strong**`, and the same with underscores.

use super::{DEEPEST, Open, Reader, Run, Stop};
use crate::markdown::document::{Inline, InlineKind};

impl Reader<'_> {
    pub(super) fn emphasis(&mut self, at: usize, end: usize, run: &mut Run, open: Open) -> usize {
        let text = self.text.as_str();
        let mark = &text[at..=at];
        let is_double = text[at + 1..end].starts_with(mark);
        let delimiter = &text[at..at + 1 + usize::from(is_double)];
        let inside = at + delimiter.len();
        self.flush(run, at);
        let is_open = if is_double { open.strong } else { open.emphasis };
        let is_underscore = mark == "_";
        let opens = !is_open
            && (!is_underscore || !is_within_word(&text[..at]))
            && !text[inside..end].starts_with(|c: char| c.is_ascii_whitespace())
            && open.depth < DEEPEST;
        if opens {
            let mut found =
                self.delimited(delimiter, inside, end, open).map(|found| (found, is_double));
            if found.is_none() && is_double && !open.in_emphasis {
                found = self.delimited(mark, at + 1, end, open).map(|found| (found, false));
            }
            if let Some(((content, behind), is_strong)) = found {
                let kind = if is_strong {
                    InlineKind::Strong(content)
                } else {
                    InlineKind::Emphasis(content)
                };
                self.add(run, kind, at..behind);
                return behind;
            }
        }
        self.add_text(run, delimiter, at..inside);
        inside
    }

    /// What stands between a delimiter and the next one that closes it, and the place behind that.
    fn delimited(
        &mut self,
        delimiter: &str,
        inside: usize,
        end: usize,
        open: Open,
    ) -> Option<(Vec<Inline>, usize)> {
        if self.budget == 0 || !self.text.as_str()[inside..end].contains(delimiter) {
            return None;
        }
        let is_strong = delimiter.len() == 2;
        let within = Open {
            strong: open.strong || is_strong,
            emphasis: open.emphasis || !is_strong,
            in_emphasis: !is_strong,
            depth: open.depth + 1,
            ..open
        };
        let habits = self.habits.len();
        let (content, close, found) = self.spans(inside, end, &Stop::Emphasis(delimiter), within);
        if !found {
            self.habits.truncate(habits);
            return None;
        }
        Some((content, close + delimiter.len()))
    }

    /// Whether a delimiter at a place closes emphasis that it opened.
    pub(super) fn ends_emphasis(&self, at: usize, delimiter: &str) -> bool {
        let text = self.text.as_str();
        let rest = &text[at..];
        if !rest.starts_with(delimiter) || self.text.verbatim_at(at).is_some() {
            return false;
        }
        let mark = &delimiter[..1];
        let behind = &rest[delimiter.len()..];
        // Two marks open or close what is strong, three close both.
        let is_pair =
            delimiter.len() == 1 && behind.starts_with(mark) && !behind[1..].starts_with(mark);
        !text[..at].ends_with(|c: char| c.is_ascii_whitespace())
            && !is_pair
            && (mark != "_" || !behind.starts_with(char::is_alphanumeric))
    }
}

/// Whether what comes next stands within a word: behind a letter, or a hyphen behind one.
fn is_within_word(before: &str) -> bool {
    before.strip_suffix('-').unwrap_or(before).ends_with(char::is_alphabetic)
}
