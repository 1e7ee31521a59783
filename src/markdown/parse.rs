//! Reading a Markdown file.

use super::document::Document;
use super::heading_id::HeadingIds;
use super::span::Verbatim;
use super::tree::Builder;
use super::{block, habit, html_table};
use crate::source::Source;
use std::sync::Arc;

/// The document that a source holds from byte `body` on.
///
/// `verbatim` is asked about the text of every paragraph, heading, row and cell and names the parts of it
/// that must stay as they were written; it is how queries in prose are kept from being read as
/// Markdown, and commands from having their quotes curled.
pub fn parse(source: &Arc<Source>, body: usize, verbatim: &Verbatim<'_>) -> Document {
    let text = source.text();
    let (nodes, definitions, habits) = block::read(text, body, verbatim);
    let mut builder =
        Builder { source: text, verbatim, definitions, habits, ids: HeadingIds::default() };
    let blocks = builder.blocks(nodes);
    let mut habits = builder.habits;
    habits.extend(habit::in_tree::habits(&blocks));
    habits.sort_by_key(|habit| habit.range.start);
    let html_tables = html_table::find(text, &blocks);
    Document { source: Arc::clone(source), blocks, html_tables, habits }
}

#[cfg(test)]
mod tests {
    use super::super::document::{BlockKind, InlineKind, plain_text};
    use super::*;

    fn document(text: &str) -> Document {
        parse(&Source::new("a.md", text), 0, &|line, _| {
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
        assert_eq!(found.blocks[0].attributes().classes, ["label", "label-purple"]);
        assert!(matches!(&found.blocks[1].kind, BlockKind::Heading { id, .. } if id == "top"));
        let BlockKind::Paragraph { content, .. } = &found.blocks[0].kind else { panic!() };
        assert_eq!(plain_text(content).trim(), "Alert");
    }

    #[test]
    fn an_attribute_list_between_blank_lines_belongs_to_the_table_before_it() {
        let found = document("| A | B |\n|--\n| 1 | 2 |\n\n\n{:.table}\n\n## ## Example(s)\n");
        assert_eq!(kinds(&found), ["table", "heading"]);
        assert_eq!(found.blocks[0].attributes().classes, ["table"]);
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
        assert_eq!(found.blocks[0].attributes().classes, ["steps"]);
        let BlockKind::List { items, .. } = &found.blocks[0].kind else { panic!() };
        assert_eq!(items[0].blocks[1].attributes().classes, ["note"]);
    }

    #[test]
    fn verbatim_text_is_neither_emphasised_nor_curled() {
        let text = "It's all: x{a=\"*b*\",c=\"*d*\"} > 0\nand *more*";
        let found = parse(&Source::new("a.md", text), 0, &|text, _| {
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
        let text = "[a](./b.html \"t\") ![i](<x y.png>) <http://h/> [r][1] [2]\n\n\
                    [1]: z.html\n> [2]: <y.html> 't'";
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
        assert_eq!(places[3], ("z.html".to_owned(), "z.html".to_owned()));
        assert_eq!(places[4], ("y.html".to_owned(), "y.html".to_owned()));
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
            let found = parse(&Source::new("a.md", text.as_str()), 0, &|text, _| {
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
    fn an_opening_tag_may_lack_its_end_or_hold_a_closing_one() {
        for text in [
            "<table>\n<tr><td markdown=\"1\"</td></tr>\n</table>",
            "<div><div markdown=\"1\"</div></div>",
            "<details>\n<div markdown=\"1\"\n\ntext\n</div>\n</details>",
            "<div markdown=\"1\" title=\"</div>\">\ntext\n</div>",
            "<div markdown=\"span\" title='</div>'>text</div>",
            "<div><p title='</p>' markdown=\"1\">text</p></div>",
            "a <span title='</span>' markdown=\"1\">text</span>",
        ] {
            for text in [text.to_owned(), format!("- {}", text.replace('\n', "\n  "))] {
                document(&text);
            }
        }
    }

    #[test]
    fn depth_is_bounded() {
        let found = document(&format!("{}deep", "> ".repeat(5_000)));
        assert_eq!(found.blocks.len(), 1);
    }
}
