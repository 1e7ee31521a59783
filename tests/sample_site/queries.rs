//! The queries of the main runbook: found in every form in which they are written, nothing else
//! taken for one, and each with its link.

use crate::{BOOTSTRAP, SITE, attribute, authors_text, below, find, only, page};
use alertbook::runbook::{Query, Runbook, Snippet, SnippetKind};
use scraper::ElementRef;

/// The lines of the queries, by the form they are written in.
const QUERIES: [(SnippetKind, &[usize]); 4] = [
    (SnippetKind::Block, &[156, 171, 178, 184, 192, 197, 202, 207, 215, 223]),
    (SnippetKind::OneLineFence, &[231]),
    (SnippetKind::Prose, &[83, 85, 92, 100, 110, 118, 127, 136, 144, 145, 235, 237, 248, 250]),
    (SnippetKind::Inline, &[159]),
];

/// The lines at which what looks like a query, and is a series as Prometheus shows it, begins.
const SAMPLES: [(SnippetKind, &[usize]); 4] = [
    (SnippetKind::Block, &[241, 253]),
    (SnippetKind::OneLineFence, &[]),
    (SnippetKind::Prose, &[]),
    (SnippetKind::Inline, &[271]),
];

/// Where the queries of the page open: the default carrier's Prometheus.
const PROMETHEUS: &str = "https://dashboard.example.com/prod-dal10/carrier3/prometheus";

fn runbook() -> &'static Runbook {
    let pages = &SITE.checked.site.pages;
    &pages.iter().find(|page| page.path == BOOTSTRAP).unwrap().runbook
}

fn queries() -> impl Iterator<Item = (&'static Snippet, &'static Query)> {
    let snippets = runbook().snippets.iter();
    snippets.flat_map(|snippet| snippet.queries.iter().map(move |query| (snippet, query)))
}

#[test]
fn queries_are_found_on_their_lines_in_every_form() {
    for (kind, lines) in QUERIES {
        let found: Vec<usize> = queries()
            .filter(|(snippet, _)| snippet.kind == kind)
            .map(|(_, query)| query.span.start().line)
            .collect();
        assert_eq!(found, lines, "{kind:?}");
    }
}

#[test]
fn samples_of_output_are_told_from_queries() {
    let source = runbook().source();
    for (kind, lines) in SAMPLES {
        let samples = runbook().snippets.iter().filter(|snippet| snippet.is_sample());
        let found: Vec<usize> = samples
            .filter(|snippet| snippet.kind == kind)
            .map(|snippet| source.position(snippet.start).line)
            .collect();
        assert_eq!(found, lines, "{kind:?}");
    }
    let page = page(BOOTSTRAP);
    let samples = find(&page, "article .sample");
    assert_eq!(samples.len(), 3);
    for sample in samples {
        let next = sample.next_siblings().find_map(ElementRef::wrap);
        let has_link = next.is_some_and(|next| !below(next, "a.promql-open").is_empty());
        assert!(!has_link, "{}", sample.html());
    }
}

#[test]
fn every_query_stands_there_as_written_and_opens_in_prometheus() {
    let page = page(BOOTSTRAP);
    let shown = find(&page, "article :is(pre, code, span).promql").into_iter();
    let shown: Vec<_> = shown
        .filter(|element| !element.ancestors().filter_map(ElementRef::wrap).any(is_added))
        .collect();
    assert_eq!(shown.len(), 26);
    for ((snippet, query), element) in queries().zip(shown) {
        let element_name = match snippet.kind {
            SnippetKind::Block => "pre",
            SnippetKind::OneLineFence | SnippetKind::Inline => "code",
            SnippetKind::Prose => "span",
        };
        assert_eq!(element.value().name(), element_name, "{}", query.text());
        let text = authors_text(element);
        let text = if element_name == "pre" { text.trim_end_matches('\n') } else { &text };
        assert_eq!(text, query.text());
        // What was read is what stands in the file, at the place that is claimed for it.
        assert_eq!(query.span.text(), query.text());

        let tools = element.next_siblings().find_map(ElementRef::wrap).unwrap();
        assert!(tools.attr("data-added").is_some(), "{}", tools.html());
        let link = only(tools, "a.promql-open");
        assert_eq!(attribute(link, "data-expr"), query.text());
        assert_eq!(attribute(link, "href"), graph_link(query.text()));
        assert_eq!(link.attr("data-pinned"), None);
        only(tools, "button.copy");
    }
}

fn is_added(element: ElementRef<'_>) -> bool {
    element.attr("data-added").is_some()
}

/// A link as Prometheus writes it; made here once more, from the rules of Go's `url.QueryEscape`.
fn graph_link(query: &str) -> String {
    let escape = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let escaped: String = query.bytes().map(escape).collect();
    format!("{PROMETHEUS}/graph?g0.expr={escaped}&g0.tab=0")
}

#[test]
fn queries_in_prose_are_the_rest_of_their_line_to_the_byte() {
    let page = page(BOOTSTRAP);
    let shown = find(&page, "article p > span.promql").into_iter();
    let shown: Vec<String> = shown.map(authors_text).collect();
    let lines: Vec<&str> = runbook().source().text().lines().collect();
    let written = QUERIES[2].1.iter().map(|line| {
        let (_, query) = lines[line - 1].rsplit_once(": ").unwrap();
        query.to_owned()
    });
    assert_eq!(shown, written.collect::<Vec<_>>());
}

#[test]
fn the_example_alert_opens_as_prometheus_itself_links_to_it() {
    let page = page(BOOTSTRAP);
    let example = only(page.root_element(), "article pre.example-alert");
    let text = authors_text(example);
    let source = text.lines().find_map(|line| line.strip_prefix("Source: ")).unwrap();
    let tools = example.next_siblings().find_map(ElementRef::wrap).unwrap();
    assert_eq!(attribute(only(tools, "a.promql-open"), "href"), source);
    assert!(source.starts_with(PROMETHEUS));
}

#[test]
fn a_query_that_names_its_carrier_opens_there() {
    for (path, pinned) in
        [("armada/armada-carrier-capacity.html", 1), ("armada/armada-etcd-health.html", 1)]
    {
        let page = page(path);
        let links = find(&page, "a.promql-open[data-pinned]");
        assert_eq!(links.len(), pinned, "{path}");
        for link in links {
            assert_eq!(attribute(link, "data-pinned"), "prod-wdc06/carrier1");
            let there = "https://dashboard.example.com/prod-wdc06/carrier1/prometheus/graph?";
            assert!(attribute(link, "href").starts_with(there), "{}", link.html());
        }
    }
}
