//! `rules: {prometheus: URL}`: rules that a server has loaded.

use crate::answering::{Answer, answering, exchange, nobody, serving, silent};
use crate::server::Prometheus;
use crate::site::{Ended, Site};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const RUNBOOK: &str = "---\ntitle: Disks\nalerts: [DiskFull]\n---\n\nDelete something.\n";

const RULES: &str = "\
groups:
  - name: disk
    interval: 30s
    rules:
      - record: disk:free:ratio
        expr: disk_free / disk_size
      - alert: DiskFull
        expr: |
          disk:free:ratio
            < 0.1
        for: 10m
        labels: {severity: critical}
        annotations:
          summary: \"{{ $labels.device }}: is full\"
          runbook_url: https://runbooks.example.com/disk.html
";

/// A site that takes its rules from there.
fn site(rules: &str) -> Site {
    let configuration =
        format!("title: T\nbase_url: https://runbooks.example.com\nrules: {rules}\n");
    Site::new(&[("alertbook.yaml", &configuration), ("content/disk.md", RUNBOOK)])
}

/// Checks a site whose rules come from an address, which the output has as `[SERVER]`.
fn check(server: &str) -> Ended {
    let ended = site(&format!("{{prometheus: '{server}', timeout: 5s}}")).run(&["check"], &[]);
    Ended { printed: ended.printed.replace(server, "[SERVER]"), ..ended }
}

fn failed(printed: &str) -> Ended {
    Ended { status: 3, printed: printed.to_owned() }
}

/// The rule of the runbook and no other, as an API lists it.
fn groups() -> serde_json::Value {
    json!({"groups": [{"name": "disk", "file": "disk", "interval": 30, "rules": [
        {"type": "alerting", "name": "DiskFull", "query": "disk_free < 1", "duration": 0},
    ]}]})
}

#[test]
fn what_a_prometheus_has_loaded_are_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("disk.yaml");
    std::fs::write(&file, RULES).unwrap();
    let prometheus = Prometheus::start(folder.path(), &[file]);
    let ended = check(&prometheus.url);
    assert_eq!(ended.printed, "No findings in 1 runbook and 1 rule file.\n");
    assert_eq!(ended.status, 0);

    // The runbook knows another name, and its address is another one.
    let site = site(&format!("[{{prometheus: '{}/'}}]", prometheus.url));
    site.write("content/disk.md", &RUNBOOK.replace("DiskFull", "DiskFul"));
    let ended = site.run(&["check"], &[]);
    let printed = ended.printed.replace(&prometheus.url, "[SERVER]");
    assert!(printed.contains("no rule raises the alert `DiskFul`"), "{printed}");
    assert!(printed.contains("[SERVER]/api/v1/rules:8:16\n"), "{printed}");
    assert!(printed.contains("8 |       - alert: DiskFull\n"), "{printed}");
    assert_eq!(ended.status, 1);
    let ended = site.run(&["build", "--out", "out", "--allow-errors"], &[]);
    assert_eq!(ended.status, 1, "{}", ended.printed);
    let page = std::fs::read_to_string(site.path().join("out/alerts/DiskFull/index.html"));
    assert!(page.unwrap().contains("disk:free:ratio"));
}

#[test]
fn files_and_servers_go_together() {
    let server = answering(|_| Answer::data(&groups()));
    let site =
        site(&format!("['rules/*.yaml', {{prometheus: ['{server}', '{server}/prometheus']}}]"));
    site.write(
        "rules/other.yaml",
        "groups: [{name: a, rules: [{alert: DiskGone, expr: up == 0}]}]",
    );
    site.write("content/disk.md", "---\ntitle: D\nalerts: [DiskFull, DiskGone]\n---\n");
    let ended = site.run(&["check"], &[]);
    assert!(!ended.printed.contains("unknown-alert"), "{}", ended.printed);
}

#[test]
fn a_list_of_many_pages_is_read_to_its_end() {
    let server = answering(|request| {
        let page = |name: &str, next: &str| {
            Answer::data(
                &json!({"groupNextToken": next, "groups": [{"name": name, "file": "f", "rules": [
                    {"type": "alerting", "name": name, "query": "up"},
                ]}]}),
            )
        };
        assert_eq!(request.body, "");
        match request.path.split_once("group_next_token=") {
            None => page("DiskFull", "a b"),
            Some((_, "a+b" | "a%20b")) => page("DiskSlow", "c"),
            Some((_, "c")) => page("DiskGone", ""),
            Some(_) => Answer::json(
                "400 Bad Request",
                &json!({"status": "error", "errorType": "bad_data", "error": "no"}),
            ),
        }
    });
    let site = site(&format!("{{prometheus: '{server}'}}"));
    site.write("content/disk.md", "---\ntitle: D\nalerts: [DiskFull, DiskSlow, DiskGone]\n---\n");
    let ended = site.run(&["check"], &[]);
    assert!(!ended.printed.contains("unknown-alert"), "{}", ended.printed);
    assert_eq!(ended.status, 0, "{}", ended.printed);
}

#[test]
fn a_token_and_a_tenant_are_sent_and_never_shown() {
    const SECRET: &str = "s3cr3t-t0ken";
    let server = answering(|request| {
        let sent = |header: &str| request.headers.iter().any(|line| line == header);
        if sent(&format!("authorization: Bearer {SECRET}")) && sent("x-scope-orgid: armada") {
            Answer::data(&groups())
        } else {
            Answer {
                status: "401 Unauthorized",
                headers: Vec::new(),
                body: "Unauthorized".to_owned(),
            }
        }
    });
    let site = site(&format!("{{prometheus: '{server}', token_env: RULES_TOKEN, tenant: armada}}"));
    let good = site.run(&["check"], &[("RULES_TOKEN", SECRET)]);
    assert!(!good.printed.contains("error"), "{}", good.printed);
    let bad = site.run(&["check"], &[("RULES_TOKEN", "an-old-one")]);
    assert_eq!(
        bad.printed.replace(&server, "[SERVER]"),
        "error: can't read [SERVER]/api/v1/rules: it answers 401 Unauthorized\n\n\
         help: is the token that `token_env` names the right one, and still valid?\n"
    );
    assert_eq!(bad.status, 3);
    let unset = site.run(&["check"], &[]);
    assert!(
        unset.printed.contains(
            "the environment variable `RULES_TOKEN`, which `token_env` names, is not set"
        ),
        "{}",
        unset.printed
    );
    assert_eq!(unset.status, 2);
    for ended in [good, bad, unset] {
        assert!(!ended.printed.contains(SECRET) && !ended.printed.contains("an-old-one"));
    }
}

#[test]
fn who_is_not_there_or_says_nothing_is_an_error_of_the_world() {
    let nobody = nobody();
    assert_eq!(
        check(&nobody),
        failed("error: can't read [SERVER]/api/v1/rules: nothing listens there\n")
    );
    let silent = silent();
    let ended = site(&format!("{{prometheus: '{silent}', timeout: 100ms}}")).run(&["check"], &[]);
    assert_eq!(
        ended.printed.replace(&silent, "[SERVER]"),
        "error: can't read [SERVER]/api/v1/rules: there was no answer within 0.1 s\n\n\
         help: `timeout` says how long it may take\n"
    );
    assert_eq!(ended.status, 3);
    let ended = site("{prometheus: 'http://no-such-host.invalid'}").run(&["check"], &[]);
    assert_eq!(ended.status, 3, "{}", ended.printed);
}

#[test]
fn what_is_no_api_is_said_to_be_none() {
    let login = "<!doctype html>\n<html><head><title>\n Sign in</title></head></html>";
    let page = answering(move |_| Answer::page("200 OK", login));
    assert_eq!(
        check(&page),
        failed(
            "error: can't read [SERVER]/api/v1/rules: a web page, \"Sign in\", answers in place of the API\n\n\
             help: a proxy or a log-in stands before it; with a token in `token_env` it may let programs pass\n"
        )
    );
    let redirected = answering(move |request| {
        if request.path.starts_with("/login") {
            return Answer::page("200 OK", login);
        }
        let headers = vec!["Location: /login?next=x".to_owned()];
        Answer { status: "302 Found", headers, body: String::new() }
    });
    let ended = check(&redirected);
    assert!(
        ended.printed.contains("answers in place of the API, at `127.0.0.1/login`\n"),
        "{}",
        ended.printed
    );

    let unauthorized = answering(|_| Answer::page("401 Unauthorized", "<html>no</html>"));
    assert_eq!(
        check(&unauthorized),
        failed(
            "error: can't read [SERVER]/api/v1/rules: it answers 401 Unauthorized\n\n\
             help: `token_env` names the environment variable with a bearer token\n"
        )
    );
    let elsewhere = answering(|_| Answer::page("404 Not Found", "404 page not found"));
    assert_eq!(
        check(&elsewhere),
        failed(
            "error: can't read [SERVER]/api/v1/rules: it answers 404 Not Found\n\n\
             help: the address is the one that `/api/v1/rules` can follow; Mimir's ends in `/prometheus`\n"
        )
    );
    for body in ["{\"status\": \"success\", \"data\"", "", "[]", "{\"a\": 1}"] {
        let server = answering(move |_| Answer {
            status: "200 OK",
            headers: Vec::new(),
            body: body.to_owned(),
        });
        let message =
            "error: can't read [SERVER]/api/v1/rules: what answers is not Prometheus' API\n";
        assert_eq!(check(&server), failed(message), "{body}");
    }
    let odd = answering(|_| Answer::data(&json!({"groups": [{"rules": 1}]})));
    assert!(check(&odd).printed.contains("its list of rules can't be read: "));
    let broken = answering(|_| {
        let body = json!({"status": "error", "errorType": "internal", "error": "no rules today"});
        Answer::json("500 Internal Server Error", &body)
    });
    let message = "error: can't read [SERVER]/api/v1/rules: it says \"no rules today\"\n";
    assert_eq!(check(&broken), failed(message));
    let endless = answering(|_| Answer::data(&json!({"groups": [], "groupNextToken": "x"})));
    let message = "error: can't read [SERVER]/api/v1/rules: its list of rules does not end\n";
    assert_eq!(check(&endless), failed(message));
    let asked = AtomicUsize::new(0);
    let ever_new = answering(move |_| {
        let next = asked.fetch_add(1, Ordering::Relaxed).to_string();
        Answer::data(&json!({"groups": [], "groupNextToken": next}))
    });
    assert_eq!(check(&ever_new), failed(message));
}

#[test]
fn a_private_authority_is_trusted_if_it_is_named() {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key =
        rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let chain = vec![certified.cert.der().clone()];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let tls = Arc::new(tls);
    let server = serving(move |stream| {
        let connection = rustls::ServerConnection::new(Arc::clone(&tls)).unwrap();
        let stream = rustls::StreamOwned::new(connection, stream);
        _ = exchange(stream, &|_: &_| Answer::data(&groups()));
    });
    let server = server.replace("http://", "https://");

    let ended = check(&server);
    assert_eq!(ended.status, 3);
    assert!(
        ended
            .printed
            .contains("help: `ca` names a file with the certificates of a private authority"),
        "{}",
        ended.printed
    );

    let site = site(&format!("{{prometheus: '{server}', ca: ca.pem}}"));
    let ended = site.run(&["check"], &[]);
    assert!(
        ended
            .printed
            .contains("`ca` names `ca.pem`, which can't be read: no such file or directory"),
        "{}",
        ended.printed
    );
    assert_eq!(ended.status, 2);
    site.write("ca.pem", "no certificate\n");
    let ended = site.run(&["check"], &[]);
    assert!(
        ended.printed.contains("`ca` names `ca.pem`, which holds no certificate in PEM"),
        "{}",
        ended.printed
    );
    site.write("ca.pem", &certified.cert.pem());
    let ended = site.run(&["check"], &[]);
    assert!(!ended.printed.contains("error"), "{}", ended.printed);
    assert_eq!(ended.status, 0);
}
