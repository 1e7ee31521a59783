//! A page that gets another heading, row or link changes the findings of others. A builder that looks
//! again only where that may be finds what one finds that has seen nothing before.

use alertbook::diag::json;
use alertbook::pipeline::{Builder, Checked, Project};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGES: [&str; 5] = ["disks.md", "etcd.md", "index.md", "team/a.md", "team/alerts.md"];

const RULES: &str = r#"
groups:
- name: disks
  rules:
  - {alert: DiskFull, expr: disk_used > 90, for: 5m, labels: {severity: critical}, annotations: {runbook_url: "https://r.example/disks.html#disk-full"}}
  - {alert: DiskFullWarning, expr: disk_used > 80, for: 10m, labels: {severity: warning}, annotations: {runbook_url: "https://r.example/alerts/DiskFullWarning/"}}
  - {alert: DiskSlow, expr: disk_wait > 3, for: 5m, labels: {severity: warning}, annotations: {runbook_url: "https://r.example/team/a.html#more"}}
- name: etcd
  rules:
  - {alert: EtcdDown, expr: up{job="etcd"} == 0, for: 1m, labels: {severity: critical, alert_situation: etcd_down}, annotations: {runbook_url: "https://r.example/etcd.html"}}
  - {alert: EtcdSlow, expr: etcd_wait > 0.5, for: 15m, labels: {severity: info}}
"#;

/// What pages are made of: each may be there, once or twice, in any order. A site is made of some of
/// them, so that they meet.
const PIECES: [&str; 34] = [
    "# Disks",
    "## DiskFull",
    "## Disk Full",
    "### DiskFullWarning",
    "## DiskSlow / DiskGone",
    "## Etcd Down",
    "## EtcdSlow (warning)",
    "## More",
    "## ## Twice",
    "## Alerts",
    "It fires when more than 85 % are used for 5 minutes.",
    "The alert fires above 90% for 20 minutes. Severity: warning",
    "**Severity:** critical",
    "**Alert:** DiskSlow",
    "| Alert | Severity | Info | Start |\n|--|--|--|--|\n| `DiskFull` | critical | above 90 | [Go](#disk-full) |\n| `DiskFullWarning` | warning | above 80 for 5m | [Go](disks.md#more) |",
    "| Alert | Start |\n|--|--|\n| DiskSlow | [Go](../team/a.md#more) |\n| EtcdSlow | [Go](etcd.md#etcdslow-warning) |",
    "| Alert | Severity |\n|--|--|\n| EtcdDown | warning |\n| Nowhere | info |",
    "| What | Action |\n|--|--|\n| EtcdDown | call |\n| EtcdSlow | wait |",
    "- **DiskFull** (critical): above 95% for 5 minutes\n- **EtcdDown** (info): at once\n- **DiskSlow**: more than 4",
    "See [full](disks.md#disk-full), [more](/team/a.html#more), [twice](etcd.md#-twice).",
    "See [the alert](/alerts/DiskFull/), [there](/alerts/DiskSlow/#more), [row](disks.md#alert.DiskFull).",
    "See [top](#disks), [gone](gone.md#more), [other](etcd.md#etcd-down).",
    "`DiskFull`, EtcdSlow and etcd_down fire together.",
    "```promql\ndisk_used > 85\n```",
    "```yaml\n- alert: DiskSlow\n  expr: disk_wait > 5\n  for: 5m\n```",
    "```bash\nrm -rf /srv/data\n```",
    "Run: up{job=\"*b*\"}",
    "<a id=\"more\"></a>",
    "Runbook of DiskSlow: [open](a.md)",
    "One sentence more.",
    "<b style=\"color:red\">red</b>",
    "<!-- allow(broken-anchor) -->",
    "- Runbook: [etcd](../etcd.md)",
    "Text {: #disk-full}",
];

/// Puts a piece before, or takes the one away that is at a place of a page.
#[derive(Debug, Clone)]
struct Edit {
    page: usize,
    at: prop::sample::Index,
    piece: Option<usize>,
}

/// The pieces of each page, and what is done to them.
fn site() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<Edit>)> {
    let all: Vec<usize> = (0..PIECES.len()).collect();
    prop::sample::subsequence(all, 4..10).prop_flat_map(|palette| {
        let pieces = prop::collection::vec(prop::sample::select(palette.clone()), 0..6);
        let piece = prop::option::weighted(0.55, prop::sample::select(palette));
        let edit = (0..PAGES.len(), any::<prop::sample::Index>(), piece)
            .prop_map(|(page, at, piece)| Edit { page, at, piece });
        (prop::collection::vec(pieces, PAGES.len()), prop::collection::vec(edit, 1..16))
    })
}

fn write(site: &Path, page: usize, pieces: &[usize]) {
    let body: Vec<&str> = pieces.iter().map(|piece| PIECES[*piece]).collect();
    let front = if page == 1 { "alerts: [EtcdDown]\n" } else { "" };
    let text = format!("---\ntitle: Page {page}\n{front}---\n\n{}\n", body.join("\n\n"));
    let file = site.join("content").join(PAGES[page]);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn findings(checked: &Checked) -> String {
    json::render(&checked.report)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn a_page_that_is_edited_changes_no_other_finding_than_a_whole_check(
        (mut pages, edits) in site(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path();
        let configuration = "title: T\nbase_url: https://r.example\nrules: [rules.yaml]\n";
        fs::write(site.join("alertbook.yaml"), configuration).unwrap();
        fs::write(site.join("rules.yaml"), RULES).unwrap();
        for (page, pieces) in pages.iter().enumerate() {
            write(site, page, pieces);
        }
        let project = Project { out: site.join("public"), site: site.to_owned(), base_url: None };
        let mut builder = Builder::keeping();
        let mut before = builder.read(&project).unwrap();
        for Edit { page, at, piece } in &edits {
            let pieces = &mut pages[*page];
            match piece {
                Some(piece) => pieces.insert(at.index(pieces.len() + 1), *piece),
                None if pieces.is_empty() => continue,
                None => drop(pieces.remove(at.index(pieces.len()))),
            }
            write(site, *page, pieces);
            let changed = BTreeSet::from([site.join("content").join(PAGES[*page])]);
            before = builder.read_again(&project, &before, &changed).unwrap();
            let cold = findings(&Builder::default().read(&project).unwrap());
            let warm = findings(&before);
            let differing = warm.lines().zip(cold.lines()).find(|(warm, cold)| warm != cold);
            prop_assert_eq!(differing, None, "{:?}", edits);
            prop_assert_eq!(warm.len(), cold.len());
        }
    }
}
