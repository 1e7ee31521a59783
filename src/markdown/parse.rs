//! Reading a Markdown file: the dialect on top of CommonMark.

use super::document::{Attributes, Block, BlockKind, Document};
use super::tree::Reading;
use super::{habit, prepare, table, tree};
use crate::source::Source;
use std::ops::Range;
use std::sync::Arc;

/// The document that a source holds from byte `body` on.
///
/// `verbatim` is asked about the text of every paragraph and names the parts of it that must stay
/// as they were written, to the byte, in order; it is how queries in prose are kept from being read
/// as Markdown.
pub fn parse(
    source: &Arc<Source>,
    body: usize,
    verbatim: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Document {
    let text = source.text();
    let unmasked = Reading { original: text, text: &text[body..], offset: body, taken_out: &[] };
    let (mut blocks, mut references) = tree::blocks(unmasked);
    let prepared = prepare::prepare(text, body, &blocks, verbatim);
    let reading = match &prepared.masked {
        Some(masked) => Reading { text: masked, taken_out: &prepared.taken_out, ..unmasked },
        None => unmasked,
    };
    if prepared.masked.is_some() {
        (blocks, references) = tree::blocks(reading);
    }
    make_tables(reading, &mut blocks, &references);
    for (place, id) in prepared.heading_ids {
        set_heading_id(&mut blocks, place.start, &id);
    }
    for (place, list) in prepared.attribute_lists {
        attach(text, &mut blocks, &place, list);
    }
    let mut document = Document { source: Arc::clone(source), blocks, habits: Vec::new() };
    document.habits = habit::in_tree(&document);
    document
}

/// The lists of blocks right below a block.
fn inner_blocks(block: &mut Block) -> Vec<&mut Vec<Block>> {
    match &mut block.kind {
        BlockKind::Quote(inner) | BlockKind::Footnote { blocks: inner, .. } => vec![inner],
        BlockKind::List { items, .. } => items.iter_mut().map(|item| &mut item.blocks).collect(),
        BlockKind::DefinitionList(parts) => parts
            .iter_mut()
            .filter_map(|part| match part {
                super::document::Definition::Meaning(inner) => Some(inner),
                super::document::Definition::Term(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn make_tables(reading: Reading<'_>, blocks: &mut [Block], references: &tree::References) {
    for block in blocks {
        if matches!(block.kind, BlockKind::Paragraph { .. }) {
            if let Some(table) = table::from_paragraph(reading, &block.range, references) {
                block.kind = BlockKind::Table(table);
            }
        } else {
            for inner in inner_blocks(block) {
                make_tables(reading, inner, references);
            }
        }
    }
}

fn set_heading_id(blocks: &mut [Block], at: usize, written: &str) {
    for block in blocks {
        if !block.range.contains(&at) {
            continue;
        }
        if let BlockKind::Heading { id, .. } = &mut block.kind {
            written.clone_into(id);
        }
        for inner in inner_blocks(block) {
            set_heading_id(inner, at, written);
        }
    }
}

/// Gives an attribute list to the block it is meant for: the one right above it; else the one
/// right below; else, where blank lines stand on both sides, the one above, because that is what
/// its author meant (kramdown drops it, or gives it to a heading further down).
fn attach(source: &str, blocks: &mut [Block], place: &Range<usize>, list: Attributes) {
    let behind = blocks.partition_point(|block| block.range.start < place.start);
    if let Some(container) = behind.checked_sub(1).map(|index| &mut blocks[index]) {
        let column = source[..place.start].rsplit('\n').next().map_or(0, str::len);
        let holds = container.range.end >= place.end;
        for inner in inner_blocks(container) {
            let within = inner.first().is_some_and(|first| first.range.start < place.start)
                && (holds || column > 0)
                && column_of(source, inner) <= column;
            let passed = inner.last().is_some_and(|block| block.range.start >= place.start);
            if within && !passed {
                return attach(source, inner, place, list);
            }
        }
    }
    let (above, below) = blocks.split_at_mut(behind);
    let gap =
        |from: usize, to: usize| source.get(from..to).map_or(0, |gap| gap.matches('\n').count());
    let above = above.last_mut();
    let below = below.first_mut();
    let touches_above =
        above.as_ref().is_some_and(|block| gap(end_of_text(source, block), place.start) <= 1);
    let touches_below = below.as_ref().is_some_and(|block| gap(place.end, block.range.start) <= 1);
    let meant = match (above, below) {
        (Some(above), _) if touches_above => Some(above),
        (_, Some(below)) if touches_below => Some(below),
        (above, below) => above.or(below),
    };
    if let Some(block) = meant {
        block.attributes.merge(list.clone());
        if let (BlockKind::Heading { id, .. }, Some(written)) = (&mut block.kind, list.id) {
            *id = written;
        }
    }
}

/// Where a block's text ends, without the blank lines that lists and quotes count as theirs.
fn end_of_text(source: &str, block: &Block) -> usize {
    let text = &source[block.range.clone()];
    block.range.start + text.trim_end().len()
}

/// The column, from 0, at which the first of some blocks begins.
fn column_of(source: &str, blocks: &[Block]) -> usize {
    blocks
        .first()
        .map_or(0, |block| source[..block.range.start].rsplit('\n').next().map_or(0, str::len))
}

#[cfg(test)]
mod tests {
    use super::super::document::{InlineKind, plain_text};
    use super::*;

    fn document(text: &str) -> Document {
        parse(&Source::new("a.md", text), 0, &|line| {
            line.find("x{").map(|at| at..line.trim_end().len()).into_iter().collect()
        })
    }

    fn kinds(document: &Document) -> Vec<&'static str> {
        document
            .blocks
            .iter()
            .map(|block| match block.kind {
                BlockKind::Heading { .. } => "heading",
                BlockKind::Paragraph { .. } => "paragraph",
                BlockKind::Table(_) => "table",
                BlockKind::List { .. } => "list",
                BlockKind::Code(_) => "code",
                _ => "other",
            })
            .collect()
    }

    #[test]
    fn an_attribute_list_belongs_to_the_block_above_it() {
        let found = document("Alert\n{: .label .label-purple}\n\n## Overview {#top}\nText\n");
        assert_eq!(kinds(&found), ["paragraph", "heading", "paragraph"]);
        assert_eq!(found.blocks[0].attributes.classes, ["label", "label-purple"]);
        assert!(matches!(&found.blocks[1].kind, BlockKind::Heading { id, .. } if id == "top"));
        let BlockKind::Paragraph { content, .. } = &found.blocks[0].kind else { panic!() };
        assert_eq!(plain_text(content).trim(), "Alert");
    }

    #[test]
    fn an_attribute_list_between_blank_lines_belongs_to_the_table_before_it() {
        let found = document("| A | B |\n|--\n| 1 | 2 |\n\n\n{:.table}\n\n## ## Example(s)\n");
        assert_eq!(kinds(&found), ["table", "heading"]);
        assert_eq!(found.blocks[0].attributes.classes, ["table"]);
        let BlockKind::Heading { id, doubled_mark, content, .. } = &found.blocks[1].kind else {
            panic!()
        };
        assert_eq!(id, "-examples");
        assert_eq!(doubled_mark.as_deref(), Some("## "));
        assert_eq!(plain_text(content), "Example(s)");
    }

    #[test]
    fn an_attribute_list_is_that_of_the_block_it_is_indented_for() {
        let found = document("1. one\n\n   inner\n   {: .note}\n2. two\n{: .steps}\n\nend\n");
        assert_eq!(kinds(&found), ["list", "paragraph"]);
        assert_eq!(found.blocks[0].attributes.classes, ["steps"]);
        let BlockKind::List { items, .. } = &found.blocks[0].kind else { panic!() };
        assert_eq!(items[0].blocks[1].attributes.classes, ["note"]);
    }

    #[test]
    fn verbatim_text_is_neither_emphasised_nor_curled() {
        let text = "It's all: x{a=\"*b*\",c=\"*d*\"} > 0\nand *more*";
        let found = parse(&Source::new("a.md", text), 0, &|text| {
            let start = text.find("x{").unwrap();
            std::iter::once(start..text.find('\n').unwrap()).collect()
        });
        let mut kept = Vec::new();
        let mut emphasis = 0;
        found.walk_inlines(&mut |inline| match &inline.kind {
            InlineKind::Verbatim(text) => kept.push(text.clone()),
            InlineKind::Emphasis(_) => emphasis += 1,
            _ => {}
        });
        assert_eq!(kept, ["x{a=\"*b*\",c=\"*d*\"} > 0"]);
        assert_eq!(emphasis, 1);
    }

    #[test]
    fn code_knows_its_bytes_through_indentation() {
        let text = "3. See\n\n   ~~~~~\n\troot# x\n   two\n   ~~~~~\n\n`a b`";
        let found = document(text);
        let BlockKind::List { items, .. } = &found.blocks[0].kind else { panic!() };
        let BlockKind::Code(code) = &items[0].blocks[1].kind else { panic!() };
        assert_eq!(code.text.text(), " root# x\ntwo\n");
        let at = code.text.text().find("two").unwrap();
        assert_eq!(&text[code.text.to_source(at..at + 3)], "two");
    }

    #[test]
    fn the_address_of_a_link_has_a_place() {
        let text = "[a](./b.html \"t\") ![i](<x y.png>) <http://h/> [r][1]\n\n[1]: z.html";
        let mut places = Vec::new();
        document(text).walk_inlines(&mut |inline| match &inline.kind {
            InlineKind::Link { target, .. } | InlineKind::Image { target, .. } => {
                places.push((target.url.clone(), text[target.range.clone()].to_owned()));
            }
            _ => {}
        });
        let expected = [("./b.html", "./b.html"), ("x y.png", "x y.png")];
        for (found, expected) in places.iter().zip(expected) {
            assert_eq!((found.0.as_str(), found.1.as_str()), expected);
        }
        assert_eq!(places[2], ("http://h/".to_owned(), "http://h/".to_owned()));
        assert_eq!(places[3], ("z.html".to_owned(), "[r][1]".to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_tree_within_its_bytes(text in "[-#`~|>{}:.*_\\[\\]()<a!=\" \t\n0-2é]{0,60}") {
            let found = document(&text);
            found.walk_blocks(&mut |block| assert!(text.get(block.range.clone()).is_some()));
            found.walk_inlines(&mut |inline| assert!(text.get(inline.range.clone()).is_some(), "{inline:?}"));
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_masked_is_never_seen(text in "([ab]|x\\{b\\}|\\{: \\.c\\}|: |[-*_`<>\\[\\]()!\"|#\n]){0,40}") {
            let found = parse(&Source::new("a.md", text.as_str()), 0, &|text| {
                text.match_indices("x{b}").map(|(at, query)| at..at + query.len()).collect()
            });
            let mut shown = String::new();
            found.walk_inlines(&mut |inline| match &inline.kind {
                InlineKind::Text(text) | InlineKind::Html(text) => shown.push_str(text),
                InlineKind::Code(code) => shown.push_str(code.text()),
                InlineKind::Link { target, .. } => shown += &format!("{}{}", target.url, target.title),
                InlineKind::Image { target, alt } => shown += &format!("{}{alt}", target.url),
                _ => {}
            });
            found.walk_blocks(&mut |block| match &block.kind {
                BlockKind::Html(text) => shown.push_str(text),
                BlockKind::Code(code) => shown.push_str(code.text.text()),
                _ => {}
            });
            assert!(!shown.contains('%'), "{shown}");
        }
    }

    #[test]
    fn an_attribute_list_belongs_to_the_piece_of_text_before_it() {
        let text = "[a](b){:target=\"_blank\"}. ![i](c.png){:height=\"75%\"} _e_{: .x}y {: .z}\n\n| `A`{: .n} | b |\n|--\n| c | d |";
        let mut found = Vec::new();
        document(text).walk_inlines(&mut |inline| {
            if let Some(list) = &inline.attributes {
                found.push((
                    text[inline.range.clone()].to_owned(),
                    list.classes.join(" ") + &format!("{:?}", list.pairs),
                ));
            }
        });
        let shown: Vec<_> =
            found.iter().map(|(text, list)| (text.as_str(), list.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("[a](b)", "[(\"target\", \"_blank\")]"),
                ("![i](c.png)", "[(\"height\", \"75%\")]"),
                ("_e_", "x[]"),
                ("`A`", "n[]"),
            ]
        );
    }

    #[test]
    fn depth_is_bounded() {
        let found = document(&format!("{}deep", "> ".repeat(5_000)));
        assert_eq!(found.blocks.len(), 1);
    }
}
