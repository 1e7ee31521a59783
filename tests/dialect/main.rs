//! The dialect, construct by construct, against kramdown, which runbooks were written for.
//!
//! A folder of `tests/dialect/` is a construct: `input.md`, and in `kramdown.json` what kramdown
//! makes of it in Jekyll's settings. Where alertbook makes something else on purpose, `ours.json`
//! says why and what. Where Ruby's kramdown is installed, as `./tests/run` sees to, the records are
//! checked against it; `UPDATE=1` writes both anew, but for the reasons.
//!
//! `DIALECT_FOLDER=… cargo test --test dialect -- --ignored --nocapture` compares runbooks of your
//! own.

mod facts;

use alertbook::config;
use alertbook::liquid::SiteVariables;
use alertbook::render::{Renderer, Theme};
use alertbook::runbook::{AlertColumns, Runbook};
use alertbook::site::{Page, Parts, Site};
use alertbook::source::Source;
use facts::Facts;
use scraper::{ElementRef, Html, Selector};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where alertbook differs from kramdown on purpose.
#[derive(Debug, Serialize, Deserialize)]
struct Ours {
    why: String,
    #[serde(flatten)]
    facts: BTreeMap<String, Vec<String>>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect")
}

/// The folders of the constructs, by name.
fn constructs() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// What alertbook makes of some files, in order.
fn by_alertbook(files: &[PathBuf]) -> Vec<Facts> {
    articles(files, &|_, article| Facts::of(article))
}

/// What is to be known of each runbook and its article on the page, in the order of the files.
fn articles<T>(files: &[PathBuf], known: &dyn Fn(&Runbook, ElementRef<'_>) -> T) -> Vec<T> {
    let config = config::parse(&Source::new("alertbook.yaml", "title: T\n")).unwrap();
    let runbook = |(index, file): (usize, &PathBuf)| {
        let bytes = fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let source = Source::new(format!("p{index}.md"), text.trim_start_matches('\u{feff}'));
        let (runbook, _) =
            Runbook::read(&source, &SiteVariables::default(), &AlertColumns::default());
        (format!("p{index}.md"), runbook.into())
    };
    let runbooks = files.iter().enumerate().map(runbook).collect();
    let site = Site::assemble(config, Parts { runbooks, ..Parts::default() });
    let theme = Theme::built_in();
    let renderer = Renderer::new(&site, &theme).unwrap();
    let article = Selector::parse("article").unwrap();
    let facts = |page: &Page| {
        let output = renderer.output_at(&page.path).expect("a page for each file");
        let output = renderer.render(output).unwrap();
        let html = Html::parse_document(std::str::from_utf8(&output.bytes).unwrap());
        let article = html.select(&article).next().expect("an article on each page");
        known(&page.runbook, article)
    };
    let of_file = |index| site.pages.iter().find(|page| page.path == format!("p{index}.html"));
    (0..files.len()).map(|index| facts(of_file(index).expect("a page for each file"))).collect()
}

/// What kramdown makes of some files, in order; `None` where it is not installed.
fn by_kramdown(files: &[PathBuf]) -> Option<Vec<Facts>> {
    let script = folder().join("../support/kramdown.rb");
    let output = Command::new("ruby").arg("-EUTF-8").arg(script).args(files).output().ok()?;
    if !output.status.success() {
        eprintln!("no kramdown: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let pages: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    Some(pages.iter().map(|html| Facts::of_fragment(html)).collect())
}

fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn record(construct: &Path) -> Option<Facts> {
    let text = fs::read_to_string(construct.join("kramdown.json")).ok()?;
    Some(
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", construct.display())),
    )
}

fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// The kinds in which what alertbook makes differs from what kramdown makes.
fn differing(ours: &Facts, theirs: &Facts) -> BTreeMap<String, Vec<String>> {
    let kinds = ours.kinds().into_iter().zip(theirs.kinds());
    let differing = kinds.filter(|((_, ours), (_, theirs))| ours != theirs);
    differing.map(|((kind, ours), _)| (kind.to_owned(), ours.to_vec())).collect()
}

#[test]
fn records_are_what_kramdown_makes() {
    let constructs = constructs();
    let files: Vec<PathBuf> = constructs.iter().map(|path| path.join("input.md")).collect();
    let Some(made) = by_kramdown(&files) else { return };
    for (construct, facts) in constructs.iter().zip(made) {
        if update() {
            fs::write(construct.join("kramdown.json"), written(&facts)).unwrap();
        }
        assert_eq!(record(construct).as_ref(), Some(&facts), "{}", construct.display());
    }
}

#[test]
fn each_construct_is_what_kramdown_makes_of_it_or_says_why_not() {
    let constructs = constructs();
    let files: Vec<PathBuf> = constructs.iter().map(|path| path.join("input.md")).collect();
    let mut faults = Vec::new();
    for (construct, ours) in constructs.iter().zip(by_alertbook(&files)) {
        let name = construct.file_name().unwrap().to_string_lossy().into_owned();
        let Some(theirs) = record(construct) else {
            faults.push(format!("{name}: no kramdown.json; UPDATE=1 writes it"));
            continue;
        };
        let differing = differing(&ours, &theirs);
        let path = construct.join("ours.json");
        let said: Option<Ours> = fs::read_to_string(&path)
            .ok()
            .map(|text| serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}")));
        match said {
            None if differing.is_empty() => {}
            Some(said) if said.why.trim().is_empty() => faults.push(format!("{name}: no reason")),
            Some(said) if said.facts == differing && !differing.is_empty() => {}
            Some(said) if update() && !differing.is_empty() => {
                let said = Ours { why: said.why, facts: differing };
                fs::write(&path, written(&said)).unwrap();
            }
            _ => faults.push(shown(&name, &ours, &theirs)),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn links_are_judged_by_the_ids_that_a_page_has() {
    let constructs = constructs();
    let files: Vec<PathBuf> = constructs.iter().map(|path| path.join("input.md")).collect();
    let found = articles(&files, &|runbook, article| {
        let anchor = |element: ElementRef<'_>| {
            let name = element.attr("name").filter(|_| element.value().name() == "a");
            let both = element.attr("id").into_iter().chain(name);
            both.map(str::to_owned).collect::<Vec<_>>()
        };
        let all = Selector::parse("[id], [name]").unwrap();
        // What alertbook adds has ids of its own, which no author links to.
        let written = article.select(&all).filter(|element| element.attr("data-added").is_none());
        let on_page: BTreeSet<String> = written.flat_map(anchor).collect();
        let known: BTreeSet<String> = runbook.anchors.iter().map(str::to_owned).collect();
        (on_page, known)
    });
    for (construct, (on_page, known)) in constructs.iter().zip(found) {
        assert_eq!(on_page, known, "{}", construct.display());
    }
}

/// What differs, line by line.
fn shown(name: &str, ours: &Facts, theirs: &Facts) -> String {
    let mut lines = vec![format!("{name}:")];
    for ((kind, ours), (_, theirs)) in ours.kinds().into_iter().zip(theirs.kinds()) {
        for change in
            similar::TextDiff::from_slices(&as_strs(ours), &as_strs(theirs)).iter_all_changes()
        {
            match change.tag() {
                similar::ChangeTag::Delete => {
                    lines.push(format!("  {kind}: alertbook {}", change.value()));
                }
                similar::ChangeTag::Insert => {
                    lines.push(format!("  {kind}: kramdown  {}", change.value()));
                }
                similar::ChangeTag::Equal => {}
            }
        }
    }
    lines.join("\n")
}

fn as_strs(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// Of each kind of element that readers or links rely on, 99.5 % agree with kramdown's: in the sample
/// site, or in the folder that `DIALECT_FOLDER` names.
#[test]
fn a_folder_agrees_with_kramdown() {
    let root = std::env::var_os("DIALECT_FOLDER");
    let root = root.map_or_else(|| PathBuf::from("content/armada"), PathBuf::from);
    let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    let files: Vec<PathBuf> = walk
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    let theirs = by_kramdown(&files).expect("kramdown");
    let ours = by_alertbook(&files);
    let mut sums: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((file, ours), theirs) in files.iter().zip(&ours).zip(&theirs) {
        let mut differs = false;
        for ((kind, ours), (_, theirs)) in ours.kinds().into_iter().zip(theirs.kinds()) {
            let (our_lines, their_lines) = (as_strs(ours), as_strs(theirs));
            let difference = similar::TextDiff::from_slices(&our_lines, &their_lines);
            let equal = difference
                .iter_all_changes()
                .filter(|change| change.tag() == similar::ChangeTag::Equal)
                .count();
            let sum = sums.entry(kind).or_default();
            sum.0 += equal;
            sum.1 += theirs.len().max(ours.len());
            differs |= equal < theirs.len().max(ours.len());
        }
        if differs {
            println!("{}", shown(&file.display().to_string(), ours, theirs));
        }
    }
    let mut too_few = Vec::new();
    for (kind, (equal, all)) in sums {
        println!("{kind}: {equal} of {all}");
        // A bare address is an element here that kramdown has none for.
        let is_relied_on = ["headings", "cells", "codes", "links", "images"].contains(&kind);
        if is_relied_on && equal * 1000 < all * 995 {
            too_few.push(kind);
        }
    }
    assert!(too_few.is_empty(), "too few agree: {too_few:?}");
}
