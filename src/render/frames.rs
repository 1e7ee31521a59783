//! The frame of a runbook's page: all that the built-in template puts around its article.
//!
//! Pages differ by their texts, by which of these are there, and by the entries of some lists. So what the
//! template makes of a page is kept for each selection of texts that pages of the site have, with holes
//! where texts and lists stand; and beside that what it makes of an entry of each list.

use super::Renderer;
use super::escape::MARK_OPEN;
use super::navigation::Seen;
use super::skeleton::{Piece, Rows, Skeleton};
use super::theme::{PAGE, Theme};
use super::views::{LinkView, NavigationView, PageView, PlaceholderView};
use crate::site::Site;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// About how many bytes a page has beside its article.
pub(super) const SIZE: usize = 16 * 1024;

/// What differs from page to page: holes, where it is there.
#[derive(Clone, Copy)]
enum Part {
    Root,
    Navigation,
    /// Not there on a page that is called as the site is, of which the template says the title but once.
    Title,
    Description,
    Kind,
    Service,
    Content,
    Source,
    Day,
    Author,
    ReviewDue,
    EditHref,
    PreviousHref,
    PreviousTitle,
    NextHref,
    NextTitle,
    // Lists.
    Placeholders,
    Trail,
    Contents,
    Tags,
    Owners,
}

/// How many there are.
const PARTS: usize = Part::Owners as usize + 1;

/// The lists whose entries have the same texts on all pages, with the names of these; none for entries that
/// are texts themselves.
const LISTS: [(Part, &[&str]); 4] = [
    (Part::Trail, &["href", "title"]),
    (Part::Contents, &["level", "id", "title"]),
    (Part::Tags, &[]),
    (Part::Owners, &[]),
];

/// The texts of a field of the incident's bar, the last two of which may not be there.
const OF_FIELD: [&str; 5] = ["key", "keys", "name", "label", "pattern"];

impl Part {
    const fn hole(self) -> usize {
        self as usize
    }

    /// The number of the first hole of its first entry.
    const fn first(self) -> usize {
        PARTS + 2 * Rows::APART * self.hole()
    }

    /// Two entries of a list that have these texts, or are texts, all of them holes.
    fn entries(self, names: &[&str]) -> [Value; 2] {
        [self.first(), self.first() + Rows::APART].map(|first| {
            let text =
                |(at, name): (usize, &&str)| ((*name).to_owned(), Skeleton::hole(first + at));
            match names {
                [] => Skeleton::hole(first).into(),
                _ => names.iter().enumerate().map(text).collect(),
            }
        })
    }
}

/// What the template asks of a page beside its texts.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Selection {
    /// Which parts are there, each of them a bit.
    parts: u32,
    shows_title: bool,
    carrier: Option<String>,
}

impl Selection {
    fn has(&self, part: Part) -> bool {
        self.parts >> part.hole() & 1 == 1
    }

    /// A hole for a part that is there.
    fn hole(&self, part: Part) -> Option<String> {
        self.has(part).then(|| Skeleton::hole(part.hole()))
    }

    fn link(&self, href: Part, title: Part) -> Option<Value> {
        Some(json!({ "href": self.hole(href)?, "title": self.hole(title)? }))
    }

    fn list(&self, part: Part, names: &[&str]) -> Vec<Value> {
        if self.has(part) { part.entries(names).into() } else { Vec::new() }
    }
}

/// What the template makes of the pages with a selection.
struct Frame {
    skeleton: Skeleton,
    /// What it makes of the entries of each list.
    rows: [Option<Rows>; LISTS.len()],
}

impl Frame {
    /// `None` where the template shows a list in another way than one entry after the other.
    fn new(renderer: &Renderer<'_>, selection: &Selection) -> Option<Self> {
        let hole = |part| selection.hole(part);
        let [trail, contents, tags, owners] =
            LISTS.map(|(part, names)| selection.list(part, names));
        let site_title = || renderer.site.config.title.clone();
        let last_change = hole(Part::Day).zip(hole(Part::Author));
        let mut context = renderer.shared.clone();
        context.insert("root", &hole(Part::Root));
        let navigation = json!({
            "trail": trail,
            "items": [{ "html": hole(Part::Navigation) }],
            "more": null,
            "lists": [],
            "previous": selection.link(Part::PreviousHref, Part::PreviousTitle),
            "next": selection.link(Part::NextHref, Part::NextTitle),
        });
        context.insert("navigation", &navigation);
        let page = json!({
            "title": hole(Part::Title).unwrap_or_else(site_title),
            "shows_title": selection.shows_title,
            "description": hole(Part::Description),
            "type": hole(Part::Kind),
            "service": hole(Part::Service),
            "tags": tags,
            "carrier": selection.carrier,
            "content": hole(Part::Content),
            "placeholders": selection.list(Part::Placeholders, &OF_FIELD[..3]),
            "contents": contents,
            "source": hole(Part::Source),
            "edit_href": hole(Part::EditHref),
            "owners": owners,
            "last_change": last_change.map(|(day, author)| json!({ "day": day, "author": author })),
            "review_due": hole(Part::ReviewDue),
        });
        context.insert("page", &page);
        let html = renderer.filled(SIZE, PAGE, &context).ok()?;
        let mut skeleton = Skeleton::new(str::from_utf8(&html).ok()?);
        let mut take = |part: Part| skeleton.take_rows(part.first(), part.hole());
        let rows = LISTS.map(|(part, _)| take(part));
        let fields = take(Part::Placeholders);
        let is_there = |(part, _): &(Part, _)| selection.has(*part);
        let are_taken =
            LISTS.iter().zip(&rows).all(|(list, rows)| is_there(list) == rows.is_some());
        let is_whole = are_taken && fields.is_some() == selection.has(Part::Placeholders);
        is_whole.then_some(Self { skeleton, rows })
    }
}

/// What the built-in templates make of the pages of a site.
pub(super) struct Frames {
    /// Whether nothing but built-in templates makes pages, and nothing that is the same for all pages has the
    /// characters of a hole.
    is_usable: bool,
    known: Mutex<FxHashMap<Selection, Option<Arc<Frame>>>>,
    /// Fields of the incident's bar, by which texts they have and what else is said of them, each of that a bit.
    fields: [OnceLock<Option<Rows>>; 16],
}

/// For how many selections frames are kept. Pages have few; what is beyond that the engine makes.
const MOST_KEPT: usize = 64;

impl Frames {
    /// None yet.
    pub fn new(site: &Site, theme: &Theme, policy: &str) -> Self {
        let carriers = site.config.all_carriers().iter().map(|carrier| carrier.name.as_str());
        let mut shared = carriers.chain([site.config.title.as_str(), policy]);
        Self {
            is_usable: !theme.has_own_templates() && !shared.any(|text| text.contains(MARK_OPEN)),
            known: Mutex::default(),
            fields: Default::default(),
        }
    }

    /// A page, or `None` for one that the engine is to make.
    pub fn filled(
        &self,
        renderer: &Renderer<'_>,
        page: &PageView<'_>,
        root: &str,
        navigation: &Seen,
    ) -> Option<String> {
        let (navigation, entries) = navigation.parts();
        // All fields are named, so that one that is added has to find its place in `Frame::new` as well.
        let PageView {
            title,
            shows_title,
            description,
            service,
            kind,
            tags,
            carrier,
            content,
            placeholders,
            contents,
            source,
            edit_href,
            owners,
            last_change,
            review_due,
            // No built-in template asks for these.
            front_matter: _,
            url: _,
        } = page;
        let NavigationView { trail, more, previous, next, lists, items: _, entries: _ } =
            navigation;
        let leads_nowhere = |link: &LinkView| given(link.href.as_deref()).is_none();
        if !self.is_usable || !lists.is_empty() || trail.iter().any(leads_nowhere) {
            return None;
        }
        let mut entries = entries.to_owned();
        if let Some(more) = more {
            renderer.navigation.as_ref()?.push_more(&mut entries, more);
        }
        let is_called_as_site = *title == renderer.site.config.title;
        let change = last_change.as_ref();
        let [previous, next] = [previous, next].map(Option::as_ref);
        let mut pieces = [None; PARTS];
        for (part, text) in [
            (Part::Root, Some(root)),
            (Part::Title, (!is_called_as_site).then_some(*title)),
            (Part::Description, given(*description)),
            (Part::Kind, given(*kind)),
            (Part::Service, given(*service)),
            (Part::Source, Some(*source)),
            (Part::Day, change.map(|change| &*change.day)),
            (Part::Author, change.map(|change| &*change.author)),
            (Part::ReviewDue, given(review_due.as_deref())),
            (Part::EditHref, given(edit_href.as_deref())),
            (Part::PreviousHref, previous.map(href_of)),
            (Part::PreviousTitle, previous.map(|link| &*link.title)),
            (Part::NextHref, next.map(href_of)),
            (Part::NextTitle, next.map(|link| &*link.title)),
        ] {
            pieces[part.hole()] = text.map(Piece::Text);
        }
        for (part, is_empty) in [
            (Part::Trail, trail.is_empty()),
            (Part::Contents, contents.is_empty()),
            (Part::Tags, tags.is_empty()),
            (Part::Owners, owners.is_empty()),
            (Part::Placeholders, placeholders.is_empty()),
            (Part::Navigation, false),
            (Part::Content, false),
        ] {
            pieces[part.hole()] = (!is_empty).then_some(Piece::Html(""));
        }
        let bits = pieces.iter().enumerate();
        let frame = self.frame(
            renderer,
            &Selection {
                parts: bits.map(|(bit, piece)| u32::from(piece.is_some()) << bit).sum(),
                shows_title: *shows_title,
                carrier: carrier.map(str::to_owned),
            },
        )?;
        let [of_trail, of_contents, of_tags, of_owners] = frame.rows.each_ref().map(Option::as_ref);
        let mut digits = itoa::Buffer::new();
        let trail = listed(of_trail, trail, |link, push| push(&[href_of(link), &link.title]));
        let contents = listed(of_contents, contents, |it, push| {
            push(&[digits.format(it.level), &it.id, it.title]);
        });
        let tags = listed(of_tags, tags, |tag, push| push(&[tag]));
        let owners = listed(of_owners, owners, |owner, push| push(&[owner]));
        let fields = self.fields(renderer, placeholders)?;
        for (part, html) in [
            (Part::Navigation, &entries),
            (Part::Trail, &trail),
            (Part::Contents, &contents),
            (Part::Tags, &tags),
            (Part::Owners, &owners),
            (Part::Placeholders, &fields),
        ] {
            pieces[part.hole()] = Some(Piece::Html(html));
        }
        pieces[Part::Content.hole()] = Some(Piece::Content(content));
        let mut html = String::with_capacity(content.longest() + SIZE);
        frame.skeleton.push_with(&mut html, &pieces.map(|piece| piece.unwrap_or(Piece::Html(""))));
        Some(html)
    }

    fn frame(&self, renderer: &Renderer<'_>, selection: &Selection) -> Option<Arc<Frame>> {
        // Whatever a thread that panicked was doing, what is in there is whole.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frame) = known().get(selection) {
            return frame.clone();
        }
        let frame = Frame::new(renderer, selection).map(Arc::new);
        let mut known = known();
        if known.len() < MOST_KEPT {
            known.insert(selection.clone(), frame.clone());
        }
        frame
    }

    /// The fields of the incident's bar.
    fn fields(&self, renderer: &Renderer<'_>, placeholders: &[PlaceholderView]) -> Option<String> {
        let mut html = String::new();
        for it in placeholders {
            let [label, pattern] = [&it.label, &it.pattern].map(|text| given(text.as_deref()));
            let said = [label.is_some(), pattern.is_some(), it.is_secret, it.is_of_command];
            let said_bits = said.iter().rev().fold(0, |all, said| all << 1 | usize::from(*said));
            let rows = self.fields[said_bits].get_or_init(|| field(renderer, said)).as_ref()?;
            let texts = [&it.key, &it.keys, &it.name, label.unwrap_or(""), pattern.unwrap_or("")];
            rows.push_with(&mut html, &texts);
        }
        Some(html)
    }
}

/// What the theme makes of a field that has a label and a pattern or not, is secret and of a command or not.
fn field(renderer: &Renderer<'_>, [label, pattern, secret, of_command]: [bool; 4]) -> Option<Rows> {
    let mut entries = Part::Placeholders.entries(&OF_FIELD);
    for entry in &mut entries {
        let entry = entry.as_object_mut()?;
        entry.retain(|name, _| (name != "label" || label) && (name != "pattern" || pattern));
        entry.insert("is_secret".to_owned(), secret.into());
        entry.insert("is_of_command".to_owned(), of_command.into());
    }
    let mut context = tera::Context::new();
    context.insert("placeholders", &entries);
    let html = renderer.engine.render_component("incident", &context, None, true).ok()?;
    Skeleton::new(&html).take_rows(Part::Placeholders.first(), Part::Placeholders.hole())
}

/// The entries of a list, of each of which `texts` gives the texts.
fn listed<T>(
    rows: Option<&Rows>,
    list: &[T],
    mut texts: impl FnMut(&T, &mut dyn FnMut(&[&str])),
) -> String {
    let mut html = String::new();
    let Some(rows) = rows else { return html };
    for entry in list {
        texts(entry, &mut |texts| rows.push_with(&mut html, texts));
    }
    html
}

/// A text, unless it is empty, which to templates is as good as not there.
fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn href_of(link: &LinkView) -> &str {
    link.href.as_deref().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::render::Output;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::{Age, Date, Parts};
    use crate::source::Source;

    /// A site of pages given as paths, front matter and texts.
    fn site(config: &str, pages: &[(&str, &str, &str)]) -> Site {
        let config = Source::new("alertbook.yaml", config);
        let config = crate::config::parse(&config).unwrap();
        let runbooks = pages.iter().map(|(path, front_matter, text)| {
            let source = Source::new(*path, format!("---\n{front_matter}\n---\n\n{text}"));
            let variables = SiteVariables::default();
            let (runbook, _) = Runbook::read(&source, &variables, &AlertColumns::default());
            ((*path).to_owned(), runbook.into())
        });
        let site =
            Site::assemble(config, Parts { runbooks: runbooks.collect(), ..Parts::default() });
        site.with_age(Age { today: Date::parse("2026-11-26"), ..Age::default() })
    }

    #[test]
    fn pages_are_what_the_engine_makes_of_them() {
        let config = "title: <T> & \"t's\"\ncarriers: {url: \"https://h/{carrier}\", default: a, names: [a, b]}\n\
                      edit_url: https://g/{path}\n\
                      placeholders:\n  cluster: {label: cluster_id, pattern: \"[a-z]+\"}\n  pod: {label: pod}\n  \
                      place: {pattern: \"<.>\"}\n";
        let holes = "`kubectl -n <cluster> get pod <pod> --token <api token>`, <place>, \
                     `up{a=\"<place>\", b=\"<node>\"}`\n\n`curl -u <user>:<password> <place>`";
        let below = |number| (format!("a/{number}.md"), format!("title: It's {number}\nparent: A"));
        let many: Vec<_> = (0..60).map(below).collect();
        let mut pages = vec![
            ("a/index.md", "title: A\nhas_toc: false", "## B\n\n### <C> & D\n\n#### E"),
            ("b.md", "title: <B>\ndescription: \"'d'\"\ntype: Alert\nservice: s", holes),
            (
                "c.md",
                "title: C\ndescription: \"\"\ntags: a, <b>, c\nowners: [x, <y>]\ncarrier: b",
                "# C",
            ),
            (
                "d.md",
                "title: \"<T> & \\\"t's\\\"\"\nreview_by: 2026-06-01\nowner: z",
                "## \u{F8F0}0\u{F8F1}",
            ),
            ("e/f.md", "title: F\nparent: Nowhere\ncarrier: c", "`<pod>`"),
            ("e/g.md", "title: G\nparent: It's 7\ngrand_parent: A", "<div>G</div>"),
            ("404.md", "title: Lost", "# Lost"),
        ];
        pages.extend(many.iter().map(|(path, front_matter)| (&**path, &**front_matter, "text")));
        let site = site(config, &pages);
        let mut own = Theme::built_in();
        own.set_template("unused.html", "{{ page.title }}".to_owned());
        let built_in = Theme::built_in();
        let (quick, engines) =
            (Renderer::new(&site, &built_in).unwrap(), Renderer::new(&site, &own).unwrap());
        for (index, page) in site.pages.iter().enumerate() {
            let made = [&quick, &engines].map(|renderer| {
                String::from_utf8(renderer.render(Output::Page(index)).unwrap().bytes).unwrap()
            });
            assert_eq!(made[0], made[1], "{}", page.path);
        }
        let made = quick.frames.known.lock().unwrap().values().flatten().count();
        assert!(made > 6, "{made}");
        let known = quick.frames.fields.iter().filter(|field| field.get().is_some()).count();
        assert!(known > 4, "{known}");
        assert!(engines.frames.known.lock().unwrap().is_empty());
    }

    #[test]
    fn nothing_of_a_site_pretends_to_be_a_hole() {
        let site = site("title: \"\u{F8F0}2\u{F8F1}\"", &[("a.md", "title: A", "")]);
        let theme = Theme::built_in();
        let renderer = Renderer::new(&site, &theme).unwrap();
        let page = renderer.render(Output::Page(0)).unwrap();
        let page = String::from_utf8(page.bytes).unwrap();
        assert!(page.contains("<title>A · \u{F8F0}2\u{F8F1}</title>"), "{page}");
    }
}
