//! The rules that a server has loaded: `/api/v1/rules`, page by page.

use super::{NoAnswer, Refusal, Server, in_parallel};
use crate::config::RuleServer;
use crate::failure::Failure;
use crate::rules::{self, LoadedGroup, LoadedRules};
use crate::site::Unanswered;
use crate::source::Source;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// How many groups are asked for at once. Servers that know no pages answer with all.
const GROUPS_OF_A_PAGE: &str = "500";

/// How many pages are read before something must be wrong: a hundred thousand groups.
const MOST_PAGES: usize = 200;

/// How many times as long as one answer the whole list may take.
const MOST_ANSWERS: u32 = 20;

/// How often it is begun again when the rules change between two pages.
const ATTEMPTS: usize = 3;

/// The rules of all servers that a site takes its rules from, in the order of the configuration.
///
/// # Errors
///
/// A server is not configured right, or does not answer. Without its rules nothing can be said
/// about the runbooks.
pub fn load(servers: &[RuleServer], site: &Path) -> Result<Vec<Arc<Source>>, Failure> {
    let sources = in_parallel(servers, |configured| {
        let server = Server::new(&configured.url, &configured.access, site)?;
        loaded_rules(&server).map_err(|unanswered| Failure::World(unanswered.to_string()))
    });
    sources.into_iter().collect()
}

/// The rules that a server has loaded, written down under the address that they came from.
///
/// # Errors
///
/// The server does not answer, or with something else.
pub fn loaded_rules(server: &Server) -> Result<Arc<Source>, Unanswered> {
    let groups = groups(server)?;
    Ok(rules::to_source(&server.endpoint("rules"), &groups))
}

fn groups(server: &Server) -> Result<Vec<LoadedGroup>, Unanswered> {
    let mut attempt = 1;
    loop {
        match all_pages(server) {
            // The token of a page is good as long as the rules are the same.
            Err(NoAnswer::Refused(Refusal { kind, message, .. }))
                if attempt < ATTEMPTS
                    && kind == "bad_data"
                    && message.contains("group_next_token") =>
            {
                attempt += 1;
            }
            answer => return answer.map_err(Unanswered::from),
        }
    }
}

fn all_pages(server: &Server) -> Result<Vec<LoadedGroup>, NoAnswer> {
    let mut groups = Vec::new();
    let mut token = String::new();
    let begun = Instant::now();
    for _ in 0..MOST_PAGES {
        if begun.elapsed() > server.timeout * MOST_ANSWERS {
            break;
        }
        // What fires now is of no interest, and most of the answer.
        let mut parameters = vec![("exclude_alerts", "true"), ("group_limit", GROUPS_OF_A_PAGE)];
        if !token.is_empty() {
            parameters.push(("group_next_token", &token));
        }
        let data = server.get("rules", &parameters)?;
        let page: LoadedRules = serde_json::from_value(data).map_err(|error| {
            unanswered(server, format!("its list of rules can't be read: {error}"))
        })?;
        groups.extend(page.groups);
        match page.next_token.filter(|next| !next.is_empty()) {
            Some(next) if next == token => break,
            Some(next) => token = next,
            None => return Ok(groups),
        }
    }
    Err(unanswered(server, "its list of rules does not end".to_owned()))
}

fn unanswered(server: &Server, reason: String) -> NoAnswer {
    NoAnswer::Unanswered(Unanswered { url: server.endpoint("rules"), reason, help: None })
}
