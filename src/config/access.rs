//! How a Prometheus is asked: with which token, trusting whom, and how long.

use super::text;
use crate::rules;
use crate::yaml::{Fields, Node, Reader, Text};
use std::time::Duration;

/// The keys that a mapping with access may have.
pub(super) const KEYS: [&str; 4] = ["token_env", "ca", "tenant", "timeout"];

/// How long an answer may take unless the configuration says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a Prometheus, or what serves its API, is asked. Secrets are no part of a configuration: it
/// says where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The environment variable that holds the bearer token.
    pub token_env: Option<Text>,
    /// The file with the certificates to trust in place of the system's, in PEM, relative to the
    /// site.
    pub ca: Option<Text>,
    /// The tenant of Mimir, Cortex or Loki, sent as `X-Scope-OrgID`.
    pub tenant: Option<String>,
    /// How long one answer may take, from the look-up of the host to the last byte.
    pub timeout: Duration,
}

impl Default for Access {
    fn default() -> Self {
        Self { token_env: None, ca: None, tenant: None, timeout: PATIENCE }
    }
}

/// Reads the access out of a mapping that has other keys as well.
pub(super) fn read(reader: &mut Reader, fields: Fields<'_>) -> Access {
    let token_env = fields.get("token_env").and_then(|node| variable(reader, node));
    let ca = fields.get("ca").and_then(|node| {
        text(reader, node, "`ca`")?;
        node.text()
    });
    let tenant = fields.get("tenant").and_then(|node| header_value(reader, node));
    let timeout = fields.get("timeout").and_then(|node| duration(reader, node));
    Access { token_env, ca, tenant, timeout: timeout.unwrap_or(PATIENCE) }
}

/// The name of an environment variable. Somebody will put the token itself there: then it is not
/// repeated.
fn variable(reader: &mut Reader, node: &Node) -> Option<Text> {
    let name = text(reader, node, "`token_env`")?;
    let is_name = name.chars().all(|it| it == '_' || it.is_ascii_alphanumeric())
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if !is_name {
        let complaint =
            reader.complain(&node.span, "`token_env` must be the name of an environment variable");
        complaint.help = Some("keep the token in it, and out of this file".to_owned());
        return None;
    }
    node.text()
}

fn header_value(reader: &mut Reader, node: &Node) -> Option<String> {
    let value = text(reader, node, "`tenant`")?;
    if !value.chars().all(|it| it.is_ascii_graphic()) {
        let message = "`tenant` must be ASCII without spaces, as it is sent in a header";
        reader.complain(&node.span, message);
        return None;
    }
    Some(value)
}

fn duration(reader: &mut Reader, node: &Node) -> Option<Duration> {
    let text = reader.text(node, "`timeout`")?;
    let duration = rules::Duration::new(text).filter(|it| it.milliseconds > 0);
    if duration.is_none() {
        let complaint = reader.complain(&node.span, "`timeout` must be a duration");
        complaint.help = Some("write it like `10s` or `2m`".to_owned());
    }
    Some(Duration::from_millis(duration?.milliseconds))
}
