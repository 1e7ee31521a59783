//! Pages for a single alert, as the runbooks of the Prometheus operator have them: a file for each
//! alert that is named after it, with its name as the heading and often as the title
//! (`Kube Pod Crash Looping` in `KubePodCrashLooping.md`).
//!
//! A page whose title, first heading or file has the name of an alert is for that alert. That a page
//! is for an alert which does not exist is harder to say: files are named after their titles
//! everywhere. So it is said where the name can be nothing but that of an alert and is the title to
//! the letter; and else where most pages of this kind in the site are for alerts that exist.

use super::{Page, Site};
use crate::runbook::is_shaped;
use crate::source::Span;
use crate::yaml::Node;
use std::collections::HashMap;

/// A page for a single alert.
pub struct AlertPage {
    /// The page, as an index.
    pub page: usize,
    /// The name of the alert as the page has it.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The alert of the rules that is meant, if there is one.
    pub alert: Option<String>,
}

/// Files that stand beside runbooks and are about none.
const BESIDE: [&str; 12] = [
    "changelog",
    "contributing",
    "faq",
    "glossary",
    "home",
    "index",
    "introduction",
    "license",
    "overview",
    "readme",
    "template",
    "toc",
];

/// The pages of a site that are for a single alert. `names` are the alerts of the rules, `is_free`
/// says of a page that it names none in a table or in its front matter.
pub fn find<'n>(
    site: &Site,
    names: impl Iterator<Item = &'n str>,
    is_free: &dyn Fn(usize) -> bool,
) -> Vec<AlertPage> {
    let free: Vec<usize> = (0..site.pages.len()).filter(|page| is_free(*page)).collect();
    if free.is_empty() {
        return Vec::new();
    }
    let mut by_letters: HashMap<String, Option<&str>> = HashMap::new();
    for name in names {
        // Two alerts of the same letters are told apart by no title.
        by_letters.entry(letters(name)).and_modify(|one| *one = None).or_insert(Some(name));
    }
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for index in free {
        let page = &site.pages[index];
        let called = Named::new(page);
        if BESIDE.contains(&letters(page.stem()).as_str()) {
            continue;
        }
        let meant = called.all().find_map(|name| Some((name, (*by_letters.get(&letters(name))?)?)));
        match meant {
            Some((name, alert)) => {
                let alert = Some(alert.to_owned());
                let span = called.span(name);
                known.push(AlertPage { page: index, name: name.to_owned(), span, alert });
            }
            None => unknown.extend(called.unknown(index)),
        }
    }
    let files_are_alerts = !known.is_empty() && known.len() >= unknown.len();
    unknown.retain(|(_, is_plain)| *is_plain || files_are_alerts);
    known.extend(unknown.into_iter().map(|(page, _)| page));
    known.sort_by_key(|page| page.page);
    known
}

/// Where a name stands by which a page is one for a single alert.
pub fn span_of(page: &Page, name: &str) -> Span {
    Named::new(page).span(name)
}

/// What a page is called.
struct Named<'p> {
    page: &'p Page,
    title: Option<String>,
    heading: Option<&'p str>,
}

impl<'p> Named<'p> {
    fn new(page: &'p Page) -> Self {
        let title = page.front_matter("title");
        let heading = page.runbook.headings.first().map(|heading| heading.text.as_str());
        Self { page, title, heading }
    }

    /// All that it is called, the title first.
    fn all(&self) -> impl Iterator<Item = &str> {
        self.title.as_deref().into_iter().chain(self.heading).chain([self.page.stem()])
    }

    /// Where a name stands; that of the file stands at the title, or on top.
    fn span(&self, name: &str) -> Span {
        let title = self.page.runbook.front_matter.text("title");
        let heading = self.page.runbook.headings.first();
        match (title, heading) {
            (_, Some(heading))
                if self.heading == Some(name) && self.title.as_deref() != Some(name) =>
            {
                let source = self.page.runbook.source();
                let line = source.text()[heading.range.clone()].lines().next().unwrap_or_default();
                let at = heading.range.start + line.find(name).unwrap_or_default();
                let length = if line.contains(name) { name.len() } else { line.len() };
                Span::new(source, at..at + length)
            }
            (Some(title), _) => title.span().clone(),
            (None, _) => Span::new(self.page.runbook.source(), 0..0),
        }
    }

    /// The page as one for an alert that does not exist, and whether that is plain from its name
    /// alone.
    fn unknown(&self, index: usize) -> Option<(AlertPage, bool)> {
        let stem = self.page.stem();
        let title = self.title.as_deref();
        let is_titled = title == Some(stem);
        let is_like_file = self.all().take(2).any(|name| letters(name) == letters(stem));
        let is_like_heading =
            title.is_some_and(|title| Some(title) == self.heading && is_name(title));
        let name = [title, self.heading, Some(stem)]
            .into_iter()
            .flatten()
            .find(|name| is_name(name))
            .or_else(|| is_titled.then_some(stem))?;
        let is_parent = self.page.runbook.front_matter.get("has_children");
        let is_parent = is_parent.and_then(Node::as_bool) == Some(true);
        if is_parent || (!is_like_file && !is_like_heading) {
            return None;
        }
        let span = self.span(name);
        let page = AlertPage { page: index, name: name.to_owned(), span, alert: None };
        Some((page, is_titled && is_name(stem)))
    }
}

/// Whether a text looks like the name of an alert and not like that of a file.
fn is_name(text: &str) -> bool {
    is_shaped(text) && !text.contains('-')
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
