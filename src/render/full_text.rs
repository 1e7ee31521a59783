//! Full text: what stands in each section of the site, to be found by its words.
//!
//! An index that is turned inside out, cut into many small files, so that a query reads a few of
//! them whatever the site's size. The *head* says how many there are. The *words* of a file are
//! those whose first letters fall to it, each with the sections that have it; so parts of words are
//! found as well. The *texts* of a file are those of neighbouring sections, for what is shown of a
//! find. Classic scripts, as all data of the site: so it works from disk too.
//!
//! A section is the text below one heading. An alert's rules count as a section of their own, since
//! people look for what an alert's annotations say.
//!
//! How the words are taken out of a text (`words`) is also in `static/search.js`, which does it to what
//! somebody typed.

mod table;
mod words;

use super::RenderedFile;
use super::hash::fnv1a;
use super::json;
use super::trees::Trees;
use crate::markdown::{Block, BlockKind, Document, Inline, for_each_text, push_plain_text};
use crate::memo::Key;
use crate::site::address::{encode_fragment, encode_path};
use crate::site::{Page, Site};
use rayon::prelude::*;
use serde_json::json;
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use table::{Reader, Words};
use words::{Word, for_each_word};

/// Where the head stands.
pub(super) const HEAD: &str = "assets/search.js";

/// Changes with what is made of the same site.
const VERSION: &str = "2";

/// About how many bytes of sources have their texts in one file, and their words in as many files as
/// it takes.
const TEXTS: usize = 16 * 1024;
const WORDS: usize = 128 * 1024;

/// How many first letters of a word say which file it is in.
const PREFIX: usize = 3;

/// A word that is in more than every fourth section says nothing, where there are many sections.
const MANY_SECTIONS: usize = 400;

/// The full text of a site.
pub(super) struct FullText {
    /// The parts of the pages whose texts are in one file, then those of the alerts.
    parts: Vec<Part>,
    /// How many sections there are.
    sections: usize,
    /// The files that the words are in.
    shards: Vec<Mutex<Shard>>,
}

/// Numbers of sections. Most words are in a few alone, which need no room of their own.
type Numbers = SmallVec<[u32; 4]>;

/// A file of words.
enum Shard {
    /// What has been read so far.
    Read(Words),
    /// Its content, once everything has been read.
    Written(Vec<u8>),
}

impl Shard {
    /// Its content, without words that more than `most` sections have.
    fn written(&mut self, most: usize) -> &[u8] {
        if let Self::Read(words) = self {
            *self = Self::Written(written(std::mem::take(words), most));
        }
        match self {
            Self::Written(content) => content,
            Self::Read(_) => &[],
        }
    }
}

/// A run of pages or of alerts.
struct Part {
    of: Run,
    /// The number of its first section among all of the site.
    first: usize,
    /// Whether its words have been read.
    is_read: Once,
}

/// What a part is of.
enum Run {
    /// Pages, by their indices.
    Pages(Range<usize>),
    /// Alerts: the name of the first, and how many there are.
    Alerts(String, usize),
}

impl Run {
    fn length(&mut self) -> &mut usize {
        match self {
            Self::Pages(range) => &mut range.end,
            Self::Alerts(_, count) => count,
        }
    }
}

/// A section.
struct Section {
    /// The path of its page.
    page: String,
    fragment: String,
    title: String,
    text: String,
}

impl FullText {
    /// How the full text of a site is cut into files. None of it is read yet.
    pub(super) fn new(site: &Site) -> Self {
        let pages = site.pages.iter().enumerate().map(|(index, page)| {
            let length = page.runbook.source().text().len();
            (length, page.runbook.headings.len() + 1, move || Run::Pages(index..index + 1))
        });
        let alerts = site.alerts.iter().map(|(name, alert)| {
            (500 * alert.rules.len(), 1, move || Run::Alerts(name.clone(), 1))
        });
        let mut full_text = Self { parts: Vec::new(), sections: 0, shards: Vec::new() };
        let bytes = full_text.cut(pages) + full_text.cut(alerts);
        let empty = || Mutex::new(Shard::Read(Words::default()));
        full_text.shards.resize_with(bytes / WORDS + 1, empty);
        full_text
    }

    /// Cuts a row of things, each with its size, the number of its sections and the run that it
    /// begins, and gives the size of all.
    fn cut(&mut self, things: impl Iterator<Item = (usize, usize, impl FnOnce() -> Run)>) -> usize {
        let (mut left, mut bytes) = (0, 0);
        for (index, (size, count, run)) in things.enumerate() {
            match self.parts.last_mut() {
                Some(part) if index > 0 && size <= left => {
                    *part.of.length() += 1;
                    left -= size;
                }
                _ => {
                    let (first, is_read) = (self.sections, Once::new());
                    self.parts.push(Part { of: run(), first, is_read });
                    left = TEXTS.saturating_sub(size);
                }
            }
            self.sections += count;
            bytes += size;
        }
        bytes
    }

    /// The pages whose texts are in a part, if it is one of pages.
    pub(super) fn pages(&self, part: usize) -> Option<Range<usize>> {
        match &self.parts.get(part)?.of {
            Run::Pages(range) => Some(range.clone()),
            Run::Alerts(..) => None,
        }
    }

    /// How many files the words and the texts are in.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.shards.len(), self.parts.len())
    }

    /// The texts of a part: `(alertbook.texts ??= {})[PART] = [[PAGE, FRAGMENT, TITLE, TEXT], …]`, where
    /// a page is its path. What is found in a file is true by itself, whichever older or newer files a
    /// browser still has. The trees of its pages are left for those.
    pub(super) fn texts(&self, site: &Site, part: usize, trees: &Trees) -> RenderedFile {
        let sections = self.sections(site, part, Some(trees));
        // Whoever asks for texts asks for words as well, and reading is most of the work.
        self.read_words(part, &sections);
        let length: usize = sections.iter().map(|section| section.text.len() + 256).sum();
        let mut script = Vec::with_capacity(length + length / 16);
        script.extend(format!("(globalThis.alertbook.texts ??= {{}})[{part}] = ").as_bytes());
        let mut before = b'[';
        for section in &sections {
            script.push(before);
            json::push_texts(&mut script, section.row());
            before = b',';
        }
        script.extend(if sections.is_empty() { &b"[]"[..] } else { b"]" });
        script.extend(b";\n");
        RenderedFile { path: texts_path(part), bytes: script }
    }

    /// The words of a file: `(alertbook.words ??= {})[SHARD] = {WORD: [SECTION, GAP, GAP, …], …}`.
    pub(super) fn words(&self, site: &Site, shard: usize) -> RenderedFile {
        for part in (0..self.parts.len()).filter(|part| !self.parts[*part].is_read.is_completed()) {
            self.read_words(part, &self.sections(site, part, None));
        }
        let most = if self.sections < MANY_SECTIONS { usize::MAX } else { self.sections / 4 };
        let mut shard_of_words = self.shard(shard);
        let words = shard_of_words.written(most);
        let before = format!("(globalThis.alertbook.words ??= {{}})[{shard}] = {{");
        let bytes = [before.as_bytes(), words, b"};\n"].concat();
        RenderedFile { path: words_path(shard), bytes }
    }

    fn sections(&self, site: &Site, part: usize, trees: Option<&Trees>) -> Vec<Section> {
        match &self.parts[part].of {
            Run::Alerts(first, count) => {
                let from = site.alerts.partition_point(|name, _| name < first);
                let alerts = site.alerts.keys().skip(from).take(*count);
                alerts.map(|name| section_of_alert(site, name)).collect()
            }
            Run::Pages(range) => {
                let pages = range.clone().flat_map(|index| {
                    let page = &site.pages[index];
                    let Some(trees) = trees else {
                        return sections_of_page(page, &page.runbook.document());
                    };
                    let document = trees.take(index, page);
                    let sections = sections_of_page(page, &document);
                    trees.leave(index, document);
                    sections
                });
                pages.collect()
            }
        }
    }

    /// Reads the words of a part, unless that was done before.
    fn read_words(&self, part: usize, sections: &[Section]) {
        let Part { first, is_read, .. } = &self.parts[part];
        is_read.call_once(|| {
            let mut reader = Reader::new();
            for (number, section) in (*first..).zip(sections) {
                reader.begin(number);
                section.read(&mut reader);
            }
            reader.finish(|word, numbers| {
                let shard = shard_of(word, self.shards.len());
                if let Shard::Read(words) = &mut *self.shard(shard) {
                    words.of(word).extend_from_slice(numbers);
                }
            });
        });
    }

    fn shard(&self, shard: usize) -> MutexGuard<'_, Shard> {
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the words of a file stand.
pub(super) fn words_path(shard: usize) -> String {
    format!("assets/search-words-{shard}.js")
}

/// Where the texts of a part stand.
pub(super) fn texts_path(part: usize) -> String {
    format!("assets/search-texts-{part}.js")
}

/// The head: `alertbook.search = {key, sections, shards, starts}`, or null without a full text. Where
/// the key is the same, so are all the files. The texts of a section are in the last file that starts
/// no later than it.
pub(super) fn head(full_text: Option<&FullText>, site: &Site) -> RenderedFile {
    let data = full_text.map(|it| {
        let starts: Vec<usize> = it.parts.iter().map(|part| part.first).collect();
        json!({"key": key(site), "sections": it.sections, "shards": it.shards.len(), "starts": starts})
    });
    let data = data.unwrap_or_default();
    script(HEAD.to_owned(), format!("globalThis.alertbook.search = {data};\n"))
}

/// Words with the numbers of their sections, each but the first as the gap to the one before, and
/// without the words that more than `most` sections have. The parts come in any order.
fn written(words: Words, most: usize) -> Vec<u8> {
    let mut words = words.into_vec();
    words.retain(|(_, numbers)| numbers.len() <= most);
    words.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut text = Vec::with_capacity(24 * words.len());
    let mut digits = itoa::Buffer::new();
    for (word, mut numbers) in words {
        numbers.sort_unstable();
        text.extend_from_slice(if text.is_empty() { b"\"" } else { b",\n\"" });
        // Letters and digits need no escapes.
        word.push(&mut text);
        text.extend_from_slice(b"\":");
        let mut before = b'[';
        let mut last = 0;
        for number in numbers {
            text.push(before);
            text.extend_from_slice(digits.format(number - last).as_bytes());
            before = b',';
            last = number;
        }
        text.push(b']');
    }
    text
}

/// What the full text is made of.
fn key(site: &Site) -> String {
    let pages = site.pages.iter().map(|page| (page.path.as_bytes(), page.runbook.source()));
    let rules = site.rule_files.iter().map(|file| (&b""[..], &file.source));
    let sources: Vec<_> = pages.chain(rules).collect();
    let keys: Vec<(&[u8], Key)> =
        sources.into_par_iter().map(|(path, it)| (path, it.key())).collect();
    let mut parts = vec![VERSION.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes()];
    parts.extend(keys.iter().flat_map(|(path, key)| [*path, key.bytes()]));
    Key::of(&parts).hex()
}

fn script(path: String, text: String) -> RenderedFile {
    RenderedFile { path, bytes: text.into_bytes() }
}

/// The sections of a page: what stands above all headings, then below each.
fn sections_of_page(page: &Page, document: &Document) -> Vec<Section> {
    let headings = &page.runbook.headings;
    let path = encode_path(&page.path).into_owned();
    let section = |fragment, title: &str, written| Section {
        page: path.clone(),
        fragment,
        title: title.to_owned(),
        // Hardly any text is longer than it is written.
        text: String::with_capacity(written),
    };
    let ends = headings.iter().map(|it| it.range.start);
    let mut ends = ends.chain([document.source.text().len()]);
    let first = ends.next().unwrap_or_default().saturating_sub(page.runbook.front_matter.body());
    let mut sections = vec![section(String::new(), &page.title, first)];
    sections.extend(headings.iter().zip(ends).map(|(it, end)| {
        section(encode_fragment(&it.id).into_owned(), &it.text, end.saturating_sub(it.range.end))
    }));
    document.walk_blocks(&mut |block| {
        // The title of a section is its own.
        if !matches!(block.kind, BlockKind::Heading { .. }) {
            let at = headings.partition_point(|heading| heading.range.start <= block.range.start);
            push_text(&mut sections[at].text, block);
        }
    });
    sections
}

/// What a block shows by itself, without the blocks in it.
fn push_text(text: &mut String, block: &Block) {
    match &block.kind {
        BlockKind::Code(code) => push_line(text, code.text.text()),
        BlockKind::Html(html) => push_line(text, &without_tags(html)),
        _ => for_each_text(block, &mut |content| push_plain_line(text, content)),
    }
}

fn push_line(text: &mut String, line: &str) {
    let line = line.trim();
    if !line.is_empty() {
        text.push_str(line);
        text.push('\n');
    }
}

/// What [`push_line`] does, for running text.
fn push_plain_line(text: &mut String, content: &[Inline]) {
    let start = text.len();
    push_plain_text(content, text);
    let line = &text[start..];
    let blank = line.len() - line.trim_start().len();
    if blank > 0 {
        text.drain(start..start + blank);
    }
    text.truncate(start + text[start..].trim_end().len());
    if text.len() > start {
        text.push('\n');
    }
}

/// Raw HTML without its tags; what they leave is for words alone.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    text
}

/// What the rules of an alert say, at the place where its reader starts.
fn section_of_alert(site: &Site, name: &str) -> Section {
    let alert = &site.alerts[name];
    let (page, fragment) = site.start_of(name, alert);
    let mut text = String::new();
    for rule in site.rules_of(alert) {
        for annotation in rule.annotations() {
            push_line(&mut text, annotation.value.as_str());
        }
        push_line(&mut text, rule.expr.as_str());
    }
    let page = encode_path(&page).into_owned();
    let fragment = fragment.as_deref().map(encode_fragment).unwrap_or_default().into_owned();
    Section { page, fragment, title: name.to_owned(), text }
}

impl Section {
    /// What is shown of it.
    fn row(&self) -> [&str; 4] {
        [&self.page, &self.fragment, &self.title, self.text.trim()]
    }

    /// Reads its words, each as often as it has it.
    fn read(&self, reader: &mut Reader) {
        for text in [&self.title, &self.text] {
            for_each_word(text, reader);
        }
    }
}

/// The file that a word is in, by its first letters.
fn shard_of(word: &Word, shards: usize) -> usize {
    let letters = word.first_letters::<PREFIX>().into_iter().take_while(|letter| *letter != '\0');
    fnv1a(letters.map(u32::from)) as usize % shards
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Output, Renderer, Theme};
    use crate::site::Parts;
    use crate::source::Source;

    #[test]
    fn a_site_may_do_without() {
        let config = Source::new("alertbook.yaml", "title: T\nfull_text: false");
        let config = crate::config::parse(&config).unwrap();
        let site = Site::assemble(config, Parts::default());
        let theme = Theme::built_in();
        let renderer = Renderer::new(&site, &theme).unwrap();
        assert!(!renderer.outputs().into_iter().any(Output::is_part_of_full_text));
        let head = renderer.render(Output::FullText).unwrap();
        assert_eq!(head.bytes, b"globalThis.alertbook.search = null;\n");
    }

    #[test]
    fn numbers_are_written_as_gaps() {
        let words = || {
            let mut words = Words::<Numbers>::default();
            words.of(&Word::new("b")).push(7);
            words.of(&Word::new("a1")).extend_from_slice(&[3, 4, 0]);
            words
        };
        assert_eq!(written(words(), 3), b"\"a1\":[0,3,1],\n\"b\":[7]");
        assert_eq!(written(words(), 2), b"\"b\":[7]");
    }

    #[test]
    fn tags_are_no_words() {
        assert_eq!(without_tags("<b class=x>One</b> two <br"), " One  two  ");
    }
}
