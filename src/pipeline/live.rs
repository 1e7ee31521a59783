//! Asking the carriers about a site that was read: which rules they have loaded, and which queries
//! of the runbooks they refuse.

use super::{Builder, Checked, Project, Timings};
use crate::config::{Carrier, Config};
use crate::failure::Failure;
use crate::load::CONFIGURATION;
use crate::prometheus::{Network, in_parallel};
use crate::runbook::{Query, Runbook};
use crate::site::{CarrierAnswer, Live};
use std::collections::HashSet;
use std::sync::Arc;

/// How many queries a carrier is asked at most.
const MOST_QUERIES: usize = 500;

/// Who answers for the carriers: a network, or what a test recorded. It is given the carrier and
/// queries without holes.
pub type Answering<'a> = &'a (dyn Fn(&Carrier, &[&str]) -> CarrierAnswer + Sync);

/// Reads a site, asks its carriers about it, and runs the checks.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong, or it has no carriers.
pub fn check_live(project: &Project) -> Result<Checked, Failure> {
    let mut builder = Builder::default();
    let inputs = builder.load(project)?;
    if inputs.config.all_carriers().is_empty() {
        let message = format!("--live asks the carriers, and {CONFIGURATION} has no `carriers`");
        return Err(Failure::Usage(message));
    }
    let network = Network::new(&inputs.config, &project.site)?;
    let answering = |carrier: &Carrier, queries: &[&str]| network.ask(carrier, queries);
    Ok(builder.assemble_live(inputs, Some(&answering), Timings::default()))
}

/// The same with somebody else to answer for the carriers.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check_with(project: &Project, answering: Answering<'_>) -> Result<Checked, Failure> {
    let mut builder = Builder::default();
    let inputs = builder.load(project)?;
    Ok(builder.assemble_live(inputs, Some(answering), Timings::default()))
}

/// Asks all carriers, several at a time, and says what was not asked.
pub(super) fn ask(
    config: &Config,
    runbooks: &[(String, Arc<Runbook>)],
    answering: Answering<'_>,
) -> (Live, Vec<String>) {
    let queries = queries(runbooks);
    let mut warnings = Vec::new();
    if queries.len() > MOST_QUERIES {
        warnings.push(format!(
            "the carriers were asked the first {MOST_QUERIES} of the {} queries of the runbooks",
            queries.len()
        ));
    }
    let answers = in_parallel(config.all_carriers(), |carrier| {
        let for_it = queries
            .iter()
            .take(MOST_QUERIES)
            .filter(|(_, pinned)| pinned.is_none_or(|pinned| carrier.name == pinned));
        let texts: Vec<&str> = for_it.map(|(text, _)| text.as_str()).collect();
        answering(carrier, &texts)
    });
    (Live { answers }, warnings)
}

/// Every query that can be asked, once, with its holes filled and the carrier that it is for.
fn queries(runbooks: &[(String, Arc<Runbook>)]) -> Vec<(String, Option<&str>)> {
    let mut known = HashSet::new();
    let mut queries = Vec::new();
    for snippet in runbooks.iter().flat_map(|(_, runbook)| &runbook.snippets) {
        let pinned = snippet.carrier.as_ref().map(|carrier| carrier.name.as_str());
        for text in snippet.queries.iter().filter_map(Query::filled) {
            if known.insert((text.clone(), pinned)) {
                queries.push((text, pinned));
            }
        }
    }
    queries
}
