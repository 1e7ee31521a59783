//! Colours for code that says which language it is.

mod shell;

use super::escape::{MARK_CLOSE, MARK_OPEN};
use super::placeholders::Hole;
use crate::lang;
use crate::memo::Key;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Code as HTML with classes `hl-…` and its holes as placeholders, or `None` if nobody knows the
/// language.
///
/// While a text is coloured, each hole is one character of Unicode's private use: whatever the language, that
/// stays in one piece.
pub fn highlighted(language: &str, text: &str, holes: &[Hole]) -> Option<String> {
    let has_none = matches!(language, "text" | "txt" | "plain" | "none" | "output");
    if has_none || lang::fence::is_session(language) {
        return None;
    }
    // No text may pretend to be an addition, and grammars know nothing of their marks.
    if text.contains([MARK_OPEN, MARK_CLOSE]) {
        return None;
    }
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
    let coloured = if lang::fence::is_shell(language) {
        shell::coloured(&marked).into()
    } else {
        by_syntax(language, &marked)?
    };
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

/// The text in the colours of a language's grammar, if it is known. The grammars are unpacked when
/// the first such text is met; many sites have none. Sites repeat their code, so a text that was
/// coloured before is not coloured again.
fn by_syntax(language: &str, text: &str) -> Option<Arc<str>> {
    static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);
    static COLOURED: Mutex<BTreeMap<Key, Arc<str>>> = Mutex::new(BTreeMap::new());
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let key = Key::of(&[syntax.name.as_bytes(), text.as_bytes()]);
    // Whatever a thread that panicked was doing, what is in there is whole.
    let known = || COLOURED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(html) = known().get(&key) {
        return Some(Arc::clone(html));
    }
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, style);
    for line in LinesWithEndings::from(text) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    let html: Arc<str> = generator.finalize().into();
    let mut known = known();
    if known.len() >= MOST_KEPT {
        known.clear();
    }
    known.insert(key, Arc::clone(&html));
    Some(html)
}

/// How many coloured texts are kept.
const MOST_KEPT: usize = 2_000;

/// Characters that stand for holes; those of `render::escape` are not among them.
const PRIVATE_USE: RangeInclusive<char> = '\u{E000}'..='\u{E3FF}';

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::placeholder::{Code, CodeText};
    use crate::render::placeholders::Placeholders;

    #[test]
    fn known_languages_have_colours_and_keep_their_text() {
        let html = highlighted("bash", "echo \"$HOME\" # <home>\n", &[]).unwrap();
        assert!(html.contains("hl-"), "{html}");
        assert!(html.contains("&lt;home&gt;"), "{html}");
        let text = "ls <pod> '<x y>'\n";
        let config = crate::source::Source::new("alertbook.yaml", "title: T");
        let known = Placeholders::new(&crate::config::parse(&config).unwrap());
        let html =
            highlighted("bash", text, &known.of_code(&CodeText::new(text), Code::Shell)).unwrap();
        assert!(html.contains("data-context=\"shell-single:place\">&lt;x y&gt;</span>"), "{html}");
        let shown = scraper::Html::parse_fragment(&html);
        assert_eq!(shown.root_element().text().collect::<String>(), text);
        assert_eq!(highlighted("promql-of-old", "x", &[]), None);
    }
}
