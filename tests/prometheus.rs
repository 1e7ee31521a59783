//! A real Prometheus takes the sample's rules and answers every query of its pages.

#[path = "support/sample.rs"]
mod sample;

use alertbook::promui::prometheus::go_query_escape;
use sample::{Built, repository};
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long Prometheus may take until it answers, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Prometheus of the test's own, on the loopback, with these rules and nothing to scrape. It ends
/// with this value.
struct Prometheus {
    process: Child,
    url: String,
}

impl Prometheus {
    /// Starts one that keeps its files in a folder.
    fn start(folder: &Path, rule_files: &[PathBuf]) -> Self {
        let configuration = folder.join("prometheus.yml");
        let text = serde_json::json!({ "rule_files": rule_files });
        fs::write(&configuration, text.to_string()).unwrap();
        let log = folder.join("log");
        for _ in 0..5 {
            // Free a moment ago. Should somebody else be faster, it ends, and the next is tried.
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let address = port.local_addr().unwrap();
            drop(port);
            let process = Command::new("prometheus")
                .arg(format!("--config.file={}", configuration.display()))
                .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
                .arg(format!("--web.listen-address={address}"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(File::create(&log).unwrap())
                .spawn();
            let process =
                process.unwrap_or_else(|error| panic!("{}", missing("prometheus", &error)));
            let mut started = Self { process, url: format!("http://{address}") };
            if started.becomes_ready() {
                return started;
            }
            let log = fs::read_to_string(&log).unwrap();
            assert!(log.contains("address already in use"), "prometheus did not start:\n{log}");
        }
        panic!("every port was taken by somebody else");
    }

    /// Waits until it answers; false if it ended instead.
    fn becomes_ready(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            if ureq::get(format!("{}/-/ready", self.url)).call().is_ok() {
                return true;
            }
            sleep(Duration::from_millis(25));
        }
        panic!("prometheus did not become ready in {PATIENCE:?}");
    }

    /// What an endpoint of its API answers, errors included.
    fn ask(&self, endpoint: &str, query: &str) -> Value {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let mut answer = agent
            .post(format!("{}/api/v1/{endpoint}", self.url))
            .content_type("application/x-www-form-urlencoded")
            .send(format!("query={}", go_query_escape(query)))
            .unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    /// An expression as Prometheus itself would lay it out.
    fn formatted(&self, expression: &str) -> String {
        let answer = self.ask("format_query", expression);
        answer["data"].as_str().unwrap_or_else(|| panic!("{expression}: {answer}")).to_owned()
    }

    /// The alerting rules that it has loaded.
    fn alerting_rules(&self) -> Vec<Value> {
        let url = format!("{}/api/v1/rules?type=alert", self.url);
        let text = ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let groups = answer["data"]["groups"].as_array().unwrap().iter();
        groups.flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn missing(program: &str, error: &std::io::Error) -> String {
    format!("can't run {program}: {error}; ./tests/run installs what this test needs")
}

/// The sample's rule files as Prometheus takes them: of a `PrometheusRule` object, its `spec`.
fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut objects = 0;
    for entry in fs::read_dir(repository().join("content/rules")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let value: Value = serde_yaml::from_str(&text).unwrap();
        if value["kind"] == "PrometheusRule" {
            // JSON is YAML.
            let plain = folder.join(path.file_name().unwrap());
            fs::write(&plain, value["spec"].to_string()).unwrap();
            files.push(plain);
            objects += 1;
        } else {
            files.push(path);
        }
    }
    assert!(objects > 0 && objects < files.len(), "the sample should have rules of both kinds");
    files
}

/// The queries on all pages as they stand in the links, each with its holes filled, and one of the
/// pages that it stands on.
fn queries(built: &Built) -> BTreeMap<String, &str> {
    let with_holes: BTreeMap<&str, String> = built
        .checked
        .site
        .pages
        .iter()
        .flat_map(|page| &page.runbook.snippets)
        .flat_map(|snippet| &snippet.queries)
        .map(|query| {
            let mut filled = query.text.clone();
            for hole in query.placeholders.iter().rev() {
                let range = hole.range.clone();
                // Between brackets only a duration can stand; `w1` is right everywhere else.
                let value = if query.text[..range.start].ends_with('[') { "5m" } else { "w1" };
                filled.replace_range(range, value);
            }
            (query.text.as_str(), filled)
        })
        .collect();
    let link = Selector::parse("a.promql-open").unwrap();
    let mut queries = BTreeMap::new();
    for (path, html) in built.pages() {
        for link in Html::parse_document(html).select(&link) {
            let written = link.attr("data-expr").unwrap();
            let query = with_holes.get(written).map_or(written, String::as_str);
            queries.insert(query.to_owned(), path);
        }
    }
    queries
}

#[test]
fn every_query_of_every_page_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(folder.path(), &rule_files(folder.path()));
    let broken = prometheus.ask("query", "up{");
    assert_eq!((&broken["status"], &broken["errorType"]), (&"error".into(), &"bad_data".into()));

    let built = sample::build(None);
    let queries = queries(&built);
    assert!(queries.len() > 50, "only {} queries were seen", queries.len());
    for (query, page) in queries {
        let answer = prometheus.ask("query", &query);
        assert_eq!(answer["status"], "success", "{page}: {query}: {answer}");
        assert!(!query.contains("*workerID*") && !query.contains("<workerID>"), "{page}: {query}");
    }
}

#[test]
fn prometheus_loads_the_alerts_that_the_site_lists() {
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(folder.path(), &rule_files(folder.path()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let loaded: BTreeSet<_> = prometheus
        .alerting_rules()
        .iter()
        .map(|rule| {
            let query = prometheus.formatted(rule["query"].as_str().unwrap());
            (text(&rule["name"]), text(&rule["labels"]["severity"]), query)
        })
        .collect();

    let built = sample::build(None);
    let manifest = built.rendered.iter().find(|file| file.path == "alertbook.json").unwrap();
    let manifest: Value = serde_json::from_slice(&manifest.bytes).unwrap();
    let mut listed = BTreeSet::new();
    for alert in manifest["alerts"].as_array().unwrap() {
        for rule in alert["rules"].as_array().unwrap() {
            let query = prometheus.formatted(rule["expr"].as_str().unwrap());
            listed.insert((text(&alert["alert"]), text(&rule["severity"]), query));
        }
    }
    assert_eq!(listed, loaded);
    assert!(listed.len() > 20);
}

#[test]
fn promtool_finds_the_rules_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "rules"]).args(rule_files(folder.path()));
    let output =
        promtool.output().unwrap_or_else(|error| panic!("{}", missing("promtool", &error)));
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
