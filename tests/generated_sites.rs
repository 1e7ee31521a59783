//! The sites that speed is measured on are runbook sites as they should be: nothing to find, and
//! as large as they say.

#[path = "../benches/generator/mod.rs"]
mod generator;
#[path = "support/site.rs"]
mod site;

use alertbook::diag::text::Style;
use generator::{Page, Shape};
use site::Site;

#[test]
fn a_generated_site_has_no_findings() {
    for shape in [Shape::Small, Shape::Large] {
        let site = Site::new(&[]);
        // More than one section, and the last one not full.
        for (path, text) in generator::site(shape, 60) {
            site.write(&path, &text);
        }
        let checked = site.check();
        assert_eq!(checked.site.pages.len(), 60);
        let found = alertbook::diag::text::render(&checked.report, Style::default());
        assert!(checked.report.entries().is_empty(), "{shape:?}\n{found}");
        let documented = checked.site.alerts.values().filter(|alert| alert.start.is_some());
        let each = if shape == Shape::Small { 2 } else { 13 };
        assert_eq!(documented.count(), 60 * each);
    }
}

#[test]
fn generated_pages_are_as_large_as_they_say() {
    for (shape, bytes) in [(Shape::Small, 2_000), (Shape::Large, 20_000)] {
        let sizes = (0..100).map(|number| Page { shape, number, pages: 100 }.text().len());
        let mean = sizes.sum::<usize>() / 100;
        assert!(mean.abs_diff(bytes) < bytes / 20, "{shape:?}: {mean} bytes");
    }
}
