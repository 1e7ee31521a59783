//! The site without a network: what a browser has kept of it, and how that ends.

use crate::driver::Browser;
use crate::server::{PREFIX, Server};
use crate::site::Site;
use serde_json::json;
use std::fs;
use std::path::Path;

fn build(site: &Site, offline: bool, out: &Path) {
    let text = format!("title: Books\nrules: [rules.yaml]\noffline: {offline}\n");
    site.write("alertbook.yaml", &text);
    site.publish(out);
}

/// A site of two runbooks with an alert each.
fn site() -> Site {
    let site = Site::new(&[]);
    let mut rules = "groups:\n- name: g\n  rules:\n".to_owned();
    for (name, alert) in [("disks", "DiskFull"), ("nodes", "NodeDown")] {
        let page = format!(
            "---\ntitle: About {name}\n---\n\n| Alert_Situation | Info | Start |\n|--\n\
             | `{alert}` | It is. | [{alert}](#what-to-do) |\n\n## What to do\n\n`kubectl get <pod>`\n"
        );
        site.write(&format!("content/{name}.md"), &page);
        rules += &format!("  - {{alert: {alert}, expr: up == 0}}\n");
    }
    site.write("rules.yaml", &rules);
    site
}

const IS_KEPT: &str = "return document.querySelector('.kept time') !== null";

#[tokio::test]
async fn a_site_can_be_read_when_its_server_is_gone_and_says_from_when_it_is() {
    let (site, out) = (site(), tempfile::tempdir().unwrap());
    build(&site, true, out.path());
    let server = Server::start(out.path());
    let address = |page: &str| format!("http://127.0.0.1:{}{PREFIX}{page}", server.port());
    let browser = Browser::start().await;
    browser.open(&address("disks.html?pod=secret")).await;
    // Pages that nobody has looked at are kept too, and what stood in an address is not.
    let all_kept = "caches.keys().then(async (names) => {
            const name = names.find((it) => it.startsWith('alertbook '));
            // To open one that is not there would make it.
            if (!name) return;
            const cache = await caches.open(name);
            const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname + new URL(url).search);
            window.kept = kept.map((it) => it.slice(6)).sort().join(' ');
        });
        const needed = ['alerts/NodeDown/index.html', 'disks.html', 'nodes.html', 'assets/palette-names.js', 'overview/index.html'];
        return needed.every((it) => window.kept?.split(' ').includes(it)) && navigator.serviceWorker.controller !== null";
    browser.until(all_kept).await;
    assert!(!browser.run("return window.kept").await.as_str().unwrap().contains("secret"));
    browser.open(&address("disks.html")).await;
    assert_eq!(browser.run(IS_KEPT).await, false, "the server is there");

    let port = server.port();
    drop(server);
    let address = |page: &str| format!("http://127.0.0.1:{port}{PREFIX}{page}");
    // What a runbook_url leads to: by a redirect, with the labels of the alert.
    browser.open(&address("alerts/NodeDown/?pod=p-1")).await;
    browser.until_at(&address("nodes.html?pod=p-1#what-to-do")).await;
    browser.until(IS_KEPT).await;
    let filled = "return document.querySelector('.placeholder.filled')?.textContent === 'p-1'";
    browser.until(filled).await;
    let since = "return Math.abs(Date.now() - Date.parse(document.querySelector('.kept time').dateTime)) < 600000";
    assert_eq!(browser.run(since).await, true);
    // Whoever comes to a section sees it as well, whatever the width.
    let is_seen = "const { top, bottom } = document.querySelector('.kept').getBoundingClientRect();
        return location.hash !== '' && top > 0 && bottom <= innerHeight;";
    for width in [360, 1280] {
        let screen =
            json!({ "width": width, "height": 700, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        browser.until(is_seen).await;
    }
    // Names are found as well.
    browser.run("document.querySelector('.palette-open').click()").await;
    browser.until("return alertbook.names?.pages.length === 2").await;

    // The option is turned off, and the server comes back.
    build(&site, false, out.path());
    assert!(!out.path().join("alertbook-worker.js").exists());
    let _server = Server::start_at(out.path(), port);
    browser.open(&address("disks.html")).await;
    assert_eq!(browser.run(IS_KEPT).await, false);
    let gone = "Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()])
            .then((all) => { window.left = all.flat().length; });
        return window.left === 0";
    browser.until(gone).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let (site, out) = (site(), tempfile::tempdir().unwrap());
    build(&site, true, out.path());
    let server = Server::start(out.path());
    let address = |page: &str| format!("http://127.0.0.1:{}{PREFIX}{page}", server.port());
    let browser = Browser::start().await;
    browser.open(&address("disks.html")).await;
    let is_kept = "caches.match(new URL('nodes.html', alertbook.root)).then((it) => { window.kept = Boolean(it); });
        return window.kept === true && navigator.serviceWorker.controller !== null";
    browser.until(is_kept).await;
    server.hang();
    browser.open(&address("nodes.html")).await;
    browser.until(IS_KEPT).await;
}

#[tokio::test]
async fn a_page_that_is_none_of_the_site_replaces_nothing() {
    let (site, out) = (site(), tempfile::tempdir().unwrap());
    build(&site, true, out.path());
    let server = Server::start(out.path());
    let (port, browser) = (server.port(), Browser::start().await);
    let address = |page: &str| format!("http://127.0.0.1:{port}{PREFIX}{page}");
    browser.open(&address("disks.html")).await;
    let is_kept = "caches.match(new URL('nodes.html', alertbook.root)).then((it) => { window.kept = Boolean(it); });
        return window.kept === true && navigator.serviceWorker.controller !== null";
    browser.until(is_kept).await;
    // The session is over, and what stands before the site asks for a password.
    fs::write(out.path().join("nodes.html"), "<!doctype html><title>Sign in</title>").unwrap();
    browser.open(&address("nodes.html")).await;
    browser.until("return document.title === 'Sign in'").await;
    drop(server);
    browser.open(&address("nodes.html")).await;
    browser.until(IS_KEPT).await;
    assert_eq!(browser.run("return document.title").await, "About nodes · Books");
}
