//! Whole `_config.yml` files, as people have them and as nobody would.

use super::*;
use crate::config::Glob;
use proptest::prelude::*;

fn jekyll(text: &str, folders: &[&str]) -> Converted {
    let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
    convert(&JekyllSite { source: Source::new("_config.yml", text), folders }).unwrap()
}

fn config(converted: &Converted) -> crate::config::Config {
    super::super::parse(&Source::new("alertbook.yaml", converted.text.as_str()))
        .unwrap_or_else(|found| panic!("{found:?}\n{}", converted.text))
}

#[test]
fn what_has_a_counterpart_is_carried_over() {
    let converted = jekyll(
        "title: \"Armada: runbooks\"\nurl: https://pages.example.com/\nbaseurl: /docs/\n\
         exclude: [README.md, drafts/, '*.log', ./tools]\nmarkdown: kramdown\n\
         kramdown: {input: GFM}\npermalink: none\n",
        &["_data", "armada"],
    );
    let config = config(&converted);
    assert_eq!(config.title, "Armada: runbooks");
    assert_eq!(config.base_url.as_deref(), Some("https://pages.example.com/docs"));
    assert_eq!(config.content.path, ".");
    let exclude: Vec<&str> = config.exclude.iter().map(Glob::as_str).collect();
    assert_eq!(exclude[..5], ["README.md", "drafts", "**/*.log", "tools", "Gemfile"]);
    assert_eq!(config.data.unwrap().path, "_data");
    assert_eq!(converted.left_behind, Vec::<String>::new());
}

#[test]
fn paths_are_below_the_source() {
    let text = "title: T\nurl: https://a\nsource: ./docs/\nexclude: [x]\n";
    let config = config(&jekyll(text, &["docs", "docs/_data"]));
    assert_eq!(config.content.path, "docs");
    assert_eq!(config.exclude[0].as_str(), "docs/x");
    assert_eq!(config.data.unwrap().path, "docs/_data");
}

#[test]
fn the_plugin_for_files_without_front_matter_is_an_option() {
    let text = "title: T\nurl: https://a\nplugins: [jekyll-optional-front-matter, jekyll-feed]\n";
    let converted = jekyll(text, &[]);
    assert!(config(&converted).front_matter_is_optional);
    assert_eq!(converted.left_behind, ["No plugin runs: `jekyll-feed`."]);
}

#[test]
fn what_has_no_counterpart_is_said() {
    for (text, folder, said) in [
        (
            "plugins: [jekyll-sitemap, jekyll-seo-tag]",
            "a",
            "No plugin runs: `jekyll-sitemap`, `jekyll-seo-tag`.",
        ),
        ("collections: {teams: {output: true}}", "a", "`teams`"),
        ("collections: [teams]", "a", "move `_teams`"),
        ("a: 1", "_posts", "move `_posts`"),
        ("permalink: pretty", "a", "`permalink: pretty`"),
        ("defaults: [{scope: {path: ''}}]", "a", "`defaults`"),
        ("include: [.well-known]", "a", "`.well-known`"),
        ("theme: just-the-docs", "a", "`just-the-docs`"),
        ("theme: just-the-docs", "_layouts", "`_layouts`"),
        ("markdown: CommonMark", "a", "`CommonMark`"),
        ("kramdown: {auto_ids: false}", "a", "`auto_ids`"),
        (
            "search_enabled: true\naux_links: {}",
            "a",
            "Nothing here reads `aux_links`, `search_enabled`.",
        ),
        ("url: ''", "a", "It has no `url`: write where the site is published as `base_url`, so"),
        ("baseurl: /docs/", "a", "as `base_url`, with the `/docs` of `baseurl` at its end, so"),
        ("url: pages.example.com", "a", "must begin with `https://`"),
        ("exclude: ['[']", "a", "`[` in `exclude`"),
        ("", "a", "called `Runbooks`"),
    ] {
        let converted = jekyll(text, &[folder]);
        config(&converted);
        let all = &converted.left_behind;
        assert!(all.iter().any(|it| it.contains(said)), "{text}: {all:?}");
    }
}

#[test]
fn a_configuration_that_can_not_be_read_is_a_finding() {
    let source = Source::new("_config.yml", "title: a: b\n");
    let found = convert(&JekyllSite { source, folders: BTreeSet::new() }).unwrap_err();
    assert_eq!(found[0].span.start().line, 1);
}

proptest! {
    #[test]
    fn what_comes_out_is_a_configuration(
        title in "\\PC*", url in "https://[a-z\"'#{}/ ]{0,9}", exclude in "\\PC{0,9}",
        source in "[./a\"]{0,5}", text in "[a-z_\\[\\]{}:, \n-]{0,40}",
    ) {
        let document = serde_json::json!(
            {"title": title, "url": url, "exclude": [exclude], "source": source}
        );
        for text in [document.to_string(), text] {
            let source = Source::new("_config.yml", text);
            if let Ok(converted) = convert(&JekyllSite { source, folders: BTreeSet::new() }) {
                config(&converted);
            }
        }
    }
}
