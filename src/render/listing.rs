//! The pages that list others: the start page, the list of all alerts; and the 404 page.

use super::alert_list::{AlertGroup, AlertList, LetterGroup, ROW_SIZE, Rows};
use super::views::{ServicePageView, ServiceView};
use super::{RenderedFile, Renderer};
use crate::site::Site;
use crate::site::address::{ALERTS, NOT_FOUND, OVERVIEW, relative_url};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// How many bytes a page that lists all of a site has at most, or about as many. Room that nothing is
/// written to costs nothing, and to copy such a page as often as it outgrows its room does.
fn size(site: &Site) -> usize {
    16 * 1024 + ROW_SIZE * (site.alerts.len() + site.pages.len())
}

#[derive(Serialize)]
struct TitleView<'s> {
    title: &'s str,
}

/// Renders the page at one of [`LISTINGS`](crate::site::address::LISTINGS).
pub(super) fn render(renderer: &Renderer<'_>, path: &str) -> Result<RenderedFile, String> {
    match path {
        NOT_FOUND => not_found(renderer),
        ALERTS => alerts(renderer, path),
        OVERVIEW => super::overview::render(renderer),
        _ => start(renderer, path),
    }
}

fn start(renderer: &Renderer<'_>, path: &str) -> Result<RenderedFile, String> {
    #[derive(Serialize)]
    struct View<'s> {
        page: TitleView<'s>,
        runbooks: usize,
        services: ServiceList<'s>,
        /// For templates of the site's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        alerts: Option<&'s AlertList<'s>>,
        letters: Vec<LetterGroup<'s>>,
        count: usize,
        undocumented: usize,
    }
    let site = renderer.site;
    let alerts = AlertList::new(renderer, path);
    let view = View {
        page: TitleView { title: &site.config.title },
        runbooks: site.pages.len(),
        services: ServiceList::new(site, path),
        alerts: renderer.theme.has_own_templates().then_some(&alerts),
        letters: alerts.letters(&mut Rows::of_component(renderer, "index.rows", None))?,
        count: alerts.len(),
        undocumented: site.alerts.values().filter(|alert| alert.start.is_none()).count(),
    };
    renderer.fill((path, size(site)), "index.html", renderer.frame(path, None), view)
}

/// The runbooks by service, those without one last: a [`ServiceView`] for each, made when it is asked
/// for, since a large site has many.
struct ServiceList<'s> {
    site: &'s Site,
    path: &'s str,
    /// Each service with its pages, by title.
    services: Vec<(&'s str, Vec<usize>)>,
}

impl<'s> ServiceList<'s> {
    /// The list on the page at an output path.
    fn new(site: &'s Site, path: &'s str) -> Self {
        let mut by_name: BTreeMap<(bool, String, &str), Vec<usize>> = BTreeMap::new();
        for (index, page) in site.pages.iter().enumerate() {
            let service = page.front_matter("service").unwrap_or_default();
            let key = (service.is_empty(), service.to_lowercase(), service);
            by_name.entry(key).or_default().push(index);
        }
        let services = by_name.into_iter().map(|((_, _, name), mut pages)| {
            pages.sort_by_cached_key(|page| site.pages[*page].title.to_lowercase());
            (name, pages)
        });
        Self { site, path, services: services.collect() }
    }

    fn view(&self, name: &str, pages: &[usize]) -> ServiceView {
        let page = |index: &usize| {
            let page = &self.site.pages[*index];
            ServicePageView {
                title: page.title.clone(),
                href: relative_url(self.path, &page.path),
                description: page.front_matter("description").map(str::to_owned),
                alerts: self.site.alerts_starting_on(*index).len(),
            }
        };
        let name = if name.is_empty() { "Without a service" } else { name };
        ServiceView { name: name.to_owned(), pages: pages.iter().map(page).collect() }
    }
}

impl Serialize for ServiceList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.services.iter().map(|(name, pages)| self.view(name, pages)))
    }
}

fn alerts(renderer: &Renderer<'_>, path: &str) -> Result<RenderedFile, String> {
    #[derive(Serialize)]
    struct View<'s> {
        page: TitleView<'static>,
        count: usize,
        groups: Vec<AlertGroup<'s>>,
        has_services: bool,
    }
    let alerts = AlertList::new(renderer, path);
    let has_services = alerts.has_services();
    let mut rows = Rows::of_component(renderer, "alerts.rows", Some(has_services));
    let view = View {
        page: TitleView { title: "Alerts" },
        count: alerts.len(),
        has_services,
        groups: alerts.groups(&mut rows)?,
    };
    renderer.fill((path, size(renderer.site)), "alerts.html", renderer.frame(path, None), view)
}

/// The page for addresses at which nothing stands.
fn not_found(renderer: &Renderer<'_>) -> Result<RenderedFile, String> {
    #[derive(Serialize)]
    struct View {
        page: TitleView<'static>,
    }
    let frame = renderer.frame(NOT_FOUND, None);
    let view = View { page: TitleView { title: "Not found" } };
    renderer.fill((NOT_FOUND, 8 * 1024), "404.html", frame, view)
}
