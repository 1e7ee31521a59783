//! The copy buttons, read back by pasting.

use crate::{BOOTSTRAP, Browser, ORIGINS, Published};
use fantoccini::key::Key;

/// What is pasted where somebody presses Control and V.
async fn pasted(browser: &Browser) -> String {
    browser
        .run(
            "document.getElementById('test.paste')?.remove();
             const area = document.createElement('textarea');
             area.id = 'test.paste';
             document.body.prepend(area);
             scrollTo(0, 0);",
        )
        .await;
    let area = browser.find("[id='test.paste']").await;
    let control = char::from(Key::Control);
    area.send_keys(&format!("{control}v")).await.unwrap();
    area.prop("value").await.unwrap().unwrap()
}

#[tokio::test]
async fn every_kind_of_query_is_copied_as_it_was_written() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        browser.open(&site.address(origin, BOOTSTRAP)).await;
        let is_secure = browser.run("return Boolean(navigator.clipboard)").await;
        assert_eq!(is_secure, !matches!(origin, crate::Origin::PlainHost), "{origin:?}");
        for (shown, written) in [
            // In prose, with what typography and emphasis would spoil.
            (
                "p > span.promql",
                "bootstrap_request_handler_state_count{workerID=\"*workerID*\"} > 0",
            ),
            // In a fence, two spaces and all.
            (
                "article > pre.promql",
                "changes(armada_bootstrap:bootstrap_worker_policy_job_state_fail_count [300m]) > 3  and changes(armada_bootstrap:bootstrap_worker_policy_job_state_complete_count[300m]) <= 0",
            ),
            // In a line.
            (
                "p > code.promql",
                "bootstrap_worker_policy_job_state_count{workerID=\"*workerID*\"} > 0",
            ),
            // On the card of a rule.
            ("aside pre.promql", "changes(armada_bootstrap:bootstrap_request_fail_count[5h]) > 3"),
        ] {
            let button = browser.find(&format!("{shown} + .query-tools button.copy")).await;
            assert_eq!(button.text().await.unwrap(), "Copy", "{origin:?} {shown}");
            button.click().await.unwrap();
            let done = format!(
                "return document.querySelector('{shown} + .query-tools button.copy').textContent === 'Copied'"
            );
            browser.until(&done).await;
            assert_eq!(pasted(&browser).await, written, "{origin:?}");
        }
    }
}
