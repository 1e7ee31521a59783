//! A Chromium without a window, driven by chromedriver.

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long something may take that should be there at once, on a machine with other work to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait between two looks.
const MOMENT: Duration = Duration::from_millis(20);

/// A name that leads to this machine, and is no secure origin to the browser as `127.0.0.1` is.
pub const PLAIN_HOST: &str = "runbooks.test";

/// A browser of the test's own, with one tab. It ends with this value.
pub struct Browser {
    /// The way to give it orders.
    pub client: Client,
    /// The address of its session at the driver.
    session: String,
    _driver: Driver,
    _profile: TempDir,
}

/// The process of chromedriver.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Starts a browser.
    pub async fn start() -> Self {
        Self::start_with(&json!({})).await
    }

    /// Starts a browser that runs no script of any page.
    pub async fn start_without_scripts() -> Self {
        Self::start_with(&json!({ "profile.managed_default_content_settings.javascript": 2 })).await
    }

    async fn start_with(preferences: &Value) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (driver, url) = start_driver(profile.path()).await;
        let capabilities = json!({
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": [
                    "--headless=new",
                    // The tests may run as root, where Chromium has no sandbox.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-features=HttpsUpgrades,HttpsFirstBalancedMode",
                    "--window-size=1280,900",
                    format!("--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1"),
                    format!("--user-data-dir={}", profile.path().join("profile").display()),
                ],
                "prefs": preferences,
            },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let mut client = ClientBuilder::new(HttpConnector::new());
        let client =
            client.capabilities(capabilities).connect(&url).await.unwrap_or_else(|error| {
                panic!(
                    "chromium did not start ({error}); ./tests/run installs what this test needs"
                )
            });
        let id = client.session_id().await.unwrap().unwrap();
        let session = format!("{url}/session/{id}");
        Self { client, session, _driver: driver, _profile: profile }
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Follows a link on the open page.
    pub async fn follow(&self, url: &str) {
        let script = "window.isLeft = true;
            const link = document.createElement('a');
            link.href = arguments[0];
            document.body.append(link);
            link.click();";
        self.client.execute(script, vec![Value::from(url)]).await.unwrap();
        self.until("return !window.isLeft && document.readyState === 'complete'").await;
    }

    /// The address that is open.
    pub async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// The element that a selector finds first.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.client.find(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// What a script on the page returns.
    pub async fn run(&self, script: &str) -> Value {
        let result = self.client.execute(script, Vec::new()).await;
        result.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a script on the page returns true.
    pub async fn until(&self, script: &str) {
        let deadline = Instant::now() + PATIENCE;
        // While one page makes way for another there may be none to ask.
        while self.client.execute(script, Vec::new()).await.ok() != Some(Value::Bool(true)) {
            assert!(Instant::now() < deadline, "never true at {}: {script}", self.address().await);
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Waits until an address is open.
    pub async fn until_at(&self, url: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.address().await != url {
            assert!(Instant::now() < deadline, "at {} instead of {url}", self.address().await);
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Sends a command of Chromium's own protocol for its developer tools.
    pub fn devtools(&self, command: &str, parameters: &Value) {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    /// What the browser has written to its console since the last time, a line each; findings of the
    /// content security policy among it.
    pub fn console(&self) -> Vec<String> {
        let answer = self.post("se/log", &json!({ "type": "browser" }));
        let entries = answer["value"].as_array().unwrap().iter();
        entries.map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        let answer = ureq::post(format!("{}/{command}", self.session)).send(body.to_string());
        let mut answer = answer.unwrap_or_else(|error| panic!("{command}: {error}"));
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with its session; alone, it would leave it behind.
        let _ = ureq::delete(&self.session).call();
    }
}

/// Starts chromedriver on a free port, and gives its address.
async fn start_driver(folder: &Path) -> (Driver, String) {
    let log = folder.join("chromedriver");
    let deadline = Instant::now() + PATIENCE;
    let mut driver = spawn_driver(&log);
    loop {
        let said = fs::read_to_string(&log).unwrap();
        let port =
            said.split_once("successfully on port ").and_then(|(_, port)| port.split_once('.'));
        if let Some((port, _)) = port {
            return (driver, format!("http://127.0.0.1:{port}"));
        }
        let ended = driver.0.try_wait().unwrap();
        // It takes a port that is free for one version of IP, and gives up if another one is quicker to
        // take that of the other version.
        if ended.is_some() && said.contains("port not available") && Instant::now() < deadline {
            driver = spawn_driver(&log);
            continue;
        }
        assert!(ended.is_none() && Instant::now() < deadline, "chromedriver: {ended:?} {said}");
        tokio::time::sleep(MOMENT).await;
    }
}

fn spawn_driver(log: &Path) -> Driver {
    let process = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(File::create(log).unwrap())
        .stderr(Stdio::null())
        .spawn();
    Driver(process.unwrap_or_else(|error| {
        panic!("can't run chromedriver: {error}; ./tests/run installs what this test needs")
    }))
}
