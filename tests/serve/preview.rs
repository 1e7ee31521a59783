//! A preview that runs as `alertbook serve` runs, for a site of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;
use ureq::Agent;

/// How long a test waits for what must come. Machines may be slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running preview.
pub struct Preview {
    process: Child,
    folder: TempDir,
    pub url: String,
    lines: Receiver<String>,
}

/// What a site is made of in the beginning.
pub const SITE: [(&str, &str); 5] = [
    ("alertbook.yaml", "title: Trial\nrules: [\"rules/*.yaml\"]\n"),
    (
        "content/armada/etcd.md",
        "---\ntitle: Etcd\n---\n\n## First words\n\nSee [disks](disks.md).\n",
    ),
    ("content/armada/disks.md", "---\ntitle: Disks\n---\n\nAbout `EtcdDown`.\n"),
    ("content/armada/notes.txt", "as they are\n"),
    (
        "rules/etcd.yaml",
        "groups:\n- name: etcd\n  rules:\n  - alert: EtcdDown\n    expr: up == 0\n",
    ),
];

impl Preview {
    /// Starts the preview of a site with these files beside those of [`SITE`].
    pub fn start(more: &[(&str, &str)], arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in SITE.iter().chain(more) {
            write(folder.path(), path, text);
        }
        let mut process = Command::new(env!("CARGO_BIN_EXE_alertbook"))
            .args(["serve", "--addr", "127.0.0.1:0", "--site"])
            .arg(folder.path())
            .args(arguments)
            .env("PREVIEW_TOKEN", "secret-of-the-test")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut preview = Self { process, folder, url: String::new(), lines };
        let line = preview.line_with("Serving at ");
        let url = line.split(' ').nth(2).unwrap();
        url.trim_end_matches('/').clone_into(&mut preview.url);
        preview
    }

    /// The next line of what it says that has this in it.
    pub fn line_with(&self, part: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            if line.contains(part) {
                return line;
            }
        }
    }

    pub fn place(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    /// Asks for a page: its status and its text.
    pub fn get(&self, path: &str) -> (u16, String) {
        self.ask(ureq::http::Method::GET, path, &[])
    }

    pub fn ask(
        &self,
        method: ureq::http::Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, String) {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = agent().run(request.body(()).unwrap()).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// Opens the events of a page, as the page's own script does.
    pub fn events(&self, path: &str) -> Events {
        let (_, html) = self.get(path);
        let seen = between(&html, "data-seen=\"", "\"");
        let url = format!("{}/_alertbook/events?page={path}&seen={seen}", self.url);
        let answer = agent().get(&url).call().unwrap();
        let mut events = Events { lines: BufReader::new(answer.into_body().into_reader()) };
        // What is known already, if nothing has changed in between.
        let (first, data) = events.next();
        assert!(first == "reload" || data == panel_of(&html), "{first}: {data}");
        events
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a page that is open is told.
pub struct Events {
    lines: BufReader<ureq::BodyReader<'static>>,
}

impl Events {
    /// Waits for the next event: its name and its data.
    pub fn next(&mut self) -> (String, String) {
        let (mut name, mut data) = (String::new(), Vec::new());
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the preview has ended");
            match line.trim_end_matches('\n').split_once(": ") {
                Some(("event", text)) => text.clone_into(&mut name),
                Some(("data", text)) => data.push(text.to_owned()),
                _ if line == "\n" && !name.is_empty() => return (name, data.join("\n")),
                _ => {}
            }
        }
    }

    /// Waits for an event of this name.
    pub fn wait_for(&mut self, name: &str) -> String {
        loop {
            let (next, data) = self.next();
            if next == name {
                return data;
            }
        }
    }

    /// Waits until the findings have this in them.
    pub fn wait_for_finding(&mut self, part: &str) -> String {
        loop {
            let panel = self.wait_for("findings");
            if panel.contains(part) {
                return panel;
            }
        }
    }
}

/// The findings over a page, as it was delivered.
pub fn panel_of(html: &str) -> String {
    let panel = between(html, "<aside id=\"_alertbook\"", "</aside>");
    panel.split_once('>').unwrap().1.to_owned()
}

pub fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0.to_owned()
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .build();
    config.new_agent()
}

fn write(folder: &Path, path: &str, text: &str) {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}
