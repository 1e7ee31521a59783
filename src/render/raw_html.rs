//! Raw HTML of authors: what of it reaches a page.
//!
//! Links are written as this site has them, inline styles become attributes and classes (the page's
//! policy forbids them), frames and images that a page may not load become links, and words between
//! angle brackets that are no tags are text. Then an allow-list takes out the rest.

mod allow_list;

pub use allow_list::clean_parts;

use super::additions::without_forged_marks;
use super::escape::{escaped, push_escaped};
use super::styles;
use crate::markdown::html::{self, Tag, opening_tags};
use rustc_hash::FxHashSet;
use std::cell::LazyCell;
use std::fmt::Write as _;

/// What is to be known of the page that a piece of raw HTML is on.
pub struct Place<'p> {
    /// Gives the address to write for one that must change.
    pub link: &'p dyn Fn(&str) -> Option<String>,
    /// Whether the page may load an image from an address.
    pub loads: &'p dyn Fn(&str) -> bool,
    /// Words between angle brackets as they are shown.
    pub words: &'p dyn Fn(&str) -> String,
    /// Whether it stands within a link.
    pub in_link: bool,
}

/// A piece of raw HTML as this site has it.
pub fn prepare(text: &str, place: &Place<'_>) -> String {
    let text = &*without_forged_marks(text);
    let mut prepared = String::with_capacity(text.len() + 32);
    let mut kept = 0;
    let mut in_own_link = false;
    // Nearly all tags are those of HTML, and nobody asks.
    let closed = LazyCell::new(|| {
        let names =
            text.match_indices("</").map(|(at, mark)| html::name_at(&text[at + mark.len()..]));
        names.collect::<FxHashSet<&str>>()
    });
    for tag in opening_tags(text) {
        // The content of a frame was passed over.
        if tag.range.start < kept {
            continue;
        }
        let between = &text[kept..tag.range.start];
        in_own_link &= !between.contains("</a") && !between.contains("</A");
        push_between(&mut prepared, between);
        kept = tag.range.end;
        let source = tag.attribute("src").map(|(value, _)| value.replace("&amp;", "&"));
        let in_link = place.in_link || in_own_link;
        in_own_link |= tag.is("a");
        let is_known = html::is_element(tag.name) || html::is_unknown_to_kramdown(tag.name);
        if !is_known && !tag.has_values() && !closed.contains(tag.name) {
            prepared.push_str(&(place.words)(&text[tag.range.clone()]));
        } else if is_frame(tag.name) {
            if let Some(address) = source.filter(|address| !address.is_empty()) {
                let title = tag.attribute("title").map_or("", |(title, _)| title);
                push_link(&mut prepared, &address, title, in_link);
            }
            let end = format!("</{}>", tag.name);
            kept += text[kept..].find(&end).map_or(0, |length| length + end.len());
        } else if let Some(address) = source.filter(|_| tag.is("img"))
            && !(place.loads)(&address)
        {
            let alt = tag.attribute("alt").map_or("", |(alt, _)| alt);
            push_link(&mut prepared, &address, alt, in_link);
        } else if is_of_frame(tag.name) {
            push_tag(&mut prepared, &Tag { name: "div", ..tag }, place);
        } else if tag.attributes.is_empty() {
            prepared.push_str(&text[tag.range.clone()]);
        } else {
            push_tag(&mut prepared, &tag, place);
        }
    }
    push_between(&mut prepared, &text[kept..]);
    prepared
}

/// Elements that the frame of a page has once, and not its author: what stands in one is a part by
/// itself all the same.
const OF_FRAME: [&str; 5] = ["article", "footer", "header", "main", "nav"];

fn is_of_frame(name: &str) -> bool {
    OF_FRAME.iter().any(|of_frame| of_frame.eq_ignore_ascii_case(name))
}

/// What stands between opening tags, with the closing ones of what became a part by itself.
fn push_between(prepared: &mut String, text: &str) {
    let mut kept = 0;
    for (at, mark) in text.match_indices("</") {
        let start = at + mark.len();
        let name = html::name_at(&text[start..]);
        if is_of_frame(name) {
            prepared.push_str(&text[kept..start]);
            prepared.push_str("div");
            kept = start + name.len();
        }
    }
    prepared.push_str(&text[kept..]);
}

/// Elements that show what another address has.
fn is_frame(name: &str) -> bool {
    ["iframe", "embed", "video", "audio", "source"]
        .iter()
        .any(|frame| frame.eq_ignore_ascii_case(name))
}

/// A link in the place of what a page may not load; within a link, just its text.
pub fn push_link(html: &mut String, address: &str, title: &str, in_link: bool) {
    let file = address.split(['?', '#']).next().unwrap_or_default();
    let file = file.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let file = if file.contains('.') { file } else { "" };
    let bare = address.split_once("//").map_or(address, |(_, bare)| bare);
    let text = [title.trim(), file, bare].into_iter().find(|text| !text.is_empty());
    let text = escaped(text.unwrap_or_default());
    if in_link {
        html.push_str(&text);
    } else {
        let _ = write!(html, "<a class=\"elsewhere\" href=\"{}\">{text}</a>", escaped(address));
    }
}

/// A tag with its addresses as this site has them, and classes for its style.
fn push_tag(html: &mut String, tag: &Tag<'_>, place: &Place<'_>) {
    html.push('<');
    html.push_str(tag.name);
    let mut classes =
        tag.attribute("class").map_or(String::new(), |(classes, _)| classes.to_owned());
    for (name, value, _) in &tag.attributes {
        match name.to_ascii_lowercase().as_str() {
            "style" => {
                if tag.is("img") {
                    html.push_str(&styles::sizes(value));
                }
                if let Some(class) = styles::class(&styles::without_sizes(tag.is("img"), value)) {
                    if !classes.is_empty() {
                        classes.push(' ');
                    }
                    classes.push_str(&class);
                }
            }
            "class" => {}
            "href" | "src" => {
                let _ = match (place.link)(&value.replace("&amp;", "&")) {
                    Some(rewritten) => write!(html, " {name}=\"{}\"", escaped(&rewritten)),
                    None => write!(html, " {name}=\"{}\"", value.replace('"', "&quot;")),
                };
            }
            _ => {
                let _ = write!(html, " {name}=\"{}\"", value.replace('"', "&quot;"));
            }
        }
    }
    if !classes.is_empty() {
        html.push_str(" class=\"");
        push_escaped(html, &classes);
        html.push('"');
    }
    html.push('>');
}

/// Whether an address may stand on a page: browsers run what stands behind some schemes.
pub fn is_harmless(url: &str) -> bool {
    scheme(url).is_none_or(|scheme| !matches!(scheme.as_str(), "javascript" | "data" | "vbscript"))
}

/// Whether an address is an image itself, as editors paste one: `data:image/png;base64,…`. The policy
/// of pages lets it in where an image stands, and there nothing in it runs.
pub fn holds_image(url: &str) -> bool {
    let kind = url.split_once(':').map_or("", |(_, behind)| behind.trim_start());
    let is_image = kind.get(..IMAGE.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(IMAGE));
    is_image && scheme(url).is_some_and(|scheme| scheme == "data")
}

/// How the media types of images begin.
const IMAGE: &str = "image/";

/// The scheme of an address in lower case, as browsers find it: without the white space and control
/// characters that may stand anywhere in it.
fn scheme(url: &str) -> Option<String> {
    let before = url.split(['/', '?', '#']).next().unwrap_or_default();
    let (scheme, _) = before.split_once(':')?;
    let shown = scheme.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    Some(shown.flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::allow_list::clean;
    use super::*;

    fn place(link: &dyn Fn(&str) -> Option<String>) -> Place<'_> {
        let loads = &|url: &str| !url.contains("://");
        Place { link, loads, words: &|words| escaped(words), in_link: false }
    }

    #[test]
    fn addresses_of_all_programs_survive_and_none_that_runs_code() {
        for url in ["slack://channel?id=1", "vscode:x", "alloc::vec", "ftp://a", "b/c:d", "#e:f"] {
            let html = format!("<a href=\"{url}\">x</a>");
            assert_eq!(clean(&html), html);
            assert!(is_harmless(url));
        }
        for url in
            ["javascript:x", " JavaScript:x", "java\tscript:x", "data:text/html,x", "vbscript:x"]
        {
            assert!(!clean(&format!("<a href=\"{url}\">x</a>")).contains("href"), "{url}");
            assert!(!is_harmless(url));
        }
    }

    #[test]
    fn an_image_may_stand_in_its_address_and_nothing_else_may() {
        for url in ["data:image/png;base64,AA//", "DATA: Image/svg+xml,%3Csvg/%3E", "data:image/x,"]
        {
            let html = format!("<img src=\"{url}\">");
            assert_eq!(clean(&prepare(&html, &place(&|_| None))), html);
            assert!(holds_image(url) && !is_harmless(url), "{url}");
            for other in [format!("<a href=\"{url}\">x</a>"), format!("<q cite=\"{url}\">x</q>")] {
                assert!(!clean(&other).contains(url), "{other}");
            }
        }
        for url in ["data:text/html,x", "data:,x", "data:é", "image/a.png", "x:image/a"] {
            assert!(!holds_image(url), "{url}");
        }
        assert_eq!(clean("<img src=\"data:text/html,x\" alt=\"data:x\">"), "<img alt=\"data:x\">");
    }

    #[test]
    fn what_a_page_may_not_load_is_behind_a_link() {
        for (text, expected) in [
            (
                "<iframe src=\"https://a.example/v/1\" width=\"5\">no</iframe>",
                "<a class=\"elsewhere\" href=\"https://a.example/v/1\">a.example/v/1</a>",
            ),
            (
                "<a href=\"b\"><img src=\"https://c.example/d.png?e\" alt=\"E\"></a>",
                "<a href=\"b\">E</a>",
            ),
            ("<td><pod name></td>", "<td>&lt;pod name&gt;</td>"),
        ] {
            assert_eq!(prepare(text, &place(&|_| None)), expected);
        }
    }

    #[test]
    fn a_style_becomes_a_class_beside_those_there_are() {
        let class = styles::class("color: red").unwrap();
        let text = "<p class=\"a\" style=\"color: red\" title='say \"b\"'>";
        assert_eq!(
            prepare(text, &place(&|_| None)),
            format!("<p title=\"say &quot;b&quot;\" class=\"a {class}\">")
        );
    }

    #[test]
    fn what_only_says_how_something_looks_gets_through() {
        for html in [
            "<nobr>a</nobr> <font color=\"red\" size=\"2\">b</font> <tt>c</tt> <big>d</big>",
            "<center>a</center><p align=\"right\">b</p><h2 align=\"center\">c</h2>",
            "<table border=\"1\" width=\"50%\"><tbody><tr valign=\"top\"><td width=\"9\" nowrap=\"\">a</td></tr></tbody></table>",
            "<ul type=\"square\"><li value=\"3\">a</li></ul><fieldset><legend>b</legend></fieldset>",
            "<label>a</label> <progress max=\"2\" value=\"1\"></progress> <span dir=\"rtl\">b</span>",
        ] {
            assert_eq!(clean(&prepare(html, &place(&|_| None))), html);
        }
    }

    #[test]
    fn parts_of_a_frame_are_parts_all_the_same() {
        let html = "<header class=\"a\">b</header>\n<NAV>c</NAV><main>d <b>e</b></main><navy>";
        let expected = "<div class=\"a\">b</div>\n<div>c</div><div>d <b>e</b></div>&lt;navy&gt;";
        assert_eq!(clean(&prepare(html, &place(&|_| None))), expected);
        assert_eq!(prepare("</article>", &place(&|_| None)), "</div>");
    }

    #[test]
    fn links_and_sizes_are_rewritten() {
        let text =
            "<a href=\"a.md\">\n<img src=\"b.png\" style=\"width: 640px; position: fixed\"/></a>";
        let link = |url: &str| (url == "a.md").then(|| "a.html".to_owned());
        let prepared = prepare(text, &place(&link));
        assert_eq!(clean(&prepared), "<a href=\"a.html\">\n<img src=\"b.png\" width=\"640\"></a>");
    }

    #[test]
    fn scripts_handlers_and_forged_marks_do_not_get_through() {
        for text in [
            "<script>alert(1)</script>",
            "<p onclick=\"x()\">",
            "<a href=\"javascript:x()\">a</a>",
            "<p data-added>",
            "<iframe src=\"https://x\"></iframe>",
            "<p title=\"\u{F8F0}0\u{F8F1}\">",
            "&#xF8F0;0&#xF8F1;",
        ] {
            let clean = clean(&prepare(text, &place(&|_| None)));
            for forbidden in ["script", "onclick", "data-added", "iframe", "\u{F8F0}", "\u{F8F1}"] {
                assert!(!clean.contains(forbidden), "{clean}");
            }
        }
    }
}
