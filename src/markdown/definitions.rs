//! What a document defines at one place and uses at another: addresses of links, footnotes,
//! abbreviations, attribute lists with a name.

use super::document::Attributes;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What blocks define and running text uses.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Where links lead, by label.
    pub links: HashMap<String, LinkDefinition>,
    /// The labels of footnotes.
    pub footnotes: HashSet<String>,
    /// What abbreviations stand for.
    pub abbreviations: Vec<(String, String)>,
    /// Attribute lists that have a name.
    pub attributes: HashMap<String, Attributes>,
}

/// What `[label]: address "title"` says.
#[derive(Debug)]
pub struct LinkDefinition {
    /// The address, as written.
    pub address: String,
    /// The bytes of the address in the source.
    pub range: Range<usize>,
    /// The title, if there is one.
    pub title: Option<String>,
}

impl Definitions {
    /// An attribute list with what the lists say that it refers to.
    pub fn resolved(&self, list: Attributes) -> Attributes {
        if list.references.iter().all(|name| !self.attributes.contains_key(name)) {
            return list;
        }
        let mut resolved = Attributes::default();
        for name in &list.references {
            if let Some(known) = self.attributes.get(name) {
                resolved.merge(known.clone());
            }
        }
        resolved.merge(list);
        resolved
    }
}

/// The label of a link as it is compared: case and white space don't count.
pub fn normalized_label(label: &str) -> String {
    let mut normalized = String::with_capacity(label.len());
    let mut in_space = false;
    for character in label.chars() {
        if character.is_ascii_whitespace() {
            if !in_space {
                normalized.push(' ');
            }
            in_space = true;
        } else {
            normalized.extend(character.to_lowercase());
            in_space = false;
        }
    }
    normalized
}
