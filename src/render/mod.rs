//! From the frozen site to the files of the output.
//!
//! A [`Renderer`] makes every page of a site: runbooks, the start page, the list of all alerts, an
//! address for each alert, redirects from older addresses, the 404 page, `alertbook.json`, and the
//! theme's files. Each depends on the site and the theme alone, so `build` makes all of them, in
//! parallel, and the preview those that somebody looks at.
//!
//! Architecture invariant: nothing here touches a file, and the same site gives the same bytes.

mod additions;
mod alert_index;
mod alert_list;
mod alerts;
mod article;
mod asked;
mod card;
mod code;
mod content;
mod danger;
mod entries;
pub mod escape;
mod frames;
mod full_text;
mod hash;
mod json;
mod lean;
mod listing;
mod manifest;
mod name_index;
mod navigation;
mod outputs;
mod overview;
mod page;
mod placeholders;
mod query;
mod raw_html;
mod redirect;
mod related;
mod shared;
mod skeleton;
mod styles;
mod theme;
mod trees;
mod views;
mod worker;

pub use outputs::{Output, Run};
pub use page::fields;
pub use theme::{ASSETS, Theme};
pub use views::PlaceholderView;

use crate::markdown::Document;
use crate::site::address::NOT_FOUND;
use crate::site::{LastChanges, RecordedLabels, Site};
use entries::Closed;
use navigation::Wanted;
use serde::Serialize;
use shared::{carriers_script, policy, shared, site_view};
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use tera::value::Key;
use views::{Frame, NavigationView};

/// A file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its path below the output folder, with `/` between folders.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Renders the files of a site, each by itself.
///
/// A file is made of the site and the theme alone, so any of them can be made at any time, by any
/// thread, and is the same. What is needed for all of them is made once, with the renderer.
pub struct Renderer<'s> {
    site: &'s Site,
    theme: &'s Theme,
    last_changes: Arc<LastChanges>,
    /// The parts of the pages whose sections are in one file, found when the first of these is asked for.
    parts: OnceLock<Vec<Range<usize>>>,
    /// None where nobody wants it, or it would have to be made again for each file of it.
    full_text: Option<full_text::FullText>,
    /// Whether browsers keep the site.
    is_kept: bool,
    /// Made when the first alert that no runbook documents is rendered.
    recorded: OnceLock<RecordedLabels<'s>>,
    /// As well.
    related: OnceLock<related::Related<'s>>,
    /// Made when the first list of them is rendered.
    alerts: OnceLock<Vec<alert_list::ListedAlert<'s>>>,
    /// Made when the first card is rendered with a template of the site's own.
    labels: OnceLock<alerts::Labels<'s>>,
    engine: Arc<tera::Tera>,
    /// What every template gets, whatever the page.
    shared: tera::Context,
    policy: String,
    asset_files: Vec<(String, Vec<u8>)>,
    placeholders: placeholders::Placeholders,
    trees: trees::Trees,
    entries: entries::Entries,
    /// What the theme makes of the entries of the navigation.
    navigation: Option<navigation::Shapes>,
    frames: frames::Frames,
    redirects: redirect::Redirects,
    cards: card::Cards,
    /// The navigation of pages that show none.
    no_navigation: tera::Value,
}

impl<'s> Renderer<'s> {
    /// Renders a site with a theme.
    ///
    /// # Errors
    ///
    /// A template has a fault. The message says which and where.
    pub fn new(site: &'s Site, theme: &'s Theme) -> Result<Self, String> {
        let renderer = Self::with_policy(site, theme, policy(site), None, site.config.offline)?;
        let full_text = site.config.full_text.then(|| full_text::FullText::new(site));
        Ok(Self { full_text, ..renderer })
    }

    /// Renders a site for a preview: its pages may connect to the server that they come from, and
    /// where `api` is given, they ask it in place of a carrier of this name.
    ///
    /// # Errors
    ///
    /// A template has a fault. The message says which and where.
    pub fn for_preview(
        site: &'s Site,
        theme: &'s Theme,
        api: Option<fn(&str) -> String>,
    ) -> Result<Self, String> {
        const CONNECT: &str = "connect-src ";
        let mut policy = policy(site);
        match policy.find(CONNECT) {
            Some(at) => policy.insert_str(at + CONNECT.len(), "'self' "),
            None => policy.push_str("; connect-src 'self'"),
        }
        let renderer = Self::with_policy(site, theme, policy, api, false)?;
        // A request is for one page.
        Ok(Self { labels: alerts::Labels::default().into(), ..renderer })
    }

    /// Says of the runbooks when they were changed last.
    #[must_use]
    pub fn with_last_changes(mut self, changes: Arc<LastChanges>) -> Self {
        self.last_changes = changes;
        self
    }

    fn with_policy(
        site: &'s Site,
        theme: &'s Theme,
        policy: String,
        api: Option<fn(&str) -> String>,
        is_kept: bool,
    ) -> Result<Self, String> {
        let (asset_files, assets) =
            theme.assets(&carriers_script(site, api, is_kept), &styles::stylesheet(site));
        let engine = theme.engine()?;
        Ok(Self {
            site,
            theme,
            last_changes: Arc::default(),
            parts: OnceLock::new(),
            full_text: None,
            is_kept,
            recorded: OnceLock::new(),
            related: OnceLock::new(),
            alerts: OnceLock::new(),
            labels: OnceLock::new(),
            navigation: navigation::Shapes::new(theme, &engine),
            frames: frames::Frames::new(site, theme, &policy),
            redirects: redirect::Redirects::default(),
            cards: card::Cards::default(),
            engine,
            shared: shared(&site_view(site), &assets, &policy),
            policy,
            asset_files,
            placeholders: placeholders::Placeholders::new(&site.config),
            trees: trees::Trees::default(),
            entries: entries::Entries::default(),
            no_navigation: tera::Value::from_serializable(&NavigationView::default()),
        })
    }

    fn parts(&self) -> &[Range<usize>] {
        self.parts.get_or_init(|| name_index::parts(self.site))
    }

    fn recorded(&self) -> &RecordedLabels<'s> {
        self.recorded.get_or_init(|| RecordedLabels::new(self.site))
    }

    fn alerts(&self) -> &[alert_list::ListedAlert<'s>] {
        self.alerts.get_or_init(|| alert_list::ListedAlert::all(self.site))
    }

    fn labels(&self) -> &alerts::Labels<'s> {
        self.labels.get_or_init(|| alerts::Labels::of_many(self.site, &self.placeholders))
    }

    fn related(&self) -> &related::Related<'s> {
        self.related.get_or_init(|| related::Related::new(self.site))
    }

    /// Gives the tree of a page for what is made of it next.
    pub fn leave_tree(&self, page: usize, tree: Document) {
        self.trees.leave(page, tree);
    }

    /// Renders one of the files.
    ///
    /// # Errors
    ///
    /// A template has a fault. The message says which and where.
    pub fn render(&self, output: Output<'_>) -> Result<RenderedFile, String> {
        match output {
            Output::Page(index) => page::render(self, index),
            Output::Alert(path, name) => redirect::alert(self, path, name),
            Output::Alias(path, pages) => redirect::alias(self, path, pages),
            Output::Listing(path) => listing::render(self, path),
            Output::Asset(index) => {
                let (path, bytes) = self.asset_files[index].clone();
                Ok(RenderedFile { path, bytes })
            }
            Output::Manifest => Ok(manifest::render(self.site)),
            Output::AlertIndex => Ok(alert_index::render(self.site)),
            Output::NameIndex => Ok(name_index::render(self.site, self.parts().len())),
            Output::Sections(part) => {
                Ok(name_index::render_sections(self.site, part, &self.parts()[part]))
            }
            Output::Worker => Ok(worker::render(self)),
            Output::FullText => Ok(full_text::head(self.full_text.as_ref(), self.site)),
            Output::Words(shard) => Ok(self.full_text()?.words(self.site, shard)),
            Output::Texts(part) => Ok(self.full_text()?.texts(self.site, part, &self.trees)),
        }
    }
}

impl Renderer<'_> {
    fn full_text(&self) -> Result<&full_text::FullText, String> {
        self.full_text.as_ref().ok_or_else(|| "this site has no full text".to_owned())
    }

    /// What every template gets beside what is the same for all pages, for the page at an output
    /// path.
    fn frame(&self, path: &str, page: Option<usize>) -> Frame {
        let (root, navigation) = self.place(path, page);
        Frame { root, navigation: tera::Value::from_serializable(&navigation.into_view()) }
    }

    /// The way from the page at an output path up to the site's root, and its navigation.
    fn place(&self, path: &str, page: Option<usize>) -> (String, navigation::Seen) {
        let site = self.site;
        let wanted = Wanted::by(self.theme, self.navigation.as_ref());
        let view = |base: &str, closed: &mut Closed| {
            navigation::view(site, (path, base), page, wanted, closed)
        };
        if path == NOT_FOUND {
            let root = site.base_path();
            let navigation = view(&root, &mut Closed::default());
            (root, navigation)
        } else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let navigation = self.entries.in_folder(folder, |closed| view("", closed));
            (crate::site::address::root_of(path), navigation)
        }
    }

    /// A template filled in with the frame and its own view, for the page at an output path of about
    /// `size` bytes.
    fn fill(
        &self,
        (path, size): (&str, usize),
        template: &str,
        frame: Frame,
        view: impl Serialize,
    ) -> Result<RenderedFile, String> {
        let mut context = self.context(frame);
        insert(&mut context, &view)?;
        // A list of all alerts is large, and need not be there twice.
        drop(view);
        self.fill_in((path, size), template, &context)
    }

    /// What every template gets.
    fn context(&self, frame: Frame) -> tera::Context {
        let mut context = self.shared.clone();
        context.insert_value("root", frame.root.into());
        context.insert_value("navigation", frame.navigation);
        context
    }

    /// A template filled in with all that it gets.
    fn fill_in(
        &self,
        (path, size): (&str, usize),
        template: &str,
        context: &tera::Context,
    ) -> Result<RenderedFile, String> {
        let bytes = self.filled(size, template, context)?;
        Ok(RenderedFile { path: path.to_owned(), bytes })
    }

    /// About `size` bytes of a template.
    fn filled(
        &self,
        size: usize,
        template: &str,
        context: &tera::Context,
    ) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(size);
        let filled = self.engine.render_to(template, context, &mut bytes);
        filled.map(|()| bytes).map_err(|error| describe(&error))
    }
}

/// Gives a template what is in a view.
fn insert(context: &mut tera::Context, view: &impl Serialize) -> Result<(), String> {
    let values = tera::Value::try_from_serializable(view).map_err(|error| error.to_string())?;
    for (name, value) in values.into_map().unwrap_or_default() {
        // The names of a struct's fields are there as long as the program is.
        match name {
            Key::Str(name) => context.insert_value(name, value),
            name => context.insert_value(name.as_str().unwrap_or_default().to_owned(), value),
        }
    }
    Ok(())
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
