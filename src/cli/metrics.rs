//! `alertbook metrics`: the inventory of metrics, out of a Prometheus.

use super::{Ended, count};
use crate::config::{Access, Carrier, Config};
use crate::failure::Failure;
use crate::load;
use crate::output;
use crate::paths::{absolute, shown};
use crate::prometheus::{METRIC_NAMES, Server, metric_names};
use crate::yaml::Text;
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
        let found = metric_names(server);
        names.extend(found.map_err(|unanswered| Failure::World(unanswered.to_string()))?);
        from.push(server.endpoint(METRIC_NAMES));
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

/// The servers to ask, ready to be asked.
fn servers(
    site: &Path,
    config: &Config,
    arguments: &MetricsArguments,
) -> Result<Vec<Server>, Failure> {
    let of_carrier = |carrier: &Carrier| Ok(Server::of(carrier, site)?);
    if arguments.from.is_empty() {
        let carriers = config.all_carriers();
        if carriers.is_empty() {
            let message = "there are no carriers to ask; --from names a Prometheus by its address";
            return Err(Failure::Usage(message.to_owned()));
        }
        return carriers.iter().map(of_carrier).collect();
    }
    let access = Access {
        token_env: arguments.token_env.as_ref().map(|name| Text::of_option("--token-env", name)),
        // Certificates are looked for in the site, and this file is named from here.
        ca: (arguments.ca.as_ref())
            .map(|file| Text::of_option("--ca", &absolute(file).to_string_lossy())),
        ..Access::default()
    };
    let one = |from: &String| match config.carrier(from) {
        Some(carrier) => of_carrier(carrier),
        None => match crate::config::base_url(from) {
            Ok(url) => Ok(Server::new(&url, &access, site)?),
            Err(fault) => {
                // A password in it stays out of the logs of whoever runs this.
                let said =
                    from.rsplit_once('@').map_or(from.clone(), |(_, host)| format!("…@{host}"));
                Err(Failure::Usage(format!("`{said}` is no carrier, and as an address {fault}")))
            }
        },
    };
    arguments.from.iter().map(one).collect()
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
