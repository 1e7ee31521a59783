//! Queries that are passed on to a carrier: which are, for whom, and with what.

use crate::preview::Preview;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use ureq::http::Method;

/// A carrier's Prometheus, as far as it matters here: what it was asked, head and body.
struct Carrier {
    url: String,
    asked: Receiver<String>,
}

impl Carrier {
    fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                if sender.send(read(&stream)).is_err() {
                    return;
                }
                let (length, mut stream) = (answer.len(), stream);
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
                let _ = write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{answer}");
            }
        });
        Self { url, asked }
    }
}

fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        text += &line;
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    text + &String::from_utf8(body).unwrap()
}

const ANSWER: &str =
    r#"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["kept"]}"#;

fn configuration(url: &str) -> String {
    format!(
        "title: T\ncarriers:\n  url: {url}/{{carrier}}\n  token_env: PREVIEW_TOKEN\n  \
         names: [prod/one]\n"
    )
}

const QUERY: &str = "/_alertbook/carriers/prod%2Fone/api/v1/query";

#[test]
fn a_query_is_passed_on_with_the_token_and_comes_back_as_it_is() {
    let carrier = Carrier::start(ANSWER);
    let preview = Preview::start(&[("alertbook.yaml", &configuration(&carrier.url))], &["--query"]);
    let query = format!("{QUERY}?query=up%7Ba%3D%22b%22%7D&time=1&evil=x");
    assert_eq!(preview.ask(Method::GET, &query, &[]), (200, ANSWER.to_owned()));
    let asked = carrier.asked.recv().unwrap();
    assert!(asked.starts_with("POST /prod/one/api/v1/query HTTP/1.1"), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: bearer secret-of-the-test"), "{asked}");
    assert!(asked.ends_with("query=up%7Ba%3D%22b%22%7D&time=1"), "{asked}");
    // The pages know that they are to ask here.
    let (_, html) = preview.get("/armada/etcd.html");
    let script = crate::preview::between(&html, "src=\"../assets/alertbook", "\"");
    let (_, script) = preview.get(&format!("/assets/alertbook{script}"));
    assert!(script.contains("\"api\":\"/_alertbook/carriers/prod%2Fone\""), "{script}");
    assert!(!script.contains("secret-of-the-test"), "{script}");
    assert!(html.contains("connect-src &#39;self&#39;"), "{html}");
}

#[test]
fn nothing_else_is_passed_on_and_for_nobody_else() {
    let carrier = Carrier::start(ANSWER);
    let preview = Preview::start(&[("alertbook.yaml", &configuration(&carrier.url))], &["--query"]);
    let own = preview.url.clone();
    let other = QUERY.replace("one", "two");
    let delete = QUERY.replace("/query", "/admin%2Ftsdb%2Fdelete_series");
    for (method, path, headers, status) in [
        (Method::GET, QUERY, &[("Origin", "https://evil.example")][..], 403),
        (Method::GET, QUERY, &[("Origin", "null")], 403),
        (Method::GET, QUERY, &[("Sec-Fetch-Site", "cross-site")], 403),
        (Method::GET, QUERY, &[("Host", "evil.example")], 403),
        (Method::DELETE, QUERY, &[], 405),
        (Method::GET, &other, &[], 404),
        (Method::GET, &delete, &[], 404),
        (Method::GET, QUERY, &[("Origin", own.as_str())], 200),
    ] {
        assert_eq!(preview.ask(method, path, headers).0, status, "{path} {headers:?}");
    }
    assert_eq!(carrier.asked.try_iter().count(), 1, "the last one alone came through");
}

#[test]
fn queries_are_passed_on_only_if_asked_for() {
    let carrier = Carrier::start(ANSWER);
    let preview = Preview::start(&[("alertbook.yaml", &configuration(&carrier.url))], &[]);
    assert_eq!(preview.ask(Method::GET, QUERY, &[]).0, 404);
    assert_eq!(carrier.asked.try_iter().count(), 0);
}

#[test]
fn a_carrier_that_does_not_answer_is_told_of_in_the_shape_of_its_api() {
    let carrier = Carrier::start("<html><title>Log in</title></html>");
    let preview = Preview::start(&[("alertbook.yaml", &configuration(&carrier.url))], &["--query"]);
    let (status, json) = preview.ask(Method::GET, QUERY, &[]);
    assert_eq!(status, 502);
    assert!(json.contains("\"status\":\"error\"") && json.contains("Log in"), "{json}");
    assert!(!json.contains("secret"), "{json}");
}
