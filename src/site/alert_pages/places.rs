//! Where pages lie: among pages of alerts that rules raise, in a folder of pages that are built and called
//! like those, whose alerts are all gone, or anywhere else.
//!
//! A folder may hold pages of services and tables as well, so only pages whose files are called as alerts
//! are say what kind of folder it is: where most of those are of other things, one may be of anything.

use super::super::Page;
use super::is_name;
use super::likeness::words;
use std::collections::HashMap;

/// Where a page lies, unless readers of another alert are sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Among pages of alerts that rules raise.
    Beside,
    /// In a folder of pages that are built like those, and called alike.
    Apart,
    /// Anywhere else.
    Elsewhere,
}

/// The folders of a site.
pub(super) struct Places<'p> {
    folders: HashMap<&'p str, Folder<'p>>,
    /// Whether the site has several pages of alerts that rules raise.
    has_pages: bool,
}

#[derive(Default)]
struct Folder<'p> {
    /// Pages of alerts that rules raise.
    known: usize,
    /// Pages that are built like those.
    alike: usize,
    /// Pages whose file is called as an alert is, these among them.
    named: usize,
    /// The first words of the names of those that are built alike: `etcd` of `etcdNoLeader`.
    families: HashMap<&'p str, usize>,
}

impl<'p> Places<'p> {
    /// `known` are the pages of alerts that rules raise, `alike` those that are built like them, and
    /// `others` all that are neither.
    pub(super) fn of(known: &[&'p Page], alike: &[&'p Page], others: &[&'p Page]) -> Self {
        let mut folders: HashMap<&str, Folder> = HashMap::new();
        for page in known {
            let folder = folders.entry(folder(page)).or_default();
            folder.known += 1;
            folder.named += 1;
        }
        for page in alike {
            let folder = folders.entry(folder(page)).or_default();
            folder.alike += 1;
            folder.named += 1;
            *folder.families.entry(family(page.stem())).or_default() += 1;
        }
        for page in others.iter().filter(|page| is_name(page.stem())) {
            folders.entry(folder(page)).or_default().named += 1;
        }
        Self { folders, has_pages: known.len() > 1 }
    }

    /// Where a page lies.
    pub(super) fn place(&self, page: &Page) -> Place {
        let Some(folder) = self.folders.get(folder(page)) else { return Place::Elsewhere };
        let is_mostly_of_alerts = (folder.known + folder.alike) * 2 >= folder.named;
        let has_family = || folder.families.get(family(page.stem())).is_some_and(|it| *it > 1);
        if folder.known > 0 && is_mostly_of_alerts {
            Place::Beside
        } else if self.has_pages && is_mostly_of_alerts && has_family() {
            Place::Apart
        } else {
            Place::Elsewhere
        }
    }
}

/// The folder of a page in the output.
fn folder(page: &Page) -> &str {
    page.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn family(name: &str) -> &str {
    words(name).first().copied().unwrap_or_default()
}
