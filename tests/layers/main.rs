//! The layers of the house: imports go down only, nothing goes round in circles, and what touches
//! the world stays at the top. Read off the sources themselves, so that it holds for each of them.

mod paths;

use paths::{CodePath, paths};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The modules, top layer first. A module may use those of its own layer and those below.
const LAYERS: [&[&str]; 6] = [
    &["main", "cli", "serve"],
    &["git", "pipeline", "output", "load", "paths", "prometheus"],
    &["annotate", "scaffold", "lint", "render", "promui"],
    &["site", "lang", "runbook", "rules", "config"],
    &["liquid", "markdown", "promql", "yaml"],
    &["source", "diag", "failure", "memo"],
];

/// The layers that may touch the world: the first two.
const WORLDLY: usize = 2;

/// The doors to file system, processes, threads, terminal, network and clock.
const WORLD: [&str; 18] = [
    "axum",
    "notify",
    "open",
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tempfile",
    "tokio",
    "ureq",
    "walkdir",
];

/// A source file: its path below `src` and its text.
type File = (String, String);

#[test]
fn imports_go_down_and_only_the_top_touches_the_world() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    read_folder(&src, "", &mut files);
    assert!(files.iter().any(|(path, _)| path == "main.rs"), "no sources in {}", src.display());
    for module in LAYERS.concat() {
        let is_there = |(path, _): &File| modules_of(path).first() == Some(&module);
        assert!(module == "main" || files.iter().any(is_there), "`{module}` is no module");
    }
    let violations = violations(&files);
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

fn read_folder(folder: &Path, below: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            files.push((path, fs::read_to_string(entry.path()).unwrap()));
        }
    }
    files.sort();
}

/// Everything in these files that the layers forbid, a line each.
fn violations(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let mut imports: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for (file, code) in files {
        let parents = modules_of(file);
        // The root is the map of the crate: it declares the modules and is used by none.
        let Some(module) = parents.first().copied().or((file == "main.rs").then_some("main"))
        else {
            continue;
        };
        let Some(layer) = layer(module) else {
            found.push(format!("src/{file}: the module `{module}` has no layer"));
            continue;
        };
        for path in paths(code) {
            let place = format!("src/{file}:{}", path.line);
            let written = path.parts.join("::");
            match used_module(&path, &parents) {
                Some(used) if used == module => {}
                Some(used) => match self::layer(&used) {
                    None => {
                        found.push(format!("{place}: `{written}` names no module with a layer"));
                    }
                    Some(above) if above < layer => {
                        found.push(format!("{place}: `{module}` uses `{used}`, which is above it"));
                    }
                    Some(_) => {
                        imports.entry(module).or_default().entry(used).or_insert(place);
                    }
                },
                None if layer >= WORLDLY && is_worldly(&written) => {
                    found.push(format!("{place}: `{module}` is too far down for `{written}`"));
                }
                None => {}
            }
        }
    }
    found.extend(circles(&imports));
    found
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules that a file is, from the top: `lint/checks/mod.rs` is `lint`, `checks`.
fn modules_of(file: &str) -> Vec<&str> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if matches!(stem, "lib" | "main") { Vec::new() } else { stem.split('/').collect() }
}

/// The module at the top that a path leads to; none if it leads out of the crate, or stays inside.
fn used_module(path: &CodePath, parents: &[&str]) -> Option<String> {
    let ups = path.parts.iter().take_while(|part| *part == "super").count();
    let to_root = match path.parts.first()?.as_str() {
        "crate" => 1,
        // The binary sees the library by its name.
        "alertbook" if parents.is_empty() => 1,
        "super" if ups == parents.len() + path.inside.len() => ups,
        _ => return None,
    };
    path.parts.get(to_root).cloned()
}

/// Whether a path leads to the world, or to something that holds it: after `use std::time;` nobody
/// sees any more what is used.
fn is_worldly(path: &str) -> bool {
    let path = path.trim_end_matches("::*");
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    WORLD.iter().any(|door| begins(path, door) || begins(door, path))
}

/// The imports that are left when all modules are taken away, one after the other, that use none
/// of those left.
fn circles(imports: &BTreeMap<&str, BTreeMap<String, String>>) -> Vec<String> {
    let mut left: BTreeSet<&str> = imports.keys().copied().collect();
    loop {
        let free: Vec<&str> = left
            .iter()
            .filter(|module| imports[*module].keys().all(|used| !left.contains(used.as_str())))
            .copied()
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module| !free.contains(module));
    }
    // What only leads into a circle is no part of it.
    while let Some(outer) = left
        .iter()
        .copied()
        .find(|module| !left.iter().any(|user| imports[user].contains_key(*module)))
    {
        left.remove(outer);
    }
    let of_circle = |module: &&str| {
        let inside = imports[module].iter().filter(|(used, _)| left.contains(used.as_str()));
        inside
            .map(|(used, place)| {
                format!("{place}: `{module}` uses `{used}`, and is used by it in turn")
            })
            .collect::<Vec<_>>()
    };
    left.iter().flat_map(of_circle).collect()
}

#[test]
fn what_the_layers_forbid_is_found() {
    for (files, expected) in [
        // Down, sideways, inside, and out of the crate.
        (
            &[("lint/mod.rs", "use crate::site::Site; use crate::render::x; use self::y::z;")][..],
            &[][..],
        ),
        (
            &[(
                "lint/checks/a.rs",
                "use super::Check; mod tests { use super::super::super::lint; }",
            )],
            &[],
        ),
        (&[("main.rs", "fn main() { alertbook::cli::main() }"), ("load.rs", "use std::fs;")], &[]),
        (&[("lib.rs", "//! [`cli`](crate::cli)\npub mod lint;")], &[]),
        (&[("lint/mod.rs", "use std::time::Duration; use std::fmt; use serde::Serialize;")], &[]),
        // Up.
        (
            &[("source/mod.rs", "\nuse crate::{diag, load::Inputs};")],
            &["src/source/mod.rs:2: `source` uses `load`, which is above it"],
        ),
        (
            &[("yaml.rs", "fn f() -> super::lint::Check {}")],
            &["src/yaml.rs:1: `yaml` uses `lint`, which is above it"],
        ),
        (
            &[("diag/text.rs", "mod tests { use super::super::super::site::Site; }")],
            &["src/diag/text.rs:1: `diag` uses `site`, which is above it"],
        ),
        // Unknown.
        (&[("helpers.rs", "")], &["src/helpers.rs: the module `helpers` has no layer"]),
        (
            &[("lint/mod.rs", "use crate::Site; use crate::*;")],
            &[
                "src/lint/mod.rs:1: `crate::Site` names no module with a layer",
                "src/lint/mod.rs:1: `crate::*` names no module with a layer",
            ],
        ),
        // Round in circles.
        (
            &[
                ("lang/mod.rs", "use crate::runbook::placeholder;"),
                ("runbook.rs", "use crate::rules::Rule;"),
                ("rules.rs", "use crate::lang::promql; use crate::yaml::Text;"),
                ("site.rs", "use crate::lang::promql;"),
            ],
            &[
                "src/lang/mod.rs:1: `lang` uses `runbook`, and is used by it in turn",
                "src/rules.rs:1: `rules` uses `lang`, and is used by it in turn",
                "src/runbook.rs:1: `runbook` uses `rules`, and is used by it in turn",
            ],
        ),
        // The world.
        (
            &[(
                "lint/mod.rs",
                "use std::{fmt, fs::File, time::{Duration, Instant}};\nuse std::time;",
            )],
            &[
                "src/lint/mod.rs:1: `lint` is too far down for `std::fs::File`",
                "src/lint/mod.rs:1: `lint` is too far down for `std::time::Instant`",
                "src/lint/mod.rs:2: `lint` is too far down for `std::time`",
            ],
        ),
        (
            &[(
                "promql/mod.rs",
                "fn f() { std::env::var(x); walkdir::WalkDir::new(y) } use std::time::*;",
            )],
            &[
                "src/promql/mod.rs:1: `promql` is too far down for `std::env::var`",
                "src/promql/mod.rs:1: `promql` is too far down for `walkdir::WalkDir::new`",
                "src/promql/mod.rs:1: `promql` is too far down for `std::time::*`",
            ],
        ),
    ] {
        let files: Vec<File> =
            files.iter().map(|(path, code)| ((*path).to_owned(), (*code).to_owned())).collect();
        assert_eq!(violations(&files), *expected, "{files:?}");
    }
}
