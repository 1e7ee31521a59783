//! The whole way, with real parts: a metric, a rule, an alert, its link, the section, the series that
//! fired, the same query in Prometheus' own page, and a command that is ready to run.

use crate::monitoring::{Endpoint, Program, alertmanager, prometheus, until_some};
use crate::server::{PREFIX, Server};
use crate::{BOOTSTRAP, Browser, copying, sample};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const WORKER: &str = "kube-dal10-cr4e1f09b7c25d4a8e93b6d0f27a815c3e-w3";
pub const CARRIERS: [&str; 3] =
    ["prod-dal10/carrier3", "prod-fra02/carrier2", "prod-wdc06/carrier1"];

/// The sample's runbooks and rules as a site whose carriers are at these addresses, served.
pub struct Site {
    /// Where it is, with a slash at the end.
    pub address: String,
    _folder: crate::site::Site,
    _server: Server,
    _published: TempDir,
}

impl Site {
    /// Copies and builds it. Rules lead to where it is served.
    pub fn new(carriers: &dyn Fn(&Path) -> Vec<String>) -> Self {
        let site = crate::site::Site::new(&[]);
        let published = tempfile::tempdir().unwrap();
        let server = Server::start(published.path());
        let base = format!("http://127.0.0.1:{}{}", server.port(), PREFIX.trim_end_matches('/'));
        copy(&sample::repository().join("content"), &site.path().join("content"), &base);
        let list = CARRIERS.iter().zip(carriers(&site.path().join("content/rules")));
        let list = list.map(|(name, url)| format!("  - {{name: {name}, url: '{url}'}}\n"));
        let configuration = format!(
            "title: Armada runbooks\nbase_url: {base}\nrules: ['content/rules/*.yaml']\ncarriers:\n{}",
            list.collect::<String>()
        );
        site.write("alertbook.yaml", &configuration);
        site.publish(published.path());
        Self { address: base + "/", _folder: site, _server: server, _published: published }
    }
}

/// Copies a folder; in rules and runbooks, the sample's base address becomes another one.
fn copy(from: &Path, to: &Path, base: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, base);
        } else if let Ok(text) = fs::read_to_string(&path) {
            fs::write(target, text.replace("https://runbooks.example.com", base)).unwrap();
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// A worker that is refused its configuration again and again.
fn failing(worker: &'static str) -> Endpoint {
    Endpoint::exporter(move |scrape| {
        format!(
            "# TYPE bootstrap_tar_handler_state_count counter\n\
             bootstrap_tar_handler_state_count{{state=\"FAIL\",workerID=\"{worker}\"}} {scrape}\n\
             bootstrap_tar_handler_state_count{{state=\"COMPLETE\",workerID=\"other\"}} 1\n"
        )
    })
}

/// The alert of the sample that Alertmanager has been told of.
fn alert_at(alertmanager: &Program) -> Value {
    until_some("the alert", || {
        let alerts = alertmanager.get("/api/v2/alerts");
        let mut alerts = alerts.as_array().unwrap().iter();
        alerts.find(|alert| alert["labels"]["alertname"] == "BootstrapTarHandlerFailed").cloned()
    })
}

/// The cells of the table below the query that a button runs.
async fn cells(browser: &Browser) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('.result tbody td')].map((it) => it.textContent)";
    serde_json::from_value(browser.run(script).await).unwrap()
}

const SECTION: &str = "#bootstrap-tar-handler-failed ~ p .query-tools";

#[tokio::test]
async fn from_the_alert_to_the_answer() {
    let exporter = failing(WORKER);
    let told = alertmanager();
    let site = std::cell::RefCell::new(None);
    let built = Site::new(&|rules| {
        let started = prometheus(&exporter, rules, Some(&told));
        let url = started.url.clone();
        *site.borrow_mut() = Some(started);
        vec![url.clone(), format!("{url}/nothing"), url]
    });
    let asked = site.into_inner().unwrap();
    let alert = alert_at(&told);
    assert_eq!(alert["labels"]["workerID"], WORKER);

    // The one on call follows the link of the alert, whatever it is.
    let link = alert["annotations"]["runbook_url"].as_str().unwrap();
    assert!(link.starts_with(&built.address), "{link}");
    let browser = Browser::start().await;
    browser.open(link).await;
    browser.until("return document.readyState === 'complete'").await;
    assert_eq!(
        browser.find("[data-key=workerid]").await.prop("value").await.unwrap().as_deref(),
        Some(WORKER)
    );
    browser
        .until(
            "const top = document.querySelector('h3:target')?.getBoundingClientRect().top;
            return top >= 0 && top < innerHeight",
        )
        .await;

    // The series that fired.
    browser.find(&format!("{SECTION} .run")).await.click().await.unwrap();
    browser.until("return Boolean(document.querySelector('.result .series'))").await;
    let found = cells(&browser).await;
    assert!(
        found.contains(&WORKER.to_owned()) && !found.contains(&"other".to_owned()),
        "{found:?}"
    );

    // As a chart, too.
    browser.find(".result .view:nth-of-type(2)").await.click().await.unwrap();
    browser
        .until(
            "return Boolean(document.querySelector('.result .chart path.line')?.getAttribute('d'))",
        )
        .await;

    // The same expression in Prometheus' own page.
    let open = browser.find(&format!("{SECTION} .promql-open")).await;
    let expression = open.attr("data-expr").await.unwrap().unwrap();
    assert_eq!(
        expression,
        format!("bootstrap_tar_handler_state_count{{workerID=\"{WORKER}\"}} > 0")
    );
    let href = open.attr("href").await.unwrap().unwrap();
    let (page, query) = href.split_once('?').unwrap();
    assert_eq!(page, format!("{}/graph", asked.url));

    // The card of the rule knows that it fires, and on what.
    browser.find("[id='rule.BootstrapTarHandlerFailed'] .firing-ask").await.click().await.unwrap();
    browser.until("return document.querySelectorAll('.firing-series li').length === 1").await;
    let firing = browser.find(".firing-series li").await.text().await.unwrap();
    assert!(
        firing.starts_with("firing") && firing.contains(&format!("workerID=\"{WORKER}\"")),
        "{firing}"
    );
    // The one that the reader came for keeps what the alert brought besides; Prometheus adds its own
    // labels only to what it sends out.
    let cluster = "return alertbook.incident.labels().get('cluster') ?? ''";
    let worker = format!(
        "alertbook.incident.replace({{ workerID: '{WORKER}', cluster: 'c9' }}, null, null)"
    );
    browser.run(&worker).await;
    browser.find(".firing-use").await.click().await.unwrap();
    assert_eq!(browser.run(cluster).await, "c9");
    // Of another one, nothing is true of this.
    browser
        .run("alertbook.incident.replace({ workerID: 'other', cluster: 'c9' }, null, null)")
        .await;
    browser.find(".firing-use").await.click().await.unwrap();
    assert_eq!(browser.run(cluster).await, "");
    browser.find(".incident-clear").await.click().await.unwrap();
    browser.find(".firing-use").await.click().await.unwrap();
    assert_eq!(
        browser.find("[data-key=workerid]").await.prop("value").await.unwrap().as_deref(),
        Some(WORKER)
    );

    // A command, with a value that needs quotes.
    let script = "document.querySelector('[data-key=attemptnumber]').value = \"1'2\";
        document.querySelector('[data-key=attemptnumber]').dispatchEvent(new Event('input'));
        const code = [...document.querySelectorAll('article code')].find((it) => it.textContent.startsWith('cat /go/'));
        code.id = 'test.command'; code.scrollIntoView({ block: 'center' });";
    browser.run(script).await;
    browser.find("[id='test.command'] + .query-tools .copy").await.click().await.unwrap();
    browser.until("return document.querySelector('[id=\"test.command\"] + .query-tools .copy').textContent === 'Copied'").await;
    assert_eq!(
        copying::pasted(&browser).await,
        format!("cat /go/src/github.example.com/armada/armada-bootstrap/logs/{WORKER}_'1'\\''2'")
    );
    assert_eq!(browser.console(), Vec::<String>::new());

    browser.open(&format!("{}/classic/graph?{query}", asked.url)).await;
    browser
        .until(&format!(
            "return [...document.querySelectorAll('textarea')].some((it) => it.value === {})",
            Value::from(expression)
        ))
        .await;
}

#[tokio::test]
async fn the_switch_changes_what_run_shows() {
    let (one, two) = (failing("kube-one-w1"), failing("kube-two-w2"));
    let started = std::cell::RefCell::new(Vec::new());
    let site = Site::new(&|rules| {
        let mut started = started.borrow_mut();
        started.extend([prometheus(&one, rules, None), prometheus(&two, rules, None)]);
        // Nobody listens at the third.
        vec![started[0].url.clone(), started[1].url.clone(), "http://127.0.0.1:1".to_owned()]
    });
    let started = started.into_inner();
    for (program, worker) in started.iter().zip(["kube-one-w1", "kube-two-w2"]) {
        let query = "/api/v1/query?query=changes(bootstrap_tar_handler_state_count%7Bstate%3D%22FAIL%22%7D%5B5h%5D)%3E3";
        let answer = until_some("a series", || {
            let answer = program.get(query);
            (answer["data"]["result"].as_array().unwrap().len() == 1).then_some(answer)
        });
        assert_eq!(answer["data"]["result"][0]["metric"]["workerID"], worker);
    }
    let browser = Browser::start().await;
    browser.open(&format!("{}{BOOTSTRAP}", site.address)).await;
    // The expression of the rule, which has no holes.
    let run = "[id='rule.BootstrapTarHandlerFailed'] .run";
    browser.find(run).await.click().await.unwrap();
    let shows = |worker: &str| {
        format!(
            "return [...document.querySelectorAll('.result td')].some((it) => it.textContent === '{worker}')"
        )
    };
    browser.until(&shows("kube-one-w1")).await;
    let switch = browser.find("#carrier-switch").await;
    switch.select_by_label("prod-fra02/carrier2").await.unwrap();
    browser.until(&shows("kube-two-w2")).await;
    assert_eq!(browser.run(&shows("kube-one-w1")).await, false);

    // Where nobody answers, the page says so, and offers the link.
    switch.select_by_label("prod-wdc06/carrier1").await.unwrap();
    browser
        .until("return document.querySelector('.result .failure')?.dataset.kind === 'unreachable'")
        .await;
    let href = browser.find(".result a.button").await.attr("href").await.unwrap().unwrap();
    assert!(href.starts_with("http://127.0.0.1:1/graph?g0.expr=changes"), "{href}");
}
