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
  - {alert: DiskFullCritical, expr: disk_used > 95, labels: {severity: page}}
  - {alert: Disk gone, expr: disk_up == 0, labels: {severity: critical}}
- name: etcd
  rules:
  - {alert: EtcdDown, expr: up{job="etcd"} == 0, for: 1m, labels: {severity: critical, alert_situation: etcd_down}, annotations: {runbook_url: "https://r.example/etcd.html"}}
  - {alert: EtcdSlow, expr: etcd_wait > 0.5, for: 15m, labels: {severity: info}}
"#;

/// What pages are made of: each may be there, once or twice, in any order. A site is made of some of
/// them, so that they meet.
const PIECES: [&str; 44] = [
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
    "## DiskFullCritical\n\nSeverity: warning. It fires above 80%.",
    "## Drain <name> now",
    "See [how](disks.md#drain--now), [here](#drain--now), [there](/etcd.html#drain--now).",
    "| Alert | Start |\n|--|--|\n| `DiskFullWarning` | [Go](etcd.md#etcd-down) |\n| `EtcdDown` | |",
    "| Alert | Start |\n|--|--|\n| `DiskFullWarning` | [Go](#alert.EtcdDown) |\n| DiskSlow | [Go](/alerts/EtcdSlow/#more) |",
    "See [row](disks.md#alert.EtcdDown), [row](etcd.md#alert.DiskFullWarning), [row](#alert.DiskSlow).",
    "<table>\n<tr><th>Alert</th><th>Severity</th></tr>\n<tr><td>Disk gone</td><td>info</td></tr>\n</table>",
    "| What | Action |\n|--|--|\n| Disk gone | call |\n| `DiskFullCritical` | wait |",
    "## All of Disk*",
    "`DiskFullWarning`",
];

/// What is done to a page.
#[derive(Debug, Clone)]
struct Edit {
    page: usize,
    at: prop::sample::Index,
    change: Change,
}

/// What is done at a place of a page.
#[derive(Debug, Clone)]
enum Change {
    /// A piece is put before the one there.
    Insert(usize),
    /// The one there is taken away.
    Remove,
    /// Another piece takes its place.
    Replace(usize),
    /// It is put before another one.
    Move(prop::sample::Index),
    /// The page gets this front matter.
    Front(usize),
}

/// What pages say in front matter.
const FRONTS: [&str; 9] = [
    "title: Page",
    "layout: default",
    "title: DiskFull",
    "title: Disk Gone\nparent: Page",
    "title: Etcd\nparent: Disk Gon",
    "title: All Disk*\nnav_order: 3",
    "title: Page\nalerts: [EtcdDown, Nowhere]",
    "title: Page\nredirect_from: /alerts/Nowhere/",
    "link: /old/",
];

/// A page: its front matter, and its pieces.
#[derive(Debug, Clone)]
struct Text {
    front: usize,
    pieces: Vec<usize>,
}

impl Edit {
    /// Whether it has done something.
    fn apply(&self, Text { front, pieces }: &mut Text) -> bool {
        let index = |at: &prop::sample::Index, pieces: &[usize]| at.index(pieces.len());
        match &self.change {
            Change::Insert(piece) => pieces.insert(self.at.index(pieces.len() + 1), *piece),
            Change::Front(other) => *front = *other,
            _ if pieces.is_empty() => return false,
            Change::Remove => drop(pieces.remove(index(&self.at, pieces))),
            Change::Replace(piece) => {
                let at = index(&self.at, pieces);
                pieces[at] = *piece;
            }
            Change::Move(to) => {
                let piece = pieces.remove(index(&self.at, pieces));
                pieces.insert(to.index(pieces.len() + 1), piece);
            }
        }
        true
    }
}

/// The pieces of each page, and what is done to them.
fn site() -> impl Strategy<Value = (Vec<Text>, Vec<Edit>)> {
    let all: Vec<usize> = (0..PIECES.len()).collect();
    prop::sample::subsequence(all, 4..10).prop_flat_map(|palette| {
        let pieces = prop::collection::vec(prop::sample::select(palette.clone()), 0..6);
        let text = (0..FRONTS.len(), pieces).prop_map(|(front, pieces)| Text { front, pieces });
        let piece = prop::sample::select(palette);
        let change = prop_oneof![
            3 => piece.clone().prop_map(Change::Insert),
            3 => Just(Change::Remove),
            2 => piece.prop_map(Change::Replace),
            1 => any::<prop::sample::Index>().prop_map(Change::Move),
            1 => (0..FRONTS.len()).prop_map(Change::Front),
        ];
        let edit = (0..PAGES.len(), any::<prop::sample::Index>(), change)
            .prop_map(|(page, at, change)| Edit { page, at, change });
        (prop::collection::vec(text, PAGES.len()), prop::collection::vec(edit, 1..16))
    })
}

fn write(site: &Path, page: usize, Text { front, pieces }: &Text) {
    let body: Vec<&str> = pieces.iter().map(|piece| PIECES[*piece]).collect();
    let text = format!("---\n{}\n---\n\n{}\n", FRONTS[*front], body.join("\n\n"));
    let file = site.join("content").join(PAGES[page]);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn findings(checked: &Checked) -> String {
    json::render(&checked.report)
}

/// Two groups of rules, and front matter that makes two pages share an address.
const GROUPS: &str = r#"
groups:
- name: disks
  rules:
  - {alert: DiskFullCritical, expr: disk_used > 90, labels: {severity: critical}}
  - {alert: DiskFullWarning, expr: disk_used > 80, labels: {severity: warning}}
- name: etcd
  rules:
  - {alert: EtcdDown, expr: up == 0, labels: {severity: critical}, annotations: {runbook_url: "https://r.example/old/"}}
"#;

/// Says the severity of another alert of the group, which counts if that one has a place of its own.
const OF_ANOTHER: (&str, &str) = ("z.md", "## DiskFullCritical\n\nSeverity: warning\n");

/// Saves a page, and has the findings on another page be others, as they are in a whole check.
fn saved(pages: &[(&str, &str)], page: (&str, &str), other: &str) {
    saved_beside(GROUPS, pages, page, other);
}

/// The same with other rules, in files that may be those with other findings: each begins with `groups:`.
fn saved_beside(rules: &str, pages: &[(&str, &str)], page: (&str, &str), other: &str) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    let configuration = "title: T\nbase_url: https://r.example\nrules: [\"*.rules.yaml\"]\n";
    fs::write(site.join("alertbook.yaml"), configuration).unwrap();
    for (index, groups) in rules.split("groups:").skip(1).enumerate() {
        let file = site.join(format!("{index}.rules.yaml"));
        fs::write(file, format!("groups:{groups}")).unwrap();
    }
    let write = |(page, text): (&str, &str)| {
        let place = site.join("content").join(page);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let front = if text.starts_with("---") { "" } else { "---\n---\n\n" };
        fs::write(&place, format!("{front}{text}")).unwrap();
        place
    };
    for page in pages {
        write(*page);
    }
    let project = Project { out: site.join("public"), site: site.to_owned(), base_url: None };
    let of_other = |checked: &Checked| -> Vec<String> {
        let found = checked.report.entries().iter().map(|(_, found)| found);
        let found = found.filter(|it| it.span.source().path().ends_with(other));
        found.map(|found| format!("{found:?}")).collect()
    };
    let mut builder = Builder::keeping();
    let before = builder.read(&project).unwrap();
    let changed = BTreeSet::from([write(page)]);
    let after = builder.read_again(&project, &before, &changed).unwrap();
    let cold = Builder::default().read(&project).unwrap();
    assert_ne!(of_other(&before), of_other(&cold), "the edit changes nothing on {other}");
    assert_eq!(of_other(&after), of_other(&cold));
    assert_eq!(findings(&after), findings(&cold));
    assert_eq!(joined(&after), joined(&cold));
}

/// What a site is after its files were joined, in one text for each kind of thing.
fn joined(checked: &Checked) -> [String; 6] {
    let site = &checked.site;
    let addresses = site.alerts.keys().map(|name| {
        let path = site.alert_page(name);
        let at = site.at(&path).cloned();
        (path, at)
    });
    let pages = site.pages.iter().enumerate().map(|(index, page)| {
        (&page.path, &page.title, &page.aliases, site.alerts_starting_on(index))
    });
    let styles = site.styles().map(|style| &style.text).collect::<Vec<_>>();
    [
        format!("{:#?}", site.claims),
        format!("{:#?}", site.alerts),
        format!("{:#?}", addresses.collect::<Vec<_>>()),
        format!("{:#?}", pages.collect::<Vec<_>>()),
        format!("{:#?}", site.navigation),
        format!("{styles:?}"),
    ]
}

/// Rules of alerts, each in a group of its own, with the addresses of their runbooks, if they have one.
fn rules(alerts: &[(&str, &str)]) -> String {
    let rule = |(alert, url): &(&str, &str)| {
        let annotations = match *url {
            "" => String::new(),
            url => format!(", annotations: {{runbook_url: \"https://r.example/{url}\"}}"),
        };
        format!("- {{name: {alert}, rules: [{{alert: {alert}, expr: up == 0{annotations}}}]}}\n")
    };
    format!("groups:\n{}", alerts.iter().map(rule).collect::<String>())
}

const DISK_FULL: &str = "| Alert |\n|--|\n| `DiskFull` |\n";

#[test]
fn a_rule_misses_the_section_that_its_address_leads_to() {
    let rules = rules(&[("DiskFull", "a.html#one")]);
    let pages = [("a.md", "## One\n"), ("b.md", DISK_FULL)];
    saved_beside(&rules, &pages, ("a.md", "## Two\n\nDiskFull\n"), "rules.yaml");
    // What was found is no longer so.
    let pages = [("a.md", "## Two\n\nDiskFull\n"), pages[1]];
    saved_beside(&rules, &pages, ("a.md", "## One\n"), "rules.yaml");
}

#[test]
fn a_rule_that_leads_to_an_alert_depends_on_where_that_starts() {
    let beside = rules(&[("DiskFull", "alerts/OtherFull/#one")]);
    let other = ("b.md", "| Alert |\n|--|\n| `DiskFull` |\n| `OtherFull` |\n");
    let pages = [("a.md", "Nothing.\n"), ("b.md", DISK_FULL)];
    saved_beside(&beside, &pages, other, "0.rules.yaml");
    saved_beside(&beside, &[pages[0], other], pages[1], "0.rules.yaml");
    // It has no place yet.
    let others = beside + &rules(&[("OtherFull", "b.html")]);
    let own = "| Alert |\n|--|\n| `OtherFull` |\n";
    saved_beside(&others, &[pages[0], ("c.md", DISK_FULL)], ("a.md", own), "0.rules.yaml");
    // It has its folder for itself only as long as there is no other of these letters.
    let rules = rules(&[("DiskFull", "alerts/DiskFull/")]);
    let twin = ("a.md", "| Alert |\n|--|\n| `DISKFULL` |\n");
    saved_beside(&rules, &[pages[0], ("c.md", DISK_FULL)], twin, "0.rules.yaml");
}

#[test]
fn a_rule_leads_to_the_page_that_says_its_alert() {
    let beside = rules(&[("DiskFull", "a.html")]);
    let pages = [("a.md", "The disk, DiskFull says.\n"), ("b.md", DISK_FULL)];
    saved_beside(&beside, &pages, ("a.md", "## Disk\n"), "rules.yaml");
    // It is the words alone that are others.
    saved_beside(&beside, &pages, ("a.md", "The disk, it says.\n"), "rules.yaml");
    // The page that documents it calls the other one its runbook.
    let rules = rules(&[("DiskFull", "a.html#one")]);
    let pages = [("a.md", "## One\n"), ("b.md", "| Alert | |\n|--|--|\n| `DiskFull` | |\n")];
    let calls = ("b.md", "| Alert | |\n|--|--|\n| `DiskFull` | [open](a.md#one) |\n");
    saved_beside(&rules, &pages, calls, "rules.yaml");
}

#[test]
fn a_rule_leads_to_the_section_of_another_alert_since_that_starts_there() {
    let rules = rules(&[("DiskFull", "a.html#one"), ("Other", "a.html")]);
    let row = "| Alert | Start |\n|--|--|\n| `DiskFull` | [Go](#two) |\n";
    let text = format!("{row}\n## One\n\n## Two\n");
    let pages = [("a.md", text.as_str()), ("b.md", "Nothing.\n")];
    let other = "| Alert | Start |\n|--|--|\n| `Other` | [Go](a.md#one) |\n";
    saved_beside(&rules, &pages, ("b.md", other), "rules.yaml");
}

#[test]
fn a_rule_without_an_address_is_missed_since_there_is_a_runbook() {
    let rules = rules(&[("Other", "a.html"), ("DiskFull", "")]);
    let pages = [("a.md", "`Other`\n"), ("b.md", "Nothing.\n")];
    saved_beside(&rules, &pages, ("b.md", DISK_FULL), "rules.yaml");
}

#[test]
fn a_link_leads_to_an_alert_as_long_as_a_page_names_it() {
    let link = ("b.md", "See [it](/alerts/Nowhere/).\n");
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    saved(&[("a.md", "Nothing.\n"), link], row, "b.md");
    saved(&[row, link], ("a.md", "Nothing.\n"), "b.md");
    // It is nearly what was meant.
    let near = ("b.md", "See [it](/alerts/Nowheres/).\n");
    saved(&[("a.md", "Nothing.\n"), near], row, "b.md");
    // The name is encoded, and of another case than that of an alert which has its folder alone.
    let link = ("b.md", "See [it](/%61lerts/DiskFullWarning/).\n");
    let twin = ("a.md", "| Alert |\n|--|\n| `DISKFULLWARNING` |\n");
    saved(&[("a.md", "Nothing.\n"), link], twin, "b.md");
}

#[test]
fn what_words_name_depends_on_what_tables_name() {
    let heading = ("b.md", "## Nowhere\n\n[gone](#gone)\n");
    let link = ("c.md", "See [it](/alerts/Nowhere/#now).\n");
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    saved(&[("a.md", "Nothing.\n"), heading, link], row, "c.md");
}

#[test]
fn a_parent_is_known_as_long_as_a_page_has_its_title() {
    let child = ("b.md", "---\nparent: Many Diskss\n---\n\nText.\n");
    let parent = ("a.md", "---\ntitle: Many Disks\n---\n\nText.\n");
    let other = ("a.md", "---\ntitle: Few bottles\n---\n\nText.\n");
    saved(&[parent, child], other, "b.md");
    saved(&[other, child], parent, "b.md");
    // Without a title the first heading is one.
    saved(&[("a.md", "## Few bottles\n"), child], ("a.md", "## Many Disks\n"), "b.md");
}

#[test]
fn a_page_in_the_place_of_an_alert_is_one_only_if_the_alert_starts_there() {
    let place = ("alerts/DiskFullCritical/index.md", "`DiskFullCritical` is full.\n");
    let row = ("a.md", "| Alert |\n|--|\n| `DiskFullCritical` |\n");
    saved(&[("a.md", "Nothing.\n"), place], row, "index.md");
    saved(&[row, place], ("a.md", "Nothing.\n"), "index.md");
    // There was no such alert.
    let place = ("alerts/Nowhere/index.md", "Text.\n");
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    saved(&[("a.md", "Nothing.\n"), place], row, "index.md");
}

#[test]
fn an_alias_yields_to_an_alert_that_a_page_names() {
    let alias = ("b.md", "---\nredirect_from: /alerts/Nowhere/\n---\n\nText.\n");
    let link = ("c.md", "See [it](/alerts/Nowhere/#text).\n");
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n\n## Text\n");
    saved(&[("a.md", "Nothing.\n"), alias, link], row, "c.md");
    saved(&[row, alias, link], ("a.md", "Nothing.\n"), "c.md");
}

#[test]
fn a_section_that_is_renamed_is_missed_where_links_lead_to_it() {
    let other = ("b.md", "See [a](a.md#one).\n");
    saved(&[("a.md", "## One\n"), other], ("a.md", "## Two\n"), "b.md");
}

#[test]
fn an_alert_that_loses_its_last_place_may_be_what_a_section_of_its_group_is_about() {
    let pages = [("a.md", "`DiskFullWarning` comes first.\n"), OF_ANOTHER];
    saved(&pages, ("a.md", "Nothing.\n"), "z.md");
}

#[test]
fn so_may_one_of_whose_rows_the_link_leads_nowhere() {
    let first = ("a.md", "| Alert |\n|--|\n| `DiskFullWarning` |\n");
    let row = "| Alert | Start |\n|--|--|\n| `DiskFullWarning` | [Go](c.md#one) |\n";
    let pages = [first, ("b.md", row), ("c.md", "## One\n"), OF_ANOTHER];
    // The section goes.
    saved(&pages, ("c.md", "## Two\n"), "z.md");
    // The row leads elsewhere.
    saved(&pages, ("b.md", &row.replace("one", "gone")), "z.md");
}

#[test]
fn so_may_one_whose_row_leads_to_a_row_of_its_page_that_is_none_any_more() {
    let rows = "| Alert | Start |\n|--|--|\n| `EtcdDown` | |\n\
        | `DiskFullWarning` | [Go](#alert.EtcdDown) |\n";
    let pages = [("a.md", "Nothing.\n"), ("b.md", rows), OF_ANOTHER];
    saved(&pages, ("a.md", "| Alert |\n|--|\n| `EtcdDown` |\n"), "z.md");
}

#[test]
fn a_heading_is_mended_as_the_links_to_it_need() {
    let other = ("b.md", "## Drain <name> now\n");
    let pages = [("a.md", "See [how](b.md#drain--now).\n"), other];
    saved(&pages, ("a.md", "Nothing.\n"), "b.md");
    saved(&[("a.md", "Nothing.\n"), other], pages[0], "b.md");
}

#[test]
fn a_row_at_which_no_alert_starts_any_more_is_missed_where_links_lead_to_it() {
    let row = "| Alert | Start |\n|--|--|\n| `EtcdDown` | [Go](c.md#one) |\n";
    let link = ("d.md", "See [the row](b.md#alert.EtcdDown).\n");
    let pages = [("a.md", "Nothing.\n"), ("b.md", row), ("c.md", "## Two\n"), link];
    // The row leads to a section by now.
    saved(&pages, ("c.md", "## One\n"), "d.md");
    // Another page is the first that documents the alert.
    saved(&pages, ("a.md", "| Alert |\n|--|\n| `EtcdDown` |\n"), "d.md");
}

#[test]
fn a_page_is_for_alerts_of_a_pattern_if_no_other_at_its_address_is() {
    let listing = "---\ntitle: Alerts\nredirect_from: /old/\n---\n\n\
        ## List\n\n## Etcd Down\n\nText.\n\n## About EtcdDo*\n\n- **EtcdDown** (info): at once\n";
    let pattern = "---\nredirect_from: /old/\n---\n\n## About Disks*\n";
    let none = "---\nredirect_from: /old/\n---\n\n## About disks\n";
    saved(&[("a.md", pattern), ("b.md", listing)], ("a.md", none), "b.md");
    saved(&[("a.md", none), ("b.md", listing)], ("a.md", pattern), "b.md");
}

#[test]
fn so_may_one_whose_row_leads_to_an_alert_that_no_page_names_any_more() {
    let row = "| Alert | Start |\n|--|--|\n| `DiskFullWarning` | [Go](/alerts/Nowhere/) |\n";
    let names = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    let pages = [("a.md", "Nothing.\n"), ("b.md", row), OF_ANOTHER];
    saved(&pages, names, "z.md");
    saved(&[names, pages[1], OF_ANOTHER], pages[0], "z.md");
}

#[test]
fn the_address_of_a_tag_is_mended_by_the_names_of_alerts() {
    let link = ("b.md", "{% link alerts/Nowhre/index.html %}\n");
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    saved(&[("a.md", "Nothing.\n"), link], row, "b.md");
    saved(&[row, link], ("a.md", "Nothing.\n"), "b.md");
}

#[test]
fn a_rule_without_an_address_is_missed_since_another_file_leads_to_an_alert() {
    let rules = rules(&[("DiskFull", "")]);
    let more = "groups:\n- name: more\n  rules:\n  - {alert: Other, expr: up == 0, \
        annotations: {runbook_url: alerts/Nowhere/index.html}}\n";
    let pages = [("a.md", "Nothing.\n"), ("b.md", DISK_FULL)];
    let row = ("a.md", "| Alert |\n|--|\n| `Nowhere` |\n");
    let rules = rules + more;
    saved_beside(&rules, &pages, row, "0.rules.yaml");
    saved_beside(&rules, &[row, pages[1]], pages[0], "0.rules.yaml");
}

#[test]
fn a_page_is_for_another_alert_as_long_as_its_text_has_the_name_of_one() {
    let rules = rules(&[("DiskFull", "")]);
    let page = |text: &str| format!("---\ntitle: Disk_Full\n---\n\n{text}\n");
    let (with, without) = (page("See xDiskFullx."), page("See there."));
    let pages = [("Disk_Full.md", with.as_str())];
    saved_beside(&rules, &pages, ("Disk_Full.md", &without), "Disk_Full.md");
    saved_beside(&rules, &[("Disk_Full.md", &without)], ("Disk_Full.md", &with), "Disk_Full.md");
}

#[test]
fn a_pattern_names_an_alert_by_the_situation_of_its_rule() {
    let rule = |alert: &str, situation: &str, more: &str| {
        let labels = format!("labels: {{alert_situation: {situation}}}");
        format!("  - {{alert: {alert}, expr: up == 0, {labels}{more}}}\n")
    };
    let leads = ", annotations: {runbook_url: \"https://r.example/a.html#gone\"}";
    let named = "# Disks\n\n## About EtcdDo*\n";
    let titled = "# About EtcdDo*\n";
    let other = rule("Kafka", "EtcdDown", "");
    let rules = format!("groups:\n- name: g\n  rules:\n{}{other}", rule("EtcdDown", "down", leads));
    saved_beside(&rules, &[("a.md", titled)], ("a.md", named), "0.rules.yaml");
    let own = rule("EtcdDown", "EtcdDown", leads);
    let rules = format!("groups:\n- name: g\n  rules:\n{own}");
    let pages = [("a.md", titled), ("b.md", "Nothing.\n")];
    saved_beside(&rules, &pages, ("a.md", named), "0.rules.yaml");
}

#[test]
fn a_page_is_for_another_alert_since_no_code_on_it_has_the_name_of_one() {
    let rules = rules(&[("DISKFULL", "a.html?p=x")]);
    let pages = [("a.md", "## DiskFull\n\n`DISKFULL`\n")];
    saved_beside(&rules, &pages, ("a.md", "## DiskFull\n"), "0.rules.yaml");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
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
        for (page, text) in pages.iter().enumerate() {
            write(site, page, text);
        }
        let project = Project { out: site.join("public"), site: site.to_owned(), base_url: None };
        let mut builder = Builder::keeping();
        let mut before = builder.read(&project).unwrap();
        for edit in &edits {
            let page = edit.page;
            if !edit.apply(&mut pages[page]) {
                continue;
            }
            write(site, page, &pages[page]);
            let changed = BTreeSet::from([site.join("content").join(PAGES[page])]);
            before = builder.read_again(&project, &before, &changed).unwrap();
            let whole = Builder::default().read(&project).unwrap();
            let cold = findings(&whole);
            let warm = findings(&before);
            let differing = warm.lines().zip(cold.lines()).find(|(warm, cold)| warm != cold);
            prop_assert_eq!(differing, None, "{:?}", edits);
            prop_assert_eq!(warm.len(), cold.len());
            prop_assert_eq!(joined(&before), joined(&whole));
        }
    }
}
