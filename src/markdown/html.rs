//! The tags in a piece of raw HTML, with their places: enough to find links, images and anchors, and
//! to tell a tag from what an author put between angle brackets to be read.
//!
//! Follows the tag states of the HTML standard's tokenizer (13.2.5) as far as attributes go. This
//! is for reading only; what reaches a page goes through an allow-list first.
//!
//! Which elements stand within text and which do not is kramdown's distinction
//! (`HTML_SPAN_ELEMENTS` in `kramdown/parser/html.rb`).

use super::document::Attributes;
use std::collections::HashMap;
use std::ops::Range;

/// Elements that stand within running text.
#[rustfmt::skip]
const SPAN: [&str; 39] = [
    "a", "abbr", "acronym", "b", "bdo", "big", "br", "button", "cite", "code", "del", "dfn", "em",
    "i", "img", "input", "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt",
    "rtc", "ruby", "samp", "select", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
    "wbr",
];

/// Elements that begin a block where they begin a line.
#[rustfmt::skip]
const BLOCK: [&str; 68] = [
    "address", "article", "aside", "audio", "blockquote", "body", "canvas", "caption", "center",
    "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hgroup", "hr", "html", "iframe", "legend", "li", "main", "menu", "nav",
    "noscript", "object", "ol", "optgroup", "p", "picture", "pre", "s", "script", "section",
    "source", "strike", "style", "summary", "svg", "table", "tbody", "td", "textarea", "tfoot",
    "th", "thead", "tr", "ul", "video",
];

/// Elements that Markdown is full of. The names of others, such as `label` or `object`, are more
/// often words for a reader to replace than tags.
#[rustfmt::skip]
const COMMON: [&str; 57] = [
    "a", "b", "big", "blockquote", "br", "center", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "iframe", "img", "ins",
    "kbd", "li", "ol", "p", "pre", "s", "script", "small", "span", "strike", "strong", "style",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
    "wbr", "mark", "svg", "figure", "figcaption", "colgroup",
];

/// Elements of running text that kramdown has no name for. To it any other tag is one of text too.
const UNKNOWN_TO_KRAMDOWN: [&str; 7] =
    ["bdi", "data", "meter", "nobr", "output", "progress", "time"];

/// Elements whose tags are text to kramdown where they stand within text: `HTML_BLOCK_ELEMENTS`.
#[rustfmt::skip]
const ONLY_BLOCK: [&str; 49] = [
    "address", "applet", "article", "aside", "blockquote", "body", "caption", "col", "colgroup",
    "dd", "div", "dl", "dt", "fieldset", "figcaption", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "hgroup", "hr", "html", "iframe", "legend", "li", "main", "map",
    "menu", "nav", "ol", "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
];

/// Elements that have no content, and no closing tag.
#[rustfmt::skip]
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is no Markdown.
const RAW: [&str; 9] =
    ["script", "style", "math", "option", "textarea", "pre", "code", "kbd", "samp"];

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether HTML has an element of this name, as far as it stands in a page's text.
pub fn is_element(name: &str) -> bool {
    is_span(name) || is_block(name)
}

/// Whether an element of this name stands within running text.
pub fn is_span(name: &str) -> bool {
    is_one_of(&SPAN, name)
}

/// Whether an element of this name begins a block where it begins a line.
pub fn is_block(name: &str) -> bool {
    is_one_of(&BLOCK, name)
}

/// Whether HTML has an element of this name that kramdown takes for one that nobody knows.
pub fn is_unknown_to_kramdown(name: &str) -> bool {
    is_one_of(&UNKNOWN_TO_KRAMDOWN, name)
}

/// Whether an element of this name is none to kramdown where it stands within text.
pub fn is_only_block(name: &str) -> bool {
    is_one_of(&ONLY_BLOCK, name)
}

/// Whether kramdown reads no Markdown in an element of this name within text: in none that it does
/// not know.
pub fn is_raw_to_kramdown(name: &str) -> bool {
    const READ: [&str; 5] = ["details", "figure", "noscript", "object", "address"];
    let is_text = is_span(name) && !is_one_of(&["mark", "u"], name);
    is_raw(name) || !is_text && !is_one_of(&READ, name)
}

/// Whether Markdown is full of elements of this name.
pub fn is_common(name: &str) -> bool {
    is_one_of(&COMMON, name)
}

/// Whether an element of this name has no content and no closing tag.
pub fn is_void(name: &str) -> bool {
    is_one_of(&VOID, name)
}

/// Whether the content of an element of this name is no Markdown.
pub fn is_raw(name: &str) -> bool {
    is_one_of(&RAW, name) || name.eq_ignore_ascii_case("var")
}

/// The name of an element that a text begins with, by XML's rule; empty if there is none.
pub fn name_at(text: &str) -> &str {
    if !text.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        return "";
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':')));
    text[..end.unwrap_or(text.len())].trim_end_matches(':')
}

/// The opening tag that a text begins with, up to its `>`; `None` if it is not closed, or other
/// characters stand in it than in a tag.
pub fn tag_at(text: &str) -> Option<Tag<'_>> {
    let name = name_at(text.strip_prefix('<')?);
    if name.is_empty()
        || !text[1 + name.len()..]
            .starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
    {
        return None;
    }
    let text = &text[..tag_end(text)?];
    let (tag, end) = tag(text, 1);
    // `replicas<b && limit>2` has no tag.
    let is_sound = tag.attributes.iter().all(|(name, ..)| {
        !name.contains(['<', '>', '"', '\'', '`', '|', '{', '}', '(', ')', '&', ';', '!', '$', '='])
    });
    (text[..end].ends_with('>') && is_sound).then_some(tag)
}

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 4000;

/// Where the tag at the front of a text ends; `None` if another one begins before that.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1).take(LONGEST_TAG) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            _ => {}
        }
    }
    None
}

/// A text that begins with a tag, with what an attribute list says of its element: as in kramdown,
/// classes are added to those there are, and all else is said anew.
pub fn with_attributes(text: &str, said: &Attributes) -> String {
    let Some(tag) = tag_at(text) else { return text.to_owned() };
    let is_said = |name: &str| {
        name.eq_ignore_ascii_case("id") && said.id.is_some()
            || said.pairs.iter().any(|(key, _)| name.eq_ignore_ascii_case(key))
    };
    let mut html = format!("<{}", tag.name);
    let mut push = |name: &str, value: &str| {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        html.push_str(&value.replace('"', "&quot;"));
        html.push('"');
    };
    let mut classes = Vec::new();
    for (name, value, _) in &tag.attributes {
        if name.eq_ignore_ascii_case("class") {
            classes.push(*value);
        } else if !is_said(name) {
            push(name, value);
        }
    }
    let new = |value: &str| value.replace('&', "&amp;").replace('<', "&lt;");
    for (name, value) in &said.pairs {
        // What no tag can hold would end it.
        if name_at(name) == name {
            push(name, &new(value));
        }
    }
    if let Some(id) = &said.id {
        push("id", &new(id));
    }
    classes.extend(said.classes.iter().map(String::as_str));
    if !classes.is_empty() {
        push("class", &classes.join(" "));
    }
    html.push_str(if tag.is_closed { "/>" } else { ">" });
    html.push_str(&text[tag.range.end..]);
    html
}

/// The name of the closing tag that a text ends with.
pub fn last_closing_tag(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let last = &text[text.rfind("</")?..];
    closing_tag_at(last).filter(|(_, length)| *length == last.len()).map(|(name, _)| name)
}

/// How long the closing tag is that a text begins with, and its name.
pub fn closing_tag_at(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("</")?;
    let name = name_at(rest);
    let behind = rest[name.len()..].trim_start();
    let length = text.len() - behind.len() + 1;
    (!name.is_empty() && behind.starts_with('>')).then_some((name, length))
}

/// The closing tags of elements that begin blocks, or hold Markdown, by where their opening tags
/// begin.
pub fn closing_tags(text: &str) -> HashMap<usize, Range<usize>> {
    let mut open: HashMap<String, Vec<usize>> = HashMap::new();
    let mut closing = HashMap::new();
    let mut at = 0;
    // Until one is not closed, and so none below is.
    let mut comments = true;
    while let Some(found) = text[at..].find('<').map(|step| at + step) {
        at = found + 1;
        if text[found..].starts_with("<!--") {
            let end = if comments { text[found..].find("-->") } else { None };
            comments = end.is_some();
            at = end.map_or(at, |length| found + length);
        } else if let Some((name, length)) = closing_tag_at(&text[found..]) {
            if let Some(start) = open.get_mut(&name.to_ascii_lowercase()).and_then(Vec::pop) {
                closing.insert(start, found..found + length);
            }
        } else {
            let name = name_at(&text[at..]);
            let holds_markdown = || {
                let tag = tag_at(&text[found..]);
                tag.is_some_and(|tag| tag.attribute("markdown").is_some())
            };
            if is_block(name) || is_span(name) && holds_markdown() {
                open.entry(name.to_ascii_lowercase()).or_default().push(found);
            }
        }
    }
    closing
}

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'t> {
    /// Its name as written.
    pub name: &'t str,
    /// Its attributes in order: name as written, value (entities not decoded), and the bytes of the
    /// value in the text.
    pub attributes: Vec<(&'t str, &'t str, Range<usize>)>,
    /// The bytes of the tag in the text.
    pub range: Range<usize>,
    /// Whether it ends in `/>`.
    pub is_closed: bool,
}

impl<'t> Tag<'t> {
    /// Whether the tag has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether any of its attributes has a value: words that are meant to be read have none.
    pub fn has_values(&self) -> bool {
        self.attributes.iter().any(|(.., value)| !value.is_empty())
    }

    /// Whether what stands behind its name may be words of a sentence, `x<i or y>3`: no attribute
    /// has a value, and none does without.
    pub fn holds_words(&self) -> bool {
        const FLAGS: [&str; 14] = [
            "async", "autoplay", "checked", "controls", "defer", "disabled", "download", "hidden",
            "loop", "muted", "open", "required", "reversed", "selected",
        ];
        !self.attributes.is_empty()
            && !self.has_values()
            && !self.attributes.iter().any(|(name, ..)| {
                name.starts_with("data-") || FLAGS.contains(&name.to_ascii_lowercase().as_str())
            })
    }

    /// The value of an attribute and its bytes.
    pub fn attribute(&self, name: &str) -> Option<(&'t str, Range<usize>)> {
        let (_, value, range) =
            self.attributes.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        Some((value, range.clone()))
    }
}

/// The opening tags of a text, in order; comments and closing tags are passed over.
pub fn opening_tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('<') {
        at += open + 1;
        if text[at..].starts_with("!--") {
            match text[at..].find("-->") {
                Some(end) => at += end + 3,
                None => break,
            }
        } else if text[at..].starts_with(|first: char| first.is_ascii_alphabetic()) {
            let (tag, end) = tag(text, at);
            tags.push(tag);
            at = end;
        }
    }
    tags
}

/// The tag whose name begins at `start`, and where it ends.
fn tag(text: &str, start: usize) -> (Tag<'_>, usize) {
    let name_end = find(text, start, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    let mut tag = Tag {
        name: &text[start..name_end],
        attributes: Vec::new(),
        range: start - 1..text.len(),
        is_closed: false,
    };
    let mut at = name_end;
    loop {
        at = find(text, at, |c| !c.is_ascii_whitespace() && c != '/');
        match text[at..].chars().next() {
            None => return (tag, at),
            Some('>') => {
                tag.range.end = at + 1;
                tag.is_closed = text[..at].ends_with('/');
                return (tag, at + 1);
            }
            Some(_) => {}
        }
        // A name may begin with `=`, as the standard has it; so at least one character is read.
        let first = text[at..].chars().next().map_or(1, char::len_utf8);
        let end =
            find(text, at + first, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='));
        let name = &text[at..end];
        let equals = find(text, end, |c| !c.is_ascii_whitespace());
        if !text[equals..].starts_with('=') {
            tag.attributes.push((name, "", end..end));
            at = end;
            continue;
        }
        let value = find(text, equals + 1, |c| !c.is_ascii_whitespace());
        let range = match text[value..].chars().next() {
            Some(quote @ ('"' | '\'')) => value + 1..find(text, value + 1, |c| c == quote),
            _ => value..find(text, value, |c| c.is_ascii_whitespace() || c == '>'),
        };
        at = range.end + usize::from(text[range.end..].starts_with(['"', '\'']));
        tag.attributes.push((name, &text[range.clone()], range));
    }
}

/// The place of the first character from `from` on that is wanted, or the end.
fn find(text: &str, from: usize, wanted: impl Fn(char) -> bool) -> usize {
    let from = from.min(text.len());
    text[from..].find(wanted).map_or(text.len(), |offset| from + offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_tags_and_attributes() {
        let text = "<a href=\"images/x.png\">\n<img SRC='y.png' alt=z style=\"width: 4px\"/></a><!-- <b> --><br>";
        let tags = opening_tags(text);
        assert_eq!(tags.iter().map(|tag| tag.name).collect::<Vec<_>>(), ["a", "img", "br"]);
        let (value, range) = tags[0].attribute("href").unwrap();
        assert_eq!(value, "images/x.png");
        assert_eq!(&text[range], value);
        assert_eq!(tags[1].attribute("src").unwrap().0, "y.png");
        assert_eq!(tags[1].attribute("alt").unwrap().0, "z");
    }

    proptest! {
        #[test]
        fn values_slice_back(text in "[<>a-c =\"'/!é-]{0,40}") {
            for tag in opening_tags(&text) {
                for (_, value, range) in tag.attributes {
                    prop_assert_eq!(value, &text[range]);
                }
            }
        }
    }
}
