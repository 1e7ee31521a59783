//! The pages in a browser that runs no scripts.

use crate::{BOOTSTRAP, Browser, ORIGINS, Published};
use alertbook::config::Tab;
use alertbook::promui::prometheus;
use fantoccini::Locator;

#[tokio::test]
async fn links_are_right_and_what_needs_scripts_is_not_shown() {
    let site = Published::new();
    let browser = Browser::start_without_scripts().await;
    for origin in ORIGINS {
        // No choice that needs a script is made either.
        let page = format!("{BOOTSTRAP}?carrier=prod-fra02/carrier2");
        browser.open(&site.address(origin, &page)).await;
        let links = browser.client.find_all(Locator::Css("a.promql-open")).await.unwrap();
        assert_eq!(links.len(), 26 + 13 + 1, "{origin:?}");
        for link in links {
            let query = link.attr("data-expr").await.unwrap().unwrap();
            let base = "https://dashboard.example.com/prod-dal10/carrier3/prometheus";
            assert_eq!(
                link.attr("href").await.unwrap().unwrap(),
                prometheus::link(base, &query, Tab::Graph)
            );
        }
        for hidden in [".carrier", "button.copy"] {
            assert!(!browser.find(hidden).await.is_displayed().await.unwrap(), "{hidden} is shown");
        }
    }
}

#[tokio::test]
async fn an_alert_still_leads_to_its_section() {
    let site = Published::new();
    let browser = Browser::start_without_scripts().await;
    for origin in ORIGINS {
        browser.open(&site.address(origin, "alerts/BootstrapTaintFailed/index.html")).await;
        let section = format!("{BOOTSTRAP}#bootstrap-taint-failed");
        browser.until_at(&site.address(origin, &section)).await;
    }
}
