//! Running text: emphasis, links, code spans, queries in prose.

use super::{Surroundings, Writer};
use crate::lang::console;
use crate::lang::placeholder::Code;
use crate::lang::shell::{self, destructions};
use crate::markdown::{Abbreviation, Attributes, Inline, InlineKind};
use crate::render::escape::{push, push_escaped};
use crate::render::placeholders::{Hole, push_attribute};
use crate::render::{danger, query, raw_html};
use crate::runbook::{Snippet, SnippetKind};
use smallvec::SmallVec;
use std::ops::Range;

impl<'r> Writer<'r, '_> {
    pub(super) fn inlines(&mut self, inlines: &'r [Inline]) {
        let has_query = has_query(inlines);
        for (index, inline) in inlines.iter().enumerate() {
            // Authors give a query in prose a line of its own; Markdown would run the lines
            // together.
            if has_query
                && matches!(inline.kind, InlineKind::SoftBreak)
                && (ends_with_query_line(&inlines[..index])
                    || begins_with_query_line(&inlines[index + 1..]))
            {
                self.add("<br data-added>");
            }
            self.inline(inline);
        }
    }

    fn wrapped(&mut self, element: &str, inline: &'r Inline, inner: &'r [Inline]) {
        push(&mut self.html, &["<", element]);
        self.attributes_of(inline, &[]);
        self.html.push('>');
        self.inlines(inner);
        push(&mut self.html, &["</", element, ">"]);
    }

    /// What an attribute list behind a piece of text says of it.
    fn attributes_of(&mut self, inline: &Inline, own_classes: &[&str]) {
        match &inline.attributes {
            Some(attributes) => self.attributes(attributes, own_classes),
            // Most pieces have no such list.
            None if own_classes.is_empty() => {}
            None => self.attributes(&Attributes::default(), own_classes),
        }
    }

    fn inline(&mut self, inline: &'r Inline) {
        match &inline.kind {
            InlineKind::Text(text) => push_escaped(&mut self.html, text),
            InlineKind::Code(code) => self.code_span(code.text(), inline),
            InlineKind::Verbatim(text) => self.prose_query(text, inline.range.start),
            InlineKind::Emphasis(inner) => self.wrapped("em", inline, inner),
            InlineKind::Strong(inner) => self.wrapped("strong", inline, inner),
            InlineKind::Strikethrough(inner) => self.wrapped("del", inline, inner),
            InlineKind::Link { target, content, bare } => {
                self.html.push_str(if *bare { "<a data-autolink" } else { "<a" });
                self.address("href", &target.url);
                self.holes_of_address(&target.url);
                if !target.title.is_empty() {
                    self.attribute("title", &target.title);
                }
                self.attributes_of(inline, &[]);
                self.html.push('>');
                self.link_depth += 1;
                self.inlines(content);
                self.html.push_str("</a>");
                self.end_link();
                self.tools_of_source(&target.range);
            }
            InlineKind::Image { target, alt } if !(self.surroundings.loads)(&target.url) => {
                if raw_html::is_harmless(&target.url) {
                    let in_link = self.link_depth > 0;
                    raw_html::push_link(&mut self.html, &target.url, alt, in_link);
                }
            }
            InlineKind::Image { target, alt } => {
                self.html.push_str("<img");
                if raw_html::holds_image(&target.url) {
                    self.attribute("src", &target.url);
                } else {
                    self.address("src", &target.url);
                }
                self.attribute("alt", alt);
                if !target.title.is_empty() {
                    self.attribute("title", &target.title);
                }
                self.attributes_of(inline, &[]);
                self.html.push('>');
            }
            InlineKind::Html(text) => {
                self.raw(text);
                self.tools_of_source(&inline.range);
            }
            InlineKind::Angled { text, .. } => self.angled(text),
            InlineKind::Abbreviation(abbreviation) => {
                let Abbreviation { text, title } = &**abbreviation;
                self.html.push_str("<abbr");
                if !title.is_empty() {
                    self.attribute("title", title);
                }
                self.html.push('>');
                push_escaped(&mut self.html, text);
                self.html.push_str("</abbr>");
            }
            InlineKind::SoftBreak => self.html.push('\n'),
            InlineKind::HardBreak => self.html.push_str("<br>\n"),
            InlineKind::FootnoteReference(label) => self.footnote_reference(label),
        }
    }

    /// The tools for the expression that raised the alert of an example, where its address stands.
    fn tools_of_source(&mut self, place: &Range<usize>) {
        if let Some((_, expression)) = self.source_expressions.range(place.clone()).next() {
            let opens = (self.surroundings.opens)(None);
            // The expression is this writer's own, so they can't be appended while it is read.
            let mut tools = String::new();
            self.surroundings.queries.push_inline_tools(&mut tools, expression, &[], opens);
            self.add_tools(|html| html.push_str(&tools));
        }
    }

    /// Words between angle brackets: a hole for the reader to fill, if they name one.
    fn angled(&mut self, text: &str) {
        match self.surroundings.placeholders.of_word(text) {
            Some(hole) => hole.push_element(&mut self.html, text),
            None => push_escaped(&mut self.html, text),
        }
    }

    /// An address, as this site has it, unless it runs code.
    fn address(&mut self, name: &str, url: &str) {
        let rewritten = (self.surroundings.link)(url);
        let url = rewritten.as_deref().unwrap_or(url);
        if raw_html::is_harmless(url) {
            self.attribute(name, url);
        }
    }

    /// What of a link's address its reader fills. Links into the site have nothing of that kind.
    fn holes_of_address(&mut self, url: &str) {
        if url.contains("://") && raw_html::is_harmless(url) {
            let known = self.surroundings.placeholders;
            let holes = known.of_address(url);
            self.fields.add(known, &holes);
            push_attribute(&mut self.html, url, &holes);
        }
    }

    fn code_span(&mut self, text: &str, inline: &Inline) {
        let snippet = self.runbook.snippet_at(inline.range.start);
        let class: &[&str] = match snippet {
            Some(snippet) if snippet.is_sample() => &["sample"],
            Some(_) => &["promql"],
            None => &[],
        };
        self.html.push_str("<code");
        self.attributes_of(inline, class);
        self.html.push('>');
        let Some(snippet) = snippet.filter(|snippet| !snippet.is_sample()) else {
            let prompted = console::of_line(text).filter(|_| snippet.is_none());
            let prompt = prompted.as_ref().map_or(0, |command| command.prompt.end);
            if prompt > 0 {
                self.html.push_str("<span class=\"prompt\">");
                push_escaped(&mut self.html, &text[..prompt]);
                self.html.push_str("</span>");
            }
            let is_shell = prompted.as_ref().is_none_or(|command| command.is_shell);
            if snippet.is_some() {
                push_escaped(&mut self.html, text);
            } else {
                self.inline_code(&text[prompt..], is_shell);
            }
            self.html.push_str("</code>");
            if prompted.is_some() || (snippet.is_none() && shell::is_evident(text)) {
                // Without an object it may be a mention of the command.
                let mut found = destructions(&text[prompt..]);
                found.retain(|it| is_shell && it.has_object);
                self.add_tools(|html| danger::push_with_sign(html, query::INLINE_COPY, &found));
            }
            self.tools_of_source(&inline.range);
            return;
        };
        let mut holes = HolesOfQueries::new();
        for query in &snippet.queries {
            push_escaped(&mut self.html, &text[..query.range.start]);
            holes.push(self.highlighted(query));
            push_escaped(&mut self.html, &text[query.range.end..]);
        }
        self.html.push_str("</code>");
        self.tools_of_queries(snippet, &holes);
    }

    /// Inline code that is no query.
    fn inline_code(&mut self, text: &str, is_shell: bool) {
        if let Some(hole) = self.surroundings.placeholders.of_word(text) {
            hole.push_element(&mut self.html, text);
        } else {
            // A name by itself, of a rule say, is no command in which a value would need quotes.
            let is_word = !text.trim().contains(char::is_whitespace);
            self.code(text, if is_word || !is_shell { Code::Other } else { Code::Shell });
        }
    }

    fn prose_query(&mut self, text: &str, start: usize) {
        match self.runbook.snippet_at(start).filter(|found| found.kind == SnippetKind::Prose) {
            Some(snippet) => {
                self.html.push_str("<span class=\"promql\" translate=\"no\">");
                let queries = snippet.queries.iter();
                let holes: HolesOfQueries = queries.map(|query| self.highlighted(query)).collect();
                self.html.push_str("</span>");
                self.tools_of_queries(snippet, &holes);
            }
            None => push_escaped(&mut self.html, text),
        }
    }

    /// The tools of queries, behind the element that these are in.
    fn tools_of_queries(&mut self, snippet: &Snippet, holes: &[Vec<Hole>]) {
        let Surroundings { opens, queries, .. } = self.surroundings;
        let opens = opens(Some(snippet));
        self.add_tools(|html| {
            for (query, holes) in snippet.queries.iter().zip(holes) {
                queries.push_inline_tools(html, query.text(), holes, opens);
            }
        });
    }
}

/// The holes of each query of a snippet, of which there is mostly one.
type HolesOfQueries = SmallVec<[Vec<Hole>; 1]>;

/// Whether the last line of a text holds a query in prose.
fn ends_with_query_line(inlines: &[Inline]) -> bool {
    has_query(line(inlines.iter().rev()))
}

/// Whether the first line of a text holds a query in prose.
fn begins_with_query_line(inlines: &[Inline]) -> bool {
    has_query(line(inlines.iter()))
}

/// Up to the end of a line.
fn line<'i>(inlines: impl Iterator<Item = &'i Inline>) -> impl Iterator<Item = &'i Inline> {
    inlines.take_while(|it| !matches!(it.kind, InlineKind::SoftBreak | InlineKind::HardBreak))
}

fn has_query<'i>(inlines: impl IntoIterator<Item = &'i Inline>) -> bool {
    inlines.into_iter().any(|inline| matches!(inline.kind, InlineKind::Verbatim(_)))
}
