//! `alertbook metrics` against servers that answer well and badly.

#[path = "support/site.rs"]
mod site;

use site::{Ended, Site};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
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

fn site(configuration: &str) -> Site {
    let page = "---\ntitle: Disks\n---\n\n```promql\ndisk_fre{a=\"b\"} < 1\n```\n";
    Site::new(&[("alertbook.yaml", configuration), ("content/disk.md", page)])
}

#[test]
fn an_inventory_is_written_and_used() {
    let site = site("title: T\nmetrics: inventory/metrics.txt\n");
    fs::create_dir(site.path().join("inventory")).unwrap();
    let (url, asked) = answering(
        "200 OK",
        r#"{"status":"success","data":["node_load1","disk_free","http_requests_total"]}"#,
    );
    let arguments = ["metrics", "--from", &url, "--token-env", "METRICS_TOKEN"];
    let ended = site.run(&arguments, &[("METRICS_TOKEN", "secret-token")]);
    assert_eq!(ended.printed, "Wrote 3 metrics into inventory/metrics.txt.\n");
    assert_eq!(ended.status, 0);
    let asked = asked.join().expect("a request").to_lowercase();
    assert!(asked.starts_with("get /api/v1/label/__name__/values "), "{asked}");
    assert!(asked.contains("authorization: bearer secret-token"), "{asked}");
    let inventory = site.text("inventory/metrics.txt");
    assert!(inventory.ends_with("disk_free\nhttp_requests_total\nnode_load1\n"), "{inventory}");
    assert!(!inventory.contains("secret-token"));
    let checked = site.run(&["check"], &[]).printed;
    assert!(checked.contains("nothing exports the metric `disk_fre`"), "{checked}");
    assert!(checked.contains("did you mean `disk_free`?"), "{checked}");
}

#[test]
fn an_inventory_that_nobody_configured_is_pointed_out() {
    let site = site("title: T\n");
    let (url, _) = answering("200 OK", r#"{"status":"success","data":[]}"#);
    let printed = site.run(&["metrics", "--from", &url], &[]).printed;
    assert!(printed.contains("Next: `metrics: metrics.txt` in alertbook.yaml"), "{printed}");
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
        let Ended { status, printed } = site.run(&["metrics", "--from", &url], &[]);
        assert_eq!(status, 3, "{printed}");
        assert!(printed.contains(expected), "{printed}");
        assert!(!site.path().join("metrics.txt").exists());
    }
    let site = site("title: T\n");
    for (arguments, expected) in [
        (&["metrics"][..], "there are no carriers to ask"),
        (&["metrics", "--from", "carrier1"], "`carrier1` is no carrier, and as an address"),
        (&["metrics", "--from", "http://x", "--token-env", "NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE"),
    ] {
        let Ended { status, printed } = site.run(arguments, &[]);
        assert_eq!(status, 2, "{printed}");
        assert!(printed.contains(expected), "{printed}");
    }
}
