//! Run, against servers that answer all kinds of things: the result on the page, or why there is none.

use crate::monitoring::Endpoint;
use crate::story::{CARRIERS, Site};
use crate::{BOOTSTRAP, Browser};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// Any page may read the answer, as Prometheus has it unless it is told otherwise.
const OPEN: &str = "Content-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\n";

/// A button that runs a query without holes.
const RUN: &str = "[id='rule.BootstrapTarHandlerFailed'] .run";

fn result(kind: &str, result: &Value) -> String {
    json!({ "status": "success", "data": { "resultType": kind, "result": result } }).to_string()
}

/// What stands on the page once the query of the first card has run.
async fn shown(browser: &Browser) -> String {
    browser.run(&format!("document.querySelector(\"{RUN}\").click()")).await;
    browser
        .until(
            "const result = document.querySelector('.result');
             return result !== null && !result.hasAttribute('aria-busy')",
        )
        .await;
    let script = "const parts = document.querySelectorAll('.result-status, .result-body');
        return [...parts].map((part) => part.innerText).join('\\n')";
    browser.run(script).await.as_str().unwrap().to_owned()
}

/// What servers answer, and what of it a reader sees.
fn answers() -> Vec<(&'static str, String, &'static [&'static str])> {
    let now = 1_764_000_000.5;
    let sample = |metric: Value, value: &str| json!({ "metric": metric, "value": [now, value] });
    let many: Vec<Value> =
        (0..150).map(|at| sample(json!({ "pod": format!("p{at}"), "job": "j" }), "1")).collect();
    let units = json!([
        sample(json!({ "__name__": "a_seconds", "le": "x<b>" }), "0.00125"),
        sample(json!({ "__name__": "b_bytes" }), "1610612736"),
        sample(json!({ "__name__": "c" }), "NaN"),
        sample(json!({ "__name__": "d" }), "+Inf"),
        sample(json!({ "__name__": "e" }), "1234567.5"),
        sample(json!({ "__name__": "f_seconds" }), "7260"),
    ]);
    let histogram = json!([{ "metric": { "__name__": "x" }, "histogram": [now, {
        "count": "4", "sum": "10", "buckets": [[0, "0.5", "1", "3"], [3, "-0.001", "0.001", "1"]],
    }] }]);
    let warned = json!({
        "status": "success", "warnings": ["partial response"], "infos": ["no counter"],
        "data": { "resultType": "vector", "result": [] },
    });
    let fault =
        json!({ "status": "error", "errorType": "bad_data", "error": "1:3: parse error: <b>" });
    let range = json!([{ "metric": { "a": "b" }, "values": [[now, "1"], [now + 1.0, "7"]] }]);
    let busy = "Status: 503\r\nAccess-Control-Allow-Origin: *\r\n";
    let closed = "Content-Type: application/json\r\n";
    vec![
        (OPEN, result("vector", &json!([])), &["no series: the condition is not true now"]),
        (
            OPEN,
            result("vector", &units),
            &["6 series", "1.25 ms", "x<b>", "1.5 GiB", "NaN", "+Inf", "1,234,570", "2.017 h"],
        ),
        (
            OPEN,
            result("vector", &json!(many)),
            &["150 series", "All have {job=\"j\"}", "p99", "100 of 150 series"],
        ),
        (OPEN, result("scalar", &json!([now, "42"])), &["a scalar", "42"]),
        (OPEN, result("string", &json!([now, "<i>text"])), &["a string", "<i>text"]),
        (OPEN, result("matrix", &range), &["1 series", "7"]),
        (OPEN, result("vector", &histogram), &["4 observations, 2.5 on average"]),
        (OPEN, warned.to_string(), &["partial response", "no counter", "no series"]),
        (OPEN, fault.to_string(), &["1:3: parse error: <b>"]),
        (OPEN, "<html>Sign in</html>".to_owned(), &["a page instead of data, most likely a login"]),
        (OPEN, "nonsense".to_owned(), &["something that is no data (HTTP 200)"]),
        (busy, "busy".to_owned(), &["answered with HTTP 503"]),
        (
            closed,
            result("vector", &json!([])),
            &["does not let this page read the answer", "--web.cors.origin"],
        ),
    ]
}

#[tokio::test]
async fn every_kind_of_answer_is_shown_or_explained() {
    let answer = Arc::new(Mutex::new((String::new(), String::new())));
    let given = Arc::clone(&answer);
    let server = Endpoint::start(move |_| given.lock().unwrap().clone());
    let site = Site::new(&|_| CARRIERS.map(|_| server.url()).to_vec());
    let browser = Browser::start().await;
    browser.open(&format!("{}{BOOTSTRAP}", site.address)).await;
    for (headers, body, expected) in answers() {
        *answer.lock().unwrap() = (headers.to_owned(), body.clone());
        let text = shown(&browser).await;
        for part in expected {
            assert!(text.contains(part), "{part} for {body} in {text}");
        }
        let is_failure = text.starts_with("No result");
        let link =
            browser.run("return document.querySelector('.result a.button')?.href ?? ''").await;
        assert_eq!(is_failure, link.as_str().unwrap().contains("/graph?g0.expr="), "{text}");
    }
    // What a server says stays text.
    let elements = "return document.querySelectorAll('.result b, .result i').length";
    assert_eq!(browser.run(elements).await, 0);
}

#[tokio::test]
async fn a_chart_has_gaps_where_samples_are_missing_and_can_be_read_with_keys() {
    let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let values: Vec<Value> = [(60, "1"), (45, "2"), (30, "NaN"), (15, "+Inf"), (0, "3")]
        .iter()
        .map(|(ago, value)| json!([end - ago, value]))
        .collect();
    let lines: Vec<Value> = (0..25)
        .map(|at| json!({ "metric": { "pod": format!("p{at}") }, "values": values }))
        .collect();
    let (vector, matrix) = (result("vector", &json!([])), result("matrix", &json!(lines)));
    let server = Endpoint::start(move |path| {
        let body = if path.ends_with("query_range") { matrix.clone() } else { vector.clone() };
        (OPEN.to_owned(), body)
    });
    let site = Site::new(&|_| CARRIERS.map(|_| server.url()).to_vec());
    let browser = Browser::start().await;
    browser.open(&format!("{}{BOOTSTRAP}", site.address)).await;
    shown(&browser).await;
    browser.find(".result .view:nth-of-type(2)").await.click().await.unwrap();
    browser.until("return document.querySelectorAll('.chart path.line').length === 20").await;
    // Two samples in a row, then one alone.
    let path =
        browser.run("return document.querySelector('.chart path.line').getAttribute('d')").await;
    let path = path.as_str().unwrap();
    assert_eq!((path.matches('M').count(), path.matches('L').count()), (2, 1), "{path}");
    assert!(!path.contains("NaN") && !path.contains("Infinity"), "{path}");
    let text = browser.find(".result").await.text().await.unwrap();
    assert!(text.contains("20 of 25 series"), "{text}");

    let value = "return document.querySelector('.legend-value').textContent";
    assert_eq!(browser.run(value).await, "3");
    browser.run("document.querySelector('.chart').focus()").await;
    for expected in ["+Inf", "NaN", "2", "1", "1"] {
        let active = browser.client.active_element().await.unwrap();
        active.send_keys(&char::from(Key::Left).to_string()).await.unwrap();
        assert_eq!(browser.run(value).await, expected);
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}
