//! What holds for every page of the site.

use crate::{Browser, Origin, Published};
use serde_json::json;

#[tokio::test]
async fn no_page_complains_to_the_console() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in [Origin::Served, Origin::Disk] {
        let mut pages = 0;
        for (page, _) in site.built.pages() {
            // From disk nobody is ever shown the page for wrong addresses.
            if matches!((origin, page), (Origin::Disk, "404.html")) {
                continue;
            }
            browser.open(&site.address(origin, page)).await;
            browser.until("return document.readyState === 'complete'").await;
            assert_eq!(browser.console(), Vec::<String>::new(), "{origin:?} {page}");
            pages += 1;
        }
        assert!(pages > 30, "only {pages} pages");
    }
}

#[tokio::test]
async fn the_policy_is_in_force_and_a_breach_of_it_is_seen() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    browser
        .run(
            "document.addEventListener('securitypolicyviolation', () => document.title = 'breach');
             const image = document.createElement('img');
             image.src = 'https://evil.example/pixel.png';
             document.body.append(image);",
        )
        .await;
    browser.until("return document.title === 'breach'").await;
    let complaint = browser.console().concat();
    assert!(complaint.contains("Content Security Policy"), "{complaint}");
}

#[tokio::test]
async fn no_page_scrolls_sideways_on_a_phone() {
    let site = Published::new();
    let browser = Browser::start().await;
    let mut wide = Vec::new();
    for (page, html) in site.built.pages() {
        // A redirect is left before anybody sees it.
        if html.contains("data-target=") {
            continue;
        }
        browser.open(&site.address(Origin::Served, page)).await;
        for width in [390, 360] {
            let screen =
                json!({ "width": width, "height": 780, "deviceScaleFactor": 2, "mobile": false });
            browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
            browser.until(&format!("return innerWidth === {width}")).await;
            // Closed and open: menus and cards hold the longest words.
            for open in [false, true] {
                let measured = browser
                    .run(&format!(
                        "for (const box of document.querySelectorAll('details')) box.open = {open};
                         const root = document.documentElement;
                         return [root.clientWidth, root.scrollWidth];"
                    ))
                    .await;
                let [client, scroll]: [u64; 2] = serde_json::from_value(measured).unwrap();
                if scroll > client {
                    wide.push(format!("{page} is {scroll} wide at {width}, boxes open: {open}"));
                }
            }
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
    // Something too wide would have been seen.
    let script = "document.querySelector('main').style.width = '500px';
                  return document.documentElement.scrollWidth";
    assert!(browser.run(script).await.as_u64() >= Some(500));
}
