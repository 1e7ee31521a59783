//! The page of a runbook.

use super::article::{self, Surroundings};
use super::content::Placed;
use super::placeholders::Placeholders;
use super::query::{Opens, ShownQueries};
use super::views::{ContentsEntry, Frame, LastChangeView, PageView, PlaceholderView};
use super::{RenderedFile, Renderer, alerts, card, frames};
use crate::runbook::Snippet;
use crate::site::address::{NOT_FOUND, encode_fragment, encode_path};
use crate::site::{Alert, Claim, ClaimedBy, Page, Site};
use std::sync::Arc;
use tera::Value;

/// Renders the page of this index.
pub(super) fn render(renderer: &Renderer<'_>, index: usize) -> Result<RenderedFile, String> {
    let page = &renderer.site.pages[index];
    let view = view(renderer, index)?;
    let (root, navigation) = renderer.place(&page.path, Some(index));
    if let Some(html) = renderer.frames.filled(renderer, &view, &root, &navigation) {
        return Ok(RenderedFile { path: page.path.clone(), bytes: html.into_bytes() });
    }
    let template = renderer.theme.layout(page.front_matter("layout"));
    let size = view.content.longest() + frames::SIZE;
    let navigation = Value::from_serializable(&navigation.into_view());
    let mut context = renderer.context(Frame { root, navigation });
    let value = Value::try_from_serializable(&view);
    // The article is large, and need not be there twice.
    drop(view);
    context.insert_value("page", value.map_err(|error| error.to_string())?);
    renderer
        .fill_in((&page.path, size), &template, &context)
        .map_err(|fault| format!("{fault}\n\nIt came up on the page {}.", page.path))
}

fn view<'s>(renderer: &Renderer<'s>, index: usize) -> Result<PageView<'s>, String> {
    let site = renderer.site;
    let page = &site.pages[index];
    let runbook = &page.runbook;
    let named = page.front_matter("carrier").and_then(|name| site.config.carrier(name));
    let own = named.or_else(|| site.config.default_carrier());
    let here = Opens { carrier: own, pinned: false };
    let opens = |snippet: Option<&Snippet>| {
        let pinned = snippet.and_then(|snippet| snippet.carrier.as_ref());
        match pinned.map(|carrier| site.config.carrier(&carrier.name)) {
            // A name that is not configured opens nowhere; `unknown-carrier` says so.
            Some(carrier) => Opens { carrier, pinned: true },
            None => here,
        }
    };
    let review_due = alerts::review_due(site, page);
    let mut queries = ShownQueries::opening(here);
    let cards = cards(renderer, index, review_due.as_deref(), &mut queries)?;
    let beside_alerts = facts(site, index);
    let mut article = article::render(
        runbook,
        &renderer.trees.take(index, page),
        &Surroundings {
            link: &|url| href(site, &page.path, url),
            loads: &|url| may_load(site, url),
            opens: &opens,
            placeholders: &renderer.placeholders,
            below: &cards.of_blocks,
            beside_alerts: &beside_alerts,
            queries: &queries,
        },
    );
    article.content.put_on_top(cards.on_top);
    let source = runbook.source().path();
    let change = renderer.last_changes.get(source);
    let is_whole = renderer.theme.has_own_templates();
    let front_matter = is_whole.then(|| runbook.front_matter.to_json());
    let has_first_level = runbook.headings.iter().any(|heading| heading.level == 1);
    Ok(PageView {
        title: &page.title,
        shows_title: !has_first_level,
        description: page.front_matter("description"),
        service: page.front_matter("service"),
        kind: page.front_matter("type"),
        tags: tags(page),
        front_matter: front_matter.unwrap_or_default(),
        carrier: named.map(|carrier| carrier.name.as_str()),
        content: article.content,
        placeholders: article.placeholders,
        contents: contents(page),
        source,
        edit_href: site.config.edit_url.as_ref().map(|url| url.of(&encode_path(source))),
        owners: owners(page),
        last_change: change
            .map(|it| LastChangeView { day: it.day.to_string(), author: it.author.clone() }),
        review_due,
        url: encode_path(&page.path),
    })
}

/// What the reader of a page fills in: its placeholders, each once, in order.
pub fn fields(site: &Site, index: usize) -> Vec<PlaceholderView> {
    let nothing = Placed::default();
    let nowhere = Opens { carrier: None, pinned: false };
    let surroundings = Surroundings {
        link: &|_| None,
        loads: &|_| false,
        opens: &|_| nowhere,
        placeholders: &Placeholders::new(&site.config),
        below: &nothing,
        beside_alerts: &nothing,
        queries: &ShownQueries::opening(nowhere),
    };
    let runbook = &site.pages[index].runbook;
    article::render(runbook, &runbook.document(), &surroundings).placeholders
}

/// Who looks after a page, by the keys that are in use for it; the first one that is there counts.
fn owners(page: &Page) -> Vec<String> {
    let front_matter = &page.runbook.front_matter;
    let written = ["owner", "owners", "team"].iter().map(|key| front_matter.texts(key));
    let owners = written.into_iter().find(|texts| !texts.is_empty()).unwrap_or_default();
    let owners = owners.iter().map(|text| text.as_str().trim().to_owned());
    owners.filter(|owner| !owner.is_empty()).collect()
}

/// The tags of a page: a list, or one text with commas.
fn tags(page: &Page) -> Vec<String> {
    let texts = page.runbook.front_matter.texts("tags");
    let tags = texts.iter().flat_map(|text| text.as_str().split(','));
    tags.map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

fn contents(page: &Page) -> Vec<ContentsEntry<'_>> {
    let headings = page.runbook.headings.iter().filter(|heading| matches!(heading.level, 2 | 3));
    headings
        .map(|heading| ContentsEntry {
            level: heading.level,
            id: encode_fragment(&heading.id),
            title: &heading.text,
        })
        .collect()
}

/// The cards of the alerts that start on a page.
struct Cards {
    /// Cards by where the block above them begins.
    of_blocks: Placed,
    /// Cards of alerts for which the page as a whole is the place to start.
    on_top: String,
}

fn cards<'s>(
    renderer: &Renderer<'s>,
    index: usize,
    review_due: Option<&str>,
    queries: &mut ShownQueries<'s>,
) -> Result<Cards, String> {
    let site = renderer.site;
    let page = &site.pages[index];
    let names = site.alerts_starting_on(index);
    let of_blocks = Placed::with_capacity(card::SIZE * names.len());
    let mut cards = Cards { of_blocks, on_top: String::new() };
    for name in names {
        let Some((name, alert)) = site.alerts.get_key_value(name) else { continue };
        let mut push =
            |html: &mut String| renderer.push_card(html, (name, alert), review_due, queries);
        match block_above_card(site, page, alert) {
            Some(above) => cards.of_blocks.put(above, push)?,
            None => push(&mut cards.on_top)?,
        };
    }
    Ok(cards)
}

/// The block that an alert's card stands below: the heading of the section to start at, else the
/// table that names the alert; `None` for the top of the page.
fn block_above_card(site: &Site, page: &Page, alert: &Alert) -> Option<usize> {
    let start = alert.start.as_ref()?;
    if let Some(heading) = start.own_fragment().and_then(|id| page.heading_with_id(id)) {
        return Some(page.runbook.headings[heading].range.start);
    }
    alert.claims.iter().map(|claim| &site.claims[*claim]).find_map(|claim| match claim.by {
        ClaimedBy::Table { table, .. } if site.pages[claim.page].path == page.path => {
            Some(page.runbook.alert_tables[table].block)
        }
        _ => None,
    })
}

/// What stands beside the alerts of each row of a page's alert tables.
fn facts(site: &Site, index: usize) -> Placed {
    let page = &site.pages[index];
    // Each alert of a row that is known, and whether its reader does not land there.
    let mut shown: Vec<(usize, &str, bool, &Alert)> = Vec::new();
    for claim in site.claims_on(index) {
        if let ClaimedBy::Table { table, row } = claim.by {
            let row = page.runbook.alert_tables[table].rows[row].range.start;
            let own = claim.alerts.is_empty().then_some(claim.name.as_str());
            let names = claim.alerts.iter().map(String::as_str).chain(own);
            shown.extend(names.filter_map(|name| {
                let alert = &**site.alerts.get(name)?;
                Some((row, name, !starts_at(site, alert, claim), alert))
            }));
        }
    }
    // Of what several claims of a row say of an alert, the first is that its reader lands there.
    shown.sort_unstable_by_key(|(row, name, is_elsewhere, _)| (*row, *name, *is_elsewhere));
    shown.dedup_by_key(|(row, name, ..)| (*row, *name));
    // About as much as a severity with its link takes.
    let mut facts = Placed::with_capacity(256 * shown.len());
    for row in shown.chunk_by(|(row, ..), (next, ..)| row == next) {
        let alerts = row.iter().map(|(_, name, is_elsewhere, it)| (*name, *it, !is_elsewhere));
        facts.put(row[0].0, |html| alerts::push_facts(html, site, &page.path, alerts));
    }
    facts
}

/// Whether the reader of an alert lands at the row that claims to document it.
fn starts_at(site: &Site, alert: &Alert, claim: &Arc<Claim>) -> bool {
    let first = alert.claims.first().map(|index| &site.claims[*index]);
    alert.start.as_ref().is_some_and(|start| start.is_row)
        && first.is_some_and(|first| Arc::ptr_eq(first, claim))
}

/// Whether pages may load an image from an address: their own site's, and those of the hosts that
/// the configuration names.
fn may_load(site: &Site, url: &str) -> bool {
    let url = url.trim();
    let Some((scheme, rest)) = url.split_once("//").filter(|(scheme, _)| {
        scheme.is_empty() || (scheme.ends_with(':') && !scheme.contains('/'))
    }) else {
        return true;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    site.internal_part(url).is_some()
        || site.config.img_hosts.iter().any(|allowed| {
            let (allowed_scheme, allowed) = allowed.split_once("//").unwrap_or(("", allowed));
            let allowed = allowed.trim_end_matches('/');
            let is_host = match allowed.strip_prefix('*') {
                Some(domain) => host.ends_with(domain),
                None => host == allowed,
            };
            is_host && (allowed_scheme.is_empty() || allowed_scheme == scheme)
        })
}

/// The address to write for a link of the page at an output path, if it is not as its author wrote
/// it: links into the site become relative, with the file's name spelled out, so that the output
/// works from any prefix and from disk. The 404 page is served at any depth, so its links alone
/// begin with the path of the base address.
pub(super) fn href(site: &Site, from: &str, url: &str) -> Option<String> {
    use crate::site::Resolved;
    use crate::site::address::{percent_decode, relative_url};
    // Within a page there is nothing to change, whatever it has there.
    if url.starts_with('#') {
        return None;
    }
    let Resolved::Internal { path, query, fragment, .. } = site.resolve(from, url) else {
        return None;
    };
    let written = url.split(['?', '#']).next().unwrap_or_default();
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let relative = !written.starts_with('/') && site.internal_part(url).is_none();
    let is_not_found = from == NOT_FOUND;
    let same_file = written.is_empty() || file(&percent_decode(written)) == file(path);
    if relative && same_file && (!is_not_found || written.is_empty()) {
        return None;
    }
    let mut href =
        if is_not_found { site.base_path() + &encode_path(path) } else { relative_url(from, path) };
    if let Some(query) = query {
        href += &format!("?{query}");
    }
    if let Some(fragment) = fragment {
        href += &format!("#{}", encode_fragment(&fragment));
    }
    Some(href)
}
