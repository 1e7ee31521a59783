//! What the reader of a page fills in.

use super::{Hole, Placeholders};
use crate::render::views::PlaceholderView;
use rustc_hash::FxHashMap;

/// The fields of a page, one for each key, in the order in which their holes come.
#[derive(Debug, Default)]
pub struct Fields {
    list: Vec<PlaceholderView>,
    by_key: FxHashMap<String, usize>,
}

impl Fields {
    /// Takes note of holes.
    pub fn add(&mut self, known: &Placeholders, holes: &[Hole]) {
        for hole in holes {
            if let Some(index) = self.by_key.get(&hole.key) {
                // `workerID` is nicer to read on a field than `WORKERID`.
                let field = &mut self.list[*index];
                field.is_secret |= hole.is_secret;
                field.is_of_command |= hole.is_of_command;
                let is_shout = |name: &str| !name.chars().any(char::is_lowercase);
                if is_shout(&field.name) && !is_shout(&hole.name) && field.pattern.is_none() {
                    field.name.clone_from(&hole.name);
                }
            } else {
                self.by_key.insert(hole.key.clone(), self.list.len());
                self.list.push(known.view(hole));
            }
        }
    }

    /// The fields.
    pub fn into_views(self) -> Vec<PlaceholderView> {
        self.list
    }
}
