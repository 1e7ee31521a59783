//! `site.data`: the data files of a site as one tree.
//!
//! A folder is a level, a file is a level under its name without the ending, and its mappings are
//! the levels below. Names are those that Jekyll makes (`sanitize_filename` in its
//! `data_reader.rb`): spaces are `_`, and other characters which a path can't have are left out.

use super::expression::Key;
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use crate::yaml::{self, Node, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the check for paths to data that do not exist.
pub const UNKNOWN_DATA: &str = "unknown-data";

/// The endings of files that hold data.
pub const DATA_ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The data files of a site, parsed.
#[derive(Debug, Clone, Default)]
pub struct Data {
    top: Level,
}

/// A folder, a file, or both under one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    below: BTreeMap<String, Level>,
    file: Option<File>,
}

#[derive(Debug, Clone)]
enum File {
    Read(Node),
    /// Nobody can say what is in it.
    Unreadable,
}

impl Data {
    /// Parses data files, each with its path below the data folder; of files that have the same
    /// name but for the ending, the last counts. A file that can't be read is said, and whatever is
    /// asked of it later is taken to be there.
    pub fn parse(files: &[(String, Arc<Source>)]) -> (Self, Vec<Diagnostic>) {
        let mut data = Self::default();
        let mut diagnostics = Vec::new();
        for (path, source) in files {
            let stem = DATA_ENDINGS.iter().find_map(|ending| path.strip_suffix(ending));
            let mut level = &mut data.top;
            for name in stem.unwrap_or(path).split('/') {
                level = level.below.entry(level_name(name)).or_default();
            }
            level.file = Some(match yaml::parse(source, 0..source.text().len()) {
                // Jekyll reads the first document, and an empty file as nothing.
                Ok(documents) => match documents.into_iter().next() {
                    Some(node) => File::Read(node),
                    None => continue,
                },
                Err(error) => {
                    let message = format!("this data file can't be read: {}", error.message);
                    diagnostics.push(Diagnostic::new(UNKNOWN_DATA, error.span, message));
                    File::Unreadable
                }
            });
        }
        (data, diagnostics)
    }

    /// Where every path begins.
    pub(super) fn top(&self) -> Place<'_> {
        Place::Level(&self.top)
    }
}

fn level_name(file: &str) -> String {
    let kept = |character: &char| {
        character.is_alphanumeric() || character.is_whitespace() || matches!(character, '_' | '-')
    };
    let kept: String = file.chars().filter(kept).collect();
    kept.split_whitespace().collect::<Vec<_>>().join("_")
}

/// Somewhere in a tree of data.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'d> {
    /// A folder or file of the data folder.
    Level(&'d Level),
    /// Something in a file.
    Node(&'d Node),
    /// How many items or keys there are: Liquid's `size`.
    Size(usize),
}

/// Where a step leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'d> {
    To(Place<'d>),
    /// There is no such name or item.
    Nowhere,
    /// Below a file that can't be read.
    Unreadable,
}

impl<'d> Place<'d> {
    /// The place that a key of a path leads to.
    pub fn step(self, key: &Key) -> Step<'d> {
        match (self, key) {
            (Self::Level(level), Key::Name(name)) => match (level.below.get(name), &level.file) {
                (Some(below), _) => Step::To(Self::enter(below)),
                (None, Some(File::Read(node))) => Self::Node(node).step(key),
                (None, Some(File::Unreadable)) => Step::Unreadable,
                (None, None) => Step::Nowhere,
            },
            (Self::Node(node), key) => {
                let found = match (&node.value, key) {
                    (Value::Mapping(entries), Key::Name(name)) => match node.get(name) {
                        None if name == "size" => return Step::To(Self::Size(entries.len())),
                        found => found,
                    },
                    (Value::Sequence(items), Key::Name(name)) => match name.as_str() {
                        "size" => return Step::To(Self::Size(items.len())),
                        "first" => items.first(),
                        "last" => items.last(),
                        _ => None,
                    },
                    (Value::Sequence(items), Key::Index(index)) => {
                        let back = || items.len().checked_sub(usize::try_from(-index).ok()?);
                        usize::try_from(*index).ok().or_else(back).and_then(|at| items.get(at))
                    }
                    _ => None,
                };
                found.map_or(Step::Nowhere, |node| Step::To(Self::Node(node)))
            }
            (Self::Level(_) | Self::Size(_), _) => Step::Nowhere,
        }
    }

    /// A level, or the file that is all there is to it.
    fn enter(level: &'d Level) -> Self {
        match &level.file {
            Some(File::Read(node)) if level.below.is_empty() => Self::Node(node),
            _ => Self::Level(level),
        }
    }

    /// What is put into a page: a scalar as it is written, nothing for nothing, the items of a list
    /// one behind the other, as Jekyll does. None for what has names below it.
    pub fn text(self) -> Option<String> {
        let mut text = String::new();
        match self {
            Self::Level(_) => return None,
            Self::Size(size) => text = size.to_string(),
            Self::Node(node) => write_text(node, &mut text)?,
        }
        Some(text)
    }

    /// The names that can follow, in order.
    pub fn names(self) -> Vec<&'d str> {
        let entries = |node: &'d Node| node.entries().iter().map(yaml::Entry::name);
        match self {
            Self::Level(level) => {
                let mut names: Vec<&str> = level.below.keys().map(String::as_str).collect();
                if let Some(File::Read(node)) = &level.file {
                    names.extend(entries(node));
                }
                names
            }
            Self::Node(node) => entries(node).collect(),
            Self::Size(_) => Vec::new(),
        }
    }

    /// The items of a list.
    pub fn items(self) -> &'d [Node] {
        match self {
            Self::Node(node) => node.items(),
            Self::Level(_) | Self::Size(_) => &[],
        }
    }

    /// Where a name that can follow is written, if it is in a file.
    pub fn name_span(self, name: &str) -> Option<&'d Span> {
        let node = match self {
            Self::Node(node) => node,
            Self::Level(Level { below, file: Some(File::Read(node)) })
                if !below.contains_key(name) =>
            {
                node
            }
            Self::Level(_) | Self::Size(_) => return None,
        };
        let mut entries = node.entries().iter().rev();
        entries.find(|entry| entry.name() == name).map(|entry| &entry.key.span)
    }

    /// What it is, as a person would say it: `a text`, `a mapping`, `a folder`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Level(_) => "a folder",
            Self::Node(node) => node.kind(),
            Self::Size(_) => "a number",
        }
    }

    /// The path of the file that it is in.
    pub fn file(self) -> Option<&'d str> {
        match self {
            Self::Node(node) => Some(node.span.source().path()),
            Self::Level(_) | Self::Size(_) => None,
        }
    }
}

/// Recursion is bounded by how deep a YAML document may be.
fn write_text(node: &Node, text: &mut String) -> Option<()> {
    match &node.value {
        Value::Null => Some(()),
        Value::Sequence(items) => items.iter().try_for_each(|item| write_text(item, text)),
        _ => {
            text.push_str(node.as_str()?);
            Some(())
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::expression::{self, Operand};
    use super::*;

    pub const TEAMS: &str = "\
armada-deploy: &deploy
  comm:
    name: '#armada-deploy'
    url: https://chat.example.com/armada-deploy
  on-call: [Ada, Grace]
  pager: 0815
  room:
armada-ops:
  <<: *deploy
  comm: {name: '#armada-ops'}
";

    pub fn data(files: &[(&str, &str)]) -> (Data, Vec<Diagnostic>) {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Source::new(format!("_data/{path}"), *text)))
            .collect();
        Data::parse(&files)
    }

    /// What stands at a path; the kind of what is no text; nothing where nothing is.
    fn look(data: &Data, path: &str) -> Option<String> {
        let Some(Operand::Path(path)) = expression::parse(path, 0).map(|found| found.value) else {
            panic!("{path}")
        };
        let mut place = data.top();
        for segment in path {
            match place.step(&segment.key) {
                Step::To(next) => place = next,
                Step::Nowhere => return None,
                Step::Unreadable => return Some("unreadable".to_owned()),
            }
        }
        Some(place.text().unwrap_or_else(|| place.kind().to_owned()))
    }

    #[test]
    fn folders_files_and_keys_are_levels() {
        let (data, diagnostics) = data(&[
            ("teams.yaml", TEAMS),
            ("teams/armada-lab.yml", "comm: {name: '#lab'}\n"),
            ("regions.json", "{\n\t\"eu\": {\"de\": [\"fra02\", \"ber\\u0031\"]},\n\t\"n\":1.50}"),
            ("on call (new).yaml", "a: 1\n---\nb: 2\n"),
            ("broken.yaml", "a: b: c\n"),
            ("broken/fine.yaml", "a: 1\n"),
            ("empty.yaml", ""),
        ]);
        for (path, expected) in [
            ("teams.armada-deploy.comm.name", Some("#armada-deploy")),
            ("teams['armada-ops'].comm.name", Some("#armada-ops")),
            ("teams.armada-ops.pager", Some("0815")),
            ("teams.armada-lab.comm.name", Some("#lab")),
            ("teams.armada-deploy.room", Some("")),
            ("teams.armada-deploy.room.x", None),
            ("teams.armada-deploy.on-call", Some("AdaGrace")),
            ("teams.armada-deploy.on-call[1]", Some("Grace")),
            ("teams.armada-deploy.on-call[-2]", Some("Ada")),
            ("teams.armada-deploy.on-call[-3]", None),
            ("teams.armada-deploy.on-call.last", Some("Grace")),
            ("teams.armada-deploy.on-call.size", Some("2")),
            ("teams.armada-deploy.on-call.length", None),
            ("teams.armada-deploy", Some("a mapping")),
            ("teams", Some("a folder")),
            ("regions.eu.de[1]", Some("ber1")),
            ("regions.n", Some("1.50")),
            ("on_call_new.a", Some("1")),
            ("on_call_new.b", None),
            ("broken.a", Some("unreadable")),
            ("broken.fine.a", Some("1")),
            ("empty.a", None),
            ("team", None),
        ] {
            assert_eq!(look(&data, path).as_deref(), expected, "{path}");
        }
        let [broken] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
        assert_eq!(broken.span.source().path(), "_data/broken.yaml");
        assert!(broken.message.starts_with("this data file can't be read: a `:` "), "{broken:?}");
    }
}
