//! From the frozen site to the files of the output.
//!
//! [`render`] makes every page of a site: runbooks, the start page, the overview of alerts, an
//! address for each alert, redirects from older addresses, the 404 page, `alertbook.json`, and the
//! theme's files. Pages are made in parallel; each depends on the site alone.
//!
//! Architecture invariant: nothing here touches a file, and the same site gives the same bytes.

mod additions;
mod alerts;
mod article;
mod code;
mod escape;
mod listing;
mod manifest;
mod navigation;
mod page;
mod query;
mod raw_html;
mod redirect;
mod theme;
mod views;

pub use theme::{ASSETS, Theme};

use crate::site::Site;
use rayon::prelude::*;
use serde::Serialize;
use views::{AssetsView, Frame, SiteView};

/// The page for addresses at which nothing stands. It is served at any depth, so it alone refers to
/// the site by the path of its base address.
const NOT_FOUND: &str = "404.html";

/// A file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its path below the output folder, with `/` between folders.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Renders a site with a theme. `progress` is told about each runbook that is done.
///
/// # Errors
///
/// A template has a fault. The message says which and where.
pub fn render(
    site: &Site,
    theme: &Theme,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<RenderedFile>, String> {
    let (assets, assets_view) = theme.assets(&carriers_script(site));
    let renderer = Renderer {
        site,
        theme,
        engine: theme.engine()?,
        site_view: site_view(site),
        assets: assets_view,
        policy: policy(site),
    };
    let mut files: Vec<RenderedFile> =
        assets.into_iter().map(|(path, bytes)| RenderedFile { path, bytes }).collect();
    let pages = (0..site.pages.len()).into_par_iter().map(|index| {
        let page = page::render(&renderer, index);
        progress();
        page
    });
    files.extend(pages.collect::<Result<Vec<_>, _>>()?);
    files.extend(redirect::render(&renderer)?);
    files.extend(listing::render(&renderer)?);
    files.push(manifest::render(site));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What all pages of a site are rendered with.
struct Renderer<'s> {
    site: &'s Site,
    theme: &'s Theme,
    engine: tera::Tera,
    site_view: SiteView,
    assets: AssetsView,
    policy: String,
}

impl Renderer<'_> {
    /// What every template gets, for the page at an output path.
    fn frame(&self, path: &str, page: Option<usize>) -> Frame<'_> {
        let mut frame = Frame {
            site: &self.site_view,
            root: crate::site::address::root_of(path),
            assets: &self.assets,
            policy: &self.policy,
            navigation: navigation::view(self.site, path, page),
        };
        if path == NOT_FOUND {
            frame.root = self.site.base_path();
            frame.navigation.begin_with(&frame.root);
        }
        frame
    }

    /// A template filled in with the frame and its own view.
    fn fill(
        &self,
        template: &str,
        frame: &Frame<'_>,
        view: &impl Serialize,
    ) -> Result<String, String> {
        let mut context =
            tera::Context::from_serialize(frame).map_err(|error| error.to_string())?;
        context.extend(tera::Context::from_serialize(view).map_err(|error| error.to_string())?);
        self.engine.render(template, &context).map_err(|error| describe(&error))
    }
}

/// A template's fault with all its causes; the engine says the place in the innermost one.
fn describe(error: &tera::Error) -> String {
    let mut message = theme::fault(error);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message += &format!("\n  {cause}");
        source = cause.source();
    }
    message
}

fn site_view(site: &Site) -> SiteView {
    let carriers = site.config.all_carriers();
    SiteView {
        title: site.config.title.clone(),
        language: "en",
        carriers: carriers.iter().map(|carrier| carrier.name.to_string()).collect(),
        default_carrier: site.config.default_carrier().map(|carrier| carrier.name.to_string()),
    }
}

/// The script that tells the others which carriers there are, as a classic script so that it works
/// from disk as well.
fn carriers_script(site: &Site) -> String {
    let carriers: serde_json::Map<String, serde_json::Value> = site
        .config
        .all_carriers()
        .iter()
        .map(|carrier| {
            let value = serde_json::json!({"url": carrier.url, "ui": carrier.ui.name()});
            (carrier.name.to_string(), value)
        })
        .collect();
    let default = site.config.default_carrier().map(|carrier| carrier.name.as_str());
    let data = serde_json::json!({"carriers": carriers, "default": default});
    format!("globalThis.alertbook = {data};\n")
}

/// What pages may load: their own site, and images of the hosts that the configuration names.
fn policy(site: &Site) -> String {
    let images = [&["'self'".to_owned(), "data:".to_owned()], site.config.img_hosts.as_slice()];
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src {}; base-uri 'none'; \
         form-action 'none'",
        images.concat().join(" ")
    )
}
