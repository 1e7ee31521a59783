//! Example alerts that stand in no block of code: pasted as running text, made a list of, or within
//! `<pre>`.
//!
//! Markdown makes paragraphs and lists of such an alert, and loses where its lines end. So they are
//! read from the source, from a line `Labels:` of a paragraph on.

use super::{ExampleAlert, Part, is_heading, pair, read, source};
use crate::markdown::{Block, BlockKind, Document, decoded_at, entity_at, html};
use crate::source::MappedText;
use std::ops::Range;

/// Adds the examples of a block that is no code to those found before it. Returns where they end.
pub(super) fn find(document: &Document, block: &Block, found: &mut Vec<ExampleAlert>) -> usize {
    let mut behind = 0;
    let text = document.source.text();
    match &block.kind {
        BlockKind::Paragraph { .. } => {
            let depth = depth_of_quote(text, block.range.start);
            let mut at = block.range.start;
            while let Some((start, line)) =
                lines(text, at, depth).next().filter(|_| at < block.range.end)
            {
                at = start + line.len();
                if is_heading(line, "Labels") {
                    let count = lines_of_alert(lines(text, start, depth).map(|(_, line)| line));
                    let mut mapped = MappedText::new();
                    for (from, line) in lines(text, start, depth).take(count) {
                        push_without_escapes(&mut mapped, line, from);
                        at = at.max(from + line.len());
                    }
                    found.extend(read(&mapped, start));
                    behind = at;
                }
            }
        }
        BlockKind::Html(raw) if raw.contains("<pre") && raw.contains("Labels:") => {
            for (start, inside) in preformatted(&text[block.range.clone()]) {
                let start = block.range.start + start;
                found.extend(read(&as_shown(inside, start), start));
            }
        }
        _ => {}
    }
    behind
}

/// How many quotations a place stands in.
fn depth_of_quote(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line..at].matches('>').count()
}

/// The lines from a place on and where they begin, without the marks of the quotations around them;
/// up to where those end.
fn lines(text: &str, from: usize, depth: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    text[from..].split_inclusive('\n').map_while(move |line| {
        let start = at;
        at += line.len();
        let is_first = start == from && !text[..from].ends_with('\n');
        let mut rest = line;
        for _ in 0..if is_first { 0 } else { depth } {
            rest = rest.trim_start_matches([' ', '\t']).strip_prefix('>')?;
        }
        Some((at - rest.len(), rest))
    })
}

/// How many of the lines belong to the alerts whose first line of labels they begin with.
fn lines_of_alert<'t>(lines: impl Iterator<Item = &'t str>) -> usize {
    let mut count = 0;
    let mut behind_blank = false;
    let mut behind_source = false;
    for (index, line) in lines.enumerate() {
        let written = line.trim();
        if written.is_empty() {
            behind_blank = true;
            continue;
        }
        let is_source = source(written).is_some();
        let is_part = match () {
            () if is_heading(line, "Labels") => true,
            () if behind_source => false,
            () if is_heading(line, "Annotations") || is_source => true,
            // A list of its own may have values as well.
            () => {
                pair(written, Part::Labels).is_some()
                    || !behind_blank && !written.starts_with(['#', '`', '~', '|', '<', '{', '>'])
            }
        };
        if !is_part {
            break;
        }
        behind_source = is_source;
        behind_blank = false;
        count = index + 1;
    }
    count
}

/// Adds a text whose backslashes before marks are not to be read.
fn push_without_escapes(mapped: &mut MappedText, text: &str, start: usize) {
    let mut done = 0;
    for (at, _) in text.match_indices('\\') {
        let mark = text[at + 1..].chars().next().filter(char::is_ascii_punctuation);
        if let Some(mark) = mark.filter(|_| at >= done) {
            mapped.push_verbatim(&text[done..at], start + done);
            mapped.push_replaced(mark.encode_utf8(&mut [0; 4]), start + at..start + at + 2);
            done = at + 2;
        }
    }
    mapped.push_verbatim(&text[done..], start + done);
}

/// What stands within the `<pre>` of a piece of raw HTML, and where that begins.
fn preformatted(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut done = 0;
    for tag in html::opening_tags(text) {
        if !tag.is("pre") || tag.range.start < done {
            continue;
        }
        let start = tag.range.end;
        let end = text[start..].find("</pre").map_or(text.len(), |length| start + length);
        found.push((start, &text[start..end]));
        done = end;
    }
    found
}

/// Raw HTML as a browser shows it: no tags, and entities as what they stand for.
fn as_shown(text: &str, start: usize) -> MappedText {
    let mut mapped = MappedText::new();
    let mut done = 0;
    for (at, mark) in text.match_indices(['<', '&']) {
        if at < done {
            continue;
        }
        let rest = &text[at..];
        let (shown, length) = if mark == "&" {
            entity_at(rest).unwrap_or_default()
        } else if let Some((address, length)) = link(rest) {
            mapped.push_verbatim(&text[done..at], start + done);
            mapped.push_mapped(&decoded_at(&rest[address.clone()], start + at + address.start));
            done = at + length;
            continue;
        } else {
            let tag = html::tag_at(rest).map(|tag| tag.range.end);
            let closing = || html::closing_tag_at(rest).map(|(_, length)| length);
            (String::new(), tag.or_else(closing).unwrap_or_default())
        };
        if length > 0 {
            mapped.push_verbatim(&text[done..at], start + done);
            mapped.push_replaced(&shown, start + at..start + at + length);
            done = at + length;
        }
    }
    mapped.push_verbatim(&text[done..], start + done);
    mapped
}

/// The address of a link that a piece of raw HTML begins with and that does not show it itself, and
/// the length of the link.
fn link(text: &str) -> Option<(Range<usize>, usize)> {
    let tag = html::tag_at(text).filter(|tag| tag.is("a"))?;
    let (address, place) = tag.attribute("href").filter(|(address, _)| address.contains("://"))?;
    let end = tag.range.end + text[tag.range.end..].find("</a")?;
    let shows_it = text[tag.range.end..end].contains("://") || address.is_empty();
    let (_, length) = html::closing_tag_at(&text[end..])?;
    (!shows_it).then_some((place, end + length))
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use crate::markdown::{self, Kept};
    use crate::source::Source;

    /// The examples of a text: each value and address as written.
    fn examples(text: &str) -> Vec<Vec<String>> {
        let document = markdown::parse(&Source::new("a.md", text), 0, &|_, _| Kept::default());
        let alerts = find(&document).into_iter().flat_map(|example| example.alerts);
        let shown = alerts.map(|alert| {
            let values = alert.labels.iter().chain(&alert.annotations);
            let values = values.map(|it| {
                assert!(
                    text[it.range.clone()].starts_with(&it.name),
                    "{}",
                    &text[it.range.clone()]
                );
                format!("{}={}", it.name, it.value)
            });
            let url = alert.source_url.iter().map(|(url, range)| {
                assert_eq!(&text[range.clone()], url);
                url.clone()
            });
            values.chain(url).collect()
        });
        shown.collect()
    }

    #[test]
    fn an_alert_needs_no_fence() {
        let all = ["alertname=A", "severity=page", "summary=one two", "http://p/graph?g0.expr=up"];
        for text in [
            "Labels:\n - alertname = A\n - severity = page\nAnnotations:\n - summary = one\n   two\nSource: http://p/graph?g0.expr=up\nThen go on.",
            "It says:\nLabels:\n\n- alertname = A\n- severity = page\n\nAnnotations:\n\n- summary = one two\n\nSource: <http://p/graph?g0.expr=up>\n\n- x = y",
            "- Labels:\n  - alertname = A\n  - severity = page\n- Annotations:\n  - summary = one two\n- Source: http://p/graph?g0.expr=up\n- other = x",
            "**Labels:**\n* alertname = `A`\n* severity = page\n\n**Annotations**:\n* summary = one two\n\n**Source:** http://p/graph?g0.expr=up",
            "1. See\n\n   Labels:\n   - alertname = A\n   - severity = page\n\n   Annotations:\n   - summary = one two\n\n   Source: http://p/graph?g0.expr=up",
            "> Labels:\n>  - alertname = A\n>  - severity = page\n> Annotations:\n>  - summary = one\n>    two\n> Source: http://p/graph?g0.expr=up\n\n- x = y",
            "- > It says:\n  > Labels:\n  >\n  > - alertname = A\n  > - severity = page\n  >\n  > Annotations:\n  > - summary = one two\n  >\n  > Source: http://p/graph?g0.expr=up\n- x = y",
            "> > Labels:\n>>- alertname = A\n> >- severity = page\n> > Annotations:\n> > - summary = one two\n> > Source: http://p/graph?g0.expr=up\n> - x = y",
            "<pre>\nLabels:\n - alertname = A\n - severity = <b>page</b>\nAnnotations:\n - summary = one&#32;two\nSource: <a href=\"x\">http://p/graph?g0.expr=up</a>\n</pre>",
            "<details><pre class=\"x\"><code>Labels:\n - alertname = A\n - severity = page\nAnnotations:\n - summary = one two\nSource: http://p/graph?g0.expr=up</code></pre></details>",
        ] {
            assert_eq!(examples(text), [all], "{text}");
        }
        assert_eq!(
            examples("Labels:\n- alertname = A\\_b\nSource: http://p/\n\nLabels:\n- alertname = B"),
            [vec!["alertname=A_b", "http://p/"], vec!["alertname=B"]]
        );
    }

    #[test]
    fn prose_about_labels_is_no_alert() {
        for text in [
            "Labels:\n\n- the carrier\n- the worker = node",
            "The Labels:\n- alertname = A",
            "Labels: alertname = A",
            "| Labels: | x = y |",
            "Labels:\n\n## alertname = A",
            "<div>Labels:\n- alertname = A</div>",
        ] {
            assert!(examples(text).is_empty(), "{text}");
        }
    }
}
