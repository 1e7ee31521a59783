//! When the runbooks of a site were changed last. Only pages say it, so it is asked for when pages
//! are made, and not when a site is checked.

use crate::git::Repository;
use crate::memo::Key;
use crate::site::{LastChanges, Site};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The last changes that were asked for last.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownChanges(Arc<Mutex<Option<Known>>>);

/// Last changes, and of which commit and runbooks they are.
type Known = (Key, Arc<LastChanges>);

impl KnownChanges {
    /// Those of the site in a folder. Where there is no repository, nobody knows any.
    pub fn of(&self, folder: &Path, site: &Site) -> Arc<LastChanges> {
        let repository = Repository::of(folder);
        let Some((repository, head)) =
            repository.and_then(|it| it.head().map(|head| (it, head))).ok()
        else {
            return Arc::default();
        };
        let pages: Vec<_> = site.pages.iter().map(|page| page.runbook.source().path()).collect();
        let parts: Vec<_> = std::iter::once(&*head).chain(pages.iter().copied()).collect();
        let key = Key::of(&parts.iter().map(|part| part.as_bytes()).collect::<Vec<_>>());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, changes)) = &*known
            && *of == key
        {
            return Arc::clone(changes);
        }
        let content = &site.config.content.path;
        let changes = Arc::new(repository.last_changes(content, pages).unwrap_or_default());
        *known = Some((key, Arc::clone(&changes)));
        changes
    }
}
