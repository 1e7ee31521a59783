//! Seeded defects: a site in which nothing is wrong, and then one kind of defect at a time. Each
//! defect is found, and nothing else is.

mod site;

use alertbook::config::{self, Config};
use alertbook::diag::Diagnostic;
use alertbook::lint;
use alertbook::liquid::SiteVariables;
use alertbook::rules::{self, RuleFile};
use alertbook::runbook::{AlertColumns, Runbook};
use alertbook::site::{Parts, Site};
use alertbook::source::Source;
use site::{ALERTS, Alert, CONFIGURATION, RUNBOOKS};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// What was read of a file.
#[derive(Clone)]
enum Read {
    Runbook(Arc<Runbook>, Vec<Diagnostic>),
    Rules(Arc<RuleFile>, Vec<Diagnostic>),
}

/// The files of the clean site and what was read of them, which is most of every other site too.
fn clean() -> &'static BTreeMap<String, (String, Read)> {
    static CLEAN: OnceLock<BTreeMap<String, (String, Read)>> = OnceLock::new();
    CLEAN.get_or_init(|| {
        let files = site::files(&site::clean());
        files
            .into_iter()
            .map(|(path, text)| {
                let read = read(&path, &text);
                (path, (text, read))
            })
            .collect()
    })
}

fn configuration() -> Config {
    let source = Source::new("alertbook.yaml", CONFIGURATION);
    config::parse(&source).expect("the configuration is fine")
}

fn read(path: &str, text: &str) -> Read {
    let source = Source::new(path, text);
    if path.starts_with("rules/") {
        let (rules, found) = rules::parse(&source);
        Read::Rules(rules.into(), found)
    } else {
        let variables = SiteVariables::new("Harbour", Some("https://runbooks.example.com"), None);
        let (runbook, found) = Runbook::read(&source, &variables, &AlertColumns::default());
        Read::Runbook(runbook.into(), found)
    }
}

/// What `check` finds in a site of these alerts.
fn check(alerts: &[Alert]) -> Vec<Diagnostic> {
    let clean = clean();
    let mut parts = Parts::default();
    for (path, text) in site::files(alerts) {
        let known = clean.get(&path).filter(|(known, _)| *known == text);
        let read = known.map_or_else(|| read(&path, &text), |(_, read)| read.clone());
        match read {
            Read::Runbook(runbook, found) => {
                let path = path.strip_prefix("content/").expect("a runbook").to_owned();
                parts.runbooks.push((path, runbook));
                parts.diagnostics.extend(found);
            }
            Read::Rules(rules, found) => {
                parts.rule_files.push(rules);
                parts.diagnostics.extend(found);
            }
        }
    }
    let site = Site::assemble(configuration(), parts);
    lint::run(&site).entries().iter().map(|(_, found)| found.clone()).collect()
}

/// A finding as the tests compare it: the check, and the alert or the characters it is about.
type Found = (&'static str, String);

fn found(diagnostics: &[Diagnostic]) -> Vec<Found> {
    let mut found: Vec<Found> = diagnostics
        .iter()
        .map(|it| {
            let text = &it.span.source().text()[it.span.range()];
            (it.check, it.alert.clone().unwrap_or_else(|| text.to_owned()))
        })
        .collect();
    found.sort_unstable();
    found
}

/// Makes a defect of every so many-th alert that can have it, and compares what is found.
fn seed(
    can_have: impl Fn(&Alert) -> bool,
    defect: impl Fn(&mut Alert) -> Vec<Found>,
) -> (Vec<Alert>, Vec<Diagnostic>) {
    const EVERY: usize = 7;
    let mut alerts = site::clean();
    let mut expected = Vec::new();
    let able = alerts.iter_mut().filter(|alert| can_have(alert));
    for alert in able.step_by(EVERY) {
        expected.extend(defect(alert));
    }
    assert!(expected.len() >= 20, "{} defects", expected.len());
    expected.sort_unstable();
    let diagnostics = check(&alerts);
    let actual = found(&diagnostics);
    let missed: Vec<_> = expected.iter().filter(|it| !actual.contains(it)).collect();
    let wrong: Vec<_> = diagnostics
        .iter()
        .filter(|it| found(std::slice::from_ref(it)).iter().any(|it| !expected.contains(it)))
        .map(|it| format!("{}: {}", it.check, it.message))
        .collect();
    assert!(
        missed.is_empty() && wrong.is_empty(),
        "of {} findings {} are missed, {} are false\nmissed: {:#?}\nfalse: {:#?}",
        expected.len(),
        missed.len(),
        wrong.len(),
        missed.iter().take(12).collect::<Vec<_>>(),
        wrong.iter().take(12).collect::<Vec<_>>()
    );
    assert_eq!(actual, expected, "some are found more than once");
    (alerts, diagnostics)
}

/// The findings of drift: of the sentence, and of the query where the runbook shows it.
fn drift(alert: &Alert, is_in_expression: bool) -> Vec<Found> {
    let name = || alert.rule.name.clone();
    let mut found = vec![("threshold-drift", name())];
    if is_in_expression && alert.shows_query() {
        found.push(("query-drift", name()));
    }
    found
}

#[test]
fn a_site_in_which_nothing_is_wrong_has_no_findings() {
    let alerts = site::clean();
    let names: BTreeSet<&str> = alerts.iter().map(|alert| alert.rule.name.as_str()).collect();
    assert_eq!(names.len(), ALERTS);
    assert_eq!(clean().keys().filter(|path| path.starts_with("content/")).count(), RUNBOOKS);
    let found: Vec<String> =
        check(&alerts).iter().map(|it| format!("{}: {}", it.check, it.message)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn an_alert_that_no_rule_raises_is_found() {
    seed(
        |alert| !alert.has_own_page(),
        |alert| {
            // The rule is another alert's now, which its runbook does not know.
            alert.rule.name = format!("Watchdog{}Barking", alert.number);
            alert.url = String::from("https://wiki.example.com/watchdogs");
            vec![
                ("unknown-alert", alert.documented.name.clone()),
                ("undocumented-alert", alert.rule.name.clone()),
            ]
        },
    );
}

#[test]
fn an_alert_that_no_runbook_documents_is_found() {
    seed(
        |alert| !alert.has_own_page(),
        |alert| {
            alert.has_row = false;
            vec![("undocumented-alert", alert.rule.name.clone())]
        },
    );
}

#[test]
fn an_alert_that_two_runbooks_document_is_found() {
    seed(
        |alert| !alert.has_own_page(),
        |alert| {
            alert.more_rows = 1;
            vec![("alert-documented-twice", alert.rule.name.clone())]
        },
    );
}

#[test]
fn a_link_to_nowhere_is_found() {
    seed(
        |_| true,
        |alert| {
            let (check, link) = match alert.number % 2 {
                0 => ("broken-link", format!("gone-{}.html", alert.number)),
                _ => ("broken-anchor", format!("{}.html#gone-{}", alert.page(), alert.number)),
            };
            let part = link.find('#').unwrap_or(0);
            alert.link.clone_from(&link);
            vec![(check, link[part..].to_owned())]
        },
    );
}

#[test]
fn a_start_that_is_not_there_is_found() {
    seed(
        |alert| !alert.has_own_page() && alert.number % 5 != 0,
        |alert| {
            alert.start.push_str("-gone");
            vec![("alert-link-broken", alert.rule.name.clone())]
        },
    );
}

#[test]
fn a_runbook_address_that_leads_nowhere_is_found() {
    seed(
        |alert| alert.number % 5 != 0,
        |alert| {
            alert.url = match alert.number % 2 {
                0 => alert.url.replace(".com/", ".com/old/"),
                _ => format!("{}-gone", alert.url),
            };
            vec![("runbook-url-broken", alert.rule.name.clone())]
        },
    );
}

/// A name with one letter replaced, left out, doubled, or with two that have changed places.
fn slip(name: &str, number: usize) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + number * 31 % (letters.len() - 2);
    match number % 4 {
        0 => letters[at] = if letters[at] == 'x' { 'y' } else { 'x' },
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, 'z'),
        _ if letters[at] == letters[at + 1] => letters.insert(at, 'z'),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

#[test]
fn an_alert_that_is_renamed_by_one_letter_is_found_and_the_new_name_is_suggested() {
    let (alerts, diagnostics) = seed(
        |_| true,
        |alert| {
            alert.rule.name = slip(&alert.rule.name, alert.number);
            // The address is by the old name, or by the section.
            vec![
                ("unknown-alert", alert.documented.name.clone()),
                ("undocumented-alert", alert.rule.name.clone()),
            ]
        },
    );
    let renamed: BTreeMap<&str, &str> = alerts
        .iter()
        .filter(|alert| alert.rule.name != alert.documented.name)
        .map(|alert| (alert.documented.name.as_str(), alert.rule.name.as_str()))
        .collect();
    let right = diagnostics.iter().filter(|it| it.check == "unknown-alert").filter(|it| {
        let new = it.alert.as_deref().and_then(|old| renamed.get(old));
        new.is_some_and(|new| it.help.as_deref() == Some(&format!("did you mean `{new}`?")))
    });
    let right = right.count();
    assert!(right * 100 >= renamed.len() * 95, "{right} of {} suggestions", renamed.len());
}

#[test]
fn a_threshold_that_was_changed_in_the_rule_is_found() {
    seed(Alert::says_threshold, |alert| {
        alert.rule.threshold += [1, 5, 40][alert.number % 3];
        drift(alert, true)
    });
}

#[test]
fn a_time_that_was_changed_in_the_rule_is_found() {
    seed(Alert::says_window, |alert| {
        alert.rule.minutes = [20, 45, 360][alert.number % 3];
        drift(alert, alert.looks_back())
    });
}

#[test]
fn a_severity_that_was_changed_in_the_rule_is_found() {
    seed(Alert::says_severity, |alert| {
        alert.rule.severity =
            if alert.rule.severity == "critical" { "warning" } else { "critical" };
        vec![("severity-drift", alert.rule.name.clone())]
    });
}
