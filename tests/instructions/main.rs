//! How many instructions the program takes for two fixed inputs, counted by callgrind: what makes
//! it slower is seen without a clock, however busy the machine is.
//!
//! Counted is the program as tests compile it, unoptimised, so that nothing is compiled twice. What
//! an optimiser makes of the code is not seen; what the code does more often than before is. The
//! counts of two runs differ by a few in a thousand (hash maps have other keys each time). They hold
//! for one version of the compiler, on x86-64 with glibc: valgrind shows every machine the same
//! processor, without AVX-512, and glibc is told to use no AVX either; `memchr` uses AVX2 wherever
//! it is, which is everywhere today. Elsewhere nothing is compared. `UPDATE=1` writes the counts
//! anew.

#[allow(dead_code)]
#[path = "../../benches/generator/mod.rs"]
mod generator;

use generator::{File, Shape};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// How much more is a fault, in per cent. So much less is one as well: then what was gained would
/// be lost again unseen.
const TOLERANCE: u64 = 5;

/// The counts, and what they were counted with.
const RECORDED: &str = "tests/instructions/counts.txt";

/// What is counted.
const RUNS: [(&str, Shape, usize); 2] = [("check", Shape::Small, 30), ("build", Shape::Large, 3)];

#[test]
fn no_more_instructions_are_taken_than_before() {
    let recorded = fs::read_to_string(RECORDED).unwrap_or_default();
    let update = std::env::var_os("UPDATE").is_some();
    let compiler = compiler();
    if !update && !recorded.lines().any(|line| line == compiler) {
        eprintln!("nothing is compared: {RECORDED} is not of {compiler}");
        return;
    }
    let mut counted = format!("{compiler}\n");
    let mut faults = Vec::new();
    for (command, shape, pages) in RUNS {
        let name = format!("{command} of {pages} pages, {shape:?}");
        let count = count(command, generator::site(shape, pages));
        writeln!(counted, "{name}: {count}").unwrap();
        let before = recorded.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let before: u64 = before.and_then(|count| count.parse().ok()).unwrap_or_default();
        if count.abs_diff(before) * 100 > before * TOLERANCE {
            faults.push(format!("{name}: {count} instructions, and {before} before"));
        }
    }
    if update {
        fs::write(RECORDED, counted).unwrap();
    } else {
        assert!(faults.is_empty(), "{}\nUPDATE=1 writes them anew", faults.join("\n"));
    }
}

/// The compiler and the machine that it compiles for.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let value =
        |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    format!("rustc {} for {}", value("release: "), value("host: "))
}

/// What a site has drifted from must not be looked for among all that there is, again for each finding.
#[test]
fn findings_of_a_large_site_take_no_more_each_than_those_of_a_small_one() {
    let [few, many] = [30, 120].map(|pages| {
        count("check", generator::drifted(Shape::Small, pages)) / u64::try_from(pages).unwrap()
    });
    assert!(many * 100 < few * 115, "{many} instructions a page of many, {few} of few");
}

/// The instructions of a command for a site, on one thread.
fn count(command: &str, files: impl Iterator<Item = File>) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_alertbook"))
        .args([command, "--jobs", "1"])
        .current_dir(folder.path())
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX,-ERMS,-FSRM")
        .output();
    let output = output.unwrap_or_else(|error| {
        panic!("can't run valgrind: {error}; ./tests/run installs what this test needs")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    // A check that has found an error ends with 1.
    let is_done = match command {
        "check" => matches!(output.status.code(), Some(0 | 1)),
        _ => output.status.success() && is_built(folder.path()),
    };
    assert!(is_done, "{said}");
    let total = said.lines().find_map(|line| line.split_once("Collected : "));
    let total = total.and_then(|(_, count)| count.trim().parse().ok());
    total.unwrap_or_else(|| panic!("valgrind gives no count:\n{said}"))
}

/// Whether the site was built, so that nothing is measured which ended early.
fn is_built(site: &Path) -> bool {
    site.join("public/alertbook.json").is_file()
}
