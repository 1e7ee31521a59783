//! Footnotes: what refers to them, and all of them at the end.

use super::Writer;
use crate::markdown::{Block, BlockKind};
use crate::render::escape::escaped;
use crate::runbook::{footnote_id, footnote_reference_id};
use std::collections::HashMap;
use std::fmt::Write as _;

impl<'r> Writer<'r, '_> {
    pub(super) fn footnote_reference(&mut self, label: &'r str) {
        let known = self.footnotes.iter().position(|(known, _)| *known == label);
        let index = known.unwrap_or_else(|| {
            self.footnotes.push((label, 0));
            self.footnotes.len() - 1
        });
        let repeated = self.footnotes[index].1;
        self.footnotes[index].1 += 1;
        let place = escaped(&footnote_reference_id(label, repeated));
        let _ = write!(
            self.html,
            "<sup id=\"{place}\"><a href=\"#{}\" class=\"footnote\">{}</a></sup>",
            escaped(&footnote_id(label)),
            index + 1
        );
    }

    /// The footnotes that are referred to, at the end of the article.
    pub(super) fn write_footnotes(&mut self) {
        if self.footnotes.is_empty() {
            return;
        }
        let mut texts: HashMap<&str, &'r [Block]> = HashMap::new();
        self.document.walk_blocks(&mut |block| {
            if let BlockKind::Footnote { label, blocks } = &block.kind {
                texts.insert(label, blocks);
            }
        });
        self.html.push_str("<div class=\"footnotes\"><ol>\n");
        // A footnote may refer to another one, which then comes behind it.
        let mut index = 0;
        while let Some((label, _)) = self.footnotes.get(index).copied() {
            let _ = write!(self.html, "<li id=\"{}\">", escaped(&footnote_id(label)));
            self.blocks(texts.get(label).copied().unwrap_or_default());
            self.ways_back(label, self.footnotes[index].1);
            self.html.push_str("</li>\n");
            index += 1;
        }
        self.html.push_str("</ol></div>\n");
    }

    /// The links from a footnote back to the text, in its last paragraph.
    fn ways_back(&mut self, label: &str, count: usize) {
        const END: &str = "</p>\n";
        // What is added ends no paragraph of the author's.
        let behind_additions = &self.html[self.additions.end()..];
        if behind_additions.ends_with(END) {
            self.html.truncate(self.html.len() - END.len());
            self.html.push('\u{a0}');
        } else {
            self.html.push_str("<p>");
        }
        for repeated in 0..count {
            let place = escaped(&footnote_reference_id(label, repeated));
            let _ = write!(
                self.html,
                "<a href=\"#{place}\" class=\"footnote-back\" aria-label=\"Back to the text\">↩"
            );
            if repeated > 0 {
                let _ = write!(self.html, "<sup>{}</sup>", repeated + 1);
            }
            self.html.push_str("</a>");
        }
        self.html.push_str(END);
    }
}
