//! Raw HTML of authors: what of it reaches a page.
//!
//! Links are written as this site has them, sizes in inline styles become attributes (the page's
//! policy forbids inline styles), and an allow-list takes out the rest.

use crate::markdown::html::opening_tags;
use ammonia::Builder;
use std::sync::LazyLock;

/// A piece of raw HTML with its links rewritten and the sizes of its images as attributes.
/// `link` gives the address to write for one that must change.
pub fn prepare(text: &str, link: &dyn Fn(&str) -> Option<String>) -> String {
    let mut prepared = String::with_capacity(text.len());
    let mut kept = 0;
    for tag in opening_tags(text) {
        for address in ["href", "src"] {
            let Some((value, range)) = tag.attribute(address) else { continue };
            // Additions come from the front of the text to its end.
            if range.start >= kept
                && let Some(rewritten) = link(&value.replace("&amp;", "&"))
            {
                prepared.push_str(&text[kept..range.start]);
                super::escape::push_escaped(&mut prepared, &rewritten);
                kept = range.end;
            }
        }
        if tag.is("img")
            && let Some((style, range)) = tag.attribute("style")
            && range.start >= kept
            && text[range.end..].starts_with(['"', '\''])
        {
            // Behind the closing quote, so that the attributes stand beside the style, which the
            // allow-list takes out.
            prepared.push_str(&text[kept..=range.end]);
            prepared.push_str(&sizes(style));
            kept = range.end + 1;
        }
    }
    prepared.push_str(&text[kept..]);
    prepared
}

/// The `width` and `height` of a style as attributes, as far as they are pixels or per cent.
fn sizes(style: &str) -> String {
    let mut attributes = String::new();
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        let value = value.trim();
        let number = value.strip_suffix("px").unwrap_or(value);
        let digits = number.strip_suffix('%').unwrap_or(number);
        if matches!(property.as_str(), "width" | "height")
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            attributes += &format!(" {property}=\"{number}\"");
        }
    }
    attributes
}

/// A page's HTML without what is not on the allow-list.
pub fn clean(html: &str) -> String {
    static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = Builder::default();
        builder
            .add_tags(["input", "section", "tfoot", "u", "font", "big", "tt"])
            // A page has one article, and its frame is the template's.
            .rm_tags(["article", "header", "footer", "nav"])
            .add_generic_attributes(["class", "id", "hidden", "translate"])
            .add_tag_attributes("a", ["name", "target", "data-autolink", "data-holes"])
            .add_tag_attributes("span", ["data-placeholder", "data-context"])
            .add_tag_attributes("details", ["open"])
            .add_tag_attributes("ol", ["start", "type"])
            .add_tag_attributes("input", ["checked", "disabled"])
            .set_tag_attribute_value("input", "type", "checkbox")
            .link_rel(None);
        builder
    });
    ALLOWED.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_sizes_are_rewritten() {
        let text = "<a href=\"a.md\">\n<img src=\"b.png\" style=\"width: 640px; color: red\"/></a>";
        let link = |url: &str| (url == "a.md").then(|| "a.html".to_owned());
        let prepared = prepare(text, &link);
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
        ] {
            let clean = clean(&prepare(text, &|_| None));
            for forbidden in ["script", "onclick", "data-added", "iframe"] {
                assert!(!clean.contains(forbidden), "{clean}");
            }
        }
    }
}
