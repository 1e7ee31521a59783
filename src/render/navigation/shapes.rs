//! What the theme makes of the entries of the navigation, which differ by little but texts.

use crate::render::skeleton::{Piece, Skeleton};
use crate::render::theme::Theme;
use crate::render::views::MoreView;
use serde_json::json;

/// What the theme makes of the entries of a level, whose address and title are holes 0 and 1.
pub struct Shapes {
    /// An entry with nothing unfolded below it.
    closed: Skeleton,
    /// Unfolded ones, by whether they lead anywhere, are the page itself, and show what is below them: the
    /// hole 2.
    open: Vec<Skeleton>,
    /// How many entries are left out, hole 1, and where they are, hole 0.
    more: Skeleton,
}

impl Shapes {
    /// Those of a theme whose templates are read: what is there once there is such an entry, between what
    /// is there without.
    pub fn new(theme: &Theme, engine: &tera::Tera) -> Option<Self> {
        let level = |entries: &[serde_json::Value], more: Option<serde_json::Value>| {
            let mut context = tera::Context::new();
            context.insert("entries", entries);
            context.insert("more", &more);
            engine.render_component("navigation.level", &context, None, true).ok()
        };
        let without = theme.is_built_in("components.html").then(|| level(&[], None))??;
        let (before, behind) = without.split_at(without.rfind('\n')?);
        let within =
            |level: String| Some(Skeleton::new(level.strip_prefix(before)?.strip_suffix(behind)?));
        let [href, title, below] = [0, 1, 2].map(Skeleton::hole);
        let open = (0..8).map(|shape| {
            let [leads, is_current, has_below] = [1, 2, 4].map(|bit| shape & bit != 0);
            let children = has_below.then(|| json!({ "html": below }));
            let entry = json!({
                "title": title,
                "href": leads.then_some(&href),
                "current": is_current,
                "open": true,
                "children": Vec::from_iter(children),
            });
            within(level(&[entry], None)?)
        });
        Some(Self {
            closed: within(level(&[json!({ "title": title, "href": href })], None)?)?,
            open: open.collect::<Option<_>>()?,
            more: within(level(&[], Some(json!({ "count": title, "href": href })))?)?,
        })
    }

    /// Appends an entry with nothing unfolded below it.
    pub fn push_closed(&self, html: &mut String, href: &str, title: &str) {
        self.closed.push_with(html, &[Piece::Text(href), Piece::Text(title)]);
    }

    /// Appends an unfolded entry with what is below it.
    pub fn push_open(
        &self,
        html: &mut String,
        (href, title): (Option<&str>, &str),
        is_current: bool,
        below: &str,
    ) {
        let href = href.unwrap_or_default();
        let choices = [!href.is_empty(), is_current, !below.is_empty()];
        let shape = choices.iter().rev().fold(0, |all, choice| all << 1 | usize::from(*choice));
        let pieces = [Piece::Text(href), Piece::Text(title), Piece::Html(below)];
        self.open[shape].push_with(html, &pieces);
    }

    /// Appends what says how many entries are left out.
    pub fn push_more(&self, html: &mut String, more: &MoreView) {
        let mut digits = itoa::Buffer::new();
        let pieces = [Piece::Text(&more.href), Piece::Text(digits.format(more.count))];
        self.more.push_with(html, &pieces);
    }
}
