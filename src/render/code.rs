//! Colours for code that says which language it is.

use super::placeholders::Hole;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Code as HTML with classes `hl-…` and its holes as placeholders, or `None` if nobody knows the
/// language.
///
/// The syntaxes are unpacked when the first such fence is met; many sites have none. While a text
/// is coloured, each hole is one character of Unicode's private use: whatever the language, that
/// stays in one piece.
pub fn highlighted(language: &str, text: &str, holes: &[Hole]) -> Option<String> {
    static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);
    if matches!(language, "text" | "txt" | "plain" | "none" | "console" | "output") {
        return None;
    }
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, style);
    // A text that uses such characters itself goes without colours, and so does one with more holes
    // than there are.
    let is_private = |character: char| PRIVATE_USE.contains(&character);
    if holes.len() > PRIVATE_USE.count() || (!holes.is_empty() && text.contains(is_private)) {
        return None;
    }
    let mut marked = String::with_capacity(text.len());
    let mut at = 0;
    for (hole, mark) in holes.iter().zip(PRIVATE_USE) {
        marked.push_str(&text[at..hole.range.start]);
        marked.push(mark);
        at = hole.range.end;
    }
    marked.push_str(&text[at..]);
    for line in LinesWithEndings::from(&marked) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    let coloured = generator.finalize();
    let mut html = String::with_capacity(coloured.len() + holes.len() * 80);
    let mut marks = coloured.match_indices(is_private).peekable();
    let mut at = 0;
    for hole in holes {
        let (start, mark) = marks.next()?;
        html.push_str(&coloured[at..start]);
        hole.push_element(&mut html, &text[hole.range.clone()]);
        at = start + mark.len();
    }
    html.push_str(&coloured[at..]);
    Some(html)
}

/// Characters that stand for holes; those of `render::escape` are not among them.
const PRIVATE_USE: RangeInclusive<char> = '\u{E000}'..='\u{E3FF}';

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::placeholder::Code;
    use crate::render::placeholders::Placeholders;

    #[test]
    fn known_languages_have_colours_and_keep_their_text() {
        let html = highlighted("bash", "echo \"$HOME\" # <home>\n", &[]).unwrap();
        assert!(html.contains("hl-"), "{html}");
        assert!(html.contains("&lt;home&gt;"), "{html}");
        let text = "ls <pod> '<x y>'\n";
        let config = crate::source::Source::new("alertbook.yaml", "title: T");
        let known = Placeholders::new(&crate::config::parse(&config).unwrap());
        let html = highlighted("bash", text, &known.of_code(text, Code::Shell)).unwrap();
        assert!(html.contains("data-context=\"shell-single\">&lt;x y&gt;</span>"), "{html}");
        let shown = scraper::Html::parse_fragment(&html);
        assert_eq!(shown.root_element().text().collect::<String>(), text);
        assert_eq!(highlighted("promql-of-old", "x", &[]), None);
    }
}
