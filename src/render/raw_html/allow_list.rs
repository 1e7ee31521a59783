//! The allow-list: what of an author's raw HTML may be on a page.

use super::{OF_FRAME, holds_image, is_harmless, scheme};
use crate::markdown::html;
use crate::render::additions::Additions;
use crate::render::content::Content;
use ammonia::Builder;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

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
pub(super) fn clean(html: &str) -> String {
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
}
