//! YAML with places: front matter, rule files, `alertbook.yaml`, data files.
//!
//! [`parse`] gives a tree in which every node knows the bytes it stands in, and [`Text`] maps any
//! part of a decoded scalar back to them, through quotes, escapes, folded lines and the
//! indentation of block scalars. [`Reader`] takes such trees apart where only certain keys may
//! stand, and gathers what is wrong with them. [`scalar()`] writes a text so that it is read as it was.
//!
//! Architecture invariant: no other module knows the YAML library, and none of its words reach a
//! user. It is read event by event, since a tree made through `serde` would have lost the
//! spellings (`1.50`), the styles and the duplicate keys.

mod json;
mod parse;
mod place;
mod plain;
mod reader;
mod scalar;
mod wording;
mod write;

pub use parse::{MAX_DEPTH, YamlError, parse};
pub use reader::{Fields, Reader};
pub use write::{is_plain, is_printable, quoted, scalar};

use crate::source::{MappedText, Source, Span};
use scalar::Style;
use std::fmt;
use std::ops::Range;

/// One node of a document: a value and where it stands.
///
/// An alias is the node of its anchor, place included: that is where the text can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The characters of the value: quotes and brackets included, tags and anchors not, block
    /// scalars from their first to their last visible character.
    pub span: Span,
    /// What it says.
    pub value: Value,
    style: Style,
}

/// What a node says, by the core schema of YAML 1.2 (<https://yaml.org/spec/1.2.2/#103-core-schema>).
/// Dates are strings, as are `yes` and `off`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Decoded),
    /// A text.
    String(Decoded),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the file. A key that is written twice is there twice; what comes
    /// in by a merge key (`<<`) stands in its place, unless the mapping itself says otherwise.
    Mapping(Vec<Entry>),
}

/// What a scalar says, where that is not what stands in the file: most need no decoding. The text is
/// that of its [node](Node::as_str).
pub type Decoded = Option<Box<str>>;

/// A key of a mapping and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key: always a [`Value::String`], whatever it looks like.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// The key's text.
    pub fn name(&self) -> &str {
        self.key.as_str().unwrap_or_default()
    }

    /// Whether the key is this one. Of most others the length tells.
    #[inline]
    pub fn is(&self, name: &str) -> bool {
        let is_as_long = || self.key.span.length() == name.len();
        let is_plain = self.key.style == Style::Plain;
        match self.key.value {
            Value::String(None) if is_plain => is_as_long() && self.key.span.text() == name,
            _ => self.name() == name,
        }
    }
}

impl Node {
    /// The text of a scalar: a string decoded, a number or a boolean as it is written. None for
    /// nothing, lists and mappings.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(Some(decoded)) | Value::Number(Some(decoded)) => Some(decoded),
            Value::String(None) | Value::Number(None) | Value::Bool(_) => {
                Some(self.style.inside(self.span.text()))
            }
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// A boolean, also in the spellings of YAML 1.1 that Jekyll understands (`yes`, `off`).
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::String(_) if self.style == Style::Plain => {
                match self.as_str()?.to_ascii_lowercase().as_str() {
                    "yes" | "on" => Some(true),
                    "no" | "off" => Some(false),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The value of a number in any of its spellings.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.value {
            Value::Number(_) => scalar::number(self.as_str()?),
            _ => None,
        }
    }

    /// The text of a scalar with its place, as [`as_str`](Self::as_str) has it.
    pub fn text(&self) -> Option<Text> {
        let decoded = match &self.value {
            Value::String(decoded) | Value::Number(decoded) => decoded.clone(),
            Value::Bool(_) => None,
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => return None,
        };
        Some(Text { decoded, span: self.span.clone(), style: self.style })
    }

    /// Whether there is nothing.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The nodes of a list; none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key; of a key that is written twice, the last one.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let mut entries = self.entries().iter().rev();
        entries.find(|entry| entry.is(key)).map(|entry| &entry.value)
    }

    /// What kind of thing it is, as a person would say it: `a list`, `a number`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

/// A decoded scalar that knows its bytes.
#[derive(Debug, Clone)]
pub struct Text {
    decoded: Decoded,
    span: Span,
    style: Style,
}

impl Text {
    fn new(decoded: &str, span: Span, style: Style) -> Self {
        Self { decoded: style.decoded(span.text(), decoded), span, style }
    }

    /// A text of the command line, whose place names the option.
    pub fn of_option(option: &str, value: &str) -> Self {
        let source = Source::new(option, quoted(value));
        Self::new(value, Span::new(&source, 0..source.text().len()), Style::DoubleQuoted)
    }

    /// The decoded text.
    pub fn as_str(&self) -> &str {
        self.decoded.as_deref().unwrap_or_else(|| self.style.inside(self.span.text()))
    }

    /// Where the whole of it stands, quotes included.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The text with the bytes of the source that each of its parts came from.
    pub fn decoded(&self) -> MappedText {
        place::decode(self.span.source().text(), self.span.range(), self.style, self.as_str())
    }

    /// The characters of the source that a byte range of the decoded text came from.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        Span::new(self.span.source(), self.decoded().to_source(range))
    }

    /// An empty text at a place where one could stand.
    pub(crate) fn empty(span: Span) -> Self {
        Self::new("", span, Style::Plain)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        (self.as_str(), &self.span, self.style) == (other.as_str(), &other.span, other.style)
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        // Of most others the length tells.
        let is_as_long =
            self.decoded.is_some() || self.style.length_inside(self.span.length()) == other.len();
        is_as_long && self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
