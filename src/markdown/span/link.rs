//! Links and images, and references to footnotes.

use super::entity::decoded;
use super::{DEEPEST, Open, Reader, Run, Stop, boundary};
use crate::markdown::definitions::normalized_label;
use crate::markdown::document::{InlineKind, Target};
use std::ops::Range;

/// Where a link leads, and the place behind it.
struct Address {
    target: Target,
    behind: usize,
}

impl Reader<'_> {
    /// `[`: a reference to a footnote, or a link.
    pub(super) fn bracket(
        &mut self,
        at: usize,
        end: usize,
        run: &mut Run,
        open: Open,
    ) -> Option<usize> {
        let rest = &self.text.as_str()[at..end];
        if let Some(inner) = rest.strip_prefix("[^")
            && let Some(length) = inner.find(']')
            && self.definitions.footnotes.contains(&inner[..length])
        {
            let behind = at + 2 + length + 1;
            self.flush(run, at);
            let label = inner[..length].to_owned();
            self.add(run, InlineKind::FootnoteReference(label), at..behind);
            return Some(behind);
        }
        if rest.starts_with("[^") {
            self.flush(run, at + 1);
            return Some(at + 1);
        }
        self.link(at, end, run, open)
    }

    /// `[text](address "title")`, `[text][label]`, `[label]`, and the same of images.
    pub(super) fn link(
        &mut self,
        at: usize,
        end: usize,
        run: &mut Run,
        open: Open,
    ) -> Option<usize> {
        let text = self.text.as_str();
        let is_image = text[at..].starts_with('!');
        let inside = at + if is_image { 2 } else { 1 };
        self.flush(run, at);
        let literal = |reader: &Self, run: &mut Run| {
            reader.add_text(run, &text[at..inside], at..inside);
            Some(inside)
        };
        let may_open = (is_image || !open.link) && open.depth < DEEPEST && self.budget > 0;
        if !may_open || self.last().bracket.is_none_or(|bracket| bracket < inside) {
            return literal(self, run);
        }
        let within = Open { link: true, in_emphasis: false, depth: open.depth + 1, ..open };
        let habits = self.habits.len();
        let (content, close, found) = self.spans(inside, end, &Stop::Bracket, within);
        let address = if found { self.address(inside..close, end) } else { None };
        let Some(Address { target, behind }) = address else {
            self.habits.truncate(habits);
            if found && text[close + 1..].starts_with('(') {
                self.budget = self.budget.saturating_sub(boundary(text, end, close) - close);
            }
            return literal(self, run);
        };
        let target = Box::new(target);
        let kind = if is_image {
            InlineKind::Image { target, alt: without_escapes(&text[inside..close]).into() }
        } else {
            InlineKind::Link { target, content: content.into(), bare: false }
        };
        self.add(run, kind, at..behind);
        Some(behind)
    }

    /// Where the link leads whose text is `inside`.
    fn address(&self, inside: Range<usize>, end: usize) -> Option<Address> {
        let text = self.text.as_str();
        let behind = inside.end + 1;
        let end = boundary(text, end, behind);
        let rest = &text[behind..end];
        let after_blank = rest.trim_start();
        if let Some(inner) = after_blank.strip_prefix('[')
            && let Some(length) = inner.find(']')
        {
            let label = if length == 0 { &text[inside] } else { &inner[..length] };
            let behind = end - inner.len() + length + 1;
            return self.by_label(label, behind);
        }
        if !rest.starts_with('(') {
            return self.by_label(&without_escapes(&text[inside]), behind);
        }
        if let Some(inner) = rest.strip_prefix("(<")
            && let Some(length) = inner.find('>')
        {
            let start = behind + 2;
            let url = start..start + length;
            if inner[length + 1..].starts_with(')') {
                return Some(self.written(url.clone(), "", url.end + 2));
            }
            let (title, behind) = self.title(url.end + 1, end)?;
            return Some(self.written(url, title, behind));
        }
        let mut depth = 0_usize;
        let mut from = behind;
        loop {
            let step =
                text[from..end].find(|c: char| "()".contains(c) || c.is_ascii_whitespace())?;
            let found = from + step;
            from = found + 1;
            match self.bytes[found] {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(self.written(behind + 1..found, "", found + 1));
                    }
                }
                _ if matches!(self.bytes.get(found + 1), Some(b'"' | b'\'')) && found + 1 < end => {
                    let (title, after) = self.title(found, end)?;
                    return Some(self.written(behind + 1..found, title, after));
                }
                _ => {}
            }
        }
    }

    /// The title between quotes that stands before the closing bracket, and the place behind it.
    fn title(&self, from: usize, end: usize) -> Option<(&str, usize)> {
        let text = &self.text.as_str()[..boundary(self.text.as_str(), end, from)];
        let end = text.len();
        let start = from + text[from..].len() - text[from..].trim_start().len();
        let quote = text[start..].chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let inner = start + 1;
        text[inner..].match_indices(quote).find_map(|(length, _)| {
            let rest = &text[inner + length + 1..];
            let behind = rest.trim_start().strip_prefix(')')?;
            (length > 0).then(|| (&text[inner..inner + length], end - behind.len()))
        })
    }

    fn written(&self, url: Range<usize>, title: &str, behind: usize) -> Address {
        let text = &self.text.as_str()[url.clone()];
        let start = url.start + text.len() - text.trim_start().len();
        let url = start..start + text.trim().len();
        let target = Target {
            url: decoded(&self.text.as_str()[url.clone()]).into_owned(),
            title: decoded(title).into_owned(),
            range: self.text.place(url),
        };
        Address { target, behind }
    }

    fn by_label(&self, label: &str, behind: usize) -> Option<Address> {
        let definition = self.definitions.links.get(&normalized_label(label))?;
        let target = Target {
            url: decoded(&definition.address).into_owned(),
            title: definition.title.clone().unwrap_or_default(),
            range: definition.range.clone(),
        };
        Some(Address { target, behind })
    }
}

/// A text without the backslashes before marks.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes = character == '\\'
            && characters.peek().is_some_and(|next| "\\.*_+`<>()[]{}#!:|\"'$=-".contains(*next));
        if escapes {
            plain.extend(characters.next());
        } else {
            plain.push(character);
        }
    }
    plain
}
