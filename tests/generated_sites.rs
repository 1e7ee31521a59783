//! The sites that speed is measured on are runbook sites as they should be: nothing to find, and
//! as large as they say.

#[allow(dead_code)]
#[path = "../benches/generator/mod.rs"]
mod generator;
#[path = "support/site.rs"]
mod site;

use alertbook::diag::text::Style;
use alertbook::pipeline::{self, Project};
use generator::{File, Page, Shape};
use site::Site;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

#[test]
fn a_generated_site_has_no_findings() {
    for shape in [Shape::Small, Shape::Large] {
        // More than one section, and the last one not full.
        let site = site(shape, 60);
        let checked = site.check();
        assert_eq!(checked.site.pages.len(), 60);
        let found = alertbook::diag::text::render(&checked.report, Style::default());
        assert!(checked.report.entries().is_empty(), "{shape:?}\n{found}");
        let documented = checked.site.alerts.values().filter(|alert| alert.start.is_some());
        let each = if shape == Shape::Small { 2 } else { 13 };
        assert_eq!(documented.count(), 60 * each);
    }
}

/// What finds nothing costs little; sites that are in need of checks have something to find.
#[test]
fn a_drifted_site_has_findings_of_each_kind_on_most_pages() {
    for shape in [Shape::Small, Shape::Large] {
        let checked = written(generator::drifted(shape, 60)).check();
        let mut pages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (_, found) in checked.report.entries() {
            pages.entry(found.check).or_default().insert(found.span.source().path());
        }
        for check in [
            "broken-anchor",
            "broken-link",
            "threshold-drift",
            "unknown-alert",
            "unknown-recording-rule",
        ] {
            let with = pages.get(check).map_or(0, BTreeSet::len);
            assert!(with >= 45, "{shape:?}: `{check}` on {with} of 60 pages");
        }
    }
}

/// A page with an error ends the rendering beside the checks; what is published is none the less whole.
#[test]
fn a_build_publishes_all_of_a_site_or_nothing() {
    let (site, folder) = (site(Shape::Small, 120), tempfile::tempdir().unwrap());
    let place = site.path().join("content/section-0000");
    let first = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).min().unwrap();
    let text = fs::read_to_string(&first).unwrap();
    for (added, has_error) in [("", false), ("\n[a](nowhere.html)\n", true)] {
        fs::write(&first, format!("{text}{added}")).unwrap();
        let whole = folder.path().join("whole");
        site.publish(&whole);
        for may_publish in [false, true] {
            let out = folder.path().join(format!("{has_error}-{may_publish}"));
            let project = Project { out, ..site.project() };
            let decide = |report: &alertbook::diag::Report, _: &[String]| {
                assert_eq!(report.has_errors(), has_error);
                may_publish
            };
            let (_, built) = pipeline::build(&project, decide, &|_| ()).unwrap();
            assert_eq!(built.is_some(), may_publish);
            assert_eq!(project.out.exists(), may_publish);
            if let Some(built) = built {
                assert_eq!(built.pages.len(), 120);
                assert!(files(&project.out) == files(&whole), "{has_error}");
            }
        }
    }
}

fn site(shape: Shape, pages: usize) -> Site {
    written(generator::site(shape, pages))
}

fn written(files: impl Iterator<Item = File>) -> Site {
    let site = Site::new(&[]);
    for (path, text) in files {
        site.write(&path, &text);
    }
    site
}

/// All files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let path = file.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            (path, fs::read(file.path()).unwrap())
        })
        .collect()
}

#[test]
fn generated_pages_are_as_large_as_they_say() {
    for (shape, bytes) in [(Shape::Small, 2_000), (Shape::Large, 20_000)] {
        let sizes = (0..100).map(|number| Page { shape, number, pages: 100 }.text().len());
        let mean = sizes.sum::<usize>() / 100;
        assert!(mean.abs_diff(bytes) < bytes / 20, "{shape:?}: {mean} bytes");
    }
}

/// The busy service's runbook that large pages are modelled on has 12 fences with 2,505 bytes in
/// them. What a generator of sites does for code is most of its work, so pages with less of it
/// would measure something else.
#[test]
fn large_generated_pages_have_as_much_code_as_a_real_runbook() {
    let count = |text: &str| {
        let parts = text.split("```").skip(1).step_by(2);
        let code = parts.map(|part| part.split_once('\n').map_or(0, |(_, code)| code.trim().len()));
        code.fold((0, 0), |(fences, bytes), code| (fences + 1, bytes + code))
    };
    let counts =
        (0..100).map(|number| count(&Page { shape: Shape::Large, number, pages: 100 }.text()));
    let (fences, bytes) = counts.fold((0, 0), |sum, page| (sum.0 + page.0, sum.1 + page.1));
    assert_eq!(fences, 12 * 100);
    assert!((2_000..2_510).contains(&(bytes / 100)), "{} bytes", bytes / 100);
}
