//! Running text as its reader sees it, which still knows its bytes.

use crate::markdown::{Inline, InlineKind, push_as_written};
use crate::promql;
use crate::source::{MappedText, Source};

/// The text of some inlines. Line breaks that are seen are line breaks; code stands for itself where
/// it is a number, and for a word where it is anything else.
pub fn text(source: &Source, inlines: &[Inline]) -> MappedText {
    // Hardly any text is longer than it is written.
    let written = inlines.first().zip(inlines.last());
    let written =
        written.map_or(0, |(first, last)| last.range.end.saturating_sub(first.range.start));
    let mut mapped = MappedText::with_capacity(written, 1);
    push(source, inlines, &mut mapped);
    mapped
}

fn push(source: &Source, inlines: &[Inline], mapped: &mut MappedText) {
    let mut is_raised = false;
    for (at, inline) in inlines.iter().enumerate() {
        let range = inline.range.clone();
        match &inline.kind {
            InlineKind::Html(tag) if begins_with_sup(tag) => {
                is_raised = true;
                // `10<sup>9</sup>` is no 10.
                if is_power(mapped.text()) {
                    mapped.push_replaced("^", range);
                }
            }
            InlineKind::Html(tag) if tag.eq_ignore_ascii_case("</sup>") => is_raised = false,
            // The number of a footnote is no part of what it stands behind.
            _ if is_raised && !is_power(mapped.text().trim_end_matches('^')) => {}
            InlineKind::Text(text) => {
                let written = source.text().get(range.clone()).unwrap_or_default();
                push_as_written(text, written, range.start, mapped);
            }
            InlineKind::Code(code) if is_number(code.text()) => push_code(code, 0, mapped),
            InlineKind::Code(code) if let Some(at) = start_of_words(code.text()) => {
                mapped.push_replaced("code", code.to_source(0..at));
                push_code(code, at, mapped);
            }
            InlineKind::Code(_) | InlineKind::Verbatim(_) => mapped.push_replaced("code", range),
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) => push(source, inner, mapped),
            InlineKind::Link { content, .. } => push(source, content, mapped),
            InlineKind::SoftBreak => mapped.push_replaced(" ", range),
            InlineKind::HardBreak if goes_on(inlines.get(at + 1)) => {
                mapped.push_replaced(" ", range);
            }
            InlineKind::HardBreak => mapped.push_replaced("\n", range),
            InlineKind::Html(_) if inline.ends_line() => mapped.push_replaced("\n", range),
            _ => {}
        }
    }
}

/// Whether a tag raises what stands behind it.
pub(super) fn begins_with_sup(tag: &str) -> bool {
    tag.as_bytes().get(..4).is_some_and(|front| front.eq_ignore_ascii_case(b"<sup"))
}

/// Whether a number that is raised behind a text is its power.
fn is_power(text: &str) -> bool {
    let number = text.rsplit(|it: char| !it.is_ascii_digit()).next();
    matches!(number, Some("2" | "10"))
}

/// Whether a text behind a line break is within a sentence: it begins with a preposition.
fn goes_on(behind: Option<&Inline>) -> bool {
    let Some(Inline { kind: InlineKind::Text(text), .. }) = behind else { return false };
    let first = text.split_whitespace().next();
    matches!(
        first,
        Some("in" | "for" | "over" | "within" | "during" | "of" | "than" | "on" | "at" | "from")
    )
}

/// Adds code from one of its bytes on.
fn push_code(code: &MappedText, from: usize, mapped: &mut MappedText) {
    for (at, character) in code.text()[from..].char_indices() {
        let range = from + at..from + at + character.len_utf8();
        mapped.push_replaced(&code.text()[range.clone()], code.to_source(range));
    }
}

/// Where the comparison begins that ends a code which is no query, but says in words what one would:
/// ` < 14 days` in `not_after - time() < 14 days`, ` == 0 for 2m` in `up == 0 for 2m`.
fn start_of_words(code: &str) -> Option<usize> {
    const LONGEST: usize = 24;
    const OPERATORS: [&[u8]; 5] = [b" > ", b" < ", b" >= ", b" <= ", b" == "];
    // Most code compares nothing: what an operator is made of is looked for from behind.
    let bytes = code.as_bytes();
    let blanks = memchr::memrchr3_iter(b'<', b'>', b'=', bytes).filter_map(|it| it.checked_sub(1));
    let mut operators = blanks.filter(|at| OPERATORS.iter().any(|it| bytes[*at..].starts_with(it)));
    let at = operators.next()?;
    let said = code[at..].trim_start_matches([' ', '>', '<', '=']);
    let is_plain = said.chars().all(|it| it.is_alphanumeric() || matches!(it, ' ' | '.' | '%'));
    let is_number = said.starts_with(|it: char| it.is_ascii_digit());
    let has_words = said.contains(|it: char| it.is_alphabetic() || it == '%');
    let is_said = is_plain && is_number && has_words && said.len() <= LONGEST;
    (is_said && promql::tree(code).is_none()).then_some(at)
}

/// Whether the text of a code has words or numbers of the code.
pub(super) fn is_read(code: &str) -> bool {
    is_number(code) || start_of_words(code).is_some()
}

/// `3`, `> 80%`, `5h`
fn is_number(code: &str) -> bool {
    const LONGEST: usize = 24;
    code.len() <= LONGEST
        && code.contains(|it: char| it.is_ascii_digit())
        && !code.contains(['(', '{', '[', '_', ':', '"'])
        && code.trim_start_matches(['>', '<', '=', ' ']).starts_with(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{BlockKind, parse};

    #[test]
    fn text_knows_its_bytes() {
        for (written, phrase, bytes) in [
            ("it's **more than** `3` times", "more than 3", "more than** `3"),
            ("a \\| b &gt; 3 times", "> 3", "&gt; 3"),
            ("\"so\" --- over 5 -- that", "over 5", "over 5"),
            ("so... over 5", "over 5", "over 5"),
            ("with `code_x` over\n5 h", "over 5 h", "over\n5 h"),
            ("`x - time() < 14 days` or so", "< 14 days", "< 14 days"),
            ("`up{a=\"b\"} == 0 for 2m`.", "code == 0 for 2m", "up{a=\"b\"} == 0 for 2m"),
            ("`up > 3` for 2m", "code for 2m", "`up > 3` for 2m"),
        ] {
            let source = Source::new("a.md", written);
            let document = parse(&source, 0, &|_, _| crate::markdown::Kept::default());
            let BlockKind::Paragraph { content, .. } = &document.blocks[0].kind else { panic!() };
            let text = text(&source, content);
            let at = text.text().find(phrase).unwrap_or_else(|| panic!("{}", text.text()));
            assert_eq!(&written[text.to_source(at..at + phrase.len())], bytes);
        }
    }
}
