//! What `alertbook check --format sarif` prints for the documents of all checks is valid by the
//! schema of SARIF 2.1.0, which the crate `serde-sarif` ships.

use crate::{Told, all_told};
use alertbook::diag::sarif;
use alertbook::lint::Explanation;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The schema, out of the sources that cargo has fetched: on a fresh machine, those of its own platform.
fn schema() -> Value {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(["--filter-platform", &platform()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let metadata: Value = serde_json::from_slice(&cargo.stdout).expect("what cargo knows");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif");
    let manifest =
        package.and_then(|package| package["manifest_path"].as_str()).expect("its place");
    let path = Path::new(manifest).with_file_name("src").join("schema.json");
    let schema = fs::read_to_string(path).expect("the schema");
    // `]?` without a `[` is a regular expression in JavaScript alone.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    serde_json::from_str(&schema).expect("JSON")
}

/// The platform that the compiler is on, as cargo calls it.
fn platform() -> String {
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc");
    let told = String::from_utf8_lossy(&rustc.stdout);
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("the compiler's platform").to_owned()
}

#[test]
fn every_log_is_valid_by_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let broken = serde_json::json!({"version": "2.1.0", "runs": [{"tool": {}, "results": [{}]}]});
    assert!(!validator.is_valid(&broken), "the schema refuses what is wrong");
    let mut results = 0;
    let rules = Explanation::for_scanners();
    for Told { at, report, .. } in all_told() {
        let log = sarif::render(report, &rules, "docs/");
        let log: Value = serde_json::from_str(&log).unwrap_or_else(|error| panic!("{at}: {error}"));
        let faults: Vec<String> = validator
            .iter_errors(&log)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{at}\n{}", faults.join("\n"));
        let run = &log["runs"][0];
        for result in run["results"].as_array().expect("results") {
            let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a rule"));
            let rule = &run["tool"]["driver"]["rules"][rule.expect("an index")];
            assert_eq!(rule["id"], result["ruleId"], "{at}");
            results += 1;
        }
    }
    assert!(results > 100, "the documents have findings: {results}");
}
