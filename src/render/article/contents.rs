//! The contents of a page, where its author wrote `{:toc}`.
//!
//! As `generate_toc_tree` in `kramdown/converter/html.rb` makes it: all headings but those of the
//! class `no_toc`, each in the list of the one above it that is higher.

use super::Writer;
use crate::markdown::{Attributes, BlockKind, Inline, InlineKind};
use crate::render::escape::{escaped, push_escaped};
use crate::runbook::{contents_entry_id, contents_id, is_in_contents};
use std::fmt::Write as _;

impl<'r> Writer<'r, '_> {
    pub(super) fn contents(&mut self, numbered: bool, attributes: &Attributes) {
        let mut headings: Vec<(u8, &'r str, &'r [Inline])> = Vec::new();
        self.document.walk_blocks(&mut |block| {
            if let BlockKind::Heading { level, id, content, .. } = &block.kind
                && is_in_contents(block.attributes())
            {
                headings.push((*level, id, content));
            }
        });
        if headings.is_empty() {
            return;
        }
        let element = if numbered { "ol" } else { "ul" };
        let own_id = contents_id(attributes).to_owned();
        let attributes = Attributes { id: Some(own_id.clone()), ..attributes.clone() };
        self.open(element, &attributes);
        self.html.push('\n');
        let mut above: Vec<u8> = Vec::new();
        for (level, id, content) in headings {
            if above.last().is_some_and(|last| *last < level) {
                let _ = writeln!(self.html, "\n<{element}>");
            }
            while let Some(last) = above.pop() {
                if last < level {
                    above.push(last);
                    break;
                }
                self.html.push_str("</li>\n");
                if above.last().is_some_and(|parent| *parent >= level) {
                    let _ = writeln!(self.html, "</{element}>");
                }
            }
            let fragment = escaped(&crate::site::address::encode_fragment(id));
            let entry = escaped(&contents_entry_id(&own_id, id));
            let _ = write!(self.html, "<li><a href=\"#{fragment}\" id=\"{entry}\">");
            self.entry(content);
            self.html.push_str("</a>");
            above.push(level);
        }
        for depth in 0..above.len() {
            self.html.push_str("</li>\n");
            if depth + 1 < above.len() {
                let _ = writeln!(self.html, "</{element}>");
            }
        }
        let _ = writeln!(self.html, "</{element}>");
    }

    /// The text of a heading without links, footnotes and tools.
    fn entry(&mut self, content: &[Inline]) {
        for inline in content {
            match &inline.kind {
                InlineKind::Text(_)
                | InlineKind::Verbatim(_)
                | InlineKind::Angled { .. }
                | InlineKind::Abbreviation(_) => push_escaped(&mut self.html, inline.own_text()),
                InlineKind::Code(code) => {
                    self.html.push_str("<code>");
                    push_escaped(&mut self.html, code.text());
                    self.html.push_str("</code>");
                }
                InlineKind::Emphasis(inner)
                | InlineKind::Strong(inner)
                | InlineKind::Strikethrough(inner) => self.entry(inner),
                InlineKind::Link { content, .. } => self.entry(content),
                InlineKind::SoftBreak | InlineKind::HardBreak => self.html.push(' '),
                InlineKind::Image { .. }
                | InlineKind::Html(_)
                | InlineKind::FootnoteReference(_) => {}
            }
        }
    }
}
