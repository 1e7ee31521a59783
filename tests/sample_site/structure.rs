//! The main runbook: its alert table, its headings and the cards of its rules.

use crate::{BOOTSTRAP, attribute, authors_text, below, find, only, page};
use scraper::ElementRef;
use std::collections::BTreeSet;

/// The alerts in the order of the table, each with its severity and the section to start at.
const ALERTS: [(&str, &str, &str); 13] = [
    ("BootstrapRequestHandlerFailed", "warning", "bootstrap-request-handler-failed"),
    ("BootstrapTarHandlerFailed", "warning", "bootstrap-tar-handler-failed"),
    ("BootstrapReloadWorkerFailed", "warning", "bootstrap-reload-worker-failed"),
    ("BootstrapFinishedStatusNotReported", "warning", "bootstrap-finished-status-not-reported"),
    ("BootstrapCordonJobFailed", "warning", "bootstrap-cordon-job-failed"),
    ("BootstrapCleanupJobFailed", "warning", "bootstrap-cleanup-job-failed"),
    ("APIRequestFailedBootstrap", "warning", "api-request-failed-bootstrap"),
    ("WorkerSetToUnsupportedBomVersion", "warning", "worker-set-to-unsupported-bom-version"),
    (
        "HourFailedCountThresholdBreached",
        "critical",
        "failed-unique-worker-bootstrap-attempts-breached",
    ),
    ("BootstrapApplyNetworkPolicyFailed", "warning", "bootstrap-apply-network-policy-failed"),
    ("BootstrapMachineTypeFailed", "critical", "bootstrap-machine-type-failed"),
    ("BootstrapLabelFailed", "warning", "bootstrap-label-failed"),
    ("BootstrapTaintFailed", "warning", "bootstrap-taint-failed"),
];

#[test]
fn every_alert_of_the_table_has_a_badge_and_a_card_at_its_section() {
    let page = page(BOOTSTRAP);
    let article = only(page.root_element(), "article");
    let table = below(article, "table")[0];
    assert_eq!(attribute(table, "class"), "table table-bordered table-striped");
    let rows = below(table, "tbody tr");
    assert_eq!(rows.len(), ALERTS.len());
    for (row, (alert, severity, section)) in rows.into_iter().zip(ALERTS) {
        let cells = below(row, "td");
        assert_eq!(cells.len(), 3, "{alert}");
        assert_eq!(authors_text(only(cells[0], "code")), alert);
        assert_eq!(attribute(only(cells[2], "a"), "href"), format!("#{section}"));

        let badge = only(cells[0], ".alert-facts[data-added] a");
        assert_eq!(authors_text(badge), severity, "{alert}");
        let card = attribute(badge, "href").strip_prefix('#').unwrap();
        let card = only(article, &format!("[id='{card}']"));
        assert!(card.value().name() == "aside" && card.attr("data-added").is_some(), "{alert}");
        assert!(card.text().any(|text| text == alert), "{alert}");
        assert_eq!(heading_above(card).attr("id"), Some(section), "the card of {alert}");
        only(card, "pre.promql");
        only(card, "a.promql-open[data-expr]");
    }
    assert_eq!(below(article, "aside.rule-card").len(), ALERTS.len());
}

/// The heading right above an element, other cards aside.
fn heading_above(card: ElementRef<'_>) -> ElementRef<'_> {
    let above = card.prev_siblings().filter_map(ElementRef::wrap);
    let mut above = above.skip_while(|element| element.value().name() == "aside");
    above.next().filter(|element| element.value().name().starts_with('h')).unwrap()
}

#[test]
fn headings_have_ids_of_their_own() {
    let page = page(BOOTSTRAP);
    let headings = find(&page, "article :is(h1, h2, h3, h4, h5, h6):not([data-added])");
    assert_eq!(headings.len(), 23);
    let ids: BTreeSet<&str> = headings.iter().map(|heading| attribute(*heading, "id")).collect();
    assert_eq!(ids.len(), headings.len());
    // `## ## Example Alert(s)`: the id is the one that links to it were written for.
    let contents = only(page.root_element(), "nav[aria-label='On this page']");
    only(contents, "a[href='#-example-alerts']");
    assert!(ids.contains("-example-alerts"));
}

#[test]
fn ids_are_unique_on_every_page() {
    for (path, html) in crate::SITE.pages() {
        let page = scraper::Html::parse_document(html);
        let mut seen = BTreeSet::new();
        for element in find(&page, "[id]") {
            let id = attribute(element, "id");
            assert!(seen.insert(id), "{path} has #{id} twice");
        }
    }
}

#[test]
fn the_paragraph_of_the_label_has_its_classes() {
    let page = page(BOOTSTRAP);
    let label = only(page.root_element(), "article p.label");
    assert_eq!(
        (authors_text(label).as_str(), label.attr("class")),
        ("Alert", Some("label label-purple"))
    );
}
