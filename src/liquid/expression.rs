//! What stands between `{{` and `}}`: a path to a value or a text in quotes, and filters that change
//! it.
//!
//! The syntax is that of Liquid (<https://shopify.dev/docs/api/liquid/basics>): names joined by
//! dots, which may contain hyphens, and brackets with a number or a quoted name. What does not look
//! like it altogether (`$labels.x`, `.Values.x`, `range $i := .Items`) is no expression. Nor is a
//! text in quotes without a filter: `{{ "{{" }}` is how Go templates write braces.

use crate::source::MappedText;
use std::ops::Range;

/// A value and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression {
    pub value: Operand,
    /// The filters in order; `None` if one of them is not known here.
    pub filters: Option<Vec<Filter>>,
}

/// What an expression begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    /// A path with at least one segment.
    Path(Vec<Segment>),
    /// A text in quotes.
    Literal(String),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub key: Key,
    /// Its bytes in the text, without dots, brackets and quotes.
    pub range: Range<usize>,
}

/// What a segment takes out of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The value under a name.
    Name(String),
    /// The item of a list, from 0; negative numbers count from its end.
    Index(i64),
}

impl Key {
    /// The name, if it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Index(_) => None,
        }
    }

    /// Writes it behind a path, with a dot where that is possible.
    pub fn write(&self, path: &mut String) {
        match self {
            Self::Name(name) if !name.is_empty() && name.chars().all(is_word) => {
                path.push('.');
                path.push_str(name);
            }
            Self::Name(name) => path.push_str(&format!("[\"{name}\"]")),
            Self::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
}

/// A filter, as Liquid has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// `default: "x"`: a text in place of nothing.
    Default(String),
    /// `escape`: the characters that mean something in HTML as entities.
    Escape,
    /// `downcase`
    Downcase,
    /// `upcase`
    Upcase,
    /// `markdownify`: Markdown made HTML, as all that is put in will be anyway, but within raw HTML.
    Markdownify,
    /// `relative_url`: the path of a page, below the path of the site.
    RelativeUrl,
    /// `absolute_url`: the path of a page, below the address of the site.
    AbsoluteUrl,
}

/// Reads what stands between the braces. `at` is where it begins in the text.
pub(super) fn parse(inside: &str, at: usize) -> Option<Expression> {
    let mut cursor = Cursor { rest: inside, at };
    cursor.skip_space();
    let value = match cursor.quoted() {
        Some(text) => Operand::Literal(text.to_owned()),
        None => Operand::Path(cursor.path()?),
    };
    cursor.skip_space();
    let filters = match (cursor.rest, &value) {
        ("", Operand::Path(_)) => Some(Vec::new()),
        (rest, _) if rest.starts_with('|') => cursor.filters(),
        _ => return None,
    };
    Some(Expression { value, filters })
}

struct Cursor<'t> {
    rest: &'t str,
    /// Where `rest` begins in the text.
    at: usize,
}

impl<'t> Cursor<'t> {
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.at += taken.len();
        taken
    }

    fn skip(&mut self, character: char) -> bool {
        let is_next = self.rest.starts_with(character);
        if is_next {
            self.take(character.len_utf8());
        }
        is_next
    }

    fn skip_space(&mut self) {
        self.take(self.rest.len() - self.rest.trim_start().len());
    }

    fn word(&mut self) -> Option<&'t str> {
        let length = self.rest.find(|character| !is_word(character)).unwrap_or(self.rest.len());
        (length > 0).then(|| self.take(length))
    }

    fn path(&mut self) -> Option<Vec<Segment>> {
        let mut path = vec![self.name()?];
        loop {
            if self.skip('.') {
                path.push(self.name()?);
            } else if self.skip('[') {
                path.push(self.bracket()?);
            } else {
                return Some(path);
            }
        }
    }

    fn name(&mut self) -> Option<Segment> {
        let start = self.at;
        let name = self.word()?;
        Some(Segment { key: Key::Name(name.to_owned()), range: start..self.at })
    }

    /// What stands in brackets, and the closing one.
    fn bracket(&mut self) -> Option<Segment> {
        self.skip_space();
        let start = self.at;
        let segment = if let Some(name) = self.quoted() {
            Segment { key: Key::Name(name.to_owned()), range: start + 1..self.at - 1 }
        } else {
            let index = self.word()?.parse().ok()?;
            Segment { key: Key::Index(index), range: start..self.at }
        };
        self.skip_space();
        self.skip(']').then_some(segment)
    }

    /// A text in quotes of either kind, which know no escapes.
    fn quoted(&mut self) -> Option<&'t str> {
        let quote = self.rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let length = self.rest.get(1..)?.find(quote)?;
        self.take(1);
        let text = self.take(length);
        self.take(1);
        Some(text)
    }

    /// All filters to the end; `None` at the first that is not known.
    fn filters(&mut self) -> Option<Vec<Filter>> {
        let mut filters = Vec::new();
        while !self.rest.is_empty() {
            if !self.skip('|') {
                return None;
            }
            self.skip_space();
            let name = self.word()?;
            self.skip_space();
            filters.push(match name {
                "default" if self.skip(':') => {
                    self.skip_space();
                    Filter::Default(self.quoted()?.to_owned())
                }
                "escape" => Filter::Escape,
                "downcase" => Filter::Downcase,
                "upcase" => Filter::Upcase,
                "markdownify" => Filter::Markdownify,
                "relative_url" => Filter::RelativeUrl,
                "absolute_url" => Filter::AbsoluteUrl,
                _ => return None,
            });
            self.skip_space();
        }
        Some(filters)
    }
}

impl Filter {
    /// What becomes of a text, on a site at this host below this path.
    pub fn apply(&self, text: String, host: &str, base_path: &str) -> String {
        match self {
            Self::Default(instead) if text.is_empty() => instead.clone(),
            Self::Default(_) | Self::Markdownify => text,
            Self::Escape | Self::Downcase | Self::Upcase => {
                let mut changed = String::with_capacity(text.len());
                for character in text.chars() {
                    match self.instead_of(character) {
                        Some(instead) => changed.push_str(&instead),
                        None => changed.push(character),
                    }
                }
                changed
            }
            // As in `lib/jekyll/filters/url_filters.rb`.
            Self::RelativeUrl | Self::AbsoluteUrl if has_scheme(&text) => text,
            Self::RelativeUrl => below(base_path, &text),
            Self::AbsoluteUrl => host.to_owned() + &below(base_path, &text),
        }
    }

    /// The same of a text that knows its bytes: what becomes of it still knows them, as far as it
    /// comes of its characters one by one. All else stands for the bytes `place`.
    pub fn apply_to_mapped(
        &self,
        text: MappedText,
        host: &str,
        base_path: &str,
        place: &Range<usize>,
    ) -> MappedText {
        if matches!(self, Self::Escape | Self::Downcase | Self::Upcase) {
            return text.with_characters(|character| self.instead_of(character));
        }
        let changed = self.apply(text.text().to_owned(), host, base_path);
        if changed == text.text() {
            return text;
        }
        let mut mapped = MappedText::new();
        mapped.push_replaced(&changed, place.clone());
        mapped
    }

    /// What a filter that goes over a text character by character writes instead of one.
    fn instead_of(&self, character: char) -> Option<String> {
        let instead: String = match (self, character) {
            (Self::Downcase, _) => character.to_lowercase().collect(),
            (Self::Upcase, _) => character.to_uppercase().collect(),
            // The entities are those of Ruby's `CGI.escapeHTML`, which Liquid calls.
            (Self::Escape, '&') => "&amp;".to_owned(),
            (Self::Escape, '<') => "&lt;".to_owned(),
            (Self::Escape, '>') => "&gt;".to_owned(),
            (Self::Escape, '"') => "&quot;".to_owned(),
            (Self::Escape, '\'') => "&#39;".to_owned(),
            _ => return None,
        };
        (!instead.chars().eq([character])).then_some(instead)
    }
}

/// Whether an address begins with a scheme, `https:` or `mailto:`.
fn has_scheme(address: &str) -> bool {
    let before = address.split(['/', '?', '#']).next().unwrap_or_default();
    before.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// A path below another one, with a slash between the two, and with blanks as addresses have them.
fn below(base_path: &str, path: &str) -> String {
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    format!("{base_path}{slash}{path}").replace(' ', "%20")
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path as it would be written, with the text of each segment.
    fn path(inside: &str) -> Option<(String, Vec<&str>)> {
        let expression = parse(inside, 0)?;
        let Operand::Path(path) = &expression.value else { return None };
        let mut shown = String::new();
        for segment in path {
            segment.key.write(&mut shown);
        }
        let written = path.iter().map(|segment| &inside[segment.range.clone()]);
        Some((shown, written.collect()))
    }

    #[test]
    fn paths_are_read_with_their_places() {
        for (inside, shown, written) in [
            (" site.title ", ".site.title", vec!["site", "title"]),
            (
                "site.data.armada-deploy.2024",
                ".site.data.armada-deploy.2024",
                vec!["site", "data", "armada-deploy", "2024"],
            ),
            ("a['b c'][ -1 ].d", ".a[\"b c\"][-1].d", vec!["a", "b c", "-1", "d"]),
            ("a[\"b\"] | what: x", ".a.b", vec!["a", "b"]),
        ] {
            assert_eq!(path(inside), Some((shown.to_owned(), written)), "{inside}");
        }
    }

    #[test]
    fn other_languages_are_none() {
        for inside in [
            "",
            " ",
            "$labels.x",
            " .Values.x ",
            "range $i := .Items",
            "if eq .a \"b\"",
            "a b",
            "a.",
            "a..b",
            "a[",
            "a[b]",
            "a[\"b]",
            "a['b'",
            "a.{{ b",
            "\"{{\"",
            "\"a\" b",
            "a ? b : c",
            "{ a",
        ] {
            assert_eq!(parse(inside, 0), None, "{inside}");
        }
    }

    #[test]
    fn filters_change_the_value() {
        for (inside, value, expected) in [
            ("a", "É", Some("É")),
            ("a | downcase", "É", Some("é")),
            ("a|upcase|downcase", "é", Some("é")),
            ("a | default: \"x\"", "", Some("x")),
            ("a | default: 'x' | upcase", "y", Some("Y")),
            ("a | escape", "<\"&'>", Some("&lt;&quot;&amp;&#39;&gt;")),
            ("a | markdownify", "*y*", Some("*y*")),
            ("a | relative_url", "/b c.html#d", Some("/docs/b%20c.html#d")),
            ("a | relative_url", "b/c:d", Some("/docs/b/c:d")),
            ("a | relative_url", "", Some("/docs")),
            ("a | relative_url", "mailto:a@example.com", Some("mailto:a@example.com")),
            ("a | absolute_url", "/b.html", Some("https://h/docs/b.html")),
            ("a | absolute_url", "http://x/", Some("http://x/")),
            ("'x' | upcase", "y", Some("Y")),
            ("a | jsonify", "y", None),
            ("a | escape x", "y", None),
            ("a | default \"x\"", "y", None),
            ("a |", "y", None),
        ] {
            let filters = parse(inside, 0).unwrap().filters;
            let text = filters.map(|filters| {
                filters
                    .iter()
                    .fold(value.to_owned(), |text, filter| filter.apply(text, "https://h", "/docs"))
            });
            assert_eq!(text.as_deref(), expected, "{inside}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_segment_is_within_the_text(inside in "[ab.\\[\\]\"'|: é1-]{0,20}") {
            if let Some(Expression { value: Operand::Path(path), .. }) = parse(&inside, 0) {
                for segment in path {
                    assert!(inside.get(segment.range).is_some());
                }
            }
        }
    }
}
