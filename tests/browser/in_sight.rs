//! What somebody half asleep must not have to look for: it is on the screen, and whole.

use crate::{BOOTSTRAP, Browser, Origin, Published};
use serde_json::json;

/// Sets the width of the window.
fn resize(browser: &Browser, width: u32) {
    let screen = json!({ "width": width, "height": 850, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
}

/// The commands of sessions that run out of their block, or whose button does.
const OUT_OF_SIGHT: &str =
    "return [...document.querySelectorAll('pre .command')].flatMap((command) => {
    const edge = command.closest('pre').getBoundingClientRect().right;
    const button = command.nextElementSibling.querySelector('.copy');
    const right = Math.max(...[command, button].map((it) => it.getBoundingClientRect().right));
    return right > edge ? [command.textContent] : [];
})";

#[tokio::test]
async fn a_command_of_a_session_is_whole_and_so_is_its_button() {
    let site = Published::new();
    let browser = Browser::start().await;
    for width in [360, 800, 1280] {
        resize(&browser, width);
        for page in [BOOTSTRAP, "armada/armada-carrier-capacity.html"] {
            browser.open(&site.address(Origin::Served, page)).await;
            browser
                .until("return document.querySelector('pre .command + * .copy:not([hidden])') !== null")
                .await;
            assert_eq!(browser.run(OUT_OF_SIGHT).await, json!([]), "{page} at {width}");
        }
    }
}

#[tokio::test]
async fn what_the_alert_filled_comes_first_and_is_whole() {
    let site = Published::new();
    let browser = Browser::start().await;
    resize(&browser, 1280);
    // The fields that are filled are neither the first nor the last of the page.
    let page = format!(
        "{BOOTSTRAP}?clusterID=5be07c310a3f4c5ab1b0f0a9d6c48f25&masterPOD=master-kube-dal10-cr5be07c31"
    );
    browser.open(&site.address(Origin::Served, &page)).await;
    browser.until("return document.querySelector('.incident.filled') !== null").await;
    let seen = "return [...document.querySelectorAll('.field input')]
        .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
        .map((it) => [it.value, it.scrollWidth > it.clientWidth])";
    let seen = browser.run(seen).await;
    let [first, second, rest @ ..] = &seen.as_array().unwrap()[..] else { panic!("{seen}") };
    assert_eq!(*first, json!(["5be07c310a3f4c5ab1b0f0a9d6c48f25", false]));
    assert_eq!(*second, json!(["master-kube-dal10-cr5be07c31", false]));
    assert!(!rest.is_empty() && rest.iter().all(|it| it[0] == ""), "{seen}");
    // Whoever types in one that is behind stays there.
    let input = browser.find("[data-name=status]").await;
    let left = "return document.querySelector('[data-name=status]').getBoundingClientRect().left";
    input.click().await.unwrap();
    let before = browser.run(left).await.as_f64().unwrap();
    input.send_keys("x").await.unwrap();
    browser.until("return document.querySelector('[data-name=status]').value === 'x'").await;
    let now = browser.run(left).await.as_f64().unwrap();
    assert!((now - before).abs() < 60.0, "from {before} to {now}");
}

#[tokio::test]
async fn looking_for_something_is_in_reach_where_one_arrives_on_a_phone() {
    let site = Published::new();
    let browser = Browser::start().await;
    resize(&browser, 360);
    browser
        .open(&site.address(Origin::Served, &format!("{BOOTSTRAP}#bootstrap-taint-failed")))
        .await;
    browser.until("return scrollY > 1000 && document.documentElement.matches('.arrived')").await;
    let unseen = "return ['.palette-open', '.paste-open', '#carrier-switch'].filter((it) => {
        const { left, right, top, bottom } = document.querySelector(it).getBoundingClientRect();
        return top < 0 || bottom > 60 || left < 0 || right > innerWidth;
    })";
    assert_eq!(browser.run(unseen).await, json!([]));
}

#[tokio::test]
async fn a_long_menu_opens_where_the_page_is() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "manual/checks/unused-allow.html")).await;
    for (width, open) in [(1280, ""), (360, "document.querySelector('.menu').open = true;")] {
        resize(&browser, width);
        let is_seen = "const { top, bottom } = document.querySelector('.menu [aria-current=page]').getBoundingClientRect();
            return top > 0 && bottom < innerHeight;";
        browser.until(&format!("{open}{is_seen}")).await;
    }
}

#[tokio::test]
async fn signs_are_seen_in_the_readers_own_colours() {
    let site = Published::new();
    let browser = Browser::start().await;
    let media = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.devtools("Emulation.setEmulatedMedia", &media);
    browser.open(&site.address(Origin::Served, BOOTSTRAP)).await;
    let unseen = "
        const paper = getComputedStyle(document.body).backgroundColor;
        return [...document.querySelectorAll('span.query-tools > *, .palette-open')]
            .filter((it) => !it.matches('.pinned, .destroys'))
            .filter((it) => [paper, 'rgba(0, 0, 0, 0)'].includes(getComputedStyle(it, '::before').backgroundColor))
            .map((it) => it.outerHTML);";
    assert_eq!(browser.run(unseen).await, json!([]));
}
