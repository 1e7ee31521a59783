//! The incident: labels that come along with an address, the bar, and what the values are put into.

use crate::story::{CARRIERS, Site};
use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use alertbook::config::Tab;
use alertbook::lang::placeholder::canonical_key;
use alertbook::promui::prometheus;
use fantoccini::Locator;
use serde_json::Value;
use std::fs;

const ETCD: &str = "armada/armada-etcd-health.html";
const ESCALATION: &str = "armada/armada-bootstrap-collect-info-before-escalation.html";

/// The value in the field of a placeholder.
async fn field(browser: &Browser, key: &str) -> String {
    let script = format!("return document.querySelector('[data-key={key}]').value");
    browser.run(&script).await.as_str().unwrap().to_owned()
}

/// Types into the field of a placeholder, over what is in it.
async fn fill(browser: &Browser, key: &str, value: &str) {
    let input = browser.find(&format!("[data-key={key}]")).await;
    input.clear().await.unwrap();
    input.send_keys(value).await.unwrap();
}

/// The texts of the elements that a selector finds.
async fn texts(browser: &Browser, selector: &str) -> Vec<String> {
    let script =
        format!("return [...document.querySelectorAll('{selector}')].map((it) => it.textContent)");
    serde_json::from_value(browser.run(&script).await).unwrap()
}

/// Each query's link: what it says that it opens, and its address.
async fn links(browser: &Browser) -> Vec<[String; 2]> {
    let script = "return [...document.querySelectorAll('.promql-open')].map((link) =>
        [link.dataset.expr, link.getAttribute('href')])";
    serde_json::from_value(browser.run(script).await).unwrap()
}

#[tokio::test]
async fn what_comes_with_the_address_is_put_in_everywhere_at_once() {
    let site = Published::new();
    let browser = Browser::start().await;
    for origin in ORIGINS {
        // A template of Alertmanager escapes nothing, spells as it likes, and leaves gaps.
        let query = "?CLUSTER_ID=c9 x'y&etcd pod=etcd-0&node=<no value>&other=1";
        browser.open(&site.address(origin, &format!("{ETCD}{query}"))).await;
        assert_eq!(field(&browser, "clusterid").await, "c9 x'y", "{origin:?}");
        assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
        assert_eq!(field(&browser, "node").await, "");

        let commands = texts(&browser, "li > code, li > p > code").await;
        let expected = [
            r"kubectl -n kubx-etcd get pods -l clusterID='c9 x'\''y' -o wide",
            "kubectl -n kubx-etcd describe pod etcd-0",
        ];
        for command in expected {
            assert!(commands.iter().any(|found| found == command), "{command} in {commands:?}");
        }
        let queries = texts(&browser, "article > pre.promql > code").await;
        let query = "etcd_server_has_leader{namespace=\"kubx-etcd\",clusterID=\"c9 x'y\"}";
        assert!(queries.iter().any(|found| found.trim() == query), "{queries:?}");
        // The links say the same, but where a field is still empty, or the author chose the carrier.
        let links = links(&browser).await;
        assert!(links.iter().any(|[expression, _]| expression == query), "{links:?}");
        for [expression, href] in links {
            let carrier = if expression.starts_with("count((time()") {
                "prod-wdc06/carrier1"
            } else {
                "prod-dal10/carrier3"
            };
            let base = format!("https://dashboard.example.com/{carrier}/prometheus");
            assert_eq!(href, prometheus::link(&base, &expression, Tab::Graph));
            assert!(!expression.contains("<clusterID>"), "{expression}");
        }
        // The card of a rule speaks of the same cluster.
        let cards = texts(&browser, ".rule-summary, .rule-description").await.concat();
        assert!(cards.contains("c9 x'y") && !cards.contains("$labels.clusterID"), "{cards}");
        let nodes = texts(&browser, "pre .placeholder[data-placeholder=node]").await;
        assert_eq!(nodes, ["<node>"]);
        assert_eq!(browser.console(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn fields_are_kept_in_the_address_and_for_the_tab_until_they_are_cleared() {
    let site = Published::new();
    for origin in [Origin::Served, Origin::Disk] {
        let browser = Browser::start().await;
        browser.open(&site.address(origin, ETCD)).await;
        fill(&browser, "clusterid", "c9").await;
        browser.until("return location.search === '?clusterID=c9'").await;
        // A pod is spelt with a space here, and a colleague may open the link.
        fill(&browser, "etcdpod", "etcd-0").await;
        browser.until("return location.search === '?clusterID=c9&etcd+pod=etcd-0'").await;

        browser.follow(&site.address(origin, ESCALATION)).await;
        assert_eq!(field(&browser, "clusterid").await, "c9", "{origin:?}");
        browser.until("return location.search === '?clusterID=c9'").await;
        // Another cluster is another incident: nothing of the one before may remain.
        browser.follow(&site.address(origin, &format!("{ETCD}?clusterID=c10"))).await;
        assert_eq!(field(&browser, "clusterid").await, "c10");
        assert_eq!(field(&browser, "etcdpod").await, "");

        browser.find(".incident-clear").await.click().await.unwrap();
        assert_eq!(field(&browser, "clusterid").await, "");
        browser.until("return location.search === ''").await;
        assert!(texts(&browser, ".filled .placeholder, .placeholder.filled").await.is_empty());
        browser.follow(&site.address(origin, ESCALATION)).await;
        assert_eq!(field(&browser, "clusterid").await, "");
        assert_eq!(browser.run("return sessionStorage.length").await, 0);
    }
}

#[tokio::test]
async fn who_comes_for_another_alert_finds_nothing_of_the_one_before() {
    let site = Published::new();
    let browser = Browser::start().await;
    let address = |query: &str| site.address(Origin::Served, &format!("{ETCD}{query}"));
    browser.open(&address("?clusterID=c9&etcd+pod=etcd-0&startsAt=2026-01-02T03:04:05Z")).await;
    // Loaded again and gone back to, it is the same alert, with what was typed.
    fill(&browser, "node", "n1").await;
    browser.client.refresh().await.unwrap();
    assert_eq!(field(&browser, "node").await, "n1");
    // A link within the site brings no labels: it is still the same alert.
    browser.follow(&address("")).await;
    assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
    // So does one with something of its own, also to a place on the page.
    browser.follow(&address("?tab=logs&utm_source=mail")).await;
    assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
    browser.follow(&address("?node=n1#overview")).await;
    assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
    browser.client.back().await.unwrap();
    browser.until("return location.search.includes('tab=logs')").await;
    assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
    // This alert is of the same cluster, and knows of no pod.
    browser.open(&address("?clusterID=c9")).await;
    assert_eq!(field(&browser, "clusterid").await, "c9");
    assert_eq!(field(&browser, "etcdpod").await, "");
    assert_eq!(browser.run("return location.search").await, "?clusterID=c9");
    assert_eq!(browser.run("return alertbook.incident.startsAt()").await, Value::Null);
}

#[tokio::test]
async fn who_comes_from_elsewhere_without_labels_finds_empty_fields() {
    let site = Published::new();
    for origin in [Origin::Served, Origin::Disk] {
        let browser = Browser::start().await;
        let arrival = site.address(origin, &format!("{ETCD}?clusterID=c9&etcd+pod=etcd-0"));
        // The address of another alert, a page with a section, and the same page again.
        for other in
            ["alerts/ArmadaEtcdNoLeader/index.html", &format!("{ETCD}#etcd-without-a-leader"), ETCD]
        {
            browser.open(&arrival).await;
            assert_eq!(field(&browser, "etcdpod").await, "etcd-0");
            // From a chat, a mail or a pager.
            browser.open("about:blank").await;
            browser.open(&site.address(origin, other)).await;
            let is_there = "return location.pathname.endsWith('armada-etcd-health.html') &&
                document.documentElement.classList.contains('arrived')";
            browser.until(is_there).await;
            assert_eq!(field(&browser, "etcdpod").await, "", "{origin:?} {other}");
            assert_eq!(browser.run("return location.search").await, "", "{origin:?} {other}");
            // Whoever did not mean that goes back.
            browser.open(&arrival).await;
        }
        // Within the site an alert's short address is one of its links.
        let alert = site.address(origin, "alerts/ArmadaEtcdNoLeader/index.html");
        let script = "const link = document.createElement('a');
            link.href = arguments[0];
            document.body.append(link);
            link.click();";
        browser.client.execute(script, vec![Value::from(alert)]).await.unwrap();
        browser
            .until(
                "return location.hash === '#etcd-without-a-leader' &&
            document.documentElement.classList.contains('arrived')",
            )
            .await;
        assert_eq!(field(&browser, "etcdpod").await, "etcd-0", "{origin:?}");
        // A file that is saved leads nowhere: what comes next is another alert's.
        let script = "addEventListener('click', (event) => event.preventDefault(), { once: true });
            const link = document.createElement('a');
            link.href = new URL('script.zip', location.href);
            document.body.append(link);
            link.click();";
        browser.client.execute(script, vec![]).await.unwrap();
        browser.open(&site.address(origin, ESCALATION)).await;
        assert_eq!(browser.run("return location.search").await, "", "{origin:?}");
    }
}

#[tokio::test]
async fn a_link_in_a_tab_of_its_own_takes_the_incident_along() {
    let site = Published::new();
    let browser = Browser::start().await;
    let carrier = "carrier=prod-wdc06/carrier1";
    browser.open(&site.address(Origin::Served, &format!("{ETCD}?clusterID=c9&{carrier}"))).await;
    browser.until("return document.documentElement.matches('.arrived')").await;
    for (href, search) in [
        (BOOTSTRAP, "clusterID=c9&carrier=prod-wdc06%2Fcarrier1"),
        // It is about another cluster, and as far as anybody knows on the same carrier.
        (&format!("{BOOTSTRAP}?clusterID=c1"), "clusterID=c1&carrier=prod-wdc06%2Fcarrier1"),
        (&format!("{BOOTSTRAP}?carrier=a"), "carrier=a"),
    ] {
        let href = site.address(Origin::Served, href);
        // What the browser follows is what the link says when everybody has heard of the event.
        let script = "const link = document.createElement('a');
            link.href = arguments[0];
            document.body.append(link);
            const heard = [];
            addEventListener(arguments[1], (event) => { heard.push(link.search); event.preventDefault(); }, { once: true });
            link.dispatchEvent(new MouseEvent(arguments[1], { bubbles: true, cancelable: true, ctrlKey: arguments[1] === 'click' }));
            return heard[0].slice(1)";
        for event in ["click", "auxclick", "contextmenu"] {
            let arguments = vec![Value::from(href.as_str()), Value::from(event)];
            let said = browser.client.execute(script, arguments).await.unwrap();
            assert_eq!(said.as_str(), Some(search), "{event} {href}");
        }
        browser
            .until(&format!(
                "return [...document.querySelectorAll('body > a')].slice(-3).every((it) => it.href === '{href}')"
            ))
            .await;
    }
}

#[tokio::test]
async fn values_lose_the_spaces_around_them() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = format!("{ETCD}?clusterID=+c9+&etcd+pod=%20");
    browser.open(&site.address(Origin::Served, &page)).await;
    assert_eq!(field(&browser, "clusterid").await, "c9");
    assert_eq!(field(&browser, "etcdpod").await, "");
    fill(&browser, "etcdpod", " etcd-0  ").await;
    let commands = texts(&browser, "li > code, li > p > code").await;
    assert!(
        commands.contains(&"kubectl -n kubx-etcd describe pod etcd-0".to_owned()),
        "{commands:?}"
    );
}

#[tokio::test]
async fn the_time_of_an_alert_is_read_as_programs_write_it() {
    let site = Published::new();
    let browser = Browser::start().await;
    for (written, read) in [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123Z"),
        ("2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T05:04:05%2B02:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T01:04:05-02:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05 +0000 UTC", "2026-01-02T03:04:05Z"),
        ("2026-01-02 05:04:05.5 %2B0200 CEST", "2026-01-02T03:04:05.500Z"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
        ("1767323045", "2026-01-02T03:04:05Z"),
        ("1767323045000", "2026-01-02T03:04:05Z"),
        ("yesterday", ""),
        ("2026-13-02T03:04:05Z", ""),
    ] {
        let page = format!("{ETCD}?clusterID=c9&startsAt={written}");
        browser.open(&site.address(Origin::Served, &page)).await;
        let began = browser.run("return alertbook.incident.startsAt() ?? ''").await;
        assert_eq!(began, read, "{written}");
        let is_hidden = browser.run("return document.querySelector('.incident time').hidden").await;
        assert_eq!(is_hidden, read.is_empty(), "{written}");
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_form_is_shown_and_put_nowhere() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, &format!("{BOOTSTRAP}?workerID=Not+one"))).await;
    assert_eq!(field(&browser, "workerid").await, "Not one");
    let fault = browser.find(".field .fault").await.text().await.unwrap();
    assert_eq!(fault, "not of the form [a-z0-9-]+");
    let holes = texts(&browser, "[data-placeholder=workerid].refused").await;
    assert!(holes.len() > 10, "{holes:?}");
    assert!(holes.iter().all(|text| !text.contains("Not one")), "{holes:?}");
    let links = links(&browser).await;
    assert!(links.iter().all(|[expression, href]| !(expression.clone() + href).contains("Not")));

    fill(&browser, "workerid", "kube-w1").await;
    let holes = texts(&browser, "span.promql .placeholder").await;
    assert!(holes.iter().all(|text| text == "kube-w1"), "{holes:?}");
    assert_eq!(browser.client.find_all(Locator::Css(".refused")).await.unwrap().len(), 0);
}

#[tokio::test]
async fn spellings_are_told_the_same_by_the_build_and_by_the_page() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, ETCD)).await;
    for name in [
        "workerID",
        "WORKER_ID",
        "<worker id>",
        "*workerID*",
        "$labels.workerID",
        ".Labels.pod",
        "RegionXXX",
        "XXX",
        "XXXX",
        "XXaXXXb",
        "your region",
        "the",
        "an Apple",
        "größe",
        "ÅNG-x2",
        "hostname/hostip",
        "",
        "-",
        " a ",
        "MY_POD",
        "½x",
        "İx",
        "x²",
    ] {
        let script = "return alertbook.labels.canonicalKey(arguments[0])";
        let found = browser.client.execute(script, vec![Value::from(name)]).await.unwrap();
        assert_eq!(found, canonical_key(name), "{name}");
    }
}

/// A command about a job, and one in which everything is open.
const JOBS: &str = "---\ntitle: Jobs\n---\n\n`kubectl -n <namespace> describe jobs <job>`\n
`kubectl logs x -c <container>`\n\n`ssh h systemctl restart <service>`\n\n`virsh reboot <instance>`\n\n`curl http://<instance>/metrics`\n\n`up{instance=\"<instance>\"}`\n";

#[tokio::test]
async fn a_command_gets_no_value_that_means_something_else() {
    let site = Site::new(&|rules| {
        fs::write(rules.join("../jobs.md"), JOBS).unwrap();
        CARRIERS.map(|_| "http://127.0.0.1:1".to_owned()).to_vec()
    });
    let browser = Browser::start().await;
    let page = |query: &str| format!("{}jobs.html?{query}", site.address);
    // What proxies and scripts add is spelt like nothing.
    browser.open(&page("_=1700000000&-=1&=5&.=3&%2B=4&%F0%9F%98%80=5")).await;
    assert_eq!(field(&browser, "namespace").await, "");
    browser.run("alertbook.incident.replace({ _: 'evil', '-': 'x' }, null, null)").await;
    assert_eq!(field(&browser, "namespace").await, "");
    // The job of the exporter is not the job that failed.
    browser.open(&page("job=kube-state-metrics&namespace=web")).await;
    assert_eq!(field(&browser, "namespace").await, "web");
    assert_eq!(field(&browser, "job").await, "");
    browser.open(&page("job=kube-state-metrics&job_name=backup-1")).await;
    assert_eq!(field(&browser, "job").await, "backup-1");
    // What is typed is kept all the same.
    fill(&browser, "job", "backup-2").await;
    browser.client.refresh().await.unwrap();
    assert_eq!(field(&browser, "job").await, "backup-2");
    // What the exporter tells of has its names renamed by a Prometheus that has its own of them.
    let renamed = "job=ksm&exported_job=backup-1&namespace=monitoring&exported_namespace=web";
    browser.open(&page(renamed)).await;
    assert_eq!(field(&browser, "namespace").await, "web");
    assert_eq!(field(&browser, "job").await, "backup-1");
    let shared = "job=ksm&exported_job=backup-1&exported_namespace=web";
    browser.until_at(&page(shared)).await;
    fill(&browser, "namespace", "shop").await;
    browser.client.refresh().await.unwrap();
    assert_eq!(field(&browser, "namespace").await, "shop");
    assert_eq!(field(&browser, "job").await, "backup-1");
    let pasted = "alertbook.incident.replace({ exported_namespace: 'web', namespace: 'monitoring' }, null, null)";
    browser.run(pasted).await;
    assert_eq!(field(&browser, "namespace").await, "web");
    // Nobody's machine is called by the port of an exporter on it.
    browser.open(&page("instance=10.0.0.1:9100")).await;
    let written = texts(&browser, "article code").await;
    for text in [
        "virsh reboot 10.0.0.1",
        "curl http://10.0.0.1:9100/metrics",
        "up{instance=\"10.0.0.1:9100\"}",
    ] {
        assert!(written.iter().any(|it| it == text), "{text} in {written:?}");
    }
    // Escaped once too often.
    browser.open(&page("namespace=web&amp;container=c1&amp;carrier=prod-fra02/carrier2")).await;
    assert_eq!(field(&browser, "namespace").await, "web");
    assert_eq!(field(&browser, "container").await, "c1");
    assert_eq!(browser.run("return alertbook.carrier()").await, "prod-fra02/carrier2");
    // A template that nobody has run says nothing, and neither does one that had nothing to say.
    let unfilled =
        "namespace={{ $labels.namespace }}&exported_namespace=<no value>&job_name=a-{{$value}}";
    browser.open(&page(unfilled)).await;
    assert_eq!(field(&browser, "namespace").await, "");
    assert_eq!(field(&browser, "job").await, "");
}

/// Commands in which a value of each label that Prometheus gives to its targets would do something, and
/// a query about all of them.
const TARGETS: &str = "---\ntitle: Targets\n---\n\n`ssh <node> \"sudo systemctl restart <service>\"`\n
`kubectl -n <namespace> logs <pod> -c <container>`\n\n`curl http://x/<endpoint>`\n\n`ssh <instance>`\n
`up{job=\"<job>\"}`\n";

#[tokio::test]
async fn what_is_said_of_the_scraped_target_fills_no_command() {
    let site = Site::new(&|rules| {
        fs::write(rules.join("../targets.md"), TARGETS).unwrap();
        CARRIERS.map(|_| "http://127.0.0.1:1".to_owned()).to_vec()
    });
    let browser = Browser::start().await;
    let state = "job=kube-state-metrics&service=kps-kube-state-metrics&endpoint=http&instance=10.0.0.2:8443";
    let its_pod = format!("{state}&pod=kps-kube-state-metrics-7d4f-x&container=proxy");
    let node = "job=node-exporter&service=node-exporter&endpoint=http&instance=10.0.0.1:9100";
    let redis = "job=redis-exporter&service=redis&endpoint=http&instance=10.0.0.3:9121";
    let own = "job=api&service=api&endpoint=http&instance=10.0.0.4:80";
    for (labels, expected) in [
        // The deployment and the node have no pod. The deployment has a namespace.
        (format!("{its_pod}&namespace=web&deployment=api"), ["web", "", "", "", "", ""]),
        (format!("{its_pod}&namespace=monitoring&node=n1"), ["", "", "", "", "", ""]),
        // A pod that it tells of is one, also if that is an exporter.
        (format!("{state}&namespace=web&pod=api-1&container=api"), ["web", "api-1", "api", "", "", ""]),
        (
            format!("{state}&namespace=web&pod=redis-exporter-1&container=x"),
            ["web", "redis-exporter-1", "x", "", "", ""],
        ),
        (
            format!("{node}&namespace=monitoring&pod=node-exporter-x7&container=proxy"),
            ["", "", "", "", "", "10.0.0.1:9100"],
        ),
        (format!("{node}&namespace=monitoring"), ["", "", "", "", "", "10.0.0.1:9100"]),
        // Beside what it tells of.
        (
            format!("{redis}&namespace=web&pod=redis-0&container=redis-exporter"),
            ["web", "redis-0", "", "", "", "10.0.0.3:9121"],
        ),
        // One that tells of itself.
        (
            format!("{own}&namespace=web&pod=api-1&container=api"),
            ["web", "api-1", "api", "", "", "10.0.0.4:80"],
        ),
        (
            "job=kubelet&service=kubelet&endpoint=https&instance=n1&namespace=web&pod=a&container=c".to_owned(),
            ["web", "a", "c", "", "", "n1"],
        ),
        // What is renamed shows that the rest is of somebody else.
        (
            format!("{own}&namespace=ops&pod=gate-1&container=gate&exported_namespace=web"),
            ["web", "", "", "", "", "10.0.0.4:80"],
        ),
        ("endpoint=http&container=proxy&deployment=api".to_owned(), ["", "", "", "", "", ""]),
        // The rule has left nothing of where it was asked.
        (
            "job=node-exporter&service=node-exporter&namespace=monitoring".to_owned(),
            ["monitoring", "", "", "node-exporter", "", ""],
        ),
    ] {
        let address = format!("{}targets.html?{labels}", site.address);
        browser.open(&address).await;
        let mut found = Vec::new();
        for key in ["namespace", "pod", "container", "service", "endpoint", "instance"] {
            found.push(field(&browser, key).await);
        }
        assert_eq!(found, expected, "{labels}");
        // Whoever gets the link knows as much, and a query may ask for the target.
        let shared = browser.address().await;
        for label in labels.split('&').filter(|it| !it.contains("namespace=")) {
            assert!(shared.contains(&label.replace(':', "%3A")) || shared.contains(label), "{shared}");
        }
        let job = labels.split('&').find_map(|it| it.strip_prefix("job=")).unwrap_or_default();
        assert_eq!(field(&browser, "job").await, job);
    }
    // What is typed is kept beside it.
    browser.open(&format!("{}targets.html?{its_pod}&node=n1", site.address)).await;
    fill(&browser, "pod", "api-2").await;
    browser.client.refresh().await.unwrap();
    assert_eq!(field(&browser, "pod").await, "api-2");
    assert_eq!(field(&browser, "container").await, "");
}

#[tokio::test]
async fn a_link_to_a_query_that_lacks_a_value_says_so() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, ETCD)).await;
    let titles = "return [...document.querySelectorAll('article .promql-open')].map((link) =>
        [link.dataset.expr, link.title, String(link.classList.contains('unfilled'))])";
    let read =
        async || -> Vec<[String; 3]> { serde_json::from_value(browser.run(titles).await).unwrap() };
    let links = read().await;
    let open = |expression: &str| expression.contains("clusterID=\"<");
    assert!(links.iter().any(|[expression, ..]| open(expression)), "{links:?}");
    for [expression, title, is_unfilled] in &links {
        assert_eq!(title.contains("still to fill in: clusterID"), open(expression), "{title}");
        assert_eq!(is_unfilled == "true", expression.contains("=\"<"), "{expression}");
    }
    fill(&browser, "clusterid", "c1").await;
    fill(&browser, "node", "n1").await;
    for [_, title, is_unfilled] in read().await {
        assert!(!title.contains("still to fill in") && is_unfilled == "false", "{title}");
    }
}

#[tokio::test]
async fn the_field_of_the_carrier_and_the_switch_say_the_same() {
    let site = Published::new();
    let browser = Browser::start().await;
    let page = "armada/armada-carrier-capacity.html";
    let command =
        "return [...document.querySelectorAll('article code')].map((it) => it.textContent)
        .find((it) => it.startsWith('armada-carrier close'))";
    let switch = "return document.getElementById('carrier-switch').value";
    // Nobody has said which one.
    browser.open(&site.address(Origin::Served, page)).await;
    assert_eq!(field(&browser, "carrier").await, "");

    browser
        .open(&site.address(Origin::Served, &format!("{page}?carrier=prod-wdc06/carrier1")))
        .await;
    assert_eq!(field(&browser, "carrier").await, "prod-wdc06/carrier1");
    assert_eq!(browser.run(command).await, "armada-carrier close prod-wdc06/carrier1");
    assert!(!browser.address().await.contains("label.carrier"));

    let choose = "const select = document.getElementById('carrier-switch');
        select.value = 'prod-fra02/carrier2';
        select.dispatchEvent(new Event('change'))";
    browser.run(choose).await;
    assert_eq!(field(&browser, "carrier").await, "prod-fra02/carrier2");
    assert_eq!(browser.run(command).await, "armada-carrier close prod-fra02/carrier2");

    fill(&browser, "carrier", "prod-wdc06/carrier1").await;
    assert_eq!(browser.run(switch).await, "prod-wdc06/carrier1");
    assert_eq!(browser.run(command).await, "armada-carrier close prod-wdc06/carrier1");

    // The label comes with an alert's address in whatever spelling the rule has it.
    browser.open("about:blank").await;
    let label = format!("{page}?label.CARRIER=prod-fra02/carrier2");
    browser.open(&site.address(Origin::Served, &label)).await;
    assert_eq!(browser.run(switch).await, "prod-fra02/carrier2");
    assert_eq!(field(&browser, "carrier").await, "prod-fra02/carrier2");

    // A name that is no carrier's here is the alert's own.
    browser.run("alertbook.incident.replace({ carrier: 'elsewhere' }, null, null)").await;
    assert_eq!(field(&browser, "carrier").await, "elsewhere");
}
