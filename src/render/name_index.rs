//! What can be found by its name: runbooks, their sections and metrics, for the scripts of the
//! pages. Alerts are in the [alert index](super::alert_index).
//!
//! Classic scripts, loaded when somebody looks for something: pages from disk may load no other
//! data. Sections are many, so they are in files of their own, each for a part of the pages. The
//! names of the files stay the same whatever is in them, so that no page changes with them.

use super::{RenderedFile, json};
use crate::runbook::Heading;
use crate::site::address::{NOT_FOUND, encode_fragment, encode_path};
use crate::site::{Page, Site};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::ops::Range;

/// Where the list of runbooks and metrics stands.
pub(super) const PATH: &str = "assets/palette-names.js";

/// How many sections a file may hold, unless a page alone has more.
const MOST_SECTIONS: usize = 5_000;

/// How many places are kept of a metric that is on every page.
const MOST_PLACES: usize = 5;

/// Where the sections of a part of the pages stand.
pub(super) fn sections_path(part: usize) -> String {
    format!("assets/palette-sections-{part}.js")
}

/// The parts of the pages, as ranges of indices.
pub(super) fn parts(site: &Site) -> Vec<Range<usize>> {
    split(site.pages.iter().map(|page| page.runbook.headings.len()))
}

/// Cuts a row of counts where more than [`MOST_SECTIONS`] would come together.
fn split(counts: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut sections = 0;
    for (index, count) in counts.enumerate() {
        sections += count;
        match parts.last_mut() {
            Some(part) if sections <= MOST_SECTIONS => part.end = index + 1,
            _ => {
                parts.push(index..index + 1);
                sections = count;
            }
        }
    }
    parts
}

/// The script: `alertbook.names = {metrics: {NAME: PLACES}, pages: [[TITLE, ADDRESS, SERVICE], …],
/// parts: COUNT}`.
pub(super) fn render(site: &Site, parts: usize) -> RenderedFile {
    let metrics = metrics(site);
    let mut script = Vec::with_capacity(160 * (1 + metrics.len() + site.pages.len()));
    script.extend_from_slice(b"globalThis.alertbook.names = {\"metrics\":{");
    for (index, (metric, places)) in metrics.into_iter().enumerate() {
        if index > 0 {
            script.push(b',');
        }
        json::push_text(&mut script, metric);
        script.push(b':');
        json::push_list(&mut script, "", places, push_place);
    }
    script.extend_from_slice(b"},\"pages\":");
    json::push_list(&mut script, "", &site.pages, |script, page| {
        let service = page.front_matter("service").unwrap_or_default();
        json::push_texts(script, [&*page.title, &encode_path(&page.path), service]);
    });
    script.extend_from_slice(b",\"parts\":");
    json::push_number(&mut script, parts);
    script.extend_from_slice(b"};\n");
    RenderedFile { path: PATH.to_owned(), bytes: script }
}

/// Where a metric is asked for.
#[derive(Clone, Copy)]
enum Place<'s> {
    /// The page, as an index, and the section: none above the first.
    Section(usize, Option<&'s Heading>),
    /// The alert in whose rules it is.
    Rule(&'s str),
}

/// Appends a place: the page, the fragment and the title of the section, or the name of an alert.
fn push_place(script: &mut Vec<u8>, place: Place<'_>) {
    match place {
        Place::Section(page, heading) => {
            script.push(b'[');
            json::push_number(script, page);
            let id = heading.map(|it| encode_fragment(&it.id)).unwrap_or_default();
            for text in [&*id, heading.map_or("", |it| &it.text)] {
                script.push(b',');
                json::push_text(script, text);
            }
            script.push(b']');
        }
        Place::Rule(alert) => json::push_text(script, alert),
    }
}

/// The script of a part: `alertbook.sections.push([PATH, TITLE, FRAGMENT, TITLE, FRAGMENT, …], …)`.
/// A heading that says what the page is called is not there: it leads nowhere else. Pages are named by
/// their paths, since a browser may still have an older list of them.
pub(super) fn render_sections(site: &Site, part: usize, pages: &Range<usize>) -> RenderedFile {
    let pages = &site.pages[pages.clone()];
    let headings = pages.iter().map(|page| page.runbook.headings.len()).sum::<usize>();
    let mut script = Vec::with_capacity(64 * (1 + pages.len() + headings));
    script.extend_from_slice(b"(globalThis.alertbook.sections ??= []).push(...[");
    let shown = pages.iter().filter(|page| page.path != NOT_FOUND);
    for (index, page) in shown.enumerate() {
        if index > 0 {
            script.push(b',');
        }
        script.push(b'[');
        json::push_text(&mut script, &encode_path(&page.path));
        let sections = page.runbook.headings.iter();
        for it in sections.filter(|it| !it.text.is_empty() && it.text != page.title) {
            for text in [&*it.text, &encode_fragment(&it.id)] {
                script.push(b',');
                json::push_text(&mut script, text);
            }
        }
        script.push(b']');
    }
    script.extend(b"]);\n");
    RenderedFile { path: sections_path(part), bytes: script }
}

/// The places of each metric of the queries and of the rules, by the names of the metrics.
fn metrics(site: &Site) -> Vec<(&str, Places<'_>)> {
    let on_pages = site.pages.par_iter().enumerate().flat_map_iter(|(index, page)| {
        metrics_on(page).into_iter().map(move |(metric, heading)| {
            let heading = heading.map(|at| &page.runbook.headings[at]);
            (metric, Place::Section(index, heading))
        })
    });
    let alerts: Vec<_> = site.alerts.iter().collect();
    let in_rules = alerts.par_iter().flat_map_iter(|(name, alert)| {
        let queries = site.rules_of(alert).filter_map(|rule| rule.query().ok());
        let mut metrics: Vec<&str> =
            queries.flat_map(|query| query.metrics.iter().map(String::as_str)).collect();
        metrics.sort_unstable();
        metrics.dedup();
        metrics.into_iter().map(|metric| (metric, Place::Rule(name.as_str())))
    });
    let found: Vec<(&str, Place<'_>)> = on_pages.chain(in_rules).collect();
    let mut metrics: FxHashMap<&str, Places<'_>> = FxHashMap::default();
    for (metric, place) in found {
        let places = metrics.entry(metric).or_default();
        if places.len() < MOST_PLACES {
            places.push(place);
        }
    }
    let mut metrics: Vec<_> = metrics.into_iter().collect();
    metrics.sort_unstable_by_key(|(metric, _)| *metric);
    metrics
}

/// Where a metric is asked for, as far as that is kept.
type Places<'s> = SmallVec<[Place<'s>; 1]>;

/// The metrics in the queries of a page, each with the heading it is below, as an index. A section
/// counts once, however often its queries ask for a metric.
fn metrics_on(page: &Page) -> Vec<(&str, Option<usize>)> {
    let headings = &page.runbook.headings;
    let mut found: Vec<(&str, Option<usize>)> = Vec::new();
    for snippet in &page.runbook.snippets {
        let above = headings.partition_point(|heading| heading.range.start <= snippet.start);
        let section = above.checked_sub(1);
        for query in &snippet.queries {
            found.extend(query.metrics.iter().map(|metric| (metric.as_str(), section)));
        }
    }
    let mut seen = FxHashSet::default();
    found.retain(|place| seen.insert(*place));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::Parts;
    use crate::source::Source;
    use serde_json::{Value, json};

    fn site(pages: &[(&str, &str)], rules: &str) -> Site {
        let config = crate::config::parse(&Source::new("alertbook.yaml", "title: T")).unwrap();
        let runbooks = pages.iter().map(|(path, text)| {
            let source = Source::new(*path, *text);
            let variables = SiteVariables::default();
            let (runbook, _) = Runbook::read(&source, &variables, &AlertColumns::default());
            ((*path).to_owned(), runbook.into())
        });
        let (rules, _) = crate::rules::parse(&Source::new("rules.yaml", rules));
        let (runbooks, rule_files) = (runbooks.collect(), vec![rules.into()]);
        Site::assemble(config, Parts { runbooks, rule_files, ..Parts::default() })
    }

    fn data(file: &RenderedFile) -> Value {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        let from = text.find(" = ").map(|at| at + 3).or(text.find("(...").map(|at| at + 4));
        let json = text[from.unwrap()..].trim_end_matches([';', '\n', ')']);
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_metric_is_found_where_it_is_asked_for_and_in_the_rules() {
        let page = "---\ntitle: A\nservice: s\n---\n```promql\nup\n```\n\n## One\n\n`rate(a_total[5m])`\n\n\
                    ```promql\na_total{x=\"<y>\"} and a_total\n```\n\n## Two\n\n```promql\na_total\n```\n";
        let rules = "groups: [{name: g, rules: [{alert: B, expr: a_total > 1 or up == 0}]}]";
        let site = site(&[("a b.md", page)], rules);
        let names = data(&render(&site, 1));
        assert_eq!(names["pages"], json!([["A", "a%20b.html", "s"]]));
        let metrics = json!({
            "a_total": [[0, "one", "One"], [0, "two", "Two"], "B"],
            "up": [[0, "", ""], "B"],
        });
        assert_eq!(names["metrics"], metrics);
    }

    #[test]
    fn sections_have_their_title_and_their_fragment() {
        let site = site(&[("a.md", "# A\n\n## Öl & x\n\n##\n\n## A"), ("b.md", "")], "");
        let sections = data(&render_sections(&site, 0, &parts(&site)[0]));
        assert_eq!(sections, json!([["a.html", "Öl & x", "%C3%B6l--x"], ["b.html"]]));
    }

    #[test]
    fn no_file_holds_more_sections_than_it_may_and_none_is_left_out() {
        for counts in [vec![], vec![0; 3], vec![2_500; 5], vec![9_000, 1, 4_999, 1, 0]] {
            let parts = split(counts.iter().copied());
            let covered: Vec<usize> = parts.iter().flat_map(Clone::clone).collect();
            assert_eq!(covered, (0..counts.len()).collect::<Vec<_>>());
            for part in parts.iter().filter(|part| part.len() > 1) {
                assert!(counts[part.clone()].iter().sum::<usize>() <= MOST_SECTIONS, "{part:?}");
            }
        }
    }
}
