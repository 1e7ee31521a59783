//! Where an address leads: a page, a file, an alert, or nowhere.

use super::address::{self, AlertFolders, page_path, percent_decode};
use super::{Alerts, Page, Site};
use crate::rules::Rule;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What stands at an output path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A page, as an index.
    Page(usize),
    /// An older address of these pages.
    Alias(Vec<usize>),
    /// An alert's own page.
    Alert(String),
    /// A file that is copied as it is.
    File,
    /// A page made by the generator: see [`address::LISTINGS`].
    Generated,
}

/// Where an address of a page leads, in the words of the site and of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved<'s, 'u> {
    /// Out of the site, to a mail program, or where a template says: nothing to check here.
    External,
    /// To a file of the site.
    Internal {
        /// Its output path.
        path: &'s str,
        /// What stands there.
        destination: &'s Destination,
        /// The query string as written, without `?`.
        query: Option<Cow<'u, str>>,
        /// The fragment, decoded, without `#`.
        fragment: Option<Cow<'u, str>>,
    },
    /// Into the site, where nothing stands.
    Missing {
        /// The output path that was asked for.
        path: String,
    },
}

impl<'s> Resolved<'s, '_> {
    /// The same, for longer than the address is there.
    pub fn into_owned(self) -> Resolved<'s, 'static> {
        let owned = |part: Cow<'_, str>| Cow::Owned(part.into_owned());
        match self {
            Self::External => Resolved::External,
            Self::Internal { path, destination, query, fragment } => {
                let (query, fragment) = (query.map(owned), fragment.map(owned));
                Resolved::Internal { path, destination, query, fragment }
            }
            Self::Missing { path } => Resolved::Missing { path },
        }
    }
}

/// Registers everything but the alerts' pages.
pub(super) fn register_pages(site: &mut Site) {
    let mut addresses =
        FxHashMap::with_capacity_and_hasher(site.files.len() + 2 * site.pages.len(), FxBuildHasher);
    for generated in address::LISTINGS {
        addresses.insert(generated.to_owned(), Destination::Generated);
    }
    for file in site.files.iter() {
        addresses.insert(file.clone(), Destination::File);
    }
    addresses.insert(address::MANIFEST.to_owned(), Destination::Generated);
    for (index, page) in site.pages.iter().enumerate() {
        addresses.insert(page.path.clone(), Destination::Page(index));
    }
    let on_page = |(index, page): (usize, &Arc<Page>)| -> Vec<(usize, String)> {
        let paths = older_addresses(page).filter_map(|link| alias_path(site, &link));
        paths.map(|path| (index, path)).collect()
    };
    let pages = site.pages.par_iter().enumerate();
    let aliases: Vec<(usize, String)> = pages.flat_map_iter(on_page).collect();
    for (index, alias) in aliases {
        match addresses.get_mut(&alias) {
            None => {
                addresses.insert(alias.clone(), Destination::Alias(vec![index]));
            }
            Some(Destination::Alias(pages)) if pages.last() == Some(&index) => continue,
            Some(Destination::Alias(pages)) => pages.push(index),
            // The address is taken.
            Some(_) => continue,
        }
        Arc::make_mut(&mut site.pages[index]).aliases.push(alias);
    }
    site.addresses = Arc::new(addresses);
}

/// Gives pages the addresses at which rules look for them, where those differ by case alone: Hugo
/// publishes `KubePodCrashLooping.md` as `kubepodcrashlooping/`, and there the rules of
/// kube-prometheus send people.
pub(super) fn register_addresses_of_rules(site: &mut Site) {
    let missing = |rule: &Rule| {
        let (_, url) = site.runbook_annotation(rule)?;
        let path = url.as_str().split(['?', '#']).next().unwrap_or_default();
        if path.contains("{{") || !path.contains('/') {
            return None;
        }
        match site.resolve("", path) {
            Resolved::Missing { path } => Some(path),
            Resolved::External | Resolved::Internal { .. } => None,
        }
    };
    let files = site.rule_files.par_iter();
    let missing: Vec<String> = files.flat_map_iter(|it| it.rules().filter_map(missing)).collect();
    let mut by_name: Option<HashMap<String, Option<usize>>> = None;
    let mut found: Vec<(usize, String)> = Vec::new();
    for path in missing {
        // A file whose name differs by case alone would be the same one on many machines.
        let name = path.strip_suffix("/index.html").unwrap_or(path.trim_end_matches('/'));
        let by_name = by_name.get_or_insert_with(|| pages_by_lower_name(site));
        if let Some(Some(page)) = by_name.get(&name.to_lowercase())
            && !name.ends_with(".html")
        {
            found.push((*page, format!("{name}/index.html")));
        }
    }
    for (page, alias) in found {
        if site.addresses.contains_key(&alias) {
            continue;
        }
        Arc::make_mut(&mut site.addresses).insert(alias.clone(), Destination::Alias(vec![page]));
        Arc::make_mut(&mut site.pages[page]).aliases.push(alias);
    }
}

/// The pages by their paths without ending, in lower case; none where two pages have one.
fn pages_by_lower_name(site: &Site) -> HashMap<String, Option<usize>> {
    let mut by_name = HashMap::new();
    for (index, page) in site.pages.iter().enumerate() {
        let name = page.path.strip_suffix(".html").unwrap_or(&page.path);
        let name = name.strip_suffix("/index").unwrap_or(name).to_lowercase();
        by_name.entry(name).and_modify(|one| *one = None).or_insert(Some(index));
    }
    by_name
}

/// The addresses at which a page was to be found before, as its front matter has them: `link`,
/// Jekyll's `permalink`, and `redirect_from`, a text or a list, of the plug-in jekyll-redirect-from.
pub(super) fn older_addresses(page: &Page) -> impl Iterator<Item = String> {
    let redirected = page.runbook.front_matter.texts("redirect_from").into_iter();
    let redirected = redirected.map(|text| text.as_str().trim().to_owned());
    let permalink = page.front_matter("permalink").filter(|permalink| is_one_address(permalink));
    let links = page.front_matter("link").into_iter().chain(permalink).map(str::to_owned);
    links.chain(redirected).filter(|link| !link.is_empty())
}

/// Whether a `permalink` is an address: it may be the name of a style as well, or have placeholders,
/// `/:categories/:title/`.
fn is_one_address(permalink: &str) -> bool {
    const STYLES: [&str; 5] = ["pretty", "date", "ordinal", "weekdate", "none"];
    let has_placeholder = permalink.split('/').any(|part| part.contains(':'));
    !STYLES.contains(&permalink) && (!has_placeholder || has_scheme(permalink))
}

/// The output path that an older address stands for.
fn alias_path(site: &Site, link: &str) -> Option<String> {
    let local = match site.internal_part(link) {
        Some(local) => local,
        None if has_scheme(link) => return None,
        None => link,
    };
    let local = local.split(['?', '#']).next().unwrap_or_default();
    let path = normalize("", &percent_decode(local.trim_start_matches('/')))?;
    Some(match path.rsplit('/').next() {
        Some("") => format!("{path}index.html"),
        Some(name) if name.contains('.') => path,
        _ => format!("{path}/index.html"),
    })
}

/// Where the pages of alerts stand.
pub(super) struct PagesOfAlerts {
    folders: AlertFolders,
    addresses: FxHashMap<String, Destination>,
    /// The pages that had such an address as an alias, with the alias.
    yielding: Vec<(usize, String)>,
}

impl PagesOfAlerts {
    /// Those of these alerts: every alert has one, unless a page or file of an author stands there. An
    /// alias yields.
    pub(super) fn of(site: &Site, alerts: &Alerts) -> Self {
        let folders = AlertFolders::new(alerts.keys().map(String::as_str));
        let mut addresses = FxHashMap::with_capacity_and_hasher(alerts.len(), FxBuildHasher);
        let mut yielding = Vec::new();
        let pages = alerts.par_iter().map(|(name, _)| (folders.page(name), name.clone()));
        for (path, name) in pages.collect::<Vec<_>>() {
            match site.addresses.get(&path) {
                None => {}
                Some(Destination::Alias(pages)) => {
                    yielding.extend(pages.iter().map(|page| (*page, path.clone())));
                }
                Some(_) => continue,
            }
            addresses.insert(path, Destination::Alert(name));
        }
        Self { folders, addresses, yielding }
    }

    /// Gives the alerts of a site these pages.
    pub(super) fn register(self, site: &mut Site) {
        site.folders = Arc::new(self.folders);
        site.addresses_of_alerts = Arc::new(self.addresses);
        for (page, path) in self.yielding {
            Arc::make_mut(&mut site.pages[page]).aliases.retain(|alias| *alias != path);
        }
    }
}

/// Whether alerts of other names may take other addresses from pages.
pub(super) fn may_yield_to_alerts(site: &Site) -> bool {
    let mut addresses = site.addresses.iter();
    addresses.any(|(path, it)| path.starts_with(ALERTS) && matches!(it, Destination::Alias(_)))
}

/// The folder with the pages of all alerts.
const ALERTS: &str = "alerts/";

impl Site {
    /// What stands at an output path.
    pub fn at(&self, path: &str) -> Option<&Destination> {
        self.at_entry(path).map(|(_, destination)| destination)
    }

    /// What stands at an output path, with the path as the site keeps it.
    pub fn at_entry(&self, path: &str) -> Option<(&str, &Destination)> {
        let known = self.addresses.get_key_value(path);
        let of_alert = || self.addresses_of_alerts.get_key_value(path);
        let at = match known {
            None if path.starts_with(ALERTS) => of_alert(),
            Some((_, Destination::Alias(_))) if path.starts_with(ALERTS) => of_alert().or(known),
            known => known,
        };
        at.map(|(path, destination)| (path.as_str(), destination))
    }

    /// Where an address leads that stands on the page at the output path `from`.
    pub fn resolve<'u>(&self, from: &str, url: &'u str) -> Resolved<'_, 'u> {
        let url = url.trim();
        match self.resolve_own(url) {
            Some(resolved) => resolved,
            None if has_scheme(url) || url.starts_with("//") => Resolved::External,
            None if url.starts_with('/') => self.resolve_absolute(url),
            None => self.resolve_local(from, url),
        }
    }

    /// Where one of the site's own web addresses leads; `None` if it is none.
    pub fn resolve_own<'u>(&self, url: &'u str) -> Option<Resolved<'_, 'u>> {
        self.internal_part(url).map(|local| self.resolve_local("", local))
    }

    /// Where an absolute path leads: below the path of the base address, from the top of the site, or
    /// below the path of another host that it is published at.
    fn resolve_absolute<'u>(&self, path: &'u str) -> Resolved<'_, 'u> {
        let below = |base: &String| below_path_of(base, path);
        let own = self.config.base_url.as_ref().and_then(below);
        let found = self.resolve_local("", own.unwrap_or_else(|| path.trim_start_matches('/')));
        if !matches!(found, Resolved::Missing { .. }) {
            return found;
        }
        let mut others = self.config.hosts.iter().filter_map(below);
        let others = others.find_map(|local| match self.resolve_local("", local) {
            Resolved::Missing { .. } => None,
            other => Some(other),
        });
        others.unwrap_or(found)
    }

    /// Where an address leads that is relative to the file at `from`.
    fn resolve_local<'u>(&self, from: &str, local: &'u str) -> Resolved<'_, 'u> {
        let (local, fragment) = match local.split_once('#') {
            Some((local, fragment)) => (local, Some(percent_decode(fragment))),
            None => (local, None),
        };
        let (path, query) = match local.split_once('?') {
            Some((path, query)) => (path, Some(Cow::Borrowed(query))),
            None => (local, None),
        };
        // Where a template that nobody fills in leads is not known; what it is has a check of its own.
        if path.contains('{') && (path.contains("{{") || path.contains("{%")) {
            return Resolved::External;
        }
        let wanted = if path.is_empty() && !from.is_empty() {
            Some(Cow::Borrowed(from))
        } else {
            normalize(from, &percent_decode(path)).map(Cow::Owned)
        };
        // An address that climbs above the root leaves the site.
        let Some(wanted) = wanted else {
            return Resolved::Missing { path: path.to_owned() };
        };
        match self.look_up(&wanted) {
            Some((path, destination)) => Resolved::Internal { path, destination, query, fragment },
            None => Resolved::Missing { path: wanted.into_owned() },
        }
    }

    /// What stands at a path as people write them: with `.html`, `.md`, without an ending, or as
    /// a folder.
    fn look_up(&self, path: &str) -> Option<(&str, &Destination)> {
        // Most are written as they are.
        let as_written = self.at_entry(path);
        if as_written.is_some() {
            return as_written;
        }
        if path.is_empty() || path.ends_with('/') {
            let bare = path.trim_end_matches('/');
            self.at_entry(&format!("{path}index.html"))
                .or_else(|| (!bare.is_empty()).then(|| self.at_entry(&format!("{bare}.html")))?)
        } else {
            (path.ends_with(".md").then(|| self.at_entry(&page_path(path))).flatten())
                .or_else(|| self.at_entry(&format!("{path}.html")))
                .or_else(|| self.at_entry(&format!("{path}/index.html")))
        }
    }

    /// Whether a link to a fragment of what stands there lands. `None` where nobody can tell.
    pub fn has_anchor(&self, destination: &Destination, fragment: &str) -> Option<bool> {
        // What follows is a directive for the browser, such as `:~:text=…`, and no part of an id:
        // <https://wicg.github.io/scroll-to-text-fragment/>.
        let directive = memchr::memmem::find(fragment.as_bytes(), b":~:");
        let fragment = &fragment[..directive.unwrap_or(fragment.len())];
        if fragment.is_empty() || fragment.eq_ignore_ascii_case("top") {
            return Some(true);
        }
        let pages = self.landing_pages(destination);
        let has_anchor = |page: &usize| {
            self.pages[*page].runbook.anchors.contains(fragment) || self.has_row(*page, fragment)
        };
        (!pages.is_empty()).then(|| pages.iter().any(has_anchor))
    }

    /// The pages that a reader may land on at a destination, as indexes: none where no runbook is.
    pub fn landing_pages<'s>(&'s self, destination: &'s Destination) -> &'s [usize] {
        match destination {
            Destination::Page(page) => std::slice::from_ref(page),
            Destination::Alias(pages) => pages,
            Destination::Alert(name) => {
                let start = self.alerts.get(name).and_then(|alert| alert.start.as_ref());
                start.map_or(&[], |start| std::slice::from_ref(&start.page))
            }
            Destination::File | Destination::Generated => &[],
        }
    }

    /// The part of a full address behind this site's base or another host it is published at.
    pub fn internal_part<'u>(&self, url: &'u str) -> Option<&'u str> {
        let (host, path) = web_address(url)?;
        let bases = self.config.base_url.iter().chain(&self.config.hosts);
        bases
            .filter_map(|base| {
                let (base_host, base_path) = web_address(base)?;
                let base_path = base_path.trim_end_matches('/');
                let front = path.get(..base_path.len())?;
                let rest = &path[base_path.len()..];
                let whole = rest.is_empty() || rest.starts_with(['/', '?', '#']);
                let is_below =
                    host.eq_ignore_ascii_case(base_host) && front.eq_ignore_ascii_case(base_path);
                (is_below && whole).then(|| rest.trim_start_matches('/'))
            })
            .min_by_key(|rest| rest.len())
    }

    /// The path of the base address, with `/` on both ends.
    pub fn base_path(&self) -> String {
        let base = self.config.base_url.as_deref().unwrap_or_default();
        let path = base.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        match path.map(|(_, path)| path.trim_matches('/')) {
            Some(path) if !path.is_empty() => format!("/{path}/"),
            _ => "/".to_owned(),
        }
    }
}

/// An absolute path without the path of a site's address; `None` if it is not below it.
fn below_path_of<'u>(base: &str, path: &'u str) -> Option<&'u str> {
    let base = base.split_once("://")?.1;
    let base = base.find('/').map_or("", |slash| base[slash..].trim_end_matches('/'));
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then(|| rest.trim_start_matches('/'))
}

/// The host of a web address, without the port that is meant anyway, and what stands behind it. The
/// scheme tells nothing: servers of runbooks send people from `http` to `https`.
fn web_address(url: &str) -> Option<(&str, &str)> {
    // Both schemes begin alike, and most addresses are paths.
    if !url.starts_with(['h', 'H']) {
        return None;
    }
    [("https://", ":443"), ("http://", ":80")].iter().find_map(|(scheme, port)| {
        let front = url.get(..scheme.len())?;
        let rest = front.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])?;
        let end = memchr::memchr3(b'/', b'?', b'#', rest.as_bytes()).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        Some((host.strip_suffix(port).unwrap_or(host), path))
    })
}

/// Whether an address begins with a scheme, as RFC 3986 (section 3.1) has them.
pub fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// A path relative to the file at `from`, without `.` and `..`; `None` if it leaves the root. A
/// slash at its end stays.
pub fn normalize(from: &str, path: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if !is_normal(path) || !is_normal(folder) || folder.ends_with('/') {
        return part_by_part(folder, path);
    }
    Some(match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => format!("{folder}/"),
        (folder, path) => [folder, path].join("/"),
    })
}

/// Whether none of the parts of a path is empty, but for one behind its end, or begins with a dot; most
/// paths are like that.
fn is_normal(path: &str) -> bool {
    let bytes = path.as_bytes();
    let begins_normally = |at: usize| !matches!(bytes.get(at), Some(b'.' | b'/'));
    begins_normally(0) && memchr::memchr_iter(b'/', bytes).all(|at| begins_normally(at + 1))
}

fn part_by_part(folder: &str, path: &str) -> Option<String> {
    let mut normal = String::with_capacity(folder.len() + path.len() + 1);
    let push = |normal: &mut String, part: &str| {
        if !normal.is_empty() {
            normal.push('/');
        }
        normal.push_str(part);
    };
    folder.split('/').filter(|part| !part.is_empty()).for_each(|part| push(&mut normal, part));
    let mut folder_at_end = path.is_empty();
    for part in path.split('/') {
        folder_at_end = matches!(part, "" | "." | "..");
        match part {
            "" | "." => {}
            ".." if normal.is_empty() => return None,
            ".." => normal.truncate(normal.rfind('/').unwrap_or(0)),
            name => push(&mut normal, name),
        }
    }
    if folder_at_end && !normal.is_empty() {
        normal.push('/');
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalized() {
        for (from, path, expected) in [
            ("armada/x.html", "./y.html", Some("armada/y.html")),
            ("armada/x.html", "../y.html", Some("y.html")),
            ("armada/x.html", "../../y.html", None),
            ("armada/x.html", "images/a//b.png", Some("armada/images/a/b.png")),
            ("x.html", "armada/", Some("armada/")),
            ("a/x.html", "..", Some("")),
        ] {
            assert_eq!(normalize(from, path).as_deref(), expected, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_normal_path_is_the_same_part_by_part(
            from in "([ab.]{0,2}/){0,3}[a.]{0,2}",
            path in "([ab.]{0,2}/){0,3}[a.]{0,2}",
        ) {
            let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
            assert_eq!(normalize(&from, &path), part_by_part(folder, &path));
        }
    }

    #[test]
    fn a_permalink_may_be_an_address() {
        for address in ["/runbooks/drain/", "drain.html", "https://a.example/b/"] {
            assert!(is_one_address(address), "{address}");
        }
        for other in ["pretty", "none", "/:categories/:title/", ":title.html", "/a/:basename"] {
            assert!(!is_one_address(other), "{other}");
        }
    }

    #[test]
    fn a_path_is_below_that_of_an_address() {
        for (base, path, rest) in [
            ("https://a.example/docs", "/docs/x.html", Some("x.html")),
            ("https://a.example/docs/", "/docs#x", Some("#x")),
            ("https://a.example/docs/", "/docs", Some("")),
            ("https://a.example/docs", "/docsx", None),
            ("https://a.example/a/b/", "/a/x", None),
            ("https://a.example", "/x", Some("x")),
        ] {
            assert_eq!(below_path_of(base, path), rest, "{base} {path}");
        }
    }

    #[test]
    fn schemes_are_told_from_paths() {
        assert!(has_scheme("https://x"));
        assert!(has_scheme("mailto:a@b"));
        assert!(!has_scheme("a/b:c"));
        assert!(!has_scheme("#x:y"));
    }
}
