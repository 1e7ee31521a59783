//! From Jekyll's `_config.yml` (<https://jekyllrb.com/docs/configuration/options/>) to
//! `alertbook.yaml`, and what of it has no counterpart.

use super::glob::is_glob;
use super::{CHECK, base_url};
use crate::diag::Diagnostic;
use crate::diag::wording::on_one_line;
use crate::source::Source;
use crate::yaml::{self, Entry, Node, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a Jekyll site says about itself.
#[derive(Debug, Clone)]
pub struct JekyllSite {
    /// Its `_config.yml`.
    pub source: Arc<Source>,
    /// The folders at its top and one level below, with `/` between them.
    pub folders: BTreeSet<String>,
}

/// A configuration made of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The text of `alertbook.yaml`.
    pub text: String,
    /// What could not be carried over and what that means, in sentences.
    pub left_behind: Vec<String>,
}

/// What Jekyll leaves out whatever a site says (`default_excludes` in `jekyll/configuration.rb`),
/// where alertbook would not.
const LEFT_OUT_BY_JEKYLL: [&str; 8] = [
    "Gemfile",
    "Gemfile.lock",
    "gemfiles",
    "node_modules",
    "vendor/bundle",
    "vendor/cache",
    "vendor/gems",
    "vendor/ruby",
];

/// Keys that say how Jekyll itself runs, or what alertbook does anyway; nobody misses them.
const OF_NO_CONCERN: [&str; 22] = [
    "baseurl",
    "data_dir",
    "description",
    "destination",
    "encoding",
    "exclude",
    "future",
    "gems",
    "highlighter",
    "host",
    "incremental",
    "lang",
    "livereload",
    "port",
    "quiet",
    "safe",
    "source",
    "strict_front_matter",
    "timezone",
    "title",
    "url",
    "verbose",
];

/// The plugin for which alertbook has an option.
const OPTIONAL_FRONT_MATTER: &str = "jekyll-optional-front-matter";

/// Options of kramdown that alertbook's Markdown follows already, or has other means for.
const KNOWN_OF_KRAMDOWN: [&str; 3] = ["input", "syntax_highlighter", "syntax_highlighter_opts"];

/// Makes a configuration for the runbooks of a Jekyll site.
///
/// # Errors
///
/// Its `_config.yml` can't be read.
pub fn convert(site: &JekyllSite) -> Result<Converted, Vec<Diagnostic>> {
    let range = 0..site.source.text().len();
    let documents =
        yaml::parse(&site.source, range).map_err(|error| vec![error.into_diagnostic(CHECK)])?;
    let jekyll = Jekyll { site, root: documents.first() };
    let mut left_behind = Vec::new();
    let mut text = String::from(
        "# Made from Jekyll's _config.yml; from now on the two are independent of each other.\n\n",
    );
    text += &format!("title: {}\n", yaml::quoted(&jekyll.title(&mut left_behind)));
    if let Some(url) = jekyll.base_url(&mut left_behind) {
        text += "\n# Where the site is published: links there are links within the site.\n";
        text += &format!("base_url: {}\n", yaml::quoted(&url));
    }
    let source = jekyll.source();
    text += "\n# The folder with the runbooks.\n";
    text += &format!("content: {}\n", yaml::quoted(&source));
    if jekyll.plugins().contains(&OPTIONAL_FRONT_MATTER) {
        text += "\n# Markdown files are runbooks without front matter as well.\n";
        text += "front_matter: optional\n";
    }
    let exclude = jekyll.exclude(&mut left_behind);
    text +=
        "\n# What is no part of the site, beside names that begin with a dot or an underscore.\n";
    text += "exclude:\n";
    for glob in &exclude {
        text += &format!("  - {}\n", yaml::quoted(glob));
    }
    if let Some(data) = jekyll.data() {
        text += "\n# What {{ site.data.… }} refers to.\n";
        text += &format!("data: {}\n", yaml::quoted(&data));
    }
    jekyll.leave_behind(&mut left_behind);
    Ok(Converted { text, left_behind })
}

struct Jekyll<'s> {
    site: &'s JekyllSite,
    root: Option<&'s Node>,
}

impl Jekyll<'_> {
    fn get(&self, key: &str) -> Option<&Node> {
        self.root?.get(key).filter(|node| !node.is_null())
    }

    /// A text that says something, in one line.
    fn text(&self, key: &str) -> Option<String> {
        let text = on_one_line(self.get(key)?.as_str()?);
        (!text.is_empty()).then_some(text)
    }

    /// A list of texts, or one text with spaces between words.
    fn texts(&self, key: &str) -> Vec<&str> {
        let Some(node) = self.get(key) else { return Vec::new() };
        match node.as_str() {
            Some(words) => words.split_whitespace().collect(),
            None => node.items().iter().filter_map(Node::as_str).collect(),
        }
    }

    fn title(&self, left_behind: &mut Vec<String>) -> String {
        self.text("title").or_else(|| self.text("name")).unwrap_or_else(|| {
            left_behind.push("It has no `title`, so the site is called `Runbooks`.".to_owned());
            "Runbooks".to_owned()
        })
    }

    /// Where the site is published: Jekyll keeps the host and the path apart.
    fn base_url(&self, left_behind: &mut Vec<String>) -> Option<String> {
        let path = self.text("baseurl").unwrap_or_default();
        let path = path.trim_matches('/');
        let Some(host) = self.text("url") else {
            let path = match path {
                "" => String::new(),
                path => format!(", with the `/{path}` of `baseurl` at its end"),
            };
            left_behind.push(format!(
                "It has no `url`: write where the site is published as `base_url`{path}, so that \
                 links there and the `runbook_url`s of the rules can be checked."
            ));
            return None;
        };
        let slash = if path.is_empty() { "" } else { "/" };
        let url = format!("{}{slash}{path}", host.trim_end_matches('/'));
        match base_url(&url) {
            Ok(url) => Some(url),
            Err(fault) => {
                left_behind.push(format!("`url` and `baseurl` make `{url}`, which {fault}."));
                None
            }
        }
    }

    /// The folder with the pages, relative to the site.
    fn source(&self) -> String {
        let source = self.text("source").unwrap_or_default();
        let source = source.trim_start_matches("./").trim_matches('/');
        if source.is_empty() { ".".to_owned() } else { source.to_owned() }
    }

    /// A path below the source, relative to the site.
    fn below_source(&self, path: &str) -> String {
        let path = path.trim_start_matches("./").trim_matches('/');
        match self.source().as_str() {
            "." => path.to_owned(),
            source => format!("{source}/{path}"),
        }
    }

    fn exclude(&self, left_behind: &mut Vec<String>) -> Vec<String> {
        let mut globs: Vec<String> = Vec::new();
        for pattern in self.texts("exclude").into_iter().chain(LEFT_OUT_BY_JEKYLL) {
            let path = pattern.trim_start_matches("./").trim_matches('/');
            let is_wild = path.contains(['*', '?', '[']);
            // Jekyll's `*` goes over slashes, so it means a name in any folder.
            let glob =
                if is_wild && !path.contains('/') { format!("**/{path}") } else { path.to_owned() };
            let glob = self.below_source(&glob);
            if path.is_empty() || !is_glob(&glob) {
                left_behind.push(format!("`{pattern}` in `exclude` is no pattern here."));
            } else if !globs.contains(&glob) {
                globs.push(glob);
            }
        }
        globs
    }

    /// The folder with data, if the site has one.
    fn data(&self) -> Option<String> {
        let configured = self.text("data_dir");
        let folder = self.below_source(configured.as_deref().unwrap_or("_data"));
        (configured.is_some() || self.site.folders.contains(&folder)).then_some(folder)
    }

    fn plugins(&self) -> Vec<&str> {
        ["plugins", "gems"].into_iter().flat_map(|key| self.texts(key)).collect()
    }

    /// Says what is not carried over, the weightiest first.
    fn leave_behind(&self, said: &mut Vec<String>) {
        let mut plugins = self.plugins();
        plugins.retain(|plugin| *plugin != OPTIONAL_FRONT_MATTER);
        if !plugins.is_empty() {
            said.push(format!("No plugin runs: {}.", listed(plugins)));
        }
        let collections: Vec<&str> = match self.get("collections").map(|node| &node.value) {
            Some(Value::Mapping(entries)) => entries.iter().map(Entry::name).collect(),
            _ => self.texts("collections"),
        };
        for name in collections.into_iter().chain(self.has_folder("_posts").then_some("posts")) {
            said.push(format!(
                "The collection `{name}` is no part of the site: move `{}` to a folder whose name \
                 begins with a letter.",
                self.below_source(&format!("_{name}"))
            ));
        }
        // These styles are about posts alone; pages keep their paths.
        let of_posts = ["date", "ordinal", "weekdate", "none"];
        if let Some(style) = self.text("permalink").filter(|it| !of_posts.contains(&it.as_str())) {
            said.push(format!(
                "`permalink: {style}` has no effect: the page of `a/b.md` is `a/b.html`. Links \
                 without the ending are understood; for older addresses from elsewhere, a page \
                 names one as `link:` in its front matter."
            ));
        }
        if self.get("defaults").is_some() {
            said.push(
                "`defaults` has no effect: write the values into the front matter of the pages."
                    .to_owned(),
            );
        }
        let include = self.texts("include");
        if !include.is_empty() {
            said.push(format!(
                "`include` has no effect: names that begin with a dot or an underscore are no part \
                 of the site, {} neither.",
                listed(include)
            ));
        }
        self.leave_looks_behind(said);
        if let Some(markdown) =
            self.text("markdown").filter(|it| !it.eq_ignore_ascii_case("kramdown"))
        {
            said.push(format!("Pages are read as kramdown reads them, not as `{markdown}` does."));
        }
        let options = self.get("kramdown").map_or(&[][..], Node::entries).iter();
        let options = options.map(Entry::name);
        let options: Vec<&str> = options.filter(|it| !KNOWN_OF_KRAMDOWN.contains(it)).collect();
        if !options.is_empty() {
            said.push(format!("Options of kramdown have no effect: {}.", listed(options)));
        }
        let rest = self.root.map_or(&[][..], Node::entries).iter().map(Entry::name);
        let rest: BTreeSet<&str> = rest.filter(|key| !is_known(key)).collect();
        if !rest.is_empty() {
            said.push(format!("Nothing here reads {}.", listed(rest)));
        }
    }

    fn leave_looks_behind(&self, said: &mut Vec<String>) {
        if let Some(theme) = self.text("remote_theme").or_else(|| self.text("theme")) {
            said.push(format!(
                "The theme `{theme}` is not used: alertbook has its own, whose files a site can \
                 replace in `templates/` and `static/`."
            ));
        }
        let folders: Vec<String> = [
            (self.text("layouts_dir"), "_layouts"),
            (self.text("includes_dir"), "_includes"),
            (None, "_sass"),
        ]
        .into_iter()
        .filter_map(|(named, usual)| {
            let folder = named.unwrap_or_else(|| usual.to_owned());
            self.has_folder(&folder).then(|| self.below_source(&folder))
        })
        .collect();
        if !folders.is_empty() {
            said.push(format!(
                "Jekyll's templates are not read: {}.",
                listed(folders.iter().map(String::as_str))
            ));
        }
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.site.folders.contains(&self.below_source(folder))
    }
}

/// Whether a key is carried over, spoken of by itself, or of no concern.
fn is_known(key: &str) -> bool {
    const SPOKEN_OF: [&str; 12] = [
        "collections",
        "defaults",
        "include",
        "includes_dir",
        "kramdown",
        "layouts_dir",
        "markdown",
        "name",
        "permalink",
        "plugins",
        "remote_theme",
        "theme",
    ];
    OF_NO_CONCERN.contains(&key) || SPOKEN_OF.contains(&key)
}

/// Names in a row: `` `a`, `b` ``.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
