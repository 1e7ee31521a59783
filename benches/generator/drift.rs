//! Sites that have drifted: each page says something that is no longer so.

use super::{File, Page, Shape, site};

/// The files of a [`site`] whose pages each misspell an alert, a metric, the address of another page
/// and a section of one, and tell a threshold that is no longer the rule's.
pub fn drifted(shape: Shape, pages: usize) -> impl Iterator<Item = File> {
    let drifted = (0..pages).flat_map(move |number| {
        let page = Page { shape, number, pages };
        [(page.source(), text(page)), (format!("{}.recorded.yaml", page.rules_path()), rule(page))]
    });
    site(shape, pages).filter(|(path, _)| !path.ends_with(".md")).chain(drifted)
}

fn text(page: Page) -> String {
    let alerts = page.alerts();
    let (first, last) = (&alerts[0], &alerts[alerts.len() - 1]);
    let neighbour = page.neighbour().name();
    let (name, metric) = (last.name(), last.metric());
    let misspelt = name.replacen('e', "ee", 1);
    let text = page
        .text()
        .replacen(&format!("| `{name}` |"), &format!("| `{misspelt}` |"), 1)
        .replacen(&first.sentence(), &first.sentence().replacen("ore than ", "ore than 9", 1), 1)
        .replacen("./index.html#overview", "./index.html#overwiev", 1)
        .replacen(&format!("](./{neighbour}.html"), &format!("](./{neighbour}x.html"), 1);
    format!("{text}\n```promql\nharbour:{metric}:total > 0\n```\n")
}

/// The rule that records the metric by another name than the page has for it.
fn rule(page: Page) -> String {
    let alerts = page.alerts();
    let metric = alerts[alerts.len() - 1].metric();
    format!(
        "groups:\n  - name: {metric}\n    rules:\n      \
         - record: harbour:{metric}:sum\n        expr: sum by (clusterID) ({metric})\n"
    )
}
