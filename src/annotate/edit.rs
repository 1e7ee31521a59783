//! Where an annotation is written in the YAML of a rule file, and how.
//!
//! Nothing but the annotation changes: a value is replaced in the quotes that it has, a new one is
//! written like those beside it. Rules are found by their places, so it makes no difference whether
//! they are in a plain file, an object, a list of objects or JSON.

mod braces;

use crate::rules::Rule;
use crate::source::{Source, Span};
use crate::yaml::{self, Entry, Node, Value};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The rules of a file as nodes.
pub struct Places {
    source: Arc<Source>,
    by_start: HashMap<usize, Node>,
}

/// A place in a file for an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    range: Range<usize>,
    /// What stands before the annotation's key, or its value if the key is there already.
    lead: String,
    /// What stands behind the value.
    tail: String,
    /// How the key is written; nothing if it is there already.
    key: Option<Quotes>,
    value: Quotes,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// As it is, where it means itself.
    None,
    Single,
    Double,
    /// In a block, where everything means itself.
    Block,
}

impl Places {
    /// The rules of a file that was read without a fault.
    pub fn new(source: &Arc<Source>) -> Self {
        let mut by_start = HashMap::new();
        for node in yaml::parse(source, 0..source.text().len()).unwrap_or_default() {
            gather(node, &mut by_start);
        }
        Self { source: Arc::clone(source), by_start }
    }

    /// The place of a rule's annotation. `None` where it can't be edited.
    pub fn of(&mut self, rule: &Rule, key: &str) -> Option<Place> {
        let node = self.by_start.get(&rule.span.range().start)?;
        let is_own = |span: &Span| contains(&rule.span, span);
        match entry(node, "annotations") {
            // What an alias or a merge key brings in stands elsewhere, and is edited there.
            Some(entry) if !is_own(&entry.value.span) => {
                Editor { text: self.source.text() }.annotation(entry, key)
            }
            Some(entry) => Editor { text: self.source.text() }.annotation_of(entry, key),
            None => Editor { text: self.source.text() }.annotations(node),
        }
    }
}

/// Every mapping of a tree that may be a rule, by the byte at which it begins.
fn gather(node: Node, by_start: &mut HashMap<usize, Node>) {
    if node.get("alert").is_some() {
        by_start.insert(node.span.range().start, node);
        return;
    }
    match node.value {
        Value::Sequence(items) => {
            for item in items {
                gather(item, by_start);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                gather(entry.value, by_start);
            }
        }
        _ => {}
    }
}

fn contains(outer: &Span, inner: &Span) -> bool {
    let (outer, inner) = (outer.range(), inner.range());
    outer.start <= inner.start && inner.end <= outer.end
}

/// The entry of a mapping that counts: the last one.
fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Entry> {
    node.entries().iter().rev().find(|entry| entry.name() == name)
}

impl Place {
    /// Where the edit begins.
    pub fn start(&self) -> usize {
        self.range.start
    }

    /// The range to replace, and what with.
    pub fn written(&self, key: &str, value: &str) -> (Range<usize>, String) {
        let mut text = self.lead.clone();
        if let Some(quotes) = self.key {
            text.push_str(&quotes.around(key));
            text.push_str(": ");
        }
        text.push_str(&self.value.around(value));
        text.push_str(&self.tail);
        (self.range.clone(), text)
    }
}

impl Quotes {
    /// How a scalar is written that stands there.
    fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'"') => Self::Double,
            Some(b'\'') => Self::Single,
            _ => Self::None,
        }
    }

    fn around(self, text: &str) -> String {
        match self {
            Self::Block => text.to_owned(),
            Self::None => yaml::scalar(text),
            Self::Single if !text.contains(char::is_control) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Self::Single | Self::Double => yaml::quoted(text),
        }
    }
}

struct Editor<'t> {
    text: &'t str,
}

impl Editor<'_> {
    /// In an `annotations` of the rule's own.
    fn annotation_of(&self, annotations: &Entry, key: &str) -> Option<Place> {
        if annotations.value.is_null() {
            return self.first_annotation(annotations);
        }
        self.annotation(annotations, key)
    }

    /// In a mapping of annotations.
    fn annotation(&self, annotations: &Entry, key: &str) -> Option<Place> {
        let mapping = &annotations.value;
        let Value::Mapping(entries) = &mapping.value else { return None };
        let is_flow = mapping.span.text().starts_with('{');
        // A value that an alias stands for is somewhere else.
        let own = entries
            .iter()
            .rev()
            .find(|entry| entry.name() == key && contains(&mapping.span, &entry.key.span));
        if let Some(entry) = own {
            let value = &entry.value.span;
            let is_here = value.range().is_empty() || contains(&mapping.span, value);
            return self.value_of(entry, is_flow).filter(|_| is_here);
        }
        let neighbours: Vec<&Entry> =
            entries.iter().filter(|entry| contains(&mapping.span, &entry.value.span)).collect();
        let Some(last) = neighbours.last() else {
            // `{}`; in JSON the word before it has quotes as well.
            let quotes = Quotes::of(annotations.key.span.text());
            return is_flow.then(|| self.first_in_braces(mapping, quotes));
        };
        let key_quotes = Quotes::of(last.key.span.text());
        if is_flow {
            return Some(self.behind_in_braces(last, key_quotes));
        }
        let values: Vec<Quotes> =
            neighbours.iter().map(|entry| Quotes::of(entry.value.span.text())).collect();
        // Plain beside plain; quoted only where all the others are.
        let value = match values.first() {
            Some(first) if values.iter().all(|it| it == first) => *first,
            _ => Quotes::None,
        };
        let indent = self.indent(last)?;
        if self.keeps_lines(last) {
            let first = neighbours.first()?;
            let start = first.key.span.range().start;
            let (lead, tail) = (String::new(), format!("\n{}", self.indent(first)?));
            return Some(Place { range: start..start, lead, tail, key: Some(key_quotes), value });
        }
        Some(self.behind_in_block(last, &indent, "", key_quotes, value))
    }

    /// In place of a value, also of one that is left out.
    fn value_of(&self, entry: &Entry, is_flow: bool) -> Option<Place> {
        let (key, range) = (entry.key.span.range(), entry.value.span.range());
        let in_place = |range, lead: &str, value| Place {
            range,
            lead: lead.to_owned(),
            tail: String::new(),
            key: None,
            value,
        };
        let plain = if is_flow { Quotes::Double } else { Quotes::None };
        if range.is_empty() {
            let rest = self.text.get(key.end..)?;
            let colon = key.end + rest.len() - rest.trim_start().len();
            let is_there = self.text.get(colon..)?.starts_with(':');
            let (at, lead) = if is_there { (colon + 1, " ") } else { (key.end, ": ") };
            return Some(in_place(at..at, lead, plain));
        }
        let between = self.text.get(key.end..range.start)?;
        // A block scalar begins with its indicator, on the line before its text.
        let is_block = between.contains(['|', '>']);
        let value = match Quotes::of(entry.value.span.text()) {
            _ if is_block => Quotes::Block,
            Quotes::None => plain,
            quotes => quotes,
        };
        Some(in_place(range, "", value))
    }

    /// In an `annotations` that says nothing yet.
    fn first_annotation(&self, annotations: &Entry) -> Option<Place> {
        let written = annotations.value.span.text();
        if !written.is_empty() {
            // `null`, `~`
            return Some(Place {
                range: annotations.value.span.range(),
                lead: "{".to_owned(),
                tail: "}".to_owned(),
                key: Some(Quotes::of(annotations.key.span.text())),
                value: Quotes::Double,
            });
        }
        let indent = self.indent(annotations)?;
        let end = self.line_end(annotations.key.span.range().end);
        Some(Place {
            range: end..end,
            lead: format!("\n{indent}  "),
            tail: String::new(),
            key: Some(Quotes::None),
            value: Quotes::None,
        })
    }

    /// A whole `annotations` in a rule without any.
    fn annotations(&self, rule: &Node) -> Option<Place> {
        let own = |entry: &&Entry| contains(&rule.span, &entry.value.span);
        let last = rule.entries().iter().rfind(own)?;
        let quotes = Quotes::of(last.key.span.text());
        let key = quotes.around("annotations");
        if rule.span.text().starts_with('{') {
            let place = self.behind_in_braces(last, quotes);
            let lead = format!("{}{key}: {{", place.lead);
            return Some(Place { lead, tail: format!("}}{}", place.tail), ..place });
        }
        if self.keeps_lines(last) {
            return None;
        }
        let indent = self.indent(last).or_else(|| self.indent(rule.entries().first()?))?;
        let lead = format!("{key}:\n{indent}  ");
        Some(self.behind_in_block(last, &indent, &lead, quotes, Quotes::None))
    }

    /// On a line of its own behind the last entry of a block mapping. `lead` stands before the key.
    fn behind_in_block(
        &self,
        last: &Entry,
        indent: &str,
        lead: &str,
        key: Quotes,
        value: Quotes,
    ) -> Place {
        let key = Some(key);
        let end = self.line_end(last.value.span.range().end.max(last.key.span.range().end));
        let lead = format!("\n{indent}{lead}");
        Place { range: end..end, lead, tail: String::new(), key, value }
    }

    /// Whether an entry ends with a block scalar (`|+`) that the lines behind it belong to.
    fn keeps_lines(&self, entry: &Entry) -> bool {
        if let Some(last) = entry.value.entries().last() {
            return self.keeps_lines(last);
        }
        let between = entry.key.span.range().end..entry.value.span.range().start;
        let between = self.text.get(between).unwrap_or_default();
        between.contains(['|', '>']) && between.contains('+')
    }

    /// The end of the line that a byte is in, before its line break.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The blanks that put another key below that of an entry, if it is the first on its line, a
    /// dash aside.
    fn indent(&self, entry: &Entry) -> Option<String> {
        let start = entry.key.span.range().start;
        let before = self.text.get(..start)?;
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let is_lead = line.chars().all(|character| matches!(character, ' ' | '-'));
        is_lead.then(|| " ".repeat(line.len()))
    }

    /// The same for an entry that has nothing but blanks before it.
    fn lone_indent(&self, entry: &Entry) -> Option<String> {
        let start = entry.key.span.range().start;
        let before = self.text.get(..start)?;
        let line = &before[before.rfind('\n')? + 1..];
        line.chars().all(|it| matches!(it, ' ' | '\t')).then(|| line.to_owned())
    }

    /// The blanks at the beginning of the line that an entry begins in.
    fn line_indent(&self, entry: &Entry) -> String {
        let before = self.text.get(..entry.key.span.range().start).unwrap_or_default();
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        line[..line.len() - line.trim_start().len()].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::fix::{self, Edit, Fix, Safety};
    use crate::rules::{Label, RuleFile, parse};
    use proptest::prelude::*;
    use proptest::sample::select;

    const KEY: &str = "runbook_url";
    const ADDRESS: &str = "https://r.example/a/?b={{ $labels.b | urlquery }}&c={{ $d }}#e";

    /// Ways to write the annotations of a rule in block style, four blanks in.
    const BLOCKS: [&str; 19] = [
        "",
        "    annotations:\n",
        "    annotations: # none yet\n",
        "    annotations: ~\n",
        "    annotations: {}\n",
        "    annotations: {summary: x} # why\n",
        "    annotations: {summary: x, runbook_url: old, z: y}\n",
        "    annotations:\n      summary: 'x' # why\n      runbook_url: 'old' # this\n",
        "    annotations:\n      runbook_url: \"old\"\n      summary: |+\n        x\n        y\n\n",
        "    annotations:\n      runbook_url: >-\n        old\n        older\n\n    # more\n",
        "    annotations:\n      # what\n      summary: |+\n        x\n\n",
        "    annotations: &a\n        runbook_url:   old   # this\n        z: \"y\"\n",
        "    annotations:\n      summary: |\n        x: y\n\n        z\n\n",
        "    annotations:\n      runbook_url: # to come\n      summary: x\n",
        "    annotations:\n      runbook_url: |\n        old\n      summary: x\n",
        "    annotations:\n      summary:\n",
        "    annotations: {summary: x, # why\n      }\n",
        "    annotations: {\n      summary: 'x' # why\n      # more\n      }\n",
        "    annotations: { # none yet\n      }\n",
    ];

    /// The same in braces.
    const FLOWS: [&str; 10] = [
        "",
        ", annotations: {}",
        ", annotations: {summary: \"x, y\"}",
        ", annotations: {runbook_url: old, summary: x}",
        ", annotations: {summary: x,\n      runbook_url: old\n      }",
        ", annotations: {runbook_url: , summary: x}",
        ", annotations: {summary: x, # why\n      }",
        ", annotations: {summary: x # why\n      }, # more\n      ",
        ", # why\n      ",
        " # why\n      ",
    ];

    fn file(text: &str) -> RuleFile {
        let (file, complaints) = parse(&Source::new("a.yaml", text));
        assert_eq!(complaints, [], "{text}");
        file
    }

    /// Everything that a file says, the annotation aside, and the annotation of each rule.
    fn said(file: &RuleFile) -> (String, Vec<Option<String>>) {
        let mut rest = String::new();
        let mut annotations = Vec::new();
        for rule in file.rules() {
            rest += &format!("{} {}", rule.name(), rule.expr);
            for Label { name, value } in rule.labels.iter().chain(rule.annotations()) {
                if name.as_str() != KEY {
                    rest += &format!("{name}={value:?}", value = value.as_str());
                }
            }
            annotations.push(rule.annotation(KEY).map(|text| text.as_str().trim().to_owned()));
        }
        (rest, annotations)
    }

    fn annotated(file: &RuleFile) -> String {
        let mut places = Places::new(&file.source);
        let fixes: Vec<Fix> = file
            .rules()
            .map(|rule| {
                let (range, text) = places.of(rule, KEY).unwrap().written(KEY, ADDRESS);
                Fix::new(Safety::Safe, [Edit::new(&file.source, range, text)]).unwrap()
            })
            .collect();
        let applied = fix::apply(file.source.text(), &fixes.iter().collect::<Vec<_>>());
        assert!(applied.taken.iter().all(|taken| *taken));
        applied.text
    }

    proptest! {
        #[test]
        fn nothing_but_the_annotation_changes(
            blocks in prop::collection::vec((select(&BLOCKS[..]), select(&FLOWS[..]), any::<bool>()), 1..4),
            is_windows in any::<bool>(),
            is_last_line_open in any::<bool>(),
        ) {
            let mut text = String::from("groups:\n- name: a\n  rules:\n");
            for (block, flow, annotations_first) in blocks {
                text += &format!("  - {{alert: A, expr: up{flow}}}\n");
                // An anchor would be there twice.
                let block = block.replace("&a", "");
                if annotations_first {
                    text += &format!("  - alert: B\n{block}    expr: |\n      up\n        == 0\n");
                } else {
                    text += &format!("  - expr: up # why\n    alert: B # what\n{block}");
                }
                text += "  # Behind the rule.\n\n";
            }
            if is_last_line_open {
                text.truncate(text.trim_end().len());
            }
            if is_windows {
                text = text.replace('\n', "\r\n");
            }
            let before = file(&text);
            let once = annotated(&before);
            let after = file(&once);
            prop_assert_eq!(said(&after).0, said(&before).0, "{}", once);
            prop_assert!(said(&after).1.iter().all(|it| it.as_deref() == Some(ADDRESS)), "{}", once);
            let comments = |text: &str| text.matches('#').count();
            prop_assert_eq!(comments(&once.replace(ADDRESS, "")), comments(&text), "{}", once);
            prop_assert_eq!(annotated(&after), once);
        }
    }
}
