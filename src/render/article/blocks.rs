//! Blocks: headings, lists, code, tables.

use super::{Surroundings, Writer};
use crate::lang::console::{self, Command};
use crate::lang::fence;
use crate::lang::placeholder::Code;
use crate::lang::shell::{Destruction, destructions};
use crate::markdown::{
    Alignment, Attributes, Block, BlockKind, Cell, CodeBlock, CodeShape, Definition, Inline,
    ListItem, Row, Table,
};
use crate::promui;
use crate::render::escape::{push, push_escaped};
use crate::render::placeholders::{Hole, push_text};
use crate::render::{code, danger, query};
use crate::runbook::{ExampleAlert, Query, Snippet, is_marked};
use std::fmt::Write as _;

/// What a block of code has below it.
enum Below<'r> {
    /// The tools of its query, which has these holes.
    Query(&'r Query, Vec<Hole>),
    /// The button that copies it, with what it destroys.
    Copy(Vec<Destruction>),
}

impl<'r> Writer<'r, '_> {
    pub(super) fn blocks(&mut self, blocks: &'r [Block]) {
        for block in blocks {
            self.block(block);
            if let Some(below) = self.surroundings.below.at(block.range.start) {
                self.add_by(|html| below.for_each(|card| html.push_str(card)));
                self.html.push('\n');
            }
        }
    }

    fn block(&mut self, block: &'r Block) {
        self.close_links();
        let attributes = block.attributes();
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
            BlockKind::Html(text) => {
                self.raw(text);
                let runbook = self.runbook;
                let within = |example: &&ExampleAlert| block.range.contains(&example.start);
                runbook.examples.iter().filter(within).for_each(|shown| self.sources(shown));
            }
            BlockKind::Contents { numbered } => self.contents(*numbered, attributes),
            BlockKind::ThematicBreak => {
                self.open("hr", attributes);
                self.html.push('\n');
            }
            BlockKind::Footnote { .. } => {}
        }
    }

    fn heading(
        &mut self,
        level: u8,
        id: &str,
        doubled_mark: Option<&str>,
        content: &'r [Inline],
        attributes: &Attributes,
    ) {
        self.variables.begin_section(level);
        // A heading of nothing but marks has no id, in kramdown as well.
        let id = Some(id).filter(|id| !id.is_empty());
        let element = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level.clamp(1, 6)) - 1];
        push(&mut self.html, &["<", element]);
        self.attributes_and_id(id, attributes, &[]);
        self.html.push('>');
        if let Some(mark) = doubled_mark {
            // The author's text, and part of the id, but nothing that anybody is to read.
            self.html.push_str("<span hidden>");
            push_escaped(&mut self.html, mark);
            self.html.push_str("</span>");
        }
        self.inlines(content);
        if let Some(id) = id {
            self.add_by(|html| {
                html.push_str("<a class=\"anchor\" data-added href=\"#");
                push_escaped(html, &crate::site::address::encode_fragment(id));
                html.push_str("\" aria-label=\"Link to this section\">#</a>");
            });
        }
        push(&mut self.html, &["</", element, ">\n"]);
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
                None => self.open("li", item.attributes()),
                Some(done) => {
                    self.open_with("li", item.attributes(), &["task-list-item"]);
                    let checked = if done { " checked" } else { "" };
                    let _ = write!(self.html, "<input type=\"checkbox\" disabled{checked}> ");
                }
            }
            self.blocks(&item.blocks);
            self.html.push_str("</li>\n");
        }
        push(&mut self.html, &["</", element, ">\n"]);
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
                Definition::Meaning(blocks, attributes) => {
                    self.open("dd", attributes);
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
        let is_marked = block.info.as_ref().is_some_and(|(info, _)| is_marked(info));
        if is_marked {
            self.add(&danger::warning(&destructions(text)));
        }
        self.open_with("pre", attributes, kind);
        let language = block.info.as_ref().and_then(|(info, _)| info.split_whitespace().next());
        let with_code = block.shape != CodeShape::Raw { with_code: false };
        match language {
            Some(language) => {
                self.html.push_str("<code class=\"language-");
                push_escaped(&mut self.html, language);
                self.html.push_str("\">");
            }
            None if with_code => self.html.push_str("<code>"),
            None => {}
        }
        let mut below = None;
        match snippet {
            Some(snippet) if snippet.is_sample() => push_escaped(&mut self.html, text),
            Some(snippet) => below = self.queries(text, snippet),
            None if example.is_some() => push_escaped(&mut self.html, text),
            None => below = self.code_of(text, language, is_marked),
        }
        self.html.push_str(if with_code { "</code></pre>" } else { "</pre>" });
        let Surroundings { opens, queries, .. } = self.surroundings;
        match below {
            Some(Below::Query(query, holes)) => {
                let opens = opens(snippet);
                self.add_by(|html| queries.push_block_tools(html, query.text(), &holes, opens));
            }
            Some(Below::Copy(found)) => {
                self.add_by(|html| danger::push_with_sign(html, query::BLOCK_COPY, &found));
            }
            None => {}
        }
        if let Some(example) = example {
            self.sources(example);
        }
        self.html.push('\n');
    }

    /// The tools for the expressions that raised the alerts of an example.
    fn sources(&mut self, example: &ExampleAlert) {
        let Surroundings { opens, queries, .. } = self.surroundings;
        for url in example.source_urls() {
            if let Some(expression) = promui::prometheus::expr_of_link(url) {
                let opens = opens(None);
                self.add_by(|html| queries.push_block_tools(html, &expression, &[], opens));
            }
        }
    }

    /// Code that is no query, in colours if anybody knows its language. A session has a button
    /// behind each of its commands; that of other code is for below it. Where the fence is marked
    /// with `danger`, what it destroys is said before it.
    fn code_of(
        &mut self,
        text: &str,
        language: Option<&str>,
        is_marked: bool,
    ) -> Option<Below<'r>> {
        let is_shell = Code::of_fence(language) == Code::Shell;
        let is_declared = language.is_some_and(fence::is_session);
        // Of whatever a fence says it is, text or `~~~s`, a prompt at its beginning says more.
        let mut commands = console::commands(text, is_declared);
        if !is_shell
            && commands.first().is_some_and(|first| !text[..first.prompt.start].trim().is_empty())
        {
            commands.clear();
        }
        if commands.is_empty() && is_shell {
            commands = console::before_output(text);
        }
        if !commands.is_empty() {
            self.session(text, &commands, is_marked);
            return None;
        }
        let holes = self.holes(text, Code::of_block(language, text));
        match language.and_then(|language| code::highlighted(language, text, &holes)) {
            Some(highlighted) => self.html.push_str(&highlighted),
            None => push_text(&mut self.html, text, &holes),
        }
        let found = if is_shell && !is_marked { destructions(text) } else { Vec::new() };
        (!text.trim().is_empty()).then_some(Below::Copy(found))
    }

    /// A console session: prompts and output as they are, and each command apart from them.
    fn session(&mut self, text: &str, commands: &[Command], is_marked: bool) {
        let mut at = 0;
        for command in commands {
            let [first, rest @ ..] = command.lines.as_slice() else { continue };
            self.output(&text[at..command.prompt.start]);
            push_escaped(&mut self.html, &text[command.prompt.start..first.start]);
            // What a line is in, the lines before it say: the command is read as a whole.
            let code = if command.is_shell { Code::Shell } else { Code::Other };
            let holes = self.holes(&command.text(text), code);
            self.html.push_str("<span class=\"command\">");
            let mut holes = holes.into_iter().peekable();
            let mut joined = 0;
            at = first.start;
            for line in std::iter::once(first).chain(rest) {
                if at < line.start {
                    // The line break, and what the shell asks for more with.
                    let (line_break, asked) =
                        text[at..line.start].split_at(line_break(&text[at..]));
                    push_escaped(&mut self.html, line_break);
                    if !asked.is_empty() {
                        self.html.push_str("<span class=\"prompt\">");
                        push_escaped(&mut self.html, asked);
                        self.html.push_str("</span>");
                    }
                }
                let mut own = Vec::new();
                while let Some(mut hole) =
                    holes.next_if(|hole| hole.range.start < joined + line.len())
                {
                    hole.range = hole.range.start - joined..hole.range.end - joined;
                    own.extend((hole.range.end <= line.len()).then_some(hole));
                }
                push_text(&mut self.html, &text[line.clone()], &own);
                joined += line.len() + 1;
                at = line.end;
            }
            self.html.push_str("</span>");
            let found = if command.is_shell && !is_marked {
                destructions(&command.text(text))
            } else {
                Vec::new()
            };
            self.add_by(|html| danger::push_with_sign(html, query::INLINE_COPY, &found));
        }
        self.output(&text[at..]);
    }

    /// What a session printed. The line breaks around it are none of its own.
    fn output(&mut self, text: &str) {
        let printed = text.trim_matches(['\r', '\n']);
        let start = text.len() - text.trim_start_matches(['\r', '\n']).len();
        if printed.is_empty() {
            push_escaped(&mut self.html, text);
            return;
        }
        push_escaped(&mut self.html, &text[..start]);
        self.html.push_str("<span class=\"output\">");
        push_escaped(&mut self.html, printed);
        self.html.push_str("</span>");
        push_escaped(&mut self.html, &text[start + printed.len()..]);
    }

    /// The text of a block with its queries in colours. Where there are several, each has its
    /// tools right behind it; those of a single one are for below the block.
    fn queries(&mut self, text: &str, snippet: &'r Snippet) -> Option<Below<'r>> {
        let Surroundings { opens, queries, .. } = self.surroundings;
        let mut below = None;
        let mut at = 0;
        for query in &snippet.queries {
            push_escaped(&mut self.html, &text[at..query.range.start]);
            let holes = self.highlighted(query);
            if snippet.queries.len() > 1 {
                let opens = opens(Some(snippet));
                self.add_by(|html| queries.push_inline_tools(html, query.text(), &holes, opens));
            } else {
                below = Some(Below::Query(query, holes));
            }
            at = query.range.end;
        }
        push_escaped(&mut self.html, &text[at..]);
        below
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
        push(&mut self.html, &["<", part, ">\n"]);
        for row in rows {
            self.html.push_str("<tr>");
            for column in 0..table.columns {
                let cell = row.cells.get(column);
                self.cell(element, cell, table.alignments.get(column).copied());
                if alerts == Some(column)
                    && let Some(facts) = self.surroundings.beside_alerts.at(row.range.start)
                {
                    self.add_by(|html| facts.for_each(|facts| html.push_str(facts)));
                }
                push(&mut self.html, &["</", element, ">"]);
            }
            self.html.push_str("</tr>\n");
        }
        push(&mut self.html, &["</", part, ">\n"]);
    }

    fn cell(&mut self, element: &str, cell: Option<&'r Cell>, alignment: Option<Alignment>) {
        let class = match alignment {
            None | Some(Alignment::Default) => "",
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
        };
        push(&mut self.html, &["<", element, class, ">"]);
        if let Some(cell) = cell {
            self.inlines(&cell.content);
        }
    }
}

/// The length of the line break that a text begins with.
fn line_break(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with('\n')) }
}
