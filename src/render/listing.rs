//! The pages that list others: the start page, the overview of alerts; and the 404 page.

use super::views::{AlertView, ServicePageView, ServiceView};
use super::{RenderedFile, Renderer, alerts};
use crate::site::address::relative_url;
use crate::site::{Destination, Site};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct TitleView<'s> {
    title: &'s str,
}

/// The generated pages; where an author's own page stands, that one stays.
pub(super) fn render(renderer: &Renderer<'_>) -> Result<Vec<RenderedFile>, String> {
    let site = renderer.site;
    let mut files = Vec::new();
    for (path, page) in [("index.html", start as Listing), ("alerts/index.html", overview)] {
        if site.at(path) == Some(&Destination::Generated) {
            files.push(file(path, page(renderer, path)?));
        }
    }
    if site.at("404.html") == Some(&Destination::Generated) {
        files.push(file("404.html", not_found(renderer)?));
    }
    Ok(files)
}

type Listing = fn(&Renderer<'_>, &str) -> Result<String, String>;

fn file(path: &str, html: String) -> RenderedFile {
    RenderedFile { path: path.to_owned(), bytes: html.into_bytes() }
}

fn start(renderer: &Renderer<'_>, path: &str) -> Result<String, String> {
    #[derive(Serialize)]
    struct View<'s> {
        page: TitleView<'s>,
        services: Vec<ServiceView>,
        alerts: Vec<AlertView>,
    }
    let view = View {
        page: TitleView { title: &renderer.site.config.title },
        services: services(renderer.site, path),
        alerts: alerts::list(renderer.site, path),
    };
    renderer.fill("index.html", &renderer.frame(path, None), &view)
}

/// The runbooks by service, those without one last.
fn services(site: &Site, path: &str) -> Vec<ServiceView> {
    let mut by_name: BTreeMap<(bool, String, String), Vec<ServicePageView>> = BTreeMap::new();
    for (index, page) in site.pages.iter().enumerate() {
        let service = page.front_matter("service").unwrap_or_default();
        let entry = ServicePageView {
            title: page.title.clone(),
            href: relative_url(path, &page.path),
            description: page.front_matter("description"),
            alerts: site.alerts_starting_on(index).len(),
        };
        let key = (service.is_empty(), service.to_lowercase(), service);
        by_name.entry(key).or_default().push(entry);
    }
    by_name
        .into_iter()
        .map(|((_, _, name), mut pages)| {
            pages.sort_by_cached_key(|page| page.title.to_lowercase());
            let name = if name.is_empty() { "Without a service".to_owned() } else { name };
            ServiceView { name, pages }
        })
        .collect()
}

fn overview(renderer: &Renderer<'_>, path: &str) -> Result<String, String> {
    #[derive(Serialize)]
    struct View {
        page: TitleView<'static>,
        alerts: Vec<AlertView>,
    }
    let view =
        View { page: TitleView { title: "Alerts" }, alerts: alerts::list(renderer.site, path) };
    renderer.fill("alerts.html", &renderer.frame(path, None), &view)
}

/// The page for addresses at which nothing stands. It is served at any depth, so it alone refers
/// to the site by the path of its base address.
fn not_found(renderer: &Renderer<'_>) -> Result<String, String> {
    #[derive(Serialize)]
    struct View {
        page: TitleView<'static>,
    }
    let base = renderer.site.base_path();
    let mut frame = renderer.frame("404.html", None);
    for entry in &mut frame.navigation.entries {
        if let Some(href) = &mut entry.href {
            href.insert_str(0, &base);
        }
    }
    if let Some(more) = &mut frame.navigation.more {
        more.href.insert_str(0, &base);
    }
    frame.root = base;
    renderer.fill("404.html", &frame, &View { page: TitleView { title: "Not found" } })
}
