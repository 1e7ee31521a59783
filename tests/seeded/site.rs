//! A runbook site in which nothing is wrong: 200 runbooks, 1,000 alerts, in the mixture of habits
//! that large sites have.
//!
//! The site is a list of [`Alert`]s, and the files are written from it. A defect is a change of one
//! alert in what its rule says or in what its runbook says; the files then disagree in this and in
//! nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many runbooks there are.
pub const RUNBOOKS: usize = 200;

/// How many alerts there are, each of one rule.
pub const ALERTS: usize = 1_000;

pub const CONFIGURATION: &str = "\
title: Harbour runbooks
base_url: https://runbooks.example.com/
rules: [\"rules/*.yaml\"]
";

const BASE_URL: &str = "https://runbooks.example.com";

/// Every how many-th runbook is about one alert, which it is called after.
const OF_ONE_ALERT: usize = 4;

const SERVICES: [&str; 20] = [
    "Armada", "Berth", "Crane", "Dock", "Etcd", "Ferry", "Gate", "Harbour", "Ingress", "Jetty",
    "Kube", "Lock", "Mole", "Node", "Outpost", "Pilot", "Quay", "Registry", "Slip", "Tug",
];

const THINGS: [&str; 10] = [
    "Bootstrap",
    "Scheduler",
    "Certificate",
    "DiskSpace",
    "Gateway",
    "Handler",
    "Index",
    "Lease",
    "Memory",
    "Network",
];

const FAULTS: [&str; 5] = ["Failing", "Slow", "Missing", "Overloaded", "Rejected"];

/// What can be said of an alert on one side: in its rule, or in its runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    pub threshold: usize,
    /// How far the rule looks back, or how long it waits, in minutes.
    pub minutes: usize,
    pub severity: &'static str,
}

/// An alert as both sides have it.
#[derive(Debug, Clone)]
pub struct Alert {
    pub number: usize,
    pub runbook: usize,
    pub rule: Facts,
    pub documented: Facts,
    /// What stands in place of its runbook's address in its rule.
    pub url: String,
    /// Where the row of the table leads.
    pub start: String,
    /// Where its section leads to, for more.
    pub link: String,
    /// Whether the runbook has a row for it.
    pub has_row: bool,
    /// How many runbooks have one more row for it.
    pub more_rows: usize,
}

/// The site that is right.
pub fn clean() -> Vec<Alert> {
    let mut alerts = Vec::new();
    for runbook in 0..RUNBOOKS {
        let count = match runbook % OF_ONE_ALERT {
            3 => 1,
            0 => 7,
            _ => 6,
        };
        for _ in 0..count {
            let number = alerts.len();
            alerts.push(alert(number, runbook));
        }
    }
    assert_eq!(alerts.len(), ALERTS);
    let places: Vec<(String, String)> = alerts.iter().map(|it| (it.page(), it.anchor())).collect();
    for alert in &mut alerts {
        let (page, anchor) = &places[(alert.number * 37 + 11) % ALERTS];
        alert.link = if alert.number.is_multiple_of(3) {
            format!("{page}.html")
        } else {
            format!("./{page}.html#{anchor}")
        };
    }
    alerts
}

fn alert(number: usize, runbook: usize) -> Alert {
    let name = format!(
        "{}{}{}",
        SERVICES[number / 50],
        THINGS[number / 5 % THINGS.len()],
        FAULTS[number % FAULTS.len()]
    );
    let facts = Facts {
        name,
        threshold: 3 + number * 7 % 40,
        minutes: [10, 15, 30, 60, 120, 300][number * 5 % 11 % 6],
        severity: ["warning", "critical", "info"][number % 7 % 3],
    };
    let mut alert = Alert {
        number,
        runbook,
        rule: facts.clone(),
        documented: facts,
        url: String::new(),
        start: String::new(),
        link: String::new(),
        has_row: true,
        more_rows: 0,
    };
    let (page, anchor) = (alert.page(), alert.anchor());
    alert.start = format!("#{anchor}");
    alert.url = match number % 5 {
        0 => format!("{BASE_URL}/alerts/{}/", alert.rule.name),
        1 => format!("{BASE_URL}/{page}#{anchor}"),
        2 if alert.kind() == Kind::Ratio => {
            format!("{BASE_URL}/{page}.html?cluster={{{{ $labels.cluster | urlquery }}}}#{anchor}")
        }
        _ => format!("{BASE_URL}/{page}.html#{anchor}"),
    };
    alert
}

/// What a rule compares, and how its runbook says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Increase,
    Changes,
    Ratio,
    Free,
    Workers,
    Queue,
    Age,
    Latency,
    Down,
}

const KINDS: [Kind; 9] = [
    Kind::Increase,
    Kind::Changes,
    Kind::Ratio,
    Kind::Free,
    Kind::Workers,
    Kind::Queue,
    Kind::Age,
    Kind::Latency,
    Kind::Down,
];

impl Alert {
    pub fn kind(&self) -> Kind {
        KINDS[self.number * 4 % 13 % KINDS.len()]
    }

    /// Whether its runbook is about it alone.
    pub fn has_own_page(&self) -> bool {
        self.runbook % OF_ONE_ALERT == 3
    }

    /// The name of its runbook's file.
    pub fn page(&self) -> String {
        if self.has_own_page() {
            self.documented.name.clone()
        } else {
            format!("runbook-{:03}", self.runbook)
        }
    }

    pub fn source(&self) -> String {
        format!("content/{}.md", self.page())
    }

    /// The fragment of its section.
    fn anchor(&self) -> String {
        if self.has_own_page() { "meaning".to_owned() } else { format!("act-on-{}", self.number) }
    }

    /// Whether its runbook says how bad it is.
    pub fn says_severity(&self) -> bool {
        self.has_own_page() || self.runbook % OF_ONE_ALERT != 1
    }

    /// Whether its runbook says a number that its rule compares with.
    pub fn says_threshold(&self) -> bool {
        self.kind() != Kind::Down
    }

    /// Whether its runbook says how far its rule looks back or how long it waits.
    pub fn says_window(&self) -> bool {
        !matches!(self.kind(), Kind::Free | Kind::Age | Kind::Latency)
    }

    /// Whether its runbook shows its query.
    pub fn shows_query(&self) -> bool {
        self.number % 4 == 1
    }

    /// Whether the length of time is in the expression, and not in `for`.
    pub fn looks_back(&self) -> bool {
        matches!(self.kind(), Kind::Increase | Kind::Changes | Kind::Workers | Kind::Latency)
    }

    fn expression(&self, facts: &Facts) -> String {
        let metric = format!("harbour_{}", self.number);
        let number = facts.threshold;
        // Both spellings are in use: `5h` and `300m`.
        let window = if facts.minutes.is_multiple_of(60) && self.number.is_multiple_of(2) {
            format!("{}h", facts.minutes / 60)
        } else {
            format!("{}m", facts.minutes)
        };
        match self.kind() {
            Kind::Increase => {
                format!(
                    "sum by (cluster, worker) (increase({metric}_total{{state=\"FAIL\"}}[{window}])) > {number}"
                )
            }
            Kind::Changes => {
                format!("changes({metric}_state{{state=\"FAIL\"}}[{window}]) >= {number}")
            }
            Kind::Ratio => format!(
                "sum by (cluster) (rate({metric}_errors_total[5m])) / \
                 sum by (cluster) (rate({metric}_total[5m])) > 0.{number:02}"
            ),
            Kind::Free => format!("{metric}_free_bytes / {metric}_size_bytes < 0.{number:02}"),
            Kind::Workers => {
                format!(
                    "count(count by (worker) (changes({metric}_state[{window}]) > 0)) > {number}"
                )
            }
            Kind::Queue => format!("{metric}_queue_length > {number}"),
            Kind::Age => format!("time() - {metric}_last_success_seconds > {number} * 3600"),
            Kind::Latency => format!(
                "histogram_quantile(0.99, sum by (le) \
                 (rate({metric}_duration_seconds_bucket[{window}]))) > 0.{number:02}"
            ),
            Kind::Down => format!("{metric}_up == 0"),
        }
    }

    fn sentence(&self) -> String {
        let Facts { threshold, minutes, .. } = self.documented;
        let time = if minutes == 60 {
            "hour".to_owned()
        } else if minutes.is_multiple_of(60) {
            format!("{} hours", minutes / 60)
        } else {
            format!("{minutes} minutes")
        };
        let for_time = if minutes == 60 { "an hour".to_owned() } else { time.clone() };
        match self.kind() {
            Kind::Increase => format!("More than {threshold} requests failed in the past {time}."),
            Kind::Changes => format!("It failed {threshold} or more times within the last {time}."),
            Kind::Ratio => format!("Over {threshold} percent of the requests fail for {for_time}."),
            Kind::Free => format!("Less than {threshold} % of the disk is free."),
            Kind::Workers => {
                format!("Over {threshold} unique workers failed over the past {time}.")
            }
            Kind::Queue => format!("The queue holds more than {threshold} items for {for_time}."),
            Kind::Age => format!("The last backup is older than {threshold} hours."),
            Kind::Latency => format!("99th percentile latency above {threshold}0 ms."),
            Kind::Down => format!("No instance of it has been up for {for_time}."),
        }
    }

    fn row(&self) -> String {
        let Facts { name, severity, .. } = &self.documented;
        let (sentence, start) = (self.sentence(), &self.start);
        match self.runbook % OF_ONE_ALERT {
            0 => format!("| `{name}` | {severity} | {sentence} | [Act]({start}) |\n"),
            1 => format!("| `{name}` | {sentence} | [What to do]({start}) |\n"),
            _ => format!("| {name} | {sentence} | [Steps]({start}) | Harbour |\n"),
        }
    }

    fn section(&self) -> String {
        let mut text = String::new();
        let (number, link) = (self.number, &self.link);
        if self.has_own_page() {
            let Facts { name, severity, .. } = &self.documented;
            let sentence = self.sentence();
            let (first, rest) = sentence.split_at(1);
            let sentence = format!("The alert fires when {}{rest}", first.to_lowercase());
            let _ = write!(
                text,
                "---\ntitle: {name}\n---\n\n# {name}\n\n## Meaning\n\n{sentence}\n\n\
                 Severity: `{severity}`\n\n"
            );
        } else {
            let _ = write!(text, "\n### Act on {number}\n\n");
            if self.says_severity() && self.runbook % OF_ONE_ALERT == 2 {
                let _ = write!(
                    text,
                    "- **Severity**: {}\n- Priority: P2\n\n",
                    self.documented.severity
                );
            }
        }
        if self.shows_query() {
            let query = self.expression(&self.documented);
            let _ = write!(text, "The alert's query:\n\n```promql\n{query}\n```\n\n");
        }
        let _ = write!(
            text,
            "1. Read the logs: `kubectl logs deployment/harbour-{number} --tail=200`\n\
             2. Look at [what fails along with it]({link}).\n"
        );
        text
    }

    fn rule(&self, indent: &str) -> String {
        let Facts { name, minutes, severity, .. } = &self.rule;
        let expression = self.expression(&self.rule);
        let mut text = format!("{indent}- alert: {name}\n");
        let _ = match self.number % 3 {
            0 => writeln!(text, "{indent}  expr: {expression}"),
            1 => writeln!(text, "{indent}  expr: |\n{indent}    {expression}"),
            _ => writeln!(text, "{indent}  expr: '{expression}'"),
        };
        if !self.looks_back() {
            let _ = writeln!(text, "{indent}  for: {minutes}m");
        }
        let _ = write!(
            text,
            "{indent}  labels: {{severity: {severity}}}\n{indent}  annotations:\n\
             {indent}    summary: Harbour needs a hand\n{indent}    runbook_url: \"{}\"\n",
            self.url
        );
        text
    }
}

/// The files of a site with these alerts: the paths and the texts.
pub fn files(alerts: &[Alert]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for of_runbook in alerts.chunk_by(|a, b| a.runbook == b.runbook) {
        let first = &of_runbook[0];
        files.insert(first.source(), runbook(of_runbook, alerts));
        let is_object = first.runbook.is_multiple_of(2);
        let (head, indent) = if is_object {
            (
                format!(
                    "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n\
                     metadata: {{name: harbour-{0}}}\nspec:\n  groups:\n    - name: harbour-{0}\n      \
                     rules:\n",
                    first.runbook
                ),
                "        ",
            )
        } else {
            (format!("groups:\n- name: harbour-{}\n  rules:\n", first.runbook), "  ")
        };
        let rules = of_runbook.iter().map(|alert| alert.rule(indent));
        let text = head + &rules.collect::<String>();
        files.insert(format!("rules/harbour-{:03}.yaml", first.runbook), text);
    }
    files
}

fn runbook(own: &[Alert], all: &[Alert]) -> String {
    let number = own[0].runbook;
    if own[0].has_own_page() {
        return own[0].section();
    }
    let header = match number % OF_ONE_ALERT {
        0 => "| Alert | Severity | Meaning | Start |\n|-------|----------|---------|-------|\n",
        1 => "| Alert_Situation | Info | Start |\n|--\n",
        _ => "| Alert name | Description | Runbook | Team |\n|---|:--|:--|---|\n",
    };
    let mut text = format!(
        "---\ntitle: Harbour {number}\n---\n\n## Overview\n\nWhat to do when part {number} of the \
         harbour complains.\n\n{header}"
    );
    for alert in own.iter().filter(|alert| alert.has_row) {
        text.push_str(&alert.row());
    }
    for alert in all {
        // Runbooks of one alert are passed over: these have no table.
        let others = (1..).map(|step| (alert.runbook + step) % RUNBOOKS);
        let mut others = others.filter(|other| other % OF_ONE_ALERT != 3).take(alert.more_rows);
        if others.any(|other| other == number) {
            let again =
                Alert { start: format!("{}.html{}", alert.page(), alert.start), ..alert.clone() };
            let again = Alert { runbook: number, ..again };
            text.push_str(&again.row());
        }
    }
    text.push_str("\n## Sections\n");
    for alert in own {
        text.push_str(&alert.section());
    }
    text
}
