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
        sample(json!({ "__name__": "g" }), "123456789"),
        sample(json!({ "__name__": "h" }), "5e+18"),
        sample(json!({ "__name__": "i" }), "1.23e-09"),
        sample(json!({ "__name__": "j_seconds_total" }), "172800"),
    ]);
    let bucket = |job: &str, le: &str| sample(json!({ "job": job, "le": le }), "1");
    let buckets = ["+Inf", "0.5", "10", "2"];
    let buckets: Vec<Value> =
        buckets.iter().flat_map(|le| [bucket("b", le), bucket("a", le)]).collect();
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
            &[
                "10 series",
                "1.25 ms",
                "x<b>",
                "1.5 GiB",
                "NaN",
                "+Inf",
                "1,234,567.5",
                "2.017 h",
                "123,456,789",
                "5e+18",
                "1.23e-9",
                "2 d",
            ],
        ),
        (
            OPEN,
            result("vector", &json!(buckets)),
            &["1\tb\t0.5\n1\tb\t2\n1\tb\t10\n1\tb\t+Inf\n1\ta\t0.5\n1\ta\t2\n1\ta\t10\n1\ta\t+Inf"],
        ),
        (
            OPEN,
            result("vector", &json!(many)),
            &["150 series", "All have {job=\"j\"}", "p99", "100 of 150 series"],
        ),
        (OPEN, result("scalar", &json!([now, "1795628056"])), &["a scalar", "1,795,628,056"]),
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
    // A login elsewhere: where to is not this page's to ask, whether it may read the redirect or not.
    let login = Endpoint::start(|_| (String::new(), "<html>Sign in</html>".to_owned()));
    for may_read in ["", "Access-Control-Allow-Origin: *\r\n"] {
        let headers = format!("Location: {}/login\r\n{may_read}", login.url());
        *answer.lock().unwrap() = (headers, String::new());
        let text = shown(&browser).await;
        assert!(text.contains("instead of data, most likely that of a login"), "{text}");
    }
    // What a server says stays text.
    let elements = "return document.querySelectorAll('.result b, .result i').length";
    assert_eq!(browser.run(elements).await, 0);
}

#[tokio::test]
async fn the_answer_is_on_the_screen_of_a_phone() {
    let labels = json!({
        "__name__": "demo_latency_seconds", "instance": "127.0.0.1:19601", "job": "demo",
        "node": "n1", "src": "a-source-with-a-long-name", "value": "x", "zone": "dal10",
    });
    let other = json!({ "__name__": "other", "instance": "127.0.0.1:19602", "zone": "dal12" });
    let sample = |metric: &Value| json!({ "metric": metric, "value": [1_795_628_056, "0.75"] });
    let alone = json!([sample(&labels)]);
    let many = json!([sample(&labels), sample(&other)]);
    for answer in [alone, many] {
        let body = result("vector", &answer);
        let server = Endpoint::start(move |_| (OPEN.to_owned(), body.clone()));
        let site = Site::new(&|_| CARRIERS.map(|_| server.url()).to_vec());
        let browser = Browser::start().await;
        let phone = json!({ "width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &phone);
        browser.open(&format!("{}{BOOTSTRAP}", site.address)).await;
        shown(&browser).await;
        // No letter of it is cut off by the box that it scrolls in.
        let seen = "const table = document.querySelector('.result .series').getBoundingClientRect();
            const cells = [...document.querySelectorAll('.result td.number')].map((it) => it.getBoundingClientRect());
            return cells.length > 0 && cells.every((it) => it.left >= table.left && it.right <= table.right)";
        assert_eq!(browser.run(seen).await, true, "{answer}");
    }
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

/// A range of two samples, one of them now.
fn range(metric: &Value, [before, now]: [&str; 2]) -> Value {
    let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({ "metric": metric, "values": [[end - 60, before], [end, now]] })
}

/// A browser with the result of the first card's query as a chart, and what the server says to that:
/// series with their samples.
async fn charting() -> (Browser, Site, Endpoint, Arc<Mutex<Vec<Value>>>) {
    let series = Arc::new(Mutex::new(Vec::new()));
    let given = Arc::clone(&series);
    let server = Endpoint::start(move |path| {
        let kind = if path.ends_with("query_range") { "matrix" } else { "vector" };
        let series = if kind == "matrix" { given.lock().unwrap().clone() } else { Vec::new() };
        (OPEN.to_owned(), result(kind, &json!(series)))
    });
    let site = Site::new(&|_| CARRIERS.map(|_| server.url()).to_vec());
    let browser = Browser::start().await;
    browser.open(&format!("{}{BOOTSTRAP}", site.address)).await;
    shown(&browser).await;
    (browser, site, server, series)
}

/// Draws the chart anew.
async fn draw(browser: &Browser) {
    browser.run("document.querySelector('.chart-box')?.remove()").await;
    browser.find(".result .view:nth-of-type(2)").await.click().await.unwrap();
    browser.until("return document.querySelector('.chart-box') !== null").await;
}

#[tokio::test]
async fn an_axis_has_one_unit_and_round_numbers_of_it() {
    let (browser, _site, _server, series) = charting().await;
    for (name, values, expected) in [
        ("a_seconds", ["0", "150"], "0 min|1 min|2 min|3 min"),
        ("a_seconds", ["0.0002", "0.001"], "0.2 ms|0.4 ms|0.6 ms|0.8 ms|1 ms"),
        ("a_bytes", ["42", "123456789"], "0 MiB|50 MiB|100 MiB|150 MiB"),
        ("a_ratio", ["0.4", "0.43"], "40 %|41 %|42 %|43 %"),
        (
            "a",
            ["1795628056", "1795631656"],
            "1,795,628,000|1,795,629,000|1,795,630,000|1,795,631,000|1,795,632,000",
        ),
        (
            "a",
            ["1000000.1", "1000000.3"],
            "1,000,000.1|1,000,000.15|1,000,000.2|1,000,000.25|1,000,000.3",
        ),
        ("a", ["-5e18", "1.2e19"], "-5e+18|0|5e+18|1e+19|1.5e+19"),
        ("a", ["0", "3e-9"], "0|1e-9|2e-9|3e-9"),
        ("a", ["7", "7"], "6|8"),
        ("a", ["0", "0"], "0|0.5"),
    ] {
        *series.lock().unwrap() = vec![range(&json!({ "__name__": name }), values)];
        draw(&browser).await;
        let ticks = "return [...document.querySelectorAll('.tick[text-anchor=end]')].map((it) => it.textContent).join('|')";
        assert_eq!(browser.run(ticks).await, expected, "{name} {values:?}");
        // None is cut off.
        let cut = "const chart = document.querySelector('.chart').getBoundingClientRect();
            return [...document.querySelectorAll('.tick')].some((it) => it.getBoundingClientRect().left < chart.left)";
        assert_eq!(browser.run(cut).await, false, "{name} {values:?}");
    }
    for (values, expected) in [(["NaN", "+Inf"], "NaN or +Inf"), (["NaN", "NaN"], "NaN")] {
        *series.lock().unwrap() = vec![range(&json!({ "__name__": "a" }), values)];
        draw(&browser).await;
        let text = browser.find(".chart-box").await.text().await.unwrap();
        assert!(
            text.starts_with(&format!("There is no line to draw: every value is {expected}.\n")),
            "{text}"
        );
        assert_eq!(browser.run("return document.querySelector('.chart')").await, Value::Null);
    }
}

#[tokio::test]
async fn a_chart_can_be_read_on_a_phone_and_its_legend_with_keys() {
    let (browser, _site, _server, series) = charting().await;
    browser.client.set_window_size(500, 900).await.unwrap();
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": true }),
    );
    *series.lock().unwrap() =
        (0..20).map(|at| range(&json!({ "pod": format!("pod-{at}") }), ["1", "2"])).collect();
    draw(&browser).await;
    let heights = "return [...document.querySelectorAll('.tick')].map((it) => it.getBoundingClientRect().height)";
    let heights: Vec<f64> = serde_json::from_value(browser.run(heights).await).unwrap();
    assert!(heights.len() > 3 && heights.iter().all(|height| *height >= 10.0), "{heights:?}");
    browser.until("return document.querySelector('.legend').tabIndex === 0").await;
    // No two lines look the same: what colours they have, tests/colours.rs looks at.
    let looks = "return [...document.querySelectorAll('.chart .line')].map((it) => {
        const { stroke, strokeDasharray } = getComputedStyle(it);
        return `${stroke} ${strokeDasharray}`;
    })";
    let looks: Vec<String> = serde_json::from_value(browser.run(looks).await).unwrap();
    assert_eq!(looks.iter().collect::<std::collections::HashSet<_>>().len(), 20, "{looks:?}");
    // Who turns the phone, or makes the window larger, has texts of the same size.
    browser.run("document.querySelector('.chart').focus()").await;
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 800, "height": 360, "deviceScaleFactor": 1, "mobile": true }),
    );
    let width = "const chart = document.querySelector('.chart');
        return chart.viewBox.baseVal.width === Math.round(chart.getBoundingClientRect().width) &&
            chart.viewBox.baseVal.width > 400 && document.activeElement === chart";
    browser.until(width).await;
    browser.until("return document.querySelector('.legend').tabIndex === 0").await;
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": true }),
    );
    // What fits is no stop on the way.
    *series.lock().unwrap() = vec![range(&json!({ "pod": "pod" }), ["1", "2"])];
    draw(&browser).await;
    browser.until("return document.querySelector('.legend').tabIndex === -1").await;
}

#[tokio::test]
async fn nothing_found_means_something_else_where_there_is_a_condition() {
    let (browser, _site, _server, _series) = charting().await;
    let condition = "no series: the condition is not true now";
    let selection = "no series: nothing that it selects is there now";
    for (expression, expected) in [
        ("up == 0", condition),
        ("rate(x[5m]) > bool 3", condition),
        ("absent(up{job=\"a\"})", condition),
        ("a unless b", condition),
        ("up{job=\"a > b\"}", selection),
        ("up{job!=\"a\", pod=~`b|c`}", selection),
        ("sum by (and_more) (rate(x[5m]))", selection),
    ] {
        let script = "const button = document.querySelector(arguments[0]);
            button.parentElement.querySelector('.promql-open').dataset.expr = arguments[1];
            document.querySelector('.result .close').click()";
        browser.client.execute(script, vec![RUN.into(), expression.into()]).await.unwrap();
        let text = shown(&browser).await;
        assert!(text.contains(expected), "{expression}: {text}");
    }
}

#[tokio::test]
async fn of_many_that_fire_the_one_of_the_incident_comes_first() {
    let firing: Vec<Value> = (0..40)
        .map(|at| {
            json!({ "metric": {
                "alertname": "BootstrapTarHandlerFailed", "alertstate": "firing", "severity": "warning",
                "workerID": format!("w{at}"),
            }, "value": [0, "1"] })
        })
        .collect();
    let body = result("vector", &json!(firing));
    let server = Endpoint::start(move |_| (OPEN.to_owned(), body.clone()));
    let site = Site::new(&|_| CARRIERS.map(|_| server.url()).to_vec());
    let browser = Browser::start().await;
    let missed = "The one of this incident is not among them.";
    for (query, first, is_missed) in [
        ("workerID=w33&severity=warning", "w33", false),
        ("workerID=w99&severity=warning", "w0", true),
        ("severity=warning", "w0", false),
        ("workerID=w99&alertname=Another", "w0", false),
        ("pod=p", "w0", false),
    ] {
        browser.run("try { sessionStorage.clear() } catch {}").await;
        browser.open(&format!("{}{BOOTSTRAP}?{query}", site.address)).await;
        browser
            .find("[id='rule.BootstrapTarHandlerFailed'] .firing-ask")
            .await
            .click()
            .await
            .unwrap();
        browser.until("return document.querySelectorAll('.firing-series li').length === 20").await;
        let text = browser
            .find("[id='rule.BootstrapTarHandlerFailed'] .firing-answer")
            .await
            .text()
            .await
            .unwrap();
        assert_eq!(text.contains(missed), is_missed, "{query}: {text}");
        let line = browser.find(".firing-series li").await;
        let said = line.text().await.unwrap();
        assert!(said.contains(&format!("workerID=\"{first}\"")), "{query}: {said}");
        let marked = "return [...document.querySelectorAll('.firing-series .current')].length";
        assert_eq!(browser.run(marked).await, u64::from(first == "w33"), "{query}");
        assert!(text.contains("and 20 more"), "{text}");
    }
}
