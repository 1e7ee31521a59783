//! What somebody on a slow line has to wait for.

use crate::sample;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// How large a text is when a server compresses it.
fn compressed(text: &[u8]) -> usize {
    let mut gzip = Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("can't run gzip: {error}"));
    let mut stdin = gzip.stdin.take().unwrap();
    let text = text.to_owned();
    let writing = thread::spawn(move || stdin.write_all(&text).unwrap());
    let output = gzip.wait_with_output().unwrap();
    writing.join().unwrap();
    output.stdout.len()
}

#[test]
fn what_a_page_loads_is_small() {
    let built = sample::build(None);
    // What is looked up when somebody looks for something grows with the site, and is loaded then.
    // What finds by name and in texts has a bound of its own; what it reads grows with the site.
    let is_data = |path: &str| {
        ["alerts.js", "palette-names.js", "palette-sections-", "palette-match-", "assets/search"]
            .iter()
            .any(|it| path.contains(it))
    };
    let size = |ending: &str| -> usize {
        let files = built.rendered.iter().filter(|file| {
            let path = &file.path;
            path.starts_with("assets/") && path.ends_with(ending) && !is_data(path)
        });
        files.map(|file| compressed(&file.bytes)).sum()
    };
    let (scripts, styles) = (size(".js"), size(".css"));
    assert!((5_000..30_000).contains(&scripts), "all scripts are {scripts} bytes, compressed");
    let is_finder = |path: &str| {
        let is_text = path.starts_with("assets/search-")
            && !["-words-", "-texts-"].iter().any(|it| path.contains(it));
        path.starts_with("assets/palette-match-") || is_text
    };
    let finders = built.rendered.iter().filter(|file| is_finder(&file.path));
    let finders: usize = finders.map(|file| compressed(&file.bytes)).sum();
    assert!((1_000..6_300).contains(&finders), "what finds is {finders} bytes, compressed");
    assert!((3_000..20_000).contains(&styles), "the stylesheet is {styles} bytes, compressed");
    // The sample's largest page is one like most runbooks of a site that is as large.
    let pages = built.pages().map(|(path, html)| (html.len(), path));
    let (largest, path) = pages.max().unwrap();
    assert!((60_000..120_000).contains(&largest), "{path} is {largest} bytes");
}
