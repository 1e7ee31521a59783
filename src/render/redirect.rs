//! Redirects: the address of every alert, and older addresses of pages.

use super::escape::MARK_OPEN;
use super::query::{Opens, ShownQueries};
use super::skeleton::{Piece, Skeleton};
use super::views::{Frame, RelatedView};
use super::{RenderedFile, Renderer};
use crate::scaffold::Scaffold;
use crate::site::address::{encode_fragment, relative_url, root_of};
use serde::Serialize;
use std::sync::OnceLock;

#[derive(Serialize)]
struct Alternative {
    title: String,
    href: String,
}

/// The page of an alert: a redirect to where its readers start, or what its rules say.
pub(super) fn alert(
    renderer: &Renderer<'_>,
    path: &str,
    name: &str,
) -> Result<RenderedFile, String> {
    match &renderer.site.alerts[name].start {
        Some(start) => {
            let fragment = start.landing(name);
            redirect(renderer, path, name, &[start.page], fragment.as_deref())
        }
        None => undocumented(renderer, path, name),
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
    let root = root_of(path);
    let target = relative_url(path, &pages[to[0]].path);
    let fragment = fragment.map(encode_fragment).unwrap_or_default();
    let texts = [&*root, title, &target, &fragment];
    // Where there is a choice the template has more to show than texts.
    let bytes = match renderer.redirects.of(renderer, fragment.is_empty())? {
        Some(skeleton) if to.len() == 1 => {
            let mut html = String::with_capacity(SIZE);
            skeleton.push_with(&mut html, &texts.map(Piece::Text));
            html.into_bytes()
        }
        _ => {
            let alternatives = to[1..].iter().map(|index| Alternative {
                title: pages[*index].title.clone(),
                href: relative_url(path, &pages[*index].path),
            });
            filled(renderer, texts, &alternatives.collect::<Vec<_>>())?
        }
    };
    Ok(RenderedFile { path: path.to_owned(), bytes })
}

/// About how many bytes a redirect has.
const SIZE: usize = 2 * 1024;

/// The template of redirects, filled in.
fn filled(
    renderer: &Renderer<'_>,
    [root, title, target, fragment]: [&str; 4],
    alternatives: &[Alternative],
) -> Result<Vec<u8>, String> {
    // A redirect shows no navigation, and there are thousands of them.
    let frame = Frame { root: root.to_owned(), navigation: renderer.no_navigation.clone() };
    let mut context = renderer.context(frame);
    context.insert_value("title", title.into());
    // Where it leads, relative to the page.
    context.insert_value("target", target.into());
    // The section, percent-encoded; may be empty.
    context.insert_value("fragment", fragment.into());
    // The other pages that claim the address.
    context.insert("alternatives", alternatives);
    renderer.filled(SIZE, TEMPLATE, &context)
}

const TEMPLATE: &str = "redirect.html";

/// What the built-in template makes of redirects that lead to one page: those to a section, and those to
/// a page as a whole.
#[derive(Default)]
pub(super) struct Redirects([OnceLock<Result<Skeleton, String>>; 2]);

impl Redirects {
    /// The skeleton of those with or without a section, unless the template is the site's own, or what a
    /// page may load has the characters of a hole.
    fn of(&self, renderer: &Renderer<'_>, is_whole: bool) -> Result<Option<&Skeleton>, String> {
        if !renderer.theme.is_built_in(TEMPLATE) || renderer.policy.contains(MARK_OPEN) {
            return Ok(None);
        }
        let make = || {
            let fragment = if is_whole { String::new() } else { Skeleton::hole(3) };
            let [root, title, target] = [0, 1, 2].map(Skeleton::hole);
            let filled = filled(renderer, [&root, &title, &target, &fragment], &[])?;
            String::from_utf8(filled)
                .map(|filled| Skeleton::new(&filled))
                .map_err(|error| error.to_string())
        };
        let skeleton = self.0[usize::from(is_whole)].get_or_init(make);
        skeleton.as_ref().map(Some).map_err(Clone::clone)
    }
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
    let mut card = String::new();
    let has_card = match site.alerts.get_key_value(name) {
        Some((name, alert)) => {
            let queries = &mut ShownQueries::opening(Opens { carrier, pinned: false });
            renderer.push_card(&mut card, (name, alert), None, queries)?
        }
        None => false,
    };
    let scaffold = Scaffold::new(site, renderer.recorded(), name);
    let view = AlertPageView {
        page: TitleView {
            title: name.to_owned(),
            carrier: carrier.map(|carrier| carrier.name.to_string()),
        },
        alert: name.to_owned(),
        rules: if has_card { vec![card] } else { Vec::new() },
        related: renderer.related().with(name, path),
        example: scaffold.map_or_else(String::new, |scaffold| scaffold.table_and_section(2)),
    };
    renderer.fill((path, 8 * 1024), "alert.html", renderer.frame(path, None), view)
}
