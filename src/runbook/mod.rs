//! A runbook: what a Markdown document means to the people who answer an alert.
//!
//! [`Runbook::read`] goes over the tree of a document once for each kind of thing in it: headings
//! and anchors, links, alert tables, example alerts, snippets. Each has a file of its own.
//!
//! The tree itself is kept for one more use at most: what needs it later has it [read
//! again](Runbook::document).
//!
//! Architecture invariant: a runbook is read from its own file alone. Whether an alert exists, a
//! link lands or a carrier is known is decided later, in `site` and `lint`, where the other files
//! are at hand.

mod alert_column;
mod alert_name;
mod alert_table;
mod command;
mod example_alert;
mod inline_style;
mod kept;
mod links;
mod mention;
mod other_table;
mod past_alerts;
mod report;
mod snippet;

pub use alert_column::AlertColumns;
pub use alert_name::{Dress, KnownBy, NamedAlert, is_shaped, is_unspaced};
pub use alert_table::{AlertRow, AlertTable};
pub use command::{Command, is_marked};
pub use example_alert::{ExampleAlert, ShownAlert, ShownValue};
pub use inline_style::InlineStyle;
pub use links::{
    Anchors, Heading, Link, LinkKind, contents_entry_id, contents_id, footnote_id,
    footnote_reference_id, is_in_contents,
};
pub use mention::{Mention, Mentions, is_phrase, shaped_words};
pub use other_table::{NameCell, OtherTable};
pub use snippet::{PinnedCarrier, Query, Snippet, SnippetKind};

use crate::diag::Diagnostic;
use crate::liquid::{self, Expanded, SiteVariables, UNKNOWN_LIQUID};
use crate::markdown::{BlockKind, Document, FrontMatter, Habit, Inline, InlineKind, html};
use crate::source::{Source, Span};
use crate::yaml::{Node, Text};
use kept::{KeptTexts, Waiting};
use std::ops::Range;
use std::sync::Arc;

/// The keys of front matter that say which alerts a page is for; the first says nothing else.
const ALERT_KEYS: [&str; 6] =
    ["alerts", "alert", "alertname", "alert_name", "alertnames", "alert_names"];

/// One Markdown file for the people who answer an alert.
#[derive(Debug, Clone)]
pub struct Runbook {
    source: Arc<Source>,
    /// What stands above the text.
    pub front_matter: FrontMatter,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// The fragments that links can land on.
    pub anchors: Anchors,
    /// Its links and images, raw HTML's included, in order.
    pub links: Vec<Link>,
    /// The addresses that Liquid's tag `link` stands for where no link is, and where that is said.
    pub named_addresses: Vec<(String, Span)>,
    /// Its tables whose rows name alerts.
    pub alert_tables: Vec<AlertTable>,
    /// Its other tables, in whose columns rules' names may stand.
    pub other_tables: Vec<OtherTable>,
    /// Alerts that it shows as Alertmanager prints them.
    pub examples: Vec<ExampleAlert>,
    /// Its queries and samples of their output, in order.
    pub snippets: Vec<Snippet>,
    /// Its shell commands, in order.
    pub commands: Vec<Command>,
    /// Words that may be names of alerts, wherever an author may name one without documenting it.
    pub mentions: Mentions,
    /// What its author wrote that kramdown would lose or read otherwise, by place.
    pub habits: Vec<Habit>,
    /// Its inline styles, each once.
    pub styles: Vec<InlineStyle>,
    kept: KeptTexts,
    tree: Waiting,
}

impl Runbook {
    /// Reads a Markdown file of a site with these variables, whose alert tables have these columns.
    /// Never fails: what is wrong with it is said beside it.
    pub fn read(
        source: &Arc<Source>,
        site: &SiteVariables,
        columns: &AlertColumns,
    ) -> (Self, Vec<Diagnostic>) {
        let (runbook, diagnostics, _) = Self::read_with_tree(source, site, columns);
        (runbook, diagnostics)
    }

    /// Reads it in the same way; the tree of its text waits for the first who asks for that.
    pub fn read_for_soon(
        source: &Arc<Source>,
        site: &SiteVariables,
        columns: &AlertColumns,
    ) -> (Self, Vec<Diagnostic>) {
        let (runbook, diagnostics, tree) = Self::read_with_tree(source, site, columns);
        (Self { tree: Waiting::of(tree), ..runbook }, diagnostics)
    }

    fn read_with_tree(
        source: &Arc<Source>,
        site: &SiteVariables,
        columns: &AlertColumns,
    ) -> (Self, Vec<Diagnostic>, Document) {
        let (front_matter, mut diagnostics) = FrontMatter::read(source);
        let Expanded { source, addresses, diagnostics: unknown } =
            liquid::expand(source, &front_matter, site);
        let (document, kept, queries) = KeptTexts::find(&source, front_matter.body());
        diagnostics.extend(outside_of_code(unknown, &document));
        let pieces = beside_text(&document);
        let (headings, anchors) = links::headings_and_anchors(&document, &pieces);
        let examples = example_alert::find(&document);
        let snippets = snippet::find(&document, &pieces, &examples, queries);
        let links = links::find(&document, &pieces);
        let alert_tables = alert_table::find(&document, columns);
        let runbook = Self {
            named_addresses: links::outside_of_links(&source, addresses, &links),
            links,
            commands: command::find(&document, &pieces, &examples, &snippets),
            snippets,
            mentions: mention::find(
                &document,
                &pieces,
                &front_matter,
                &headings,
                &examples,
                &alert_tables,
            ),
            other_tables: other_table::find(&document, &alert_tables),
            alert_tables,
            headings,
            anchors,
            examples,
            front_matter,
            styles: inline_style::find(&document),
            habits: document.habits.clone(),
            source,
            kept,
            tree: Waiting::default(),
        };
        (runbook, diagnostics, document)
    }

    /// What it was read from: its file, with what Liquid stands for in place.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The tree of its text, read again unless one waits: the trees of ten thousand runbooks would fill
    /// most of the memory, and each is needed for a moment.
    pub fn document(&self) -> Document {
        let again = || self.kept.document(&self.source, self.front_matter.body());
        self.tree.take().unwrap_or_else(again)
    }

    /// The snippet that the code at this byte of the source is, if it is one.
    pub fn snippet_at(&self, start: usize) -> Option<&Snippet> {
        let index = self.snippets.binary_search_by_key(&start, |snippet| snippet.start).ok()?;
        Some(&self.snippets[index])
    }

    /// The example alert that the block of code at this byte of the source is, if it is one.
    pub fn example_at(&self, start: usize) -> Option<&ExampleAlert> {
        self.examples.iter().find(|example| example.start == start)
    }

    /// The alerts that its front matter says it is for, `alerts:` or `alertname:`, each with its
    /// place: one, several parted by commas, a list of them, or of mappings with a `name`. `none` and
    /// an empty text name none.
    pub fn alerts_in_front_matter(&self) -> Vec<(String, Span)> {
        const NAMES: [&str; 3] = ["name", "alert", "alertname"];
        let mut keys = ALERT_KEYS.iter();
        let Some((key, node)) = keys.find_map(|key| Some((*key, self.front_matter.get(key)?)))
        else {
            return Vec::new();
        };
        // `alert: true`
        let is_plain = key == ALERT_KEYS[0];
        let of_item = |item: &Node| {
            item.text().or_else(|| NAMES.iter().find_map(|key| item.get(key)?.text()))
        };
        let texts: Vec<Text> = match node.text() {
            Some(one) => vec![one],
            None => node.items().iter().filter_map(of_item).collect(),
        };
        let named = texts.iter().flat_map(|text| {
            let mut at = 0;
            text.as_str().split(',').map(move |part| {
                let start = at + part.len() - part.trim_start().len();
                at += part.len() + 1;
                let name = part.trim();
                (name.to_owned(), text.span_of(start..start + name.len()))
            })
        });
        let may_be = |name: &str| alert_name::is_some_name(name) && (is_plain || is_shaped(name));
        named.filter(|(name, _)| may_be(name)).collect()
    }

    /// The section below a heading, given as an index: from it to the next heading that is not below
    /// it.
    pub fn section(&self, heading: usize) -> Range<usize> {
        let Some(first) = self.headings.get(heading) else { return 0..0 };
        let mut behind = self.headings[heading + 1..].iter();
        let end = behind.find(|other| other.level <= first.level);
        let end = end.map_or(self.source().text().len(), |other| other.range.start);
        first.range.start..end
    }

    /// The headings of the sections that a byte of the source stands in, the innermost first.
    pub fn headings_around(&self, at: usize) -> impl Iterator<Item = &Heading> {
        let before = self.heading_before(at).map_or(0, |heading| heading + 1);
        let mut level = u8::MAX;
        self.headings[..before].iter().rev().filter(move |heading| {
            let is_around = heading.level < level;
            level = level.min(heading.level);
            is_around
        })
    }

    /// The last heading that begins at or before a byte of the source, as an index.
    pub fn heading_before(&self, at: usize) -> Option<usize> {
        heading_before(&self.headings, at)
    }
}

/// The pieces of running text that are more than text and the ends of lines, outer before inner. There
/// are few of them, and most finders look for some.
fn beside_text(document: &Document) -> Vec<&Inline> {
    let mut pieces = Vec::new();
    document.walk_inlines(&mut |inline| {
        let is_text = matches!(
            inline.kind,
            InlineKind::Text(_) | InlineKind::SoftBreak | InlineKind::HardBreak
        );
        if !is_text || inline.attributes.is_some() {
            pieces.push(inline);
        }
    });
    pieces
}

/// Findings without those about templates in code: other programs have templates that look like
/// Liquid, and code shows them.
fn outside_of_code(found: Vec<Diagnostic>, document: &Document) -> Vec<Diagnostic> {
    if found.iter().all(|found| found.check != UNKNOWN_LIQUID) {
        return found;
    }
    let mut codes: Vec<Range<usize>> = Vec::new();
    let mut add =
        |range: &Range<usize>| codes.push(Span::new(&document.source, range.clone()).range());
    document.walk_blocks(&mut |block| match &block.kind {
        BlockKind::Code(_) => add(&block.range),
        BlockKind::Html(text)
            if html::opening_tags(text).iter().any(|tag| html::is_raw(tag.name)) =>
        {
            add(&block.range);
        }
        _ => {}
    });
    document.walk_inlines(&mut |inline| {
        if matches!(inline.kind, InlineKind::Code(_)) {
            add(&inline.range);
        }
    });
    codes.sort_by_key(|code| code.start);
    let is_in_code = |found: &Diagnostic| {
        let at = found.span.range().start;
        let before = codes.partition_point(|code| code.start <= at);
        codes[..before].last().is_some_and(|code| at < code.end)
    };
    found.into_iter().filter(|found| found.check != UNKNOWN_LIQUID || !is_in_code(found)).collect()
}

fn heading_before(headings: &[Heading], at: usize) -> Option<usize> {
    headings.partition_point(|heading| heading.range.start <= at).checked_sub(1)
}
