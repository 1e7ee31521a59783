//! Snippets: the queries of a runbook, wherever their author wrote them.

use super::ExampleAlert;
use super::kept::QueriesOfProse;
use crate::lang::placeholder::{self, Placeholder};
use crate::lang::promql::{self as language, Part, Read};
use crate::markdown::{BlockKind, CodeBlock, Document, Inline, InlineKind};
use crate::promql::{self, SyntaxError};
use crate::source::{MappedText, Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// A piece of a runbook that holds queries, or that looks like one and is sample output.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// Where its node begins in the source, in bytes.
    pub start: usize,
    /// How its author wrote it.
    pub kind: SnippetKind,
    /// The carrier that its author pinned it to.
    pub carrier: Option<PinnedCarrier>,
    /// Its queries, in order; none if it is sample output.
    pub queries: Vec<Query>,
}

impl Snippet {
    /// Whether it is a series as Prometheus shows it, and no query to run.
    pub fn is_sample(&self) -> bool {
        self.queries.is_empty()
    }
}

/// How a snippet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnippetKind {
    /// A block of code.
    Block,
    /// A code span of three or more backticks on one line.
    OneLineFence,
    /// A code span.
    Inline,
    /// A part of a line of prose.
    Prose,
}

/// A carrier that a fence names, `carrier=NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedCarrier {
    /// The name, as written.
    pub name: String,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// A query.
#[derive(Debug, Clone)]
pub struct Query {
    /// Its bytes in the text of the snippet's node.
    pub range: Range<usize>,
    /// Where it stands in the source.
    pub span: Span,
    /// The holes in it that the reader fills; ranges are bytes of its text.
    pub placeholders: Vec<Placeholder>,
    /// The names of its metrics, each once, in the order of the text; none if it can't be parsed.
    pub metrics: Box<[String]>,
    /// What is wrong with it, if it can't be parsed; the range is bytes of its text.
    pub error: Option<Box<(SyntaxError, Span)>>,
    /// The raw text with its bytes in `source`.
    written: MappedText,
    /// What the runbook was read from.
    source: Arc<Source>,
}

impl Query {
    /// Reads a code that stands where only a query can, such as in a column *Expression*: it need
    /// not look like one. `None` if it can't be parsed.
    pub fn in_code(source: &Arc<Source>, code: &MappedText) -> Option<Self> {
        let query = promql::parse(code.text()).ok()?;
        let range = trimmed(code.text());
        let placeholders = placeholder::find(&code.text()[range.clone()]);
        let part = Part { range, read: Some(Read { query, placeholders }) };
        Some(self::query(source, code, part))
    }

    /// The raw text.
    pub fn text(&self) -> &str {
        self.written.text()
    }

    /// Where a part of it stands in the source; the range is bytes of its text.
    pub fn span_of(&self, part: Range<usize>) -> Span {
        Span::new(&self.source, self.written.to_source(part))
    }

    /// Whether it is one that can be parsed as it is written, with nothing for the reader to fill in.
    pub fn is_whole(&self) -> bool {
        self.error.is_none() && self.placeholders.is_empty() && self.holes().is_empty()
    }

    /// The query with something harmless in its holes, as a server would take it; `None` if it
    /// can't be parsed.
    pub fn filled(&self) -> Option<String> {
        if self.error.is_some() {
            return None;
        }
        promql::filled(self.text(), &self.holes())
    }

    /// All that the reader fills in, also what its author left out: bytes of its text.
    fn holes(&self) -> Vec<Range<usize>> {
        language::declared_among(self.text(), &self.placeholders)
    }
}

/// The snippets of a document, in the order of the source. Those of its prose may have been read.
pub(super) fn find(
    document: &Document,
    pieces: &[&Inline],
    examples: &[ExampleAlert],
    mut in_prose: QueriesOfProse,
) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    document.walk_blocks(&mut |block| {
        let start = block.range.start;
        if let BlockKind::Code(code) = &block.kind
            && !examples.iter().any(|example| example.start == start)
        {
            snippets.extend(code_block(document, code, start));
        }
    });
    for inline in pieces {
        let start = inline.range.start;
        match &inline.kind {
            InlineKind::Code(code) => {
                let written = &document.source.text()[inline.range.clone()];
                let kind = if written.starts_with("```") {
                    SnippetKind::OneLineFence
                } else {
                    SnippetKind::Inline
                };
                snippets.extend(evident(document, code, start, kind));
            }
            InlineKind::Verbatim(text) => {
                let all = Part { range: 0..text.len(), read: in_prose.take(text) };
                let text = MappedText::verbatim(text, start);
                let queries = vec![query(&document.source, &text, all)];
                snippets.push(Snippet { start, kind: SnippetKind::Prose, carrier: None, queries });
            }
            _ => {}
        }
    }
    snippets.sort_by_key(|snippet| snippet.start);
    snippets.shrink_to_fit();
    snippets
}

fn code_block(document: &Document, code: &CodeBlock, start: usize) -> Option<Snippet> {
    let Some((info, place)) = &code.info else {
        return evident(document, &code.text, start, SnippetKind::Block);
    };
    let language = info.split_whitespace().next().unwrap_or_default();
    if !language.eq_ignore_ascii_case("promql") {
        return None;
    }
    let text = code.text.text();
    // A fence that is still empty is no query, and none with a fault either.
    if text.trim().is_empty() {
        return None;
    }
    let mut parts = language::split_declared(text);
    if parts.is_empty() {
        parts.push(Part { range: trimmed(text), read: None });
    }
    let query = |part| query(&document.source, &code.text, part);
    let queries = parts.into_iter().map(query).collect();
    let carrier = pinned_carrier(info, place.start);
    Some(Snippet { start, kind: SnippetKind::Block, carrier, queries })
}

/// A snippet whose author did not say what it is, if it is evidently PromQL.
fn evident(
    document: &Document,
    text: &MappedText,
    start: usize,
    kind: SnippetKind,
) -> Option<Snippet> {
    let parts = match kind {
        SnippetKind::Block => language::evident_in_block(text.text())?,
        _ => language::evident(text.text())?,
    };
    let queries = parts.into_iter().map(|part| query(&document.source, text, part)).collect();
    Some(Snippet { start, kind, carrier: None, queries })
}

fn trimmed(text: &str) -> Range<usize> {
    let lead = text.len() - text.trim_start().len();
    lead..lead + text.trim().len()
}

/// The query that a part of a text is.
fn query(source: &Arc<Source>, text: &MappedText, part: Part) -> Query {
    let Part { range, read } = part;
    let raw = &text.text()[range.clone()];
    let place = |part: Range<usize>| {
        let shifted = range.start + part.start..range.start + part.end;
        Span::new(source, text.to_source(shifted))
    };
    let (query, placeholders) = if let Some(Read { query, placeholders }) = read {
        (Ok(query), placeholders)
    } else {
        let placeholders = placeholder::find(raw);
        let holes = language::declared_among(raw, &placeholders);
        (promql::parse_with_holes(raw, &holes), placeholders)
    };
    let (metrics, error) = match query {
        Ok(query) => (query.into_metrics().into(), None),
        Err(error) => {
            let span = place(error.range.clone());
            (Box::default(), Some(Box::new((error, span))))
        }
    };
    Query {
        span: place(0..raw.len()),
        written: text.part(range.clone()),
        source: Arc::clone(source),
        range,
        placeholders,
        metrics,
        error,
    }
}

/// The `carrier=NAME` of an info string that stands at `start`; a name with spaces wants quotes.
fn pinned_carrier(info: &str, start: usize) -> Option<PinnedCarrier> {
    const KEY: &str = "carrier=";
    let is_key = |(at, _): &(usize, &str)| info[..*at].ends_with(char::is_whitespace);
    let (at, _) = info.match_indices(KEY).find(is_key)?;
    let value = &info[at + KEY.len()..];
    let (name, lead) = match value.strip_prefix('"') {
        Some(quoted) => (quoted.split('"').next()?, 1),
        None => (value.split_whitespace().next()?, 0),
    };
    let begin = start + at + KEY.len() + lead;
    let range = begin..begin + name.len();
    (!name.is_empty()).then(|| PinnedCarrier { name: name.to_owned(), range })
}

#[cfg(test)]
mod tests {
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::source::Source;

    /// The queries of a runbook as they stand in it.
    fn queries(text: &str) -> Vec<String> {
        let (runbook, _) = Runbook::read(
            &Source::new("a.md", text),
            &SiteVariables::default(),
            &AlertColumns::default(),
        );
        let queries = runbook.snippets.iter().flat_map(|snippet| &snippet.queries);
        queries.map(|query| query.span.text().to_owned()).collect()
    }

    #[test]
    fn queries_in_prose_may_hold_what_looks_like_markdown_or_html() {
        for (text, query) in [
            ("Run: x_total{pod=\"<pod name>\"} > 0", "x_total{pod=\"<pod name>\"} > 0"),
            ("- Run: x_total{a=\"b\"} > <threshold> now", "x_total{a=\"b\"} > <threshold>"),
            (
                "Run: rate(x_total[<window>] offset <offset>)",
                "rate(x_total[<window>] offset <offset>)",
            ),
            ("Run: x_total{pod=~\"<pod>.*\"}", "x_total{pod=~\"<pod>.*\"}"),
            ("## Head: x_total{pod=\"*pod*\"} > 1", "x_total{pod=\"*pod*\"} > 1"),
            ("Run: x_total{pod=\"${pod}\"} > *threshold*", "x_total{pod=\"${pod}\"} > *threshold*"),
            ("*Run: x_total{a=\"b\"} > 1*", "x_total{a=\"b\"} > 1"),
            ("_Run: x_total{a=\"b\"} > 1_", "x_total{a=\"b\"} > 1"),
            ("| A | B |\n|--\n| see: x_total{a=~\"b|c\"} | d |", "x_total{a=~\"b|c\"}"),
        ] {
            assert_eq!(queries(text), [query], "{text}");
        }
    }

    #[test]
    fn a_pinned_carrier_may_have_a_space() {
        let text =
            "```promql carrier=\"c one\" x=y\nup == 0\n```\n\n```promql carrier=two\nup\n```\n";
        let (runbook, _) = Runbook::read(
            &Source::new("a.md", text),
            &SiteVariables::default(),
            &AlertColumns::default(),
        );
        let pinned = runbook.snippets.iter().filter_map(|snippet| snippet.carrier.as_ref());
        let found: Vec<_> =
            pinned.map(|found| (found.name.as_str(), &text[found.range.clone()])).collect();
        assert_eq!(found, [("c one", "c one"), ("two", "two")]);
    }
}
