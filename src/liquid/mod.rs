//! Liquid, as far as Jekyll's runbooks use it: values of the site and the page in the text.
//!
//! [`expand`] fills in what it knows and leaves everything else as it stands, so that Go templates,
//! `{{ $labels.x }}` and the templates of other programs need no protection:
//!
//! | written | becomes |
//! |---|---|
//! | `{{ site.data.teams.armada-deploy.comm.name }}` | what the data files of the site say |
//! | `{{ page.title }}` | what the front matter says |
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
        Self { title: title.into(), url: url.to_owned(), base_path: base_path.to_owned(), data }
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
    if !body.contains("{{") && !body.contains("{%") {
        let source = Arc::clone(source);
        return Expanded { source, addresses: Vec::new(), diagnostics: Vec::new() };
    }
    Expansion::new(source, front_matter, site).run()
}

#[cfg(test)]
mod tests;
