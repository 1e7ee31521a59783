//! The mark-up of a placeholder.
//!
//! A placeholder in the author's text becomes
//! `<span class="placeholder" data-placeholder="KEY" data-context="CONTEXT">`, with the author's
//! text inside. One in an attribute (the address of a link, the query of a link) can't be an
//! element; there `data-holes` says where it is: `START,END,KEY,CONTEXT` for each, apart by spaces,
//! START and END counted in UTF-16 units as browsers count. KEY is one for all spellings of a name;
//! CONTEXT is [`Context::name`].

use crate::lang::placeholder::Context;
use crate::render::escape::{push, push_escaped};
use std::borrow::Cow;
use std::ops::Range;

/// A placeholder in some text of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// One for all spellings of its name.
    pub key: String,
    /// What its author calls it here.
    pub name: String,
    /// What a value has to fit in.
    pub context: Context,
    /// Whether the value is nobody else's to see.
    pub is_secret: bool,
    /// Whether it names a machine, where the label is that of a port of it: `ssh <instance>`.
    pub is_machine: bool,
    /// Whether something is done with the value, and not just asked about it.
    pub is_of_command: bool,
}

impl Hole {
    /// Appends the placeholder as an element around what its author wrote.
    pub fn push_element(&self, html: &mut String, written: &str) {
        html.push_str("<span class=\"placeholder\" data-placeholder=\"");
        push_escaped(html, &self.key);
        push(html, &["\" data-context=\"", &self.context_name(), "\">"]);
        push_escaped(html, written);
        html.push_str("</span>");
    }

    /// What mark-up calls the context, and what is taken of the value before.
    pub(super) fn context_name(&self) -> Cow<'static, str> {
        let name = self.context.name();
        if self.is_machine { format!("{name}:machine").into() } else { name }
    }
}

/// Appends text with its holes as elements.
pub fn push_text(html: &mut String, text: &str, holes: &[Hole]) {
    let mut at = 0;
    for hole in holes {
        push_escaped(html, &text[at..hole.range.start]);
        hole.push_element(html, &text[hole.range.clone()]);
        at = hole.range.end;
    }
    push_escaped(html, &text[at..]);
}

/// Appends ` data-holes="…"` for the holes of a text that is in an attribute; nothing without any.
pub fn push_attribute(html: &mut String, text: &str, holes: &[Hole]) {
    if holes.is_empty() {
        return;
    }
    html.push_str(" data-holes=\"");
    let (mut at, mut units) = (0, 0);
    let mut units_before = |end: usize| {
        units += text[at..end].encode_utf16().count();
        at = end;
        units
    };
    for (index, hole) in holes.iter().enumerate() {
        let start = units_before(hole.range.start);
        let end = units_before(hole.range.end);
        if index > 0 {
            html.push(' ');
        }
        for unit in [start, end] {
            push(html, &[itoa::Buffer::new().format(unit), ","]);
        }
        push_escaped(html, &hole.key);
        push(html, &[",", &hole.context_name()]);
    }
    html.push('"');
}
