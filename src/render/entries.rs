//! Entries of the navigation that pages share.
//!
//! All pages of a folder show nearly the same entries: but for its own branch, each has the same
//! titles and addresses. Such an entry is made once for a folder.

use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// For how many folders entries are kept. Pages are rendered folder by folder, by a few threads.
const MOST_FOLDERS: usize = 32;

/// Entries with nothing unfolded below them, as the pages of one folder show them, by their nodes.
#[derive(Default)]
pub(super) struct Closed {
    /// For templates of the site's own.
    pub entries: FxHashMap<usize, tera::Value>,
    /// As the theme shows them.
    pub html: FxHashMap<usize, String>,
}

/// Entries that were made for other pages.
#[derive(Default)]
pub(super) struct Entries {
    /// By folder, the one that was asked for last behind the others.
    folders: Mutex<VecDeque<(String, Arc<Mutex<Closed>>)>>,
}

impl Entries {
    /// Makes something of the entries that the pages of a folder share, and of more of them.
    pub fn in_folder<T>(&self, folder: &str, make: impl FnOnce(&mut Closed) -> T) -> T {
        let closed = self.folder(folder);
        let mut closed = closed.lock().unwrap_or_else(PoisonError::into_inner);
        make(&mut closed)
    }

    fn folder(&self, folder: &str) -> Arc<Mutex<Closed>> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let known = folders.iter().rposition(|(known, _)| known == folder);
        let known = known.and_then(|at| folders.remove(at));
        let (name, closed) = known.unwrap_or_else(|| (folder.to_owned(), Arc::default()));
        if folders.len() == MOST_FOLDERS {
            folders.pop_front();
        }
        folders.push_back((name, Arc::clone(&closed)));
        closed
    }
}
