//! Pages on paper, and pages that stay where they are while they load.

use crate::{BOOTSTRAP, Browser, Origin, Published};
use serde_json::json;

#[tokio::test]
async fn paper_shows_what_was_filled_in_and_where_links_lead() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = format!("{BOOTSTRAP}?workerID=kube-w1");
    browser.open(&site.address(Origin::Served, &page)).await;
    browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    browser.until("return matchMedia('print').matches").await;
    for (selector, is_shown) in [
        ("[data-key=workerid]", true),
        ("[data-key=podid]", false),
        ("span.promql .placeholder.filled", true),
        (".query-tools .copy", false),
        (".incident-clear", false),
        (".firing-ask", false),
        (".paste-open", false),
        ("header.site", false),
    ] {
        let shown = browser.find(selector).await.is_displayed().await.unwrap();
        assert_eq!(shown, is_shown, "{selector}");
    }
    let address = "const link = document.querySelector('article a[href^=http]:not([data-autolink], [data-added] *)');
        return link === null || getComputedStyle(link, '::after').content.includes('(')";
    assert_eq!(browser.run(address).await, true);
    let wide =
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(browser.run(wide).await, true);
}

#[tokio::test]
async fn nothing_moves_while_a_page_loads() {
    let site = Published::new();
    let browser = Browser::start().await;
    for (width, height) in [(1280, 900), (390, 844)] {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        for page in [BOOTSTRAP, "armada/armada-etcd-health.html", "alerts/index.html", "index.html"]
        {
            let page =
                format!("{page}?workerID=kube-w1&clusterID=c1&startsAt=2026-01-02T03:04:05Z");
            browser.open(&site.address(Origin::Served, &page)).await;
            browser
                .run(
                    "window.shifts = null;
                     new PerformanceObserver((list) => { window.shifts = list.getEntries(); })
                       .observe({ type: 'layout-shift', buffered: true });
                     // An observer that hears of nothing is not called: this is heard of in any case.
                     requestAnimationFrame(() => requestAnimationFrame(() => { window.shifts ??= []; }));",
                )
                .await;
            browser.until("return window.shifts !== null").await;
            let moved = browser
                .run(
                    "return window.shifts.reduce((sum, it) => sum + it.value, 0) + ' ' +
                       window.shifts.flatMap((it) => it.sources.map((one) => one.node?.className ?? one.node?.nodeName)).join(' ')",
                )
                .await;
            let moved = moved.as_str().unwrap();
            let (amount, _) = moved.split_once(' ').unwrap();
            assert!(amount.parse::<f64>().unwrap() < 0.005, "{page} at {width}: {moved}");
        }
    }
    // What moves would be seen.
    browser
        .run(
            "window.shifts = null;
             new PerformanceObserver((list) => { window.shifts = list.getEntries(); })
               .observe({ type: 'layout-shift' });
             const block = document.createElement('div');
             block.style.height = '300px';
             document.querySelector('main').prepend(block);",
        )
        .await;
    browser.until("return window.shifts?.[0].value > 0.05").await;
}
