//! The part of a runbook that is about an alert itself: there alone is a field one of the alert's.
//!
//! `Severity: warning` below *Staging*, `Duration: 2h` below *Silence*, the fields of an item of a list
//! that names a check of another system: a field says nothing of what it is a field of, and so the
//! place must. It is the alert's where nothing has begun that is a subject of its own:
//! - below the alert's heading or the page's title, and below headings that say no more than the
//!   alert's name or what a part of its definition is called, *Alert details*, *Severity*;
//! - until a line across, or a line in bold type that names anything else, `**Staging**`;
//! - what an item of a list holds is that item's, and so an alert's only where the item names the alert
//!   or a part of its definition;
//! - below a field `Alert:` all belongs to the alerts that it names;
//! - what a sentence with a colon leads up to is what the sentence says.
//!
//! Sentences say themselves what they are about; they are lost to an alert only within what names
//! another one.

use super::fields::is_without_key;
use super::kinds::Kinds;
use super::naming::{bold_name, field, is_part, leads_up, named, names_alerts};
use super::section::{AlertNames, Placed, Section};
use crate::lint::OpenPage;
use crate::markdown::{Block, BlockKind, Inline, Table, plain_text};
use crate::runbook::is_shaped;
use crate::site::Site;
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

/// A piece of a section.
#[derive(Debug)]
pub struct Part<'o> {
    /// The alerts that it can be about; none if it is about something else.
    pub alerts: AlertNames<'o>,
    /// Whether its fields are those of the alerts.
    pub is_own: bool,
    /// The heading that it stands below in the section.
    pub heading: Option<Rc<str>>,
    /// What it stands in.
    pub within: Within,
    /// What stands there.
    pub content: Content<'o>,
    kinds: OnceCell<Kinds>,
}

impl Part<'_> {
    /// What kinds of words its running text may have.
    pub fn kinds(&self) -> Kinds {
        *self.kinds.get_or_init(|| match self.content {
            Content::Heading(content) | Content::Text(content) => Kinds::of_inlines(content),
            // Nobody asks it of a table as a whole.
            Content::Table(..) => Kinds::of_inlines(&[]),
        })
    }
}

/// What stands in a part.
#[derive(Debug, Clone, Copy)]
pub enum Content<'s> {
    /// A heading.
    Heading(&'s [Inline]),
    /// Lines of a paragraph.
    Text(&'s [Inline]),
    /// A table, with the block that it is.
    Table(&'s Block, &'s Table),
}

/// What a part stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The section itself, or a list of a single item, which is a list by its mark alone.
    Section,
    /// A quotation.
    Quote,
    /// A list.
    List,
}

/// What is spoken of.
#[derive(Debug, Clone)]
struct Subject<'s> {
    alerts: AlertNames<'s>,
    is_own: bool,
}

/// The parts of a section, in order.
pub fn parts<'o>(open: &OpenPage<'o>, section: &Section<'o>) -> Vec<Part<'o>> {
    let mut reader = Reader {
        site: open.site,
        own: &section.alerts,
        subject: Subject { alerts: Rc::clone(&section.alerts), is_own: true },
        placed: None,
        is_led_up_to: false,
        has_begun: false,
        found: Vec::new(),
    };
    for (block, placed) in section.blocks(open) {
        reader.placed(block, placed);
    }
    reader.found
}

struct Reader<'s, 'p> {
    site: &'s Site,
    /// The alerts of the section.
    own: &'p AlertNames<'s>,
    subject: Subject<'s>,
    placed: Option<&'p Placed>,
    /// Whether the sentence before leads up to something else.
    is_led_up_to: bool,
    /// Whether anything stands below the heading yet.
    has_begun: bool,
    found: Vec<Part<'s>>,
}

impl<'s, 'p> Reader<'s, 'p> {
    fn placed(&mut self, block: &'s Block, placed: &'p Placed) {
        self.placed = Some(placed);
        match &block.kind {
            BlockKind::Heading { content, .. } => {
                self.subject = Subject { alerts: Rc::clone(self.own), is_own: true };
                let named = named(self.site, self.own, &plain_text(content));
                if !named.is_empty() && named.iter().all(|it| self.own.contains(it)) {
                    self.subject.alerts = named.into();
                }
                self.add(Content::Heading(content), Within::Section);
                (self.is_led_up_to, self.has_begun) = (false, false);
            }
            BlockKind::ThematicBreak => {
                if self.has_begun {
                    self.subject = self.something();
                }
            }
            _ => self.block(block, Within::Section),
        }
    }

    fn block(&mut self, block: &'s Block, within: Within) {
        let is_led_up_to = std::mem::take(&mut self.is_led_up_to);
        let before = is_led_up_to.then(|| self.subject.clone());
        match &block.kind {
            BlockKind::Paragraph { content, .. } => {
                self.text(content, within);
                self.is_led_up_to = leads_up(self.own, content);
            }
            BlockKind::Quote(inner) => {
                let within = if within == Within::List { within } else { Within::Quote };
                for block in inner {
                    self.block(block, within);
                }
            }
            BlockKind::List { items, .. } => {
                if is_led_up_to {
                    self.subject.is_own = false;
                }
                let within = if items.len() > 1 { Within::List } else { within };
                for item in items {
                    self.item(&item.blocks, within);
                }
            }
            BlockKind::Table(table) => {
                if is_led_up_to {
                    self.subject.is_own = false;
                }
                self.table(block, table);
            }
            _ => {}
        }
        if let Some(before) = before {
            self.subject = before;
        }
        self.has_begun = true;
    }

    /// The lines of a paragraph, parted where another subject begins.
    fn text(&mut self, content: &'s [Inline], within: Within) {
        let (mut start, mut at) = (0, 0);
        for line in content.split(Inline::is_break) {
            if let Some(subject) = self.begun_by(line) {
                self.lines(content, start..at, within);
                self.subject = subject;
                start = at;
            }
            at += line.len() + 1;
        }
        self.lines(content, start..content.len(), within);
    }

    fn lines(&mut self, content: &'s [Inline], lines: Range<usize>, within: Within) {
        let mut lines = content.get(lines).unwrap_or_default();
        if let [front @ .., last] = lines
            && last.is_break()
        {
            lines = front;
        }
        if !lines.is_empty() {
            self.add(Content::Text(lines), within);
        }
    }

    /// An item of a list: what it holds below its first line belongs to what that line names.
    fn item(&mut self, blocks: &'s [Block], within: Within) {
        let [first, inner @ ..] = blocks else { return };
        let BlockKind::Paragraph { content, .. } = &first.kind else {
            for block in blocks {
                self.block(block, within);
            }
            return;
        };
        let head = content.split(Inline::is_break).next().unwrap_or_default();
        let is_whole = inner.is_empty() && head.len() == content.len();
        let text = plain_text(head);
        // `- Severity: critical`, `- Alert: DiskFull`
        if is_whole
            || field(&text).is_some_and(|(key, value)| !value.is_empty() && is_part(self.own, key))
        {
            for block in blocks {
                self.block(block, within);
            }
            return;
        }
        let outer = self.subject.clone();
        let named = named(self.site, self.own, &text);
        if !named.is_empty() {
            self.subject = Subject { alerts: named.into(), is_own: true };
        } else if !is_part(self.own, &text) {
            self.subject = Subject { alerts: AlertNames::default(), is_own: false };
        }
        self.add(Content::Text(head), within);
        let rest = content.get(head.len() + 1..).unwrap_or_default();
        self.lines(content, content.len() - rest.len()..content.len(), within);
        for block in inner {
            self.block(block, within);
        }
        self.subject = outer;
    }

    /// A table; that of another alert, where a row of it says so.
    fn table(&mut self, block: &'s Block, table: &'s Table) {
        let outer = self.subject.clone();
        for row in table.head.iter().chain(table.body_rows()) {
            if let [key, value] = row.cells.as_slice()
                && names_alerts(&plain_text(&key.content))
                && let Some(subject) = self.named_by(&plain_text(&value.content))
            {
                self.subject = subject;
            }
        }
        self.add(Content::Table(block, table), Within::Section);
        self.subject = outer;
    }

    /// The subject that begins with a line, if one does: a field `Alert:`, or a name in bold type.
    fn begun_by(&self, line: &[Inline]) -> Option<Subject<'s>> {
        // Most lines begin with the words of a sentence.
        if is_without_key(line) && line.first().is_some_and(Inline::has_words) {
            return None;
        }
        let text = plain_text(line);
        if let Some((key, value)) = field(&text)
            && !value.is_empty()
        {
            return if names_alerts(key) { self.named_by(value) } else { None };
        }
        let name = bold_name(line)?;
        let named = named(self.site, self.own, &name);
        Some(if !named.is_empty() {
            Subject { alerts: named.into(), is_own: true }
        } else if is_part(self.own, &name) {
            Subject { alerts: Rc::clone(self.own), is_own: true }
        } else {
            self.something()
        })
    }

    /// The alerts that a field `Alert:` names. Words are what the alert says, until another has been
    /// named.
    fn named_by(&self, value: &str) -> Option<Subject<'s>> {
        let named = named(self.site, self.own, value);
        // `Alert: disk_free < 15%` is what the alert asks.
        if value.contains(['<', '>', '=']) {
            return None;
        }
        let has_other_name = || value.split_whitespace().any(is_shaped);
        if !named.is_empty() {
            Some(Subject { alerts: named.into(), is_own: true })
        } else if has_other_name() || self.subject.alerts.len() < self.own.len() || self.has_begun {
            Some(Subject { alerts: AlertNames::default(), is_own: false })
        } else {
            None
        }
    }

    /// Anything else that the section may speak of.
    fn something(&self) -> Subject<'s> {
        Subject { alerts: Rc::clone(self.own), is_own: false }
    }

    fn add(&mut self, content: Content<'s>, within: Within) {
        let Some(placed) = self.placed else { return };
        self.found.push(Part {
            alerts: Rc::clone(&self.subject.alerts),
            is_own: self.subject.is_own && placed.is_own,
            heading: placed.heading.clone(),
            within,
            content,
            kinds: OnceCell::new(),
        });
    }
}
