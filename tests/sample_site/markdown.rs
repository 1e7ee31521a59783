//! With what alertbook added taken away, an article is what its Markdown says, element for element:
//! compared with kramdown, which these files were written for.

use crate::sample::repository;
use crate::{SITE, authors_text, below, find, page};
use scraper::{ElementRef, Html};
use similar::{ChangeTag, TextDiff};
use std::fs::File;
use std::process::Command;

/// What kramdown makes of a file.
fn by_kramdown(source: &str) -> Html {
    let script = repository().join("tests/support/kramdown.rb");
    let file = File::open(repository().join(source)).unwrap();
    let output = Command::new("ruby").arg("-EUTF-8").arg(script).stdin(file).output();
    let output = output.unwrap_or_else(|error| {
        panic!("can't run ruby: {error}; ./tests/run installs what this test needs")
    });
    assert!(
        output.status.success(),
        "kramdown failed (./tests/run installs what this test needs):\n{}",
        String::from_utf8_lossy(&output.stderr),
    );
    Html::parse_fragment(&String::from_utf8(output.stdout).unwrap())
}

/// The elements of a piece of HTML in order, each in a line: what it is, the attributes that readers
/// depend on, and where its text is all that matters, the text.
fn outline(root: ElementRef<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    add_elements(root, &mut lines);
    lines
}

fn add_elements(parent: ElementRef<'_>, lines: &mut Vec<String>) {
    for element in parent.children().filter_map(ElementRef::wrap) {
        if element.attr("data-added").is_some() {
            continue;
        }
        let name = element.value().name();
        let text = || words(&authors_text(element));
        let attribute = |name| element.attr(name).unwrap_or("-");
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                lines.push(format!("{name} #{} {}", attribute("id"), text()));
            }
            "a" => lines.push(format!("a {} {}", attribute("href"), text())),
            "img" => lines.push(format!("img {} {}", attribute("src"), attribute("alt"))),
            // Code is compared to the byte, and nothing is looked for inside.
            "pre" | "code" => {
                lines.push(format!("{name} {}", authors_text(element)));
                continue;
            }
            // Colours and hidden marks say nothing about the structure, and whether an item of a list
            // is a paragraph is decided by other rules in CommonMark.
            "span" => {}
            "em" if is_hole_of_query(element) => {}
            "p" if parent.value().name() == "li" || holds_an_image_alone(element) => {}
            _ => lines.push(name.to_owned()),
        }
        add_elements(element, lines);
    }
}

/// Whether this is the hole of `x{a="*b*"}` in prose, which kramdown takes for emphasis.
fn is_hole_of_query(emphasis: ElementRef<'_>) -> bool {
    let before =
        emphasis.prev_sibling().and_then(|node| node.value().as_text().map(|text| &**text));
    before.is_some_and(|text| text.ends_with(['"', '”']))
}

/// Whether this is the paragraph that kramdown, unlike CommonMark, makes around `<a><img></a>` on
/// lines of its own.
fn holds_an_image_alone(paragraph: ElementRef<'_>) -> bool {
    let mut children = paragraph.children().filter_map(ElementRef::wrap);
    let is_linked_image = children.next().is_some_and(|link| !below(link, "img").is_empty());
    is_linked_image && children.next().is_none() && authors_text(paragraph).trim().is_empty()
}

/// The text of all that an author wrote, with the cells of a table apart.
fn spaced_text(root: ElementRef<'_>) -> String {
    let mut text = String::new();
    for element in root.children() {
        match ElementRef::wrap(element) {
            Some(element) if element.attr("data-added").is_some() => {}
            Some(element) => {
                text.push_str(&spaced_text(element));
                if matches!(element.value().name(), "td" | "th") {
                    text.push(' ');
                }
            }
            None => text.extend(element.value().as_text().map(|piece| &**piece)),
        }
    }
    text
}

/// A text with its white space folded, and with plain quotation marks and dashes.
fn words(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = folded.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    plain.replace('–', "--").replace('—', "---").replace('…', "...")
}

/// The lines of two outlines that differ, each with its side.
fn differences(ours: &[String], theirs: &[String]) -> Vec<String> {
    let [ours, theirs] =
        [ours, theirs].map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
    let difference = TextDiff::from_slices(&ours, &theirs);
    let changes = difference.iter_all_changes().filter_map(|change| match change.tag() {
        ChangeTag::Delete => Some(format!("alertbook {}", change.value())),
        ChangeTag::Insert => Some(format!("kramdown  {}", change.value())),
        ChangeTag::Equal => None,
    });
    changes.collect()
}

#[test]
fn articles_are_what_kramdown_makes_of_their_markdown() {
    let mut faults = Vec::new();
    for built in &SITE.checked.site.pages {
        let page = page(&built.path);
        let kramdown = by_kramdown(built.runbook.source().path());
        let ours = outline(find(&page, "article")[0]);
        let theirs = outline(kramdown.root_element());
        assert!(theirs.len() > 5, "kramdown made next to nothing of {}", built.path);
        let differ = differences(&ours, &theirs);
        if !differ.is_empty() {
            faults.push(format!("{}:\n{}", built.path, differ.join("\n")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn articles_say_what_kramdown_says() {
    for built in &SITE.checked.site.pages {
        let page = page(&built.path);
        let kramdown = by_kramdown(built.runbook.source().path());
        let ours = words(&spaced_text(find(&page, "article")[0]));
        // What its author wrote as a query keeps the asterisks that kramdown reads as emphasis.
        let ours = ours.replace("=\"*workerID*\"", "=\"workerID\"");
        let theirs = words(&spaced_text(kramdown.root_element()));
        let theirs = theirs.replace("=\"*workerID*\"", "=\"workerID\"");
        let common = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| -> String {
            text.chars().skip(common.saturating_sub(40)).take(120).collect()
        };
        assert!(ours == theirs, "{}:\n{}\n{}", built.path, around(&ours), around(&theirs));
    }
}
