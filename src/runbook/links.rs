//! Where a runbook's links lead, and where links into it can land.

use crate::markdown::{
    Attributes, BlockKind, Definition, Document, Inline, InlineKind, html, plain_text,
};
use crate::source::{Source, Span};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A heading of a runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// From 1 to 6.
    pub level: u8,
    /// The fragment that links to it.
    pub id: String,
    /// Its text as a reader sees it.
    pub text: String,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// The fragments of a page: ids of headings and attribute lists, `id` and `name` of raw HTML. In
/// order, each once. Links from all pages look for theirs among them, so they share one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    text: Box<str>,
    /// Where each stands in the text.
    places: Box<[Range<u32>]>,
}

impl Anchors {
    fn of(mut anchors: Vec<Cow<'_, str>>) -> Self {
        anchors.sort_unstable();
        anchors.dedup();
        let to_u32 = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let mut text = String::with_capacity(anchors.iter().map(|anchor| anchor.len()).sum());
        let place = |anchor: Cow<'_, str>| {
            let start = to_u32(text.len());
            text.push_str(&anchor);
            start..to_u32(text.len())
        };
        let places = anchors.into_iter().map(place).collect();
        Self { text: text.into(), places }
    }

    /// Whether a link to this fragment lands.
    pub fn contains(&self, fragment: &str) -> bool {
        self.places.binary_search_by(|place| self.at(place).cmp(fragment)).is_ok()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| self.at(place))
    }

    fn at(&self, place: &Range<u32>) -> &str {
        &self.text[place.start as usize..place.end as usize]
    }
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Where it leads, as written; entities decoded.
    pub url: String,
    /// The bytes of the address in the source.
    pub range: Range<usize>,
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// To be followed.
    Link,
    /// To be shown in its place.
    Image,
}

/// The headings of a document in order, and its anchors.
pub fn headings_and_anchors(document: &Document, pieces: &[&Inline]) -> (Vec<Heading>, Anchors) {
    let mut headings = Vec::new();
    let mut anchors: Vec<Cow<'_, str>> = Vec::new();
    let mut contents = None;
    let mut listed = Vec::new();
    document.walk_blocks(&mut |block| {
        if matches!(block.kind, BlockKind::Contents { .. }) {
            contents = Some(contents_id(block.attributes()));
            return;
        }
        anchors.extend(block.attributes().id.as_deref().map(Cow::Borrowed));
        match &block.kind {
            BlockKind::Heading { level, id, content, .. } => {
                // One of nothing but marks has none.
                anchors.extend(Some(id.into()).filter(|_| !id.is_empty()));
                if is_in_contents(block.attributes()) {
                    listed.push(id);
                }
                headings.push(Heading {
                    level: *level,
                    id: id.clone(),
                    text: plain_text(content).trim().to_owned(),
                    range: block.range.clone(),
                });
            }
            BlockKind::DefinitionList(parts) => {
                anchors.extend(parts.iter().filter_map(|part| match part {
                    Definition::Meaning(_, attributes) => {
                        attributes.id.as_deref().map(Cow::Borrowed)
                    }
                    Definition::Term(_) => None,
                }));
            }
            BlockKind::List { items, .. } => {
                let ids = items.iter().filter_map(|item| item.attributes().id.as_deref());
                anchors.extend(ids.map(Cow::Borrowed));
            }
            BlockKind::Html(text) => add_anchors(text, &mut anchors),
            _ => {}
        }
    });
    let mut referred: HashMap<&str, usize> = HashMap::new();
    for inline in pieces {
        let id = inline.attributes.as_ref().and_then(|said| said.id.as_deref());
        anchors.extend(id.map(Cow::Borrowed));
        match &inline.kind {
            InlineKind::Html(text) => add_anchors(text, &mut anchors),
            InlineKind::FootnoteReference(label) => {
                let repeated = referred.entry(label).or_default();
                anchors.push(footnote_id(label).into());
                anchors.push(footnote_reference_id(label, *repeated).into());
                *repeated += 1;
            }
            _ => {}
        }
    }
    if let Some(contents) = contents.filter(|_| !listed.is_empty()) {
        anchors.extend(listed.iter().map(|heading| contents_entry_id(contents, heading).into()));
        anchors.push(contents.into());
    }
    headings.shrink_to_fit();
    (headings, Anchors::of(anchors))
}

/// The id of the contents of a page, where they stand.
pub fn contents_id(attributes: &Attributes) -> &str {
    attributes.id.as_deref().unwrap_or("markdown-toc")
}

/// The id of the entry of a heading in the contents of a page.
pub fn contents_entry_id(contents: &str, heading: &str) -> String {
    format!("{contents}-{heading}")
}

/// Whether a heading is listed in the contents of its page.
pub fn is_in_contents(heading: &Attributes) -> bool {
    !heading.classes.iter().any(|class| class == "no_toc")
}

/// The id of what a footnote says.
pub fn footnote_id(label: &str) -> String {
    format!("fn:{label}")
}

/// The id of a reference to a footnote, of which `repeated` are the same.
pub fn footnote_reference_id(label: &str, repeated: usize) -> String {
    match repeated {
        0 => format!("fnref:{label}"),
        _ => format!("fnref:{label}:{repeated}"),
    }
}

fn add_anchors<'t>(text: &'t str, anchors: &mut Vec<Cow<'t, str>>) {
    for tag in html::opening_tags(text) {
        let id = tag.attribute("id");
        let name = if tag.is("a") { tag.attribute("name") } else { None };
        anchors.extend(id.into_iter().chain(name).map(|(value, _)| value.into()));
    }
}

/// The links and images of a document, in the order of their addresses; those that share one in a
/// reference definition once.
pub fn find(document: &Document, pieces: &[&Inline]) -> Vec<Link> {
    let mut links = Vec::new();
    for inline in pieces {
        match &inline.kind {
            InlineKind::Link { target, .. } => links.push(Link {
                kind: LinkKind::Link,
                url: target.url.clone(),
                range: target.range.clone(),
            }),
            InlineKind::Image { target, .. } => links.push(Link {
                kind: LinkKind::Image,
                url: target.url.clone(),
                range: target.range.clone(),
            }),
            InlineKind::Html(text) => add_links(document, text, &inline.range, &mut links),
            _ => {}
        }
    }
    document.walk_blocks(&mut |block| {
        if let BlockKind::Html(text) = &block.kind {
            add_links(document, text, &block.range, &mut links);
        }
    });
    links.sort_by_key(|link| (link.range.start, link.kind == LinkKind::Image));
    links.dedup();
    links.shrink_to_fit();
    links
}

/// Of addresses that Liquid puts into a source, each with where it is named, those that no link leads
/// to.
pub fn outside_of_links(
    source: &Arc<Source>,
    addresses: Vec<(String, Span)>,
    links: &[Link],
) -> Vec<(String, Span)> {
    if addresses.is_empty() {
        return addresses;
    }
    let mut places: Vec<Range<usize>> =
        links.iter().map(|link| Span::new(source, link.range.clone()).range()).collect();
    places.sort_by_key(|place| place.start);
    let is_in_link = |(_, path): &(String, Span)| {
        let at = path.range().start;
        let before = places.partition_point(|place| place.start <= at);
        places[..before].last().is_some_and(|place| at < place.end)
    };
    addresses.into_iter().filter(|address| !is_in_link(address)).collect()
}

/// The links of a piece of raw HTML that stands at `range`.
fn add_links(document: &Document, text: &str, range: &Range<usize>, links: &mut Vec<Link>) {
    // In a quotation or an item the prefixes of lines are missing in the text: then its values
    // are looked for in the source, each behind the one before.
    let source = &document.source.text()[range.clone()];
    let mut behind = 0;
    for tag in html::opening_tags(text) {
        let (kind, attribute) = match () {
            () if tag.is("a") => (LinkKind::Link, "href"),
            () if tag.is("img") => (LinkKind::Image, "src"),
            () => continue,
        };
        let Some((value, at)) = tag.attribute(attribute) else { continue };
        let at = if source.get(at.clone()) == Some(value) {
            at.start
        } else {
            source[behind..].find(value).map_or(behind, |found| behind + found)
        };
        behind = at + value.len();
        links.push(Link {
            kind,
            url: value.replace("&amp;", "&"),
            range: range.start + at..(range.start + at + value.len()).min(range.end),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn each_anchor_is_found(anchors in proptest::collection::vec("[a-cé]{0,3}", 0..8), other in "[a-cé]{0,3}") {
            let found = Anchors::of(anchors.iter().map(|anchor| anchor.as_str().into()).collect());
            let in_order: std::collections::BTreeSet<&str> =
                anchors.iter().map(String::as_str).collect();
            proptest::prop_assert!(found.iter().eq(in_order.iter().copied()));
            proptest::prop_assert!(anchors.iter().all(|anchor| found.contains(anchor)));
            proptest::prop_assert_eq!(found.contains(&other), in_order.contains(other.as_str()));
        }
    }

    #[test]
    fn an_address_that_is_written_twice_has_two_places() {
        let lines = ["<a href=\"b.png\">", "<img src=\"b.png\"></a>", "", "> <a href=\"c\">c</a>"];
        for line_break in ["\n", "\r\n"] {
            let text = lines.join(line_break) + line_break + "> <a href=\"c\">c</a>" + line_break;
            let source = Source::new("a.md", text.as_str());
            let document =
                crate::markdown::parse(&source, 0, &|_, _| crate::markdown::Kept::default());
            let places: Vec<_> = find(&document, &crate::runbook::beside_text(&document))
                .into_iter()
                .map(|link| (source.position(link.range.start).line, &text[link.range]))
                .collect();
            assert_eq!(places, [(1, "b.png"), (2, "b.png"), (4, "c"), (5, "c")], "{line_break:?}");
        }
    }
}
