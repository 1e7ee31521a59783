//! Inline styles of authors: classes of the site's stylesheet.
//!
//! The policy of pages forbids `style="…"`. What such an attribute may say becomes a rule of the
//! stylesheet, and the element gets its class, whose name is made of what the rule says. So a page
//! needs to know of no other one, and the stylesheet of no order.

use crate::site::Site;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The longest value that is taken over, in bytes.
const LONGEST_VALUE: usize = 60;

/// What a style may say of an element: how it looks, and not where it is.
#[rustfmt::skip]
const PROPERTIES: [&str; 37] = [
    "background", "background-color", "border", "border-bottom", "border-collapse", "border-color",
    "border-left", "border-radius", "border-right", "border-style", "border-top", "border-width",
    "clear", "color", "display", "float", "font-size", "font-style", "font-weight", "height",
    "line-height", "list-style", "list-style-type", "margin", "margin-bottom", "margin-left",
    "margin-right", "margin-top", "max-width", "min-width", "padding", "padding-left",
    "text-align", "text-decoration", "vertical-align", "white-space", "width",
];

/// What of an inline style is taken over, in the order of its author; empty if nothing is.
fn declarations(style: &str) -> String {
    let mut kept = String::new();
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        let value = value.trim().trim_end_matches("!important").trim_end();
        if PROPERTIES.contains(&property.as_str()) && is_harmless(value) {
            kept += &format!("{property}:{value}!important;");
        }
    }
    kept
}

/// Whether a value is made of words, numbers and colours.
fn is_harmless(value: &str) -> bool {
    let functions = value.matches('(').count();
    let colours = ["rgb(", "rgba(", "hsl(", "hsla("];
    let lower = value.to_ascii_lowercase();
    let known: usize = colours.iter().map(|colour| lower.matches(colour).count()).sum();
    !value.is_empty()
        && value.len() <= LONGEST_VALUE
        && functions == known
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" #%.,-()".contains(&byte))
}

/// What of a style is no attribute: all of it, but for the sizes of images.
pub fn without_sizes(of_image: bool, style: &str) -> String {
    if !of_image {
        return style.to_owned();
    }
    let is_size = |declaration: &&str| sizes(declaration).is_empty();
    style.split(';').filter(is_size).collect::<Vec<_>>().join(";")
}

/// The `width` and `height` of a style as attributes, as far as they are pixels or per cent.
pub fn sizes(style: &str) -> String {
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

/// The class that stands for an inline style, if any of it is taken over.
pub fn class(style: &str) -> Option<String> {
    let declarations = declarations(style);
    (!declarations.is_empty()).then(|| class_of(&declarations))
}

fn class_of(declarations: &str) -> String {
    format!("style-{}", &blake3::hash(declarations.as_bytes()).to_hex()[..10])
}

/// The rules for all inline styles of a site.
pub fn stylesheet(site: &Site) -> String {
    let rules =
        site.styles().map(|style| declarations(&without_sizes(style.of_image, &style.text)));
    let rules: BTreeSet<String> = rules.filter(|rule| !rule.is_empty()).collect();
    let mut stylesheet = String::new();
    for rule in &rules {
        let _ = writeln!(stylesheet, ".{}{{{rule}}}", class_of(rule));
    }
    stylesheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::Parts;
    use crate::source::Source;

    #[test]
    fn the_stylesheet_has_a_rule_for_each_style_of_a_page() {
        let config = crate::config::parse(&Source::new("alertbook.yaml", "title: T")).unwrap();
        let text = "Text\n{: style=\"color: red\"}\n\n<b style='color:blue'>b</b>\n\n\
                    <div style=\"color: red; position: fixed\">d</div>\n\n`style=\"color: x\"`";
        let source = Source::new("content/a.md", text);
        let (runbook, _) =
            Runbook::read(&source, &SiteVariables::default(), &AlertColumns::default());
        let runbooks = vec![("a.md".to_owned(), runbook.into())];
        let site = Site::assemble(config, Parts { runbooks, ..Parts::default() });
        let stylesheet = stylesheet(&site);
        assert_eq!(stylesheet.lines().count(), 2, "{stylesheet}");
        for style in ["color: red", "color: blue"] {
            assert!(stylesheet.contains(&format!(".{}{{", class(style).unwrap())), "{stylesheet}");
        }
    }

    #[test]
    fn what_is_harmless_is_taken_over() {
        assert_eq!(
            declarations("color: Red; text-align:center ;width:640px; position: fixed"),
            "color:Red!important;text-align:center!important;width:640px!important;"
        );
        for style in [
            "background: url(https://x)",
            "color: red}body{display:none",
            "color: expression(alert(1))",
            "position: absolute",
            "color",
            "",
        ] {
            assert_eq!(class(style), None, "{style}");
        }
        assert_eq!(class("color: rgb(1, 2, 3)"), class("color:rgb(1, 2, 3);"));
    }
}
