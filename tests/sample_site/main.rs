//! The repository's own site holds what the product promises: its main runbook is written as real
//! ones are, construct for construct, so what is right here is right for them.

mod addresses;
mod build;
mod defects;
mod manifest;
mod markdown;
mod queries;
mod sizes;
mod structure;

#[path = "../support/sample.rs"]
mod sample;

use sample::Built;
use scraper::{ElementRef, Html, Selector};
use std::sync::LazyLock;

/// The runbook that has everything in it: alert table, example alert, queries in every form.
const BOOTSTRAP: &str = "armada/armada-bootstrap-failures.html";

/// The site, built once for all tests that only look at it.
static SITE: LazyLock<Built> = LazyLock::new(|| sample::build(None));

/// A page of the site.
fn page(path: &str) -> Html {
    let found = SITE.pages().find(|(known, _)| *known == path);
    let (_, html) = found.unwrap_or_else(|| panic!("there is no page {path}"));
    Html::parse_document(html)
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

/// The elements of a page that a selector finds.
fn find<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    below(page.root_element(), selector)
}

/// The elements below another that a selector finds.
fn below<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&css(selector)).collect()
}

/// The one element below another that a selector finds.
fn only<'a>(element: ElementRef<'a>, selector: &str) -> ElementRef<'a> {
    let found = below(element, selector);
    assert_eq!(found.len(), 1, "{selector} in {}", element.html());
    found[0]
}

fn attribute<'a>(element: ElementRef<'a>, name: &str) -> &'a str {
    element.attr(name).unwrap_or_else(|| panic!("no {name} on {}", element.html()))
}

/// The text of an element less what alertbook put among it.
fn authors_text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    push_text(element, &mut text);
    text
}

fn push_text(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        if let Some(piece) = child.value().as_text() {
            text.push_str(piece);
        } else if let Some(inner) = ElementRef::wrap(child)
            && inner.attr("data-added").is_none()
        {
            push_text(inner, text);
        }
    }
}
