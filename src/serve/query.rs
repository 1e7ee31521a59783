//! Queries that pages of the preview run, passed on to the carrier they are for.
//!
//! A browser may not ask a Prometheus behind a login, or over plain http from a page that came
//! otherwise. The preview may, with the token that the configuration names. So that nobody else
//! can, it passes on nothing but queries, and only to carriers of the configuration.

use super::preview::Shown;
use crate::prometheus::{Relayed, Server};
use crate::site::address::percent_decode;
use std::path::PathBuf;

/// The longest body of a query.
pub const LONGEST_BODY: usize = 1 << 20;

/// What may be asked, and with which parameters.
const ENDPOINTS: [(&str, &[&str]); 2] = [
    ("query", &["query", "time", "timeout", "limit"]),
    ("query_range", &["query", "start", "end", "step", "timeout", "limit"]),
];

/// An answer in the shape of Prometheus' API.
#[derive(Debug, PartialEq, Eq)]
pub struct Passed {
    /// The HTTP status.
    pub status: u16,
    /// The answer.
    pub json: Vec<u8>,
}

impl Passed {
    /// An answer that no carrier gave.
    fn error(status: u16, kind: &str, message: &str) -> Self {
        let json = serde_json::json!({"status": "error", "errorType": kind, "error": message});
        Self { status, json: json.to_string().into_bytes() }
    }
}

/// A query that a page runs.
#[derive(Debug, Default)]
pub struct Asked {
    /// The name of the carrier.
    pub carrier: String,
    /// What is asked: `query` or `query_range`.
    pub endpoint: String,
    /// The query string of the address.
    pub parameters: String,
    /// The form.
    pub form: Vec<u8>,
    /// The folder of the site, where files of the configuration are.
    pub site: PathBuf,
}

/// Passes on a query.
pub fn pass(shown: &Shown, asked: &Asked) -> Passed {
    let (carrier, endpoint) = (asked.carrier.as_str(), asked.endpoint.as_str());
    let Some(checked) = &shown.checked else {
        return Passed::error(503, "unavailable", "the site can't be read");
    };
    let Some((endpoint, known)) = ENDPOINTS.iter().find(|(name, _)| *name == endpoint) else {
        return Passed::error(404, "not_found", "the preview passes on queries and nothing else");
    };
    let Some(carrier) = checked.site.config.carrier(carrier) else {
        return Passed::error(404, "not_found", "the configuration has no carrier of this name");
    };
    let form = String::from_utf8_lossy(&asked.form);
    let parameters: Vec<(String, String)> = pairs(&asked.parameters)
        .chain(pairs(&form))
        .filter(|(name, _)| known.contains(&name.as_str()))
        .collect();
    let server = match Server::of(carrier, &asked.site) {
        Ok(server) => server,
        Err(misconfigured) => return Passed::error(500, "unavailable", &misconfigured.message),
    };
    let parameters: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match server.relay(endpoint, &parameters) {
        Ok(Relayed { status, json }) => Passed { status, json },
        Err(unanswered) => Passed::error(502, "unavailable", &unanswered.to_string()),
    }
}

/// The pairs of a query string or a form, as WHATWG's URL standard reads them.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| percent_decode(&text.replace('+', " ")).into_owned();
        (decode(name), decode(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let read: Vec<_> = pairs("query=up%7Ba%3D%22b%22%7D+%3E+0&time=1&&x").collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read, [pair("query", "up{a=\"b\"} > 0"), pair("time", "1"), pair("x", "")]);
    }

    #[test]
    fn nothing_is_passed_on_without_a_site() {
        let passed = pass(&Shown::default(), &Asked::default());
        assert_eq!(passed.status, 503);
    }
}
