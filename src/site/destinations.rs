//! What stands at the addresses of a site: its pages and files, what is generated, the pages of alerts,
//! and the older addresses of pages.

use super::address::{self, AlertFolders, percent_decode};
use super::links::{Resolved, has_scheme, normalize};
use super::{Alerts, Page, Site};
use crate::rules::Rule;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
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
    let decoded = percent_decode(local.trim_start_matches('/'));
    let path = normalize("", &decoded)?;
    Some(match path.rsplit('/').next() {
        Some("") => format!("{path}index.html"),
        Some(name) if name.contains('.') => path.into_owned(),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permalink_may_be_an_address() {
        for address in ["/runbooks/drain/", "drain.html", "https://a.example/b/"] {
            assert!(is_one_address(address), "{address}");
        }
        for other in ["pretty", "none", "/:categories/:title/", ":title.html", "/a/:basename"] {
            assert!(!is_one_address(other), "{other}");
        }
    }
}
