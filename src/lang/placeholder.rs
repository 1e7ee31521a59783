//! Placeholders: the holes in a snippet that its reader fills.
//!
//! Nobody declares them, and one name has many spellings: `<worker id>`, `*workerID*`, `WORKERID`
//! in quotes, `$WORKER_ID`, `{Region}`, `RegionXXX`. They are recognised by their form, in any
//! language of snippets, and told from what has the same form and is none: an HTML tag, `<none>` in
//! the output of kubectl, `$PATH`, `{end}` of a jsonpath, the quantifier of a regular expression.
//!
//! [`canonical_key`] makes one name of the spellings; [`Context`] says how a value is written where
//! a placeholder stands.

mod address;
mod angles;
mod argument;
mod brackets;
mod capitals;
mod code;
mod commands;
mod context;
mod own;
mod patterns;
mod program;
mod script;
mod secret;
mod shell;
mod variable;
mod words;

pub use address::{find_in_address, in_address};
pub use code::{Code, in_query};
pub use context::Context;
pub use secret::{is_secret, names_secret};
pub use words::{canonical_key, label_asked_for, names_a_kind, names_a_thing as is_known_thing};

use crate::source::ByteSet;
use commands::{Command, commands};
use own::Own;
use std::cell::OnceCell;
use std::ops::Range;
use words::{is_directive, is_printed, is_shell_word, names_a_thing};

/// A hole in a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// Its bytes in the text of the snippet, with the delimiters that belong to it: `<` and `>`,
    /// the stars, the `$`. Quotes are part of the snippet, and stay.
    pub range: Range<usize>,
    /// The words inside, as they are written.
    pub name: String,
}

/// The longest name between delimiters, in bytes. Longer ones are sentences.
const LONGEST_NAME: usize = 80;

/// The longest template between `{{` and `}}`, in bytes.
const LONGEST_TEMPLATE: usize = 400;

/// Finds the placeholders of a snippet, in order and apart from each other.
pub fn find(text: &str) -> Vec<Placeholder> {
    CodeText::new(text).placeholders(false)
}

/// The text of a snippet, of which several things are asked. It is taken apart for the first of them.
pub struct CodeText<'t> {
    text: &'t str,
    commands: OnceCell<Vec<Command>>,
    own: OnceCell<Own<'t>>,
}

impl<'t> CodeText<'t> {
    /// A text of which nothing is known yet.
    pub fn new(text: &'t str) -> Self {
        Self { text, commands: OnceCell::new(), own: OnceCell::new() }
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Its placeholders if it is some code, as those of [`find`]. In most languages `$pod` and `{pod}`
    /// are a variable of their own; in a command `<table>` is no tag.
    pub fn placeholders_in(&self, code: Code) -> Vec<Placeholder> {
        let mut placeholders = self.placeholders(matches!(code, Code::Shell | Code::Other));
        placeholders.retain(|placeholder| code.has_hole(self.text, &placeholder.range));
        placeholders
    }

    /// The variables that it sets if it is of commands, in no order.
    pub fn names_set(&self) -> impl Iterator<Item = &'t str> {
        self.own().names()
    }

    fn placeholders(&self, of_commands: bool) -> Vec<Placeholder> {
        Finder { text: self.text, bytes: self.text.as_bytes(), of_commands }.all(self)
    }

    fn commands(&self) -> &[Command] {
        self.commands.get_or_init(|| commands(self.text))
    }

    fn own(&self) -> &Own<'t> {
        self.own.get_or_init(|| Own::of(self.text, self.commands()))
    }
}

/// How a variable of Grafana may say that it is written, behind its name.
/// <https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/>
const GRAFANA_FORMATS: [&str; 12] = [
    "csv",
    "date",
    "distributed",
    "doublequote",
    "glob",
    "json",
    "lucene",
    "percentencode",
    "pipe",
    "raw",
    "regex",
    "singlequote",
];

/// The bytes that a hole may begin with.
static MAY_BEGIN: ByteSet = ByteSet::of(b"<*${[\"'").and_all(b'A', b'Z');

struct Finder<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Whether the text is of commands or statements, which have no tags.
    of_commands: bool,
}

impl<'a> Finder<'a> {
    /// The placeholders of the snippet whose text it is, in order and apart from each other.
    fn all(&self, snippet: &CodeText<'_>) -> Vec<Placeholder> {
        let mut placeholders: Vec<Placeholder> = Vec::new();
        let mut at = 0;
        // Bytes of ASCII are no part of other characters, so offsets found by them are boundaries.
        while let Some(step) = self.bytes.get(at..).and_then(|rest| MAY_BEGIN.first_in(rest)) {
            let start = at + step;
            // Within a word only `XXX` begins a hole.
            let byte = self.bytes[start];
            if byte.is_ascii_uppercase() && byte != b'X' && is_word_byte(self.byte_before(start)) {
                at = start + 1;
                continue;
            }
            let floor = placeholders.last().map_or(0, |last| last.range.end);
            match self.at(start, floor) {
                Some(placeholder) => {
                    at = placeholder.range.end.max(start + 1);
                    placeholders.push(placeholder);
                }
                None => at = start + 1,
            }
        }
        // What stands between angle brackets is never a snippet's own.
        if placeholders.iter().any(|it| !matches!(self.byte(it.range.start), b'<' | b'[')) {
            let own = snippet.own();
            placeholders.retain(|placeholder| !own.holds(placeholder));
        }
        placeholders
    }

    /// The placeholder that the delimiter at `start` begins. None begins before `floor`.
    fn at(&self, start: usize, floor: usize) -> Option<Placeholder> {
        match self.bytes.get(start)? {
            b'<' => self.angle(start),
            b'*' => self.starred(start),
            b'$' => self.variable(start),
            b'{' if self.byte(start + 1) == b'{' => self.template(start),
            b'{' => self.braces(start),
            b'[' => self.brackets(start),
            b'"' | b'\'' => self.capitals(start),
            b'X' if self.byte(start + 1) == b'X' => self.crosses(start, floor),
            _ => self.bare_capitals(start),
        }
    }

    /// A byte of the text, or 0 outside of it.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    /// The text from `start` up to a delimiter that is near.
    fn until(&self, start: usize, delimiter: u8, longest: usize) -> Option<&'a str> {
        let window = self.bytes.get(start..)?;
        let window = window.get(..longest + 1).unwrap_or(window);
        let length = window.iter().position(|byte| *byte == delimiter)?;
        self.text.get(start..start + length)
    }

    /// The bytes from `start` on that `inside` holds for.
    fn run(&self, start: usize, inside: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| inside(**byte)).count();
        self.text.get(start..start + length).unwrap_or_default()
    }

    /// Whether it is in the value of a label, where nothing is a tag: `code=~"<code>|5.."`.
    fn is_in_label(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let quote_at = before.rfind(['"', '\'', '\n']);
        quote_at.and_then(|at| self.label_before(at)).is_some()
    }

    /// `*workerID*` in quotes or between words, but no product, no glob and no `.*` of a pattern.
    fn starred(&self, start: usize) -> Option<Placeholder> {
        let name = self.run(start + 1, |byte| is_word_byte(byte) || byte == b'-');
        let end = start + name.len() + 2;
        if !name.as_bytes().first()?.is_ascii_alphabetic() || self.byte(end - 1) != b'*' {
            return None;
        }
        let (before, behind) = (self.byte_before(start), self.byte(end));
        let is_quoted = matches!(before, b'"' | b'\'' | b'`') && before == behind;
        // No value of a label has stars, and as a regular expression it would be none.
        let is_matched =
            is_quoted && start >= 2 && matches!(self.byte_before(start - 1), b'=' | b'~');
        let is_apart =
            matches!(before, 0 | b' ' | b'\n' | b'\t' | b'(' | b'=' | b'~' | b',' | b'/' | b':')
                && matches!(
                    behind,
                    0 | b' '
                        | b'\n'
                        | b'\r'
                        | b'\t'
                        | b')'
                        | b','
                        | b'.'
                        | b'/'
                        | b':'
                        | b';'
                        | b'|'
                        | b'}'
                );
        // Nothing else begins with a star behind a comparison.
        let is_compared = is_apart
            && self
                .text
                .get(..start)
                .is_some_and(|text| text.trim_end().ends_with(['>', '<', '=', '~']));
        let is_placeholder =
            is_matched || is_compared || ((is_quoted || is_apart) && names_a_thing(name));
        is_placeholder.then(|| placeholder(start..end, name))?
    }

    /// `$VAR`, `${VAR}`, `$__interval`, and Grafana's `${var:regex}`
    fn variable(&self, start: usize) -> Option<Placeholder> {
        let is_braced = self.byte(start + 1) == b'{';
        let inner = start + 1 + usize::from(is_braced);
        if self.byte(inner) == b'<' {
            return self.doubled(start, inner);
        }
        let name = self.run(start + 1 + usize::from(is_braced), is_word_byte);
        let mut end = start + 1 + name.len() + 2 * usize::from(is_braced);
        if is_braced && self.byte(end - 1) == b':' {
            let format = self.run(end, |byte| byte.is_ascii_lowercase());
            if GRAFANA_FORMATS.contains(&format) {
                end += format.len() + 1;
            }
        }
        // Splunk's `pod=$pod$`. In a pattern the second sign ends the text.
        let is_token = !is_braced && self.of_commands && self.byte_before(start) == b'=';
        if is_token && self.byte(end) == b'$' && matches!(self.byte(end + 1), 0 | b' ' | b'\n') {
            end += 1;
        }
        if (is_braced && self.byte(end - 1) != b'}')
            || name.as_bytes().first()?.is_ascii_digit()
            || !name.bytes().any(|byte| byte.is_ascii_alphabetic())
            || matches!(self.byte_before(start), b'\\' | b'$')
            || is_shell_word(name)
        {
            return None;
        }
        placeholder(start..end, name)
    }

    /// `{{ $labels.pod }}`, a hole that another program fills.
    fn template(&self, start: usize) -> Option<Placeholder> {
        let rest = self.bytes.get(start + 2..)?;
        let near = rest.get(..LONGEST_TEMPLATE).unwrap_or(rest);
        let length = near.windows(2).position(|pair| pair == b"}}")?;
        let inside = self.text.get(start + 2..start + 2 + length)?;
        // Who runs the template has to fill in that first.
        let mut angles = inside.match_indices('<').map(|(at, _)| start + 2 + at);
        if angles.any(|at| self.angle(at).is_some()) {
            return None;
        }
        let name = inside.trim_matches(['-', ' ', '\t', '\n']);
        placeholder(start..start + length + 4, name)
    }

    /// `{Region}`
    fn braces(&self, start: usize) -> Option<Placeholder> {
        let name = self.run(start + 1, |byte| is_word_byte(byte) || byte == b'-');
        let end = start + name.len() + 2;
        let (before, behind) = (self.byte_before(start), self.byte(end));
        if self.byte(end - 1) != b'}'
            || !name.as_bytes().first()?.is_ascii_alphabetic()
            || is_printed(name)
            || is_directive(name)
            // `[0-9]{n}`, `%{http_code}`, `@{upstream}`, `#{name}`, `{{`
            || matches!(before, b']' | b')' | b'%' | b'@' | b'#' | b'\\' | b'{' | b'$')
        {
            return None;
        }
        // `up{job}` is a selector that lacks its matcher; `app_{region}_up` and `appRegion{Region}`
        // are names with a hole.
        let ends_a_name = is_word_byte(before) && !is_word_byte(behind) && behind != b'{';
        if ends_a_name && !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        // `path="/api/{id}/x"` is how a server calls its routes.
        let is_route =
            before == b'/' && self.is_in_label(start) && matches!(behind, b'/' | b'"' | b'\'');
        if is_route {
            return None;
        }
        placeholder(start..end, name)
    }

    /// `XXX`, `RegionXXX`
    fn crosses(&self, start: usize, floor: usize) -> Option<Placeholder> {
        // Inside of a run the decision was made at its first `X`.
        if !self.bytes.get(start..)?.starts_with(b"XXX") || self.byte_before(start) == b'X' {
            return None;
        }
        let before = self.bytes.get(floor..start)?;
        let head = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = self.run(start - head, |byte| byte.is_ascii_alphanumeric());
        // `mktemp /tmp/build.XXXXXX` is filled by mktemp.
        let is_temporary = name.len() >= 6
            && name.bytes().all(|byte| byte == b'X')
            && matches!(self.byte_before(start), b'.' | b'-' | b'_');
        if is_temporary {
            return None;
        }
        placeholder(start - head..start - head + name.len(), name)
    }

    /// The name on the other side of a `=`, `!=`, `=~` or `!~` before a quote.
    fn label_before(&self, quote_at: usize) -> Option<&'a str> {
        let head = self.text.get(quote_at.saturating_sub(LONGEST_NAME)..quote_at);
        let head = head.or_else(|| {
            // The window cut through a character: the label is not that long.
            self.text.get(..quote_at)?.rsplit(['\n', ' ', ',', '{']).next()
        })?;
        let head = head.trim_end_matches(' ');
        let label = head
            .strip_suffix("=~")
            .or_else(|| head.strip_suffix("!~"))
            .or_else(|| head.strip_suffix("!="))
            .or_else(|| head.strip_suffix('='))?
            .trim_end_matches(' ');
        let length = label.bytes().rev().take_while(|byte| is_word_byte(*byte)).count();
        label.get(label.len() - length..).filter(|label| !label.is_empty())
    }
}

fn placeholder(range: Range<usize>, name: &str) -> Option<Placeholder> {
    let name = name.trim();
    (!name.is_empty()).then(|| Placeholder { range, name: name.to_owned() })
}

fn is_word_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests;
