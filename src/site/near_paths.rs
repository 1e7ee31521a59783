//! Which path was probably meant by one at which nothing stands.
//!
//! A site whose pages were moved has thousands of broken links, so what they are compared with is
//! put in order once, when the first of them asks.

use super::{Alerts, Site};
use crate::diag::suggest::{KnownNames, Spelling};
use crate::site::address::percent_decode;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// What paths are compared with, as soon as somebody asks.
#[derive(Debug, Clone, Default)]
pub(super) struct NearPaths {
    /// Pages, and files that are read as pages are.
    documents: OnceLock<Arc<NamedPaths>>,
    /// Images and downloads.
    others: OnceLock<Arc<NamedPaths>>,
    alerts: OnceLock<Arc<KnownNames<String>>>,
}

impl NearPaths {
    /// Forgets the alerts, where a page names others now. Pages and files are where they were.
    pub(super) fn forget_alerts(&mut self) {
        self.alerts = OnceLock::new();
    }
}

impl Site {
    /// The output path that was probably meant by one at which nothing stands: of a page or a file of
    /// the same kind, by its name; the folder decides between several. Never the page `from` that the
    /// link stands on. And whether nothing else could be meant as well.
    pub fn path_like(&self, path: &str, from: Option<&str>) -> Option<(String, bool)> {
        if let Some(folder) = path.strip_prefix("alerts/") {
            let name = percent_decode(folder.trim_end_matches("index.html").trim_end_matches('/'));
            let alerts = self.near_paths.alerts.get_or_init(|| Arc::new(names_of(&self.alerts)));
            let (near, is_only) = alerts.nearest(&name)?;
            return Some((self.alert_page(near), is_only));
        }
        let wanted = path.trim_end_matches('/');
        let paths =
            if is_document(wanted) { &self.near_paths.documents } else { &self.near_paths.others };
        let of_its_kind = |known: &&str| is_document(known) == is_document(wanted);
        let pages = self.pages.iter().map(|page| page.path.as_str());
        let known = || pages.chain(self.files.iter().map(String::as_str)).filter(of_its_kind);
        paths.get_or_init(|| Arc::new(NamedPaths::new(known()))).like(wanted, from)
    }
}

fn names_of(alerts: &Alerts) -> KnownNames<String> {
    KnownNames::new(alerts.keys().cloned())
}

/// Paths by their names.
#[derive(Debug)]
struct NamedPaths {
    paths: Vec<String>,
    /// The name of each.
    names: KnownNames<String>,
    by_name: HashMap<String, Vec<Spelling>>,
}

impl NamedPaths {
    fn new<'p>(known: impl Iterator<Item = &'p str>) -> Self {
        let paths: Vec<String> = known.map(str::to_owned).collect();
        let names = KnownNames::new(paths.iter().map(|path| stem(path).to_owned()));
        let mut by_name: HashMap<String, Vec<Spelling>> = HashMap::new();
        for path in &paths {
            by_name.entry(stem(path).to_owned()).or_default().push(Spelling::of(path.clone()));
        }
        Self { paths, names, by_name }
    }

    fn like(&self, wanted: &str, from: Option<&str>) -> Option<(String, bool)> {
        // Whatever else is called like the page that the link stands on may be meant.
        let is_own = |known: &str| from == Some(known);
        let (near, is_only) = self.names.nearest_but(stem(wanted), |at| is_own(&self.paths[at]))?;
        let named = self.by_name.get(stem(&self.paths[near]))?;
        let named = named.iter().filter(|known| !is_own(known.as_str()));
        // A start page is like any other by its name.
        let wanted = Spelling::of(wanted.to_owned());
        let mut nearest: Option<(usize, &str)> = None;
        let mut is_nearest = true;
        for known in named {
            let least = nearest.map_or(usize::MAX, |(least, _)| least);
            match known.distance_within(&wanted, least) {
                Some(distance) if distance < least => {
                    (nearest, is_nearest) = (Some((distance, known.as_str())), true);
                }
                Some(_) => is_nearest = false,
                None => {}
            }
        }
        nearest.map(|(_, known)| (known.to_owned(), is_only && is_nearest))
    }
}

/// Whether a path is one of something to be read, and not of an image or a download.
fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_none_or(|ending| matches!(ending, "html" | "htm" | "md"))
}

/// The last part of a path without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_itself_is_never_meant_and_others_of_its_name_are() {
        for (known, wanted, from, meant) in [
            (vec!["disk.html"], "disc.html", "disk.html", None),
            (vec!["disk.html"], "disc.html", "other.html", Some(("disk.html", true))),
            // An image may be called like the page.
            (vec!["disk.png"], "dsk.png", "disk.html", Some(("disk.png", true))),
            (vec!["disk.png", "disz.png"], "disx.png", "disk.html", Some(("disk.png", false))),
            // Of two that are as near the first is meant, but for the page.
            (
                vec!["a/disk1.html", "b/disk2.html", "c/disk1.html"],
                "a/disk3.html",
                "a/disk1.html",
                Some(("b/disk2.html", false)),
            ),
            // The page and a file have one address.
            (
                vec!["diskfill.html", "diskfull.html", "diskfull.html"],
                "diskfulx.html",
                "diskfull.html",
                Some(("diskfill.html", true)),
            ),
            // The folder decides between those of one name.
            (
                vec!["a/disk.html", "b/disk.html"],
                "b/c/disk.html",
                "x.html",
                Some(("b/disk.html", true)),
            ),
        ] {
            let found = NamedPaths::new(known.iter().copied()).like(wanted, Some(from));
            let found = found.as_ref().map(|(path, is_clear)| (path.as_str(), *is_clear));
            assert_eq!(found, meant, "{known:?} {wanted}");
        }
    }
}
