//! The site as Hugo's users would have it.

use super::BEGINNING;
use super::markdown::{self, Plain};
use crate::generator::{File, IMAGE, Shape};
use std::fmt::Write as _;

/// How much Hugo writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A navigation made once for each section, which marks no page.
    AsUsual,
    /// The open page marked in the navigation, and an address for each alert.
    AsAlertbook,
}

const CONFIGURATION: &str = r#"
baseURL = "https://runbooks.example.com/"
title = "Harbour runbooks"
uglyURLs = true
disableKinds = ["taxonomy", "term", "rss", "sitemap"]

[markup.goldmark.renderer]
unsafe = true

[markup.highlight]
noClasses = false
"#;

/// The rest of each page; where `NAVIGATION` stands, the navigation is asked for.
const BASE: &str = r#"<title>{{ .Title }} · {{ site.Title }}</title>
<meta name="description" content="{{ .Description }}">
</head>
<body>
<nav>NAVIGATION</nav>
<main>
<h1>{{ .Title }}</h1>
{{ block "main" . }}{{ end }}
</main>
<aside>{{ .TableOfContents }}</aside>
</body>
</html>
"#;

/// All sections, and the pages of this one; where `MARK` stands, the open page is marked.
const NAVIGATION: &str = r#"<ul>
{{- range site.Home.Sections }}
<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>
{{- if eq . $.CurrentSection }}<ul>
{{- range .RegularPages }}
<li><a href="{{ .RelPermalink }}"MARK>{{ .LinkTitle }}</a></li>
{{- end }}</ul>{{ end }}</li>
{{- end }}
</ul>"#;

const LIST: &str = r#"{{ define "main" }}{{ .Content }}
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>{{ end }}</ul>
{{ end }}"#;

const SINGLE: &str = r#"{{ define "main" }}{{ .Content }}{{ end }}"#;

/// A link to a page that is not there ends the build.
const LINK: &str = r#"{{- $address := urls.Parse .Destination -}}
{{- $href := .Destination -}}
{{- if and $address.Path (not $address.IsAbs) -}}
{{- $page := .PageInner.GetPage $address.Path -}}
{{- if $page -}}
{{- $href = $page.RelPermalink -}}
{{- with $address.Fragment }}{{ $href = printf "%s#%s" $href . }}{{ end -}}
{{- else -}}
{{- errorf "%s: %s leads nowhere" .PageInner.Path .Destination -}}
{{- end -}}
{{- end -}}
<a href="{{ $href | safeURL }}">{{ .Text }}</a>
{{- /* without a line's end */ -}}
"#;

/// What Hugo is called with.
pub fn arguments<'a>(site: &'a str, out: &'a str) -> Vec<&'a str> {
    vec!["build", "--quiet", "--noBuildLock", "--source", site, "--destination", out]
}

/// The files of a site.
pub fn site(shape: Shape, pages: usize, extent: Extent) -> Vec<File> {
    let (navigation, mark) = match extent {
        Extent::AsUsual => (r#"{{ partialCached "navigation.html" . .CurrentSection.Path }}"#, ""),
        Extent::AsAlertbook => (
            r#"{{ partial "navigation.html" . }}"#,
            r#"{{ if eq . $ }} aria-current="page"{{ end }}"#,
        ),
    };
    let fixed = [
        ("hugo.toml", CONFIGURATION),
        ("layouts/baseof.html", &format!("{BEGINNING}{}", BASE.replace("NAVIGATION", navigation))),
        ("layouts/_partials/navigation.html", &NAVIGATION.replace("MARK", mark)),
        ("layouts/list.html", LIST),
        ("layouts/single.html", SINGLE),
        ("layouts/_markup/render-link.html", LINK),
        ("static/images/load.svg", IMAGE),
        ("content/_index.md", "---\ntitle: Harbour runbooks\n---\n"),
    ];
    let fixed = fixed.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let generated = markdown::pages(shape, pages).map(|page| {
        let plain = Plain::of(page, |name| {
            if name == "index" { "_index.md".to_owned() } else { format!("{name}.md") }
        });
        let mut text =
            format!("---\ntitle: \"{}\"\ndescription: \"{}\"\n", plain.title, plain.description);
        if extent == Extent::AsAlertbook {
            text.push_str("aliases:\n");
            for alert in plain.alerts {
                let _ = writeln!(text, "  - /alerts/{alert}/index.html");
            }
        }
        let _ = write!(text, "---\n{}", plain.text);
        (page.source().replace("/index.md", "/_index.md"), text)
    });
    fixed.into_iter().chain(generated).collect()
}
