//! The pages in a real browser: served from below a prefix, and opened from disk.

mod accessible;
mod arriving;
mod carriers;
mod copying;
mod driver;
mod every_page;
mod filtering;
mod finding;
mod hostile;
mod in_sight;
mod incident;
mod monitoring;
mod offline;
mod paper;
mod pasting;
mod running;
mod server;
mod story;
mod uis;
mod without_scripts;

#[path = "../support/sample.rs"]
mod sample;
#[path = "../support/site.rs"]
mod site;

use alertbook::pipeline::{self, Project};
use driver::Browser;
use sample::Built;
use server::{PREFIX, Server};
use tempfile::TempDir;

/// The runbook that has everything in it.
const BOOTSTRAP: &str = "armada/armada-bootstrap-failures.html";

/// The sample site, published into a folder and served from there.
struct Published {
    built: Built,
    server: Server,
    folder: TempDir,
}

impl Published {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        // The page for wrong addresses needs to know where the site is.
        let base_url = format!("http://127.0.0.1:{}{PREFIX}", server.port());
        let built = sample::build(Some(base_url.trim_end_matches('/')));
        let (site, out) = (sample::repository().to_owned(), folder.path().to_owned());
        let project = Project { site, out, base_url: None };
        pipeline::publish(&project, &built.checked, &|_| ()).unwrap();
        Self { built, server, folder }
    }

    /// The address of a page, or of what stands behind a page's in an address.
    fn address(&self, origin: Origin, page: &str) -> String {
        let port = self.server.port();
        match origin {
            Origin::Served => format!("http://127.0.0.1:{port}{PREFIX}{page}"),
            Origin::PlainHost => format!("http://{}:{port}{PREFIX}{page}", driver::PLAIN_HOST),
            Origin::Disk => format!("file://{}/{page}", self.folder.path().display()),
        }
    }
}

/// Where a reader has the site from.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// A server on this machine, which browsers trust as they trust https.
    Served,
    /// A server of another name without https.
    PlainHost,
    /// The disk.
    Disk,
}

/// All of them.
const ORIGINS: [Origin; 3] = [Origin::Served, Origin::PlainHost, Origin::Disk];
