//! Alerts that a runbook has in tables, with a section for each group of them: their readers land at
//! the row, and it is marked.

#[path = "support/site.rs"]
mod site;

use alertbook::pipeline::Checked;
use scraper::{Html, Selector};
use site::Site;
use std::collections::BTreeMap;

const RUNBOOK: &str = "---\ntitle: Stores\n---\n\n## etcd\n\n\
    | Alert | Meaning |\n|--|--|\n\
    | etcdNoLeader | There is none. |\n\
    | etcdSlow, `etcdFull` | Ask the team. |\n\
    | etcdGone | No rule has it any more. |\n\
    | etcdLong | It has a section of its own. |\n\
    | etcdNoLeader | Again. |\n\n\
    ## etcdLong\n\nRead on.\n\n\
    ## Backups\n\n\
    <table><tr><th>Alert</th><th>Meaning</th></tr><tr><td>BackupFailed</td><td>x</td></tr></table>\n";

/// A site whose rules have these alerts, some with the address of their row as people copy it.
fn checked() -> Checked {
    let rule = |name: &str| {
        let url = format!("https://rb.example/stores.html#alert.{name}");
        format!(
            "{{alert: {name}, expr: up == 0, labels: {{severity: page}}, annotations: {{runbook_url: '{url}'}}}}"
        )
    };
    let names = ["etcdNoLeader", "etcdSlow", "etcdFull", "etcdLong", "BackupFailed"];
    let rules: Vec<String> = names.iter().map(|name| rule(name)).collect();
    let rules = format!("groups: [{{name: g, rules: [{}]}}]", rules.join(", "));
    let configuration = "title: T\nbase_url: https://rb.example\nrules: [r.yaml]\n";
    let files =
        [("alertbook.yaml", configuration), ("content/stores.md", RUNBOOK), ("r.yaml", &rules)];
    Site::new(&files).check()
}

/// What is rendered, by path.
fn rendered(checked: &Checked) -> BTreeMap<String, String> {
    let renderer = checked.renderer().unwrap();
    let files = renderer.outputs().into_iter().map(|output| renderer.render(output).unwrap());
    files.map(|file| (file.path, String::from_utf8_lossy(&file.bytes).into_owned())).collect()
}

#[test]
fn the_address_of_an_alert_leads_to_its_row_where_it_has_no_section() {
    let checked = checked();
    let files = rendered(&checked);
    let page = Html::parse_document(&files["stores.html"]);
    let manifest: serde_json::Value = serde_json::from_str(&files["alertbook.json"]).unwrap();
    for (alert, fragment, row) in [
        ("etcdNoLeader", "alert.etcdNoLeader", Some("There is none.")),
        ("etcdSlow", "alert.etcdSlow", Some("Ask the team.")),
        ("etcdFull", "alert.etcdFull", Some("Ask the team.")),
        ("etcdGone", "alert.etcdGone", Some("No rule has it")),
        ("etcdLong", "etcdlong", None),
        ("BackupFailed", "backups", None),
    ] {
        let redirect = &files[&format!("alerts/{alert}/index.html")];
        assert!(redirect.contains(&format!("data-fragment=\"{fragment}\"")), "{redirect}");
        let mut entries = manifest["alerts"].as_array().unwrap().iter();
        let entry = entries.find(|entry| entry["alert"] == alert).unwrap();
        assert_eq!(entry["runbook"], format!("stores.html#{fragment}"));
        let target = Selector::parse(&format!("[id=\"{fragment}\"]")).unwrap();
        let found: Vec<_> = page.select(&target).collect();
        let [found] = &found[..] else { panic!("{} elements have the id {fragment}", found.len()) };
        if let Some(text) = row {
            let mut around = found.ancestors().filter_map(scraper::ElementRef::wrap);
            let row = around.find(|element| element.value().name() == "tr").unwrap();
            assert!(row.text().collect::<String>().contains(text), "{}", row.html());
            assert!(found.attr("data-added").is_some(), "{}", found.html());
        }
    }
}

#[test]
fn the_address_of_a_row_is_one_that_a_rule_may_have() {
    let checked = checked();
    let found = checked.report.entries().iter().map(|(_, found)| found);
    let broken = found.filter(|found| found.check == "runbook-url-broken");
    let mut broken: Vec<_> = broken.filter_map(|found| found.alert.as_deref()).collect();
    broken.sort_unstable();
    assert_eq!(broken, ["BackupFailed", "etcdLong"]);
}
