//! The navigation as the template engine has it.
//!
//! All pages of a folder show nearly the same entries: but for its own branch, each has the same
//! titles and addresses. Such an entry is made once for a folder, and shared by its pages.

use super::views::{EntryView, NavigationView};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tera::{Map, Value};

/// For how many folders entries are kept. Pages are rendered folder by folder, by a few threads.
const MOST_FOLDERS: usize = 32;

/// Entries that were made for other pages.
#[derive(Default)]
pub(super) struct Entries {
    /// By folder, the one that was asked for last behind the others.
    folders: Mutex<VecDeque<(String, Arc<Mutex<Closed>>)>>,
}

/// Entries with nothing unfolded below them, by their addresses.
type Closed = FxHashMap<String, Value>;

impl Entries {
    /// The navigation of a page in a folder.
    pub fn navigation(&self, folder: &str, mut view: NavigationView) -> Value {
        let entries = std::mem::take(&mut view.entries);
        let closed = self.folder(folder);
        let mut closed = closed.lock().unwrap_or_else(PoisonError::into_inner);
        with(Value::from_serializable(&view), "entries", values(entries, &mut closed))
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

fn values(entries: Vec<EntryView>, closed: &mut Closed) -> Value {
    let values: Vec<Value> = entries.into_iter().map(|entry| value(entry, closed)).collect();
    Value::from(values)
}

fn value(mut entry: EntryView, closed: &mut Closed) -> Value {
    let is_shared = !entry.open && !entry.current && entry.children.is_empty();
    if let Some(href) = entry.href.as_deref().filter(|_| is_shared && entry.more.is_none()) {
        let known = closed.get(href).filter(|known| title(known) == Some(&entry.title));
        return known.cloned().unwrap_or_else(|| {
            let made = Value::from_serializable(&entry);
            closed.insert(href.to_owned(), made.clone());
            made
        });
    }
    let children = std::mem::take(&mut entry.children);
    with(Value::from_serializable(&entry), "children", values(children, closed))
}

fn title(entry: &Value) -> Option<&str> {
    entry.get_from_path("title")?.as_str()
}

/// A map in which a key has another value.
fn with(map: Value, key: &'static str, value: Value) -> Value {
    let mut map: Map = map.into_map().unwrap_or_default();
    map.insert(key.into(), value);
    Value::from(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::views::MoreView;

    fn entry(title: &str, children: Vec<EntryView>) -> EntryView {
        let (open, href) = (!children.is_empty(), Some(format!("{title}.html")));
        EntryView { title: title.to_owned(), href, current: false, open, children, more: None }
    }

    #[test]
    fn what_is_shared_is_what_each_page_would_make() {
        let entries = Entries::default();
        let own = || EntryView { current: true, ..entry("b", Vec::new()) };
        let more = || EntryView {
            more: Some(MoreView { count: 3, href: "c.html#all".to_owned() }),
            ..entry("c", Vec::new())
        };
        let retitled = || EntryView { title: "B".to_owned(), ..entry("b", Vec::new()) };
        let pages = [
            vec![entry("a", Vec::new()), entry("b", Vec::new()), more()],
            vec![entry("a", vec![entry("d", Vec::new()), own()]), entry("c", Vec::new())],
            vec![entry("a", Vec::new()), retitled(), own(), entry("d", Vec::new())],
        ];
        for (page, folder) in pages.iter().chain(&pages).zip(["x", "x", "x", "y", "x", "y"]) {
            let view = NavigationView { entries: page.clone(), ..NavigationView::default() };
            let whole = Value::from_serializable(&view);
            assert_eq!(entries.navigation(folder, view), whole);
        }
    }
}
