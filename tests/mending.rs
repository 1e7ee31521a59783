//! Mending keeps what it promises, whatever a page holds: a second run changes nothing, nobody reads
//! anything else on a page that was mended safely, and front matter, comments and line ends stay.

#[path = "support/site.rs"]
mod site;

use alertbook::diag::Severity;
use alertbook::diag::fix::Safety;
use alertbook::output::ChangedFile;
use alertbook::pipeline::{self, Checked};
use proptest::prelude::*;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use site::Site;
use std::fs;

const CONFIGURATION: &str =
    "title: T\nbase_url: https://runbooks.example.com\nrules: [\"rules/*.yaml\"]\n";

const RULES: &str = "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: disk_free < 1\n  \
                     - alert: DiskSlow # a comment\n    expr: disk_wait > 3\n";

const OTHER_PAGE: &str =
    "---\ntitle: Other\n---\n\n## Grow it\n\n## ## Shrink\n\n[x](page.md#-grow)\n";

/// Pieces that a fix may be about, and pieces that it must not be confused by.
const PIECES: [&str; 60] = [
    "## ## Grow\n",
    "## Grow it\n",
    "### # of disks\n",
    "# # Top {#top}\n",
    "[a](#Grow-It) [b](#-grow) [c](other.md#Grow-it) [d](othr.html)\n",
    "[e][1] ![i](x.png) <https://runbooks.example.com/other.md>\n",
    "[1]: other.md#shrink\n",
    "Search for: disk_free{mount=\"*mount*\"} < 1\n",
    "Search for: disk_free{mount=\"/\"} < 1, then wait\n",
    "Then:\nrate(disk_errors{mount=\"<mount>\"}[5m]) > 0\n",
    "- Query: disk_free{mount=\"/\"} < 1\n",
    "- item\n",
    "  more of it\n",
    "    deeper\n",
    "\t- tabbed: disk_free{mount=\"/\"} < 1\n",
    "1. Query: disk_free{mount=\"/\"} < 1\n",
    "   ```\n   disk_free{mount=\"/\"}\n   ```\n",
    "> Query: disk_free{mount=\"/\"} < 1\n",
    "> [up](#GROW-IT)\n",
    "**Query:** disk_free{mount=\"/\"} < 1\n",
    "| Alert_Situation | Info | Start |\n|--\n",
    "| `DiskFull` | Full: disk_free{mount=\"/\"} < 1 | [go](#Grow-it) |\n",
    "| `DiskFul` or `DiskSlo` | A\u{a0}disk is\n",
    "slow. | [go](other.html#Shrink) |\n",
    "{:.table}\n",
    "{:.red}\n",
    "Run df -h | grep disk\n",
    "Run `df\u{a0}-h` on <carrier> and <br> so on\n",
    "```\ndf\u{a0}-h\n```\n",
    "~~~~\ndisk_free < 1\n~~~~\n",
    "~~~~\nunclosed{x=\"y\"}\n",
    "```s\ndisk_free\n```\n",
    "<div markdown=\"1\">\n",
    "</div>\n",
    "<details>\n<summary>On <carrier></summary>\n",
    "</details>\n",
    "Log in to <clusterID>, then to <pod name>.\n",
    "<pre><code>ssh <workerID></code></pre>\n",
    "<!-- [kept](#Grow-It) disk_free{mount=\"/\"} -->\n",
    "{{ page.title }} [l](#{{ page.section }}) {{ $labels.x }}\n",
    "{% raw %}[m](#Grow-It){% endraw %}\n",
    "Term\n: Query: disk_free{mount=\"/\"} < 1\n",
    "It's \"so\" -- *and* so...\n",
    "- disk_free{mount=\"*mount*\"}\n",
    "2. disk_free{mount=\"/\"} > 1\n",
    "* [ ] rate(disk_errors{mount=\"<mount>\"}[5m])\n",
    "disk_free{mount=\"*mount*\"}\n{: .x}\n",
    "  {: .x}\n",
    "Check `kubectl get pods and then\ndisk_free{mount=\"*mount*\"} in Prometheus.\n",
    "a `` b \\` c `d` e\n",
    "| ` | disk_free{mount=\"*mount*\"} |\n",
    "## Look at `df\u{a0}-h`\n\n[h](#look-at-df-h)\n",
    "[q](other.md#grow-it) [d](#free-disk_freemount) [d](#free-disk_freemountmount)\n",
    "## Free disk_free{mount=\"*mount*\"}\n",
    "## On <carrier> now\n\n[n](#on--now)\n",
    "--- disk_free{mount=\"/\"} < 8\n",
    "===\n",
    "Run `\u{a0}df` or `\u{a0}`\n",
    "```\ndf\n\u{a0}```\n-h\n```\n",
    "\n",
];

fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => 0..PIECES.len(), 2 => Just(PIECES.len() - 1)];
    prop::collection::vec(piece, 1..14)
        .prop_map(|pieces| pieces.into_iter().map(|piece| PIECES[piece]).collect())
}

fn site(page: &str) -> Site {
    Site::new(&[
        ("alertbook.yaml", CONFIGURATION),
        ("rules/a.yaml", RULES),
        ("content/other.md", OTHER_PAGE),
        ("content/page.md", page),
    ])
}

/// Mends the files of a site, and says how they changed.
fn mend(site: &Site, boldness: Safety) -> Vec<ChangedFile> {
    let mended = pipeline::mend(&site.project(), boldness, &[]);
    let mended = mended.unwrap_or_else(|error| panic!("{error:?}"));
    for file in &mended.files {
        fs::write(&file.place, &file.after).expect("a mended file");
    }
    mended.files
}

/// What a reader sees of each page, as words; and how many errors keep the site from being built.
fn read(site: &Site) -> (Vec<String>, usize) {
    let checked = site.check();
    let pages = ["other.html", "page.html"].map(|page| words(&article(&checked, page)));
    (pages.to_vec(), checked.report.count(Severity::Error))
}

fn article(checked: &Checked, page: &str) -> String {
    let renderer = checked.renderer().expect("the built-in theme");
    let output = renderer.outputs().into_iter().find(|output| renderer.path(*output) == page);
    let file = renderer.render(output.expect("the page")).expect("the page, rendered");
    String::from_utf8(file.bytes).expect("a page")
}

fn words(html: &str) -> String {
    let document = Html::parse_document(html);
    let article = Selector::parse("article").expect("a selector");
    let article = document.select(&article).next().expect("an article");
    let mut text = String::new();
    collect(article, &mut text);
    // An address that is its own text is read as well.
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("other.md", "other.html")
}

/// Whether an element is its author's and meant to be seen: the second mark of a heading is not.
fn is_read(element: &Element) -> bool {
    element.attr("data-added").is_none() && element.attr("hidden").is_none()
}

/// The author's text alone; blocks are apart.
fn collect(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(part) => text.push_str(part),
            Node::Element(inner) if is_read(inner) => {
                // What an attribute list says stays with what it is said of.
                for class in inner.classes().filter(|class| ["x", "red", "table"].contains(class)) {
                    text.push_str(" .");
                    text.push_str(class);
                }
                let is_inline =
                    matches!(inner.name(), "a" | "code" | "em" | "strong" | "span" | "br");
                if !is_inline {
                    text.push(' ');
                }
                collect(ElementRef::wrap(child).expect("an element"), text);
                if !is_inline {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_mended_stays_mended(body in body(), is_bold: bool, crlf: bool) {
        let front_matter = "---\ntitle: Page # [kept](#Grow-It)\nsection: Grow-It\n---\n\n";
        let mut page = format!("{front_matter}{body}");
        if crlf {
            page = page.replace('\n', "\r\n");
        }
        let site = site(&page);
        let boldness = if is_bold { Safety::Unsafe } else { Safety::Safe };
        let (before, errors) = read(&site);
        let files = mend(&site, boldness);
        let (after, errors_left) = read(&site);
        prop_assert_eq!(mend(&site, boldness), vec![], "a second run changes something");
        let page_now = site.text("content/page.md");
        prop_assert!(errors_left <= errors, "{} errors more: {page_now}", errors_left - errors);
        if !is_bold {
            prop_assert_eq!(before, after, "{}", page_now);
        }
        for file in files.iter().filter(|file| file.path == "content/page.md") {
            let (_, rest) = page.split_at(front_matter.len() + if crlf { 5 } else { 0 });
            let kept = &page[..page.len() - rest.len()];
            prop_assert!(file.after.starts_with(kept), "{}", file.after);
            prop_assert_eq!(file.before.matches("<!-- [kept](#Grow-It) disk_free{mount=\"/\"} -->").count(),
                file.after.matches("<!-- [kept](#Grow-It) disk_free{mount=\"/\"} -->").count());
            let bare = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
            prop_assert!(!crlf || bare(&file.after) == 0, "{:?}", file.after);
            prop_assert!(crlf || !file.after.contains('\r'));
        }
    }
}
