//! Small HTTP servers that answer what a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

/// What somebody asked.
pub struct Request {
    /// The path with its query.
    pub path: String,
    /// The headers, a line each, names in lower case.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// What is answered.
pub struct Answer {
    /// The status with its words: `200 OK`.
    pub status: &'static str,
    /// Headers, a line each.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// What an API answers: this data in its envelope.
    pub fn data(data: &serde_json::Value) -> Self {
        Self::json("200 OK", &serde_json::json!({"status": "success", "data": data}))
    }

    /// JSON.
    pub fn json(status: &'static str, body: &serde_json::Value) -> Self {
        let headers = vec!["Content-Type: application/json".to_owned()];
        Self { status, headers, body: body.to_string() }
    }

    /// A web page.
    pub fn page(status: &'static str, body: &str) -> Self {
        let headers = vec!["Content-Type: text/html; charset=utf-8".to_owned()];
        Self { status, headers, body: body.to_owned() }
    }
}

/// Answers every request on a port of the loopback until the process ends; the address.
pub fn answering(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> String {
    serving(move |stream| _ = exchange(stream, &answer))
}

/// Takes connections and never says anything.
pub fn silent() -> String {
    serving(|mut stream| _ = stream.read_to_end(&mut Vec::new()))
}

/// The address of a port where nobody listens.
pub fn nobody() -> String {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}", port.local_addr().unwrap())
}

/// Hands every connection on a port of the loopback to `serve`.
pub fn serving(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    format!("http://{address}")
}

/// One request and its answer; the connection ends with it.
pub fn exchange(
    stream: impl Read + Write,
    answer: &impl Fn(&Request) -> Answer,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push(format!("{}: {value}", name.to_lowercase())),
            None => break,
        }
    }
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8(body).unwrap();
    let answer = answer(&Request { path, headers, body });
    let head = answer.headers.iter().flat_map(|line| [line, "\r\n"]).collect::<String>();
    let stream = stream.get_mut();
    write!(
        stream,
        "HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: {}\r\n{head}\r\n{}",
        answer.status,
        answer.body.len(),
        answer.body
    )?;
    stream.flush()
}
