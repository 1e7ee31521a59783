//! Warnings of a runbook: which parts of it a reader has been told to be careful with.

use crate::lint::word_set::WordSet;
use crate::markdown::{
    Attributes, Block, BlockKind, Definition, Document, Inline, InlineKind, for_each_text,
    plain_text,
};
use std::borrow::Cow;
use std::ops::Range;

/// Words that a warning begins with.
static WORDS: WordSet = WordSet::new(&[
    "warning",
    "caution",
    "danger",
    "attention",
    "careful",
    "beware",
    "important",
    "warn",
]);

/// Classes of callouts, as themes have them.
const CLASSES: [&str; 7] =
    ["warning", "danger", "caution", "important", "attention", "alert", "callout"];

/// Phrases by which a sentence with a command warns of it.
const PHRASES: [&str; 14] = [
    "do not",
    "don't",
    "don’t",
    "never ",
    "warning",
    "caution",
    "careful",
    "data loss",
    "lose data",
    "destructive",
    "irreversibl",
    "cannot be undone",
    "can't be undone",
    "dangerous",
];

/// Those that warn of what stands right below as well.
const OF_WHAT_FOLLOWS: [&str; 5] =
    ["data loss", "lose data", "destructive", "irreversibl", "cannot be undone"];

/// Where a page warns.
pub(super) struct Warnings {
    covered: Vec<Range<usize>>,
}

impl Warnings {
    /// Goes over a document once. What stands at these bytes of the source, in order, will be asked for.
    pub(super) fn of(document: &Document, asked: &[usize]) -> Self {
        let mut walk = Walk {
            asked,
            sections: vec![Section { level: 0, heading_warns: false, warns: false }],
            leaves: Vec::new(),
            beside: Beside::Other,
            since: usize::MAX,
        };
        walk.blocks(&document.blocks, false);
        let covered = walk.leaves.into_iter().filter(|(_, is_covered)| *is_covered);
        Self { covered: covered.map(|(range, _)| range).collect() }
    }

    /// Whether what stands at a byte of the source was warned of.
    pub(super) fn cover(&self, at: usize) -> bool {
        let next = self.covered.partition_point(|range| range.start <= at);
        next.checked_sub(1).is_some_and(|index| self.covered[index].contains(&at))
    }
}

struct Section {
    level: u8,
    /// Whether its heading warns, and so of all that is below it.
    heading_warns: bool,
    /// Whether something in it warns of what follows there.
    warns: bool,
}

struct Walk<'a> {
    /// What will be asked for, in order.
    asked: &'a [usize],
    /// The headings that the walk is below.
    sections: Vec<Section>,
    /// Blocks that hold no others, and whether a reader is warned when they come to it.
    leaves: Vec<(Range<usize>, bool)>,
    /// What the block before is.
    beside: Beside<'a>,
    /// How many blocks there were since the last warning.
    since: usize,
}

/// What a block stands behind.
#[derive(Clone, Copy)]
enum Beside<'a> {
    Quote,
    /// A leaf, which may warn of what follows.
    Leaf(&'a Block),
    Other,
}

impl<'a> Walk<'a> {
    fn blocks(&mut self, blocks: &'a [Block], in_warning: bool) {
        for block in blocks {
            self.block(block, in_warning);
        }
    }

    fn block(&mut self, block: &'a Block, in_warning: bool) {
        let warns = in_warning || is_callout(block.attributes()) || begins_with_warning(block);
        match &block.kind {
            BlockKind::Heading { level, content, .. } => {
                // A warning right above a heading of a lower level introduces what is below it.
                let introduced = self.since <= 1
                    && self.sections.last().is_some_and(|one| 0 < one.level && one.level < *level);
                self.sections.retain(|section| section.level < *level);
                let heading_warns =
                    begins_with_word(&plain_text(content)) || mentions_warning(content);
                self.sections.push(Section { level: *level, heading_warns, warns: introduced });
                self.beside = Beside::Other;
            }
            BlockKind::Quote(inner) => {
                self.cover_last();
                self.blocks(inner, true);
                self.warn(warns);
                self.beside = Beside::Quote;
            }
            BlockKind::Footnote { blocks, .. } => self.blocks(blocks, warns),
            BlockKind::List { items, .. } => {
                for item in items {
                    self.blocks(&item.blocks, warns || is_callout(item.attributes()));
                }
            }
            BlockKind::DefinitionList(parts) => {
                for part in parts {
                    if let Definition::Meaning(inner, _) = part {
                        self.blocks(inner, warns);
                    }
                }
            }
            _ => {
                if warns {
                    self.cover_last();
                    self.warn(true);
                }
                let is_covered = warns || self.is_asked(&block.range) && self.is_below_warning();
                self.leaves.push((block.range.clone(), is_covered));
                self.beside = Beside::Leaf(block);
                self.since = self.since.saturating_add(1);
            }
        }
    }

    /// Whether anything that stands in a range will be asked for.
    fn is_asked(&self, range: &Range<usize>) -> bool {
        let first = self.asked.partition_point(|at| *at < range.start);
        self.asked.get(first).is_some_and(|at| *at < range.end)
    }

    /// Whether the next block stands behind a warning.
    fn is_below_warning(&self) -> bool {
        self.sections.last().is_some_and(|section| section.warns)
            || self.sections.iter().any(|section| section.heading_warns)
            || match self.beside {
                Beside::Quote => true,
                Beside::Leaf(block) => warns_of_what_follows(block),
                Beside::Other => false,
            }
    }

    /// The block before has its warning behind it.
    fn cover_last(&mut self) {
        if let Some((_, is_covered)) = self.leaves.last_mut() {
            *is_covered = true;
        }
    }

    /// What follows in this section is warned of.
    fn warn(&mut self, warns: bool) {
        if warns {
            self.since = 0;
            if let Some(section) = self.sections.last_mut() {
                section.warns = true;
            }
        }
    }
}

/// `If you can bear a data loss, run:`
fn warns_of_what_follows(block: &Block) -> bool {
    let BlockKind::Paragraph { content, .. } = &block.kind else { return false };
    let text = plain_text(content).to_lowercase();
    OF_WHAT_FOLLOWS.iter().any(|phrase| text.contains(phrase))
}

fn is_callout(attributes: &Attributes) -> bool {
    attributes
        .classes
        .iter()
        .any(|class| CLASSES.iter().any(|known| class.to_lowercase().contains(known)))
}

/// Whether a block begins with a word of warning, or has one in bold.
fn begins_with_warning(block: &Block) -> bool {
    let mut found = false;
    match &block.kind {
        BlockKind::Html(html) => {
            let html = html.to_lowercase();
            return WORDS.iter().any(|word| html.contains(word)) && !html.starts_with("<!--");
        }
        BlockKind::Heading { .. } => return false,
        // A cell that says `warning` and no more is the severity of an alert.
        BlockKind::Table(_) => for_each_text(block, &mut |content| {
            let text = plain_text(content);
            found |= (begins_with_word(&text) || mentions_warning(content))
                && text.split_whitespace().count() > 1;
        }),
        _ => for_each_text(block, &mut |content| {
            found |= begins_with_word(&plain_text(content)) || mentions_warning(content);
        }),
    }
    found
}

/// Whether something in bold or emphasised begins with a word of warning.
fn mentions_warning(content: &[Inline]) -> bool {
    content.iter().any(|inline| match &inline.kind {
        InlineKind::Strong(inner) | InlineKind::Emphasis(inner) => {
            begins_with_word(&plain_text(inner))
        }
        InlineKind::Html(tag) => {
            ["\"warning\"", "\"danger\"", "\"red\""].iter().any(|class| tag.contains(class))
        }
        _ => false,
    })
}

/// `Warning: …`, `⚠ …`, `CAUTION!`, but no sentence that goes on: `Warning signs are …`.
fn begins_with_word(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['⚠', '☠', '🛑', '🚨', '❗']) {
        return true;
    }
    // Of ASCII both cases are looked for at once.
    let text = if has_ascii_in_lower_case(text) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    };
    if is_admonition(&text) {
        return true;
    }
    let first = text.trim_start_matches(|character: char| !character.is_alphanumeric());
    let is_verb = first.get(..10).is_some_and(|it| it.eq_ignore_ascii_case("be careful"));
    let first = if is_verb { &first["be ".len()..] } else { first };
    let length = first.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = first.split_at(length);
    let rest = rest.trim_start();
    let is_alone = || rest.is_empty() || rest.starts_with(['.', ',', '-', '–', '—', ']', ')']);
    WORDS.contains_in_any_case(word) && is_alone() || announces(&text)
}

/// Whether a text has one of the two characters beyond ASCII that are ASCII in lower case, or begin with it.
fn has_ascii_in_lower_case(text: &str) -> bool {
    memchr::memchr2_iter(0xc4, 0xe2, text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at..];
        ["\u{130}", "\u{212a}"].iter().any(|it| rest.starts_with(it.as_bytes()))
    })
}

/// The marks of callouts in texts for `MkDocs`, Docusaurus and Hugo: `!!! danger "Title"`,
/// `:::caution`, `{{< hint danger >}}`.
fn is_admonition(text: &str) -> bool {
    const MARKS: [&str; 6] = ["!!!", "???+", "???", ":::", "{{<", "{{%"];
    // Hardly any text begins as one of them does.
    if !text.starts_with(['!', '?', ':', '{']) {
        return false;
    }
    let mut marks = MARKS.iter();
    let Some(rest) = marks.find_map(|mark| text.strip_prefix(mark)) else { return false };
    let line = rest.lines().next().unwrap_or_default();
    let mut words = line.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    // The kind is the first word; with Hugo it stands behind the name of the shortcode.
    let count = if text.starts_with("{{") { 3 } else { 1 };
    words.by_ref().take(count).any(|word| WORDS.contains_in_any_case(word))
}

/// Whether a word of warning stands before a colon or an exclamation mark, also in the middle of a text:
/// `Delete it. Warning: the server is away for a minute.` The marks are looked for, of which there are
/// fewer than of the words.
fn announces(text: &str) -> bool {
    memchr::memchr2_iter(b':', b'!', text.as_bytes()).any(|mark| {
        let before = text[..mark].trim_end();
        let letters = before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let (before, word) = before.split_at(before.len() - letters);
        WORDS.contains_in_any_case(word) && !before.ends_with(char::is_alphanumeric)
    })
}

/// Whether the block with the command at a byte of the source warns of it in its own words.
pub(super) fn warns_by_itself(document: &Document, at: usize) -> bool {
    let mut found = false;
    document.walk_blocks(&mut |block| {
        if block.range.contains(&at) && !found {
            for_each_text(block, &mut |content| {
                let holds = |inline: &Inline| inline.range.start <= at && at < inline.range.end;
                if content.iter().any(holds) {
                    let text = plain_text(content).to_lowercase();
                    found |= PHRASES.iter().any(|phrase| text.contains(phrase));
                }
            });
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_other_character_is_ascii_in_lower_case() {
        for character in ('\u{80}'..=char::MAX).filter(|it| !"\u{130}\u{212a}".contains(*it)) {
            let is_same =
                |it: char| !it.is_ascii() && it.is_alphanumeric() == character.is_alphanumeric();
            assert!(character.to_lowercase().all(is_same), "{character}");
        }
    }

    proptest! {
        #[test]
        fn case_makes_no_difference(parts in prop::collection::vec(prop::sample::select(vec![
            "Warning", "WARN", "be ", "Careful", ":", "!", " ", "é", "Σ", "\u{130}", "\u{212a}", "’", "!!! ", "x",
        ]), 0..8)) {
            let text = parts.concat();
            prop_assert_eq!(begins_with_word(&text), begins_with_word(&text.to_lowercase()));
        }
    }
}
