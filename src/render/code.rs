//! Colours for code that says which language it is.

use std::sync::LazyLock;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Code as HTML with classes `hl-…`, or `None` if nobody knows the language.
///
/// The syntaxes are unpacked when the first such fence is met; many sites have none.
pub fn highlighted(language: &str, text: &str) -> Option<String> {
    static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);
    if matches!(language, "text" | "txt" | "plain" | "none" | "console" | "output") {
        return None;
    }
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, style);
    for line in LinesWithEndings::from(text) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_languages_have_colours_and_keep_their_text() {
        let html = highlighted("bash", "echo \"$HOME\" # <home>\n").unwrap();
        assert!(html.contains("hl-"), "{html}");
        assert!(html.contains("&lt;home&gt;"), "{html}");
        assert_eq!(highlighted("promql-of-old", "x"), None);
    }
}
