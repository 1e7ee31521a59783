//! The copy buttons, read back by pasting.

use crate::story::{CARRIERS, Site};
use crate::{BOOTSTRAP, Browser, ORIGINS, Published};
use fantoccini::key::Key;
use std::fs;

/// What is pasted where somebody presses Control and V.
pub async fn pasted(browser: &Browser) -> String {
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
            if written.contains("*workerID*") {
                // It asks for the value, and the reader has reasons of his own.
                browser.find("dialog[open] .ask-as-is").await.click().await.unwrap();
            }
            let done = format!(
                "return document.querySelector('{shown} + .query-tools button.copy').textContent === 'Copied'"
            );
            browser.until(&done).await;
            assert_eq!(pasted(&browser).await, written, "{origin:?}");
        }
    }
}

/// Presses the button behind an element, and waits until it says that it has copied.
async fn copy(browser: &Browser, shown: &str) {
    let button = format!("{shown} + .query-tools .copy");
    browser
        .run(&format!("document.querySelector('{button}').scrollIntoView({{block: 'center'}})"))
        .await;
    browser.find(&button).await.click().await.unwrap();
}

async fn until_copied(browser: &Browser, shown: &str) {
    let button = format!("{shown} + .query-tools .copy");
    browser
        .until(&format!("return document.querySelector('{button}').textContent === 'Copied'"))
        .await;
}

#[tokio::test]
async fn a_session_has_a_button_for_each_command_without_prompt_and_output() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        browser.open(&site.address(origin, "armada/armada-etcd-health.html")).await;
        let shown = "ol:last-of-type pre .command";
        copy(&browser, shown).await;
        until_copied(&browser, shown).await;
        assert_eq!(
            pasted(&browser).await,
            "kubectl -n kubx-etcd create job --from=cronjob/backup-5be07c31d2f94a60a8d6e4719b3c8f25 backup-by-hand",
            "{origin:?}"
        );
        let second = format!("{shown} ~ .command");
        copy(&browser, &second).await;
        until_copied(&browser, &second).await;
        assert_eq!(
            pasted(&browser).await,
            "kubectl -n kubx-etcd wait --for=condition=complete job/backup-by-hand --timeout=15m"
        );
    }
}

#[tokio::test]
async fn a_command_with_a_hole_asks_for_it_first() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        browser.open(&site.address(origin, "armada/armada-etcd-health.html?etcd+pod=etcd-0")).await;
        let shown = "article ol li code";
        copy(&browser, shown).await;
        // Nothing was copied, and there is nothing to press yet.
        let done = browser.find("dialog[open] .ask-done").await;
        assert!(!done.is_enabled().await.unwrap(), "{origin:?}");
        let input = browser.find("dialog[open] input").await;
        input.send_keys("c9 $(id)").await.unwrap();
        let preview = browser.find("dialog[open] .ask-preview").await.text().await.unwrap();
        let command = "kubectl -n kubx-etcd get pods -l clusterID='c9 $(id)' -o wide";
        assert_eq!(preview, command);
        done.click().await.unwrap();
        until_copied(&browser, shown).await;
        assert_eq!(pasted(&browser).await, command, "{origin:?}");
        // What was filled in there is filled in for good.
        let field = "return document.querySelector('[data-key=clusterid]').value";
        assert_eq!(browser.run(field).await, "c9 $(id)");
        copy(&browser, shown).await;
        until_copied(&browser, shown).await;
    }
}

/// Commands as people paste them out of terminals.
const SESSIONS: &str = "---\ntitle: Sessions\n---\n
First `$ kubectl get pods`, then `root@h:~# ls -l`. It costs `$ 5`.

~~~~s
$ kubectl get nodes
~~~~

```
➜  ~ kubectl get jobs
➜  infra git:(main) ✗ terraform plan
```

```bash
kubectl get pods -A
NAME    READY   STATUS
a       1/1     Running
```

```
user@host ~/x (main) $ git status
```

```
# df -h
Filesystem      Size  Used Avail Use% Mounted on
/dev/sda1        20G   10G   10G  50% /
# systemctl status kubelet
● kubelet.service - The kubelet
```

```
curl -s localhost:2379/health
{\"health\":\"true\"}
```

Log in with `mysql -u<user> -p<password>`.
";

#[tokio::test]
async fn what_is_copied_has_no_prompt_and_no_output() {
    let site = Site::new(&|rules| {
        fs::write(rules.join("../sessions.md"), SESSIONS).unwrap();
        CARRIERS.map(|_| "http://127.0.0.1:1".to_owned()).to_vec()
    });
    let browser = Browser::start().await;
    browser.open(&format!("{}sessions.html?user=me", site.address)).await;
    let script = "const copied = [];
        const writeText = async (text) => { copied.push(text); };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
        for (const button of document.querySelectorAll('article button.copy')) {
            button.click();
            document.querySelector('dialog.ask[open] .ask-as-is')?.click();
        }
        return copied";
    assert_eq!(
        browser.run(script).await,
        serde_json::json!([
            "kubectl get pods",
            "ls -l",
            "kubectl get nodes",
            "kubectl get jobs",
            "terraform plan",
            "kubectl get pods -A",
            "git status",
            "df -h",
            "systemctl status kubelet",
            "curl -s localhost:2379/health",
            "mysql -ume -p<password>",
        ])
    );
    // What is secret is in the command, and in no address: that goes to servers and to colleagues.
    let field = browser.find("[data-key=password]").await;
    field.send_keys("hunter2").await.unwrap();
    let shown = "return document.querySelector('article p:last-of-type code').textContent";
    assert_eq!(browser.run(shown).await, "mysql -ume -phunter2");
    assert_eq!(browser.run("return location.search").await, "?user=me");
    browser.client.refresh().await.unwrap();
    assert_eq!(browser.run(shown).await, "mysql -ume -phunter2");
    // Who opens the link has another tab: it says which carrier was chosen.
    browser.run(&format!("alertbook.chooseCarrier('{}')", CARRIERS[1])).await;
    let script = "const copied = [];
        const writeText = async (text) => { copied.push(text); };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
        document.querySelector('.incident-share').click();
        return new URL(copied[0]).search";
    assert_eq!(browser.run(script).await, "?user=me&carrier=prod-fra02%2Fcarrier2");
    // Who looks over a shoulder, or gets the paper, sees dots.
    let looks = "return ['input[data-key=password]', '.placeholder[data-placeholder=password]']
        .map((it) => getComputedStyle(document.querySelector(it)).webkitTextSecurity).join()";
    assert_eq!(browser.run(looks).await, "disc,disc");
    let printed = crate::paper::printed(&browser).await;
    assert!(printed.contains("•••••••") && !printed.contains("hunter2"), "{printed}");
    let script = "const copied = [];
        const writeText = async (text) => { copied.push(text); };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
        document.querySelector('article p:last-of-type button.copy').click();
        return copied[0]";
    assert_eq!(browser.run(script).await, "mysql -ume -phunter2");
    // The dialog that asks for it shows no more.
    browser.run("alertbook.incident.set('user', '')").await;
    browser.run("document.querySelector('article p:last-of-type button.copy').click()").await;
    let preview = browser.find("dialog[open] .ask-preview").await.text().await.unwrap();
    assert_eq!(preview, "mysql -u<user> -p•••••••");
    // Also where it is written in quotes.
    browser.run("document.querySelector('dialog[open]').close()").await;
    browser.run("alertbook.incident.set('password', \"it's me\")").await;
    browser.run("document.querySelector('article p:last-of-type button.copy').click()").await;
    let preview = browser.find("dialog[open] .ask-preview").await.text().await.unwrap();
    let dots = preview.strip_prefix("mysql -u<user> -p").unwrap();
    assert!(dots.len() > 20 && dots.chars().all(|sign| sign == '•'), "{preview}");
}
