//! Navigation as just-the-docs makes it: pages name their `parent` by title, and where several
//! pages have that title, their `grand_parent` or any `ancestor`
//! (<https://just-the-docs.com/docs/navigation/main/order/>).

use super::Page;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The keys of front matter that name a page's place in the tree, by titles above it.
pub const ABOVE: [&str; 3] = ["parent", "grand_parent", "ancestor"];

/// The pages as a tree.
#[derive(Debug, Clone, Default)]
pub struct Navigation {
    /// All nodes; others refer to them by index.
    pub nodes: Vec<NavigationNode>,
    /// The nodes on top, in order.
    pub roots: Vec<usize>,
    /// The node of each page, as an index; `None` for pages that are left out.
    pub of_page: Vec<Option<usize>>,
}

/// A place in the tree: a page, or a title that pages name as their parent and no page has.
#[derive(Debug, Clone)]
pub struct NavigationNode {
    /// What it is called.
    pub title: String,
    /// The page, as an index.
    pub page: Option<usize>,
    /// The node above.
    pub parent: Option<usize>,
    /// The nodes below, in order.
    pub children: Vec<usize>,
    /// Its place among those that stand beside it, from 0.
    pub place: usize,
    order: Order,
}

/// Where a page stands among its siblings, as its front matter has it: numbers come before texts,
/// and both before pages that say nothing.
#[derive(Debug, Clone, Default)]
enum Order {
    Number(f64),
    Text(String),
    #[default]
    Unsaid,
}

impl Order {
    /// The order of a page: its `nav_order`, or the `weight` that Hugo's sites have.
    fn of(page: &Page) -> Self {
        let front_matter = &page.runbook.front_matter;
        let node = ["nav_order", "weight"]
            .iter()
            .find_map(|key| front_matter.get(key).filter(|node| !node.is_null()));
        match node {
            Some(node) => match (node.as_f64(), node.as_str()) {
                (Some(number), _) => Self::Number(number),
                (None, Some(text)) => Self::Text(text.to_owned()),
                (None, None) => Self::Unsaid,
            },
            None => Self::Unsaid,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Unsaid, Self::Unsaid) => Ordering::Equal,
            (Self::Number(_), _) | (Self::Text(_), Self::Unsaid) => Ordering::Less,
            (_, Self::Number(_)) | (Self::Unsaid, Self::Text(_)) => Ordering::Greater,
        }
    }
}

/// Which pages are in no navigation: those that say so, and those below them. A page is below them if
/// no other page has the title of its parent.
fn hidden(pages: &[Arc<Page>]) -> Vec<bool> {
    let says = |page: &Arc<Page>| {
        let said = page.runbook.front_matter.get("nav_exclude");
        said.and_then(crate::yaml::Node::as_bool) == Some(true)
    };
    let mut hidden: Vec<bool> = pages.iter().map(says).collect();
    if !hidden.contains(&true) {
        return hidden;
    }
    let mut shown: HashMap<&str, usize> = HashMap::new();
    let mut below: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, page) in pages.iter().enumerate() {
        *shown.entry(page.title.as_str()).or_default() += usize::from(!hidden[index]);
        if let Some(parent) = page.front_matter("parent") {
            below.entry(parent).or_default().push(index);
        }
    }
    let mut titles: Vec<&str> = pages
        .iter()
        .zip(&hidden)
        .filter(|(_, hidden)| **hidden)
        .map(|(page, _)| page.title.as_str())
        .collect();
    while let Some(title) = titles.pop() {
        if shown.get(title).is_some_and(|shown| *shown > 0) {
            continue;
        }
        for index in below.remove(title).unwrap_or_default() {
            if !std::mem::replace(&mut hidden[index], true) {
                let title = pages[index].title.as_str();
                shown.entry(title).and_modify(|shown| *shown -= 1);
                titles.push(title);
            }
        }
    }
    hidden
}

impl Navigation {
    /// The tree of these pages.
    pub fn new(pages: &[Arc<Page>]) -> Self {
        let mut navigation = Self { of_page: vec![None; pages.len()], ..Self::default() };
        let mut by_title: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let hidden = hidden(pages);
        for (index, page) in pages.iter().enumerate() {
            if hidden[index] {
                continue;
            }
            let node = navigation.add(page.title.clone(), Some(index), Order::of(page));
            navigation.of_page[index] = Some(node);
            by_title.entry(page.title.as_str()).or_default().push(node);
        }
        let mut made: HashMap<(Option<&str>, &str), usize> = HashMap::new();
        let mut families = Families::new(pages);
        for (index, page) in pages.iter().enumerate() {
            let Some(node) = navigation.of_page[index] else { continue };
            let Some(parent) = page.front_matter("parent") else { continue };
            let grand_parent = page.front_matter("grand_parent");
            let ancestor = page.front_matter("ancestor");
            let among = by_title.get(parent).map_or(&[][..], Vec::as_slice);
            let mut named = |above: &usize| {
                let Some(above) = navigation.nodes[*above].page else { return false };
                match ancestor {
                    Some(ancestor) if grand_parent.is_none() => families.has(ancestor, above),
                    _ => pages[above].front_matter("parent") == grand_parent,
                }
            };
            let found = among.iter().find(|above| named(above)).or(among.first()).copied();
            let above = match found.filter(|above| *above != node) {
                Some(above) => above,
                None => navigation.made(&mut made, &by_title, grand_parent, parent),
            };
            if !navigation.is_below(above, node) {
                navigation.nodes[node].parent = Some(above);
            }
        }
        navigation.arrange();
        navigation
    }

    fn add(&mut self, title: String, page: Option<usize>, order: Order) -> usize {
        let (parent, children, place) = (None, Vec::new(), 0);
        self.nodes.push(NavigationNode { title, page, parent, children, place, order });
        self.nodes.len() - 1
    }

    /// The node for a parent that no page is, made when it is first named.
    fn made<'p>(
        &mut self,
        made: &mut HashMap<(Option<&'p str>, &'p str), usize>,
        by_title: &FxHashMap<&str, Vec<usize>>,
        grand_parent: Option<&'p str>,
        parent: &'p str,
    ) -> usize {
        if let Some(node) = made.get(&(grand_parent, parent)) {
            return *node;
        }
        let above =
            grand_parent.map(|title| match by_title.get(title).and_then(|nodes| nodes.first()) {
                Some(page) => *page,
                None => self.made(made, by_title, None, title),
            });
        let node = self.add(parent.to_owned(), None, Order::Unsaid);
        self.nodes[node].parent = above;
        made.insert((grand_parent, parent), node);
        node
    }

    /// Whether `node` is `above` or one of the nodes over it, so that hanging `above` over `node`
    /// would make a ring.
    fn is_below(&self, node: usize, above: usize) -> bool {
        std::iter::successors(Some(node), |at| self.nodes[*at].parent).any(|at| at == above)
    }

    /// Puts children below their parents: by `nav_order`, then by title.
    fn arrange(&mut self) {
        let nodes = self.nodes.par_iter().enumerate();
        let mut order: Vec<(usize, String)> =
            nodes.map(|(node, it)| (node, it.title.to_lowercase())).collect();
        order.par_sort_by(|(a, a_title), (b, b_title)| {
            let (a, b) = (&self.nodes[*a], &self.nodes[*b]);
            let by_title = || a_title.cmp(b_title);
            a.order.compare(&b.order).then_with(by_title).then_with(|| a.page.cmp(&b.page))
        });
        for (node, _) in order {
            let beside = match self.nodes[node].parent {
                Some(parent) => &mut self.nodes[parent].children,
                None => &mut self.roots,
            };
            beside.push(node);
            self.nodes[node].place = beside.len() - 1;
        }
    }

    /// The nodes over a node, outermost first.
    pub fn trail(&self, node: usize) -> Vec<usize> {
        let above = std::iter::successors(self.nodes[node].parent, |at| self.nodes[*at].parent);
        let mut trail: Vec<usize> = above.collect();
        trail.reverse();
        trail
    }
}

/// Which pages lie below a title, at any depth.
struct Families<'p> {
    /// The pages that name a title as something above them. Few sites need to know.
    naming: OnceCell<HashMap<&'p str, Vec<usize>>>,
    pages: &'p [Arc<Page>],
    known: HashMap<&'p str, HashSet<usize>>,
}

impl<'p> Families<'p> {
    fn new(pages: &'p [Arc<Page>]) -> Self {
        Self { naming: OnceCell::new(), pages, known: HashMap::new() }
    }

    fn naming(&self, title: &str) -> &[usize] {
        let naming = self.naming.get_or_init(|| {
            let mut naming: HashMap<&str, Vec<usize>> = HashMap::new();
            for (index, page) in self.pages.iter().enumerate() {
                for title in ABOVE.iter().filter_map(|key| page.front_matter(key)) {
                    naming.entry(title).or_default().push(index);
                }
            }
            naming
        });
        naming.get(title).map_or(&[], Vec::as_slice)
    }

    /// Whether a page lies below a title.
    fn has(&mut self, title: &'p str, page: usize) -> bool {
        if !self.known.contains_key(title) {
            let mut family = HashSet::new();
            let mut titles = vec![title];
            let mut seen = HashSet::from([title]);
            while let Some(title) = titles.pop() {
                for below in self.naming(title) {
                    family.insert(*below);
                    let title = self.pages[*below].title.as_str();
                    if seen.insert(title) {
                        titles.push(title);
                    }
                }
            }
            self.known.insert(title, family);
        }
        self.known.get(title).is_some_and(|family| family.contains(&page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::source::Source;

    /// The tree of pages given as front matter, drawn with two spaces for each level.
    fn tree(front_matters: &[&str]) -> String {
        let pages: Vec<Arc<Page>> = front_matters
            .iter()
            .enumerate()
            .map(|(index, front_matter)| {
                let text = format!("---\n{front_matter}\n---\n");
                let source = Source::new("a.md", text);
                let (runbook, _) =
                    Runbook::read(&source, &SiteVariables::default(), &AlertColumns::default());
                Arc::new(Page::new(&format!("{index}.md"), runbook.into()))
            })
            .collect();
        let navigation = Navigation::new(&pages);
        let mut drawn = String::new();
        draw(&navigation, &navigation.roots, 0, &mut drawn);
        drawn
    }

    fn draw(navigation: &Navigation, nodes: &[usize], depth: usize, drawn: &mut String) {
        for node in nodes {
            let node = &navigation.nodes[*node];
            *drawn += &format!("{}{}\n", "  ".repeat(depth), node.title);
            draw(navigation, &node.children, depth + 1, drawn);
        }
    }

    #[test]
    fn parents_are_found_by_title_and_made_where_no_page_has_it() {
        let drawn = tree(&[
            "title: Beta\nparent: Armada\ngrand_parent: Runbooks",
            "title: alpha\nparent: Armada\ngrand_parent: Runbooks",
            "title: Last\nparent: Armada\ngrand_parent: Runbooks\nnav_order: 1",
            "title: Top",
            "title: Hidden\nnav_exclude: true",
        ]);
        assert_eq!(drawn, "Runbooks\n  Armada\n    Last\n    alpha\n    Beta\nTop\n");
    }

    #[test]
    fn what_is_below_a_hidden_page_is_hidden_unless_another_page_has_its_title() {
        let drawn = tree(&[
            "title: Hidden\nnav_exclude: true",
            "title: Child\nparent: Hidden",
            "title: Grandchild\nparent: Child\ngrand_parent: Hidden",
            "title: Shared\nnav_exclude: true",
            "title: Shared",
            "title: Below\nparent: Shared",
        ]);
        assert_eq!(drawn, "Shared\n  Below\n");
    }

    #[test]
    fn numbers_come_before_texts_and_texts_before_titles() {
        let drawn = tree(&[
            "title: a",
            "title: b\nnav_order: \"10\"",
            "title: c\nnav_order: 10",
            "title: d\nnav_order: 2.5",
            "title: e\nnav_order: Z",
            "title: f\nnav_order: ~",
            "title: g\nweight: 3",
            "title: h\nnav_order: -1\nweight: 20",
        ]);
        assert_eq!(drawn, "h\nd\ng\nc\nb\ne\na\nf\n");
    }

    #[test]
    fn a_list_of_one_parent_is_a_parent() {
        assert_eq!(tree(&["title: A", "title: B\nparent: [A]"]), "A\n  B\n");
    }

    #[test]
    fn of_two_parents_with_one_title_the_grand_parent_tells() {
        let drawn = tree(&[
            "title: Etcd\nparent: A",
            "title: Etcd\nparent: B",
            "title: Page\nparent: Etcd\ngrand_parent: B",
            "title: A",
            "title: B",
        ]);
        assert_eq!(drawn, "A\n  Etcd\nB\n  Etcd\n    Page\n");
    }

    #[test]
    fn of_two_parents_with_one_title_an_ancestor_tells() {
        let drawn = tree(&[
            "title: Node\nparent: Etcd\nancestor: B",
            "title: Etcd\nparent: Data\nancestor: A",
            "title: Etcd\nparent: Stores",
            "title: Data\nparent: A",
            "title: Stores\nparent: B",
            "title: A",
            "title: B",
        ]);
        assert_eq!(drawn, "A\n  Data\n    Etcd\nB\n  Stores\n    Etcd\n      Node\n");
    }

    #[test]
    fn rings_are_cut() {
        assert_eq!(tree(&["title: A\nparent: B", "title: B\nparent: A"]), "B\n  A\n");
        assert_eq!(tree(&["title: A\nparent: A"]), "A\n  A\n");
    }
}
