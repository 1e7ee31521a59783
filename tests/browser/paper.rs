//! Pages on paper, and pages that stay where they are while they load.

use crate::{BOOTSTRAP, Browser, Origin, Published};
use fantoccini::wd::PrintConfiguration;
use serde_json::json;
use std::process::Command;

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
        (".palette-open", false),
        (".site-title", false),
        ("#carrier-switch", true),
        ("div.query-tools > a.promql-open", true),
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
async fn a_page_printed_to_pdf_says_what_was_filled_in_and_where_its_links_lead() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = format!("{BOOTSTRAP}?workerID=kube-w1&startsAt=2026-01-02T03:04:05Z");
    browser.open(&site.address(Origin::Served, &page)).await;
    browser.until("return document.querySelector('.placeholder.filled') !== null").await;
    // The sample has no link to somewhere else but those to the carriers.
    browser
        .run(
            "const link = document.createElement('a');
             link.href = 'https://wiki.example.com/a/long/address/of/a/page?with=a+query#and-more';
             link.textContent = 'The wiki';
             [...document.querySelectorAll('article > p:not([class])')].at(-1).append(link);",
        )
        .await;
    let links = "return [...document.querySelectorAll('article a[href^=http]')]
        .filter((it) => it.checkVisibility()).map((it) => it.getAttribute('href'))";
    let links: Vec<String> = serde_json::from_value(browser.run(links).await).unwrap();
    // Long lines are broken anywhere, and a hyphen there is taken for one of the reader's.
    let text: String = printed(&browser).await.split_whitespace().collect();
    let text = text.replace('-', "");
    let has = |part: &str| text.contains(&part.replace('-', ""));
    // Where links within the site lead, and what is printed here.
    let pages = "armada/armada-bootstrap-collect-info-before-escalation.html";
    for part in [&site.address(Origin::Served, pages), &site.address(Origin::Served, &page)] {
        assert!(has(part), "{part} is not in {text}");
    }
    for part in [
        "workerID:kube-w1",
        "workerID=\"kube-w1\"",
        "2026-01-02T03:04:05",
        "Carrierprod-dal10/carrier3",
    ] {
        assert!(has(part), "{part} is not in {text}");
    }
    assert!(!has("Pastealert") && !has("Copy"), "{text}");
    assert!(links.len() > 20, "{links:?}");
    for link in links {
        assert!(has(&link), "{link} is not in the text");
    }
}

/// What the open page says on paper.
pub async fn printed(browser: &Browser) -> String {
    text_of(&browser.client.print(PrintConfiguration::default()).await.unwrap())
}

/// The text of a PDF as a reader sees it.
fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext").arg(&file).arg("-").output().unwrap_or_else(|error| {
        panic!("can't run pdftotext: {error}; ./tests/run installs what this test needs")
    });
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn nothing_moves_while_a_page_loads() {
    let site = Published::new();
    let browser = Browser::start().await;
    for (width, height) in [(1280, 900), (390, 844)] {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        for page in [
            (BOOTSTRAP, ""),
            (BOOTSTRAP, "#bootstrap-taint-failed"),
            (BOOTSTRAP, "#bootstrap-cleanup-job-failed"),
            ("armada/armada-etcd-health.html", ""),
            ("alerts/index.html", ""),
            ("overview/index.html", ""),
            ("index.html", ""),
        ] {
            let (page, section) = page;
            let labels = "workerID=kube-w1&clusterID=c1&startsAt=2026-01-02T03:04:05Z";
            let page = format!("{page}?{labels}{section}");
            browser.open("about:blank").await;
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
    // What moves would be seen, once the browser paints.
    browser
        .run(
            "window.shifts = [];
             new PerformanceObserver((list) => { window.shifts.push(...list.getEntries()); })
               .observe({ type: 'layout-shift' });",
        )
        .await;
    browser
        .until(
            "const block = document.createElement('div');
             block.style.height = '300px';
             document.querySelector('main').prepend(block);
             return window.shifts.some((it) => it.value > 0.05)",
        )
        .await;
}
