//! The alerts of a page, as its table, its sections, its example and its rules say them.

use super::{BASE_URL, Page};
use std::fmt::Write as _;

/// What can go wrong with a service.
struct Kind {
    /// What stands behind the service's name in the alert's; its words are the heading.
    words: &'static [&'static str],
    /// What stands behind the service's name in the metric's.
    metric: &'static str,
    /// The expression, with `$metric` and `$limit` in it.
    expr: &'static str,
    /// The queries that explain the expression, each with what it says, if the runbook takes it apart.
    parts: &'static [(&'static str, &'static str)],
    /// The sentence about it, with `$limit` in it.
    sentence: &'static str,
    /// How long it must hold.
    for_duration: Option<&'static str>,
    severity: &'static str,
}

const KINDS: [Kind; 13] = [
    Kind {
        words: &["Requests", "Failing"],
        metric: "requests_failed_total",
        expr: "sum by (clusterID, workerID) (increase($metric{state=\"FAIL\"}[5h])) > $limit",
        parts: &[],
        sentence: "More than $limit requests of a worker failed in the past 5 hours.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Queue", "Stalled"],
        metric: "queue_stalled_count",
        expr: "changes($metric{state=\"STALLED\"}[2h]) > $limit",
        parts: &[],
        sentence: "The queue stalled more than $limit times in the past 2 hours.",
        for_duration: None,
        severity: "critical",
    },
    Kind {
        words: &["Worker", "Restarting"],
        metric: "worker_start_count",
        expr: "changes($metric[1h]) > $limit",
        parts: &[],
        sentence: "A worker restarted more than $limit times in the past hour.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Handler", "Timed", "Out"],
        metric: "handler_timeout_total",
        expr: "sum by (clusterID, workerID) (increase($metric[30m])) > $limit",
        parts: &[],
        sentence: "The handler timed out more than $limit times in the past 30 minutes.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Sync", "Unfinished"],
        metric: "sync_state_count",
        expr: "changes($metric{state=\"START\"}[5h]) > $limit and changes($metric{state=\"COMPLETE\"}[5h]) <= 0 \
               and changes($metric{state=\"FAIL\"}[5h]) <= 0",
        parts: &[],
        sentence: "Copying the state of a worker began more than $limit times in the past 5 hours and never ended.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Lease", "Lost"],
        metric: "lease_lost_total",
        expr: "sum by (clusterID, workerID) (increase($metric[6h])) > $limit",
        parts: &[],
        sentence: "The leader lost its lease more than $limit times in the past 6 hours.",
        for_duration: None,
        severity: "critical",
    },
    Kind {
        words: &["Cleanup", "Stuck"],
        metric: "cleanup_pending_count",
        expr: "$metric{state=\"PENDING\"} > $limit",
        parts: &[],
        sentence: "More than $limit clean-ups are pending.",
        for_duration: Some("15m"),
        severity: "warning",
    },
    Kind {
        words: &["Quota", "Refused"],
        metric: "quota_refused_total",
        expr: "sum by (clusterID, workerID) (increase($metric{reason!=\"policy\"}[1h])) > $limit",
        parts: &[],
        sentence: "More than $limit requests were refused for want of quota in the past hour.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Tokens", "Rejected"],
        metric: "token_rejected_total",
        expr: "sum by (clusterID, workerID) (increase($metric[10m])) > $limit",
        parts: &[],
        sentence: "More than $limit tokens were rejected in the past 10 minutes.",
        for_duration: None,
        severity: "critical",
    },
    Kind {
        words: &["Machine", "Type", "Failing"],
        metric: "start_state_count",
        expr: "count by (machineTypeID) (count by (workerID, machineTypeID) \
               (changes($metric{state=\"FAIL\",machineTypeID!=\"\"}[5h]) > 0)) > $limit \
               unless count by (machineTypeID) \
               (changes($metric{state=\"COMPLETE\",machineTypeID!=\"\"}[5h]) > 0)",
        parts: &[
            (
                "changes($metric{state=\"FAIL\",machineTypeID!=\"\"}[5h]) > 0",
                "These are the workers of which a start failed, a series for each.",
            ),
            (
                "count by (workerID, machineTypeID) (changes($metric{state=\"FAIL\",machineTypeID!=\"\"}[5h]) > 0)",
                "A worker is counted a single time, however often it failed.",
            ),
            (
                "count by (machineTypeID) (count by (workerID, machineTypeID) \
                 (changes($metric{state=\"FAIL\",machineTypeID!=\"\"}[5h]) > 0))",
                "Now there is a series for each type of machine, and its value is the number of its workers.",
            ),
            (
                "count by (machineTypeID) (changes($metric{state=\"COMPLETE\",machineTypeID!=\"\"}[5h]) > 0)",
                "A type of which any worker did start is left out by `unless`.",
            ),
            (
                "count by (workerID) (count by (workerID, machineTypeID) \
                 (changes($metric{state=\"FAIL\",machineTypeID!=\"\"}[5h]) > 0))",
                "This lists the workers by name.",
            ),
        ],
        sentence: "More than $limit workers of one type of machine failed to start in the past 5 hours.",
        for_duration: None,
        severity: "critical",
    },
    Kind {
        words: &["Labels", "Not", "Applied"],
        metric: "label_fail_count",
        expr: "changes($metric{state=\"FAIL\"}[4h]) > $limit",
        parts: &[],
        sentence: "Labelling a worker failed more than $limit times in the past 4 hours.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Policy", "Not", "Applied"],
        metric: "policy_fail_count",
        expr: "changes($metric{state=\"FAIL\"}[3h]) > $limit and changes($metric{state=\"COMPLETE\"}[3h]) <= 0",
        parts: &[],
        sentence: "Applying a network policy failed more than $limit times in the past 3 hours.",
        for_duration: None,
        severity: "warning",
    },
    Kind {
        words: &["Version", "Unsupported"],
        metric: "version_unsupported_count",
        expr: "$metric{state=\"FAIL\",reason=\"UNSUPPORTED\"} > $limit",
        parts: &[],
        sentence: "More than $limit workers ask for a version that is not supported here.",
        for_duration: Some("20m"),
        severity: "critical",
    },
];

/// One alert of a page.
pub struct Alert {
    kind: &'static Kind,
    service: String,
    threshold: usize,
}

/// The first alerts of a page, of as many kinds.
pub fn of(page: Page, count: usize) -> Vec<Alert> {
    let alerts = KINDS.iter().cycle().skip(page.number % KINDS.len()).take(count).enumerate();
    alerts
        .map(|(index, kind)| Alert {
            kind,
            service: page.service(),
            threshold: 2 + (page.number * 7 + index * 3) % 40,
        })
        .collect()
}

/// The alert table.
pub fn table(alerts: &[Alert]) -> String {
    let mut table = String::from("| Alert_Situation | Info | Start |\n|--\n");
    for alert in alerts {
        let (name, heading) = (alert.name(), alert.heading());
        let (sentence, anchor) = (alert.sentence(), alert.anchor());
        let _ = writeln!(table, "| `{name}` | {sentence} | [{heading}](#{anchor}) |");
    }
    table
}

impl Alert {
    /// Its name: `BerthPlanner00042QueueStalled`.
    pub fn name(&self) -> String {
        let service = self.service.split('-').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        service.collect::<String>() + &self.kind.words.concat()
    }

    pub fn heading(&self) -> String {
        self.kind.words.join(" ")
    }

    fn anchor(&self) -> String {
        self.kind.words.join("-").to_lowercase()
    }

    pub fn metric(&self) -> String {
        format!("{}_{}", self.service.replace('-', "_"), self.kind.metric)
    }

    pub fn expression(&self) -> String {
        self.filled(self.kind.expr)
    }

    /// Whether its expression compares more than one thing, so that its runbook shows it.
    pub fn is_compound(&self) -> bool {
        [" and ", " unless "].iter().any(|operator| self.kind.expr.contains(operator))
    }

    /// The queries that explain its expression, each with what it says.
    pub fn parts(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.kind.parts.iter().map(|(query, says)| (self.filled(query), *says))
    }

    /// A series of its metric as Prometheus shows it, if the runbook has one: of what fails with a
    /// reason.
    pub fn series(&self, page: Page) -> Option<String> {
        let (metric, service, cluster) = (self.metric(), &self.service, cluster(page));
        (self.kind.words.ends_with(&["Not", "Applied"])).then(|| {
            format!(
                "{metric}{{app=\"{service}\",error=\"can't apply: the answer of the store is no JSON\",\
                 hostname=\"10.130.{}.{}\",instance=\"172.16.247.230:8080\",\
                 job=\"kubernetes-service-endpoints\",kubernetes_namespace=\"harbour\",\
                 state=\"FAIL\",workerID=\"{cluster}-w1\"}}",
                page.number % 251,
                page.number % 241
            )
        })
    }

    fn filled(&self, query: &str) -> String {
        query.replace("$limit", &self.threshold.to_string()).replace("$metric", &self.metric())
    }

    pub fn sentence(&self) -> String {
        self.kind.sentence.replace("$limit", &self.threshold.to_string())
    }

    /// An example of it, as Alertmanager prints it.
    pub fn example(&self, page: Page) -> String {
        format!(
            "~~~~\nLabels:\n - alertname = {}\n - alert_situation = {}\n - clusterID = {}\n \
             - service = {}\n - severity = {}\n - workerID = {}-w1\n\
             Annotations:\n - summary = {}\nSource: {}\n~~~~\n",
            self.name(),
            self.situation(),
            cluster(page),
            self.service,
            self.kind.severity,
            cluster(page),
            self.sentence(),
            self.source_url()
        )
    }

    fn situation(&self) -> String {
        format!("{}_{}", self.service.replace('-', "_"), self.kind.words.join("_").to_lowercase())
    }

    fn source_url(&self) -> String {
        format!(
            "https://metrics.example.com/prod-ams1/carrier1/prometheus/graph?g0.expr={}&g0.tab=0",
            query_escape(&self.expression())
        )
    }

    /// The rule that raises it.
    pub fn rule(&self, page: Page) -> String {
        let for_duration = self.kind.for_duration;
        format!(
            "      - alert: {}\n        expr: {}\n{}        \
             labels: {{alert_situation: {}, service: {}, severity: {}}}\n        \
             annotations: {{summary: \"{}\", runbook_url: \"{BASE_URL}/{}#{}\"}}\n",
            self.name(),
            self.expression(),
            for_duration.map(|time| format!("        for: {time}\n")).unwrap_or_default(),
            self.situation(),
            self.service,
            self.kind.severity,
            self.sentence(),
            page.output(),
            self.anchor()
        )
    }
}

fn cluster(page: Page) -> String {
    format!("c{:016x}", (page.number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Escapes as Go's `url.QueryEscape` does, which is how Prometheus writes its links.
fn query_escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => escaped.push('+'),
            b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            byte => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}
