//! What programs rely on in `check --format json`.

use crate::{Told, all_told};
use alertbook::diag::json;
use alertbook::lint::CHECKS;
use serde_json::Value;
use std::collections::BTreeSet;

/// The keys of an object, in alphabetical order.
fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A number that counts from 1.
fn place(value: &Value) -> u64 {
    value.as_u64().filter(|number| *number > 0).expect("a number from 1")
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// Field by field what programs rely on, on every finding that the documents of the checks have.
#[test]
fn json_keeps_its_contract() {
    let mut seen = BTreeSet::new();
    for Told { at, report, .. } in all_told() {
        let report: Value = serde_json::from_str(&json::render(report)).expect("JSON");
        assert_eq!(keys(&report), ["diagnostics", "summary", "version"], "{at}");
        assert_eq!(report["version"], 1, "{at}");
        assert_eq!(keys(&report["summary"]), ["errors", "notes", "warnings"], "{at}");
        let diagnostics = report["diagnostics"].as_array().expect("a list of findings");
        for (counted, severity) in [("errors", "error"), ("warnings", "warning"), ("notes", "note")]
        {
            let count = diagnostics.iter().filter(|found| found["severity"] == severity).count();
            assert_eq!(report["summary"][counted], count, "{at}");
        }
        for found in diagnostics {
            assert_eq!(
                keys(found),
                [
                    "alert",
                    "check",
                    "column",
                    "end_column",
                    "end_line",
                    "file",
                    "fixable",
                    "help",
                    "line",
                    "message",
                    "related",
                    "severity",
                ],
                "{at}"
            );
            let check = found["check"].as_str().expect("the name of a check");
            assert!(CHECKS.iter().any(|known| known.name == check), "{at}: {check}");
            let severities = ["error", "warning", "note"];
            assert!(severities.iter().any(|severity| found["severity"] == *severity), "{at}");
            assert!(is_text(&found["message"]) && is_text(&found["file"]), "{at}");
            let start = (place(&found["line"]), place(&found["column"]));
            let end = (place(&found["end_line"]), place(&found["end_column"]));
            assert!(start <= end, "{at}: {found}");
            for optional in ["alert", "help"] {
                assert!(found[optional].is_null() || is_text(&found[optional]), "{at}: {found}");
            }
            assert!(found["fixable"].is_boolean(), "{at}");
            for related in found["related"].as_array().expect("a list of places") {
                assert_eq!(keys(related), ["column", "file", "line", "message"], "{at}");
                place(&related["line"]);
                place(&related["column"]);
                assert!(is_text(&related["file"]) && is_text(&related["message"]), "{at}");
            }
            seen.insert(check.to_owned());
        }
    }
    let names: BTreeSet<String> = CHECKS.iter().map(|check| check.name.to_owned()).collect();
    assert_eq!(seen, names, "the documents have findings of every check");
}
