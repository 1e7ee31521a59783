//! `allow` comments: findings that somebody has looked at and decided to live with.
//!
//! ```text
//! <!-- allow(broken-link): the page comes with the next release -->     in a runbook
//! # allow(undocumented-alert, runbook-url-missing): being retired       in YAML
//! ```
//!
//! In a runbook a comment is about the block behind it, whole lists and tables included; inside of
//! a paragraph or a cell it is about that paragraph or row. In a rule file it is about the rule or
//! the group behind it, or the rule that it stands in; in front matter, about the next key. A
//! comment without a why has no effect, and one that is not needed is an `unused-allow`, as is one
//! that is written in another way.

use super::checks::unused_allow;
use crate::diag::Diagnostic;
use crate::diag::suggest::distance;
use crate::markdown::{
    Block, BlockKind, Definition, Inline, InlineKind, for_each_text, walk_inlines,
};
use crate::rules::RuleFile;
use crate::runbook::Runbook;
use crate::source::{Source, Span};
use regex::{Captures, Regex};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// What every comment of this kind has in it; most files have none.
const MARK: &str = "allow(";

/// A comment.
#[derive(Debug)]
pub(super) struct Allow {
    /// The checks that it names, each with its place.
    names: Vec<(String, Span)>,
    /// The whole comment.
    span: Span,
    /// Whether it says why.
    has_why: bool,
    /// Whether it is written in another way, so that it has no effect.
    is_misspelt: bool,
    /// What it is about; none if nothing follows it.
    scope: Option<Span>,
}

/// Takes out the findings that are allowed by these comments. Gives what is left, and what is wrong
/// with the comments themselves; `was_run` says of a check whether it looked at the site at all.
pub(super) fn apply(
    allows: &[&Allow],
    found: Vec<Diagnostic>,
    was_run: impl Fn(&str) -> bool,
) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    if allows.is_empty() {
        return (found, Vec::new());
    }
    let mut by_file: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, allow) in allows.iter().enumerate() {
        by_file.entry(allow.span.source().path()).or_default().push(index);
    }
    let mut used: BTreeMap<usize, Vec<&'static str>> = BTreeMap::new();
    let mut kept = Vec::new();
    for diagnostic in found {
        let near = by_file.get(diagnostic.span.source().path()).map_or(&[][..], Vec::as_slice);
        let mut is_allowed = false;
        for index in near {
            if allows[*index].covers(&diagnostic) {
                used.entry(*index).or_default().push(diagnostic.check);
                is_allowed |= allows[*index].has_why;
            }
        }
        if !is_allowed {
            kept.push(diagnostic);
        }
    }
    let complaints = allows.iter().enumerate().flat_map(|(index, allow)| {
        let used = used.get(&index).map_or(&[][..], Vec::as_slice);
        allow.complaints(used, &was_run)
    });
    (kept, complaints.collect())
}

impl Allow {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let Some(scope) = &self.scope else { return false };
        let (scope, at) = (scope.range(), diagnostic.span.range().start);
        scope.start <= at
            && (at < scope.end || scope.is_empty())
            && self.names.iter().any(|(name, _)| name == diagnostic.check)
    }

    fn complaints(&self, used: &[&str], was_run: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        if let (true, Some((name, _))) = (self.is_misspelt, self.names.first()) {
            return vec![unused_allow::misspelt(&self.span, name)];
        }
        if self.names.is_empty() {
            return vec![unused_allow::without_check(&self.span)];
        }
        if !self.has_why {
            return vec![unused_allow::without_why(&self.span)];
        }
        let unused = self.names.iter().filter(|(name, _)| !used.contains(&name.as_str()));
        unused
            .filter_map(|(name, span)| match super::check_named(name) {
                None => unused_allow::unknown(name, span),
                Some(_) if was_run(name) => Some(unused_allow::unused(name, span)),
                Some(_) => None,
            })
            .collect()
    }
}

/// Reads a comment out of what a pattern found.
fn read(source: &Arc<Source>, start: usize, found: &Captures<'_>) -> Option<Allow> {
    let place = |range: Range<usize>| Span::new(source, start + range.start..start + range.end);
    let listed = found.name("checks")?;
    let mut names = Vec::new();
    let mut at = listed.start();
    for part in listed.as_str().split(',') {
        let name = part.trim();
        if !name.is_empty() {
            let lead = part.len() - part.trim_start().len();
            names.push((name.to_owned(), place(at + lead..at + lead + name.len())));
        }
        at += part.len() + 1;
    }
    Some(Allow {
        names,
        span: place(found.get(0)?.range()),
        has_why: found.name("why").is_some_and(|why| !why.as_str().trim().is_empty()),
        is_misspelt: false,
        scope: None,
    })
}

/// A comment in Markdown that looks like one of these: `<!-- ALLOW(x) -->`, `<!-- allow x: why -->`.
static MISSPELT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?s)(?<comment><!--\s*{LOOKALIKE}.*?-->)")).expect("a pattern")
});

/// The same in YAML.
static MISSPELT_IN_YAML: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(r"(?m)(?:^|[ \t])(?<comment>#[ \t]*{LOOKALIKE}[^\n]*)");
    Regex::new(&pattern).expect("a pattern")
});

/// A word, and a name that may be that of a check.
const LOOKALIKE: &str = r"(?:(?i)alertbook[-: ]+)?(?<word>[A-Za-z]{3,10})[ \t]*[(\[{: \t][ \t]*(?<check>[A-Za-z]+(?:[-_][A-Za-z]+)+)\b";

/// Reads a comment that looks like one of these out of what a pattern found; `known` are the bytes
/// at which those begin that are none of it.
fn read_misspelt(
    source: &Arc<Source>,
    start: usize,
    found: &Captures<'_>,
    known: &[usize],
) -> Option<Allow> {
    const OTHER_WORDS: [&str; 6] = ["ignore", "disable", "suppress", "skip", "permit", "noqa"];
    let (comment, check) = (found.name("comment")?, found.name("check")?);
    let word = found.name("word")?.as_str().to_lowercase();
    let name = check.as_str().to_lowercase().replace('_', "-");
    let is_meant = distance(&word, "allow") <= 2 || OTHER_WORDS.contains(&word.as_str());
    if !is_meant
        || super::check_named(&name).is_none()
        || known.contains(&(start + comment.start()))
    {
        return None;
    }
    let place = |range: Range<usize>| Span::new(source, start + range.start..start + range.end);
    let end = comment.start() + comment.as_str().trim_end().len();
    Some(Allow {
        names: vec![(name, place(check.range()))],
        span: place(comment.start()..end),
        has_why: false,
        is_misspelt: true,
        scope: None,
    })
}

/// The comments of a runbook.
pub(super) fn in_runbook(runbook: &Runbook) -> Vec<Allow> {
    let source = runbook.source();
    let mut found = in_front_matter(runbook);
    // Most pages have no comment at all, and nearly all others none that is one of these or meant to be.
    let has =
        |mark: &str| memchr::memmem::find(source.text().as_bytes(), mark.as_bytes()).is_some();
    if !has("<!--") || (!has(MARK) && !MISSPELT.is_match(source.text())) {
        return found;
    }
    let mut reading = Reading { source, found: Vec::new() };
    reading.blocks(&runbook.document().blocks);
    found.append(&mut reading.found);
    found
}

/// Goes over the blocks of a page and finds out what comments are about.
struct Reading<'r> {
    source: &'r Arc<Source>,
    found: Vec<Allow>,
}

impl Reading<'_> {
    /// Gives the comments, as indexes, behind which no block of this list came any more.
    fn blocks(&mut self, blocks: &[Block]) -> Vec<usize> {
        let mut waiting: Vec<usize> = Vec::new();
        for block in blocks {
            if let BlockKind::Html(_) = &block.kind {
                let comments = self.comments(&block.range);
                // What stands behind a comment in one block of HTML is its own next block.
                let rest = match comments.last() {
                    Some(last) => self.found[*last].span.range().end..block.range.end,
                    None => block.range.clone(),
                };
                let rest = self.source.text().get(rest).unwrap_or_default().trim();
                let is_all = rest.is_empty() || (rest.starts_with("<!--") && rest.ends_with("-->"));
                waiting.extend(comments);
                if is_all && !waiting.is_empty() {
                    continue;
                }
            }
            self.settle(&mut waiting, &block.range);
            waiting.extend(self.inside(block));
        }
        waiting
    }

    /// The comments are about these bytes.
    fn settle(&mut self, waiting: &mut Vec<usize>, range: &Range<usize>) {
        for index in waiting.drain(..) {
            self.found[index].scope = Some(Span::new(self.source, range.clone()));
        }
    }

    /// The comments inside of a block that the next one has to settle.
    fn inside(&mut self, block: &Block) -> Vec<usize> {
        match &block.kind {
            BlockKind::Quote(inner) | BlockKind::Footnote { blocks: inner, .. } => {
                self.blocks(inner)
            }
            BlockKind::List { items, .. } => {
                let mut waiting = Vec::new();
                for item in items {
                    self.settle(&mut waiting, &item.range);
                    waiting = self.blocks(&item.blocks);
                }
                waiting
            }
            BlockKind::DefinitionList(parts) => {
                let mut waiting = Vec::new();
                for part in parts {
                    if let Definition::Meaning(inner, _) = part {
                        waiting.extend(self.blocks(inner));
                    }
                }
                waiting
            }
            BlockKind::Table(table) => {
                for row in table.head.iter().chain(table.body_rows()) {
                    for cell in &row.cells {
                        self.running_text(&cell.content, &row.range);
                    }
                }
                Vec::new()
            }
            _ => {
                for_each_text(block, &mut |content| self.running_text(content, &block.range));
                Vec::new()
            }
        }
    }

    /// Comments in running text are about what holds it.
    fn running_text(&mut self, content: &[Inline], range: &Range<usize>) {
        walk_inlines(content, &mut |inline| {
            if let InlineKind::Html(_) = &inline.kind {
                let mut comments = self.comments(&inline.range);
                self.settle(&mut comments, range);
            }
        });
    }

    /// The comments in a range of the source.
    fn comments(&mut self, range: &Range<usize>) -> Vec<usize> {
        static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?s)<!--\s*allow\((?<checks>[^)]*)\)\s*(?::(?<why>.*?))?-->")
                .expect("a pattern")
        });
        let text = self.source.text().get(range.clone()).unwrap_or_default();
        let first = self.found.len();
        let comments = COMMENT.captures_iter(text);
        self.found.extend(comments.filter_map(|found| read(self.source, range.start, &found)));
        let known: Vec<usize> =
            self.found[first..].iter().map(|known| known.span.range().start).collect();
        let others = MISSPELT.captures_iter(text);
        let others = others.filter_map(|it| read_misspelt(self.source, range.start, &it, &known));
        self.found.extend(others);
        self.found[first..].sort_by_key(|allow| allow.span.range().start);
        (first..self.found.len()).collect()
    }
}

/// The comments of a YAML text.
fn in_yaml(source: &Arc<Source>, range: Range<usize>) -> Vec<Allow> {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?m)(?:^|[ \t])(?<comment>#[ \t]*allow\((?<checks>[^)\n]*)\)[ \t]*(?::(?<why>[^\n]*))?)";
        Regex::new(pattern).expect("a pattern")
    });
    let text = source.text().get(range.clone()).unwrap_or_default();
    let is_apart = |at: usize| text[..at].chars().next_back().is_none_or(char::is_whitespace);
    if !text.match_indices('#').any(|(at, _)| is_apart(at)) {
        return Vec::new();
    }
    // Patterns take long to be made, and comments stand in many files.
    let written = text.contains("allow(").then(|| COMMENT.captures_iter(text));
    let comments = written.into_iter().flatten().filter_map(|found| {
        let comment = found.name("comment")?;
        let end = comment.start() + comment.as_str().trim_end().len();
        let mut allow = read(source, range.start, &found)?;
        allow.span = Span::new(source, range.start + comment.start()..range.start + end);
        Some(allow)
    });
    let mut comments: Vec<Allow> = comments.collect();
    let known: Vec<usize> = comments.iter().map(|known| known.span.range().start).collect();
    let others = MISSPELT_IN_YAML.captures_iter(text);
    comments.extend(others.filter_map(|it| read_misspelt(source, range.start, &it, &known)));
    comments
}

fn in_front_matter(runbook: &Runbook) -> Vec<Allow> {
    // Front matter is read from the file itself, whatever templates make of the rest.
    let entries = runbook.front_matter.entries();
    let Some(file) = entries.first().map(|entry| entry.key.span.source()) else {
        return Vec::new();
    };
    let mut found = in_yaml(file, 0..runbook.front_matter.body());
    for allow in &mut found {
        let at = allow.span.range().start;
        let entry = entries.iter().find(|entry| entry.value.span.range().end > at);
        let whole =
            |entry: &crate::yaml::Entry| entry.key.span.range().start..entry.value.span.range().end;
        allow.scope = entry.map(|entry| Span::new(file, whole(entry)));
    }
    found
}

/// The comments of a rule file.
pub(super) fn in_rule_file(file: &RuleFile) -> Vec<Allow> {
    let source = &file.source;
    let mut found = in_yaml(source, 0..source.text().len());
    if found.is_empty() {
        return found;
    }
    // A file that can't be read has its finding, and nothing that a comment could be about.
    if file.groups.is_empty() {
        return Vec::new();
    }
    // Both a file's rules and the comments in it may be thousands, so the rules are searched by halves:
    // none stands inside of another.
    let mut rules: Vec<&Span> = file.rules().map(|rule| &rule.span).collect();
    rules.sort();
    let last_lines: Vec<usize> = rules.iter().map(|rule| rule.end().line).collect();
    let mut places: Vec<&Span> = file.groups.iter().map(|group| &group.span).collect();
    places.extend(&rules);
    places.sort();
    for allow in &mut found {
        let at = allow.span.range().start;
        let begins_before = |place: &&Span| place.range().start <= at;
        let rule = rules[..rules.partition_point(begins_before)].last();
        let rule = rule.filter(|rule| rule.range().contains(&at));
        // Behind the last word of a rule, on its line.
        let same_line = || {
            let line = allow.span.start().line;
            let first = last_lines.partition_point(|last| *last < line);
            rules.get(first).filter(|_| last_lines[first] == line)
        };
        let next = || places.get(places.partition_point(begins_before));
        allow.scope = rule.or_else(same_line).or_else(next).map(|place| (*place).clone());
    }
    found
}
