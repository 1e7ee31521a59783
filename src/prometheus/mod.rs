//! The HTTP API of a running Prometheus, or of what serves the same: Thanos, Mimir, Cortex,
//! VictoriaMetrics (<https://prometheus.io/docs/prometheus/latest/querying/api/>).
//!
//! A [`Server`] is asked by [`get`](Server::get) and [`post`](Server::post), which take the `data`
//! out of the envelope. What stands between us and the API answers as well: proxies with web pages,
//! gateways with errors. [`Unanswered`] says so in words for people.
//!
//! Architecture invariant: secrets come from the environment and leave in a header to the
//! configured host alone; no message repeats one. Every question has a time limit.

mod carriers;
mod metrics;
mod parallel;
mod rules;

pub use carriers::Network;
pub use metrics::{METRIC_NAMES, metric_names};
pub use parallel::in_parallel;
pub use rules::{load, loaded_rules};

use crate::config::{self, Access, Carrier};
use crate::diag::Diagnostic;
use crate::diag::wording::on_one_line;
use crate::failure::{Failure, why};
use crate::site::Unanswered;
use crate::yaml::Text;
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::time::Duration;
use ureq::http::{StatusCode, Uri, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, RequestBuilder, ResponseExt};

/// The largest answer that is read, in bytes: tens of thousands of rules with all their alerts.
const LARGEST_ANSWER: u64 = 256 << 20;

type Answer = ureq::http::Response<Body>;

/// A server with Prometheus' API, ready to be asked.
#[derive(Debug)]
pub struct Server {
    agent: Agent,
    url: String,
    token: Option<Secret>,
    tenant: Option<String>,
    timeout: Duration,
}

/// What must never be printed.
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why a server can't be asked as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misconfigured {
    /// The value of the configuration that is to blame.
    pub value: Text,
    /// What is wrong with it, in words that stand alone.
    pub message: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The API did not answer, or something else did.
    Unanswered(Unanswered),
    /// The API answered that it won't.
    Refused(Refusal),
}

/// An error of the API itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked, without its query.
    pub url: String,
    /// Its `errorType`: `bad_data`, `execution`, `timeout`, …
    pub kind: String,
    /// What it says.
    pub message: String,
}

impl From<Misconfigured> for Failure {
    fn from(Misconfigured { value, message }: Misconfigured) -> Self {
        let found = Diagnostic::new(config::CHECK, value.span().clone(), message);
        Self::Configuration(vec![found])
    }
}

impl From<NoAnswer> for Unanswered {
    fn from(no_answer: NoAnswer) -> Self {
        match no_answer {
            NoAnswer::Unanswered(unanswered) => unanswered,
            NoAnswer::Refused(Refusal { url, kind, message }) => {
                let reason =
                    if message.is_empty() { kind } else { format!("it says \"{message}\"") };
                Self { url, reason, help: None }
            }
        }
    }
}

/// An answer of the API, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relayed {
    /// Its HTTP status.
    pub status: u16,
    /// Its JSON.
    pub json: Vec<u8>,
}

/// The envelope of every answer.
#[derive(Debug, Deserialize)]
struct Envelope {
    status: String,
    #[serde(default)]
    data: Value,
    #[serde(default, rename = "errorType")]
    error_type: String,
    #[serde(default)]
    error: String,
}

impl Server {
    /// A server at an address, asked as the configuration of the site in the folder `site` says.
    ///
    /// # Errors
    ///
    /// The environment variable with the token is not set, or the file with the certificates can't
    /// be read.
    pub fn new(url: &str, access: &Access, site: &Path) -> Result<Self, Misconfigured> {
        let roots = match &access.ca {
            Some(file) => {
                RootCerts::from(certificates(&site.join(file.as_str())).map_err(|fault| {
                    let message = format!("`ca` names `{file}`, which {fault}");
                    Misconfigured { value: file.clone(), message }
                })?)
            }
            None => RootCerts::PlatformVerifier,
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(access.timeout))
            .user_agent(concat!("alertbook/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build()
            .new_agent();
        Ok(Self {
            agent,
            url: url.trim_end_matches('/').to_owned(),
            token: access.token_env.as_ref().map(token).transpose()?,
            tenant: access.tenant.clone(),
            timeout: access.timeout,
        })
    }

    /// The server of a carrier of the site in the folder `site`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn of(carrier: &Carrier, site: &Path) -> Result<Self, Misconfigured> {
        Self::new(carrier.api_url(), &carrier.access, site)
    }

    /// The address of an endpoint, such as `rules`.
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/api/v1/{name}", self.url)
    }

    /// Asks an endpoint with parameters in the address; the `data` of its answer.
    ///
    /// # Errors
    ///
    /// It does not answer, or with an error.
    pub fn get(&self, endpoint: &str, parameters: &[(&str, &str)]) -> Result<Value, NoAnswer> {
        let url = self.endpoint(endpoint);
        let request = self.with_access(self.agent.get(&url));
        self.data(&url, request.query_pairs(parameters.iter().copied()).call())
    }

    /// Asks an endpoint with parameters in a form, for which no length is too long.
    ///
    /// # Errors
    ///
    /// It does not answer, or with an error.
    pub fn post(&self, endpoint: &str, parameters: &[(&str, &str)]) -> Result<Value, NoAnswer> {
        let url = self.endpoint(endpoint);
        let request = self.with_access(self.agent.post(&url));
        self.data(&url, request.send_form(parameters.iter().copied()))
    }

    /// Asks an endpoint with a form, and hands on what the API says as it says it, errors included:
    /// for a page that asks by way of the preview.
    ///
    /// # Errors
    ///
    /// It does not answer, or something else does.
    pub fn relay(
        &self,
        endpoint: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Relayed, Unanswered> {
        let url = self.endpoint(endpoint);
        let request = self.with_access(self.agent.post(&url));
        let (answer, json) = self.whole(&url, request.send_form(parameters.iter().copied()))?;
        if is_guarded(answer.status()) || serde_json::from_slice::<Envelope>(&json).is_err() {
            return Err(self.no_api(&url, &answer, &json).into());
        }
        Ok(Relayed { status: answer.status().as_u16(), json })
    }

    /// A request that says who asks.
    fn with_access<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        let token = self.token.iter().map(|token| ("Authorization", format!("Bearer {}", token.0)));
        let tenant = self.tenant.iter().map(|tenant| ("X-Scope-OrgID", tenant.clone()));
        token.chain(tenant).fold(request, |request, (name, value)| request.header(name, value))
    }

    /// An answer, read to its end.
    fn whole(
        &self,
        url: &str,
        answer: Result<Answer, ureq::Error>,
    ) -> Result<(Answer, Vec<u8>), NoAnswer> {
        let failed = |error: ureq::Error| unanswered(url, self.reason(&error));
        let mut answer = answer.map_err(failed)?;
        let bytes = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec();
        Ok((answer, bytes.map_err(failed)?))
    }

    /// The data of an answer.
    fn data(&self, url: &str, answer: Result<Answer, ureq::Error>) -> Result<Value, NoAnswer> {
        let (answer, bytes) = self.whole(url, answer)?;
        let status = answer.status();
        match serde_json::from_slice::<Envelope>(&bytes) {
            Ok(envelope) if envelope.status == "success" && status.is_success() => {
                Ok(envelope.data)
            }
            // 401 and 403 come from what guards the API, which may speak JSON as well.
            Ok(envelope) if envelope.status == "error" && !is_guarded(status) => {
                Err(NoAnswer::Refused(Refusal {
                    url: url.to_owned(),
                    kind: envelope.error_type,
                    message: envelope.error,
                }))
            }
            _ => Err(self.no_api(url, &answer, &bytes)),
        }
    }

    /// Something answered that is not the API.
    fn no_api(&self, url: &str, answer: &Answer, bytes: &[u8]) -> NoAnswer {
        let status = answer.status();
        let said = |reason: String, help| unanswered(url, (reason, help));
        if is_guarded(status) {
            let help = match &self.token {
                Some(_) => "is the token that `token_env` names the right one, and still valid?",
                None => "`token_env` names the environment variable with a bearer token",
            };
            return said(format!("it answers {status}"), Some(help));
        }
        if !status.is_success() {
            let help = "the address is the one that `/api/v1/rules` can follow; \
                        Mimir's ends in `/prometheus`";
            let help = (status == StatusCode::NOT_FOUND).then_some(help);
            return said(format!("it answers {status}"), help);
        }
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if content_type.contains("html") || bytes.trim_ascii_start().starts_with(b"<") {
            let sent_to = sent_elsewhere(url, answer.get_uri());
            let page = title(bytes).map_or_else(String::new, |title| format!(", \"{title}\","));
            let reason = format!("a web page{page} answers in place of the API{sent_to}");
            let help = "a proxy or a log-in stands before it; with a token in `token_env` it may \
                        let programs pass";
            return said(reason, Some(help));
        }
        said("what answers is not Prometheus' API".to_owned(), None)
    }

    /// What went wrong on the way.
    fn reason(&self, error: &ureq::Error) -> (String, Option<&'static str>) {
        use std::io::ErrorKind;
        let reason = match error {
            ureq::Error::HostNotFound => "there is no such host".to_owned(),
            ureq::Error::Timeout(_) => {
                let help = "`timeout` says how long it may take";
                let seconds = self.timeout.as_secs_f64();
                return (format!("there was no answer within {seconds} s"), Some(help));
            }
            ureq::Error::BodyExceedsLimit(_) => "the answer is too large".to_owned(),
            ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => {
                "it leads from one address to the next".to_owned()
            }
            ureq::Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
                ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof => {
                    "the connection was closed".to_owned()
                }
                _ => why(error),
            },
            other => other.to_string(),
        };
        let help = "`ca` names a file with the certificates of a private authority";
        let is_untrusted = reason.contains("certificate") || reason.contains("UnknownIssuer");
        (reason, is_untrusted.then_some(help))
    }
}

fn unanswered(url: &str, (reason, help): (String, Option<&str>)) -> NoAnswer {
    let help = help.map(str::to_owned);
    NoAnswer::Unanswered(Unanswered { url: url.to_owned(), reason, help })
}

/// Whether it is not the API that answers, but what guards it.
fn is_guarded(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED
    )
}

/// Where redirects led, if that is another place than was asked.
fn sent_elsewhere(url: &str, uri: &Uri) -> String {
    let host = |uri: &Uri| uri.host().unwrap_or_default().to_owned();
    let asked = url.parse::<Uri>().ok();
    let same = asked.is_some_and(|asked| host(&asked) == host(uri) && asked.path() == uri.path());
    if same { String::new() } else { format!(", at `{}{}`", host(uri), uri.path()) }
}

/// The title of a web page, if it has a short one.
fn title(bytes: &[u8]) -> Option<String> {
    const LONGEST: usize = 60;
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = on_one_line(&text[start..end]);
    (!title.is_empty() && title.len() <= LONGEST).then_some(title)
}

fn token(variable: &Text) -> Result<Secret, Misconfigured> {
    let misconfigured = |fault: &str| {
        let message =
            format!("the environment variable `{variable}`, which `token_env` names, {fault}");
        Misconfigured { value: variable.clone(), message }
    };
    let token = match std::env::var(variable.as_str()) {
        Ok(token) => token.trim().to_owned(),
        Err(std::env::VarError::NotPresent) => return Err(misconfigured("is not set")),
        Err(std::env::VarError::NotUnicode(_)) => return Err(misconfigured("holds no token")),
    };
    if token.is_empty() {
        return Err(misconfigured("is empty"));
    }
    if !token.chars().all(|character| character.is_ascii_graphic()) {
        return Err(misconfigured("holds no token"));
    }
    Ok(Secret(token))
}

/// The certificates of a file in PEM; what is wrong with it otherwise, to be read after its name.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("can't be read: {}", why(&error)))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&bytes) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err("is no certificate in PEM".to_owned()),
        }
    }
    if certificates.is_empty() {
        return Err("holds no certificate in PEM".to_owned());
    }
    Ok(certificates)
}
