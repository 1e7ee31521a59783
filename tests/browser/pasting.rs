//! Pasting an alert: what is read of it, and where it leads.

use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use fantoccini::Locator;
use serde_json::{Value, json};

/// The alert of the sample's own example, as Alertmanager's text.
const TEXT: &str = "Alerts Firing:
Labels:
 - alertname = BootstrapFinishedStatusNotReported
 - severity = warning
 - workerID = kube-dal10-cr4e1f-w3
Annotations:
 - summary = Labels: are not here
 - workerID = not-this
Source: https://dashboard.example.com/prod-fra02/carrier2/prometheus/graph?g0.expr=up&g0.tab=0
";

/// Opens the dialog and puts a text into it.
async fn paste(browser: &Browser, text: &str) {
    browser.find(".paste-open").await.click().await.unwrap();
    browser.until("return Boolean(alertbook.alerts)").await;
    let script = "const area = document.querySelector('dialog.paste textarea');
        area.value = arguments[0];
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.client.execute(script, vec![Value::from(text)]).await.unwrap();
}

/// What the dialog offers: the name and the facts of each alert.
async fn offers(browser: &Browser) -> Vec<[String; 2]> {
    let script = "return [...document.querySelectorAll('.offer')].map((offer) =>
        [offer.firstElementChild.textContent, offer.querySelector('.facts-read')?.textContent ?? ''])";
    serde_json::from_value(browser.run(script).await).unwrap()
}

#[tokio::test]
async fn an_alert_pasted_anywhere_leads_to_its_section_with_its_labels_and_carrier() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        for page in ["alerts/index.html", "armada/armada-etcd-health.html", BOOTSTRAP] {
            browser.open(&site.address(origin, page)).await;
            paste(&browser, TEXT).await;
            assert_eq!(
                offers(&browser).await,
                [[
                    "BootstrapFinishedStatusNotReported".to_owned(),
                    "severity = warning · workerID = kube-dal10-cr4e1f-w3 · on prod-fra02/carrier2"
                        .to_owned(),
                ]],
                "{origin:?} {page}"
            );
            browser.find(".offer .primary").await.click().await.unwrap();
            let address = format!(
                "{BOOTSTRAP}?workerID=kube-dal10-cr4e1f-w3#bootstrap-finished-status-not-reported"
            );
            browser.until_at(&site.address(origin, &address)).await;
            browser
                .until("return document.querySelector('[data-key=workerid]')?.value === 'kube-dal10-cr4e1f-w3' &&
                    document.getElementById('carrier-switch').value === 'prod-fra02/carrier2' &&
                    document.querySelector('dialog[open]') === null")
                .await;
            browser
                .until(
                    "const top = document.querySelector(':target').getBoundingClientRect().top;
                    return top >= 0 && top < innerHeight",
                )
                .await;
            browser.find(".incident-clear").await.click().await.unwrap();
        }
        assert_eq!(browser.console(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn many_shapes_of_an_alert_are_read() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    browser.find(".paste-open").await.click().await.unwrap();
    let labels = json!({ "alertname": "BootstrapTaintFailed", "workerID": "w1" });
    let taint = |facts: &str| vec![["BootstrapTaintFailed".to_owned(), facts.to_owned()]];
    for (text, expected) in [
        // Alertmanager's webhook, its API, Prometheus' API, and PagerDuty's event around a text.
        (json!({ "alerts": [{ "labels": labels, "startsAt": "2026-01-02T03:04:05Z" }], "commonLabels": { "a": "b" } }).to_string(), taint("workerID = w1")),
        (json!([{ "labels": labels }]).to_string(), taint("workerID = w1")),
        (json!({ "data": { "alerts": [{ "labels": labels }] } }).to_string(), taint("workerID = w1")),
        (json!({ "details": { "firing": "Labels:\n - alertname = BootstrapTaintFailed\n - workerID = w1\n" } }).to_string(), taint("workerID = w1")),
        // With the indentation of a newer template.
        ("Labels:\n  - alertname = BootstrapTaintFailed\n  - workerID = w1".to_owned(), taint("workerID = w1")),
        // Pairs as people and chats write them.
        ("alertname: BootstrapTaintFailed\nworkerID: \"w1\"".to_owned(), taint("workerID = w1")),
        ("ALERTS{alertname=\"BootstrapTaintFailed\",workerID=\"w\\\"1\"}".to_owned(), taint("workerID = w\"1")),
        ("{alertname=\"BootstrapTaintFailed\", workerID=\"w1\"}".to_owned(), taint("workerID = w1")),
        // A title has values without names; the alert and the carrier are known words in it.
        ("[FIRING:1] BootstrapTaintFailed armada-bootstrap (prod-fra02/carrier2 warning)".to_owned(), taint("on prod-fra02/carrier2")),
        // An alert that nobody knows.
        ("alertname = Nobody\nx = 1".to_owned(), vec![["Nobody".to_owned(), "x = 1".to_owned()]]),
        ("hello".to_owned(), vec![["No alert that this site knows".to_owned(), String::new()]]),
        ("{\"labels\": 1".to_owned(), vec![["No alert that this site knows".to_owned(), String::new()]]),
        // Several at once.
        (json!([{ "labels": labels }, { "labels": { "alertname": "Nobody" } }]).to_string(),
            [taint("workerID = w1"), vec![["Nobody".to_owned(), String::new()]]].concat()),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &text).await;
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
}

#[tokio::test]
async fn the_address_behind_source_is_enough() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    // As Prometheus prints the expressions of the sample's rules.
    let built = &site.built.checked.site;
    let mut seen = 0;
    for (name, alert) in built.alerts.iter() {
        let expressions: Vec<_> =
            alert.rules.iter().map(|place| built.rule(*place).2.expr.as_str()).collect();
        let [expression] = expressions.as_slice() else { continue };
        let printed = alertbook::promql::parse(expression).unwrap().printed();
        let base = "https://dashboard.example.com/stage-dal09/carrier1/prometheus";
        let source = alertbook::promui::prometheus::graph_link(base, &printed);
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &source).await;
        assert_eq!(
            offers(&browser).await,
            [[name.clone(), "on stage-dal09/carrier1".to_owned()]],
            "{source}"
        );
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
}

#[tokio::test]
async fn what_is_pasted_is_not_sent_anywhere() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    paste(&browser, TEXT).await;
    browser.find(".offer .primary").await.click().await.unwrap();
    browser.until("return document.querySelector('[data-key=workerid]')?.value === 'kube-dal10-cr4e1f-w3'").await;
    let asked = browser
        .run("return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((it) => it.name)")
        .await;
    let asked: Vec<String> = serde_json::from_value(asked).unwrap();
    assert!(asked.len() > 3 && asked.iter().all(|url| !url.contains("kube-dal10")), "{asked:?}");
    assert!(browser.client.find(Locator::Css(".incident.filled")).await.is_ok());
}
