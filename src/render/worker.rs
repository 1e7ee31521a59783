//! The service worker: what keeps the site in a browser, for when the network is what is broken.

use super::{RenderedFile, Renderer, alert_index, name_index};
use crate::memo::Key;
use crate::site::address::{LISTINGS, NOT_FOUND};
use crate::source::Source;
use rayon::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// Where it stands: a worker sees to what is below its own folder.
pub(super) const PATH: &str = "alertbook-worker.js";

/// The script of the theme behind what it has to know: `const site = {version, files, mark}`.
/// Browsers take a worker anew when a byte of it is another one, and it then looks what else is new.
/// The mark is in every page of the site; what has none, a page to log in say, is not kept.
pub(super) fn render(renderer: &Renderer<'_>) -> RenderedFile {
    let assets = renderer.asset_files.iter().map(|(path, _)| path.clone());
    let listings = LISTINGS.iter().filter(|path| **path != NOT_FOUND);
    let data = [alert_index::PATH, name_index::PATH].into_iter().chain(listings.copied());
    let sections = (0..renderer.parts().len()).map(name_index::sections_path);
    let files: Vec<String> = assets.chain(data.map(str::to_owned)).chain(sections).collect();
    let site = renderer.site;
    let sources = site.pages.iter().map(|page| page.runbook.source());
    let sources: Vec<&Arc<Source>> =
        sources.chain(site.rule_files.iter().map(|file| &file.source)).collect();
    // To hash all of a site takes long for one thread, when the others have nothing left to do.
    let sources: Vec<Key> = sources.into_par_iter().map(|source| source.key()).collect();
    let known = json!({ "title": site.config.title, "files": files }).to_string();
    let mut parts = vec![known.as_bytes(), renderer.policy.as_bytes()];
    parts.extend(sources.iter().map(Key::bytes));
    let mark = renderer.theme.mark();
    let head = json!({ "version": Key::of(&parts).hex(), "files": files, "mark": mark });
    let mut bytes = format!("const site = {head};\n").into_bytes();
    bytes.extend_from_slice(renderer.theme.worker());
    RenderedFile { path: PATH.to_owned(), bytes }
}
