//! `alertbook metrics` against servers that answer well and badly.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

/// A server for one request: gives the address, and what was asked once it was.
fn answering(status: &str, body: &str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a request");
        let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
        let mut asked = String::new();
        while let Some(Ok(line)) =
            lines.next().filter(|line| !matches!(line, Ok(line) if line.is_empty()))
        {
            asked.push_str(&line);
            asked.push('\n');
        }
        stream.write_all(answer.as_bytes()).expect("an answer");
        asked
    });
    (url, asked)
}

fn alertbook(site: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(arguments)
        .current_dir(site)
        .env("METRICS_TOKEN", "secret-token")
        .output()
        .expect("alertbook")
}

fn site(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("alertbook.yaml"), configuration).expect("a configuration");
    fs::create_dir(folder.path().join("content")).expect("a folder");
    let page = "---\ntitle: Disks\n---\n\n```promql\ndisk_fre{a=\"b\"} < 1\n```\n";
    fs::write(folder.path().join("content/disk.md"), page).expect("a page");
    folder
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn an_inventory_is_written_and_used() {
    let site = site("title: T\nmetrics: inventory/metrics.txt\n");
    fs::create_dir(site.path().join("inventory")).expect("a folder");
    let (url, asked) = answering(
        "200 OK",
        r#"{"status":"success","data":["node_load1","disk_free","http_requests_total"]}"#,
    );
    let output =
        alertbook(site.path(), &["metrics", "--from", &url, "--token-env", "METRICS_TOKEN"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output), "Wrote 3 metrics into inventory/metrics.txt.\n");
    let asked = asked.join().expect("a request").to_lowercase();
    assert!(asked.starts_with("get /api/v1/label/__name__/values "), "{asked}");
    assert!(asked.contains("authorization: bearer secret-token"), "{asked}");
    let inventory = fs::read_to_string(site.path().join("inventory/metrics.txt")).expect("a file");
    assert!(inventory.ends_with("disk_free\nhttp_requests_total\nnode_load1\n"), "{inventory}");
    assert!(!inventory.contains("secret-token"));
    let checked = said(&alertbook(site.path(), &["check"]));
    assert!(checked.contains("nothing exports the metric `disk_fre`"), "{checked}");
    assert!(checked.contains("did you mean `disk_free`?"), "{checked}");
}

#[test]
fn an_inventory_that_nobody_configured_is_pointed_out() {
    let site = site("title: T\n");
    let (url, _) = answering("200 OK", r#"{"status":"success","data":[]}"#);
    let output = alertbook(site.path(), &["metrics", "--from", &url]);
    assert!(
        said(&output).contains("Next: `metrics: metrics.txt` in alertbook.yaml"),
        "{}",
        said(&output)
    );
    assert!(site.path().join("metrics.txt").is_file());
}

#[test]
fn servers_that_do_not_answer_well_are_told() {
    for (status, body, expected) in [
        ("200 OK", "<html>log in</html>", "can't read http://"),
        ("401 Unauthorized", "{}", "401"),
        ("200 OK", r#"{"status":"success","data":{"a":1}}"#, "something else than names"),
    ] {
        let site = site("title: T\n");
        let (url, _) = answering(status, body);
        let output = alertbook(site.path(), &["metrics", "--from", &url]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert!(!site.path().join("metrics.txt").exists());
    }
    let site = site("title: T\n");
    for (arguments, expected) in [
        (&["metrics"][..], "there are no carriers to ask"),
        (&["metrics", "--from", "carrier1"], "`carrier1` is no carrier, and as an address"),
        (&["metrics", "--from", "http://x", "--token-env", "NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE"),
    ] {
        let output = alertbook(site.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
}
