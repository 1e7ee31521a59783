//! Words that may be names of alerts, where a runbook names one without saying that it documents
//! it: as a heading, in code, in an example alert, as the title of an incident.

mod spoken;

use super::ALERT_KEYS;
use super::alert_name::{as_seen, is_shaped, may_be_name, may_be_shaped};
use super::{AlertTable, ExampleAlert, Heading, heading_before};
use crate::markdown::{
    BlockKind, Definition, Document, FrontMatter, Inline, InlineKind, Table, plain_text,
    push_plain_text,
};
use crate::source::ByteSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use spoken::{field, front, headed, is_key, names_incident, numbered_incident};
use std::cmp::Ordering;
use std::collections::hash_map::Entry;

/// A word that may be the name of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention<'m> {
    /// The word.
    pub word: &'m str,
    /// The heading that it stands under, as an index.
    pub heading: Option<usize>,
    /// Whether it is the value of a field, `**Alert:** DiskFull`: what stands there is about it.
    pub is_field: bool,
}

/// Words that may be names of alerts. A page has dozens of them, and hardly any is one, so they share
/// one text, in which a word stands once for each heading that it is below.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    text: Box<str>,
    /// Each word once below each heading.
    places: Box<[Place]>,
}

/// How long a word of the text is, which stands right behind the one before it, and the number of the
/// heading that it stands under: 0 above the first.
#[derive(Debug, Clone, Copy)]
struct Place {
    length: u32,
    heading: u32,
    is_field: bool,
}

/// The words of a text, each with its place.
fn words<'t>(text: &'t str, places: &'t [Place]) -> impl Iterator<Item = (&'t str, Place)> {
    let mut rest = text;
    places.iter().map(move |place| {
        let (word, behind) = rest.split_at(place.length as usize);
        rest = behind;
        (word, *place)
    })
}

impl Mentions {
    /// The words, in no order to rely on: hardly any of them names an alert, and to put them all in order
    /// takes long.
    pub fn iter(&self) -> impl Iterator<Item = Mention<'_>> {
        words(&self.text, &self.places).map(|(word, place)| Mention {
            word,
            heading: (place.heading as usize).checked_sub(1),
            is_field: place.is_field,
        })
    }

    /// A text in which all of the words stand.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words in order.
    pub fn in_order(&self) -> std::vec::IntoIter<Mention<'_>> {
        let mut mentions: Vec<Mention<'_>> = self.iter().collect();
        mentions.sort_unstable();
        mentions.into_iter()
    }

    /// The words that only one of the two has, or that stand elsewhere in the other.
    pub fn differing<'m>(&'m self, other: &'m Self) -> Vec<&'m str> {
        let (mut own, mut others) = (self.in_order().peekable(), other.in_order().peekable());
        let mut differing = Vec::new();
        while let (Some(one), Some(two)) = (own.peek(), others.peek()) {
            let next = match one.cmp(two) {
                Ordering::Equal => {
                    others.next();
                    own.next();
                    continue;
                }
                Ordering::Less => own.next(),
                Ordering::Greater => others.next(),
            };
            differing.extend(next.map(|mention| mention.word));
        }
        differing.extend(own.chain(others).map(|mention| mention.word));
        differing
    }
}

/// All words that a runbook could name an alert by without meaning to document it.
pub fn find(
    document: &Document,
    pieces: &[&Inline],
    front_matter: &FrontMatter,
    headings: &[Heading],
    examples: &[ExampleAlert],
    alert_tables: &[AlertTable],
) -> Mentions {
    let mut mentions =
        Collector { headings, text: String::new(), places: Vec::new(), buffer: String::new() };
    if let Some(title) = front_matter.text("title") {
        mentions.add(title.as_str(), 0);
        mentions.add_shaped(title.as_str(), 0);
    }
    for text in ALERT_KEYS.iter().filter_map(|key| front_matter.text(key)) {
        mentions.add(text.as_str(), 0);
    }
    for heading in headings {
        let text = as_seen(&heading.text);
        mentions.add_shaped(&text, heading.range.start);
        for name in headed(&text) {
            mentions.add(name, heading.range.start);
        }
    }
    for inline in pieces {
        match &inline.kind {
            InlineKind::Code(code) => mentions.add_code(code.text(), inline.range.start),
            InlineKind::Strong(content) => mentions.add(&plain_text(content), inline.range.start),
            _ => {}
        }
    }
    document.walk_blocks(&mut |block| {
        let at = block.range.start;
        let mut has_tables = false;
        for (range, table) in document.tables_of(block) {
            mentions.add_facts(table);
            if let Some(known) = alert_tables.iter().find(|known| known.range == *range) {
                mentions.add_column(table, known.column);
            }
            has_tables = true;
        }
        match &block.kind {
            BlockKind::Code(code) if examples.iter().all(|example| example.start != at) => {
                mentions.add_words_of_code(code.text.text(), at);
            }
            BlockKind::Paragraph { content, .. } => mentions.add_paragraph(content, at),
            BlockKind::DefinitionList(parts) => {
                for part in parts {
                    if let Definition::Term(term) = part {
                        let at = term.first().map_or(at, |it| it.range.start);
                        let text = plain_text(term);
                        mentions.add(&text, at);
                        mentions.add_front(term, &text, at);
                    }
                }
            }
            BlockKind::Html(text) => mentions.add_texts_of_html(text, at, has_tables),
            _ => {}
        }
    });
    for example in examples {
        example.names().for_each(|name| mentions.add(name, example.start));
    }
    mentions.finish()
}

struct Collector<'h> {
    headings: &'h [Heading],
    text: String,
    places: Vec<Place>,
    /// The text of the paragraph that is read.
    buffer: String,
}

impl Collector<'_> {
    fn add(&mut self, word: &str, at: usize) {
        self.add_below(word, self.heading(at));
    }

    /// The number of the heading that stands before a byte of the source.
    fn heading(&self, at: usize) -> usize {
        heading_before(self.headings, at).map_or(0, |heading| heading + 1)
    }

    fn add_below(&mut self, word: &str, heading: usize) {
        self.push(word, heading, false);
    }

    fn add_field(&mut self, word: &str, at: usize) {
        self.push(word, self.heading(at), true);
    }

    fn push(&mut self, word: &str, heading: usize, is_field: bool) {
        // Most words have no blank at their ends, and are longer.
        let word = match word.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => word,
            _ => word.trim(),
        };
        if word.len() > 1 {
            self.text.push_str(word);
            let (length, heading) = (to_u32(word.len()), to_u32(heading));
            self.places.push(Place { length, heading, is_field });
        }
    }

    /// The words and their text as they are seen. On most pages all of them are of ASCII.
    fn seen(self) -> (String, Vec<Place>) {
        let Self { text: all, places: written, .. } = self;
        if all.is_ascii() {
            return (all, written);
        }
        let mut text = String::with_capacity(all.len());
        let mut places = Vec::with_capacity(written.len());
        for (word, place) in words(&all, &written) {
            let word = as_seen(word);
            if word.len() > 1 {
                text.push_str(&word);
                places.push(Place { length: to_u32(word.len()), ..place });
            }
        }
        (text, places)
    }

    /// The words, each once below each heading.
    fn finish(self) -> Mentions {
        let (all, places) = self.seen();
        let mut known: FxHashMap<(&str, u32), usize> =
            FxHashMap::with_capacity_and_hasher(places.len(), FxBuildHasher);
        let mut text = String::with_capacity(all.len() / 2);
        let mut kept: Vec<Place> = Vec::with_capacity(places.len() / 2);
        for (word, place) in words(&all, &places) {
            match known.entry((word, place.heading)) {
                // A field says more than the words around it.
                Entry::Occupied(before) => kept[*before.get()].is_field |= place.is_field,
                Entry::Vacant(entry) => {
                    entry.insert(kept.len());
                    kept.push(place);
                    text.push_str(word);
                }
            }
        }
        // Copied, since an allocator asked to shrink them would leave them as they are.
        Mentions { text: text.as_str().into(), places: kept.as_slice().into() }
    }

    fn add_shaped(&mut self, text: &str, at: usize) {
        for word in shaped_words(text) {
            self.add(word, at);
        }
    }

    /// What stands between two tags of raw HTML, in a heading, as an item or code; in a cell, where
    /// its table can't be read.
    fn add_texts_of_html(&mut self, html: &str, at: usize, has_tables: bool) {
        // Within `<pre>`.
        let mut is_code = false;
        for piece in html.split('<') {
            let Some((tag, text)) = piece.split_once('>') else { continue };
            let tag = tag.to_ascii_lowercase();
            let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
            match name {
                "pre" => is_code = true,
                "/pre" => is_code = false,
                _ => {}
            }
            let text = text.trim();
            match name.as_bytes() {
                _ if text.is_empty() => {}
                _ if is_code => {
                    self.add_words_of_code(text, at);
                }
                [b'h', b'1'..=b'6'] => {
                    self.add(text, at);
                    self.add_shaped(text, at);
                }
                b"td" | b"th" if has_tables => {}
                _ if !text.contains(char::is_whitespace) => self.add(text, at),
                _ => {}
            }
        }
    }

    /// A text in code, and its words.
    fn add_code(&mut self, text: &str, at: usize) {
        // `alertname = DiskFull`, `ALERTS{alertname="DiskFull"}`
        if !self.add_words_of_code(text, at) {
            self.add(text, at);
        }
    }

    /// Whether the text was one word.
    fn add_words_of_code(&mut self, text: &str, at: usize) -> bool {
        let heading = self.heading(at);
        let bytes = text.as_bytes();
        let mut start = 0;
        loop {
            let length = PARTS_CODE.first_in(&bytes[start..]);
            let end = length.map_or(bytes.len(), |length| start + length);
            // No name is that short.
            if end - start > 1 {
                let word = &text[start..end];
                self.add_below(word, heading);
                if !(bytes[start].is_ascii_alphanumeric() && bytes[end - 1].is_ascii_alphanumeric())
                {
                    let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
                    if bare.len() < word.len() {
                        self.add_below(bare, heading);
                    }
                }
            }
            if end == bytes.len() {
                return start == 0;
            }
            start = end + 1;
        }
    }

    /// A paragraph or an item that is a single word, and the titles that incidents have.
    fn add_paragraph(&mut self, content: &[Inline], at: usize) {
        let is_break =
            |inline: &Inline| matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak);
        // The text of the paragraph is that of its lines with a blank between each two.
        let mut all = std::mem::take(&mut self.buffer);
        all.clear();
        for (index, line) in content.split(is_break).enumerate() {
            if index > 0 {
                all.push(' ');
            }
            let start = all.len();
            push_plain_text(line, &mut all);
            let text = &all[start..];
            self.add_front(line, text, at);
            if let Some(value) = field(text) {
                self.add_field(value, at);
                let mut words = value.split(|c: char| c.is_whitespace() || c == ',');
                self.add_field(words.next().unwrap_or_default(), at);
                // What follows is about the first of `DiskFull, NodeDown`, if about one.
                self.add_shaped(value, at);
            }
        }
        let text = all.trim();
        if !text.contains(char::is_whitespace) {
            let heading = self.heading(at);
            // `DiskFull` below `## Alert name`
            let is_field = heading > 0 && is_key(&self.headings[heading - 1].text);
            self.push(text, heading, is_field);
        } else if names_incident(text) {
            self.add_shaped(text, at);
        } else if let Some(name) = numbered_incident(text) {
            self.add_shaped(name, at);
        }
        self.buffer = all;
    }

    /// What a line begins with and what is set off from the rest: `DiskFull: it is full`, a link, the
    /// title of a box.
    fn add_front(&mut self, line: &[Inline], text: &str, at: usize) {
        let says =
            |inline: &&Inline| !matches!(inline.kind, InlineKind::Html(_)) && inline.has_words();
        if let Some(Inline { kind: InlineKind::Link { content, .. }, .. }) = line.iter().find(says)
        {
            self.add(&plain_text(content), at);
        }
        if let Some(name) = front(text) {
            self.add(name, at);
        }
    }

    /// What may be names in the column of alerts, however they stand there.
    fn add_column(&mut self, table: &Table, column: usize) {
        for cell in table.body_rows().filter_map(|row| row.cells.get(column)) {
            self.add_shaped(&plain_text(&cell.content), cell.range.start);
        }
    }

    /// Tables of two columns that say one thing about an alert in each row: `Alert Name | DiskFull`.
    fn add_facts(&mut self, table: &Table) {
        // No letter beyond ASCII is one of these in lower case.
        let says = |key: &str| {
            key.as_bytes().windows(5).any(|letters| letters.eq_ignore_ascii_case(b"alert"))
        };
        for row in table.head.iter().chain(table.bodies.iter().flatten()) {
            if let [key, value] = row.cells.as_slice()
                && says(&plain_text(&key.content))
            {
                let value_text = plain_text(&value.content);
                if may_be_name(value_text.trim()) {
                    self.add_field(&value_text, value.range.start);
                    self.add_shaped(&value_text, value.range.start);
                }
            }
        }
    }
}

/// What parts the words of code.
static PARTS_CODE: ByteSet = ByteSet::of(b" \t\n\r=\"',");

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether a text is more than a word of prose: of several words, or of letters beyond ASCII. It is
/// what its row or item is about, and where a rule has just this name, that alert.
pub fn is_phrase(text: &str) -> bool {
    const LONGEST: usize = 80;
    let has_mark = text.contains(|it: char| it.is_whitespace() || !it.is_ascii());
    has_mark && text.len() <= LONGEST && may_be_name(text)
}

/// The words of a text that look like names: `DiskFull` of `Alert: DiskFull (critical)`.
pub fn shaped_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| {
        // Curly quotation marks are no letters either.
        c.is_whitespace()
            || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '\'' | '/')
            || !c.is_ascii() && !c.is_alphanumeric()
    });
    // Nearly all words end here.
    let words = words.filter(|word| may_be_shaped(word));
    words.flat_map(|word| {
        let word = word.trim_matches([':', '.', '-', '=', '!', '?']);
        // `company.service.DiskFull`
        let last = word.rsplit_once('.').map(|(_, last)| last);
        [Some(word), last].into_iter().flatten().filter(|word| is_shaped(word))
    })
}

#[cfg(test)]
mod tests {
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::source::Source;

    #[test]
    fn an_alert_may_be_named_in_many_ways() {
        for text in [
            "# DiskFull",
            "## Alert: DiskFull (critical)",
            "## Alert: Kafka",
            "## Alert - Kafka [critical]",
            "## 1. Alert: Kafka",
            "## 🔴 Alert: Kafka",
            "## Alert: Kafka — the broker is gone",
            "## Alert #1: Kafka",
            "## Scenario 2: Kafka",
            "## Runbook for Kafka",
            "## Kafka (critical)",
            "## [P1] Kafka",
            "## P1: Kafka",
            "## 1.2 Kafka",
            "## RB-001 Kafka",
            "## Kafka `critical`",
            "### Kafka alert",
            "## Alert `Kafka`",
            "## Disk\u{ad}Full",
            "## Alert: Kaf\u{200b}ka",
            "## When `DiskFull` comes",
            "- `DiskFull`",
            "- DiskFull",
            "**DiskFull**",
            "PagerDuty title: `[#123] DiskFull on carrier3`",
            "PagerDuty title: DiskFull on carrier3",
            "[FIRING:1] DiskFull (prod)",
            "[#1234] bluemix.containers.DiskFull triggered",
            "Look at `ALERTS{alertname=\"DiskFull\"}`.",
            "<h2>DiskFull</h2>",
            "<h2 id=\"x\">When DiskFull fires</h2>",
            "<table><tr><th>Alert_Situation</th></tr><tr><td><code>DiskFull</code></td></tr></table>",
            "<ul><li>DiskFull</li></ul>",
            "<table><tr><td>Alert Name</td><td>DiskFull</td></tr></table>",
            "<table><tr><td>Who</td><td><b>DiskFull</b></td></tr></table>",
            "<pre>ALERTS{alertname=\"DiskFull\"}</pre>",
            "<pre>ALERTS{alertname=\"<b>DiskFull</b>\"}</pre>",
            "[#12] DiskFull in prod-dal10",
            "[#12] DiskFull: a disk is full",
            "```\nLabels:\n - alertname = DiskFull\n```",
            "```\nalertname = DiskFull\n```",
            "```\nALERTS{alertname=\"DiskFull\"}\n```",
            "| Field | Value |\n|--|--|\n| **Alert Name** | DiskFull |",
        ] {
            let text = format!("---\nx: y\n---\n\n{text}\n");
            let columns = AlertColumns::default();
            let source = Source::new("a.md", text.as_str());
            let (runbook, _) = Runbook::read(&source, &SiteVariables::default(), &columns);
            let names = ["DiskFull", "Kafka"];
            assert!(runbook.mentions.iter().any(|it| names.contains(&it.word)), "{text}");
        }
    }

    #[test]
    fn a_word_stands_once_below_each_heading_and_as_a_field_if_it_is_one() {
        let text =
            "`DiskFull` is not `DiskSlow`.\n\nAlert: DiskFull\n\n# A\n\n`DiskFull`, `DiskFull`";
        let source = Source::new("a.md", text);
        let columns = AlertColumns::default();
        let (runbook, _) = Runbook::read(&source, &SiteVariables::default(), &columns);
        let found = runbook.mentions.in_order().filter(|it| it.word.starts_with("Disk"));
        let found: Vec<_> = found.map(|it| (it.word, it.heading, it.is_field)).collect();
        let expected =
            [("DiskFull", None, true), ("DiskFull", Some(0), false), ("DiskSlow", None, false)];
        assert_eq!(found, expected);
    }

    #[test]
    fn other_words_name_no_alert() {
        for text in [
            "<table><tr><td>Alerts channel</td><td>x</td><td>DiskFull</td></tr></table>",
            "Since [#12] the class com.example.DiskFull is another.",
            "[#12] We renamed com.example.DiskFull.",
            "[#12] a.b.DiskFull is renamed",
            "## The site is Down",
            "## Down the road",
            "## Roads (Down)",
            "## Contacts: Down",
            "## Down team (critical)",
            "## P1 when it is Down",
        ] {
            let source = Source::new("a.md", text);
            let columns = AlertColumns::default();
            let (runbook, _) = Runbook::read(&source, &SiteVariables::default(), &columns);
            let names = ["DiskFull", "Down"];
            assert!(runbook.mentions.iter().all(|it| !names.contains(&it.word)), "{text}");
        }
    }
}
