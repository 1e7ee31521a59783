//! The site as Zola's users would have it. To ask for all sections on each page takes Zola many times
//! as long as all else together, so that its pages link to their own section and to their neighbours,
//! and the first page to all sections.

use super::BEGINNING;
use super::markdown::{self, Plain};
use crate::generator::{File, IMAGE, Shape};

const CONFIGURATION: &str = r#"
base_url = "https://runbooks.example.com"
title = "Harbour runbooks"
build_search_index = false
generate_sitemap = false
generate_robots_txt = false

[markdown.highlighting]
style = "class"
light_theme = "github-light"
dark_theme = "github-dark"
"#;

/// The rest of each page, in which `shown` is a page or a section, and `NAVIGATION` what leads on from it.
const BASE: &str = r#"<title>{{ shown.title }} · {{ config.title }}</title>
</head>
<body>
<nav>NAVIGATION</nav>
<main>
<h1>{{ shown.title }}</h1>
{{ shown.content | safe }}
</main>
<aside><ul>
{%- for heading in shown.toc %}
<li><a href="{{ heading.permalink }}">{{ heading.title }}</a><ul>
{%- for below in heading.children %}
<li><a href="{{ below.permalink }}">{{ below.title }}</a></li>
{%- endfor %}</ul></li>
{%- endfor %}
</ul></aside>
</body>
</html>
"#;

/// What leads on from a page.
const NAVIGATION_OF_PAGE: &str = r#"<ul>
{%- set section = get_section(path=page.ancestors | last, metadata_only=true) %}
<li><a href="{{ section.permalink }}">{{ section.title }}</a></li>
{%- if page.lower %}<li><a href="{{ page.lower.permalink }}">{{ page.lower.title }}</a></li>{% endif %}
{%- if page.higher %}<li><a href="{{ page.higher.permalink }}">{{ page.higher.title }}</a></li>{% endif %}
</ul>"#;

/// What leads on from a section.
const NAVIGATION_OF_SECTION: &str = r#"<ul>
{%- for path in section.subsections %}
{%- set below = get_section(path=path, metadata_only=true) %}
<li><a href="{{ below.permalink }}">{{ below.title }}</a></li>
{%- endfor %}
{%- for page in section.pages %}
<li><a href="{{ page.permalink }}">{{ page.title }}</a></li>
{%- endfor %}
</ul>"#;

/// The files of a site.
pub fn site(shape: Shape, pages: usize) -> Vec<File> {
    let frame = |shown: &str, navigation: &str| {
        BEGINNING.to_owned() + &BASE.replace("shown", shown).replace("NAVIGATION", navigation)
    };
    let page_template = frame("page", NAVIGATION_OF_PAGE);
    let section_template = frame("section", NAVIGATION_OF_SECTION);
    let fixed = [
        ("config.toml", CONFIGURATION),
        ("templates/page.html", &page_template),
        ("templates/section.html", &section_template),
        ("templates/index.html", &section_template),
        ("static/images/load.svg", IMAGE),
        ("content/_index.md", "+++\ntitle = \"Harbour runbooks\"\n+++\n"),
    ];
    let fixed = fixed.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let generated = markdown::pages(shape, pages).map(|page| {
        let source = page.source();
        let folder =
            source.trim_start_matches("content/").rsplit_once('/').map_or("", |(folder, _)| folder);
        let plain = Plain::of(page, |name| {
            let name = if name == "index" { "_index" } else { name };
            format!("@/{folder}/{name}.md")
        });
        let order = if page.is_section_page() { "sort_by = \"title\"\n" } else { "" };
        let text = format!(
            "+++\ntitle = \"{}\"\ndescription = \"{}\"\n{}+++\n{}",
            plain.title, plain.description, order, plain.text
        );
        (source.replace("/index.md", "/_index.md"), text)
    });
    fixed.into_iter().chain(generated).collect()
}
