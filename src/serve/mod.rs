//! `alertbook serve`: the site as it is right now, in a browser.
//!
//! One thread waits for files to change and reads the site again; what it makes is shown by all
//! requests from then on, each page rendered when it is asked for. Pages that are open are told when
//! they are no longer what the site has.
//!
//! Architecture invariant: a request sees one state of the site, whole, and changes nothing.

mod http;
mod panel;
mod preview;
mod query;
mod watch;

use crate::failure::Failure;
use crate::pipeline::{Builder, Checked, Project};
use preview::Shown;
use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch::{Receiver, Sender, channel};
use watch::{Change, Watcher};

/// Where the preview is unless somebody says otherwise; the next free port if it is taken.
pub const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4100);

/// What is served, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site.
    pub project: Project,
    /// The address, if it must be this one.
    pub address: Option<SocketAddr>,
    /// Whether files are looked at again and again, without relying on the system.
    pub poll: bool,
    /// Whether queries are passed on to the carriers.
    pub passes_queries: bool,
}

/// What whoever started the preview is told.
pub trait Observer: Send {
    /// Files are looked at again and again, and why.
    fn polls(&mut self, why: &str);
    /// The site was read: what it is now, or why it can't be read.
    fn read(&mut self, shown: Read<'_>);
}

/// The outcome of reading a site.
#[derive(Debug, Clone, Copy)]
pub enum Read<'r> {
    /// A site, for the first time or again.
    Site(&'r Checked),
    /// It can't be read, and why.
    Fault(&'r Failure),
}

/// A preview that is ready to answer.
#[derive(Debug)]
pub struct Preview {
    listener: TcpListener,
    options: Options,
}

impl Preview {
    /// Takes the address.
    ///
    /// # Errors
    ///
    /// It is taken, or not one of this machine.
    pub fn bind(options: Options) -> io::Result<Self> {
        let listener = match options.address {
            Some(address) => TcpListener::bind(address)?,
            None => http::listen_from(DEFAULT_ADDRESS)?,
        };
        Ok(Self { listener, options })
    }

    /// Where it answers.
    ///
    /// # Errors
    ///
    /// The system does not know.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Reads the site and answers until the process ends.
    ///
    /// # Errors
    ///
    /// The system gives no threads or takes the socket away.
    pub fn run(self, mut observer: impl Observer + 'static) -> io::Result<()> {
        let Options { project, poll, passes_queries, .. } = self.options;
        let mut builder = Builder::keeping();
        let empty = Shown::nothing(passes_queries);
        let (watcher, why_polling) = Watcher::new(&project.site, poll);
        if let Some(why) = why_polling {
            observer.polls(&why);
        }
        let shown = Arc::new(empty.read(&mut builder, &project));
        observer.read(outcome(&shown));
        let (sender, receiver) = channel(shown);
        let site = project.site.clone();
        std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
            Reader { project, builder, watcher, sender, observer }.run();
        })?;
        answer(self.listener, &site, receiver)
    }
}

/// Answers requests on two threads: what takes time is done on others.
fn answer(listener: TcpListener, site: &Path, shown: Receiver<Arc<Shown>>) -> io::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(http::serve(listener, site, shown))
}

fn outcome(shown: &Shown) -> Read<'_> {
    match (&shown.fault, &shown.checked) {
        (Some(fault), _) => Read::Fault(fault),
        (None, Some(checked)) => Read::Site(checked),
        (None, None) => unreachable!("a site was read, or could not be"),
    }
}

/// Reads the site whenever it changes.
struct Reader<O> {
    project: Project,
    builder: Builder,
    watcher: Watcher,
    sender: Sender<Arc<Shown>>,
    observer: O,
}

impl<O: Observer> Reader<O> {
    fn run(mut self) {
        loop {
            let shown = Arc::clone(&self.sender.borrow());
            let change = match self.watcher.watch(&self.folders(&shown)) {
                // What happened in a folder before it was watched was not seen.
                Ok(true) => Change::Anything,
                Ok(false) => self.watcher.next(),
                Err(why) => {
                    self.observer.polls(&why);
                    Change::Anything
                }
            };
            let next = match &change {
                Change::Paths(paths) => shown.read_again(&mut self.builder, &self.project, paths),
                Change::Anything => match shown.read_if_changed(&mut self.builder, &self.project) {
                    Some(next) => next,
                    None => continue,
                },
            };
            self.observer.read(outcome(&next));
            if self.sender.send(Arc::new(next)).is_err() {
                return;
            }
        }
    }

    /// The folders in which something may happen that changes the site.
    fn folders(&self, shown: &Shown) -> BTreeSet<PathBuf> {
        match &shown.checked {
            Some(checked) => checked.inputs.folders.clone(),
            None => BTreeSet::from([self.project.site.clone()]),
        }
    }
}
