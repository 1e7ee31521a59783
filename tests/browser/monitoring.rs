//! What raises an alert, each a real one and the test's own: something to scrape, a Prometheus with
//! the sample's rules, an Alertmanager.

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long something may take, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long to wait between two looks.
const MOMENT: Duration = Duration::from_millis(50);

/// A program that answers over HTTP. It ends with this value.
pub struct Program {
    process: Child,
    /// Where it answers, without a slash at the end.
    pub url: String,
    _folder: TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program {
    /// Starts a program that reads a configuration, on a free port, and waits until it answers.
    fn start(
        name: &str,
        configuration: &Value,
        arguments: impl Fn(&Path, &str) -> Vec<String>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("configuration.yml");
        // JSON is YAML.
        fs::write(&file, configuration.to_string()).unwrap();
        let log = folder.path().join("log");
        for _ in 0..5 {
            // Free a moment ago. Should somebody else be faster, it ends, and the next is tried.
            let address = free_address();
            let process = Command::new(name)
                .arg(format!("--config.file={}", file.display()))
                .arg(format!("--web.listen-address={address}"))
                .args(arguments(folder.path(), &format!("http://{address}")))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(File::create(&log).unwrap())
                .spawn();
            let mut process = process.unwrap_or_else(|error| {
                panic!("can't run {name}: {error}; ./tests/run installs what this test needs")
            });
            let url = format!("http://{address}");
            let deadline = Instant::now() + PATIENCE;
            while process.try_wait().unwrap().is_none() {
                if ureq::get(format!("{url}/-/ready")).call().is_ok() {
                    return Self { process, url, _folder: folder };
                }
                assert!(Instant::now() < deadline, "{name} did not become ready");
                sleep(MOMENT);
            }
            let log = fs::read_to_string(&log).unwrap();
            assert!(log.contains("address already in use"), "{name} did not start:\n{log}");
        }
        panic!("every port was taken by somebody else");
    }

    /// What an address of its API answers.
    pub fn get(&self, path: &str) -> Value {
        let text =
            ureq::get(format!("{}{path}", self.url)).call().unwrap().body_mut().read_to_string();
        serde_json::from_str(&text.unwrap()).unwrap()
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// The sample's rule files that Prometheus reads as they are; the other one is an object of the
/// operator's.
const PLAIN_RULES: [&str; 2] = ["armada-bootstrap.yaml", "carrier-capacity.yaml"];

/// A Prometheus that scrapes an exporter, evaluates the sample's rules in a folder, and tells an Alertmanager.
pub fn prometheus(
    exporter: &Endpoint,
    rule_files: &Path,
    alertmanager: Option<&Program>,
) -> Program {
    let alertmanagers = alertmanager.map(|program| program.url.trim_start_matches("http://"));
    let configuration = json!({
        "global": { "scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms" },
        "rule_files": PLAIN_RULES.map(|file| rule_files.join(file)),
        "scrape_configs": [{ "job_name": "sample", "static_configs": [{ "targets": [exporter.address.to_string()] }] }],
        "alerting": { "alertmanagers": [{ "static_configs": [{ "targets": alertmanagers.into_iter().collect::<Vec<_>>() }] }] },
    });
    Program::start("prometheus", &configuration, |folder, url| {
        vec![
            format!("--storage.tsdb.path={}", folder.join("data").display()),
            // What stands in the `Source:` of its alerts.
            format!("--web.external-url={url}"),
        ]
    })
}

/// An Alertmanager that keeps to itself what it is told.
pub fn alertmanager() -> Program {
    let configuration = json!({ "route": { "receiver": "nobody", "group_wait": "0s" }, "receivers": [{ "name": "nobody" }] });
    Program::start("prometheus-alertmanager", &configuration, |folder, _| {
        vec![
            format!("--storage.path={}", folder.join("data").display()),
            "--cluster.listen-address=".to_owned(),
        ]
    })
}

/// Waits until there is something to be had.
pub fn until_some<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} never came");
        sleep(MOMENT);
    }
}

/// Answers requests as a test wants it. It ends with this value.
pub struct Endpoint {
    address: SocketAddr,
    stops: Arc<AtomicBool>,
}

/// What an endpoint answers: more headers, each with its line break, and a body.
pub type Answer = (String, String);

impl Endpoint {
    /// Answers what `make` makes of a request's path.
    pub fn start(make: impl Fn(&str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let stops = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stops);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if seen.load(Ordering::Relaxed) {
                    break;
                }
                answer(connection, &make);
            }
        });
        Self { address, stops }
    }

    /// Serves metrics: what `metrics` makes of the number of the scrape.
    pub fn exporter(metrics: impl Fn(usize) -> String + Send + 'static) -> Self {
        let count = AtomicUsize::new(0);
        let kind = "Content-Type: text/plain; version=0.0.4\r\n";
        Self::start(move |_| (kind.to_owned(), metrics(count.fetch_add(1, Ordering::Relaxed))))
    }

    /// Where it answers, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::Relaxed);
        // The listener sleeps until somebody calls.
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers the one request of a connection. Somebody who hangs up is no fault.
fn answer(mut connection: TcpStream, make: &impl Fn(&str) -> Answer) -> Option<()> {
    connection.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut reader = BufReader::new(connection.try_clone().ok()?);
    let mut request = String::new();
    reader.read_line(&mut request).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    // Hanging up on somebody who still talks would be taken for a fault of the connection.
    reader.read_exact(&mut vec![0; length]).ok()?;
    let (headers, body) = make(request.split(' ').nth(1)?);
    let status = match &headers {
        _ if headers.contains("Status: ") => "503 Unavailable",
        _ if headers.contains("Location: ") => "302 Found",
        _ => "200 OK",
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(body.as_bytes()).ok()
}
