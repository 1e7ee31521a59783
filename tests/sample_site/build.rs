//! A build is clean, and says the same twice.

use crate::sample::{self, Built};
use crate::{SITE, find};
use alertbook::diag::text::{self, Style};
use scraper::Html;
use std::collections::BTreeMap;

#[test]
fn there_is_no_finding_at_all() {
    let report = text::render(&SITE.checked.report, Style::default());
    assert!(SITE.checked.report.entries().is_empty(), "{report}");
    assert_eq!(SITE.checked.warnings, Vec::<String>::new());
}

#[test]
fn two_builds_are_the_same_bytes() {
    let files = |built: &Built| -> BTreeMap<String, Vec<u8>> {
        built.rendered.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect()
    };
    let (first, second) = (files(&SITE), files(&sample::build(None)));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (path, bytes) in &first {
        assert!(second[path] == *bytes, "{path} differs");
    }
    assert_eq!(first.len(), SITE.rendered.len(), "two files have the same path");
}

#[test]
fn every_page_that_is_no_redirect_has_one_article() {
    let mut redirects = 0;
    for (path, html) in SITE.pages() {
        let page = Html::parse_document(html);
        let is_redirect = !find(&page, "script[data-target]").is_empty();
        let articles = find(&page, "article").len();
        assert_eq!(articles, usize::from(!is_redirect), "{path}");
        redirects += usize::from(is_redirect);
    }
    // Every alert of the sample is documented, so every alert's address is a redirect.
    assert_eq!(redirects, SITE.checked.site.alerts.len());
}
