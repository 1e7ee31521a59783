//! The theme: templates, stylesheet and scripts, built in and replaceable file by file.

use super::escape::write_escaped;
use super::lean;
use super::views::AssetsView;
use rayon::prelude::*;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use tera::{Kwargs, State, Value};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct BuiltInTemplates;

#[derive(RustEmbed)]
#[folder = "static/"]
struct BuiltInAssets;

/// The folder of the output that holds the theme's files.
pub const ASSETS: &str = "assets";

/// The template of a page whose `layout` names no other one.
pub(super) const PAGE: &str = "page.html";

/// The script that redirects load; no other page does.
const REDIRECT_SCRIPT: &str = "redirect.js";

/// The script that is no page's.
const WORKER: &str = "worker.js";

/// What the scripts of a page are called as one.
const SCRIPTS: &str = "alertbook.js";

/// What each script begins with.
const STRICT: &[u8] = b"\"use strict\";";

/// Scripts that travel alone: what looks something up is as large as half of the others.
const FINDERS: [&str; 2] = ["palette-match.js", "search.js"];

/// Templates and assets by name, those of the site in place of the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    templates: BTreeMap<String, String>,
    /// The names of those that are the site's own.
    own: BTreeSet<String>,
    assets: BTreeMap<String, Cow<'static, [u8]>>,
    /// Files of the site's own that replace nothing; they keep their names.
    extra: BTreeMap<String, Vec<u8>>,
    /// The templates, read when they are first needed; again after one was replaced.
    engine: OnceLock<Result<Arc<tera::Tera>, String>>,
    /// Whether a script of the site's own takes the place of a built-in one.
    has_own_scripts: bool,
}

impl Theme {
    /// The theme that is built in.
    pub fn built_in() -> Self {
        let mut theme = Self::default();
        for name in BuiltInTemplates::iter() {
            if let Some(file) = BuiltInTemplates::get(&name) {
                let text = String::from_utf8_lossy(&file.data).into_owned();
                theme.templates.insert(name.into_owned(), text);
            }
        }
        let names: Vec<Cow<'_, str>> = BuiltInAssets::iter().collect();
        let served = names.into_par_iter().filter_map(|name| {
            let data = as_served(&name, BuiltInAssets::get(&name)?.data);
            Some((name.into_owned(), data))
        });
        theme.assets.extend(served.collect::<Vec<_>>());
        theme
    }

    /// Puts a template of the site in place of the one of its name, or beside the others, for
    /// `layout:` and for templates that include it. One that is the built-in one to the byte, as in a
    /// copy of the theme, is taken as that.
    pub fn set_template(&mut self, name: &str, text: String) {
        if BuiltInTemplates::get(name).is_some_and(|file| *file.data == *text.as_bytes()) {
            self.own.remove(name);
        } else {
            self.own.insert(name.to_owned());
        }
        self.templates.insert(name.to_owned(), text);
        self.engine = OnceLock::new();
    }

    /// Puts a file of the site in place of the one of its name, or beside the others. One that is
    /// the built-in one to the byte, as in a copy of the theme, is served as that is.
    pub fn set_asset(&mut self, name: &str, bytes: Vec<u8>) {
        if self.assets.contains_key(name) {
            let built_in = BuiltInAssets::get(name).is_some_and(|file| *file.data == *bytes);
            let bytes = Cow::Owned(bytes);
            let data = if built_in { as_served(name, bytes) } else { bytes };
            self.has_own_scripts |= !built_in && is_joined(name);
            self.assets.insert(name.to_owned(), data);
        } else {
            self.extra.insert(name.to_owned(), bytes);
        }
    }

    /// Whether a template is the built-in one, of which it is known what it asks for.
    pub(super) fn is_built_in(&self, template: &str) -> bool {
        !self.own.contains(template)
    }

    /// Whether the site has templates of its own, which may ask for all that there is.
    pub(super) fn has_own_templates(&self) -> bool {
        !self.own.is_empty()
    }

    /// What is in every page of the site and in no other, if there is such a thing: a site whose own
    /// templates begin a page without it has none.
    pub(super) fn mark(&self) -> &'static str {
        const MARK: &str = "<meta name=\"generator\" content=\"alertbook\">";
        let is_marked = |text: &String| !text.contains("<html") || text.contains(MARK);
        if self.templates.values().all(is_marked) { MARK } else { "" }
    }

    /// The template that a page with this `layout` is rendered with: the site's own of that name.
    /// The built-in ones beside [`PAGE`] are made for something else than pages, and Jekyll's
    /// names for layouts (`default`, `home`) mean nothing as long as no such template is there.
    pub(super) fn layout(&self, layout: Option<&str>) -> String {
        let named = layout.map(|layout| format!("{layout}.html"));
        let own = |name: &String| {
            self.templates.contains_key(name) && BuiltInTemplates::get(name).is_none()
        };
        named.filter(own).unwrap_or_else(|| PAGE.to_owned())
    }

    /// The templates, ready to be rendered.
    ///
    /// # Errors
    ///
    /// A template of the site has a fault; the message says where.
    pub fn engine(&self) -> Result<Arc<tera::Tera>, String> {
        let make = || {
            let mut engine = tera::Tera::new();
            engine.autoescape_on(vec![".html", ".xml"]);
            engine.set_escape_fn(write_escaped);
            engine.register_filter("safe", safe);
            engine.add_raw_templates(&self.templates).map_err(|error| fault(&error))?;
            Ok(Arc::new(engine))
        };
        self.engine.get_or_init(make).clone()
    }

    /// The script that keeps the site in a browser.
    pub(super) fn worker(&self) -> &[u8] {
        self.assets.get(WORKER).map_or(&[], |bytes| bytes)
    }

    /// The files of the theme with their paths in the output, and what templates call them.
    /// `carriers` is the script that says which carriers there are, `styles` are rules for the end
    /// of the stylesheet.
    ///
    /// The scripts travel as one file, which is a quarter smaller than all of them and there at once,
    /// and which nothing waits for; as soon as the site has one of its own, each alone, so that a fault
    /// in that one stops no other.
    pub fn assets(&self, carriers: &str, styles: &str) -> (Vec<(String, Vec<u8>)>, AssetsView) {
        let mut files = Vec::new();
        let mut view = AssetsView {
            stylesheet: String::new(),
            scripts: Vec::new(),
            scripts_load: if self.has_own_scripts { "defer" } else { "async" },
            redirect_script: String::new(),
        };
        let mut put = |name: &str, bytes: Cow<'static, [u8]>| {
            let path = format!("{ASSETS}/{}", hashed_name(name, &bytes));
            files.push((path.clone(), bytes.into_owned()));
            path
        };
        if self.has_own_scripts {
            view.scripts.push(put("carriers.js", Cow::Owned(carriers.as_bytes().to_vec())));
        }
        let mut finders = Vec::new();
        for (name, bytes) in &self.assets {
            let mut bytes = bytes.clone();
            if name == WORKER || (!self.has_own_scripts && is_joined(name)) {
                continue;
            }
            if name.ends_with(".css") && !styles.is_empty() {
                bytes.to_mut().extend_from_slice(styles.as_bytes());
            }
            let path = put(name, bytes);
            match name.rsplit_once('.') {
                _ if name == REDIRECT_SCRIPT => view.redirect_script = path,
                Some((_, "js")) if self.has_own_scripts => view.scripts.push(path),
                Some((_, "js")) => finders.push(path),
                Some((_, "css")) => view.stylesheet = path,
                _ => {}
            }
        }
        if !self.has_own_scripts {
            view.scripts.push(put(SCRIPTS, Cow::Owned(self.joined(carriers, &finders))));
        }
        for (name, bytes) in &self.extra {
            files.push((format!("{ASSETS}/{name}"), bytes.clone()));
        }
        (files, view)
    }

    /// The scripts of pages as one that needs no place in any order. It starts when the page is read:
    /// one that is late keeps no browser from going to the section that an address names. `finders` are
    /// the paths of what comes after it.
    fn joined(&self, carriers: &str, finders: &[String]) -> Vec<u8> {
        let finders = serde_json::Value::from(finders);
        let start = format!(
            "{carriers}globalThis.alertbook.loadFinders = () => \
             Promise.all({finders}.map((path) => globalThis.alertbook.load(path)));\n\
             (() => {{\nconst start = () => {{\n\"use strict\";"
        );
        let mut joined = start.into_bytes();
        for (_, bytes) in self.assets.iter().filter(|(name, _)| is_joined(name)) {
            // Said once, at the beginning of all of them.
            joined.extend_from_slice(bytes.strip_prefix(STRICT).unwrap_or(bytes));
        }
        let end = "document.dispatchEvent(new Event(\"alertbook:ready\"));\n\
                   globalThis.alertbook.loadFinders().catch(() => {});\n};\n\
                   if (document.readyState === \"loading\") document.addEventListener(\"DOMContentLoaded\", start);\n\
                   else start();\n})();\n";
        joined.extend_from_slice(end.as_bytes());
        joined
    }
}

/// Whether a file of the theme is one of the scripts of pages that travel together.
fn is_joined(name: &str) -> bool {
    name.ends_with(".js") && ![WORKER, REDIRECT_SCRIPT].contains(&name) && !FINDERS.contains(&name)
}

/// A built-in file as it travels.
fn as_served(name: &str, data: Cow<'static, [u8]>) -> Cow<'static, [u8]> {
    match std::str::from_utf8(&data) {
        Ok(text) if name.ends_with(".js") => Cow::Owned(lean::script(text).into_bytes()),
        Ok(text) if name.ends_with(".css") => Cow::Owned(lean::stylesheet(text).into_bytes()),
        _ => data,
    }
}

/// A name that changes with the content, so that browsers may keep the file for ever.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let short = &hash.as_str()[..10];
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{short}.{ending}"),
        None => format!("{name}-{short}"),
    }
}

/// What the engine's own filter does, without a copy of what may be the whole article of a page.
fn safe(value: Value, _: Kwargs, _: &State<'_>) -> Value {
    if value.is_string() { value.mark_safe() } else { Value::safe_string(&value.to_string()) }
}

/// What the engine says about a template, with the path of the file as the site has it.
pub(super) fn fault(error: &tera::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    format!("a template has a fault: {}", text.replace(" --> ", " --> templates/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_is_a_template_of_the_site() {
        let mut theme = Theme::built_in();
        theme.set_template("home.html", String::new());
        theme.set_template("alert.html", String::new());
        for (layout, template) in [
            (None, "page.html"),
            (Some("default"), "page.html"),
            (Some("home"), "home.html"),
            // Another kind of page, whoever wrote its template.
            (Some("alert"), "page.html"),
            (Some("base"), "page.html"),
            (Some("../home"), "page.html"),
        ] {
            assert_eq!(theme.layout(layout), template, "{layout:?}");
        }
    }

    #[test]
    fn a_copy_of_a_built_in_file_is_served_as_that_is() {
        let mut theme = Theme::built_in();
        let (before, _) = theme.assets("", "");
        let written = BuiltInAssets::get("carrier.js").unwrap().data.into_owned();
        theme.set_asset("carrier.js", written.clone());
        assert_eq!(theme.assets("", "").0, before);
        let comment = written.split(|byte| *byte == b'\n').next().unwrap();
        let has_comment = |bytes: &Vec<u8>| bytes.windows(comment.len()).any(|it| it == comment);
        assert!(!before.iter().any(|(_, bytes)| has_comment(bytes)), "its comments do not travel");
    }

    #[test]
    fn scripts_travel_together_until_the_site_has_one_of_its_own() {
        let mut theme = Theme::built_in();
        let (files, view) = theme.assets("", "");
        let joined = files
            .iter()
            .find(|(path, _)| path.starts_with("assets/alertbook-") && path.ends_with(".js"));
        let (path, all) = joined.unwrap();
        assert_eq!((&view.scripts, view.scripts_load), (&vec![path.clone()], "async"));
        for finder in FINDERS {
            let (stem, _) = finder.rsplit_once('.').unwrap();
            let start = format!("assets/{stem}-");
            let (path, _) = files.iter().find(|(path, _)| path.starts_with(&start)).unwrap();
            assert!(String::from_utf8_lossy(all).contains(&format!("\"{path}\"")), "{path}");
        }
        let (run, carrier) = (theme.assets["run.js"].clone(), theme.assets["carrier.js"].clone());
        let place = |part: &[u8]| {
            let part = part.strip_prefix(STRICT).unwrap();
            all.windows(part.len()).position(|it| it == part).unwrap()
        };
        assert!(place(&carrier) < place(&run), "in the order of their names");

        theme.set_asset("carrier.js", b"own".to_vec());
        let (files, view) = theme.assets("", "");
        assert!(view.scripts.len() > 15 && !files.iter().any(|(file, _)| file == path));
        assert_eq!(view.scripts_load, "defer");
        assert!(view.scripts[0].contains("carriers"), "the others read what it says");
        assert!(
            files
                .iter()
                .any(|(file, bytes)| file.starts_with("assets/carrier-") && bytes == b"own")
        );
        assert!(
            files.iter().any(|(file, bytes)| file.starts_with("assets/run-") && *bytes == *run)
        );
        // The look is another matter.
        let mut theme = Theme::built_in();
        theme.set_asset("alertbook.css", b"body{}".to_vec());
        assert!(theme.assets("", "").1.scripts.contains(path));
    }

    #[test]
    fn files_of_the_site_replace_built_in_ones() {
        let mut theme = Theme::built_in();
        let (_, before) = theme.assets("", "");
        theme.set_asset("alertbook.css", b"body{}".to_vec());
        theme.set_asset("logo.svg", b"<svg/>".to_vec());
        theme.set_template("page.html", "{{ page.title }}".to_owned());
        let (files, view) = theme.assets("", "");
        assert_ne!(before.stylesheet, view.stylesheet);
        assert!(files.contains(&(view.stylesheet, b"body{}".to_vec())));
        assert!(files.contains(&("assets/logo.svg".to_owned(), b"<svg/>".to_vec())));
        let mut context = tera::Context::new();
        context.insert("page", &serde_json::json!({"title": "A & B"}));
        let page = theme.engine().unwrap().render("page.html", &context).unwrap();
        assert_eq!(page, "A &amp; B");
    }

    #[test]
    fn pages_are_marked_unless_the_site_has_its_own_frame() {
        let mut theme = Theme::built_in();
        let frames = theme.templates.values().filter(|text| text.contains("<html")).count();
        assert_eq!((frames, theme.mark().is_empty()), (2, false));
        theme.set_template("base.html", "<html>".to_owned());
        assert_eq!(theme.mark(), "");
    }
}
