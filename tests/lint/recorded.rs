//! Carriers that answer what a file says: `carriers/NAME.json` of the site.
//!
//! It holds the `data` of `/api/v1/rules` as `rules`, and what the carrier says of queries that it
//! refuses as `refused`; or why it does not answer as `unanswered`, and as `silence` why it answered
//! no more.

use alertbook::config::Carrier;
use alertbook::rules::{LoadedRules, parse_loaded, to_source};
use alertbook::site::{CarrierAnswer, RefusedQuery, Unanswered};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of the site with the answers.
pub const FOLDER: &str = "carriers";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    #[serde(default)]
    rules: LoadedRules,
    #[serde(default)]
    refused: BTreeMap<String, String>,
    unanswered: Option<String>,
    silence: Option<String>,
}

/// What a carrier answers.
pub fn answer(folder: &Path, carrier: &Carrier) -> CarrierAnswer {
    let path = folder.join(format!("{}.json", carrier.name));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let recorded: Recorded =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let unanswered = |endpoint: &str, reason| Unanswered {
        url: format!("{}/api/v1/{endpoint}", carrier.url),
        reason,
        help: None,
    };
    let source = to_source(&format!("{}/api/v1/rules", carrier.url), &recorded.rules.groups);
    CarrierAnswer {
        rules: match recorded.unanswered {
            Some(reason) => Err(unanswered("rules", reason)),
            None => Ok(parse_loaded(&source)),
        },
        refused: recorded
            .refused
            .into_iter()
            .map(|(query, message)| RefusedQuery { query, message })
            .collect(),
        silence: recorded.silence.map(|reason| unanswered("query", reason)),
    }
}
