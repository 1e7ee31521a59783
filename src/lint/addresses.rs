//! What to say about an address that leads nowhere: where it would lead, and what was meant.
//!
//! A suggestion can be put in place of what its author wrote: a relative address stays relative, a
//! full one full, and `.md` stays `.md`.

use crate::diag::Diagnostic;
use crate::diag::fix::{Edit, Fix, Safety};
use crate::runbook::Link;
use crate::site::address::{encode_fragment, encode_path, relative_url};
use crate::site::{Destination, Page, Site};
use crate::source::{Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// The part of an address that a finding is about.
#[derive(Debug, Clone)]
pub struct Part {
    source: Arc<Source>,
    range: Range<usize>,
    /// Whether the part itself stands there, so that another one can be put in its place.
    is_written: bool,
}

impl Part {
    /// The path of a link, without query string and fragment; the whole address where it is not
    /// written as it is meant.
    pub fn path(page: &Page, link: &Link) -> Self {
        Self::new(page, link, |url| 0..url.find(['?', '#']).unwrap_or(url.len()))
    }

    /// The fragment of a link, with its `#`; the whole address where it is not written as it is
    /// meant.
    pub fn fragment(page: &Page, link: &Link) -> Self {
        Self::new(page, link, |url| url.find('#').unwrap_or_default()..url.len())
    }

    fn new(page: &Page, link: &Link, part: impl Fn(&str) -> Range<usize>) -> Self {
        let source = Arc::clone(page.runbook.source());
        let whole = link.range.clone();
        let is_written = source.text().get(whole.clone()) == Some(&link.url);
        let part = if is_written { part(&link.url) } else { 0..whole.len() };
        // An address may be nothing but a fragment.
        let part = if part.is_empty() { 0..whole.len() } else { part };
        Self { source, range: whole.start + part.start..whole.start + part.end, is_written }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        Span::new(&self.source, self.range.clone())
    }

    /// The fix that writes another part in its place.
    pub fn fix(&self, safety: Safety, part: &str) -> Option<Fix> {
        let edit = Edit::new(&self.source, self.range.clone(), part);
        Fix::new(safety, [edit]).filter(|_| self.is_written)
    }
}

/// How a sentence about a path at which nothing stands ends.
pub fn nothing_there(path: &str) -> &'static str {
    // Paths inside of the site have no such parts left.
    if path.split('/').any(|part| part == "..") {
        "is outside of the site"
    } else {
        "does not exist"
    }
}

/// How a sentence about a fragment ends that leads nowhere.
pub fn no_such_section(site: &Site, from: &str, destination: &Destination) -> String {
    match site.landing_pages(destination) {
        [page] if site.pages[*page].path == from => "which this page does not have".to_owned(),
        [page] => format!("which `{}` does not have", site.pages[*page].path),
        _ => "which none of the pages there has".to_owned(),
    }
}

/// Adds which address was probably meant by one that leads to a `path` at which nothing stands.
/// `written` is the address as it stands on the page at the output path `from`, or in no page;
/// `part` is where, if it may be written anew.
pub fn suggest_path(
    site: &Site,
    from: Option<&str>,
    written: &str,
    path: &str,
    part: Option<&Part>,
    found: Diagnostic,
) -> Diagnostic {
    match site.path_like(path, from) {
        Some((known, is_clear)) => {
            let url = as_written(site, from, written, path, known);
            let part = part.filter(|_| is_clear);
            found
                .with_fix(part.and_then(|part| part.fix(Safety::Unsafe, &url)))
                .with_help(format!("did you mean `{url}`?"))
        }
        None => found,
    }
}

/// The address of an output path in the manner of another one, which leads to `path`.
fn as_written(site: &Site, from: Option<&str>, written: &str, path: &str, known: String) -> String {
    let written = written.split(['?', '#']).next().unwrap_or_default();
    let name = written.rsplit('/').next().unwrap_or_default();
    let known = match known.strip_suffix(".html") {
        Some(stem) if name.ends_with(".md") && !site.files.contains(&known) => format!("{stem}.md"),
        Some(stem) if name.is_empty() => match stem.strip_suffix("index") {
            Some(folder) => folder.to_owned(),
            None => known,
        },
        Some(stem) if !name.contains('.') => stem.to_owned(),
        _ => known,
    };
    if let Some(inside) = site.internal_part(written) {
        let base = written[..written.len() - inside.len()].trim_end_matches('/');
        return format!("{base}/{}", encode_path(&known));
    }
    // The address of a rule may be a path from anywhere.
    if let (None, Some(front)) = (from, written.strip_suffix(path)) {
        return format!("{front}{}", encode_path(&known));
    }
    let base = site.base_path();
    match (written.starts_with('/'), from) {
        (true, _) if written.starts_with(&base) => format!("{base}{}", encode_path(&known)),
        (true, _) | (false, None) => format!("/{}", encode_path(&known)),
        (false, Some(from)) => relative_url(from, &known),
    }
}

/// Adds which fragment was probably meant by one that leads nowhere: that of a section where one
/// is near, else of any other place. `part` is where the fragment stands, if it may be written
/// anew.
pub fn suggest_fragment(
    site: &Site,
    destination: &Destination,
    fragment: &str,
    part: Option<&Part>,
    found: Diagnostic,
) -> Diagnostic {
    let found = found.with_label("no such section");
    let fix = |safety, id: &str| part?.fix(safety, &format!("#{}", encode_fragment(id)));
    let sections = site.sections_of(destination);
    let same = sections.in_another_case(fragment);
    if let Some(first) = same.first() {
        let safety = if same.len() == 1 { Safety::Safe } else { Safety::Unsafe };
        let help = format!("write `#{first}`: upper and lower case are told apart here");
        let found = found.with_help(help).with_fix(fix(safety, first));
        return relate_heading(site, destination, first, found);
    }
    if let Some((near, is_only)) = sections.heading_like(fragment) {
        let found = found.with_help(format!("did you mean `#{near}`?")).with_fix(if is_only {
            fix(Safety::Unsafe, near)
        } else {
            None
        });
        return relate_heading(site, destination, near, found);
    }
    match sections.anchor_like(fragment) {
        Some(near) => found.with_help(format!("did you mean `#{near}`?")),
        None => found.with_help("link to the id of a heading, or to the page without a fragment"),
    }
}

/// Adds the heading of a fragment as another place.
pub fn relate_heading(
    site: &Site,
    destination: &Destination,
    fragment: &str,
    found: Diagnostic,
) -> Diagnostic {
    let mut pages = site.landing_pages(destination).iter().map(|page| &site.pages[*page]);
    let heading = pages.find_map(|page| {
        let heading = &page.runbook.headings[page.heading_with_id(fragment)?];
        let source = page.runbook.source();
        let line = source.text()[heading.range.clone()].lines().next().unwrap_or_default();
        Some(Span::new(source, heading.range.start..heading.range.start + line.len()))
    });
    match heading {
        Some(span) => found.with_related(span, "this section"),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::site::Parts;
    use std::collections::BTreeSet;

    #[test]
    fn what_was_meant_is_written_as_the_address_was() {
        let text = "title: T\nbase_url: https://r.example/docs\nhosts: [https://old.example]\n";
        let config = config::parse(&Source::new("alertbook.yaml", text)).unwrap();
        let files = BTreeSet::from(["a/page.html".to_owned()]);
        let site = Site::assemble(config, Parts { files, ..Parts::default() });
        let page = Some("x/here.html");
        for (from, written, path, known, expected) in [
            (page, "drian.html", "x/drian.html", "a/drain.html", "../a/drain.html"),
            (page, "drian.html?y#z", "x/drian.html", "x/drain.html", "drain.html"),
            (page, "drian.md", "x/drian.md", "a/drain.html", "../a/drain.md"),
            (page, "drian", "x/drian", "a/drain.html", "../a/drain"),
            (page, "drian/", "x/drian/", "a/drain/index.html", "../a/drain/"),
            (page, "drian/", "x/drian/", "a/drain.html", "../a/drain.html"),
            (page, "drian.html", "x/drian.html", "a/of disks.html", "../a/of%20disks.html"),
            // A file has no other name.
            (page, "paeg.md", "x/paeg.md", "a/page.html", "../a/page.html"),
            (page, "/docs/drian.html", "drian.html", "a/drain.html", "/docs/a/drain.html"),
            (page, "/drian.html", "drian.html", "a/drain.html", "/a/drain.html"),
            (
                page,
                "https://r.example/docs/drian#z",
                "drian",
                "a/drain.html",
                "https://r.example/docs/a/drain",
            ),
            (
                None,
                "https://old.example/drian.md",
                "drian.md",
                "a/drain.html",
                "https://old.example/a/drain.md",
            ),
            // Rules may name a path from anywhere.
            (None, "../book/a/drian.md", "a/drian.md", "a/drain.html", "../book/a/drain.md"),
            (None, "drian.html", "a/drian.html", "a/drain.html", "/a/drain.html"),
        ] {
            let address = as_written(&site, from, written, path, known.to_owned());
            assert_eq!(address, expected, "{written} {known}");
        }
    }
}
