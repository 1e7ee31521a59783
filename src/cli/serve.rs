//! `alertbook serve`: the site in a browser, as it is right now.

use super::{Ended, SiteArguments, fail, print_report, project, warn};
use crate::diag::text;
use crate::failure::{Failure, why};
use crate::pipeline::Checked;
use crate::serve::{DEFAULT_ADDRESS, Observer, Options, Preview, Read};
use clap::Args;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Where to answer [default: 127.0.0.1:4100, or the next free port]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    addr: Option<SocketAddr>,
    /// Open the start page in a browser
    #[arg(long)]
    open: bool,
    /// Pass queries of the pages on to the carriers, with the token that the configuration names
    #[arg(long)]
    query: bool,
    /// Look at all files every second, without waiting to be told of changes
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    site: SiteArguments,
}

/// An address as people write it: with a port, without one, or a port alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text
        .strip_prefix("localhost")
        .map_or_else(|| text.to_owned(), |rest| format!("{}{rest}", DEFAULT_ADDRESS.ip()));
    let with_port = || text.parse::<SocketAddr>().ok();
    let without = || Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, DEFAULT_ADDRESS.port()));
    let port = || {
        let port = text.strip_prefix(':').unwrap_or(&text).parse().ok()?;
        Some(SocketAddr::new(DEFAULT_ADDRESS.ip(), port))
    };
    with_port()
        .or_else(without)
        .or_else(port)
        .ok_or_else(|| "an address is an IP address with a port, such as 127.0.0.1:4100".to_owned())
}

pub(super) fn run(site: PathBuf, arguments: &ServeArguments) -> Result<Ended, Failure> {
    let ip = arguments.addr.unwrap_or(DEFAULT_ADDRESS).ip();
    if arguments.query && !ip.is_loopback() {
        return Err(Failure::Usage(format!(
            "--query answers on this machine alone, and {ip} can be asked by others: who asks \
             would ask with your token"
        )));
    }
    // What the system tells of changes has whole paths.
    let site = site.canonicalize().unwrap_or(site);
    let options = Options {
        project: project(site, &arguments.site, None),
        address: arguments.addr,
        poll: arguments.poll,
        passes_queries: arguments.query,
    };
    let started = Preview::bind(options).and_then(|preview| Ok((preview.address()?, preview)));
    let (address, preview) = started.map_err(|error| {
        let wanted = arguments.addr.unwrap_or(DEFAULT_ADDRESS);
        Failure::World(format!("can't answer at {wanted}: {}", why(&error)))
    })?;
    let url = format!("http://{address}/");
    let terminal = Terminal { url: url.clone(), open: arguments.open, was_read: false };
    let ended = preview.run(terminal);
    ended.map_err(|error| {
        Failure::World(format!("the preview at {url} has ended: {}", why(&error)))
    })?;
    Ok(Ended::Clean)
}

/// Says on the terminal what the preview does.
struct Terminal {
    url: String,
    /// Whether a browser is to be opened.
    open: bool,
    was_read: bool,
}

impl Observer for Terminal {
    fn polls(&mut self, reason: &str) {
        warn(&format!("looking at all files every second, {reason}"));
    }

    fn read(&mut self, outcome: Read<'_>) {
        let is_first = !std::mem::replace(&mut self.was_read, true);
        match outcome {
            Read::Site(checked) => say_site(checked, is_first),
            Read::Fault(failure) => _ = fail(failure),
        }
        if is_first {
            anstream::eprintln!("Serving at {} until Ctrl-C.", self.url);
            if self.open
                && let Err(error) = open::that_detached(&self.url)
            {
                warn(&format!("no browser opens: {}", why(&error)));
            }
        }
    }
}

fn say_site(checked: &Checked, is_first: bool) {
    let milliseconds: f64 =
        checked.timings.stages.iter().map(|(_, took)| took.as_secs_f64() * 1000.0).sum();
    if is_first {
        for warning in &checked.warnings {
            warn(warning);
        }
        print_report(&checked.report, "each is shown on its page", anstream::stderr());
        return;
    }
    let summary = text::summary(&checked.report).unwrap_or_else(|| "no findings".to_owned());
    anstream::eprintln!("Read again in {milliseconds:.0} ms: {summary}.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, expected) in [
            ("127.0.0.1:80", Some("127.0.0.1:80")),
            ("0.0.0.0", Some("0.0.0.0:4100")),
            ("[::1]:9", Some("[::1]:9")),
            ("::1", Some("[::1]:4100")),
            (":8080", Some("127.0.0.1:8080")),
            ("8080", Some("127.0.0.1:8080")),
            ("localhost:8080", Some("127.0.0.1:8080")),
            ("localhost", Some("127.0.0.1:4100")),
            ("example.com:80", None),
            ("99999", None),
            ("", None),
        ] {
            let address = address(text).ok().map(|address| address.to_string());
            assert_eq!(address.as_deref(), expected, "{text}");
        }
    }
}
