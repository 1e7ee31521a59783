//! Hugo's shortcodes that hold code: `{{< highlight yaml >}}`, `{{< code lang="yaml" >}}`, up to
//! `{{< /code >}}`; and Jekyll's tag `{% highlight yaml %}`, up to `{% endhighlight %}`. kramdown takes
//! them for text, and what stands in them for Markdown.
//!
//! Sources: <https://gohugo.io/shortcodes/highlight/>, <https://jekyllrb.com/docs/liquid/tags/>; `code` is
//! what many themes call theirs.

use super::{Blocks, Cursor, NodeKind, Reader};
use crate::markdown::document::{CodeBlock, CodeShape};
use crate::markdown::lines::{self, Line};
use crate::source::MappedText;
use std::ops::Range;

/// The line that opens a shortcode with code in it.
pub(super) struct Opening {
    name: &'static str,
    /// Whether it is a tag of Liquid.
    is_tag: bool,
    /// The bytes of the language, if it says one.
    language: Option<Range<usize>>,
}

impl Reader<'_> {
    /// Code in a shortcode. One that is never closed is text.
    pub(super) fn shortcode(&mut self, cursor: &mut Cursor, blocks: &mut Blocks) -> bool {
        let Some((opening, end)) = self.open_shortcode(cursor) else { return false };
        let Some(line) = cursor.peek() else { return false };
        let mut text = MappedText::new();
        for line in &cursor.lines[cursor.at + 1..end] {
            lines::push(&mut text, self.source, *line);
        }
        let info = opening.language.map(|range| (self.source[range.clone()].to_owned(), range));
        let start = line.trimmed_start(self.source).start;
        let range = start..cursor.lines[end].trimmed_end(self.source).end;
        cursor.at = end + 1;
        self.add(
            blocks,
            range,
            NodeKind::Code(Box::new(CodeBlock { info, shape: CodeShape::Shortcode, text })),
        );
        true
    }

    /// The shortcode that opens at the line of the cursor, and the line that closes it.
    pub(super) fn open_shortcode(&self, cursor: &mut Cursor) -> Option<(Opening, usize)> {
        let opening = opening(self.source, cursor.peek()?)?;
        let known =
            format!("shortcode {}{}", if opening.is_tag { "tag " } else { "" }, opening.name);
        if cursor.endless.contains(&known) {
            return None;
        }
        let closes = |line: &Line| {
            let text = line.text(self.source);
            let name = if opening.is_tag {
                inside_tag(text).and_then(|inside| inside.strip_prefix("end"))
            } else {
                inside(text).and_then(|inside| inside.strip_prefix('/'))
            };
            name.is_some_and(|name| name.trim() == opening.name)
        };
        let below = cursor.lines[cursor.at + 1..].iter().position(closes);
        if below.is_none() {
            cursor.endless.push(known);
        }
        Some((opening, cursor.at + 1 + below?))
    }
}

fn opening(source: &str, line: Line) -> Option<Opening> {
    const NAMES: [&str; 3] = ["code", "codeblock", "highlight"];
    let text = line.text(source);
    let tag = inside_tag(text).filter(|tag| tag.split_whitespace().next() == Some("highlight"));
    let is_tag = tag.is_some();
    let inside = tag.or_else(|| inside(text))?;
    let (word, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let name = NAMES.into_iter().find(|name| *name == word)?;
    let rest = rest.trim_start();
    let value = |key: &str| Some(&rest[rest.find(key)? + key.len()..]);
    let named = value("lang=").or_else(|| value("language="));
    let written = named.unwrap_or(rest).trim_start_matches(['"', '\'']);
    let is_end = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    // `highlight` has the language as its first word.
    let first = written.split(is_end).next();
    let language = first.filter(|word| !word.is_empty() && !word.contains('=')).map(|word| {
        let start = word.as_ptr().addr() - source.as_ptr().addr();
        start..start + word.len()
    });
    Some(Opening { name, is_tag, language })
}

/// What stands in a tag of Liquid that is all of a line.
fn inside_tag(line: &str) -> Option<&str> {
    let within = line.trim().strip_prefix("{%")?.strip_suffix("%}")?;
    Some(within.trim_matches('-').trim())
}

/// What stands in a shortcode that is all of a line.
fn inside(line: &str) -> Option<&str> {
    let line = line.trim();
    let within = |open: &str, close: &str| line.strip_prefix(open)?.strip_suffix(close);
    within("{{<", ">}}").or_else(|| within("{{%", "%}}")).map(str::trim)
}
