//! Where rules come from: files, and servers that have them loaded.

use super::{Access, Glob, access, url};
use crate::yaml::{Fields, Node, Reader, Value};

/// A Prometheus, a Thanos Ruler, a Mimir, whose loaded rules are rules of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleServer {
    /// Its address, without a slash at the end; `/api/v1/rules` is added.
    pub url: String,
    /// How it is asked.
    pub access: Access,
}

/// Reads a list of globs and servers, or servers alone.
pub(super) fn read(reader: &mut Reader, fields: Fields<'_>) -> (Vec<Glob>, Vec<RuleServer>) {
    let (mut globs, mut found) = (Vec::new(), Vec::new());
    let Some(node) = fields.get("rules") else {
        return (globs, found);
    };
    if let Value::Mapping(_) = node.value {
        servers(reader, node, "`rules`", &mut found);
        return (globs, found);
    }
    for item in reader.list(node, "`rules`") {
        match item.value {
            Value::Mapping(_) => servers(reader, item, "an entry of `rules`", &mut found),
            _ => globs.extend(Glob::read(reader, item, "each of `rules`")),
        }
    }
    (globs, found)
}

/// One server, or several that are asked alike.
fn servers(reader: &mut Reader, node: &Node, what: &str, found: &mut Vec<RuleServer>) {
    let keys: Vec<&str> = ["prometheus"].into_iter().chain(access::KEYS).collect();
    let Some(fields) = reader.fields(node, what, &keys) else {
        return;
    };
    let access = access::read(reader, fields);
    let Some(addresses) = fields.get("prometheus") else {
        // A misspelt key has its finding already.
        if node.entries().iter().all(|entry| keys.contains(&entry.name())) {
            let complaint = reader.complain(fields.place(), "the address `prometheus` is missing");
            complaint.help = Some(
                "write `{prometheus: https://prometheus.example.com}`, or globs of files, \
                 such as `[\"rules/**/*.yaml\"]`"
                    .to_owned(),
            );
        }
        return;
    };
    let addresses = match addresses.value {
        Value::Sequence(_) => addresses.items(),
        _ => std::slice::from_ref(addresses),
    };
    for address in addresses {
        if let Some(url) = url::read(reader, address, "`prometheus`") {
            found.push(RuleServer { url, access: access.clone() });
        }
    }
}
