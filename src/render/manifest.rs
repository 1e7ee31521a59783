//! `alertbook.json`: what the site has and where, for other programs.

use super::RenderedFile;
use crate::site::Site;
use crate::site::address::{encode_fragment, encode_path};
use crate::yaml::Text;
use serde::Serialize;

#[derive(Serialize)]
struct Manifest<'s> {
    version: u32,
    pages: Vec<PageEntry<'s>>,
    alerts: Vec<AlertEntry<'s>>,
}

#[derive(Serialize)]
struct PageEntry<'s> {
    source: &'s str,
    url: String,
    title: &'s str,
    aliases: Vec<String>,
}

#[derive(Serialize)]
struct AlertEntry<'s> {
    alert: &'s str,
    /// The alert's own address.
    url: String,
    /// Where a reader starts, or nothing for an alert that no runbook documents.
    runbook: Option<String>,
    rules: Vec<RuleEntry<'s>>,
}

#[derive(Serialize)]
struct RuleEntry<'s> {
    file: &'s str,
    line: usize,
    expr: &'s str,
    severity: Option<&'s str>,
}

/// Where it stands.
pub(super) const PATH: &str = "alertbook.json";

/// The manifest of a site.
pub(super) fn render(site: &Site) -> RenderedFile {
    let pages = site.pages.iter().map(|page| PageEntry {
        source: page.runbook.source().path(),
        url: encode_path(&page.path),
        title: &page.title,
        aliases: page.aliases.iter().map(|alias| encode_path(alias)).collect(),
    });
    let alerts = site.alerts.iter().map(|(name, alert)| AlertEntry {
        alert: name,
        url: encode_path(&site.alert_page(name)),
        runbook: alert.start.as_ref().map(|start| {
            let page = encode_path(&site.pages[start.page].path);
            match &start.fragment {
                Some(fragment) => format!("{page}#{}", encode_fragment(fragment)),
                None => page,
            }
        }),
        rules: alert
            .rules
            .iter()
            .map(|place| {
                let (file, _, rule) = site.rule(*place);
                RuleEntry {
                    file: file.source.path(),
                    line: rule.name().span().start().line,
                    expr: rule.expr.as_str(),
                    severity: rule.label("severity").map(Text::as_str),
                }
            })
            .collect(),
    });
    let manifest = Manifest { version: 1, pages: pages.collect(), alerts: alerts.collect() };
    // Plain structs of texts and numbers always have a JSON form.
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    bytes.push(b'\n');
    RenderedFile { path: PATH.to_owned(), bytes }
}
