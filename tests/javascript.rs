//! The scripts of the pages: their types hold, and they are small.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What TypeScript's compiler says of the scripts of a folder; nothing if their types hold.
fn type_faults(project: &Path) -> String {
    let compiler = repository().join("tests/javascript/node_modules/.bin/tsc");
    let output = Command::new(&compiler).arg("--project").arg(project).output();
    let output = output.unwrap_or_else(|error| {
        let path = compiler.display();
        panic!("can't run {path}: {error}; ./tests/run installs what this test needs")
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}

#[test]
fn the_types_of_all_scripts_hold() {
    assert_eq!(type_faults(&repository().join("tests/javascript")), "");
}

#[test]
fn a_wrong_type_would_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = fs::read_to_string(repository().join("tests/javascript/tsconfig.json"));
    fs::write(
        folder.path().join("tsconfig.json"),
        configuration
            .unwrap()
            .replace("../../static/*.js", "*.js")
            .replace("alertbook.d.ts", "a.js"),
    )
    .unwrap();
    fs::write(folder.path().join("a.js"), "/** @type {number} */ const a = \"one\";\n").unwrap();
    let said = type_faults(folder.path());
    assert!(said.contains("a.js(1,29)") || said.contains("a.js:1:29"), "{said}");
}

#[test]
fn every_script_is_checked_and_strict() {
    let mut scripts: Vec<PathBuf> = fs::read_dir(repository().join("static"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "js"))
        .collect();
    scripts.sort();
    assert!(scripts.len() > 5, "{scripts:?}");
    for script in scripts {
        let text = fs::read_to_string(&script).unwrap();
        for needed in ["// @ts-check\n", "\"use strict\";\n"] {
            assert!(text.contains(needed), "{} lacks {needed}", script.display());
        }
    }
}
