//! The way from an alert to the section: short addresses, and what comes along with them.

use crate::server::{PREFIX, RELEASE};
use crate::site::Site;
use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use serde_json::json;

/// Whether the target of the address is where a reader sees it: below the bars.
const ON_SCREEN: &str = "
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const top = target?.getBoundingClientRect().top;
    const bar = document.querySelector('.incident')?.getBoundingClientRect().bottom ?? 0;
    return document.readyState === 'complete' && top >= bar && top < innerHeight;";

/// The way in which an alert's address is written: a server adds the name of the file, a disk does
/// not.
fn alert(origin: Origin, name: &str) -> String {
    match origin {
        Origin::Disk => format!("alerts/{name}/index.html"),
        Origin::Served | Origin::PlainHost => format!("alerts/{name}/"),
    }
}

#[tokio::test]
async fn an_alert_leads_to_its_section_and_its_labels_come_along() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in ORIGINS {
        let address = |page: &str| site.address(origin, page);
        let taint = alert(origin, "BootstrapTaintFailed");
        for (query, fragment, arrives) in [
            ("", "", "#bootstrap-taint-failed"),
            ("?workerID=x", "", "?workerID=x#bootstrap-taint-failed"),
            (
                "?workerID=a%20b%26c+d&clusterID=%22%3Cx%3E",
                "",
                "?workerID=a%20b%26c+d&clusterID=%22%3Cx%3E#bootstrap-taint-failed",
            ),
            ("?workerID=x", "#escalation-policy", "?workerID=x#escalation-policy"),
        ] {
            browser.open(&address(&format!("{taint}{query}{fragment}"))).await;
            browser.until_at(&address(&format!("{BOOTSTRAP}{arrives}"))).await;
            browser.until(ON_SCREEN).await;
        }
    }
}

#[tokio::test]
async fn the_section_is_below_the_bar_however_many_rows_that_has() {
    let site = Published::new();
    let browser = Browser::start().await;
    for width in [360, 700, 800, 1280] {
        browser.client.set_window_size(width, 800).await.unwrap();
        for section in ["bootstrap-cleanup-job-failed", "bootstrap-taint-failed"] {
            browser.open("about:blank").await;
            let page = format!("{BOOTSTRAP}?workerID=w1#{section}");
            browser.open(&site.address(Origin::Served, &page)).await;
            browser.until(ON_SCREEN).await;
        }
    }
}

#[tokio::test]
async fn the_section_is_below_the_bar_of_a_site_without_carriers() {
    let text = "Look: `kubectl describe node <node>`\n\n".repeat(40);
    let page = format!("---\ntitle: Disks\n---\n\n{text}## Full\n\n{text}");
    let site = Site::new(&[("alertbook.yaml", "title: Disks\n"), ("content/disks.md", &page)]);
    let out = tempfile::tempdir().unwrap();
    site.publish(out.path());
    let browser = Browser::start().await;
    for width in [360, 719, 1280] {
        browser.client.set_window_size(width, 800).await.unwrap();
        browser.open("about:blank").await;
        browser.open(&format!("file://{}/disks.html?node=w_1#full", out.path().display())).await;
        browser.find(".incident").await;
        browser.until(ON_SCREEN).await;
    }
}

/// Asks for the scripts once the text is seen without them, and takes note of where the section was
/// then, and of all that moves.
const WITHOUT_SCRIPTS: &str = "
    window.moved = 0;
    window.sources = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            window.moved += entry.value;
            window.sources.push(...entry.sources.map((it) => it.node?.className ?? it.node?.nodeName));
        }
    }).observe({ type: 'layout-shift', buffered: true });
    let frames = 0;
    const look = () => {
        const main = document.querySelector('main');
        const target = document.querySelector(':target');
        frames += main && getComputedStyle(main).visibility === 'visible' ? 1 : 0;
        if (frames < 3) return void requestAnimationFrame(look);
        window.before = target?.getBoundingClientRect().top;
        new Image().src = '/docs/RELEASE';
    };
    if (location.hash) requestAnimationFrame(look);";

#[tokio::test]
async fn scripts_that_are_late_move_nothing() {
    let site = Published::new();
    let browser = Browser::start().await;
    let watch = WITHOUT_SCRIPTS.replace("RELEASE", RELEASE);
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": watch }));
    for width in [360, 800, 1280] {
        let screen =
            json!({ "width": width, "height": 850, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        for page in [
            format!("{BOOTSTRAP}?workerID=w1#bootstrap-taint-failed"),
            "armada/armada-etcd-health.html?clusterID=c1&carrier=prod-wdc06/carrier1#etcd-without-a-leader"
                .to_owned(),
        ] {
            browser.open("about:blank").await;
            site.server.hold_scripts();
            browser.open(&site.address(Origin::Served, &page)).await;
            browser.until("return document.documentElement.matches('.arrived')").await;
            let seen = "const [before, now] = [window.before, document.querySelector(':target').getBoundingClientRect().top];
                return Math.abs(before - now) < 2 && now > 0 && now < innerHeight ? [] : [before, now]";
            assert_eq!(browser.run(seen).await, json!([]), "{page} at {width}");
            // What moves is told when the frame is over.
            let frames = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { window.isOver = true; })))";
            browser.run(frames).await;
            browser.until("return window.isOver === true").await;
            let moved = browser.run("return [window.moved, ...window.sources]").await;
            assert!(moved[0].as_f64().unwrap() < 0.005, "{page} at {width}: {moved}");
        }
    }
}

#[tokio::test]
async fn a_short_address_does_not_stand_in_the_way_back() {
    let site = Published::new();
    let browser = Browser::start().await;
    let start = site.address(Origin::Served, "alerts/index.html");
    browser.open(&start).await;
    browser.open(&site.address(Origin::Served, "alerts/BootstrapTaintFailed/")).await;
    let section = format!("{BOOTSTRAP}#bootstrap-taint-failed");
    browser.until_at(&site.address(Origin::Served, &section)).await;
    browser.client.back().await.unwrap();
    browser.until_at(&start).await;
}

#[tokio::test]
async fn the_carrier_of_an_alert_is_chosen_on_arrival() {
    let site = Published::new();
    let browser = Browser::start().await;
    let alert = "alerts/ArmadaEtcdNoLeader/?carrier=prod-wdc06/carrier1&clusterID=c1";
    browser.open(&site.address(Origin::Served, alert)).await;
    let page = "armada/armada-etcd-health.html?carrier=prod-wdc06/carrier1&clusterID=c1";
    let section = format!("{page}#etcd-without-a-leader");
    browser.until_at(&site.address(Origin::Served, &section)).await;
    browser
        .until("return document.getElementById('carrier-switch')?.value === 'prod-wdc06/carrier1'")
        .await;
    let href = browser.find("a.promql-open:not([data-pinned])").await.attr("href").await.unwrap();
    assert!(href.unwrap().starts_with("https://dashboard.example.com/prod-wdc06/carrier1/"));
}

#[tokio::test]
async fn a_wrong_address_shows_a_page_from_which_one_goes_on() {
    let site = Published::new();
    let browser = Browser::start().await;
    let start = site.address(Origin::Served, "index.html");
    for wrong in ["gone.html", "armada/gone.html", "alerts/Gone/deeper/still/"] {
        let address = site.address(Origin::Served, wrong);
        browser.open(&address).await;
        assert_eq!(browser.address().await, address);
        let link = browser.find("article a[href$='index.html']:not([href*=alerts])").await;
        assert_eq!(
            link.attr("href").await.unwrap().as_deref(),
            Some(&*format!("{PREFIX}index.html"))
        );
        // Styled, so its files were found as well.
        browser.until("return document.styleSheets[0].cssRules.length > 20").await;
        link.click().await.unwrap();
        browser.until_at(&start).await;
    }
}
