//! Where an address leads: a page, a file, an alert, or nowhere.

use super::address::{page_path, percent_decode};
use super::{Destination, Site};
use std::borrow::Cow;

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

impl Site {
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
        let decoded = percent_decode(path);
        let wanted = if path.is_empty() && !from.is_empty() {
            Some(Cow::Borrowed(from))
        } else {
            normalize(from, &decoded)
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
pub fn normalize<'p>(from: &str, path: &'p str) -> Option<Cow<'p, str>> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if !is_normal(path) || !is_normal(folder) || folder.ends_with('/') {
        return part_by_part(folder, path).map(Cow::Owned);
    }
    Some(match (folder, path) {
        ("", path) => Cow::Borrowed(path),
        (folder, "") => Cow::Owned(format!("{folder}/")),
        (folder, path) => Cow::Owned([folder, path].join("/")),
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
            let normal = normalize(&from, &path).map(Cow::into_owned);
            assert_eq!(normal, part_by_part(folder, &path));
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
