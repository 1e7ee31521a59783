//! A runbook: what a Markdown document means to the people who answer an alert.
//!
//! [`Runbook::read`] goes over the tree of a document once for each kind of thing in it: headings
//! and anchors, links, alert tables, example alerts, snippets. Each has a file of its own.
//!
//! Architecture invariant: a runbook is read from its own file alone. Whether an alert exists, a
//! link lands or a carrier is known is decided later, in `site` and `lint`, where the other files
//! are at hand.

mod alert_table;
mod example_alert;
mod links;
mod snippet;

pub use alert_table::{AlertRow, AlertTable, NamedAlert};
pub use example_alert::ExampleAlert;
pub use links::{Anchors, Heading, Link, LinkKind};
pub use snippet::{PinnedCarrier, Query, Snippet, SnippetKind};

use crate::diag::Diagnostic;
use crate::lang;
use crate::liquid::{self, SiteVariables};
use crate::markdown::{self, BlockKind, Document, FrontMatter, InlineKind};
use crate::source::Source;
use crate::yaml::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One Markdown file for the people who answer an alert.
#[derive(Debug, Clone)]
pub struct Runbook {
    /// The tree of its text.
    pub document: Document,
    /// What stands above the text.
    pub front_matter: FrontMatter,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// The fragments that links can land on.
    pub anchors: Anchors,
    /// Its links and images, raw HTML's included, in order.
    pub links: Vec<Link>,
    /// Its tables whose rows name alerts.
    pub alert_tables: Vec<AlertTable>,
    /// Alerts that it shows as Alertmanager prints them.
    pub examples: Vec<ExampleAlert>,
    /// Its queries and samples of their output, in order.
    pub snippets: Vec<Snippet>,
    /// Words that may be names of alerts: whole headings, whole code spans, words in blocks of
    /// code; with the heading they stand under, as an index into `headings`.
    pub mentions: BTreeSet<(String, Option<usize>)>,
}

impl Runbook {
    /// Reads a Markdown file of a site with these variables. Never fails: what is wrong with it is
    /// said beside it.
    pub fn read(source: &Arc<Source>, site: &SiteVariables) -> (Self, Vec<Diagnostic>) {
        let (front_matter, mut diagnostics) = FrontMatter::read(source);
        let (source, unknown) = liquid::expand(source, &front_matter, site);
        diagnostics.extend(unknown);
        let document = markdown::parse(&source, front_matter.body(), &lang::promql::in_prose);
        let (headings, anchors) = links::headings_and_anchors(&document);
        let examples = example_alert::find(&document);
        let runbook = Self {
            links: links::find(&document),
            alert_tables: alert_table::find(&document),
            snippets: snippet::find(&document, &examples),
            mentions: mentions(&document, &headings, &examples),
            headings,
            anchors,
            examples,
            front_matter,
            document,
        };
        (runbook, diagnostics)
    }

    /// What it was read from: its file, with what Liquid stands for in place.
    pub fn source(&self) -> &Arc<Source> {
        &self.document.source
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

    /// The alerts that its front matter says it is for, `alerts:`. An empty text names none.
    pub fn alerts_in_front_matter(&self) -> Vec<Text> {
        let mut alerts = self.front_matter.texts("alerts");
        alerts.retain(|alert| !alert.as_str().trim().is_empty());
        alerts
    }

    /// The last heading that begins at or before a byte of the source, as an index.
    pub fn heading_before(&self, at: usize) -> Option<usize> {
        heading_before(&self.headings, at)
    }
}

fn heading_before(headings: &[Heading], at: usize) -> Option<usize> {
    headings.partition_point(|heading| heading.range.start <= at).checked_sub(1)
}

/// All words that a runbook could name an alert by without meaning to document it.
fn mentions(
    document: &Document,
    headings: &[Heading],
    examples: &[ExampleAlert],
) -> BTreeSet<(String, Option<usize>)> {
    let mut found = BTreeSet::new();
    let mut add = |word: &str, at: usize| {
        let word = word.trim();
        if word.len() > 1 {
            found.insert((word.to_owned(), heading_before(headings, at)));
        }
    };
    for heading in headings {
        add(&heading.text, heading.range.start);
    }
    document.walk_inlines(&mut |inline| {
        if let InlineKind::Code(code) = &inline.kind {
            add(code.text(), inline.range.start);
        }
    });
    document.walk_blocks(&mut |block| {
        if let Some(example) = examples.iter().find(|example| example.start == block.range.start) {
            for name in example.names() {
                add(name, example.start);
            }
        } else if let BlockKind::Code(code) = &block.kind {
            let around = |character: char| !character.is_alphanumeric();
            for word in code.text.text().split([' ', '\t', '\n', '\r', '=', '"', '\'', ',']) {
                add(word, block.range.start);
                add(word.trim_matches(around), block.range.start);
            }
        }
    });
    found
}
