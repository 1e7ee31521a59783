//! A real Prometheus for a test.

use alertbook::promui::prometheus::go_query_escape;
use serde_json::Value;
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
pub struct Prometheus {
    process: Child,
    /// Where it answers, without a slash at the end.
    pub url: String,
}

impl Prometheus {
    /// Starts one that keeps its files in a folder.
    pub fn start(folder: &Path, rule_files: &[PathBuf]) -> Self {
        Self::configured(folder, &serde_json::json!({ "rule_files": rule_files }))
    }

    /// Starts one with a configuration of its own.
    pub fn configured(folder: &Path, text: &Value) -> Self {
        let configuration = folder.join("prometheus.yml");
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
    pub fn ask(&self, endpoint: &str, query: &str) -> Value {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let mut answer = agent
            .post(format!("{}/api/v1/{endpoint}", self.url))
            .content_type("application/x-www-form-urlencoded")
            .send(format!("query={}", go_query_escape(query)))
            .unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    /// An expression as Prometheus itself would lay it out.
    pub fn formatted(&self, expression: &str) -> String {
        let answer = self.ask("format_query", expression);
        answer["data"].as_str().unwrap_or_else(|| panic!("{expression}: {answer}")).to_owned()
    }

    /// The first alert that fires, once one does.
    pub fn firing(&self) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let url = format!("{}/api/v1/alerts", self.url);
            let text = ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
            let answer: Value = serde_json::from_str(&text).unwrap();
            let alert = &answer["data"]["alerts"][0];
            if alert["state"] == "firing" {
                return alert.clone();
            }
            sleep(Duration::from_millis(50));
        }
        panic!("nothing fires after {PATIENCE:?}");
    }

    /// The alerting rules that it has loaded.
    pub fn alerting_rules(&self) -> Vec<Value> {
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

/// What to say where a program that a test needs can't be run.
pub fn missing(program: &str, error: &std::io::Error) -> String {
    format!("can't run {program}: {error}; ./tests/run installs what this test needs")
}
