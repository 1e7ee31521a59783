//! The words of a syntax error: what stands at a place where it can't.

use crate::promql::scan::{Lexeme, LexemeKind};
use std::ops::Range;

/// Why a text is no query, and which of its bytes are to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::promql) struct Fault {
    pub message: String,
    pub help: Option<String>,
    pub range: Range<usize>,
}

impl Fault {
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, range }
    }

    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The fault of a lexeme that is not what was `wanted`.
pub(super) fn unexpected(text: &str, lexeme: &Lexeme, wanted: &str) -> Fault {
    let range = lexeme.range.clone();
    let word = text.get(range.clone()).unwrap_or_default();
    match lexeme.kind {
        LexemeKind::UnclosedString => {
            // The opening quote is the place to look at; what follows may be the rest of a page.
            let quote = range.start..range.start + 1;
            Fault::new(quote, "this string has no closing quote")
        }
        LexemeKind::BadNumber => {
            Fault::new(range, format!("`{word}` is neither a number nor a duration")).with_help(
                "durations are written like `5m` or `1h30m`; units: ms, s, m, h, d, w, y",
            )
        }
        LexemeKind::Invalid => invalid_character(range, word),
        LexemeKind::Operator if matches!(word, "=" | "=~" | "!~") => Fault::new(
            range,
            format!("`{word}` matches labels, which stand in braces; expected {wanted}"),
        )
        .with_help("values are compared with `==` and `!=`, labels matched as in `x{a=\"b\"}`"),
        _ => Fault::new(range, format!("unexpected {}, expected {wanted}", quoted(word))),
    }
}

fn invalid_character(range: Range<usize>, character: &str) -> Fault {
    match character.chars().next() {
        Some('\u{a0}' | '\u{202f}' | '\u{2007}') => {
            Fault::new(range, "a no-break space is no white space in PromQL")
                .with_help("replace it with an ordinary space")
        }
        Some('“' | '”' | '„' | '‘' | '’' | '«' | '»') => {
            Fault::new(range, format!("`{character}` is a typographic quote, which PromQL lacks"))
                .with_help("strings stand in straight quotes: \"…\"")
        }
        Some('–' | '—' | '−') => {
            Fault::new(range, format!("`{character}` is a dash, not the minus sign `-`"))
        }
        _ => Fault::new(range, format!("{} has no meaning in PromQL", quoted(character))),
    }
}

/// Words of the text as a message shows them: in backticks, long ones cut.
pub(super) fn quoted(word: &str) -> String {
    const LONGEST: usize = 40;
    if word.chars().count() <= LONGEST {
        format!("`{word}`")
    } else {
        let cut: String = word.chars().take(LONGEST).collect();
        format!("`{cut}…`")
    }
}
