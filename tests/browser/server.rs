//! The plainest of web servers: the files of a folder below `/docs/`, so that nothing on the pages
//! may count on standing at the top of a host.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// The path that the site is served below.
pub const PREFIX: &str = "/docs/";

/// The file that a page asks for to have the scripts that are held back; there is none.
pub const RELEASE: &str = "release.png";

/// Whether scripts are held back, and how those that wait hear of the end of that.
type Gate = Arc<(Mutex<bool>, Condvar)>;

/// A server that ends with this value.
pub struct Server {
    port: u16,
    stops: Arc<AtomicBool>,
    hangs: Arc<AtomicBool>,
    gate: Gate,
}

impl Server {
    /// Serves a folder on a free port of the loopback. The folder may be filled later.
    pub fn start(folder: &Path) -> Self {
        Self::start_at(folder, 0)
    }

    /// The same on the port of a server that has ended.
    pub fn start_at(folder: &Path, port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let stops = Arc::new(AtomicBool::new(false));
        let hangs = Arc::new(AtomicBool::new(false));
        let gate = Gate::default();
        let (seen, hanging, folder) = (Arc::clone(&stops), Arc::clone(&hangs), folder.to_owned());
        let held = Arc::clone(&gate);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if seen.load(Ordering::Relaxed) {
                    break;
                }
                let (folder, gate) = (folder.clone(), Arc::clone(&held));
                let (seen, hanging) = (Arc::clone(&seen), Arc::clone(&hanging));
                // A browser opens connections ahead of time. It may never use them, or only when the
                // server has ended.
                thread::spawn(move || {
                    let asked = request(&connection)?;
                    if hanging.load(Ordering::Relaxed) {
                        // Open as long as the process is, and never answered.
                        std::mem::forget(connection);
                        return None;
                    }
                    let has_ended = seen.load(Ordering::Relaxed);
                    (!has_ended).then(|| answer(connection, &asked, &folder, &gate))?
                });
            }
        });
        Self { port, stops, hangs, gate }
    }

    /// Holds scripts back from now on, until a page asks for [`RELEASE`].
    pub fn hold_scripts(&self) {
        *self.gate.0.lock().unwrap() = true;
    }

    /// Takes connections from now on, and answers none.
    pub fn hang(&self) {
        self.hangs.store(true, Ordering::Relaxed);
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::Relaxed);
        // The listener sleeps until somebody calls.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// The path of the one request of a connection.
fn request(connection: &TcpStream) -> Option<String> {
    connection.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    let request = lines.next()?;
    while !lines.next()?.is_empty() {}
    Some(request.split(' ').nth(1)?.split(['?', '#']).next()?.to_owned())
}

/// Answers it. A browser that hangs up is no fault.
fn answer(mut connection: TcpStream, path: &str, folder: &Path, gate: &Gate) -> Option<()> {
    let (is_held, changed) = &**gate;
    if path.ends_with(RELEASE) {
        *is_held.lock().ok()? = false;
        changed.notify_all();
    } else if path.ends_with(".js") {
        let patience = Duration::from_secs(60);
        drop(changed.wait_timeout_while(is_held.lock().ok()?, patience, |is_held| *is_held).ok()?);
    }
    let (status, file) = match file_at(folder, path) {
        Some(file) => ("200 OK", file),
        None => ("404 Not Found", folder.join("404.html")),
    };
    let (kind, body) = (content_type(&file), fs::read(&file).unwrap_or_default());
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(&body).ok()
}

/// The file that a request is for: of a folder with a slash behind it, its `index.html`.
fn file_at(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix(PREFIX)?;
    let path = alertbook::site::address::percent_decode(path);
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let file = if path.is_empty() || path.ends_with('/') {
        folder.join(&*path).join("index.html")
    } else {
        folder.join(&*path)
    };
    file.is_file().then_some(file)
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
