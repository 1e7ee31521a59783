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
    // The list of pages, and the numbers of some sections, are those of a site with other pages before.
    let script = "return (async () => {
        alertbook.names.pages.unshift(['Another', 'another.html', '']);
        await alertbook.load('assets/search.js');
        const { search } = alertbook;
        search.starts = search.starts.map((it, file) => file < 3 ? it : it - 3);
        const found = await alertbook.fullText.search('worker', 40);
        let strays = 0;
        for (const section of await alertbook.fullText.sectionsWith('worker')) {
            const file = search.starts.findLastIndex((it) => it <= section);
            await alertbook.load(`assets/search-texts-${file}.js?${search.key}`);
            if (!/worker/i.test(alertbook.texts[file][section - search.starts[file]])) strays += 1;
        }
        return [strays, ...found.map(({ path, fragment }) => `${path}#${fragment}`)];
        })()";
    let found = browser.run(script).await;
    let [strays, places @ ..] = found.as_array().unwrap().as_slice() else { unreachable!() };
    assert!(strays.as_u64() > Some(3) && places.len() > 3, "{found}");
    for place in places {
        let script = "return (async () => {
            await Promise.all(alertbook.search.starts.map((_, file) =>
                alertbook.load(`assets/search-texts-${file}.js?${alertbook.search.key}`)));
            return Object.values(alertbook.texts).flat()
                .filter(([path, fragment]) => `${path}#${fragment}` === arguments[0])
                .some(([, , title, text]) => /worker/i.test(title + text));
            })()";
        let says = browser.client.execute(script, vec![place.clone()]).await.unwrap();
        assert_eq!(says, json!(true), "{place}");
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
async fn a_message_that_no_section_holds_is_told_from_one_that_is_there() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    open_palette(&browser, "/").await;
    let shown = "const titles = (within) => [...document.querySelectorAll(`.palette-results${within} > a .found-title`)]
            .map((it) => it.textContent);
        return [document.querySelector('.palette-status').textContent,
            document.querySelector('.palette [aria-selected=true] .found-title')?.textContent ?? '',
            titles('').join(), titles(' .found-parts')[0] ?? '']";
    let none = "No section holds this message.";
    let registry = "The way to the registry · armada-bootstrap - Verify a worker";
    let taint = "Bootstrap Taint Failed · armada-bootstrap - Workers that fail to bootstrap";
    for (typed, status, chosen, first_part) in [
        // Words that are everywhere, and those of other sentences.
        ("no space left on device", none, "", None),
        ("x509: certificate signed by unknown authority", none, "", None),
        ("panic: runtime error: invalid memory address or nil pointer dereference", none, "", None),
        // The same words in another order, and the parts of a name apart.
        ("the input has an unexpected end and no valid taints", none, "", None),
        ("JsonTaintsUnexpected", "Nothing found.", "", None),
        // The section that says some of it comes before a metric that is called like it.
        ("etcdserver: request timed out", none, "", Some(registry)),
        // What is around a message in a log is other each time.
        ("curl: (28) Connection timed out after 4711 milliseconds", "", registry, None),
        (
            "E1125 07:00:01.000001 7 sync.go:9] pod/armada-x-y: taints are not valid JSON: unexpected end of input (retry in 5s)",
            "",
            taint,
            None,
        ),
        ("curl: (7) Connection timed out after 19116 milliseconds, port 443", "", registry, None),
        // The section is meant, and not the metric there that is called like a word of it.
        (
            "etcdserver members see leader",
            "",
            "Etcd without a leader · armada-etcd - The health of etcd",
            None,
        ),
        // A name within a message is meant.
        ("BootstrapTaintFailed on kube-w3 since yesterday", "", "BootstrapTaintFailed", None),
    ] {
        search(&browser, typed).await;
        let found: [String; 4] = serde_json::from_value(browser.run(shown).await).unwrap();
        assert_eq!(found[1], chosen, "{typed}: {found:?}");
        if chosen.is_empty() {
            assert_eq!([&*found[0], &*found[2]], [status, ""], "{typed}: {found:?}");
        } else {
            assert!(found[0].ends_with(" found") && !found[2].is_empty(), "{typed}: {found:?}");
        }
        if let Some(first) = first_part {
            assert_eq!(found[3], first, "{typed}: {found:?}");
        }
    }
    // The keyboard still gets to what has a part of it.
    search(&browser, "etcdserver: request timed out").await;
    press(&browser, &Key::Down).await;
    let found: [String; 4] = serde_json::from_value(browser.run(shown).await).unwrap();
    assert_eq!(found[1], registry);
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
