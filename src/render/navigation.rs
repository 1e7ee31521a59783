//! The navigation as one page shows it.

mod shapes;

pub use shapes::Shapes;

use super::entries::Closed;
use super::escape::Html;
use super::theme::Theme;
use super::views::{EntryView, LinkView, ListEntryView, ListView, MoreView, NavigationView};
use crate::site::address::{START, relative_url};
use crate::site::{Destination, Site};
use serde::Serialize;
use tera::Value;

/// How many nodes of one level a page shows. A node may have hundreds; they are listed whole on one
/// page, so that the size of the others does not grow with that of the site.
const LONGEST_LEVEL: usize = 40;

/// How many of them come before the page's own, which is to be seen where the menu begins.
const BEFORE_OWN: usize = 10;

/// What is made of the tree.
#[derive(Clone, Copy)]
pub struct Wanted<'r> {
    /// What the theme makes of entries, if all templates that show the navigation are its own.
    pub shapes: Option<&'r Shapes>,
    /// Whether there are templates that may ask for each of these entries.
    pub entries: bool,
}

impl<'r> Wanted<'r> {
    /// What a theme asks for.
    pub fn by(theme: &Theme, shapes: Option<&'r Shapes>) -> Self {
        Self { shapes, entries: theme.has_own_templates() || shapes.is_none() }
    }
}

/// The navigation as one page shows it.
pub struct Seen {
    /// As templates take it, without what is in `html`.
    view: NavigationView,
    /// What the theme makes of the entries behind the last of the items: of all entries, where nobody asks for
    /// each.
    html: String,
}

impl Seen {
    /// As templates take it.
    pub fn into_view(mut self) -> NavigationView {
        push_run(&mut self.view.items, &mut self.html);
        self.view
    }

    /// As templates take it, and apart from that what the theme makes of all entries; none of them may be asked
    /// for by itself.
    pub fn parts(&self) -> (&NavigationView, &str) {
        (&self.view, &self.html)
    }
}

/// The navigation of the page at an output path: the nodes on top, and the branch of `page`
/// unfolded down to its children. Addresses begin with `base`; `closed` are entries that other pages
/// of the folder show, with that base.
pub fn view(
    site: &Site,
    (path, base): (&str, &str),
    page: Option<usize>,
    wanted: Wanted<'_>,
    closed: &mut Closed,
) -> Seen {
    let navigation = &site.navigation;
    let current = page.and_then(|page| navigation.of_page[page]);
    let trail = current.map(|node| navigation.trail(node)).unwrap_or_default();
    let branch: Vec<usize> = trail.iter().copied().chain(current).collect();
    let mut level = Level { site, path, base, current, branch: &branch, wanted, closed };
    let Shown { entries, items, html, more } = level.shown(None, &navigation.roots);
    let items = if wanted.shapes.is_some() { items } else { entries.clone() };
    let trail = trail.iter().map(|node| {
        let node = &navigation.nodes[*node];
        LinkView { title: node.title.clone(), href: node.page.map(|page| level.href(page)) }
    });
    let [previous, next] = neighbours(site, path, current);
    let lists = lists(site, path, current);
    let trail = trail.collect();
    Seen { view: NavigationView { trail, entries, items, more, previous, next, lists }, html }
}

/// The pages before and after a node among those below the same one.
fn neighbours(site: &Site, path: &str, node: Option<usize>) -> [Option<LinkView>; 2] {
    let navigation = &site.navigation;
    let Some(node) = node else { return [None, None] };
    let group = match navigation.nodes[node].parent {
        Some(parent) => &navigation.nodes[parent].children,
        // What stands on top are sections, which nobody reads one after the other.
        None => return [None, None],
    };
    let at = navigation.nodes[node].place;
    let link = |node: &usize| {
        let node = &navigation.nodes[*node];
        let page = &site.pages[node.page?];
        Some(LinkView { title: node.title.clone(), href: Some(relative_url(path, &page.path)) })
    };
    // A title that no page has is passed over.
    [group[..at].iter().rev().find_map(link), group[at + 1..].iter().find_map(link)]
}

/// What the page at an output path lists: the children of its node, unless its author forbids it
/// (`has_toc: false`, as with just-the-docs) and the navigation has room for them; on the start
/// page also every long level that is below no page.
fn lists(site: &Site, path: &str, node: Option<usize>) -> Vec<ListView> {
    let nodes = &site.navigation.nodes;
    let mut lists = Vec::new();
    let mut add = |above: Option<usize>, title: Option<&str>, children: &[usize]| {
        let (_, id) = place_of_all(site, above);
        let entry = |child: &usize| {
            let page = nodes[*child].page.map(|page| &site.pages[page]);
            ListEntryView {
                title: nodes[*child].title.clone(),
                href: page.map(|page| relative_url(path, &page.path)),
                description: page
                    .and_then(|page| page.front_matter("description"))
                    .map(str::to_owned),
            }
        };
        let entries = children.iter().map(entry).collect();
        lists.push(ListView { id, title: title.map(str::to_owned), entries });
    };
    if let Some(node) = node {
        let page = nodes[node].page.map(|page| &site.pages[page]);
        let forbidden = page.and_then(|page| page.runbook.front_matter.get("has_toc")?.as_bool());
        let children = &nodes[node].children;
        if children.len() > LONGEST_LEVEL || (forbidden != Some(false) && !children.is_empty()) {
            add(Some(node), None, children);
        }
    }
    if path == START {
        if site.navigation.roots.len() > LONGEST_LEVEL && !start_is_made(site) {
            add(None, Some("All sections"), &site.navigation.roots);
        }
        for (index, node) in nodes.iter().enumerate() {
            if node.page.is_none() && node.children.len() > LONGEST_LEVEL {
                add(Some(index), Some(&node.title), &node.children);
            }
        }
    }
    lists
}

/// The page and the id on it where all nodes below a node are listed, or all on top.
fn place_of_all(site: &Site, above: Option<usize>) -> (&str, String) {
    let page = |node: usize| site.navigation.nodes[node].page;
    match above.map(|node| (node, page(node))) {
        Some((_, Some(page))) => (&site.pages[page].path, "page.children".to_owned()),
        Some((node, None)) => (START, format!("page.section.{node}")),
        // The start page that is made lists every page anyway.
        None if start_is_made(site) => (START, "page.services".to_owned()),
        None => (START, "page.sections".to_owned()),
    }
}

fn start_is_made(site: &Site) -> bool {
    site.at(START) == Some(&Destination::Generated)
}

struct Level<'s> {
    site: &'s Site,
    path: &'s str,
    base: &'s str,
    current: Option<usize>,
    /// The page's node and those above it, outermost first.
    branch: &'s [usize],
    wanted: Wanted<'s>,
    closed: &'s mut Closed,
}

/// One level as a page shows it.
struct Shown {
    /// An entry for each node.
    entries: Vec<Value>,
    /// The same for the theme, where those between unfolded ones are one.
    items: Vec<Value>,
    /// What the theme makes of the entries behind these: of all, where nobody asks for each.
    html: String,
    /// How many are left out.
    more: Option<MoreView>,
}

impl Level<'_> {
    fn href(&self, page: usize) -> String {
        self.address(&self.site.pages[page].path)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{}", self.base, relative_url(self.path, path))
    }

    fn shown(&mut self, above: Option<usize>, nodes: &[usize]) -> Shown {
        // The branch of the page is shown wherever it stands, with its neighbours before others.
        let all = &self.site.navigation.nodes;
        let own = self.branch.iter().find(|node| all[**node].parent == above);
        let at = own.map_or(0, |node| all[*node].place);
        let first = at.saturating_sub(BEFORE_OWN).min(nodes.len().saturating_sub(LONGEST_LEVEL));
        let shown = &nodes[first..nodes.len().min(first + LONGEST_LEVEL)];
        let left_out = nodes.len() - shown.len();
        let more = (left_out > 0).then(|| {
            let (page, id) = place_of_all(self.site, above);
            MoreView { count: left_out, href: format!("{}#{id}", self.address(page)) }
        });
        let (mut entries, mut items) = (Vec::new(), Vec::new());
        let mut html = String::new();
        for node in shown {
            // What is below a title without a page can't be reached from that page.
            let is_open = self.branch.contains(node) || all[*node].page.is_none();
            match self.wanted.shapes {
                Some(shapes) if !is_open => self.push_closed(&mut html, *node, shapes),
                Some(shapes) if !self.wanted.entries => self.push_open(&mut html, *node, shapes),
                _ => push_run(&mut items, &mut html),
            }
            if self.wanted.entries && is_open {
                self.add_open(*node, &mut entries, &mut items);
            } else if self.wanted.entries {
                entries.push(self.closed_entry(*node));
            }
        }
        Shown { entries, items, html, more }
    }

    /// Appends a node that is unfolded as the theme shows it.
    fn push_open(&mut self, html: &mut String, index: usize, shapes: &Shapes) {
        let node = &self.site.navigation.nodes[index];
        let Shown { html: mut below, more, .. } = self.shown(Some(index), &node.children);
        if let Some(more) = more {
            shapes.push_more(&mut below, &more);
        }
        let href = node.page.map(|page| self.href(page));
        let is_current = Some(index) == self.current;
        shapes.push_open(html, (href.as_deref(), &node.title), is_current, &below);
    }

    /// Adds a node that is unfolded to the entries and to the items.
    fn add_open(&mut self, index: usize, entries: &mut Vec<Value>, items: &mut Vec<Value>) {
        let node = &self.site.navigation.nodes[index];
        let mut below = self.shown(Some(index), &node.children);
        push_run(&mut below.items, &mut below.html);
        let entry = |children| {
            // The children are shared, not copied: they are values already.
            Value::from_serializable(&EntryView {
                title: node.title.clone(),
                href: node.page.map(|page| self.href(page)),
                current: Some(index) == self.current,
                open: true,
                children,
                more: below.more.clone(),
            })
        };
        if self.wanted.shapes.is_some() {
            items.push(entry(below.items));
        }
        entries.push(entry(below.entries));
    }

    /// Appends a node with nothing unfolded below it as the theme shows it.
    fn push_closed(&mut self, html: &mut String, index: usize, shapes: &Shapes) {
        if let Some(known) = self.closed.html.get(&index) {
            html.push_str(known);
            return;
        }
        let node = &self.site.navigation.nodes[index];
        let href = node.page.map(|page| self.href(page)).unwrap_or_default();
        let mut entry = String::new();
        shapes.push_closed(&mut entry, &href, &node.title);
        html.push_str(&entry);
        self.closed.html.insert(index, entry);
    }

    /// A node with nothing unfolded below it.
    fn closed_entry(&mut self, index: usize) -> Value {
        if let Some(known) = self.closed.entries.get(&index) {
            return known.clone();
        }
        let node = &self.site.navigation.nodes[index];
        let entry = Value::from_serializable(&EntryView {
            title: node.title.clone(),
            href: node.page.map(|page| self.href(page)),
            current: false,
            open: false,
            children: Vec::new(),
            more: None,
        });
        self.closed.entries.insert(index, entry.clone());
        entry
    }
}

/// Adds what is closed between unfolded nodes as one item.
fn push_run(items: &mut Vec<Value>, run: &mut String) {
    #[derive(Serialize)]
    struct Run {
        html: Html,
    }
    if !run.is_empty() {
        items.push(Value::from_serializable(&Run { html: Html(std::mem::take(run)) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::Parts;
    use crate::source::Source;
    use std::collections::HashMap;

    /// A site of pages given as paths and front matter.
    fn site(pages: impl IntoIterator<Item = (String, String)>) -> Site {
        let config = config::parse(&Source::new("alertbook.yaml", "title: T")).unwrap();
        let runbooks = pages.into_iter().map(|(path, front_matter)| {
            let source = Source::new(path.as_str(), format!("---\n{front_matter}\n---\n"));
            let variables = crate::liquid::SiteVariables::default();
            (path, Runbook::read(&source, &variables, &AlertColumns::default()).0.into())
        });
        Site::assemble(config, Parts { runbooks: runbooks.collect(), ..Parts::default() })
    }

    fn children(count: usize, parent: &str) -> Vec<(String, String)> {
        let child = |index| {
            let front_matter = format!("title: Page {index:03}\n{parent}");
            (format!("a/page{index:03}.md"), front_matter)
        };
        (0..count).map(child).collect()
    }

    /// The navigation of the page at a path.
    fn seen_from(site: &Site, path: &str) -> NavigationView {
        let wanted = Wanted { shapes: None, entries: true };
        view(site, (path, ""), page_at(site, path), wanted, &mut Closed::default()).into_view()
    }

    fn page_at(site: &Site, path: &str) -> Option<usize> {
        site.pages.iter().position(|page| page.path == path)
    }

    /// Where each "more" of a page leads.
    fn mores(view: &NavigationView) -> Vec<(usize, String)> {
        let text = |value: &Value, key: &str| Some(value.get_from_path(key)?.as_str()?.to_owned());
        let count = |value: &Value| value.get_from_path("more.count")?.as_u64();
        let mut found: Vec<_> = view.more.iter().map(|it| (it.count, it.href.clone())).collect();
        let mut waiting = view.entries.clone();
        while let Some(entry) = waiting.pop() {
            let more = count(&entry).zip(text(&entry, "more.href"));
            found.extend(more.map(|(count, href)| (usize::try_from(count).unwrap(), href)));
            waiting.extend(entry.get_from_path("children").unwrap().as_array().unwrap().to_vec());
        }
        found
    }

    fn listed(view: &NavigationView) -> Vec<(&str, Option<&str>, usize)> {
        let lists = view.lists.iter();
        lists.map(|it| (it.id.as_str(), it.title.as_deref(), it.entries.len())).collect()
    }

    #[test]
    fn what_pages_of_a_folder_share_is_what_each_would_make() {
        let mut pages = children(45, "parent: Armada");
        pages.extend(
            children(3, "parent: Nowhere")
                .into_iter()
                .map(|(path, it)| (path.replace('a', "b"), it)),
        );
        pages.push(("a/index.md".to_owned(), "title: Armada".to_owned()));
        pages.push(("index.md".to_owned(), "title: Start".to_owned()));
        let site = site(pages);
        let mut shared: HashMap<&str, Closed> = HashMap::new();
        for (index, page) in site.pages.iter().enumerate().chain(site.pages.iter().enumerate()) {
            let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let closed = shared.entry(folder).or_default();
            let value = |view: NavigationView| Value::from_serializable(&view);
            let wanted = Wanted { shapes: None, entries: true };
            let with_others = view(&site, (&page.path, ""), Some(index), wanted, closed);
            let with_others = value(with_others.into_view());
            assert_eq!(with_others, value(seen_from(&site, &page.path)), "{}", page.path);
        }
    }

    #[test]
    fn items_of_the_theme_are_shown_as_the_entries_are() {
        let mut pages = children(45, "parent: <Armada> & \"son's\"");
        pages.push(("a/index.md".to_owned(), "title: <Armada> & \"son's\"".to_owned()));
        pages.extend(
            children(3, "parent: Nowhere")
                .into_iter()
                .map(|(path, it)| (path.replace('a', "b"), it)),
        );
        pages.extend(["c.md", "d.md"].map(|path| (path.to_owned(), format!("title: {path}"))));
        let site = site(pages);
        let theme = Theme::built_in();
        let engine = theme.engine().unwrap();
        let shapes = Shapes::new(&theme, &engine);
        assert!(shapes.is_some());
        let shown = |entries: &[Value], more: &Option<MoreView>| {
            let mut context = tera::Context::new();
            context.insert_value("entries", entries.to_vec().into());
            context.insert("more", more);
            engine.render_component("navigation.level", &context, None, true).unwrap()
        };
        let mut runs = 0;
        for page in &site.pages {
            let seen = |entries: bool| {
                let wanted = Wanted { shapes: shapes.as_ref(), entries };
                let place = (page.path.as_str(), "");
                let page = page_at(&site, &page.path);
                view(&site, place, page, wanted, &mut Closed::default()).into_view()
            };
            let each = seen(true);
            assert_eq!(shown(&each.items, &each.more), shown(&each.entries, &each.more));
            runs += usize::from(each.items.len() < each.entries.len());
            let whole = seen(false);
            assert_eq!(shown(&whole.items, &whole.more), shown(&each.entries, &each.more));
            assert!(whole.entries.is_empty() && whole.items.len() == 1);
        }
        assert!(runs > 45, "{runs}");
        let mut own = Theme::built_in();
        own.set_template("components.html", "{# None of them. #}".to_owned());
        assert!(Shapes::new(&own, &engine).is_none(), "it may show entries in another way");
    }

    #[test]
    fn what_is_left_out_is_listed_on_the_page_above() {
        let mut pages = children(311, "parent: Armada\ndescription: D");
        pages.push(("a/index.md".to_owned(), "title: Armada\nhas_toc: false".to_owned()));
        let site = site(pages);
        let child = seen_from(&site, "a/page200.html");
        assert_eq!(mores(&child), [(271, "index.html#page.children".to_owned())]);
        assert_eq!(listed(&child), []);
        let parent = seen_from(&site, "a/index.html");
        assert_eq!(listed(&parent), [("page.children", None, 311)]);
        let last = parent.lists[0].entries.last().unwrap();
        assert_eq!((last.title.as_str(), last.href.as_deref()), ("Page 310", Some("page310.html")));
        assert_eq!(last.description.as_deref(), Some("D"));
    }

    #[test]
    fn sections_without_a_page_are_listed_on_the_start_page() {
        let parent = "parent: Armada\ngrand_parent: Armada Runbooks";
        for start in [None, Some(("index.md".to_owned(), "title: Start".to_owned()))] {
            let site = site(children(41, parent).into_iter().chain(start));
            let child = seen_from(&site, "a/page000.html");
            let mores = mores(&child);
            let [(1, href)] = &mores[..] else { panic!("{mores:?}") };
            let start = seen_from(&site, "index.html");
            let [(id, Some("Armada"), 41)] = listed(&start)[..] else { panic!("{start:?}") };
            assert_eq!(*href, format!("../index.html#{id}"));
        }
    }

    #[test]
    fn a_long_top_is_listed_on_the_start_page() {
        let made = site(children(50, ""));
        let child = seen_from(&made, "a/page000.html");
        assert_eq!(mores(&child), [(10, "../index.html#page.services".to_owned())]);
        assert_eq!(listed(&seen_from(&made, "index.html")), []);
        let start = ("index.md".to_owned(), "title: Start\nnav_exclude: true".to_owned());
        let own = site(children(50, "").into_iter().chain([start]));
        let child = seen_from(&own, "a/page000.html");
        assert_eq!(mores(&child), [(10, "../index.html#page.sections".to_owned())]);
        let start = seen_from(&own, "index.html");
        assert_eq!(listed(&start), [("page.sections", Some("All sections"), 50)]);
    }

    #[test]
    fn a_page_leads_to_its_neighbours() {
        let mut pages = children(3, "parent: Armada");
        pages.push(("a/index.md".to_owned(), "title: Armada".to_owned()));
        pages.push(("b.md".to_owned(), "title: Other".to_owned()));
        let site = site(pages);
        let title = |link: Option<LinkView>| link.map(|link| link.title);
        for (path, previous, next) in [
            ("a/page000.html", None, Some("Page 001")),
            ("a/page001.html", Some("Page 000"), Some("Page 002")),
            ("a/page002.html", Some("Page 001"), None),
            ("a/index.html", None, None),
            ("b.html", None, None),
        ] {
            let view = seen_from(&site, path);
            assert_eq!(title(view.previous).as_deref(), previous, "{path}");
            assert_eq!(title(view.next).as_deref(), next, "{path}");
        }
    }

    #[test]
    fn children_are_listed_unless_their_page_forbids_it() {
        for (front_matter, expected) in
            [("", &[("page.children", None, 2)][..]), ("\nhas_toc: false", &[])]
        {
            let parent = ("a/index.md".to_owned(), format!("title: Armada{front_matter}"));
            let site = site(children(2, "parent: Armada").into_iter().chain([parent]));
            assert_eq!(listed(&seen_from(&site, "a/index.html")), *expected, "{front_matter}");
        }
    }
}
