//! A runbook's text as HTML: the inside of a page's `<article>`.
//!
//! The author's text comes out as its author meant it, element for element; what alertbook puts
//! among it is an addition and carries `data-added`.

use super::additions::Additions;
use super::code;
use super::escape::{escaped, push_escaped};
use super::query::{self, Opens};
use super::raw_html;
use crate::markdown::{
    Alignment, Attributes, Block, BlockKind, Cell, CodeBlock, Definition, Inline, InlineKind,
    ListItem, Row, Table,
};
use crate::promui;
use crate::runbook::{Query, Runbook, Snippet, SnippetKind};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

/// What an article needs to know beside its runbook.
pub struct Surroundings<'s> {
    /// Gives the address to write for a link that must change.
    pub link: &'s dyn Fn(&str) -> Option<String>,
    /// Where a snippet's queries open; `None` stands for code that pins nothing.
    pub opens: &'s dyn Fn(Option<&Snippet>) -> Opens<'s>,
    /// HTML to add below the block that begins at a byte of the source: rule cards.
    pub below: &'s HashMap<usize, String>,
    /// HTML to add behind the alerts of a table's row that begins at a byte of the source.
    pub beside_alerts: &'s HashMap<usize, String>,
}

/// The inside of the article of a runbook.
pub fn render<'s>(runbook: &Runbook, surroundings: &'s Surroundings<'s>) -> String {
    let mut writer = Writer {
        runbook,
        surroundings,
        html: String::with_capacity(runbook.source().text().len() * 3),
        additions: Additions::default(),
        has_raw_html: false,
        footnotes: Vec::new(),
        alert_columns: alert_columns(runbook),
    };
    writer.blocks(&runbook.document.blocks);
    writer.write_footnotes();
    let html = if writer.has_raw_html { raw_html::clean(&writer.html) } else { writer.html };
    writer.additions.put_in(&html)
}

/// The column of alerts of each alert table, by where the table begins.
fn alert_columns(runbook: &Runbook) -> HashMap<usize, usize> {
    runbook.alert_tables.iter().map(|table| (table.range.start, table.column)).collect()
}

struct Writer<'r, 's> {
    runbook: &'r Runbook,
    surroundings: &'s Surroundings<'s>,
    html: String,
    additions: Additions,
    /// Whether anything on the page must pass the allow-list.
    has_raw_html: bool,
    /// The footnotes in the order they are referred to.
    footnotes: Vec<&'r str>,
    alert_columns: HashMap<usize, usize>,
}

impl<'r> Writer<'r, '_> {
    fn add(&mut self, addition: String) {
        self.additions.add(&mut self.html, addition);
    }

    fn blocks(&mut self, blocks: &'r [Block]) {
        for block in blocks {
            self.block(block);
            if let Some(addition) = self.surroundings.below.get(&block.range.start) {
                self.add(addition.clone());
                self.html.push('\n');
            }
        }
    }

    fn block(&mut self, block: &'r Block) {
        let attributes = &block.attributes;
        match &block.kind {
            BlockKind::Heading { level, id, doubled_mark, content } => {
                self.heading(*level, id, doubled_mark.as_deref(), content, attributes);
            }
            BlockKind::Paragraph { tight: true, content } => {
                self.inlines(content);
                self.html.push('\n');
            }
            BlockKind::Paragraph { tight: false, content } => {
                self.open("p", attributes);
                self.inlines(content);
                self.html.push_str("</p>\n");
            }
            BlockKind::Quote(inner) => {
                self.open("blockquote", attributes);
                self.html.push('\n');
                self.blocks(inner);
                self.html.push_str("</blockquote>\n");
            }
            BlockKind::List { first_number, items } => self.list(*first_number, items, attributes),
            BlockKind::DefinitionList(parts) => self.definitions(parts, attributes),
            BlockKind::Code(block_of_code) => {
                self.code_block(block_of_code, block.range.start, attributes);
            }
            BlockKind::Table(table) => self.table(table, block.range.start, attributes),
            BlockKind::Html(text) => self.raw(text),
            BlockKind::ThematicBreak => self.html.push_str("<hr>\n"),
            BlockKind::Footnote { .. } => {}
        }
    }

    /// An opening tag with what an attribute list said.
    fn open(&mut self, element: &str, attributes: &Attributes) {
        self.open_with(element, attributes, &[]);
    }

    fn open_with(&mut self, element: &str, attributes: &Attributes, own_classes: &[&str]) {
        self.html.push('<');
        self.html.push_str(element);
        if let Some(id) = &attributes.id {
            self.attribute("id", id);
        }
        let classes =
            own_classes.iter().copied().chain(attributes.classes.iter().map(String::as_str));
        let classes = classes.collect::<Vec<_>>().join(" ");
        if !classes.is_empty() {
            self.attribute("class", &classes);
        }
        // Of what else may be written in an attribute list only these are harmless by themselves.
        for (name, value) in &attributes.pairs {
            if matches!(name.as_str(), "title" | "lang" | "dir" | "width" | "height" | "start") {
                self.attribute(name, value);
            }
        }
        self.html.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.html, " {name}=\"");
        push_escaped(&mut self.html, value);
        self.html.push('"');
    }

    fn heading(
        &mut self,
        level: u8,
        id: &str,
        doubled_mark: Option<&str>,
        content: &'r [Inline],
        attributes: &Attributes,
    ) {
        let attributes = Attributes { id: Some(id.to_owned()), ..attributes.clone() };
        self.open(&format!("h{level}"), &attributes);
        if let Some(mark) = doubled_mark {
            // The author's text, and part of the id, but nothing that anybody is to read.
            self.html.push_str("<span hidden>");
            push_escaped(&mut self.html, mark);
            self.html.push_str("</span>");
        }
        self.inlines(content);
        let fragment = escaped(&crate::site::address::encode_fragment(id));
        self.add(format!(
            "<a class=\"anchor\" data-added href=\"#{fragment}\" aria-label=\"Link to this section\">#</a>"
        ));
        let _ = writeln!(self.html, "</h{level}>");
    }

    fn list(&mut self, first: Option<u64>, items: &'r [ListItem], attributes: &Attributes) {
        let element = if first.is_some() { "ol" } else { "ul" };
        let tasks = items.iter().any(|item| item.task.is_some());
        let classes: &[&str] = if tasks { &["task-list"] } else { &[] };
        self.open_with(element, attributes, classes);
        if let Some(number) = first.filter(|number| *number != 1) {
            self.html.pop();
            let _ = write!(self.html, " start=\"{number}\">");
        }
        self.html.push('\n');
        for item in items {
            match item.task {
                None => self.html.push_str("<li>"),
                Some(done) => {
                    let checked = if done { " checked" } else { "" };
                    let _ = write!(
                        self.html,
                        "<li class=\"task-list-item\"><input type=\"checkbox\" disabled{checked}> "
                    );
                }
            }
            self.blocks(&item.blocks);
            self.html.push_str("</li>\n");
        }
        let _ = writeln!(self.html, "</{element}>");
    }

    fn definitions(&mut self, parts: &'r [Definition], attributes: &Attributes) {
        self.open("dl", attributes);
        self.html.push('\n');
        for part in parts {
            match part {
                Definition::Term(content) => {
                    self.html.push_str("<dt>");
                    self.inlines(content);
                    self.html.push_str("</dt>\n");
                }
                Definition::Meaning(blocks) => {
                    self.html.push_str("<dd>");
                    self.blocks(blocks);
                    self.html.push_str("</dd>\n");
                }
            }
        }
        self.html.push_str("</dl>\n");
    }

    fn code_block(&mut self, block: &CodeBlock, start: usize, attributes: &Attributes) {
        let text = block.text.text();
        let snippet = self.runbook.snippet_at(start);
        let example = self.runbook.example_at(start);
        let kind = match (snippet, example) {
            (Some(snippet), _) if snippet.is_sample() => &["sample"][..],
            (Some(_), _) => &["promql"],
            (None, Some(_)) => &["example-alert"],
            (None, None) => &[],
        };
        self.open_with("pre", attributes, kind);
        let language = block.info.as_ref().and_then(|(info, _)| info.split_whitespace().next());
        match language {
            Some(language) => {
                self.html.push_str("<code");
                self.attribute("class", &format!("language-{language}"));
                self.html.push('>');
            }
            None => self.html.push_str("<code>"),
        }
        match snippet.filter(|snippet| !snippet.is_sample()) {
            Some(snippet) => self.queries(text, snippet),
            None => match language.and_then(|language| code::highlighted(language, text)) {
                Some(highlighted) => self.html.push_str(&highlighted),
                None => push_escaped(&mut self.html, text),
            },
        }
        self.html.push_str("</code></pre>");
        if let Some(snippet) = snippet
            && let [query] = snippet.queries.as_slice()
        {
            let opens = (self.surroundings.opens)(Some(snippet));
            self.add(query::block_tools(&query.text, opens));
        }
        let source = example.and_then(|example| example.source_url.as_deref());
        if let Some(expression) = source.and_then(promui::prometheus::expr_of_link) {
            self.add(query::block_tools(&expression, (self.surroundings.opens)(None)));
        }
        self.html.push('\n');
    }

    /// The text of a block with its queries in colours; where there are several, each has its
    /// tools right behind it.
    fn queries(&mut self, text: &str, snippet: &'r Snippet) {
        let mut at = 0;
        for query in &snippet.queries {
            push_escaped(&mut self.html, &text[at..query.range.start]);
            self.highlighted(query);
            if snippet.queries.len() > 1 {
                let opens = (self.surroundings.opens)(Some(snippet));
                self.add(query::inline_tools(&query.text, opens));
            }
            at = query.range.end;
        }
        push_escaped(&mut self.html, &text[at..]);
    }

    fn highlighted(&mut self, query: &Query) {
        let holes: Vec<Range<usize>> =
            query.placeholders.iter().map(|hole| hole.range.clone()).collect();
        query::push_highlighted(&mut self.html, &query.text, &holes);
    }

    fn table(&mut self, table: &'r Table, start: usize, attributes: &Attributes) {
        let alerts = self.alert_columns.get(&start).copied();
        self.open("table", attributes);
        self.html.push('\n');
        if !table.head.is_empty() {
            self.rows("thead", "th", table, &table.head, None);
        }
        for body in &table.bodies {
            self.rows("tbody", "td", table, body, alerts);
        }
        if !table.foot.is_empty() {
            self.rows("tfoot", "td", table, &table.foot, alerts);
        }
        self.html.push_str("</table>\n");
    }

    fn rows(
        &mut self,
        part: &str,
        element: &str,
        table: &Table,
        rows: &'r [Row],
        alerts: Option<usize>,
    ) {
        let _ = writeln!(self.html, "<{part}>");
        for row in rows {
            self.html.push_str("<tr>");
            for column in 0..table.columns {
                let cell = row.cells.get(column);
                self.cell(element, cell, table.alignments.get(column).copied());
                if alerts == Some(column)
                    && let Some(facts) = self.surroundings.beside_alerts.get(&row.range.start)
                {
                    self.add(facts.clone());
                }
                let _ = write!(self.html, "</{element}>");
            }
            self.html.push_str("</tr>\n");
        }
        let _ = writeln!(self.html, "</{part}>");
    }

    fn cell(&mut self, element: &str, cell: Option<&'r Cell>, alignment: Option<Alignment>) {
        let class = match alignment {
            None | Some(Alignment::Default) => "",
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
        };
        let _ = write!(self.html, "<{element}{class}>");
        if let Some(cell) = cell {
            self.inlines(&cell.content);
        }
    }

    fn inlines(&mut self, inlines: &'r [Inline]) {
        for (index, inline) in inlines.iter().enumerate() {
            // Authors give a query in prose a line of its own; Markdown would run the lines
            // together.
            if inline.kind == InlineKind::SoftBreak
                && (ends_with_query_line(&inlines[..index])
                    || begins_with_query_line(&inlines[index + 1..]))
            {
                self.add("<br data-added>".to_owned());
            }
            self.inline(inline);
        }
    }

    fn wrapped(&mut self, element: &str, inner: &'r [Inline]) {
        let _ = write!(self.html, "<{element}>");
        self.inlines(inner);
        let _ = write!(self.html, "</{element}>");
    }

    fn inline(&mut self, inline: &'r Inline) {
        match &inline.kind {
            InlineKind::Text(text) => push_escaped(&mut self.html, text),
            InlineKind::Code(code) => self.code_span(code.text(), inline.range.start),
            InlineKind::Verbatim(text) => self.prose_query(text, inline.range.start),
            InlineKind::Emphasis(inner) => self.wrapped("em", inner),
            InlineKind::Strong(inner) => self.wrapped("strong", inner),
            InlineKind::Strikethrough(inner) => self.wrapped("del", inner),
            InlineKind::Link { target, content } => {
                self.html.push_str("<a");
                self.address("href", &target.url);
                if !target.title.is_empty() {
                    self.attribute("title", &target.title);
                }
                self.html.push('>');
                self.inlines(content);
                self.html.push_str("</a>");
            }
            InlineKind::Image { target, alt } => {
                self.html.push_str("<img");
                self.address("src", &target.url);
                self.attribute("alt", alt);
                if !target.title.is_empty() {
                    self.attribute("title", &target.title);
                }
                self.html.push('>');
            }
            InlineKind::Html(text) => self.raw(text),
            InlineKind::SoftBreak => self.html.push('\n'),
            InlineKind::HardBreak => self.html.push_str("<br>\n"),
            InlineKind::FootnoteReference(label) => self.footnote_reference(label),
        }
    }

    /// An address, as this site has it. Schemes that run code are left out with all others that
    /// no runbook needs.
    fn address(&mut self, name: &str, url: &str) {
        let rewritten = (self.surroundings.link)(url);
        let url = rewritten.as_deref().unwrap_or(url);
        if is_harmless(url) {
            self.attribute(name, url);
        }
    }

    fn code_span(&mut self, text: &str, start: usize) {
        let snippet = self.runbook.snippet_at(start);
        let Some(snippet) = snippet.filter(|snippet| !snippet.is_sample()) else {
            let class = if snippet.is_some() { " class=\"sample\"" } else { "" };
            let _ = write!(self.html, "<code{class}>");
            push_escaped(&mut self.html, text);
            self.html.push_str("</code>");
            return;
        };
        self.html.push_str("<code class=\"promql\">");
        for query in &snippet.queries {
            push_escaped(&mut self.html, &text[..query.range.start]);
            self.highlighted(query);
            push_escaped(&mut self.html, &text[query.range.end..]);
        }
        self.html.push_str("</code>");
        self.tools_behind(snippet);
    }

    fn prose_query(&mut self, text: &str, start: usize) {
        match self.runbook.snippet_at(start).filter(|found| found.kind == SnippetKind::Prose) {
            Some(snippet) => {
                self.html.push_str("<span class=\"promql\" translate=\"no\">");
                for query in &snippet.queries {
                    self.highlighted(query);
                }
                self.html.push_str("</span>");
                self.tools_behind(snippet);
            }
            None => push_escaped(&mut self.html, text),
        }
    }

    fn tools_behind(&mut self, snippet: &Snippet) {
        let opens = (self.surroundings.opens)(Some(snippet));
        for query in &snippet.queries {
            self.add(query::inline_tools(&query.text, opens));
        }
    }

    fn raw(&mut self, text: &str) {
        self.has_raw_html = true;
        self.html.push_str(&raw_html::prepare(text, self.surroundings.link));
    }

    fn footnote_reference(&mut self, label: &'r str) {
        let known = self.footnotes.iter().position(|known| *known == label);
        let number = known.map_or_else(
            || {
                self.footnotes.push(label);
                self.footnotes.len()
            },
            |index| index + 1,
        );
        let id = escaped(label);
        let back = if known.is_none() { format!(" id=\"fnref:{id}\"") } else { String::new() };
        let _ = write!(
            self.html,
            "<sup{back}><a href=\"#fn:{id}\" class=\"footnote\">{number}</a></sup>"
        );
    }

    /// The footnotes that are referred to, at the end of the article.
    fn write_footnotes(&mut self) {
        let mut texts: HashMap<&str, &'r [Block]> = HashMap::new();
        self.runbook.document.walk_blocks(&mut |block| {
            if let BlockKind::Footnote { label, blocks } = &block.kind {
                texts.entry(label).or_insert(blocks);
            }
        });
        if self.footnotes.is_empty() {
            return;
        }
        self.html.push_str("<div class=\"footnotes\"><ol>\n");
        // A footnote may refer to another one, which then comes behind it.
        let mut index = 0;
        while let Some(label) = self.footnotes.get(index).copied() {
            let id = escaped(label);
            let _ = write!(self.html, "<li id=\"fn:{id}\">");
            self.blocks(texts.get(label).copied().unwrap_or_default());
            self.add(format!(
                "<a href=\"#fnref:{id}\" class=\"footnote-back\" data-added aria-label=\"Back to the text\">↩</a>"
            ));
            self.html.push_str("</li>\n");
            index += 1;
        }
        self.html.push_str("</ol></div>\n");
    }
}

/// Whether the last line of a text holds a query in prose.
fn ends_with_query_line(inlines: &[Inline]) -> bool {
    has_query(inlines.iter().rev())
}

/// Whether the first line of a text holds a query in prose.
fn begins_with_query_line(inlines: &[Inline]) -> bool {
    has_query(inlines.iter())
}

fn has_query<'i>(line: impl Iterator<Item = &'i Inline>) -> bool {
    line.take_while(|inline| !matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak))
        .any(|inline| matches!(inline.kind, InlineKind::Verbatim(_)))
}

/// Whether an address may stand on a page: relative, or of a scheme that shows or asks something.
fn is_harmless(url: &str) -> bool {
    let scheme = url.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        None => true,
        Some((scheme, _)) => {
            const HARMLESS: [&str; 11] = [
                "http", "https", "mailto", "tel", "sms", "xmpp", "irc", "ircs", "slack", "ssh",
                "git",
            ];
            HARMLESS.iter().any(|harmless| scheme.trim().eq_ignore_ascii_case(harmless))
        }
    }
}
