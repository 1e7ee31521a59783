//! Redirects: the address of every alert, and older addresses of pages.

use super::query::Opens;
use super::views::{Frame, RelatedView};
use super::{RenderedFile, Renderer};
use crate::scaffold::Scaffold;
use crate::site::address::{encode_fragment, relative_url, root_of};
use serde::Serialize;

#[derive(Serialize)]
struct Alternative {
    title: String,
    href: String,
}

/// The page of an alert: a redirect to where its readers start, or what its rules say.
pub(super) fn alert(renderer: &Renderer<'_>, name: &str) -> Result<RenderedFile, String> {
    let path = renderer.site.alert_page(name);
    match &renderer.site.alerts[name].start {
        Some(start) => {
            let fragment = start.landing(name);
            redirect(renderer, &path, name, &[start.page], fragment.as_deref())
        }
        None => undocumented(renderer, &path, name),
    }
}

/// The redirect from an older address of these pages.
pub(super) fn alias(
    renderer: &Renderer<'_>,
    path: &str,
    pages: &[usize],
) -> Result<RenderedFile, String> {
    redirect(renderer, path, &renderer.site.pages[pages[0]].title, pages, None)
}

/// A redirect to a page, or to the first of several that claim the address.
fn redirect(
    renderer: &Renderer<'_>,
    path: &str,
    title: &str,
    to: &[usize],
    fragment: Option<&str>,
) -> Result<RenderedFile, String> {
    let pages = &renderer.site.pages;
    let alternatives = to[1..].iter().map(|index| Alternative {
        title: pages[*index].title.clone(),
        href: relative_url(path, &pages[*index].path),
    });
    let alternatives: Vec<_> = alternatives.collect();
    // A redirect shows no navigation, and there are thousands of them.
    let frame = Frame { root: root_of(path), navigation: renderer.no_navigation.clone() };
    let mut context = renderer.context(frame);
    context.insert_value("title", title.into());
    // Where it leads, relative to the page.
    context.insert_value("target", relative_url(path, &pages[to[0]].path).into());
    // The section, percent-encoded; may be empty.
    let fragment = fragment.map(encode_fragment).unwrap_or_default();
    context.insert_value("fragment", fragment.into());
    // The other pages that claim the address.
    context.insert("alternatives", &alternatives);
    renderer.fill_in((path, 2 * 1024), "redirect.html", &context)
}

#[derive(Serialize)]
struct AlertPageView {
    page: TitleView,
    alert: String,
    /// The cards of its rules, as HTML.
    rules: Vec<String>,
    /// Runbooks that may help, the best first.
    related: Vec<RelatedView>,
    /// Markdown to begin its section with.
    example: String,
}

#[derive(Serialize)]
struct TitleView {
    title: String,
    carrier: Option<String>,
}

/// The page of an alert that no runbook documents.
fn undocumented(renderer: &Renderer<'_>, path: &str, name: &str) -> Result<RenderedFile, String> {
    let site = renderer.site;
    let carrier = site.config.default_carrier();
    let opens = Opens { carrier, pinned: false };
    let cards = renderer.card(name, opens)?;
    let scaffold = Scaffold::new(site, renderer.recorded(), name);
    let view = AlertPageView {
        page: TitleView {
            title: name.to_owned(),
            carrier: carrier.map(|carrier| carrier.name.to_string()),
        },
        alert: name.to_owned(),
        rules: cards.into_iter().collect(),
        related: renderer.related().with(name, path),
        example: scaffold.map_or_else(String::new, |scaffold| scaffold.table_and_section(2)),
    };
    renderer.fill((path, 8 * 1024), "alert.html", renderer.frame(path, None), view)
}
