//! Reading takes no longer than the length of a text allows, whatever the text.

use alertbook::markdown;
use alertbook::source::Source;
use std::time::{Duration, Instant};

/// Texts of nothing but marks. What reads one of them quadratically takes minutes.
#[test]
fn no_text_takes_longer_than_its_length_allows() {
    const LENGTH: usize = 100_000;
    const LONGEST: Duration = Duration::from_secs(10);
    let one_line = [
        "*a ",
        "**a ",
        "_a ",
        "*a _b ",
        "[",
        "![",
        "[a](",
        "[a](b \"",
        "[a] [",
        "`a ",
        "`` a ",
        "<a ",
        "<b>",
        "<a b=\"",
        "<pod ",
        "<b markdown=\"span\">",
        "<p markdown=\"1\">a</p>",
        "<div><p markdown=\"1\">a</p>",
        "</b>",
        "<!-- ",
        "~~a ",
        "{: .a}",
        "{:",
        "{::comment}",
        "&a",
        "\\",
        "\"a ",
        "'\"",
        "https://a ",
        "a: x{b} ",
        "|a",
        "|`a",
        "a\\|",
        "[^a]",
        "--",
        "<<",
        "x{",
    ];
    let many_lines = [
        "*a\n",
        "[a\n",
        "`a\n",
        "<b>\n",
        "> a\n",
        "- a\n",
        "1. a\n",
        "  - a\n",
        "- - a\n",
        "    a\n",
        "```a\n",
        "~~~\n",
        "````` a b\n",
        "|a\n",
        "|a|\n|--\n",
        "| a\nb\n",
        "<p>\n",
        "<div>\n\n",
        "</p>\n",
        "<!--\n",
        "<pod>\n",
        "<div markdown=\"1\">\n",
        "<div markdown=\"1\">a</div>\n",
        "<div><p markdown=\"1\">a\n</p></div>\n",
        "<div><p markdown=\"block\">\na</p>\n",
        "{: .a}\n\n",
        "{::comment}\n",
        "[^a]: b\n",
        "[a]: b\n",
        "[a]: b\n\"c\n",
        "*[a]: b\n",
        "a\n: b\n",
        "# a\n",
        "a\n=\n\n",
        "- a\n```\n",
        "- a\n\n      ```\n",
        "      ```\n",
        "^\n",
        "a  \n",
    ];
    for part in one_line.iter().chain(&many_lines) {
        let text = part.repeat(LENGTH / part.len());
        let start = Instant::now();
        markdown::parse(&Source::new("a.md", text), 0, &|_| markdown::Kept::default());
        assert!(start.elapsed() < LONGEST, "{part:?} took {:?}", start.elapsed());
    }
}
