//! The alerts of the site for the scripts of its pages: where each is documented, and by which
//! expressions it is known where its name is not at hand.
//!
//! A script of its own, loaded when somebody pastes an alert: a classic one, since pages from disk
//! may load no other data. Its name stays the same whatever is in it, so that no page changes when
//! an alert is added.

use super::RenderedFile;
use crate::rules::Rule;
use crate::site::Site;
use crate::site::address::{encode_fragment, encode_path};
use rayon::prelude::*;
use serde_json::{Map, Value};

/// Where it stands.
pub(super) const PATH: &str = "assets/alerts.js";

/// The script: `alertbook.alerts = {NAME: [ADDRESS, HASH, …]}`, the address relative to the site's
/// root.
pub(super) fn render(site: &Site) -> RenderedFile {
    let alerts: Map<String, Value> = site
        .alerts
        .par_iter()
        .map(|(name, alert)| {
            let address = match &alert.start {
                Some(start) => {
                    let page = encode_path(&site.pages[start.page].path);
                    let fragment = start.fragment.as_deref().map(encode_fragment);
                    fragment.map_or(page.clone(), |fragment| format!("{page}#{fragment}"))
                }
                None => encode_path(&site.alert_page(name)),
            };
            let mut hashes: Vec<u32> = Vec::new();
            for place in &alert.rules {
                for hash in hashes_of(site.rule(*place).2) {
                    if !hashes.contains(&hash) {
                        hashes.push(hash);
                    }
                }
            }
            let entry = std::iter::once(Value::from(address));
            (name.clone(), entry.chain(hashes.into_iter().map(Value::from)).collect())
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let script = format!("globalThis.alertbook.alerts = {};\n", Value::Object(alerts));
    RenderedFile { path: PATH.to_owned(), bytes: script.into_bytes() }
}

/// The hashes of an expression as its author wrote it, and as Prometheus prints it in the
/// `generatorURL` of an alert, if that is another.
fn hashes_of(rule: &Rule) -> impl Iterator<Item = u32> {
    let printed = rule.query().ok().and_then(|query| query.printed.as_deref());
    std::iter::once(rule.expr.as_str()).chain(printed).map(hash)
}

/// A hash of an expression in which white space does not count: 32-bit FNV-1a over UTF-16 units,
/// which takes a line in JavaScript.
fn hash(expr: &str) -> u32 {
    let units = expr.encode_utf16().filter(|unit| !matches!(unit, 9 | 10 | 13 | 32));
    units.fold(0x811C_9DC5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn an_expression_is_known_as_it_is_written_and_as_it_is_printed() {
        let source = "changes( a[300m] ) > 2  and sum(b{x='y'}) by (c) <= 0";
        let printed = "changes(a[5h]) > 2 and sum by (c) (b{x=\"y\"}) <= 0";
        let rule = format!("{{alert: A, expr: \"{source}\"}}");
        let text = format!("groups: [{{name: g, rules: [{rule}]}}]");
        let (file, _) = crate::rules::parse(&Source::new("rules.yaml", text));
        let hashes: Vec<u32> = hashes_of(file.rules().next().unwrap()).collect();
        assert_eq!(hashes, [hash(source), hash(printed)]);
        assert_ne!(hash("a"), hash("b"));
    }
}
