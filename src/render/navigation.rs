//! The navigation as one page shows it.

use super::views::{EntryView, LinkView, MoreView, NavigationView};
use crate::site::Site;
use crate::site::address::relative_url;

/// How many nodes of one level a page shows. A node may have hundreds; the rest is listed on the
/// start page, so that a page's size does not grow with that of the site.
const LONGEST_LEVEL: usize = 40;

/// The navigation of the page at an output path: the nodes on top, and the branch of `page`
/// unfolded down to its children.
pub fn view(site: &Site, path: &str, page: Option<usize>) -> NavigationView {
    let navigation = &site.navigation;
    let current = page.and_then(|page| navigation.of_page[page]);
    let trail = current.map(|node| navigation.trail(node)).unwrap_or_default();
    let unfolded = |node: usize| Some(node) == current || trail.contains(&node);
    let level = Level { site, path, current, unfolded: &unfolded };
    let (entries, more) = level.entries(&navigation.roots);
    let trail = trail.iter().map(|node| {
        let node = &navigation.nodes[*node];
        LinkView { title: node.title.clone(), href: node.page.map(|page| level.href(page)) }
    });
    NavigationView { trail: trail.collect(), entries, more }
}

struct Level<'s> {
    site: &'s Site,
    path: &'s str,
    current: Option<usize>,
    unfolded: &'s dyn Fn(usize) -> bool,
}

impl Level<'_> {
    fn href(&self, page: usize) -> String {
        relative_url(self.path, &self.site.pages[page].path)
    }

    fn entries(&self, nodes: &[usize]) -> (Vec<EntryView>, Option<MoreView>) {
        // The branch of the page is shown wherever it stands, with its neighbours before others.
        let at = nodes.iter().position(|node| (self.unfolded)(*node)).unwrap_or(0);
        let first =
            at.saturating_sub(LONGEST_LEVEL / 2).min(nodes.len().saturating_sub(LONGEST_LEVEL));
        let shown = &nodes[first..nodes.len().min(first + LONGEST_LEVEL)];
        let left_out = nodes.len() - shown.len();
        let more = (left_out > 0)
            .then(|| MoreView { count: left_out, href: relative_url(self.path, "index.html") });
        (shown.iter().map(|node| self.entry(*node)).collect(), more)
    }

    fn entry(&self, index: usize) -> EntryView {
        let node = &self.site.navigation.nodes[index];
        // What is below a title without a page can't be reached from that page.
        let open = (self.unfolded)(index) || node.page.is_none();
        let (children, more) = if open { self.entries(&node.children) } else { (Vec::new(), None) };
        EntryView {
            title: node.title.clone(),
            href: node.page.map(|page| self.href(page)),
            current: Some(index) == self.current,
            open,
            children,
            more,
        }
    }
}
