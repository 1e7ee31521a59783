//! The palette: alerts, runbooks, sections and metrics by their names; and the page for addresses
//! at which nothing stands, which looks them up as well.

use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use fantoccini::key::Key;
use serde_json::{Value, json};

const TAINT: &str = "#bootstrap-taint-failed";

/// What the palette shows: kind, title and address below the site of each result.
async fn found(browser: &Browser) -> Vec<[String; 3]> {
    let script = "return [...document.querySelectorAll('.palette-results a:not(.found-text)')].map((link) => [
        link.querySelector('.found-kind').textContent, link.querySelector('.found-title').textContent,
        link.href.slice(alertbook.root.href.length)])";
    serde_json::from_value(browser.run(script).await).unwrap()
}

/// Types into the palette, and waits until all of the site is looked through.
async fn search(browser: &Browser, typed: &str) -> Vec<[String; 3]> {
    let script = "const input = document.querySelector('.palette input');
        input.value = arguments[0];
        input.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.client.execute(script, vec![Value::from(typed)]).await.unwrap();
    browser
        .until(
            "return Boolean(document.querySelector('script[src*=palette-sections-0]')) &&
            document.querySelector('.palette-results').ariaBusy === 'false'",
        )
        .await;
    found(browser).await
}

/// Sends keys to whatever has the focus.
async fn press(browser: &Browser, keys: &str) {
    let focus = browser.client.active_element().await.unwrap();
    focus.send_keys(keys).await.unwrap_or_else(|error| panic!("{keys:?}: {error}"));
}

async fn open_palette(browser: &Browser, keys: &str) {
    press(browser, keys).await;
    browser
        .until(
            "return Boolean(document.querySelector('.palette[open]') && alertbook.names &&
            document.activeElement === document.querySelector('.palette input'))",
        )
        .await;
}

#[tokio::test]
async fn one_key_and_a_part_of_a_name_lead_to_the_section_of_an_alert() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in ORIGINS {
        for keys in ["/".to_owned(), (Key::Control + "k")] {
            browser.open(&site.address(origin, "alerts/index.html")).await;
            browser.until("return document.readyState === 'complete'").await;
            // Nothing of it travels before.
            let loaded = "return [...document.scripts].filter((it) => /palette-(names|sections)|alerts\\.js/.test(it.src)).length";
            assert_eq!(browser.run(loaded).await, json!(0), "{origin:?}");
            open_palette(&browser, &keys).await;
            press(&browser, "boot taint").await;
            browser.until("return document.querySelector('.palette-results .found-title')?.textContent === 'BootstrapTaintFailed'").await;
            let input = "return document.querySelector('.palette input').value";
            assert_eq!(browser.run(input).await, json!("boot taint"));
            press(&browser, &Key::Enter).await;
            browser.until_at(&site.address(origin, &format!("{BOOTSTRAP}{TAINT}"))).await;
        }
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn names_are_found_in_part_in_any_order_and_with_a_typo() {
    let site = Published::new();
    let browser = Browser::start().await;
    let pages = "armada/armada-etcd-health.html";
    for origin in [Origin::Served, Origin::Disk] {
        browser.open(&site.address(origin, "index.html")).await;
        open_palette(&browser, "/").await;
        for (typed, kind, title) in [
            ("BootstrapTaintFailed", "alert", "BootstrapTaintFailed"),
            ("bootstrap taint failed", "alert", "BootstrapTaintFailed"),
            ("failed taint", "alert", "BootstrapTaintFailed"),
            ("BootstrpaTaintFaild", "alert", "BootstrapTaintFailed"),
            ("btf", "alert", "BootstrapTaintFailed"),
            ("BootstrapTaintFailed on kube-w3 since 03:12", "alert", "BootstrapTaintFailed"),
            ("etdc leader", "alert", "ArmadaEtcdNoLeader"),
            ("armada-etcd-health", "runbook", "armada-etcd - The health of etcd"),
            ("what failure reason means", "section", "What the failure reason means"),
            ("storage_objects", "metric", "apiserver_storage_objects"),
            ("apiserver storage", "metric", "apiserver_storage_objects"),
        ] {
            let found = search(&browser, typed).await;
            let first = found.first().map(|[kind, title, _]| [kind.as_str(), title]);
            assert_eq!(first, Some([kind, title]), "{typed}: {found:?}");
        }
        // A metric leads to the section that asks for it.
        let metric = &search(&browser, "apiserver_storage_objects").await[0][2];
        assert_eq!(*metric, format!("{pages}#database-near-its-quota"));
        for nothing in ["xyzzy", "qqqq qqqq", "…", "[.*"] {
            assert_eq!(search(&browser, nothing).await, Vec::<[String; 3]>::new(), "{nothing}");
        }
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn a_fault_anywhere_in_a_name_still_finds_it() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    open_palette(&browser, "/").await;
    // Each letter left out, doubled, wrong, and swapped with the next; then two such faults at once.
    let script = "const titles = ['BootstrapTaintFailed', 'ArmadaEtcdNoLeader'];
        const faults = [
            (name, at) => name.slice(0, at) + name.slice(at + 1),
            (name, at) => name.slice(0, at) + name[at] + name.slice(at),
            (name, at) => name.slice(0, at) + 'q' + name.slice(at + 1),
            (name, at) => name.slice(0, at) + (name[at + 1] ?? '') + name[at] + name.slice(at + 2),
        ];
        const lost = [];
        let tried = 0;
        for (const title of titles) for (let at = 0; at < title.length; at += 1) for (const fault of faults) {
            const once = fault(title, at);
            const twice = fault(once, (at + 7) % once.length);
            for (const typed of [once, twice]) {
                tried += 1;
                if (!alertbook.finder.find(typed, 5).some((it) => it.title === title)) lost.push(typed);
            }
        }
        return [tried, ...lost]";
    assert_eq!(browser.run(script).await, json!([304]));
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn keys_walk_through_what_is_found() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    open_palette(&browser, "/").await;
    search(&browser, "bootstrap").await;
    let count = "return document.querySelectorAll('.palette-results a').length";
    let last = browser.run(count).await.as_u64().unwrap() - 1;
    assert!(last > 5, "{last}");
    // The field keeps the focus, and says which option Enter opens.
    let chosen = "const input = document.activeElement;
        const options = [...document.querySelectorAll('.palette-results [role=option]')];
        const at = options.indexOf(document.getElementById(input.getAttribute('aria-activedescendant')));
        const selected = options.map((it, at) => it.ariaSelected === 'true' ? at : -1).filter((it) => it >= 0);
        return [input.role, at, ...selected]";
    assert_eq!(browser.run(chosen).await, json!(["combobox", 0, 0]));
    for (key, expected) in [
        (Key::Down, 1),
        (Key::Down, 2),
        (Key::Up, 1),
        (Key::Up, 0),
        (Key::Up, last),
        (Key::Down, 0),
    ] {
        press(&browser, &key).await;
        let expected = json!(["combobox", expected, expected]);
        assert_eq!(browser.run(chosen).await, expected, "{key:?}");
    }
    press(&browser, "x").await;
    let typed = "return document.querySelector('.palette input').value";
    assert_eq!(browser.run(typed).await, json!("bootstrapx"));
    press(&browser, &Key::Escape).await;
    browser.until("return !document.querySelector('.palette[open]')").await;
    // In a field a slash is a slash.
    browser.run("document.querySelector('.filter input').focus()").await;
    press(&browser, "/").await;
    browser.until("return document.querySelector('.filter input').value === '/'").await;
    assert_eq!(browser.run("return document.querySelector('.palette').open").await, json!(false));
}

#[tokio::test]
async fn an_address_that_leads_nowhere_offers_what_has_a_name_like_it() {
    let site = Published::new();
    let browser = Browser::start().await;
    let bootstrap = format!("{BOOTSTRAP}?workerID=w1{TAINT}");
    for (failed, title, target) in [
        ("alerts/BootstrapTaintFailled/?workerID=w1", "BootstrapTaintFailed", &*bootstrap),
        (
            "alerts/bootstrap-taint-failed/index.html?workerID=w1",
            "BootstrapTaintFailed",
            &*bootstrap,
        ),
        (
            "old/armada-etcd-healht.html",
            "armada-etcd - The health of etcd",
            "armada/armada-etcd-health.html",
        ),
        (
            "armada-bootstrap-failures.html",
            "armada-bootstrap - Workers that fail to bootstrap",
            BOOTSTRAP,
        ),
    ] {
        browser.open(&site.address(Origin::Served, failed)).await;
        browser.until("return document.querySelector('.suggestions')?.hidden === false").await;
        let links = "return [...document.querySelectorAll('.suggestions a')].map((it) => [it.textContent, it.href])";
        let links: Vec<[String; 2]> = serde_json::from_value(browser.run(links).await).unwrap();
        assert_eq!(links[0], [title.to_owned(), site.address(Origin::Served, target)], "{failed}");
    }
    browser.open(&site.address(Origin::Served, "xyzzy/qqqq.html")).await;
    browser.until("return Boolean(alertbook.names)").await;
    assert_eq!(
        browser.run("return document.querySelector('.suggestions').hidden").await,
        json!(true)
    );
}

#[tokio::test]
async fn what_a_browser_kept_of_an_older_site_leads_nowhere_wrong() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    open_palette(&browser, "/").await;
    search(&browser, "bootstrap").await;
    // The list of pages, and the numbers of sections, are those of a site with other pages before.
    let script = "return (async () => {
        alertbook.names.pages.unshift(['Another', 'another.html', '']);
        await alertbook.load('assets/search.js');
        alertbook.search.starts = alertbook.search.starts.map((it) => Math.max(0, it - 3));
        const found = await alertbook.fullText.search('taints', 8);
        return found.map(({ path, fragment, context }) => [`${path}#${fragment}`, context]);
        })()";
    let found: Vec<[String; 2]> = serde_json::from_value(browser.run(script).await).unwrap();
    for [place, shown] in &found {
        let said = format!("{place} {shown}").to_lowercase();
        assert!(said.contains("taint"), "{place}: {shown}");
    }
    let address = "return alertbook.finder.find('Collect logs from worker', 30)
        .filter((it) => it.kind === 'section').map((it) => `${it.path}#${it.fragment}`)";
    let sections: Vec<String> = serde_json::from_value(browser.run(address).await).unwrap();
    assert_eq!(
        sections.first().map(String::as_str),
        Some(&*format!("{BOOTSTRAP}#collect-logs-from-worker"))
    );
}

#[tokio::test]
async fn a_pasted_error_message_leads_to_the_section_that_has_it() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in [Origin::Served, Origin::Disk] {
        browser.open(&site.address(origin, "index.html")).await;
        open_palette(&browser, "/").await;
        for (typed, section) in [
            (
                "2026-11-25T03:12:07Z bootstrap-6c8f7 ERROR: \"taints are not valid JSON: unexpected end of input\"",
                format!("{BOOTSTRAP}#bootstrap-taint-failed"),
            ),
            // A part of a metric, and a word that is not finished.
            (
                "objects storage apiser",
                "armada/armada-etcd-health.html#database-near-its-quota".into(),
            ),
        ] {
            search(&browser, typed).await;
            let found = "return [...document.querySelectorAll('.palette-results a')].map((it) =>
                it.href.slice(alertbook.root.href.length))";
            let found: Vec<String> = serde_json::from_value(browser.run(found).await).unwrap();
            assert_eq!(found[0], section, "{origin:?} {typed}: {found:?}");
        }
        let shown = "const shown = document.querySelector('.found-text .found-context');
            return shown === null || shown.querySelector('mark') !== null";
        assert_eq!(browser.run(shown).await, json!(true));
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn every_word_of_every_section_is_found_where_it_stands() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Disk, "index.html")).await;
    let read = "window.missing = null;
        (async () => {
          const { load, fullText } = alertbook;
          const [missing, sections] = [[], new Map()];
          let words = 0;
          await load('assets/search.js');
          for (const [file, start] of alertbook.search.starts.entries()) {
            await load(`assets/search-texts-${file}.js`);
            for (const [at, [, , title, text]] of alertbook.texts[file].entries()) {
              for (const { word } of [...fullText.wordsOf(title), ...fullText.wordsOf(text)]) {
                if (!sections.has(word)) sections.set(word, await fullText.sectionsWith(word));
                if (!sections.get(word).has(start + at)) missing.push(`${word} in ${title}`);
                words += 1;
              }
            }
          }
          window.missing = words > 10000 ? missing : [`only ${words} words`];
        })();";
    browser.run(read).await;
    browser.until("return window.missing !== null").await;
    // What is in more than every fourth section of a large site says nothing.
    assert_eq!(browser.run("return window.missing").await, json!([]));
}
