//! Inline styles: `style="…"` in an author's HTML and attribute lists.

use crate::markdown::{Block, BlockKind, Definition, Document, Inline, InlineKind, html};
use std::collections::BTreeSet;

/// An inline style.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InlineStyle {
    /// What it says, as written.
    pub text: String,
    /// Whether it stands in an `<img>`, whose sizes have attributes of their own.
    pub of_image: bool,
}

/// The inline styles of a document, each once.
pub fn find(document: &Document) -> Vec<InlineStyle> {
    // Few pages have any.
    if memchr::memmem::find(document.source.text().as_bytes(), b"style").is_none() {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    document.walk_blocks(&mut |block| of_block(block, &mut found));
    document.walk_inlines(&mut |inline| of_inline(inline, &mut found));
    found.into_iter().collect()
}

fn of_block(block: &Block, found: &mut BTreeSet<InlineStyle>) {
    of_pairs(&block.attributes().pairs, found);
    match &block.kind {
        BlockKind::Html(text) => of_html(text, found),
        BlockKind::DefinitionList(parts) => {
            for part in parts {
                if let Definition::Meaning(_, attributes) = part {
                    of_pairs(&attributes.pairs, found);
                }
            }
        }
        BlockKind::List { items, .. } => {
            for item in items {
                of_pairs(&item.attributes().pairs, found);
            }
        }
        _ => {}
    }
}

fn of_inline(inline: &Inline, found: &mut BTreeSet<InlineStyle>) {
    if let Some(attributes) = &inline.attributes {
        of_pairs(&attributes.pairs, found);
    }
    if let InlineKind::Html(text) = &inline.kind {
        of_html(text, found);
    }
}

fn of_pairs(pairs: &[(String, String)], found: &mut BTreeSet<InlineStyle>) {
    let styles = pairs.iter().filter(|(name, _)| name == "style");
    found.extend(styles.map(|(_, text)| InlineStyle { text: text.clone(), of_image: false }));
}

fn of_html(text: &str, found: &mut BTreeSet<InlineStyle>) {
    if !text.contains("style") {
        return;
    }
    for tag in html::opening_tags(text) {
        if let Some((style, _)) = tag.attribute("style") {
            found.insert(InlineStyle { text: style.to_owned(), of_image: tag.is("img") });
        }
    }
}
