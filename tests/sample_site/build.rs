//! A build is clean, and says the same twice.

use crate::sample::{self, Built, repository};
use crate::{SITE, find};
use alertbook::diag::text::{self, Style};
use alertbook::render::{Renderer, Theme};
use scraper::Html;
use std::collections::BTreeMap;
use std::fs;

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

/// What a template of the site's own may ask for is there, whether or not the built-in one asks for it, and
/// what the theme is given instead is what it would make of that.
#[test]
fn a_copy_of_the_theme_makes_the_same_pages() {
    let render = |theme: &Theme| {
        let renderer = Renderer::new(&SITE.checked.site, theme).unwrap();
        let files = renderer.outputs().into_iter().map(|it| renderer.render(it).unwrap());
        files.map(|file| (file.path, file.bytes)).collect::<BTreeMap<_, _>>()
    };
    let expected = render(&Theme::built_in());
    let mut all = Theme::built_in();
    let assert_same = |theme: &Theme, name: &str| {
        for (path, bytes) in render(theme) {
            assert!(bytes == expected[&path], "{path} with a copy of {name}");
        }
    };
    for entry in fs::read_dir(repository().join("templates")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap() + "{# The site's own. #}";
        all.set_template(name, text.clone());
        let mut theme = Theme::built_in();
        theme.set_template(name, text);
        assert_same(&theme, name);
    }
    assert_same(&all, "all templates");
}
