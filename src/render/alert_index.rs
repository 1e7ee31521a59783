//! The alerts of the site for the scripts of its pages: where each is documented, and by which
//! expressions it is known where its name is not at hand.
//!
//! A script of its own, loaded when somebody pastes an alert: a classic one, since pages from disk
//! may load no other data. Its name stays the same whatever is in it, so that no page changes when
//! an alert is added.

use super::hash::fnv1a;
use super::{RenderedFile, json};
use crate::rules::Rule;
use crate::site::Site;
use crate::site::address::{encode_path, with_fragment};
use smallvec::SmallVec;

/// Where it stands.
pub(super) const PATH: &str = "assets/alerts.js";

/// The script: `alertbook.alerts = {NAME: [ADDRESS, HASH, …]}`, the address relative to the site's
/// root.
pub(super) fn render(site: &Site) -> RenderedFile {
    let mut script = Vec::with_capacity(128 * (1 + site.alerts.len()));
    script.extend_from_slice(b"globalThis.alertbook.alerts = {");
    for (index, (name, alert)) in site.alerts.iter().enumerate() {
        if index > 0 {
            script.push(b',');
        }
        json::push_text(&mut script, name);
        script.extend_from_slice(b":[");
        let (page, fragment) = site.start_of(name, alert);
        let address = with_fragment(encode_path(&page), fragment.as_deref());
        json::push_text(&mut script, &address);
        let mut hashes: SmallVec<[u32; 4]> = SmallVec::new();
        for hash in site.rules_of(alert).flat_map(hashes_of) {
            if !hashes.contains(&hash) {
                hashes.push(hash);
                script.push(b',');
                json::push_number(&mut script, hash);
            }
        }
        script.push(b']');
    }
    script.extend_from_slice(b"};\n");
    RenderedFile { path: PATH.to_owned(), bytes: script }
}

/// The hashes of an expression as its author wrote it, and as Prometheus prints it in the
/// `generatorURL` of an alert, if that is another.
fn hashes_of(rule: &Rule) -> impl Iterator<Item = u32> {
    let printed = rule.query().ok().and_then(|query| query.printed.as_deref());
    std::iter::once(rule.expr.as_str()).chain(printed).map(hash)
}

/// A hash of an expression in which white space does not count, over its UTF-16 units.
fn hash(expr: &str) -> u32 {
    let units = expr.encode_utf16().filter(|unit| !matches!(unit, 9 | 10 | 13 | 32));
    fnv1a(units.map(u32::from))
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
