//! The filter field of the start page.

use crate::{Browser, ORIGINS, Published};

/// What is left of the listings: the texts of their links, and of the headings above them.
const SEEN: &str = "return [...document.querySelectorAll('.listing a, article h3')]
    .filter((element) => element.checkVisibility())
    .map((element) => element.textContent)";

#[tokio::test]
async fn typing_narrows_the_start_page_to_what_has_the_words() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in ORIGINS {
        browser.open(&site.address(origin, "index.html")).await;
        let all = browser.run(SEEN).await;
        let input = browser.find(".filter input").await;
        input.send_keys("taint FAILED").await.unwrap();
        browser.until("return document.querySelector('.filtered') !== null").await;
        let seen = browser.run(SEEN).await;
        assert_eq!(seen, serde_json::json!(["B", "BootstrapTaintFailed"]), "{origin:?}");
        let status = browser.find(".filter [role=status]").await.text().await.unwrap();
        assert!(status.starts_with("1 of "), "{status}");
        assert!(!browser.find(".jump").await.is_displayed().await.unwrap(), "jumps to nowhere");
        input.clear().await.unwrap();
        browser
            .run("document.querySelector('.filter input').dispatchEvent(new Event('input'))")
            .await;
        assert_eq!(browser.run(SEEN).await, all, "{origin:?}");
    }
}
