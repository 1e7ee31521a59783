//! Annotations in braces: `{summary: x, description: y}`, over one line or several.

use super::{Editor, Place, Quotes};
use crate::yaml::{Entry, Node};

impl Editor<'_> {
    /// Right behind the opening brace: of a mapping that says nothing, or nothing of its own.
    pub(super) fn first_in_braces(&self, mapping: &Node, key: Quotes) -> Place {
        let range = mapping.span.range();
        let at = range.start + 1;
        let inside = self.text.get(at..range.end).unwrap_or_default();
        let next = &inside[behind_trivia(inside)..];
        let tail = if next.starts_with('}') { "" } else { ", " };
        Place {
            range: at..at,
            lead: String::new(),
            tail: tail.to_owned(),
            key: Some(key),
            value: Quotes::Double,
        }
    }

    /// Behind the last entry of a mapping in braces, on a line of its own if that one is. Comments
    /// stay beside what they are about.
    pub(super) fn behind_in_braces(&self, last: &Entry, key: Quotes) -> Place {
        let end = last.value.span.range().end.max(last.key.span.range().end);
        let rest = self.text.get(end..).unwrap_or_default();
        let lone = self.lone_indent(last);
        let place = |range, lead, tail: &str| Place {
            range,
            lead,
            tail: tail.to_owned(),
            key: Some(key),
            value: Quotes::Double,
        };
        let indent = || lone.clone().unwrap_or_else(|| self.line_indent(last) + "  ");
        let next = behind_trivia(rest);
        if let Some(behind) = rest[next..].strip_prefix(',') {
            let comma = end + next + 1;
            let is_last = behind[behind_trivia(behind)..].starts_with('}');
            if is_last && ends_its_line(behind) {
                let line_end = self.line_end(comma);
                return place(line_end..line_end, format!("\n{}", indent()), ",");
            }
            if is_last {
                return place(comma..comma, " ".to_owned(), "");
            }
        } else if ends_its_line(rest) && rest.trim_start_matches([' ', '\t']).starts_with('#') {
            // The comma belongs before the comment, the annotation behind it.
            let range = end..self.line_end(end);
            let lead = format!(",{}\n{}", &self.text[range.clone()], indent());
            return place(range, lead, "");
        }
        let lead = match lone {
            Some(indent) => format!(",\n{indent}"),
            None => ", ".to_owned(),
        };
        place(end..end, lead, "")
    }
}

/// The length of the blanks and comments that a text begins with.
fn behind_trivia(text: &str) -> usize {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let is_comment = trimmed.starts_with('#') && trimmed.len() < rest.len();
        if !is_comment {
            return text.len() - trimmed.len();
        }
        rest = trimmed.find('\n').map_or("", |end| &trimmed[end..]);
    }
}

/// Whether nothing but blanks and a comment comes before the end of the line.
fn ends_its_line(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let trimmed = line.trim_start();
    trimmed.is_empty() || (trimmed.starts_with('#') && trimmed.len() < line.len())
}
