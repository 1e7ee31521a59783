//! Every address on every page leads to a file of the output and to an id on it, and does so from
//! any prefix and from disk.

use crate::sample::{self, Built};
use crate::{SITE, find};
use alertbook::site::address::percent_decode;
use scraper::{ElementRef, Html};
use std::collections::{BTreeMap, BTreeSet};

/// The page for addresses that lead nowhere: it is shown at any depth, so its own addresses begin
/// at the host.
const NOT_FOUND: &str = "404.html";

/// What there is to land on: the files of the output, with the ids of those that are pages.
struct Output(BTreeMap<String, BTreeSet<String>>);

impl Output {
    fn new(built: &Built) -> Self {
        let copied = built.checked.copies().map(|(path, _)| path);
        let files = built.rendered.iter().map(|file| &file.path).chain(copied);
        let mut all: BTreeMap<String, BTreeSet<String>> =
            files.map(|path| (path.clone(), BTreeSet::new())).collect();
        for (path, html) in built.pages() {
            let page = Html::parse_document(html);
            let (ids, names) = (find(&page, "[id]"), find(&page, "a[name]"));
            let ids = ids.into_iter().filter_map(|element| element.attr("id"));
            let names = names.into_iter().filter_map(|element| element.attr("name"));
            all.insert(path.to_owned(), ids.chain(names).map(str::to_owned).collect());
        }
        Self(all)
    }

    /// Says what is wrong with a relative address on the page at a path, if anything is.
    fn fault(&self, from: &str, address: &str) -> Option<String> {
        let (address, fragment) = match address.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (address, None),
        };
        let address = address.split('?').next().unwrap_or_default();
        let Some(path) = joined(from, address) else {
            return Some("leads out of the site".to_owned());
        };
        let Some(ids) = self.0.get(&path) else {
            return Some(format!("leads to {path}, where no file is"));
        };
        let fragment = percent_decode(fragment?);
        (!ids.contains(&*fragment)).then(|| format!("no id #{fragment} on {path}"))
    }
}

/// The path that a relative address leads to, unless it leads above the top.
fn joined(from: &str, address: &str) -> Option<String> {
    if address.is_empty() {
        return Some(from.to_owned());
    }
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(percent_decode(&path.join("/")).into_owned())
}

/// Every address of a page: of links, files, and redirects with and without JavaScript.
fn addresses(page: &Html) -> Vec<String> {
    let mut found = Vec::new();
    for element in find(page, "[href], [src]") {
        let is_icon = element.attr("rel") == Some("icon");
        let address = element.attr("href").or(element.attr("src")).unwrap_or_default();
        if !(is_icon && address == "data:,") {
            found.push(address.to_owned());
        }
    }
    for script in find(page, "script[data-target]") {
        let attribute = |name| script.attr(name).unwrap_or_default();
        let (target, fragment) = (attribute("data-target"), attribute("data-fragment"));
        let mark = if fragment.is_empty() { "" } else { "#" };
        found.push(format!("{target}{mark}{fragment}"));
    }
    found.extend(find(page, "noscript").into_iter().flat_map(refreshes));
    found
}

/// Where a `<noscript>` leads to. To a parser with scripting its content is text.
fn refreshes(noscript: ElementRef<'_>) -> Vec<String> {
    let inside =
        Html::parse_fragment(&noscript.inner_html().replace("&lt;", "<").replace("&gt;", ">"));
    let refreshes = find(&inside, "meta[http-equiv=refresh]").into_iter();
    let targets = refreshes.filter_map(|element| element.attr("content")?.split_once("url="));
    targets.map(|(_, target)| target.to_owned()).collect()
}

fn is_external(address: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

#[test]
fn every_address_leads_somewhere_from_any_prefix() {
    let output = Output::new(&SITE);
    let mut faults = Vec::new();
    let mut followed = 0;
    for (path, html) in SITE.pages().filter(|(path, _)| *path != NOT_FOUND) {
        let found = addresses(&Html::parse_document(html));
        for address in found.iter().filter(|address| !is_external(address)) {
            followed += 1;
            if let Some(fault) = output.fault(path, address) {
                faults.push(format!("{path}: `{address}` {fault}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(followed > 400, "only {followed} addresses were seen");
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (path, html) in SITE.pages() {
        let page = Html::parse_document(html);
        for element in find(&page, "[src], link[rel=stylesheet]") {
            let address = element.attr("href").or(element.attr("src")).unwrap_or_default();
            assert!(!address.contains(':') && !address.starts_with("//"), "{path}: {address}");
        }
    }
    for file in SITE.rendered.iter().filter(|file| file.path.ends_with(".css")) {
        let style = String::from_utf8_lossy(&file.bytes);
        for (at, _) in style.match_indices("url(").chain(style.match_indices("@import")) {
            assert!(style[at..].starts_with("url(\"data:"), "{}: {:.40}", file.path, &style[at..]);
        }
    }
}

#[test]
fn redirects_lead_to_the_section_with_and_without_javascript() {
    for (path, html) in SITE.pages() {
        let page = Html::parse_document(html);
        let Some(script) = find(&page, "script[data-target]").pop() else { continue };
        let fragment = script.attr("data-fragment").unwrap_or_default();
        let target = format!("{}#{fragment}", script.attr("data-target").unwrap_or_default());
        let noscript = find(&page, "noscript").into_iter().flat_map(refreshes).collect::<Vec<_>>();
        assert_eq!(noscript, [target], "{path}");
    }
}

#[test]
fn the_page_for_wrong_addresses_begins_at_the_host() {
    for (base_url, prefix) in [
        ("https://runbooks.example.com", "/"),
        ("https://pages.example.com/docs/armada", "/docs/armada/"),
    ] {
        let built = sample::build(Some(base_url));
        let output = Output::new(&built);
        let (_, html) = built.pages().find(|(path, _)| *path == NOT_FOUND).unwrap();
        let page = Html::parse_document(html);
        let found = addresses(&page);
        let inside: Vec<_> = found.iter().filter(|address| !address.starts_with('#')).collect();
        assert!(inside.len() > 5, "{found:?}");
        for address in inside {
            let rest = address.strip_prefix(prefix);
            let rest = rest.unwrap_or_else(|| panic!("{address} does not begin with {prefix}"));
            assert_eq!(output.fault("top.html", rest), None, "{address}");
        }
    }
}

#[test]
fn faults_of_addresses_are_seen() {
    let output = Output::new(&SITE);
    for (address, sees) in [
        ("../index.html", None),
        ("armada-etcd-health.html?a=b#backup-missing", None),
        ("../../index.html", Some("leads out of the site")),
        ("../armada/", Some("leads to armada/, where no file is")),
        ("#gone", Some("no id #gone on armada/index.html")),
    ] {
        assert_eq!(output.fault("armada/index.html", address).as_deref(), sees, "{address}");
    }
}
