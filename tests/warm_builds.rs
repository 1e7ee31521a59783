//! A builder that has seen a site before gives the site that one would which has seen nothing:
//! every finding and every file, byte for byte, whatever was done to the folder in between.

use alertbook::diag::json;
use alertbook::failure::Failure;
use alertbook::pipeline::{Builder, Checked, Project};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something that somebody does to the files of a site.
#[derive(Debug, Clone)]
enum Edit {
    /// Writes one of the texts to one of the places, new or not.
    Write(usize, usize),
    /// Writes one of the lines into the text at one of the places: below its front matter, or at its
    /// end.
    Add(usize, usize, bool),
    Remove(usize),
    Rename(usize, usize),
    /// A folder goes, with all that is in it.
    RemoveFolder(usize),
    /// Several things at once, as when a branch is switched.
    Several(Vec<Edit>),
}

const PLACES: [&str; 14] = [
    "content/a.md",
    "content/b.md",
    "content/index.md",
    "content/armada/a.md",
    "content/armada/index.md",
    "content/armada/notes.txt",
    "content/404.md",
    "rules/a.yaml",
    "rules/deep/b.yaml",
    "data/teams.yaml",
    "templates/page.html",
    "static/alertbook.css",
    "static/more.js",
    "alertbook.yaml",
];

const FOLDERS: [&str; 5] = ["content/armada", "rules", "data", "templates", "content"];

const CONFIGURATION: &str = "title: T\nrules: [\"rules/**/*.yaml\"]\ndata: data\n";

const TEXTS: [&str; 14] = [
    "---\ntitle: A\n---\n\n| Alert_Situation | Info | Start |\n|--\n| `EtcdDown` | More than 3 | [Go](#etcd-down) |\n\n### Etcd Down\n\n```promql\nup == 0\n```\n",
    "---\ntitle: A\nparent: B\n---\n\nSee [b](./b.html), [the other](armada/a.md#x), `EtcdDown`.\n\n```bash\necho \"$HOME\"\n```\n",
    "---\ntitle: B\nlink: /old.html\n---\n\n# B\n\n{{ site.data.teams.armada.name }} {{ site.title }}\n",
    "---\ntitle: B\ntitle: C\nalerts: [EtcdDown, Nowhere]\ngrand_parent: A\n---\n\n## x\n",
    "---\ntitle: [\n---\n\nBroken.\n",
    "no front matter at all\n",
    "",
    "groups:\n- name: g\n  rules:\n  - alert: EtcdDown\n    expr: up{job=\"etcd\"} == 0\n    labels: {severity: page}\n    annotations: {runbook_url: \"https://a.example/b.html\"}\n",
    "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: disk_free <\n  - record: a:b\n    expr: sum(up)\n",
    "armada: {name: Armada}\n",
    "{{ page.title }}|{{ root }}|{{ page.content | safe }}|{% for e in navigation.entries %}{{ e.title }},{% endfor %}",
    "{{ page.title ",
    "title: Other\nbase_url: https://a.example\nrules: [\"rules/*.yaml\"]\nchecks: {undocumented-alert: error}\n",
    CONFIGURATION,
];

/// What authors add to a page. Some of it has findings, or hides those of others.
const LINES: [&str; 17] = [
    "One more sentence.",
    "See [nowhere](gone.md), [the other](./a.html#more), ![none](none.png).",
    "```bash\nrm -rf /srv/data\n```",
    "```promql\nup ==\n```",
    "It fires at more than 5 in 3h.",
    "Severity: critical",
    "<!-- allow(broken-link): it comes later -->",
    "<!-- allow(broken-link) -->",
    "Run: up{job=\"*b*\"}",
    "## ## Twice",
    "### More",
    "See [twice](./b.html#-twice).",
    "`EtcdDown` or `DiskFull`, and **Nowhere**.",
    "{{ site.data.nothing.here }} {{ site.title }}",
    "| Alert | Info |\n|--|--|\n| `Nowhere` | x |",
    "[A] <Name> fires",
    "What to do is in [another](a.md).",
];

fn edit() -> impl Strategy<Value = Edit> {
    let place = 0..PLACES.len();
    let one = prop_oneof![
        8 => (place.clone(), 0..TEXTS.len()).prop_map(|(place, text)| Edit::Write(place, text)),
        12 => (place.clone(), 0..LINES.len(), any::<bool>())
            .prop_map(|(place, line, at_end)| Edit::Add(place, line, at_end)),
        2 => place.clone().prop_map(Edit::Remove),
        2 => (place.clone(), place).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => (0..FOLDERS.len()).prop_map(Edit::RemoveFolder),
    ];
    prop_oneof![
        4 => one.clone(),
        1 => prop::collection::vec(one, 2..5).prop_map(Edit::Several),
    ]
}

/// Does it, and names the paths that a watcher would.
fn apply(site: &Path, edit: &Edit, touched: &mut BTreeSet<PathBuf>) {
    match edit {
        Edit::Write(place, text) => {
            let place = site.join(PLACES[*place]);
            make_folders(site, place.parent().unwrap(), touched);
            if fs::write(&place, TEXTS[*text]).is_ok() {
                touched.insert(place);
            }
        }
        Edit::Add(place, line, at_end) => {
            let place = site.join(PLACES[*place]);
            let Ok(text) = fs::read_to_string(&place) else { return };
            let body = text.match_indices("---\n").nth(1).map_or(0, |(at, mark)| at + mark.len());
            let at = if *at_end { text.len() } else { body };
            let (before, behind) = text.split_at(at);
            fs::write(&place, format!("{before}\n{}\n\n{behind}", LINES[*line])).unwrap();
            touched.insert(place);
        }
        Edit::Remove(place) => {
            let place = site.join(PLACES[*place]);
            let _ = fs::remove_file(&place);
            touched.insert(place);
        }
        Edit::Rename(from, to) => {
            let (from, to) = (site.join(PLACES[*from]), site.join(PLACES[*to]));
            make_folders(site, to.parent().unwrap(), touched);
            let _ = fs::rename(&from, &to);
            touched.extend([from, to]);
        }
        Edit::RemoveFolder(folder) => {
            let folder = site.join(FOLDERS[*folder]);
            let _ = fs::remove_dir_all(&folder);
            touched.insert(folder);
        }
        Edit::Several(edits) => edits.iter().for_each(|edit| apply(site, edit, touched)),
    }
}

fn make_folders(site: &Path, folder: &Path, touched: &mut BTreeSet<PathBuf>) {
    for folder in folder.ancestors().take_while(|folder| *folder != site) {
        if !folder.exists() {
            touched.insert(folder.to_owned());
        }
    }
    fs::create_dir_all(folder).unwrap();
}

/// Everything that is to be seen of a site: its findings, its files, or why there are none.
fn seen(read: &Result<Checked, Failure>) -> Vec<(String, Vec<u8>)> {
    let checked = match read {
        Ok(checked) => checked,
        Err(Failure::Configuration(found)) => {
            return vec![("configuration".to_owned(), format!("{found:?}").into_bytes())];
        }
        Err(error) => return vec![("error".to_owned(), error.to_string().into_bytes())],
    };
    let mut seen = vec![
        ("findings".to_owned(), json::render(&checked.report).into_bytes()),
        ("warnings".to_owned(), checked.warnings.join("\n").into_bytes()),
    ];
    seen.extend(checked.copies().map(|(path, _)| (path.clone(), Vec::new())));
    match checked.renderer() {
        Err(message) => seen.push(("theme".to_owned(), message.into_bytes())),
        Ok(renderer) => seen.extend(renderer.outputs().into_iter().map(|output| {
            let path = renderer.path(output).into_owned();
            let file = renderer.render(output);
            (path, file.map_or_else(String::into_bytes, |file| file.bytes))
        })),
    }
    seen
}

/// Says of two sites where they first differ.
fn same(warm: &[(String, Vec<u8>)], cold: &[(String, Vec<u8>)]) -> Result<(), TestCaseError> {
    let names = |site: &[(String, Vec<u8>)]| -> Vec<String> {
        site.iter().map(|(path, _)| path.clone()).collect()
    };
    prop_assert_eq!(names(warm), names(cold));
    for ((path, warm), (_, cold)) in warm.iter().zip(cold) {
        let (warm, cold) = (String::from_utf8_lossy(warm), String::from_utf8_lossy(cold));
        let differing = warm.lines().zip(cold.lines()).find(|(warm, cold)| warm != cold);
        prop_assert_eq!(differing, None, "in {}", path);
        prop_assert_eq!(warm.len(), cold.len(), "{}", path);
    }
    Ok(())
}

/// A site in a folder, and two builders that follow it.
struct Followed {
    folder: tempfile::TempDir,
    project: Project,
    /// Reads everything each time.
    warm: Builder,
    /// Reads what has changed.
    told: Builder,
    before: Checked,
    /// What has changed since there was last a site.
    touched: BTreeSet<PathBuf>,
}

impl Followed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().to_owned();
        let project = Project { out: site.join("public"), site, base_url: None };
        let beginning = [(13, 13), (0, 0), (3, 1), (4, 2), (7, 7), (9, 9)];
        for (place, text) in beginning {
            apply(&project.site, &Edit::Write(place, text), &mut BTreeSet::new());
        }
        let mut told = Builder::keeping();
        let before = told.read(&project).unwrap();
        let (warm, touched) = (Builder::keeping(), BTreeSet::new());
        Self { folder, project, warm, told, before, touched }
    }

    /// Makes an edit, and compares.
    fn edit(&mut self, edit: &Edit) -> Result<(), TestCaseError> {
        apply(self.folder.path(), edit, &mut self.touched);
        let cold = seen(&Builder::default().read(&self.project));
        same(&seen(&self.warm.read(&self.project)), &cold)?;
        let told = self.told.read_again(&self.project, &self.before, &self.touched);
        same(&seen(&told), &cold)?;
        if let Ok(told) = told {
            self.before = told;
            self.touched.clear();
        }
        Ok(())
    }
}

#[test]
fn a_folder_that_went_and_came_again_is_another_one() {
    let mut site = Followed::new();
    site.edit(&Edit::Several(vec![Edit::RemoveFolder(4), Edit::Write(3, 0)])).unwrap();
}

#[test]
fn a_page_that_shows_the_same_leaves_the_rest_as_it_is() {
    let mut site = Followed::new();
    let alerts = |site: &Followed| Arc::clone(&site.before.site.alerts);
    for (index, line) in LINES.iter().enumerate() {
        let before = alerts(&site);
        site.edit(&Edit::Add(0, index, true)).unwrap();
        let is_kept = Arc::ptr_eq(&before, &alerts(&site));
        let shows_more = ["#", "EtcdDown", "| Alert"].iter().any(|it| line.contains(it));
        assert_eq!(is_kept, !shows_more, "{line}");
    }
}

#[test]
fn what_a_page_says_decides_about_the_address_in_a_rule() {
    let mut site = Followed::new();
    site.edit(&Edit::Several(vec![Edit::Write(13, 12), Edit::Write(1, 2)])).unwrap();
    let is_elsewhere = |site: &Followed| {
        let mut found = site.before.report.entries().iter();
        found.any(|(_, finding)| finding.check == "runbook-url-elsewhere")
    };
    assert!(is_elsewhere(&site), "b.md does not say where the alert is documented");
    let alerts = Arc::clone(&site.before.site.alerts);
    site.edit(&Edit::Add(1, 16, true)).unwrap();
    assert!(!is_elsewhere(&site));
    site.edit(&Edit::Write(1, 2)).unwrap();
    assert!(is_elsewhere(&site));
    assert!(Arc::ptr_eq(&alerts, &site.before.site.alerts), "the site was put together anew");
}

/// Saves a page, and compares with a site that is read as a whole.
fn saved(rules: &str, before: &str, after: &str) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().to_owned();
    let project = Project { out: site.join("public"), site, base_url: None };
    apply(&project.site, &Edit::Write(13, 12), &mut BTreeSet::new());
    let write = |place: &str, text: &str| {
        let place = project.site.join(place);
        make_folders(&project.site, place.parent().unwrap(), &mut BTreeSet::new());
        fs::write(&place, text).unwrap();
        place
    };
    write("rules/a.yaml", &format!("groups:\n- name: g\n  rules:\n{rules}"));
    write("content/a.md", &format!("---\n---\n\n{before}"));
    let mut told = Builder::keeping();
    let first = told.read(&project).unwrap();
    let changed = BTreeSet::from([write("content/a.md", &format!("---\n---\n\n{after}"))]);
    let told = told.read_again(&project, &first, &changed);
    same(&seen(&told), &seen(&Builder::default().read(&project)))
}

#[test]
fn a_table_that_moves_or_is_written_in_another_way_moves_where_its_alerts_start() {
    let rules = "  - {alert: Disk full, expr: up}\n  - {alert: disk, expr: up}\n";
    let page = |one: &str, two: &str| format!("# A\n\n## One\n\n{one}\n\n## Two\n\n{two}\n");
    let naming = "| What | Do |\n|--|--|\n| Disk full | x |\n| disk | y |";
    saved(rules, &page(naming, ""), &page("", naming)).unwrap();
    let table = "| Alert | Do |\n|--|--|\n| Disk full | x |";
    let html = "<table>\n<tr><th>Alert</th><th>Do</th></tr>\n<tr><td>Disk full</td><td>x</td></tr>\n</table>";
    saved(rules, table, html).unwrap();
    saved(rules, html, table).unwrap();
    // Its address leads to no section, and the section of the table is told.
    let rules = "  - {alert: Disk full, expr: up, annotations: {runbook_url: https://a.example/a.html#gone}}\n";
    saved(rules, &page(table, ""), &page("", table)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn a_warm_build_is_a_cold_build(edits in prop::collection::vec(edit(), 1..12)) {
        let mut site = Followed::new();
        for edit in &edits {
            site.edit(edit)?;
        }
    }
}
