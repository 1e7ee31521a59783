//! The carriers of a site, asked over the network.

use super::{NoAnswer, Server, loaded_rules};
use crate::config::{Carrier, Config};
use crate::failure::Failure;
use crate::rules::parse_loaded;
use crate::site::{CarrierAnswer, RefusedQuery, Unanswered};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a carrier is asked queries, as a multiple of how long one answer may take.
const PATIENCE: u32 = 6;

/// Every carrier of a site, ready to be asked.
#[derive(Debug)]
pub struct Network {
    servers: Vec<(String, Server)>,
}

impl Network {
    /// The carriers of a site in the folder `site`.
    ///
    /// # Errors
    ///
    /// A token or a certificate that the configuration names is not there.
    pub fn new(config: &Config, site: &Path) -> Result<Self, Failure> {
        let servers = config
            .all_carriers()
            .iter()
            .map(|carrier| Ok((carrier.name.to_string(), Server::of(carrier, site)?)));
        Ok(Self { servers: servers.collect::<Result<_, Failure>>()? })
    }

    /// Asks a carrier for its rules, then to run queries.
    pub fn ask(&self, carrier: &Carrier, queries: &[&str]) -> CarrierAnswer {
        let server = self.servers.iter().find(|(name, _)| carrier.name == name.as_str());
        let Some((_, server)) = server else {
            let reason = "it is no carrier of the site".to_owned();
            let unanswered = Unanswered { url: carrier.url.clone(), reason, help: None };
            return CarrierAnswer { rules: Err(unanswered), refused: Vec::new(), silence: None };
        };
        let rules = loaded_rules(server).map(|source| parse_loaded(&source));
        let (mut refused, mut silence) = (Vec::new(), None);
        if rules.is_ok() {
            let deadline = Instant::now() + PATIENCE * server.timeout;
            for query in queries {
                if Instant::now() >= deadline {
                    silence = Some(too_slow(server));
                    break;
                }
                match run(server, query) {
                    Ok(None) => {}
                    Ok(Some(message)) => {
                        refused.push(RefusedQuery { query: (*query).to_owned(), message });
                    }
                    Err(unanswered) => {
                        silence = Some(unanswered);
                        break;
                    }
                }
            }
        }
        CarrierAnswer { rules, refused, silence }
    }
}

/// Runs a query; what the carrier has against it, if anything.
fn run(server: &Server, query: &str) -> Result<Option<String>, Unanswered> {
    // The carrier gives up before we do, so that it is a refusal of the query and no silence.
    let timeout = server.timeout.mul_f64(0.8).max(Duration::from_millis(1));
    let timeout = format!("{}ms", timeout.as_millis());
    // What the query yields is of no interest.
    let parameters = [("query", query), ("timeout", &timeout), ("limit", "1")];
    match server.post("query", &parameters) {
        Ok(_) => Ok(None),
        Err(NoAnswer::Refused(refusal))
            if ["bad_data", "execution", "timeout"].contains(&refusal.kind.as_str()) =>
        {
            Ok(Some(refusal.message))
        }
        Err(no_answer) => Err(no_answer.into()),
    }
}

fn too_slow(server: &Server) -> Unanswered {
    let seconds = (PATIENCE * server.timeout).as_secs_f64();
    Unanswered {
        url: server.endpoint("query"),
        reason: format!("the queries of the runbooks took longer than {seconds} s"),
        help: Some(
            "`timeout` says how long one may take, and all together six times that".to_owned(),
        ),
    }
}
