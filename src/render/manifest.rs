//! `alertbook.json`: what the site has and where, for other programs.

use super::RenderedFile;
use super::json::{push_list, push_number, push_text};
use crate::site::address::{MANIFEST, encode_path, with_fragment};
use crate::site::{Alert, Page, PlacedRule, RulePlace, Site};
use crate::yaml::Text;

/// The manifest of a site: its pages and its alerts, each with the rules that raise it. People read it as
/// well, so it has lines, as `serde_json` makes them.
pub(super) fn render(site: &Site) -> RenderedFile {
    let mut json = Vec::with_capacity(512 * (site.alerts.len() + site.pages.len()));
    json.extend_from_slice(b"{\n  \"version\": 1,\n  \"pages\": ");
    push_list(&mut json, "\n    ", &site.pages, |json, page| push_page(json, page));
    json.extend_from_slice(b",\n  \"alerts\": ");
    push_list(&mut json, "\n    ", site.alerts.iter(), |json, (name, alert)| {
        push_alert(json, site, name, alert);
    });
    json.extend_from_slice(b"\n}\n");
    RenderedFile { path: MANIFEST.to_owned(), bytes: json }
}

fn push_page(json: &mut Vec<u8>, page: &Page) {
    json.extend_from_slice(b"{\n      \"source\": ");
    push_text(json, page.runbook.source().path());
    json.extend_from_slice(b",\n      \"url\": ");
    push_text(json, &encode_path(&page.path));
    json.extend_from_slice(b",\n      \"title\": ");
    push_text(json, &page.title);
    json.extend_from_slice(b",\n      \"aliases\": ");
    push_list(json, "\n        ", &page.aliases, |json, alias| {
        push_text(json, &encode_path(alias));
    });
    json.extend_from_slice(b"\n    }");
}

/// An alert with its own address, and where a reader starts: nothing for one that no runbook documents.
fn push_alert(json: &mut Vec<u8>, site: &Site, name: &str, alert: &Alert) {
    json.extend_from_slice(b"{\n      \"alert\": ");
    push_text(json, name);
    json.extend_from_slice(b",\n      \"url\": ");
    push_text(json, &encode_path(&site.alert_page(name)));
    json.extend_from_slice(b",\n      \"runbook\": ");
    let runbook = alert.start.as_ref().map(|start| {
        let fragment = start.landing(name);
        with_fragment(encode_path(&site.pages[start.page].path), fragment.as_deref())
    });
    push_text_or_null(json, runbook.as_deref());
    json.extend_from_slice(b",\n      \"rules\": ");
    push_list(json, "\n        ", &alert.rules, |json, place| push_rule(json, site, *place));
    json.extend_from_slice(b"\n    }");
}

fn push_rule(json: &mut Vec<u8>, site: &Site, place: RulePlace) {
    let PlacedRule { file, rule, .. } = site.rule(place);
    json.extend_from_slice(b"{\n          \"file\": ");
    push_text(json, file.source.path());
    json.extend_from_slice(b",\n          \"line\": ");
    push_number(json, rule.name().span().start().line);
    json.extend_from_slice(b",\n          \"expr\": ");
    push_text(json, rule.expr.as_str());
    json.extend_from_slice(b",\n          \"severity\": ");
    push_text_or_null(json, rule.severity().map(Text::as_str));
    json.extend_from_slice(b"\n        }");
}

fn push_text_or_null(json: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => push_text(json, text),
        None => json.extend_from_slice(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::Parts;
    use crate::source::Source;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Manifest {
        version: u32,
        pages: Vec<PageEntry>,
        alerts: Vec<AlertEntry>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct PageEntry {
        source: String,
        url: String,
        title: String,
        aliases: Vec<String>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct AlertEntry {
        alert: String,
        url: String,
        runbook: Option<String>,
        rules: Vec<RuleEntry>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct RuleEntry {
        file: String,
        line: usize,
        expr: String,
        severity: Option<String>,
    }

    #[test]
    fn it_is_written_as_by_others() {
        let config = crate::config::parse(&Source::new("alertbook.yaml", "title: T")).unwrap();
        let pages = [
            (
                "a b.md",
                "---\ntitle: \"A \\\"B\\\"\"\naliases: [old.html, 'older one.html']\n---\n## Full\n",
            ),
            ("c.md", ""),
        ];
        let runbooks = pages.map(|(path, text)| {
            let (source, variables) = (Source::new(path, text), SiteVariables::default());
            let (runbook, _) = Runbook::read(&source, &variables, &AlertColumns::default());
            (path.to_owned(), runbook.into())
        });
        let rules = "groups: [{name: g, rules: [\
                     {alert: Full, expr: 'a > 1', labels: {severity: page}}, \
                     {alert: Full, expr: \"a{b='c'}\\n> 2\"}, {alert: Odd, expr: up}]}]";
        let (rules, _) = crate::rules::parse(&Source::new("r.yaml", rules));
        let parts =
            Parts { runbooks: runbooks.into(), rule_files: vec![rules.into()], ..Parts::default() };
        for site in
            [Site::assemble(config.clone(), parts), Site::assemble(config, Parts::default())]
        {
            let text = String::from_utf8(render(&site).bytes).unwrap();
            let read: Manifest = serde_json::from_str(&text).unwrap();
            assert_eq!(
                (read.pages.len(), read.alerts.len()),
                (site.pages.len(), site.alerts.len())
            );
            assert_eq!(text, serde_json::to_string_pretty(&read).unwrap() + "\n");
        }
    }
}
