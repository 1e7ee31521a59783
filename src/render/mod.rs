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
mod overview;
mod page;
mod placeholders;
mod query;
mod raw_html;
mod redirect;
mod related;
mod skeleton;
mod styles;
mod theme;
mod trees;
mod views;
mod worker;

pub use page::fields;
pub use theme::{ASSETS, Theme};
pub use views::PlaceholderView;

use crate::markdown::Document;
use crate::site::address::{LISTINGS, MANIFEST, NOT_FOUND};
use crate::site::{Destination, LastChanges, RecordedLabels, Site};
use entries::Closed;
use navigation::Wanted;
use rayon::prelude::*;
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use tera::value::Key;
use views::{AssetsView, Frame, NavigationView, SiteView};

/// A file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its path below the output folder, with `/` between folders.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Something that can be rendered: a file of the output that is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'s> {
    /// The page of a runbook, as an index.
    Page(usize),
    /// The page of an alert, by its path and the alert's name.
    Alert(&'s str, &'s str),
    /// The redirect from an older address to these pages.
    Alias(&'s str, &'s [usize]),
    /// A page that is made of no runbook, by its path.
    Listing(&'static str),
    /// A file of the theme, as an index.
    Asset(usize),
    /// `alertbook.json`.
    Manifest,
    /// The alerts, for scripts.
    AlertIndex,
    /// Runbooks and metrics by their names, for scripts.
    NameIndex,
    /// The sections of a part of the pages, for scripts.
    Sections(usize),
    /// What the files of the full text are called by. Where it is what it was, so are they.
    FullText,
    /// Some of the words of the full text.
    Words(usize),
    /// Some of the texts of the full text.
    Texts(usize),
    /// What keeps the site in a browser.
    Worker,
}

impl Output<'_> {
    /// Whether it says what [`Output::FullText`] stands for, and only that.
    pub fn is_part_of_full_text(self) -> bool {
        matches!(self, Output::Words(_) | Output::Texts(_))
    }

    /// Whether it lists all of the site, which takes a lot of memory.
    pub fn lists_the_site(self) -> bool {
        matches!(
            self,
            Output::Listing(_) | Output::NameIndex | Output::AlertIndex | Output::Manifest
        )
    }

    /// Whether it is made of what is read for other files, and so best made when those are there.
    pub fn gathers(self) -> bool {
        matches!(self, Output::Words(_))
    }
}

/// Files that are best rendered one after the other, because they are made of the same trees: the pages
/// of some runbooks, and their part of the full text.
#[derive(Debug, Clone)]
pub struct Run {
    /// The runbooks, by their indices.
    pub pages: Range<usize>,
    texts: Option<usize>,
}

impl Run {
    /// The files.
    pub fn outputs<'s>(self) -> impl Iterator<Item = Output<'s>> {
        self.texts.into_iter().map(Output::Texts).chain(self.pages.map(Output::Page))
    }
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

    /// Everything that there is to render, no two with the same path.
    pub fn outputs(&self) -> Vec<Output<'s>> {
        let pages = self.runs().into_iter().flat_map(Run::outputs);
        pages.chain(self.others()).collect()
    }

    /// The pages of all runbooks, in order, with what is rendered of the same trees.
    pub fn runs(&self) -> Vec<Run> {
        let Some(full_text) = &self.full_text else {
            let pages = 0..self.site.pages.len();
            return pages.map(|index| Run { pages: index..index + 1, texts: None }).collect();
        };
        let run = |part| Some(Run { pages: full_text.pages(part)?, texts: Some(part) });
        (0..full_text.counts().1).filter_map(run).collect()
    }

    /// Gives the tree of a page for what is made of it next.
    pub fn leave_tree(&self, page: usize, tree: Document) {
        self.trees.leave(page, tree);
    }

    /// Everything that there is to render beside the runs.
    pub fn others(&self) -> Vec<Output<'s>> {
        let site = self.site;
        // Something of the author's may stand at an alert's address.
        let names = site.alerts.par_iter();
        let alerts = names.filter_map(|(name, _)| self.output_at(&site.alert_page(name)));
        let alerts = alerts.filter(|output| matches!(output, Output::Alert(..)));
        let alerts: Vec<Output<'_>> = alerts.collect();
        let aliases = site.pages.iter().enumerate().flat_map(|(index, page)| {
            // Of several pages that claim an alias the first one has the redirect.
            let own = move |output: &Output<'_>| matches!(output, Output::Alias(_, pages) if pages[0] == index);
            page.aliases.iter().filter_map(|alias| self.output_at(alias)).filter(own)
        });
        let listings = LISTINGS.iter().filter_map(|path| self.output_at(path));
        let listings = listings.filter(|output| matches!(output, Output::Listing(_)));
        let assets = (0..self.asset_files.len()).map(Output::Asset);
        let sections = (0..self.parts().len()).map(Output::Sections);
        // What lists the whole site takes longest and most memory, and so comes first.
        let data = [Output::NameIndex, Output::AlertIndex, Output::Manifest, Output::FullText];
        let lists = listings.chain(data).chain(sections);
        let full_text = self.full_text.as_ref();
        let (words, texts) = full_text.map_or((0, 0), full_text::FullText::counts);
        let is_of_alerts = |part: &usize| full_text.is_some_and(|it| it.pages(*part).is_none());
        let texts = (0..texts).filter(is_of_alerts).map(Output::Texts);
        // The words are read with the texts.
        let words = (0..words).map(Output::Words);
        let worker = self.is_kept.then_some(Output::Worker);
        let rest = texts.chain(words).chain(alerts).chain(aliases).chain(assets).chain(worker);
        lists.chain(rest).collect()
    }

    /// What is rendered at an output path, if anything is.
    pub fn output_at(&self, path: &str) -> Option<Output<'s>> {
        match self.site.at_entry(path) {
            Some((_, Destination::Page(index))) => Some(Output::Page(*index)),
            Some((path, Destination::Alert(name))) => Some(Output::Alert(path, name)),
            Some((path, Destination::Alias(pages))) => Some(Output::Alias(path, pages)),
            Some((_, Destination::Generated)) if path == MANIFEST => Some(Output::Manifest),
            Some((_, Destination::Generated)) => {
                LISTINGS.iter().find(|known| **known == path).map(|path| Output::Listing(path))
            }
            Some((_, Destination::File)) => None,
            None if path == alert_index::PATH => Some(Output::AlertIndex),
            None if path == name_index::PATH => Some(Output::NameIndex),
            None if path == full_text::HEAD => Some(Output::FullText),
            None if path == worker::PATH && self.is_kept => Some(Output::Worker),
            None if path.starts_with("assets/palette-sections-") => {
                let is_asked_for = |part: &usize| name_index::sections_path(*part) == path;
                (0..self.parts().len()).find(is_asked_for).map(Output::Sections)
            }
            None => self.asset_files.iter().position(|(own, _)| own == path).map(Output::Asset),
        }
    }

    /// The path of one of the files in the output.
    pub fn path<'o>(&'o self, output: Output<'o>) -> Cow<'o, str> {
        match output {
            Output::Page(index) => (&self.site.pages[index].path).into(),
            Output::Alert(path, _) | Output::Alias(path, _) | Output::Listing(path) => path.into(),
            Output::Asset(index) => (&self.asset_files[index].0).into(),
            Output::Manifest => MANIFEST.into(),
            Output::AlertIndex => alert_index::PATH.into(),
            Output::NameIndex => name_index::PATH.into(),
            Output::Sections(part) => name_index::sections_path(part).into(),
            Output::FullText => full_text::HEAD.into(),
            Output::Worker => worker::PATH.into(),
            Output::Words(shard) => full_text::words_path(shard).into(),
            Output::Texts(part) => full_text::texts_path(part).into(),
        }
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

fn shared(site: &SiteView, assets: &AssetsView, policy: &str) -> tera::Context {
    let mut shared = tera::Context::new();
    shared.insert("site", site);
    shared.insert("assets", assets);
    shared.insert("policy", policy);
    shared
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
fn carriers_script(site: &Site, api: Option<fn(&str) -> String>, is_kept: bool) -> String {
    let carriers: serde_json::Map<String, serde_json::Value> = site
        .config
        .all_carriers()
        .iter()
        .map(|carrier| {
            let mut value = serde_json::json!({"url": carrier.url, "ui": carrier.ui.name()});
            let api = api.map(|api| api(carrier.name.as_str()));
            if let Some(api) = api.as_ref().or(carrier.api.as_ref()) {
                value["api"] = api.as_str().into();
            }
            if carrier.tab != crate::config::Tab::default() {
                value["tab"] = carrier.tab.name().into();
            }
            if let Some(datasource) = &carrier.datasource {
                value["datasource"] = datasource.as_str().into();
            }
            if !carrier.labels.is_empty() {
                value["labels"] = carrier.labels.iter().cloned().collect();
            }
            (carrier.name.to_string(), value)
        })
        .collect();
    let default = site.config.default_carrier().map(|carrier| carrier.name.as_str());
    let external_label =
        site.config.carriers.as_ref().and_then(|carriers| carriers.external_label.as_deref());
    let mut data = serde_json::json!({
        "carriers": carriers, "default": default, "externalLabel": external_label,
    });
    if is_kept {
        data["offline"] = true.into();
    }
    // The root of the site is where the folder of this script is.
    let root = "globalThis.alertbook.root = new URL(\"../\", document.currentScript.src);";
    format!("globalThis.alertbook = {data};\n{root}\n")
}

/// What pages may load: their own site, images of the hosts that the configuration names, and what
/// the carriers answer.
fn policy(site: &Site) -> String {
    let images = [&["'self'".to_owned(), "data:".to_owned()], site.config.img_hosts.as_slice()];
    let carriers = site.config.all_carriers().iter();
    let mut origins: Vec<&str> = carriers
        .map(|carrier| origin(carrier.api.as_deref().unwrap_or(carrier.url.as_str())))
        .collect();
    origins.sort_unstable();
    origins.dedup();
    let connections = if origins.is_empty() {
        String::new()
    } else {
        format!(" connect-src {};", origins.join(" "))
    };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src {};{connections} \
         base-uri 'none'; form-action 'none'",
        images.concat().join(" ")
    )
}

/// The scheme, the host and the port of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |length| host + length);
    &url[..end]
}
