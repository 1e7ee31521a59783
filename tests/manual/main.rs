//! The manual says of each check what `alertbook explain` says: its pages are made of the same text.
//!
//! Run this with `UPDATE=1` to write the pages.

mod templates;

use alertbook::lint::Explanation;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the pages are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/manual/checks")
}

/// A page with front matter, whose text no template touches.
fn page(title: &str, parent: &str, text: &str) -> String {
    assert!(!text.contains("endraw %}"), "{title} would end what is raw");
    let text = text.trim_end();
    // Liquid would put something in the place of what an example shows.
    let (begin, end) =
        if text.contains("{{") { ("{% raw %}\n\n", "\n\n{% endraw %}") } else { ("", "") };
    format!("---\ntitle: {title}\nparent: {parent}\n---\n\n{begin}{text}{end}\n")
}

/// The pages as they should be, by file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut table =
        String::from("| Check | Level | What it finds |\n|-------|-------|---------------|\n");
    for explanation in Explanation::all() {
        let name = explanation.check.name;
        let (_, text) = explanation.markdown().split_once("\n\n").map_or_else(
            || panic!("{name} says nothing"),
            |(heading, text)| (heading.to_owned(), text.to_owned()),
        );
        // A page that is called like its file would be one for an alert of that name.
        pages.insert(format!("{name}.md"), page(&format!("Check {name}"), "Checks", &text));
        let summary = explanation.summary().replace('|', "\\|");
        table +=
            &format!("| [{name}]({name}.html) | {} | {summary} |\n", explanation.check.severity);
    }
    let index = format!(
        "`alertbook check` looks at runbooks and rules for these faults. `alertbook explain CHECK` \
         says in the terminal\nwhat its page says here.\n\n{table}"
    );
    let mut index = page("Checks", "Manual", &index);
    index = index.replacen("\n---\n\n", "\nhas_children: true\n---\n\n", 1);
    pages.insert("index.md".to_owned(), index);
    pages
}

#[test]
fn the_manual_says_what_explain_says() {
    let expected = pages();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(folder()).expect("the folder of the manual");
        for entry in fs::read_dir(folder()).expect("the folder of the manual") {
            fs::remove_file(entry.expect("an entry").path()).expect("an old page");
        }
        for (name, text) in &expected {
            fs::write(folder().join(name), text).expect("a page");
        }
    }
    let entries = fs::read_dir(folder()).expect("the folder of the manual");
    let actual: BTreeMap<String, String> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a page"))
        })
        .collect();
    let differing: Vec<&String> = expected
        .keys()
        .chain(actual.keys())
        .filter(|name| expected.get(*name) != actual.get(*name))
        .collect();
    assert!(differing.is_empty(), "UPDATE=1 writes the pages anew: {differing:?}");
}

#[test]
fn every_head_has_an_example_and_says_how_to_mend_it() {
    for explanation in Explanation::all() {
        let (name, text) = (explanation.check.name, explanation.markdown());
        for heading in ["\n## Example\n", "\n## To fix it\n", "\n## Level\n"] {
            assert_eq!(text.matches(heading).count(), 1, "{name} has no `{}`", heading.trim());
        }
        let before = text.split("\n## Example\n").next().unwrap_or_default();
        // What it finds, and why that matters.
        assert!(before.split("\n\n").count() >= 3, "{name} does not say why");
    }
}
