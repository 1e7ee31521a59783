//! `alertbook.json`: what the site has and where, for other programs.

use super::RenderedFile;
use crate::site::address::{MANIFEST, encode_path, with_fragment};
use crate::site::{Alert, PlacedRule, RulePlace, Site};
use crate::yaml::Text;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Manifest<'s> {
    version: u32,
    pages: Pages<'s>,
    alerts: Alerts<'s>,
}

/// A [`PageEntry`] for each page, made when it is written.
struct Pages<'s>(&'s Site);

/// An [`AlertEntry`] for each alert, made when it is written.
struct Alerts<'s>(&'s Site);

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

/// The manifest of a site.
pub(super) fn render(site: &Site) -> RenderedFile {
    let manifest = Manifest { version: 1, pages: Pages(site), alerts: Alerts(site) };
    // Plain structs of texts and numbers always have a JSON form.
    let mut bytes = Vec::with_capacity(320 * (site.alerts.len() + site.pages.len()));
    let _ = serde_json::to_writer_pretty(&mut bytes, &manifest);
    bytes.push(b'\n');
    RenderedFile { path: MANIFEST.to_owned(), bytes }
}

impl Serialize for Pages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.pages.iter().map(|page| PageEntry {
            source: page.runbook.source().path(),
            url: encode_path(&page.path),
            title: &page.title,
            aliases: page.aliases.iter().map(|alias| encode_path(alias)).collect(),
        }))
    }
}

impl Serialize for Alerts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let alerts = self.0.alerts.iter();
        serializer.collect_seq(alerts.map(|(name, alert)| alert_entry(self.0, name, alert)))
    }
}

fn alert_entry<'s>(site: &'s Site, name: &'s str, alert: &Alert) -> AlertEntry<'s> {
    let runbook = alert.start.as_ref().map(|start| {
        let fragment = start.landing(name);
        with_fragment(encode_path(&site.pages[start.page].path), fragment.as_deref())
    });
    let rule = |place: &RulePlace| {
        let PlacedRule { file, rule, .. } = site.rule(*place);
        RuleEntry {
            file: file.source.path(),
            line: rule.name().span().start().line,
            expr: rule.expr.as_str(),
            severity: rule.severity().map(Text::as_str),
        }
    };
    AlertEntry {
        alert: name,
        url: encode_path(&site.alert_page(name)),
        runbook,
        rules: alert.rules.iter().map(rule).collect(),
    }
}
