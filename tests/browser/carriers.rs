//! The switch of carriers, and what else chooses one.

use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use alertbook::config::Tab;
use alertbook::promui::prometheus;
use serde_json::json;

/// A runbook with a query that names its carrier.
const WITH_PINNED: &str = "armada/armada-carrier-capacity.html";

const DEFAULT: &str = "prod-dal10/carrier3";
const OTHER: &str = "prod-fra02/carrier2";
const PINNED: &str = "prod-wdc06/carrier1";

/// The carrier that each link to Prometheus on the open page leads to, once, and whether all of them
/// are what Prometheus would write.
async fn carriers(browser: &Browser) -> Vec<String> {
    let links = browser
        .run(
            "return [...document.querySelectorAll('a.promql-open')].map((link) =>
               [link.dataset.expr, link.getAttribute('href'), link.dataset.pinned ?? '']);",
        )
        .await;
    let links: Vec<[String; 3]> = serde_json::from_value(links).unwrap();
    assert!(links.len() > 5, "{links:?}");
    let mut seen = Vec::new();
    for [query, href, pinned] in links {
        let base = "https://dashboard.example.com/";
        let carrier = href.strip_prefix(base).and_then(|rest| rest.split_once("/prometheus/"));
        let (carrier, _) = carrier.unwrap_or_else(|| panic!("{href}"));
        assert_eq!(
            href,
            prometheus::link(&format!("{base}{carrier}/prometheus"), &query, Tab::Graph)
        );
        assert!(pinned.is_empty() || pinned == carrier, "{href} is pinned to {pinned}");
        let pin = if pinned.is_empty() { "" } else { " (pinned)" };
        let entry = format!("{carrier}{pin}");
        if !seen.contains(&entry) {
            seen.push(entry);
        }
    }
    seen.sort();
    seen
}

/// Makes the choice that a reader makes with the switch.
async fn choose(browser: &Browser, carrier: &str) {
    browser.find("#carrier-switch").await.select_by_label(carrier).await.unwrap();
}

#[tokio::test]
async fn a_carrier_that_nobody_knows_is_told_and_not_used() {
    let site = Published::new();
    let browser = Browser::start().await;
    for asked in ["prod-lon04/carrier9", "PROD-DAL10/CARRIER3", "https://evil.example.com"] {
        let page = format!("armada/armada-etcd-health.html?carrier={asked}");
        browser.open(&site.address(Origin::Served, &page)).await;
        assert_eq!(carriers(&browser).await, [DEFAULT, &format!("{PINNED} (pinned)")], "{asked}");
        let note = "return document.querySelector('.carrier-note').textContent";
        assert_eq!(browser.run(note).await, format!("No carrier is called {asked}"));
    }
}

#[tokio::test]
async fn the_switch_moves_every_link_that_is_not_pinned_and_holds_for_the_tab() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        browser.open(&site.address(origin, WITH_PINNED)).await;
        let pinned = format!("{PINNED} (pinned)");
        assert_eq!(carriers(&browser).await, [DEFAULT, &pinned], "{origin:?}");

        choose(&browser, OTHER).await;
        assert_eq!(carriers(&browser).await, [OTHER, &pinned], "{origin:?}");
        let note = "return document.querySelector('.carrier-note').textContent";
        // The default is where queries open, and nothing that the page is about.
        assert_eq!(browser.run(note).await, "");

        browser.client.refresh().await.unwrap();
        assert_eq!(carriers(&browser).await, [OTHER, &pinned], "{origin:?} after a reload");
        browser.open(&site.address(origin, BOOTSTRAP)).await;
        assert_eq!(carriers(&browser).await, [OTHER], "{origin:?} on another page");

        choose(&browser, DEFAULT).await;
        assert_eq!(carriers(&browser).await, [DEFAULT], "{origin:?} back again");
        assert_eq!(browser.run(note).await, "");
    }
}

#[tokio::test]
async fn another_tab_has_a_choice_of_its_own() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, BOOTSTRAP)).await;
    choose(&browser, OTHER).await;
    let tab = browser.client.new_window(true).await.unwrap();
    browser.client.switch_to_window(tab.handle).await.unwrap();
    browser.open(&site.address(Origin::Served, BOOTSTRAP)).await;
    assert_eq!(carriers(&browser).await, [DEFAULT]);
}

#[tokio::test]
async fn an_address_chooses_among_the_configured_carriers() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in ORIGINS {
        let page = site.address(origin, BOOTSTRAP);
        browser.open(&format!("{page}?carrier={OTHER}&workerID=w1")).await;
        assert_eq!(carriers(&browser).await, [OTHER], "{origin:?}");
        // Chosen for the incident, wherever that leads to.
        browser.follow(&page).await;
        assert_eq!(carriers(&browser).await, [OTHER], "{origin:?}");
        // What a reader chooses wins over what the address said before, also after a reload.
        browser.open(&format!("{page}?carrier={OTHER}&workerID=w1")).await;
        choose(&browser, PINNED).await;
        browser.client.refresh().await.unwrap();
        assert_eq!(carriers(&browser).await, [PINNED], "{origin:?}");
        assert!(browser.address().await.ends_with("&workerID=w1"), "{origin:?}");
    }
}

#[tokio::test]
async fn the_carrier_of_an_alert_goes_with_it_and_that_of_a_reader_stays() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = site.address(Origin::Served, BOOTSTRAP);
    let of_alert = format!("{page}?carrier={OTHER}&workerID=w1");
    browser.open(&of_alert).await;
    browser.client.refresh().await.unwrap();
    assert_eq!(carriers(&browser).await, [OTHER]);
    // The next alert names none.
    browser.open(&format!("{page}?workerID=w2")).await;
    assert_eq!(carriers(&browser).await, [DEFAULT]);
    assert_eq!(browser.run("return location.search").await, "?workerID=w2");
    // One that is pasted does not either, or names another.
    let paste = |text: &str| {
        let script = format!(
            "document.querySelector('.paste-open').click();
             document.querySelector('dialog.paste textarea').value = {text:?};
             document.querySelector('dialog.paste textarea').dispatchEvent(new Event('input'));
             document.querySelector('.offer .primary').click();"
        );
        let browser = &browser;
        async move { browser.run(&script).await }
    };
    browser.open(&of_alert).await;
    paste(&format!("alertname = BootstrapTaintFailed\nworkerID = w3\ncarrier = {PINNED}")).await;
    assert_eq!(carriers(&browser).await, [PINNED]);
    paste("alertname = BootstrapTaintFailed\nworkerID = w3").await;
    assert_eq!(carriers(&browser).await, [DEFAULT]);
    // The incident is over.
    browser.open(&of_alert).await;
    browser.find(".incident-clear").await.click().await.unwrap();
    assert_eq!(carriers(&browser).await, [DEFAULT]);
    assert_eq!(browser.run("return location.search + sessionStorage.length").await, "0");
    // What the reader chose holds until there is another choice.
    choose(&browser, PINNED).await;
    browser.open(&of_alert).await;
    assert_eq!(carriers(&browser).await, [OTHER]);
    browser.open(&format!("{page}?workerID=w4")).await;
    assert_eq!(carriers(&browser).await, [PINNED]);
    browser.find(".incident-clear").await.click().await.unwrap();
    assert_eq!(carriers(&browser).await, [PINNED]);
}

#[tokio::test]
async fn names_that_are_not_configured_do_nothing() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = site.address(Origin::Served, BOOTSTRAP);
    for name in [
        "https://evil.example",
        "//evil.example",
        "javascript:alert(1)",
        "__proto__",
        "constructor",
        "toString",
        "prod-dal10/carrier9",
        "prod-fra02%2Fcarrier2%20",
        "PROD-FRA02/CARRIER2",
        "",
    ] {
        browser.open(&format!("{page}?carrier={name}")).await;
        assert_eq!(carriers(&browser).await, [DEFAULT], "{name}");
        assert_eq!(browser.run("return sessionStorage.length").await, 0, "{name}");
    }
    // Nor when something else has put one into the tab's storage.
    browser.run("sessionStorage.setItem('alertbook.carrier', '__proto__')").await;
    browser.open(&page).await;
    assert_eq!(carriers(&browser).await, [DEFAULT]);
    // And a choice stays what it was.
    choose(&browser, OTHER).await;
    browser.open(&format!("{page}?carrier=https://evil.example")).await;
    assert_eq!(carriers(&browser).await, [OTHER]);
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn of_carriers_that_share_labels_the_most_exact_one_is_the_alert_s_or_none() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    let script = "const { carriers, carrierOf } = alertbook;
        const [infra, apps, eu] = Object.keys(carriers);
        carriers[infra].labels = { cluster: 'c1' };
        carriers[apps].labels = { cluster: 'c1' };
        carriers[eu].labels = { cluster: 'c1', team: 'eu' };
        const names = [
            carrierOf({ cluster: 'c1', team: 'eu' }),
            carrierOf({ cluster: 'c1' }),
            carrierOf({ cluster: 'c1' }, apps),
            carrierOf({ cluster: 'c1', team: 'eu' }, infra),
            carrierOf({ Carrier: infra }, eu),
            carrierOf({ cluster: 'c2' }),
        ];
        return names.map((name) => ['infra', 'apps', 'eu'][[infra, apps, eu].indexOf(name)] ?? '');";
    assert_eq!(browser.run(script).await, json!(["eu", "", "apps", "infra", "infra", ""]));
}

#[tokio::test]
async fn the_switch_is_read_whole_beside_its_note() {
    let site = Published::new();
    let browser = Browser::start().await;
    for width in [360, 740, 768, 900, 1280] {
        let screen =
            json!({ "width": width, "height": 700, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        let page = format!("{BOOTSTRAP}?carrier=prod-dal10%2Fcarrier99");
        browser.open(&site.address(Origin::Served, &page)).await;
        browser.until("return document.querySelector('.carrier.differs') !== null").await;
        let measured = "const [select, note, header] = ['#carrier-switch', '.carrier-note', 'header.site']
                .map((it) => document.querySelector(it).getBoundingClientRect());
            const canvas = document.createElement('canvas').getContext('2d');
            canvas.font = getComputedStyle(document.querySelector('#carrier-switch')).font;
            const isRead = select.width > canvas.measureText('prod-dal10/carrier1').width + 30;
            const isInside = note.top >= header.top && note.bottom <= header.bottom && note.height > 10;
            const box = document.querySelector('.carrier-note');
            return [isRead, isInside, box.scrollHeight - box.clientHeight < 3]";
        assert_eq!(browser.run(measured).await, json!([true, true, true]), "{width}");
    }
}
