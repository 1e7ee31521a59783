//! The pages as axe sees them: nothing serious, with dialogs, results and menus open, on a phone and
//! on a desk, light and dark.

use crate::{BOOTSTRAP, Browser, Origin, Published, sample};
use serde_json::{Value, json};
use std::fs;

/// What a page is brought to before it is looked at.
const STATES: [(&str, &str, &str); 10] = [
    ("", "", ""),
    (BOOTSTRAP, "?workerID=kube-w1&POD+ID=a&startsAt=2026-01-02T03:04:05Z", ""),
    (
        BOOTSTRAP,
        "?workerID=Not+one",
        "for (const box of document.querySelectorAll('details')) box.open = true;",
    ),
    (BOOTSTRAP, "", "document.querySelector('span.promql + .query-tools .copy').click();"),
    (
        "alerts/index.html",
        "",
        "document.querySelector('.paste-open').click();
         const area = document.querySelector('dialog.paste textarea');
         area.value = 'alertname = BootstrapTaintFailed\\nworkerID = x';
         area.dispatchEvent(new Event('input'));",
    ),
    // Results, without anybody to give them.
    (
        "armada/armada-etcd-health.html",
        "?clusterID=c1",
        "const matrix = [{ metric: { pod: 'a' }, values: [[Date.now() / 1000 - 60, '1'], [Date.now() / 1000, '2']] }];
         const vector = [{ metric: { pod: 'a', alertstate: 'firing' }, value: [Date.now() / 1000, '1'] }];
         alertbook.query = async (carrier, endpoint) => ({ warnings: ['partial'],
           data: endpoint === 'query_range' ? { resultType: 'matrix', result: matrix } : { resultType: 'vector', result: vector } });
         const [first, second] = document.querySelectorAll('div.query-tools .run');
         first.click();
         second.click();
         document.querySelector('.firing-ask').click();
         setTimeout(() => document.querySelectorAll('.result .view')[1].click(), 50);",
    ),
    ("404.html", "", ""),
    ("overview/index.html", "", ""),
    ("nothing/BootstrapTaintFaild.html", "", "window.waitsFor = '.suggestions li';"),
    (
        "index.html",
        "",
        "window.waitsFor = '.found-text mark';
         document.querySelector('.palette-open').click();
         setTimeout(() => {
             const input = document.querySelector('.palette input');
             input.value = 'taint';
             input.dispatchEvent(new Event('input', { bubbles: true }));
         }, 50);",
    ),
];

/// What axe finds that keeps people from using a page: the rule, and where.
async fn findings(browser: &Browser, axe: &str) -> Vec<String> {
    browser.run(axe).await;
    browser
        .run(
            "window.axeResult = null;
             axe.run(document, { resultTypes: ['violations'] }).then((it) => { window.axeResult = it; });",
        )
        .await;
    browser.until("return window.axeResult !== null").await;
    let script = "return window.axeResult.violations
        .filter((it) => ['serious', 'critical'].includes(it.impact))
        .map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(' | ')}`)";
    serde_json::from_value(browser.run(script).await).unwrap()
}

#[tokio::test]
async fn nothing_serious_stands_in_anybody_s_way() {
    let path = sample::repository().join("tests/javascript/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; ./tests/run installs what this test needs", path.display())
    });
    let site = Published::new();
    let browser = Browser::start().await;
    let mut found = Vec::new();
    for (width, scheme) in [(1280, "light"), (390, "dark")] {
        let screen =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", &media);
        for (page, query, script) in STATES {
            let page = if page.is_empty() { "index.html" } else { page };
            browser.open(&site.address(Origin::Served, &format!("{page}{query}"))).await;
            browser.until("return document.readyState === 'complete'").await;
            if !script.is_empty() {
                browser.run(script).await;
            }
            if script.contains("query_range") {
                browser
                    .until("return Boolean(document.querySelector('.chart') && document.querySelector('.series') && document.querySelector('.firing-series'))")
                    .await;
            }
            browser
                .until(
                    "return !window.waitsFor || Boolean(document.querySelector(window.waitsFor))",
                )
                .await;
            let more = findings(&browser, &axe).await;
            found.extend(more.into_iter().map(|it| format!("{page} {width} {scheme}: {it}")));
            // The next page begins with nothing known.
            browser.run("sessionStorage.clear()").await;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    // A fault would be seen, but for an open dialog, which keeps all else out of reach.
    browser.run("document.querySelector('dialog[open]')?.close()").await;
    browser.run("document.querySelector('main').innerHTML = '<img src=x><button></button>'").await;
    let seen = findings(&browser, &axe).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_ne!(browser.run("return axe.version").await, Value::Null);
}
