//! Pasting an alert: what is read of it, and where it leads.

use crate::{BOOTSTRAP, Browser, ORIGINS, Origin, Published};
use fantoccini::Locator;
use serde_json::{Value, json};

/// The alert of the sample's own example, as Alertmanager's text.
const TEXT: &str = "Alerts Firing:
Labels:
 - alertname = BootstrapFinishedStatusNotReported
 - severity = warning
 - workerID = kube-dal10-cr4e1f-w3
Annotations:
 - summary = Labels: are not here
 - workerID = not-this
Source: https://dashboard.example.com/prod-fra02/carrier2/prometheus/graph?g0.expr=up&g0.tab=0
";

/// Opens the dialog and puts a text into it.
async fn paste(browser: &Browser, text: &str) {
    browser.find(".paste-open").await.click().await.unwrap();
    browser.until("return Boolean(alertbook.alerts)").await;
    let script = "const area = document.querySelector('dialog.paste textarea');
        area.value = arguments[0];
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.client.execute(script, vec![Value::from(text)]).await.unwrap();
}

/// What the dialog offers: the name and the facts of each alert.
async fn offers(browser: &Browser) -> Vec<[String; 2]> {
    let script = "return [...document.querySelectorAll('.offer')].map((offer) =>
        [offer.firstElementChild.textContent, offer.querySelector('.facts-read')?.textContent ?? ''])";
    serde_json::from_value(browser.run(script).await).unwrap()
}

#[tokio::test]
async fn an_alert_pasted_anywhere_leads_to_its_section_with_its_labels_and_carrier() {
    let site = Published::new();
    for origin in ORIGINS {
        let browser = Browser::start().await;
        for page in ["alerts/index.html", "armada/armada-etcd-health.html", BOOTSTRAP] {
            browser.open(&site.address(origin, page)).await;
            paste(&browser, TEXT).await;
            assert_eq!(
                offers(&browser).await,
                [[
                    "BootstrapFinishedStatusNotReported".to_owned(),
                    "severity = warning · workerID = kube-dal10-cr4e1f-w3 · on prod-fra02/carrier2"
                        .to_owned(),
                ]],
                "{origin:?} {page}"
            );
            browser.find(".offer .primary").await.click().await.unwrap();
            let address = format!(
                "{BOOTSTRAP}?carrier=prod-fra02%2Fcarrier2&workerID=kube-dal10-cr4e1f-w3#bootstrap-finished-status-not-reported"
            );
            browser.until_at(&site.address(origin, &address)).await;
            browser
                .until("return document.querySelector('[data-key=workerid]')?.value === 'kube-dal10-cr4e1f-w3' &&
                    document.getElementById('carrier-switch').value === 'prod-fra02/carrier2' &&
                    document.querySelector('dialog[open]') === null")
                .await;
            browser
                .until(
                    "const top = document.querySelector(':target').getBoundingClientRect().top;
                    return top >= 0 && top < innerHeight",
                )
                .await;
            browser.find(".incident-clear").await.click().await.unwrap();
        }
        assert_eq!(browser.console(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn many_shapes_of_an_alert_are_read() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    browser.find(".paste-open").await.click().await.unwrap();
    let labels = json!({ "alertname": "BootstrapTaintFailed", "workerID": "w1" });
    let taint = |facts: &str| vec![["BootstrapTaintFailed".to_owned(), facts.to_owned()]];
    for (text, expected) in [
        // Alertmanager's webhook, its API, Prometheus' API, and PagerDuty's event around a text.
        (json!({ "alerts": [{ "labels": labels, "startsAt": "2026-01-02T03:04:05Z" }], "commonLabels": { "a": "b" } }).to_string(), taint("workerID = w1")),
        (json!([{ "labels": labels }]).to_string(), taint("workerID = w1")),
        (json!({ "data": { "alerts": [{ "labels": labels }] } }).to_string(), taint("workerID = w1")),
        (json!({ "details": { "firing": "Labels:\n - alertname = BootstrapTaintFailed\n - workerID = w1\n" } }).to_string(), taint("workerID = w1")),
        // With the indentation of a newer template.
        ("Labels:\n  - alertname = BootstrapTaintFailed\n  - workerID = w1".to_owned(), taint("workerID = w1")),
        // Pairs as people and chats write them.
        ("alertname: BootstrapTaintFailed\nworkerID: \"w1\"".to_owned(), taint("workerID = w1")),
        ("ALERTS{alertname=\"BootstrapTaintFailed\",workerID=\"w\\\"1\"}".to_owned(), taint("workerID = w\"1")),
        ("{alertname=\"BootstrapTaintFailed\", workerID=\"w1\"}".to_owned(), taint("workerID = w1")),
        // A title has values without names; the alert and the carrier are known words in it.
        ("[FIRING:1] BootstrapTaintFailed armada-bootstrap (prod-fra02/carrier2 warning)".to_owned(), taint("on prod-fra02/carrier2")),
        // An alert that nobody knows.
        ("alertname = Nobody\nx = 1".to_owned(), vec![["Nobody".to_owned(), "x = 1".to_owned()]]),
        ("hello".to_owned(), vec![["No alert that this site knows".to_owned(), String::new()]]),
        ("{\"labels\": 1".to_owned(), vec![["No alert that this site knows".to_owned(), String::new()]]),
        // Several at once.
        (json!([{ "labels": labels }, { "labels": { "alertname": "Nobody" } }]).to_string(),
            [taint("workerID = w1"), vec![["Nobody".to_owned(), String::new()]]].concat()),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &text).await;
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
}

/// What several alerts at once look like; each is the one of a worker.
const SEVERAL: [&str; 12] = [
    // The mail of Alertmanager, as it is copied from where it is read.
    "2 alerts for alertname=BootstrapTaintFailed\nView In Alertmanager\n[2] Firing\nLabels\n\
     alertname = BootstrapTaintFailed\nworkerID = w1\nAnnotations\nsummary = bad\nSource\n\n\
     Labels\nalertname = BootstrapTaintFailed\nworkerID = w2\nAnnotations\nworkerID = w3\nSource\n\n\
     Sent by Alertmanager",
    // What `amtool alert -o extended` prints.
    "Labels                                             Annotations              Starts At                State\n\
     alertname=\"BootstrapTaintFailed\" workerID=\"w1\"  summary=\"a  b\" x=\"y\"  2026-11-25 17:33:46 UTC  active\n\
     alertname=\"BootstrapTaintFailed\" workerID=\"w2\"                         2026-11-25 17:33:46 UTC  active\n",
    // What is copied of Prometheus' own page.
    "BootstrapTaintFailed (2 active)\nLabels\tState\tActive Since\tValue\n\
     alertname=\"BootstrapTaintFailed\" workerID=\"w1\"\nfiring\t2026-11-25T17:33:46Z\t1\n\
     alertname=\"BootstrapTaintFailed\" workerID=\"w2\"\npending\t2026-11-25T17:33:46Z\t1\n",
    // Lines of a log, one alert each.
    "alertname=BootstrapTaintFailed workerID=w1\nalertname=BootstrapTaintFailed, workerID='w2'\n",
    // Blocks of lines.
    "BootstrapTaintFailed\n\nalertname: BootstrapTaintFailed\nworkerID: w1\n\n\
     alertname: BootstrapTaintFailed\nworkerID: w2\n",
    // A sheet with a column for each label, and one as Markdown.
    "alertname\tworkerID\tSummary\nBootstrapTaintFailed\tw1\tbad\nBootstrapTaintFailed\tw2\tbad\n",
    "| alertname | workerID | State |\n|---|---|---|\n| BootstrapTaintFailed | w1 | firing |\n\
     | BootstrapTaintFailed | w2 | firing |\n",
    // As Go prints it.
    "[map[annotations:map[workerID:w3] labels:map[alertname:BootstrapTaintFailed workerID:w1]] \
     map[labels:map[alertname:BootstrapTaintFailed workerID:w2] startsAt:2026-11-25]]",
    // JSON in a fence, an object on each line.
    "See [1]:\n```json\n{\"labels\": {\"alertname\": \"BootstrapTaintFailed\", \"workerID\": \"w1\"}}\n\
     {\"labels\": {\"alertname\": \"BootstrapTaintFailed\", \"workerID\": \"w2\"}}\n```\nThanks [2]",
    // Titles with what tells them apart.
    "BootstrapTaintFailed workerID=w1\n*BootstrapTaintFailed* on workerID=w2\n",
    // Columns.
    "alertname             workerID\nBootstrapTaintFailed  w1\nBootstrapTaintFailed  w2\n",
    // What the API says, as YAML.
    "- annotations:\n    workerID: w3\n  labels:\n    alertname: BootstrapTaintFailed\n    workerID: w1\n  \
     status:\n    state: active\n- annotations: {}\n  labels:\n    alertname: BootstrapTaintFailed\n    \
     workerID: w2\n",
];

#[tokio::test]
async fn several_alerts_are_told_apart() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    for text in SEVERAL {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, text).await;
        let expected = ["w1", "w2"]
            .map(|worker| ["BootstrapTaintFailed".to_owned(), format!("workerID = {worker}")]);
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
}

/// What people and programs write in few words, and what is read of that.
const SHORT: [(&str, &str); 38] = [
    // In short.
    ("alertname:BootstrapTaintFailed workerID:w1 pod:p1", "workerID = w1 · pod = p1"),
    ("BootstrapTaintFailed workerID=w1", "workerID = w1"),
    ("BootstrapTaintFailed (workerID=w1)", "workerID = w1"),
    ("BootstrapTaintFailed on workerID=w1", "workerID = w1"),
    ("BootstrapTaintFailed: workerID=w1", "workerID = w1"),
    ("[FIRING:1] BootstrapTaintFailed (workerID:w1, pod:'p 1')", "workerID = w1 · pod = p 1"),
    ("BootstrapTaintFailed\nworkerID=w1 pod=p1", "workerID = w1 · pod = p1"),
    ("alertname  BootstrapTaintFailed\nworkerID   w1", "workerID = w1"),
    // What Python prints, and what OpsGenie and PagerDuty send.
    ("{'alertname': 'BootstrapTaintFailed', 'workerID': 'w1', 'x': None}", "workerID = w1"),
    (
        "{\"alert\": {\"message\": \"[Prometheus]: BootstrapTaintFailed\", \"details\": {\"workerID\": \"w1\"}}}",
        "workerID = w1",
    ),
    (
        "{\"payload\": {\"summary\": \"BootstrapTaintFailed\", \"custom_details\": {\"workerID\": \"w1\", \"num_firing\": \"1\"}}}",
        "workerID = w1",
    ),
    // An address of this site, wherever it is published, and one of Alertmanager's page.
    (
        "https://rb.example.com/x/alerts/BootstrapTaintFailed/?workerID=w1&carrier=prod-fra02/carrier2",
        "workerID = w1 · on prod-fra02/carrier2",
    ),
    (
        "<https://rb.example.com/armada/armada-bootstrap-failures.html?label.carrier=c&workerID=w1#bootstrap-taint-failed|here>",
        "carrier = c · workerID = w1",
    ),
    (
        "https://am.example.com/#/silences/new?filter=%7Balertname%3D%22BootstrapTaintFailed%22%2C%20workerID%3D%22w1%22%7D",
        "workerID = w1",
    ),
    ("BootstrapTaintFailed for 5m on `workerID=w1`", "workerID = w1"),
    (
        "Re: BootstrapTaintFailed\nPROBLEM: *BootstrapTaintFailed* on w2\nworkerID: w1",
        "workerID = w1",
    ),
    // A mail of Grafana's, and the link in it.
    (
        "1 firing alert instance\nalertname\nBootstrapTaintFailed\nworkerID\nw1\n\nSilence",
        "workerID = w1",
    ),
    (
        "https://g.example.com/alerting/silence/new?alertmanager=grafana&matcher=alertname%3DBootstrapTaintFailed&matcher=workerID%3Dw1",
        "workerID = w1",
    ),
    // VictorOps has all of it in one line, OpsGenie says it twice.
    (
        "state_message: Alerts Firing: Labels: - alertname = BootstrapTaintFailed - workerID = w1 Annotations: - summary = bad - workerID = w9 Source: x",
        "workerID = w1",
    ),
    (
        "BootstrapTaintFailed\nTags: alertname=BootstrapTaintFailed, workerID=w1\nExtra Properties\nalertname: BootstrapTaintFailed\nworkerID: w1\nseverity: page",
        "workerID = w1 · severity = page",
    ),
    // HTML, which a mail is in its source.
    ("Alert: BootstrapTaintFailed<br>workerID: w1<br/>", "workerID = w1"),
    (
        "<table><tr><td><b>alertname</b></td><td>BootstrapTaintFailed</td></tr><tr><td>workerID</td><td>w1</td></tr></table>",
        "workerID = w1",
    ),
    (
        "<p><b>alertname</b>: BootstrapTaintFailed</p><p><b>workerID</b>: a &lt; b</p>",
        "workerID = a < b",
    ),
    // Logs of Alertmanager.
    (
        "ts=2026-01-02T03:04:05.678Z caller=notify.go:743 level=error component=dispatcher receiver=x aggrGroup=\"{}:{alertname=\\\"BootstrapTaintFailed\\\", workerID=\\\"w1\\\"}\" msg=\"Notify failed\" err=\"a=b\"",
        "workerID = w1",
    ),
    (
        "ts=2026-01-02T03:04:05.678Z caller=dispatch.go:165 level=debug component=dispatcher msg=\"Received alert\" alert=BootstrapTaintFailed[5be07c3][active]",
        "",
    ),
    // JSON within JSON, a sheet with commas, and Alertmanager's page with its buttons.
    (
        "{\"labels\": \"{alertname=\\\"BootstrapTaintFailed\\\", workerID=\\\"w1\\\"}\"}",
        "workerID = w1",
    ),
    (
        "{\"Type\": \"Notification\", \"Message\": \"{\\\"alerts\\\":[{\\\"labels\\\":{\\\"alertname\\\":\\\"BootstrapTaintFailed\\\",\\\"workerID\\\":\\\"w1\\\"}}]}\"}",
        "workerID = w1",
    ),
    ("alertname,workerID\nBootstrapTaintFailed,w1\n", "workerID = w1"),
    (
        "\"workerID\",\"alertname\",\"state\"\n\"w1\",\"BootstrapTaintFailed\",\"firing\"\n",
        "workerID = w1",
    ),
    ("alertname=\"BootstrapTaintFailed\"\nInfo\nSource\nSilence\nworkerID=\"w1\"", "workerID = w1"),
    // What may be something else, in sentences and in commands.
    ("BootstrapTaintFailed: see <https://x.example.com/a=b|here>, <user> said a<b", ""),
    ("BootstrapTaintFailed: run kubectl get pods -l app=foo", ""),
    ("BootstrapTaintFailed team=db please look at deploy=yes", ""),
    ("Please set workerID=w1 in BootstrapTaintFailed", ""),
    ("BootstrapTaintFailed since 10:30, see https://x.example.com/y?workerID=w1", ""),
    ("BootstrapTaintFailed: it is bad\nhttp:80 https:443", ""),
    ("Firing: BootstrapTaintFailed", ""),
    ("Resolved: BootstrapTaintFailed", ""),
];

#[tokio::test]
async fn a_line_is_enough_and_a_sentence_is_none() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    for (text, facts) in SHORT {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, text).await;
        let expected = [["BootstrapTaintFailed".to_owned(), facts.to_owned()]];
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
}

#[tokio::test]
async fn what_is_said_of_an_alert_is_no_label_of_it() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    for (text, facts) in [
        (
            "alertname=BootstrapTaintFailed workerID=w1 severity=\"warning\"",
            "workerID = w1 · severity = warning",
        ),
        ("(alertname=BootstrapTaintFailed instance=[::1]:9100)", "instance = [::1]:9100"),
        ("alertname = BootstrapTaintFailed, workerID = w1", "workerID = w1"),
        ("alertname=\"BootstrapTaintFailed\"\n+\nworkerID=\"w 1\"\n+", "workerID = w 1"),
        ("alertname\tBootstrapTaintFailed\nworkerID\tw1", "workerID = w1"),
        (
            "Labels are map[alertname:BootstrapTaintFailed note:two words workerID:w1]",
            "note = two words · workerID = w1",
        ),
        (
            "Alert payload: {\"labels\": {\"alertname\": \"BootstrapTaintFailed\", \"workerID\": \"w1\"}} (see [1])",
            "workerID = w1",
        ),
        ("{\"alertname\": \"BootstrapTaintFailed\", \"workerID\": \"w1\"}", "workerID = w1"),
        // The marks of chats.
        (">*alertname:* BootstrapTaintFailed\n>*workerID:* w1", "workerID = w1"),
        ("&gt; *Alert:* BootstrapTaintFailed\n&gt; • *workerID:* `w1`", "workerID = w1"),
        (
            "*Alert:* bad - `warning`\n*Details:*\n  • *alertname:* `BootstrapTaintFailed`\n  • *workerID:* `w1`",
            "workerID = w1",
        ),
        ("**alertname**: BootstrapTaintFailed\n**path**: *.example.com", "path = *.example.com"),
        ("*BootstrapTaintFailed* on w1", ""),
        ("_BootstrapTaintFailed_ on `w1`", ""),
        // A mail's head, and what is said in other words.
        (
            "From: A <a@example.com>\nTo: b@example.com\nDate: Wed, 25 Nov 2026\nSubject: BootstrapTaintFailed\n\nPod: p1\nDetails =",
            "Pod = p1",
        ),
        (
            "alertname: BootstrapTaintFailed\nSummary: workerID=\"w2\" is bad\nStatus: firing\nexpr: up{a=\"b\"} == 0",
            "",
        ),
        (
            "ALERTS{__name__=\"ALERTS\", alertname=\"BootstrapTaintFailed\", alertstate=\"firing\"}",
            "",
        ),
        (
            "labels:\n  alertname: BootstrapTaintFailed\nstartsAt: 2026-11-25T10:00:00Z\nannotations:\n  workerID: w2",
            "",
        ),
        // Below `Labels` everything is one, whatever it is called.
        (
            "Labels:\n - alertname = BootstrapTaintFailed\n - date = a, b = c\n - summary = up{a=\"b\"}\n",
            "date = a, b = c · summary = up{a=\"b\"}",
        ),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, text).await;
        let expected = [["BootstrapTaintFailed".to_owned(), facts.to_owned()]];
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
    // When it began comes along.
    for text in [
        "alertname: BootstrapTaintFailed\nstartsAt: 2026-11-25 12:00:00.123456789 +0200 CEST",
        "Alertname             Starts At                State\n\
         BootstrapTaintFailed  2026-11-25 10:00:00 UTC  active\n",
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, text).await;
        browser.find(".offer .primary").await.click().await.unwrap();
        browser.until("return Math.trunc(Date.parse(alertbook.incident.startsAt()) / 1000) === 1795600800").await;
    }
}

#[tokio::test]
async fn what_is_resolved_is_offered_last_and_says_so() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    let alert = |status: &str, worker: &str| json!({ "status": status, "labels": { "alertname": "BootstrapTaintFailed", "workerID": worker } });
    let text = |worker: &str| {
        format!("Labels:\n - alertname = BootstrapTaintFailed\n - workerID = {worker}\n")
    };
    for pasted in [
        json!({ "alerts": [alert("resolved", "w2"), alert("firing", "w1")] }).to_string(),
        json!({ "details": { "resolved": text("w2"), "firing": text("w1") } }).to_string(),
        format!("Alerts Resolved:\n{}Alerts Firing:\n{}", text("w2"), text("w1")),
        format!("[1] Resolved\n{}[1] Firing\n{}", text("w2"), text("w1")),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &pasted).await;
        let expected = ["w1", "w2"]
            .map(|worker| ["BootstrapTaintFailed".to_owned(), format!("workerID = {worker}")]);
        assert_eq!(offers(&browser).await, expected, "{pasted}");
        let said = "return [...document.querySelectorAll('.offer')].map((it) => it.textContent.includes('It is resolved.'))";
        assert_eq!(browser.run(said).await, json!([false, true]), "{pasted}");
    }
    browser.run("document.querySelector('dialog.paste').close()").await;
    paste(&browser, "[RESOLVED] BootstrapTaintFailed workerID=w1").await;
    let said = "return document.querySelector('.offer').textContent.includes('It is resolved.')";
    assert_eq!(browser.run(said).await, json!(true));
}

#[tokio::test]
async fn texts_that_are_made_to_take_long_do_not() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    for piece in [
        "[{",
        "[{'a': ",
        "'",
        "_-",
        "http://x|",
        "\"\\",
        "a=\"",
        "map[",
        "map[alertname:",
        "annotations: map[",
        "a: b, ",
        "a=b ",
        "| ",
        " ",
        "_",
        "a  ",
        "a",
        "aGk+/",
        "http://",
        "Labels\n",
        "alertname=a\n",
        "alertname: a\n",
        "a\talertname\tb\n",
        "alertname\na\n",
        "alertname,",
        "ts={alertname=",
        "<br>",
        "<b a=",
        " - a = ",
    ] {
        let script = "const text = arguments[0].repeat(900_000 / arguments[0].length);
            const before = performance.now();
            alertbook.alertsIn(text);
            return performance.now() - before";
        let took = browser.client.execute(script, vec![Value::from(piece)]).await.unwrap();
        assert!(took.as_f64().unwrap() < 10_000.0, "{piece:?}: {took} ms");
    }
}

#[tokio::test]
async fn the_address_behind_source_is_enough() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    // As Prometheus prints the expressions of the sample's rules.
    let built = &site.built.checked.site;
    let mut seen = 0;
    for (name, alert) in built.alerts.iter() {
        let expressions: Vec<_> =
            alert.rules.iter().map(|place| built.rule(*place).rule.expr.as_str()).collect();
        let [expression] = expressions.as_slice() else { continue };
        let printed = alertbook::promql::printed(expression).unwrap();
        let base = "https://dashboard.example.com/stage-dal09/carrier1/prometheus";
        let source =
            alertbook::promui::prometheus::link(base, &printed, alertbook::config::Tab::Graph);
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &source).await;
        assert_eq!(
            offers(&browser).await,
            [[name.clone(), "on stage-dal09/carrier1".to_owned()]],
            "{source}"
        );
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
}

#[tokio::test]
async fn a_source_tells_the_carrier_however_it_is_reached() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    let labels = "Labels:\n - alertname = BootstrapTaintFailed\nSource: ";
    for (text, carrier) in [
        // Prometheus behind another server calls itself what it was started with.
        (
            format!("{labels}http://localhost/prod-fra02/carrier2/prometheus/graph?g0.expr=up"),
            "on prod-fra02/carrier2",
        ),
        (format!("{labels}http://localhost/graph?g0.expr=%2Fprod-fra02%2Fcarrier2%2F"), ""),
        (
            format!(
                "{labels}https://dashboard.example.com/prod-fra02/carrier2/prometheus/graph?g0.expr=up"
            ),
            "on prod-fra02/carrier2",
        ),
        // Another way of writing the name.
        (
            "alert_situation = bootstrap_taint_failed".to_owned(),
            "alert_situation = bootstrap_taint_failed",
        ),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &text).await;
        let expected = [["BootstrapTaintFailed".to_owned(), carrier.to_owned()]];
        assert_eq!(offers(&browser).await, expected, "{text}");
    }
    // Explore and VictoriaMetrics have the expression elsewhere in their addresses.
    let built = &site.built.checked.site;
    let (_, alert) = built.alerts.iter().find(|(name, _)| *name == "BootstrapTaintFailed").unwrap();
    let expression = built.rule(alert.rules[0]).rule.expr.as_str();
    let printed = alertbook::promql::printed(expression).unwrap();
    for source in [
        alertbook::promui::grafana::link("https://g.example", &printed, Some("P1")),
        alertbook::promui::victoriametrics::link(
            "https://v.example",
            &printed,
            alertbook::config::Tab::Graph,
        ),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, &source).await;
        assert_eq!(offers(&browser).await[0][0], "BootstrapTaintFailed", "{source}");
    }
}

#[tokio::test]
async fn what_is_pasted_is_not_sent_anywhere() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    paste(&browser, TEXT).await;
    browser.find(".offer .primary").await.click().await.unwrap();
    browser.until("return document.querySelector('[data-key=workerid]')?.value === 'kube-dal10-cr4e1f-w3'").await;
    let asked = browser
        .run("return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((it) => it.name)")
        .await;
    let asked: Vec<String> = serde_json::from_value(asked).unwrap();
    assert!(asked.len() > 3 && asked.iter().all(|url| !url.contains("kube-dal10")), "{asked:?}");
    assert!(browser.client.find(Locator::Css(".incident.filled")).await.is_ok());
}

#[tokio::test]
async fn a_word_chooses_a_carrier_only_where_it_can_mean_nothing_else() {
    let site = Published::new();
    let browser = Browser::start().await;
    browser.open(&site.address(Origin::Served, "index.html")).await;
    let carriers = "const [one] = Object.values(alertbook.carriers);
        for (const name of ['prod', 'dev', 'eu-1', 'eu-2']) alertbook.carriers[name] = { ...one, url: `https://${name}.example.com` };";
    browser.run(carriers).await;
    for (text, carrier) in [
        ("Labels:\n - alertname = BootstrapTaintFailed\n - namespace = dev", None),
        ("Labels:\n - alertname = BootstrapTaintFailed\n - team = dev", None),
        ("Labels:\n - alertname = BootstrapTaintFailed\n - cluster = dev", Some("dev")),
        (
            "Labels:\n - alertname = BootstrapTaintFailed\n - env = prod\n - team = dev",
            Some("prod"),
        ),
        ("Labels:\n - alertname = BootstrapTaintFailed\n - env = prod\n - region = dev", None),
        ("Labels:\n - alertname = BootstrapTaintFailed\n - instance = eu-1", Some("eu-1")),
        ("BootstrapTaintFailed: please ask dev", None),
        ("**Alert:** BootstrapTaintFailed\n**Summary:** ask the dev team\n**Node:** n1", None),
        ("[FIRING:1] BootstrapTaintFailed (n1 dev prod warning)", None),
        ("[FIRING:1] BootstrapTaintFailed (n1 dev eu-1 warning)", Some("eu-1")),
        ("[FIRING:1] BootstrapTaintFailed (n1 eu-1 eu-2 warning)", None),
        ("[FIRING:1] BootstrapTaintFailed (n1 eu-1 eu-1 warning)", Some("eu-1")),
        (
            "{\"receiver\":\"dev\",\"alerts\":[{\"labels\":{\"alertname\":\"BootstrapTaintFailed\",\"a\":\"b\"},\"annotations\":{\"summary\":\"ask dev\"}}]}",
            None,
        ),
        (
            "Labels:\n - alertname = BootstrapTaintFailed\n - cluster = prod\nSource: https://dev.example.com/graph?g0.expr=up",
            Some("dev"),
        ),
    ] {
        browser.run("document.querySelector('dialog.paste').close()").await;
        paste(&browser, text).await;
        let [name, facts] = offers(&browser).await.remove(0);
        assert_eq!(name, "BootstrapTaintFailed", "{text}");
        let chosen = facts.split(" · ").find_map(|fact| fact.strip_prefix("on "));
        assert_eq!(chosen, carrier, "{text}");
    }
}
