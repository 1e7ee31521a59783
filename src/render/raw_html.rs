//! Raw HTML of authors: what of it reaches a page.
//!
//! Links are written as this site has them, inline styles become attributes and classes (the page's
//! policy forbids them), frames and images that a page may not load become links, and words between
//! angle brackets that are no tags are text. Then an allow-list takes out the rest.

use super::additions::{Additions, without_forged_marks};
use super::content::Content;
use super::escape::{escaped, push_escaped};
use super::styles;
use crate::markdown::html::{self, Tag, opening_tags};
use ammonia::Builder;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

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
    let closed: HashSet<&str> = text
        .match_indices("</")
        .map(|(at, mark)| html::name_at(&text[at + mark.len()..]))
        .collect();
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

/// A page's HTML, the parts of which authors wrote some themselves without what is not on the allow-list.
/// What one of them leaves open reaches into the others: then that goes for the whole page.
pub fn clean_parts(html: String, parts: &[Range<usize>], additions: &Additions) -> Content {
    let marked = parts.iter().map(|part| additions.marked(&html, part.clone()));
    let marked: Vec<String> = marked.collect();
    let cleaned = |marked: &str| {
        let mut cleaned = String::with_capacity(2 * marked.len());
        additions.put_in(&mut cleaned, &clean(marked), &html);
        cleaned
    };
    if !marked.iter().all(|part| is_whole(part)) {
        return cleaned(&additions.marked(&html, 0..html.len())).into();
    }
    let instead = parts.iter().cloned().zip(marked.iter().map(|marked| cleaned(marked)));
    let instead = instead.collect();
    Content::of(html, instead)
}

/// Whether all elements of a piece of HTML are opened and closed in it, one within the other.
fn is_whole(html: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let length = if let Some((name, length)) = html::closing_tag_at(rest) {
            if !open.pop().is_some_and(|open: &str| open.eq_ignore_ascii_case(name)) {
                return false;
            }
            length
        } else if let Some(tag) = html::tag_at(rest) {
            if !html::is_void(tag.name) {
                open.push(tag.name);
            }
            tag.range.end
        } else {
            // A comment, or what only looks like a tag.
            return false;
        };
        rest = &rest[length..];
    }
    open.is_empty()
}

/// HTML without what is not on the allow-list.
fn clean(html: &str) -> String {
    static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(allowed);
    let rare = rare_schemes(html);
    let html = &flattened(html);
    if rare.is_empty() {
        return ALLOWED.clean(html).to_string();
    }
    let mut allowed = allowed();
    allowed.add_url_schemes(rare.iter().map(String::as_str));
    allowed.clean(html).to_string()
}

/// HTML without the tags of elements that stand too deep within others: at each tag a parser of HTML
/// looks through the elements that are open, and browsers flatten what is deeper than 512 as well.
fn flattened(html: &str) -> Cow<'_, str> {
    const DEEPEST: usize = 256;
    // A tag of another one closes these.
    const OFTEN_OPEN: [&str; 14] = [
        "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "colgroup",
        "rt", "rp",
    ];
    let mut flat = String::new();
    let mut kept = 0;
    let mut depth = 0_usize;
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let is_closing = rest.starts_with('/');
        let name = html::name_at(rest.strip_prefix('/').unwrap_or(rest));
        let is_counted = !name.is_empty()
            && !html::is_void(name)
            && !OFTEN_OPEN.iter().any(|open| open.eq_ignore_ascii_case(name));
        if !is_counted || at < kept {
            continue;
        }
        depth += usize::from(!is_closing);
        if depth > DEEPEST {
            flat.push_str(&html[kept..at]);
            kept = html[at..].find('>').map_or(html.len(), |length| at + length + 1);
        }
        depth = depth.saturating_sub(usize::from(is_closing));
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    flat.push_str(&html[kept..]);
    Cow::Owned(flat)
}

/// The schemes of harmless addresses that the allow-list does not know: there are as many as there
/// are programs to open, `slack:`, `vscode:`.
fn rare_schemes(html: &str) -> BTreeSet<String> {
    let addresses = html.match_indices("href=\"").map(|(at, mark)| &html[at + mark.len()..]);
    let schemes = addresses.filter_map(|rest| {
        let address = rest.split('"').next().filter(|address| is_harmless(address))?;
        scheme(address).filter(|scheme| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
                && !matches!(scheme.as_str(), "http" | "https" | "mailto")
        })
    });
    schemes.collect()
}

/// Harmless elements that pages of Jekyll show, beside those that ammonia knows.
const SHOWN: [&str; 16] = [
    "address", "big", "dir", "fieldset", "font", "input", "label", "legend", "menu", "meter",
    "nobr", "output", "progress", "section", "tfoot", "tt",
];

/// How tables looked before there were styles.
const OF_TABLES: [&str; 10] = [
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "height",
    "nowrap",
    "rules",
    "valign",
    "width",
];

fn allowed<'a>() -> Builder<'a> {
    let mut builder = Builder::default();
    builder
        .add_tags(SHOWN)
        // A page has one article, and its frame is the template's.
        .rm_tags(OF_FRAME)
        .add_generic_attributes(["class", "id", "hidden", "translate", "dir"])
        .add_tag_attributes(
            "a",
            ["download", "name", "rel", "target", "data-autolink", "data-holes"],
        )
        .add_tag_attributes("span", ["data-placeholder", "data-context"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("ol", ["start", "type", "reversed"])
        .add_tag_attributes("ul", ["type"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attributes("font", ["color", "face", "size"])
        .add_tag_attributes("progress", ["max", "value"])
        .add_tag_attributes("meter", ["high", "low", "max", "min", "optimum", "value"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .set_tag_attribute_value("input", "type", "checkbox")
        .add_url_schemes(["data"])
        .attribute_filter(|tag, attribute, value| {
            let is_address = matches!(attribute, "href" | "src" | "cite");
            let is_shown = !is_address
                || is_harmless(value)
                || (tag == "img" && attribute == "src" && holds_image(value));
            is_shown.then_some(Cow::Borrowed(value))
        })
        .link_rel(None);
    for tag in ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "caption"] {
        builder.add_tag_attributes(tag, ["align"]);
    }
    for tag in ["table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"] {
        builder.add_tag_attributes(tag, OF_TABLES);
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice;

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
    fn what_stands_too_deep_is_flattened() {
        let html = format!("<ul><li>{}a{}</ul><p>b", "<div>".repeat(300), "</div>".repeat(300));
        let flat = clean(&html);
        assert_eq!(flat.matches("<div>").count(), 255);
        assert!(flat.ends_with("</div></li></ul><p>b</p>"), "{flat}");
        let rows = "<tr><td>a<br>".repeat(300);
        assert_eq!(flattened(&rows), rows);
        assert_eq!(flattened(&"<b>a</b>".repeat(300)), "<b>a</b>".repeat(300));
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
    fn a_part_is_cleaned_by_itself_unless_it_leaves_something_open() {
        // White space within tags shows what went through the allow-list.
        let (before, behind) = ("<p >a</p >", "<p >z</p >");
        let cleaned = |part: &str| {
            let html = format!("{before}{part}{behind}");
            let range = before.len()..before.len() + part.len();
            clean_parts(html, slice::from_ref(&range), &Additions::default()).whole()
        };
        for (part, expected) in [
            ("<p><b onclick=\"x\">b</b></p>", "<p><b>b</b></p>"),
            ("<IMG src=\"b.png\"><br/><i>c</I>", "<img src=\"b.png\"><br><i>c</i>"),
            ("<script>alert(1)</script>", ""),
            ("<p><p>a</p></p>", "<p></p><p>a</p><p></p>"),
        ] {
            assert_eq!(cleaned(part), format!("{before}{expected}{behind}"), "{part}");
        }
        for (part, expected) in [
            ("<details>b", "<p>a</p><details>b<p>z</p></details>"),
            ("<p><b>b</p>", "<p>a</p><p><b>b</b></p><p><b>z</b></p>"),
            ("</div>b", "<p>a</p>b<p>z</p>"),
            ("<i><b>b</i></b>", "<p>a</p><i><b>b</b></i><p>z</p>"),
            ("b < c", "<p>a</p>b &lt; c<p>z</p>"),
            ("<!-- <b> -->", "<p>a</p><p>z</p>"),
            ("<span/>b", "<p>a</p><span>b<p>z</p></span>"),
        ] {
            assert_eq!(cleaned(part), expected, "{part}");
        }
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
