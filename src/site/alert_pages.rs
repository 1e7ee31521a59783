//! Pages for a single alert, as the runbooks of the Prometheus operator have them: a file for each
//! alert that is named after it, with its name as the heading and often as the title
//! (`Kube Pod Crash Looping` in `KubePodCrashLooping.md`).
//!
//! A page whose title, first heading or file has the name of an alert is for that alert, unless its
//! title or heading spells a name that is a slip of it: then somebody has renamed one of the two, and
//! the file or a title in words has stayed behind. That a page
//! is for an alert which does not exist is harder to say: files are named after their titles
//! everywhere, and `OnCall.md`, `PostgreSQL.md` or `Escalation.md` are for none. So the name alone says
//! nothing. It takes a name that is a letter off one of the rules, or a place among pages of alerts, where
//! no row and no rule sends readers of another alert, and a page that is built like those or called like
//! them.

mod likeness;
mod places;

use super::{Page, Resolved, Site};
use crate::diag::suggest::{distance, letters};
use crate::runbook::{is_shaped, shaped_words};
use crate::source::Span;
use crate::yaml::Node;
use likeness::{Likeness, Structure, count_words};
use std::collections::{HashMap, HashSet};

use places::{Place, Places};

pub(super) use likeness::Names;

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

/// How many letters of a name a slip changes at most.
const SLIPS: usize = 2;

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
    if !(0..site.pages.len()).any(is_free) {
        return Vec::new();
    }
    let mut by_letters: HashMap<String, Option<&str>> = HashMap::new();
    for name in names {
        // Two alerts of the same letters are told apart by no title.
        by_letters.entry(letters(name)).and_modify(|one| *one = None).or_insert(Some(name));
    }
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    let mut others: Vec<&Page> = Vec::new();
    for (index, page) in site.pages.iter().enumerate() {
        let called = Named::new(page);
        if is_beside_runbooks(page) || !is_free(index) {
            others.push(page);
            continue;
        }
        let meant = called.all().find_map(|name| Some((name, (*by_letters.get(&letters(name))?)?)));
        match meant {
            Some((name, alert)) => {
                let slip =
                    called.slip(alert).filter(|slip| !by_letters.contains_key(&letters(slip)));
                let (name, alert) = match (called.respelled(alert), slip) {
                    (Some(respelled), _) => (respelled, None),
                    (None, Some(slip)) if !is_name(name) => (slip, None),
                    _ => (name, Some(alert.to_owned())),
                };
                let span = called.span(name);
                known.push(AlertPage { page: index, name: name.to_owned(), span, alert });
            }
            None => match called.unknown(index) {
                Some(candidate) => unknown.push(candidate),
                None => others.push(page),
            },
        }
    }
    if !unknown.is_empty() {
        let pages: Vec<&Page> = known.iter().map(|of: &AlertPage| &*site.pages[of.page]).collect();
        let structure = Structure::of(&pages, &others);
        let candidates = unknown.iter().map(|candidate| &*site.pages[candidate.page.page]);
        let (alike, unlike): (Vec<&Page>, Vec<&Page>) =
            candidates.partition(|page| structure.like(page).sections >= 1);
        others.extend(unlike);
        let places = Places::of(&pages, &alike, &others);
        let raised = Names::new(by_letters.values().flatten().copied());
        let serving = serving(site);
        let names: HashSet<&str> = by_letters.values().flatten().copied().collect();
        unknown.retain(|candidate| {
            let page = &site.pages[candidate.page.page];
            // Its own alert may have been renamed in the rule alone.
            let is_another = |alert: &&str| {
                let name = letters(&candidate.page.name);
                distance(&letters(alert), &name) > SLIPS
            };
            let served = serving.get(&candidate.page.page);
            let is_free = !served.is_some_and(|alerts| alerts.iter().any(is_another))
                && !documents(page, &names);
            let place = if is_free { places.place(page) } else { Place::Elsewhere };
            candidate.is_for_alert(place, &structure.like(page), &raised)
        });
        known.extend(unknown.into_iter().map(|candidate| candidate.page));
    }
    known.sort_by_key(|page| page.page);
    known
}

/// Whether a page stands beside runbooks and is about none: `README.md`, `RunbookTemplate.md`.
fn is_beside_runbooks(page: &Page) -> bool {
    let stem = letters(page.stem());
    BESIDE.contains(&stem.as_str()) || stem.ends_with("template") || stem.ends_with("alertname")
}

/// The pages to which rows of alert tables or addresses in rules send readers of alerts, each with their
/// names.
fn serving(site: &Site) -> HashMap<usize, Vec<&str>> {
    let mut serving: HashMap<usize, Vec<&str>> = HashMap::new();
    let mut add = |from: &str, url: &str, name| {
        if let Resolved::Internal { destination, .. } = site.resolve(from, url) {
            for page in site.landing_pages(destination) {
                serving.entry(*page).or_default().push(name);
            }
        }
    };
    for page in &site.pages {
        for row in page.runbook.alert_tables.iter().flat_map(|table| &table.rows) {
            let Some((url, _)) = &row.start else { continue };
            row.alerts.iter().for_each(|named| add(&page.path, url, named.name.as_str()));
        }
    }
    for rule in site.rules() {
        if let (Some(name), Some((_, url))) = (rule.alert_name(), site.runbook_annotation(rule)) {
            add("", url.as_str(), name.as_str());
        }
    }
    serving
}

/// Whether a page says of another alert that it is about it: by a field or a heading.
fn documents(page: &Page, raised: &HashSet<&str>) -> bool {
    page.runbook.mentions.iter().any(|mention| {
        let heading = mention.heading.map(|heading| &page.runbook.headings[heading].text);
        (mention.is_field || heading.is_some_and(|heading| heading.contains(mention.word)))
            && raised.contains(mention.word)
    })
}

/// Where a name stands by which a page is one for a single alert.
pub fn span_of(page: &Page, name: &str) -> Span {
    Named::new(page).span(name)
}

/// A page that may be for an alert which does not exist.
struct Candidate {
    page: AlertPage,
    /// Whether its name looks like that of an alert, and like no word.
    is_shaped: bool,
    /// Whether that name is its title or its first heading, and not only that of its file.
    is_exact: bool,
    /// Whether its file has the name, to the letter.
    is_file: bool,
}

impl Candidate {
    /// Whether it is for an alert, as far as the rest of the site tells.
    fn is_for_alert(&self, place: Place, like: &Likeness, raised: &Names<'_>) -> bool {
        const PRODUCT: usize = 2;
        let is_beside = place == Place::Beside;
        let name = self.page.name.as_str();
        // `PostgreSQL` has two words.
        let is_apart = place == Place::Apart && self.is_file && count_words(name) > PRODUCT;
        match (self.is_shaped, self.is_exact) {
            (true, true) => {
                let is_like = like.sections >= 2 || !like.is_unlike && raised.has_same_end(name);
                raised.has_a_letter_off(name)
                    || is_beside && is_like
                    || is_apart && like.sections >= 2
            }
            (true, false) => (is_beside || is_apart) && (like.is_plain || like.sections >= 3),
            (false, exact) => exact && is_beside && like.is_plain,
        }
    }
}

/// What a page is called.
struct Named<'p> {
    page: &'p Page,
    title: Option<&'p str>,
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
        self.title.into_iter().chain(self.heading).chain([self.page.stem()])
    }

    /// The name in its title or its heading that is not quite that of an alert, if neither has that.
    fn slip(&self, alert: &str) -> Option<&'p str> {
        let texts = self.title.into_iter().chain(self.heading);
        if texts.clone().any(|text| text.contains(alert)) {
            return None;
        }
        let mut names = texts.flat_map(shaped_words).filter(|name| is_name(name));
        names.find(|name| (1..=SLIPS).contains(&distance(&letters(name), &letters(alert))))
    }

    /// The name in its title or its heading that is the one of an alert in other letters, `DiskFull` for
    /// `Diskfull`, if the alert's own name stands nowhere. A title in words, and a file's name,
    /// spell any name in their way.
    fn respelled(&self, alert: &str) -> Option<&'p str> {
        let texts = || self.title.into_iter().chain(self.heading);
        let is_own = self.page.stem() == alert || self.page.runbook.source().text().contains(alert);
        let is_respelled = |text: &&str| {
            is_name(text) && text.contains(char::is_uppercase) && letters(text) == letters(alert)
        };
        texts().find(is_respelled).filter(|_| !is_own)
    }

    /// Where a name stands; that of the file stands at the title, or on top.
    fn span(&self, name: &str) -> Span {
        let title = self.page.runbook.front_matter.text("title");
        let heading = self.page.runbook.headings.first();
        let has_name = |text: Option<&str>| text.is_some_and(|text| text.contains(name));
        match (title, heading) {
            (_, Some(heading)) if has_name(self.heading) && !has_name(self.title) => {
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

    /// The page as one that may be for an alert which does not exist.
    fn unknown(&self, index: usize) -> Option<Candidate> {
        let stem = self.page.stem();
        let title = self.title;
        let is_titled = title == Some(stem);
        let is_like_file = self.all().take(2).any(|name| letters(name) == letters(stem));
        let is_like_heading =
            title.is_some_and(|title| Some(title) == self.heading && is_name(title));
        let names = [title, self.heading, Some(stem)];
        let name = names
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
        Some(Candidate {
            is_shaped: is_name(name),
            is_exact: names[..2].contains(&Some(name)),
            is_file: stem == name,
            page: AlertPage { page: index, name: name.to_owned(), span, alert: None },
        })
    }
}

/// Whether a text looks like the name of an alert and not like that of a file.
fn is_name(text: &str) -> bool {
    is_shaped(text) && !text.contains('-')
}
