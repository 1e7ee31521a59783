//! Liquid, as far as Jekyll's runbooks use it: values of the site and the page in the text.
//!
//! [`expand`] fills in what it knows and leaves everything else as it stands, so that Go templates,
//! `{{ $labels.x }}` and the templates of other programs need no protection:
//!
//! | written | becomes |
//! |---|---|
//! | `{{ site.data.teams.armada-deploy.comm.name }}` | what the data files of the site say |
//! | `{{ page.title }}` | what the front matter says |
//! | `{{ page.url }}`, `{{ page.path }}`, `{{ page.name }}`, `{{ page.dir }}` | where the page and its file are |
//! | `{{ site.title }}`, `{{ site.url }}`, `{{ site.baseurl }}` | the title; the address: host, and path |
//! | `{% capture x %}…{% endcapture %}` | nothing; `{{ x }}` further down becomes the text within |
//! | `{% comment %}…{% endcomment %}` | nothing |
//! | `{% raw %}…{% endraw %}` | the text within, as it stands |
//! | `{% link drain.md %}` | the address of the file |
//!
//! The filters `default`, `escape`, `downcase`, `upcase`, `markdownify`, `relative_url` and
//! `absolute_url` can follow a value or a text in quotes, `{{ "/drain.html" | relative_url }}`, and a
//! dash in the braces takes away the white space on its side. As in Jekyll, all of this comes before
//! Markdown, so it works in code as well, and what is put in is read as Markdown.
//!
//! Architecture invariant: the text that comes out is a [derived](Source::derived) source. Whoever
//! reads it keeps ranges of it and makes spans of the file, without knowing about Liquid.

mod blocks;
mod data;
mod expansion;
mod expression;
mod marks;
mod unknown;

pub use data::{DATA_ENDINGS, Data, UNKNOWN_DATA};
pub use unknown::UNKNOWN_LIQUID;

use crate::diag::Diagnostic;
use crate::markdown::FrontMatter;
use crate::source::{Source, Span};
use expansion::Expansion;
use std::sync::Arc;

/// What a site has for the text of every page.
#[derive(Debug, Clone, Default)]
pub struct SiteVariables {
    title: String,
    url: String,
    base_path: String,
    /// The folder of the pages, with a `/` at its end, or nothing.
    content: String,
    data: Option<Data>,
}

impl SiteVariables {
    /// The variables of a site with this title, published at this address. `data` is none where the
    /// site has no data folder.
    pub fn new(title: impl Into<String>, base_url: Option<&str>, data: Option<Data>) -> Self {
        let address = base_url.unwrap_or_default().trim_end_matches('/');
        let host = address.find("://").map_or(0, |scheme| scheme + "://".len());
        let behind = address.get(host..).unwrap_or_default();
        let path = behind.find('/').map_or(address.len(), |slash| host + slash);
        let (url, base_path) = address.split_at_checked(path).unwrap_or((address, ""));
        let content = String::new();
        let (url, base_path) = (url.to_owned(), base_path.to_owned());
        Self { title: title.into(), url, base_path, content, data }
    }

    /// The same of a site whose pages are in this folder: below it is what pages know as their paths.
    #[must_use]
    pub fn with_content(mut self, folder: &str) -> Self {
        self.content = match folder.trim_end_matches('/') {
            "." | "" => String::new(),
            folder => format!("{folder}/"),
        };
        self
    }

    /// What Jekyll knows of the file of a page, by the name below `page`.
    fn of_file(&self, source: &Source, key: &str) -> Option<String> {
        let path = source.path().strip_prefix(&self.content).unwrap_or(source.path());
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let below = if folder.is_empty() { "/".to_owned() } else { format!("/{folder}/") };
        match key {
            "path" => Some(path.to_owned()),
            "name" => Some(name.to_owned()),
            "dir" => Some(below),
            // As Jekyll gives it, unless the site has a style for all addresses.
            "url" => Some(match name.strip_suffix(".md").unwrap_or(name) {
                "index" => below.replace(' ', "%20"),
                stem => format!("{below}{stem}.html").replace(' ', "%20"),
            }),
            _ => None,
        }
    }
}

/// A page with what Liquid stands for in place.
#[derive(Debug)]
pub struct Expanded {
    /// The text of the page.
    pub source: Arc<Source>,
    /// The addresses that the tag `link` stands for, and the path of each in the file: as in Jekyll,
    /// they are to exist wherever they stand.
    pub addresses: Vec<(String, Span)>,
    /// The findings of the checks [`UNKNOWN_DATA`] and [`UNKNOWN_LIQUID`], the latter in code as well.
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts what Liquid stands for into the text of a page. The front matter and its place are unchanged,
/// and a text in which nothing is to be put comes back as it is.
pub fn expand(source: &Arc<Source>, front_matter: &FrontMatter, site: &SiteVariables) -> Expanded {
    let body = source.text().get(front_matter.body()..).unwrap_or_default();
    let opens = |at: usize| matches!(body.as_bytes().get(at + 1), Some(b'{' | b'%'));
    if !memchr::memchr_iter(b'{', body.as_bytes()).any(opens) {
        let source = Arc::clone(source);
        return Expanded { source, addresses: Vec::new(), diagnostics: Vec::new() };
    }
    Expansion::new(source, front_matter, site).run()
}

#[cfg(test)]
mod tests;
