//! A runbook's text as HTML: the inside of a page's `<article>`.
//!
//! The author's text comes out as its author meant it, element for element; what alertbook puts
//! among it is an addition and carries `data-added`.

mod blocks;
mod contents;
mod footnotes;
mod inlines;
mod variables;

use super::additions::Additions;
use super::content::{Content, Placed};
use super::escape::{escaped, push, push_escaped};
use super::placeholders::{Fields, Hole, Placeholders, push_text};
use super::query::{self, Opens, ShownQueries};
use super::views::PlaceholderView;
use super::{raw_html, styles};
use crate::lang::placeholder::{Code, CodeText};
use crate::markdown::{Attributes, Document};
use crate::promui;
use crate::runbook::{Query, Runbook, Snippet};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;
use std::slice;
use variables::Variables;

/// What an article needs to know beside its runbook.
pub struct Surroundings<'s> {
    /// Gives the address to write for a link that must change.
    pub link: &'s dyn Fn(&str) -> Option<String>,
    /// Whether the page may load an image from an address.
    pub loads: &'s dyn Fn(&str) -> bool,
    /// Where a snippet's queries open; `None` stands for code that pins nothing.
    pub opens: &'s dyn Fn(Option<&Snippet>) -> Opens<'s>,
    /// What the site knows of its placeholders.
    pub placeholders: &'s Placeholders,
    /// HTML to add below the block that begins at a byte of the source: rule cards.
    pub below: &'s Placed,
    /// HTML to add behind the alerts of a table's row that begins at a byte of the source.
    pub beside_alerts: &'s Placed,
    /// Queries that are made already.
    pub queries: &'s ShownQueries<'s>,
}

/// A runbook's text as HTML, and what its readers fill in it.
pub struct Article {
    /// The inside of the `<article>`.
    pub content: Content,
    /// The placeholders in its snippets, each once, in order.
    pub placeholders: Vec<PlaceholderView>,
}

/// The article of a runbook with this tree.
pub fn render<'s>(
    runbook: &Runbook,
    document: &Document,
    surroundings: &'s Surroundings<'s>,
) -> Article {
    let added = surroundings.below.length() + surroundings.beside_alerts.length();
    let length = runbook.source().text().len() * 3 + added;
    let mut writer = Writer {
        runbook,
        document,
        surroundings,
        html: String::with_capacity(length),
        additions: Additions::default(),
        has_raw_html: false,
        parts_with_raw_html: Vec::new(),
        footnotes: Vec::new(),
        fields: Fields::default(),
        variables: Variables::default(),
        link_depth: 0,
        behind_link: String::new(),
        alert_columns: alert_columns(runbook),
        source_expressions: source_expressions(runbook),
    };
    for block in &document.blocks {
        writer.part(|writer| writer.blocks(slice::from_ref(block)));
    }
    writer.close_links();
    writer.part(Writer::write_footnotes);
    let Writer { html, parts_with_raw_html, additions, fields, .. } = writer;
    let content = raw_html::clean_parts(html, &parts_with_raw_html, &additions);
    Article { content, placeholders: fields.into_views() }
}

/// The column of alerts of each alert table, by where the table begins.
fn alert_columns(runbook: &Runbook) -> FxHashMap<usize, usize> {
    runbook.alert_tables.iter().map(|table| (table.range.start, table.column)).collect()
}

/// The expressions in the addresses of example alerts, by where those begin.
fn source_expressions(runbook: &Runbook) -> BTreeMap<usize, String> {
    let alerts = runbook.examples.iter().flat_map(|example| &example.alerts);
    let sources = alerts.filter_map(|alert| alert.source_url.as_ref());
    let expressions = sources
        .filter_map(|(url, range)| Some((range.start, promui::prometheus::expr_of_link(url)?)));
    expressions.collect()
}

struct Writer<'r, 's> {
    runbook: &'r Runbook,
    document: &'r Document,
    surroundings: &'s Surroundings<'s>,
    html: String,
    additions: Additions,
    /// Whether anything in this part of the page must pass the allow-list.
    has_raw_html: bool,
    /// The parts that must, as bytes of the HTML.
    parts_with_raw_html: Vec<Range<usize>>,
    /// The footnotes in the order they are referred to, and how often each is.
    footnotes: Vec<(&'r str, usize)>,
    /// What the reader fills.
    fields: Fields,
    /// What the commands of the section have set.
    variables: Variables,
    /// How many links are open.
    link_depth: usize,
    /// Tools that wait for the link to end which they would stand in.
    behind_link: String,
    alert_columns: FxHashMap<usize, usize>,
    /// The expressions that raised the alerts of examples, by where their addresses begin.
    source_expressions: BTreeMap<usize, String>,
}

impl Writer<'_, '_> {
    /// Writes a part of the page, in which nothing is left open but what an author left open.
    fn part(&mut self, write: impl FnOnce(&mut Self)) {
        let start = self.html.len();
        self.has_raw_html = false;
        write(self);
        if self.has_raw_html {
            self.parts_with_raw_html.push(start..self.html.len());
        }
    }

    fn add(&mut self, addition: &str) {
        self.add_by(|html| html.push_str(addition));
    }

    /// Adds what `append` appends: most additions are put together of several pieces.
    fn add_by(&mut self, append: impl FnOnce(&mut String)) {
        self.additions.add(&mut self.html, append);
    }

    /// An opening tag with what an attribute list said.
    fn open(&mut self, element: &str, attributes: &Attributes) {
        self.open_with(element, attributes, &[]);
    }

    fn open_with(&mut self, element: &str, attributes: &Attributes, own_classes: &[&str]) {
        self.html.push('<');
        self.html.push_str(element);
        self.attributes(attributes, own_classes);
        self.html.push('>');
    }

    fn attributes(&mut self, attributes: &Attributes, own_classes: &[&str]) {
        self.attributes_and_id(attributes.id.as_deref(), attributes, own_classes);
    }

    /// What an attribute list said, with this id in the place of its own.
    fn attributes_and_id(
        &mut self,
        id: Option<&str>,
        attributes: &Attributes,
        own_classes: &[&str],
    ) {
        if let Some(id) = id {
            self.attribute("id", id);
        }
        self.classes(attributes, own_classes);
        self.harmless_pairs(&attributes.pairs);
    }

    fn classes(&mut self, attributes: &Attributes, own_classes: &[&str]) {
        let styles = attributes.pairs.iter().filter(|(name, _)| name == "style");
        let styles: Vec<String> = styles.filter_map(|(_, style)| styles::class(style)).collect();
        let classes = attributes.classes.iter().chain(&styles).map(String::as_str);
        let mut before = " class=\"";
        for class in own_classes.iter().copied().chain(classes) {
            self.html.push_str(before);
            push_escaped(&mut self.html, class);
            before = " ";
        }
        if before == " " {
            self.html.push('"');
        }
    }

    /// Of what else may be written in an attribute list, what is harmless by itself.
    fn harmless_pairs(&mut self, pairs: &[(String, String)]) {
        const HARMLESS: [&str; 12] = [
            "align", "border", "dir", "download", "height", "hreflang", "lang", "rel", "start",
            "target", "title", "width",
        ];
        for (name, value) in pairs {
            if HARMLESS.contains(&name.as_str()) {
                self.attribute(name, value);
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        push(&mut self.html, &[" ", name, "=\""]);
        push_escaped(&mut self.html, value);
        self.html.push('"');
    }

    /// A query in colours. Gives its holes, for its tools.
    fn highlighted(&mut self, query: &Query) -> Vec<Hole> {
        let known = self.surroundings.placeholders;
        let holes = known.of_query(query.text(), &query.placeholders);
        self.fields.add(known, &holes);
        if holes.is_empty() {
            self.surroundings.queries.push(&mut self.html, query.text());
        } else {
            query::push_highlighted(&mut self.html, query.text(), &holes);
        }
        holes
    }

    /// Code that is no query, with its holes.
    fn code(&mut self, text: &str, code: Code) {
        let holes = self.holes(text, code);
        push_text(&mut self.html, text, &holes);
    }

    /// The holes of code that is no query, which are fields of the page.
    fn holes(&mut self, text: &str, code: Code) -> Vec<Hole> {
        let known = self.surroundings.placeholders;
        let code_text = CodeText::new(text);
        let mut holes = known.of_code(&code_text, code);
        if code == Code::Shell {
            self.variables.run(&code_text, &mut holes);
        }
        self.fields.add(known, &holes);
        holes
    }

    fn raw(&mut self, text: &str) {
        // Comments are not for readers, and most raw HTML is a line break: nothing of it needs the
        // allow-list.
        if text.starts_with("<!--") && text.find("-->") == Some(text.trim_end().len() - 3) {
            return;
        }
        if is_line_break(text) {
            self.html.push_str("<br>");
            return;
        }
        self.has_raw_html = true;
        let known = self.surroundings.placeholders;
        let words = |words: &str| match known.of_word(words) {
            Some(hole) => {
                let mut element = String::new();
                hole.push_element(&mut element, words);
                element
            }
            None => escaped(words),
        };
        let place = raw_html::Place {
            link: self.surroundings.link,
            loads: self.surroundings.loads,
            words: &words,
            in_link: self.link_depth > 0,
        };
        self.html.push_str(&raw_html::prepare(text, &place));
        let name = text.trim_start_matches(['<', '/']).split(|c: char| !c.is_alphanumeric()).next();
        if name.is_some_and(|name| name.eq_ignore_ascii_case("a")) {
            if text.starts_with("</") {
                self.end_link();
            } else if text.starts_with('<') && !text.contains("</") {
                self.link_depth += 1;
            }
        }
    }

    /// A link has ended: what would have stood in it comes behind it.
    fn end_link(&mut self) {
        self.link_depth = self.link_depth.saturating_sub(1);
        if self.link_depth == 0 && !self.behind_link.is_empty() {
            let tools = std::mem::take(&mut self.behind_link);
            self.add(&tools);
        }
    }

    /// A block ends every link that an author left open.
    fn close_links(&mut self) {
        self.link_depth = self.link_depth.min(1);
        self.end_link();
    }

    /// Adds the tools that `append` appends, which are links themselves: never within one.
    fn add_tools(&mut self, append: impl FnOnce(&mut String)) {
        if self.link_depth > 0 {
            append(&mut self.behind_link);
        } else {
            self.add_by(append);
        }
    }
}

/// `<br>`, `<br/>`, `<BR />`
fn is_line_break(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    inner.is_some_and(|inner| {
        inner.trim_end().trim_end_matches('/').trim_end().eq_ignore_ascii_case("br")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::AlertColumns;
    use crate::source::Source;

    /// The article of a Markdown text in a site without carriers.
    fn article(text: &str) -> String {
        let config = Source::new("alertbook.yaml", "title: T");
        let placeholders = Placeholders::new(&crate::config::parse(&config).unwrap());
        let (runbook, _) = Runbook::read(
            &Source::new("a.md", text),
            &SiteVariables::default(),
            &AlertColumns::default(),
        );
        let nowhere = Opens { carrier: None, pinned: false };
        let surroundings = Surroundings {
            link: &|url| url.strip_suffix(".md").map(|stem| format!("{stem}.html")),
            loads: &|url| !url.contains("://"),
            opens: &|_| nowhere,
            placeholders: &placeholders,
            below: &Placed::default(),
            beside_alerts: &Placed::default(),
            queries: &ShownQueries::opening(nowhere),
        };
        render(&runbook, &runbook.document(), &surroundings).content.whole()
    }

    #[test]
    fn blocks_come_out_as_their_author_meant_them() {
        const ANCHOR: &str = "<a class=\"anchor\" data-added href=\"#-a-b\" aria-label=\"Link to this section\">#</a>";
        for (text, html) in [
            ("Alert\n{: .label .label-purple}\n", "<p class=\"label label-purple\">Alert</p>\n".to_owned()),
            ("## ## A & B", format!("<h2 id=\"-a--b\"><span hidden>## </span>A &amp; B{}</h2>\n", ANCHOR.replace("-a-b", "-a--b"))),
            ("3. x\n4. y", "<ol start=\"3\">\n<li>x\n</li>\n<li>y\n</li>\n</ol>\n".to_owned()),
            ("~~~~\na < b\n~~~~", format!("<pre><code>a &lt; b\n</code></pre>{}\n", query::BLOCK_COPY)),
            ("```text\nx\n```", format!("<pre><code class=\"language-text\">x\n</code></pre>{}\n", query::BLOCK_COPY)),
            (
                "| A | B |\n|--|-:|\n| 1 |\n",
                "<table>\n<thead>\n<tr><th>A</th><th class=\"align-right\">B</th></tr>\n</thead>\n<tbody>\n\
                 <tr><td>1</td><td class=\"align-right\"></td></tr>\n</tbody>\n</table>\n".to_owned(),
            ),
            (
                "- [x] done\n- [ ] not yet",
                "<ul class=\"task-list\">\n<li class=\"task-list-item\"><input type=\"checkbox\" disabled checked> done\n</li>\n\
                 <li class=\"task-list-item\"><input type=\"checkbox\" disabled> not yet\n</li>\n</ul>\n".to_owned(),
            ),
            ("[a](b.md \"t\") <b>c</b>", "<p><a href=\"b.html\" title=\"t\">a</a> <b>c</b></p>\n".to_owned()),
            (
                "[a](b){:target=\"_blank\"}, ![i](c.png){:height=\"75%\" onclick=\"x\"}, `d`{: .e}",
                "<p><a href=\"b\" target=\"_blank\">a</a>, <img src=\"c.png\" alt=\"i\" height=\"75%\">, \
                 <code class=\"e\">d</code></p>\n".to_owned(),
            ),
            (
                "{% capture n %}**b**{% endcapture %}\n\n<div class=\"c\">{{ n | markdownify }}</div>",
                "<div class=\"c\"><div><p><strong>b</strong></p>\n</div></div>".to_owned(),
            ),
            ("[a](javascript:b)", "<p><a>a</a></p>\n".to_owned()),
            (
                "x[^1]\n\n[^1]: y",
                "<p>x<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote\">1</a></sup></p>\n\
                 <div class=\"footnotes\"><ol>\n<li id=\"fn:1\"><p>y\u{a0}\
                 <a href=\"#fnref:1\" class=\"footnote-back\" aria-label=\"Back to the text\">↩</a></p>\n</li>\n\
                 </ol></div>\n".to_owned(),
            ),
        ] {
            assert_eq!(article(text), html, "{text}");
        }
    }

    #[test]
    fn a_fence_marked_as_dangerous_has_its_warning_before_it() {
        for (text, warning) in [
            (
                "```bash danger\nkubectl -n x delete pod <pod>\n```",
                "Danger: <code>kubectl delete</code> deletes what it names.",
            ),
            ("```sh danger\n./wipe.sh\n```", "Danger: read this before you run it."),
        ] {
            let html = article(text);
            let added = format!("<p class=\"danger\" data-added>{warning}</p>\n<pre>");
            assert!(html.starts_with(&added), "{html}");
        }
        assert!(!article("```bash\nrm -rf /x\n```").contains("danger"));
    }

    #[test]
    fn tools_of_queries_stand_behind_the_link_that_a_query_is_in() {
        for text in [
            "[`rate(a_total[5m])`](b.html) tail",
            "<a href=\"b.html\">`rate(a_total[5m])`</a> tail",
            "[see: a_total{b=\"c\"}](d.html) tail",
        ] {
            let html = article(text);
            let tools = html.find("query-tools").unwrap();
            assert!(
                html.find("</a>").unwrap() < tools && tools < html.find("tail").unwrap(),
                "{html}"
            );
        }
    }

    #[test]
    fn the_source_of_an_alert_opens_wherever_the_alert_stands() {
        let url = "http://localhost/c/prometheus/graph?g0.expr=up+%3D%3D+0&g0.tab=1";
        for (before, behind) in [
            ("Labels:\n- alertname = A\n\nSource: ", ""),
            ("- Labels:\n  - alertname = A\n- Source: <", ">"),
            ("> Labels:\n>  - alertname = A\n> Source: ", ""),
            ("> **Labels:**\n>\n> - alertname = A\n>\n> **Source:** ", ""),
        ] {
            let html = article(&format!("{before}{url}{behind}\n\ntail"));
            let tools = html.find("data-text=\"up == 0\"").unwrap_or_else(|| panic!("{html}"));
            assert!(html.find("</a>").unwrap() < tools, "{html}");
            assert_eq!(html.matches("data-text=").count(), 1, "{html}");
        }
        assert!(!article(&format!("Source: {url}")).contains("data-text"));
    }

    #[test]
    fn a_query_in_prose_keeps_its_text_and_its_line() {
        let html = article("All states: x_total{id=\"*id*\"} > 0\nand it's *over*");
        let text: String = scraper::Html::parse_fragment(&html).root_element().text().collect();
        assert!(
            text.starts_with("All states: x_total{id=\"*id*\"} > 0Copy\nand it’s over"),
            "{text}"
        );
        assert!(html.contains("<br data-added>\nand it’s <em>over</em></p>"), "{html}");
    }

    #[test]
    fn everything_that_is_destroyed_is_said_where_it_is_copied() {
        let commands = "rm -rf /a\nls\nkubectl delete pod x\nkubectl delete pod y\n";
        let both = "rm -rf deletes files for good; kubectl delete deletes what it names";
        let of_fence = article(&format!("```bash\n{commands}```"));
        assert!(of_fence.contains(&format!("title=\"Danger: {both}\"")), "{of_fence}");
        let marked = article(&format!("```bash danger\n{commands}```"));
        assert!(
            marked.contains("<code>kubectl delete</code> deletes what it names.</p>"),
            "{marked}"
        );
        assert!(!marked.contains("class=\"destroys\""), "{marked}");
        let session = article("```\n$ ls\nx\n$ kubectl drain n1\n```");
        assert_eq!(session.matches("class=\"destroys\"").count(), 1, "{session}");
        let inline = article("Run `kubectl drain n1`, not `kubectl drain`, nor `kubectl get po`.");
        assert_eq!(inline.matches("class=\"destroys\"").count(), 1, "{inline}");
    }

    #[test]
    fn the_commands_of_a_session_stand_apart_and_its_text_stays() {
        let session = "u@h:~$ ls <dir> \\\n> -l 'a <b>'\nit's\n$ id <user>\n";
        let html = article(&format!("```\n{session}```\n"));
        let page = scraper::Html::parse_fragment(&html);
        let select = |selector: &str| -> Vec<String> {
            let selector = scraper::Selector::parse(selector).unwrap();
            page.select(&selector).map(|found| found.text().collect()).collect()
        };
        assert_eq!(
            select("code"),
            [session.replacen("<b>'", "<b>'Copy", 1).replacen("<user>", "<user>Copy", 1)]
        );
        assert_eq!(select(".command"), ["ls <dir> \\\n> -l 'a <b>'", "id <user>"]);
        assert_eq!(select(".prompt"), ["> "]);
        assert_eq!(select(".output"), ["it's"]);
        assert_eq!(select(".placeholder[data-context^=shell]"), ["<dir>", "<user>"]);
        assert_eq!(select(".command + .query-tools[data-added]").len(), 2);
        assert_eq!(select("pre ~ .query-tools").len(), 0);
    }
}
