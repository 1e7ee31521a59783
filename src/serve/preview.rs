//! The site as the preview shows it: the last one that could be read, what is wrong with the
//! present one, and the pages of both.

use super::panel::{self, OWN, Seen};
use crate::failure::Failure;
use crate::markdown::INVALID_FRONT_MATTER;
use crate::memo::Key;
use crate::pipeline::{Builder, Checked, Project};
use crate::render::{Output, Renderer, Theme};
use crate::site::Destination;
use crate::site::address::{LISTINGS, NOT_FOUND, encode_path, percent_decode};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// What is shown at one moment. Pages are rendered when somebody asks for them; of ten thousand,
/// few are looked at.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The last site that could be read.
    pub checked: Option<Arc<Checked>>,
    /// Why the files as they are now are no site.
    pub fault: Option<Arc<Failure>>,
    /// The last themes that had no fault, the latest last: what a page is shown with that can't be
    /// rendered now.
    good_themes: Vec<Arc<Theme>>,
    /// Pages whose front matter can't be read now, as they were before.
    good_pages: HashMap<String, Vec<u8>>,
    /// What the files that are copied were like.
    copies: Key,
    /// Whether queries are passed on to the carriers.
    pub passes_queries: bool,
}

/// An answer to a request.
#[derive(Debug)]
pub struct Delivered {
    /// Whether there is something at the address.
    pub found: bool,
    /// Its media type.
    pub media_type: Cow<'static, str>,
    /// Its content.
    pub body: Vec<u8>,
    /// If it is a page, what somebody sees who opens it.
    pub seen: Option<Seen>,
}

/// What an address leads to.
#[derive(Debug)]
pub enum Answer {
    /// A file.
    File(Delivered),
    /// Another address, since this one is a folder and lacks its slash.
    Moved(String),
}

impl Shown {
    /// What is shown before anything was read.
    pub fn nothing(passes_queries: bool) -> Self {
        Self { passes_queries, ..Self::default() }
    }

    /// Reads the site, all of it.
    pub fn read(&self, builder: &mut Builder, project: &Project) -> Self {
        self.after(builder.read(project))
    }

    /// Reads the site again after these paths have changed.
    pub fn read_again(
        &self,
        builder: &mut Builder,
        project: &Project,
        changed: &BTreeSet<PathBuf>,
    ) -> Self {
        // Without a site that fits the files there is nothing to begin with.
        match (&self.checked, &self.fault) {
            (Some(checked), None) => self.after(builder.read_again(project, checked, changed)),
            _ => self.read(builder, project),
        }
    }

    /// Reads the site again, all of it; `None` if nothing has changed.
    pub fn read_if_changed(&self, builder: &mut Builder, project: &Project) -> Option<Self> {
        let (Some(checked), None) = (&self.checked, &self.fault) else {
            let next = self.read(builder, project);
            let why = |shown: &Self| shown.fault.as_deref().map(Failure::to_string);
            return (next.fault.is_none() || why(&next) != why(self)).then_some(next);
        };
        match builder.read_if_changed(project, checked) {
            Ok(None) => {
                let copies = copies(checked);
                let is_same = copies == self.copies;
                (!is_same).then(|| Self { copies, ..self.clone() })
            }
            Ok(Some(checked)) => Some(self.after(Ok(checked))),
            Err(error) => Some(self.after(Err(error))),
        }
    }

    /// What is shown when the site has been read again.
    fn after(&self, read: Result<Checked, Failure>) -> Self {
        match read {
            Ok(checked) => Self {
                good_themes: self.good_themes_with(&checked),
                good_pages: self.good_pages_beside(&checked),
                copies: copies(&checked),
                checked: Some(Arc::new(checked)),
                fault: None,
                passes_queries: self.passes_queries,
            },
            Err(failure) => Self { fault: Some(Arc::new(failure)), ..self.clone() },
        }
    }

    /// The good themes with the one of this site, if it renders a page of each kind.
    fn good_themes_with(&self, checked: &Checked) -> Vec<Arc<Theme>> {
        const KEPT: usize = 2;
        let mut themes = self.good_themes.clone();
        let theme = &checked.inputs.theme;
        if themes.last().is_some_and(|last| Arc::ptr_eq(last, theme)) {
            return themes;
        }
        let renderer = Renderer::for_preview(&checked.site, theme, self.api());
        let has_no_fault = renderer.is_ok_and(|renderer| {
            let page = (!checked.site.pages.is_empty()).then_some(Output::Page(0));
            let others = LISTINGS.iter().filter_map(|path| renderer.output_at(path));
            page.into_iter().chain(others).all(|output| renderer.render(output).is_ok())
        });
        if has_no_fault {
            themes.push(Arc::clone(theme));
            themes.drain(..themes.len().saturating_sub(KEPT));
        }
        themes
    }

    /// The pages whose front matter can't be read in this site, as they were before.
    fn good_pages_beside(&self, checked: &Checked) -> HashMap<String, Vec<u8>> {
        let broken: BTreeSet<&str> = broken_sources(checked);
        let pages = checked.site.pages.iter();
        let pages = pages.filter(|page| broken.contains(page.runbook.source().path()));
        pages
            .filter_map(|page| {
                let path = &page.path;
                let known = self.good_pages.get(path).cloned();
                Some((path.clone(), known.or_else(|| self.page_without_fault(path))?))
            })
            .collect()
    }

    fn page_without_fault(&self, path: &str) -> Option<Vec<u8>> {
        let checked = self.checked.as_ref()?;
        let Some(Destination::Page(page)) = checked.site.at(path) else { return None };
        let source = checked.site.pages[*page].runbook.source();
        let is_broken = broken_sources(checked).contains(source.path());
        let page = || {
            let renderer = self.renderer(checked, &checked.inputs.theme);
            let renderer = renderer.as_ref().map_err(String::as_str);
            self.rendered(checked, renderer, Output::Page(*page)).ok()
        };
        if is_broken { None } else { page() }
    }

    /// What renders the site with a theme, or what is wrong with that.
    fn renderer<'s>(&self, checked: &'s Checked, theme: &'s Theme) -> Result<Renderer<'s>, String> {
        let renderer = Renderer::for_preview(&checked.site, theme, self.api())?;
        Ok(renderer.with_last_changes(checked.last_changes()))
    }

    /// A file of the site. Where a template has a fault, with the last theme that had none.
    fn rendered(
        &self,
        checked: &Checked,
        renderer: Result<&Renderer<'_>, &str>,
        output: Output<'_>,
    ) -> Result<Vec<u8>, Faulty> {
        let file = renderer.map_err(str::to_owned).and_then(|it| it.render(output));
        let with = |theme| self.renderer(checked, theme)?.render(output);
        file.map(|file| file.bytes).map_err(|message| Faulty {
            instead: self.good_themes.iter().rev().find_map(|theme| Some(with(theme).ok()?.bytes)),
            message,
        })
    }

    /// The address at which a page asks a carrier, if it asks the preview in its place.
    fn api(&self) -> Option<fn(&str) -> String> {
        let api =
            |carrier: &str| format!("/{OWN}/carriers/{}", encode_path(carrier).replace('/', "%2F"));
        self.passes_queries.then_some(api)
    }

    /// What stands at the path of an address.
    pub fn answer(&self, address: &str) -> Answer {
        let asked = percent_decode(address.trim_start_matches('/'));
        let Some(checked) = &self.checked else {
            return Answer::File(self.page(&asked, NothingBehind, None));
        };
        // A site that is published below a prefix has links that begin with it.
        let base = checked.site.base_path();
        let prefix = base.trim_matches('/');
        let below_prefix = asked.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/'));
        let candidates = [Some(&*asked), below_prefix.filter(|_| !prefix.is_empty())];
        for path in candidates.into_iter().flatten() {
            let path = if path.is_empty() || path.ends_with('/') {
                format!("{path}index.html")
            } else {
                path.to_owned()
            };
            if let Some(file) = self.file_at(checked, &path) {
                return Answer::File(file);
            }
            if checked.site.at(&format!("{path}/index.html")).is_some() {
                return Answer::Moved(format!("{}/", address.trim_end_matches('/')));
            }
        }
        let not_found = self.file_at(checked, NOT_FOUND);
        let not_found = not_found.unwrap_or_else(|| self.page(NOT_FOUND, NothingBehind, None));
        Answer::File(Delivered { found: false, ..not_found })
    }

    fn file_at(&self, checked: &Checked, path: &str) -> Option<Delivered> {
        let renderer = self.renderer(checked, &checked.inputs.theme);
        let good = || self.renderer(checked, self.good_themes.last()?).ok();
        let known = if let Ok(renderer) = &renderer {
            renderer.output_at(path)
        } else if let Some(good) = good() {
            good.output_at(path)
        } else {
            let is_page = path.ends_with(".html") && checked.site.at(path).is_some();
            return is_page.then(|| self.page(path, NothingBehind, None));
        };
        if let Some(output) = known {
            let renderer = renderer.as_ref().map_err(String::as_str);
            return Some(self.rendered_at(checked, renderer, path, output));
        }
        let (_, place) = checked.copies().find(|(own, _)| own == path)?;
        let body = std::fs::read(place).ok()?;
        Some(Delivered { found: true, media_type: media_type(path), body, seen: None })
    }

    fn rendered_at(
        &self,
        checked: &Checked,
        renderer: Result<&Renderer<'_>, &str>,
        path: &str,
        output: Output<'_>,
    ) -> Delivered {
        if let Some(body) = self.good_pages.get(path) {
            return self.page(path, Behind(body), None);
        }
        match self.rendered(checked, renderer, output) {
            Ok(body) => self.file(path, body, None),
            // The last good page stands behind the fault with its styles and scripts.
            Err(Faulty { message, instead: Some(body) }) => self.file(path, body, Some(&message)),
            Err(Faulty { message, instead: None }) => {
                self.page(path, NothingBehind, Some(&message))
            }
        }
    }

    /// A file, with its findings over it if it is a page.
    fn file(&self, path: &str, body: Vec<u8>, template_fault: Option<&str>) -> Delivered {
        let media_type = media_type(path);
        if media_type == HTML {
            return self.page(path, Behind(&body), template_fault);
        }
        Delivered { found: true, media_type, body, seen: None }
    }

    /// A page with its findings over it.
    fn page(&self, path: &str, behind: PageBehind<'_>, template_fault: Option<&str>) -> Delivered {
        let html = match behind {
            Behind(html) => String::from_utf8_lossy(html),
            NothingBehind => Cow::Borrowed(panel::EMPTY_PAGE),
        };
        let seen = Seen {
            page: Key::of(&[html.as_bytes(), self.copies.bytes()]),
            panel: panel::html(
                self.fault.as_deref(),
                self.checked.as_deref(),
                path,
                template_fault,
            ),
        };
        let body = panel::put_over(&html, &seen).into_bytes();
        Delivered { found: true, media_type: HTML.into(), body, seen: Some(seen) }
    }

    /// What somebody sees who has a page open.
    pub fn seen(&self, address: &str) -> Option<Seen> {
        match self.answer(address) {
            Answer::File(file) => file.seen,
            Answer::Moved(address) => self.seen(&address),
        }
    }
}

/// A template with a fault, and what can be shown in place of the page.
struct Faulty {
    message: String,
    instead: Option<Vec<u8>>,
}

/// The page that findings stand over.
#[derive(Clone, Copy)]
enum PageBehind<'p> {
    Behind(&'p [u8]),
    NothingBehind,
}
use PageBehind::{Behind, NothingBehind};

const HTML: &str = "text/html; charset=utf-8";

fn media_type(path: &str) -> Cow<'static, str> {
    let guessed = mime_guess::from_path(path).first_or_octet_stream();
    match guessed.type_() {
        mime_guess::mime::TEXT => format!("{guessed}; charset=utf-8").into(),
        _ => guessed.to_string().into(),
    }
}

/// The sources whose front matter can't be read.
fn broken_sources(checked: &Checked) -> BTreeSet<&str> {
    let findings = checked.report.entries().iter().map(|(_, finding)| finding);
    let broken = findings.filter(|finding| finding.check == INVALID_FRONT_MATTER);
    broken.map(|finding| finding.span.source().path()).collect()
}

/// What the files that are copied are like: their lengths and times.
fn copies(checked: &Checked) -> Key {
    let stamp = |place: &Path| {
        let metadata = place.metadata().ok()?;
        let time = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(format!("{} {}", metadata.len(), time.as_nanos()))
    };
    let stamps: Vec<String> = checked
        .copies()
        .map(|(path, place)| format!("{path} {}", stamp(place).unwrap_or_default()))
        .collect();
    Key::of(&stamps.iter().map(String::as_bytes).collect::<Vec<_>>())
}
