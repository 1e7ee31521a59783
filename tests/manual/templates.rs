//! What templates of a site can use: the manual's page says of each value what its documentation in
//! `src/render/views.rs` says.

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands before all that is made of the documentation.
const MARK: &str = "<!-- Made of the documentation in src/render/views.rs by tests/manual. -->\n";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn place() -> PathBuf {
    repository().join("content/manual/templates.md")
}

/// The page: what somebody wrote, and what is made.
fn page() -> (String, String) {
    let text = fs::read_to_string(place()).expect("the page of the manual");
    let (written, made) = text.split_once(MARK).expect("the mark between its parts");
    (written.to_owned(), made.to_owned())
}

/// `RuleCardView` as the manual calls it: `Rule card`.
fn title(view: &str) -> String {
    let words = Regex::new("[A-Z][a-z]+").unwrap();
    let words = words.find_iter(view.strip_suffix("View").unwrap_or(view));
    let title = words.map(|word| word.as_str().to_lowercase()).collect::<Vec<_>>().join(" ");
    title[..1].to_uppercase() + &title[1..]
}

/// A reference to the section of a view.
fn reference(view: &str) -> String {
    let title = title(view).to_lowercase();
    format!("[{title}](#{})", title.replace(' ', "-"))
}

/// What a type of Rust is to a template.
fn kind(rust: &str) -> String {
    // What is borrowed from the site is the same to a template.
    if let Some(view) = rust.strip_suffix("<'s>") {
        return kind(view);
    }
    let inside = |outer: &str| rust.strip_prefix(outer).and_then(|it| it.strip_suffix('>'));
    if let Some(inner) = inside("Option<") {
        return format!("{}, or nothing", kind(inner));
    }
    if let Some(inner) = inside("Vec<") {
        return match kind(inner).as_str() {
            "any" => "list".to_owned(),
            inner => format!("list of {inner}"),
        };
    }
    match rust {
        "String" | "&'static str" | "&'s str" | "Cow<'s, str>" | "Content" => "text".to_owned(),
        "Html" => "HTML, which needs no filter `safe`".to_owned(),
        "bool" => "true or false".to_owned(),
        "usize" | "u8" => "number".to_owned(),
        "Value" | "tera::Value" => "any".to_owned(),
        "(&'static str, String)" => "two texts".to_owned(),
        view => reference(view),
    }
}

/// Documentation as Markdown of the manual.
fn prose(lines: &[&str]) -> String {
    let views = Regex::new(r"\[`(\w+)`\]").unwrap();
    let text = lines.join(" ").replace("`None`", "nothing").replace('|', "\\|");
    views.replace_all(&text, |view: &regex::Captures<'_>| reference(&view[1])).into_owned()
}

/// The part of the page that is made.
fn made() -> String {
    let source = fs::read_to_string(repository().join("src/render/views.rs")).expect("the views");
    let mut text = String::new();
    let mut said: Vec<&str> = Vec::new();
    let mut renamed = None;
    for line in source.lines() {
        let line = line.trim();
        if let Some(doc) = line.strip_prefix("///") {
            said.push(doc.trim());
        } else if let Some(name) = line.strip_prefix("#[serde(rename = \"") {
            renamed = name.strip_suffix("\")]");
        } else if let Some(name) = line.strip_prefix("pub struct ") {
            let name = name.split([' ', '<']).next().unwrap_or_default();
            text += &format!("\n### {}\n\n{}\n\n", title(name), prose(&said));
            text += "| Name | Type | What it is |\n|------|------|------------|\n";
            said.clear();
        } else if let Some((name, rust)) =
            line.strip_prefix("pub ").and_then(|it| it.strip_suffix(',')?.split_once(": "))
        {
            let name = renamed.take().unwrap_or(name);
            text += &format!("| `{name}` | {} | {} |\n", kind(rust), prose(&said));
            said.clear();
        } else if !line.starts_with("#[") {
            said.clear();
        }
    }
    text
}

#[test]
fn the_manual_says_what_templates_can_use() {
    let (written, before) = page();
    let expected = made();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(place(), format!("{written}{MARK}{expected}")).expect("the page");
    } else {
        assert_eq!(before, expected, "UPDATE=1 writes the page anew");
    }
}

/// The names that a template uses and does not make itself.
fn names_used(template: &str) -> BTreeSet<String> {
    let apart = Regex::new(r"(?s)\{#.*?#\}|\{%-? component .*?\{%-? endcomponent").unwrap();
    let template = apart.replace_all(template, "");
    let code = Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}").unwrap();
    let code: Vec<&str> = code.find_iter(&template).map(|code| code.as_str()).collect();
    let code = code.join("\n");
    let made = Regex::new(r"(?:for|set|set_global) (\w+)").unwrap();
    let made: BTreeSet<&str> =
        made.captures_iter(&code).map(|it| it.get(1).unwrap().as_str()).collect();
    let used = Regex::new(r"(?:\{\{ |\bif |\bif not |\bin |\bof=\{)([a-z_]+)").unwrap();
    let used = used.captures_iter(&code).map(|it| it.get(1).unwrap().as_str());
    used.filter(|name| !made.contains(name) && !["not", "loop", "super"].contains(name))
        .map(str::to_owned)
        .collect()
}

/// What the section has of which a row says that its template has all of it: `What the [rule
/// card](#rule-card) has`.
fn section<'m>(made: &'m str, row: &str) -> &'m str {
    let title = row.split_once("What the [").and_then(|(_, rest)| rest.split_once(']'));
    let Some((title, _)) = title else { return "" };
    let heading = format!("### {}{}\n", title[..1].to_uppercase(), &title[1..]);
    let (_, section) = made.split_once(&heading).unwrap_or_else(|| panic!("no {heading}"));
    section.split("\n### ").next().unwrap_or_default()
}

#[test]
fn the_manual_names_each_template_and_what_it_has() {
    let (written, made) = page();
    let mut named = 0;
    for entry in fs::read_dir(repository().join("templates")).expect("the templates") {
        let path = entry.expect("a template").path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let row = written.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("the manual does not name {name}"));
        let whole = section(&made, row);
        for used in names_used(&fs::read_to_string(&path).expect("a template")) {
            let of_all = ["site", "assets", "policy", "root", "navigation"].contains(&&*used);
            let is_named = |text: &str| {
                ["`", "."].iter().any(|behind| text.contains(&format!("`{used}{behind}")))
            };
            let is_said = of_all || is_named(row) || is_named(whole);
            assert!(is_said, "{name} uses `{used}`: {row}");
            named += usize::from(!of_all);
        }
    }
    assert!(named > 20, "{named}");
}
