//! `alertbook serve` as a process, with real files and real sockets.

mod preview;
mod queries;

use preview::{Preview, panel_of};
use std::fs;
use ureq::http::Method;

const ETCD: &str = "/armada/etcd.html";

#[test]
fn a_saved_page_is_delivered_with_its_findings() {
    let preview = Preview::start(&[], &[]);
    let (status, html) = preview.get(ETCD);
    assert_eq!(status, 200);
    assert!(html.contains("First words") && panel_of(&html).is_empty(), "{html}");
    let mut events = preview.events(ETCD);
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\nNew, see [x](gone.md).\n");
    events.wait_for("reload");
    let panel = events.wait_for_finding("broken-link");
    assert!(panel.contains("line 5") && panel.contains("<mark>gone.md</mark>"), "{panel}");
    let (_, html) = preview.get(ETCD);
    assert!(html.contains("New, see") && panel_of(&html) == panel, "{html}");
    // Mended in a second file: the page is the same, its finding goes.
    preview.write("content/armada/gone.md", "---\ntitle: Here again\n---\n");
    events.wait_for("reload");
    assert!(panel_of(&preview.get(ETCD).1).is_empty());
}

#[test]
fn files_may_be_saved_renamed_and_switched_in_any_way() {
    let preview = Preview::start(&[], &[]);
    let mut events = preview.events(ETCD);
    // As editors do that never write into the file itself.
    let (page, beside) =
        (preview.place("content/armada/etcd.md"), preview.place("content/armada/.etcd.md.new"));
    for words in ["Once.", "Twice."] {
        fs::write(&beside, format!("---\ntitle: Etcd\n---\n\n{words}\n")).unwrap();
        fs::rename(&beside, &page).unwrap();
        events.wait_for("reload");
        assert!(preview.get(ETCD).1.contains(words));
    }
    // A folder goes, and comes again with something else in it.
    fs::rename(preview.place("content"), preview.place("aside")).unwrap();
    let fault = events.wait_for_finding("content folder");
    assert!(fault.contains("how it was before"), "{fault}");
    assert!(preview.get(ETCD).1.contains("Twice."), "the last good page");
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\nThrice.\n");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Thrice."));
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\nStill watched.\n");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Still watched."));
    assert_eq!(preview.get("/armada/disks.html").0, 404);
}

#[test]
fn rules_data_templates_scripts_and_configuration_are_watched_as_well() {
    let preview = Preview::start(&[], &[]);
    let mut events = preview.events(ETCD);
    preview.write("templates/page.html", "<html><body>{{ site.title }} {{ page.title }}</body>");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Trial Etcd"));
    preview.write("alertbook.yaml", "title: Renamed\nrules: [\"rules/*.yaml\"]\ndata: data\n");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Renamed Etcd"));
    preview.write("data/teams.yaml", "a: Armada\n");
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\n{{ site.data.teams.a }}\n");
    preview.write("templates/page.html", "<html><body>{{ page.content | safe }}</body>");
    while !preview.get(ETCD).1.contains("Armada") {
        events.wait_for("reload");
    }
    preview.write("data/teams.yaml", "a: Fleet\n");
    while !preview.get(ETCD).1.contains("Fleet") {
        events.wait_for("reload");
    }
    preview
        .write("rules/etcd.yaml", "groups:\n- name: etcd\n  rules:\n  - alert: A\n    expr: b <\n");
    let mut start = preview.events("/index.html");
    while !panel_of(&preview.get("/").1).contains("invalid-promql") {
        start.next();
    }
    assert!(preview.get("/alerts/A/").1.contains("invalid-promql"), "the finding is of the alert");
}

#[test]
fn behind_a_fault_stands_the_last_good_page() {
    let preview = Preview::start(&[], &[]);
    let mut events = preview.events(ETCD);
    preview.write("content/armada/etcd.md", "---\ntitle: [Etcd\n---\n\nNever mind.\n");
    let panel = events.wait_for_finding("invalid-front-matter");
    assert!(panel.contains("line "), "{panel}");
    let (_, html) = preview.get(ETCD);
    assert!(html.contains("First words") && !html.contains("Never mind"), "{html}");
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\nMended.\n");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Mended."));

    for fault in ["{{ page.title", "{{ page.nothing.at.all }}"] {
        preview.write("templates/page.html", fault);
        let panel = events.wait_for_finding("template");
        assert!(panel.contains("page.html"), "{panel}");
        let (status, html) = preview.get(ETCD);
        assert!(status == 200 && html.contains("Mended."), "{html}");
        assert!(preview.get("/armada/disks.html").1.contains("About"), "also where nobody looked");
        let sheet = html.split(['"', '/']).find(|it| it.ends_with(".css")).unwrap();
        let (_, sheet) = preview.get(&format!("/assets/{sheet}"));
        assert!(sheet.contains("body") && !sheet.contains("<html"), "it keeps its looks: {sheet}");
    }
    fs::remove_dir_all(preview.place("templates")).unwrap();
    events.wait_for_finding("");

    preview.write("alertbook.yaml", "title: Trial\nrulse: []\n");
    let panel = events.wait_for_finding("rulse");
    assert!(panel.contains("did you mean"), "{panel}");
    assert!(preview.get(ETCD).1.contains("Mended."));
}

#[test]
fn addresses_lead_where_they_do_on_the_built_site() {
    let preview =
        Preview::start(&[("alertbook.yaml", "title: T\nbase_url: https://a.example/docs\n")], &[]);
    for (path, status) in [
        ("/", 200),
        ("/armada/etcd.html?workerID=x", 200),
        ("/docs/armada/etcd.html", 200),
        ("/armada/notes.txt", 200),
        ("/alertbook.json", 200),
        ("/alerts", 302),
        ("/alerts/", 200),
        ("/nowhere.html", 404),
        ("/..%2f..%2fetc/passwd", 404),
        ("/alertbook.yaml", 404),
    ] {
        assert_eq!(preview.get(path).0, status, "{path}");
    }
    assert!(preview.get("/nowhere.html").1.contains("There is no page at this address"));
    assert_eq!(preview.ask(Method::POST, ETCD, &[]).0, 405);
    let mut events = preview.events("/nowhere.html");
    preview.write("content/nowhere.md", "---\ntitle: Somewhere\n---\n");
    events.wait_for("reload");
    assert_eq!(preview.get("/nowhere.html").0, 200);
}

#[test]
fn other_machines_and_their_pages_get_no_answer() {
    let preview = Preview::start(&[], &[]);
    for host in ["evil.example", "evil.example:4100", "127.0.0.1.evil.example"] {
        assert_eq!(preview.ask(Method::GET, ETCD, &[("Host", host)]).0, 403, "{host}");
    }
    for host in ["localhost", "localhost:9", "[::1]:4100"] {
        assert_eq!(preview.ask(Method::GET, ETCD, &[("Host", host)]).0, 200, "{host}");
    }
}

#[test]
fn where_nobody_tells_of_changes_files_are_looked_at() {
    let preview = Preview::start(&[("content/armada/a.svg", "<svg/>")], &["--poll"]);
    let mut events = preview.events(ETCD);
    preview.write("content/armada/etcd.md", "---\ntitle: Etcd\n---\n\nFound.\n");
    events.wait_for("reload");
    assert!(preview.get(ETCD).1.contains("Found."));
    preview.write("content/armada/a.svg", "<svg>more</svg>");
    events.wait_for("reload");
}

#[test]
fn what_polls_says_so_and_what_is_read_again_says_how_long_it_took() {
    let preview = Preview::start(&[], &[]);
    let page = preview.place("content/armada/etcd.md");
    fs::write(page, "---\ntitle: Etcd\n---\n").unwrap();
    let line = preview.line_with("Read again in ");
    assert!(line.contains(" ms: ") && line.ends_with('.'), "{line}");
}
