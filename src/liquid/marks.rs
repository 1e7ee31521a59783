//! Where things that look like Liquid stand in a text: `{{ … }}` and `{% … %}`.

use std::ops::Range;

/// The longest mark that is read, in bytes. Whatever is longer was not meant as one: an opening in
/// one place and a closing in another.
const LONGEST: usize = 4096;

/// The two kinds of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// `{{ … }}`, in whose place a value is put.
    Output,
    /// `{% … %}`, which says what to do with the text around it.
    Tag,
}

/// Something between the braces of Liquid. All ranges are in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub kind: MarkKind,
    /// The whole of it, with its braces.
    pub range: Range<usize>,
    /// What stands between the braces and their dashes.
    pub inside: Range<usize>,
    /// Whether it takes away the white space before it, `{{-`.
    pub trims_before: bool,
    /// Whether it takes away the white space behind it, `-}}`.
    pub trims_after: bool,
}

impl Mark {
    fn new(text: &str, kind: MarkKind, range: Range<usize>) -> Self {
        let mut inside = range.start + 2..range.end - 2;
        let within = text.get(inside.clone()).unwrap_or_default();
        let trims_before = within.starts_with('-');
        inside.start += usize::from(trims_before);
        let trims_after = text.get(inside.clone()).unwrap_or_default().ends_with('-');
        inside.end -= usize::from(trims_after);
        Self { kind, range, inside, trims_before, trims_after }
    }

    /// What stands between its braces.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.inside.clone()).unwrap_or_default()
    }

    /// The name of a tag and what follows it.
    pub fn words<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        if self.kind != MarkKind::Tag {
            return None;
        }
        let inside = self.text(text).trim();
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some((name, rest.trim_start()))
    }
}

/// The marks of a text, in order. Each opening is one until somebody says that it is and where to
/// go on, so that the `{{` of another language hides nothing behind it.
#[derive(Debug, Clone)]
pub(super) struct Marks<'t> {
    text: &'t str,
    at: usize,
    output_end: Closing,
    tag_end: Closing,
}

impl<'t> Marks<'t> {
    /// The marks from a byte of the text on.
    pub fn new(text: &'t str, at: usize) -> Self {
        let output_end = Closing::new(text, "}}", at);
        let tag_end = Closing::new(text, "%}", at);
        Self { text, at, output_end, tag_end }
    }

    /// Goes on at a later byte of the text.
    pub fn go_on_at(&mut self, at: usize) {
        self.at = self.at.max(at);
    }
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        loop {
            let open = self.at + self.text.get(self.at..)?.find('{')?;
            self.at = open + 1;
            if self.text[open..].starts_with("{{%") {
                // Hugo's: `{{% comment %}}` has no tag of Liquid in it.
                self.at = open + 3;
                continue;
            }
            let (kind, closing) = match self.text.as_bytes().get(open + 1) {
                Some(b'{') => (MarkKind::Output, &mut self.output_end),
                Some(b'%') => (MarkKind::Tag, &mut self.tag_end),
                _ => continue,
            };
            if let Some(close) = closing.from(self.text, open + 2)
                && close + 2 - open <= LONGEST
            {
                return Some(Mark::new(self.text, kind, open..close + 2));
            }
        }
    }
}

/// The next closing of a kind. It is remembered, since a thousand openings may wait for one that
/// is far away, or does not exist.
#[derive(Debug, Clone)]
struct Closing {
    mark: &'static str,
    next: Option<usize>,
}

impl Closing {
    fn new(text: &str, mark: &'static str, at: usize) -> Self {
        Self { mark, next: find(text, mark, at) }
    }

    fn from(&mut self, text: &str, at: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next < at) {
            self.next = find(text, self.mark, at);
        }
        self.next
    }
}

fn find(text: &str, mark: &str, at: usize) -> Option<usize> {
    text.get(at..)?.find(mark).map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_their_dashes_are_found() {
        let text = "{ {{-a-}}{{ b }} {%- c d%}{{-}} {{} %} {%}";
        let found: Vec<_> = Marks::new(text, 0)
            .map(|mark| {
                (&text[mark.range.clone()], mark.text(text), mark.trims_before, mark.trims_after)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("{{-a-}}", "a", true, true),
                ("{{ b }}", " b ", false, false),
                ("{%- c d%}", " c d", true, false),
                ("{{-}}", "", true, false),
            ]
        );
    }

    #[test]
    fn marks_of_hugo_are_none() {
        let text = "{{% comment %}} {{%raw%}} {% if a %}";
        let found: Vec<_> = Marks::new(text, 0).map(|mark| mark.text(text)).collect();
        assert_eq!(found, [" if a "]);
    }

    #[test]
    fn an_opening_hides_nothing_behind_it() {
        let text = "{{{ a }}} {{ b {{ c }}";
        let found: Vec<_> = Marks::new(text, 0).map(|mark| mark.text(text).to_owned()).collect();
        assert_eq!(found, ["{ a ", " a ", " b {{ c ", " c "]);
        let far = format!("{{{{ {} }}}} {{{{ b }}}}", "x".repeat(LONGEST));
        let found: Vec<_> = Marks::new(&far, 0).map(|mark| mark.text(&far).to_owned()).collect();
        assert_eq!(found, [" b "]);
    }
}
