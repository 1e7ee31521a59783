//! Links into every query UI: the pages' script writes what the build writes, and adds the time of
//! the alert.

use crate::Browser;
use crate::server::{PREFIX, Server};
use crate::site::Site;
use alertbook::config::Carrier;
use alertbook::promui;
use tempfile::TempDir;

/// A carrier for each UI, and some of the same.
const CARRIERS: &str = "title: T
carriers:
  - {name: p2, url: 'https://h/p2/prometheus'}
  - {name: p3, url: 'https://h/p3', ui: prometheus3}
  - {name: th, url: 'https://h/th', ui: thanos, tab: table}
  - {name: gr, url: 'https://h/gr', ui: grafana, datasource: P1\"}
  - {name: g0, url: 'https://h/g0', ui: grafana}
  - {name: vm, url: 'https://h/vm', ui: victoriametrics}
  - {name: p2b, url: 'https://h/p2b/prometheus', tab: table}
  - {name: gr2, url: 'https://h/gr', ui: grafana, datasource: P2, api: 'https://h/api'}
";

const PAGE: &str = "---
title: Queries
carrier: p2
---
```promql
sum by (a) (rate(x_total{job=~\"é+ (b)|'c'!*~\"}[5m])) > 1
```

```promql carrier=p3
up{pinned=\"yes\"}
```

[By hand](https://h/p2/prometheus/graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=1),
[its targets](https://h/p2/prometheus/targets), [another host](https://h/p2x/graph?g0.expr=up),
[another carrier's](https://h/p2b/prometheus/graph?g0.expr=down),
https://h/p2/prometheus/graph?g0.expr=up, https://h/p2x/other

Without a condition: `up{job=\"none\"}`

`up{job=\"in a term\"}`
: `up{job=\"in its meaning\"}`
";

/// A site with that page, published and served.
struct Queries {
    carriers: Vec<Carrier>,
    server: Server,
    _folder: TempDir,
}

impl Queries {
    fn new() -> Self {
        let site = Site::new(&[("alertbook.yaml", CARRIERS), ("content/q.md", PAGE)]);
        let folder = tempfile::tempdir().unwrap();
        let checked = site.publish(folder.path());
        let carriers = checked.site.config.all_carriers().to_vec();
        Self { carriers, server: Server::start(folder.path()), _folder: folder }
    }

    fn address(&self, query: &str) -> String {
        format!("http://127.0.0.1:{}{PREFIX}q.html{query}", self.server.port())
    }
}

/// The query links of the open page: expression, address, text.
async fn links(browser: &Browser) -> Vec<[String; 3]> {
    let script = "return [...document.querySelectorAll('a.promql-open')].map((link) =>
        [link.dataset.expr, link.getAttribute('href'), link.textContent])";
    serde_json::from_value(browser.run(script).await).unwrap()
}

/// The addresses of the links that were written by hand.
async fn by_hand(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('article p a:not(.promql-open)')]
        .map((link) => link.textContent.startsWith('http')
            ? `${link.getAttribute('href')} ${link.textContent}` : link.getAttribute('href'))";
    serde_json::from_value(browser.run(script).await).unwrap()
}

#[tokio::test]
async fn the_script_writes_the_links_that_the_build_writes() {
    let site = Queries::new();
    let browser = Browser::start().await;
    for carrier in &site.carriers {
        browser.open(&site.address(&format!("?carrier={}", carrier.name))).await;
        let [[query, href, text], [pinned, pinned_href, _]] = &links(&browser).await[..2] else {
            panic!("two queries")
        };
        assert!(query.contains("é+ (b)|'c'!*~"), "{query}");
        assert_eq!(*href, promui::link(carrier, query));
        assert_eq!(*text, format!("Open in {}", carrier.ui.title()));
        assert_eq!(*pinned_href, promui::link(&site.carriers[1], pinned));
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_shows_the_time_around_the_beginning_of_the_alert() {
    let site = Queries::new();
    let browser = Browser::start().await;
    let end = "2024-05-06+08%3A08%3A09";
    let of_panel = format!("&g0.range_input=120m&g0.end_input={end}&g0.moment_input={end}");
    for (carrier, expected) in [
        ("p2", of_panel.clone()),
        ("p3", of_panel),
        ("th", format!("&g0.partial_response=0&g0.end_input={end}&g0.moment_input={end}")),
        ("th", "&g0.range_input=120m&".to_owned()),
        ("gr", "%22range%22%3A%7B%22from%22%3A%221714975689000%22%2C%22to%22%3A%221714982889000%22%7D".to_owned()),
        ("vm", "&g0.range_input=120m&g0.tab=0&g0.end_input=2024-05-06T08%3A08%3A09&g0.relative_time=none".to_owned()),
    ] {
        for time in ["2024-05-06T07:08:09Z", "2024-05-06T09:08:09%2B02:00"] {
            browser.open(&site.address(&format!("?carrier={carrier}&startsAt={time}"))).await;
            let [_, href, _] = &links(&browser).await[0];
            assert!(href.contains(&expected), "{carrier} {time}: {href}");
        }
    }
    // What is no time, or is still to come, says nothing.
    for time in ["x", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"] {
        browser.open(&site.address(&format!("?carrier=p2&startsAt={time}"))).await;
        let [query, href, _] = &links(&browser).await[0];
        assert_eq!(*href, promui::link(&site.carriers[0], query), "{time}");
    }
    // One that began just now is looked at up to now, whenever that is.
    let now = browser.run("return new Date(Date.now() - 600000).toISOString()").await;
    browser.open(&site.address(&format!("?carrier=p2&startsAt={}", now.as_str().unwrap()))).await;
    let [_, href, _] = &links(&browser).await[0];
    assert!(href.contains("&g0.range_input=71m") || href.contains("&g0.range_input=70m"), "{href}");
    assert!(!href.contains("end_input"), "{href}");
}

#[tokio::test]
async fn links_written_by_hand_follow_a_choice_and_nothing_less() {
    let site = Queries::new();
    let browser = Browser::start().await;
    browser.open(&site.address("")).await;
    let written = by_hand(&browser).await;
    assert_eq!(written[0], "https://h/p2/prometheus/graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=1");
    browser.find("#carrier-switch").await.select_by_label("p2b").await.unwrap();
    assert_eq!(
        by_hand(&browser).await,
        [
            "https://h/p2b/prometheus/graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=1",
            "https://h/p2b/prometheus/targets",
            "https://h/p2x/graph?g0.expr=up",
            "https://h/p2b/prometheus/graph?g0.expr=down",
            // The text of an address says where it leads.
            "https://h/p2b/prometheus/graph?g0.expr=up https://h/p2b/prometheus/graph?g0.expr=up",
            "https://h/p2x/other https://h/p2x/other",
        ]
    );
    // Another UI has no such pages, but it can show the expression.
    browser.find("#carrier-switch").await.select_by_label("gr").await.unwrap();
    let moved = by_hand(&browser).await;
    assert_eq!(moved[0], promui::link(&site.carriers[3], "up{a=\"b\"}"));
    assert_eq!(moved[1], "https://h/p2/prometheus/targets");
    let grafana = promui::link(&site.carriers[3], "up");
    assert_eq!(moved[4], format!("{grafana} {grafana}"));
    browser.find("#carrier-switch").await.select_by_label("p2").await.unwrap();
    let back = by_hand(&browser).await;
    assert_eq!([&back[..3], &back[4..]].concat(), [&written[..3], &written[4..]].concat());
}

#[tokio::test]
async fn links_into_grafana_follow_by_their_data_source() {
    let site = Queries::new();
    let browser = Browser::start().await;
    browser.open(&site.address("")).await;
    let panes = |source: &str, rest: &str| {
        format!(
            "https://h/gr/explore?schemaVersion=1&panes=%7B%22A%22%3A%7B%22datasource%22%3A%22{source}%22%2C%22queries%22%3A%5B%7B%22datasource%22%3A%7B%22type%22%3A%22prometheus%22%2C%22uid%22%3A%22{source}%22%7D%2C%22expr%22%3A%22up%22%7D%5D%7D%7D{rest}"
        )
    };
    // An older Explore, and one that is older still.
    let left = |source: &str| {
        format!(
            "https://h/gr/explore?left={{\"datasource\":\"{source}\",\"queries\":[{{\"expr\":\"up\"}}]}}"
        )
    };
    let list = |source: &str| {
        format!(
            "https://h/gr/explore?left=[%22now-1h%22,%22now%22,%22{source}%22,{{%22expr%22:%22up%22}}]"
        )
    };
    let dashboard = |source: &str| format!("https://h/gr/d/x?var-ds={source}&var-P2=P22");
    let logs = panes("P2", "").replace("prometheus", "loki");
    let other = panes("P3", "");
    let api = "https://h/api/graph?g0.expr=up".to_owned();
    let metrics = "https://h/vm/vmui/?#/?g0.expr=up".to_owned();
    let two = "https://h/p2/prometheus/graph?g0.expr=up&g0.tab=1&g1.expr=down&g1.tab=1".to_owned();
    let two_panes =
        "https://h/g0/explore?panes={\"A\":{\"queries\":[{\"expr\":\"up\"},{\"expr\":\"down\"}]}}"
            .to_owned();
    let up = "%22expr%22%3A%22up%22%7D";
    let both = "%22expr%22%3A%22up%22%7D%2C%7B%22refId%22%3A%22B%22%2C%22datasource%22%3A%7B%22type%22%3A%22prometheus%22%2C%22uid%22%3A%22P1%5C%22%22%7D%2C%22expr%22%3A%22down%22%7D";
    let shown_by = |carrier: usize| promui::link(&site.carriers[carrier], "up");
    // An address as it is written; where it leads on the carrier of the other source, of Prometheus,
    // and of its own source.
    for (written, on_gr, on_p2, on_gr2) in [
        (
            panes("P2", "&orgId=1"),
            panes("P1%5C%22", "&orgId=1"),
            shown_by(0),
            panes("P2", "&orgId=1"),
        ),
        (left("P2"), left("P1%5C%22"), shown_by(0), left("P2")),
        (list("P2"), list("P1%5C%22"), shown_by(0), list("P2")),
        (dashboard("P2"), dashboard("P1%22"), dashboard("P2"), dashboard("P2")),
        // Other sources are no carriers of these, whoever shows them.
        (logs.clone(), logs.clone(), logs.clone(), logs),
        (other.clone(), other.clone(), other.clone(), other),
        // Asked at the API, shown by the UI.
        (api.clone(), shown_by(3), shown_by(0), api),
        // What shows several shows all of them elsewhere.
        (
            two.clone(),
            shown_by(3).replace(up, both),
            two,
            shown_by(7).replace(up, &both.replace("P1%5C%22", "P2")),
        ),
        (
            two_panes,
            shown_by(3).replace(up, both),
            shown_by(0) + "&g1.expr=down",
            shown_by(7).replace(up, &both.replace("P1%5C%22", "P2")),
        ),
        // The fragment of VictoriaMetrics' page is what it shows.
        (metrics, shown_by(3), shown_by(0), shown_by(7)),
    ] {
        let script = "document.querySelector('#added')?.remove();
            const link = Object.assign(document.createElement('a'), { id: 'added', textContent: 'x' });
            link.setAttribute('href', arguments[0]);
            document.querySelector('article').append(link);
            document.dispatchEvent(new CustomEvent('alertbook:filled'))";
        browser.client.execute(script, vec![written.clone().into()]).await.unwrap();
        for (carrier, expected) in [("gr", on_gr), ("p2", on_p2), ("gr2", on_gr2)] {
            browser.find("#carrier-switch").await.select_by_label(carrier).await.unwrap();
            let href = browser.find("#added").await.attr("href").await.unwrap().unwrap();
            assert_eq!(href, expected, "{written} on {carrier}");
        }
    }
}

#[tokio::test]
async fn run_shows_something_wherever_the_query_stands() {
    let site = Queries::new();
    let browser = Browser::start().await;
    browser.open(&site.address("?carrier=g0")).await;
    let count = "return document.querySelectorAll('button.run').length";
    let count = browser.run(count).await.as_u64().unwrap();
    assert_eq!(count, 5);
    browser.run("document.querySelectorAll('button.run').forEach((it) => it.click())").await;
    browser.until("return document.querySelectorAll('.result .failure').length === 5").await;
    // A term has a line; what was found stands below it, in what it means.
    let terms =
        "return [document.querySelector('dt .result'), document.querySelector('dl > .result')]";
    assert_eq!(browser.run(terms).await, serde_json::json!([null, null]));
    let meanings = "return document.querySelectorAll('dd > .result').length";
    assert_eq!(browser.run(meanings).await, 2);
}

#[tokio::test]
async fn the_address_says_which_carrier_was_chosen_and_the_page_which_one_there_is_not() {
    let site = Queries::new();
    let browser = Browser::start().await;
    browser.open(&site.address("")).await;
    assert!(!browser.address().await.contains("carrier"));
    browser.find("#carrier-switch").await.select_by_label("th").await.unwrap();
    assert_eq!(browser.address().await, site.address("?carrier=th"));
    // On the next page of the tab as well.
    browser.open(&site.address("?a=b")).await;
    assert_eq!(browser.address().await, site.address("?a=b&carrier=th"));
    browser.open(&site.address("?carrier=prod/lon")).await;
    let note = "return document.querySelector('.carrier-note').textContent";
    assert_eq!(browser.run(note).await, "No carrier is called prod/lon");
    browser.find("#carrier-switch").await.select_by_label("vm").await.unwrap();
    assert_eq!(browser.run(note).await, "This page is about p2");
    assert_eq!(browser.address().await, site.address("?carrier=vm"));
}
