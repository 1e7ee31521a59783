//! The preview's server: pages, events, and queries that are passed on.

use super::panel::{OWN, Seen};
use super::preview::{Answer, Shown};
use super::query;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::{Stream, StreamExt as _, stream};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

const SCRIPT: &str = include_str!("preview.js");
const STYLESHEET: &str = include_str!("preview.css");

/// What all requests share.
#[derive(Debug, Clone)]
struct Server {
    shown: watch::Receiver<Arc<Shown>>,
    /// The folder of the site.
    site: Arc<std::path::Path>,
    /// Whether only this machine can ask.
    is_loopback: bool,
}

/// Answers requests until the process ends.
///
/// # Errors
///
/// The system closes the socket.
pub async fn serve(
    listener: std::net::TcpListener,
    site: &std::path::Path,
    shown: watch::Receiver<Arc<Shown>>,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let is_loopback = listener.local_addr()?.ip().is_loopback();
    let passes_queries = shown.borrow().passes_queries && is_loopback;
    let server = Server { shown, site: site.into(), is_loopback };
    let mut router = Router::new()
        .route(&format!("/{OWN}/events"), get(events))
        .route(&format!("/{OWN}/preview.js"), get(async || own("text/javascript", SCRIPT)))
        .route(&format!("/{OWN}/preview.css"), get(async || own("text/css", STYLESHEET)));
    if passes_queries {
        let path = format!("/{OWN}/carriers/{{carrier}}/api/v1/{{endpoint}}");
        router = router.route(&path, any(pass_query));
    }
    let router = router
        .fallback(page)
        .layer(middleware::from_fn_with_state(server.clone(), guard))
        .with_state(server);
    axum::serve(TcpListener::from_std(listener)?, router).await
}

fn own(media_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, format!("{media_type}; charset=utf-8"))], text).into_response()
}

/// Refuses requests that a page of another site could have made the browser send: a name of that
/// site which leads to this machine shows as the host.
async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    if server.is_loopback && !request.headers().get(header::HOST).is_some_and(is_this_machine) {
        let message = "This preview answers on this machine alone, as http://localhost.\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// Whether a `Host` names this machine, whatever the port: it may be forwarded.
fn is_this_machine(host: &header::HeaderValue) -> bool {
    let Ok(host) = host.to_str() else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

async fn page(State(server): State<Server>, method: Method, uri: Uri) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let shown = Arc::clone(&server.shown.borrow());
    let path = uri.path().to_owned();
    match blocking(move || shown.answer(&path)).await {
        Some(Answer::File(file)) => {
            let status = if file.found { StatusCode::OK } else { StatusCode::NOT_FOUND };
            (status, [(header::CONTENT_TYPE, file.media_type.into_owned())], file.body)
                .into_response()
        }
        Some(Answer::Moved(mut address)) => {
            if let Some(query) = uri.query() {
                address = format!("{address}?{query}");
            }
            (StatusCode::FOUND, [(header::LOCATION, address)]).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Runs what takes its time where it does not hold up the other requests; `None` if it panics.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Tells a page that is open when it is no longer what the site has, and what its findings are now.
async fn events(
    State(server): State<Server>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let page = parameters.get("page").cloned().unwrap_or_default();
    let open = Open {
        page: page.split(['?', '#']).next().unwrap_or_default().to_owned(),
        seen_by_reader: parameters.get("seen").cloned(),
        panel: None,
        shown: server.shown,
        is_new: true,
    };
    let events = stream::unfold(open, |mut open| async move {
        let events = open.next().await?;
        Some((stream::iter(events.into_iter().map(Ok)), open))
    });
    Sse::new(events.flatten()).keep_alive(KeepAlive::default())
}

/// A page that somebody has open.
struct Open {
    page: String,
    /// The key of the page as it was delivered.
    seen_by_reader: Option<String>,
    /// The findings that were last told.
    panel: Option<String>,
    shown: watch::Receiver<Arc<Shown>>,
    is_new: bool,
}

impl Open {
    /// What there is to tell after the next change; `None` when the preview ends.
    async fn next(&mut self) -> Option<Vec<Event>> {
        // The site may have changed between the page and this connection.
        if !std::mem::take(&mut self.is_new) {
            self.shown.changed().await.ok()?;
        }
        let shown = Arc::clone(&self.shown.borrow_and_update());
        let page = self.page.clone();
        let seen = blocking(move || shown.seen(&page)).await.flatten();
        Some(self.tell(seen))
    }

    fn tell(&mut self, seen: Option<Seen>) -> Vec<Event> {
        let Some(Seen { page, panel }) = seen else { return Vec::new() };
        let mut events = Vec::new();
        let key = page.hex();
        if self.seen_by_reader.as_ref().is_some_and(|seen| *seen != key) {
            events.push(Event::default().event("reload").data(key.as_str()));
            self.seen_by_reader = Some(key);
        }
        if self.panel.as_ref() != Some(&panel) {
            events.push(Event::default().event("findings").data(panel.as_str()));
            self.panel = Some(panel);
        }
        events
    }
}

/// Passes a query on to a carrier of the configuration.
async fn pass_query(
    State(server): State<Server>,
    Path((carrier, endpoint)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::POST) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if !is_of_this_preview(&parts.headers) {
        return (StatusCode::FORBIDDEN, "Queries are passed on for pages of this preview alone.\n")
            .into_response();
    }
    let Ok(body) = axum::body::to_bytes(body, query::LONGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let shown = Arc::clone(&server.shown.borrow());
    let asked = query::Asked {
        carrier,
        endpoint,
        parameters: parts.uri.query().unwrap_or_default().to_owned(),
        form: body.into(),
        site: server.site.to_path_buf(),
    };
    let answer = blocking(move || query::pass(&shown, &asked)).await;
    let Some(query::Passed { status, json }) = answer else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(Bytes::from(json)))
        .into_response()
}

/// Whether a request was made by a page of this preview, or by nobody's page at all.
fn is_of_this_preview(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own_origin = match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => {
            origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) == host
        }
    };
    let site = headers.get("sec-fetch-site").map(header::HeaderValue::as_bytes);
    own_origin && matches!(site, None | Some(b"same-origin" | b"none"))
}

/// A socket on the first free port from this one on.
///
/// # Errors
///
/// None of a hundred is free, or the address is not this machine's.
pub fn listen_from(first: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    const TRIED: u16 = 100;
    let mut last = None;
    for port in first.port()..first.port().saturating_add(TRIED) {
        match std::net::TcpListener::bind((first.ip(), port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_name_this_machine_are_told_from_others() {
        for (host, expected) in [
            ("localhost:4100", true),
            ("LOCALHOST", true),
            ("127.0.0.1:4100", true),
            ("127.1.2.3", true),
            ("[::1]:4100", true),
            ("evil.example:4100", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("192.168.0.1:4100", false),
            ("", false),
        ] {
            let value = header::HeaderValue::from_static(host);
            assert_eq!(is_this_machine(&value), expected, "{host}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_told_from_our_own() {
        for (headers, expected) in [
            (&[("host", "localhost:4100")][..], true),
            (&[("host", "localhost:4100"), ("origin", "http://localhost:4100")], true),
            (&[("host", "localhost:4100"), ("origin", "http://localhost:4101")], false),
            (&[("host", "localhost:4100"), ("origin", "https://evil.example")], false),
            (&[("host", "localhost:4100"), ("origin", "null")], false),
            (&[("host", "localhost:4100"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "localhost:4100"), ("sec-fetch-site", "same-site")], false),
            (&[("host", "localhost:4100"), ("sec-fetch-site", "same-origin")], true),
        ] {
            let map = headers.iter().map(|(name, value)| {
                let name = header::HeaderName::from_static(name);
                (name, header::HeaderValue::from_static(value))
            });
            assert_eq!(is_of_this_preview(&map.collect()), expected, "{headers:?}");
        }
    }
}
