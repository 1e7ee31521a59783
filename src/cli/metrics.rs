//! `alertbook metrics`: the inventory of metrics, out of a Prometheus.

use super::{Ended, count};
use crate::config::{Access, Carrier, Config};
use crate::failure::Failure;
use crate::load::{self, shown};
use crate::output;
use crate::prometheus::Server;
use crate::site::Unanswered;
use crate::source::Source;
use crate::yaml::{self, Text};
use clap::Args;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where the inventory goes that the configuration does not name.
const INVENTORY: &str = "metrics.txt";

#[derive(Debug, Args)]
pub(super) struct MetricsArguments {
    /// A Prometheus, by its address or as the name of a carrier; several make one inventory
    /// [default: all carriers]
    #[arg(long, value_name = "URL")]
    from: Vec<String>,
    /// The environment variable with the bearer token for an address
    #[arg(long, value_name = "NAME", requires = "from")]
    token_env: Option<String>,
    /// The file with the certificates to trust for an address, in PEM
    #[arg(long, value_name = "FILE", requires = "from")]
    ca: Option<PathBuf>,
    /// Where the inventory is written [default: the `metrics` of alertbook.yaml, or metrics.txt]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(site: &Path, arguments: &MetricsArguments) -> Result<Ended, Failure> {
    let config = load::configuration(site)?;
    let servers = servers(site, &config, arguments)?;
    let mut names = BTreeSet::new();
    let mut from = Vec::new();
    for server in &servers {
        let found = metrics(server);
        names.extend(found.map_err(|unanswered| Failure::World(unanswered.to_string()))?);
        from.push(server.endpoint(ENDPOINT));
    }
    let configured = config.metrics.as_ref().map(|metrics| site.join(&metrics.path));
    let out = arguments.out.clone().or_else(|| configured.clone());
    let out = out.unwrap_or_else(|| site.join(INVENTORY));
    output::save(&out, &inventory(&names, &from))?;
    anstream::println!("Wrote {} into {}.", count(names.len(), "metric"), shown(&out));
    if configured.is_none() {
        let path = out.strip_prefix(site).unwrap_or(&out);
        anstream::println!(
            "Next: `metrics: {}` in {} lets `alertbook check` find those that are in no inventory.",
            path.display(),
            load::CONFIGURATION
        );
    }
    Ok(Ended::Clean)
}

/// What lists the names of all metrics.
const ENDPOINT: &str = "label/__name__/values";

/// The servers to ask, ready to be asked.
fn servers(
    site: &Path,
    config: &Config,
    arguments: &MetricsArguments,
) -> Result<Vec<Server>, Failure> {
    let misconfigured = |fault: crate::prometheus::Misconfigured| {
        Failure::Configuration(vec![fault.into_diagnostic()])
    };
    let of_carrier = |carrier: &Carrier| {
        let url = carrier.api.as_ref().unwrap_or(&carrier.url);
        Server::new(url, &carrier.access, site).map_err(misconfigured)
    };
    if arguments.from.is_empty() {
        let carriers = config.all_carriers();
        if carriers.is_empty() {
            let message = "there are no carriers to ask; --from names a Prometheus by its address";
            return Err(Failure::Usage(message.to_owned()));
        }
        return carriers.iter().map(of_carrier).collect();
    }
    let access = Access {
        token_env: arguments.token_env.as_deref().and_then(|name| text("--token-env", name)),
        ca: arguments.ca.as_ref().and_then(|file| {
            // Certificates are looked for in the site, and this file is named from here.
            text("--ca", &load::absolute(file).to_string_lossy())
        }),
        ..Access::default()
    };
    let one = |from: &String| match config.carrier(from) {
        Some(carrier) => of_carrier(carrier),
        None => match crate::config::base_url(from) {
            Ok(url) => Server::new(&url, &access, site).map_err(misconfigured),
            Err(fault) => {
                Err(Failure::Usage(format!("`{from}` is no carrier, and as an address {fault}")))
            }
        },
    };
    arguments.from.iter().map(one).collect()
}

/// A text of the command line, with a place that names its option.
fn text(option: &str, value: &str) -> Option<Text> {
    let written = serde_json::to_string(value).ok()?;
    let source = Source::new(option, written);
    let documents = yaml::parse(&source, 0..source.text().len()).ok()?;
    documents.first()?.text()
}

/// The names of all metrics that a server has.
fn metrics(server: &Server) -> Result<Vec<String>, Unanswered> {
    let answer = server.get(ENDPOINT, &[]).map_err(Unanswered::from)?;
    serde_json::from_value(answer).map_err(|_| Unanswered {
        url: server.endpoint(ENDPOINT),
        reason: "it answers with something else than names".to_owned(),
        help: None,
    })
}

fn inventory(names: &BTreeSet<String>, from: &[String]) -> String {
    let mut text = String::new();
    for url in from {
        let _ = writeln!(text, "# From {url}; `alertbook metrics` writes this file.");
    }
    for name in names {
        let _ = writeln!(text, "{name}");
    }
    text
}
