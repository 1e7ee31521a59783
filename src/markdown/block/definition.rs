//! Definitions, which show nothing where they stand: of links, footnotes, abbreviations and
//! attribute lists; attribute lists themselves; and kramdown's extensions.

use super::{Blocks, Boundary, Cursor, Node, NodeKind, Reader, Waiting, code};
use crate::markdown::attributes;
use crate::markdown::definitions::{LinkDefinition, normalized_label};
use crate::markdown::lines::{self, Line};

impl Reader<'_> {
    /// `[label]: address "title"`; the title may stand on the next line.
    pub(super) fn link_definition(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(rest) = line.outdented(self.source) else { return false };
        let Some((label, behind)) = self.label(rest, "[") else { return false };
        let behind = behind.trimmed(self.source);
        let text = behind.text(self.source);
        let (address, title) = match text.strip_prefix('<').and_then(|text| text.split_once('>')) {
            Some((address, title)) => (address, title.trim()),
            // The title begins at the first quote that stands apart.
            None => match text.find([' ', '\t']).map(|at| text.split_at(at)) {
                Some((address, title)) if title.trim_start().starts_with(['"', '\'']) => {
                    (address, title.trim())
                }
                _ => (text, ""),
            },
        };
        if title.starts_with(['"', '\'']) && quoted(title).is_none() {
            return false;
        }
        let mut title = quoted(title).map(str::to_owned);
        if address.is_empty() && !text.starts_with('<') {
            return false;
        }
        cursor.at += 1;
        if title.is_none()
            && let Some(next) = cursor.peek()
            && let Some(found) = quoted(next.trimmed(self.source).text(self.source))
        {
            title = Some(found.to_owned());
            cursor.at += 1;
        }
        let start = behind.start + usize::from(text.starts_with('<') && !address.starts_with('<'));
        let (label, range) = (normalized_label(label), start..start + address.len());
        let definition = LinkDefinition { address: address.to_owned(), range, title };
        self.definitions.links.insert(label, definition);
        Self::boundary(blocks, line.range(), Boundary::Definition);
        true
    }

    /// The label in `[label]:` and the line behind it.
    fn label(&self, line: Line, open: &str) -> Option<(&str, Line)> {
        let inner = line.text(self.source).strip_prefix(open)?;
        let end = inner.find(']').filter(|end| *end > 0)?;
        let behind = inner[end..].strip_prefix("]:")?;
        let is_footnote = open == "[" && inner.starts_with('^');
        (!is_footnote).then(|| (&inner[..end], Line { start: line.end - behind.len(), ..line }))
    }

    /// `[^name]: text`, with indented lines below.
    pub(super) fn footnote(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(rest) = line.outdented(self.source) else { return false };
        let Some((label, behind)) = self.label(rest, "[^") else { return false };
        let is_name = label.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if !is_name || label.starts_with('-') {
            return false;
        }
        let label = label.to_owned();
        let below = code::code_end(self.source, &cursor.lines[cursor.at + 1..]);
        let mut inner = vec![behind.trimmed_start(self.source)];
        let taken = &cursor.lines[cursor.at + 1..cursor.at + 1 + below];
        inner.extend(taken.iter().map(|line| line.without_level(self.source).unwrap_or(*line)));
        let last = taken.last().unwrap_or(&line).trimmed_end(self.source);
        let range = rest.start..last.end;
        cursor.at += 1 + below;
        let nodes = self.container(inner);
        self.definitions.footnotes.insert(label.clone());
        Self::boundary(blocks, range.clone(), Boundary::Definition);
        let kind = NodeKind::Footnote { label, nodes };
        // Below the boundary, so that what stands next is as far from a block as in kramdown.
        let boundary = blocks.nodes.pop();
        blocks.nodes.push(Node::new(range, kind));
        blocks.nodes.extend(boundary);
        true
    }

    /// `*[HTML]: Hypertext Markup Language`
    pub(super) fn abbreviation(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(rest) = line.outdented(self.source) else { return false };
        let Some((short, behind)) = self.label(rest, "*[") else { return false };
        let long = behind.trimmed(self.source).text(self.source).to_owned();
        let short = short.to_owned();
        self.definitions.abbreviations.retain(|(known, _)| *known != short);
        self.definitions.abbreviations.push((short, long));
        cursor.at += 1;
        Self::boundary(blocks, line.range(), Boundary::Definition);
        true
    }

    /// Attribute lists and `{::extensions}`.
    pub(super) fn extension(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(place) = attributes::of_line(self.source, line) else {
            return self.named_extension(cursor, blocks);
        };
        let list = &self.source[place.clone()];
        cursor.at += 1;
        if let Some((name, list)) = attributes::definition(list) {
            self.definitions.attributes.entry(name.to_owned()).or_default().merge(list);
            Self::boundary(blocks, place, Boundary::Extension);
            return true;
        }
        let list = attributes::parse(list);
        match blocks.nodes.last_mut() {
            Some(above)
                if blocks.pending.is_empty()
                    && !matches!(
                        above.kind,
                        NodeKind::Blank(_)
                            | NodeKind::Boundary(Boundary::Mark | Boundary::Extension)
                    ) =>
            {
                if matches!(above.kind, NodeKind::Boundary(Boundary::AttributeList)) {
                    let shown = blocks.nodes.len() - 2;
                    blocks.nodes[shown].merge(list, place);
                } else {
                    above.merge(list, place.clone());
                    Self::boundary(blocks, place, Boundary::AttributeList);
                }
            }
            _ => blocks.pending.push(Waiting { range: place, list, apart: false, noted: false }),
        }
        true
    }

    /// `{::comment}` and `{::nomarkdown}` with what they hold, and `{::options … /}`.
    fn named_extension(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some(line) = cursor.peek() else { return false };
        let Some(rest) = line.outdented(self.source) else { return false };
        let text = rest.text(self.source).trim_end();
        let Some(inner) = text.strip_prefix("{::").and_then(|text| text.strip_suffix('}')) else {
            return false;
        };
        let name = inner.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if inner.contains('}') || !matches!(name, "comment" | "nomarkdown" | "options") {
            return false;
        }
        let values = attributes::parse(inner[name.len()..].trim_end_matches('/'));
        let said = |key: &str| values.pairs.iter().find(|(known, _)| known == key);
        if let Some((_, value)) = said("parse_block_html").filter(|_| name == "options") {
            self.parses_html = value == "true";
        }
        if inner.ends_with('/') {
            cursor.at += 1;
            Self::boundary(blocks, line.range(), Boundary::Extension);
            return true;
        }
        if cursor.endless.iter().any(|known| known == name) {
            return false;
        }
        let stop = format!("{{:/{name}}}");
        let below = &cursor.lines[cursor.at + 1..];
        let Some(length) = below.iter().position(|line| {
            let text = line.trimmed(self.source).text(self.source);
            text == "{:/}" || text == stop
        }) else {
            cursor.endless.push(name.to_owned());
            return false;
        };
        let is_for_pages = said("type").is_none_or(|(_, formats)| formats.contains("html"));
        if name == "nomarkdown" && is_for_pages {
            let html = lines::joined(self.source, &below[..length]).text().to_owned();
            let range = lines::range_of(self.source, &below[..length]);
            self.add(blocks, range, NodeKind::Html(html));
        } else {
            Self::boundary(blocks, line.range(), Boundary::Extension);
        }
        cursor.at += length + 2;
        true
    }
}

/// What stands between the quotes of a title that is nothing else.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.is_empty()).then_some(inner)
}
